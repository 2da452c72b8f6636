"""Stars and lists of the best, from what was earned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lovepoints.core.rating.honours import Place, Total, has_star, rank, stars, totals
from lovepoints.core.rows import Credit
from lovepoints.core.terms import Kind, Rank, Star
from lovepoints.core.values import Period
from tests.core.fakes import SHANGHAI, TENTHS, points, rule, rulebook

D = Decimal
YEAR = SHANGHAI.period(date(2026, 3, 7), "year")
BOOK = rulebook(rule(points(1)))


def credit(holder, amount, *, seq=1, day="2026-03-07", **more):
    """One credited line."""
    told = {"deed": f"d-{seq}", "doer": holder, "unit": "point", "rule": "deed", **more}
    return Credit(holder=holder, points=amount, seq=seq, day=day, **told)


def test_totals_are_what_was_earned():  # bug 58
    """Earned adds up what still stands, net takes deductions off; what was taken back is zero."""
    rows = [credit("a", 5, seq=1), credit("a", -3, seq=2), credit("a", 0, seq=3),
            credit("b", 4, seq=4), credit("b", 9, seq=5, unit="point:honour")]

    found = totals(rows, "point", YEAR)

    assert (Total(holder="a", earned=5, net=2, reached=1),
            Total(holder="b", earned=4, net=4, reached=4)) == found


@pytest.mark.parametrize(("earned_on", "expected"), [
    ("2026-01-01", 5), ("2026-12-31", 5), ("2025-12-31", 0), ("2027-01-01", 0), ("", 5),
])
def test_day_that_counts_for_a_ranking(earned_on, expected):
    """The day on which points were earned counts; without one, the counting day."""
    found = totals([credit("a", 5, earned_on=earned_on)], "point", YEAR)

    assert expected == sum(total.earned for total in found)


def test_totals_of_some_rules_and_with_balances():
    """A list may look at some rules only; balances stand beside what was earned."""
    rows = [credit("a", 5), credit("a", 7, rule="other", seq=2)]

    found = totals(rows, "point", YEAR, rules=("deed",), balances={"a": 3, "z": 8})

    assert (Total(holder="a", earned=5, net=5, balance=3, reached=1),
            Total(holder="z", balance=8)) == found


@pytest.mark.parametrize(("of", "expected"), [("earned", 9), ("net", 4), ("balance", 2)])
def test_sums_to_go_by(of, expected):
    """Earned, net and balance are different sums."""
    assert expected == Total(holder="a", earned=9, net=4, balance=2).points(of)


def standing(*amounts):
    """Totals of holders a, b, c ..., who got there in reverse order."""
    return [Total(holder=chr(97 + place), earned=amount, reached=100 - place)
            for place, amount in enumerate(amounts)]


def listed(places):
    """Places as (place, holder)."""
    return [(place.place, place.holder) for place in places]


@pytest.mark.parametrize(("ties", "expected"), [
    ("share", [(1, "a"), (2, "c"), (2, "b")]),
    ("first", [(1, "a"), (2, "c")]),
])
def test_ties_at_the_end(ties, expected):
    """Equals share the last place, or the one who got there first has it."""
    found = rank(BOOK, Rank(code="r", title="r", top=2, ties=ties), standing(9, 5, 5, 1))

    assert expected == listed(found)


def test_place_after_a_tie():
    """After two second places comes the fourth."""
    found = rank(BOOK, Rank(code="r", title="r", top=4), standing(9, 5, 5, 1))

    assert [1, 2, 2, 4] == [place.place for place in found]
    assert Place(place=1, holder="a", points=9) == found[0]


def test_excluded_take_no_place():
    """Who is left out pushes nobody down."""
    found = rank(BOOK, Rank(code="r", title="r", top=2), standing(9, 5, 4, 1), {"a", "c"})

    assert [(1, "b"), (2, "d")] == listed(found)


def test_nobody_is_listed_with_nothing():
    """A list names only those who earned something, or at least what it asks for."""
    some = rank(BOOK, Rank(code="r", title="r", top=9), standing(2, 1, 0, -4))
    few = rank(BOOK, Rank(code="r", title="r", top=9, least=D(2)), standing(2, 1))

    assert [(1, "a"), (2, "b")] == listed(some)
    assert [(1, "a")] == listed(few)


def test_direct_award_is_not_computed():
    """An award that people decide has no computed list."""
    assert () == rank(BOOK, Rank(code="r", title="r", top=9, direct=True), standing(5))


STARS = (
    Star(code="two", title="两星", at=D(80)), Star(code="three", title="三星", at=D(150)),
    Star(code="month", title="月星", at=D(1), each="month"),
    Star(code="polite", title="文明", at=D(10), kind="honour", of="balance"),
)
STARRED = rulebook(rule(points(1)), kinds=(Kind(), Kind(code="honour")), stars=STARS)


@pytest.mark.parametrize(("earned", "expected"), [
    (150, ["three"]), (149, ["two"]), (80, ["two"]), (79, []),
])
def test_highest_star_counts(earned, expected):
    """A bound belongs to its star, and the highest star that is reached counts."""
    found = stars(STARRED, [credit("a", earned)], YEAR)

    assert expected == [star.code for star in found.get("a", ())]


def test_stars_of_other_periods_and_kinds():
    """Each kind has its own star, each period its own stars."""
    month = Period(date(2026, 3, 1), date(2026, 3, 31))

    by_year = stars(STARRED, [credit("a", 80)], YEAR, balances={("a", "honour"): 10})
    by_month = stars(STARRED, [credit("a", 80)], month, each="month")

    assert ["polite", "two"] == sorted(star.code for star in by_year["a"])
    assert ["month"] == [star.code for star in by_month["a"]]


@pytest.mark.parametrize(("at_included", "earned", "expected"), [
    (True, 1500, True), (False, 1500, False), (False, 1501, True),
])
def test_bound_of_a_star(at_included, earned, expected):
    """A star may begin above its bound only; bounds are in points, not in smallest parts."""
    book = rulebook(rule(points(1)), kinds=(TENTHS,))
    star = Star(code="s", title="s", at=D(150), at_included=at_included)

    assert expected is has_star(book, star, Total(holder="a", earned=earned))
