"""What has ended by now, and until when nothing else does: so long an answer may be told again.

Whatever `dues.next_due` goes by must be looked at here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lovepoints.core.passbooks import awarding, passbook
from lovepoints.core.passbooks.yearly import Terms
from lovepoints.core.rows import Balance, Due, Lot, RedemptionRow
from lovepoints.core.store import Rows
from lovepoints.core.values import Calendar, point_unit

Order = tuple[type[Any], str, tuple[int | str, ...], str]  # Any: records of many tables
"""An order of rows by their end: record, index, what its first columns are, and the end."""
LOTS: Order = (Lot, "by_end", (), "ends_at")
DUES: Order = (Due, "by_time", (0,), "at")
HELD: Order = (RedemptionRow, "by_state", ("held",), "lapses_at")


def ended(rows: Rows, order: Order, now: int) -> list[Any]:  # Any: of the order's record
    """The rows that have ended by now. Mostly the very first one tells that none has."""
    record, index, equal, end = order
    first = rows.find(record, index, *equal, limit=1)
    if not first or getattr(first[0], end) > now:
        return []
    return rows.find(record, index, *equal, high=now)


def until(rows: Rows, now: int, terms: Terms, calendar: Calendar) -> int:
    """The first moment after `now` at which the calendar may do anything to anybody."""
    return min([*_hours(now, terms, calendar),
                *(end for order in (LOTS, DUES, HELD) for end in _next(rows, order, now))])


def holders_until(
    rows: Rows, holder: str, now: int, terms: Terms, calendar: Calendar,
) -> int:
    """The same of one passbook, of whose lots some may begin to be usable then. Not for one that
    others were merged into."""
    lots = awarding.passbook_lots(rows, holder)
    moments = [lot.ends_at for lot in lots]
    moments += [lot.available_at for lot in lots]
    moments += [due.at for due in rows.find(Due, "by_holder", holder, 0)]
    if has_held(rows, holder, terms):
        moments += [row.lapses_at for row in rows.find(RedemptionRow, "by_holder", holder)]
    return min([*_hours(now, terms, calendar), *[one for one in moments if one > now]])


def has_held(rows: Rows, holder: str, terms: Terms) -> bool:
    """Whether anything is set aside from a passbook, as every reservation does."""
    account = passbook.held(passbook.passbook(holder))
    units = dict.fromkeys(point_unit(kind.code) for _, one in terms for kind in one.kinds)
    found = (rows.get(Balance, account, unit) for unit in units)
    return any(balance.amount for balance in found if balance)


def _hours(now: int, terms: Terms, calendar: Calendar) -> Iterator[int]:
    """The end of today, and the hours of clearings before it."""
    today = calendar.day_of(now)
    yield calendar.end_of(today)
    for hour in {clearing.at for _, one in terms for clearing in one.clearings}:
        if (moment := calendar.instant(today, hour)) > now:
            yield moment


def _next(rows: Rows, order: Order, now: int) -> list[int]:
    """The first end after now, if there is one."""
    record, index, equal, end = order
    first = rows.find(record, index, *equal, limit=1)
    if first and getattr(first[0], end) <= now:
        first = rows.find(record, index, *equal, low=now + 1, limit=1)
    return [getattr(row, end) for row in first]
