"""Goods set aside, collected, let go, lapsed, and brought back."""

from __future__ import annotations

from datetime import date

import pytest

from lovepoints.community import Community
from lovepoints.errors import Code, Refused
from lovepoints.testing import FakeClock
from tests.desks.conftest import RULES, Found, stocked
from tests.desks.looking import KIOSK, available, free, last

# reservations


def test_a_reservation_sets_points_and_goods_aside(town: Community) -> None:
    """What is set aside counts against what can be spent and fetched at once."""
    held = town.shop.hold({"rice": 2}, holder="li", by=KIOSK)

    book = town.passbooks["li"]
    assert ("held", 88, date(2026, 3, 14)) == (held.state, held.points, held.lapses_on)
    assert (100, 12, 88) == (book.balance, book.available, book.held)
    assert (3, 2) == (free(town, "rice"), town.shop.item("rice").held)
    assert [held.id] == [one.id for one in town.shop.with_state("held")]


def test_a_reservation_is_kept_from_the_day_it_was_made(
    village: Community, clock: FakeClock,
) -> None:
    """Written down later it has no more days; and none at all once they are over."""
    clock.set("2026-03-10")
    village.shop.receive("rice", 1)
    late = village.shop.hold({"soap": 1}, holder="li", at=date(2026, 3, 8))
    clock.set("2026-03-16")

    with pytest.raises(Refused) as no:
        village.shop.hold({"soap": 1}, holder="li", at=date(2026, 3, 8))

    assert date(2026, 3, 15) == late.lapses_on
    assert Code.HOLD_ALREADY_LAPSED == no.value.code


def test_collecting_pays_what_was_set_aside(town: Community, clock: FakeClock) -> None:
    """The reservation is handed over on its last day."""
    held = town.shop.hold({"rice": 2}, holder="li")
    clock.set("2026-03-14 23:59:59")

    collected = town.shop.collect(held.id, by=KIOSK)

    assert ("collected", 88, held.day) == (collected.state, collected.points, collected.day)
    book = town.passbooks["li"]
    assert (12, 12, 0) == (book.balance, book.available, book.held)
    assert (3, 0) == (free(town, "rice"), town.shop.item("rice").held)


def test_a_part_is_collected_and_the_rest_goes_back(town: Community) -> None:
    """Of two bags one is fetched; the other one and its points are free again at once."""
    held = town.shop.hold({"rice": 2, "soap": 1}, holder="li")

    collected = town.shop.collect(held.id, part={"rice": 1})

    assert (44, {"point": 49}) == (collected.points, collected.moved)
    assert (56, 4, 10) == (available(town, "li"), free(town, "rice"), free(town, "soap"))
    assert [(2, 1), (1, 0)] == [(line.quantity, line.handed) for line in collected.lines]


@pytest.mark.parametrize(("before", "pieces", "code", "state"), [
    ("collect", 1, Code.HOLD_ALREADY_COLLECTED, "collected"),
    ("release", 1, Code.HOLD_ALREADY_RELEASED, "released"),
    ("lapse", 1, Code.HOLD_ALREADY_LAPSED, "lapsed"),
    ("", 11, Code.EXCEEDS_HOLD, "held"),
])
def test_a_reservation_is_resolved_once(
    village: Community, clock: FakeClock, before: str, pieces: int, code: Code, state: str,
) -> None:
    """After it is collected, released or lapsed no more is fetched; nor more than it has."""
    held = village.shop.hold({"soap": 10}, holder="li")
    if before == "lapse":
        clock.set("2026-03-15")
    elif before:
        getattr(village.shop, before)(held.id)

    with pytest.raises(Refused) as no:
        village.shop.collect(held.id, part={"soap": pieces})

    assert (code, state) == (no.value.code, village.shop[held.id].state)


def test_released_reservations_give_everything_back(town: Community) -> None:  # bug 54
    """Reserving and letting go leaves passbook and shelf as they were, beside an equal twin."""
    town.shop.hold({"rice": 1}, holder="li")
    lots, shelf = town.passbooks["li"].lots, town.shop.shelf()
    twin = town.shop.hold({"rice": 1}, holder="li")

    released = town.shop.release(twin.id)

    assert ("released", 0, {"point": 44}) == (released.state, released.points, released.moved)
    assert (lots, shelf) == (town.passbooks["li"].lots, town.shop.shelf())


def test_a_lapsed_reservation_is_free_as_of_now(  # bug 34
    town: Community, clock: FakeClock,
) -> None:
    """Nothing need run: after the last day points and goods are free, for others too."""
    held = town.shop.hold({"rice": 2}, holder="li")
    town.shop.count("rice", 2)
    entries = len(list(town.books.entries()))

    clock.set("2026-03-15 00:00:00")

    assert (2, 0) == (free(town, "rice"), town.shop.item("rice").held)
    assert (100, 0) == (available(town, "li"), town.passbooks["li"].held)
    assert ("lapsed", 0) == (town.shop[held.id].state, town.shop[held.id].points)
    assert ([], [held.id]) == ([*town.shop.with_state("held")],
                               [one.id for one in town.shop.with_state("lapsed")])
    assert entries == len(list(town.books.entries()))

    fetched = town.shop.redeem({"rice": 2}, holder="wang")

    assert 88 == fetched.points
    lapsed, redeemed = town.books.entries(entries)
    assert ("lapse", "redeem") == (lapsed.kind, redeemed.kind)
    assert lapsed.rulebook == redeemed.rulebook != ""


@pytest.mark.parametrize("verb", ["count", "give", "write_off", "hold"])
def test_every_verb_that_needs_goods_sees_lapsed_reservations(
    village: Community, clock: FakeClock, verb: str,
) -> None:  # bug 34
    """What a neighbour did not fetch in time is there for counting, aid and hold."""
    village.shop.hold({"rice": 2}, holder="li")
    village.shop.write_off("rice", 3, reason="受潮")
    clock.set("2026-03-15")

    if verb == "hold":
        village.shop.hold({"rice": 2}, holder="wang")
    elif verb == "count":
        village.shop.count("rice", 0)
    else:
        getattr(village.shop, verb)("rice", 2, reason="援助")

    assert 0 == free(village, "rice")


def test_a_price_change_never_touches_a_reservation(town: Community) -> None:  # bug 27
    """What was reserved at 44 is collected and returned at 44."""
    held = town.shop.hold({"rice": 2}, holder="li")
    town.shop.price("rice", 60)

    collected = town.shop.collect(held.id)
    returned = town.shop.return_(held.id, part={"rice": 1})

    assert (88, 44) == (collected.points, returned.points)
    assert [44, 44] == [collected.lines[0].unit_price, returned.lines[0].unit_price]
    assert 56 == available(town, "li")


def test_later_rulebooks_do_not_touch_a_reservation(  # bug 27
    found: Found, clock: FakeClock,
) -> None:
    """What a lapse gives back stands in the rulebook under which it was reserved."""
    book = stocked(found())
    book.shop.hold({"rice": 1}, holder="li")
    book.rulebooks.adopt(RULES.replace("2026-01-01", "2026-03-10")
                         + '\n[redemption]\ngives_back = ["stock"]\n')

    clock.set("2026-03-20")

    assert 100 == available(book, "li")


def test_goods_that_spoil_meanwhile_stay_here(village: Community, clock: FakeClock) -> None:
    """A reserved bag past its best-before day is released, not collected."""
    village.shop.receive("rice", 1, best_before="2026-03-10")
    held = village.shop.hold({"rice": 1}, holder="li")
    clock.set("2026-03-11")

    with pytest.raises(Refused) as no:
        village.shop.collect(held.id)

    assert Code.LOT_EXPIRED == no.value.code


def test_an_unknown_reservation_is_said_to_be_unknown(village: Community) -> None:
    """Collecting something that was never reserved is a polite no."""
    with pytest.raises(Refused) as no:
        village.shop.collect("x-99")

    assert Code.HOLD_UNKNOWN == no.value.code


@pytest.mark.parametrize(("gives_back", "points", "soap"), [
    ('"points", "stock", "room"', 100, 10), ('"stock"', 75, 10), ('"points"', 100, 5),
])
@pytest.mark.parametrize("way", ["release", "lapse"])
def test_what_is_let_go_follows_the_rulebook(
    found: Found, clock: FakeClock, gives_back: str, points: int, soap: int, way: str,
) -> None:
    """Points, stock, or both come back; what does not is forfeited and written off."""
    book = stocked(found(f"\n[redemption]\ngives_back = [{gives_back}]\n"))
    held = book.shop.hold({"soap": 5}, holder="li")

    if way == "release":
        book.shop.release(held.id)
    else:
        clock.move(days=8)

    assert (points, soap) == (available(book, "li"), free(book, "soap"))


def test_nobody_else_collects_where_proxies_are_not_allowed(found: Found) -> None:
    """Who is named at the hand-over is looked at as at the counter."""
    book = stocked(found('\n[redemption]\nproxy = "none"\n'))
    held = book.shop.hold({"soap": 1}, holder="li")

    with pytest.raises(Refused) as no:
        book.shop.collect(held.id, proxy="老李")

    assert Code.NOT_HOLDER == no.value.code
    assert "collected" == book.shop.collect(held.id).state


# returns


def test_points_return_to_the_lots_they_came_from(  # bug 22
    town: Community, clock: FakeClock,
) -> None:
    """Of two interleaved redemptions the first is undone exactly, lot by lot."""
    clock.set("2026-04-01")
    town.books.adjust("li", 50, reason="补记")
    first = town.shop.redeem({"soap": 4}, holder="li")
    town.shop.redeem({"rice": 2}, holder="li")
    assert [42] == [share.points for share in town.passbooks["li"].lots["point"]]

    returned = town.shop.return_(first.id)

    assert ({"point": 20}, 0) == (returned.moved, returned.points)
    assert [(20, date(2027, 3, 7)), (42, date(2027, 4, 1))] == [
        (share.points, share.last_day) for share in town.passbooks["li"].lots["point"]]
    assert 10 == free(town, "soap")


def test_redeeming_and_returning_moves_no_last_day(  # bug 21
    town: Community, clock: FakeClock,
) -> None:
    """Points that are fetched and brought back keep their dates however often."""
    before = town.passbooks["li"].lots
    for _ in range(3):
        clock.move(days=20)
        redemption = town.shop.redeem({"rice": 1, "soap": 3}, holder="li")
        clock.move(days=5)
        town.shop.return_(redemption.id)

    assert before == town.passbooks["li"].lots


def test_no_more_comes_back_than_was_taken(town: Community) -> None:  # bug 19
    """Parts add up to the whole, once."""
    redemption = town.shop.redeem({"soap": 3}, holder="li")
    town.shop.return_(redemption.id, part={"soap": 2})

    with pytest.raises(Refused) as no:
        town.shop.return_(redemption.id, part={"soap": 2})
    rest = town.shop.return_(redemption.id)
    with pytest.raises(Refused) as nothing:
        town.shop.return_(redemption.id)

    assert (Code.EXCEEDS_REDEMPTION, 1) == (no.value.code, no.value.facts["present"])
    assert {"point": 5} == rest.moved
    assert Code.EXCEEDS_REDEMPTION == nothing.value.code
    assert 100 == available(town, "li")


def test_goods_that_come_back_broken_are_written_off(village: Community) -> None:
    """The points return, the goods do not go on the shelf."""
    redemption = village.shop.redeem({"soap": 3}, holder="li")

    village.shop.return_(redemption.id, restock=False, reason="破损")

    assert (7, 100) == (free(village, "soap"), available(village, "li"))


def test_points_returned_after_their_end_expire_at_once(found: Found, clock: FakeClock) -> None:
    """A lot that has ended meanwhile ends again as soon as points are back in it."""
    book = stocked(found())
    redemption = book.shop.redeem({"soap": 3}, holder="li")
    clock.set("2027-03-08")

    book.shop.return_(redemption.id)

    assert 0 == book.passbooks["li"].balance
    assert "expire" == last(book).kind


def test_points_returned_after_their_end_may_live_on(found: Found, clock: FakeClock) -> None:
    """Where the rulebook says so, they get a new life of that length."""
    book = stocked(found('\n[redemption]\nreturned_after_expiry = "10 days"\n'))
    redemption = book.shop.redeem({"soap": 3}, holder="li")
    clock.set("2027-03-08")

    book.shop.return_(redemption.id)

    assert (15, (date(2027, 3, 18), 15)) == (
        book.passbooks["li"].balance, book.passbooks["li"].next_expiry)
