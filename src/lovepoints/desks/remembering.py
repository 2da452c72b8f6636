"""Answers that are told again while nothing can have changed them: no row, and not the calendar."""

from __future__ import annotations

from typing import Any

import attrs

from lovepoints.desks.book import Book


@attrs.frozen
class _Known:
    """An answer of the moment `since`, which holds until just before `until`; the newest entry
    was recorded at `head`."""

    answer: Any  # Any: what the reader worked out
    head: int
    since: int
    until: int


def known(book: Book, name: object, moment: int | None = None) -> tuple[Any, int] | None:
    """The answer that is remembered under a name and holds at a moment (None: now), and that
    moment. Whether the book has changed is all that the store is asked."""
    found: _Known | None = book.store.noted(name)
    if found is None:
        return None
    now = max(book.clock(), found.head + 1) if moment is None else moment
    return (found.answer, now) if found.since <= now < found.until else None


def remember(book: Book, name: object, answer: Any, now: int, until: int) -> None:
    """Remember what was worked out at `now` and holds until then; inside `reading()`."""
    book.store.note(name, _Known(answer, book.head()[1], now, until))
