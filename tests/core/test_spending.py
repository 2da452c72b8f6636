"""How much a passbook can spend now, why not more, and gifts."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import attrs
import pytest

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Posting
from lovepoints.core.passbooks.passbook import ISSUED, held, owed, passbook
from lovepoints.core.passbooks.spending import Block, Holding, earliest, pay, spendable
from lovepoints.core.passbooks.transferring import Gift, transfer
from lovepoints.core.rows import Bar, Lot
from lovepoints.core.terms import Kind, Pairing, Redemption, Transfer
from lovepoints.errors import Code
from lovepoints.words.refusals import WHY_NOT_MORE
from tests.core.bench import CALENDAR, ME, NOW, YOU, Bench, at, rulebook, through

MINE = passbook(ME)
GIFTS = "point:gift"
TWO = (Kind(), Kind(code="gift", title="礼分", credited=False))


def paired(ratio: int = 3, **more: object):
    """Two kinds of which one unlocks the other."""
    return rulebook(kinds=TWO, redemption=Redemption(
        kinds=("gift", "point"), pairing=Pairing(unlocks="gift", by="point", ratio=ratio), **more))


def test_base_points_are_not_for_spending():
    """Of a base of 100 only what is above it can be spent, after debt and holds."""
    bench, terms = Bench(), rulebook(kinds=(Kind(spendable_above=Decimal(100)),))
    number = bench.earn(110)

    whole = spendable(terms, bench.holding()).total
    bench.write([Posting(MINE, held(MINE), "point", 4, number)])
    after_hold = spendable(terms, bench.holding())

    assert (10, 6) == (whole, after_hold.total)
    assert [("base", 100), ("held", 4)] == [(code, facts["points"]) for code, facts
                                           in after_hold.why]


def test_everything_that_keeps_points_back_is_named():
    """Waiting, debt and honour points are named in order, with figures and the next day."""
    bench, honour = Bench(), Kind(code="honour", title="荣誉积分", spendable=False)
    bench.earn(20)
    bench.earn(5, available_at=at("2026-03-10T00:00"))
    bench.earn(8, unit="point:honour")
    bench.write([Posting(owed(ME), ISSUED, "point", 3)])

    found = spendable(rulebook(kinds=(Kind(), honour)), bench.holding())

    assert 17 == found.total
    assert (22, 0) == (found.purse("point").shown, found.purse("point:honour").spendable)
    assert (
        ("pending", {"kind": "积分", "points": 5, "next_on": "2026-03-10"}),
        ("owed", {"kind": "积分", "points": 3}),
        ("not_spendable", {"kind": "荣誉积分", "points": 8}),
    ) == found.why
    with pytest.raises(KeyError):
        found.purse("point:other")


def test_frozen_points_wait():
    """A frozen lot counts in the balance and cannot be spent."""
    bench = Bench()
    bench.rows.put(attrs.evolve(bench.lot(bench.earn(5)), frozen=1))

    found = spendable(rulebook(), bench.holding())

    assert (0, 5) == (found.total, found.purse("point").shown)
    assert ["frozen"] == [code for code, _ in found.why]


@pytest.mark.parametrize(("until", "facts"), [
    ("2026-12-31", {"what": "redeem", "until": "2026-12-31"}), ("9999-12-31", {"what": "redeem"}),
])
def test_a_bar_keeps_the_balance(until, facts):
    """A barred passbook keeps its balance, spends nothing, and is told until when."""
    bench = Bench()
    bench.earn(5)
    bars = (Bar(holder=ME, what="redeem", since="2026-03-07", until=until, seq=1),
            Bar(holder=ME, what="earn", since="2026-01-01", seq=2),
            Bar(holder=ME, what="redeem", since="2025-01-01", until="2026-03-06", seq=3))

    found = spendable(rulebook(), bench.holding(bars=bars))

    assert (0, 5) == (found.total, found.purse("point").shown)
    assert (("barred", facts),) == found.why


def test_threshold():
    """Below the least balance nothing can be spent; at it everything can."""
    bench, terms = Bench(), rulebook(redemption=Redemption(threshold=Decimal(50)))
    bench.earn(49)
    before = spendable(terms, bench.holding())
    bench.earn(1)

    after = spendable(terms, bench.holding())

    assert (0, 50) == (before.total, after.total)
    assert ("threshold", {"kind": "积分", "needed": 50, "present": 49}) == before.why[0]


def test_pairing_unlocks_by_ratio():
    """One earned point unlocks three gift points: 9 gift and 2 earned can spend 8."""
    bench = Bench()
    bench.earn(9, unit=GIFTS)
    bench.earn(2)

    found = spendable(paired(), bench.holding())

    assert (8, 6, 2) == (found.total, found.purse(GIFTS).spendable, found.purse("point").spendable)
    assert ("pairing", {"kind": "礼分", "points": 3, "by": "积分", "ratio": 3, "needed": 1}
            ) == found.why[-1]


@pytest.mark.parametrize(("plain", "split"), [
    (8, {"point": 2, GIFTS: 6}), (4, {"point": 1, GIFTS: 3}), (5, {"point": 2, GIFTS: 3}),
    (1, {"point": 1}), (9, None),
])
def test_pairing_takes_in_proportion(plain, split):
    """A sum takes as few of the unlocking points as possible."""
    bench = Bench()
    bench.earn(9, unit=GIFTS)
    bench.earn(2)

    payment = pay(paired(), bench.holding(), {}, plain)

    assert split == (payment.totals if payment else None)


def test_pairing_holds_for_prices_by_name():
    """Gift points asked for by name need their share in the same redemption."""
    bench = Bench()
    bench.earn(9, unit=GIFTS)
    bench.earn(2)
    holding, terms = bench.holding(), paired()

    alone = pay(terms, holding, {GIFTS: 3})
    together = pay(terms, holding, {GIFTS: 3, "point": 1})
    with_plain = pay(terms, holding, {GIFTS: 3}, 1)

    assert alone is None
    assert {GIFTS: 3, "point": 1} == together.totals == with_plain.totals
    assert pay(terms, holding, {GIFTS: 7, "point": 2}) is None


@pytest.mark.parametrize("ratio", [1, 2, 3])
def test_a_pair_pays_exactly_what_some_split_pays(ratio):
    """Every small passbook and sum, held against all the ways in which one could pay it."""
    terms, wrong = paired(ratio), []
    for by, unlocks in product(range(4), range(5)):
        bench = Bench()
        bench.earn(by) if by else None
        bench.earn(unlocks, unit=GIFTS) if unlocks else None
        holding = bench.holding()
        for few, more, plain in product(range(by + 1), range(unlocks + 1), range(6)):
            splits = [one for one in range(min(plain, by - few) + 1)
                      if plain - one <= unlocks - more
                      and more + plain - one <= ratio * (few + one)]
            payment = pay(terms, holding, {"point": few, GIFTS: more}, plain)
            found = payment.totals.get("point", 0) if payment else None
            if found != (few + splits[0] if splits else None):
                wrong.append((by, unlocks, few, more, plain, found, splits))

    assert [] == wrong


@pytest.mark.parametrize(("mode", "plain", "runs"), [
    ("listed", 6, (("point", 6),)),
    ("listed", 12, (("point", 10), (GIFTS, 2))),
    ("proportion", 6, (("point", 4), (GIFTS, 2))),
    ("proportion", 7, (("point", 5), (GIFTS, 2))),
    ("soonest", 4, ((GIFTS, 2), ("point", 2))),
    ("soonest", 12, ((GIFTS, 2), ("point", 7), (GIFTS, 3))),
])
def test_orders_of_spending(mode, plain, runs):
    """A plain price takes its kinds as listed, in proportion, or by the soonest end."""
    bench = Bench()
    bench.earn(2, unit=GIFTS, ends_at=NOW + 1)
    bench.earn(7, ends_at=NOW + 2)
    bench.earn(3, unit=GIFTS, ends_at=NOW + 3)
    bench.earn(3)
    terms = rulebook(kinds=TWO, redemption=Redemption(kinds=("point", "gift"), order=mode))

    payment = pay(terms, bench.holding(), {}, plain)

    assert (Block(runs=runs),) == payment.plain
    assert dict.fromkeys([unit for unit, _ in runs]).keys() == payment.totals.keys()
    assert plain == sum(payment.totals.values())
    assert Block(runs=runs, by="point") == Block.from_json(Block(runs=runs, by="point").to_json())


def test_kinds_beyond_the_pair():
    """Where a third kind may pay too, it pays after the pair."""
    kinds = (*TWO, Kind(code="bonus", title="奖励分"))
    terms = rulebook(kinds=kinds, redemption=Redemption(
        kinds=("bonus", "gift", "point"), pairing=Pairing(unlocks="gift", by="point", ratio=1)))
    bench = Bench()
    for unit, amount in (("point", 1), (GIFTS, 5), ("point:bonus", 4)):
        bench.earn(amount, unit=unit)

    payment = pay(terms, bench.holding(), {}, 5)

    assert {"point": 1, GIFTS: 1, "point:bonus": 3} == payment.totals
    assert 6 == spendable(terms, bench.holding()).total
    assert pay(terms, bench.holding(), {}, 7) is None


@pytest.mark.parametrize(("now", "amount", "day"), [
    ("2026-03-07T10:00", 6, "2026-03-10"), ("2026-03-07T10:00", 14, ""),
    # The five that end on the 11th are gone when those of the 12th come.
    ("2026-03-07T10:00", 9, ""), ("2026-03-11T10:00", 9, ""), ("2026-03-12T00:00", 8, ""),
])
def test_earliest_day(now, amount, day):
    """The first day on which waiting points would do, if they would at all."""
    bench = Bench()
    bench.earn(5, ends_at=through("2026-03-11"))
    bench.earn(3, available_at=at("2026-03-10T00:00"))
    bench.earn(5, available_at=at("2026-03-12T00:00"))

    assert day == earliest(rulebook(), bench.holding(at(now)), {"point": amount})


def test_every_reason_has_its_words():
    """Each reason why not more can be said."""
    codes = {"barred", "threshold", "not_spendable", "base", "pending", "frozen", "held", "owed",
             "pairing"}

    assert codes == set(WHY_NOT_MORE)


class TestGifts:
    def test_given_points_keep_their_dates(self):
        """Each part of a gift keeps its own last day (bug 24)."""
        bench = Bench()
        first, second = bench.earn(4, ends_at=NOW + 5), bench.earn(4, ends_at=NOW + 9)
        gift = Gift(kind="point", amount=6, receiver=YOU)

        postings = transfer(rulebook(transfer=Transfer(to="anyone")), bench.holding(), gift)
        bench.write(postings)

        assert [(4, NOW + 5), (2, NOW + 9)] == [
            (lot.free, lot.ends_at) for lot in bench.lots(passbook(YOU))]
        assert [0, 2] == [bench.lot(number).free for number in (first, second)]

    @pytest.mark.parametrize(("to", "gift", "reason"), [
        ("off", {}, "off"), ("household", {}, "household"),
        ("pool", {"is_household": True}, "pool"),
        ("anyone", {"receiver": ME}, "self"), ("anyone", {"kind": "honour"}, "kind"),
        ("household", {"is_household": True}, ""), ("pool", {"is_pool": True}, ""),
        ("anyone", {}, ""),
    ])
    def test_who_may_give_to_whom(self, to, gift, reason):
        """Gifts stay inside the circle that the rulebook draws."""
        bench = Bench()
        bench.earn(9)
        kinds = (Kind(), Kind(code="honour", spendable=False))
        asked = Gift(**{"kind": "point", "amount": 5, "receiver": YOU, **gift})

        found = transfer(rulebook(kinds=kinds, transfer=Transfer(to=to)), bench.holding(), asked)

        assert reason == (found.facts["reason"] if isinstance(found, Refusal) else "")

    def test_donated_kind_becomes_spendable(self):
        """Points that can only be donated may become another kind at the receiver."""
        bench = Bench()
        bench.earn(6, unit=GIFTS, ends_at=NOW + 5)
        kinds = (Kind(), Kind(code="gift", spendable=False))
        terms = rulebook(kinds=kinds, transfer=Transfer(
            to="anyone", kinds=("gift",), becomes="point"))

        bench.write(transfer(terms, bench.holding(), Gift(kind="gift", amount=4, receiver=YOU)))

        assert [(4, NOW + 5, "point")] == [
            (lot.free, lot.ends_at, lot.unit) for lot in bench.lots(passbook(YOU))]
        assert (-4, -2) == (bench.balance(ISSUED), bench.balance(ISSUED, GIFTS))

    @pytest.mark.parametrize(("amount", "given", "code", "facts"), [
        (10, 0, Code.INSUFFICIENT_POINTS, {"needed": 10, "present": 9, "missing": 1}),
        (1, 0, Code.BELOW_MINIMUM, {"needed": 2, "present": 1}),
        (5, 4, Code.TOO_OFTEN, {"most": 8, "used": 4, "left": 4, "next_on": "2027-01-01"}),
    ])
    def test_limits(self, amount, given, code, facts):
        """A gift beyond what there is, below the least, or above the year's most is refused."""
        bench = Bench()
        bench.earn(9)
        before = bench.state()
        terms = rulebook(transfer=Transfer(to="anyone", most=Decimal(8), minimum=Decimal(2)))

        refusal = transfer(terms, bench.holding(),
                           Gift(kind="point", amount=amount, receiver=YOU, given=given))

        assert code == refusal.code
        assert facts == {name: refusal.facts[name] for name in facts}
        assert before == bench.state()  # bug 23

    @pytest.mark.parametrize(("given", "allowed"), [(3, True), (4, False)])
    def test_year_of_gifts(self, given, allowed):
        """Gifts up to the year's most are given, the point beyond it is not."""
        bench = Bench()
        bench.earn(9)
        terms = rulebook(transfer=Transfer(to="anyone", most=Decimal(8)))

        found = transfer(terms, bench.holding(),
                         Gift(kind="point", amount=5, receiver=YOU, given=given))

        assert allowed is not isinstance(found, Refusal)

    def test_barred_and_base(self):
        """A bar stops gifts; base points cannot be given."""
        bench = Bench()
        bench.earn(100)
        kinds, to_all = (Kind(spendable_above=Decimal(100)),), Transfer(to="anyone")
        gift = Gift(kind="point", amount=1, receiver=YOU)
        bar = Bar(holder=ME, what="transfer", since="2026-01-01", seq=1)

        barred = transfer(rulebook(transfer=to_all), bench.holding(bars=(bar,)), gift)
        base = transfer(rulebook(kinds=kinds, transfer=to_all), bench.holding(), gift)

        assert [Code.BARRED, Code.INSUFFICIENT_POINTS] == [barred.code, base.code]

    def test_too_many_lots(self):
        """A gift of more lots than one entry can hold is refused before it is written."""
        many = [Lot(id=number, account=MINE, unit="point", granted=1, free=1)
                for number in range(1, 4200)]
        holding = Holding(holder=ME, lots={"point": many}, now=NOW, calendar=CALENDAR)

        refusal = transfer(rulebook(transfer=Transfer(to="anyone")), holding,
                           Gift(kind="point", amount=4199, receiver=YOU))

        assert Code.LIMIT_EXCEEDED == refusal.code
