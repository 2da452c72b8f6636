"""An executable model of a small community's book (R3): what every verb answers.

It shares nothing with the library: no SQL, no journal, no code. What it remembers goes by the
number of the command that made it, so that nobody needs the library's names.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs

from tests.faults.model_lots import Basket, Lots, No, Share, Step, check, less
from tests.faults.small_rules import (
    AID,
    BASKETS_A_MONTH,
    FIELD,
    GIFTS_A_MONTH,
    HAZARD,
    HELP_A_MONTH,
    HELP_LASTS,
    HOLDERS,
    HOMES,
    KEPT,
    LASTS,
    LATE,
    LEAST,
    LI,
    LITTER,
    LIVES_AT,
    MAY,
    NEVER,
    NOTICE,
    PRICES,
    RICE_A_MONTH,
    RULED,
    STOCKED,
    VISIT,
    VISITS_A_DAY,
    begin_of,
    day_of,
    end_after,
    is_same_month,
)

OPEN = ("submitted", "reopened")
Stands = tuple[str, int]
"""A redemption's state, and the points that its standing pieces cost."""
Pieces = dict[str, int]


@attrs.define(eq=False)
class Deed:
    """What was reported; `points`, `times` and `steps` are of the decision that stands."""

    rule: str
    who: str
    by: str
    day: date
    hours: int
    status: str = "submitted"
    points: int = 0
    times: int = 0
    steps: list[Step] = attrs.field(factory=list)


@attrs.define(eq=False)
class Entry:
    """What `reverse` may speak of. `kind` "": it is not taken back."""

    kind: str = ""
    who: str = ""
    day: date = date.min
    steps: list[Step] = attrs.field(factory=list)
    is_reversed: bool = False


@attrs.define(eq=False)
class Model(Lots):
    """The book. `say` is the door; a method for each verb behind it."""

    prices: dict[str, int] = attrs.field(factory=lambda: dict(PRICES))
    deeds: dict[int, Deed] = attrs.field(factory=dict)
    entries: dict[int, Entry] = attrs.field(factory=dict)
    number: int = 0
    by: str = ""

    def say(self, number: int, verb: str, by: str, said: dict[str, Any]) -> Any:
        """What a verb answers, or the code of a refusal, which leaves everything as it was."""
        self.number, self.by = number, by
        try:
            check({said.get("deed"), said.get("of")} <= {None, *self.deeds}, "NotFound")
            check(by in MAY[verb], "not_permitted")
            answer = getattr(self, f"_{verb}")(**said)
        except No as no:
            return str(no)
        if verb not in ("price", "sweep"):
            self.entries.setdefault(number, Entry())
        self.settle()
        return answer

    # deeds

    def _report(self, rule: str, who: str, ago: int, hours: int) -> str:
        check(rule in RULED, "rule_not_in_force")
        check(self.by != LI or HOMES[who] == HOMES[LI], "not_permitted")
        check(hours or rule != "help", "fact_missing")
        check(ago <= LATE, "reported_too_late")
        day = self.today - timedelta(days=ago)
        self.deeds[self.number] = Deed(rule, who, self.by, day, hours)
        return "submitted"

    def _confirm(self, deed: int, grade: str) -> int:
        row = self._deciding(deed)
        check(grade or row.rule != "hazard", "fact_missing")
        check(not grade or (row.rule == "hazard" and grade in HAZARD), "amount_not_by_rule")
        self._decided(row, "confirmed")
        row.points, row.times = self._worth(row, grade)
        waits = NOTICE + 1 if row.rule == "hazard" else 0
        begins = self.today + timedelta(days=waits)
        if row.points > 0:
            ends = end_after(begins, months=HELP_LASTS if row.rule == "help" else LASTS)
            row.steps = self.open(HOMES[row.who], row.points, ends, begin_of(begins) * bool(waits))
        elif row.points < 0:
            row.steps = self.take(HOMES[row.who], -row.points)
        return row.points

    def _worth(self, deed: Deed, grade: str) -> tuple[int, int]:
        """The points, and whether it counts as one time."""
        others = [one for one in self.deeds.values()
                  if (one.rule, one.who) == (deed.rule, deed.who)]
        if deed.rule == "help":
            used = sum(one.points for one in others if is_same_month(one.day, deed.day))
            return min(deed.hours // 2, HELP_A_MONTH - used), 1
        if deed.rule == "visit":
            used = sum(one.times for one in others if one.day == deed.day)
            return (VISIT, 1) if used < VISITS_A_DAY else (0, 0)
        return (HAZARD[grade] if deed.rule == "hazard" else -LITTER), 1

    def _reject(self, deed: int, reason: str) -> int:
        row = self._deciding(deed)
        check(reason, "reason_needed")
        return self._decided(row, "rejected")

    def _duplicate(self, deed: int, of: int) -> int:
        row = self._deciding(deed)
        check(of != deed, "state_not_fitting")
        return self._decided(row, "duplicate")

    def _withdraw(self, deed: int) -> int:
        row = self.deeds[deed]
        if self.by != row.by:
            check(row.rule != "litter" or not self._is_own(row), "self_confirmation")
            check(self.by in (*FIELD, row.who), "not_permitted")
        check(row.status in OPEN, "state_not_fitting")
        return self._decided(row, "withdrawn")

    def _reopen(self, deed: int, reason: str) -> int:
        row = self.deeds[deed]
        check(row.status not in OPEN, "state_not_fitting")
        check(reason, "reason_needed")
        row.status = "reopened"
        for what, lot, _ in row.steps:
            if what == "in":
                lot.frozen = True
        return 0

    def _is_own(self, deed: Deed) -> bool:
        return self.by == deed.by or LIVES_AT.get(self.by) == HOMES[deed.who]

    def _deciding(self, deed: int) -> Deed:
        row = self.deeds[deed]
        check(not self._is_own(row), "self_confirmation")
        check(row.status in OPEN, "state_not_fitting")
        return row

    def _decided(self, deed: Deed, status: str) -> int:
        """What it was worth so far is taken back."""
        self.undo(deed.steps)
        deed.status, deed.points, deed.times, deed.steps = status, 0, 0, []
        return 0

    # books

    def _opening(self, who: str, points: int) -> int:
        check(HOMES[who] not in self.used, "state_not_fitting")
        return self._wrote("opening", points, self._grant(who, points) if points else [])

    def _adjust(self, who: str, points: int, reason: str) -> int:
        check(reason, "reason_needed")
        return self._wrote("adjust", points, self._grant(who, points) if points > 0
                           else self.take(HOMES[who], -points))

    def _transfer(self, who: str, to: str, points: int) -> int:
        giver, receiver = HOMES[who], HOMES[to]
        check(self.by != LI or giver == HOMES[LI], "not_holder")
        check(giver != receiver, "transfer_not_allowed")
        check(points <= self.available(giver), "insufficient_points")
        check(points, "below_minimum")
        given = sum(amount for one in self.entries.values()
                    if (one.kind, one.who, one.is_reversed) == ("transfer", giver, False)
                    and is_same_month(one.day, self.today) for _, _, amount in one.steps)
        check(given + points <= GIFTS_A_MONTH, "too_often")
        steps = [("on", (giver, self.open(receiver, part, lot.end, lot.start)[0][1]), part)
                 for _, lot, part in self.draw(self.live(giver), points)]
        return self._wrote("transfer", -points, steps, giver)

    def _reverse(self, entry: int, reason: str) -> None:
        check(entry in self.entries, "NotFound")
        row = self.entries[entry]
        check(row.kind != "reverse", "reversal_of_reversal")
        check(row.kind, "not_reversible")
        check(not row.is_reversed, "reversal_exists")
        for what, thing, amount in row.steps:
            is_gone = what == "in" and thing.owner not in HOLDERS and thing.free < amount
            is_gone |= what == "lose" and self.lost[thing] < amount
            check(not is_gone, "not_reversible")
        check(reason, "reason_needed")
        self.undo(row.steps)
        row.is_reversed = True
        self._wrote("reverse", 0, [])

    def _sweep(self) -> None:
        """Nothing that was not so before."""

    def _grant(self, who: str, points: int) -> list[Step]:
        return self.open(HOMES[who], points, end_after(self.today, months=LASTS))

    def _wrote(self, kind: str, answer: int, steps: list[Step], who: str = "") -> int:
        self.entries[self.number] = Entry(kind, who, self.today, steps)
        return answer

    # goods

    def _price(self, item: str, points: int) -> None:
        self.prices[item] = points

    def _receive(self, item: str, pieces: int, good: int | None) -> int:
        check(item in STOCKED, "state_not_fitting")
        check(good is None or good >= 0, "lot_expired")
        end = NEVER if good is None else end_after(self.today, days=good)
        return self._wrote("receive", pieces, self.open(item, pieces, end, self.now))

    def _count(self, item: str, pieces: int) -> int:
        check(item in STOCKED, "state_not_fitting")
        lots = self.in_order(item)
        check(pieces >= sum(lot.held for lot in lots), "insufficient_stock")
        more = pieces - sum(lot.free + lot.held for lot in lots)
        if more < 0:
            return self._wrote("count", more, self._lose(item, -more))
        end = min((lot.end for lot, free in self.live(item) if free), default=NEVER)
        back = min(more, self.lost[item])
        self.lost[item] -= back
        steps: list[Step] = [("find", item, back)]
        for part in filter(None, (back, more - back)):
            steps += self.open(item, part, end, self.now)
        return self._wrote("count", more, steps)

    def _write_off(self, item: str, pieces: int, reason: str) -> int:
        check(reason, "reason_needed")
        return self._wrote("write_off", -pieces, self._lose(item, pieces))

    def _give(self, item: str, pieces: int, reason: str) -> int:
        check(reason, "reason_needed")
        given = pieces * (item in STOCKED)
        return self._wrote("give", -given, self.draw(
            self.live(item), given, "insufficient_stock"))

    def _lose(self, item: str, pieces: int) -> list[Step]:
        """Off the shelf, good or not."""
        free = [(lot, lot.free) for lot in self.in_order(item)]
        steps = self.draw(free, pieces, "insufficient_stock")
        self.lost[item] += pieces
        return [*steps, ("lose", item, pieces)]

    # counter

    def _redeem(self, who: str, basket: Pieces) -> Stands:
        row = self._fetch(who, basket, "collected")
        return self._stand(row, basket)

    def _hold(self, who: str, basket: Pieces) -> Stands:
        row = self._fetch(who, basket, "held")
        row.move(held=1)
        return self._stand(row, basket)

    def _fetch(self, who: str, basket: Pieces, state: str) -> Basket:
        """Points and goods for a basket, or the first of what stands against it."""
        holder = HOMES[who]
        check(self.by != LI or holder == HOMES[LI], "not_holder")
        cost = sum(self.prices[item] * pieces for item, pieces in basket.items())
        goods = {item: pieces for item, pieces in basket.items() if item in STOCKED}
        month = [one.stands for one in self.baskets.values()
                 if one.holder == holder and is_same_month(one.day, self.today)]
        rice = sum(one.get("rice", 0) for one in (basket, *month)) * ("rice" in basket)
        check(cost <= self.available(holder), "insufficient_points")
        check(all(pieces <= self.available(item) - AID.get(item, 0)
                  for item, pieces in goods.items()), "insufficient_stock")
        check(cost >= LEAST, "below_minimum")
        check(sum(any(one.values()) for one in month) < BASKETS_A_MONTH, "too_often")
        check(rice <= RICE_A_MONTH, "item_limit")
        row = self.baskets[self.number] = Basket(
            holder, self.today, {item: (basket[item], self.prices[item]) for item in basket},
            self._drawn(holder, cost),
            {item: self._drawn(item, goods.get(item, 0)) for item in basket},
            state, end_after(self.today, days=KEPT))
        return row

    def _drawn(self, owner: str, amount: int) -> list[Share]:
        return [(lot, part) for _, lot, part in self.draw(self.live(owner), amount)]

    def _collect(self, basket: int, part: Pieces | None) -> Stands:
        row = self._basket(basket, "held")
        pieces = row.stands if part is None else part
        check(all(n <= row.stands.get(item, 0) for item, n in pieces.items()), "exceeds_hold")
        check(all(lot.end > self.now for lot, _ in row.out(pieces)), "lot_expired")
        check(not any(lot.frozen for lot, _ in row.paid(pieces)), "lot_frozen")
        row.move(held=-1, free=1)
        for lot, amount in (*row.paid(pieces), *row.out(pieces)):
            lot.free -= amount
        row.state = "collected"
        return self._stand(row, pieces)

    def _release(self, basket: int) -> Stands:
        check(basket in self.baskets, "hold_unknown")
        check(self.by != LI or self.baskets[basket].holder == HOMES[LI], "not_holder")
        row = self._basket(basket, "held")
        row.let_go("released")
        return self._stand(row, {})

    def _return_(self, basket: int, part: Pieces | None, restock: bool) -> Stands:
        row = self._basket(basket, "collected")
        pieces = row.stands if part is None else part
        check(all(n <= row.stands.get(item, 0) for item, n in pieces.items())
              and any(pieces.values()), "exceeds_redemption")
        after = {item: n - pieces.get(item, 0) for item, n in row.stands.items()}
        for lot, amount in less(row.paid(row.stands), row.paid(after)):
            lot.free += amount
        for lot, amount in less(row.out(row.stands), row.out(after)):
            lot.free += amount * restock
            self.lost[lot.owner] += amount * (not restock)
        return self._stand(row, after)

    def _basket(self, basket: int, state: str) -> Basket:
        check(basket in self.baskets, "hold_unknown")
        row = self.baskets[basket]
        check(row.state == state, "state_not_fitting" if row.state == "held"
              else f"hold_already_{row.state}")
        return row

    def _stand(self, row: Basket, pieces: Pieces) -> Stands:
        row.stands = {item: pieces.get(item, 0) for item in row.lines}
        return row.state, sum(amount for _, amount in row.paid(row.stands))

    # what people see

    def page(self, who: str) -> Any:  # Any: as `Library.page` shows it
        """A passbook: balance, what can be spent, waits, is frozen, reserved, owed; its lots."""
        lots = [lot for lot in self.in_order(who) if lot.free or lot.held]
        held, owes = sum(lot.held for lot in lots), self.owed[who]
        waits = sum(lot.free for lot in lots if lot.start > self.now and not lot.frozen)
        frozen = sum(lot.free for lot in lots if lot.frozen)
        return (sum(lot.free for lot in lots) + held - owes, self.available(who), waits, frozen,
                held, owes, [(lot.free, lot.held, lot.start and day_of(lot.start),
                              lot.end < NEVER and day_of(lot.end - 1), lot.frozen)
                             for lot in lots])

    def shelf(self, item: str) -> tuple[int, int, int, int]:
        """An item: what is free, reserved, past its day; its price."""
        lots = self.in_order(item)
        return (self.available(item), sum(lot.held for lot in lots),
                sum(lot.free for lot in lots if not lot.is_live(self.now)), self.prices[item])
