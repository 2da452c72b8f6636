"""Limits: how much room is left under a cap, a once-rule or a budget, and who must stay below.

A limit looks at credits by their counting day. In a calendar period (`each`) it adds up what the
period holds. In a rolling span (`within`) it looks at every window of that length that holds the
deed's day and takes the fullest, so that deeds may be confirmed in any order.

Stacked limits bind in this order, so that their own order in the file never matters: times
first; then of those in points all that take a part (the tightest wins), all that take nothing,
all that ask, all that queue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

import attrs

from lovepoints.core.deeds import QUANTITY_SCALE, Refusal
from lovepoints.core.points import Points
from lovepoints.core.rating.sheet import Sheet, has_all, is_same, shown
from lovepoints.core.rating.worth import counted_quantity, plain, stepped, to_steps
from lovepoints.core.rows import Credit
from lovepoints.core.terms import Kind, Limit
from lovepoints.core.values import AMOUNT_MAX, Calendar, Period, point_unit, to_minor

_EDGE = timedelta(days=3)
"""Month ends shift a look-back by up to three days; a window is fetched that much wider."""
_ORDER = ("part", "none", "ask", "queue", "warn")


@attrs.frozen
class Room:
    """What a limit allows and what is used of it: smallest parts, times, or millionths."""

    limit: Limit
    allowed: int
    used: int

    @property
    def left(self) -> int:
        """What is left; never negative."""
        return max(0, self.allowed - self.used)

    @property
    def is_warning(self) -> bool:
        """Whether so much is used that people should be told (`Limit.warn_at` percent)."""
        return self.used * 100 >= self.allowed * self.limit.warn_at


def room(sheet: Sheet, limit: Limit, kind: Kind | None = None) -> Room:
    """What a limit leaves for this deed. `kind` is given for limits in points."""
    unit, known = point_unit(kind.code) if kind else "", sheet.uses
    used = known.used(limit, unit, sheet.facts) if known else None
    if used is None:
        used = _fullest(limit, sheet.facts.counts_on, _uses(sheet, limit, unit))
        if known:
            known.learn(limit, unit, sheet.facts, used)
    return Room(limit, allowed_by(limit, kind.decimals if kind else 0), used)


def allowed_by(limit: Limit, decimals: int) -> int:
    """The most of a limit: smallest parts of a kind with `decimals`, times, or millionths."""
    match limit.of:
        case "points":
            return to_minor(limit.most, decimals)
        case "times":
            return int(limit.most)
        case "quantity":
            return to_minor(limit.most, QUANTITY_SCALE)


def _uses(sheet: Sheet, limit: Limit, unit: str) -> list[tuple[str, int]]:
    """What credits of the past use of a limit, with their days."""
    credits = _credits(sheet, limit)
    if limit.of == "times":
        return _once_each(credits, sheet, lambda row: row.times)
    if limit.of == "quantity":
        return _once_each(credits, sheet, lambda row: row.quantity)
    return [(row.day, abs(row.points)) for row in credits
            if row.unit == unit and sheet.is_same_sign(row)]


def cut_quantities(sheet: Sheet) -> None:
    """Cut the counted quantity to what limits `of = "quantity"` leave of it.

    `none` leaves nothing of a quantity that goes over; `ask` and `queue` speak of points, and
    here take a part like `part`.
    """
    name = counted_quantity(sheet.form) or _also_counted(sheet)
    for limit in _applying(sheet, "quantity"):
        if name not in sheet.quantities:
            return
        quantity = sheet.quantities[name]
        left = room(sheet, limit)
        granted = _fitting(sheet.form, quantity, _in_units(left.left))
        if granted == quantity:
            continue
        if limit.crossing == "warn":
            sheet.note("limit_warned", limit.clause, limit=limit.code)
            continue
        if limit.crossing == "none":
            granted = Decimal(0)
        sheet.quantities = {**sheet.quantities, name: granted}
        sheet.note("limit_quantity", limit.clause, limit=limit.code, unit=name,
                   quantity=plain(quantity), counted=plain(granted),
                   allowed=plain(limit.most), used=plain(_in_units(left.used)))
        if not granted:
            sheet.times = 0


def _in_units(millionths: int) -> Decimal:
    return Decimal(millionths).scaleb(-QUANTITY_SCALE)


def limit_times(sheet: Sheet) -> None:
    """Pay nothing (or let it wait) when a limit in times is used up."""
    for limit in _applying(sheet, "times"):
        left = room(sheet, limit)
        if left.left:
            continue
        facts = {"limit": limit.code, "allowed": left.allowed, "used": left.used}
        if limit.crossing == "warn":
            sheet.note("limit_warned", limit.clause, **facts)
        elif limit.crossing == "queue":
            sheet.times = 0
            for kind in sheet.kinds():
                _queue(sheet, kind, 0, left)
        else:
            sheet.stop("limit_times", limit.clause, **facts)
            return


def limit_points(sheet: Sheet) -> Refusal | None:
    """Hold every kind under all its limits in points."""
    limits = _applying(sheet, "points")
    for kind in sheet.kinds() if limits else ():
        for left in _tightest_first(sheet, limits, kind):
            if sheet.amounts[kind.code] > left.left and (refusal := _cross(sheet, kind, left)):
                return refusal
    return None


def has_times_left(sheet: Sheet) -> bool:
    """Whether no limit in times stands against one deed more."""
    return all(limit.crossing == "warn" or room(sheet, limit).left
               for limit in _applying(sheet, "times"))


def points_left(sheet: Sheet, kind: Kind) -> int:
    """How many smallest parts of a kind all its limits together leave."""
    rooms = _tightest_first(sheet, _applying(sheet, "points"), kind)
    return min((one.left for one in rooms if one.limit.crossing != "warn"), default=AMOUNT_MAX)


def _cross(sheet: Sheet, kind: Kind, left: Room) -> Refusal | None:
    """What happens to the deed that goes over a limit in points."""
    limit, amount = left.limit, sheet.amounts[kind.code]
    facts = {"limit": limit.code, "allowed": left.allowed, "used": left.used, "left": left.left}
    if limit.crossing == "warn":
        sheet.note("limit_warned", limit.clause, **facts, kind=kind.code)
    elif limit.crossing == "queue":
        _queue(sheet, kind, left.left, left)
    elif limit.crossing == "ask":
        granted = sheet.chosen(kind, left.left, limit=limit.code, worth=shown(amount, kind))
        if isinstance(granted, Refusal):
            return granted
        sheet.change("limit_asked", kind, granted, limit.clause, **facts, lost=amount - granted)
    elif limit.crossing == "none" or not left.left:
        code = "limit_none" if left.left else "limit_full"
        sheet.change(code, kind, 0, limit.clause, **facts, lost=amount)
    else:
        sheet.change("limit_part", kind, left.left, limit.clause, **facts, lost=amount - left.left)
    return None


def _queue(sheet: Sheet, kind: Kind, now: int, left: Room) -> None:
    rest = sheet.amounts[kind.code] - now
    unit = point_unit(kind.code)
    sheet.waiting[unit] = sheet.waiting.get(unit, 0) + rest
    sheet.change("limit_queued", kind, now, left.limit.clause, limit=left.limit.code,
                 allowed=left.allowed, used=left.used, waiting=rest)


def _applying(sheet: Sheet, of: str) -> list[Limit]:
    """The limits of one measure that apply to this deed, in the order in which they bind."""
    facts = sheet.facts
    found = [limit for limit in sheet.rulebook.limits_on(sheet.rule.code)
             if limit.of == of and has_all(limit.same, facts)
             and (limit.per != "area" or facts.area)]
    return sorted(found, key=lambda limit: _ORDER.index(limit.crossing)) if found[1:] else found


def _tightest_first(sheet: Sheet, limits: Iterable[Limit], kind: Kind) -> list[Room]:
    """The room under each limit on a kind. Of those that take a part the tightest comes first."""
    is_plain = kind in sheet.plain_kinds
    rooms = [room(sheet, limit, kind) for limit in limits
             if limit.kind == kind.code or (is_plain and not limit.kind)]
    # The sort is stable: crossings keep their order, equals the order of the file.
    return sorted(rooms, key=lambda one: (_ORDER.index(one.limit.crossing), one.left))


def _credits(sheet: Sheet, limit: Limit) -> list[Credit]:
    """The credits that use this limit up, other stages of this deed included."""
    if limit.code not in sheet.looked_up:
        found = _in_scope(sheet, limit)
        if limit.rules or limit.groups:
            under = sheet.rulebook.rules_under(limit)
            found = (row for row in found if row.rule in under)
        if limit.same:
            found = (row for row in found if is_same(row, limit.same, sheet.facts))
        sheet.looked_up[limit.code] = list(found)
    return sheet.looked_up[limit.code]


def _in_scope(sheet: Sheet, limit: Limit) -> Iterable[Credit]:
    facts, history = sheet.facts, sheet.history
    period = window(limit, facts.counts_on, sheet.calendar)
    match limit.per:
        case "deed":
            return _of_this_deed(sheet)
        case "resident":
            return history.credits("resident", facts.doer, period)
        case "household" if facts.household:
            return history.credits("household", facts.household, period)
        case "household" | "holder":
            # Somebody without a household stands alone, with the own passbook.
            return history.credits("holder", facts.holder, period)
        case "area":
            return history.credits("area", facts.area, period)
        case "community" if limit.same:
            name = limit.same[0]
            return history.credits(name, facts.same[name], period)
        case "community":
            return history.credits("community", "", period)


def _of_this_deed(sheet: Sheet) -> list[Credit]:
    """What this deed was paid at other stages, and what its other doers were just paid."""
    facts, history = sheet.facts, sheet.history
    found: list[Credit] = []
    if sheet.rule.stages:
        found += history.credits("resident", facts.doer, sheet.calendar.period(facts.day, "ever"))
    if facts.doers > 1:
        today = sheet.calendar.period(facts.counts_on, "day")
        found += (row for row in history.credits("community", "", today)
                  if row.doer != facts.doer)
    return [row for row in found if row.deed == facts.deed]


def window(limit: Limit, day: date, calendar: Calendar) -> Period:
    """The days whose credits can matter to a limit on this day."""
    if limit.within is None:
        return calendar.period(day, limit.each or "ever")
    return Period(limit.within.before(day), limit.within.after(day) + _EDGE)


def _fullest(limit: Limit, day: date, uses: list[tuple[str, int]]) -> int:
    if limit.within is None or not uses:
        return sum(amount for _, amount in uses)
    ends = {day, *(date.fromisoformat(used) for used, _ in uses)}
    windows = [Period(limit.within.before(end), end) for end in ends]
    return max(
        sum(amount for used, amount in uses if date.fromisoformat(used) in period)
        for period in windows if day in period
    )


def _once_each(
    credits: Iterable[Credit], sheet: Sheet, measure: Callable[[Credit], int],
) -> list[tuple[str, int]]:
    """One use a deed and doer, however many kinds and stages it was paid in; never this one."""
    most: dict[tuple[str, str], tuple[str, int]] = {}
    for row in credits:
        is_taking = row.points < 0
        if sheet.is_own(row) or (is_taking and not sheet.rule.deduction):
            continue
        key = (row.deed, row.doer)
        if measure(row) > most.get(key, ("", 0))[1]:
            most[key] = (row.day, measure(row))
    return list(most.values())


def _fitting(form: Points | None, quantity: Decimal, left: Decimal) -> Decimal:
    """The quantity that may count: all of it if it fits, else what fits, never rounded up."""
    if stepped(form, quantity) <= left:
        return quantity
    step = getattr(form, "step", None)
    return to_steps(left, step)


def _also_counted(sheet: Sheet) -> str:
    """The quantity of a rule whose plain points need none, but whose further kinds do."""
    names = (counted_quantity(points) for points in sheet.rule.also.values())
    return next((name for name in names if name), "")
