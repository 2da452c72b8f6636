"""One SQLite connection and its transactions: who may begin one, and what an error ended."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import get_ident
from typing import TYPE_CHECKING, Literal

from lovepoints.errors import BookDamaged, StoreError
from lovepoints.stores.failing import ours
from lovepoints.stores.shape import Columns
from lovepoints.stores.waiting import Patience, Queue, Waits

if TYPE_CHECKING:
    import sqlite3


class Connection:
    """Our hold on a connection, our own or a host's. Threads take turns on it.

    `raw` is the DB-API object. Statements go through one cursor of ours, so that a host's row
    factory is neither met nor changed.
    """

    def __init__(
        self, raw: sqlite3.Connection, *, is_joined: bool, waits: Waits, queue: Queue,
    ) -> None:
        self.raw = raw
        self.is_joined = is_joined
        # Another SQLite module than the standard one has exception classes of its own.
        self.error: type[Exception] = raw.Error
        self.opened: Literal["", "transaction", "savepoint"] = ""
        self._is_lost = False
        self._reading = 0
        self._verbs = self._savepoints = 0
        """How many verbs are open, and how many of them have a savepoint: those before the last
        statement that changed something."""
        self.steady_thread = 0
        """The thread with a transaction of ours open: what it has read stays true until the end."""
        self._cursor = raw.cursor()
        self._cursor.row_factory = None
        self._waits = waits
        self._queue = queue
        self._lock = threading.RLock()
        self._pid = os.getpid()

    # statements

    def rows(self, sql: str, values: Columns = ()) -> list[Columns]:
        """What a reading statement finds; waits if it must, unless a transaction is open."""
        self.acquire()
        try:
            return self.run(sql, values)
        except StoreError as error:
            if error.code != "busy" or self.raw.in_transaction:
                raise
            return self.patience().run(lambda: self.run(sql, values))
        finally:
            self._lock.release()

    def change(self, sql: str, values: Columns = ()) -> None:
        """Run a writing statement inside `writing()`."""
        self.acquire()
        try:
            self._ready_to_change()
            self.run(sql, values)
        finally:
            self._lock.release()

    def change_many(self, sql: str, rows: Sequence[Columns]) -> None:
        """Run a writing statement for each row inside `writing()`."""
        if len(rows) > 1:
            self._ready_to_change()
            self.run(sql, rows, is_many=True)
        elif rows:
            self.change(sql, rows[0])

    def update_many(self, sql: str, rows: Sequence[Columns]) -> None:
        """Run a statement that changes one row for each of these.

        Raises:
            BookDamaged: the engine has not all of these rows.
        """
        self.change_many(sql, rows)
        if self._cursor.rowcount != len(rows):
            raise BookDamaged("a row that was read is not in the book any more")

    def check_writing(self) -> None:
        """Whether rows may be written now.

        Raises:
            RuntimeError: outside of `writing()`. StoreError: the engine ended the transaction.
        """
        if not self.opened:
            raise RuntimeError("rows are written inside writing() only")
        if self._is_lost or not self.raw.in_transaction:
            self._refuse_lost()

    def _ready_to_change(self) -> None:
        """Every open verb has its savepoint before a statement changes something. Most verbs need
        none: what they change waits in memory until the transaction ends."""
        self.check_writing()
        while self._savepoints < self._verbs:
            self.run("SAVEPOINT verb")
            self._savepoints += 1

    def run(
        self, sql: str, values: Columns | Sequence[Columns] = (), *, is_many: bool = False,
    ) -> list[Columns]:
        """Run any statement now; the engine's errors come out as ours."""
        if os.getpid() != self._pid:
            raise StoreError("storage_error", "this store was opened before a fork and belongs to "
                                              "the parent; open the book again in this process")
        factory = self.raw.text_factory
        if factory is not str:
            self.raw.text_factory = str
        try:
            if is_many:
                self._cursor.executemany(sql, values)
                return []
            return self._cursor.execute(sql, values).fetchall()
        except self.error as error:
            # A full disk and some input/output errors end the transaction by themselves.
            self._is_lost = bool(self.opened) and not self.raw.in_transaction
            raise ours(error) from error
        finally:
            if factory is not str:
                self.raw.text_factory = factory

    def patience(self) -> Patience:
        """The patience of one transaction or one read."""
        return self._waits.patience()

    # transactions

    @contextmanager
    def writing(self, on_begin: Callable[[], None]) -> Iterator[None]:
        """Our own transaction, or a savepoint in the host's; `on_begin` runs inside, first."""
        with self.held():
            patience = self.patience()
            self._begin(patience)
            try:
                on_begin()
                self.steady_thread = get_ident()
                yield
            except BaseException:
                self.steady_thread = 0
                self._undo()
                raise
            self.steady_thread = 0
            self._commit(patience)

    @contextmanager
    def verb(self) -> Iterator[None]:
        """What is written inside can be undone alone, inside `writing()`."""
        with self.held():
            self.check_writing()
            self._verbs += 1
            try:
                yield
            except BaseException:
                self._end_verb(undo=True)
                raise
            self._end_verb(undo=False)

    @property
    def is_in_verb(self) -> bool:
        """Whether a verb is open, so that what it writes may have to be undone."""
        return self._verbs > 0

    def _end_verb(self, *, undo: bool) -> None:
        """Let go of the innermost verb's savepoint, if it needed one. The constant name keeps the
        statements prepared."""
        has_savepoint = self._savepoints == self._verbs
        self._verbs -= 1
        if not has_savepoint:
            return
        self._savepoints -= 1
        if not undo:
            self.check_writing()
            self.run("RELEASE verb")
        elif self.opened and self.raw.in_transaction:
            self.run("ROLLBACK TO verb")
            self.run("RELEASE verb")

    @contextmanager
    def reading(self, on_begin: Callable[[], None]) -> Iterator[None]:
        """Several reads that see one state; `on_begin` runs first in a transaction of our own."""
        self.acquire()
        try:
            is_ours = not (self.opened or self._reading or self.raw.in_transaction)
            if is_ours:
                self.patience().run(lambda: self._begin_reading(on_begin))
                self.steady_thread = get_ident()
            self._reading += 1
            try:
                yield
            finally:
                self._reading -= 1
                if is_ours:
                    self.steady_thread = 0
                    if self.raw.in_transaction:
                        self.run("COMMIT")
        finally:
            self._lock.release()

    def rebuild(self) -> bool:
        """Write our own file anew without free pages; whether its log is empty then, too."""
        with self.held():
            if self.opened or self._reading:
                raise RuntimeError("a file is rebuilt outside writing() and reading()")
            patience = self.patience()
            with self._queue.turn(patience):
                patience.run(lambda: self.run("VACUUM"))
            if self.run("PRAGMA journal_mode")[0][0] != "wal":
                return True
            return not self.run("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]

    @contextmanager
    def held(self) -> Iterator[None]:
        """This thread alone uses the connection."""
        self.acquire()
        try:
            yield
        finally:
            self._lock.release()

    def close(self) -> None:
        """Let go; a host's connection stays open. After a fork the parent's file is not touched."""
        if os.getpid() != self._pid:
            return
        self._queue.close()
        with suppress(self.error):
            self._cursor.close()
        if not self.is_joined:
            self.raw.close()

    def release(self) -> None:
        """Let the next thread use the connection."""
        self._lock.release()

    # the inside

    def acquire(self) -> None:
        """Wait until this thread alone uses the connection."""
        if not self._lock.acquire(timeout=self._waits.seconds):
            raise StoreError("busy", f"another thread has used this book for "
                                     f"{self._waits.seconds:g} seconds; nothing was written")

    def _begin(self, patience: Patience) -> None:
        if self.opened:
            raise RuntimeError("writing() does not nest; use verb() inside it")
        if self._reading:
            raise RuntimeError("writing() cannot begin inside reading()")
        self._is_lost = False
        if self.raw.in_transaction and self.is_joined:
            self.run("SAVEPOINT lovepoints")
            self.opened = "savepoint"
            return
        if self.raw.in_transaction:
            self.run("ROLLBACK")  # left open by an interrupt between two of our statements
        with self._queue.turn(patience):
            patience.run(lambda: self.run("BEGIN IMMEDIATE"))
        self.opened = "transaction"

    def _begin_reading(self, on_begin: Callable[[], None]) -> None:
        self.run("BEGIN")  # alone it sees no state yet: the first statement that reads does
        try:
            if self.is_joined:
                self.run("SELECT 1 FROM sqlite_schema LIMIT 1")
            on_begin()
        except StoreError:
            self.run("ROLLBACK")
            raise

    def _commit(self, patience: Patience) -> None:
        end = "RELEASE lovepoints" if self.opened == "savepoint" else "COMMIT"
        try:
            self._refuse_lost()
            # Busy here means that readers are still there; the transaction stays open meanwhile.
            patience.run(lambda: self.run(end))
        except BaseException:
            self._undo()
            raise
        self.opened = ""

    def _undo(self) -> None:
        kind, self.opened = self.opened, ""
        with suppress(self.error):
            if not self.raw.in_transaction:
                return
            if kind == "savepoint":
                self._cursor.execute("ROLLBACK TO lovepoints")
                self._cursor.execute("RELEASE lovepoints")
            else:
                self._cursor.execute("ROLLBACK")
        if not self.is_joined and self.raw.in_transaction:
            self.raw.close()  # the engine cannot even roll back: the next opening recovers

    def _refuse_lost(self) -> None:
        if self._is_lost or not self.raw.in_transaction:
            raise StoreError("storage_error", (
                "the engine has ended this transaction after an error; nothing of it was written"
            ))
