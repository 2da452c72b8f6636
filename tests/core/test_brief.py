"""What an error repeats of a value is short, printable, and never an error of its own."""

from __future__ import annotations

from typing import Any

import pytest

from lovepoints.errors import BRIEF_MAX, Conflict, NotFound, brief


class Loud:
    """A value that cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


def nested(depth: int) -> Any:  # Any: a list in a list in a list ...
    """A list in a list, so deep that `repr` gives up."""
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


VALUES: dict[str, Any] = {  # Any: whatever a caller might say
    "long": "长" * 10**6, "bytes": b"a" * 10**6, "escapes": "\x1b[2J\u202e\0", "half": "\udc00",
    "digits": 10**5_000, "deep": nested(100_000), "wide": {n: n for n in range(10**5)},
    "set": frozenset(range(10**5)), "loud": Loud(), "deep in a mapping": {"a": nested(10**5)},
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_what_an_error_repeats_is_short_and_printable(value: Any) -> None:
    """By itself, and in the sentence of an error."""
    assert len(brief(value)) <= 2 * BRIEF_MAX
    for sentence in (brief(value), str(NotFound("deed", value)), str(Conflict("k", value))):
        assert sentence.isprintable()
        assert len(sentence) <= 4 * BRIEF_MAX


def test_what_is_short_is_repeated_as_it_is() -> None:
    """So that nothing is lost of an ordinary mistake."""
    for value in ("0421", 12, -3, None, ["a", "b"], {"soap": 1}, 1.5):
        assert brief(value) == repr(value)
