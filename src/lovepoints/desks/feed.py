"""The feed's desk: the journal as events for other programs, each consumer with its position."""

from __future__ import annotations

from typing import Any

import attrs

from lovepoints.core import feed, text
from lovepoints.core.journal import Entry
from lovepoints.core.rows import EntryRow
from lovepoints.core.rows_privacy import FeedPosition
from lovepoints.core.values import SEQ_MAX, whole
from lovepoints.desks import auditing
from lovepoints.desks.answers import confidential
from lovepoints.desks.book import Book
from lovepoints.desks.command import writing

LIMIT_MAX = 10_000
"""The most events of one call."""
READERS = "read_feed"
Event = dict[str, Any]  # Any: JSON values


@attrs.frozen(kw_only=True)
class Position:
    """How far a consumer has acknowledged, and how many entries wait for it."""

    consumer: str
    sequence: int
    waiting: int


@attrs.frozen
class Feed:
    """`community.feed`. Reading it takes a role; no event names a person or a household."""

    _book: Book

    def after(
        self, sequence: int = 0, *, limit: int = 100, by: str | None = None,
    ) -> tuple[Event, ...]:
        """The events of the entries after this one, oldest first, at most `limit` (to 10,000).

        Each is a CloudEvents 1.0 object of plain JSON values. There is one for every entry; of
        what is not told, it has neither subject, time nor data.

        Raises:
            Refused: not_permitted.
        """
        sequence = whole(sequence, "sequence", least=0, most=SEQ_MAX)
        limit = whole(limit, "limit", most=LIMIT_MAX)
        self._book.check_reader(READERS, by)
        with self._book.reading():
            store = self._book.store
            known = feed.Known(
                source=f"urn:lovepoints:{auditing.origin(self._book)}",
                confidential=confidential(self._book),
                decimals={kind.code: kind.decimals for _, rulebook in self._book.terms()
                          for kind in rulebook.kinds})
            rows = store.find(EntryRow, low=sequence + 1, limit=limit)
            return tuple(feed.event(Entry.from_bytes(row.body), store, known) for row in rows)

    def next(
        self, consumer: str, *, limit: int = 100, by: str | None = None,
    ) -> tuple[Event, ...]:
        """The events after what a consumer has acknowledged; the same again until it does.

        Whoever dies between handling and acknowledging sees them again (at least once): handle
        each by its `id`.
        """
        return self.after(self._row(consumer).seq, limit=limit, by=by)

    def acknowledge(self, consumer: str, sequence: int, *, by: str | None = None) -> Position:
        """Say that a consumer is done with everything up to this entry. It never goes back; said
        again, it stays.

        A position is no entry: it says nothing about anybody's points, and a program that reads
        every second would bury the journal.

        Raises:
            Refused: not_permitted. ValueError: no such entry yet.
        """
        sequence = whole(sequence, "sequence", least=0, most=SEQ_MAX)
        self._book.check_reader(READERS, by)
        with writing(self._book):
            row, newest = self._row(consumer), self._book.head()[0]
            if sequence > newest:
                raise ValueError(f"sequence={sequence} lies beyond the newest entry, {newest}")
            if sequence > row.seq:
                row = attrs.evolve(row, seq=sequence, noted_at=self._book.now())
                self._book.store.put(row)
            return Position(consumer=row.consumer, sequence=row.seq, waiting=newest - row.seq)

    def consumers(self) -> tuple[Position, ...]:
        """Every consumer that has acknowledged something, by name."""
        newest = self._book.head()[0]
        return tuple(Position(consumer=row.consumer, sequence=row.seq, waiting=newest - row.seq)
                     for row in self._book.store.find(FeedPosition))

    def _row(self, consumer: str) -> FeedPosition:
        name = text.code(consumer, "consumer")
        return self._book.store.get(FeedPosition, name) or FeedPosition(consumer=name)
