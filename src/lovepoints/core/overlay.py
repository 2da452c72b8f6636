"""Rows on top of rows: what the book would be like after entries that are not written.

Reads fold what is due onto an overlay, quotes and rehearsals try things on one; the rows below
never notice. With nothing below it is an empty book, on which the past is folded again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, TypeVar

from lovepoints.core.store import Rows
from lovepoints.core.tables import TABLE_OF, Table

R = TypeVar("R")
_Key = tuple[int | str, ...]


class Overlay:
    """A `Rows` that keeps its own writes and reads through to the rows below."""

    def __init__(self, below: Rows | None = None) -> None:
        self._below = below
        self._rows: dict[type[Any], dict[_Key, Any]] = {}  # Any: records of many tables

    def get(self, record: type[R], *key: int | str) -> R | None:
        """The row with this key, or None."""
        own = self._rows.get(record, {})
        if key in own:
            return own[key]  # type: ignore[no-any-return]  # rows are kept by their own class
        return self._below.get(record, *key) if self._below else None

    def holding(self, record: type[Any]) -> Rows:  # Any: any record class
        """Where all rows of a table are found: those below, while none of it is kept here."""
        return self if self._below is None or record in self._rows else self._below

    def put(self, row: object) -> None:
        """Keep the row here."""
        self._rows.setdefault(type(row), {})[_key(TABLE_OF[type(row)], row)] = row

    def drop(self, record: type[Any], *key: int | str) -> None:  # Any: any record class
        """Remember that the row is gone."""
        self._rows.setdefault(record, {})[key] = None

    def forget(self, record: type[R]) -> list[R]:
        """The rows of a table that are kept here, in key order; they are kept no longer."""
        rows = self._rows.pop(record, {})
        return [rows[key] for key in sorted(rows) if rows[key] is not None]

    def find(
        self, record: type[R], index: str = "", *equal: int | str,
        low: int | str | None = None, high: int | str | None = None,
        reverse: bool = False, limit: int = 0,
    ) -> list[R]:
        """As `Rows.find`: the rows below, with those kept here in their places."""
        own = self._rows.get(record)
        below = self._below.find(
            record, index, *equal, low=low, high=high, reverse=reverse,
            limit=limit + len(own or ()) if limit else 0,
        ) if self._below else []
        if not own:
            return below
        table = TABLE_OF[record]
        columns, where = _columns(table, index)
        order = attrgetter(*columns, *table.key)
        found = [row for row in below if _key(table, row) not in own]
        found += [
            row for row in own.values()
            if row is not None and _fits(row, columns, equal, low, high)
            and (not where or getattr(row, where))
        ]
        found.sort(key=lambda row: _tuple(order(row)), reverse=reverse)
        return found[:limit] if limit else found

    def scan(self, record: type[R], after: int | str | None = None) -> Iterator[R]:
        """All rows in the order of their key."""
        key = TABLE_OF[record].key
        for row in self.find(record):
            if after is None or getattr(row, key[0]) > after:
                yield row


class Indexed(Overlay):
    """An empty book to fold on that is asked while it grows, for instance by ratings.

    An order is sorted once it is asked for, and kept from then on, so that looking into a long
    book costs what it finds.
    """

    def __init__(self) -> None:
        super().__init__()
        self._orders: dict[tuple[type[Any], str], list[_Key]] = {}

    def put(self, row: object) -> None:
        """Keep the row here, and its place in every order that was asked for."""
        record, table = type(row), TABLE_OF[type(row)]
        before = self._rows.get(record, {}).get(_key(table, row))
        for (kept, index), order in self._orders.items():
            if kept is record:
                _replace(order, _place(table, index, before), _place(table, index, row))
        super().put(row)

    def drop(self, record: type[Any], *key: int | str) -> None:  # Any: any record class
        """Forget the row."""
        table, before = TABLE_OF[record], self.get(record, *key)
        for (kept, index), order in self._orders.items():
            if kept is record:
                _replace(order, _place(table, index, before), None)
        self._rows.get(record, {}).pop(key, None)

    def forget(self, record: type[R]) -> list[R]:
        """The rows of a table that are kept here, in key order; they are kept no longer."""
        for kept in [one for one in self._orders if one[0] is record]:
            del self._orders[kept]
        return super().forget(record)

    def find(
        self, record: type[R], index: str = "", *equal: int | str,
        low: int | str | None = None, high: int | str | None = None,
        reverse: bool = False, limit: int = 0,
    ) -> list[R]:
        """As `Rows.find`."""
        order = self._order(record, index)
        width, first = len(equal), equal if low is None else (*equal, low)
        last, wide = (equal, width) if high is None else ((*equal, high), width + 1)
        start = bisect_left(order, first)
        end = bisect_right(order, last, key=lambda place: place[:wide]) if last else len(order)
        if limit:
            start, end = (max(start, end - limit), end) if reverse else (
                start, min(end, start + limit))
        table, rows = TABLE_OF[record], self._rows.get(record, {})
        where = len(_columns(table, index)[0]) if index else 0
        found = [rows[place[where:]] for place in order[start:end]]
        return found[::-1] if reverse else found

    def _order(self, record: type[Any], index: str) -> list[_Key]:
        order = self._orders.get((record, index))
        if order is None:
            table = TABLE_OF[record]
            places = (_place(table, index, row) for row in self._rows.get(record, {}).values())
            order = self._orders[record, index] = sorted(place for place in places if place)
        return order


class Aside:
    """The rows below, but for one table of its own: the book with another answer to one question.
    """

    def __init__(self, below: Rows, record: type[Any]) -> None:  # Any: any record class
        self._below, self._record, self._own = below, record, Indexed()

    def _rows(self, record: type[Any]) -> Rows:
        return self._own if record is self._record else self._below

    def get(self, record: type[R], *key: int | str) -> R | None:
        """As `Rows.get`."""
        return self._rows(record).get(record, *key)

    def put(self, row: object) -> None:
        """Keep a row of the own table; a TypeError for any other, which nobody may change."""
        self._check(type(row))
        self._own.put(row)

    def drop(self, record: type[Any], *key: int | str) -> None:  # Any: any record class
        """Forget a row of the own table; a TypeError for any other."""
        self._check(record)
        self._own.drop(record, *key)

    def find(
        self, record: type[R], index: str = "", *equal: int | str,
        low: int | str | None = None, high: int | str | None = None,
        reverse: bool = False, limit: int = 0,
    ) -> list[R]:
        """As `Rows.find`."""
        return self._rows(record).find(record, index, *equal, low=low, high=high,
                                       reverse=reverse, limit=limit)

    def scan(self, record: type[R], after: int | str | None = None) -> Iterator[R]:
        """As `Rows.scan`."""
        return self._rows(record).scan(record, after)

    def _check(self, record: type[Any]) -> None:
        if record is not self._record:
            raise TypeError(f"{record.__name__} rows are only read here")


def _place(table: Table, index: str, row: object) -> _Key | None:
    """Where a row stands in an order: its columns, then its key; None if it is not in it."""
    if row is None:
        return None
    columns, where = _columns(table, index)
    if where and not getattr(row, where):
        return None
    key = _key(table, row)
    return (*(getattr(row, column) for column in columns), *key) if index else key


def _replace(order: list[_Key], old: _Key | None, new: _Key | None) -> None:
    if old == new:
        return
    if old is not None:
        del order[bisect_left(order, old)]
    if new is not None:
        insort(order, new)


def _tuple(value: Any) -> tuple[Any, ...]:  # Any: attrgetter gives one value or a tuple
    return value if isinstance(value, tuple) else (value,)


def _key(table: Table, row: object) -> _Key:
    return tuple(getattr(row, column) for column in table.key)


def _columns(table: Table, index: str) -> tuple[tuple[str, ...], str]:
    if not index:
        return table.key, ""
    found = next(one for one in table.indexes if one.name == index)
    return found.columns, found.where


def _fits(
    row: object, columns: tuple[str, ...], equal: tuple[int | str, ...],
    low: Any, high: Any,  # Any: of the type of the next column
) -> bool:
    if any(getattr(row, column) != value
           for column, value in zip(columns, equal, strict=False)):
        return False
    if low is None and high is None:
        return True
    value = getattr(row, columns[len(equal)])
    return (low is None or value >= low) and (high is None or value <= high)
