"""How a rating chooses points, fills kinds of points, dates them and lets them wait."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lovepoints.core.deeds import Award, Verdict
from lovepoints.core.points import Graded, PerUnit, Ranged
from lovepoints.core.rating.rate import rate_waiting
from lovepoints.core.rulebook import Deduction, Stage, Variant
from lovepoints.core.terms import Ceiling, Kind, Range, Validity
from lovepoints.core.values import NEVER, Span
from lovepoints.errors import Code
from tests.core.fakes import (
    SHANGHAI,
    TENTHS,
    MemoryHistory,
    Register,
    credited,
    facts,
    hours,
    limit,
    points,
    refused,
    rule,
    rulebook,
    step_codes,
)

D = Decimal


def register(*rules, history=None, **terms) -> Register:
    """A register of these rules."""
    return Register(rulebook(*rules, **terms), history or MemoryHistory())


# --- which points

_BANDS_BY_COHORT = (
    Variant(points=points(8), where={"cohort": ("A",)}, until=date(2026, 3, 31), clause="A1"),
    Variant(points=points(3), where={"cohort": ("A",)}, since=date(2026, 4, 1),
            until=date(2026, 6, 30)),
    Variant(points=points(8), where={"cohort": ("B",)}, until=date(2026, 4, 30)),
)


@pytest.mark.parametrize(("cohort", "day", "expected"), [
    ("A", "2026-03-31", 8),
    ("A", "2026-04-01", 3),
    ("A", "2026-06-30", 3),
    ("B", "2026-04-30", 8),
    ("A", "2026-07-01", Code.RULE_NOT_IN_FORCE),
    ("C", "2026-03-01", Code.PRECONDITION_MISSING),
    (None, "2026-03-01", Code.FACT_MISSING),
])
def test_date_bands_by_cohort(cohort, day, expected):
    """Other points for other groups and days, both ends included; a gap is told, never guessed."""
    attributes = {"cohort": cohort} if cohort else {}

    award = register(rule(variants=_BANDS_BY_COHORT)).do(on=day, attributes=attributes)

    assert expected == (credited(award) if isinstance(award, Award) else award.code)


def test_variant_names_its_clause():
    """The step of a variant cites the variant's own clause."""
    award = register(rule(variants=_BANDS_BY_COHORT, clause="第五条")).do(
        attributes={"cohort": "A"})

    assert "A1" == award.steps[0].clause


def test_rule_is_the_rest_of_its_variants():
    """What fits no variant gets the rule's own points."""
    elder = Variant(points=points(9), where={"age": Range(from_=D(60))})
    rated = register(rule(points(5), variants=(elder,)))

    found = [rated.points(attributes=attributes) for attributes in ({"age": 60}, {"age": 59}, {})]

    assert [9, 5, 5] == found


@pytest.mark.parametrize(("stage", "expected"), [
    ("reported", 1), ("true", 5), ("", Code.CHOICE_NEEDED), ("late", Code.AMOUNT_NOT_BY_RULE),
])
def test_stages(stage, expected):
    """A verdict names the stage whose points are paid."""
    stages = (Stage(code="reported", points=points(1)), Stage(code="true", points=points(5)))

    award = register(rule(stages=stages)).do(verdict=Verdict(stage=stage))

    assert expected == (credited(award) if isinstance(award, Award) else award.code)


def test_stage_of_a_rule_without_stages():
    """A stage that the rule does not know is refused."""
    award = register(rule(points(1))).do(verdict=Verdict(stage="true"))

    assert Code.AMOUNT_NOT_BY_RULE == refused(award)


def test_day_before_the_rulebook():
    """A rulebook rates nothing that counts before its first day."""
    award = register(rule(points(1)), effective=date(2026, 1, 1)).do(on="2025-12-31")

    assert Code.RULE_NOT_IN_FORCE == refused(award)


def test_void():
    """A mark that makes a deed worth nothing leaves an award of zero that does not count."""
    book = register(rule(points(5), clause="第八条", void={"complaint": (True,), "late": (True,)}))

    award = book.do(attributes={"late": True})

    assert ["void"] == step_codes(award)
    assert (0, 0, "第八条") == (credited(award), award.times, award.steps[0].clause)


@pytest.mark.parametrize(("attributes"), [{}, {"complaint": False}])
def test_without_a_mark_nothing_is_void(attributes):
    """A mark that is absent or says no changes nothing."""
    award = register(rule(points(5), void={"complaint": (True,)})).do(attributes=attributes)

    assert 5 == credited(award)


# --- several kinds

def test_plain_points_go_to_credited_kinds():
    """Plain points go to the first kind and to all credited ones; `also` has its own points."""
    kinds = (Kind(code="point", credited=False), Kind(code="honour"),
             Kind(code="hours", credited=False), Kind(code="gift", credited=False))
    book = register(
        rule(points(5), also={"hours": hours(1)}), rule(points(7), "named", kinds=("gift",)),
        kinds=kinds)

    plain, named = book.do(hour="2"), book.do("named")

    assert [("point", 5), ("point:honour", 5), ("point:hours", 2)] == [
        (part.unit, part.points) for part in plain.parts]
    assert [("point:gift", 7)] == [(part.unit, part.points) for part in named.parts]


def test_rule_of_further_kinds_only():
    """A rule may speak of further kinds alone."""
    kinds = (Kind(), Kind(code="hours", credited=False))

    award = register(rule(also={"hours": hours(1)}), kinds=kinds).do(hour="2")

    assert [("point:hours", 2)] == [(part.unit, part.points) for part in award.parts]
    assert 2_000_000 == award.quantity


def test_kinds_have_their_own_decimals():
    """Each kind rounds the same exact worth by itself."""
    kinds = (TENTHS, Kind(code="honour"))

    award = register(rule(hours(1)), kinds=kinds).do(hour="1.57")

    assert (15, 1) == (credited(award), credited(award, "honour"))


# --- bars and ceilings

@pytest.mark.parametrize(("day", "expected"), [("2026-03-31", 0), ("2026-04-01", 5)])
def test_bar_on_earning(day, expected):
    """While a bar lasts a deed is on record with nothing."""
    history = MemoryHistory(barred={"li": date(2026, 3, 31)})

    award = register(rule(points(5)), history=history).do(on=day)

    assert expected == credited(award)
    assert (expected > 0) == bool(award.times)


def test_bar_does_not_stop_a_deduction():
    """Who may not earn can still lose points."""
    history = MemoryHistory(barred={"li": date(2026, 12, 31)})
    taking = rule(points(5), deduction=Deduction(notice_days=0, appeal="村委会"))

    assert -5 == register(taking, history=history).points()


@pytest.mark.parametrize(("overflow", "expected", "gift", "waiting"), [
    ("lost", 4, 0, {}),
    ("refuse", 0, 0, {}),
    ("queue", 4, 0, {"point": 6}),
    ("gift", 4, 6, {}),
])
def test_ceiling(overflow, expected, gift, waiting):
    """Ceiling 400: 396 + 10 credits 4; the other 6 go where the rulebook says."""
    kinds = (Kind(ceiling=Ceiling(points=D(400), overflow=overflow)),
             Kind(code="gift", credited=False, spendable=False))
    history = MemoryHistory(balances={("li", "point"): 396})

    award = register(rule(points(10)), kinds=kinds, history=history).do()

    assert (expected, gift) == (credited(award), credited(award, "gift"))
    assert waiting == award.waiting
    assert 1 == award.times


def test_passbook_above_its_ceiling():
    """A balance that lies above a new ceiling takes nothing more, and loses nothing."""
    kinds = (Kind(ceiling=Ceiling(points=D(400))),)
    history = MemoryHistory(balances={("li", "point"): 500})

    assert 0 == register(rule(points(10)), kinds=kinds, history=history).points()


def test_overflow_in_a_circle_is_lost_at_the_end():
    """Two full kinds that flow into each other do not go round for ever."""
    kinds = (Kind(ceiling=Ceiling(points=D(5), overflow="gift")),
             Kind(code="gift", ceiling=Ceiling(points=D(3), overflow="point"), credited=False))

    award = register(rule(points(10)), kinds=kinds).do()

    assert (5, 3) == (credited(award), credited(award, "gift"))
    assert ["fixed", "ceiling_overflow", "overflow_taken", "ceiling_lost"] == step_codes(award)


# --- dates, waiting

def test_dates_of_an_award():
    """Points can be spent after the notice and last as long as the rulebook says."""
    book = register(rule(points(5)), notice_days=5, validity=Validity(after=Span(12, "month")))

    award = book.do(on="2026-03-01")

    assert SHANGHAI.start_of(date(2026, 3, 7)) == award.parts[0].available_at
    assert SHANGHAI.end_of(date(2027, 3, 7)) == award.parts[0].ends_at
    assert ["fixed", "usable_from", "valid_until"] == step_codes(award)


def test_award_that_is_over_when_it_comes():
    """Points whose validity ran from the deed and is over say so."""
    book = register(rule(points(5)), starts_on="deed_day", validity=Validity(after=Span(5, "day")))

    award = book.do(on="2026-03-01", decided_on=date(2026, 4, 1))

    assert ["fixed", "already_over"] == step_codes(award)


def test_nothing_has_no_dates():
    """An amount of zero opens no lot."""
    award = register(rule(points(0)), notice_days=5).do()

    assert [(0, NEVER)] == [(part.available_at, part.ends_at) for part in award.parts]


def test_waiting_points_are_paid_when_there_is_room():
    """The rest of a queue is paid in a later period, as far as its room goes."""
    book = rulebook(rule(points(10)), limits=(
        limit(6, per="community", each="month", crossing="queue"),))
    history = MemoryHistory()
    april = facts(counts_on=date(2026, 4, 1), decided_on=date(2026, 4, 1))

    paid = rate_waiting(book, book.rule("deed"), april, {"point": 10}, history, SHANGHAI)

    assert (6, {"point": 4}, 0) == (credited(paid), paid.waiting, paid.times)


def test_waiting_points_find_a_full_passbook():
    """No limit and no ceiling is passed by having waited."""
    book = rulebook(rule(points(10)), kinds=(Kind(ceiling=Ceiling(points=D(7), overflow="queue")),))
    history = MemoryHistory(balances={("li", "point"): 7})

    paid = rate_waiting(book, book.rule("deed"), facts(), {"point": 3}, history, SHANGHAI)

    assert (0, {"point": 3}) == (credited(paid), paid.waiting)
    assert ["still_waiting"] == step_codes(paid)


@pytest.mark.parametrize(("used", "expected", "times"), [(0, 10, 1), (1, 0, 0)])
def test_deed_that_waited_for_its_turn(used, expected, times):
    """A deed that a limit in times put off counts when it is paid."""
    book = rulebook(rule(points(10)), limits=(limit(1, of="times", crossing="queue"),))
    register_ = Register(book)
    for _ in range(used):
        register_.do()

    paid = rate_waiting(book, book.rule("deed"), facts(deed="d-9"), {"point": 10},
                        register_.history, SHANGHAI, counted=False)

    assert (expected, times) == (credited(paid), paid.times)


# --- verdicts that do not fit

@pytest.mark.parametrize(("form", "verdict"), [
    (points(5), Verdict(points=D(5))),
    (points(5), Verdict(grades=("minor",))),
    (PerUnit(per="hour", value=D(1)), Verdict(points=D(1))),
    (Graded(values={"minor": D(2)}), Verdict(grades=("minor",), points=D(2))),
    (Ranged(from_=D(1), to=D(3)), Verdict(points=D(2), reason=True, grades=("minor",))),
])
def test_verdict_says_more_than_the_rule_leaves(form, verdict):
    """Points and grades where the rule leaves no choice are refused."""
    award = register(rule(form)).do(verdict=verdict, hour="1")

    assert Code.AMOUNT_NOT_BY_RULE == refused(award)
