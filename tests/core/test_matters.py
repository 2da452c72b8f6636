"""One matter under several rules, and good marks that only make up for bad ones."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lovepoints.core.deeds import Award, Verdict
from lovepoints.core.rulebook import Deduction, Group
from lovepoints.errors import Code
from tests.core.fakes import (
    MemoryHistory,
    Register,
    credited,
    points,
    rule,
    rulebook,
)

D = Decimal


def register(*rules, history=None, **terms) -> Register:
    """A register of these rules."""
    return Register(rulebook(*rules, **terms), history or MemoryHistory())


# --- one matter

def two_rules(take, **terms):
    """Two rules worth 6 and 9 for one incident."""
    group = Group(code="g", rules=("six", "nine"), take=take, same=("event",), **terms)
    return register(rule(points(6), "six"), rule(points(9), "nine"), rule(points(4), "other"),
                    groups=(group,))


@pytest.mark.parametrize(("take", "rules", "expected"), [
    ("highest", ["six", "nine"], [6, 3]),
    ("highest", ["nine", "six"], [9, 0]),
    ("highest", ["six", "other", "nine", "nine"], [6, 4, 3, 0]),
    ("sum", ["six", "nine"], [6, 9]),
])
def test_groups(take, rules, expected):
    """The highest counts: a later, better deed posts the difference."""
    book = two_rules(take)

    found = [book.points(code, same={"event": "k1"}) for code in rules]

    assert expected == found


def test_group_compares_what_is_the_same():
    """Other events, other people and deeds without the fact are matters of their own."""
    book = two_rules("highest")

    found = [book.points("six", **told) for told in (
        {"same": {"event": "k1"}}, {"same": {"event": "k2"}}, {"same": {}},
        {"same": {"event": "k1"}, "doer": "wang"})]

    assert [6, 6, 6, 6] == found


@pytest.mark.parametrize(("per", "expected"), [("resident", 6), ("holder", 0), ("community", 0)])
def test_whose_matter(per, expected):
    """A matter may be a person's, a passbook's or everybody's."""
    book = two_rules("highest", per=per)
    book.do("nine", doer="li", holder="h1", same={"event": "k1"})

    found = book.points("six", doer="wang", holder="h1", same={"event": "k1"})

    assert expected == found


def test_group_by_period():
    """Without a common fact the deeds of a period are one matter."""
    group = Group(code="g", rules=("six", "nine"), each="month", per="community")
    book = register(rule(points(6), "six"), rule(points(9), "nine"), groups=(group,))

    found = [book.points(code, on=day) for code, day in (
        ("six", "2026-03-01"), ("nine", "2026-03-31"), ("six", "2026-04-01"))]

    assert [6, 3, 6] == found


@pytest.mark.parametrize(("said", "expected"), [
    (None, Code.CHOICE_NEEDED), ("2", 2), ("10", Code.AMOUNT_NOT_BY_RULE),
])
def test_asking_about_a_matter(said, expected):
    """Where the rulebook asks, the confirmer says how much of the second deed counts."""
    book = two_rules("ask")
    book.do("six", same={"event": "k1"})

    award = book.do("nine", same={"event": "k1"},
                    verdict=Verdict(points=None if said is None else D(said)))

    assert expected == (credited(award) if isinstance(award, Award) else award.code)


@pytest.mark.parametrize(("several", "expected"), [
    ("highest", [6, 3]), ("sum", [6, 9]), ("ask", [6, Code.CHOICE_NEEDED]),
])
def test_several_rules_for_one_matter(several, expected):
    """One matter id under several rules follows the rulebook's setting."""
    book = register(rule(points(6), "six"), rule(points(9), "nine"), several_rules=several)

    awards = [book.do(code, same={"matter": "m1"}) for code in ("six", "nine")]

    assert expected == [credited(one) if isinstance(one, Award) else one.code for one in awards]


def test_group_speaks_before_the_rulebook():
    """Rules of a group that adds up do so, though the rulebook takes the highest elsewhere."""
    group = Group(code="g", rules=("six", "nine"), take="sum", same=("matter",))
    book = register(rule(points(6), "six"), rule(points(9), "nine"), groups=(group,))

    found = [book.points(code, same={"matter": "m1"}) for code in ("six", "nine", "nine")]

    assert [6, 9, 9] == found


# --- good marks that only offset

def test_offsets():
    """Good marks make up for this year's deductions and for no more."""
    book = register(
        rule(points(5), "good", offsets="deductions"),
        rule(points(8), "bad", deduction=Deduction(notice_days=0, appeal="村委会")))

    found = [book.points(code, on=day) for code, day in (
        ("good", "2026-01-05"), ("bad", "2026-02-01"), ("good", "2026-03-01"),
        ("good", "2026-03-02"), ("good", "2026-03-03"), ("bad", "2026-04-01"),
        ("good", "2027-01-01"))]

    assert [0, -8, 5, 3, 0, -8, 0] == found


def test_offset_is_explained():
    """The step says how much was open and how much was left out."""
    book = register(rule(points(5), offsets="deductions"))

    award = book.do()

    assert {"kind": "point", "before": 5, "points": 0, "open": 0, "lost": 5} == (
        award.steps[-1].facts)


def test_offset_in_part_is_explained():
    """Of five points three make up for what was taken, and two are left out."""
    book = register(
        rule(points(5), "good", offsets="deductions"),
        rule(points(3), "bad", deduction=Deduction(notice_days=0, appeal="村委会")))
    book.points("bad")

    award = book.do("good")

    assert {"kind": "point", "before": 5, "points": 3, "open": 3, "lost": 2} == (
        award.steps[-1].facts)


def test_difference_is_explained():
    """The step says what the matter was paid before."""
    book = two_rules("highest")
    book.do("six", same={"event": "k1"})

    award = book.do("nine", same={"event": "k1"})

    assert "matter_difference" == award.steps[-1].code
    assert {"kind": "point", "before": 9, "points": 3, "already": 6} == award.steps[-1].facts
