"""Copies of the book: verified, noted, and told apart when they are put back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import lovepoints as lp
from lovepoints.core.findings import Problem, Verification
from lovepoints.desks import backing
from lovepoints.stores import sqlite
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import founded


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A book in a file."""
    book = founded(clock=FakeClock("2026-03-07 10:00"), store=sqlite.create(tmp_path / "book.db"))
    book.books.opening("li", 20)
    book.close()
    return tmp_path / "book.db"


def test_a_backup_is_a_verified_book_and_is_noted(path: Path) -> None:
    """The copy has the entries and the root of the book, and the book knows of it."""
    copy = path.with_name("copy.db")

    with lp.open(path) as book:
        made = book.books.backup(copy)
        noted, now = book.books.backups(), book.books.checkpoint()

    with lp.open(copy, readonly=True) as book:
        assert book.books.verify(against=[made.checkpoint.code]).holds
        assert () == book.books.backups()
    assert ((made,), "copy.db", now) == (noted, made.name, made.checkpoint)


def test_a_copy_that_was_put_back_is_told_by_the_newest_paper(path: Path) -> None:
    """It is sound in itself; the paper says how many entries are missing."""
    with lp.open(path, by="staff:zhao") as book:
        book.books.backup(path.with_name("copy.db"))
        for amount in (3, 4):
            book.books.adjust("li", amount, reason="补记")
        paper = book.books.checkpoint().code

    shutil.copy(path.with_name("copy.db"), path)

    with lp.open(path, readonly=True) as book:
        (found,) = book.books.check(against=[paper]).against
        assert book.books.check().is_sound
    assert ("shorter", 2) == (found.outcome, found.missing)


@pytest.mark.parametrize(("found", "said"), [
    (Verification(entries=3, root=bytes(32)), "not the beginning"),
    (Verification(entries=3, root=bytes(32), problems=(Problem(2, "leaf"),)), "does not verify"),
])
def test_a_copy_that_does_not_verify_is_taken_away(
    path: Path, found: Verification, said: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody should trust it one day."""
    monkeypatch.setattr(backing, "_verified", lambda _: found)

    with lp.open(path) as book, pytest.raises(lp.BookDamaged, match=said):
        book.books.backup(path.with_name("copy.db"))

    assert {"book.db"} == {name for name in os.listdir(path.parent) if name.endswith(".db")}


def test_a_backup_never_overwrites(path: Path) -> None:
    """An existing file stays as it is, and a book in memory has none."""
    copy = path.with_name("copy.db")
    copy.write_text("mine")

    with lp.open(path) as book, pytest.raises(lp.StoreError, match="exists"):
        book.books.backup(copy)
    with pytest.raises(lp.StoreError, match="in memory"):
        founded(clock=FakeClock("2026-03-07 10:00")).books.backup(path.with_name("other.db"))

    assert "mine" == copy.read_text()


def test_a_reader_may_copy_but_not_note(path: Path) -> None:
    """A book opened for reading is copied all the same."""
    with lp.open(path, readonly=True) as book:
        made = book.books.backup(path.with_name("copy.db"))
        assert () == book.books.backups()

    assert made.name == "copy.db"
