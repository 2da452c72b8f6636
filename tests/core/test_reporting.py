"""What a report must state, and every refusal at the door."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lovepoints.core.points import Bands, Ranged, Thresholds
from lovepoints.core.rating.rate import facts_needed, report_refusal
from lovepoints.core.rating.reporting import Needed, forms_of
from lovepoints.core.rulebook import First, Rule, Stage, Variant
from lovepoints.core.terms import Range, Validity
from lovepoints.core.values import Span
from lovepoints.errors import Code
from tests.core.fakes import MemoryHistory, Register, facts, hours, limit, points, rule, rulebook

D = Decimal


def refusal(own: Rule, *, told=None, provided=(), reason=False, **terms):
    """The refusal of a report under one rule."""
    book = rulebook(own, **terms)
    return report_refusal(book, own, facts(**(told or {})), MemoryHistory(), provided=provided,
                          reason=reason)


@pytest.mark.parametrize(("own", "expected"), [
    (rule(points(1)), Needed()),
    (rule(hours(1)), Needed(quantities=frozenset({"hour"}))),
    (rule(Bands(of="yuan", bands=())), Needed(quantities=frozenset({"yuan"}))),
    (rule(Thresholds(at_least={"minute": D(25), "metre": D(800)}, value=D(3))),
     Needed(quantities=frozenset({"minute", "metre"}))),
    (rule(points(1), also={"hours": hours(1)}), Needed(quantities=frozenset({"hour"}))),
    (rule(variants=(Variant(points=hours(1)), Variant(points=hours(2)))),
     Needed(quantities=frozenset({"hour"}))),
    (rule(points(1), variants=(Variant(points=hours(1)),)), Needed()),
    (rule(stages=(Stage(code="a", points=hours(1)),)), Needed(quantities=frozenset({"hour"}))),
    (rule(points(1), needs=("event", "evidence", "photo"), unique=("matter",), first=First()),
     Needed(same=frozenset({"event", "matter", "place"}), attributes=frozenset({"photo"}),
            evidence=True)),
    (rule(points(1), validity=Validity(after=Span(1, "year"), starts="deed_end")),
     Needed(end_day=True)),
])
def test_facts_needed(own, expected):
    """A rule's points, comparisons and needs say what a report must state."""
    assert expected == facts_needed(own)


def test_forms_of_a_rule():
    """Every form of points that a deed may meet is listed."""
    own = rule(points(1), variants=(Variant(points=points(2)),), also={"h": points(3)})

    assert (points(1), points(2), points(3)) == forms_of(own)


def test_everything_missing_is_named_at_once():
    """One refusal names all that is missing."""
    own = rule(hours(1), needs=("event", "evidence", "photo"))

    found = refusal(own, limits=(limit(1, rules=("deed",), same=("place",)),),
                    validity=Validity(after=Span(1, "year"), starts="deed_end"))

    assert Code.FACT_MISSING == found.code
    assert ["hour", "event", "place", "photo", "evidence", "end_day"] == found.facts["missing"]


def test_complete_report():
    """A report that states what its rule needs is taken."""
    own = rule(hours(1), needs=("event", "evidence", "photo"))

    assert refusal(own, provided={"evidence"}, told={
        "hour": 1, "same": {"event": "k"}, "attributes": {"photo": True}}) is None


@pytest.mark.parametrize(("attributes", "expected"), [
    ({"pledge": True, "age": 60}, None),
    ({"pledge": False, "age": 60}, ["pledge"]),
    ({}, ["pledge", "age"]),
])
def test_preconditions(attributes, expected):
    """A missing precondition is named."""
    own = rule(points(1), requires={"pledge": (True,), "age": Range(from_=D(18))})

    found = refusal(own, told={"attributes": attributes})

    assert expected == (found and found.facts["missing"])
    assert found is None or Code.PRECONDITION_MISSING == found.code


@pytest.mark.parametrize(("reported", "then", "reason", "expected"), [
    ("2026-03-31", "refuse", False, None),
    ("2026-04-01", "refuse", True, Code.REPORTED_TOO_LATE),
    ("2026-04-01", "reason", False, Code.REASON_NEEDED),
    ("2026-04-01", "reason", True, None),
    ("2026-12-31", "accept", False, None),
])
def test_late_reports(reported, then, reason, expected):
    """After the rulebook's span a report needs a reason, or is refused with the last day."""
    told = {"on": "2026-03-01", "reported_on": date.fromisoformat(reported)}

    found = refusal(rule(points(1)), told=told, reason=reason, late_then=then)

    assert expected == (found and found.code)
    assert found is None or "2026-03-31" == found.facts["last_day"]


def test_span_of_the_rule_itself():
    """A rule may have a shorter span for late reports than the rulebook."""
    own = rule(points(1), late=Span(2, "day"))

    found = refusal(own, told={"on": "2026-03-01", "reported_on": date(2026, 3, 4)})

    assert Code.REASON_NEEDED == found.code


@pytest.mark.parametrize(("told", "expected"), [
    ({"same": {"event": "k1"}}, Code.DUPLICATE_CHECKIN),
    ({"same": {"event": "k2"}}, None),
    ({"same": {"event": "k1"}, "doer": "wang"}, None),
    ({"same": {"event": "k1"}, "deed": "d-1"}, None),
])
def test_once_only(told, expected):
    """What may be reported once is not taken again from the same doer."""
    own = rule(points(1), unique=("event",))
    book = rulebook(own)
    register = Register(book)
    register.do(same={"event": "k1"})

    found = report_refusal(book, own, facts(**{"deed": "d-2", **told}), register.history)

    assert expected == (found and found.code)


@pytest.mark.parametrize(("told", "own", "expected"), [
    ({"hour": "-1"}, rule(hours(1)), Code.AMOUNT_RANGE),
    ({"on": "2018-12-31"}, rule(points(1)), Code.RULE_NOT_IN_FORCE),
    ({}, rule(variants=(Variant(points=points(1), where={"cohort": ("A",)}),)), Code.FACT_MISSING),
    ({"on": "2026-02-01"}, rule(variants=(Variant(points=points(1), since=date(2026, 3, 1)),)),
     Code.RULE_NOT_IN_FORCE),
    ({}, rule(Ranged(from_=D(1), to=D(2))), None),
])
def test_report_that_can_never_be_rated(told, own, expected):
    """What confirmation would refuse whatever the verdict is refused at the report."""
    found = refusal(own, told=told)

    assert expected == (found and found.code)


def test_next_time_that_a_rule_works():
    """A report outside a rule's dates is told when it begins, or when it ended."""
    own = rule(variants=(Variant(points=points(1), since=date(2026, 3, 1),
                                 until=date(2026, 3, 31)),))

    before = refusal(own, told={"on": "2026-02-01"})
    after = refusal(own, told={"on": "2026-04-01"})

    assert "2026-03-01" == before.facts["since"]
    assert "2026-03-31" == after.facts["until"]
