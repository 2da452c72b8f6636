"""Lines of a fixed number of columns, in which a Chinese character takes two."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from lovepoints.errors import brief
from lovepoints.words import language, say
from lovepoints.words.papers import PAPERS

COLUMNS_LEAST = 24
"""The narrowest paper: a 58 mm roll in a large face."""
COLUMNS_MOST = 160
"""The widest line that is still a line."""
_NEVER_FIRST = frozenset("，。、；：！？）》」』】%,.;:!?)]")
_NEVER_LAST = frozenset("（《「『【([")
_SPACES = frozenset("\t\n\r\v\f\x85\u2028\u2029")


def clean(text: str) -> str:
    """The text without anything that a printer or terminal could obey, or that nobody can see.

    Line breaks and tabs become blanks; control characters, ESC, direction marks and zero-width
    characters go. What stays is printed as it is, rare Han characters included.

    >>> clean("秀\\x1b[31m英\\u202e")
    '秀[31m英'
    """
    blank = "".join(" " if letter in _SPACES else letter for letter in text)
    return "".join(letter for letter in blank
                   if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


def width(text: str, *, wide: bool = False) -> int:
    """The columns that a text takes. `wide`: characters of ambiguous width (· “ ”) take two, as
    on Chinese receipt printers; else one, as in most terminals.

    >>> width("大米 5kg"), width("阿里·买"), width("阿里·买", wide=True)
    (8, 7, 8)
    """
    return sum(_columns(letter, wide) for letter in text)


def wrap(text: str, columns: int, *, wide: bool = False) -> list[str]:
    """The text in lines of at most so many columns, at least one line.

    Breaks between Chinese characters and at blanks; a closing mark never begins a line, and an
    opening one never ends it. A word that is longer than a line is cut, after a hyphen if it
    has one.

    >>> wrap("感谢您，请再来。", 8)
    ['感谢您，', '请再来。']
    """
    lines, line = [], ""
    for piece in _pieces(text, columns, wide):
        if width(line + piece.rstrip(), wide=wide) <= columns:
            line += piece
        else:
            lines.append(line.rstrip())
            line = piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def cut(text: str, columns: int, *, wide: bool = False) -> str:
    """The beginning of the text that fits, with two dots where something is left out."""
    if width(text, wide=wide) <= columns:
        return text
    kept = ""
    for letter in text:
        if width(kept + letter, wide=wide) > columns - 2:
            break
        kept += letter
    return kept + ".."


@attrs.define
class Sheet:
    """A paper while it is written, line by line."""

    columns: int
    lang: str = attrs.field(converter=language)
    wide: bool = False
    lines: list[str] = attrs.field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.columns, bool) or not isinstance(self.columns, int):
            raise TypeError(f"width is a whole number of columns, not {brief(self.columns)}")
        if not COLUMNS_LEAST <= self.columns <= COLUMNS_MOST:
            raise ValueError(
                f"width is {COLUMNS_LEAST} to {COLUMNS_MOST} columns, not {self.columns}")

    def said(self, code: str, **facts: Any) -> str:  # Any: facts of many types
        """A sentence of the papers' words."""
        return say(PAPERS, code, facts, self.lang)

    def width(self, text: str) -> int:
        """The columns that a text takes on this sheet."""
        return width(text, wide=self.wide)

    def centre(self, text: str) -> None:
        """A text in the middle."""
        for line in wrap(clean(text), self.columns, wide=self.wide):
            self.lines.append(" " * ((self.columns - self.width(line)) // 2) + line)

    def rule(self, mark: str = "-") -> None:
        """A ruled line."""
        self.lines.append(mark * self.columns)

    def gap(self) -> None:
        """An empty line."""
        self.lines.append("")

    def text(self, text: str, *, indent: int = 0, first: str = "") -> None:
        """A paragraph; `first` stands in front of its first line, the others hang below it."""
        lead = " " * indent + first
        hang = " " * self.width(lead)
        for line in wrap(clean(text), self.columns - len(hang), wide=self.wide):
            self.lines.append(lead + line)
            lead = hang

    def pair(self, left: str, right: str, *, indent: int = 0) -> None:
        """One text at the left and one at the right; below each other where both do not fit."""
        left, right = clean(left), clean(right)
        room = self.columns - indent - self.width(right) - 1
        if room >= min(self.width(left), self.columns // 3):
            *above, last = wrap(left, room, wide=self.wide)
            self.lines += [" " * indent + line for line in above]
            space = self.columns - indent - self.width(last) - self.width(right)
            self.lines.append(" " * indent + last + " " * space + right)
        else:
            self.text(left, indent=indent)
            for line in wrap(right, self.columns, wide=self.wide):
                self.lines.append(" " * (self.columns - self.width(line)) + line)

    def table(self, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
        """Rows in columns two blanks apart. A negative width is a column of numbers, set at its
        right edge; 0 is the one that takes the room that is left. Long cells go on below."""
        room = self.columns - sum(map(abs, widths)) - 2 * (len(widths) - 1)
        sized = [room if one == 0 else one for one in widths]
        for row in rows:
            self._row([wrap(clean(cell), abs(size), wide=self.wide)
                       for cell, size in zip(row, sized, strict=True)], sized)

    def done(self) -> str:
        """The finished paper, without a line break at its end."""
        return "\n".join(line.rstrip() for line in self.lines)

    def _row(self, cells: Sequence[list[str]], sized: Sequence[int]) -> None:
        for place in range(max(map(len, cells))):
            parts = []
            for lines, size in zip(cells, sized, strict=True):
                part = lines[place] if place < len(lines) else ""
                space = " " * (abs(size) - self.width(part))
                parts.append(space + part if size < 0 else part + space)
            self.lines.append("  ".join(parts))


def titled(sheet: Sheet, title: str, community: str, facts: Mapping[str, str]) -> None:
    """The head of a paper: whose it is, what it is, and a few facts."""
    if community:
        sheet.centre(community)
    sheet.centre(title)
    sheet.rule("=")
    for name, fact in facts.items():
        if fact:
            sheet.pair(sheet.said(name), fact)


def _columns(letter: str, wide: bool) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    kind = unicodedata.east_asian_width(letter)
    return 2 if kind in "WF" or (wide and kind == "A") else 1


def _pieces(text: str, columns: int, wide: bool) -> list[str]:
    """The parts between which a line may break."""
    pieces: list[str] = []
    for letter in text:
        before = pieces[-1] if pieces else ""
        last = before[-1:]
        narrow = _columns(letter, wide) < 2
        joined = last and (
            letter in _NEVER_FIRST or letter == " " or last in _NEVER_LAST
            or (narrow and last != " " and _columns(last, wide) < 2)
        )
        if joined and width(before + letter, wide=wide) <= columns:
            pieces[-1] += letter
        elif joined and "-" in before[:-1]:
            # A code that is longer than a line goes on below after one of its hyphens.
            place = before.rindex("-", 0, -1) + 1
            pieces[-1:] = [before[:place], before[place:] + letter]
        else:
            pieces.append(letter)
    return pieces
