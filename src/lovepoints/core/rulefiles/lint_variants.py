"""Variants of a rule: which may fit the same deed, and which deeds none of them fits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

from lovepoints.core.rulebook import Rule, Rulebook, Variant
from lovepoints.core.rulefiles.checks import Found
from lovepoints.core.rulefiles.places import Path
from lovepoints.core.terms import Attribute, Range, Values, Where

PAIRS_MAX = 2000
"""So many pairs of variants of one rule are compared."""


def lint_variants(rule: Rule, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    """Overlaps, gaps and variants that lie before the rulebook's first day."""
    pairs = list(combinations(range(len(rule.variants)), 2))[:PAIRS_MAX]
    for first, second in pairs:
        if may_both_fit(rule.variants[first], rule.variants[second]):
            yield ((*path, "variants", second), "variants_overlap",
                   {"first": first + 1, "second": second + 1})
    for index, variant in enumerate(rule.variants):
        if variant.until and variant.until < rulebook.effective:
            yield ((*path, "variants", index, "until"), "variant_over",
                   {"until": str(variant.until), "effective": str(rulebook.effective)})
    # With points of its own the rule pays those wherever no variant fits: no gap is left.
    if rule.variants and not rule.points:
        yield from _gaps_in_time(rule, path)
        yield from _gaps_in_values(rule, path, rulebook)


def may_both_fit(one: Variant, other: Variant) -> bool:
    """Whether some deed could fit both variants."""
    starts = max(one.since or date.min, other.since or date.min)
    ends = min(one.until or date.max, other.until or date.max)
    shared = one.where.keys() & other.where.keys()
    return starts <= ends and all(_can_meet(one.where[name], other.where[name]) for name in shared)


def _can_meet(one: Values | Range, other: Values | Range) -> bool:
    if isinstance(one, Range) and isinstance(other, Range):
        low = max((r.from_ for r in (one, other) if r.from_ is not None), default=None, key=_key)
        high = min((r.to for r in (one, other) if r.to is not None), default=None, key=_key)
        return low is None or high is None or _key(low) <= _key(high)
    if isinstance(one, Range):
        one, other = other, one
    if isinstance(other, Range):
        return any(_inside(value, other) for value in one)  # type: ignore[union-attr]
    return not set(map(_same, one)).isdisjoint(map(_same, other))  # type: ignore[arg-type]


def _inside(value: object, bounds: Range) -> bool:
    return ((bounds.from_ is None or _key(bounds.from_) <= _key(value))
            and (bounds.to is None or _key(value) <= _key(bounds.to)))


def _key(value: object) -> tuple[str, object]:
    """An order over numbers and days; a text is outside of every range."""
    if isinstance(value, date):
        return "day", value
    if isinstance(value, int | Decimal):
        return "number", Decimal(value)
    return "text", str(value)


def _same(value: object) -> tuple[type, object]:
    return type(value), value  # true is not 1


def _gaps_in_time(rule: Rule, path: Path) -> Iterator[Found]:
    """Days between two variants of the same condition that neither covers."""
    by_where: dict[str, list[tuple[int, Variant]]] = {}
    for index, variant in enumerate(rule.variants):
        by_where.setdefault(_condition(variant.where), []).append((index, variant))
    for variants in by_where.values():
        ordered = sorted(variants, key=lambda each: each[1].since or date.min)
        for (_, before), (index, after) in pairwise(ordered):
            if not before.until or not after.since:
                continue
            first, last = before.until + timedelta(days=1), after.since - timedelta(days=1)
            if first <= last:
                yield ((*path, "variants", index), "variants_gap",
                       {"first": str(first), "last": str(last)})


def _condition(where: Where) -> str:
    return repr(sorted(where.items(), key=lambda each: each[0]))


def _gaps_in_values(rule: Rule, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    """Values of the only attribute that decides which no variant names."""
    names = {name for variant in rule.variants for name in variant.where}
    if len(names) != 1 or not all(variant.where for variant in rule.variants):
        return
    name = names.pop()
    conditions = [variant.where[name] for variant in rule.variants]
    attribute = next((each for each in rulebook.attributes if each.code == name), None)
    if attribute and (missing := _missing(attribute, conditions)):
        yield (*path, "variants"), "values_gap", {"attribute": name, "missing": missing}


def _missing(attribute: Attribute, conditions: list[Values | Range]) -> list[str]:
    named = {value for each in conditions if isinstance(each, tuple) for value in each}
    match attribute.type:
        case "choice":
            return [value for value in attribute.values if value not in named]
        case "yes-no":
            return [str(value).lower() for value in (True, False) if value not in named]
        case "whole":
            return _between(conditions)
        case _:
            return []


def _between(conditions: list[Values | Range]) -> list[str]:
    """Whole numbers between neighbouring ranges and values that none of them holds."""
    spans: list[tuple[Any, Any]] = []
    for each in conditions:
        if isinstance(each, Range):
            spans.append((each.from_, each.to))
        else:
            spans += [(value, value) for value in each]
    low = Decimal("-Infinity")
    ordered = sorted(spans, key=lambda span: low if span[0] is None else Decimal(span[0]))
    gaps = []
    for (_, end), (start, _) in pairwise(ordered):
        if end is not None and start is not None and Decimal(start) > Decimal(end) + 1:
            gaps.append(f"{Decimal(end) + 1:f}..{Decimal(start) - 1:f}")
    return gaps
