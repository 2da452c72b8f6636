"""The settings that real rulebooks leave open, and which of them a file left to the default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.fields import Field, fields_of, is_model, item_type
from lovepoints.core.rulefiles.places import Path
from lovepoints.core.rulefiles.scalars import written
from lovepoints.core.rulefiles.walking import dotted, walk

QUESTIONS: Mapping[str, int] = {
    "Rulebook.counts_on": 1, "Rulebook.starts_on": 2, "Limit.crossing": 3,
    "Rulebook.several_rules": 5, "Group.take": 5,
    "Kind.decimals": 7, "Kind.rounding": 7, "PerUnit.carry": 7,
    "Tiers.mode": 8, "Bands.mode": 9,
    "Band.to_included": 10, "Tier.at_included": 10, "Star.at_included": 10,
    "Kind.base": 11, "Deduction.floor": 12, "Rulebook.overturned": 13, "Rulebook.settle_debt": 13,
    "Deduction.repeat": 14, "Deduction.borne_by": 15,
    "Stage.kept_when_rejected": 16, "Stage.kept_when_false": 16, "Rule.first": 17,
    "Kind.ceiling": 18, "Ceiling.overflow": 18, "Redemption.order": 19,
    "Rulebook.validity": 20, "Validity.last_day": 20, "Clearing.pending": 20,
    "Rulebook.notice_days": 21, "Rulebook.usable": 21, "Rulebook.objection": 21,
    "Confirm.people": 22, "Confirm.above": 22, "Rulebook.late": 23, "Rulebook.late_then": 23,
    "Sanction.bars": 24, "Sanction.lasts": 24,
    "Redemption.collect_within": 25, "Redemption.returned_after_expiry": 25,
    "Redemption.gives_back": 25, "Rank.of": 26, "Rank.ties": 26, "Rank.excludes_staff": 26,
    "Redemption.spenders": 27, "Redemption.proxy": 27, "Transfer.to": 27,
    "Limit.warn_at": 28, "Debit.short": 29, "Rulebook.week_start": 30, "Rulebook.year_start": 30,
}
"""The number of the open question (`docs/reference/rulebook.md` lists them) by attribute.

Questions 4 and 6 have no attribute: a limit always says whom it counts for, and everybody at an
event counts unless a limit says otherwise.
"""


@attrs.frozen(kw_only=True)
class Left:
    """One setting that a file left open, at `paths` (the first of them is where to say it).

    `setting` is the path to say it at, `value` the default as it would be written ("" for
    "nothing"), `attribute` its class and name, `question` its number.
    """

    attribute: str
    question: int
    setting: str
    value: str
    paths: tuple[Path, ...]


def left_to_default(rulebook: Rulebook, stated: Mapping[Path, Any]) -> tuple[Left, ...]:
    """The open settings of a rulebook, by question; `stated` holds the paths that a file states."""
    found: dict[Field, list[tuple[Path, Any]]] = {}
    for path, value in walk(rulebook):
        for field in fields_of(type(value)):
            name = f"{type(value).__name__}.{field.name}"
            inner = (*path, field.name)
            if name not in QUESTIONS or _is_answered(name, value):
                continue
            if not _is_stated(inner, stated):
                found.setdefault(field, []).append((inner, getattr(value, field.name)))
    return tuple(sorted(_lefts(rulebook, found), key=lambda left: left.question))


def _is_answered(name: str, value: Any) -> bool:
    """Whether other attributes of the same value leave the question without meaning."""
    match name:
        case "Rule.first":
            return value.deduction is not None
        case "Sanction.lasts":
            return bool(value.lasts_periods) or value.below is not None
        case "Sanction.bars":
            return bool(value.clears or value.note)
        case "Rank.of" | "Rank.ties" | "Rank.excludes_staff":
            return bool(value.direct)
        case _:
            return False


def _is_stated(path: Path, stated: Mapping[Path, Any]) -> bool:
    # The parts of a default validity are not open one by one: the whole of it is.
    return path in stated or (path[:1] == ("validity",) and path[:1] not in stated
                              and len(path) > 1)


def _lefts(
    rulebook: Rulebook, found: Mapping[Field, list[tuple[Path, Any]]],
) -> Iterator[Left]:
    for field, places in found.items():
        path, value = places[0]
        name = f"{field.owner}.{field.name}"
        yield Left(
            attribute=name, question=QUESTIONS[name], setting=dotted(rulebook, path),
            value=_written(value, field), paths=tuple(place for place, _ in places),
        )


def _written(value: Any, field: Field) -> str:
    if value is None or value == () or is_model(type(value)):
        return ""
    if item_type(field.type):
        return ", ".join(str(written(each, field)) for each in value)
    plain = written(value, field)
    return str(plain).lower() if isinstance(plain, bool) else str(plain)
