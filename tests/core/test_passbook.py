"""Lots: which may be spent, what deductions, debts, ends and taking back do to them."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import attrs
import pytest

from lovepoints.core.deeds import Part, Refusal
from lovepoints.core.journal import Opens, Posting, posting_id
from lovepoints.core.passbooks.passbook import (
    DEDUCTED,
    EXPIRED,
    ISSUED,
    REDEEMED,
    SHELF,
    SUPPLIER,
    allocate,
    base_grant,
    ceiling_room,
    clear,
    close,
    compulsory,
    credit,
    deduct,
    expire,
    held,
    holder_of,
    is_live,
    limit_sign,
    next_expiry,
    not_reversible,
    order,
    owed,
    passbook,
    settle_debt,
    shown,
    take_back,
)
from lovepoints.core.rows import Lot
from lovepoints.core.terms import Ceiling, Clearing, Debit, Grant, Kind
from lovepoints.core.values import NEVER
from lovepoints.errors import Code
from tests.core.bench import CALENDAR, ME, NOW, YOU, Bench, at, through

MINE = passbook(ME)


def lot(number: int, free: int = 5, **more: object) -> Lot:
    """A lot of my passbook."""
    return Lot(id=number, account=MINE, unit="point", granted=free, free=free, **more)


class TestLots:
    def test_order(self):
        """Soonest end first, what never ends last, the older of two equals first."""
        lots = [lot(4), lot(3, ends_at=9), lot(2), lot(1, ends_at=12), lot(5, ends_at=9)]

        assert [3, 5, 1, 2, 4] == [one.id for one in order(lots)]

    def test_lives_until_its_last_moment(self):
        """A lot through 31 December can be spent at 23:59:59 and no longer at midnight."""
        one = lot(1, ends_at=through("2026-12-31"))  # bug 16

        live = [is_live(one, at(text)) for text in ("2026-12-31T23:59:59", "2027-01-01T00:00:00")]

        assert [True, False] == live

    def test_waiting_and_frozen_lots_are_not_live(self):
        """What waits for its day, or for an objection, is not allocated."""
        lots = [lot(1, available_at=NOW + 1), lot(2, frozen=1), lot(3)]

        assert ((3, 5),) == allocate(lots, 5, NOW)
        assert 1 == allocate(lots, 6, NOW)
        assert ((1, 5), (3, 1)) == allocate(lots, 6, NOW + 1)

    def test_accounts(self):
        """Only what others gave and what is owed stands below zero."""
        accounts = [ISSUED, SUPPLIER, owed(ME), MINE, held(MINE), REDEEMED, SHELF]

        assert [-1, -1, -1, 1, 1, 1, 1] == [limit_sign(account) for account in accounts]
        assert [ME, ME, "", ""] == [holder_of(one) for one in (MINE, owed(ME), SHELF, "given")]

    def test_next_expiry(self):
        """All lots that end at the next instant count together; what has ended does not."""
        lots = [lot(1, ends_at=NOW), lot(2, ends_at=NOW + 9), lot(3, ends_at=NOW + 9), lot(4)]

        assert (NOW + 9, 10) == next_expiry(lots, NOW)
        assert next_expiry([lot(4), lot(5, free=0, ends_at=NOW + 1)], NOW) is None

    def test_shown_balance(self):
        """The balance is free and held points less debt, without what has ended unheld."""
        lots = [lot(1, ends_at=NOW, held=2), lot(2), lot(3, available_at=NOW + 1)]

        assert 5 + 5 + 2 - 4 == shown(lots, 4, NOW)


class TestCredits:
    def test_award_opens_a_lot(self):
        """A part becomes a lot with its dates; a part worth nothing becomes nothing."""
        part = Part(unit="point", points=5, available_at=7, ends_at=9)

        assert (Posting(ISSUED, MINE, "point", 5, 0, Opens(7, 9)),) == credit(ME, part)
        assert () == credit(ME, Part(unit="point", points=0))

    @pytest.mark.parametrize(("opening", "each", "renew", "balance", "points"), [
        (True, "once", "restore", 0, 100), (False, "once", "restore", 60, 0),
        (False, "year", "restore", 60, 40), (False, "year", "restore", 130, 0),
        (False, "year", "add", 130, 100), (False, "year", "restore", -5, 105),
    ])
    def test_base_grants(self, opening, each, renew, balance, points):
        """Base points come once, or each year on top, or each year up to the base."""
        kind = Kind(base=Grant(points=Decimal(100), each=each, renew=renew))

        given = base_grant(kind, ME, "point", balance, opening=opening)

        assert points == sum(posting.amount for posting in given)
        assert () == base_grant(Kind(), ME, "point", 0, opening=True)

    def test_ceiling_room(self):
        """A ceiling leaves what is missing up to it, never less than nothing."""
        kind = Kind(ceiling=Ceiling(points=Decimal(400)))

        assert [4, 0, None] == [ceiling_room(kind, 396), ceiling_room(kind, 410),
                                ceiling_room(Kind(), 5)]


class TestDeductions:
    def test_takes_live_points_before_waiting_ones(self):
        """What can be spent goes first, then what waits; frozen and held points stay."""
        bench = Bench()
        waiting = bench.earn(5, ends_at=NOW + 5, available_at=NOW + 1)
        live = bench.earn(5)
        lots = [attrs.evolve(bench.lot(bench.earn(5)), frozen=1), bench.lot(live),
                bench.lot(waiting)]

        taken = deduct(ME, "point", 12, "zero", lots, NOW)

        assert [(live, 5), (waiting, 5)] == [(one.lot, one.amount) for one in taken.postings]
        assert (2, 0) == (taken.missing, taken.owed)

    def test_floor_debt(self):
        """With a floor of debt the rest is owed in the open."""
        taken = deduct(ME, "point", 8, "debt", [lot(1)], NOW)

        assert (Posting(MINE, DEDUCTED, "point", 5, 1),
                Posting(owed(ME), DEDUCTED, "point", 3)) == taken.postings
        assert (3, 0) == (taken.owed, taken.missing)

    def test_floor_refuse(self):
        """With a floor of refuse it is all or nothing, and said aloud (bug 31)."""
        taken = deduct(ME, "point", 8, "refuse", [lot(1)], NOW)

        assert Refusal(Code.INSUFFICIENT_POINTS, {"needed": 8, "present": 5, "missing": 3}) == taken
        assert not isinstance(deduct(ME, "point", 5, "refuse", [lot(1)], NOW), Refusal)

    def test_decimals_in_facts(self):
        """Facts of a kind with decimals are text as people write it."""
        taken = deduct(ME, "point", 175, "refuse", [], NOW, decimals=2)

        assert "1.75" == taken.facts["needed"]

    def test_debt_is_paid_by_the_next_award(self):
        """A debt outlives its lots and is paid first by what comes later (bug 25)."""
        bench = Bench()
        bench.write(deduct(ME, "point", 8, "debt", [], NOW).postings)
        bench.earn(5)
        bench.write(settle_debt(ME, "point", bench.lots(), bench.owes(), NOW))
        bench.earn(5)

        bench.write(settle_debt(ME, "point", bench.lots(), bench.owes(), NOW))

        assert 0 == bench.owes()
        assert 2 == bench.balance(MINE)
        assert [0, 2] == [one.free for one in bench.lots()]

    @pytest.mark.parametrize(("points", "short", "taken", "missing"), [
        (10, "nothing", 0, 10), (10, "what-there-is", 5, 5), (5, "nothing", 5, 0),
    ])
    def test_compulsory_debit(self, points, short, taken, missing):
        """On a short balance a yearly debit takes nothing, or what can be spent."""
        debit = Debit(code="d", title="年费", points=Decimal(points), short=short)

        found = compulsory(debit, ME, "point", 0, [lot(1), lot(2, available_at=NOW + 1)], NOW)

        assert (taken, missing) == (sum(one.amount for one in found.postings), found.missing)


class TestEnds:
    def test_expiry_is_one_entry_a_lot(self):
        """What ended expires at its own end; held points and living lots are left alone."""
        lots = [lot(1, ends_at=NOW - 5, held=2), lot(2, ends_at=NOW), lot(3, ends_at=NOW + 1),
                lot(4, free=0, held=5, ends_at=NOW - 1)]

        drafts = expire(lots, NOW, CALENDAR)

        assert [(NOW - 5, 5), (NOW, 5)] == [(one.at, one.postings[0].amount) for one in drafts]
        assert (Posting(MINE, EXPIRED, "point", 5, 1),) == drafts[0].postings
        assert "lot-1" == drafts[0].subject
        assert "2026-03-07" == drafts[0].day

    def test_what_comes_back_later_expires_now(self):
        """Points that return into an ended lot expire when they return, not in the past."""
        drafts = expire([lot(1, ends_at=NOW - 50)], NOW, CALENDAR, settled_to=NOW - 10)

        assert [NOW] == [one.at for one in drafts]

    def test_spent_points_do_not_vanish_with_their_lot(self):
        """Earn, spend all, earn again, pass the first end: the second lot is whole (bug 12)."""
        bench = Bench()
        first = bench.earn(10, ends_at=NOW + 5)
        bench.write([Posting(MINE, REDEEMED, "point", 10, first)])
        second = bench.earn(10)

        drafts = expire(bench.lots(), NOW + 5, CALENDAR)

        assert () == drafts
        assert 10 == bench.lot(second).free

    @pytest.mark.parametrize(("share", "most", "cleared"), [
        (0, None, 20), (30, None, 14), (0, 8, 12), (30, 4, 16), (33, None, 14), (0, 50, 0),
    ])
    def test_clearing_carries_over(self, share, most, cleared):
        """What is not carried over goes, soonest end first; a share is rounded down."""
        clearing = Clearing(carry_share=share, carry_most=None if most is None else Decimal(most))
        lots = [lot(1, free=10, ends_at=NOW + 9), lot(2, free=10, held=3)]

        postings = clear(clearing, ME, "point", 0, lots, NOW)

        assert cleared == sum(one.amount for one in postings)
        assert [one.lot for one in postings] == sorted(one.lot for one in postings)

    @pytest.mark.parametrize(("pending", "cleared"), [("keep", [1]), ("clear", [1, 2])])
    def test_clearing_leaves_pending_points_unless_told(self, pending, cleared):
        """What waits for its day stays unless the rulebook clears it; frozen points always do."""
        lots = [lot(1), lot(2, available_at=NOW + 1), lot(3, frozen=1), lot(4, ends_at=NOW)]

        postings = clear(Clearing(pending=pending), ME, "point", 0, lots, NOW)

        assert cleared == [one.lot for one in postings]

    def test_clearing_of_last_year_only(self):
        """With `earned_before` what was earned in the new year stays."""
        clearing = Clearing(on=(1, 10), at=time(2), earned_before=True)
        lots, start = [lot(1), lot(2)], at("2026-01-01T00:00")

        postings = clear(clearing, ME, "point", 0, lots, at("2026-01-10T02:00"),
                         year_start=start, earned_at={1: start - 1, 2: start})

        assert [1] == [one.lot for one in postings]

    def test_clearing_twice_is_clearing_once(self):
        """A full clearing finds nothing the second time."""
        bench = Bench()
        bench.earn(10)
        bench.write(clear(Clearing(), ME, "point", 0, bench.lots(), NOW))

        again = clear(Clearing(), ME, "point", 0, bench.lots(), NOW)

        assert () == again

    def test_leaving_lets_everything_free_lapse(self):
        """Whoever leaves loses what is free, waiting or frozen; held points go with their hold."""
        lots = [lot(1, held=2), lot(2, available_at=NOW + 1), lot(3, frozen=1), lot(4, free=0)]

        postings = close(ME, lots)

        assert [(1, 5), (2, 5), (3, 5)] == [(one.lot, one.amount) for one in postings]
        assert {EXPIRED} == {one.target for one in postings}


class TestTakingBack:
    def test_award_is_taken_from_its_own_lot(self):
        """An overturned award leaves the lot it made, whatever stands beside it."""
        bench = Bench()
        bench.earn(10, ends_at=NOW + 1)
        posted = bench.write(credit(ME, Part(unit="point", points=10)))

        bench.write(take_back(posted, bench.by_id(), NOW))

        assert [10, 0] == [one.free for one in bench.lots()]

    def test_what_was_spent_is_owed(self):
        """What the lot no longer has stands as a debt (bug 20)."""
        bench = Bench()
        posted = bench.write(credit(ME, Part(unit="point", points=10)))
        number = posted[0][0]
        bench.write([Posting(MINE, REDEEMED, "point", 4, number),
                     Posting(MINE, held(MINE), "point", 1, number)])

        bench.write(take_back(posted, bench.by_id(), NOW))

        assert (5, 0, 1) == (bench.owes(), bench.lot(number).free, bench.lot(number).held)
        assert 0 == bench.balance(ISSUED) + 4 + 1 - 5

    def test_last_posting_is_undone_first(self):
        """An award that paid a debt in its own entry gives the debt back and then goes whole."""
        bench = Bench()
        bench.write(deduct(ME, "point", 4, "debt", [], NOW).postings)
        number = posting_id(bench.seq + 1, 0)
        posted = bench.write([*credit(ME, Part(unit="point", points=10)),
                              Posting(MINE, owed(ME), "point", 4, number)])

        bench.write(take_back(posted, bench.by_id(), NOW))

        assert (4, 0, 0) == (bench.owes(), bench.balance(MINE), bench.balance(ISSUED))

    def test_what_expired_unused_is_not_owed(self):
        """Points that ran out before the award was overturned come out of `expired`."""
        bench = Bench()
        posted = bench.write(credit(ME, Part(unit="point", points=10, ends_at=NOW)))
        number = posted[0][0]
        bench.write([Posting(MINE, REDEEMED, "point", 4, number)])
        bench.write(expire(bench.lots(), NOW, CALENDAR)[0].postings)

        bench.write(take_back(posted, bench.by_id(), NOW, lapsed={number: 6}))

        assert (4, 0, 0) == (bench.owes(), bench.balance(EXPIRED), bench.balance(MINE))

    def test_deduction_returns_to_its_lots(self):
        """A lifted deduction gives back to each lot what it gave, and strikes out its debt."""
        bench = Bench()
        bench.earn(5, ends_at=NOW + 9)
        bench.earn(5)
        before = bench.state()
        posted = bench.write(deduct(ME, "point", 13, "debt", bench.lots(), NOW).postings)

        bench.write(take_back(posted, bench.by_id(), NOW, owes={(owed(ME), "point"): 3}))

        assert before == bench.state()
        assert 0 == bench.owes()

    def test_debt_that_was_paid_returns_to_who_paid(self):
        """What later lots paid of a lifted deduction goes back into them, the newest first."""
        bench = Bench()
        posted = bench.write(deduct(ME, "point", 10, "debt", [], NOW).postings)
        paid = []
        for amount in (4, 3):
            bench.earn(amount, ends_at=NOW + amount)
            paid += [one for _, one in bench.write(
                settle_debt(ME, "point", bench.lots(), bench.owes(), NOW))]

        bench.write(take_back(posted, bench.by_id(), NOW, paid=paid,
                              owes={(owed(ME), "point"): 3}))

        assert [4, 3] == [one.free for one in bench.lots()]
        assert (0, 7, 0) == (bench.owes(), bench.balance(MINE), bench.balance(DEDUCTED))

    def test_each_debtor_gets_back_what_she_paid(self):
        """Of two debts in one entry, and of two by one person each payment goes back once."""
        mine, yours = owed(ME), owed(YOU)
        posted = [(1, Posting(mine, DEDUCTED, "point", 4)),
                  (2, Posting(yours, DEDUCTED, "point", 3)),
                  (3, Posting(mine, DEDUCTED, "point", 2))]
        paid = [Posting(MINE, mine, "point", 5, 11), Posting(passbook(YOU), yours, "point", 3, 12),
                Posting(MINE, mine, "point", 1, 13)]

        back = take_back(posted, {}, NOW, owes={}, paid=paid)

        assert [(mine, MINE, 1, 13), (mine, MINE, 1, 11), (DEDUCTED, mine, 2, 0),
                (yours, passbook(YOU), 3, 12), (DEDUCTED, yours, 3, 0),
                (mine, MINE, 4, 11), (DEDUCTED, mine, 4, 0)] == [
            (one.source, one.target, one.amount, one.lot) for one in back]

    def test_paid_debt_without_a_trace_becomes_a_new_lot(self):
        """If nobody knows which lots paid, the points come back in a lot that never ends."""
        bench = Bench()
        posted = bench.write(deduct(ME, "point", 4, "debt", [], NOW).postings)
        bench.earn(4)
        bench.write(settle_debt(ME, "point", bench.lots(), 4, NOW))

        bench.write(take_back(posted, bench.by_id(), NOW, owes={(owed(ME), "point"): 0}))

        assert [(0, NEVER), (4, NEVER)] == [(one.free, one.ends_at) for one in bench.lots()]

    def test_gift_goes_back_with_its_dates(self):
        """A reversed gift keeps every last day; what the receiver spent she owes."""
        bench = Bench()
        mine = bench.earn(10, ends_at=NOW + 9)
        gift = Posting(MINE, passbook(YOU), "point", 6, mine, Opens(0, NOW + 9))
        posted = bench.write([gift])
        bench.write([Posting(passbook(YOU), REDEEMED, "point", 2, posted[0][0])])

        bench.write(take_back(posted, bench.by_id(), NOW))

        assert (10, 0, 2) == (bench.balance(MINE), bench.balance(passbook(YOU)), bench.owes(YOU))
        assert {NOW + 9} == {one.ends_at for one in bench.lots()}
        assert 10 == sum(one.free for one in bench.lots())

    def test_giving_back_can_be_taken_back(self):
        """Points that an entry returned to a lot leave that lot again."""
        bench = Bench()
        number = bench.earn(10)
        bench.write([Posting(MINE, REDEEMED, "point", 10, number)])
        posted = bench.write([Posting(REDEEMED, MINE, "point", 4, number)])

        bench.write(take_back(posted, bench.by_id(), NOW))

        assert (0, 10) == (bench.lot(number).free, bench.balance(REDEEMED))

    def test_goods_cannot_be_owed(self):
        """Goods that have left the shelf are not taken back by a posting."""
        bench = Bench()
        number = bench.deliver("rice", 3)
        bench.write([Posting(SHELF, "given", "item:rice", 1, number)])
        posted = [(number, Posting(SUPPLIER, SHELF, "item:rice", 3, 0, Opens()))]

        with pytest.raises(ValueError, match="cannot owe"):
            take_back(posted, bench.by_id(), NOW)

    def test_refusal_names_what_is_spent(self):
        """Where a spent award is not taken back, the refusal says how much is gone."""
        gone = [Posting(owed(ME), ISSUED, "point", 3), Posting(owed(ME), ISSUED, "point", 2)]

        refusal = not_reversible(gone)

        assert (Code.NOT_REVERSIBLE, {"point": 5}) == (refusal.code, refusal.facts["missing"])
