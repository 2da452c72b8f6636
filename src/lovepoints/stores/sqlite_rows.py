"""Rows in SQLite, through what is kept of them in memory."""

from __future__ import annotations

from collections.abc import Iterator
from threading import get_ident
from typing import Any, TypeVar

from lovepoints.errors import BookDamaged
from lovepoints.stores import schema
from lovepoints.stores.connection import Connection
from lovepoints.stores.kept import MISSING, Kept, KeptTable
from lovepoints.stores.shape import PIECE_ROWS, Columns, Key, Shape, shape_of

R = TypeVar("R")

FOUND_MAX = 500
"""Longer lists are not kept in memory."""


class SqliteRows:
    """The `Rows` of a SQLite store: every statement of its tables goes through here."""

    def __init__(self, connection: Connection, prefix: str) -> None:
        self._connection = connection
        self._statements = schema.statements(prefix)
        self._kept = Kept()

    @property
    def epoch(self) -> int:
        """Grows when what was read before may hold no longer; see `Store.epoch`."""
        return self._kept.epoch

    def get(self, record: type[R], *key: int | str) -> R | None:
        """The row with this key, or None."""
        connection = self._connection
        if connection.steady_thread == get_ident():
            table = self._kept.table(record)
            found = table.record(key)
            if found is MISSING:
                plain = table.shape.key(key)
                rows = connection.rows(self._statements[record].get, plain)
                found = table.learn(rows[0]) if rows else None
                if not rows:
                    table.lack(plain)
            return found  # type: ignore[no-any-return]  # rows are kept by their own class
        shape = shape_of(record)
        rows = connection.rows(self._statements[record].get, shape.key(key))
        return shape.decode(rows[0]) if rows else None

    def put(self, row: object) -> None:
        """Insert the row, or replace the one with its key; see `Rows.put`."""
        record = type(row)
        shape = shape_of(record)
        values = shape.encode(row)
        key = tuple([values[at] for at in shape.key_at])
        connection = self._connection
        connection.acquire()
        try:
            connection.check_writing()
            before = self._before(record, shape, key)
            if shape.may_wait:
                for check in shape.checks:
                    if not check.holds(row):
                        raise BookDamaged(f"a row of {shape.table.name} breaks the check "
                                          f"{check.name!r}")
                self._kept.let_wait(self._kept.table(record), key, values)
            else:
                connection.change(self._statements[record].put, values)
            self._kept.table(record).change(key, values, before, row)
        finally:
            connection.release()

    def drop(self, record: type[Any], *key: int | str) -> None:  # Any: any record class
        """Remove the row with this key; nothing if there is none. Never for journal rows."""
        shape = shape_of(record)
        plain = shape.key(key)
        if shape.table.nature == "journal":
            raise ValueError(f"{shape.table.name} rows are never removed")
        with self._connection.held():
            self._connection.check_writing()
            before = self._before(record, shape, plain)
            if shape.may_wait:
                self._kept.let_wait(self._kept.table(record), plain, None)
            else:
                self._connection.change(self._statements[record].drop, plain)
            self._kept.table(record).change(plain, None, before)

    def find(
        self, record: type[R], index: str = "", *equal: int | str,
        low: int | str | None = None, high: int | str | None = None,
        reverse: bool = False, limit: int = 0,
    ) -> list[R]:
        """Rows in the order of an index; see `Rows.find`."""
        connection = self._connection
        is_steady = connection.steady_thread == get_ident()
        if not is_steady or limit > 1:
            shape = shape_of(record)
            equal, low, high = shape.bounds(index, equal, low, high)
            with connection.held():
                found = self._select(record, index, equal, low, high, reverse, limit)
            return [shape.decode(values) for values in found]
        table = self._kept.table(record)
        wanted = (-1 if reverse else 1) if limit else 0
        query = (low, high, wanted)
        kept = table.find(index, equal, query)
        if kept is None:
            equal, low, high = table.shape.bounds(index, equal, low, high)
            found = self._select(record, index, equal, low, high, wanted < 0, limit)
            if len(found) > FOUND_MAX:
                kept = [table.shape.decode(values) for values in found]
            else:
                kept = [table.learn(values) for values in found]
                table.keep(index, equal, (low, high, wanted), found)
        return kept[::-1] if reverse else kept

    def scan(self, record: type[R], after: int | str | None = None) -> Iterator[R]:
        """All rows in the order of their key; see `Rows.scan`."""
        shape, statements = shape_of(record), self._statements[record]
        _, low, _ = shape.bounds("", (), after, None)
        sql, start = statements.scan_first, Columns()
        if low is not None:
            sql, start = statements.scan_after, (low,)
        with self._connection.held():
            self._write_down(self._kept.table(record))
        while found := self._connection.rows(sql, (*start, PIECE_ROWS)):
            for values in found:
                yield shape.decode(values)
            if len(found) < PIECE_ROWS:
                return
            sql, start = statements.scan_next, tuple(found[-1][at] for at in shape.key_at)

    def pieces(
        self, record: type[Any], *columns: str,  # Any: any record class
        low: int | str | None = None, high: int | str | None = None,
    ) -> Iterator[list[Columns]]:
        """All rows as plain columns; see `Store.pieces`."""
        shape, statements = shape_of(record), self._statements[record]
        shape.columns_at(columns)
        _, first, last = shape.bounds("", (), low, high)
        bounds = tuple(bound for bound in (first, last) if bound is not None)
        key_at = tuple(range(len(shape.key_at))) if columns else shape.key_at
        with self._connection.held():
            self._write_down(self._kept.table(record))
        sql, start = statements.pieces(columns, first is not None, last is not None), bounds
        while found := self._connection.rows(sql, (*start, PIECE_ROWS)):
            yield found
            if len(found) < PIECE_ROWS:
                return
            sql = statements.pieces(columns, False, last is not None, goes_on=True)
            after = tuple(found[-1][at] for at in key_at)
            start = (*bounds[len(bounds) - (last is not None):], *after)

    def _select(
        self, record: type[Any], index: str, equal: Key, low: int | str | None,
        high: int | str | None, reverse: bool, limit: int,
    ) -> list[Columns]:
        self._write_down(self._kept.table(record))
        sql = self._statements[record].find(
            index, len(equal), low is not None, high is not None, reverse, limit > 0)
        bounds = [bound for bound in (low, high, limit or None) if bound is not None]
        return self._connection.rows(sql, (*equal, *bounds))

    def _before(self, record: type[Any], shape: Shape, key: Key) -> Columns | None:
        """The row that a change replaces, as far as an order that is kept depends on it."""
        table = self._kept.table(record)
        if not table.has_orders or shape.table.nature == "journal":
            return None
        if key not in table.rows:
            found = self._connection.rows(self._statements[record].get, key)
            return found[0] if found else None
        return table.rows[key]

    def _write_down(self, table: KeptTable) -> None:
        """Hand the waiting rows of a table to the engine."""
        if not table.waiting:
            return
        statements = self._statements[table.shape.table.record]
        rows = [values for values in table.waiting.values() if values is not None]
        gone = [key for key, values in table.waiting.items() if values is None]
        self._connection.change_many(statements.put, rows)
        self._connection.change_many(statements.drop, gone)
        self._kept.written(table)
