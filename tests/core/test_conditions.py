"""Conditions on attributes: values, ranges, and what is not there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lovepoints.core.rating.conditions import any_fit, check_conditions, fits
from lovepoints.core.terms import Range

D = Decimal
SIXTIES = Range(from_=D(60), to=D(69))
SPRING = Range(from_=date(2026, 3, 1), to=date(2026, 5, 31))


@pytest.mark.parametrize(("condition", "value", "expected"), [
    (("A", "B"), "B", True),
    (("A", "B"), "C", False),
    ((1, 2), 2, True),
    ((True,), True, True),
    ((True,), 1, False),
    ((1,), True, False),
    ((date(2026, 3, 1),), date(2026, 3, 1), True),
    ((date(2026, 3, 1),), "2026-03-01", True),
    (SIXTIES, 60, True),
    (SIXTIES, 69, True),
    (SIXTIES, 59, False),
    (SIXTIES, 70, False),
    (SIXTIES, "65", False),
    (SIXTIES, True, False),
    (Range(from_=D(60)), 99, True),
    (Range(to=D(60)), -5, True),
    (SPRING, date(2026, 5, 31), True),
    (SPRING, "2026-06-01", False),
    (SPRING, date(2026, 2, 28), False),
    (Range(), "anything", True),
])
def test_one_condition(condition, value, expected):
    """Both ends of a range belong to it; yes is not 1; what cannot be compared does not fit."""
    assert expected is fits({"name": condition}, {"name": value})


def test_all_must_hold():
    """An attribute that is not there fits nothing, and an empty condition fits everything."""
    where = {"cohort": ("A",), "age": SIXTIES}

    assert fits(where, {"cohort": "A", "age": 65})
    assert not fits(where, {"cohort": "A"})
    assert fits({}, {})


def test_failing_conditions_are_named():
    """Everything that is missing is named at once, in the order of the rulebook."""
    where = {"pledge": (True,), "cohort": ("A",), "age": SIXTIES}

    assert ("pledge", "age") == check_conditions(where, {"cohort": "A", "age": 70})


def test_any_one_mark():
    """The first mark that fits is named."""
    where = {"a": (True,), "b": (True,)}

    assert ["b", "", ""] == [any_fit(where, one) for one in ({"b": True}, {"a": False}, {})]
