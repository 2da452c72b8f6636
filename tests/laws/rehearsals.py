"""What a rehearsal must come to, worked out from the credits that the book keeps."""

from __future__ import annotations

from collections import Counter
from datetime import date

from lovepoints.core.rehearsing import Outcome, rehearse
from lovepoints.core.rows import Credit, RulebookRow
from lovepoints.core.rulefiles.rulefile import parse
from lovepoints.core.store import Rows
from lovepoints.core.values import Period

EVER = Period(date.min, date.max)


def reproduces(rows: Rows) -> tuple[Outcome, ...]:
    """Under the rulebooks in force every decision comes out as it was written, and together they
    are what the book's credits say; so it is under the only rulebook that there ever was."""
    found = rehearse(rows, None, EVER)
    same(rows, found)
    adopted = rows.find(RulebookRow)
    if len(adopted) == 1:
        same(rows, rehearse(rows, parse(adopted[0].text, name="only").rulebook, EVER))
    return found


def same(rows: Rows, outcomes: tuple[Outcome, ...]) -> None:
    """These outcomes say what the book says."""
    assert [] == [one for one in outcomes if not one.is_same or one.was != one.now]
    assert stands(rows) == total(outcomes)


def stands(rows: Rows) -> dict[tuple[str, str], int]:
    """What all decisions that stand in a book gave, by holder and unit."""
    found = Counter[tuple[str, str]]()
    for credit in rows.scan(Credit):
        found[credit.holder, credit.unit] += credit.points
    return {place: points for place, points in found.items() if points}


def total(outcomes: tuple[Outcome, ...]) -> dict[tuple[str, str], int]:
    """What a rehearsal gave, by holder and unit."""
    found = Counter[tuple[str, str]]()
    for one in outcomes:
        found.update(one.now)
    return {place: points for place, points in found.items() if points}
