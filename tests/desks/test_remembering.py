"""Reads that are told again: what they ask of the engine, and what no program may be told late."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lovepoints.community import Community
from lovepoints.errors import NotFound
from lovepoints.stores import sqlite
from lovepoints.stores.noting import NOTES_MAX
from lovepoints.testing import FakeClock
from tests.desks.conftest import Found, stocked

ELSEWHERE = """
import sys
import lovepoints as lp
from lovepoints.testing import FakeClock
clock = FakeClock("2026-03-07 11:00")
book = lp.open(sys.argv[1], by="staff:zhao", clock=clock)
print("ready", flush=True)
for line in sys.stdin:
    exec(line)
    print("done", flush=True)
"""
Do = Callable[[str], None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of the book."""
    return tmp_path / "b.db"


@pytest.fixture
def book(path: Path, found: Found) -> Community:
    """The town in a file."""
    return stocked(found(store=sqlite.create(path, durability="normal")))


@pytest.fixture
def elsewhere(path: Path, book: Community) -> Iterator[Do]:
    """Another program that has the same book open and does what it is told."""
    with subprocess.Popen([sys.executable, "-c", ELSEWHERE, str(path)], text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin and program.stdout and program.stdout.readline() == "ready\n"

        def do(line: str) -> None:
            program.stdin.write(line + "\n")
            program.stdin.flush()
            assert program.stdout.readline() == "done\n"

        yield do
    assert program.returncode == 0


def said(book: Community, read: Callable[[], object]) -> list[str]:
    """The statements of a read."""
    statements: list[str] = []
    raw = book._book.store._connection.raw
    raw.set_trace_callback(statements.append)
    read()
    raw.set_trace_callback(None)
    return statements


@pytest.mark.parametrize("read", [
    lambda book: book.passbooks["wang"].balance, lambda book: book.passbooks.of("wang", lines=0),
    lambda book: book.books.outstanding()], ids=["page", "balance", "outstanding"])
def test_an_unchanged_book_is_asked_one_thing(
    read: Callable[[Community], object], book: Community, clock: FakeClock,
) -> None:
    """Whether anybody else has written; time may pass meanwhile."""
    before = read(book)
    clock.move(hours=1)

    statements = said(book, lambda: read(book))

    assert ["PRAGMA data_version"] == statements
    assert type(before) is type(read(book))


def test_what_a_verb_wrote_is_seen_at_once(book: Community) -> None:
    """In the balance, on the page and in the sum; also inside the batch that is still open."""
    def shown() -> tuple[object, ...]:
        page = book.passbooks["wang"]
        return page.balance, len(page.lines), book.books.outstanding()["point"]

    assert (100, 1, 200) == shown()
    book.books.adjust("wang", 5, reason="补记")
    assert (105, 2, 205) == shown()
    with book.batch():
        book.books.adjust("wang", 5, reason="补记")
        assert (110, 3, 210) == shown()
    assert (110, 3, 210) == shown()


def test_a_batch_that_failed_is_not_remembered(book: Community) -> None:
    """Neither the balance that it showed nor the lines."""
    with pytest.raises(ZeroDivisionError), book.batch():
        book.books.adjust("wang", 5, reason="补记")
        assert 105 == book.passbooks["wang"].balance
        raise ZeroDivisionError
    book.books.adjust("wang", 7, reason="补记")

    page = book.passbooks["wang"]

    assert (107, [7, 100]) == (page.balance, [line.points for line in page.lines])


def test_what_another_program_wrote_is_seen_at_once(book: Community, elsewhere: Do) -> None:
    """However often this one has looked before."""
    for points in (1, 2, 3):
        before = book.passbooks["wang"].balance, book.books.outstanding()["point"]
        elsewhere(f"book.books.adjust('wang', {points}, reason='补记')")

        page = book.passbooks["wang"]

        assert (before[0] + points, points) == (page.balance, page.lines[0].points)
        assert before[1] + points == book.books.outstanding()["point"]


def test_no_thread_is_told_what_another_has_changed(book: Community) -> None:
    """Whoever looks after a verb has returned sees what it wrote, and nothing older later on."""
    written, seen, late = [100], [100], list[tuple[int, int]]()

    def write() -> None:
        for _ in range(60):
            book.books.adjust("wang", 1, reason="补记")
            written.append(written[-1] + 1)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        least = max(written[-1], seen[-1])
        seen.append(int(book.passbooks["wang"].balance))
        if seen[-1] < least:
            late.append((least, seen[-1]))
    writer.join()

    assert ([], 160) == (late, book.passbooks["wang"].balance)


@pytest.mark.parametrize("who", ["here", "elsewhere"])
def test_nobody_who_was_erased_is_remembered(
    who: str, book: Community, elsewhere: Do, clock: FakeClock,
) -> None:
    """Not under her code; and in the program that erased her the code is gone from memory."""
    book.books.adjust("wang", -100, reason="清户")
    assert "wang-home" == book.passbooks.of("wang").code
    words = ("book.residents.leave('wang')", "clock.move(days=2)",
             "book.residents.appoint('staff:sun', role='custodian')",
             "book.privacy.erase('wang', reason='本人要求', by='staff:sun')")

    for line in words:
        if who == "here":
            exec(line, {"book": book, "clock": clock})
        else:
            elsewhere(line)

    notes = book._book.store._kept.notes
    assert who == "elsewhere" or "wang'" not in repr(vars(notes))
    with pytest.raises(NotFound):
        book.passbooks.of("wang")
    assert "wang'" not in repr(vars(notes))


def test_what_a_caller_does_to_an_answer_stays_with_it(book: Community) -> None:
    """The next one is told the same again."""
    first = book.passbooks["wang"]
    kinds, titles = {"point": dict(first.kinds["point"])}, dict(first.titles)
    for told in (first, book.passbooks["wang"]):
        told.kinds["point"]["balance"] = 10**6  # type: ignore[index]  # as nobody should
        told.titles.clear()  # type: ignore[attr-defined]
        told.lots.clear()  # type: ignore[attr-defined]
        book.books.outstanding()["point"] = 7

    again = book.passbooks["wang"]

    assert (kinds, titles, 1) == (again.kinds, again.titles, len(again.lots["point"]))
    assert {"point": 200} == book.books.outstanding()


def test_a_longer_page_is_more_of_the_same(book: Community) -> None:
    """Pages of every length, asked in any order while lines are added, are the newest lines."""
    points = [100]
    for number in range(1, 70):
        book.books.adjust("wang", number, reason="补记")
        points.insert(0, number)
        for count in (number % 7, 50, 3, 65) if number % 9 == 0 else (number % 4,):
            lines = book.passbooks.of("wang", lines=count).lines
            assert points[:count] == [line.points for line in lines]
            assert [sum(points[place:]) for place in range(len(lines))] == [
                line.balance for line in lines]


def test_a_clock_that_was_put_back_finds_the_same(book: Community, clock: FakeClock) -> None:
    """The book's time never goes back behind its newest entry."""
    clock.move(hours=1)
    before = book.passbooks["wang"]
    clock.move(days=-3)

    assert before.as_of > book.passbooks["wang"].as_of
    assert before.balance == book.passbooks["wang"].balance


def test_no_more_is_remembered_than_fits(found: Found) -> None:
    """A program that looks at everybody keeps what it saw last."""
    book = found()
    store = book._book.store
    with store.reading():
        for number in range(NOTES_MAX + 7):
            store.note(number, number)
            store.note(number, number, lasting=True)

    assert [NOTES_MAX] * 2 == [len(notes) for notes in vars(store._notes).values()]
    assert (None, None, 7) == (store.noted(6), store.noted(6, lasting=True), store.noted(7))


def test_a_joined_book_remembers_nothing(found: Found, tmp_path: Path) -> None:
    """What a host's transaction showed may be rolled back behind our back."""
    host = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    book = stocked(found(store=sqlite.join(host)))
    assert 100 == book.passbooks["wang"].balance

    host.execute("BEGIN IMMEDIATE")
    book.books.adjust("wang", 5, reason="补记")
    assert 105 == book.passbooks["wang"].balance
    host.execute("ROLLBACK")

    assert (100, 1) == (book.passbooks["wang"].balance, len(book.passbooks["wang"].lines))
