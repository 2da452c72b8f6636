"""R7: the disk fails below the engine, call by call. The answer says so, and the book is sound."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, product
from pathlib import Path

import attrs
import pytest

import lovepoints as lp
from tests.faults.below_engine import SETTINGS, Fault, calls_of
from tests.faults.faulty import failures, verdicts
from tests.faults.saying import Plan, stream
from tests.faults.small_book import ADMIN, found
from tests.faults.store_mutants import MUTANTS

FAULTS = (
    Fault("xWrite", "write"), Fault("xWrite", "write", sectors=1),
    Fault("xWrite", "full", sectors=7),
    Fault("xSync", "sync"), Fault("xRead", "read"), Fault("xTruncate", "truncate"),
    Fault("xDelete", "delete"),
)
ACTS, WORKERS = 8, 2
HARM = frozenset({"O1", "O2", "error"})


@attrs.frozen
class Case:
    """A fault met by a writer whose book has a journal of one kind."""

    journal: str
    fault: Fault
    mutant: str = ""


@attrs.frozen
class Ground:
    """A book for each kind of journal; the calls that saying the acts on it makes; and how many
    entries a book has when they were said, without and with a stubborn batch."""

    books: Mapping[str, Path]
    calls: Mapping[str, Counter[str]]
    entries: tuple[int, int]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """The books, and what happens where nothing fails."""
    folder = tmp_path_factory.mktemp("ground")
    books = {journal: folder / f"{journal}.db" for journal in SETTINGS}
    for path in books.values():
        found(path)
    stranger = sqlite3.connect(books["wal"])
    stranger.execute("PRAGMA journal_mode = wal")
    stranger.close()
    calls = {journal: calls_of(Fault(), journal, plan_in(folder / journal, path))
             for journal, path in books.items()}
    plain, stubborn = (finished(plan_in(folder / name, books["truncate"], is_stubborn=is_stubborn))
                       for name, is_stubborn in (("plain", False), ("stubborn", True)))
    return Ground(books, calls, (plain, stubborn))


def plan_in(folder: Path, book: Path, *, mutant: str = "", is_stubborn: bool = False) -> Plan:
    """A copy of a book in a new folder, and what is to be said on it."""
    folder.mkdir()
    shutil.copy(book, folder / "book.db")
    return Plan(path=str(folder / "book.db"), out=str(folder / "notes"), acts=ACTS,
                mutant=mutant, is_stubborn=is_stubborn)


def finished(plan: Plan) -> int:
    """Say every act by its keys, whatever became of it before; how many entries there are then."""
    with lp.open(plan.path, by=ADMIN) as community:
        for act in islice(stream(plan), plan.acts):
            act.say(community)
        return community._book.head()[0]


def cases(ground: Ground, each: int, times: int) -> Iterator[Case]:
    """Every fault at so many calls of its kind (or all), spread over the writer's life: once or
    from then on, by turns, or in both ways."""
    for number, (fault, journal) in enumerate(product(FAULTS, SETTINGS)):
        calls = ground.calls[journal][fault.call]
        for turn, again in product(range(min(each, calls)), range(times)):
            first = 1 + (turn * calls + number % calls) // min(each, calls)
            is_lasting = (turn + again) % 2 == 1
            yield Case(journal, attrs.evolve(fault, first=first, is_lasting=is_lasting))


def tried_out(case: Case, ground: Ground, folder: Path) -> Counter[str]:
    """Let a writer meet the fault; what did not hold, and how often it met it."""
    is_stubborn = case.fault.first % 3 == 0
    plan = plan_in(folder, ground.books[case.journal], mutant=case.mutant, is_stubborn=is_stubborn)
    calls = calls_of(case.fault, case.journal, plan)
    seen = Counter(verdicts(Path(plan.path), plan, unreadable=case.fault.call == "xRead"))
    if not seen and finished(plan) != ground.entries[is_stubborn]:
        seen["O2"] += 1  # something is missing, or was carried out twice
    seen.update(failures=failures(plan), met=min(1, calls["met"]))
    shutil.rmtree(folder)
    return seen


def tried_all(wanted: list[Case], ground: Ground, folder: Path) -> dict[Case, Counter[str]]:
    """Every case, two at a time."""
    with ThreadPoolExecutor(WORKERS) as pool:
        seen = pool.map(lambda numbered: tried_out(
            numbered[1], ground, folder / str(numbered[0])), enumerate(wanted))
        return dict(zip(wanted, seen, strict=True))


def test_a_disk_that_fails_is_told_and_harms_nothing(
    ground: Ground, memory_path: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """Written in part or not at all, not synced, read, cut or deleted: an error of ours at most,
    nothing acknowledged lost, nothing half done, and what failed can be said again by its key."""
    wanted = list(cases(ground, count(pr=8, nightly=10_000, release=10_000),
                        times=count(pr=1, nightly=1, release=2)))

    seen = tried_all(wanted, ground, memory_path)

    bad = {case: sorted(set(found) & HARM) for case, found in seen.items()}
    total = sum(seen.values(), Counter())
    tried("R7", cases=len(wanted), met=total["met"], failures=total["failures"],
          bad=sum(1 for what in bad.values() if what))
    assert {} == {case: what for case, what in bad.items() if what}
    assert total["met"] >= len(wanted) // 2


@pytest.mark.parametrize(("mutant", "fault", "journal"), [
    ("commits-in-any-case", Fault("xSync", "sync"), "truncate"),
    ("answers-before-commit", Fault("xSync", "sync"), "truncate"),
    ("goes-on", Fault("xWrite", "write", sectors=1), "truncate"),
    ("keeps-what-failed", Fault("xSync", "sync"), "truncate"),
    ("leaves-open", Fault("xWrite", "full", sectors=7, is_lasting=True), "truncate"),
    ("raw-errors", Fault("xWrite", "full", sectors=7), "truncate"),
])
def test_this_row_has_teeth(
    ground: Ground, memory_path: Path, mutant: str, fault: Fault, journal: str,
    tried: Callable[..., None],
) -> None:
    """A library that hides, keeps, leaves or passes on what failed, or goes on, is found out."""
    calls = ground.calls[journal][fault.call]
    wanted = [Case(journal, attrs.evolve(fault, first=1 + turn * calls // 8), mutant)
              for turn in range(8)]

    seen = sum(tried_all(wanted, ground, memory_path).values(), Counter())

    tried("R7", mutants_found=1)
    assert MUTANTS[mutant].breaks == {what for what in HARM if seen[what]}
