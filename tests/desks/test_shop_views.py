"""Reading the shop: who may fetch what, cover, donors, lists; and odd calls."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lovepoints.community import Community
from lovepoints.errors import Code, NotFound, Refused
from lovepoints.testing import FakeClock, community
from tests.desks.conftest import RULES, Found, stocked
from tests.desks.looking import available, free, refused


def test_who_may_fetch_what(village: Community, clock: FakeClock) -> None:
    """Each passbook with what it can spend, and all that stands against one piece."""
    village.shop.stock("rice", price=44, for_={"hard_up": [True]})
    village.residents.describe("li", hard_up=True)
    village.shop.redeem({"soap": 2}, holder="wang")
    village.shop.hold({"soap": 8}, holder="li")
    clock.set("2026-03-16")
    entries = len(list(village.books.entries()))

    able = {one.holder: one for one in village.shop.who_may_fetch("rice")}

    assert {"li": (100, True, True), "wang-home": (90, True, False)} == {
        holder: (one.available, one.suffices, one.may_fetch) for holder, one in able.items()}
    assert [Code.RESERVED_ITEM] == [one.code for one in able["wang-home"].refusals]
    assert entries == len(list(village.books.entries()))


def test_who_may_fetch_looks_at_neither_days_nor_stock(found: Found) -> None:
    """The list is read on a closed day to plan what to buy."""
    book = stocked(found("\n[redemption]\ndays = { switched = true }\n"))
    book.shop.stock("kettle", title="热水壶", price=90)

    assert [True, True] == [one.may_fetch for one in book.shop.who_may_fetch("kettle")]


def test_who_may_fetch_something_without_a_price_is_refused(village: Community) -> None:
    """Without a price nobody can be told."""
    village.shop.stock("kettle", title="热水壶")

    assert Code.NO_PRICE == refused(village, "who_may_fetch", "kettle").code


def test_points_are_held_against_the_shelf(village: Community, clock: FakeClock) -> None:
    """If everybody came today: what they can spend, what there is, what is missing."""
    village.books.adjust("li", 200, reason="补记")
    village.shop.redeem({"rice": 1, "soap": 2}, holder="wang")
    village.shop.stock("kettle", title="热水壶")
    village.shop.stock("haircut", title="理发", price=1, stocked=False)
    village.shop.stock("check-up", title="体检", stocked=False)
    village.shop.hold({"haircut": 40}, holder="li")

    cover = village.shop.cover()

    assert (260 + 46, 4 * 44 + 8 * 5) == (cover.outstanding, cover.shelf)
    assert (90, 9_000, 54) == (cover.missing, cover.missing_fen, cover.fetched)
    assert (Decimal("12.0"), ("kettle",)) == (cover.months, cover.unpriced)
    clock.move(days=91)
    assert (0, None) == (village.shop.cover().fetched, village.shop.cover().months)


def test_all_of_the_last_months_is_counted(village: Community, clock: FakeClock) -> None:
    """However many redemptions there were in ninety days, and none from before."""
    village.shop.stock("bags", title="垃圾袋", price=1, stocked=False)
    village.books.adjust("li", 1000, reason="补记")
    village.shop.redeem({"bags": 7}, holder="li")
    clock.move(days=90)
    with village.batch():
        for _ in range(210):
            village.shop.redeem({"bags": 1}, holder="li")

    cover = village.shop.cover()

    assert 210 == cover.fetched


def test_a_donated_bag_is_traced_to_the_hands_that_got_it(town: Community) -> None:
    """The lines of a redemption name the delivery; the delivery says what became of it."""
    redemption = town.shop.redeem({"rice": 2}, holder="li")
    town.shop.write_off("rice", 1, reason="受潮")
    town.shop.return_(redemption.id, part={"rice": 1}, restock=False)

    (id_,) = redemption.lines[0].deliveries
    delivery = town.shop.delivery(id_)

    assert ("周记粮行", 5, 2, 1, 2) == (
        delivery.donor, delivery.quantity, delivery.free, delivery.given, delivery.lost)
    assert [delivery] == [*town.shop.deliveries("rice")]
    assert 2 == len(town.shop.deliveries())


def test_a_passbooks_redemptions_are_listed(village: Community, clock: FakeClock) -> None:
    """By day, reservations too, each as it stands."""
    village.shop.redeem({"soap": 1}, holder="li-mother")
    held = village.shop.hold({"soap": 1}, holder="li-aunt")
    village.shop.redeem({"soap": 1}, holder="wang")
    clock.move(days=30)

    assert [("collected", 5), ("lapsed", 0)] == [
        (one.state, one.points) for one in village.shop.of("li-aunt")]
    assert held.id == village.shop[held.id].id


@pytest.mark.parametrize("look", ["item", "delivery", "who_may_fetch", "__getitem__"])
def test_what_is_not_there_is_not_found(village: Community, look: str) -> None:
    """An unknown item, delivery or redemption is named in the error."""
    with pytest.raises(NotFound, match="nothing"):
        getattr(village.shop, look)("nothing")


def test_an_unknown_item_leaves_the_key_free(village: Community) -> None:
    """A mistyped code is no refusal: the same key works for the right basket."""
    with pytest.raises(NotFound):
        village.shop.redeem({"soup": 1}, holder="li", key="k")

    assert not village.shop.redeem({"soap": 1}, holder="li", key="k").is_repeat


@pytest.mark.parametrize("quantity", [0, -1, 1.5, True, "2", 10**7])
def test_quantities_are_whole(village: Community, quantity: object) -> None:  # bug 30
    """A wrong quantity is a wrong call."""
    with pytest.raises((TypeError, ValueError)):
        village.shop.redeem({"soap": quantity}, holder="li")  # type: ignore[dict-item]


def test_a_pile_in_a_batch_undoes_a_refused_slip_alone(town: Community) -> None:
    """One transaction for a day's slips; what cannot be had leaves the others."""
    with town.batch():
        town.shop.redeem({"rice": 2}, holder="li")
        with pytest.raises(Refused):
            town.shop.redeem({"rice": 1}, holder="li")
        town.shop.redeem({"soap": 1}, holder="wang")

    assert (12, 95, 3) == (available(town, "li"), available(town, "wang"), free(town, "rice"))


def test_no_rulebook_no_shop(clock: FakeClock) -> None:
    """Before the first rulebook nothing has a price in points."""
    book = community(clock=clock)

    with pytest.raises(Refused) as no:
        book.shop.stock("rice", title="大米", price=44)

    assert Code.RULEBOOK_UNKNOWN == no.value.code


def test_only_real_passbooks_may_fetch(found: Found) -> None:
    """Where residents keep their own passbooks, a household is listed only if it holds points."""
    book = stocked(found(rules=RULES.replace('holder = "household"', 'holder = "resident"')))
    book.residents.enrol("zhao", household="zhao-home")

    listed = [fetcher.holder for fetcher in book.shop.who_may_fetch("rice")]

    assert listed == ["li", "wang-home", "li-aunt", "li-child", "li-mother", "wang", "zhao"]
    assert [one.code for one in book.passbooks] == listed
