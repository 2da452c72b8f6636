"""The SQLite store: one file is one community; or tables in a host's own database.

`create` makes a file, `open_` opens one, `join` uses a host program's live connection. What a
verb wrote is on the disk when `writing()` ends (`synchronous=FULL`). A COMMIT that reports an
error may be visible later all the same: repeat the call with its key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from os import PathLike
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Any

from lovepoints.errors import StoreError, brief
from lovepoints.stores import examining, opening, schema
from lovepoints.stores.connection import Connection
from lovepoints.stores.failing import ours
from lovepoints.stores.sqlite_rows import SqliteRows
from lovepoints.stores.waiting import Queue, Waits

if TYPE_CHECKING:
    import sqlite3


def create(
    path: str | PathLike[str], *, waits: Waits | None = None,
    durability: opening.Durability = "full",
) -> SqliteStore:
    """Make a new file (readable by its owner only) with the tables of a book, and open it.

    Raises:
        StoreError: exists, missing (the folder), read_only, storage_full, storage_error.
    """
    place = opening.fresh(path)
    try:
        return _opened(place, waits, durability, is_new=True)
    except BaseException:
        opening.remove(place)
        raise


def open_(
    path: str | PathLike[str], *, readonly: bool = False, waits: Waits | None = None,
    durability: opening.Durability = "full",
) -> SqliteStore:
    """Open the file of a book; never creates one.

    A newer book, one that lacks a table, index or guard, and one that may not be written are
    opened for reading only: look at `is_writable` and `describe()`.

    Raises:
        StoreError: missing, not_a_book, busy, storage_error. BookDamaged: a malformed file.
    """
    return _opened(opening.existing(path), waits, durability, readonly=readonly)


def discard(path: str | PathLike[str]) -> None:
    """Take away a file that `create` just made and that never became a book."""
    opening.remove(opening.absolute(path))


def join(connection: Any, *, waits: Waits | None = None) -> SqliteStore:  # Any: a DB-API object
    """Use a host program's live connection, inside the host's transactions.

    In an open transaction each `writing()` is a savepoint, and nothing is durable before the
    host commits; otherwise it is a transaction of its own. The host's transaction is never
    committed or rolled back, its pragmas and factories are never changed. Missing tables are
    made (named `lovepoints_...`). Begin host transactions with BEGIN IMMEDIATE: a deferred one
    that has read already can be refused as busy at its first write.

    Raises:
        TypeError: not a connection of sqlite3's kind, or one with `autocommit` True or False.
        StoreError: busy, read_only, storage_error.
    """
    connection = getattr(connection, "driver_connection", connection)
    if not (hasattr(connection, "in_transaction") and hasattr(connection, "Error")):
        raise TypeError(f"a path or a live sqlite3 connection is needed, not {brief(connection)}")
    if getattr(connection, "autocommit", -1) in (True, False):
        raise TypeError(
            "a connection with autocommit=True or False cannot be joined; connect with "
            "isolation_level=None (or the default) and leave autocommit alone"
        )
    with _translated(connection.Error):
        is_book = opening.asked(connection, "application_id") == opening.APPLICATION_ID
        store = SqliteStore(connection, prefix="" if is_book else schema.HOST_PREFIX,
                            is_joined=True, waits=waits)
        store._examine_host()
        return store


def _opened(
    place: Path, waits: Waits | None, durability: opening.Durability, *,
    readonly: bool = False, is_new: bool = False,
) -> SqliteStore:
    waits = waits or Waits()
    writable = not readonly and opening.may_write(place)
    busy = min(opening.BUSY_MILLISECONDS, int(waits.seconds * 1000))
    with _translated(opening.engine().Error):
        if not is_new:
            opening.recognise(place)
        raw = opening.connect(place, writable=writable, busy_milliseconds=busy)
        store = SqliteStore(raw, path=str(place), waits=waits, is_writable=writable)
        try:
            store._prepare(durability, busy, is_new=is_new)
            return store
        except BaseException:
            store.close()
            raise


@contextmanager
def _translated(error_class: type[Exception]) -> Iterator[None]:
    try:
        yield
    except error_class as error:
        raise ours(error) from error


class SqliteStore(SqliteRows):
    """A `Store` in SQLite. Made by `create`, `open_` and `join`.

    Safe between threads, which take turns on its one connection, and between programs, which
    wait for one another. Not to be used after a fork.
    """

    def __init__(
        self, raw: sqlite3.Connection, *, path: str = "", prefix: str = "",
        is_joined: bool = False, is_writable: bool = True, waits: Waits | None = None,
    ) -> None:
        self.is_joined = is_joined
        self.is_writable = is_writable
        self.weaknesses: tuple[str, ...] = ()
        queue = Queue(f"{path}-queue" if path else "")
        super().__init__(
            Connection(raw, is_joined=is_joined, waits=waits or Waits(), queue=queue), prefix)
        self._path = path
        self._prefix = prefix
        self._version = schema.SCHEMA_VERSION
        self._differences: tuple[str, ...] = ()
        self._schema_seen = -1

    # transactions

    @property
    def is_inside_host(self) -> bool:
        """A host's transaction is open around us: what we write is durable when it commits."""
        return self.is_joined and bool(self._connection.raw.in_transaction)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction; see `Store.writing`."""
        if not self.is_writable:
            raise StoreError(*self._why_readonly())
        self._connection.acquire()  # no other thread looks before what is kept is settled
        try:
            with self._connection.writing(self._begun):
                yield
                self._write_down_all()
            self._kept.settle()
        except BaseException:
            self._kept.forget()
            raise
        finally:
            self._connection.release()

    @contextmanager
    def verb(self) -> Iterator[None]:
        """A savepoint inside `writing()`; see `Store.verb`."""
        if self._kept.is_full and not self._connection.is_in_verb:
            self._write_down_all()  # a long batch needs no more memory than a short one
            self._kept.settle()
        mark = self._kept.mark()
        try:
            with self._connection.verb():
                yield
        except BaseException:
            self._kept.take_back(mark)
            raise

    def reading(self) -> AbstractContextManager[None]:
        """Several reads that see one state; see `Store.reading`."""
        return self._connection.reading(self._ready_to_read)

    def noted(self, name: object, *, lasting: bool = False) -> Any:  # Any: each reader's own
        """What was noted under this name; see `Store.noted`."""
        notes, connection = self._kept.notes, self._connection
        if lasting or notes.get(name, lasting=False) is None:
            return notes.get(name, lasting=lasting)
        connection.acquire()
        try:
            if connection.opened:
                return None  # a row may have changed already that waits to be written
            if connection.steady_thread != get_ident():
                self._trust()
            return notes.get(name, lasting=False)
        finally:
            connection.release()

    def note(self, name: object, worked_out: object, *, lasting: bool = False) -> None:
        """Keep what was worked out in this `reading()`; see `Store.note`."""
        connection = self._connection
        if connection.steady_thread == get_ident() and not (connection.opened or self.is_joined):
            self._kept.notes.put(name, worked_out, lasting=lasting)

    # the file

    def examine(self) -> tuple[str, ...]:
        """What the engine finds wrong with the file; see `Store.examine`."""
        return examining.damages(self._connection, self._prefix)

    def backup(self, path: str | PathLike[str]) -> None:
        """Copy the book to a new file while others may go on writing.

        Never copy the file of an open book in another way: what is in its journal would be lost.

        Raises:
            StoreError: exists, missing (the folder), storage_full, storage_error.
        """
        if self.is_joined or self._connection.opened:
            raise RuntimeError("a backup is made outside writing(), and of a file of our own")
        place = opening.fresh(path)
        try:
            with self._connection.held(), _translated(self._connection.error):
                copy = opening.connect(place, writable=True)
                try:
                    self._connection.raw.backup(copy)
                finally:
                    copy.close()
        except BaseException:
            opening.remove(place)
            raise

    def scrub(self) -> bool:
        """Build the file anew from its live rows, and empty its log; see `Store.scrub`.

        `secure_delete` overwrites a row where it lay, but not the copies that splitting a page
        left between the rows of other pages: only a new file is sure to hold none.
        """
        if self.is_joined or not self.is_writable:
            return False
        try:
            return self._connection.rebuild()
        except StoreError:
            return False

    def describe(self) -> Mapping[str, str]:
        """What `doctor` prints: engine, version, journal mode, durability, weaknesses."""
        raw = self._connection.raw
        with self._connection.held(), _translated(self._connection.error):
            return {
                "engine": f"{type(raw).__module__} {opening.version_of(raw)}",
                "path": self._path or "a host's connection",
                **{name: str(opening.asked(raw, name))
                   for name in ("journal_mode", "synchronous", "page_size")},
                "schema": str(self._version),
                "writable": "yes" if self.is_writable else "no",
                "differences": "; ".join(self._differences),
                "weaknesses": "; ".join(self.weaknesses),
            }

    def close(self) -> None:
        """Let go of the store; a host's connection stays open."""
        self._connection.close()

    # opening

    def _prepare(self, durability: opening.Durability, busy: int, *, is_new: bool) -> None:
        """Check, harden and (if new or older) build a file of our own."""
        self._connection.patience().run(lambda: self._look(durability, busy, is_new))
        if self._version < schema.SCHEMA_VERSION and self.is_writable and not self._strangers():
            with self._connection.writing(self._install):
                pass
        self._compare()

    def _look(self, durability: opening.Durability, busy: int, is_new: bool) -> None:
        raw = self._connection.raw
        with _translated(self._connection.error):
            if is_new:
                opening.prepare_new(raw)
            self._version = 0 if is_new else opening.identify(raw, self._path)
            opening.harden(raw, durability=durability, writable=self.is_writable,
                           busy_milliseconds=busy)
            self.weaknesses = opening.weaknesses(raw)

    def _examine_host(self) -> None:
        """Look at a host's database; make what is missing of the newest schema."""
        self.weaknesses = opening.weaknesses(self._connection.raw)
        self._version = self._applied()
        if self._version < schema.SCHEMA_VERSION:
            with self._connection.writing(self._install):
                pass
        self._schema_seen = self._schema_cookie()
        self._compare()

    def _trust(self) -> None:
        """Forget what was kept if anybody else may have written; a transaction of our own that
        has just begun sees the state that this asks about."""
        version = -1 if self.is_joined else int(
            self._connection.rows("PRAGMA data_version")[0][0])
        if version != self._kept.version or version < 0:
            self._kept.forget()
            self._kept.version = version

    def _ready_to_read(self) -> None:
        """Inside a fresh transaction that only reads: know what still holds, and not too much."""
        self._trust()
        self._kept.trim()

    def _begun(self) -> None:
        """Inside a fresh transaction: in a host's, look for our tables and get the write lock."""
        self._trust()
        if not self.is_joined:
            return
        # A host that rolled back may have taken our tables away with its transaction.
        if self._schema_seen != self._schema_cookie():
            if self._applied() < schema.SCHEMA_VERSION:
                self._install()
            self._schema_seen = self._schema_cookie()
        # Touches no row, but facts must be read after the write lock is held, not before.
        self._connection.run(f'UPDATE "{self._prefix}frontier" SET level = level WHERE 0')

    def _install(self) -> None:
        """Apply the missing migrations, inside our transaction or savepoint."""
        from sqlite_utils import Database

        raw = self._connection.raw
        with opening.plainly(raw), _translated(self._connection.error):
            # No plugins in the book's connection; recursive_triggers is set by harden() in a
            # file of our own and left alone in a host's.
            database = Database(raw, execute_plugins=False, recursive_triggers=False)
            schema.migrations(self._prefix).apply(database)
            if not self._prefix:
                opening.stamp(raw)
        self._version = schema.SCHEMA_VERSION

    def _applied(self) -> int:
        """How many migrations the database has had: its schema version, wherever it lies."""
        rows = self._connection.rows
        if not rows("SELECT 1 FROM sqlite_schema WHERE name = ?", (schema.MIGRATION_TABLE,)):
            return 0
        return int(rows(f"SELECT count(*) FROM {schema.MIGRATION_TABLE} WHERE migration_set = ?",
                        (schema.MIGRATION_SET,))[0][0])

    def _schema_cookie(self) -> int:
        return int(self._connection.rows("PRAGMA schema_version")[0][0])

    def _compare(self) -> None:
        if self._version <= schema.SCHEMA_VERSION:
            present = self._connection.rows(
                "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
            self._differences = (*schema.differences(dict(present), self._prefix),
                                 *self._strangers())
        if self._differences or self._version > schema.SCHEMA_VERSION:
            self.is_writable = False

    def _strangers(self) -> tuple[str, ...]:
        """What does not belong into a file of our own; a host's database is the host's."""
        if self.is_joined:
            return ()
        rows = self._connection.rows(
            "SELECT type, name, tbl_name FROM sqlite_schema WHERE sql IS NOT NULL")
        return schema.strangers((str(kind), str(name), str(table)) for kind, name, table in rows)

    def _why_readonly(self) -> tuple[str, str]:
        if self._version > schema.SCHEMA_VERSION:
            return "newer_book", (f"the book has schema {self._version}, this program knows "
                                  f"{schema.SCHEMA_VERSION}; please update the program")
        if self._differences:
            shown = "; ".join(self._differences[:3]) + ("; ..." if self._differences[3:] else "")
            return "read_only", f"the book may only be read: {shown}. Please restore a backup"
        return "read_only", "the book was opened for reading, or its file may not be written"
