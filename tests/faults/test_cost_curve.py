"""R22: what a longer book costs. Counted in steps of the engine and calls of Python, not timed.

Two books are built by the same stream of deeds, one four times as long as the other, with four
times the people. A verb or a read costs the same in both, the audit six times as much at most,
and the log stays where it is.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

import attrs
import pytest

from lovepoints.core.history import RowsHistory
from lovepoints.core.rows import Credit
from lovepoints.stores import opening
from tests.benchmarks import ours, workload
from tests.benchmarks.ours import Clock, Ours

TIMES, MOST_EACH, MOST_WHOLE = 4, 1.5, 6.0
"""How much longer the second book is; how much more one verb, and the audit, may cost in it."""
PIECE = 500
WAL_MOST = 5 * 2**20
"""Bytes of a log: it is worked off at four MiB, and the last verb may go over."""
EACH = ("award", "redeem", "balance", "page", "outstanding", "top")


@attrs.frozen
class Cost:
    """Steps of the engine's machine (in tens), and functions that Python called."""

    steps: int
    calls: int

    def over(self, other: Cost) -> float:
        """How many times the other one, by whichever of the two grew more."""
        return max(self.steps / max(other.steps, 1), self.calls / max(other.calls, 1))


class Town:
    """A book of so many deeds, with some more that wait to be confirmed."""

    def __init__(self, path: Path, size: int) -> None:
        self.size, self.people = size, workload.residents(size + 100)
        self.clock = Clock(workload.FIRST_DAY)
        ours.found(path, self.clock, self.people)
        self.ours = Ours(path, self.clock, "normal")
        self.deeds, shoppers = workload.deeds(size + 100), workload.Shoppers(self.people)
        for done in range(0, size, PIECE):
            piece = list(islice(self.deeds, PIECE))
            self.ours.report(piece)
            self.ours.bulk(piece)
            shoppers.earn(piece)
            self.ours.redeem_bulk(shoppers.fetch((done + PIECE) // 5 - shoppers.count))
        self.left = [one for one in range(self.people) if shoppers.balances[one] >= 10]
        self.waiting = list(self.deeds)
        self.ours.report(self.waiting)
        self.clock.set(workload.FIRST_DAY + timedelta(days=workload.DAYS + 1))
        self.ours.community.passbooks.ranking("best")  # the first look of a day works it out

    @property
    def raw(self) -> Any:
        """The connection to the file."""
        return self.ours.community._book.store._connection.raw

    def cost(self, work: Callable[[], object]) -> Cost:
        """What a program pays that has nothing of the book in memory but its lists of the best."""
        self.ours.community._book.store._kept.forget()
        steps = calls = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        def call(frame: FrameType, event: str, argument: object) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        self.raw.set_progress_handler(step, 10)
        sys.setprofile(call)
        try:
            work()
        finally:
            sys.setprofile(None)
            self.raw.set_progress_handler(None, 0)
        return Cost(steps, calls)

    def mean(self, name: str, times: int = 8) -> Cost:
        """What a verb or a read costs, for different residents."""
        found = [self.cost(work) for work in islice(self._works(name), times)]
        return Cost(sum(one.steps for one in found), sum(one.calls for one in found))

    def _works(self, name: str) -> Iterator[Callable[[], object]]:
        community = self.ours.community
        for place in range(len(self.left)):
            code = workload.code_of(self.left[place])
            yield {
                "award": lambda: self.ours.awards([self.waiting.pop(0)]),
                "redeem": lambda code=code: community.shop.redeem(
                    {"soap": 1}, holder=code, by=ours.KIOSK),
                "balance": lambda code=code: community.passbooks.of(code, lines=0),
                "page": lambda code=code: community.passbooks.of(code),
                "outstanding": community.books.outstanding,
                "top": lambda: community.passbooks.ranking("best"),
            }[name]


@pytest.fixture(scope="module")
def towns(
    tmp_path_factory: pytest.TempPathFactory, count: Callable[..., int],
) -> Iterator[tuple[Town, Town]]:
    """The short book and the long one."""
    size, folder = count(pr=1_000, nightly=10_000, release=50_000), tmp_path_factory.mktemp("towns")
    found = Town(folder / "short", size), Town(folder / "long", size * TIMES)
    yield found
    for one in found:
        one.ours.close()


def bent(towns: tuple[Town, Town], name: str) -> float:
    """How many times as much it costs in the long book."""
    short, long = (town.mean(name) for town in towns)
    return long.over(short)


@pytest.mark.parametrize("name", EACH)
def test_a_longer_book_asks_no_more_of_a_verb(
    name: str, towns: tuple[Town, Town], tried: Callable[..., None],
) -> None:
    """Neither of the engine nor of Python."""
    assert bent(towns, name) <= MOST_EACH
    tried("R22", costs_compared=1)


def test_the_audit_grows_with_the_journal(
    towns: tuple[Town, Town], tried: Callable[..., None],
) -> None:
    """Four times the entries are at most six times the work."""
    short, long = (town.cost(town.ours.community.books.verify) for town in towns)

    assert 1 < long.over(short) <= MOST_WHOLE
    tried("R22", costs_compared=1)


def _no_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credits of a period are looked for among all of their person's, and all of the book's."""
    def _between(self: RowsHistory, index: str, who: Any, first: str, last: str) -> list[Any]:
        found = [row for row in self.rows.scan(Credit) if first <= row.day <= last]
        return [row for row in found if not who or getattr(row, index[3:]) == who[0]]

    monkeypatch.setattr(RowsHistory, "_between", _between)


@pytest.mark.parametrize(("name", "mutant"), [("award", "scan"), ("page", "index")])
def test_this_row_has_teeth(
    name: str, mutant: str, towns: tuple[Town, Town], monkeypatch: pytest.MonkeyPatch,
    tried: Callable[..., None],
) -> None:
    """A search through all credits, and an index that is not there, bend the curve."""
    if mutant == "scan":
        _no_newest(monkeypatch)
    else:
        for town in towns:
            town.raw.execute("BEGIN")
            town.raw.execute("DROP INDEX lot_spendable")
    try:
        assert bent(towns, name) > MOST_EACH
    finally:
        for town in towns if mutant == "index" else ():
            town.raw.execute("ROLLBACK")
    tried("R22", mutants_found=1)


@pytest.mark.parametrize("is_bounded", [True, False])
def test_the_log_is_worked_off(
    is_bounded: bool, memory_path: Path, monkeypatch: pytest.MonkeyPatch,
    count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """However many verbs are said, each by itself; a log that nobody works off grows on."""
    if not is_bounded:
        monkeypatch.setattr(opening, "_WAL_BYTES", 2**40)
    clock, number = Clock(workload.FIRST_DAY), count(pr=200, nightly=5_000, release=50_000)
    ours.found(memory_path / "founded", clock, 20)
    path = ours.copy(memory_path / "founded", memory_path / "book", "wal")
    book, deeds = Ours(path, clock, "normal"), list(workload.deeds(max(2_000, number)))[:number]
    book.report(deeds)

    most, log = 0, path.with_name("book-wal")
    for deed in deeds:
        book.awards([deed])
        most = max(most, log.stat().st_size)
    book.close()

    assert (most <= WAL_MOST) == is_bounded
    tried("R22", **{"verbs_with_a_log" if is_bounded else "mutants_found":
                    number if is_bounded else 1})
    shutil.rmtree(memory_path, ignore_errors=True)
