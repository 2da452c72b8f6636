"""Faults put into the library on purpose, inside a process of ours: the teeth of the fault rows.

A harness that cannot fail is worth nothing. So each row also runs on a library that is broken by
name, and must see exactly what the mutant declares: O1 (the book is not sound), O2 (something
acknowledged is missing or comes twice), "error" (an answer of another class than promised).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import local
from typing import Any

import attrs

from lovepoints.core.rows import Balance, KeyRow, Lot
from lovepoints.desks import command
from lovepoints.errors import StoreError
from lovepoints.stores import connection, opening
from lovepoints.stores.connection import Connection
from lovepoints.stores.kept import Kept
from lovepoints.stores.schema import statements
from lovepoints.stores.shape import shape_of
from lovepoints.stores.sqlite import SqliteStore


@attrs.frozen
class Mutant:
    """A broken library: how to break it, and what a harness must then see."""

    plant: Callable[[], None]
    breaks: frozenset[str]


def plant(name: str) -> None:
    """Break this process's library."""
    MUTANTS[name].plant()


def _replace(owner: Any, name: str, new: Any) -> None:  # Any: a class or module of the library
    """Put something else in the place of what must be there: a mutant of nothing is no mutant."""
    assert hasattr(owner, name), f"{owner.__name__} has no {name}: the mutant must follow the code"
    setattr(owner, name, new)


def _weak_sync(level: int) -> Callable[[], None]:
    """The engine is told to sync less than the book promises."""
    return lambda: _replace(opening, "_SYNCHRONOUS", {"normal": 1, "full": level, "extra": level})


def _answers_before_commit() -> None:
    """A verb returns when its rows are written, and its COMMIT comes with the next verb."""
    begin, commit = Connection._begin, Connection._commit
    late: list[Connection] = []

    def _begin(self: Connection, patience: Any) -> None:
        if self in late:
            late.remove(self)
            self.opened = "transaction"
            commit(self, patience)
        begin(self, patience)

    def _commit(self: Connection, patience: Any) -> None:
        late.append(self)
        self.opened = ""

    _replace(Connection, "_begin", _begin)
    _replace(Connection, "_commit", _commit)


def _key_after_commit() -> None:
    """The entry is committed first; that its key is used is noted in a transaction of its own."""
    put, writing = SqliteStore.put, Connection.writing
    late: list[object] = []

    def _put(self: SqliteStore, row: object) -> None:
        if isinstance(row, KeyRow):
            late.append(row)
        else:
            put(self, row)

    @contextmanager
    def _writing(self: Connection, on_begin: Callable[[], None]) -> Iterator[None]:
        with writing(self, on_begin):
            yield
        if late:
            with writing(self, on_begin):
                for row in late:
                    self.change(sql, shape_of(KeyRow).encode(row))
                late.clear()

    sql = statements()[KeyRow].put
    _replace(SqliteStore, "put", _put)
    _replace(Connection, "writing", _writing)


def _commits_in_any_case() -> None:
    """What the engine says about a COMMIT is not listened to."""
    commit = Connection._commit

    def _commit(self: Connection, patience: Any) -> None:
        with suppress(StoreError):
            commit(self, patience)

    _replace(Connection, "_commit", _commit)


def _keeps_what_failed() -> None:
    """The rows in memory stay as a transaction left them that did not come to its end."""
    def forget(self: Kept) -> None:
        for table in self._tables.values():
            table.waiting = {}
        self._undo = []

    _replace(Kept, "forget", forget)


def _leaves_open() -> None:
    """A transaction that failed is not rolled back before the next one begins."""
    def _undo(self: Connection) -> None:
        self.opened = ""

    _replace(Connection, "_undo", _undo)


def _goes_on() -> None:
    """A statement whose error ended the transaction is said again in a new one, alone."""
    run = Connection.run

    def _run(self: Connection, sql: str, values: Any = (), *, is_many: bool = False) -> Any:
        try:
            return run(self, sql, values, is_many=is_many)
        except StoreError:
            if not self.opened or self.raw.in_transaction or sql == "COMMIT":
                raise
            self._is_lost = False
            run(self, "BEGIN IMMEDIATE")
            return run(self, sql, values, is_many=is_many)

    _replace(Connection, "run", _run)


def _begins_late() -> None:
    """A transaction begins without the lock, and gets it when it first writes."""
    run = Connection.run

    def _run(self: Connection, sql: str, values: Any = (), *, is_many: bool = False) -> Any:
        return run(self, "BEGIN" if sql == "BEGIN IMMEDIATE" else sql, values, is_many=is_many)

    _replace(Connection, "run", _run)


def _trusts_balances() -> None:
    """Balances and lots in memory outlive what other programs write."""
    forget = Kept.forget

    def _forget(self: Kept) -> None:
        tables = {record: table for record, table in self._tables.items()
                  if record in (Balance, Lot)}
        forget(self)
        self._tables.update(tables)

    _replace(Kept, "forget", _forget)


def _asks_early() -> None:
    """Whether a key was used is looked up before the transaction begins."""
    checked, repeat = command._checked_key, command._repeat
    seen = local()

    def _checked_key(book: Any, key: Any) -> Any:
        found = checked(book, key)
        seen.row = book.store.get(KeyRow, book.sealed(found, "key"))
        return found

    def _repeat(book: Any, *said: Any) -> Any:
        return repeat(book, *said) if seen.row else None

    _replace(command, "_checked_key", _checked_key)
    _replace(command, "_repeat", _repeat)


def _reads_apart() -> None:
    """Reads that should see one state see each its own."""
    @contextmanager
    def _reading(self: Connection, on_begin: Callable[[], None]) -> Iterator[None]:
        yield

    _replace(Connection, "reading", _reading)


def _raw_errors() -> None:
    """The engine's own errors come out of the verbs."""
    _replace(connection, "ours", lambda error: error)


MUTANTS = {
    "sync-normal": Mutant(_weak_sync(1), frozenset({"O2"})),
    "sync-off": Mutant(_weak_sync(0), frozenset({"O1", "O2"})),
    "answers-before-commit": Mutant(_answers_before_commit, frozenset({"O2"})),
    "key-after-commit": Mutant(_key_after_commit, frozenset({"O1"})),
    "commits-in-any-case": Mutant(_commits_in_any_case, frozenset({"O2", "error"})),
    "keeps-what-failed": Mutant(_keeps_what_failed, frozenset({"O2", "error"})),
    "leaves-open": Mutant(_leaves_open, frozenset({"error"})),
    "goes-on": Mutant(_goes_on, frozenset({"O1", "O2", "error"})),
    "begins-late": Mutant(_begins_late, frozenset({"error"})),
    "trusts-balances": Mutant(_trusts_balances, frozenset({"O1"})),
    "asks-early": Mutant(_asks_early, frozenset({"twice"})),
    "reads-apart": Mutant(_reads_apart, frozenset({"total"})),
    "raw-errors": Mutant(_raw_errors, frozenset({"error"})),
}
