"""The life of an aid case and of a pairing: reviewed by a day, visited every so many days.

Both end on a day and are never opened again: who needs help again gets a new case, so that the
past stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, TypeVar

from lovepoints.core.deeds import Refusal
from lovepoints.core.rows import FOR_EVER
from lovepoints.core.rows_aid import AidCaseRow, PairingRow
from lovepoints.errors import Code

LEVEL_MAX = 9
"""Levels of need go from 1, the most urgent one, to this."""
EVERY_MAX = 366
"""The most days between two visits."""
STEPS_MAX = 20
"""The most steps of a plan."""
Change = dict[str, Any]  # Any: JSON values
Row = TypeVar("Row", AidCaseRow, PairingRow)


def is_open(row: AidCaseRow | PairingRow, day: str) -> bool:
    """Whether a case or a pairing holds on an ISO day; the day it ends on belongs to it."""
    return row.since <= day <= row.until


def ended(row: AidCaseRow | PairingRow, day: str, what: str) -> Change | Refusal:
    """The columns that change when a case or a pairing ends; `day` is its last one."""
    if row.until != FOR_EVER:
        return Refusal(Code.STATE_NOT_FITTING, {"what": what, "state": "closed"})
    if day < row.since:
        raise ValueError(f"the last day {day} lies before {row.since}")
    return {"id": row.id, "until": day}


def reviewed(row: AidCaseRow, level: int, steps: int, review_by: str) -> Change | Refusal:
    """The columns that change when a case is looked at again."""
    if row.until != FOR_EVER:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "review", "state": "closed"})
    return {"id": row.id, "review_by": review_by,
            "details": {**row.details, "level": level, "steps": steps}}


def visited(row: PairingRow, day: str) -> Change | Refusal:
    """The columns that change with a visit: one a day, and the next one is due from the latest."""
    if not is_open(row, day):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "visit", "state": "not paired"})
    days = row.details["days"]
    if day in days:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "visit", "state": f"visited {day}"})
    days = sorted([*days, day])
    return {"id": row.id, "due": next_visit(days[-1], row.details["every"]),
            "details": {**row.details, "days": days}}


def next_visit(day: str, every: int) -> str:
    """The day by which the visit after one on `day` is due."""
    return (date.fromisoformat(day) + timedelta(days=every)).isoformat()


def of_day(rows: Iterable[Row], day: str) -> list[Row]:
    """The cases or pairings that hold on a day."""
    return [row for row in rows if is_open(row, day)]
