"""Rows in SQLite, through what is kept of them in memory."""

from __future__ import annotations

from collections.abc import Iterator
from threading import get_ident
from typing import Any, TypeVar

from lovepoints.stores import schema
from lovepoints.stores.connection import Connection
from lovepoints.stores.kept import MISSING, Kept, KeptTable
from lovepoints.stores.shape import PIECE_ROWS, Columns, Key, shape_of

R = TypeVar("R")

FOUND_MAX = 500
"""Longer lists are not kept in memory."""
ANSWERS_MAX = 1000
"""So many answers are kept of each table."""


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
            found = table.records.get(key, MISSING)
            if found is MISSING:
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
        if connection.steady_thread == get_ident():
            connection.check_writing()
        else:  # another thread waits for this one's transaction, and has none of its own
            with connection.held():
                connection.check_writing()
        table = self._kept.table(record)
        before = self._before(table, key)
        if shape.may_wait:
            shape.check(row)
            if shape.is_journal:
                self._check_new(table, values, key)
            self._kept.let_wait(table, key, values)
        else:
            connection.change(self._statements[record].put, values)
        table.change(key, values, before, row)

    def drop(self, record: type[Any], *key: int | str) -> None:  # Any: any record class
        """Remove the row with this key; nothing if there is none. Never for journal rows."""
        shape = shape_of(record)
        plain = shape.key(key)
        if shape.is_journal:
            raise ValueError(f"{shape.table.name} rows are never removed")
        with self._connection.held():
            self._connection.check_writing()
            table = self._kept.table(record)
            before = self._before(table, plain)
            if shape.may_wait:
                self._kept.let_wait(table, plain, None)
            else:
                self._connection.change(self._statements[record].drop, plain)
            table.change(plain, None, before)

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
        asked = (index, equal, low, high, reverse, limit)
        if (answer := table.answers.get(asked)) is not None:
            return answer.copy()
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
        if reverse:
            kept.reverse()
        if len(table.answers) < ANSWERS_MAX and len(kept) <= FOUND_MAX:
            table.answers[asked] = kept.copy()
        return kept

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

    def _check_new(self, table: KeptTable, values: Columns, key: Key) -> None:
        """A ValueError for a row that the journal's guards would not let in later."""
        shape, name = table.shape, table.shape.table.name
        newest = self.find(shape.table.record, reverse=True, limit=1)
        last = getattr(newest[0], shape.table.key[0]) if newest else 0
        number: int = values[shape.key_at[0]]
        if name == "entry" and number != last + 1:
            raise ValueError(f"the next entry is {last + 1}, not {number}")
        if number <= last and self.get(shape.table.record, *key) is not None:
            raise ValueError(f"{name} rows are never replaced: {key}")
        for index, at in shape.unique_at:
            if values[at] and self.find(shape.table.record, index, values[at], limit=1):
                raise ValueError(f"another row of {name} has the same {index}")

    def _before(self, table: KeptTable, key: Key) -> Columns | None:
        """The row that a change replaces, as far as an order that is kept depends on it."""
        if not table.has_orders or table.shape.is_journal:
            return None
        if key not in table.rows:
            found = self._connection.rows(self._statements[table.shape.table.record].get, key)
            return found[0] if found else None
        return table.rows[key]

    def _write_down_all(self) -> None:
        for table in self._kept.waiting():
            self._write_down(table)

    def _write_down(self, table: KeptTable) -> None:
        """Hand the waiting rows of a table to the engine."""
        if not table.waiting:
            return
        statements = self._statements[table.shape.table.record]
        put, gone, updates = list[Columns](), list[Key](), dict[tuple[int, ...], list[Columns]]()
        # Entries must come in their order, and neighbours of a table cost fewer pages together.
        for key, values in sorted(table.waiting.items(), key=_key_of):
            engines = table.engines.get(key)
            if values is None:
                gone.append(key)
            elif engines is None:
                put.append(values)
            elif at := tuple([at for at, value in enumerate(values) if value != engines[at]]):
                updates.setdefault(at, []).append((*[values[one] for one in at], *key))
        self._connection.change_many(statements.put, put)
        for at, rows in updates.items():
            self._connection.update_many(statements.update(at), rows)
        self._connection.change_many(statements.drop, gone)
        self._kept.written(table)


def _key_of(change: tuple[Key, Columns | None]) -> Key:
    return change[0]
