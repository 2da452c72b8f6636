"""Figures of activities: occurrences held, person-times, people reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lovepoints.core.figures.facts import Facts
from lovepoints.core.figures.figure import Figure, counted
from lovepoints.core.rows_activities import OccurrenceRow
from lovepoints.core.work.activities import OccurrenceState, attendance


def held(facts: Facts) -> Figure:
    """ST-33: occurrences held, with attendance or a headcount; by activity."""
    rows = _held(facts)
    parts = counted(row.activity for row in rows)
    return Figure(id="ST-33", unit="occurrence", value=len(rows),
                  parts={f"kind:{activity}": number for activity, number in parts.items()})


def person_times(facts: Facts) -> Figure:
    """ST-34: who was there, a person and an occurrence each; distinct people."""
    came = [one for row in _held(facts) for one in attendance(row)]
    people = len(set(came))
    return Figure(id="ST-34", unit="person_time", value=len(came), parts={"people": people},
                  basis=people)


def reached(facts: Facts) -> Figure:
    """ST-36: headcounts summed, those counted and those estimated; people of one occurrence,
    person-times of several, for somebody may have come twice."""
    rows = _held(facts)
    numbers = {is_counted: sum(row.details["headcount"] for row in rows
                               if row.details["counted"] == is_counted)
               for is_counted in (True, False)}
    total = sum(numbers.values())
    return Figure(id="ST-36", unit="person" if len(rows) == 1 else "person_time", value=total,
                  parts={"counted": numbers[True], "estimated": numbers[False]}, basis=total)


def _held(facts: Facts) -> list[OccurrenceRow]:
    """The occurrences of the scope and period that were held and that somebody came to.

    They have neither channel nor labels, so none is in a scope that asks for one. The officer is
    who closed it.
    """
    scope = facts.scope
    if scope.channel or scope.labels:
        return []
    return [row for row in facts.rows.find(OccurrenceRow, "by_state", str(OccurrenceState.HELD))
            if row.day in scope and facts.is_here(row.area) and scope.kind in ("", row.activity)
            and (row.details["present"] or row.details["headcount"])
            and scope.officer in ("", row.details["closed_by"])]


ACTIVITIES: Mapping[str, Callable[[Facts], Figure]] = {
    "ST-33": held, "ST-34": person_times, "ST-36": reached,
}
