"""The goods of the shop: items, prices, deliveries, aid, stocktakes, and what lies on the shelf."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from lovepoints.community import Community, create
from lovepoints.community import open as open_
from lovepoints.core.store import Store
from lovepoints.errors import Code, Refused
from lovepoints.testing import FakeClock, seeded
from tests.desks.conftest import RULES, Found, peopled
from tests.desks.looking import refused

# items and prices


def test_an_item_stands_on_the_shelf_as_it_was_described(town: Community) -> None:
    """Title, measure, price and what there is of it."""
    rice = town.shop.item("rice")

    assert ("大米 5 公斤", "袋", 44, {"": 44}) == (
        rice.title, rice.measure, rice.points, rice.prices)
    assert (5, 0, 0, 5, date(2026, 12, 31)) == (
        rice.free, rice.held, rice.expired, rice.on_hand, rice.best_before)
    assert ["rice", "soap"] == [item.item for item in town.shop.shelf()]


def test_an_item_is_described_anew(village: Community) -> None:
    """A second description holds; a title left out and the price stay."""
    village.shop.stock("rice", measure="袋", low=6, limit=2, for_={"hard_up": True})

    rice = village.shop.item("rice")

    assert ("大米 5 公斤", 44, 5) == (rice.title, rice.points, rice.free)
    assert (6, True, {"most": 2, "each": "year"}, {"hard_up": (True,)}) == (
        rice.low, rice.is_low, rice.limit, rice.for_)


def test_pieces_kept_for_aid_are_not_fetched_for_points(village: Community) -> None:
    """Of five bags two are kept: three can be fetched or reserved, all five given as aid."""
    village.books.adjust("li", 1000, reason="期初")
    village.shop.stock("rice", measure="袋", aid=2)
    assert (village.shop.item("rice").free, village.shop.item("rice").for_points) == (5, 3)

    village.shop.hold({"rice": 1}, holder="wang")
    for verb in ("redeem", "hold"):
        no = refused(village, verb, {"rice": 3}, holder="li")
        assert (no.code, no.facts["present"], no.facts["kept"]) == (Code.INSUFFICIENT_STOCK, 2, 2)
    village.shop.redeem({"rice": 2}, holder="li")

    assert (village.shop.item("rice").free, village.shop.item("rice").for_points) == (2, 0)
    village.shop.give("rice", 2, reason="慰问")
    assert village.shop.item("rice").free == 0


def test_low_stock_is_flagged_by_what_is_free(village: Community) -> None:
    """Reserved goods do not count against being low."""
    assert not village.shop.item("rice").is_low

    village.shop.redeem({"rice": 2}, holder="li")
    village.shop.hold({"rice": 2}, holder="wang")

    assert village.shop.item("rice").is_low


def test_unlimited_is_its_own_value(clock: FakeClock, tmp_path: Path) -> None:  # bug 36
    """A service has no shelf, is never short, and stays so in the file."""
    path, random = tmp_path / "b.db", seeded()
    create(path, name="幸福社区", admin="staff:zhao", clock=clock, random=random)
    with open_(path, by="staff:zhao", clock=clock, random=random) as book:
        peopled(book, RULES)
        book.books.opening("li", 100)
        book.shop.stock("haircut", title="理发", price=1, stocked=False)
        book.shop.redeem({"haircut": 60}, holder="li")
    with open_(path, by="staff:zhao", clock=clock, random=random) as book:
        again = book.shop.redeem({"haircut": 40}, holder="li")
        haircut = book.shop.item("haircut")
        book.books.verify()

    assert 40 == again.points
    assert (False, False, {}) == (haircut.is_stocked, haircut.is_low, haircut.limit)


@pytest.mark.parametrize("said", [
    {"limit": -1}, {"limit": 0}, {"limit": {"most": -1, "each": "month"}}, {"low": -1},
    {"limit": {"most": 2, "each": "fortnight"}}, {"limit": {"most": 2}}, {"cash": -1},
    {"limit": 2.0}, {"price": 4.4}, {"price": 0}, {"price": -5}, {"price": True},
    {"price": "4.5"}, {"price": 10**13}, {"title": "大\u200b米"}, {"for_": {"困难": True}},
    {"for_": {"hard_up": []}},
])
def test_no_number_stands_for_something_else(
    village: Community, said: dict[str, object],
) -> None:  # bug 36
    """Minus one, zero, floats and odd text are wrong calls, and change nothing."""
    before = village.shop.item("rice")

    with pytest.raises((TypeError, ValueError)):
        village.shop.stock("rice", **said)  # type: ignore[arg-type]

    assert before == village.shop.item("rice")


def test_a_service_with_goods_on_its_shelf_is_refused(village: Community) -> None:
    """What lies on the shelf cannot be declared away."""
    assert Code.STATE_NOT_FITTING == refused(village, "stock", "soap", stocked=False).code

    village.shop.write_off("soap", 10, reason="送回厂家")

    assert not village.shop.stock("soap", stocked=False).is_stocked


def test_an_item_code_of_any_script_works(village: Community) -> None:
    """Goods may go by their Chinese names."""
    village.shop.stock("茶苗5株", price=50)
    village.shop.receive("茶苗5株", 20)

    assert 50 == village.shop.redeem({"茶苗5株": 1}, holder="li", key="k").points
    assert village.shop.redeem([("茶苗5株", 1)], holder="li", key="k").is_repeat


# deliveries


def test_a_delivery_opens_a_lot_and_names_no_donor_in_the_journal(town: Community) -> None:
    """Donor, receipt, witness and note are kept beside the book; the entry has the rest."""
    moved = town.shop.receive("rice", 3, donor="赵大爷", receipt="收据 0012", witness="钱阿姨",
                              note="给困难户", origin="donated", unit_value=3500,
                              best_before="2026-06-30")

    delivery = town.shop.delivery(moved.id)
    assert ("receive", 3, 3) == (moved.kind, moved.quantity, moved.change)
    assert ("赵大爷", "收据 0012", 3500, date(2026, 6, 30), 3) == (
        delivery.donor, delivery.receipt, delivery.unit_value, delivery.best_before, delivery.free)
    body = next(one.body.decode() for one in town.books.entries() if one.seq == moved.seq)
    assert not [word for word in ("赵大爷", "0012", "钱阿姨", "困难户") if word in body]


def test_what_spoils_first_goes_out_first(village: Community) -> None:
    """The soonest best-before leaves the shelf, then what was there before."""
    soon = village.shop.receive("rice", 1, best_before="2026-04-01")

    redemption = village.shop.redeem({"rice": 2}, holder="li")

    assert [soon.id, village.shop.deliveries("rice")[0].id] == list(redemption.lines[0].deliveries)


def test_spoiled_goods_are_never_handed_out(town: Community, clock: FakeClock) -> None:
    """The last day itself still counts; after it they wait to be written off."""
    clock.set("2026-12-31 23:59:59")
    town.shop.redeem({"rice": 1}, holder="li")
    clock.set("2027-01-01 00:00:00")

    no = refused(town, "redeem", {"rice": 1}, holder="li")
    aid = refused(town, "give", "rice", 1, reason="援助")
    rice = town.shop.item("rice")
    town.shop.write_off("rice", 4, reason="过期")

    assert (Code.INSUFFICIENT_STOCK, 0, 4) == (no.code, no.facts["present"], no.facts["expired"])
    assert Code.INSUFFICIENT_STOCK == aid.code
    assert (0, 4, 4, True) == (rice.free, rice.expired, rice.on_hand, rice.is_low)
    assert 0 == town.shop.item("rice").on_hand


def test_a_delivery_that_is_spoiled_already_is_refused(village: Community) -> None:
    """What nobody could hand out is not taken in; its last day still is."""
    assert Code.LOT_EXPIRED == refused(village, "receive", "rice", 1, best_before="2026-03-06").code

    assert 1 == village.shop.receive("rice", 1, best_before=date(2026, 3, 7)).change


def test_a_service_takes_no_delivery_and_no_stocktake(village: Community) -> None:
    """There is no shelf to put it on."""
    village.shop.stock("haircut", title="理发", price=10, stocked=False)

    assert [Code.STATE_NOT_FITTING] * 2 == [refused(village, "receive", "haircut", 1).code,
                                            refused(village, "count", "haircut", 1).code]


@pytest.mark.parametrize("said", [
    {"quantity": 0}, {"quantity": 1.0}, {"origin": "stolen"}, {"unit_value": -1},
    {"best_before": "31/12/2026"}, {"best_before": datetime(2026, 12, 31)},  # noqa: DTZ001
    {"best_before": 20261231}, {"donor": "赵\u202e大爷"},
])
def test_odd_deliveries_are_wrong_calls(village: Community, said: dict[str, object]) -> None:
    """Nothing of them is written."""
    with pytest.raises((TypeError, ValueError)):
        village.shop.receive(**{"item": "rice", "quantity": 1, **said})  # type: ignore[arg-type]

    assert 5 == village.shop.item("rice").free


def test_a_delivery_is_taken_back_while_all_of_it_is_there(village: Community) -> None:
    """A slip of the pen is reversed; once a bag is fetched it is not."""
    wrong = village.shop.receive("rice", 50)
    village.books.reverse(wrong.seq, reason="多写一个零")
    right = village.shop.receive("rice", 1, best_before="2026-04-01")
    village.shop.redeem({"rice": 1}, holder="li")

    with pytest.raises(Refused) as no:
        village.books.reverse(right.seq, reason="写错")

    assert Code.NOT_REVERSIBLE == no.value.code
    assert 5 == village.shop.item("rice").free
    assert [5, 1] == [one.quantity for one in village.shop.deliveries("rice")]


# aid, stocktakes, losses


def test_aid_leaves_the_same_shelf_without_points(town: Community) -> None:
    """One stock, two ways out; who got it is a pseudonym in the journal."""
    moved = town.shop.give("rice", 2, holder="wang", reason="火灾救助")

    assert (-2, "wang", "火灾救助") == (moved.change, moved.holder, moved.reason)
    assert (3, 100) == (town.shop.item("rice").free, town.passbooks["wang"].balance)
    body = next(one.body.decode() for one in town.books.entries() if one.seq == moved.seq)
    assert "火灾" not in body and "wang" not in body


def test_aid_never_takes_what_is_reserved(village: Community) -> None:
    """A neighbour's reservation is safe."""
    village.shop.hold({"rice": 2}, holder="li")

    no = refused(village, "give", "rice", 4, reason="援助")

    assert (Code.INSUFFICIENT_STOCK, 3, 2) == (no.code, no.facts["present"], no.facts["reserved"])


def test_nobody_gives_to_herself_or_her_household(village: Community) -> None:
    """A shopkeeper who lives here asks a colleague to hand out aid to her home."""
    village.residents.appoint("li-aunt", role="shopkeeper")

    told = [refused(village, "give", "rice", 1, reason="援助", holder=holder, by="li-aunt").code
            for holder in ("li-aunt", "li-mother", "li")]

    assert [Code.SELF_CONFIRMATION] * 3 == told
    assert -1 == village.shop.give("rice", 1, reason="援助", holder="wang", by="li-aunt").change


@pytest.mark.parametrize("verb", ["give", "write_off"])
def test_goods_leave_with_a_reason(village: Community, verb: str) -> None:
    """An empty reason is no reason."""
    assert Code.REASON_NEEDED == refused(village, verb, "rice", 1, reason=" ").code


def test_a_service_can_be_given(village: Community) -> None:
    """A haircut as aid is written down though no shelf moves."""
    village.shop.stock("haircut", title="理发", price=10, stocked=False)

    moved = village.shop.give("haircut", 2, reason="节日慰问", holder="wang")

    assert (2, 0) == (moved.quantity, moved.change)


def test_a_stocktake_down_to_what_is_reserved(town: Community) -> None:  # bug 35
    """Counting exactly the reserved pieces is allowed; the reservation is collected after it."""
    held = town.shop.hold({"rice": 2}, holder="li")

    counted = town.shop.count("rice", 2, reason="月末盘点")

    assert (2, -3) == (counted.quantity, counted.change)
    assert (0, 2) == (town.shop.item("rice").free, town.shop.item("rice").held)
    assert "collected" == town.shop.collect(held.id).state


def test_a_stocktake_below_that_names_the_reservations(town: Community) -> None:  # bug 35
    """Below it the conflicting ones are listed, and no others."""
    first = town.shop.hold({"rice": 1}, holder="li")
    second = town.shop.hold({"rice": 1, "soap": 1}, holder="wang")
    town.shop.hold({"soap": 1}, holder="wang")

    no = refused(town, "count", "rice", 1)

    assert (Code.INSUFFICIENT_STOCK, {first.id, second.id}) == (no.code, set(no.facts["holds"]))


def test_found_goods_come_back_from_the_lost_ones(village: Community) -> None:
    """What was counted as missing and turns up is there again; more than that is new."""
    village.shop.count("soap", 7)

    counted = village.shop.count("soap", 12)

    assert (5, 12) == (counted.change, village.shop.item("soap").free)
    moved = {(one.source, one.target): one.amount
             for one in list(village.books.entries())[-1].postings}
    assert {("lost", "shelf"): 3, ("supplier", "shelf"): 2} == moved


@pytest.mark.parametrize("verb", ["count", "write_off"])
def test_a_loss_that_turned_up_since_is_not_taken_back(village: Community, verb: str) -> None:
    """It is back on the shelf already; a second time would make goods of nothing."""
    lost = (village.shop.count("soap", 7) if verb == "count"
            else village.shop.write_off("soap", 3, reason="受潮"))
    village.shop.count("soap", 9)

    with pytest.raises(Refused) as caught:
        village.books.reverse(lost.seq, reason="记错")

    assert (Code.NOT_REVERSIBLE, "found again") == (
        caught.value.code, caught.value.facts["reason"])
    village.books.verify()
    assert village.books.reverse(village.shop.count("soap", 7).seq, reason="记错")
    assert 9 == village.shop.item("soap").free


def test_a_stocktake_that_agrees_is_written_down(village: Community) -> None:
    """That it was counted is worth an entry."""
    counted = village.shop.count("soap", 10, key="k")

    assert (10, 0) == (counted.quantity, counted.change)
    assert village.shop.count("soap", 10, key="k").is_repeat


def test_losses_spare_what_is_reserved(village: Community) -> None:
    """No more is written off than lies there free or spoiled."""
    village.shop.hold({"rice": 2}, holder="li")

    no = refused(village, "write_off", "rice", 4, reason="受潮")

    assert (Code.INSUFFICIENT_STOCK, 3, 2) == (no.code, no.facts["present"], no.facts["reserved"])


@pytest.mark.parametrize("verb", ["give", "write_off", "count"])
def test_movements_of_goods_are_reversible(town: Community, verb: str) -> None:  # bug 54
    """Doing and undoing leaves the shelf as it was, lot by lot."""
    lots = town.shop.deliveries("rice")
    moved = (town.shop.count("rice", 3) if verb == "count"
             else getattr(town.shop, verb)("rice", 2, reason="写错"))
    assert -2 == moved.change

    town.books.reverse(moved.seq, reason="写错")

    assert lots == town.shop.deliveries("rice")
    assert 5 == town.shop.item("rice").free


@pytest.mark.parametrize(("verb", "by", "may"), [
    ("receive", "staff:qian", True), ("receive", "kiosk:1", False), ("receive", "wang", False),
    ("count", "kiosk:1", False), ("stock", "kiosk:1", False), ("price", "wang", False),
    ("open_window", "staff:qian", True), ("open_window", "kiosk:1", False),
])
def test_goods_are_kept_by_the_shopkeeper(
    village: Community, verb: str, by: str, may: bool,
) -> None:
    """A kiosk hands out but does not take in; a resident does neither."""
    said = {"receive": ("soap", 1), "count": ("soap", 1), "stock": ("soap",), "price": ("soap", 1),
            "open_window": ()}[verb]
    try:
        getattr(village.shop, verb)(*said, by=by)
        done = True
    except Refused as no:
        assert Code.NOT_PERMITTED == no.code
        done = False

    assert may == done


def test_a_day_at_the_shop_gives_the_same_root_on_every_store(
    store: Store, found: Found, clock: FakeClock,
) -> None:
    """Memory and file agree on every byte of a day."""
    roots = []
    for kept in (None, store):
        clock.set("2026-03-07 10:00")
        book = found(store=kept)
        book.books.opening("li", 100)
        book.shop.stock("rice", title="大米", price=20, limit=3)
        book.shop.receive("rice", 9, donor="周记粮行", best_before="2026-06-30")
        redemption = book.shop.redeem({"rice": 2}, holder="li-mother", key="a")
        held = book.shop.hold({"rice": 1}, holder="li", key="b")
        book.shop.return_(redemption.id, part={"rice": 1}, key="c")
        clock.move(days=8)
        book.shop.count("rice", 6, key="d")
        assert "lapsed" == book.shop[held.id].state
        roots.append(book.books.checkpoint().root)

    assert roots[0] == roots[1]
