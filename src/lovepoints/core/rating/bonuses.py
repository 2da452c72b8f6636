"""What other deeds and other doers change in a worth: shares, first report, streak, repetition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from lovepoints.core.rating.sheet import Sheet, has_all, paid, parts_of
from lovepoints.core.rating.worth import exact, plain, smallest_parts
from lovepoints.core.rows import Credit
from lovepoints.core.rulebook import Repeat, Streak
from lovepoints.core.terms import Kind
from lovepoints.core.values import Calendar, Period, Span, point_unit

_CHUNK = 32
"""How many periods of a run are read at a time."""


def bound(sheet: Sheet) -> None:
    """Hold plain points between the rule's `least` and `most` per deed."""
    rule = sheet.rule
    for kind in sheet.plain_kinds:
        amount = sheet.amounts[kind.code]
        if rule.least is not None and amount < (least := parts_of(rule.least, kind)):
            sheet.change("least", kind, least, rule.clause)
        elif rule.most is not None and amount > (most := parts_of(rule.most, kind)):
            sheet.change("most", kind, most, rule.clause, lost=amount - most)


def share(sheet: Sheet) -> None:
    """Give this doer the own share of a joint deed. Without `weights` everybody has it all."""
    rule, facts = sheet.rule, sheet.facts
    if not rule.weights or facts.doers < 2:
        return
    for kind in sheet.kinds():
        amount = shares(sheet.amounts[kind.code], rule.weights, facts.doers)[facts.position]
        sheet.change("share", kind, amount, rule.clause, position=facts.position + 1,
                     doers=facts.doers)


def shares(amount: int, weights: Sequence[int], doers: int) -> list[int]:
    """`amount` split among joint doers, exactly: what is left over by rounding down goes to the
    largest remainders, the earlier doer first.

    The last weight stands for all further doers, so that `(1,)` splits evenly.

    >>> shares(10, (60, 20, 20), 3), shares(10, (1,), 3), shares(8, (60, 20, 20), 2)
    ([6, 2, 2], [4, 3, 3], [6, 2])
    """
    own = [weights[min(position, len(weights) - 1)] for position in range(doers)]
    total = sum(own) or 1
    split = [amount * weight // total for weight in own]
    by_remainder = sorted(range(doers), key=lambda position: -(amount * own[position] % total))
    for position in by_remainder[: amount - sum(split) if any(own) else 0]:
        split[position] += 1
    return split


def first_only(sheet: Sheet) -> None:
    """Give later reporters of the same thing no more than `first.later`."""
    first, facts = sheet.rule.first, sheet.facts
    if first is None or not has_all(first.same, facts):
        return
    same = {name: facts.same[name] for name in first.same}
    if not is_later(facts.day, sheet.history.earlier_reports(sheet.rule.code, same), first.within):
        return
    for kind in sheet.kinds():
        later = parts_of(first.later, kind) if kind in sheet.plain_kinds else 0
        amount = sheet.amounts[kind.code]
        if later < amount:
            sheet.change("reported_before", kind, later, sheet.rule.clause, lost=amount - later,
                         within=str(first.within))


def is_later(day: date, earlier: Iterable[date], within: Span) -> bool:
    """Whether a report of this day comes `within` the span after the first report of its thing.

    `earlier`: the days of the reports before it, in order. Later reports do not prolong the span:
    once it is over the next report is a first one again.

    >>> days = [date(2026, 3, 1), date(2026, 3, 3)]
    >>> [is_later(date(2026, 3, day), days, Span(3, "day")) for day in (4, 5)]
    [True, False]
    """
    last: date | None = None
    for one in earlier:
        if last is None or one > last:
            last = within.after(one)
    return last is not None and day <= last


def add_streak(sheet: Sheet) -> None:
    """Add the bonus of a run of days (weeks, months) that this deed completes.

    Counted so that the order of confirmations never matters: a deed earns the difference between
    the whole runs with it and without it.
    """
    streak = sheet.rule.streak
    if streak is None or not sheet.times:
        return
    calendar, day = sheet.calendar, sheet.facts.counts_on
    period = calendar.period(day, streak.each)
    if _has_deed(sheet, period):
        return
    before, after = _run(sheet, streak, period, -1), _run(sheet, streak, period, 1)
    length = streak.length
    if (before + 1 + after) // length == before // length + after // length:
        return
    for kind in sheet.plain_kinds:
        amount = sheet.amounts[kind.code] + parts_of(streak.points, kind)
        sheet.change("streak", kind, amount, sheet.rule.clause, length=length, each=streak.each)


def _run(sheet: Sheet, streak: Streak, period: Period, way: int) -> int:
    """How many periods in a row have a deed of the rule, going `way` (-1 back, 1 on)."""
    run, reach = 0, _neighbour(sheet.calendar, streak, period, way)
    while True:
        chunk = [reach]
        while len(chunk) < _CHUNK:
            chunk.append(_neighbour(sheet.calendar, streak, chunk[-1], way))
        days = _days_with_deeds(sheet, chunk[0], chunk[-1])
        for one in chunk:
            if not any(day in one for day in days):
                return run
            run += 1
        reach = _neighbour(sheet.calendar, streak, chunk[-1], way)


def _neighbour(calendar: Calendar, streak: Streak, period: Period, way: int) -> Period:
    edge = period.first if way < 0 else period.last
    return calendar.period(edge + timedelta(days=way), streak.each)


def _has_deed(sheet: Sheet, period: Period) -> bool:
    return bool(_days_with_deeds(sheet, period, period))


def _days_with_deeds(sheet: Sheet, one: Period, other: Period) -> set[date]:
    span = Period(min(one.first, other.first), max(one.last, other.last))
    # An earlier stage of the same deed has had its bonus, though it is no time of its own.
    return {date.fromisoformat(row.day)
            for row in sheet.history.credits("resident", sheet.facts.doer, span)
            if row.rule == sheet.rule.code and (row.times or sheet.is_own(row))}


def repeat(sheet: Sheet) -> None:
    """Multiply a deduction that comes again within the rulebook's span."""
    deduction = sheet.rule.deduction
    again = deduction.repeat if deduction else None
    if again is None:
        return
    earlier = _earlier_deductions(sheet, again)
    for kind in sheet.kinds() if earlier else ():
        base = sheet.amounts[kind.code]
        if again.on == "last":
            base = _last_taken(earlier, kind) or base
        amount = smallest_parts(Fraction(base) * exact(again.factor), 0, kind.rounding)
        sheet.change("repeated", kind, amount, sheet.rule.clause, factor=plain(again.factor),
                     earlier=len({row.deed for row in earlier}), within=str(again.within))


def _earlier_deductions(sheet: Sheet, again: Repeat) -> list[Credit]:
    day, codes = sheet.facts.counts_on, sheet.rulebook.group_codes(sheet.rule.code)
    rows = sheet.history.credits(
        "resident", sheet.facts.doer, Period(again.within.before(day), day))
    return [
        row for row in rows
        if (row.times or row.points) and not sheet.is_own(row)
        and (row.rule == sheet.rule.code
             or (again.per == "group" and row.points < 0
                 and codes & sheet.rulebook.group_codes(row.rule)))
    ]


def _last_taken(earlier: Sequence[Credit], kind: Kind) -> int:
    unit = point_unit(kind.code)
    rows = [row for row in earlier if row.unit == unit]
    last = max(rows, key=lambda row: (row.day, row.seq), default=None)
    return paid([last], kind) if last else 0
