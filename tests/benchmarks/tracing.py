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
NO_ROW = re.compile(r"WHERE 0\s*$", re.IGNORECASE)


class Said(NamedTuple):
    """One statement and its values; `many` for `executemany`."""

    sql: str
    values: Any
    many: bool = False

    @property
    def is_writing(self) -> bool:
        """Whether it can change a row."""
        return bool(WRITING.match(self.sql)) and not NO_ROW.search(self.sql)


class Notes(list[Said]):
    """The statements so far; only while `is_on`."""

    is_on = True


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


def commits(notes: Notes) -> list[list[Said]]:
    """The writing statements, one list for each transaction."""
    found: list[list[Said]] = []
    for said in notes:
        if said.sql.startswith("BEGIN"):
            found.append([])
        elif said.is_writing and found:
            found[-1].append(said)
    return found
