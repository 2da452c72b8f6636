"""Counters of limits: what they hold, what they leave to be added up, and what they drop."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lovepoints.core.deeds import Verdict
from lovepoints.core.points import Ranged
from lovepoints.core.rating.compiled import bare, compile_rule
from lovepoints.core.rating.counters import Counters
from lovepoints.core.rating.past import looked_back_at
from lovepoints.core.rating.rate import rate
from lovepoints.core.rating.stream import Stream
from lovepoints.core.rating.together import credits_of, rate_together
from lovepoints.core.rulebook import Deduction, First, Group, Stage, Streak
from lovepoints.core.terms import Ceiling, Kind
from lovepoints.core.values import Span
from tests.core.fakes import DAY, SHANGHAI, MemoryHistory, facts, limit, points, rule, rulebook

CAPPED = rulebook(rule(points(4)), limits=(limit(10, each="month"),))
CAP = CAPPED.limits[0]


class Forgetful(MemoryHistory):
    """A past that counts how often it is asked for credits."""

    asked = 0

    def credits(self, *asked):
        """One more look at the past."""
        type(self).asked += 1
        return super().credits(*asked)


def test_credits_are_added_up_once():
    """What was learned is not asked for again, and what is added counts."""
    history, counters = Forgetful(), Counters(CAPPED, SHANGHAI)
    Forgetful.asked, found = 0, []

    for number in range(4):
        own = facts(deed=f"d-{number}")
        award = rate(CAPPED, CAPPED.rule("deed"), own, Verdict(), history, SHANGHAI, counters)
        found.append(award.parts[0].points)
        counters.add(credits_of(own, award))

    assert [4, 4, 2, 0] == found
    assert 1 == Forgetful.asked


def test_what_was_never_asked_for_stays_unknown():
    """Adding to a sum that is not known would make it wrong; it is learned when it is needed."""
    counters, own = Counters(CAPPED, SHANGHAI), facts()
    award = rate(CAPPED, CAPPED.rule("deed"), own, Verdict(), MemoryHistory(), SHANGHAI)

    counters.add(credits_of(own, award))

    assert counters.used(CAP, "point", own) is None


def test_forgetting_leaves_nothing():
    """After `forget` nothing is known."""
    counters = Counters(CAPPED, SHANGHAI)
    counters.learn(CAP, "point", facts(), 7)

    known = counters.used(CAP, "point", facts())
    counters.forget()

    assert (7, None) == (known, counters.used(CAP, "point", facts()))


def test_joint_doers_do_not_ask_counters():
    """Of several doers each sees what the others were just given; no counter has that."""
    book = rulebook(rule(points(4)), limits=(limit(6, per="community", each="day"),))
    counters = Counters(book, SHANGHAI, is_complete=True)
    people = [facts(doer=doer, position=place, doers=2) for place, doer in enumerate("ab")]

    awards = rate_together(book, book.rule("deed"), people, Verdict(), MemoryHistory(), SHANGHAI,
                           counters)

    assert [4, 2] == [award.parts[0].points for award in awards]
    assert counters.used(book.limits[0], "point", people[0]) is None


def test_past_periods_are_dropped():
    """A year of daily counters leaves those of the last days and of the running periods."""
    book = rulebook(rule(points(1)), limits=(
        limit(5, code="d", each="day"), limit(50, code="m", each="month"),
        limit(500, code="y", each="year")), late=Span(3, "day"))
    stream = Stream(book, SHANGHAI)

    for number in range(400):
        stream.rate(facts(deed=f"d-{number}", on=DAY + timedelta(days=number)), Verdict())

    assert len(stream.counters.frames) <= 5
    assert sum(len(table) for table in {id(table): table for frame in
               stream.counters.frames.values() for table in frame}.values()) <= 8


def test_somebody_without_a_household_has_all_of_the_own_passbook():
    """Points earned before moving out of a household count for the passbook's own limit."""
    book = rulebook(rule(points(4)), limits=(limit(6, per="household", each="month"),))
    stream = Stream(book, SHANGHAI)

    found = [stream.rate(facts(deed=f"d-{place}", household=home), Verdict()).parts[0].points
             for place, home in enumerate(["h", "", "h"])]

    assert [4, 2, 2] == found


def test_somebody_who_left_two_households_may_have_had_more_than_one_may():
    """Then nothing is left for her alone, and nothing less than nothing."""
    book = rulebook(rule(points(4)), limits=(limit(6, per="household", each="month"),))
    stream = Stream(book, SHANGHAI)

    found = []
    for place, home in enumerate(["h", "h2", ""]):
        deed = facts(deed=f"d-{place}", household=home)
        found.append(stream.judge(stream.known(deed, Verdict()), deed)[0])

    assert [4, 4, 0] == found


@pytest.mark.parametrize("odd", [
    rule(points(1), stages=(Stage(code="a", points=points(1)),)), rule(points(1), first=First()),
    rule(points(1), streak=Streak(length=2, points=Decimal(1))),
    rule(points(1), also={"gift": points(1)}), rule(points(1), offsets="deductions"),
    rule(points(1), void={"x": (True,)}), rule(Ranged(from_=Decimal(1), to=Decimal(2))),
    rule(points(1), deduction=Deduction(notice_days=0, appeal="x")),
    rule(points(1), "grouped"), rule(points(1), "queued"), rule(points(1), "rolling"),
    rule(points(1), "measured"), rule(points(1), kinds=("full",))],
    ids=lambda one: one.code)
def test_odd_shapes_go_the_long_way(odd):
    """Whatever looks further than at grades, quantities and calendar limits is not compiled."""
    book = rulebook(odd, rule(points(1), "plain"), kinds=(
        Kind(), Kind(code="gift", credited=False),
        Kind(code="full", credited=False, ceiling=Ceiling(points=Decimal(9)))), limits=(
        limit(3, code="q", rules=("queued",), crossing="queue"),
        limit(3, code="r", rules=("rolling",), within=Span(3, "day")),
        limit(3, code="m", rules=("measured",), of="quantity")),
        groups=(Group(code="g", rules=("grouped",)),))
    counters = Counters(book, SHANGHAI, is_complete=True)

    assert compile_rule(counters, odd, bare(book)) is None
    assert compile_rule(counters, book.rule("plain"), bare(book)) is not None


def test_only_rules_that_are_looked_back_at_are_kept():
    """Single credits are remembered for streaks and rolling limits, not for plain rules."""
    book = rulebook(
        rule(points(1), "run", streak=Streak(length=2, points=Decimal(1))),
        rule(points(1), "rolling"), rule(points(1), "plain"),
        limits=(limit(3, code="r", rules=("rolling",), within=Span(3, "day")),
                limit(3, code="all", each="day"), limit(3, code="one", per="deed")))

    found = looked_back_at(book, Counters(book, SHANGHAI).counted)

    assert {"run", "rolling"} == found
    assert {"plain"} == looked_back_at(
        rulebook(rule(points(1), "plain"), limits=(limit(3, within=Span(3, "day")),)), {})
