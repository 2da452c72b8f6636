"""The agenda of a year: what happens when, one transaction a day, refusals counted."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time
from random import Random
from typing import TypeVar

import attrs

from lovepoints.community import Community
from lovepoints.demo.people import Village
from lovepoints.demo.plan import scaled
from lovepoints.errors import Refused
from lovepoints.testing import FakeClock

T = TypeVar("T")


@attrs.define(eq=False)
class Agenda:
    """What is still to happen. An act may put further ones on the agenda."""

    community: Community
    clock: FakeClock
    dice: Random
    village: Village
    households: int
    refused: Counter[str] = attrs.field(factory=Counter)
    _acts: list[tuple[datetime, int, Callable[[], object]]] = attrs.field(factory=list)
    _put: int = 0

    def put(self, day: date, hour: int, act: Callable[[], object], minute: int = -1) -> None:
        """Let something happen on a day in an hour, at a minute or (-1) at any."""
        minute = self.dice.randrange(60) if minute < 0 else minute
        self._put += 1
        heapq.heappush(self._acts, (datetime.combine(day, time(hour, minute)), self._put, act))

    def attempt(self, verb: Callable[[], T]) -> T | None:
        """Say a verb; None if it was refused, which is counted."""
        try:
            return verb()
        except Refused as refused:
            self.refused[str(refused.code)] += 1
            return None

    def some(self, count: int) -> list[str]:
        """Residents, the active ones more often; a number meant for 393 households."""
        return self.village.some(self.dice, scaled(count, self.households))

    def one(self, role: str) -> str:
        """Somebody who holds an office."""
        return self.dice.choice(self.village.holding(role))

    def run(self, last: date, progress: Callable[[date], None]) -> None:
        """Let everything up to a last day happen in its order, one transaction a day."""
        while self._acts and self._acts[0][0].date() <= last:
            day = self._acts[0][0].date()
            progress(day)
            with self.community.batch():
                while self._acts and self._acts[0][0].date() == day:
                    moment, _, act = heapq.heappop(self._acts)
                    self.clock.set(moment)
                    act()
