"""The one schema: what every attribute of the rulebook's classes means in a file.

It is derived from the attrs classes themselves: their names, annotations and defaults. Reading,
the canonical form, writing, overrides, differences and the test of the reference all walk it, so
an attribute that is added to a class is at once readable, writable and compared. Only what an
annotation cannot say (bounds, what a text names, short forms) stands in the tables below.
"""

from __future__ import annotations

import sys
import typing
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any

import attrs

from lovepoints.core import points, rulebook, terms, values
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.values import AMOUNT_MAX, Span

MONTH_DAY = tuple[int, int]
"""A pair of whole numbers is always a month and a day."""
SKIPPED = ("digest",)
"""Attributes that are worked out and never written."""
ALIASES: Mapping[str, Mapping[str, str]] = {
    "Rulebook": {"cap": "limit", "expiry": "validity"},
    "Rule": {"first_reporter_only": "first"},
}
"""Second names of keys, by class."""

# What a text names, by attribute; a class may differ from the others.
_NAMES: Mapping[str, str] = {
    "rules": "rule", "groups": "group", "kind": "kind", "kinds": "kind", "clears": "kind",
    "becomes": "kind",
    "Pairing.unlocks": "kind", "Pairing.by": "kind", "Rule.also": "kind",
    "Ceiling.overflow": "overflow", "Deduction.sanction": "sanction",
    "same": "same", "unique": "fact", "needs": "fact",
    "Confirm.by": "role", "report_by": "role",
    "requires": "attribute", "void": "attribute", "where": "attribute",
    "per": "quantity", "of": "quantity", "at_least": "quantity",
}
# Bounds of numbers, both included; left out: 0 to AMOUNT_MAX.
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "Further.each": ("0.000001", "1000000000000"), "PerUnit.step": ("0.000001", "1000000000000"),
    "Band.per": ("0.000001", "1000000000000"), "Band.to": ("0.000001", "1000000000000"),
    "Repeat.factor": ("1", "100"), "Streak.length": ("2", "366"),
    "Range.from_": ("-1000000000000", "1000000000000"),
    "Range.to": ("-1000000000000", "1000000000000"),
    "notice_days": ("0", "366"), "people": ("1", "20"), "people_above": ("1", "20"),
    "parts": ("1", "100"), "decimals": ("0", "2"), "carry_share": ("0", "100"),
    "warn_at": ("1", "100"), "ratio": ("1", "1000"), "weights": ("1", "1000000"),
    "lasts_periods": ("0", "100"), "lines_most": ("1", "1000"), "top": ("0", "100000"),
    "month_days": ("-31", "31"), "Limit.most": ("0", "1000000000000"),
    "format": ("1", "1000000"), "point_value": ("0", "100000000"),
}
_READS: Mapping[str, str] = {"week_start": "weekday", "weekdays": "weekday"}


@attrs.frozen(kw_only=True)
class Field:
    """One attribute of one class, and the TOML key that says it.

    `names`: what its text (or the keys of its table) names, such as "rule"; "" for plain text.
    `least` and `most` bound every number in it; `reads` is a special way of reading.
    """

    owner: str
    name: str
    key: str
    type: Any  # Any: a resolved annotation
    default: Any  # Any: the value of a left-out key; attrs.NOTHING if it may not be left out
    names: str = ""
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(AMOUNT_MAX)
    reads: str = ""

    @property
    def is_required(self) -> bool:
        """Whether the key may not be left out."""
        return self.default is attrs.NOTHING


def fields_of(cls: type[Any]) -> tuple[Field, ...]:
    """The fields of a class that can be written in a file, in the order of the class."""
    return _fields_of(cls)  # type: ignore[arg-type]  # mypy does not know that classes hash


@cache
def _fields_of(cls: type[Any]) -> tuple[Field, ...]:
    spaces = {**vars(values), **vars(points), **vars(terms), **vars(rulebook)}
    hints = typing.get_type_hints(cls, spaces, vars(sys.modules[cls.__module__]))
    return tuple(
        _field(cls, attribute, hints[attribute.name])
        for attribute in attrs.fields(cls)
        if attribute.init and attribute.name not in SKIPPED
    )


def keys_of(cls: type) -> dict[str, Field]:
    """The fields of a class by their keys, second names included."""
    fields = {field.key: field for field in fields_of(cls)}
    for alias, key in ALIASES.get(cls.__name__, {}).items():
        fields[alias] = fields[key]
    return fields


def _field(cls: type, attribute: attrs.Attribute[Any], annotation: Any) -> Field:
    owner, name = cls.__name__, attribute.name
    least, most = _said(_BOUNDS, owner, name, ("0", str(AMOUNT_MAX)))
    return Field(
        owner=owner, name=name, key=_key(cls, name, annotation), type=annotation,
        default=_default(attribute), names=_names(owner, name, annotation),
        least=Decimal(least), most=Decimal(most), reads=_said(_READS, owner, name, ""),
    )


def _said(table: Mapping[str, Any], owner: str, name: str, otherwise: Any) -> Any:
    return table.get(f"{owner}.{name}", table.get(name, otherwise))


def _names(owner: str, name: str, annotation: Any) -> str:
    if name == "code":
        return "code"
    plain = plain_type(annotation)
    # A choice such as `of = "times"` names nothing; `of = "hour"` names a quantity.
    holds_names = plain is str or item_type(plain) is str or value_type(plain)
    return str(_said(_NAMES, owner, name, "")) if holds_names else ""


def _key(cls: type, name: str, annotation: Any) -> str:
    """Arrays of tables at the top of a file are named in the singular: `[[rule]]`."""
    inner = item_type(annotation)
    if cls is Rulebook and is_model(inner):
        return str(inner.__name__.lower())
    return name.rstrip("_")


def _default(attribute: attrs.Attribute[Any]) -> Any:
    default: Any = attribute.default
    # The classes use factories for empty tables only; what they make is never changed.
    return {} if hasattr(default, "factory") else default


@cache
def plain_type(annotation: Any) -> Any:
    """The annotation without `| None`."""
    inner = union_of(annotation)
    return inner[0] if len(inner) == 1 else annotation


@cache
def union_of(annotation: Any) -> tuple[Any, ...]:
    """The members of a union but `None`; anything else is the only member of itself."""
    if typing.get_origin(annotation) in (UnionType, typing.Union):
        return tuple(part for part in typing.get_args(annotation) if part is not NoneType)
    return (annotation,)


@cache
def item_type(annotation: Any) -> Any:
    """What a tuple of any length holds; None for anything else."""
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is tuple and arguments[1:] == (...,):
        return arguments[0]
    return None


@cache
def value_type(annotation: Any) -> Any:
    """What a table with free keys holds; None for anything else."""
    if typing.get_origin(annotation) in (Mapping, dict):
        return typing.get_args(annotation)[1]
    return None


def members_of(annotation: Any, length: int) -> tuple[Any, ...]:
    """The annotations of the members of a tuple that has `length` of them."""
    if item := item_type(annotation):
        return (item,) * length
    found = typing.get_args(annotation) if typing.get_origin(annotation) is tuple else ()
    return found or (object,) * length


def choices_of(annotation: Any) -> tuple[str, ...]:
    """The texts that a choice allows; () for anything else."""
    # Not remembered: choices that differ in order only are equal keys.
    return typing.get_args(annotation) if typing.get_origin(annotation) is typing.Literal else ()


def is_model(annotation: Any) -> bool:
    """Whether the annotation is a class whose attributes are keys."""
    return _is_model(annotation)


@cache
def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and attrs.has(annotation) and annotation is not Span


def models_in(annotation: Any) -> tuple[type, ...]:
    """The classes that a value of this annotation may consist of, one level down."""
    found: list[type] = []
    for part in union_of(annotation):
        inner = item_type(part) or value_type(part)
        found += models_in(inner) if inner else [part] if is_model(part) else []
    return tuple(found)


@cache
def all_models(cls: type[Any] = Rulebook) -> tuple[type[Any], ...]:
    """A class and every class that can stand below it, outermost first."""
    found = [cls]
    for model in found:
        for field in fields_of(model):
            found += [inner for inner in models_in(field.type) if inner not in found]
    return tuple(found)
