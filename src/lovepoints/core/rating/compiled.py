"""The quick way to rate: what a deed is worth, remembered, and one function a rule for its limits.

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
from functools import partial
from typing import Any, TypeAlias

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

_CROSSINGS = ("part", "none", "warn")
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
    """The rule as a function, or None if its shape is not a common one.

    The counters must be complete. `without`: `bare(...)`.
    """
    assert counters.is_complete, "a function takes what is not known for nothing used"
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
    """The function that holds a worth under these limits and counts it: one line after the other.

    It is written for the rule and compiled, as attrs does for a class, because a loop over the
    limits costs every deed a fifth more. Nothing but numbers goes into its text.
    """
    names, done = dict[str, Any](), list[str]()  # Any: the functions that the text calls
    lines = ["def judge(frame, whos, worth):", " points = worth"]
    lines += [f" who{per} = whos[{per}]" for per in sorted({one.per for one in counted})]
    for place, one in enumerate(counted):
        used, table, who = f"used{place}", f"table{place}", f"who{one.per}"
        lines += [f" {table} = frame[{one.number}]", f" {used} = {table}.get({who}, 0)",
                  *_crossed(one, kind, place)]
        more = "1" if one.limit.of == "times" else "points"
        if PER[one.per] in ("household", "area"):
            names[f"count{place}"] = partial(counters.count, one)
            done.append(f" count{place}(frame, whos, {more})")
        else:
            done.append(f" if {more}: {table}[{who}] = {used} + {more}")
    exec("\n".join([*lines, *done, f" return points, {_list(len(counted))}"]), names)
    judge: Judge = names["judge"]
    return judge


def _crossed(one: Counted, kind: Kind, place: int) -> list[str]:
    """What the function does where a limit is crossed."""
    if one.limit.crossing == "warn":
        return []
    allowed, used = allowed_by(one.limit, kind.decimals), f"used{place}"
    meets = f"who{one.per} is not None and " if PER[one.per] == "area" else ""
    if one.limit.of == "times":
        return [f" if {meets}{used} >= {allowed}: return 0, {_list(place + 1)}"]
    left = f"max(0, {allowed} - {used})" if one.limit.crossing == "part" else "0"
    return [f" if {meets}{used} + points > {allowed}: points = {left}"]


def _list(count: int) -> str:
    return f"[{', '.join(f'used{place}' for place in range(count))}]"
