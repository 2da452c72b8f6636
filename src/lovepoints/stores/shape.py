"""How a row becomes columns and back, and what every row must fulfil: the same in each store."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Literal

import attrs

from lovepoints.core.journal import canonical_bytes
from lovepoints.core.projecting import limit_broken
from lovepoints.core.tables import TABLES, Index, Table
from lovepoints.errors import BookDamaged, brief

Columns = tuple[Any, ...]  # Any: int, str and bytes, each column its own
Key = tuple[int | str, ...]
Kind = Literal["int", "str", "bytes", "Details"]

PIECE_ROWS = 1000
"""How many rows `scan` and `pieces` read at a time."""
WHOLE_MAX = 2**53 - 1
"""No whole number in a row is larger, nor smaller than its negative."""
_TYPES: Mapping[str, type] = {"int": int, "str": str, "bytes": bytes, "Details": str}


@attrs.frozen(kw_only=True)
class Check:
    """A statement that holds for each row of a table: once in SQL, once in Python."""

    name: str
    sql: str
    holds: Callable[[Any], bool]  # Any: a record of the check's table


CHECKS: Mapping[str, tuple[Check, ...]] = {
    "entry": (Check(name="leaf_size", sql="length(leaf) = 32",
                    holds=lambda row: len(row.leaf) == 32),),
    "posting": (
        Check(name="positive", sql="amount > 0", holds=lambda row: row.amount > 0),
        Check(name="two_accounts", sql="source <> target",
              holds=lambda row: row.source != row.target),
    ),
    "balance": (Check(
        name="limit",
        sql="CASE WHEN account IN ('issued', 'supplier') OR substr(account, -5) = '/owed'"
            " THEN amount <= 0 ELSE amount >= 0 END",
        holds=lambda row: not limit_broken(row.account, row.amount),
    ),),
    "lot": (Check(
        name="parts",
        sql="granted > 0 AND free >= 0 AND held >= 0 AND free + held <= granted"
            " AND is_open = (free + held > 0)",
        holds=lambda row: (row.granted > 0 and row.free >= 0 and row.held >= 0
                           and row.free + row.held <= row.granted
                           and row.is_open == (row.free + row.held > 0)),
    ),),
}


class Shape:
    """The columns of one table: `encode` and `decode` rows, check the types of keys."""

    def __init__(self, table: Table) -> None:
        fields = attrs.fields(table.record)
        self.table = table
        self.columns = table.columns
        self.kinds: tuple[str, ...] = tuple(str(field.type) for field in fields)
        self.types = tuple(_TYPES[kind] for kind in self.kinds)
        self.checks = CHECKS.get(table.name, ())
        self.indexes: dict[str, Index] = {index.name: index for index in table.indexes}
        self.key_at = tuple(self.columns.index(name) for name in table.key)
        self.is_journal = table.nature == "journal"
        self.unique_at = tuple((index.name, self.columns.index(index.where))
                               for index in table.indexes if index.unique and index.where)
        # Nothing but the transaction's end depends on when the engine sees the entries, their
        # keys and what follows from them. Personal rows are guarded by the engine at once.
        self.may_wait = table.nature != "personal"
        self.key_types = tuple(self.types[at] for at in self.key_at)
        self._bounds: dict[str, tuple[tuple[str, ...], tuple[type, ...]]] = {
            name: (columns, tuple(self.types[self.columns.index(one)] for one in columns))
            for name, columns in (("", table.key), *((index.name, index.columns)
                                                     for index in table.indexes))
        }
        self._read = attrgetter(*self.columns)
        self._details_at = tuple(at for at, kind in enumerate(self.kinds) if kind == "Details")
        self.is_flat = not self._details_at
        self._whole_at = tuple(at for at, kind in enumerate(self.kinds) if kind == "int")

    def encode(self, row: object) -> Columns:
        """The row as plain ints, strs and bytes in the order of the columns.

        Raises:
            TypeError: a column holds another type (a float, a bool, None).
            ValueError: a whole number beyond 2**53-1, or details without a canonical form.
        """
        values: Columns = self._read(row)
        if self._details_at:
            listed = list(values)
            for at in self._details_at:
                listed[at] = canonical_bytes(dict(listed[at])).decode()
            values = tuple(listed)
        if tuple(map(type, values)) != self.types:
            values = tuple(map(_plain, values, self.types, self.columns))
        for at in self._whole_at:
            if not -WHOLE_MAX <= values[at] <= WHOLE_MAX:
                raise ValueError(f"{self.columns[at]}={values[at]} is beyond 2**53-1")
        return values

    def check(self, row: object) -> None:
        """BookDamaged if the row breaks a check of its table."""
        for check in self.checks:
            if not check.holds(row):
                raise BookDamaged(f"a row of {self.table.name} breaks the check {check.name!r}")

    def decode(self, values: Columns) -> Any:  # Any: a record of this table
        """The row that `encode` took apart.

        Raises:
            BookDamaged: details that `encode` never wrote.
        """
        named = dict(zip(self.columns, values, strict=True))
        for at in self._details_at:
            try:
                named[self.columns[at]] = details = json.loads(values[at])
                if type(details) is not dict:
                    raise ValueError("details are an object")
            except (ValueError, RecursionError):
                raise BookDamaged(f"details in {self.table.name} cannot be read") from None
        return self.table.record(**named)

    def key(self, key: tuple[object, ...]) -> Key:
        """A key as plain values; a wrong number or type of them is a TypeError."""
        if tuple(map(type, key)) == self.key_types:
            return key  # type: ignore[return-value]  # the types were just compared
        if len(key) != len(self.key_types):
            raise TypeError(f"a row of {self.table.name} is found by {', '.join(self.table.key)}")
        return tuple(map(_plain, key, self.key_types, self.table.key))

    def order(self, index: str) -> tuple[str, ...]:
        """The columns that an index sorts by, the key's own after them."""
        if not index:
            return self.table.key
        columns = self.indexes[index].columns
        return columns + tuple(name for name in self.table.key if name not in columns)

    def columns_at(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Where these columns stand; they begin with the key's (none: all columns)."""
        key = self.table.key
        if names and names[:len(key)] != key:
            raise TypeError(f"columns of {self.table.name} begin with {', '.join(key)}")
        return tuple(map(self.columns.index, names)) if names else tuple(range(len(self.columns)))

    def bounds(
        self, index: str, equal: tuple[object, ...], low: object, high: object,
    ) -> tuple[Key, int | str | None, int | str | None]:
        """What `find` was given, as plain values of the index's columns."""
        names, types = self._bounds[index]
        at = len(equal)
        if at + (low is not None or high is not None) > len(names):
            raise TypeError(f"{self.table.name} has no further column to find by after {names}")
        first, last = (
            None if bound is None else _plain(bound, types[at], names[at]) for bound in (low, high)
        )
        return tuple(map(_plain, equal, types, names)), first, last


def shape_of(record: type[Any]) -> Shape:  # Any: any record class
    """The shape of a record class; a class that no table is made of is a TypeError."""
    try:
        return SHAPES[record]
    except KeyError:
        raise TypeError(f"no table keeps rows of {brief(record)}") from None


def _plain(value: object, kind: type, name: str) -> Any:  # Any: int, str or bytes by `kind`
    """`value` as exactly `kind`: a StrEnum becomes its text, a bool is refused."""
    if type(value) is kind:
        return value
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{name} takes {kind.__name__}, not {brief(value)}")
    return str.__str__(value) if isinstance(value, str) else kind(value)


SHAPES: Mapping[type[Any], Shape] = {table.record: Shape(table) for table in TABLES}
