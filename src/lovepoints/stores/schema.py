"""From the declared tables to SQL: the schema, its guards, and the constant hot statements.

Names come from the closed list of `core/tables.py` only; values are always parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from lovepoints.core.tables import TABLES, Index, Table
from lovepoints.stores.shape import SHAPES, Shape

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

SCHEMA_VERSION = 4
"""The newest schema that this program knows; `PRAGMA user_version` of a book's file."""
HOST_PREFIX = "lovepoints_"
"""What our tables are called in a host's database, so that they never meet the host's own."""
MIGRATION_SET, MIGRATION_TABLE = "lovepoints", "_sqlite_migrations"
"""Where sqlite-utils notes which steps were applied."""
GONE: tuple[str, ...] = ("entry_by_key", "balance_by_unit", "lot_ending", "deed_by_seq")
"""Indexes of earlier schemas that the newest one does without."""
_SQL_TYPES = {"int": "INTEGER", "str": "TEXT", "bytes": "BLOB", "Details": "TEXT"}


@attrs.frozen
class Created:
    """One object of the schema: its type and name in `sqlite_schema`, and the SQL that makes it."""

    type: str
    name: str
    sql: str


@lru_cache(maxsize=4)
def schema(prefix: str = "") -> tuple[Created, ...]:
    """Every table, index and trigger of a book, in the order of creation."""
    return tuple(created for table in TABLES for created in _objects(table, prefix))


def migrations(prefix: str = "") -> Migrations:
    """The steps from an empty database to the newest schema, for sqlite-utils to apply.

    Apply them inside a write transaction of our own: by themselves they race (60 of 120 tries).
    A journal table is never transformed, because that drops its triggers in silence.
    """
    from sqlite_utils import Migrations as Set

    steps = Set(MIGRATION_SET)

    @steps(name="1 tables")
    def tables(db: Database) -> None:
        _complete(db, prefix)

    @steps(name="2 later tables")
    def later(db: Database) -> None:
        _complete(db, prefix)

    @steps(name="3 the community's work")
    def work(db: Database) -> None:
        _complete(db, prefix)

    @steps(name="4 what ends next")
    def ends(db: Database) -> None:
        _complete(db, prefix)

    return steps


def _complete(db: Database, prefix: str) -> None:
    """Make what the newest schema has and this database lacks; let go of indexes it has no more.

    In a new book the first step makes everything and later ones find nothing to do.
    """
    for name in GONE:
        db.execute(f'DROP INDEX IF EXISTS "{prefix}{name}"')
    present = {name for name, in db.execute("SELECT name FROM sqlite_schema").fetchall()}
    for created in schema(prefix):
        if created.name not in present:
            db.execute(created.sql)


def differences(present: dict[str, str], prefix: str = "") -> tuple[str, ...]:
    """What a database lacks or has otherwise; `present` maps names to the SQL that it keeps."""
    found = []
    for created in schema(prefix):
        sql = present.get(created.name)
        if sql is None:
            found.append(f"{created.type} {created.name} is missing")
        elif " ".join(sql.split()) != " ".join(created.sql.split()):
            found.append(f"{created.type} {created.name} was changed")
    return tuple(found)


def strangers(present: Iterable[tuple[str, str, str]]) -> tuple[str, ...]:
    """What stands in a book's own file and could change what its statements do; `present` has
    type, name and table of every object.

    A trigger runs inside our verbs, a view runs with whoever reads it, and an index on a table of
    ours answers for it or stands in its way; other programs keep theirs in a file of their own.
    """
    ours = {created.name: created.type for created in schema()}
    tables = {name for name, kind in ours.items() if kind == "table"}
    return tuple(
        f"{kind} {name} does not belong to the book" for kind, name, table in present
        if ours.get(name) != kind and name not in GONE and (
            kind in ("trigger", "view") or (kind == "index" and table in tables)))


def _objects(table: Table, prefix: str) -> Iterator[Created]:
    name, shape = prefix + table.name, SHAPES[table.record]
    yield Created("table", name, _table_sql(shape, name))
    for index in table.indexes:
        yield Created("index", f"{name}_{index.name}", _index_sql(shape, index, name))
    if table.nature == "journal":
        for verb in ("update", "delete"):
            yield Created("trigger", f"{name}_no_{verb}", (
                f'CREATE TRIGGER "{name}_no_{verb}" BEFORE {verb.upper()} ON "{name}" '
                f"BEGIN SELECT RAISE(ABORT, '{name}: rows of the journal are never changed'); END"
            ))
    if table.name == "entry":
        yield Created("trigger", f"{name}_dense", (
            f'CREATE TRIGGER "{name}_dense" BEFORE INSERT ON "{name}" '
            f'WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM "{name}") '
            f"BEGIN SELECT RAISE(ABORT, '{name}: entries are numbered without a gap'); END"
        ))


def _table_sql(shape: Shape, name: str) -> str:
    key = shape.table.key
    is_rowid = len(key) == 1 and shape.key_types == (int,)
    lines = []
    for column, kind in zip(shape.columns, shape.kinds, strict=True):
        suffix = "PRIMARY KEY" if is_rowid and column in key else "NOT NULL"
        lines.append(f'"{column}" {_SQL_TYPES[kind]} {suffix}')
    lines += [f'CONSTRAINT "{check.name}" CHECK ({check.sql})' for check in shape.checks]
    if not is_rowid:
        lines.append(f"PRIMARY KEY ({_names(key)})")
    options = "STRICT" if is_rowid else "STRICT, WITHOUT ROWID"
    return f'CREATE TABLE "{name}" ({", ".join(lines)}) {options}'


def _index_sql(shape: Shape, index: Index, name: str) -> str:
    unique = "UNIQUE " if index.unique else ""
    where = f" WHERE {_where(shape, index)}" if index.where else ""
    return (f'CREATE {unique}INDEX "{name}_{index.name}" ON "{name}" '
            f"({_names(index.columns)}){where}")


def _where(shape: Shape, index: Index) -> str:
    empty = "0" if shape.kinds[shape.columns.index(index.where)] == "int" else "''"
    return f'"{index.where}" <> {empty}'


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


class Statements:
    """The statements of one table. Each is built once, so that the engine prepares it once."""

    def __init__(self, shape: Shape, prefix: str) -> None:
        self.shape = shape
        self._name = f'"{prefix}{shape.table.name}"'
        self._finds: dict[tuple[str, int, bool, bool, bool, bool], str] = {}
        key = shape.table.key
        columns = _names(shape.columns)
        same_key = " AND ".join(f'"{name}" = ?' for name in key)
        self._same_key = same_key
        self._updates: dict[tuple[int, ...], str] = {}
        self._select = f"SELECT {columns} FROM {self._name}"
        self.get = f"{self._select} WHERE {same_key}"
        self.drop = f"DELETE FROM {self._name} WHERE {same_key}"
        self.put = f"INSERT INTO {self._name} ({columns}) VALUES ({_marks(len(shape.columns))})"
        if shape.table.nature != "journal":
            # An upsert by key, not INSERT OR REPLACE: that would also throw out a *different*
            # row that is in the way of a unique index.
            changes = ", ".join(
                f'"{name}" = excluded."{name}"' for name in shape.columns if name not in key
            )
            self.put += f" ON CONFLICT ({_names(key)}) DO UPDATE SET {changes}"
        order = _names(key)
        self.scan_first = f"{self._select} ORDER BY {order} LIMIT ?"
        self.scan_after = f'{self._select} WHERE "{key[0]}" > ? ORDER BY {order} LIMIT ?'
        self.scan_next = (f"{self._select} WHERE ({order}) > ({_marks(len(key))}) "
                          f"ORDER BY {order} LIMIT ?")

    def update(self, at: tuple[int, ...]) -> str:
        """The statement that changes these columns of a row, then names its key; an index whose
        columns stay as they are is not touched, as it is by an upsert."""
        if at not in self._updates:
            changes = ", ".join(f'"{self.shape.columns[one]}" = ?' for one in at)
            self._updates[at] = f"UPDATE {self._name} SET {changes} WHERE {self._same_key}"
        return self._updates[at]

    def find(
        self, index: str, equal: int, low: bool, high: bool, reverse: bool, limit: bool,
    ) -> str:
        """The statement for `Rows.find` with so many equal columns and these bounds."""
        shape = (index, equal, low, high, reverse, limit)
        if shape not in self._finds:
            self._finds[shape] = self._find_sql(*shape)
        return self._finds[shape]

    def pieces(
        self, columns: tuple[str, ...], low: bool, high: bool, *, goes_on: bool = False,
    ) -> str:
        """The statement for `Store.pieces`: the first piece, or the one after a key."""
        key = self.shape.table.key
        terms = [f'"{key[0]}" >= ?'] * low + [f'"{key[0]}" <= ?'] * high
        if goes_on:
            terms.append(f"({_names(key)}) > ({_marks(len(key))})")
        where = f" WHERE {' AND '.join(terms)}" if terms else ""
        return (f"SELECT {_names(columns or self.shape.columns)} FROM {self._name}{where} "
                f"ORDER BY {_names(key)} LIMIT ?")

    def _find_sql(
        self, index: str, equal: int, low: bool, high: bool, reverse: bool, limit: bool,
    ) -> str:
        order = self.shape.order(index)
        terms = [f'"{name}" = ?' for name in order[:equal]]
        if low:
            terms.append(f'"{order[equal]}" >= ?')
        if high:
            terms.append(f'"{order[equal]}" <= ?')
        if index and (declared := self.shape.indexes[index]).where:
            terms.append(_where(self.shape, declared))
        where = f" WHERE {' AND '.join(terms)}" if terms else ""
        by = ", ".join(f'"{name}"{" DESC" if reverse else ""}' for name in order)
        return f"{self._select}{where} ORDER BY {by}{' LIMIT ?' if limit else ''}"


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def statements(prefix: str = "") -> dict[type[Any], Statements]:
    """The statements of every record class; Any: records of many tables."""
    return {record: Statements(shape, prefix) for record, shape in SHAPES.items()}
