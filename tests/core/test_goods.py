"""The shelf: deliveries, counts, write-offs, aid."""

from __future__ import annotations

from datetime import date

import pytest

from lovepoints.core.journal import Posting
from lovepoints.core.passbooks.goods import Stock, count, give, receive, stock, write_off
from lovepoints.core.passbooks.passbook import GIVEN, LOST, SHELF, SUPPLIER, held
from lovepoints.core.values import NEVER
from lovepoints.errors import Code
from tests.core.bench import CALENDAR, NOW, Bench, through

RICE = "item:rice"


def shelf() -> tuple[Bench, list[int]]:
    """Rice of three deliveries: spoiled, soon to spoil, lasting."""
    bench = Bench()
    lots = [bench.deliver("rice", 2, ends_at=NOW), bench.deliver("rice", 3, ends_at=NOW + 9),
            bench.deliver("rice", 4)]
    return bench, lots


def reserve(bench: Bench, lot: int, amount: int) -> None:
    """Set goods aside."""
    bench.write([Posting(SHELF, held(SHELF), RICE, amount, lot)])


def moves(postings: tuple[Posting, ...]) -> list[tuple[str, str, int, int]]:
    """The postings in short."""
    return [(one.source, one.target, one.lot, one.amount) for one in postings]


@pytest.mark.parametrize(("best_before", "ends"), [
    (None, NEVER), (date(2026, 12, 31), through("2026-12-31")),
])
def test_delivery_is_a_lot(best_before, ends):
    """A delivery is one lot, good through its best-before day."""
    posting, = receive("rice", 5, NOW, CALENDAR, best_before)

    assert (SUPPLIER, SHELF, RICE, 5) == (posting.source, posting.target, posting.unit,
                                          posting.amount)
    assert ends == posting.opens.ends_at


def test_stock_tells_what_can_be_handed_out():
    """Free, reserved and spoiled goods are told apart; together they are what a count finds."""
    bench, lots = shelf()
    reserve(bench, lots[2], 1)

    here = stock(bench.lots(SHELF), NOW)

    assert Stock(free=6, held=1, expired=2, next_end=NOW + 9) == here
    assert 9 == here.on_hand


def test_aid_takes_from_the_same_shelf():
    """Aid without points is given from the lots that spoil soonest, never from spoiled ones."""
    bench, lots = shelf()

    given, refused = (give("rice", amount, bench.lots(SHELF), NOW) for amount in (5, 8))

    assert [(SHELF, GIVEN, lots[1], 3), (SHELF, GIVEN, lots[2], 2)] == moves(given)
    assert (Code.INSUFFICIENT_STOCK, 7, 2) == (refused.code, refused.facts["present"],
                                               refused.facts["expired"])


def test_write_off_begins_with_what_is_spoiled():
    """What is written off is spoiled first; reserved goods are not touched."""
    bench, lots = shelf()
    reserve(bench, lots[2], 4)

    gone, refused = (write_off("rice", amount, bench.lots(SHELF), NOW) for amount in (3, 6))

    assert [(SHELF, LOST, lots[0], 2), (SHELF, LOST, lots[1], 1)] == moves(gone)
    assert (5, 4) == (refused.facts["present"], refused.facts["reserved"])


@pytest.mark.parametrize(("counted", "postings"), [
    (9, []), (8, [(SHELF, LOST, 0, 1)]), (4, [(SHELF, LOST, 0, 2), (SHELF, LOST, 1, 3)]),
    (11, [(SUPPLIER, SHELF, -1, 2)]),
])
def test_count_posts_the_difference(counted, postings):
    """A count down to the reserved figure is possible (bug 35)."""
    bench, lots = shelf()
    reserve(bench, lots[2], 4)

    found = count("rice", counted, bench.lots(SHELF), NOW, holds=("x1",))

    assert [(source, target, lots[place] if place >= 0 else 0, amount)
            for source, target, place, amount in postings] == moves(found)


def test_count_below_reserved_names_the_reservations():
    """Below what is reserved the count is refused, with the reservations in the way (bug 35)."""
    bench, lots = shelf()
    reserve(bench, lots[2], 4)

    refusal = count("rice", 3, bench.lots(SHELF), NOW, holds=("x1", "x7"))

    assert (Code.INSUFFICIENT_STOCK, ["x1", "x7"], 4, 3) == (
        refusal.code, refusal.facts["holds"], refusal.facts["needed"], refusal.facts["present"])


def test_found_goods_come_out_of_lost():
    """What was lost and is found comes back, with the earliest best-before there is."""
    bench, _ = shelf()
    bench.write(count("rice", 8, bench.lots(SHELF), NOW))

    found = count("rice", 11, bench.lots(SHELF), NOW, lost=bench.balance(LOST, RICE))
    bench.write(found)

    assert [(LOST, SHELF, 0, 1), (SUPPLIER, SHELF, 0, 2)] == moves(found)
    assert {NOW + 9} == {one.opens.ends_at for one in found}
    assert (11, 0) == (stock(bench.lots(SHELF), NOW).on_hand, bench.balance(LOST, RICE))
