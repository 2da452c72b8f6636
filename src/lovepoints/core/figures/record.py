"""The service of one volunteer: time that was confirmed, by rule, for a certificate."""

from __future__ import annotations

from decimal import Decimal

import attrs

from lovepoints.core.deeds import Status
from lovepoints.core.figures.people import minutes_of
from lovepoints.core.rows import DeedRow
from lovepoints.core.store import Rows


@attrs.frozen(kw_only=True)
class Service:
    """So many `times` and minutes of one kind of service."""

    rule: str
    times: int
    minutes: Decimal


def services(
    rows: Rows, records: tuple[str, ...], first: str, last: str, hidden: frozenset[str],
) -> tuple[Service, ...]:
    """What somebody (by her ids) did in these days (ISO, both included) and was confirmed, by
    rule; the rules in `hidden` are left out, for a certificate is shown around."""
    found: dict[str, list[Decimal]] = {}
    for one in records:
        for deed in rows.find(DeedRow, "by_doer", one, low=first, high=last):
            minutes = minutes_of(deed.details.get("quantities", {}))
            if deed.status == Status.CONFIRMED and deed.rule not in hidden and minutes:
                found.setdefault(deed.rule, []).append(minutes)
    return tuple(Service(rule=rule, times=len(each), minutes=sum(each, Decimal(0)))
                 for rule, each in sorted(found.items()))
