"""What the calendar will soon do to a passbook: announced ahead, so that nobody is surprised.

Nothing here is written: it plays what is due until a day on rows of its own, and tells of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

import attrs

from lovepoints.core.journal import Draft
from lovepoints.core.overlay import Overlay
from lovepoints.core.passbooks.dues import next_due, rehearse
from lovepoints.core.passbooks.yearly import Terms, in_force, yearly_day
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.store import Rows
from lovepoints.core.terms import Debit
from lovepoints.core.values import Calendar, point_unit

CLEARING_DAYS = 30
"""How many days ahead a clearing is announced."""


@attrs.frozen(kw_only=True)
class Coming:
    """One thing that will happen on `day`: a compulsory debit, or a clearing, of `points` in
    smallest parts of `unit`.

    `missing`: what a debit will lack, as things stand now; `title` and `clause` are the debit's.
    """

    what: Literal["debit", "clear"]
    day: date
    unit: str
    points: int
    missing: int = 0
    title: str = ""
    clause: str = ""


def ahead(
    rows: Rows, holder: str, now: int, terms: Terms, calendar: Calendar, seq: int,
) -> tuple[Coming, ...]:
    """What is announced to a holder at `now`, the earliest first, as if nothing else happened.

    A debit from its warning span on; a clearing from `CLEARING_DAYS` on, unless nothing goes.
    `rows` hold what was due by `now`; `seq` is the last entry's.
    """
    today = calendar.day_of(now)
    last = max(_announced(terms, today), default=None)
    if last is None:
        return ()
    played, until = Overlay(rows), calendar.end_of(last) - 1
    found: list[Coming] = []
    while draft := next_due(played, holder, until, terms, calendar, seq + 1):
        seq += 1
        rehearse(draft, seq, until, played)
        found += _told(draft, terms, today)
    return tuple(sorted(found, key=lambda one: one.day))


def _announced(terms: Terms, today: date) -> Iterator[date]:
    """The days of debits and clearings that are to be announced today."""
    for _, rulebook in terms:
        for year in (today.year, today.year + 1):
            for debit in rulebook.debits:
                yield from _due(terms, rulebook, yearly_day(year, debit.on), today, debit)
            for clearing in rulebook.clearings:
                yield from _due(terms, rulebook, yearly_day(year, clearing.on), today)


def _due(
    terms: Terms, rulebook: Rulebook, day: date, today: date, debit: Debit | None = None,
) -> Iterator[date]:
    """The day, if this rulebook will be in force on it and it is near enough to be told of."""
    if today <= day and _is_near(day, today, debit) and in_force(terms, day) is rulebook:
        yield day


def _is_near(day: date, today: date, debit: Debit | None) -> bool:
    if debit is None:
        return day <= today + timedelta(days=CLEARING_DAYS)
    return debit.warn.before(day) <= today


def _told(draft: Draft, terms: Terms, today: date) -> Iterator[Coming]:
    """What a draft of the calendar means to its holder, if it is one that is announced."""
    day = date.fromisoformat(draft.day)
    if draft.kind == "clear" and draft.postings and _is_near(day, today, None):
        yield Coming(what="clear", day=day, unit=draft.postings[0].unit,
                     points=sum(one.amount for one in draft.postings))
    rulebook = in_force(terms, day)
    for debit in rulebook.debits if rulebook and draft.kind == "debit" else ():
        if debit.code != draft.details["debit"] or not _is_near(day, today, debit):
            continue
        short = [*draft.details.get("shortfalls", ())]
        yield Coming(
            what="debit", day=day, unit=point_unit(debit.kind), title=debit.title,
            clause=debit.clause, points=sum(one.amount for one in draft.postings),
            missing=sum(one["points"] for one in short))
