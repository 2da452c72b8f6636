"""What other doers and other deeds change: shares, first reports, streaks, repetition."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lovepoints.core.deeds import Verdict
from lovepoints.core.rulebook import Deduction, First, Repeat, Stage, Streak
from lovepoints.core.terms import Kind
from lovepoints.core.values import Span
from tests.core.fakes import (
    SHANGHAI,
    MemoryHistory,
    Register,
    credited,
    hours,
    limit,
    points,
    rule,
    rulebook,
    step_codes,
)

D = Decimal


def register(*rules, history=None, **terms) -> Register:
    """A register of these rules."""
    return Register(rulebook(*rules, **terms), history or MemoryHistory())


# --- bounds, shares, order of reports

@pytest.mark.parametrize(("quantity", "expected"), [("1", 3), ("5", 5), ("20", 12)])
def test_least_and_most_per_deed(quantity, expected):
    """Any accepted task earns at least 3, and at most 12."""
    award = register(rule(hours(1), least=D(3), most=D(12))).do(hour=quantity)

    assert expected == credited(award)


@pytest.mark.parametrize(("weights", "doers", "expected"), [
    ((), 3, [10, 10, 10]),
    ((60, 20, 20), 3, [6, 2, 2]),
    ((60, 20, 20), 1, [10]),
    ((60, 20, 20), 2, [8, 2]),
    ((5, 1, 1), 3, [7, 2, 1]),
    ((1,), 3, [4, 3, 3]),
    ((1, 0), 3, [10, 0, 0]),
])
def test_shares_of_joint_doers(weights, doers, expected):
    """Without weights everybody has the whole; with weights the shares make exactly the whole."""
    people = [{"doer": f"p{number}"} for number in range(doers)]

    found = register(rule(points(10), weights=weights)).together("deed", people)

    assert expected == found


def test_share_is_explained():
    """The step says how many did it, which of them this is, and what there was to share."""
    book = register(rule(points(10), weights=(60, 20, 20)))

    award = book.do(position=1, doers=3)

    assert {"kind": "point", "before": 10, "points": 2, "position": 2, "doers": 3} == (
        award.steps[-1].facts)


@pytest.mark.parametrize(("later", "days", "expected"), [
    (0, ["2026-03-01", "2026-03-02"], [5, 0]),
    (1, ["2026-03-01", "2026-03-31", "2026-05-15"], [5, 1, 5]),
    (9, ["2026-03-01", "2026-03-02"], [5, 5]),
    # A later report does not prolong the time of the first one.
    (1, ["2026-03-01", "2026-03-20", "2026-04-02", "2026-05-02"], [5, 1, 5, 1]),
])
def test_later_reporters(later, days, expected):
    """Only the first of many reporters is paid in full; later ones get what the rule leaves."""
    first = First(same=("place",), within=Span(30, "day"), later=D(later))
    book = register(rule(points(5), first=first))

    found = [book.points(on=day, doer=f"p{number}", same={"place": "stairs"})
             for number, day in enumerate(days)]

    assert expected == found


def test_another_place_is_another_thing():
    """Reports of other places, and reports without one, are not compared."""
    book = register(rule(points(5), first=First()))

    found = [book.points(same=same) for same in ({"place": "a"}, {"place": "b"}, {})]

    assert [5, 5, 5] == found


def test_later_reporter_still_counts_as_done():
    """A later report is thanked with what is left, and is on record."""
    kinds = (Kind(), Kind(code="hours", credited=False))
    first = First(later=D(1))
    book = register(rule(points(5), also={"hours": points(2)}, first=first), kinds=kinds)
    book.do(doer="a", same={"place": "x"})

    award = book.do(doer="b", same={"place": "x"})

    assert (1, 0, 1) == (credited(award), credited(award, "hours"), award.times)
    assert ["reported_before", "reported_before"] == step_codes(award)[2:]
    assert {"kind": "point", "before": 5, "points": 1, "lost": 4, "within": "30 days"} == (
        award.steps[2].facts)


# --- streaks

@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [0, 1, 3, 4, 2]])
def test_five_days_in_a_row(order):
    """Five days in a row add 2, whatever the order in which they are confirmed."""
    book = register(rule(points(1), streak=Streak(length=5, points=D(2))))

    found = sum(book.points(on=date(2026, 3, 1 + day)) for day in order)

    assert 7 == found


@pytest.mark.parametrize("length", [33, 34, 65])
def test_a_long_run_counts_each_day_once(length):
    """The first of so many days comes last, and makes the run whole."""
    book = register(rule(points(1), streak=Streak(length=length, points=D(2))))
    days = [date(2026, 3, 1) + timedelta(days=day) for day in range(length)]

    found = [book.points(on=day) for day in (*days[1:], days[0])]

    assert [*[1] * (length - 1), 3] == found


@pytest.mark.parametrize(("each", "days", "expected"), [
    ("day", ["2026-03-01", "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"],
     [1, 1, 3, 1, 3]),
    ("week", ["2026-03-02", "2026-03-10", "2026-03-11", "2026-03-25"], [1, 3, 1, 1]),
    ("month", ["2025-12-31", "2026-01-01", "2026-03-01", "2026-02-01"], [1, 3, 1, 3]),
])
def test_runs(each, days, expected):
    """After a bonus the run starts anew; a second deed on one day is not a second day."""
    book = register(rule(points(1), streak=Streak(length=2, each=each, points=D(2))))

    found = [book.points(on=day) for day in days]

    assert expected == found


def test_stages_on_one_day_make_one_bonus():
    """A later stage of the same deed adds no second bonus."""
    stages = (Stage(code="a", points=points(1)), Stage(code="b", points=points(1)))
    book = register(rule(stages=stages, streak=Streak(length=2, points=D(2))))
    book.do(on="2026-03-06", verdict=Verdict(stage="a"), deed="d-0")

    found = [book.points(verdict=Verdict(stage=stage), deed="d-1") for stage in ("a", "b")]

    assert [3, 1] == found


# --- deductions

def test_deduction():
    """A deduction says what is due, how it is announced and where to appeal."""
    taking = rule(points(10), clause="第九条",
                  deduction=Deduction(notice_days=3, appeal="村委会", floor="debt"))

    award = register(taking).do(on="2026-03-07")

    assert -10 == credited(award)
    assert SHANGHAI.start_of(date(2026, 3, 11)) == award.parts[0].available_at
    assert {"kind": "point", "before": 10, "points": -10, "floor": "debt", "notice_days": 3,
            "appeal": "村委会"} == award.steps[-1].facts


@pytest.mark.parametrize(("repeat", "days", "expected"), [
    (Repeat(within=Span(1, "year")), ["2026-01-01", "2026-05-01", "2026-09-01"], [-4, -8, -8]),
    (Repeat(on="last"), ["2026-01-01", "2026-05-01", "2026-09-01"], [-4, -8, -16]),
    (Repeat(within=Span(30, "day")), ["2026-01-01", "2026-01-31", "2026-03-15"], [-4, -8, -4]),
    (Repeat(factor=D("1.5")), ["2026-01-01", "2026-05-01"], [-4, -6]),
])
def test_repeated_deduction(repeat, days, expected):
    """Again within the span a deduction is multiplied, from the original or the last amount."""
    taking = rule(points(4), deduction=Deduction(notice_days=0, appeal="村委会", repeat=repeat))
    book = register(taking)

    found = [book.points(on=day) for day in days]

    assert expected == found


def test_repetition_is_explained():
    """The step names the factor, the span, and how many came before."""
    terms = Deduction(notice_days=0, appeal="村委会", repeat=Repeat(factor=D("1.5")))
    book = register(rule(points(5), deduction=terms))
    book.do()

    award = book.do()

    assert "repeated" == award.steps[1].code
    assert {"kind": "point", "before": 5, "points": 7, "factor": "1.5", "earlier": 1,
            "within": "1 year"} == award.steps[1].facts


@pytest.mark.parametrize(("per", "expected"), [("rule", [-4, -6, -8]), ("group", [-4, -12, -8])])
def test_repetition_by_rule_or_group(per, expected):
    """What counts as the same offence is the rule, or all deductions of its group."""
    terms = Deduction(notice_days=0, appeal="村委会", repeat=Repeat(per=per))
    book = register(rule(points(4), "a", group="order", deduction=terms),
                    rule(points(6), "b", group="order", deduction=terms))

    found = [book.points(code) for code in ("a", "b", "a")]

    assert expected == found


def test_an_offence_of_another_group_is_another_one():
    """Whoever parked badly is not fined twice for noise."""
    terms = Deduction(notice_days=0, appeal="村委会", repeat=Repeat(per="group"))
    book = register(rule(points(4), "parking", group="order", deduction=terms),
                    rule(points(6), "noise", group="peace", deduction=terms))

    found = [book.points(code) for code in ("parking", "noise")]

    assert [-4, -6] == found


def test_limit_on_deductions():
    """A limit that names a deduction bounds what is taken, and good deeds do not count for it."""
    taking = rule(points(4), "bad", deduction=Deduction(notice_days=0, appeal="村委会"))
    book = register(taking, rule(points(9), "good"), limits=(
        limit(6, code="bad", rules=("bad", "good")), limit(9, code="all")))

    found = [book.points(code) for code in ("good", "bad", "bad", "good")]

    assert [6, -4, -2, 0] == found
