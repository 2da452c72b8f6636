"""Rating without a book: what a rater says, remembers, and refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

import lovepoints as lp
from tests.docs.pages import ROOT

FOLDER = ROOT / "examples" / "rulebooks"
DAY = date(2026, 3, 7)
RULES = """
title = "办法"
effective = 2026-01-01
holder = "household"
late = "10 days"

[[kind]]
code = "point"
decimals = 1

[[attribute]]
code = "party"
of = "resident"
type = "yes-no"

[[rule]]
code = "patrol"
title = "巡逻"
points = { per = "hour", value = 2, step = "0.5" }

[[rule]]
code = "hazard"
title = "隐患"
points = { minor = 2, major = "4.5" }
grades = { minor = "轻微", major = "重大" }

[[rule]]
code = "call"
title = "上门"
points = 3
variants = [{ where = { party = true }, points = 6 }]

[[rule]]
code = "repair"
title = "整治"
stages = [{ code = "seen", points = 1 }, { code = "done", points = 4 }]

[[rule]]
code = "litter"
title = "乱扔"
points = 5
deduction = { notice_days = 2, appeal = "村委会" }

[[limit]]
code = "month"
rules = ["patrol", "hazard"]
per = "household"
each = "month"
most = 10
"""


@pytest.fixture
def rater() -> lp.Rater:
    """A rater of these rules."""
    return lp.Rater(RULES)


def hours(rater: lp.Rater, quantity: object, on: date = DAY, **more: object) -> lp.Estimate:
    """Somebody's patrol."""
    return rater.rate("patrol", **{"resident": "0421", "on": on, "quantity": quantity, **more})


def test_each_deed_sees_those_before_it(rater):
    """A household's month is full once its members have filled it together."""
    found = [hours(rater, "3.75", resident=who, household="3-2-501").points
             for who in ("0421", "0422", "0421")]

    assert [Decimal(7), Decimal(3), Decimal(0)] == found


def test_an_estimate_tells_later_what_held_then(rater):
    """The steps of a deed speak of the limits as they were when it was rated."""
    first, second = hours(rater, 4), hours(rater, 4)

    told = second.award.explained("en"), first.award.explained("en")

    assert "at most 10, 8 used; 2 counted, 6 not" in " ".join(told[0])
    assert "used" not in " ".join(told[1])
    assert second.award is second.award
    assert "Estimate(points=2.0)" == repr(second)


def test_the_award_is_the_public_one(rater):
    """An award of a rater has holder, amounts by kind, and the rulebook."""
    award = hours(rater, 1, household="3-2-501").award

    assert ("0421", "3-2-501", {"point": Decimal(2)}) == (
        award.resident, award.holder, award.amounts)
    assert award.rulebook == rater.rulebook


def test_rules_that_ask_for_more_are_rated_too(rater):
    """Variants, stages and deductions go the long way, to the same end."""
    party = rater.rate("call", resident="0421", on=DAY, attributes={"party": True})
    stages = [rater.rate("repair", resident="0421", on=DAY, deed="d", stage=stage).points
              for stage in ("seen", "done")]
    taken = rater.rate("litter", resident="0421", on=DAY)

    assert (6, [1, 4], -5) == (party.points, stages, taken.points)
    assert DAY + timedelta(days=3) == taken.award.effective_on


@pytest.mark.parametrize("again", [
    {"rule": "repair", "stage": "seen"}, {"rule": "hazard", "grade": "minor"},
    {"rule": "repair", "stage": "done", "resident": "0422"}])
def test_a_deed_is_rated_once(rater, again):
    """A deed that was named comes back for its next stage only."""
    rater.rate("repair", resident="0421", on=DAY, deed="d", stage="seen")

    with pytest.raises(ValueError, match="'d' was rated before"):
        rater.rate(again.pop("rule"), **{"resident": "0421", "on": DAY, "deed": "d", **again})


def test_grades_may_be_said_in_any_way(rater):
    """One grade, a tuple, a list or an iterator of one: the same deed."""
    ways = ["major", ("major",), ["major"], iter(["major"]), "major"]

    found = [rater.rate("hazard", resident=f"r{number}", on=DAY, grade=way).points
             for number, way in enumerate(ways)]

    assert [Decimal("4.5")] * 5 == found


def test_a_quantity_may_be_said_by_its_name(rater):
    """A mapping of names, as `report` takes it."""
    assert 4 == hours(rater, {"hour": "2"}).points


@pytest.mark.parametrize(("said", "error"), [
    ({"quantity": 2.0}, TypeError), ({"quantity": True}, TypeError),
    ({"quantity": "two"}, ValueError), ({"quantity": -1}, ValueError),
    ({"on": "2026-03-07"}, TypeError), ({"on": datetime(2026, 3, 7, tzinfo=UTC)}, TypeError),
    ({"resident": ""}, ValueError), ({"resident": 421}, TypeError),
    ({"household": "a\nb"}, ValueError), ({"attributes": {"pary": True}}, ValueError)])
def test_wrong_calls_are_told_however_often_right_ones_came_before(rater, said, error):
    """What is remembered of 2 hours never lets 2.0, yes or a nameless resident through."""
    for quantity in (1, 2, "2"):
        hours(rater, quantity)

    with pytest.raises(error):
        hours(rater, **{"quantity": 2, **said})


@pytest.mark.parametrize(("rule", "said", "code"), [
    ("patrol", {}, "fact_missing"), ("hazard", {"grade": "huge"}, "amount_not_by_rule"),
    ("dance", {}, "rule_not_in_force"), ("patrol", {"quantity": "9999999999"}, "amount_range"),
    ("patrol", {"quantity": 1, "points": 0}, "amount_not_by_rule")])
def test_refusals_are_those_of_confirm(rater, rule, said, code):
    """A deed that cannot be confirmed has no estimate."""
    with pytest.raises(lp.Refused) as refused:
        rater.rate(rule, resident="0421", on=DAY, **said)

    assert code == refused.value.code


def test_days_before_the_rulebook_are_refused(rater):
    """Also when deeds of this kind are well known."""
    hours(rater, 1)

    with pytest.raises(lp.Refused) as refused:
        hours(rater, 1, date(2025, 12, 31))

    assert {"rule": "patrol", "day": "2025-12-31", "since": "2026-01-01"} == refused.value.facts


def test_a_deed_may_be_as_late_as_the_rulebook_lets_it(rater):
    """Ten days back the day's counters are there; on the eleventh they are gone."""
    hours(rater, 1)

    assert 2 == hours(rater, 1, DAY - timedelta(days=10)).points
    with pytest.raises(ValueError, match="comes too late"):
        hours(rater, 1, DAY - timedelta(days=11))


def test_a_refused_deed_counts_for_nothing(rater):
    """A slip of the year in a deed that is refused does not shut out all others."""
    with pytest.raises(lp.Refused):
        rater.rate("hazard", resident="0421", on=date(2126, 3, 7), grade="huge")

    assert 2 == hours(rater, 1).points


def test_what_is_remembered_is_bounded(rater):
    """Ever new quantities do not fill the memory."""
    for minutes in range(1, 5000):
        hours(rater, Decimal(minutes) / 100, resident=f"r{minutes}")

    assert len(rater._known) <= 4096


@pytest.mark.parametrize("name", ["first", "hailin-volunteer", "zhuqu-faces"])
def test_a_rulebook_may_be_handed_in_read(name):
    """A path, a text and what was read before are the same rulebook."""
    path = FOLDER / f"{name}.toml"
    by_path, by_text = lp.Rater(path), lp.Rater(path.read_text(encoding="utf-8"))

    assert by_path.rulebook == by_text.rulebook == lp.Rater(by_text.rulebook).rulebook
