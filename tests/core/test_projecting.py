"""Folding entries into rows: every limit holds after every entry, or the book is damaged."""

from __future__ import annotations

import pytest

from lovepoints.core.journal import Draft, Entry, Opens, Posting, entered, posting_id
from lovepoints.core.overlay import Overlay
from lovepoints.core.projecting import project
from lovepoints.core.rows import Area, Balance, Lot
from lovepoints.errors import BookDamaged

ME, YOU = "passbook/r-me", "passbook/r-you"


def entry(seq: int, *postings: Posting, **rows: object) -> Entry:
    """An entry with these postings and rows."""
    return entered(
        Draft(kind="test", subject="s", at=0, day="2026-03-01", postings=postings,
              details={"rows": rows} if rows else {}),
        seq=seq, key=f"k-{seq}", recorded_at=seq, by="s-1", role="admin")


@pytest.fixture
def rows() -> Overlay:
    """Ten points of mine in one lot."""
    found = Overlay()
    project(entry(1, Posting("issued", ME, "point", 10, opens=Opens())), found)
    return found


LOT = posting_id(1, 0)


def test_a_credit_moves_two_balances_and_opens_a_lot(rows: Overlay) -> None:
    """What left `issued` lies in the passbook, in a lot that has the posting's own id."""
    assert (-10, 10) == tuple(rows.get(Balance, one, "point").amount for one in ("issued", ME))
    assert (ME, 10, 10, 1) == tuple(
        getattr(rows.get(Lot, LOT), one) for one in ("account", "granted", "free", "is_open"))


@pytest.mark.parametrize("posting", [
    Posting(ME, "redeemed", "point", 11, LOT),
    Posting(ME, "redeemed", "point", 11),
    Posting(YOU, "redeemed", "point", 1),
    Posting("redeemed", "issued", "point", 1),
    Posting("expired", ME, "point", 1, LOT),
    Posting("issued", f"{ME}/owed", "point", 1),
    Posting("redeemed", "supplier", "item:rice", 1),
    Posting(ME, "redeemed", "point", 1, LOT + 7),
    Posting("issued", ME, "point:honour", 1, LOT),
    Posting(f"{ME}/held", ME, "point", 1, LOT),
    Posting("issued", ME, "point", 1, LOT),
], ids=str)
def test_an_entry_that_breaks_a_limit_cannot_be_folded(rows: Overlay, posting: Posting) -> None:
    """More than there is, from an empty account, to the wrong side of zero, beyond a lot, out of a
    lot that is none or of another unit."""
    with pytest.raises(BookDamaged) as damaged:
        project(entry(2, posting), rows)

    assert 2 == damaged.value.seq


def test_holding_and_letting_go_is_identity(rows: Overlay) -> None:
    """Free and held are two sides of one lot."""
    before = rows.get(Lot, LOT)

    project(entry(2, Posting(ME, f"{ME}/held", "point", 4, LOT)), rows)
    held = rows.get(Lot, LOT)
    project(entry(3, Posting(f"{ME}/held", ME, "point", 4, LOT)), rows)

    assert (6, 4) == (held.free, held.held)
    assert before == rows.get(Lot, LOT)


@pytest.mark.parametrize(("aside", "spent", "is_open"), [
    (0, 0, 1), (5, 0, 1), (7, 0, 1), (10, 0, 1), (4, 6, 1), (0, 10, 0),
])
def test_a_lot_is_open_while_anything_is_in_it(
    rows: Overlay, aside: int, spent: int, is_open: int,
) -> None:
    """Free or set aside."""
    project(entry(2, *(Posting(ME, to, "point", amount, LOT) for to, amount in (
        (f"{ME}/held", aside), ("redeemed", spent)) if amount)), rows)

    assert is_open == rows.get(Lot, LOT).is_open


def test_a_lot_that_is_empty_is_closed_and_opens_again(rows: Overlay) -> None:
    """Points may come back to it."""
    project(entry(2, Posting(ME, "redeemed", "point", 10, LOT)), rows)
    closed = rows.get(Lot, LOT).is_open
    project(entry(3, Posting("redeemed", ME, "point", 1, LOT)), rows)

    assert (0, 1) == (closed, rows.get(Lot, LOT).is_open)


def test_rows_are_changed_column_by_column(rows: Overlay) -> None:
    """An entry names what is new; the rest of a row stays."""
    project(entry(2, area=[{"code": "g-1", "title": "一网格", "parent": "c"}]), rows)
    project(entry(3, area=[{"code": "g-1", "title": "第一网格"}]), rows)

    assert Area(code="g-1", title="第一网格", parent="c") == rows.get(Area, "g-1")


@pytest.mark.parametrize("table", ["balance", "entry", "secret", "person", "nothing"])
def test_an_entry_changes_derived_rows_only(rows: Overlay, table: str) -> None:
    """Balances follow from postings; the journal, secrets and persons from nothing."""
    with pytest.raises(KeyError):
        project(entry(2, **{table: [{"account": ME, "unit": "point", "amount": 99}]}), rows)
