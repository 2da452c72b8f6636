"""Limits that can never be reached, never let anything pass, or count what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from lovepoints.core.points import Fixed, Graded, Points, Ranged, quantities_of
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.rulefiles.checks import Found, points_of
from lovepoints.core.rulefiles.places import Path
from lovepoints.core.terms import Limit


def lint_limits(rulebook: Rulebook) -> Iterator[Found]:
    """What the limits of a rulebook contradict."""
    seen: dict[str, str] = {}
    for index, limit in enumerate(rulebook.limits):
        path: Path = ("limits", index)
        rules = [rule for rule in rulebook.rules if limit in rulebook.limits_on(rule.code)]
        yield from _reach(limit, path, rules, rulebook)
        yield from _deductions(limit, path, rulebook)
        if limit.of == "quantity":
            yield from _quantities(limit, path, rules)
        if limit.crossing == "queue" and not (limit.each or limit.within):
            yield (*path, "crossing"), "queue_without_period", {}
        if limit.kind and rules and not any(_pays(rule, limit.kind, rulebook) for rule in rules):
            yield (*path, "kind"), "limit_of_other_kind", {"value": limit.kind}
        key = repr((limit.rules, limit.groups, limit.of, limit.per, limit.each, limit.within,
                    limit.same, limit.kind))
        if key in seen:
            yield path, "limit_twice", {"value": limit.code, "other": seen[key]}
        seen[key] = limit.code


def _reach(
    limit: Limit, path: Path, rules: list[Rule], rulebook: Rulebook,
) -> Iterator[Found]:
    if not rules:
        yield path, "limit_without_rules", {"value": limit.code}
        return
    if limit.most == 0:
        yield (*path, "most"), "limit_zero", {"rules": [rule.code for rule in rules][:5]}
        return
    if limit.of != "points" or limit.kind not in ("", rulebook.kinds[0].code):
        return
    for rule in rules:
        least, most = amounts(rule)
        if limit.crossing == "none" and least is not None and least > limit.most:
            yield ((*path, "most"), "never_paid",
                   {"rule": rule.code, "value": f"{least:f}", "most": f"{limit.most:f}"})
        elif limit.crossing == "none" and most is not None and most > limit.most:
            yield ((*path, "most"), "sometimes_never_paid",
                   {"rule": rule.code, "value": f"{most:f}", "most": f"{limit.most:f}"})
    bound = _possible(limit, rules, rulebook.limits)
    if bound is not None and bound < limit.most:
        yield ((*path, "most"), "limit_never_reached",
               {"value": f"{limit.most:f}", "possible": f"{bound:f}"})


def amounts(rule: Rule) -> tuple[Decimal | None, Decimal | None]:
    """The least and the most plain points that one deed of a rule may bring; None if open."""
    if rule.stages or rule.streak or not rule.points:
        return None, None
    bounds = [_bounds(points) for place, points in points_of(rule) if place[0] != "also"]
    lows = [low * (rule.parts if rule.parts > 1 else 1) for low, _ in bounds if low is not None]
    highs = [high * rule.parts for _, high in bounds if high is not None]
    least = min(lows) if len(lows) == len(bounds) else None
    most = max(highs) if len(highs) == len(bounds) else None
    if rule.most is not None:
        most = rule.most if most is None else min(most, rule.most)
    if rule.least is not None and least is not None:
        least = max(least, rule.least)
    # A share, a later report or a void deed may be worth anything below.
    return None if rule.weights or rule.first or rule.void else least, most


def _bounds(points: Points) -> tuple[Decimal | None, Decimal | None]:
    match points:
        case Fixed():
            return points.value, points.value
        case Graded():
            return min(points.values.values()), max(points.values.values())
        case Ranged():
            return points.from_, points.to
        case _:
            return None, None


def _possible(limit: Limit, rules: list[Rule], limits: Iterable[Limit]) -> Decimal | None:
    """The most points that could come together under a limit; None if that is open."""
    highest = [amounts(rule)[1] for rule in rules]
    known = [each for each in highest if each is not None]
    if len(known) < len(highest):
        return None
    if limit.per == "deed":
        return max(known)
    for other in limits:
        alike = (other.per, other.each, other.within, other.same) == (
            limit.per, limit.each, limit.within, limit.same)
        covers = {*other.rules} >= {rule.code for rule in rules}
        if other.of == "times" and alike and covers and not other.groups:
            return max(known) * other.most
    return None


def _deductions(limit: Limit, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    for index, code in enumerate(limit.rules):
        rule = rulebook.rule(code)
        if rule and rule.deduction:
            yield (*path, "rules", index), "limit_on_deduction", {"rule": code}


def _quantities(limit: Limit, path: Path, rules: list[Rule]) -> Iterator[Found]:
    units = {rule.code: _units(rule) for rule in rules}
    for code in (code for code, names in units.items() if not names):
        yield path, "limit_without_quantity", {"rule": code}
    if len(names := sorted(frozenset().union(*units.values()))) > 1:
        yield path, "limit_units_differ", {"units": names}


def _units(rule: Rule) -> frozenset[str]:
    return frozenset().union(*(quantities_of(points) for place, points in points_of(rule)
                               if place[0] != "also"))


def _pays(rule: Rule, kind: str, rulebook: Rulebook) -> bool:
    plain = rule.kinds or tuple(
        each.code for i, each in enumerate(rulebook.kinds) if each.credited or i == 0)
    return kind in plain or kind in rule.also
