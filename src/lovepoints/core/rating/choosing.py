"""Which points a deed is rated by, and whether what the confirmer said fits them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import attrs

from lovepoints.core.deeds import Facts, Refusal, Verdict
from lovepoints.core.points import Bands, Graded, Points, Ranged, quantities_of
from lovepoints.core.rating.reporting import variant_of, variant_refusal
from lovepoints.core.rating.sheet import in_parts
from lovepoints.core.rating.worth import beyond_bands, plain
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.terms import Kind
from lovepoints.errors import Code


@attrs.frozen
class Choice:
    """The points of a stage, a variant or the rule itself, with the clause that says so.

    `form` is None for a rule that speaks only of further kinds (`also`).
    """

    form: Points | None
    clause: str


def choose_points(rule: Rule, facts: Facts, verdict: Verdict) -> Choice | Refusal:
    """The stage that the verdict names, else the variant that fits, else the rule's points."""
    if rule.stages or verdict.stage:
        return _stage(rule, verdict.stage)
    if not rule.variants:
        return Choice(rule.points, rule.clause)
    if refusal := variant_refusal(rule, facts):
        return refusal
    if variant := variant_of(rule, facts):
        return Choice(variant.points, variant.clause or rule.clause)
    return Choice(rule.points, rule.clause)


def _stage(rule: Rule, code: str) -> Choice | Refusal:
    stage = next((one for one in rule.stages if one.code == code), None)
    if stage is not None:
        return Choice(stage.points, rule.clause)
    known = [one.code for one in rule.stages]
    if not code:
        return Refusal(Code.CHOICE_NEEDED, {"rule": rule.code, "what": "stage", "known": known})
    return Refusal(Code.AMOUNT_NOT_BY_RULE, {
        "rule": rule.code, "what": "stage", "given": code, "known": known})


def check_verdict(
    rulebook: Rulebook, rule: Rule, form: Points | None, quantities: Mapping[str, Decimal],
    verdict: Verdict, kind: Kind,
) -> Refusal | None:
    """Why the verdict does not fit the points, or None. `kind` is the first of plain points."""
    forms = [*([form] if form is not None else []), *rule.also.values()]
    return (
        _quantities(rule, forms, quantities)
        or _grades(rule, forms, verdict)
        or _points(rulebook, rule, form, verdict, kind)
    )


def _quantities(
    rule: Rule, forms: Sequence[Points], quantities: Mapping[str, Decimal],
) -> Refusal | None:
    missing = {name for form in forms for name in quantities_of(form) if name not in quantities}
    if missing:
        return Refusal(Code.FACT_MISSING, {"rule": rule.code, "missing": sorted(missing)})
    for form in forms:
        if isinstance(form, Bands) and beyond_bands(form, quantities[form.of]):
            return Refusal(Code.AMOUNT_NOT_BY_RULE, {
                "rule": rule.code, "what": form.of, "given": plain(quantities[form.of])})
    return None


def _grades(rule: Rule, forms: Sequence[Points], verdict: Verdict) -> Refusal | None:
    graded = [form for form in forms if isinstance(form, Graded)]
    if not graded:
        if verdict.grades:
            return _not_by_rule(rule, "grade", ", ".join(verdict.grades), [])
        return None
    known = list(dict.fromkeys(grade for form in graded for grade in form.values))
    if not verdict.grades:
        return Refusal(Code.FACT_MISSING, {
            "rule": rule.code, "missing": ["grade"], "known": known, "parts": rule.parts})
    for grade in verdict.grades:
        if any(grade not in form.values for form in graded):
            return _not_by_rule(rule, "grade", grade, known)
    if len(verdict.grades) != rule.parts:
        return Refusal(Code.AMOUNT_NOT_BY_RULE, {
            "rule": rule.code, "what": "parts", "given": len(verdict.grades),
            "known": [str(rule.parts)]})
    return None


def _points(
    rulebook: Rulebook, rule: Rule, form: Points | None, verdict: Verdict, kind: Kind,
) -> Refusal | None:
    points = verdict.points
    if not isinstance(form, Ranged):
        if points is None or _may_ask(rulebook, rule):
            return None
        return _not_by_rule(rule, "points", plain(points), [])
    bounds = {"least": plain(form.from_), "most": plain(form.to)}
    if points is None:
        return Refusal(Code.CHOICE_NEEDED, {"rule": rule.code, "what": "points", **bounds})
    if not form.from_ <= points <= form.to or in_parts(points, kind) is None:
        return Refusal(Code.AMOUNT_NOT_BY_RULE, {
            "rule": rule.code, "what": "points", "given": plain(points), **bounds})
    if not verdict.reason:
        return Refusal(Code.REASON_NEEDED, {"rule": rule.code, "what": "points", **bounds})
    return None


def _may_ask(rulebook: Rulebook, rule: Rule) -> bool:
    """Whether a limit, a group or several rules for one matter may ask the confirmer."""
    return (
        rulebook.several_rules == "ask"
        or any(limit.crossing == "ask" for limit in rulebook.limits_on(rule.code))
        or any(group.take == "ask" for group in rulebook.groups_with(rule.code))
    )


def _not_by_rule(rule: Rule, what: str, given: str, known: list[str]) -> Refusal:
    return Refusal(Code.AMOUNT_NOT_BY_RULE, {
        "rule": rule.code, "what": what, "given": given, "known": known})
