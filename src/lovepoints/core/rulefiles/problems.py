"""What is wrong in a rulebook file, where it stands, and what to do about it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Literal, TypeAlias

import attrs

from lovepoints.core.rulefiles.places import Place, Places

Severity: TypeAlias = "Literal['error', 'warning', 'note']"
EXCERPT_MAX = 100
"""The most characters of a line that are shown around the caret."""
SHOWN_MAX = 60
"""The most characters of a value that are repeated in a sentence."""
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_BLANKS = "\u034f\u115f\u1160\u2800\u3164\uffa0"


@attrs.frozen(kw_only=True)
class Problem:
    """One located problem. `code` and `facts` are the contract; sentences may improve.

    `line` and `column` count from 1; line 0 means the file as a whole, or an override that
    stands in no line. `facts` hold text, whole numbers and lists of text only.
    """

    file: str
    line: int = 0
    column: int = 0
    excerpt: str = ""
    code: str
    facts: Mapping[str, Any] = attrs.field(factory=dict)  # Any: canonical JSON values
    severity: Severity = "error"

    @property
    def where(self) -> str:
        """`rules.toml:12`, or the bare file name for the file as a whole."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def sentence(self, lang: str | None = None) -> str:
        """What is wrong, in `lang` ("zh" or "en"; left out: the program's language)."""
        from lovepoints.words.rulefile import describe

        return describe(self.code, self.facts, lang)[0]

    def remedy(self, lang: str | None = None) -> str:
        """What to do about it."""
        from lovepoints.words.rulefile import describe

        return describe(self.code, self.facts, lang)[1]

    def text(self, lang: str | None = None) -> str:
        """Place, severity, sentence, the excerpt with a caret, remedy: several lines."""
        from lovepoints.words.rulefile import severity

        lines = [f"{self.where}: {severity(self.severity, lang)}: {self.sentence(lang)}"]
        if self.excerpt:
            shown, caret = _with_caret(self.excerpt, self.column)
            lines += [f"    {shown}"]
            lines += [f"    {caret}"] if self.column else []
        if remedy := self.remedy(lang):
            lines.append(f"  {remedy}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()


Finding: TypeAlias = Problem
"""What the linter finds: a problem with a severity of its own."""


def problem_at(
    file: str, places: Places, place: Place, code: str, facts: Mapping[str, Any],
    severity: Severity = "error",
) -> Problem:
    """The problem that stands at `place` of a text."""
    return Problem(file=file, line=place.line, column=place.column, code=code, facts=facts,
                   excerpt=places.line(place.line), severity=severity)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that somebody who wrote `name` probably meant, or "".

    >>> nearest("pionts", ["points", "title"])
    'points'
    """
    names = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), names, n=1)
    return names[found[0]] if found else ""


def shown(value: object) -> str:
    """A value as a sentence may repeat it: short, and with nothing invisible in it."""
    text = visible(str(value))
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 1] + "…"


def is_hostile(letter: str) -> bool:
    """Whether a character is invisible or turns the reading direction.

    Control, format (zero width, bidi), surrogate, private, unassigned, line separators, and the
    few letters that are drawn as nothing.
    """
    return letter in _BLANKS or unicodedata.category(letter) in _INVISIBLE


def code_point(letter: str) -> str:
    """A character by its number: "U+202E"."""
    return f"U+{ord(letter):04X}"


def visible(text: str) -> str:
    """The text with every hostile character replaced by its number in brackets."""
    return "".join(f"<{code_point(letter)}>" if is_hostile(letter) else letter for letter in text)


def _with_caret(line: str, column: int) -> tuple[str, str]:
    """The line and a second one with a caret below the column, in a window around it."""
    start = max(0, column - 1 - EXCERPT_MAX // 2)
    window = line[start : start + EXCERPT_MAX].replace("\t", " ")
    before, after = window[: column - 1 - start], window[column - 1 - start :]
    lead = visible(before)
    return lead + visible(after), " " * columns(lead) + "^"


def columns(text: str) -> int:
    """The columns that a text takes on a screen: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
