"""Drawing random commands for a small community's book (R3), one at a time.

Each seed has a mix of verbs of its own: some are left out, some desks are busy (swarm), so that one
walk only reserves and reverses while another never spends. What is spoken of mostly
exists: it is drawn from what the model knows by then.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from tests.faults.commands import WRONG, Command
from tests.faults.model import OPEN, Deed, Model
from tests.faults.small_rules import (
    ACTORS,
    HAZARD,
    HOLDERS,
    HOMES,
    LI,
    LIVES_AT,
    MAY,
    PRICES,
    RULED,
    STOCKED,
    ZHAO,
    begin_of,
    day_of,
    end_after,
)

DAY = 86_400
VERBS = {
    "deeds": {"report": 7, "confirm": 7, "reject": 1, "duplicate": 0.5, "withdraw": 1,
              "reopen": 2},
    "books": {"opening": 1, "adjust": 3, "transfer": 3, "reverse": 3},
    "goods": {"receive": 2, "count": 1, "write_off": 1, "give": 1, "price": 0.5},
    "counter": {"redeem": 4, "hold": 5, "collect": 4, "release": 2, "return_": 3},
    "all": {"sweep": 0.5, "wrong": 0.7, "again": 1.5, "otherwise": 1, "batch": 1,
            "restart": 0.3, "ahead": 0.7, "back": 0.2},
}
"""The verbs of each desk and how often each is said, before a seed changes that."""
NEEDS: dict[str, Callable[[Model], object]] = {
    **dict.fromkeys(("confirm", "reject", "duplicate", "withdraw"), lambda model: any(
        one.status in OPEN for one in model.deeds.values())),
    "reopen": lambda model: any(one.steps for one in model.deeds.values()),
    **dict.fromkeys(("redeem", "hold", "transfer"), lambda model: any(
        model.available(one) for one in HOLDERS)),
    **dict.fromkeys(("collect", "release"), lambda model: any(
        one.state == "held" for one in model.baskets.values())),
    "return_": lambda model: any(any(one.stands.values()) for one in model.baskets.values()),
    **dict.fromkeys(("give", "write_off"), lambda model: any(map(model.available, STOCKED))),
    "reverse": lambda model: model.entries,
}
"""What there must be so that a verb is not bound to be refused."""
BEGIN = ("opening", "receive", "opening", "receive", "opening", "opening", "report")
"""How most walks begin, so that there is something to speak of."""


class Drawing:
    """The commands of one seed. Half of them speak of one resident, one rule and one item, so that
    limits are met."""

    def __init__(self, seed: int, desks: Collection[str] = tuple(VERBS)) -> None:
        self.chance, self.number = random.Random(seed), 0
        self.weights = {verb: weight * often * self.chance.choice((0.3, 1, 1, 3))
                        for desk in desks for often in [self.chance.choice((0.1, 1, 1, 5))]
                        for verb, weight in VERBS[desk].items() if self.chance.random() > 0.2}
        self.who, self.rule = self.chance.choice([*HOMES]), self.chance.choice(RULED)
        self.item, self.calm = self.chance.choice([*PRICES]), self.chance.choice((0.6, 0.9, 0.97))
        self.begin = [*BEGIN[self.chance.randrange(5):]]
        self.start = begin_of(day_of(1_700_000_000)) + self.chance.randrange(900 * DAY)

    def draw(self, model: Model, said: Sequence[Command]) -> Command:
        """The next command. `said`: what may be said again under its key."""
        at = model.now + self._pause(model.now)
        verb = self.begin.pop() if self.begin else self._verb(model)
        if verb in ("again", "otherwise") and said:
            return Command(self._next(), at, verb, of=self.chance.choice(said[-40:]))
        return self._batch(model, at) if verb == "batch" else self._said(verb, model, at)

    def _batch(self, model: Model, at: int) -> Command:
        """Several commands as one; now and then all of one verb, or given up."""
        number, verbs = self._next(), [one for one in self.weights if one in MAY]
        verbs = [self.chance.choice(verbs)] if self.chance.random() < 0.4 else verbs
        parts = [self._said(self.chance.choice(verbs), model, at)
                 for _ in range(self.chance.randint(2, 5))]
        return Command(number, at, "batch", said={"fails": self.chance.random() < 0.3},
                       parts=tuple(parts))

    def _verb(self, model: Model) -> str:
        """A verb that may succeed, mostly."""
        for _ in range(5):
            verb = self.chance.choices([*self.weights], [*self.weights.values()])[0]
            if verb not in NEEDS or NEEDS[verb](model):
                break
        return verb

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _pause(self, now: int) -> int:
        """Seconds until the next command: mostly a few, now and then to an edge of the calendar."""
        if self.chance.random() < self.calm:
            return self.chance.randint(1, 1800)
        how, today = self.chance.random(), day_of(now)
        if how < 0.4:
            return self.chance.randint(DAY // 4, 3 * DAY)
        if how < 0.9:
            month = end_after(today.replace(day=1), months=1) - DAY
            edge = month if how < 0.6 else end_after(today)
            return max(1, edge + self.chance.randint(-1, 1) - now)
        return self.chance.randint(10 * DAY, 70 * DAY)

    # what is said

    def _said(self, verb: str, model: Model, at: int) -> Command:
        make: Callable[[Model], dict[str, Any]] = getattr(self, f"_{verb}", lambda _: {})
        number, said = self._next(), make(model)
        may = [one for one in MAY.get(verb, (ZHAO,)) if self._is_likely(one, said, model)]
        by = self.chance.choice(may if may and self.chance.random() < 0.9 else ACTORS)
        return Command(number, at, verb, by if verb in MAY else ZHAO, said)

    def _is_likely(self, actor: str, said: Mapping[str, Any], model: Model) -> bool:
        """Whether it is not refused for who says it."""
        deed = model.deeds.get(said.get("deed", 0))
        if deed and (deed.by == actor or LIVES_AT.get(actor) == HOMES[deed.who]):
            return False
        return actor != LI or "who" not in said or HOMES[said["who"]] == HOMES[LI]

    def _who(self) -> str:
        return self._half(self.who, [*HOMES])

    def _half(self, favourite: str, others: Sequence[str]) -> str:
        return favourite if self.chance.random() < 0.5 else self.chance.choice(others)

    def _rich(self, model: Model) -> str:
        """Somebody with more than others, mostly."""
        return max((self._who() for _ in range(3)), key=lambda one: model.available(HOMES[one]))

    def _reason(self) -> str:
        return "看" if self.chance.random() < 0.95 else ""

    def _one(self, all_: Mapping[int, Any], fits: Callable[[Any], object]) -> int:
        """The number of one that fits, of the latest rather than of the first; or any at all."""
        fitting = [number for number, one in all_.items() if fits(one)]
        if self.chance.random() < 0.1 or not fitting:
            fitting = [*all_] or [0]
        return self.chance.choice(fitting[-6:]) if self.chance.random() < 0.98 else 0

    def _report(self, model: Model) -> dict[str, Any]:
        rule = self._half(self.rule, (*RULED, "help"))
        return {"rule": rule if self.chance.random() < 0.98 else "dance", "who": self._who(),
                "ago": self.chance.choice((0, 0, 0, 0, 0, 0, 1, 1, 2, 7, 30, 31)),
                "hours": self.chance.choice((0, 1, 4, 6, 9, 13, 20, 30, 50))}

    def _confirm(self, model: Model) -> dict[str, Any]:
        deed = self._one(model.deeds, lambda one: one.status in OPEN)
        graded = deed in model.deeds and model.deeds[deed].rule == "hazard"
        if self.chance.random() < 0.05:
            return {"deed": deed, "grade": self.chance.choice(("", "minor", "grave"))}
        return {"deed": deed, "grade": self.chance.choice([*HAZARD]) if graded else ""}

    def _reject(self, model: Model) -> dict[str, Any]:
        return {**self._withdraw(model), "reason": self._reason()}

    def _duplicate(self, model: Model) -> dict[str, Any]:
        return {**self._withdraw(model), "of": self._one(model.deeds, lambda one: True)}

    def _withdraw(self, model: Model) -> dict[str, Any]:
        status = self.chance.choice(("reopened", "reopened", "submitted"))
        return {"deed": self._one(model.deeds, lambda one: one.status == status)}

    def _reopen(self, model: Model) -> dict[str, Any]:
        def is_held(deed: Deed) -> bool:
            return any(what == "in" and lot.held for what, lot, _ in deed.steps)

        fits = is_held if self.chance.random() < 0.4 else lambda deed: bool(deed.steps)
        return {"deed": self._one(model.deeds, fits), "reason": self._reason()}

    def _opening(self, model: Model) -> dict[str, Any]:
        new = [who for who, home in HOMES.items() if home not in model.used]
        who = self.chance.choice(new) if new and self.chance.random() < 0.9 else self._who()
        return {"who": who, "points": self.chance.choice((0, 12, 25, 40, 60))}

    def _adjust(self, model: Model) -> dict[str, Any]:
        points = self.chance.choice((1, 1, -1)) * self.chance.randint(1, 15)
        return {"who": self._who(), "points": points, "reason": self._reason()}

    def _transfer(self, model: Model) -> dict[str, Any]:
        who, how = self._rich(model), self.chance.random()
        there = model.available(HOMES[who])
        points = there if how < 0.3 else there + 1 if how < 0.35 else self.chance.randint(0, there)
        return {"who": who, "to": self._who(), "points": points or self.chance.randint(0, 4)}

    def _reverse(self, model: Model) -> dict[str, Any]:
        again = self.chance.random() < 0.15
        return {"entry": self._one(model.entries,
                                   lambda one: one.steps and one.is_reversed == again),
                "reason": self._reason()}

    def _price(self, model: Model) -> dict[str, Any]:
        return {"item": self._half(self.item, [*PRICES]), "points": self.chance.randint(1, 7)}

    def _receive(self, model: Model) -> dict[str, Any]:
        return {**self._count(model), "pieces": self.chance.randint(3, 20),
                "good": self.chance.choice((None, None, -1, 0, 2, 10, 40))}

    def _count(self, model: Model) -> dict[str, Any]:
        item = self._half(self.item, STOCKED)
        there = model.available(item)
        return {"item": item, "pieces": max(0, there + self.chance.randint(-4, 4))}

    def _give(self, model: Model) -> dict[str, Any]:
        said = self._count(model)
        most = max(1, min(9, model.available(said["item"]) + (self.chance.random() < 0.2)))
        return {**said, "pieces": self.chance.randint(1, most), "reason": self._reason()}

    def _write_off(self, model: Model) -> dict[str, Any]:
        return self._give(model)

    def _redeem(self, model: Model) -> dict[str, Any]:
        items = {self._half(self.item, [*PRICES]) for _ in range(self.chance.choice((1, 1, 2)))}
        basket = {item: self.chance.choice((1, 1, 2, 3)) for item in sorted(items)}
        if (most := min(map(model.available, items & {*STOCKED}), default=0)) in range(1, 5):
            basket = dict.fromkeys(basket, most)
        rich = sorted(HOMES, key=lambda one: model.available(HOMES[one]))
        cost = sum(model.prices[item] * pieces for item, pieces in basket.items())
        can = [one for one in rich if model.available(HOMES[one]) >= cost]
        return {"who": self.chance.choice(can if can and self.chance.random() < 0.9 else rich),
                "basket": basket}

    def _hold(self, model: Model) -> dict[str, Any]:
        return self._redeem(model)

    def _release(self, model: Model) -> dict[str, Any]:
        return {"basket": self._one(model.baskets, lambda one: one.state == "held")}

    def _collect(self, model: Model) -> dict[str, Any]:
        return self._part(model, self._release(model)["basket"])

    def _return_(self, model: Model) -> dict[str, Any]:
        basket = self._one(model.baskets, lambda one: one.state == "collected"
                           and any(one.stands.values()))
        return {**self._part(model, basket), "restock": self.chance.random() < 0.7}

    def _part(self, model: Model, basket: int) -> dict[str, Any]:
        if basket not in model.baskets or self.chance.random() < 0.5:
            return {"basket": basket, "part": None}
        lines = [*model.baskets[basket].lines.items()]
        item, (pieces, _) = self.chance.choice(lines)
        most = pieces + (self.chance.random() < 0.2)
        return {"basket": basket, "part": {item: self.chance.randint(1, most)}}

    def _wrong(self, model: Model) -> dict[str, Any]:
        return {"what": self.chance.randrange(len(WRONG))}

    def _ahead(self, model: Model) -> dict[str, Any]:
        return {"who": self.chance.choice(HOLDERS), "days": self.chance.choice((1, 3, 30, 65, 400))}

    def _back(self, model: Model) -> dict[str, Any]:
        return {"steps": self.chance.randint(1, 30)}

