"""The life of an occurrence: who has a place, who waits, who was there, and what it came to.

planned -> held; or cancelled. Both ends can be opened again. No more people have a place than there
are places; who waits moves up in the order of signing up. Whoever comes is let in, signed up or
not: attendance is a fact, not a permission.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Literal, get_args

from lovepoints.core.deeds import Refusal
from lovepoints.core.rows_activities import OccurrenceRow
from lovepoints.core.values import Span
from lovepoints.errors import Code

Every = Literal["", "day", "week", "month"]
EVERY: tuple[Every, ...] = get_args(Every)
OCCURRENCES_MAX = 400
"""One plan makes no more occurrences than this."""
_MINUTE = 60_000_000
Change = dict[str, Any]  # Any: JSON values
Been = Mapping[str, int]


class OccurrenceState(StrEnum):
    """Where an occurrence stands."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


_PLANNED, _HELD, _CANCELLED = OccurrenceState
MOVES: Mapping[str, tuple[OccurrenceState, ...]] = {
    "sign_up": (_PLANNED,), "withdraw": (_PLANNED,), "check_in": (_PLANNED,),
    "check_out": (_PLANNED,), "attend": (_PLANNED,), "close": (_PLANNED,), "award": (_HELD,),
    "cancel": (_PLANNED, _HELD), "reopen": (_HELD, _CANCELLED),
}
"""The states from which an occurrence may make each move."""


def wrong_move(row: OccurrenceRow, move: str) -> Refusal | None:
    """The refusal of a move that does not fit the occurrence's state, or None."""
    if row.state in MOVES[move]:
        return None
    return Refusal(Code.STATE_NOT_FITTING, {"what": move, "state": row.state})


def days_of(since: date, until: date, every: Every) -> list[date]:
    """The days of a pattern; a month without that day has its last one instead."""
    days: list[date] = []
    day, count = since, 0
    while day <= until and len(days) <= OCCURRENCES_MAX:
        days.append(day)
        if not every:
            break
        count += 1
        day = (Span(count, "month").after(since) if every == "month"
               else since + timedelta(days=count * (7 if every == "week" else 1)))
    return days


def signed_up(row: OccurrenceRow, resident: str) -> Change | Refusal:
    """The columns that change when somebody signs up: a place, or the end of the waiting list."""
    signed, waiting = people(row, "signed"), people(row, "waiting")
    if resident in signed + waiting:
        return _not_fitting("sign_up", "signed up")
    if waiting or _is_full(row, signed):
        return _changed(row, waiting=[*waiting, resident])
    return _changed(row, signed=[*signed, resident])


def withdrawn(row: OccurrenceRow, resident: str) -> Change | Refusal:
    """The columns that change when somebody gives her place back: the first who waits has it."""
    signed, waiting = people(row, "signed"), people(row, "waiting")
    if resident not in signed + waiting or resident in attendance(row):
        return _not_fitting("withdraw", "present" if resident in attendance(row)
                            else "not signed up")
    signed = [one for one in signed if one != resident]
    waiting = [one for one in waiting if one != resident]
    while waiting and not _is_full(row, signed):
        signed.append(waiting.pop(0))
    return _changed(row, signed=signed, waiting=waiting)


def checked_in(row: OccurrenceRow, resident: str, at: int) -> Change | Refusal:
    """The columns that change when somebody comes, signed up or not."""
    been = attendance(row).get(resident, {"since": 0, "minutes": 0, "last": 0})
    if been["since"]:
        return _not_fitting("check_in", "checked in")
    _check_order(been["last"], at)
    return _present(row, {resident: {**been, "since": at}})


def checked_out(row: OccurrenceRow, resident: str, at: int) -> Change | Refusal:
    """The columns that change when somebody goes; the time since she came counts."""
    been = attendance(row).get(resident)
    if been is None or not been["since"]:
        return _not_fitting("check_out", "not checked in")
    _check_order(been["since"], at)
    minutes = been["minutes"] + (at - been["since"] + _MINUTE // 2) // _MINUTE
    return _present(row, {resident: {"since": 0, "minutes": minutes, "last": at}})


def attended(
    row: OccurrenceRow, residents: Iterable[str], minutes: int, *, absent: bool,
) -> Change:
    """The columns that change when a list says who was there, or was not; it replaces what a
    clock said."""
    named = list(residents)
    kept = {one: been for one, been in attendance(row).items() if one not in named}
    more = {} if absent else {one: {"since": 0, "minutes": minutes, "last": 0} for one in named}
    return _changed(row, present=_listed({**kept, **more}))


def still_in(row: OccurrenceRow) -> list[str]:
    """Those who checked in and have not checked out."""
    return [one for one, been in attendance(row).items() if been["since"]]


def closed(
    row: OccurrenceRow, *, headcount: int, counted: bool, deeds: list[str],
    shares: Mapping[str, str], by: str,
) -> Change:
    """The columns that change when an occurrence was held, with how many people it reached;
    `shares` tell for how much each deed was reported, `by` who says so."""
    return {**_changed(row, headcount=headcount, counted=counted, deeds=deeds,
                       shares=dict(shares), closed_by=by), "state": str(_HELD)}


def moved(row: OccurrenceRow, state: OccurrenceState) -> Change:
    """The columns that change when it is cancelled, or opened again."""
    return {**_changed(row), "state": str(state)}


def attendance(row: OccurrenceRow) -> dict[str, Been]:
    """Who was there, in the order of coming: by whom since when (0: gone), minutes, last end."""
    return {one["who"]: {name: one[name] for name in ("since", "minutes", "last")}
            for one in row.details["present"]}


def people(row: OccurrenceRow, name: str) -> list[str]:
    """One of the lists of an occurrence: `signed`, `waiting` or `deeds`."""
    return list(row.details.get(name, ()))


def everybody(row: OccurrenceRow) -> set[str]:
    """All who signed up, wait, or were there."""
    return {*people(row, "signed"), *people(row, "waiting"), *attendance(row)}


def _is_full(row: OccurrenceRow, signed: list[str]) -> bool:
    places = row.details["places"]
    return bool(places) and len(signed) >= places


def _listed(present: Mapping[str, Been]) -> list[dict[str, Any]]:  # Any: JSON values
    # A list, for the keys of canonical JSON are sorted and would lose the order.
    return [{"who": who, **been} for who, been in present.items()]


def _present(row: OccurrenceRow, more: Mapping[str, Any]) -> Change:  # Any: JSON values
    return _changed(row, present=_listed({**attendance(row), **more}))


def _check_order(last: int, at: int) -> None:
    if at < last:
        raise ValueError(f"at={at} lies before the last check-in or check-out")


def _not_fitting(what: str, state: str) -> Refusal:
    return Refusal(Code.STATE_NOT_FITTING, {"what": what, "state": state})


def _changed(row: OccurrenceRow, **details: Any) -> Change:  # Any: JSON values
    return {"id": row.id, "state": row.state, "details": {**row.details, **details}}
