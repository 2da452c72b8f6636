"""What a batch needs does not grow with its length, and a long one is undone all the same."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from tests.benchmarks import ours, workload
from tests.benchmarks.ours import Clock, Ours

from lovepoints.stores import kept

PEOPLE = 20


def said(book: Ours, deeds: int) -> None:
    """So many deeds, reported and confirmed."""
    piece = [one._replace(resident=one.resident % PEOPLE)
             for one in islice(workload.deeds(2_000), deeds)]
    book.report(piece)
    book.awards(piece)


def founded(path: Path) -> Ours:
    """A book with its residents."""
    clock = Clock(workload.FIRST_DAY)
    ours.found(path, clock, PEOPLE)
    return Ours(path, clock, "normal")


def test_a_long_batch_keeps_no_more_than_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Regression: a savepoint around every batch kept all of it until the end."""
    monkeypatch.setattr(kept, "ROWS_MAX", 500)
    book, most = founded(tmp_path / "book"), 0
    memory = book.community._book.store._kept
    with book.community.batch():
        for _ in range(8):
            said(book, 125)
            rows = sum(len(table.rows) for table in memory._tables.values())
            most = max(most, memory.mark(), rows)
    book.close()

    assert most < 3 * kept.ROWS_MAX


@pytest.mark.parametrize("is_inner", [False, True])
def test_a_long_batch_is_undone(
    is_inner: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also what was handed to the engine in its midst; of a batch inside another one just that."""
    monkeypatch.setattr(kept, "ROWS_MAX", 100)
    book = founded(tmp_path / "book")
    community = book.community
    before = community._book.head()[0]

    def undone() -> None:
        with pytest.raises(KeyError), community.batch():
            said(book, 200)
            raise KeyError

    if is_inner:
        with community.batch():
            community.residents.enrol("first")
            undone()
            community.residents.enrol("last")
    else:
        undone()

    assert community._book.head()[0] == before + 2 * is_inner
    said(book, 200)
    assert community.books.verify().is_sound
    book.close()
