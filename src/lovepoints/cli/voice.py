"""How a command speaks: its language, text or JSON, colours, and a progress bar."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import Any, TextIO

import attrs

from lovepoints.words import say
from lovepoints.words.command import HELP, SAID

COLUMNS_MOST = 72
"""Pages are no wider, however wide the terminal is."""
_COLOURS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_BAR_COLUMNS = 24


@attrs.frozen(kw_only=True)
class Outcome:
    """What a command came to: lines for people, one object for programs, and the exit code."""

    code: int = 0
    lines: tuple[str, ...] = ()
    told: Mapping[str, Any] = attrs.field(factory=dict)  # Any: JSON values


@attrs.frozen(kw_only=True)
class Voice:
    """Says things in one language, as text or as one JSON object."""

    lang: str = "en"
    is_json: bool = False

    def said(self, code: str, **facts: Any) -> str:  # Any: facts of many types
        """A sentence of the command's words."""
        return say(SAID, code, facts, self.lang)

    def paint(self, text: str, *styles: str) -> str:
        """The text in colour, on a terminal that wants colours."""
        if not styles or not wants_colour(sys.stdout):
            return text
        codes = ";".join(_COLOURS[style] for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"

    def deliver(self, outcome: Outcome) -> int:
        """Print an outcome; its exit code."""
        if self.is_json:
            print(json.dumps({"ok": outcome.code == 0, **outcome.told}, ensure_ascii=False))
        else:
            for line in outcome.lines:
                print(line)
        return outcome.code

    def complain(self, sentence: str, remedy: str, told: Mapping[str, Any], code: int) -> int:
        """Print an error: to stderr for people, as the one object for programs."""
        if self.is_json:
            error = {**told, "sentence": sentence, "remedy": remedy}
            print(json.dumps({"ok": False, "error": error}, ensure_ascii=False))
            return code
        print(sentence, file=sys.stderr)
        if remedy:
            print(self.said("to_do", what=remedy), file=sys.stderr)
        return code

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator[Callable[[int], None]]:
        """A bar on a terminal's stderr; nothing at all anywhere else."""
        if not is_terminal(sys.stderr):
            yield lambda done: None
            return
        bar = _Bar(what, max(total, 1), sys.stderr)
        try:
            yield bar.show
        finally:
            bar.clear()


def help_text(code: str, lang: str) -> str:
    """A help text."""
    return say(HELP, code, {}, lang)


def page_columns() -> int:
    """How wide a page is on this terminal."""
    return max(32, min(COLUMNS_MOST, get_terminal_size((COLUMNS_MOST, 24)).columns))


def is_terminal(stream: TextIO) -> bool:
    """Whether a person is looking at this stream."""
    return stream.isatty()


def wants_colour(stream: TextIO) -> bool:
    """Colours only on a terminal, and not against NO_COLOR or on a dumb one."""
    return (is_terminal(stream) and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM") != "dumb")


@attrs.define
class _Bar:
    """One line that is written over again, ten times a second at most."""

    what: str
    total: int
    stream: TextIO
    _shown_at: float = 0.0

    def show(self, done: int) -> None:
        """Draw the bar, if it is time to."""
        now = time.monotonic()
        if now - self._shown_at < 0.1 and done < self.total:
            return
        self._shown_at = now
        share = min(done, self.total) * _BAR_COLUMNS // self.total
        bar = "#" * share + "." * (_BAR_COLUMNS - share)
        percent = min(done, self.total) * 100 // self.total
        self.stream.write(f"\r{self.what} [{bar}] {percent:3}%")
        self.stream.flush()

    def clear(self) -> None:
        """Leave the line empty for what comes next."""
        self.stream.write("\r\x1b[K")
        self.stream.flush()
