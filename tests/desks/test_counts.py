"""What a verb costs, counted instead of timed: no noise can touch a count.

Counted under the benchmark's own rulebook: 60 rules, three caps over each. Dice and clock are
loaded, so that every run counts the same. A bound is the figure of the day it was written: whoever
needs less lowers it, nobody may need more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean, median

import pytest

from tests.benchmarks import workload
from tests.benchmarks.ours import KIOSK, Clock, Ours, copy, found
from tests.benchmarks.tracing import Notes, noting

PEOPLE, PILE = 20, 50
SHOPPER = workload.code_of(0)
VERBS = ("adjust", "award", "redeem", "reverse")
READS = ("balance", "page", "deeds", "outstanding", "top")
STATEMENTS = {"award": (25, 16.5), "redeem": (33, 18), "adjust": (21, 21), "reverse": (19, 19)}
"""Statements of a verb: for a holder whom the open book has not met before, and usually."""
ROWS = {"award": 9, "redeem": 12, "adjust": 12, "reverse": 10}
"""Statements of a verb that write a row."""
BATCH = (12.42, 6.9)
"""The same for an award in a batch of fifty: all, and those that write."""
PAGES = (17.5, 26)
"""Pages of the file that an award writes: on average, and at most."""
LOOKED_UP = {"balance": 16, "page": 107, "deeds": 10, "outstanding": 15, "top": 102}
"""Statements of a read, by a program that has just opened the book."""
SHORT = {"rulebook", "appointment"}
"""Tables of few rows, which are read whole."""


class Watched:
    """A book with deeds that wait, whose statements are noted while it works."""

    def __init__(self, path: Path) -> None:
        self.path, self.notes, self.clock = path, Notes(), Clock(workload.FIRST_DAY)
        found(path, self.clock, PEOPLE)
        self.ours = self.opened(3)
        self.deeds = list(workload.deeds(2000))[:200]
        self.ours.report(self.deeds)
        self.ours.awards(self.next(20))
        self.verbs = self._verbs()
        self.pile = self.counted(lambda: self.ours.bulk(self.next(PILE)))
        self.written = self._written(path.with_name("log"), 30)
        self.plans: dict[str, list[tuple[str, str]]] = {}
        self.reads = {name: self._read(name, seed) for seed, name in enumerate(READS, 4)}

    def opened(self, seed: int) -> Ours:
        """A program that has just opened the book."""
        with noting(self.notes):
            return Ours(self.path, self.clock, "normal", seed)

    def next(self, count: int) -> list[workload.Deed]:
        """The deeds to be confirmed next."""
        done, self.deeds = self.deeds[:count], self.deeds[count:]
        return done

    def counted(self, verb: Callable[[], object]) -> Notes:
        """The statements of one verb."""
        with self.notes.taken() as notes:
            verb()
        return Notes(notes)

    def _verbs(self) -> dict[str, list[Notes]]:
        community, counted = self.ours.community, dict[str, list[Notes]]()
        for place in range(10):
            one = int(community.describe()["entries"]) + 1
            for name, verb in (
                ("adjust", lambda at=place: community.books.adjust(
                    SHOPPER, 50, reason="补记", key=f"adjust-{at}")),
                ("award", lambda: self.ours.awards(self.next(1))),
                ("redeem", lambda at=place: community.shop.redeem(
                    {"soap": 1}, holder=SHOPPER, by=KIOSK, key=f"redeem-{at}")),
                ("reverse", lambda at=place, seq=one: community.books.reverse(
                    seq, reason="误记", key=f"reverse-{at}")),
            ):
                counted.setdefault(name, []).append(self.counted(verb))
        return counted

    def _written(self, path: Path, count: int) -> list[int]:
        """How many pages each of so many awards writes: a log keeps every one of them."""
        pages, log = list[int](), path.with_name(f"{path.name}-wal")
        logged = Ours(copy(self.path, path, "wal"), self.clock, "normal", 3)
        logged.waiting = self.ours.waiting.copy()
        raw = logged.community._book.store._connection.raw
        raw.execute("PRAGMA wal_autocheckpoint = 0")
        (page,) = raw.execute("PRAGMA page_size").fetchone()
        for deed in self.deeds[:count]:
            before = log.stat().st_size
            logged.awards([deed])
            pages.append((log.stat().st_size - before) // page)
        logged.close()
        return pages

    def _read(self, name: str, seed: int) -> Notes:
        fresh = self.opened(seed)
        community = fresh.community
        notes = self.counted({
            "balance": lambda: fresh.balance(0), "page": lambda: community.passbooks.of(SHOPPER),
            "deeds": lambda: community.deeds.of(SHOPPER),
            "outstanding": community.books.outstanding,
            "top": lambda: community.passbooks.ranking("best"),
        }[name])
        raw = community._book.store._connection.raw
        self.plans[name] = [
            (one.sql, str(row[3])) for one in notes if one.sql.startswith("SELECT")
            and "sqlite_" not in one.sql
            for row in raw.execute(f"EXPLAIN QUERY PLAN {one.sql}", one.values)]
        fresh.close()
        return notes


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One book in which everything was counted, in one order."""
    one = Watched(tmp_path_factory.mktemp("counts") / "book")
    yield one
    one.ours.community.books.verify()
    one.ours.close()


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_needs_no_more_statements(verb: str, watched: Watched) -> None:
    """Neither for a new holder nor later, and no more of them write."""
    runs = [one.runs for one in watched.verbs[verb]]

    assert 8 <= min(runs), "nothing was counted"
    assert max(runs) <= STATEMENTS[verb][0]
    assert median(runs) <= STATEMENTS[verb][1]
    assert max(one.written for one in watched.verbs[verb]) <= ROWS[verb]


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_one_transaction(verb: str, watched: Watched) -> None:
    """One BEGIN IMMEDIATE first and one COMMIT; the schema is never asked for."""
    for notes in watched.verbs[verb]:
        said = [one.sql for one in notes]
        assert "BEGIN IMMEDIATE" == said[0]
        assert ["BEGIN IMMEDIATE", "COMMIT"] == [
            one for one in said if one.split()[0] in ("BEGIN", "COMMIT", "ROLLBACK", "END")]
        assert [] == [one for one in said if "sqlite_" in one or "schema" in one.lower()]
        assert {"PRAGMA data_version"} >= {one for one in said if one.startswith("PRAGMA")}


def test_a_batch_is_one_transaction(watched: Watched) -> None:
    """Fifty awards in a batch are one transaction, and each needs less than one by itself."""
    runs, written = watched.pile.runs / PILE, watched.pile.written / PILE

    assert 1 == len(watched.pile.commits())
    assert 1 <= written, "nothing was counted"
    assert runs <= BATCH[0]
    assert written <= BATCH[1]


def test_an_award_writes_no_more_pages(watched: Watched) -> None:
    """Pages are what a disk feels: an index whose columns stay as they are costs none."""
    assert 5 <= min(watched.written[5:]), "nothing was counted"
    assert mean(watched.written) <= PAGES[0]
    assert max(watched.written) <= PAGES[1]


@pytest.mark.parametrize("read", READS)
def test_a_read_looks_things_up(read: str, watched: Watched) -> None:
    """Keys and indexes only; no read sorts, or makes an index of its own."""
    plan = watched.plans[read]

    walked = {step.split()[1] for sql, step in plan
              if step.startswith("SCAN") and not sql.endswith("LIMIT ?")}
    assert plan, "nothing was looked up"
    assert walked <= SHORT
    assert [] == [step for _, step in plan if "TEMP B-TREE" in step or "AUTOMATIC" in step]
    assert watched.reads[read].runs <= LOOKED_UP[read]
