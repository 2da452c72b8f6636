"""What the library says to its engine: every statement with its values, seen from outside.

The book is opened in the ordinary way while `sqlite3.connect` hands out connections that take
notes, so that nothing of the library is patched and no statement differs.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from lovepoints.stores.opening import engine

WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


class Said(NamedTuple):
    """One statement and its values; a list of them and `many` for `executemany`."""

    sql: str
    values: Any
    many: bool = False

    @property
    def is_writing(self) -> bool:
        """Whether it can change a row."""
        return bool(WRITING.match(self.sql))

    @property
    def times(self) -> int:
        """How often the engine runs it."""
        return len(self.values) if self.many else 1


class Notes(list[Said]):
    """The statements so far; only while `is_on`."""

    is_on = False

    @contextmanager
    def taken(self) -> Iterator[Notes]:
        """Begin anew, and take notes inside the block only."""
        self.clear()
        self.is_on = True
        try:
            yield self
        finally:
            self.is_on = False

    @property
    def runs(self) -> int:
        """How many statements the engine ran."""
        return sum(said.times for said in self)

    @property
    def written(self) -> int:
        """How many of them wrote a row."""
        return sum(said.times for said in self if said.is_writing)

    def commits(self) -> list[list[Said]]:
        """All between a BEGIN and its COMMIT, one list for each transaction."""
        found: list[list[Said]] = []
        for said in self:
            if said.sql.startswith("BEGIN"):
                found.append([])
            elif said.sql != "COMMIT" and found:
                found[-1].append(said)
        return found


@contextmanager
def noting(notes: Notes) -> Iterator[Notes]:
    """Connections that are opened inside the block write their statements into `notes`."""

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, values: Any = (), /) -> Any:
            if notes.is_on:
                notes.append(Said(sql, values))
            return super().execute(sql, values)

        def executemany(self, sql: str, values: Iterable[Any], /) -> Any:
            kept = list(values)
            if notes.is_on:
                notes.append(Said(sql, kept, many=True))
            return super().executemany(sql, kept)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = None) -> Any:
            return super().cursor(factory or Cursor)

        def execute(self, sql: str, values: Any = (), /) -> Any:
            return self.cursor().execute(sql, values)

        def executemany(self, sql: str, values: Iterable[Any], /) -> Any:
            return self.cursor().executemany(sql, values)

    module = engine()
    plain = module.connect

    def connect(*args: Any, **more: Any) -> Any:
        more.setdefault("factory", Connection)
        return plain(*args, **more)

    module.connect = connect
    try:
        yield notes
    finally:
        module.connect = plain
