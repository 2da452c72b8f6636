"""The quick way to rate: what a deed is worth, remembered, and one closure a rule for its limits.

For the common shapes of rules (fixed, graded, per unit, bands, thresholds; under calendar limits
that take a part, nothing, or only warn) two things decide an award: what the deed is worth before
any limit, and what the limits have used. The first depends on grades and quantities alone and is
remembered by them; the second stands in `Counters`. Everything else (stages, variants, streaks,
first reporters, matters, ceilings, deductions, asking, queues, rolling spans, several kinds of
points, joint doers) is left to `rate`.

`rate` stays the only place that says what a rule means: it works out each worth that is
remembered, and when somebody asks for the steps it rates the deed once more (`explained`), told
what the limits had used at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import attrs

from lovepoints.core.deeds import Award, Facts, Refusal, Verdict
from lovepoints.core.points import Ranged
from lovepoints.core.rating.counters import PER, Counted, Counters, Frame, Whos
from lovepoints.core.rating.limits import allowed_by
from lovepoints.core.rating.past import Past
from lovepoints.core.rating.rate import plan_of, rate
from lovepoints.core.rating.worth import running
from lovepoints.core.rulebook import Rule, Rulebook, replaced
from lovepoints.core.terms import Kind, Limit
from lovepoints.core.values import Calendar, point_unit

Used: TypeAlias = list[int]
"""What the limits of a rule had used when a deed was rated, in the order of `Compiled.counted`."""
Judged: TypeAlias = tuple[int, Used]
"""The points that are left of a worth, and what the limits had used before."""
Judge: TypeAlias = Callable[[Frame, Whos, int], Judged]
"""(tables, whom, worth) -> what is left of the worth; it is counted in the tables at once."""
Bound: TypeAlias = tuple[int, int, int, bool]
"""A limit as a closure wants it: number, whose, allowed, and whether it takes a part."""

_CROSSINGS = ("part", "none", "warn")
_NO_BOUND = 2**62
_NOTHING = Past()


@attrs.frozen
class Worth:
    """What a deed is worth before its limits: smallest parts, and the counted quantity."""

    points: int
    quantity: int


@attrs.frozen
class Compiled:
    """A rule that can be rated quickly: `judge` holds a worth under its limits.

    `counted` are those limits, the ones in times first; `bare` is the rulebook without them.
    """

    rule: Rule
    kind: Kind
    counted: tuple[Counted, ...]
    judge: Judge
    bare: Rulebook = attrs.field(repr=False)

    def worth(self, facts: Facts, verdict: Verdict, calendar: Calendar) -> Worth | None:
        """What these grades and quantities are worth, or None if `rate` refuses them."""
        award = rate(self.bare, self.rule, facts, verdict, _NOTHING, calendar)
        if isinstance(award, Refusal) or not award.times:
            return None
        return Worth(award.parts[0].points, award.quantity)

    def explained(
        self, rulebook: Rulebook, facts: Facts, verdict: Verdict, used: Used, calendar: Calendar,
    ) -> Award:
        """The whole award of a deed that `judge` rated when the limits had this much used."""
        told = {(one.limit.code, one.unit): amount
                for one, amount in zip(self.counted, used, strict=False)}
        award = rate(rulebook, self.rule, facts, verdict, _NOTHING, calendar, _Told(told))
        assert isinstance(award, Award), "what had a worth is not refused"
        return award


@attrs.frozen
class _Told:
    """What limits had used, as it was noted down."""

    amounts: dict[tuple[str, str], int]

    def used(self, limit: Limit, unit: str, facts: Facts) -> int | None:
        """What was noted for this limit; None for one that sees nothing of the past."""
        return self.amounts.get((limit.code, unit))

    def learn(self, limit: Limit, unit: str, facts: Facts, used: int) -> None:
        """Nothing is left to learn."""


def bare(rulebook: Rulebook) -> Rulebook:
    """The rulebook without the limits that look at the past."""
    return replaced(rulebook, limits=tuple(filter(_is_in_worth, rulebook.limits)))


def compile_rule(counters: Counters, rule: Rule, without: Rulebook) -> Compiled | None:
    """The rule as closures, or None if its shape is not a common one.

    The counters must be complete. `without`: `bare(...)`.
    """
    assert counters.is_complete, "a closure takes what is not known for nothing used"
    rulebook = counters.rulebook
    if not is_common(rulebook, rule):
        return None
    kind = plan_of(rulebook, rule).plain_kinds[0]
    limits = [limit for limit in rulebook.limits_on(rule.code) if not _is_in_worth(limit)
              and not (limit.of == "points" and limit.kind not in ("", kind.code))]
    unit = point_unit(kind.code)
    counted = [counters.counted.get((limit.code, unit if limit.of == "points" else ""))
               for limit in limits]
    known = [one for one in counted if one is not None and one.limit.of != "quantity"
             and one.limit.crossing in _CROSSINGS]
    if len(known) < len(limits):
        return None
    # As rating takes them: times first, then those that take a part, then those that take nothing.
    known.sort(key=lambda one: (one.limit.of != "times", _CROSSINGS.index(one.limit.crossing)))
    return Compiled(rule, kind, tuple(known), _judge(counters, known, kind), without)


def is_common(rulebook: Rulebook, rule: Rule) -> bool:
    """Whether a deed of the rule is worth the same whoever does it and whatever came before, in
    one kind of points without a ceiling; limits are another matter."""
    looks_further = (
        rule.stages or rule.variants or rule.void or rule.also or rule.first or rule.streak
        or rule.offsets or rule.deduction or isinstance(rule.points, Ranged)
        or running(rule.points)
        or any(group.take != "sum" for group in rulebook.groups_with(rule.code)))
    kinds = plan_of(rulebook, rule).plain_kinds
    return not looks_further and len(kinds) == 1 and kinds[0].ceiling is None


def _is_in_worth(limit: Limit) -> bool:
    """A limit on one deed sees nothing of the past, when one person does all of it at once."""
    return (limit.per == "deed" and limit.of == "points" and not limit.same
            and limit.crossing in ("part", "warn"))


def _judge(counters: Counters, counted: Sequence[Counted], kind: Kind) -> Judge:
    """The closure that holds a worth under these limits."""
    bounds = [_bound(one, kind) for one in counted]
    times = sum(one.limit.of == "times" for one in counted)
    pers = {one.per for one in counted}
    if times or len(pers) > 1 or any(PER[per] in ("household", "area") for per in pers):
        return _judging_all(counters, counted, bounds, times)
    return _judging_points(bounds, next(iter(pers), 0))


def _bound(one: Counted, kind: Kind) -> Bound:
    allowed = allowed_by(one.limit, kind.decimals)
    crossing = one.limit.crossing
    return (one.number, one.per, _NO_BOUND if crossing == "warn" else allowed,
            crossing == "part")


def _judging_points(bounds: Sequence[Bound], per: int) -> Judge:
    """Limits in points, all for the doer, the holder or the community: what most deeds meet.

    The worth is counted while the limits are looked at, and what is left of it once more if that
    is less, which is seldom.
    """
    holds = [(number, allowed, takes_part) for number, _, allowed, takes_part in bounds]

    def judge(frame: Frame, whos: Whos, worth: int) -> Judged:
        points, who, used = worth, whos[per], []
        for number, allowed, takes_part in holds:
            table = frame[number]
            amount = table.get(who, 0)
            used.append(amount)
            after = amount + points
            if after > allowed:
                points = max(0, allowed - amount) if takes_part else 0
            table[who] = after
        if points != worth:
            for (number, _, _), amount in zip(holds, used):  # noqa: B905 - they grew together
                frame[number][who] = amount + points
        return points, used

    return judge


def _judging_all(
    counters: Counters, counted: Sequence[Counted], bounds: Sequence[Bound], times: int,
) -> Judge:
    """Limits in times (the first ones) and in points, for anybody."""

    def judge(frame: Frame, whos: Whos, worth: int) -> Judged:
        points, used = worth, []
        for place, (number, per, allowed, takes_part) in enumerate(bounds):
            who = whos[per]
            amount = frame[number].get(who, 0)
            used.append(amount)
            if who is None:
                continue
            if place < times:
                if amount >= allowed:
                    return 0, used
            elif amount + points > allowed:
                points = max(0, allowed - amount) if takes_part else 0
        for place, one in enumerate(counted):
            counters.count(one, frame, whos, 1 if place < times else points)
        return points, used

    return judge
