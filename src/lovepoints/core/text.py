"""What people type, checked at the door: composed, visible, of bounded length."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from lovepoints.core.values import CODE_MAX, TEXT_MAX
from lovepoints.errors import brief

_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks by category that nobody can see all the same."""
_LEADS = frozenset("=+-@＝＋－＠'\t\r\n")
"""What a spreadsheet program takes for the beginning of a formula, and the mark against it."""


def line(text: object, what: str = "text", *, most: int = TEXT_MAX, breaks: bool = False) -> str:
    """`text` in NFC if it is one visible line of at most `most` characters.

    Control, zero-width, bidirectional, private and unassigned characters are refused, because
    two names that look alike must be alike; rare Han characters and the middle dot pass.
    `breaks` allows line breaks (notes), those of Windows too.

    Raises:
        TypeError: not text. ValueError: too long, or a character nobody can see.

    >>> line("𠮷田·买买提")
    '𠮷田·买买提'
    """
    if not isinstance(text, str):
        # Not what came: it may be a phone number.
        raise TypeError(f"{what} must be text, not {type(text).__name__}")
    if len(text) > most:
        raise ValueError(f"{what} has {len(text)} characters; at most {most} fit")
    if text.isascii() and text.isprintable():
        return text.strip()  # most of what is said: codes, keys, grades
    composed = unicodedata.normalize("NFC", text)
    if breaks:
        composed = composed.replace("\r\n", "\n")
    for place, letter in enumerate(composed):
        if _is_invisible(letter) and not (breaks and letter == "\n"):
            raise ValueError(
                f"{what} holds an invisible character (U+{ord(letter):04X}) at place {place + 1};"
                f" take it out"
            )
    return composed.strip()


def _is_invisible(letter: str) -> bool:
    if "\U00020000" <= letter <= "\U0003fffd":
        return False  # Han characters, also those newer than this Python's tables
    return unicodedata.category(letter) in _INVISIBLE or letter in _BLANK


def code(text: object, what: str = "code") -> str:
    """A code that names something: one visible line, not empty, at most 64 characters."""
    if not isinstance(text, str):
        raise TypeError(f"{what} must be text, not {brief(text)}")
    return name(text, what)


def name(text: object, what: str = "name") -> str:
    """The same of what no error may repeat: a person or an office by name."""
    found = line(text, what, most=CODE_MAX)
    if not found:
        raise ValueError(f"{what} must not be empty")
    return found


def same(text: str) -> str:
    """`text` as it is compared when "the same place" is asked: width, case and spaces set aside.

    >>> same("３栋 2单元") == same("3栋2单元")
    True
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def cell(value: str | int | Decimal) -> str:
    """A value as a cell of a spreadsheet that no program takes for a formula.

    A text whose first character after blanks begins a formula gets a leading quote, also in
    every later line of the cell; numbers are written plainly. `uncell` takes the quotes off.

    >>> cell("=HYPERLINK(A1)"), cell(-5), cell("李四")
    ("'=HYPERLINK(A1)", '-5', '李四')
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise TypeError(f"a cell holds text, int or Decimal, not {brief(value)}")
    if not isinstance(value, str):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return "".join(f"'{one}" if _is_formula(one) else one for one in _cell_lines(value))


def uncell(written: str) -> str:
    """The text that `cell` wrote into a spreadsheet.

    >>> uncell("'=HYPERLINK(A1)"), uncell("'tis")
    ('=HYPERLINK(A1)', "'tis")
    """
    return "".join(one[1:] if one.startswith("'") and _is_formula(one[1:]) else one
                   for one in _cell_lines(written))


def _cell_lines(value: str) -> list[str]:
    return value.splitlines(keepends=True)


def _is_formula(one: str) -> bool:
    if one[:1] in _LEADS:
        return bool(one)
    return one.lstrip()[:1] in _LEADS - {"'"} and bool(one.lstrip())
