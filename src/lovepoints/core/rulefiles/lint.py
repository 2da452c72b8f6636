"""The linter: gaps, overlaps, what can never happen, contradictions, and settings left open.

A rulebook that can be read may still not say what its authors think. Nothing is guessed or
mended here: each finding names the place and says what to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lovepoints.core.points import Bands, Graded, Tiers
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.rulefiles.checks import Found, points_of
from lovepoints.core.rulefiles.fields import fields_of
from lovepoints.core.rulefiles.lint_limits import lint_limits
from lovepoints.core.rulefiles.lint_variants import lint_variants
from lovepoints.core.rulefiles.places import Path
from lovepoints.core.rulefiles.problems import Finding, Severity, shown
from lovepoints.core.rulefiles.rulefile import RuleFile
from lovepoints.core.rulefiles.settings import Left, left_to_default
from lovepoints.core.rulefiles.walking import walk
from lovepoints.core.terms import Kind, Limit, Pairing, Redemption, Sanction, Validity

SEVERITIES: Mapping[str, Severity] = {
    "left_to_default": "note", "everybody_counts": "note", "attribute_unused": "note",
    "limit_never_reached": "note", "until_lifted": "note", "stars_level": "note",
    "bands_not_rising": "error", "tiers_not_rising": "error", "sizes_not_rising": "error",
    "variants_overlap": "error", "limit_units_differ": "error", "limit_without_quantity": "error",
    "never_paid": "error", "pairing_unspendable": "error", "overflow_circle": "error",
}
"""How bad a finding is; a warning if it is not listed here."""


def lint(file: RuleFile) -> tuple[Finding, ...]:
    """Everything doubtful in a rulebook file: first errors, then warnings, then notes.

    An error contradicts itself and must be mended before the rulebook is adopted; a warning is
    probably not meant; a note tells which default holds where the file is silent.
    """
    found = [
        file.finding(path, code, SEVERITIES.get(code, "warning"), **facts)
        for path, code, facts in _findings(file.rulebook)
    ]
    found += [_left(file, left) for left in left_to_default(file.rulebook, file.nodes)]
    order = ("error", "warning", "note")
    return tuple(sorted(found, key=lambda each: (order.index(each.severity), each.line)))


def _left(file: RuleFile, left: Left) -> Finding:
    if left.attribute == "Rulebook.notice_days":
        return file.finding(left.paths[0], "notice_unstated", "warning")
    return file.finding(
        left.paths[0], "left_to_default", "note", setting=left.setting, value=left.value,
        question=f"question-{left.question}", meaning=f"{left.attribute}={left.value}",
        places=len(left.paths),
    )


def _findings(rulebook: Rulebook) -> Iterator[Found]:
    for path, value in walk(rulebook):
        for one in _BY_CLASS.get(type(value), ()):
            yield from one(value, path, rulebook)
    yield from lint_limits(rulebook)
    yield from _unused(rulebook)
    yield from _clearing_twice(rulebook)
    yield from _everybody(rulebook)
    yield from _stars(rulebook)


# --- values that must rise

def _falls(values: list[Decimal]) -> int | None:
    """The first position whose value is not above the one before."""
    pairs = enumerate(pairwise(values), 1)
    return next((i for i, (low, high) in pairs if high <= low), None)


def _bands(bands: Bands, path: Path, _: Rulebook) -> Iterator[Found]:
    open_ended = [i for i, band in enumerate(bands.bands[:-1]) if band.to is None]
    falls = _falls([band.to for band in bands.bands if band.to is not None])
    if open_ended or falls is not None:
        index = open_ended[0] if open_ended else falls or 0
        yield (*path, "bands", index), "bands_not_rising", {}
    elif bands.bands and bands.bands[-1].to is not None:
        yield ((*path, "bands", len(bands.bands) - 1), "bands_end",
               {"value": f"{bands.bands[-1].to:f}"})


def _tiers(tiers: Tiers, path: Path, _: Rulebook) -> Iterator[Found]:
    falls = _falls([tier.at for tier in tiers.tiers])
    if falls is not None:
        yield (*path, "tiers", falls), "tiers_not_rising", {}
    elif tiers.mode == "highest" and (low := _falls([tier.value for tier in tiers.tiers])):
        yield (*path, "tiers", low), "tier_worth_less", {}


def _validity(validity: Validity, path: Path, _: Rulebook) -> Iterator[Found]:
    sizes = validity.by_size
    open_ended = [i for i, size in enumerate(sizes[:-1]) if size.to is None]
    falls = _falls([size.to for size in sizes if size.to is not None])
    if open_ended or falls is not None:
        index = open_ended[0] if open_ended else falls or 0
        yield (*path, "by_size", index), "sizes_not_rising", {}
    elif sizes and sizes[-1].to is not None:
        yield (*path, "by_size", len(sizes) - 1), "sizes_end", {"value": f"{sizes[-1].to:f}"}


# --- rules, kinds, sanctions, redemption

def _rule(rule: Rule, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    yield from lint_variants(rule, path, rulebook)
    is_graded = any(isinstance(points, Graded) for _, points in points_of(rule))
    if rule.parts > 1 and not is_graded:
        yield (*path, "parts"), "parts_without_grades", {"value": rule.parts}
    if rule.grades and not is_graded:
        yield (*path, "grades"), "grades_unused", {}
    for name in ("first", "streak") if rule.deduction else ():
        if getattr(rule, name):
            yield (*path, name), "deduction_with_reward", {"key_name": name}


def _kind(kind: Kind, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    if not _is_filled(kind, rulebook):
        yield path, "kind_never_credited", {"value": kind.code}
    if kind.spendable_above and not kind.base:
        yield (*path, "spendable_above"), "threshold_without_base", {"value": kind.code}
    overflow = kind.ceiling.overflow if kind.ceiling else ""
    other = next((each for each in rulebook.kinds if each.code == overflow), None)
    if other and not other.spendable and rulebook.transfer.to == "off":
        yield (*path, "ceiling", "overflow"), "overflow_stuck", {"value": overflow}
    circle = _circle(kind, rulebook)
    if circle and path[-1] == min(circle):
        yield (*path, "ceiling", "overflow"), "overflow_circle", {"value": overflow}


def _circle(kind: Kind, rulebook: Rulebook) -> list[int]:
    """The positions of the kinds through which what goes over comes back to its own kind."""
    at = {each.code: i for i, each in enumerate(rulebook.kinds)}
    met: list[int] = []
    code = kind.code
    while code in at and at[code] not in met:
        met.append(at[code])
        ceiling = rulebook.kinds[at[code]].ceiling
        code = ceiling.overflow if ceiling else ""
    return met if code == kind.code else []


def _is_filled(kind: Kind, rulebook: Rulebook) -> bool:
    """Whether anything at all can bring points of this kind into a passbook."""
    by_rules = any(kind.code in rule.kinds or kind.code in rule.also for rule in rulebook.rules)
    plainly = kind.credited or kind is rulebook.kinds[0]
    by_plain = plainly and any(
        not rule.kinds and (rule.points or rule.stages or rule.variants) for rule in rulebook.rules)
    others = {each.ceiling.overflow for each in rulebook.kinds if each.ceiling}
    others |= {star.kind for star in rulebook.stars if star.grants}
    others |= {rulebook.transfer.becomes}
    return bool(by_rules or by_plain or kind.base or kind.code in others)


def _sanction(sanction: Sanction, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    named = {rule.deduction.sanction for rule in rulebook.rules if rule.deduction}
    if sanction.code not in named and sanction.below is None:
        yield path, "sanction_unused", {"value": sanction.code}
    if not (sanction.bars or sanction.clears or sanction.note):
        yield path, "sanction_does_nothing", {"value": sanction.code}
    ends = sanction.lasts or sanction.lasts_periods or sanction.below is not None
    if sanction.bars and not ends:
        yield path, "until_lifted", {"value": sanction.code}


def _redemption(redemption: Redemption, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    kinds = {kind.code: kind for kind in rulebook.kinds}
    for index, code in enumerate(redemption.kinds):
        if code in kinds and not kinds[code].spendable:
            yield (*path, "kinds", index), "kind_unspendable", {"value": code}
    step = redemption.multiple_of
    if step and redemption.minimum % step:
        yield ((*path, "minimum"), "minimum_between_steps",
               {"value": f"{redemption.minimum:f}", "step": f"{step:f}"})


def _pairing(pairing: Pairing, path: Path, rulebook: Rulebook) -> Iterator[Found]:
    kinds = {kind.code: kind for kind in rulebook.kinds}
    for name in ("unlocks", "by"):
        kind = kinds.get(getattr(pairing, name))
        if kind and not kind.spendable:
            yield (*path, name), "pairing_unspendable", {"value": kind.code}


_BY_CLASS: Mapping[type, tuple[Callable[[Any, Path, Rulebook], Iterator[Found]], ...]] = {
    Bands: (_bands,), Tiers: (_tiers,), Validity: (_validity,), Rule: (_rule,), Kind: (_kind,),
    Sanction: (_sanction,), Redemption: (_redemption,), Pairing: (_pairing,),
}


# --- the rulebook as a whole

def _unused(rulebook: Rulebook) -> Iterator[Found]:
    """Attributes that nothing asks for."""
    used: set[str] = set()
    for _, value in walk(rulebook):
        for field in fields_of(type(value)):
            if field.names in ("attribute", "fact", "same"):
                used |= set(getattr(value, field.name))
    for index, attribute in enumerate(rulebook.attributes):
        if attribute.code not in used:
            yield ("attributes", index), "attribute_unused", {"value": shown(attribute.code)}


def _clearing_twice(rulebook: Rulebook) -> Iterator[Found]:
    """A kind that is cleared each year although its points end with a period anyway."""
    ends = rulebook.validity.at_end_of
    for index, clearing in enumerate(rulebook.clearings):
        kind = next((each for each in rulebook.kinds if each.code == clearing.kind), None)
        own = kind.validity.at_end_of if kind and kind.validity else ends
        if own and own != "ever":
            yield ("clearings", index), "cleared_and_ended", {"value": clearing.kind, "each": own}


def _everybody(rulebook: Rulebook) -> Iterator[Found]:
    """Question 6: without a limit per household and event, everybody at an event counts."""
    def is_shared(limit: Limit) -> bool:
        return limit.per in ("household", "holder") and "event" in limit.same

    if rulebook.holder != "household" or any(map(is_shared, rulebook.limits)):
        return
    for index, rule in enumerate(rulebook.rules):
        if "event" in (*rule.needs, *rule.unique):
            yield ("rules", index), "everybody_counts", {"rule": rule.code}
            return


def _stars(rulebook: Rulebook) -> Iterator[Found]:
    seen: dict[tuple[object, ...], str] = {}
    for index, star in enumerate(rulebook.stars):
        level = (star.kind, star.of, star.each, star.at)
        if level in seen:
            yield ("stars", index), "stars_level", {"value": star.code, "other": seen[level]}
        seen[level] = star.code
        if star.grants and star.each == "ever":
            yield ("stars", index, "grants"), "star_never_grants", {"value": star.code}
