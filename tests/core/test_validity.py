"""Dates: notice, validity, clearing, and the days on which the shop hands out."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from lovepoints.core.rating.validity import (
    clearings_between,
    earned_on,
    grant_dates,
    lot_dates,
    next_open,
    notice_days_of,
    open_at,
    open_on,
    usable_on,
    validity_of,
)
from lovepoints.core.rulebook import Deduction
from lovepoints.core.terms import Clearing, Days, Kind, Size, Validity
from lovepoints.core.values import NEVER, Span, micros
from tests.core.fakes import SHANGHAI, TENTHS, facts, points, rule, rulebook

D = Decimal
YEAR = Span(1, "year")


def moment(text: str) -> int:
    """A local time in Shanghai as an instant."""
    return micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")))


def ends(validity, on="2026-03-07", amount=5, kind=None, **told):
    """The instant at which a credit of a deed on this day ends."""
    book = rulebook(rule(points(5)), validity=validity, **told.pop("terms", {}))
    own = facts(on=on, **told)
    return lot_dates(book, book.rule("deed"), kind or Kind(), own, amount, SHANGHAI).ends_at


@pytest.mark.parametrize(("validity", "on", "last"), [
    (Validity(after=Span(12, "month")), "2026-03-01", "2027-03-01"),
    (Validity(after=Span(1, "month")), "2026-01-31", "2026-02-28"),  # bug 17
    (Validity(after=YEAR), "2028-02-29", "2029-02-28"),  # bug 17
    (Validity(after=YEAR), "2028-01-15", "2029-01-15"),  # bug 18
    (Validity(after=Span(5, "year")), "2026-06-30", "2031-06-30"),  # bug 18
    (Validity(after=Span(30, "day")), "2026-03-01", "2026-03-31"),
    (Validity(at_end_of="month"), "2026-02-01", "2026-02-28"),
    (Validity(at_end_of="year"), "2026-12-31", "2026-12-31"),
    (Validity(at_end_of="year", extra=Span(3, "month")), "2026-05-01", "2027-03-31"),
])
def test_last_day_still_counts(validity, on, last):
    """Spans are of calendar units; the last day itself counts, to local midnight."""
    assert SHANGHAI.end_of(date.fromisoformat(last)) == ends(validity, on)


def test_last_day_in_shanghai():  # bug 16
    """What is valid through 31 December is there at 23:59:59 and gone at 00:00:00."""
    found = ends(Validity(at_end_of="year"), "2026-05-01")

    assert moment("2026-12-31T23:59:59") < found
    assert moment("2027-01-01T00:00:00") == found


def test_last_day_left_out():
    """Where the last day is out, points end as it begins."""
    found = ends(Validity(after=Span(30, "day"), last_day="out"), "2026-03-01")

    assert moment("2026-03-31T00:00:00") == found


@pytest.mark.parametrize("validity", [Validity(), Validity(at_end_of="ever"),
                                      Validity(by_size=(Size(to=D(1), after=YEAR),)),
                                      Validity(by_size=(Size(),))])
def test_never(validity):
    """Without a term, and beyond all size classes, points do not end."""
    assert NEVER == ends(validity)


@pytest.mark.parametrize(("amount", "last"), [
    (150, "2026-09-07"), (151, "2027-09-07"),
])
def test_validity_by_size(amount, last):
    """Up to 15 points last six months, more last eighteen; in the kind's own parts."""
    sizes = (Size(to=D(15), after=Span(6, "month")), Size(after=Span(18, "month")))

    found = ends(Validity(by_size=sizes), amount=amount, kind=TENTHS)

    assert SHANGHAI.end_of(date.fromisoformat(last)) == found


@pytest.mark.parametrize(("end_day", "last"), [
    (date(2026, 12, 31), "2027-12-31"), (None, "2027-03-07"),
])
def test_lasting_state(end_day, last):
    """A lasting state counts from the day it ended."""
    found = ends(Validity(after=YEAR, starts="deed_end"), end_day=end_day)

    assert SHANGHAI.end_of(date.fromisoformat(last)) == found


@pytest.mark.parametrize(("starts_on", "expected"), [
    ("deed_day", "2026-03-07"), ("confirm_day", "2026-03-10"), ("notice_end", "2026-03-14"),
])
def test_day_it_is_earned(starts_on, expected):
    """Validity and rankings count from the day that the rulebook names."""
    book = rulebook(rule(points(5)), notice_days=3, starts_on=starts_on)

    found = earned_on(book, book.rule("deed"), facts(decided_on=date(2026, 3, 10)))

    assert date.fromisoformat(expected) == found


def test_without_notice_it_is_the_day_of_the_decision():
    """No notice: earned and usable at once."""
    book = rulebook(rule(points(5)))
    own = facts(decided_on=date(2026, 3, 10))

    assert date(2026, 3, 10) == earned_on(book, book.rule("deed"), own)
    assert 0 == lot_dates(book, book.rule("deed"), Kind(), own, 5, SHANGHAI).available_at


@pytest.mark.parametrize(("own", "usable", "days", "expected"), [
    (rule(points(5)), "after_notice", 3, "2026-03-11"),
    (rule(points(5)), "at_once", 3, "2026-03-07"),
    (rule(points(5), notice_days=0), "after_notice", 0, "2026-03-07"),
    (rule(points(5), deduction=Deduction(notice_days=7, appeal="x")), "at_once", 7, "2026-03-15"),
])
def test_notice(own, usable, days, expected):
    """Points wait for the end of their notice, unless the rulebook lets them be used before."""
    book = rulebook(own, notice_days=3, usable=usable)

    assert days == notice_days_of(book, own)
    assert date.fromisoformat(expected) == usable_on(book, own, date(2026, 3, 7))


def test_points_of_december_that_become_effective_in_january():
    """A point that ends with the year is not over before its notice is."""
    terms = {"notice_days": 3}

    found = ends(Validity(at_end_of="year"), "2026-12-28", terms=terms)

    assert SHANGHAI.end_of(date(2027, 12, 31)) == found


def test_whose_validity():
    """A kind's own validity comes before the rule's, the rule's before the rulebook's."""
    short, middle, long = (Validity(after=Span(count, "month")) for count in (1, 6, 12))
    book = rulebook(rule(points(1), "a"), rule(points(1), "b", validity=middle), validity=long)

    found = [validity_of(book, book.rule(code), kind)
             for code, kind in (("a", Kind()), ("b", Kind()), ("b", Kind(validity=short)))]

    assert [long, middle, short] == found


def test_dates_of_a_grant():
    """Base points are there at once and last as the kind or the rulebook says."""
    book = rulebook(rule(points(1)), validity=Validity(at_end_of="year"), notice_days=3)

    found = [grant_dates(book, kind, 100, date(2026, 3, 7), SHANGHAI)
             for kind in (Kind(), Kind(validity=Validity()))]

    assert [(0, SHANGHAI.end_of(date(2026, 12, 31))), (0, NEVER)] == [
        (dates.available_at, dates.ends_at) for dates in found]


# --- clearing

_YEARLY = Clearing(on=(1, 10), at=time(2, 0))


@pytest.mark.parametrize(("after", "until", "expected"), [
    ("2026-01-09T23:59", "2026-01-10T02:00", ["2026-01-10T02:00"]),
    ("2026-01-09T23:59", "2026-01-10T01:59", []),
    ("2026-01-10T02:00", "2027-01-10T01:59", []),
    ("2025-06-01T00:00", "2027-06-01T00:00", ["2026-01-10T02:00", "2027-01-10T02:00"]),
])
def test_clearing_moments(after, until, expected):
    """A yearly clearing happens at its local moment, once, from after the first to the last."""
    book = rulebook(rule(points(1)), clearings=(_YEARLY, Clearing(kind="honour")))

    found = clearings_between(book, "point", moment(after), moment(until), SHANGHAI)

    assert [(moment(text), _YEARLY) for text in expected] == list(found)


def test_clearing_on_the_last_of_february():
    """29 February is the 28th in other years."""
    book = rulebook(rule(points(1)), clearings=(Clearing(on=(2, 29)),))

    found = clearings_between(book, "point", moment("2027-01-01"), moment("2029-01-01"), SHANGHAI)

    assert [moment("2027-02-28"), moment("2028-02-29")] == [at for at, _ in found]


def test_two_clearings_come_in_order():
    """Several clearings of a kind are given by their moments."""
    book = rulebook(rule(points(1)), clearings=(Clearing(on=(12, 31)), Clearing(on=(6, 30))))

    found = clearings_between(book, "point", moment("2026-01-01"), moment("2027-06-01"), SHANGHAI)

    assert [moment("2026-06-30"), moment("2026-12-31")] == [at for at, _ in found]


# --- opening days

@pytest.mark.parametrize(("days", "day", "expected", "following"), [
    (Days(), "2026-03-07", True, "2026-03-08"),
    (Days(weekdays=(0, 4)), "2026-03-06", True, "2026-03-09"),
    (Days(weekdays=(0, 4)), "2026-03-07", False, "2026-03-09"),
    (Days(month_days=(-1,)), "2026-02-28", True, "2026-03-31"),
    (Days(month_days=(-1,)), "2026-02-27", False, "2026-02-28"),
    (Days(month_days=(31,)), "2026-04-30", False, "2026-05-31"),
    (Days(month_days=(5, 20)), "2026-03-05", True, "2026-03-20"),
    (Days(dates=(date(2026, 5, 1), date(2026, 3, 7))), "2026-03-07", True, "2026-05-01"),
    (Days(dates=(date(2026, 3, 7),)), "2026-03-08", False, None),
    (Days(between=(((3, 1), (3, 10)),)), "2026-03-10", True, "2027-03-01"),
    (Days(between=(((12, 20), (1, 10)),)), "2026-01-05", True, "2026-01-06"),
    (Days(between=(((12, 20), (1, 10)),)), "2026-03-05", False, "2026-12-20"),
    (Days(between=(((2, 29), (2, 29)),)), "2096-02-29", True, "2104-02-29"),
    (Days(switched=True), "2026-03-07", False, None),
    (Days(month_days=(40,)), "2026-03-07", False, None),
])
def test_opening_days(days, day, expected, following):
    """A window opens on its days; the next one is strictly later."""
    on = date.fromisoformat(day)

    assert expected is open_on(days, on)
    assert (following and date.fromisoformat(following)) == next_open(days, on)


def test_window_that_staff_switch():
    """A switched window is open exactly while staff say so."""
    assert open_on(Days(switched=True), date(2026, 3, 7), is_switched_on=True)


@pytest.mark.parametrize(("at", "expected"), [
    ("2026-03-07T08:59", False), ("2026-03-07T09:00", True), ("2026-03-07T10:59", True),
    ("2026-03-07T11:00", False), ("2026-03-08T09:30", False),
])
def test_opening_hours(at, expected):
    """On an open day the shop hands out from its first hour until its last."""
    days = Days(weekdays=(5,), hours=(time(9), time(11)))

    assert expected is open_at(days, moment(at), SHANGHAI)
