"""What people type, checked at the door: composed, visible, of bounded length."""

from __future__ import annotations

import unicodedata

from lovepoints.core.values import CODE_MAX, TEXT_MAX

_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks by category that nobody can see all the same."""


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
        raise TypeError(f"{what} must be text, not {text!r}")
    if len(text) > most:
        raise ValueError(f"{what} has {len(text)} characters; at most {most} fit")
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
