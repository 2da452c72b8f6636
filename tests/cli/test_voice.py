"""How the command speaks: JSON, colours, bars."""

from __future__ import annotations

import io
import sys
from datetime import date, datetime
from decimal import Decimal

import pytest

from lovepoints.cli.failing import guarded
from lovepoints.cli.plain import plain
from lovepoints.cli.voice import Voice
from lovepoints.errors import (
    BookDamaged,
    Code,
    Conflict,
    LovepointsError,
    NotFound,
    Refused,
    StoreError,
)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_plain_values() -> None:
    """Numbers with decimals are text, days ISO text, bytes base64; a record is an object."""
    told = plain({"points": Decimal("20.50"), "on": date(2026, 3, 1), "list": (1, None, True),
                  "at": datetime(2026, 3, 1, 9, 30)})  # noqa: DTZ001  only its text matters

    assert {"points": "20.5", "on": "2026-03-01", "list": [1, None, True],
            "at": "2026-03-01T09:30:00"} == told


def test_what_has_no_plain_form_is_our_mistake() -> None:
    """A float or an open book never reaches a program by accident."""
    with pytest.raises(TypeError, match="no plain form"):
        plain(0.5)


def test_colours_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colour codes appear on a terminal, and not with NO_COLOR or on a dumb one."""
    voice = Voice()
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = voice.paint("x", "bold")
    monkeypatch.setenv("NO_COLOR", "1")
    plain_ = voice.paint("x", "bold")
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")

    assert ("\x1b[1mx\x1b[0m", "x", "x") == (coloured, plain_, voice.paint("x", "bold"))


def test_a_bar_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long work draws a bar on a terminal's stderr and clears it; elsewhere it is silent."""
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        monkeypatch.setattr(sys, "stderr", stream)
        with Voice().progress("Verifying", 4) as step:
            step(2)
            step(4)

    assert "Verifying [############............]  50%" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert "" == pipe.getvalue()


@pytest.mark.parametrize(("error", "exit_code", "words"), [
    (StoreError("busy", "locked"), 1, ("正被别的程序占用", "怎么办")),
    (StoreError("newer_book", "schema 9"), 1, ("更新的版本", "升级")),
    (StoreError("missing", "nowhere"), 2, ("没有这个文件", "怎么办")),
    (BookDamaged("odd", seq=7), 1, ("第 7 号凭证", "备份")),
    (BookDamaged("odd"), 1, ("账本已损坏：odd", "备份")),
    (Refused(Code.NOT_PERMITTED), 1, ("不予办理",)),
    (NotFound("resident", "0421"), 1, ("0421", "怎么办")),
    (Conflict("k", "points"), 1, ("k",)),
    (LovepointsError("odd"), 1, ("odd",)),
    (PermissionError(13, "Permission denied", "/book"), 1, ("/book",)),
])
def test_expected_errors_are_said(
    error: Exception, exit_code: int, words: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every expected error is a sentence with what to do, never a traceback."""
    def fail() -> int:
        raise error

    code = guarded(Voice(lang="zh"), fail)

    said = capsys.readouterr()
    assert (exit_code, "") == (code, said.out)
    assert all(word in said.err for word in words)
