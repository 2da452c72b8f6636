"""Reservations and returns: collected, released, lapsed, given back, each to its own lot."""

from __future__ import annotations

import attrs
import pytest

from lovepoints.core.deeds import Refusal
from lovepoints.core.passbooks.passbook import (
    EXPIRED,
    GIVEN,
    LOST,
    REDEEMED,
    SHELF,
    expire,
    held,
    passbook,
)
from lovepoints.core.passbooks.redeeming import settle
from lovepoints.core.passbooks.returning import collect, kept, lapse, release, return_
from lovepoints.core.passbooks.spending import Block
from lovepoints.core.rows import RedemptionRow
from lovepoints.core.terms import Kind, Pairing, Redemption
from lovepoints.core.values import Span
from lovepoints.errors import Code
from tests.core.bench import CALENDAR, ME, NOW, Bench, rulebook, through

MINE = passbook(ME)
PRICES = {"rice": 15, "soap": 4}
LATER = through("2026-03-10")


class Shop(Bench):
    """A bench on which baskets are fetched, reserved and brought back."""

    def redeem(self, wanted: dict[str, int], *, handed: bool = True, terms=None,
               ) -> RedemptionRow:
        """A basket handed over, or reserved."""
        found = settle(wanted, self.counter(terms or rulebook(), PRICES))
        self.write(found.redeemed() if handed else found.reserved())
        return RedemptionRow(
            id=f"x{self.seq}", holder=ME, day="2026-03-07", seq=self.seq, lapses_at=LATER,
            state="collected" if handed else "held", details=found.details(handed=handed))

    def hold(self, wanted: dict[str, int]) -> RedemptionRow:
        """A basket reserved."""
        return self.redeem(wanted, handed=False)

    def do(self, row: RedemptionRow, moved) -> RedemptionRow:
        """Write a step; the redemption after it."""
        assert not isinstance(moved, Refusal), moved
        self.write(moved.postings)
        return attrs.evolve(row, state=moved.state, details=moved.details)

    def bring_back(self, row: RedemptionRow, part=None, now: int = NOW, **more) -> RedemptionRow:
        """Goods brought back."""
        return self.do(row, return_(row, self.by_id(), now, CALENDAR, part=part, **more))


def stocked() -> Shop:
    """Points in two lots that end, one that does not; rice and soap of two deliveries each."""
    shop = Shop()
    shop.earn(20, ends_at=through("2026-03-08"))
    shop.earn(20, ends_at=through("2026-12-31"))
    shop.earn(100)
    for item in PRICES:
        shop.deliver(item, 2, ends_at=through("2026-06-30"))
        shop.deliver(item, 4)
    return shop


class TestReservations:
    def test_collecting_all(self):
        """What is set aside becomes what is handed over."""
        shop = stocked()
        row = shop.hold({"rice": 3, "soap": 1})

        row = shop.do(row, collect(row, shop.by_id(), NOW))

        assert ("collected", 49, 0) == (row.state, shop.balance(REDEEMED),
                                        shop.balance(held(MINE)))
        assert [3, 1] == [shop.balance(GIVEN, f"item:{item}") for item in PRICES]

    def test_collecting_a_part(self):
        """The rest goes back to the very same lots: as if only the part had been fetched."""
        shop, other = stocked(), stocked()
        row = shop.hold({"rice": 3, "soap": 1})
        shop.do(row, collect(row, shop.by_id(), NOW, {"rice": 2}))

        other.redeem({"rice": 2})

        assert other.state() == shop.state()

    @pytest.mark.parametrize(("part", "facts"), [
        ({"rice": 4}, ("rice", 4, 3)), ({"cup": 1}, ("cup", 1, 0)),
    ])
    def test_no_more_than_reserved(self, part, facts):
        """Nobody collects more than was set aside; the reservation stays open."""
        shop = stocked()
        row = shop.hold({"rice": 3})

        refusal = collect(row, shop.by_id(), NOW, part)

        assert Code.EXCEEDS_HOLD == refusal.code
        assert facts == tuple(refusal.facts[name] for name in ("item", "needed", "present"))

    @pytest.mark.parametrize(("state", "code"), [
        ("collected", Code.HOLD_ALREADY_COLLECTED), ("released", Code.HOLD_ALREADY_RELEASED),
        ("lapsed", Code.HOLD_ALREADY_LAPSED),
    ])
    def test_resolved_once(self, state, code):
        """A reservation ends once; afterwards each step says how it ended."""
        shop = stocked()
        row = attrs.evolve(shop.hold({"rice": 1}), state=state)

        found = [collect(row, shop.by_id(), NOW), release(row)]

        assert [code, code] == [one.code for one in found]

    def test_over_its_time(self):
        """After its last day a reservation is not collected, even before the lapse is written."""
        shop = stocked()
        row = shop.hold({"rice": 1})

        found = [collect(row, shop.by_id(), moment) for moment in (LATER - 1, LATER)]

        assert not isinstance(found[0], Refusal)
        assert Code.HOLD_ALREADY_LAPSED == found[1].code

    @pytest.mark.parametrize("let_go", [release, lapse])
    def test_letting_go_undoes_it(self, let_go):
        """Released or lapsed, points and goods are where they were, with their dates."""
        shop = stocked()
        before = shop.state()
        row = shop.hold({"rice": 3, "soap": 2})  # bug 34

        shop.do(row, let_go(row))

        assert before == shop.state()

    @pytest.mark.parametrize(("gives_back", "points", "goods"), [
        ((), EXPIRED, LOST), (("points",), MINE, LOST), (("stock", "room"), EXPIRED, SHELF),
    ])
    def test_what_is_not_given_back(self, gives_back, points, goods):
        """Where the rulebook keeps it, points are forfeited and goods are written off."""
        shop = stocked()
        row = shop.hold({"rice": 1})

        moved = lapse(row, Redemption(gives_back=gives_back))
        shop.write(moved.postings)

        assert {points, goods} == {one.target for one in moved.postings}
        assert "lapsed" == moved.state

    def test_spoiled_goods_are_not_handed_out(self):
        """Goods that spoiled while they were reserved stay where they are."""
        shop = stocked()
        row = attrs.evolve(shop.hold({"soap": 1, "rice": 3}), lapses_at=through("2026-12-31"))
        late = through("2026-06-30")

        refusal = collect(row, shop.by_id(), late, {"rice": 1})

        assert (Code.LOT_EXPIRED, "Rice") == (refusal.code, refusal.facts["title"])

    def test_frozen_points_do_not_pay(self):
        """Points that an objection froze meanwhile are not collected."""
        shop = stocked()
        row = shop.hold({"soap": 1})
        lots = {number: attrs.evolve(lot, frozen=1) for number, lot in shop.by_id().items()}

        assert Code.LOT_FROZEN == collect(row, lots, NOW).code


class TestReturns:
    def test_redeem_and_return_is_identity(self):
        """Fetch, bring back: every lot is as before, however often (bugs 21 and 54)."""
        shop = stocked()
        before = shop.state()

        for _ in range(3):
            shop.bring_back(shop.redeem({"rice": 3, "soap": 2}))

        assert before == shop.state()

    def test_interleaved_redemptions(self):
        """Of two redemptions the first returns to its own lots (bug 22)."""
        shop, other = stocked(), stocked()
        first = shop.redeem({"rice": 2})
        shop.redeem({"rice": 1, "soap": 1})
        taken = {lot.id: lot.granted - lot.free for lot in stocked_after_first().state()}
        after_both = {lot.id: lot.free for lot in shop.state()}

        shop.bring_back(first)

        assert {number: after_both[number] + taken[number] for number in taken} == {
            lot.id: lot.free for lot in shop.state()}
        assert [lot.ends_at for lot in other.state()] == [lot.ends_at for lot in shop.state()]

    def test_a_part_at_its_price(self):
        """A part gives back price times pieces; the last points taken return first."""
        shop, other = stocked(), stocked()
        row = shop.bring_back(shop.redeem({"rice": 3, "soap": 1}), {"rice": 2})

        other.redeem({"rice": 1, "soap": 1})

        assert other.state() == shop.state()
        assert [2, 0] == [line["returned"] for line in row.details["lines"]]

    def test_two_parts_are_one(self):
        """Bringing back in two steps is bringing back in one."""
        shop, other = stocked(), stocked()
        row = shop.bring_back(shop.redeem({"rice": 3, "soap": 2}), {"rice": 1})
        shop.bring_back(row, {"rice": 1, "soap": 2})

        other.bring_back(other.redeem({"rice": 3, "soap": 2}), {"soap": 2, "rice": 2})

        assert other.state() == shop.state()

    def test_never_more_than_was_taken(self):
        """What is back is back; a third return is refused (bug 19)."""
        shop = stocked()
        row = shop.bring_back(shop.redeem({"rice": 3}), {"rice": 2})

        over = return_(row, shop.by_id(), NOW, CALENDAR, part={"rice": 2})
        row = shop.bring_back(row)
        nothing = return_(row, shop.by_id(), NOW, CALENDAR)

        assert [Code.EXCEEDS_REDEMPTION] * 2 == [over.code, nothing.code]
        assert 1 == over.facts["present"]

    def test_only_the_collected_part_returns(self):
        """Of a reservation collected in part, only what was handed over can come back."""
        shop = stocked()
        before = shop.state()
        row = shop.hold({"rice": 3})
        row = shop.do(row, collect(row, shop.by_id(), NOW, {"rice": 2}))

        refusal = return_(row, shop.by_id(), NOW, CALENDAR, part={"rice": 3})
        shop.bring_back(row)

        assert Code.EXCEEDS_REDEMPTION == refusal.code
        assert before == shop.state()

    @pytest.mark.parametrize(("state", "code"), [
        ("held", Code.STATE_NOT_FITTING), ("released", Code.HOLD_ALREADY_RELEASED),
        ("lapsed", Code.HOLD_ALREADY_LAPSED),
    ])
    def test_only_what_was_handed_over(self, state, code):
        """A reservation is released, not returned."""
        shop = stocked()
        row = attrs.evolve(shop.hold({"rice": 1}), state=state)

        assert code == return_(row, shop.by_id(), NOW, CALENDAR).code

    def test_broken_goods_are_written_off(self):
        """Goods that cannot be handed out again do not go back on the shelf."""
        shop = stocked()
        row = shop.redeem({"rice": 3})

        shop.bring_back(row, restock=False)

        assert (3, 3, 140) == (shop.balance(LOST, "item:rice"), shop.balance(SHELF, "item:rice"),
                               shop.balance(MINE))

    def test_points_of_an_ended_lot_end_again(self):
        """Points return with their old date; past it they are due to expire at once."""
        shop = stocked()
        row = shop.redeem({"rice": 2})
        late = through("2026-03-08")

        shop.bring_back(row, now=late)

        assert [20] == [draft.postings[0].amount for draft in expire(
            shop.lots(), late, CALENDAR, settled_to=late)]

    def test_returned_after_expiry(self):
        """A rulebook may give points of an ended lot a new life; the posting names the old lot."""
        shop = stocked()
        row = shop.redeem({"rice": 2})
        terms = Redemption(returned_after_expiry=Span(30, "day"))

        shop.bring_back(row, now=through("2026-03-08"), terms=terms)

        new = shop.lots()[-1]
        assert (20, 20, through("2026-04-08")) == (new.granted, new.free, new.ends_at)
        assert () == expire(shop.lots(), through("2026-03-08"), CALENDAR)


class TestPairs:
    def test_what_stays_keeps_its_ratio(self):
        """Of paired points a part return leaves the unlocked ones covered."""
        block = Block(runs=(("point", 2), ("point:gift", 6)), by="point")

        left = [dict(kept(block, amount)) for amount in (0, 1, 4, 5, 8)]

        assert [(0, 0), (1, 0), (1, 3), (2, 3), (2, 6)] == [
            (one["point"], one["point:gift"]) for one in left]

    def test_pair_returns_in_proportion(self):
        """Half of a paired basket gives back half of both kinds."""
        terms = rulebook(
            kinds=(Kind(), Kind(code="gift")),
            redemption=Redemption(kinds=("gift", "point"),
                                  pairing=Pairing(unlocks="gift", by="point", ratio=3)))
        shop = Shop()
        shop.earn(2)
        shop.earn(9, unit="point:gift")
        shop.deliver("soap", 9)
        row = shop.redeem({"soap": 2}, terms=terms)

        shop.bring_back(row, {"soap": 1})

        assert (1, 6) == (shop.balance(MINE), shop.balance(MINE, "point:gift"))


def stocked_after_first() -> Shop:
    """The shop after the first of two redemptions."""
    shop = stocked()
    shop.redeem({"rice": 2})
    return shop
