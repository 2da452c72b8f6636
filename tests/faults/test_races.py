"""R10: programs run against each other on one book. Every state that anybody sees adds up, every
answer was true, and everybody gets turns."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import attrs
import pytest

import lovepoints as lp
from tests.faults.oracle import broken
from tests.faults.racing import (
    HOLDERS,
    OPENING,
    PRICE,
    Duel,
    Report,
    Task,
    found,
    go,
    reports,
    running,
)
from tests.faults.small_book import ADMIN
from tests.faults.store_mutants import MUTANTS

JOURNALS = ("truncate", "wal")
FAIR = 5
"""Nobody gets more than so many times the turns of another."""
PATIENCE_SECONDS = 120


@attrs.frozen
class Race:
    """What happened, and what of it must not: O1 (the book is not sound), O2 (what was answered
    is not what is there), total (a state that did not add up), error, unfair."""

    seen: frozenset[str]
    answers: int
    reads: int


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A book for each kind of journal, to copy."""
    folder = tmp_path_factory.mktemp("founded")
    for journal in JOURNALS:
        found(folder / journal, journal == "wal")
    return {journal: folder / journal for journal in JOURNALS}


def entries(path: Path) -> int:
    """How long the journal is, asked of the file."""
    with closing(sqlite3.connect(path, timeout=30)) as file:
        return int(file.execute("SELECT max(seq) FROM entry").fetchone()[0])


def race(
    path: Path, tellers: int, wanted: int, mutant: str = "", newer: bool = False,
) -> Race:
    """Tellers and two readers, until the journal has grown by so many entries."""
    tasks = [Task(path=str(path), name=f"teller-{number}", kind="teller", mutant=mutant,
                  newer=newer) for number in range(tellers)]
    tasks += [Task(path=str(path), name=kind, kind=kind, mutant=mutant, newer=newer)
              for kind in ("reader", "stranger")]
    enough, started = entries(path) + wanted, time.monotonic()
    with running(tasks) as pipes:
        go(pipes)
        while entries(path) < enough and time.monotonic() - started < PATIENCE_SECONDS:
            time.sleep(0.05)
        go(pipes)
        done = reports(pipes)
    return judged(path, done[:tellers], done[tellers:])


def judged(path: Path, tellers: list[Report], readers: list[Report]) -> Race:
    """What the notes of all say against the book that they left."""
    seen = set()
    if any(one.odd for one in tellers):
        seen.add("error")
    if any(one.odd for one in readers):
        seen.add("total")
    if max(one.done for one in tellers) > FAIR * min(one.done for one in tellers):
        seen.add("unfair")
    if broken(path):
        seen.add("O1")
    net: Counter[str] = Counter()
    for one in tellers:
        net.update(one.net)
    with lp.open(path, by=ADMIN) as community:
        if not community.books.check().is_sound:
            seen.add("O1")
        if any(community.passbooks[holder].balance != OPENING + net[holder] for holder in HOLDERS):
            seen.add("O2")
    return Race(frozenset(seen), sum(one.done for one in tellers),
                sum(one.done for one in readers))


@pytest.mark.parametrize("journal", JOURNALS)
def test_every_state_of_a_race_adds_up(
    journal: str, books: dict[str, Path], memory_path: Path, count: Callable[..., int],
    tried: Callable[..., None],
) -> None:
    """Gifts, awards, hand-overs, reservations and their undoing by two to eight programs."""
    for number in range(rounds := count(pr=1, nightly=150, release=1_800)):
        path = memory_path / f"book-{number}.db"
        shutil.copy(books[journal], path)

        done = race(path, tellers=8 - number % 7, wanted=300)

        tried("R10", answers=done.answers, reads=done.reads, broken=len(done.seen))
        assert frozenset() == done.seen
        assert done.reads > 100
    assert rounds


@pytest.mark.parametrize("mutant", ["begins-late", "trusts-balances", "reads-apart"])
def test_this_row_has_teeth(
    mutant: str, books: dict[str, Path], memory_path: Path, tried: Callable[..., None],
) -> None:
    """A lock that comes late, a memory that is stale, and a read of two states are seen."""
    shutil.copy(books["truncate"], memory_path / "book.db")

    done = race(memory_path / "book.db", tellers=4, wanted=100, mutant=mutant)

    tried("R10", mutants_found=1)
    assert MUTANTS[mutant].breaks <= done.seen


def duel(
    path: Path, name: Duel, fighters: tuple[int, int], targets: int | tuple[int, ...],
    mutant: str = "",
) -> Report:
    """What so many processes, with so many threads each, are answered for each target."""
    targets = tuple(range(targets)) if isinstance(targets, int) else targets
    tasks = [Task(path=str(path), name=f"fighter-{number}", kind="duel", duel=name,
                  threads=fighters[1], targets=targets, mutant=mutant)
             for number in range(fighters[0])]
    with running(tasks) as pipes:
        go(pipes)
        done = reports(pipes)
    total = Report()
    for one in done:
        total.said.update(one.said)
        total.answers.extend(one.answers)
    return total


@pytest.fixture(params=JOURNALS)
def book(request: pytest.FixtureRequest, books: dict[str, Path], memory_path: Path) -> Path:
    """A book of its own, in each kind of journal."""
    shutil.copy(books[request.param], memory_path / "book.db")
    return memory_path / "book.db"


def sound(path: Path) -> lp.Community:
    """The book, verified by both programs."""
    assert frozenset() == broken(path)
    community = lp.open(path, by=ADMIN)
    community.books.verify()
    return community


def test_one_key_said_by_sixty_four_at_once_is_one(book: Path, tried: Callable[..., None]) -> None:
    """Two keys, 64 programs: two bags of soap, and everybody is told the same two."""
    before = entries(book)

    done = duel(book, "same key", (8, 8), 2)

    tried("R10", duels=2 * 64)
    assert {"ok": 2 * 64} == done.said
    assert [64] * 2 == [*Counter(done.answers).values()]
    assert before + 2 == entries(book)
    with sound(book) as community:
        assert OPENING - 2 * PRICE == community.passbooks[HOLDERS[0]].balance


def test_a_refused_request_is_refused_to_all(book: Path, tried: Callable[..., None]) -> None:
    """32 programs say what nobody can pay: one is refused, 31 are told so again."""
    before = entries(book)

    done = duel(book, "refused", (4, 8), 1)

    tried("R10", duels=32)
    assert {"insufficient_points False": 1, "insufficient_points True": 31} == Counter(done.answers)
    assert before == entries(book)
    sound(book).close()


def test_exactly_ten_of_twenty_withdrawals_pass(book: Path, tried: Callable[..., None]) -> None:
    """Each wants a tenth of what is there."""
    done = duel(book, "withdrawal", (4, 5), 1)

    tried("R10", duels=20)
    assert {"ok": 10, "insufficient_points": 10} == done.said
    with sound(book) as community:
        assert 0 == community.passbooks[HOLDERS[0]].balance


def test_no_credit_to_a_hot_passbook_is_lost(
    book: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """Eight programs add one point again and again to the same passbook."""
    each = count(pr=15, nightly=100, release=500)

    done = duel(book, "credit", (8, 1), each)

    tried("R10", duels=8 * each)
    assert {"ok": 8 * each} == done.said
    with sound(book) as community:
        assert OPENING + 8 * each == community.passbooks[HOLDERS[0]].balance


def test_a_reversal_that_is_raced_happens_once(
    book: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """Each credit is taken back by four programs at once: one does, three are told so."""
    with lp.open(book, by=ADMIN) as community, community.batch():
        credits = tuple(community.books.adjust(holder, 3, reason="补记").seq
                        for holder in HOLDERS * count(pr=5, nightly=60, release=60))

    done = duel(book, "reversal", (4, 1), credits)

    tried("R10", duels=4 * len(credits))
    assert {"ok": len(credits), "reversal_exists": 3 * len(credits)} == done.said
    with sound(book) as community:
        assert {OPENING} == {community.passbooks[holder].balance for holder in HOLDERS}


def test_a_key_that_is_looked_up_early_is_seen(
    books: dict[str, Path], memory_path: Path, tried: Callable[..., None],
) -> None:
    """A library that asks for the key before it has the lock applies one request twice."""
    shutil.copy(books["truncate"], memory_path / "book.db")

    done = duel(memory_path / "book.db", "same key", (4, 4), 3, mutant="asks-early")

    tried("R10", mutants_found=1)
    assert 3 < len(set(done.answers))
