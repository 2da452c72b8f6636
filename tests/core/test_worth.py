"""One table a form of points: what is given, and what the deed is worth."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lovepoints.core.deeds import Award, Refusal, Verdict
from lovepoints.core.points import (
    Band,
    Bands,
    Further,
    Graded,
    PerUnit,
    Ranged,
    Thresholds,
    Tier,
    Tiers,
)
from lovepoints.core.rating.worth import counted_quantity, stepped, to_steps
from lovepoints.core.terms import Kind
from lovepoints.errors import Code
from tests.core.fakes import (
    HUNDREDTHS,
    TENTHS,
    Register,
    credited,
    hours,
    points,
    refused,
    rule,
    rulebook,
    step_codes,
)

D = Decimal


def one(form, *, kind=None, verdict=None, quantities=None, **terms):
    """Rate one deed by one form of points."""
    book = rulebook(rule(form, **terms), kinds=(kind or Kind(),))
    return Register(book).do(verdict=verdict, quantities=quantities or {})


@pytest.mark.parametrize(("value", "kind", "expected"), [
    ("5", Kind(), 5),
    ("0", Kind(), 0),
    ("2.5", Kind(), 2),
    ("2.5", Kind(rounding="half-up"), 3),
    ("2.1", Kind(rounding="up"), 3),
    ("2.55", TENTHS, 25),
    ("0.25", HUNDREDTHS, 25),
])
def test_fixed(value, kind, expected):
    """Fixed points are the same for every deed, rounded once in the way of the kind."""
    award = one(points(value), kind=kind)

    assert expected == credited(award)


@pytest.mark.parametrize(("grades", "expected"), [
    (("smile", "smile", "smile"), 15),
    (("smile", "blank", "cry"), 7),
    (("cry", "cry", "cry"), 0),
])
def test_graded_parts(grades, expected):
    """A rule with three parts adds three grades up."""
    faces = Graded(values={"smile": D(5), "blank": D(2), "cry": D(0)})

    award = one(faces, parts=3, verdict=Verdict(grades=grades))

    assert expected == credited(award)
    assert 1 == award.times


@pytest.mark.parametrize(("grades", "code"), [
    ((), Code.FACT_MISSING),
    (("huge",), Code.AMOUNT_NOT_BY_RULE),
    (("minor", "minor"), Code.AMOUNT_NOT_BY_RULE),
])
def test_grade_that_the_rule_does_not_know(grades, code):
    """A missing grade, an unknown one and one too many are refused, never guessed."""
    award = one(Graded(values={"minor": D(2)}), verdict=Verdict(grades=grades))

    assert code == refused(award)


@pytest.mark.parametrize(("said", "reason", "expected"), [
    ("4", True, 4),
    ("12", True, 12),
    ("3", True, Code.AMOUNT_NOT_BY_RULE),
    ("13", True, Code.AMOUNT_NOT_BY_RULE),
    ("4.5", True, Code.AMOUNT_NOT_BY_RULE),
    ("8", False, Code.REASON_NEEDED),
    (None, True, Code.CHOICE_NEEDED),
])
def test_ranged(said, reason, expected):
    """Within a range the confirmer decides with a reason; both bounds are included."""
    verdict = Verdict(points=None if said is None else D(said), reason=reason)

    award = one(Ranged(from_=D(4), to=D(12)), verdict=verdict)

    assert expected == (award.code if isinstance(award, Refusal) else credited(award))


@pytest.mark.parametrize(("form", "quantity", "kind", "expected"), [
    (hours(2), "3", Kind(), 6),
    (hours(1), "1.5", Kind(), 1),
    (hours(1), "1.5", TENTHS, 15),
    (hours(2, step=D("0.5")), "1.75", Kind(), 3),
    (hours(2, step=D("1")), "1.99", Kind(), 2),
    (hours(2, step=D("1"), round="half-up"), "1.5", Kind(), 4),
    (hours(2, step=D("1"), round="up"), "1.01", Kind(), 4),
    (hours("0.5", step=D("2")), "5", Kind(), 2),
])
def test_per_unit(form, quantity, kind, expected):
    """Points for each unit; the quantity is cut to its steps first, the points rounded once."""
    award = one(form, kind=kind, quantities={"hour": quantity})

    assert expected == credited(award)


def test_batteries_by_the_kilogram():  # bug 28
    """Seven times 1 kg at 0.25 a kilogram are exactly 1.75, without floats."""
    form = PerUnit(per="kg", value=D("0.25"))
    register = Register(rulebook(rule(form), kinds=(HUNDREDTHS,)))

    total = sum(register.points(quantities={"kg": 1}) for _ in range(7))

    assert 175 == total


def test_points_per_yuan_are_not_paid_per_fen():  # bug 55
    """A rule per yuan reads the quantity in yuan; nobody can hand it fen by another name."""
    form = PerUnit(per="yuan", value=D(1))

    in_yuan = one(form, quantities={"yuan": "12.34"})
    in_fen = one(form, quantities={"fen": "1234"})

    assert 12 == credited(in_yuan)
    assert Code.FACT_MISSING == refused(in_fen)


@pytest.mark.parametrize(("carry", "expected"), [(None, [1, 1, 0]), ("year", [1, 2, 0])])
def test_carried_remainder(carry, expected):
    """What is under a whole hour is lost, or carried to the next deed of the period."""
    register = Register(rulebook(rule(hours(1, step=D(1), carry=carry))))

    found = [register.points(hour=quantity) for quantity in ("1.5", "1.5", "0.5")]

    assert expected == found


_BANDS = (
    Band(to=D(100), value=D(1), per=D(10)),
    Band(to=D(500), value=D(1), per=D(50)),
    Band(value=D(1), per=D(100)),
)


@pytest.mark.parametrize(("amount", "progressive", "whole"), [
    ("100", 10, 10), ("150", 11, 3), ("500", 18, 10), ("1000", 23, 10), ("9", 0, 0),
])
def test_bands(amount, progressive, whole):
    """Progressive bands value each part of an amount, whole ones all of it; bounds lie below."""
    found = [credited(one(Bands(of="yuan", bands=_BANDS, mode=mode), quantities={"yuan": amount}))
             for mode in ("progressive", "whole")]

    assert [progressive, whole] == found


@pytest.mark.parametrize(("included", "amount", "expected"), [
    (True, "10", 1), (False, "10", 2), (False, "9", 1), (True, "11", 2),
])
def test_bound_of_a_band(included, amount, expected):
    """A bound belongs to the band below it, or to the one above if the rulebook says so."""
    bands = (Band(to=D(10), to_included=included, value=D(1)), Band(value=D(2)))

    award = one(Bands(of="yuan", bands=bands, mode="whole"), quantities={"yuan": amount})

    assert expected == credited(award)


def test_left_out_bound_counts_in_progressive_bands():
    """An amount of exactly a bound that the lower band leaves out reaches the next band."""
    bands = (Band(to=D(10), to_included=False, value=D(1)), Band(value=D(2)))

    award = one(Bands(of="yuan", bands=bands), quantities={"yuan": "10"})

    assert 3 == credited(award)


def test_thirds_add_up_exactly():
    """A third and two thirds of a point make one point and not 0.9999."""
    bands = (Band(to=D(1), value=D(1), per=D(3)), Band(value=D(1), per=D(3)))

    award = one(Bands(of="kg", bands=bands), quantities={"kg": "3"})

    assert 1 == credited(award)
    assert ["bands"] == step_codes(award)


@pytest.mark.parametrize(("amount", "expected"), [("99.99", 0), ("100", 5), ("250", 10)])
def test_every_full_hundred(amount, expected):
    """With a step only full hundreds of an amount count."""
    form = Bands(of="yuan", step=D(100), bands=(Band(value=D(5), per=D(100)),))

    award = one(form, quantities={"yuan": amount})

    assert expected == credited(award)


@pytest.mark.parametrize(("amount", "included", "expected"), [
    ("10", True, 1), ("11", True, Code.AMOUNT_NOT_BY_RULE),
    ("9", False, 1), ("10", False, Code.AMOUNT_NOT_BY_RULE),
])
def test_amount_beyond_the_last_band_has_no_value_as_a_whole(amount, included, expected):
    """Where the rulebook leaves an amount open, nobody guesses."""
    bands = (Band(to=D(10), value=D(1), to_included=included),)

    award = one(Bands(of="yuan", bands=bands, mode="whole"), quantities={"yuan": amount})

    assert expected == (award.code if isinstance(award, Refusal) else credited(award))


def test_progressive_bands_end_with_the_last():
    """Beyond a last bound progressive bands add nothing more."""
    form = Bands(of="yuan", bands=(Band(to=D(10), value=D(1), per=D(1)),))

    award = one(form, quantities={"yuan": "25"})

    assert 10 == credited(award)


_TIERS = (Tier(at=D(6), value=D(3)), Tier(at=D(15), value=D(8)), Tier(at=D(40), value=D(20)))


@pytest.mark.parametrize(("mode", "quantities", "expected"), [
    ("highest", ["6", "9", "25"], [3, 5, 12]),
    ("highest", ["5", "1", "1"], [0, 3, 0]),
    ("highest", ["40"], [20]),
    ("add", ["6", "9", "25"], [3, 8, 20]),
    ("add", ["40"], [31]),
])
def test_tiers_on_a_running_total(mode, quantities, expected):
    """Passing 15 hours after 6 posts the difference, or the tier's own value where they add."""
    register = Register(rulebook(rule(Tiers(of="hour", tiers=_TIERS, mode=mode))))

    found = [register.points(hour=quantity) for quantity in quantities]

    assert expected == found


def test_tier_above_its_bound_only():
    """A tier whose bound is left out begins just above it."""
    tiers = (Tier(at=D(6), value=D(3), at_included=False),)
    register = Register(rulebook(rule(Tiers(of="hour", tiers=tiers))))

    found = [register.points(hour=quantity) for quantity in ("6", "0.1")]

    assert [0, 3] == found


def test_tiers_begin_anew_each_year():
    """The running total is that of the period, by the counting day."""
    register = Register(rulebook(rule(Tiers(of="hour", tiers=_TIERS))))

    found = [register.points(hour="6", on=on) for on in ("2026-12-31", "2027-01-01")]

    assert [3, 3] == found


def test_tier_after_a_withdrawn_deed_makes_up_the_difference():
    """When an earlier deed is taken back, the next increment does not pay a tier twice."""
    register = Register(rulebook(rule(Tiers(of="hour", tiers=_TIERS))))
    register.do(hour="6")
    register.do(hour="9")
    register.history.rows.pop(0)

    found = register.points(hour="6")

    assert 3 == found


_WALK = Thresholds(
    at_least={"minute": D(25), "metre": D(800)}, value=D(3),
    further=(Further(of="metre", each=D(300), value=D(1)),),
)


@pytest.mark.parametrize(("minutes", "metres", "expected"), [
    ("25", "800", 3), ("24", "5000", 0), ("60", "799", 0), ("25", "1099", 3), ("25", "1100", 4),
    ("30", "1700", 6),
])
def test_thresholds(minutes, metres, expected):
    """At least 25 minutes and 800 metres give 3, then 1 for each full 300 metres."""
    award = one(_WALK, quantities={"minute": minutes, "metre": metres})

    assert expected == credited(award)


@pytest.mark.parametrize("quantity", ["0", "-1", "1000000001", "0.0000001"])
def test_odd_quantities_make_no_points(quantity):  # bug 30
    """Zero, negative, huge and all too fine quantities are refused."""
    award = one(hours(1), quantities={"hour": quantity})

    assert Code.AMOUNT_RANGE == refused(award)


def test_worth_beyond_all_bounds_is_refused():
    """No award is larger than a posting can be."""
    award = one(hours("999999999"), quantities={"hour": "999999999"})

    assert Code.AMOUNT_RANGE == refused(award)


def test_remainder_is_shown():
    """What rounding drops stands in a step of its own."""
    award = one(hours("1.5"), quantities={"hour": "1.5"})

    assert isinstance(award, Award)
    assert ["per_unit", "rounded_down"] == step_codes(award)
    assert {"kind": "point", "points": 2, "exact": "2.25", "rest": "0.25"} == award.steps[1].facts


@pytest.mark.parametrize(("form", "name", "counted"), [
    (hours(1, step=D(1)), "hour", D(1)),
    (hours(1, step=D(1), carry="year"), "hour", D("1.7")),
    (Bands(of="hour", bands=_BANDS, step=D("0.5")), "hour", D("1.5")),
    (Tiers(of="hour", tiers=_TIERS), "hour", D("1.7")),
    (_WALK, "minute", D("1.7")),
    (points(5), "", D("1.7")),
    (None, "", D("1.7")),
])
def test_counted_quantity(form, name, counted):
    """Limits and totals count the quantity of the form, cut to its steps unless it is carried."""
    assert name == counted_quantity(form)
    assert counted == stepped(form, D("1.7"))


def test_thresholds_without_a_first_bound_count_what_goes_on():
    """Without thresholds the quantity of the further steps counts."""
    form = Thresholds(at_least={}, value=D(0), further=(Further(of="kg", each=D(1), value=D(2)),))

    assert "kg" == counted_quantity(form)
    assert 6 == credited(one(form, quantities={"kg": "3.9"}))


def test_without_a_step_nothing_is_cut():
    """No step leaves a quantity as it is."""
    assert D("1.7") == to_steps(D("1.7"), None)
