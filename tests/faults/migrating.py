"""A process that opens an older book, and may be killed at any statement of its migration."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import attrs
from sqlite_utils import Database

import lovepoints as lp
from lovepoints.stores import opening
from lovepoints.stores.schema import SCHEMA_VERSION
from lovepoints.stores.sqlite import SqliteStore
from tests.faults.small_book import ADMIN

OLD = Path(__file__).parents[1] / "stores" / "books" / "schema-1.db"
ENTRIES, ROOT = 42, "05e251e21eb95a59"
"""What the old book holds, as its own program left it."""


@attrs.frozen(kw_only=True)
class Opening:
    """What a process is to do: open `path`, and die at statement `kill_at` (0: at none)."""

    path: str
    kill_at: int = 0
    mutant: str = ""


def carry_out(plan: Opening, pipe: Connection) -> None:
    """The process: plants what it is to suffer, waits for `go`, opens, and tells how it went."""
    if plan.mutant:
        MUTANTS[plan.mutant]()
    if plan.kill_at:
        _die_at(plan.kill_at)
    pipe.send("ready")
    pipe.recv()
    try:
        with lp.open(plan.path, by=ADMIN) as community:
            pipe.send((community.describe()["writable"], ""))
    except Exception as error:  # noqa: BLE001 - its class is what is looked at
        pipe.send(("", f"{type(error).__name__} {error}"))


def _die_at(number: int) -> None:
    said, execute = 0, Database.execute

    def counted(self: Database, *args: Any, **more: Any) -> Any:  # Any: sqlite-utils' own
        nonlocal said
        said += 1
        if said == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(self, *args, **more)

    Database.execute = counted


def _marked_first() -> None:
    """The file is marked as new before its tables are made, each statement by itself."""
    def _prepare(self: SqliteStore, durability: Any, busy: int, *, is_new: bool) -> None:
        self._look(durability, busy, is_new)
        raw = self._connection.raw
        if self._version < SCHEMA_VERSION:
            opening.stamp(raw)
            self._install()
        self._compare()

    SqliteStore._prepare = _prepare  # type: ignore[method-assign]


def _unlocked() -> None:
    """The version is read before the write lock is held, and the steps are each on their own."""
    def _prepare(self: SqliteStore, durability: Any, busy: int, *, is_new: bool) -> None:
        self._look(durability, busy, is_new)
        if self._version < SCHEMA_VERSION:
            self._install()
        self._compare()

    SqliteStore._prepare = _prepare  # type: ignore[method-assign]


MUTANTS = {"marked first": _marked_first, "unlocked": _unlocked}
"""Broken migrations, by name."""
