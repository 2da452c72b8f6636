"""One change behind the book's back: a column, a missing or added row, two exchanged ones."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal

import attrs

from lovepoints.core.tables import TABLES, Table
from lovepoints.core.verifying import verify
from lovepoints.errors import BookDamaged, StoreError
from lovepoints.stores import sqlite

How = Literal["change", "delete", "insert", "swap"]
ROWS = {
    "secret": {"book": "name = 'book'", "pepper": "name = 'pepper'"},
    "key_register": {"applied": "code = ''", "refused": "code <> ''"},
}
"""Tables whose rows mean different things: each sort is tampered with by a name of its own."""


@attrs.frozen
class Tampering:
    """What is done to which table; `column` is "" where whole rows come or go, and `row` names
    the sort of rows meant, where those of a table mean different things."""

    table: Table
    how: How
    column: str = ""
    row: str = ""

    @property
    def name(self) -> str:
        """For the report."""
        row = f"[{self.row}]" if self.row else ""
        return f"{self.how} {self.table.name}{row}{'.' * bool(self.column)}{self.column}"

    @property
    def _which(self) -> str:
        return ROWS[self.table.name][self.row] if self.row else "1"

    def do(self, path: Path, chance: random.Random) -> bool:
        """Tamper with a random row; False where the table has no row for it."""
        with closing(sqlite3.connect(path)) as file, file:
            file.execute("PRAGMA ignore_check_constraints = 1")
            rows = file.execute(f'SELECT * FROM "{self.table.name}" WHERE {self._which}').fetchall()
            wanted = 2 if self.how == "swap" else 1
            if len(rows) < wanted:
                return False
            before = set(file.execute(f'SELECT * FROM "{self.table.name}"'))
            getattr(self, f"_{self.how}")(file, *(
                dict(zip(self.table.columns, row, strict=True))
                for row in chance.sample(rows, wanted)))
            return before != set(file.execute(f'SELECT * FROM "{self.table.name}"'))

    def _change(self, file: sqlite3.Connection, row: dict[str, object]) -> None:
        self._set(file, row, other(row[self.column]))

    def _delete(self, file: sqlite3.Connection, row: dict[str, object]) -> None:
        where, values = self._place(row)
        file.execute(f'DELETE FROM "{self.table.name}" WHERE {where}', values)

    def _insert(self, file: sqlite3.Connection, row: dict[str, object]) -> None:
        new = {**row, **{name: _far(row[name]) for name in self.table.key}}
        marks = ", ".join("?" * len(new))
        file.execute(f'INSERT OR REPLACE INTO "{self.table.name}" VALUES ({marks})',
                     tuple(new.values()))

    def _swap(
        self, file: sqlite3.Connection, left: dict[str, object], right: dict[str, object],
    ) -> None:
        self._set(file, left, right[self.column])
        self._set(file, right, left[self.column])

    def _set(self, file: sqlite3.Connection, row: dict[str, object], value: object) -> None:
        where, values = self._place(row)
        file.execute(f'UPDATE OR REPLACE "{self.table.name}" SET "{self.column}" = ? '
                     f"WHERE {where}", (value, *values))

    def _place(self, row: dict[str, object]) -> tuple[str, tuple[object, ...]]:
        key = self.table.key
        return " AND ".join(f'"{name}" = ?' for name in key), tuple(row[name] for name in key)


def every() -> Iterator[Tampering]:
    """Each column of each table changed and exchanged, and rows of each table come and go."""
    for table in TABLES:
        for row in ROWS.get(table.name, ("",)):
            for column in table.columns:
                yield Tampering(table, "change", column, row)
            yield Tampering(table, "delete", row=row)
            yield Tampering(table, "insert", row=row)
        for column in table.columns:
            if column not in table.key:
                yield Tampering(table, "swap", column)


def other(value: object) -> object:
    """Another value of the same kind."""
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1]) if value else b"\0"
    text = str(value)
    return '{"x":1}' if text.startswith("{") else text + "x"


def is_seen(path: Path) -> bool:
    """Whether the book is refused, or its verification finds something."""
    try:
        store = sqlite.open_(path, readonly=True)
    except (BookDamaged, StoreError):
        return True
    try:
        return not verify(store).is_sound
    finally:
        store.close()


def _far(value: object) -> object:
    return value + 100_000 if isinstance(value, int) else f"{value}x"
