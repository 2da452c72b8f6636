"""What a readable rulebook must also hold to make sense: names, bounds, grades, amounts.

Every check yields where it found something, the code of the problem and its facts; the paths are
of attribute names and positions. What is doubtful but has one clear meaning is the linter's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

import attrs

from lovepoints.core.deeds import SAME
from lovepoints.core.points import (
    Bands,
    Fixed,
    Graded,
    Points,
    Ranged,
    Thresholds,
    Tiers,
)
from lovepoints.core.policy import STRICT
from lovepoints.core.rulebook import Confirm, Deduction, Rule, Rulebook, Variant
from lovepoints.core.rulefiles.fields import fields_of, is_model
from lovepoints.core.rulefiles.places import Path
from lovepoints.core.rulefiles.problems import nearest, shown
from lovepoints.core.rulefiles.units import alike, wrong_unit
from lovepoints.core.rulefiles.walking import walk
from lovepoints.core.terms import (
    Attribute,
    Days,
    Kind,
    Limit,
    Pairing,
    Range,
    Rank,
    Sanction,
    Transfer,
)

Found: TypeAlias = "tuple[Path, str, dict[str, Any]]"  # Any: canonical JSON values
ROLES = frozenset().union(*STRICT.values())
"""The roles that the program knows by itself; a rulebook may name others."""
_SLIP = 85
"""Alike by so many percent, a role is a known one misspelt."""


def check(rulebook: Rulebook) -> Iterator[Found]:
    """Everything that makes no sense in a rulebook."""
    known = _known(rulebook)
    for path, value in walk(rulebook):
        yield from _double_codes(value, path)
        yield from _strange_names(value, path, known)
        for one in _CHECKS.get(type(value), ()):
            yield from one(value, path, rulebook)
    yield from _empty(rulebook)


def _double_codes(value: Any, path: Path) -> Iterator[Found]:
    for field in fields_of(type(value)):
        inner = getattr(value, field.name)
        if not isinstance(inner, tuple) or not inner or not is_model(type(inner[0])):
            continue
        seen: set[str] = set()
        for index, each in enumerate(inner):
            code = getattr(each, "code", "")
            if code and code in seen:
                yield ((*path, field.name, index, "code"), "duplicate_code",
                       {"value": code, "noun": type(each).__name__.lower()})
            seen.add(code)


# --- names

def _known(rulebook: Rulebook) -> dict[str, frozenset[str]]:
    def codes(values: Iterable[Any]) -> frozenset[str]:
        return frozenset(value.code for value in values)

    attributes, kinds = codes(rulebook.attributes), codes(rulebook.kinds)
    groups = codes(rulebook.groups) | {rule.group for rule in rulebook.rules if rule.group}
    return {
        "rule": codes(rulebook.rules), "group": groups, "kind": kinds, "attribute": attributes,
        "sanction": codes(rulebook.sanctions), "same": frozenset(SAME),
        "fact": frozenset({*SAME, "evidence", "day", "end_day"}) | attributes,
        "overflow": kinds | {"lost", "refuse", "queue"},
    }


def _strange_names(value: Any, path: Path, known: Mapping[str, frozenset[str]]) -> Iterator[Found]:
    for field in fields_of(type(value)):
        for inner, name in _named(getattr(value, field.name), (*path, field.name)):
            match field.names:
                case "" | "code":
                    continue
                case "role":
                    yield from _strange_role(name, inner)
                case "quantity":
                    if meant := wrong_unit(name):
                        yield inner, "wrong_unit", {"value": shown(name), "nearest": meant}
                case noun if noun in known and name not in known[noun]:
                    yield (inner, f"unknown_{noun}",
                           {"value": shown(name), "nearest": nearest(name, known[noun])})


def _named(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """The names in a text, an array of texts or the keys of a table; empty text names nothing."""
    if isinstance(value, str) and value:
        yield path, value
    elif isinstance(value, tuple):
        yield from (((*path, i), each) for i, each in enumerate(value) if isinstance(each, str))
    elif isinstance(value, Mapping):
        yield from (((*path, key), key) for key in value)


def _strange_role(name: str, path: Path) -> Iterator[Found]:
    # A community may have roles of its own; only a slip of the pen is a mistake.
    near = nearest(name, ROLES)
    if name not in ROLES and alike(name.lower(), near) >= _SLIP:
        yield path, "unknown_role", {"value": shown(name), "nearest": near}


# --- rules

def _check_rule(rule: Rule, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    pays = rule.points or rule.stages or rule.variants or rule.also
    if not pays and not (rule.deduction and rule.deduction.sanction):
        yield (*path, "points"), "nothing_paid", {"rule": rule.code}
    if rule.deduction and rule.stages:
        yield (*path, "stages"), "deduction_in_stages", {"rule": rule.code}
    if rule.least is not None and rule.most is not None and rule.least > rule.most:
        yield (*path, "most"), "bounds_inverted", _bounds(rule.least, rule.most)
    yield from _check_grades(rule, path)
    yield from _check_fractions(rule, path, rulebook)


def _bounds(low: object, high: object) -> dict[str, str]:
    return {"low": _plain(low), "high": _plain(high)}


def _plain(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def points_of(rule: Rule) -> Iterator[tuple[Path, Points]]:
    """All points of a rule with their paths inside of it."""
    if rule.points:
        yield ("points",), rule.points
    for i, variant in enumerate(rule.variants):
        yield ("variants", i, "points"), variant.points
    for i, stage in enumerate(rule.stages):
        yield ("stages", i, "points"), stage.points
    for kind, points in rule.also.items():
        yield ("also", kind), points


def _check_grades(rule: Rule, path: Path) -> Iterator[Found]:
    for inner, points in points_of(rule):
        if not isinstance(points, Graded):
            continue
        for grade in points.values:
            if grade not in rule.grades:
                yield ((*path, *inner, "values", grade), "unknown_grade",
                       {"value": shown(grade), "nearest": nearest(grade, rule.grades)})
        if missing := [grade for grade in rule.grades if grade not in points.values]:
            yield (*path, *inner), "grade_missing", {"missing": [shown(one) for one in missing]}


def _check_fractions(rule: Rule, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    main = _decimals(rulebook, rule.kinds)
    for inner, points in points_of(rule):
        decimals = _decimals(rulebook, (str(inner[1]),)) if inner[0] == "also" else main
        for place, amount in _amounts(points):
            yield from _fraction((*path, *inner, *place), amount, decimals)
    if rule.first:
        yield from _fraction((*path, "first", "later"), rule.first.later, main)
    if rule.streak:
        yield from _fraction((*path, "streak", "points"), rule.streak.points, main)
    if rule.deduction and rule.deduction.repair is not None:
        yield from _fraction((*path, "deduction", "repair"), rule.deduction.repair, main)


def _decimals(rulebook: Rulebook, kinds: tuple[str, ...]) -> int:
    """The digits after the point that every one of the kinds can hold."""
    named = [kind for kind in rulebook.kinds if kind.code in kinds]
    credited = [kind for i, kind in enumerate(rulebook.kinds) if kind.credited or i == 0]
    return min((kind.decimals for kind in named or credited), default=2)


def _amounts(points: Points) -> Iterator[tuple[Path, Decimal]]:
    """The amounts of points that are paid as they stand; values per unit are rounded anyway."""
    match points:
        case Fixed() | Thresholds():
            yield ("value",), points.value
        case Graded():
            yield from ((("values", grade), value) for grade, value in points.values.items())
        case Ranged():
            yield from ((("from_",), points.from_), (("to",), points.to))
        case Tiers():
            yield from ((("tiers", i, "value"), t.value) for i, t in enumerate(points.tiers))


def _fraction(path: Path, amount: Decimal, decimals: int) -> Iterator[Found]:
    if amount != amount.quantize(Decimal(1).scaleb(-decimals)):
        yield path, "fraction", {"value": f"{amount:f}", "decimals": decimals}


# --- the other classes

def _check_kind(kind: Kind, path: Path, _: Rulebook) -> Iterator[Found]:
    if kind.base:
        yield from _fraction((*path, "base", "points"), kind.base.points, kind.decimals)
    if kind.ceiling:
        yield from _fraction((*path, "ceiling", "points"), kind.ceiling.points, kind.decimals)
        if kind.ceiling.overflow == kind.code:
            yield (*path, "ceiling", "overflow"), "overflow_to_itself", {"value": kind.code}
    yield from _fraction((*path, "spendable_above"), kind.spendable_above, kind.decimals)


def _check_order(low: str, high: str) -> Callable[[Any, Path, Rulebook], Iterator[Found]]:
    """A check that one attribute is not above another (either may be left out)."""

    def ordered(value: Any, path: Path, _: Rulebook) -> Iterator[Found]:
        bounds = getattr(value, low), getattr(value, high)
        if None in bounds:
            return
        if isinstance(bounds[0], Decimal) is not isinstance(bounds[1], Decimal):
            yield (*path, high), "bounds_differ", _bounds(*bounds)
        elif bounds[0] > bounds[1]:
            yield (*path, high), "bounds_inverted", _bounds(*bounds)

    return ordered


def _check_attribute(attribute: Attribute, path: Path, _: Rulebook) -> Iterator[Found]:
    if (attribute.type == "choice") is not bool(attribute.values):
        yield (*path, "type"), "attribute_values", {"value": attribute.code}


def _check_pairing(pairing: Pairing, path: Path, _: Rulebook) -> Iterator[Found]:
    if pairing.unlocks == pairing.by:
        yield (*path, "by"), "pairing_with_itself", {"value": pairing.by}


def _check_days(days: Days, path: Path, _: Rulebook) -> Iterator[Found]:
    for index, one in enumerate(days.month_days):
        if one == 0:
            yield (*path, "month_days", index), "no_month_day", {}
    if days.hours and days.hours[0] >= days.hours[1]:
        yield (*path, "hours"), "bounds_inverted", _bounds(*(f"{t:%H:%M}" for t in days.hours))


def _check_deduction(deduction: Deduction, path: Path, _: Rulebook) -> Iterator[Found]:
    if not deduction.appeal.strip():
        yield (*path, "appeal"), "deduction_unstated", {"key_name": "appeal"}


def _check_limit(limit: Limit, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    if limit.of == "times" and limit.most != int(limit.most):
        yield (*path, "most"), "not_whole", {"value": f"{limit.most:f}"}
    if limit.of == "points":
        kinds = (limit.kind,) if limit.kind else (rulebook.kinds[0].code,) if rulebook.kinds else ()
        yield from _fraction((*path, "most"), limit.most, _decimals(rulebook, kinds))


def _check_rank(rank: Rank, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    if not rank.direct and not rank.top:
        yield (*path, "top"), "missing_key", {"key_name": "top", "table": "Rank"}
    hidden = {rule.code for rule in rulebook.rules if rule.confidential}
    if hidden.intersection(rank.rules) and not rank.asks:
        yield (*path, "rules"), "rank_unasked", {"value": rank.code}


def _check_bands(bands: Bands, path: Path, _: Rulebook) -> Iterator[Found]:
    if not bands.bands:
        yield (*path, "bands"), "empty_list", {"key_name": "bands"}


def _check_tiers(tiers: Tiers, path: Path, _: Rulebook) -> Iterator[Found]:
    if not tiers.tiers:
        yield (*path, "tiers"), "empty_list", {"key_name": "tiers"}


def _check_graded(graded: Graded, path: Path, _: Rulebook) -> Iterator[Found]:
    if not graded.values:
        yield (*path, "values"), "empty_list", {"key_name": "points"}


def _empty(rulebook: Rulebook) -> Iterator[Found]:
    for name, key in (("rules", "rule"), ("kinds", "kind")):
        if not getattr(rulebook, name):
            yield (name,), "empty_list", {"key_name": key}


_CHECKS: Mapping[type, tuple[Callable[[Any, Path, Rulebook], Iterator[Found]], ...]] = {
    Rule: (_check_rule,), Kind: (_check_kind,), Attribute: (_check_attribute,),
    Ranged: (_check_order("from_", "to"),), Range: (_check_order("from_", "to"),),
    Variant: (_check_order("since", "until"),), Confirm: (_check_order("people", "people_above"),),
    Sanction: (_check_order("below", "restored_at"),),
    Transfer: (_check_order("minimum", "most"),), Pairing: (_check_pairing,),
    Days: (_check_days,), Deduction: (_check_deduction,), Limit: (_check_limit,),
    Rank: (_check_rank,), Bands: (_check_bands,), Tiers: (_check_tiers,), Graded: (_check_graded,),
}


def with_grades(rule: Rule) -> Rule:
    """The rule with its grades taken from its points, if it lists none."""
    if rule.grades:
        return rule
    named = [points.values for _, points in points_of(rule) if isinstance(points, Graded)]
    grades = {grade: grade for values in named for grade in values}
    return attrs.evolve(rule, grades=grades) if grades else rule
