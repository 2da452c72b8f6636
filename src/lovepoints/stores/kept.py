"""Rows kept in memory: those that were read, and those that wait to be written.

A book is read far more often than it changes, and one verb asks for the same rows many times. So
the store keeps what it has read for as long as nobody else has written (`PRAGMA data_version`), and
follows its own writes. Rows that a transaction changes wait here until it ends, or until the engine
must look through their table: a balance that moves a thousand times in a batch is written once, and
the entries of a batch go to the engine together. Nothing here outlives a transaction that failed.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Any, Final

from lovepoints.stores.noting import Notes
from lovepoints.stores.shape import Columns, Key, Shape, shape_of

ROWS_MAX: Final = 20_000
"""More rows than this are forgotten at the end of a transaction (of one that only reads: before
the next) or, where a verb begins, in its midst: memory stays bounded."""
PLACES_MAX: Final = 5_000
QUERIES_MAX: Final = 100
"""In so many places of one index something is remembered, and between so many bounds of each."""
MISSING: Final = object()
"""Not known here; None is known not to be there."""
_Bound = int | str | None
_Query = tuple[_Bound, _Bound, int]
"""Bounds of the next column, and what is wanted: all (0), the first (1), the last (-1)."""
_Undo = tuple["KeptTable", Key, Any]


class KeptTable:
    """What is known of one table: rows by key, and the orders in which some were found."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.rows: dict[Key, Columns | None] = {}
        self.records: dict[Key, Any] = {}  # Any: records of this table, decoded once
        self.waiting: dict[Key, Columns | None] = {}
        self.engines: dict[Key, Columns | None] = {}
        """Of the rows that wait, those that the engine is known to have (None: to lack)."""
        self._found: dict[tuple[str, int], dict[Key, dict[_Query, list[Key]]]] = {}
        self._at: dict[str, tuple[int, ...]] = {}
        self._where = {index.name: shape.columns.index(index.where)
                       for index in shape.table.indexes if index.where}
        self._key_in: dict[str, tuple[int, ...]] = {}
        self.answers: dict[tuple[Any, ...], list[Any]] = {}  # Any: what `find` was asked
        """What `find` has answered since this table changed last."""

    def record(self, key: Key) -> Any:  # Any: a record of this table, or None
        """The row with this key, or None; MISSING if it is not known here."""
        found = self.records.get(key, MISSING)
        if found is MISSING:
            values = self.rows.get(key, MISSING)
            if values is MISSING:
                return MISSING
            found = None if values is None else self.shape.decode(values)
            self.records[key] = found
        return found

    def learn(self, values: Columns) -> Any:  # Any: a record of this table
        """Keep a row as the engine has it; what is kept already is never older."""
        key = tuple(values[at] for at in self.shape.key_at)
        if self.rows.get(key) is None:
            self.rows[key] = values
            self.records.pop(key, None)
        return self.record(key)

    def lack(self, key: Key) -> None:
        """Keep that there is no row with this key."""
        self.rows[key] = None
        self.records[key] = None

    def change(
        self, key: Key, values: Columns | None, before: Columns | None, row: object = None,
    ) -> None:
        """Set or (None) take away a row, in the rows and in every order that holds its place."""
        self.rows[key] = values
        self.answers.clear()
        if row is not None and self.shape.is_flat:
            self.records[key] = row  # nobody can change it from outside
        else:
            self.records.pop(key, None)
        for (index, width), orders in self._found.items():
            old = self._place(index, before)
            new = self._place(index, values)
            if old == new:
                continue
            if old is not None and old[:width] in orders:
                _take_out(orders[old[:width]], old)
            if new is not None and new[:width] in orders:
                _put_in(orders[new[:width]], new, width)

    def forget(self) -> None:
        """Know only what waits to be written."""
        self.rows, self.records, self._found, self.answers = dict(self.waiting), {}, {}, {}
        self.engines = {}

    @property
    def has_orders(self) -> bool:
        """Whether a changed row may stand in an order that is kept."""
        return bool(self._found)

    def find(self, index: str, equal: Key, query: _Query) -> list[Any] | None:
        """The rows of an order that is kept, ascending; None if it is not."""
        entries = self._found.get((index, len(equal)), {}).get(equal, {}).get(query)
        if entries is None:
            return None
        if not index:
            return [self.record(entry) for entry in entries]
        places = self._key_in[index]
        return [self.record(tuple([entry[at] for at in places])) for entry in entries]

    def keep(self, index: str, equal: Key, query: _Query, found: list[Columns]) -> None:
        """Remember what the engine found in an order, ascending."""
        if index not in self._at:
            order = self.shape.order(index)
            self._at[index] = tuple(self.shape.columns.index(name) for name in order)
            self._key_in[index] = tuple(order.index(name) for name in self.shape.table.key)
        at = self._at[index]
        places = self._found.setdefault((index, len(equal)), {})
        if len(places) >= PLACES_MAX:
            places.clear()
        orders = places.setdefault(equal, {})
        if len(orders) >= QUERIES_MAX:
            orders.clear()  # bounds that follow the clock are never asked for again
        orders[query] = [tuple([values[place] for place in at]) for values in found]

    def _place(self, index: str, values: Columns | None) -> Key | None:
        if values is None:
            return None
        where = self._where.get(index)
        if where is not None and not values[where]:
            return None
        return tuple([values[at] for at in self._at[index]])


def _take_out(orders: dict[_Query, list[Key]], entry: Key) -> None:
    for query, entries in list(orders.items()):
        place = bisect_left(entries, entry)
        if place < len(entries) and entries[place] == entry:
            if query[2]:
                del orders[query]  # what stands next to it is not known
            else:
                del entries[place]


def _put_in(orders: dict[_Query, list[Key]], entry: Key, width: int) -> None:
    for (low, high, wanted), entries in orders.items():
        value = entry[width] if low is not None or high is not None else None
        if (low is not None and value < low) or (  # type: ignore[operator]  # one column, one type
                high is not None and value > high):  # type: ignore[operator]
            continue
        if not wanted:
            insort(entries, entry)
        elif not entries or (entry < entries[0]) == (wanted > 0):
            entries[:] = [entry]


class Kept:
    """What one store knows of all its tables, and what it has not yet written."""

    def __init__(self) -> None:
        self._tables: dict[type[Any], KeptTable] = {}  # Any: records of many tables
        self._undo: list[_Undo] = []
        self.epoch = 0
        """Grows whenever something is forgotten because it may hold no longer."""
        self.version = -1
        """The engine's `data_version` at which what is kept was read; -1 for none."""
        self.notes = Notes()

    def table(self, record: type[Any]) -> KeptTable:  # Any: any record class
        """What is known of a record's table."""
        found = self._tables.get(record)
        if found is None:
            found = self._tables[record] = KeptTable(shape_of(record))
        return found

    def let_wait(self, table: KeptTable, key: Key, values: Columns | None) -> None:
        """A changed row (None: a dropped one) is to be written before the transaction ends."""
        before = table.waiting.get(key, MISSING)
        self._undo.append((table, key, before))
        if before is MISSING and key in table.rows:
            table.engines[key] = table.rows[key]
        table.waiting[key] = values

    def waiting(self) -> Iterator[KeptTable]:
        """The tables with rows to be written."""
        return (table for table in self._tables.values() if table.waiting)

    def written(self, table: KeptTable) -> None:
        """The waiting rows of a table are with the engine now."""
        self._undo += [(table, key, values) for key, values in table.waiting.items()]
        table.waiting, table.engines = {}, {}

    def mark(self) -> int:
        """Where a verb begins."""
        return len(self._undo)

    def take_back(self, mark: int) -> None:
        """Undo what waited or was written since a mark; what was read since is forgotten."""
        self.epoch += 1
        while len(self._undo) > mark:
            table, key, before = self._undo.pop()
            if before is MISSING:
                table.waiting.pop(key, None)
            else:
                table.waiting[key] = before
        for table in self._tables.values():
            table.forget()

    @property
    def is_full(self) -> bool:
        """Whether so much waits or may be taken back that it should be written down."""
        return len(self._undo) > ROWS_MAX

    def settle(self) -> None:
        """All is written, and nothing of it will be taken back one by one."""
        self._undo = []
        self.notes.forget()
        self.trim()

    def trim(self) -> None:
        """Nothing waits: if too much is known, begin anew."""
        if sum([len(table.rows) for table in self._tables.values()]) > ROWS_MAX:
            self._tables = {}

    def forget(self) -> None:
        """Know nothing: somebody else wrote, or a transaction failed."""
        self.epoch += 1
        self._tables, self._undo, self.version = {}, [], -1
        self.notes.forget()
