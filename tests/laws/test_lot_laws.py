"""Laws of lots that hold for every history: nothing lost, nothing twice, no date moved."""

from __future__ import annotations

from decimal import Decimal

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lovepoints.core.deeds import Part, Refusal
from lovepoints.core.passbooks.goods import count, stock
from lovepoints.core.passbooks.passbook import (
    DEDUCTED,
    EXPIRED,
    ISSUED,
    REDEEMED,
    SHELF,
    allocate,
    clear,
    credit,
    deduct,
    expire,
    held,
    is_live,
    order,
    owed,
    passbook,
    settle_debt,
    take_back,
)
from lovepoints.core.passbooks.redeeming import settle
from lovepoints.core.passbooks.returning import (
    collect,
    handed_out,
    lapse,
    paid_for,
    release,
    return_,
)
from lovepoints.core.passbooks.spending import Holding, pay, spendable
from lovepoints.core.passbooks.transferring import Gift, transfer
from lovepoints.core.rows import Lot, RedemptionRow
from lovepoints.core.terms import Clearing, Kind, Pairing, Redemption, Transfer
from lovepoints.core.values import NEVER
from tests.core.bench import CALENDAR, ME, NOW, YOU, Bench, rulebook

MINE = passbook(ME)
DAY = 86_400_000_000
KINDS = (Kind(spendable_above=Decimal(3)), Kind(code="gift"), Kind(code="bonus"))
UNITS = ("point", "point:gift", "point:bonus")

ends = st.one_of(st.just(NEVER), st.integers(NOW - 2 * DAY, NOW + 2 * DAY))


@st.composite
def lots_of(draw: st.DrawFn, unit: str = "point", most: int = 6) -> list[Lot]:
    """Lots in every state: ended, waiting, frozen, partly held."""
    out = []
    for number in range(1, draw(st.integers(0, most)) + 1):
        granted = draw(st.integers(1, 12))
        free = draw(st.integers(0, granted))
        out.append(Lot(
            id=number, account=MINE, unit=unit, granted=granted, free=free,
            held=draw(st.integers(0, granted - free)), ends_at=draw(ends),
            available_at=draw(st.sampled_from((0, NOW, NOW + 1))),
            frozen=draw(st.integers(0, 1)),
        ))
    return out


@st.composite
def holdings(draw: st.DrawFn) -> Holding:
    """A passbook of three kinds, with debts."""
    lots = {unit: draw(lots_of(unit, most=4)) for unit in UNITS}
    debts = {unit: draw(st.sampled_from((0, 0, 2))) for unit in UNITS}
    return Holding(holder=ME, lots=lots, owed=debts, now=NOW, calendar=CALENDAR)


@given(lots_of(), st.integers(0, 40))
def test_allowed_exactly_when_allocated(lots, amount):
    """An amount is allowed exactly when the allocations sum to it (bug 10), in order, from live
    lots only, none beyond what it has."""
    live = {lot.id: lot.free for lot in lots if is_live(lot, NOW)}

    shares = allocate(lots, amount, NOW)

    if sum(live.values()) < amount:
        assert amount - sum(live.values()) == shares
    else:
        assert amount == sum(taken for _, taken in shares)
        assert all(0 < taken <= live[lot] for lot, taken in shares)
        used = [lot for lot, _ in shares]
        drained = [lot.id for lot in order(lots) if live.get(lot.id)]
        assert used == drained[:len(used)]
        assert all(live[lot] == taken for lot, taken in shares[:-1])


modes = st.sampled_from(("soonest", "listed", "proportion"))
pairings = st.one_of(st.none(), st.integers(1, 4).map(
    lambda ratio: Pairing(unlocks="gift", by="point", ratio=ratio)))
kinds = st.permutations(("point", "gift", "bonus")).flatmap(
    lambda order: st.integers(1, 3).map(lambda count: tuple(order[:count])))


@given(holdings(), modes, pairings, kinds)
def test_the_most_that_can_be_spent_is_exact(holding, mode, pairing, allowed):
    """A plain sum can be paid up to the total shown and not beyond, for every setting (bug 10)."""
    terms = rulebook(kinds=KINDS, redemption=Redemption(
        kinds=allowed, order=mode, pairing=pairing))

    total = spendable(terms, holding).total

    assert pay(terms, holding, {}, total + 1) is None
    for plain in range(total + 1):
        payment = pay(terms, holding, {}, plain)
        assert plain == sum(payment.totals.values()) == sum(one.size for one in payment.plain)
        for unit, lot, amount in payment.points:
            found = next(one for one in holding.lots[unit] if one.id == lot)
            assert is_live(found, NOW) and amount <= found.free


@given(st.integers(0, 12), st.integers(0, 12), st.integers(1, 4), st.integers(0, 24))
def test_pairing_is_maximal_and_frugal(gifts, points, ratio, plain):
    """Paired kinds pay whatever any split could pay, with as few unlocking points as possible."""
    bench = Bench()
    for unit, amount in (("point", points), ("point:gift", gifts)):
        if amount:
            bench.earn(amount, unit=unit)
    terms = rulebook(kinds=(Kind(), Kind(code="gift")), redemption=Redemption(
        kinds=("gift", "point"), pairing=Pairing(unlocks="gift", by="point", ratio=ratio)))
    few = [by for by in range(min(points, plain) + 1)
           if plain - by <= min(gifts, ratio * by)]

    payment = pay(terms, bench.holding(), {}, plain)

    assert bool(few) is (payment is not None)
    assert not few or few[0] == payment.totals.get("point", 0)


@given(lots_of(), st.integers(1, 40), st.sampled_from(("zero", "debt", "refuse")))
def test_a_deduction_is_its_allocation_plus_debt(lots, amount, floor):
    """What is asked is taken, owed, or said to be missing: nothing else (B3, bug 31)."""
    taken = deduct(ME, "point", amount, floor, lots, NOW)

    if isinstance(taken, Refusal):
        assert floor == "refuse" and taken.facts["missing"] > 0
        return
    from_lots = sum(one.amount for one in taken.postings if one.lot)
    assert amount == from_lots + taken.owed + taken.missing
    assert taken.owed == sum(one.amount for one in taken.postings if one.source == owed(ME))
    assert not (taken.owed and floor != "debt") and not (taken.missing and floor != "zero")


@given(lots_of(), st.integers(NOW - 3 * DAY, NOW + 3 * DAY))
def test_expiry_touches_only_what_has_ended(lots, moment):
    """A sweep at T takes what is free in lots whose end has passed, and nothing else (bugs 11
    and 13); what could be spent stays the same (bug 15)."""
    drafts = expire(lots, moment, CALENDAR)

    ended = {lot.id: lot.free for lot in lots if lot.ends_at <= moment and lot.free}
    assert ended == {one.postings[0].lot: one.postings[0].amount for one in drafts}
    assert all(one.postings[0].target == EXPIRED and one.at <= moment for one in drafts)
    after = [attrs.evolve(lot, free=0) if lot.id in ended else lot for lot in lots]
    assert sum(lot.free for lot in lots if is_live(lot, moment)) == sum(
        lot.free for lot in after if is_live(lot, moment))


@given(lots_of(), st.one_of(st.none(), st.integers(0, 30)), st.sampled_from(("keep", "clear")))
def test_clearing_is_idempotent(lots, most, pending):
    """After a clearing at most `carry_most` is left, and clearing again takes nothing."""
    clearing = Clearing(carry_most=None if most is None else Decimal(most), pending=pending)
    first = {one.lot: one.amount for one in clear(clearing, ME, "point", 0, lots, NOW)}
    after = [attrs.evolve(lot, free=lot.free - first.get(lot.id, 0)) for lot in lots]

    again = clear(clearing, ME, "point", 0, after, NOW)

    assert () == again
    assert sum(lot.free for lot in after if is_live(lot, NOW)) <= (most or 0)
    assert [lot.held for lot in lots] == [lot.held for lot in after]


PRICES = {"rice": {"": 5}, "soap": {"": 2, "point:bonus": 1}, "cup": {"point:gift": 2}}
BOOKS = tuple(
    rulebook(kinds=(Kind(), *KINDS[1:]), transfer=Transfer(to="anyone"), redemption=Redemption(
        kinds=("gift", "point"), order=mode, pairing=pairing))
    for mode, pairing in (("soonest", None), ("listed", None), ("proportion", None),
                          ("listed", Pairing(unlocks="gift", by="point", ratio=2)))
)
baskets = st.dictionaries(st.sampled_from(tuple(PRICES)), st.integers(1, 3), min_size=1)


class Passbook(RuleBasedStateMachine):
    """A passbook and a shelf under random earning, spending, giving back and expiry."""

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench()
        self.now = NOW
        self.rows: list[RedemptionRow] = []
        self.awards: list[list[tuple[int, object]]] = []
        self.dates: dict[int, tuple[int, int]] = {}
        for item in PRICES:
            self.bench.deliver(item, 20, ends_at=NOW + 9 * DAY)
            self.bench.deliver(item, 20)

    @rule(unit=st.sampled_from(UNITS), points=st.integers(1, 30), days=st.integers(1, 9),
          waits=st.integers(0, 1))
    def earn(self, unit, points, days, waits):
        """An award, now or after a day's notice, for some days."""
        part = Part(unit=unit, points=points, available_at=self.now + waits * DAY,
                    ends_at=self.now + days * DAY)
        self.awards.append(self.bench.write(credit(ME, part)))

    @rule(days=st.integers(1, 2))
    def wait(self, days):
        """Time passes; what has ended expires, what is over lapses."""
        self.now += days * DAY
        for place, row in enumerate(self.rows):
            if row.state == "held" and row.lapses_at <= self.now:
                self._step(place, lapse(row))
        before = self.bench.balance(MINE)
        for draft in expire(self.bench.lots(), self.now, CALENDAR):
            self.bench.write(draft.postings)
        assert self.bench.balance(MINE) <= before
        assert not expire(self.bench.lots(), self.now, CALENDAR)

    @rule(wanted=baskets, book=st.sampled_from(BOOKS), handed=st.booleans())
    def fetch(self, wanted, book, handed):
        """A basket is handed over or reserved, or refused for a reason."""
        found = settle(wanted, self.bench.counter(book, PRICES, self.now))
        if isinstance(found, Refusal):
            return
        self.bench.write(found.redeemed() if handed else found.reserved())
        self.rows.append(RedemptionRow(
            id=f"x{self.bench.seq}", holder=ME, day="2026-03-07", seq=self.bench.seq,
            state="collected" if handed else "held", lapses_at=self.now + 2 * DAY,
            details=found.details(handed=handed)))

    @precondition(lambda self: self.rows)
    @rule(pick=st.randoms(use_true_random=False), part=st.one_of(st.none(), baskets),
          step=st.sampled_from(("collect", "release", "return", "return")))
    def later(self, pick, part, step):
        """A redemption goes on: collected, released, brought back, in part or whole."""
        place = pick.randrange(len(self.rows))
        row, lots = self.rows[place], self.bench.by_id()
        if step == "collect":
            self._step(place, collect(row, lots, self.now, part))
        elif step == "release":
            self._step(place, release(row))
        else:
            self._step(place, return_(row, lots, self.now, CALENDAR, part=part))

    @rule(amount=st.integers(1, 15), floor=st.sampled_from(("zero", "debt")))
    def take(self, amount, floor):
        """A deduction, and payment of what is owed."""
        taken = deduct(ME, "point", amount, floor, self.bench.lots(unit="point"), self.now)
        self.bench.write(taken.postings)
        self.bench.write(settle_debt(ME, "point", self.bench.lots(unit="point"),
                                     self.bench.owes(), self.now))

    @precondition(lambda self: self.awards)
    @rule(pick=st.randoms(use_true_random=False))
    def overturn(self, pick):
        """An award is taken back, once."""
        posted = self.awards.pop(pick.randrange(len(self.awards)))
        self.bench.write(take_back(posted, self.bench.by_id(), self.now))

    @rule(amount=st.integers(1, 12))
    def donate(self, amount):
        """Points are given on; a refused gift changes nothing."""
        before = self.bench.state()
        gift = Gift(kind="point", amount=amount, receiver=YOU)
        postings = transfer(BOOKS[0], self.bench.holding(self.now), gift)
        if isinstance(postings, Refusal):
            assert before == self.bench.state()  # bug 23
            return
        self.bench.write(postings)
        for posting in postings:  # bug 24
            assert self.bench.lot(posting.lot).ends_at == posting.opens.ends_at

    @rule(missing=st.integers(0, 2), item=st.sampled_from(tuple(PRICES)))
    def stocktake(self, missing, item):
        """A count, now and then a piece short or over."""
        lots = self.bench.lots(SHELF, f"item:{item}")
        found = count(item, max(0, stock(lots, self.now).on_hand + 1 - missing), lots, self.now,
                      lost=self.bench.balance("lost", f"item:{item}"))
        if not isinstance(found, Refusal):
            self.bench.write(found)

    def _step(self, place: int, moved) -> None:
        if not isinstance(moved, Refusal):
            self.bench.write(moved.postings)
            self.rows[place] = attrs.evolve(
                self.rows[place], state=moved.state, details=moved.details)

    @invariant()
    def lots_are_balances(self):
        """Each lot holds between nothing and its grant, and lots add up to balances (B2, B4)."""
        for unit in UNITS:
            lots = self.bench.lots(MINE, unit)
            assert all(0 <= lot.free + lot.held <= lot.granted for lot in lots)
            assert self.bench.balance(MINE, unit) == sum(lot.free for lot in lots)
            assert self.bench.balance(held(MINE), unit) == sum(lot.held for lot in lots)

    @invariant()
    def dates_never_move(self):
        """No lot ever changes its dates (bug 21)."""
        dates = {lot.id: (lot.available_at, lot.ends_at) for lot in self.bench.state()}
        assert all(dates[number] == was for number, was in self.dates.items())
        self.dates = dates

    @invariant()
    def everything_is_somewhere(self):
        """Issued points are in passbooks, redeemed, expired or deducted, less debt (B1)."""
        sinks = (MINE, held(MINE), owed(ME), passbook(YOU), REDEEMED, EXPIRED, DEDUCTED)
        for unit in UNITS:
            assert -self.bench.balance(ISSUED, unit) == sum(
                self.bench.balance(account, unit) for account in sinks)

    @invariant()
    def open_holds_are_what_is_held(self):
        """What is held is exactly what open reservations name (I11)."""
        for unit in UNITS:
            assert self.bench.balance(held(MINE), unit) == sum(
                amount for row in self.rows if row.state == "held"
                for one, _, amount in row.details["points"] if one == unit)

    @invariant()
    def redeemed_is_what_stands(self):
        """Redeemed points and given goods are those of the pieces that stand (I16, bug 19)."""
        paid: dict[str, int] = {}
        for row in self.rows:
            pieces = {line["item"]: line["handed"] - line["returned"]
                      for line in row.details["lines"]}
            for unit, _, amount in (*paid_for(row.details, pieces),
                                    *handed_out(row.details, pieces)):
                paid[unit] = paid.get(unit, 0) + amount
        for unit in UNITS:
            assert self.bench.balance(REDEEMED, unit) == paid.get(unit, 0)
        for item in PRICES:
            assert self.bench.balance("given", f"item:{item}") == paid.get(f"item:{item}", 0)


TestPassbook = Passbook.TestCase
TestPassbook.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
