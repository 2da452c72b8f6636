"""Who has which shift: fair, by turns, nobody twice at once.

Whoever had the fewest shifts is next, of equal ones whose last one is longest ago. Nobody is more
than one shift behind: whoever joins, or comes back from a time away, takes her turn and makes up
for nothing. Two who were there all the time differ by one shift at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

import attrs

WEEK = 7
PATTERN_MAX = 50
"""The most shifts of a week."""
SLOTS_MAX = 400
"""One plan makes no more shifts than this."""


@attrs.frozen(order=True)
class Slot:
    """A shift of a day (ISO text) from one minute of the day to another, for so many people."""

    day: str
    start: int
    end: int
    people: int

    def meets(self, other: Slot) -> bool:
        """Whether nobody can have both."""
        return self.day == other.day and self.start < other.end and other.start < self.end


@attrs.frozen
class Had:
    """A shift that was planned earlier, and who has it now."""

    slot: Slot
    who: tuple[str, ...]


def slots(pattern: Iterable[Sequence[int]], since: date, until: date) -> list[Slot]:
    """The shifts of a weekly pattern in these days, in their order."""
    found: list[Slot] = []
    for weekday, start, end, people in pattern:
        day = since + timedelta(days=(weekday - since.isoweekday()) % WEEK)
        while day <= until and len(found) <= SLOTS_MAX:
            found.append(Slot(day.isoformat(), start, end, people))
            day += timedelta(days=WEEK)
    return sorted(found)


def assigned(
    wanted: Iterable[Slot], had: Iterable[Had], there: Callable[[str], Iterable[str]],
) -> list[Had]:
    """The shifts with who has them: `had` as they stand, those `wanted` by turns. `there` tells
    who is in the team and not away on a day, in the order of a first round. Fewer
    people than places is a gap."""
    fixed = {one.slot: one.who for one in had}
    of_day: dict[str, list[Slot]] = {}
    for slot in fixed:
        of_day.setdefault(slot.day, []).append(slot)
    counts: dict[str, int] = {}
    last: dict[str, Slot] = {}
    found: list[Had] = []
    for slot in sorted({*fixed, *wanted}):
        busy = {who for other in of_day.get(slot.day, ()) if other.meets(slot)
                for who in fixed[other]}
        free = [who for who in there(slot.day)
                if who not in busy and not (who in last and last[who].meets(slot))]
        most = max((counts[who] for who in free if who in counts), default=0)
        for who in free:
            counts[who] = max(counts.get(who, 0), most - 1)
        turn = sorted(free, key=lambda who: (counts[who], _when(last.get(who))))
        given = fixed[slot] if slot in fixed else tuple(turn[:slot.people])
        for one in given:
            counts[one], last[one] = counts.get(one, 0) + 1, slot
        found.append(Had(slot, given))
    return found


def next_ones(had: Iterable[Had], slot: Slot, there: Iterable[str]) -> list[str]:
    """Who of those there could take a place of a shift: who is free then, the fewest shifts
    first."""
    shifts = [one for one in had if one.who]
    busy = {who for one in shifts if one.slot.meets(slot) for who in one.who}
    return sorted((who for who in there if who not in busy),
                  key=lambda who: sum(who in one.who for one in shifts))


def _when(slot: Slot | None) -> tuple[str, int]:
    return (slot.day, slot.start) if slot else ("", 0)
