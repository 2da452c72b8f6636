"""The dates of points: from when a credit can be spent, until when it lasts, when kinds are
cleared, and on which days the shop hands out. Pure calendar; nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from lovepoints.core.deeds import Facts
from lovepoints.core.journal import Opens
from lovepoints.core.rating.worth import exact
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.terms import Clearing, Days, Kind, Validity
from lovepoints.core.values import NEVER, Calendar, Micros, days_in_month

_LOOK_AHEAD_DAYS = 366 * 8 + 1
"""29 February comes again within eight years; a window that is shut so long is shut for good."""


def notice_days_of(rulebook: Rulebook, rule: Rule) -> int:
    """How many days a decision by this rule is on public notice."""
    if rule.deduction is not None:
        return rule.deduction.notice_days
    return rulebook.notice_days if rule.notice_days is None else rule.notice_days


def effective_on(rulebook: Rulebook, rule: Rule, decided_on: date) -> date:
    """The day after the last day of public notice; without notice the day of the decision.

    The day of the decision is not counted: 5 days of notice from the 1st end with the 6th.
    """
    notice = notice_days_of(rulebook, rule)
    return decided_on + timedelta(days=notice + 1) if notice else decided_on


def usable_on(rulebook: Rulebook, rule: Rule, decided_on: date) -> date:
    """The first day on which the points can be spent (or a deduction is taken)."""
    if rule.deduction is None and rulebook.usable == "at_once":
        return decided_on
    return effective_on(rulebook, rule, decided_on)


def earned_on(rulebook: Rulebook, rule: Rule, facts: Facts) -> date:
    """The day from which validity runs and that counts for rankings (`Rulebook.starts_on`).

    After a notice that is the day after its last one: a point that ends with the year must not
    be over before it could be used.
    """
    match rulebook.starts_on:
        case "deed_day":
            return facts.day
        case "confirm_day":
            return facts.decided_on
        case "notice_end":
            return effective_on(rulebook, rule, facts.decided_on)


def validity_of(rulebook: Rulebook, rule: Rule, kind: Kind) -> Validity:
    """How long points last: as the kind says, else the rule, else the rulebook."""
    return kind.validity or rule.validity or rulebook.validity


def lot_dates(
    rulebook: Rulebook, rule: Rule, kind: Kind, facts: Facts, points: int, calendar: Calendar,
) -> Opens:
    """When a credit of `points` smallest parts can be spent: [available_at, ends_at).

    `available_at` is 0 without a notice period: the points are there at once.
    """
    usable = usable_on(rulebook, rule, facts.decided_on)
    available_at = calendar.start_of(usable) if usable > facts.decided_on else 0
    validity = validity_of(rulebook, rule, kind)
    first = earned_on(rulebook, rule, facts)
    if validity.starts == "deed_end":
        first = facts.end_day or facts.day
    return Opens(available_at, _end(validity, kind, points, first, calendar))


def grant_dates(
    rulebook: Rulebook, kind: Kind, points: int, day: date, calendar: Calendar,
) -> Opens:
    """The dates of a credit that no deed earned (base points, a star's gift, an opening balance):
    there at once, as long as the kind or the rulebook lets points last from `day`."""
    return Opens(0, _end(kind.validity or rulebook.validity, kind, points, day, calendar))


def _end(validity: Validity, kind: Kind, points: int, first: date, calendar: Calendar) -> Micros:
    last = last_day(validity, kind, points, first, calendar)
    if last is None:
        return NEVER
    return calendar.start_of(last) if validity.last_day == "out" else calendar.end_of(last)


def last_day(
    validity: Validity, kind: Kind, points: int, first: date, calendar: Calendar,
) -> date | None:
    """The last day of a credit, or None if it never ends. `first` is the day it is counted from."""
    if validity.after is not None:
        return validity.after.after(first)
    if validity.at_end_of is not None:
        last = calendar.period(first, validity.at_end_of).last
        if last == date.max:
            return None
        return validity.extra.after(last) if validity.extra else last
    value = Fraction(points, int(10**kind.decimals))
    for size in validity.by_size:
        if size.to is None or value <= exact(size.to):
            return size.after.after(first) if size.after else None
    return None


def clearings_between(
    rulebook: Rulebook, kind: str, after: int, until: int, calendar: Calendar,
) -> tuple[tuple[Micros, Clearing], ...]:
    """The moments in (after, until] at which a kind is cleared, in order, with what is cleared.

    Both are instants; `until` should be a real one and not `NEVER`.
    """
    found = [
        (moment, clearing)
        for clearing in rulebook.clearings if clearing.kind == kind
        for moment in _moments(clearing, after, until, calendar)
    ]
    return tuple(sorted(found, key=lambda pair: pair[0]))


def _moments(clearing: Clearing, after: int, until: int, calendar: Calendar) -> Iterator[Micros]:
    month, day = clearing.on
    for year in range(calendar.day_of(after).year, calendar.day_of(until).year + 1):
        on = date(year, month, min(day, days_in_month(year, month)))
        if after < (moment := calendar.instant(on, clearing.at)) <= until:
            yield moment


def open_on(days: Days, day: date, *, is_switched_on: bool = False) -> bool:
    """Whether the shop hands out on this day. A switched window is open while staff say so."""
    if days.switched:
        return is_switched_on
    if days.weekdays:
        return day.weekday() in days.weekdays
    if days.month_days:
        return day.day in days.month_days or (
            day.day - days_in_month(day.year, day.month) - 1 in days.month_days)
    if days.dates:
        return day in days.dates
    if days.between:
        return any(_lies_between(day, first, last) for first, last in days.between)
    return True


def open_at(days: Days, instant: int, calendar: Calendar, *, is_switched_on: bool = False) -> bool:
    """Whether the shop hands out at this instant: the day, and the hours from first to last."""
    moment = calendar.local(instant)
    if days.hours and not days.hours[0] <= moment.time() < days.hours[1]:
        return False
    return open_on(days, moment.date(), is_switched_on=is_switched_on)


def next_open(days: Days, after: date) -> date | None:
    """The first open day later than `after`; None if none is known (a switched window)."""
    if days.switched:
        return None
    if days.dates:
        return min((day for day in days.dates if day > after), default=None)
    for ahead in range(1, _LOOK_AHEAD_DAYS):
        if open_on(days, day := after + timedelta(days=ahead)):
            return day
    return None


def _lies_between(day: date, first: tuple[int, int], last: tuple[int, int]) -> bool:
    today = (day.month, day.day)
    if first <= last:
        return first <= today <= last
    # Over the turn of the year: 20 December to 10 January.
    return today >= first or today <= last
