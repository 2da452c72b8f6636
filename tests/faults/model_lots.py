"""Points and goods of the model (R3): lots, what the calendar does to them, what can be undone.

Nothing of the library is in it: whole seconds, numbers and lists. The calendar acts by itself here,
at its moment, though the library writes that down only when somebody meets it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import attrs

from tests.faults.small_rules import HOLDERS, day_of


class No(Exception):
    """A refusal by its code, or another error by its class."""


def check(is_fine: object, code: str) -> None:
    """Refuse, unless something is fine."""
    if not is_fine:
        raise No(code)


@attrs.define(eq=False)
class Lot:
    """Points of a holder or pieces of an item; `gone` of them ended unused."""

    owner: str
    free: int
    start: int
    end: int
    held: int = 0
    gone: int = 0
    frozen: bool = False

    def is_live(self, now: int) -> bool:
        """Whether it can be spent or handed out."""
        return not self.frozen and self.start <= now < self.end


Share = tuple[Lot, int]
Step = tuple[str, Any, int]  # Any: a lot; a giver and a lot; who owes; what was lost
"""What a verb did and another may undo: points or goods "in" to a lot, "out" of one, "on" into
another one, goods that somebody did "lose" or "find" again, points to "owe"."""


def first(shares: Iterable[Share], amount: int) -> list[Share]:
    """The first shares that make up an amount."""
    found = []
    for lot, most in shares:
        if taken := min(most, amount):
            amount -= taken
            found.append((lot, taken))
    return found


def less(more: list[Share], fewer: list[Share]) -> list[Share]:
    """The difference of two such lists, of which the second begins like the first."""
    taken = {id(lot): amount for lot, amount in fewer}
    return [(lot, rest) for lot, amount in more if (rest := amount - taken.get(id(lot), 0))]


@attrs.define(eq=False)
class Basket:
    """A redemption: pieces and the price of one by item; the points and goods first taken; how
    many pieces of it stand."""

    holder: str
    day: date
    lines: dict[str, tuple[int, int]]
    points: list[Share]
    goods: dict[str, list[Share]]
    state: str
    lapses: int
    stands: dict[str, int] = attrs.field(factory=dict)

    def paid(self, pieces: dict[str, int]) -> list[Share]:
        """The points that pay for so many pieces: the first ones taken."""
        return first(self.points, sum(self.lines[one][1] * n for one, n in pieces.items()))

    def out(self, pieces: dict[str, int]) -> list[Share]:
        """The goods that so many pieces are."""
        return [share for one, n in pieces.items() for share in first(self.goods[one], n)]

    def move(self, *, held: int, free: int = 0) -> None:
        """All points and goods, so many times, to what is held and to what is free."""
        for shares in (self.points, *self.goods.values()):
            for lot, amount in shares:
                lot.held += amount * held
                lot.free += amount * free

    def let_go(self, state: str) -> None:
        """All that is reserved goes back."""
        self.move(held=-1, free=1)
        self.state, self.stands = state, {}


@attrs.define(eq=False)
class Lots:
    """What everybody has, owes and has reserved, and what is on the shelf, at a moment."""

    now: int
    lots: list[Lot] = attrs.field(factory=list)
    owed: Counter[str] = attrs.field(factory=Counter)
    payments: list[tuple[str, Lot, int]] = attrs.field(factory=list)
    """What was paid of debts, oldest first."""
    lost: Counter[str] = attrs.field(factory=Counter)
    baskets: dict[int, Basket] = attrs.field(factory=dict)
    used: set[str] = attrs.field(factory=set)
    """Whose passbook has ever had a point."""

    @property
    def today(self) -> date:
        """The community's day."""
        return day_of(self.now)

    # what the calendar does

    def pass_time(self, until: int) -> None:
        """Go on to a moment, and stop wherever something ends or begins on the way."""
        while True:
            reserved = [one for one in self.baskets.values() if one.state == "held"]
            moments = [one.lapses for one in reserved]
            moments += [one for lot in self.lots for one in (lot.start, lot.end)]
            self.now = min((one for one in moments if self.now < one < until), default=until)
            for basket in reserved:
                if basket.lapses <= self.now:
                    basket.let_go("lapsed")
            self.settle()
            if self.now == until:
                return

    def settle(self) -> None:
        """What has ended is gone, and what is owed is paid as far as there are points."""
        for lot in self.lots:
            if lot.end <= self.now and lot.free and lot.owner in HOLDERS:
                lot.gone, lot.free = lot.gone + lot.free, 0
        for who in [who for who, points in self.owed.items() if points]:
            for lot, points in first(self.live(who), self.owed[who]):
                lot.free -= points
                self.owed[who] -= points
                self.payments.append((who, lot, points))

    def live(self, owner: str) -> Iterator[Share]:
        """What can be spent or handed out, in its order."""
        return ((lot, lot.free) for lot in self.in_order(owner) if lot.is_live(self.now))

    def in_order(self, owner: str) -> list[Lot]:
        """Soonest end first, then the oldest."""
        return sorted((lot for lot in self.lots if lot.owner == owner), key=lambda lot: lot.end)

    def available(self, owner: str) -> int:
        """How much can be spent or handed out."""
        return sum(free for _, free in self.live(owner))

    # steps and their undoing

    def open(self, owner: str, amount: int, end: int, start: int = 0) -> list[Step]:
        """Points or goods that come in."""
        self.lots.append(lot := Lot(owner, amount, start, end))
        self.used.add(owner)
        return [("in", lot, amount)]

    def draw(self, shares: Iterable[Share], amount: int, code: str = "short") -> list[Step]:
        """Out of the first of these, or not at all."""
        taken = first(shares, amount)
        check(amount == sum(n for _, n in taken), code)
        for lot, n in taken:
            lot.free -= n
        return [("out", lot, n) for lot, n in taken]

    def undo(self, steps: Iterable[Step]) -> None:
        """Take back, the last step first; what is spent is owed."""
        for what, thing, amount in reversed(list(steps)):
            if what == "in":
                thing.frozen = False
                self._fetch_back(thing, amount)
            elif what == "out":
                thing.free += amount
            elif what == "find":
                self.lost[thing] += amount
            elif what == "lose":
                self.lost[thing] -= amount
            elif what == "on":
                giver, lot = thing
                for part in self._fetch_back(lot, amount):
                    if part:
                        self.open(giver, part, lot.end, lot.start)
            else:
                self._forgive(thing, amount)

    def _fetch_back(self, lot: Lot, amount: int) -> tuple[int, int, int]:
        """Out of a lot: what is there, what ended in it, what somebody owes now."""
        there = min(amount, lot.free)
        gone = min(amount - there, lot.gone)
        lot.free, lot.gone = lot.free - there, lot.gone - gone
        self.owed[lot.owner] += (debt := amount - there - gone)
        return there, gone, debt

    def _forgive(self, who: str, amount: int) -> None:
        """A debt that should not have been: what was paid of it goes back, newest first."""
        open_ = min(amount, self.owed[who])
        self.owed[who] -= open_
        back = amount - open_
        for place in reversed(range(len(self.payments))):
            payer, lot, paid = self.payments[place]
            part = min(back, paid) if payer == who else 0
            lot.free, back = lot.free + part, back - part
            self.payments[place] = (payer, lot, paid - part)
        assert not back, "more was paid than was owed"

    def take(self, who: str, points: int) -> list[Step]:
        """Down: what can be spent, what waits for its day, and the rest is owed."""
        lots = [lot for lot in self.in_order(who) if not lot.frozen and self.now < lot.end]
        lots.sort(key=lambda lot: lot.start > self.now)
        there = first(((lot, lot.free) for lot in lots), points)
        steps = self.draw(there, sum(n for _, n in there))
        if rest := points - sum(n for _, n in there):
            self.owed[who] += rest
            steps.append(("owe", who, rest))
        return steps
