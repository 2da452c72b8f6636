"""What a report must state, and the refusals at the door: before a deed is on record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

import attrs

from lovepoints.core.deeds import SAME, Facts, History, Refusal
from lovepoints.core.points import Points, quantities_of
from lovepoints.core.rating.conditions import check_conditions, fits
from lovepoints.core.rating.worth import QUANTITY_FINEST, QUANTITY_MAX, plain
from lovepoints.core.rulebook import Rule, Rulebook, Variant
from lovepoints.core.values import Period, Span
from lovepoints.errors import Code

EVER = Period(date.min, date.max)


@attrs.frozen(kw_only=True)
class Needed:
    """What a report of a rule must state.

    `quantities` by name; `same`: of event, place, matter; `attributes` of deed, doer or household.
    """

    quantities: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    evidence: bool = False
    end_day: bool = False


def forms_of(rule: Rule) -> tuple[Points, ...]:
    """Every form of points that a deed of this rule may meet."""
    return (*_choices(rule), *rule.also.values())


def facts_needed(rule: Rule) -> Needed:
    """What every report of this rule must state.

    Quantities of variants that need not apply are not demanded here but when the variant is
    chosen; a quantity that every choice needs is.
    """
    also = {name for points in rule.also.values() for name in quantities_of(points)}
    choices = [quantities_of(points) for points in _choices(rule)]
    common = frozenset.intersection(*choices) if choices else frozenset()
    compared = {*rule.needs, *rule.unique, *(rule.first.same if rule.first else ())}
    return Needed(
        quantities=common | also,
        same=frozenset(compared & set(SAME)),
        attributes=frozenset({*rule.needs, *rule.unique} - set(SAME) - {"evidence"}),
        evidence="evidence" in rule.needs,
        end_day=rule.validity is not None and rule.validity.starts == "deed_end",
    )


def _choices(rule: Rule) -> list[Points]:
    own = [rule.points] if rule.points is not None else []
    return [*own, *(one.points for one in rule.variants), *(one.points for one in rule.stages)]


def report_refusal(
    rulebook: Rulebook, rule: Rule, facts: Facts, history: History, *,
    provided: Collection[str] = (), reason: bool = False,
) -> Refusal | None:
    """Why this report cannot be written down, or None.

    `provided` names what was handed in beyond `facts` ("evidence"); `reason`: one was given for
    being late. A refusal names everything that is missing at once. `unique` looks at credits of
    the past; reports that still wait for their confirmation are the caller's to compare.
    """
    return (
        bad_quantity(facts.quantities)
        or not_in_force(rulebook, facts)
        or _missing(rulebook, rule, facts, provided)
        or variant_refusal(rule, facts)
        or _requires(rule, facts)
        or _late(rulebook, rule, facts, reason)
        or _again(rule, facts, history)
    )


def bad_quantity(quantities: Mapping[str, Decimal]) -> Refusal | None:
    """A quantity is above zero, at most `QUANTITY_MAX`, and no finer than a millionth."""
    for name, quantity in quantities.items():
        if not _is_quantity(quantity):
            return Refusal(Code.AMOUNT_RANGE, {
                "what": name, "given": plain(quantity), "most": plain(QUANTITY_MAX)})
    return None


@lru_cache(maxsize=4096)
def _is_quantity(quantity: Decimal) -> bool:
    return 0 < quantity <= QUANTITY_MAX and not quantity % QUANTITY_FINEST


def not_in_force(rulebook: Rulebook, facts: Facts) -> Refusal | None:
    """A rulebook says nothing about days before it came into force."""
    if facts.counts_on >= rulebook.effective:
        return None
    return Refusal(Code.RULE_NOT_IN_FORCE, {
        "rule": facts.rule, "day": facts.counts_on.isoformat(),
        "since": rulebook.effective.isoformat()})


def variant_of(rule: Rule, facts: Facts) -> Variant | None:
    """The variant that fits the deed's attributes and day (both ends included), or None."""
    return next((variant for variant in rule.variants
                 if _holds_on(variant, facts.day) and fits(variant.where, facts.attributes)), None)


def _holds_on(variant: Variant, day: date) -> bool:
    return ((variant.since is None or variant.since <= day)
            and (variant.until is None or day <= variant.until))


def variant_refusal(rule: Rule, facts: Facts) -> Refusal | None:
    """Why no points are found for this deed among the variants, where the rule has no others."""
    if rule.points is not None or rule.stages or not rule.variants or variant_of(rule, facts):
        return None
    asked = {name for variant in rule.variants for name in variant.where}
    if missing := sorted(asked - set(facts.attributes)):
        return Refusal(Code.FACT_MISSING, {"rule": rule.code, "missing": missing})
    fitting = [one for one in rule.variants if fits(one.where, facts.attributes)]
    if not fitting:
        return Refusal(Code.PRECONDITION_MISSING, {"rule": rule.code, "missing": sorted(asked)})
    return Refusal(Code.RULE_NOT_IN_FORCE, {
        "rule": rule.code, "day": facts.day.isoformat(), **_nearest(fitting, facts.day)})


def _nearest(variants: Iterable[Variant], day: date) -> dict[str, str]:
    """When it could work: the first later start, else the last day that has passed."""
    starts = [one.since for one in variants if one.since and one.since > day]
    if starts:
        return {"since": min(starts).isoformat()}
    ends = [one.until for one in variants if one.until and one.until < day]
    return {"until": max(ends).isoformat()} if ends else {}


def _missing(
    rulebook: Rulebook, rule: Rule, facts: Facts, provided: Collection[str],
) -> Refusal | None:
    needed = facts_needed(rule)
    compared = needed.same | {name for limit in rulebook.limits_on(rule.code)
                              if rule.code in limit.rules for name in limit.same}
    ends = needed.end_day or (rulebook.validity.starts == "deed_end" and rule.validity is None)
    missing = [
        *sorted(needed.quantities - set(facts.quantities)),
        *sorted(name for name in compared if not facts.same.get(name)),
        *sorted(needed.attributes - set(facts.attributes)),
        *(["evidence"] if needed.evidence and "evidence" not in provided else []),
        *(["end_day"] if ends and facts.end_day is None else []),
    ]
    return Refusal(Code.FACT_MISSING, {"rule": rule.code, "missing": missing}) if missing else None


def _requires(rule: Rule, facts: Facts) -> Refusal | None:
    missing = check_conditions(rule.requires, facts.attributes)
    if not missing:
        return None
    return Refusal(Code.PRECONDITION_MISSING, {"rule": rule.code, "missing": list(missing)})


def _late(rulebook: Rulebook, rule: Rule, facts: Facts, reason: bool) -> Refusal | None:
    span: Span = rule.late or rulebook.late
    last = span.after(facts.day)
    if facts.reported_on <= last or rulebook.late_then == "accept":
        return None
    told = {"rule": rule.code, "last_day": last.isoformat(), "late": str(span)}
    if rulebook.late_then == "refuse":
        return Refusal(Code.REPORTED_TOO_LATE, told)
    return None if reason else Refusal(Code.REASON_NEEDED, told)


def _again(rule: Rule, facts: Facts, history: History) -> Refusal | None:
    names = [name for name in rule.unique if name in SAME]
    if not names:
        return None
    same = {name: facts.same[name] for name in names}
    for row in history.credits("resident", facts.doer, EVER):
        is_repeat = row.rule == rule.code and row.deed != facts.deed and row.times
        if is_repeat and all(getattr(row, name) == value for name, value in same.items()):
            return Refusal(Code.DUPLICATE_CHECKIN, {"rule": rule.code, "same": names})
    return None
