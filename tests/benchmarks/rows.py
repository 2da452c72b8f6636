"""Bare own rows: every statement that the library says, said again without the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lovepoints.stores import opening
from tests.benchmarks.ours import Clock, Ours
from tests.benchmarks.tracing import Notes, Said, noting

Recorded = list[list[Said]]


class OwnRows:
    """A copy of a book in which recorded statements are said again: what SQLite alone costs.

    They are recorded while the library works on another copy, which is never timed.
    """

    def __init__(self, path: Path, recorded: Path, clock: Clock) -> None:
        self.db = opening.connect(path, writable=True)
        opening.harden(self.db, durability="full", writable=True)
        self._notes = Notes()
        with noting(self._notes):
            self._ours = Ours(recorded, clock, "normal")

    def record(self, verb: str, what: Sequence[Any]) -> Recorded:
        """What a verb of `Ours` says: the statements of each transaction, with their values."""
        with self._notes.taken() as notes:
            getattr(self._ours, verb)(what)
        return notes.commits()

    def sync(self, level: str) -> None:
        """Set how durable a commit is."""
        self.db.execute(f"PRAGMA synchronous = {level}")

    def replay(self, recorded: Recorded) -> None:
        """Each list in a transaction of its own; what is read is fetched and thrown away."""
        cursor = self.db.cursor()
        execute, many = cursor.execute, cursor.executemany
        for commit in recorded:
            execute("BEGIN IMMEDIATE")
            for said in commit:
                if said.many:
                    many(said.sql, said.values)
                else:
                    execute(said.sql, said.values).fetchall()
            execute("COMMIT")

    def balances(self) -> list[tuple[Any, ...]]:
        """All that is held, to be compared with the library's."""
        return balances(self.db)

    def close(self) -> None:
        """Let go of the files."""
        self.db.close()
        self._ours.close()


def balances(db: Any) -> list[tuple[Any, ...]]:
    """The balances of a book, as a connection to its file finds them."""
    return list(db.execute("SELECT account, unit, amount FROM balance ORDER BY account, unit"))
