"""Settling a basket: what it costs, who may have it now, and what is written."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import attrs
import pytest

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import canonical_bytes
from lovepoints.core.passbooks.baskets import basket, price_on
from lovepoints.core.passbooks.obstacles import problems
from lovepoints.core.passbooks.passbook import GIVEN, REDEEMED, SHELF, held, passbook
from lovepoints.core.passbooks.redeeming import Settlement, settle
from lovepoints.core.passbooks.spending import Holding
from lovepoints.core.rows import Bar, Item, Lot, Price, RedemptionRow
from lovepoints.core.terms import Days, Kind, Often, Redemption
from lovepoints.core.values import Span
from lovepoints.errors import Code
from tests.core.bench import CALENDAR, ME, NOW, Bench, at, rulebook, through

MINE = passbook(ME)
PLAIN = rulebook()


def terms(**more: object):
    """A rulebook with these terms of redemption."""
    return rulebook(redemption=Redemption(**more))


def stocked(points: int = 100, rice: int = 5) -> Bench:
    """A passbook with points, a shelf with rice."""
    bench = Bench()
    bench.earn(points)
    bench.deliver("rice", rice)
    return bench


def row(day: str, *, item: str = "rice", quantity: int = 1, price: int = 10, returned: int = 0,
        state: str = "collected", holder: str = ME, doer: str = "") -> RedemptionRow:
    """An earlier redemption."""
    line = {"item": item, "title": item, "quantity": quantity, "unit_price": {"": price},
            "cash": 0, "lots": [], "handed": quantity if state == "collected" else 0,
            "returned": returned}
    return RedemptionRow(id=day, holder=holder, doer=doer, day=day, state=state, seq=1,
                         details={"lines": [line], "points": [], "plain": []})


def code_of(found: Settlement | Refusal) -> str:
    """The code of a refusal, "" for a settlement."""
    return found.code if isinstance(found, Refusal) else ""


class TestBasket:
    def test_lines_of_one_item_are_one_line(self):
        """An item named twice is counted once, with its whole quantity (bug 32)."""
        assert {"rice": 3, "soap": 1} == basket([("rice", 1), ("soap", 1), ("rice", 2)])

    @pytest.mark.parametrize(("wanted", "error"), [
        ({}, ValueError), ({"rice": 0}, ValueError), ({"rice": -1}, ValueError),
        ({"rice": 1.0}, TypeError), ({"rice": True}, TypeError), ({"rice": "1"}, TypeError),
        ({"rice": 10**6 + 1}, ValueError), ([("rice", 10**6), ("rice", 1)], ValueError),
        ({"": 1}, ValueError), ({3: 1}, TypeError), ({"x" * 65: 1}, ValueError),
    ])
    def test_odd_baskets(self, wanted, error):
        """Nothing, fractions, signs and odd codes are wrong calls (bugs 28 and 30)."""
        with pytest.raises(error):
            basket(wanted)

    def test_price_of_the_day(self):
        """The latest price that has begun counts; of two on one day the one set later."""
        prices = [Price(item="rice", since=since, seq=seq, amounts={"": amount})
                  for since, seq, amount in (("2026-01-01", 1, 44), ("2026-03-07", 2, 50),
                                             ("2026-03-07", 3, 48), ("2026-04-01", 4, 60))]

        found = [price_on(prices, day) for day in ("2025-12-31", "2026-03-06", "2026-03-07")]

        assert [None, {"": 44}, {"": 48}] == [one and one.amounts for one in found]


class TestSettling:
    def test_points_and_goods_are_one_entry(self):
        """A redemption moves points and goods together, soonest end first in both."""
        bench = Bench()
        late, soon = bench.earn(50), bench.earn(30, ends_at=NOW + 9)
        old = bench.deliver("rice", 9, ends_at=NOW)
        new = bench.deliver("rice", 1)
        fresh = bench.deliver("rice", 3, ends_at=NOW + 5)

        found = settle({"rice": 4}, bench.counter(PLAIN, {"rice": 15}))
        bench.write(found.redeemed())

        assert [(MINE, REDEEMED, soon, 30), (MINE, REDEEMED, late, 30),
                (SHELF, GIVEN, fresh, 3), (SHELF, GIVEN, new, 1)] == [
            (one.source, one.target, one.lot, one.amount) for one in found.redeemed()]
        assert ({"": 60}, {"point": 60}, 9) == (found.asked, found.totals, bench.lot(old).free)

    def test_reservation_sets_aside(self):
        """A reservation moves the same lots to the held accounts."""
        bench = stocked()

        found = settle({"rice": 2}, bench.counter(PLAIN, {"rice": 15}))
        bench.write(found.reserved())

        assert (30, 70) == (bench.balance(held(MINE)), bench.balance(MINE))
        assert (2, 3) == (bench.balance(held(SHELF), "item:rice"),
                          bench.balance(SHELF, "item:rice"))

    def test_services_have_no_shelf(self):
        """What is not stocked is unlimited and moves no goods (bug 36)."""
        bench = Bench()
        bench.earn(1000)
        haircut = Item(code="haircut", title="理发", kind="service", stocked=0)

        found = settle({"haircut": 100}, bench.counter(PLAIN, {"haircut": 10},
                                                       items={"haircut": haircut}))

        assert {REDEEMED} == {one.target for one in found.redeemed()}

    def test_prices_in_several_kinds_and_cash(self):
        """A price may name several kinds, and a cash part that is noted in fen."""
        bench = stocked()
        bench.earn(9, unit="point:gift")
        book = rulebook(kinds=(Kind(), Kind(code="gift")))
        counter = bench.counter(book, {"rice": {"": 10, "point:gift": 3}})
        price = attrs.evolve(counter.prices["rice"][0], cash=600)

        found = settle({"rice": 2}, attrs.evolve(counter, prices={"rice": [price]}))

        assert ({"point:gift": 6, "point": 20}, 1200) == (found.totals, found.cash)

    def test_details_are_canonical(self):
        """What is kept of a redemption is plain canonical JSON."""
        found = settle({"rice": 2}, stocked().counter(PLAIN, {"rice": 15}))

        details = found.details(handed=True)

        assert canonical_bytes(details)
        assert [[{"item": "rice", "title": "Rice", "quantity": 2, "unit_price": {"": 15},
                  "cash": 0, "lots": [[8193, 2]], "handed": 2, "returned": 0}],
                [["point", 4097, 30]], [["", [["point", 30]]]]] == list(details.values())
        assert 0 == found.details(handed=False)["lines"][0]["handed"]

    def test_free_goods(self):
        """A price of nothing asks for no points."""
        found = settle({"rice": 1}, stocked(0 + 1).counter(PLAIN, {"rice": 0}))

        assert [GIVEN] == [one.target for one in found.redeemed()]


class TestRefusals:
    @pytest.mark.parametrize(("price", "next_on"), [(44, "2026-03-10"), (60, None)])
    def test_insufficient_points(self, price, next_on):
        """It says how much is missing, and when waiting points would do."""
        bench = stocked(30)
        bench.earn(20, available_at=at("2026-03-10T00:00"))

        refusal = settle({"rice": 1}, bench.counter(PLAIN, {"rice": price}))

        assert Code.INSUFFICIENT_POINTS == refusal.code
        assert (price, 30, price - 30) == tuple(
            refusal.facts[name] for name in ("needed", "present", "missing"))
        assert next_on == refusal.facts.get("next_on")
        assert ["pending"] == [code for code, _ in refusal.facts["why"]]
        assert canonical_bytes(dict(refusal.facts))

    def test_insufficient_points_of_a_named_kind(self):
        """A kind asked for by name is short by itself."""
        book = rulebook(kinds=(Kind(), Kind(code="gift", title="礼分", decimals=1)))

        refusal = settle({"rice": 1}, stocked().counter(book, {"rice": {"point:gift": 15}}))

        assert ("礼分", "1.5", 0) == tuple(
            refusal.facts[name] for name in ("kind", "needed", "present"))

    def test_insufficient_points_of_one_kind_asked_for_twice(self):
        """What is asked for by its name and what any kind may pay are one sum of that kind."""
        bench = stocked(30)
        bench.deliver("soap", 5)

        refusal = settle({"rice": 1, "soap": 1},
                         bench.counter(PLAIN, {"rice": 20, "soap": {"point": 15}}))

        assert (35, 30, 5) == tuple(
            refusal.facts[name] for name in ("needed", "present", "missing"))

    def test_insufficient_stock_names_every_item(self):
        """All items of which there is too little are named; expired goods do not count."""
        bench = Bench()
        bench.earn(100)
        bench.deliver("rice", 1)
        bench.deliver("salt", 5, ends_at=NOW)

        refusal = settle({"rice": 2, "salt": 1, "soap": 1}, bench.counter(
            PLAIN, {"rice": 1, "salt": 1, "soap": 1}))

        assert Code.INSUFFICIENT_STOCK == refusal.code
        assert [("rice", 2, 1, 0), ("salt", 1, 0, 5), ("soap", 1, 0, 0)] == [
            (one["item"], one["needed"], one["present"], one["expired"])
            for one in refusal.facts["items"]]

    @pytest.mark.parametrize(("days", "now", "next_on"), [
        (Days(month_days=(-1,)), "2026-03-30T10:00", "2026-03-31"),
        (Days(weekdays=(5,)), "2026-03-08T10:00", "2026-03-14"),
        (Days(weekdays=(5,), hours=(time(9), time(11))), "2026-03-07T08:00", "2026-03-07"),
        (Days(weekdays=(5,), hours=(time(9), time(11))), "2026-03-07T11:00", "2026-03-14"),
        (Days(switched=True), "2026-03-07T10:00", None),
        (Days(dates=(date(2026, 3, 1),)), "2026-03-07T10:00", None),
    ])
    def test_window(self, days, now, next_on):
        """Outside the opening days the next open day is named, if any is known."""
        refusal = settle({"rice": 1}, stocked().counter(terms(days=days), {"rice": 1}, at(now)))

        assert Code.WINDOW_CLOSED == refusal.code
        assert next_on == refusal.facts.get("next_on")

    def test_switched_window_is_open_while_staff_say_so(self):
        """A window that staff opened lets the basket through."""
        counter = stocked().counter(terms(days=Days(switched=True)), {"rice": 1}, is_open=True)

        assert "" == code_of(settle({"rice": 1}, counter))

    @pytest.mark.parametrize(("more", "code", "facts"), [
        ({"minimum": Decimal(20)}, Code.BELOW_MINIMUM, {"needed": 20, "present": 15}),
        ({"multiple_of": Decimal(10)}, Code.NOT_A_MULTIPLE,
         {"multiple": 10, "present": 15, "needed": 20}),
        ({"lines_most": 0}, Code.AMOUNT_RANGE, {"most": 0, "given": 1}),
        ({"minimum": Decimal(15), "multiple_of": Decimal(5)}, "", {}),
        ({"threshold": Decimal(101)}, Code.INSUFFICIENT_POINTS, {"present": 0}),
    ])
    def test_sums(self, more, code, facts):
        """The least, the steps and the size of one redemption."""
        found = settle({"rice": 1}, stocked().counter(terms(**more), {"rice": 15}))

        assert code == code_of(found)
        assert not facts or facts == {name: found.facts[name] for name in facts}

    @pytest.mark.parametrize(("pieces", "code"), [(1, ""), (2, Code.ITEM_LIMIT)])
    def test_pieces(self, pieces, code):
        """At most so many pieces in one redemption."""
        counter = stocked().counter(terms(pieces_most=1), {"rice": 1})

        assert code == code_of(settle({"rice": pieces}, counter))

    @pytest.mark.parametrize(("often", "history", "code"), [
        (Often(most=Decimal(1)), [row("2026-01-01")], Code.TOO_OFTEN),
        (Often(most=Decimal(1)), [row("2025-12-31")], ""),
        (Often(most=Decimal(1)), [row("2026-01-01", returned=1)], ""),
        (Often(most=Decimal(1)), [row("2026-01-01", state="released")], ""),
        (Often(most=Decimal(1)), [row("2026-01-01", state="held")], Code.TOO_OFTEN),
        (Often(most=Decimal(2)), [row("2026-01-01")], ""),
        (Often(most=Decimal(30), of="points", each="month"), [row("2026-03-01", quantity=2)], ""),
        (Often(most=Decimal(29), of="points", each="month"), [row("2026-03-01", quantity=2)],
         Code.TOO_OFTEN),
        (Often(most=Decimal(1), per="resident"), [row("2026-01-01", doer="r-other")], ""),
        (Often(most=Decimal(1), per="resident"),
         [row("2026-01-01", doer="r-one", holder="h-other")], Code.TOO_OFTEN),
    ])
    def test_too_often(self, often, history, code):
        """What was returned or let go leaves its room; the next period is named."""
        counter = stocked().counter(terms(often=(often,)), {"rice": 10}, history=history,
                                    doer="r-one")

        found = settle({"rice": 1}, counter)

        assert code == code_of(found)
        assert not code or found.facts["next_on"] == "2026-04-01"

    def test_room_that_is_not_given_back(self):
        """Where the rulebook says so, a reservation that was let go counts on."""
        book = terms(often=(Often(most=Decimal(1)),), gives_back=("points", "stock"))
        counter = stocked().counter(book, {"rice": 1}, history=[row("2026-03-01", state="lapsed")])

        assert Code.TOO_OFTEN == code_of(settle({"rice": 1}, counter))

    @pytest.mark.parametrize(("history", "code"), [
        ([], ""), ([row("2026-03-01")], Code.ITEM_LIMIT), ([row("2026-02-28")], ""),
        ([row("2026-03-01", item="soap")], ""), ([row("2026-03-01", holder="h-other")], ""),
        ([row("2026-03-01", quantity=2, returned=2)], ""),
    ])
    def test_item_limit(self, history, code):
        """A scarce item has a limit of its own per holder and period."""
        rice = Item(code="rice", title="大米", details={"limit": {"most": 2, "each": "month"}})
        counter = stocked().counter(PLAIN, {"rice": 10}, items={"rice": rice}, history=history)

        found = settle({"rice": 2}, counter)

        assert code == code_of(found)
        assert not code or ("大米", 2, 1, "2026-04-01") == tuple(
            found.facts[name] for name in ("title", "most", "used", "next_on"))

    @pytest.mark.parametrize(("attributes", "code"), [
        ({"hardship": True}, ""), ({"hardship": False}, Code.RESERVED_ITEM),
        ({}, Code.RESERVED_ITEM),
    ])
    def test_reserved_goods(self, attributes, code):
        """Goods kept for some holders are given to those with the attribute."""
        rice = Item(code="rice", title="大米", details={"for": {"hardship": [True]}})
        counter = stocked().counter(PLAIN, {"rice": 10}, items={"rice": rice},
                                    attributes=attributes)

        assert code == code_of(settle({"rice": 1}, counter))

    def test_no_price(self):
        """An item without a price today names the day from which it has one."""
        counter = stocked().counter(PLAIN, {"rice": 10})
        later = attrs.evolve(counter.prices["rice"][0], since="2026-04-01")

        refusal = settle({"rice": 1}, attrs.evolve(counter, prices={"rice": [later]}))

        assert (Code.NO_PRICE, "2026-04-01") == (refusal.code, refusal.facts["next_on"])

    @pytest.mark.parametrize(("quoted", "code"), [
        ({"": 30}, ""), ({"": 30, "point:gift": 0}, ""), ({"": 28}, Code.PRICE_CHANGED),
    ])
    def test_price_changed(self, quoted, code):
        """A basket that costs something else than quoted is not fetched unseen."""
        found = settle({"rice": 2}, stocked().counter(PLAIN, {"rice": 15}), quoted)

        assert code == code_of(found)

    def test_bar(self):
        """A barred holder is told until when."""
        bar = Bar(holder=ME, what="redeem", since="2026-01-01", until="2026-12-31", seq=1)

        refusal = settle({"rice": 1}, stocked().counter(PLAIN, {"rice": 1}, bars=[bar]))

        assert (Code.BARRED, "2026-12-31") == (refusal.code, refusal.facts["until"])

    def test_all_problems_in_their_order(self):
        """Everything that is in the way is listed in the documented order, and the first given."""
        bar = Bar(holder=ME, what="redeem", since="2026-01-01", seq=1)
        book = terms(days=Days(switched=True), minimum=Decimal(500), multiple_of=Decimal(7),
                     often=(Often(most=Decimal(1)),), pieces_most=1)
        rice = Item(code="rice", title="大米", details={"for": {"hardship": [True]}})
        counter = stocked().counter(book, {"rice": 100}, items={"rice": rice}, bars=[bar],
                                    history=[row("2026-03-01")])

        found = problems({"rice": 9}, counter, {"": 1})

        assert [Code.BARRED, Code.INSUFFICIENT_POINTS, Code.INSUFFICIENT_STOCK,
                Code.PRICE_CHANGED, Code.WINDOW_CLOSED, Code.NOT_A_MULTIPLE,
                Code.TOO_OFTEN, Code.ITEM_LIMIT, Code.RESERVED_ITEM] == [
            one.code for one in found if one.code != Code.BELOW_MINIMUM]
        assert found[0] == settle({"rice": 9}, counter)

    def test_written_down_later(self):
        """What happened on an open day is judged by that day, its price and its window."""
        counter = stocked().counter(terms(days=Days(weekdays=(4,))), {"rice": 15},
                                    at=at("2026-03-06T10:00"))
        dearer = attrs.evolve(counter.prices["rice"][0], since="2026-03-07", amounts={"": 20})
        prices = {"rice": [*counter.prices["rice"], dearer]}

        found = settle({"rice": 1}, attrs.evolve(counter, prices=prices))
        today = settle({"rice": 1}, attrs.evolve(counter, prices=prices, at=0))

        assert {"": 15} == found.asked
        assert Code.WINDOW_CLOSED == code_of(today)

    def test_huge_sums(self):
        """A sum beyond every bound is refused as such."""
        found = settle({"rice": 10**6}, stocked().counter(PLAIN, {"rice": 10**12}))

        assert Code.INSUFFICIENT_STOCK != code_of(found)
        assert Code.AMOUNT_RANGE == code_of(found)

    def test_too_many_lots_for_one_entry(self):
        """A payment out of more lots than an entry holds is refused before it is written."""
        many = [Lot(id=number, account=MINE, unit="point", granted=1, free=1)
                for number in range(1, 4200)]
        holding = Holding(holder=ME, lots={"point": many}, now=NOW, calendar=CALENDAR)
        counter = attrs.evolve(stocked().counter(PLAIN, {"rice": 4199}), holding=holding)

        assert Code.LIMIT_EXCEEDED == code_of(settle({"rice": 1}, counter))


def test_a_reservation_keeps_its_price():
    """A later price never touches what was settled before (bug 27)."""
    bench = stocked()
    counter = bench.counter(PLAIN, {"rice": 15})
    settled = settle({"rice": 1}, counter)
    later = attrs.evolve(counter.prices["rice"][0], since="2026-03-07", amounts={"": 99})

    settle({"rice": 1}, attrs.evolve(counter, prices={"rice": [later]}))

    assert {"": 15} == settled.lines[0].unit_price
    assert through("2026-03-14") == CALENDAR.end_of(Span(7, "day").after(date(2026, 3, 7)))
