"""The past that rating may ask for, read from the rows of the book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from lovepoints.core.deeds import Status
from lovepoints.core.lineage import counted_with
from lovepoints.core.rows import Balance, Bar, Credit, DeedRow
from lovepoints.core.store import Rows
from lovepoints.core.values import Period

_GONE = (Status.REJECTED, Status.WITHDRAWN, Status.DUPLICATE)
_INDEX = {
    "resident": "by_doer", "holder": "by_holder", "household": "by_household", "area": "by_area",
    "event": "by_event", "place": "by_place", "matter": "by_matter",
}


@attrs.frozen
class RowsHistory:
    """A `History` over rows, as one deed's `stage` sees it while it is decided.

    The stage itself is left out; what the deed's other stages were paid counts in points, but
    not as a further time.
    """

    rows: Rows
    deed: DeedRow
    stage: str = ""

    def credits(self, per: str, who: str, period: Period) -> Iterator[Credit]:
        """Live credits of a scope whose counting day lies in the period."""
        first, last = period.first.isoformat(), period.last.isoformat()
        if per == "community":
            found = self._between("by_day", (), first, last)
        elif per in ("event", "place", "matter"):
            found = [row for row in self.rows.find(Credit, _INDEX[per], who)
                     if first <= row.day <= last]
        elif per in ("resident", "holder", "household"):
            found = [row for one, until in counted_with(self.rows, who)
                     for row in self._between(_INDEX[per], (one,), first, last)
                     if not until or row.day <= until]
        else:
            found = self._between(_INDEX[per], (who,), first, last)
        for credit in found:
            if credit.deed != self.deed.id:
                yield credit
            elif credit.stage != self.stage:
                yield attrs.evolve(credit, times=0)

    def _between(self, index: str, who: tuple[str, ...], first: str, last: str) -> list[Credit]:
        """Credits between two days. Most deeds come after all others of their doer, and the store
        has the newest credit at hand: then there is nothing to look for."""
        newest = self.rows.find(Credit, index, *who, reverse=True, limit=1)
        if not newest or newest[0].day < first:
            return []
        return self.rows.find(Credit, index, *who, low=first, high=last)

    def earlier_reports(self, rule: str, same: Mapping[str, str]) -> list[date]:
        """The days of reports of the same thing that came before this one and still stand."""
        name = next((one for one in ("matter", "place", "event") if same.get(one)), "")
        if not name:
            return []
        found = [
            row for row in self.rows.find(DeedRow, f"by_{name}", same[name])
            if row.rule == rule and row.seq < self.deed.seq and row.status not in _GONE
            and all(getattr(row, fact) == value for fact, value in same.items())
        ]
        return [date.fromisoformat(row.day) for row in sorted(found, key=lambda row: row.seq)]

    def balance(self, holder: str, unit: str) -> int:
        """Free and held points less what is owed."""
        return shown_balance(self.rows, holder, unit)

    def bars(self, holder: str, what: str, day: date) -> date | None:
        """The last day of the longest bar that holds on `day`."""
        return barred_until(self.rows, holder, what, day)


def shown_balance(rows: Rows, holder: str, unit: str) -> int:
    """What a passbook shows of a unit: free + held - owed, in smallest parts."""
    base = f"passbook/{holder}"
    accounts = (base, base + "/held", base + "/owed")
    found = (rows.get(Balance, account, unit) for account in accounts)
    return sum(balance.amount for balance in found if balance)


def barred_until(rows: Rows, holder: str, what: str, day: date) -> date | None:
    """The last day of the longest bar of `what` that holds on `day`, or None."""
    text = day.isoformat()
    ends = [bar.until for bar in rows.find(Bar, "", holder, what)
            if bar.since <= text <= bar.until]
    return date.fromisoformat(max(ends)) if ends else None
