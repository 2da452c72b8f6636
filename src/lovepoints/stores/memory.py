"""The reference store: dicts, sorted lists and an undo log. What it does, every store does."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from typing import Any, TypeVar

from lovepoints.errors import StoreError, brief
from lovepoints.stores.noting import Notes
from lovepoints.stores.shape import PIECE_ROWS, SHAPES, Columns, Key, Shape, shape_of

R = TypeVar("R")
_Undo = tuple["_Table", Key, Columns | None]

WAIT_SECONDS = 30.0
"""How long a thread waits for another one's transaction before it gets "busy"."""


class MemoryStore:
    """A `Store` in this process's memory, safe between threads; gone when it is let go.

    Rows are kept as their columns, so that no caller can change a stored row from outside.

    >>> from lovepoints.core.rows import Area
    >>> store = MemoryStore()
    >>> with store.writing():
    ...     store.put(Area(code="grid-07"))
    >>> store.get(Area, "grid-07")
    Area(code='grid-07', parent='', title='')
    """

    def __init__(self, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self.is_joined = self.is_inside_host = False
        self.is_writable = True
        self.epoch = 0
        self._tables = {record: _Table(shape) for record, shape in SHAPES.items()}
        self._lock = threading.RLock()
        self._wait_seconds = wait_seconds
        self._undo: list[_Undo] | None = None
        self._notes = Notes()
        self._reading = 0

    # rows

    def get(self, record: type[R], *key: int | str) -> R | None:
        """The row with this key, or None."""
        table = self._table(record)
        plain = table.shape.key(key)
        with self._held():
            values = table.rows.get(plain)
        return None if values is None else table.shape.decode(values)

    def put(self, row: object) -> None:
        """Insert the row, or replace the one with its key; see `Rows.put`."""
        table = self._table(type(row))
        values = table.shape.encode(row)
        for value in values:
            if type(value) is str and not value.isascii():
                value.encode()  # half of a surrogate pair is a ValueError, as in SQLite
        with self._held():
            undo = self._log()
            key = tuple(values[at] for at in table.shape.key_at)
            before = table.rows.get(key)
            table.check(row, key, values, before)
            table.place(key, values, before)
            undo.append((table, key, before))

    def drop(self, record: type[Any], *key: int | str) -> None:  # Any: any record class
        """Remove the row with this key; nothing if there is none. Never for journal rows."""
        table = self._table(record)
        plain = table.shape.key(key)
        if table.shape.table.nature == "journal":
            raise ValueError(f"{table.shape.table.name} rows are never removed")
        with self._held():
            undo = self._log()
            if (before := table.rows.get(plain)) is not None:
                table.place(plain, None, before)
                undo.append((table, plain, before))

    def find(
        self, record: type[R], index: str = "", *equal: int | str,
        low: int | str | None = None, high: int | str | None = None,
        reverse: bool = False, limit: int = 0,
    ) -> list[R]:
        """Rows in the order of an index; see `Rows.find`."""
        table = self._table(record)
        prefix, first, last = table.shape.bounds(index, equal, low, high)
        with self._held():
            keys = table.between(index, prefix, first, last, reverse, limit)
            found = [table.rows[key] for key in keys]
        return [table.shape.decode(values) for values in found]

    def scan(self, record: type[R], after: int | str | None = None) -> Iterator[R]:
        """All rows in the order of their key; see `Rows.scan`."""
        table = self._table(record)
        _, low, _ = table.shape.bounds("", (), after, None)
        with self._held():
            order = table.orders[""]
            start = 0 if low is None else bisect_right(order, low, key=lambda entry: entry[0])
            keys = order[start:]
        for key in keys:
            with self._held():
                values = table.rows[key]
            yield table.shape.decode(values)

    def pieces(
        self, record: type[Any], *columns: str,  # Any: any record class
        low: int | str | None = None, high: int | str | None = None,
    ) -> Iterator[list[Columns]]:
        """All rows as plain columns; see `Store.pieces`."""
        table = self._table(record)
        at = table.shape.columns_at(columns)
        _, first, last = table.shape.bounds("", (), low, high)
        with self._held():
            rows = [table.rows[key] for key in table.between("", (), first, last, False, 0)]
        for start in range(0, len(rows), PIECE_ROWS):
            piece = rows[start:start + PIECE_ROWS]
            yield [tuple(row[place] for place in at) for row in piece] if columns else piece

    def backup(self, path: str | PathLike[str]) -> None:
        """Refused: there is no file to copy."""
        raise StoreError(
            "missing", f"a book in memory has no file that {brief(path)} could be a copy of")

    def examine(self) -> tuple[str, ...]:
        """Nothing: there is no file that could contradict itself."""
        return ()

    # transactions

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction; see `Store.writing`."""
        with self._held():
            if self._undo is not None:
                raise RuntimeError("writing() does not nest; use verb() inside it")
            if self._reading:
                raise RuntimeError("writing() cannot begin inside reading()")
            self._undo = []
            try:
                yield
            except BaseException:
                self._take_back(0)
                raise
            finally:
                self._undo = None
                self._notes.forget()

    @contextmanager
    def verb(self) -> Iterator[None]:
        """A savepoint inside `writing()`; see `Store.verb`."""
        with self._held():
            mark = len(self._log())
            try:
                yield
            except BaseException:
                self._take_back(mark)
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Several reads that see one state; see `Store.reading`."""
        with self._held():
            self._reading += 1
            try:
                yield
            finally:
                self._reading -= 1

    def noted(self, name: object, *, lasting: bool = False) -> Any:  # Any: each reader's own
        """What was noted under this name; see `Store.noted`."""
        with self._held():
            is_torn = self._undo is not None and not lasting
            return None if is_torn else self._notes.get(name, lasting=lasting)

    def note(self, name: object, worked_out: object, *, lasting: bool = False) -> None:
        """Keep what was worked out in this `reading()`; see `Store.note`."""
        with self._held():
            if self._reading and self._undo is None:
                self._notes.put(name, worked_out, lasting=lasting)

    def scrub(self) -> bool:
        """Nothing is kept of dropped rows."""
        return True

    def describe(self) -> Mapping[str, str]:
        """Engine and weaknesses."""
        return {"engine": "memory", "durability": "none", "writable": "yes",
                "weaknesses": "gone when the program ends"}

    def close(self) -> None:
        """Nothing is held that would need to be let go."""

    # the inside

    @contextmanager
    def _held(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=self._wait_seconds):
            raise StoreError("busy", f"another thread has been writing for "
                                     f"{self._wait_seconds:g} seconds")
        try:
            yield
        finally:
            self._lock.release()

    def _table(self, record: type[Any]) -> _Table:  # Any: any record class
        return self._tables[shape_of(record).table.record]

    def _log(self) -> list[_Undo]:
        if self._undo is None:
            raise RuntimeError("rows are written inside writing() only")
        return self._undo

    def _take_back(self, mark: int) -> None:
        self.epoch += 1
        undo = self._log()
        while len(undo) > mark:
            table, key, before = undo.pop()
            table.place(key, before, table.rows.get(key))


class _Table:
    """The rows of one table with a sorted list for each of its orders."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.rows: dict[Key, Columns] = {}
        self.orders: dict[str, list[Key]] = {name: [] for name in ("", *shape.indexes)}
        self._at = {
            name: tuple(shape.columns.index(column) for column in shape.order(name))
            for name in self.orders
        }
        # Where the key's columns stand inside an order's entries.
        self._key_in = {
            name: tuple(shape.order(name).index(column) for column in shape.table.key)
            for name in self.orders
        }
        self._where = {
            index.name: shape.columns.index(index.where)
            for index in shape.table.indexes if index.where
        }

    def check(self, row: object, key: Key, values: Columns, before: Columns | None) -> None:
        """Refuse what the schema of a SQLite book would refuse."""
        name = self.shape.table.name
        if self.shape.table.nature == "journal" and before is not None:
            raise ValueError(f"{name} rows are never replaced: {key}")
        if name == "entry" and key[0] != len(self.rows) + 1:
            raise ValueError(f"the next entry is {len(self.rows) + 1}, not {key[0]}")
        self.shape.check(row)
        for index in self.shape.table.indexes:
            if index.unique and self._is_in(index.name, values):
                prefix = self._entry(index.name, values)[:len(index.columns)]
                for other in self.between(index.name, prefix, None, None, False, 0):
                    if other != key:
                        raise ValueError(f"another row of {name} has the same "
                                         f"{', '.join(index.columns)}")

    def place(self, key: Key, values: Columns | None, before: Columns | None) -> None:
        """Set, replace or (None) remove the row, in the rows and in every order."""
        for name, order in self.orders.items():
            old = self._entry(name, before) if self._is_in(name, before) else None
            new = self._entry(name, values) if self._is_in(name, values) else None
            if old == new:
                continue
            if old is not None:
                del order[bisect_left(order, old)]
            if new is not None:
                insort(order, new)
        if values is None:
            del self.rows[key]
        else:
            self.rows[key] = values

    def between(
        self, index: str, prefix: Key, low: int | str | None, high: int | str | None,
        reverse: bool, limit: int,
    ) -> list[Key]:
        """The keys of the rows that `find` asks for, in its order."""
        order, width = self.orders[index], len(prefix)
        start, end = 0, len(order)
        if prefix or low is not None:
            start = bisect_left(order, prefix if low is None else (*prefix, low))
        if high is not None:
            end = bisect_right(order, (*prefix, high), key=lambda entry: entry[:width + 1])
        elif prefix:
            end = bisect_right(order, prefix, key=lambda entry: entry[:width])
        if limit and end - start > limit:
            start, end = (end - limit, end) if reverse else (start, start + limit)
        entries = order[start:end]
        if reverse:
            entries.reverse()
        if not index:
            return entries
        places = self._key_in[index]
        return [tuple(entry[at] for at in places) for entry in entries]

    def _entry(self, index: str, values: Columns | None) -> Key:
        assert values is not None, "only a row that is there has a place in an order"
        return tuple(values[at] for at in self._at[index])

    def _is_in(self, index: str, values: Columns | None) -> bool:
        if values is None:
            return False
        at = self._where.get(index)
        return at is None or bool(values[at])
