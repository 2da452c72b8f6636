"""Laws of rating that hold for any rulebook, any deeds and any order."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.core.deeds import Award, Refusal, Verdict
from lovepoints.core.points import Band, Bands, PerUnit, Tier, Tiers
from lovepoints.core.rating.bonuses import shares
from lovepoints.core.rating.rate import rate
from lovepoints.core.rating.validity import lot_dates
from lovepoints.core.rating.worth import bands_worth, smallest_parts, tiers_worth
from lovepoints.core.rulebook import Deduction, First, Group, Repeat, Streak
from lovepoints.core.terms import Ceiling, Kind, Size, Validity
from lovepoints.core.values import NEVER, Span, point_unit
from tests.core.fakes import (
    SHANGHAI,
    MemoryHistory,
    Register,
    credited,
    facts,
    hours,
    limit,
    points,
    rule,
    rulebook,
)

D = Decimal
FEW = settings(max_examples=60, deadline=None)

days = st.dates(date(2025, 12, 1), date(2026, 3, 31))
quantities = st.decimals(D("0.01"), D(40), places=2)
spans = st.builds(Span, st.integers(1, 40), st.sampled_from(["day", "week", "month", "year"]))
pers = st.sampled_from(["resident", "household", "holder", "area", "community", "deed"])
eaches = st.sampled_from([None, "day", "week", "month", "quarter", "year", "ever"])


@st.composite
def limits(draw, *, crossings=("part", "none", "queue")):
    """Up to three stacked limits in points."""
    return tuple(
        limit(draw(st.integers(0, 30)), per=draw(pers), code=f"l{number}",
              crossing=draw(st.sampled_from(crossings)),
              **draw(st.one_of(st.fixed_dictionaries({"each": eaches}),
                               st.fixed_dictionaries({"within": spans}))))
        for number in range(draw(st.integers(1, 3))))


@st.composite
def deeds(draw):
    """Deeds of three people in two households and areas, on days in any order."""
    who = draw(st.sampled_from([("li", "h1", "g1"), ("wang", "h1", "g1"), ("chen", "h2", "g2")]))
    return {"doer": who[0], "household": who[1], "holder": who[1], "area": who[2],
            "on": draw(days), "hour": draw(quantities)}


def scope(per, row):
    """What a limit counts a row under."""
    names = {"resident": "doer", "community": "", "deed": "deed"}
    return getattr(row, names.get(per, per)) if per != "community" else ""


def windows(one, rows):
    """Every period or window that a limit speaks of, as (first, last)."""
    for row in rows:
        day = date.fromisoformat(row.day)
        if one.within:
            yield one.within.before(day), day
        else:
            period = SHANGHAI.period(day, one.each or "ever")
            yield period.first, period.last


@FEW
@given(limits(), st.lists(deeds(), min_size=1, max_size=12))
def test_no_cap_is_ever_exceeded(caps, told):  # bug 37
    """Whatever the order of deeds and of limits, no window of any limit holds more than it may."""
    register = Register(rulebook(rule(hours(3)), limits=caps))

    for one in told:
        register.do(**one)

    rows = register.history.rows
    for cap in caps:
        for first, last in windows(cap, rows):
            inside = [row for row in rows if first <= date.fromisoformat(row.day) <= last]
            for whose in {scope(cap.per, row) for row in inside}:
                assert cap.most >= sum(
                    row.points for row in inside if scope(cap.per, row) == whose)


@FEW
@given(st.integers(0, 40), st.lists(st.integers(0, 12), max_size=10))
def test_part_fills_a_cap_exactly(most, worths):
    """Under a cap that takes a part, the sum is the smaller of cap and worth."""
    register = Register(rulebook(rule(hours(1)), limits=(limit(most),)))

    found = sum(register.points(hour=worth) for worth in worths if worth)

    assert min(most, sum(worths)) == found


@FEW
@given(limits(crossings=("part", "none", "queue", "warn")), st.lists(deeds(), max_size=6),
       st.permutations(range(3)))
def test_order_of_limits_in_the_file_does_not_matter(caps, told, order):
    """Stacked limits give the same points however the file lists them."""
    shuffled = tuple(caps[place] for place in order if place < len(caps))
    one, other = (Register(rulebook(rule(hours(3)), limits=each)) for each in (caps, shuffled))

    assert [one.points(**deed) for deed in told] == [other.points(**deed) for deed in told]


@st.composite
def tiers(draw):
    """Rising tiers, with values that rise too."""
    bounds = sorted(draw(st.sets(st.integers(1, 60), min_size=1, max_size=5)))
    values = sorted(draw(st.lists(st.integers(0, 40), min_size=len(bounds), max_size=len(bounds))))
    found = tuple(Tier(at=D(at), value=D(value), at_included=draw(st.booleans()))
                  for at, value in zip(bounds, values, strict=True))
    return Tiers(of="hour", tiers=found, mode=draw(st.sampled_from(["highest", "add"])),
                 each="ever")


@FEW
@given(tiers(), st.lists(quantities, max_size=8), st.randoms(use_true_random=False))
def test_increments_add_up_to_the_tier_of_the_total(form, hours_done, random):
    """In any order the increments of a running total sum to what the total is worth."""
    random.shuffle(hours_done)
    register = Register(rulebook(rule(form)))

    found = sum(register.points(hour=quantity) for quantity in hours_done)

    assert tiers_worth(form, sum(hours_done, D(0))) == found


@FEW
@given(st.lists(quantities, max_size=8), st.sampled_from([None, D("0.5"), D(1)]),
       st.sampled_from(["down", "half-up", "up"]))
def test_carried_parts_sum_to_the_whole(parts, step, rounding):  # bug 29
    """With a carried remainder a batch in parts is worth what it is worth at once."""
    form = PerUnit(per="hour", value=D("0.7"), step=step, round=rounding, carry="ever")
    register, whole = (Register(rulebook(rule(form))) for _ in range(2))

    found = sum(register.points(hour=part) for part in parts)

    assert found == (whole.points(hour=sum(parts)) if parts else 0)


@FEW
@given(st.lists(quantities, min_size=1, max_size=8), st.integers(0, 2))
def test_parts_never_make_more_than_the_whole(parts, decimals):  # bug 29
    """Rounded down, deeds in parts are worth at most the whole, by less than a part a deed."""
    kinds = (Kind(decimals=decimals),)
    register, whole = (Register(rulebook(rule(hours("0.7")), kinds=kinds)) for _ in range(2))

    found = sum(register.points(hour=part) for part in parts)

    assert 0 <= whole.points(hour=sum(parts)) - found < len(parts)


@st.composite
def bands(draw):
    """Rising progressive bands, by proportion."""
    bounds = sorted(draw(st.sets(st.integers(1, 900), max_size=4)))
    return Bands(of="yuan", bands=tuple(
        Band(to=None if to is None else D(to), value=D(draw(st.integers(0, 9))),
             per=D(draw(st.integers(1, 50))), to_included=draw(st.booleans()))
        for to in [*bounds, None]))


@FEW
@given(bands(), st.decimals(D("0.01"), D(1000), places=2), st.decimals(D(0), D(500), places=2))
def test_progressive_bands_are_additive_and_monotone(form, amount, more):
    """More is never worth less, and an amount is worth the sum of its parts in each band."""
    below, by_band = D(0), Fraction(0)
    for band in form.bands:
        top = amount if band.to is None else min(amount, band.to)
        if top > below:
            by_band += Fraction(band.value) * Fraction(top - below) / Fraction(band.per)
            below = top

    assert by_band == bands_worth(form, amount)
    assert bands_worth(form, amount + more) >= bands_worth(form, amount)


@FEW
@given(st.integers(0, 10**9), st.lists(st.integers(0, 100), min_size=1, max_size=6),
       st.integers(1, 9))
def test_shares_make_the_whole(amount, weights, doers):
    """Joint doers' shares sum exactly to the whole, each within one part of its exact share."""
    split = shares(amount, weights, doers)
    own = [weights[min(place, len(weights) - 1)] for place in range(doers)]

    assert (amount if sum(own) else 0) == sum(split)
    for share, weight in zip(split, own, strict=True):
        assert not sum(own) or abs(share - Fraction(amount * weight, sum(own))) < 1


@FEW
@given(st.lists(st.integers(0, 40), min_size=3, max_size=3).map(sorted),
       st.permutations([0, 1, 2]))
def test_highest_of_one_matter(worths, order):
    """In any order the deeds of one matter are together worth the best of them."""
    rules = [rule(points(worth), f"r{number}") for number, worth in enumerate(worths)]
    group = Group(code="g", rules=("r0", "r1", "r2"), same=("event",))
    register = Register(rulebook(*rules, groups=(group,)))

    found = sum(register.points(f"r{number}", same={"event": "k"}) for number in order)

    assert max(worths) == found


@FEW
@given(st.integers(2, 5), st.sets(st.integers(0, 30), max_size=20),
       st.randoms(use_true_random=False))
def test_streaks_in_any_order(length, active, random):
    """Bonuses of a streak are those of its whole runs, however deeds are confirmed."""
    on = [date(2026, 2, 20) + timedelta(days=day) for day in active]
    random.shuffle(on)
    register = Register(rulebook(rule(points(0), streak=Streak(length=length, points=D(1)))))

    found = sum(register.points(on=day) for day in on)

    runs, run = 0, 0
    for day in range(32):
        run = run + 1 if day in active else 0
        runs += bool(run and run % length == 0)
    assert runs == found


@st.composite
def rich_books(draw):
    """A rulebook in which many mechanisms meet."""
    kinds = (
        Kind(decimals=draw(st.integers(0, 2)), rounding=draw(st.sampled_from(["down", "half-up"])),
             ceiling=draw(st.sampled_from([None, Ceiling(points=D(20), overflow="gift"),
                                           Ceiling(points=D(20), overflow="queue")]))),
        Kind(code="honour"), Kind(code="gift", credited=False),
    )
    return rulebook(
        rule(hours("1.5", step=D("0.5")), also={"gift": points(1)}, least=D(1), most=D(30),
             weights=(3, 2), first=First(later=D(1)), streak=Streak(length=2, points=D(2)),
             void={"complaint": (True,)}),
        rule(points(4), "bad", deduction=Deduction(
            notice_days=2, appeal="村委会", repeat=Repeat(on="last"))),
        kinds=kinds, limits=draw(limits()), notice_days=draw(st.integers(0, 5)),
        validity=Validity(after=draw(spans)),
        groups=(Group(code="g", rules=("deed",), each="month"),) if draw(st.booleans()) else (),
    )


@st.composite
def rich_deeds(draw):
    """Deeds with everything that a rating may look at."""
    own = draw(deeds())
    return own | {
        "rule": draw(st.sampled_from(["deed", "deed", "deed", "bad"])),
        "position": draw(st.integers(0, 1)), "doers": 2,
        "same": draw(st.sampled_from([{}, {"place": "stairs"}])),
        "attributes": draw(st.sampled_from([{}, {"complaint": True}])),
    }


@FEW
@given(rich_books(), st.lists(rich_deeds(), min_size=1, max_size=6))
def test_rating_is_pure_and_deterministic(book, told):
    """Rating changes nothing that it is given, and says the same when asked again."""
    register = Register(book)
    for one in told[:-1]:
        register.do(**one)
    own, before = facts(deed="d-99", **told[-1]), deepcopy(register.history)
    asked = book, book.rule(own.rule), own, Verdict(), register.history, SHANGHAI

    first, again = rate(*asked), rate(*asked)

    assert first == again
    assert before == register.history


@FEW
@given(rich_books(), st.lists(rich_deeds(), min_size=1, max_size=6))
def test_steps_replayed_give_the_award(book, told):
    """Each step begins with what the last one left of its kind, and the last is the award."""
    register = Register(book)

    for one in told:
        award = register.do(**one)

        assert isinstance(award, Award)
        replayed = {part.unit: 0 for part in award.parts}
        for step in award.steps:
            if step.code in ("void", "barred", "limit_times"):
                replayed = dict.fromkeys(replayed, 0)
            elif "points" in step.facts:
                unit = point_unit(step.facts["kind"])
                assert step.facts.get("before", replayed[unit]) == replayed[unit]
                replayed[unit] = step.facts["points"]
        assert replayed == {part.unit: part.points for part in award.parts}


@FEW
@given(rich_books(), st.lists(rich_deeds(), max_size=6))
def test_signs(book, told):
    """Good deeds never take points and deductions never give any; nothing waits below zero."""
    register = Register(book)

    for one in told:
        award = register.do(**one)

        assert isinstance(award, Award)
        taking = -1 if one["rule"] == "bad" else 1
        assert all(part.points * taking >= 0 for part in award.parts)
        assert all(waiting > 0 for waiting in award.waiting.values())
        assert award.times in (0, 1)


@FEW
@given(st.one_of(
    st.builds(Validity, after=spans),
    st.builds(Validity, at_end_of=st.sampled_from(["day", "week", "month", "quarter", "year"]),
              extra=st.one_of(st.none(), spans)),
    st.builds(lambda span: Validity(by_size=(Size(to=D(10), after=span),)), spans)),
    days, st.integers(0, 60), st.integers(0, 9), st.integers(1, 12),
    st.sampled_from(["notice_end", "deed_day", "confirm_day"]))
def test_later_award_never_expires_earlier(validity, day, later, notice, amount, starts):  # bug 17
    """Of two equal awards the later one lasts at least as long."""
    book = rulebook(rule(points(5)), validity=validity, notice_days=notice, starts_on=starts)
    found = [lot_dates(book, book.rule("deed"), Kind(), facts(on=on), amount, SHANGHAI)
             for on in (day, day + timedelta(days=later))]

    assert found[0].ends_at <= found[1].ends_at <= NEVER
    assert found[0].available_at <= found[1].available_at


@FEW
@given(st.one_of(st.decimals(D(-10**12), D(0)), st.decimals(D(10**9) + 1, D(10**12)),
                 st.decimals(D("0.0000001"), D("0.0000009"), places=7)))
def test_odd_quantities_are_refused(quantity):  # bug 30
    """No quantity of zero, below zero, beyond bounds or finer than a millionth makes points."""
    award = Register(rulebook(rule(hours(1)))).do(hour=quantity)

    assert isinstance(award, Refusal)
    assert "amount_range" == award.code


@FEW
@given(st.fractions(0, 1000), st.integers(0, 2))
def test_rounding_is_within_one_part(value, decimals):
    """Down never gives more, up never less, half-up the nearest."""
    down, near, up = (smallest_parts(value, decimals, rounding)
                      for rounding in ("down", "half-up", "up"))
    exact = value * 10**decimals

    assert down <= exact <= up <= down + 1
    assert abs(near - exact) <= Fraction(1, 2)


@FEW
@given(st.lists(st.sampled_from(["li", "wang", "chen"]), min_size=1, max_size=4, unique=True),
       st.integers(0, 30), st.integers(1, 20), pers)
def test_joint_doers_stay_below_a_cap_together(people, most, worth, per):  # bug 37
    """Joint doers who share a cap never get more than it between them."""
    homes = {"li": "h1", "wang": "h1", "chen": "h2"}
    register = Register(rulebook(rule(points(worth)), limits=(limit(most, per=per),)))

    found = register.together("deed", [
        {"doer": doer, "household": homes[doer], "holder": homes[doer], "area": "g"}
        for doer in people])

    shared = {"resident": people, "household": [homes[one] for one in people],
              "holder": [homes[one] for one in people]}.get(per, ["all"] * len(people))
    for whose in set(shared):
        assert most >= sum(amount for amount, owner in zip(found, shared, strict=True)
                           if owner == whose)


@FEW
@given(quantities)
def test_credit_counts_what_was_rated(quantity):
    """The award's quantity in millionths is the quantity that was counted."""
    award = Register(rulebook(rule(hours(1)))).do(hour=quantity)

    assert int(quantity * 10**6) == award.quantity
    assert int(quantity) == credited(award)


def test_memory_history_leaves_out_the_part_that_is_decided():
    """The fake past keeps the promise of a real one."""
    register = Register(rulebook(rule(points(4)), limits=(limit(6),)))
    register.do(deed="d-1")

    again = register.points(deed="d-1")

    assert 4 == again
    assert isinstance(register.history, MemoryHistory)
