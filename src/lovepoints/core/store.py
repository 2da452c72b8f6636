"""What the core asks of a store: rows by key, rows in a declared order, and transactions.

A store holds no knowledge of points. It keeps the rows of `tables.py`, all or nothing, and
answers the same on every back end; `lovepoints.testing` has the suite that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

R = TypeVar("R")


class Rows(Protocol):
    """Reading and writing rows; a record's class names its table."""

    def get(self, record: type[R], *key: int | str) -> R | None:
        """The row with this key, or None."""

    def put(self, row: object) -> None:
        """Insert the row, or replace the one with its key (a ValueError for journal rows)."""

    def drop(self, record: type[Any], *key: int | str) -> None:  # Any: any record class
        """Remove the row with this key; nothing if there is none. Never for journal rows."""

    def find(
        self, record: type[R], index: str = "", *equal: int | str,
        low: int | str | None = None, high: int | str | None = None,
        reverse: bool = False, limit: int = 0,
    ) -> list[R]:
        """Rows whose first index columns are `equal`, in the order of index and key.

        `low` and `high` (both included) bound the next column of the index. `index=""` is the
        key itself. `limit=0` is no limit.
        """

    def scan(self, record: type[R], after: int | str | None = None) -> Iterator[R]:
        """All rows in the order of their key, read in pieces (constant memory); `after` skips
        keys whose first column is not larger. Do not write while it runs."""


class Store(Rows, Protocol):
    """Rows plus transactions, for one community."""

    def pieces(
        self, record: type[Any], *columns: str,  # Any: any record class
        low: int | str | None = None, high: int | str | None = None,
    ) -> Iterator[list[tuple[Any, ...]]]:  # Any: int, str and bytes
        """All rows in the order of their key as plain columns (details as canonical text), some
        thousand at a time; `columns` begin with the key's (left out: all), `low` and `high`
        (both included) bound the first of them. Do not write while it runs."""

    def backup(self, path: str) -> None:
        """Copy the book to a new file while others may go on writing."""

    def examine(self) -> tuple[str, ...]:
        """What the engine finds wrong with the file itself: pages, rows and indexes that do not
        fit one another."""

    is_joined: bool
    """The connection is a host's: we never commit or roll back its transaction."""
    is_writable: bool
    """False: the file or its version allows reading only."""

    @property
    def epoch(self) -> int:
        """Another number than before: what was read in an earlier transaction may hold no longer,
        because something was undone or somebody else may have written."""

    def noted(self, name: object, *, lasting: bool = False) -> Any:  # Any: each reader's own
        """What a reader has noted under this name of the rows as they stand at this moment; None
        if nothing is; a store may forget at any time. Asks the engine for no more than whether
        anybody else has written."""

    def note(self, name: object, worked_out: object, *, lasting: bool = False) -> None:
        """Keep what was worked out in this `reading()` until a row changes. `lasting`: for good,
        since it follows from entries alone and holds no word about a person. A store keeps some
        hundred notes at most, and none inside `writing()` or on a host's connection."""

    @property
    def is_inside_host(self) -> bool:
        """A host's transaction is open around us: what we write is durable when it commits."""

    def writing(self) -> AbstractContextManager[None]:
        """One write transaction: the write lock is held from the first moment (or a savepoint
        in a host's transaction); commits durably at the end, rolls back on an exception.

        Raises:
            StoreError: busy (after waiting), storage_full, read_only, storage_error.
        """

    def verb(self) -> AbstractContextManager[None]:
        """A savepoint inside `writing()`: on an exception only what it did is undone."""

    def reading(self) -> AbstractContextManager[None]:
        """Several reads that see one state of the book. Free inside `writing()`."""

    def scrub(self) -> bool:
        """Leave no byte of dropped rows in the store's own files, outside `writing()`.

        False: the bytes are not ours to wipe (a host's database), or others keep them busy.
        """

    def describe(self) -> Mapping[str, str]:
        """What `doctor` prints: engine, version, journal mode, durability, weaknesses."""

    def close(self) -> None:
        """Let go of the store; a host's connection stays open."""
