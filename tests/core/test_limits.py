"""Caps, once-rules and budgets: who counts, over which days, and what happens to the rest."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lovepoints.core.deeds import Award, Verdict
from lovepoints.core.points import Ranged
from lovepoints.core.rating.limits import Room
from lovepoints.core.rulebook import Stage
from lovepoints.core.terms import Kind, Limit
from lovepoints.core.values import Span
from lovepoints.errors import Code
from tests.core.fakes import (
    Register,
    credited,
    hours,
    limit,
    points,
    refused,
    rule,
    rulebook,
    step_codes,
)

D = Decimal


def capped(*limits: Limit, form=None, more=(), **terms) -> Register:
    """A register of one rule worth 4 points under these limits."""
    return Register(rulebook(rule(form or points(4)), *more, limits=limits, **terms))


@pytest.mark.parametrize(("crossing", "expected"), [
    ("part", [4, 4, 2, 0]),
    ("none", [4, 4, 0, 0]),
    ("queue", [4, 4, 2, 0]),
    ("warn", [4, 4, 4, 4]),
])
def test_deed_that_crosses(crossing, expected):
    """What crosses a cap is cut, dropped, put off, or paid with a warning."""
    register = capped(limit(10, each="month", crossing=crossing))

    found = [register.points() for _ in range(4)]

    assert expected == found


def test_part_is_explained():
    """The step says what is allowed, used, left and lost."""
    register = capped(limit(5, each="day", clause="第七条"))
    register.do()

    award = register.do()

    assert isinstance(award, Award)
    assert "limit_part" == award.steps[-1].code
    assert "第七条" == award.steps[-1].clause
    assert {"kind": "point", "before": 4, "points": 1, "limit": "cap", "allowed": 5, "used": 4,
            "left": 1, "lost": 3} == award.steps[-1].facts


def test_used_up_cap_leaves_a_deed_that_counts():
    """A deed capped to zero stays on record with its reason, and counts as done once."""
    register = capped(limit(4, each="day"))
    register.do()

    award = register.do()

    assert ["fixed", "limit_full"] == step_codes(award)
    assert 0 == credited(award)
    assert 1 == award.times


def test_queued_rest_waits():
    """What a budget has no room for waits, and is not lost."""
    register = capped(limit(6, per="community", each="quarter", crossing="queue"))
    register.do(doer="li")

    award = register.do(doer="wang")

    assert isinstance(award, Award)
    assert {"point": 2} == award.waiting
    assert 2 == credited(award)


@pytest.mark.parametrize(("said", "expected"), [
    (None, Code.CHOICE_NEEDED), ("0", 0), ("1", 1), ("2", Code.AMOUNT_NOT_BY_RULE),
])
def test_confirmer_is_asked(said, expected):
    """Where the rulebook asks, the confirmer says how much, within what is left."""
    register = capped(limit(5, each="day", crossing="ask"))
    register.do()

    award = register.do(verdict=Verdict(points=None if said is None else D(said)))

    assert expected == (credited(award) if isinstance(award, Award) else refused(award))


def test_points_that_nobody_asked_for_are_refused():
    """Points are the confirmer's to say only where the rule or a limit asks for them."""
    register = capped(limit(5, each="day", crossing="ask"))

    award = register.do(verdict=Verdict(points=D(3)))

    assert Code.AMOUNT_NOT_BY_RULE == refused(award)


def test_range_answers_the_question_of_a_cap():
    """A confirmer who decides within a range is not asked again; the cap cuts."""
    register = capped(limit(5, each="day", crossing="ask"), form=Ranged(from_=D(4), to=D(12)))

    award = register.do(verdict=Verdict(points=D(8), reason=True))

    assert 5 == credited(award)


@pytest.mark.parametrize(("each", "days", "expected"), [
    ("day", ["2026-03-07", "2026-03-07", "2026-03-08"], [4, 2, 4]),
    ("week", ["2026-03-02", "2026-03-08", "2026-03-09"], [4, 2, 4]),
    ("month", ["2026-03-01", "2026-03-31", "2026-04-01"], [4, 2, 4]),
    ("quarter", ["2026-01-01", "2026-03-31", "2026-04-01"], [4, 2, 4]),
    ("year", ["2026-01-01", "2026-12-31", "2027-01-01"], [4, 2, 4]),
    ("ever", ["2020-01-01", "2026-12-31", "2030-01-01"], [4, 2, 0]),
    (None, ["2020-01-01", "2026-12-31", "2030-01-01"], [4, 2, 0]),
])
def test_periods(each, days, expected):  # bug 37
    """A period of the local calendar ends with its last day."""
    register = capped(limit(6, each=each))

    found = [register.points(on=day) for day in days]

    assert expected == found


@pytest.mark.parametrize(("year_start", "days", "expected"), [
    ((1, 1), ["2026-08-31", "2026-09-01"], [4, 2]),
    ((9, 1), ["2026-08-31", "2026-09-01"], [4, 4]),
])
def test_year_of_the_rulebook(year_start, days, expected):
    """A year begins when the rulebook says so."""
    register = capped(limit(6, each="year"), year_start=year_start)

    found = [register.points(on=day) for day in days]

    assert expected == found


_LI, _WANG = {"doer": "li", "holder": "h1"}, {"doer": "wang", "holder": "h1"}


@pytest.mark.parametrize(("per", "told", "expected"), [
    ("resident", [_LI, _WANG, _LI], [4, 4, 2]),
    ("household", [{**_LI, "household": "h1"}, {**_WANG, "household": "h1"}], [4, 2]),
    ("household", [_LI, {"doer": "chen"}], [4, 4]),
    ("holder", [_LI, _WANG], [4, 2]),
    ("area", [{**_LI, "area": "g7"}, {"doer": "chen", "area": "g7"}, {"area": "g8"}], [4, 2, 4]),
    ("area", [_LI, _WANG, _LI], [4, 4, 4]),
    ("community", [_LI, {"doer": "chen"}], [4, 2]),
    ("deed", [_LI, _LI], [4, 4]),
])
def test_whose_deeds_count(per, told, expected):
    """A limit counts the deeds of a person, a household, a passbook, an area or of everybody."""
    register = capped(limit(6, per=per))

    found = [register.points(**one) for one in told]

    assert expected == found


def test_limit_of_one_deed_holds_for_its_doers_together():
    """A cap per deed is shared by its joint doers."""
    register = capped(limit(6, per="deed"))

    found = register.together("deed", [_LI, _WANG])

    assert [4, 2] == found


def test_joint_doers_of_one_household_share_its_cap():
    """Each joint doer sees what those before were given."""
    register = capped(limit(5, per="holder", each="day"))

    found = register.together("deed", [_LI, _WANG, {"doer": "chen"}])

    assert [4, 1, 4] == found


def test_once_a_month():
    """A limit in times counts deeds, also those worth an honest zero."""
    register = Register(rulebook(
        rule(hours(1)), limits=(limit(1, of="times", each="month", per="household"),)))

    first = register.do(hour="0.5", on="2019-05-06")
    second = register.do(hour="3", on="2019-05-20")
    third = register.do(hour="3", on="2019-06-06")

    assert [(0, 1), (0, 0), (3, 1)] == [(credited(one), one.times)
                                       for one in (first, second, third)]
    assert ["per_unit", "limit_times"] == step_codes(second)


def test_deed_of_two_kinds_is_one_time():
    """A deed that is paid in two kinds of points counts once for limits in times."""
    kinds = (Kind(), Kind(code="honour"))
    register = capped(limit(2, of="times"), kinds=kinds)

    found = [register.points() for _ in range(3)]

    assert [4, 4, 0] == found


def test_times_may_wait():
    """A budget in times can put a deed off, whole."""
    register = capped(limit(1, of="times", crossing="queue"))
    register.do()

    award = register.do()

    assert isinstance(award, Award)
    assert (0, {"point": 4}, 0) == (credited(award), award.waiting, award.times)


@pytest.mark.parametrize("reverse", [False, True])
def test_nothing_waits_behind_a_limit_that_stops(reverse):
    """A used-up limit in times that pays nothing leaves nothing waiting, in any order."""
    limits = (limit(1, of="times", code="a", crossing="queue"), limit(1, of="times", code="b"))
    register = capped(*(reversed(limits) if reverse else limits))
    register.do()

    award = register.do()

    assert isinstance(award, Award)
    assert {} == award.waiting
    assert ["fixed", "limit_times"] == step_codes(award)


def test_exceeded_times_may_be_paid_with_a_warning():
    """A limit that only warns leaves its step and takes nothing."""
    register = capped(limit(1, of="times", crossing="warn"))
    register.do()

    award = register.do()

    assert ["fixed", "limit_warned"] == step_codes(award)
    assert 4 == credited(award)


@pytest.mark.parametrize(("form", "crossing", "expected"), [
    (hours(2), "part", [3, 1, 0]),
    (hours(2), "none", [3, 0, 0]),
    (hours(2), "warn", [3, 7, 2]),
    (hours(1, step=D("1"), round="up"), "part", [2, 0, 0]),
])
def test_hours_of_one_event(form, crossing, expected):
    """At most two hours an event count; the quantity is cut before it is rated."""
    register = capped(
        limit(2, of="quantity", same=("event",), crossing=crossing), form=form)

    found = [register.points(hour=quantity, same={"event": "k1"})
             for quantity in ("1.5", "3.5", "1")]

    assert expected == found


def test_another_event_has_hours_of_its_own():
    """The same fact must be the same deed's; others are not counted, nor deeds without it."""
    register = capped(limit(2, of="quantity", same=("event",)), form=hours(1))

    found = [register.points(hour="2", same=same)
             for same in ({"event": "k1"}, {"event": "k2"}, {"event": "k1"}, {})]

    assert [2, 2, 0, 2] == found


def test_quantity_of_a_further_kind_is_limited():
    """Where plain points are fixed, the quantity of another kind is what a limit cuts."""
    book = rulebook(
        rule(points(5), also={"hours": hours(1)}),
        kinds=(Kind(), Kind(code="hours", credited=False)),
        limits=(limit(2, of="quantity", each="day"),))

    award = Register(book).do(hour="3")

    assert (5, 2) == (credited(award), credited(award, "hours"))


def test_nothing_of_a_quantity_left():
    """A deed whose whole quantity is cut does not count as done."""
    register = capped(limit(2, of="quantity"), form=hours(1))
    register.do(hour="2")

    award = register.do(hour="1")

    assert isinstance(award, Award)
    assert (0, 0, 0) == (credited(award), award.times, award.quantity)


@pytest.mark.parametrize(("days", "expected"), [
    (["2026-03-01", "2026-03-31", "2026-04-01"], [4, 2, 4]),
    (["2026-03-31", "2026-03-01"], [4, 2]),
    (["2026-03-20", "2026-04-25", "2026-04-05"], [4, 4, 2]),
])
def test_rolling_span(days, expected):
    """Within any 30 days a limit holds, in whatever order deeds are confirmed."""
    register = capped(limit(6, within=Span(30, "day")))

    found = [register.points(on=day) for day in days]

    assert expected == found


def test_rolling_month_at_the_end_of_february():
    """A month back from 30 March reaches 28 February, so both lie in one window."""
    register = capped(limit(1, of="times", within=Span(1, "month")))

    found = [register.points(on=day) for day in ("2026-03-30", "2026-02-28", "2026-02-27")]

    assert [4, 0, 4] == found


@pytest.mark.parametrize("reverse", [False, True])
def test_stacked_caps(reverse):
    """Item in day in month: the tightest wins, whatever their order in the file."""
    limits = (limit(7, code="day", each="day"), limit(9, code="month", each="month"),
              limit(3, code="once", per="deed"))
    register = capped(*(reversed(limits) if reverse else limits))

    found = [register.points(on=day)
             for day in ("2026-03-07", "2026-03-07", "2026-03-07", "2026-03-08")]

    assert [3, 3, 1, 2] == found


@pytest.mark.parametrize("reverse", [False, True])
def test_part_before_nothing(reverse):
    """A deed that one cap cuts to fit is not dropped by another, whatever their order."""
    limits = (limit(3, code="a", per="deed"), limit(3, code="b", crossing="none"))
    register = capped(*(reversed(limits) if reverse else limits))

    found = register.points()

    assert 3 == found


def test_only_rules_that_are_named():
    """A limit on rules or groups leaves other rules alone."""
    register = Register(rulebook(
        rule(points(4)), rule(points(4), code="other"),
        rule(points(4), code="third", group="care"),
        limits=(limit(6, rules=("deed",), groups=("care",)),)))

    found = [register.points(code) for code in ("deed", "other", "third", "other", "deed")]

    assert [4, 4, 2, 4, 0] == found


@pytest.mark.parametrize(("kind", "expected"), [
    ("", [3, 3, 9]), ("honour", [4, 3, 9]), ("hours", [4, 4, 3]),
])
def test_kind_of_a_limit(kind, expected):
    """Without a kind a limit holds for each kind of plain points by itself, not for others."""
    kinds = (Kind(), Kind(code="honour"), Kind(code="hours", credited=False))
    book = rulebook(rule(points(4), also={"hours": points(9)}), kinds=kinds,
                    limits=(limit(3, kind=kind),))

    award = Register(book).do()

    assert expected == [credited(award, one.code) for one in kinds]


def test_stages_of_one_deed_are_one_time_and_share_caps():
    """What other stages of a deed were paid counts in points, and never as a second time."""
    stages = (Stage(code="seen", points=points(1)), Stage(code="true", points=points(5)))
    register = Register(rulebook(rule(stages=stages), limits=(
        limit(1, of="times", code="once"), limit(4, per="deed", code="most"))))

    found = [register.points(verdict=Verdict(stage=stage), deed="d-1")
             for stage in ("seen", "true")]
    other = register.points(verdict=Verdict(stage="seen"), deed="d-2")

    assert [1, 3] == found
    assert 0 == other


@pytest.mark.parametrize(("used", "expected"), [(899, False), (900, True)])
def test_warning_before_a_budget_ends(used, expected):
    """From the stated share on, a limit should be told about."""
    assert expected is Room(limit(1000), 1000, used).is_warning
