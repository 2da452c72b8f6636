"""Bare own rows: the writing statements of the library, said again without the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lovepoints.stores import opening
from tests.benchmarks.ours import Clock, Ours, copy
from tests.benchmarks.tracing import Notes, Said, commits, noting
from tests.benchmarks.workload import Deed


class OwnRows:
    """A copy of a book into which recorded rows are written, one list of them a commit."""

    def __init__(self, path: Path, durability: Any = "full") -> None:
        self.path = path
        self.db = opening.connect(path, writable=True)
        opening.harden(self.db, durability=durability, writable=True)

    def replay(self, recorded: Sequence[Sequence[Said]]) -> None:
        """Each list in a transaction of its own."""
        cursor = self.db.cursor()
        execute, many = cursor.execute, cursor.executemany
        for commit in recorded:
            execute("BEGIN IMMEDIATE")
            for said in commit:
                (many if said.many else execute)(said.sql, said.values)
            execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()


class Recorder:
    """The library on a copy of a book, with its statements noted; nothing here is timed."""

    def __init__(self, source: Path, place: Path, clock: Clock) -> None:
        self._notes = Notes()
        self._notes.is_on = False
        with noting(self._notes):
            self.ours = Ours(copy(source, place), clock, "normal")

    def report(self, deeds: Sequence[Deed]) -> list[list[Said]]:
        """The rows of the reports."""
        return self._noted(self.ours.report, deeds)

    def awards(self, deeds: Sequence[Deed]) -> list[list[Said]]:
        """The rows of confirmations, one list for each."""
        return self._noted(self.ours.awards, deeds)

    def bulk(self, deeds: Sequence[Deed]) -> list[list[Said]]:
        """The rows of all confirmations in one list."""
        return self._noted(self.ours.bulk, deeds)

    def redemptions(self, wanted: Any) -> list[list[Said]]:
        """The rows of redemptions, one list for each."""
        return self._noted(self.ours.redemptions, wanted)

    def redeem_bulk(self, wanted: Any) -> list[list[Said]]:
        """The rows of redemptions in one list."""
        return self._noted(self.ours.redeem_bulk, wanted)

    def _noted(self, verb: Any, what: Any) -> list[list[Said]]:
        self._notes.clear()
        self._notes.is_on = True
        verb(what)
        self._notes.is_on = False
        return commits(self._notes)
