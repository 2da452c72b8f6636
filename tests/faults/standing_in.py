"""Another engine in the place of `sqlite3`: SQLite as apsw brings it.

The library asks `sqlite_utils` for its engine. `stand_in` puts one there that speaks like
`sqlite3` and runs on apsw's newer SQLite, whose log is safe.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import apsw
from sqlite_utils import utils

_CLASSES = {apsw.ConstraintError: sqlite3.IntegrityError,
            apsw.MisuseError: sqlite3.ProgrammingError,
            apsw.ConnectionClosedError: sqlite3.ProgrammingError,
            apsw.CorruptError: sqlite3.DatabaseError, apsw.NotADBError: sqlite3.DatabaseError}


@contextmanager
def _plainly() -> Iterator[None]:
    """apsw's errors come out as those of `sqlite3`, with their codes."""
    try:
        yield
    except apsw.Error as error:
        kind = next((ours for theirs, ours in _CLASSES.items() if isinstance(error, theirs)),
                    sqlite3.OperationalError)
        plain = kind(str(error) or type(error).__name__)
        plain.sqlite_errorcode = (  # type: ignore[attr-defined]  # as the engine of 3.11 has it
            getattr(error, "extendedresult", 0) or getattr(error, "result", 0))
        raise plain from error


class Cursor:
    """A cursor as the store uses one."""

    row_factory = None

    def __init__(self, raw: apsw.Connection) -> None:
        self._raw, self._found, self.rowcount = raw, list[Any](), -1
        self.description: tuple[Any, ...] | None = None

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        """Run a statement to its end."""
        cursor = self._raw.cursor()
        cursor.exec_trace = self._described
        with _plainly():
            self._found = cursor.execute(sql, tuple(values)).fetchall()
            self.rowcount = self._raw.changes() if _changes(sql) else -1
        return self

    def _described(self, cursor: apsw.Cursor, sql: str, values: Any) -> bool:
        """The names of the columns can be asked for only before the first row."""
        self.description = cursor.get_description()
        return True

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> Cursor:
        """Run a statement for each row."""
        changed = 0
        for values in rows:
            changed += self.execute(sql, values).rowcount
        self.rowcount = changed
        return self

    @property
    def lastrowid(self) -> int:
        """The row that was inserted last."""
        return int(self._raw.last_insert_rowid())

    def fetchall(self) -> list[Any]:
        """What was found."""
        return self._found

    def fetchone(self) -> Any:
        """The first of what was found and not fetched yet."""
        return self._found.pop(0) if self._found else None

    def close(self) -> None:
        """Nothing is held."""

    def __iter__(self) -> Iterator[Any]:
        return iter(self._found)


class Connection:
    """A connection as the store uses one."""

    Error, ProgrammingError = sqlite3.Error, sqlite3.ProgrammingError
    row_factory = None
    text_factory: Any = str

    def __init__(self, raw: apsw.Connection) -> None:
        self._raw = raw

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        with _plainly():
            return bool(self._raw.in_transaction)

    def cursor(self) -> Cursor:
        """A cursor of its own."""
        return Cursor(self._raw)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        """Run a statement."""
        return self.cursor().execute(sql, values)

    def close(self) -> None:
        """Let go, whatever is still open."""
        self._raw.close(True)


class Engine:
    """What stands where `sqlite3` stood."""

    Error, DatabaseError = sqlite3.Error, sqlite3.DatabaseError
    OperationalError, IntegrityError = sqlite3.OperationalError, sqlite3.IntegrityError
    sqlite_version = apsw.sqlite_lib_version()
    sqlite_version_info = tuple(map(int, apsw.sqlite_lib_version().split(".")))

    @staticmethod
    def connect(name: str, *, timeout: float = 5.0, **_: Any) -> Connection:
        """A connection to a file named by its URI."""
        with _plainly():
            raw = apsw.Connection(name, flags=(
                apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI))
            raw.set_busy_timeout(int(timeout * 1000))
        return Connection(raw)


def _changes(sql: str) -> bool:
    return sql.split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE")


def stand_in() -> None:
    """Put apsw's engine under the library of this process."""
    utils.sqlite3 = Engine
