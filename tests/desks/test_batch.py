"""Batches, several connections, and a host program's own transaction."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

import lovepoints as lp
from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.errors import Code, Refused, StoreError
from lovepoints.stores import dump, sqlite
from lovepoints.stores.memory import MemoryStore
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, balance, founded, paid, refusal


@pytest.fixture
def book(store: Store, clock: FakeClock) -> Community:
    """On each kind of store."""
    return founded(HEAD + HELP, clock=clock, store=store)


@pytest.fixture
def path(tmp_path: Path, clock: FakeClock) -> Path:
    """The file of a book."""
    founded(HEAD + HELP, clock=clock, store=sqlite.create(tmp_path / "b.db")).close()
    return tmp_path / "b.db"


def test_a_pile_is_one_transaction(path: Path, clock: FakeClock) -> None:
    """Nothing can be seen from outside before the end; then all of it is there."""
    with lp.open(path, by="staff:zhao", clock=clock) as book, lp.open(
            path, by="staff:zhao", clock=clock) as other:
        with book.batch():
            for _ in range(5):
                paid(book, hours=1)
            assert (10, 0) == (balance(book), balance(other))

        assert 10 == balance(other)


def test_a_refused_verb_undoes_itself_only(book: Community) -> None:
    """The rest of the pile goes on, the refusal keeps its key."""
    with book.batch():
        paid(book, hours=1)
        with suppress(Refused):
            book.books.adjust("wang", -1, reason="", key="k")
        paid(book, hours=2)

    assert 6 == balance(book)
    assert Code.REASON_NEEDED == refusal(
        lambda: book.books.adjust("wang", -1, reason="", key="k"))
    book.books.verify()


def test_an_exception_undoes_the_whole_pile(book: Community) -> None:
    """Also keys, names and an adopted rulebook."""  # bug 49
    before = dump(book._book.store)

    with pytest.raises(KeyError), book.batch():
        paid(book, hours=1, key="k")
        book.residents.enrol("new", name="新人")
        book.rulebooks.adopt((HEAD + HELP).replace("2026-01-01", "2026-03-07")
                             .replace("value = 2", "value = 9"))
        paid(book, hours=1)
        raise KeyError("outside")

    assert before == dump(book._book.store)
    assert 2 == paid(book, hours=1, key="k").award.points


def test_a_bad_line_can_be_set_aside(book: Community) -> None:
    """One wrong record of an import does not stop the others."""  # bug 49
    aside = []
    with book.batch():
        for code, points in (("wang", 5), ("nobody", 5), ("zhou", "x"), ("li", 7)):
            try:
                book.books.opening(code, points)
            except (lp.NotFound, ValueError) as error:
                aside.append((code, type(error).__name__))

    assert [("nobody", "NotFound"), ("zhou", "ValueError")] == aside
    assert (5, 7) == (balance(book), balance(book, "li"))


def test_a_batch_inside_a_batch_can_be_undone_alone(book: Community) -> None:
    """The outer one goes on."""
    with book.batch():
        paid(book, hours=1)
        with suppress(KeyError), book.batch():
            paid(book, hours=5)
            raise KeyError("inner")
        paid(book, hours=2)

    assert 6 == balance(book)
    book.books.verify()


def test_what_a_verb_returned_is_durable(path: Path, clock: FakeClock) -> None:
    """Another connection sees it at once, without closing the first."""
    with lp.open(path, by="staff:zhao", clock=clock) as first:
        paid(first, hours=3)
        with lp.open(path, clock=clock) as second:
            assert 6 == balance(second)


def test_two_connections_take_turns(path: Path, clock: FakeClock) -> None:
    """Whatever one writes is what the other decides on."""  # bug 1
    with lp.open(path, by="staff:zhao", clock=clock) as first, lp.open(
            path, by="staff:zhao", clock=clock) as second:
        for turn in range(6):
            paid(second if turn % 2 else first, hours=1)

        assert 12 == balance(first) == balance(second)
        first.books.verify()


def test_a_hosts_rollback_undoes_our_entries_and_frees_the_key(
    tmp_path: Path, clock: FakeClock,
) -> None:
    """Joined to a host's transaction, its fate is ours; what the host commits stays."""
    host = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    host.execute("CREATE TABLE orders (id)")
    lp.create(host, name="幸福社区", admin="staff:zhao", clock=clock)
    with lp.open(host, by="staff:zhao", clock=clock) as book:
        book.rulebooks.adopt(HEAD + HELP)
        book.residents.enrol("wang")
        host.execute("BEGIN IMMEDIATE")
        host.execute("INSERT INTO orders VALUES (1)")
        book.books.opening("wang", 5, key="k")
        refusal(lambda: book.books.adjust("wang", 1, reason="", key="burned"))
        host.execute("ROLLBACK")
        undone = balance(book)
        host.execute("BEGIN IMMEDIATE")
        host.execute("INSERT INTO orders VALUES (2)")
        again = book.books.opening("wang", 7, key="k")
        book.books.adjust("wang", 1, reason="补记", key="burned")
        host.execute("COMMIT")

        assert (0, 8, False) == (undone, balance(book), again.is_repeat)
        assert [(2,)] == host.execute("SELECT id FROM orders").fetchall()
        book.books.verify()
    host.close()


def test_a_read_only_book_says_so(path: Path, clock: FakeClock) -> None:
    """Reading works, writing is refused politely, and nothing is recorded."""
    with lp.open(path, by="staff:zhao", readonly=True, clock=clock) as book:
        assert 0 == balance(book)
        assert Code.LEDGER_READONLY == refusal(lambda: book.books.opening("wang", 5))
        book.books.verify()
        book.books.checkpoint()


def test_a_book_that_was_not_founded(tmp_path: Path) -> None:
    """An empty store is no community, and a founded one is not founded again."""
    from lovepoints.community import found, opened

    store = MemoryStore()
    with pytest.raises(StoreError) as missing:
        opened(store)
    found(store, name="幸福社区", admin="staff:zhao")
    with pytest.raises(StoreError) as twice:
        found(store, name="幸福社区", admin="staff:zhao")

    assert ("not_a_book", "exists") == (missing.value.code, twice.value.code)
    with pytest.raises(TypeError, match="who acts"):
        opened(store).residents.enrol("wang")


@pytest.mark.parametrize("said", [
    {"name": ""}, {"name": "\u200b"}, {"name": "幸" * 65}, {"admin": " "}, {"zone": "Asia/Nowhere"},
])
def test_a_book_is_founded_properly_or_not_at_all(
    tmp_path: Path, said: dict[str, str],
) -> None:
    """A wrong name, administrator or zone leaves no file behind."""
    with pytest.raises((ValueError, LookupError)):
        lp.create(tmp_path / "b.db", **{"name": "幸福社区", "admin": "staff:zhao", **said})

    assert [] == list(tmp_path.iterdir())
