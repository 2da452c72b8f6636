"""Working movements out again: whoever owns file and program can make a book that agrees with
itself, but not one in which hand-overs, gifts, returns and dates come out as they must."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from lovepoints.core.journal import Details, Entry, Opens, Posting
from lovepoints.core.rows import EntryRow
from lovepoints.core.verifying import Verification, verify
from lovepoints.stores import sqlite
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, YEAR, founded, paid
from tests.laws import forging

RULES = HEAD + HELP + YEAR + """
[transfer]
to = "anyone"
[redemption]
collect_within = "3 days"
"""
Change = Callable[[Entry], Entry]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two passbooks of two lots each, and everything that moves them without an award."""
    clock = FakeClock("2026-03-07 10:00")
    book = founded(RULES, clock=clock, store=sqlite.create(tmp_path / "book.db"))
    book.shop.stock("rice", price=5)
    book.shop.receive("rice", 30)
    for _ in range(2):
        for who in ("wang", "zhou"):
            paid(book, who, hours=10)
        clock.move(days=1)
    book.shop.redeem({"rice": 1}, holder="wang")
    held = book.shop.hold({"rice": 2}, holder="zhou").id
    book.shop.collect(held, part={"rice": 1})
    gone = book.shop.redeem({"rice": 2}, holder="wang").id
    book.shop.return_(gone, part={"rice": 1}, reason="破")
    book.shop.release(book.shop.hold({"rice": 1}, holder="wang").id)
    book.books.transfer("zhou", "li", 3)
    book.books.adjust("zhou", -2, reason="更正")
    book.books.reverse(book.books.adjust("wang", 4, reason="更正").seq, reason="记错")
    book.books.adjust("wang", 1, reason="更正")
    book.shop.hold({"rice": 1}, holder="zhou")
    clock.move(days=5)
    book.books.sweep()
    book.deeds.reject(book.deeds.report("help", resident="wang", quantity=1).id, by="staff:wu",
                      reason="不实")
    clock.move(days=400)
    book.books.sweep()
    book.close()
    return tmp_path / "book.db"


def worked_out(path: Path, *, rate: bool = True) -> Verification:
    """What verifying finds, with everything worked out again or without."""
    store = sqlite.open_(path, readonly=True)
    try:
        return verify(store, rate=rate)
    finally:
        store.close()


def test_an_honest_book_comes_out_as_it_was_written(path: Path) -> None:
    """Nothing is found in it."""
    assert () == worked_out(path).problems


def _posted(entry: Entry, change: Callable[[Posting], Posting]) -> Entry:
    first, *others = entry.postings
    return attrs.evolve(entry, postings=(change(first), *others))


def _fetched(entry: Entry, change: Callable[[Details], Details]) -> Entry:
    (row,) = entry.details["rows"]["redemption"]
    return attrs.evolve(entry, details={**entry.details, "rows": {
        "redemption": [{**row, "details": change(row["details"])}]}})


def _lined(entry: Entry, **columns: object) -> Entry:
    return _fetched(entry, lambda details: {
        **details, "lines": [{**line, **columns} for line in details["lines"]]})


def _other_lot(entry: Entry) -> Entry:
    """Out of the holder's younger lot, wherever the entry speaks of it."""
    lots = {one.lot for one in entry.postings if one.unit == "point"}
    (old,) = lots
    young = old + 4 * 4096  # each round of deeds takes four entries
    if "rows" in entry.details:
        entry = _fetched(entry, lambda details: {**details, "points": [
            [unit, young, amount] for unit, _, amount in details["points"]]})
    return attrs.evolve(entry, postings=tuple(
        attrs.evolve(one, lot=young) if one.lot == old else one for one in entry.postings))


def _less(entry: Entry) -> Entry:
    entry = _fetched(entry, lambda details: {**details, "points": [
        [unit, lot, amount - 1] for unit, lot, amount in details["points"]]})
    return _posted(entry, lambda one: attrs.evolve(one, amount=one.amount - 1))


def _later(one: Posting) -> Posting:
    assert one.opens
    return attrs.evolve(one, opens=Opens(one.opens.available_at, one.opens.ends_at + 1))


FORGED: dict[str, tuple[str, Change, str]] = {
    "a lot ended earlier": ("expire", lambda one: attrs.evolve(one, at=one.at - 1), "not_due"),
    "a reservation lapsed earlier": (
        "lapse", lambda one: attrs.evolve(one, at=one.at - 1), "not_due"),
    "another price": ("redeem", lambda one: _lined(one, unit_price={"": 4}), "price_other"),
    "a point less was paid": ("redeem", _less, "moved_otherwise"),
    "the younger lot paid": ("redeem", _other_lot, "lots_turn"),
    "the younger lot was set aside": ("hold", _other_lot, "lots_turn"),
    "more was collected": ("collect", lambda one: _lined(one, handed=2), "moved_otherwise"),
    "a reservation let go was collected": (
        "release", lambda one: attrs.evolve(one, kind="collect"), "moved_otherwise"),
    "more came back": ("return", lambda one: _lined(one, returned=2), "moved_otherwise"),
    "a gift lasts longer": ("transfer", lambda one: _posted(one, _later), "moved_otherwise"),
    "the younger lot was given": ("transfer", _other_lot, "lots_turn"),
    "nothing was given": ("transfer", lambda one: attrs.evolve(one, postings=()),
                          "moved_otherwise"),
    "the younger lot was corrected": ("adjust", _other_lot, "lots_turn"),
    "less was taken back": (
        "reverse", lambda one: _posted(one, lambda it: attrs.evolve(it, amount=it.amount - 1)),
        "reversed_otherwise"),
    "a reversal was taken back": (
        "reject", lambda one: attrs.evolve(one, kind="reverse", reverses=one.seq - 6),
        "reversed_before"),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_must_not_move_so_is_named(what: str, path: Path, tmp_path: Path) -> None:
    """The one entry that was forged; a book that only agrees with itself shows nothing."""
    kind, change, code = FORGED[what]
    store = sqlite.open_(path, readonly=True)
    entries = [Entry.from_bytes(row.body) for row in store.scan(EntryRow)]
    store.close()
    seq = next(one.seq for one in entries if one.kind == kind)

    forged = forging.rewrite(path, tmp_path / "forged.db", lambda one: (
        one if one.seq < seq else change(one) if one.seq == seq else None))

    assert () == worked_out(forged, rate=False).problems
    first = worked_out(forged).problems[0]
    assert (seq, code) == (first.seq, first.code)


def test_whoever_decides_at_home_is_named(path: Path, tmp_path: Path) -> None:
    """The doer, in the place of the officer."""
    def decide(entry: Entry) -> Entry:
        awards = entry.details.get("awards")
        return attrs.evolve(entry, by=awards[0]["doer"]) if awards else entry

    found = worked_out(forging.rewrite(path, tmp_path / "forged.db", decide)).problems

    assert {"decided_own"} == {one.code for one in found}
    assert {"doer"} == {one.facts["who"] for one in found}
