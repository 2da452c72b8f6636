"""The columns of a party that verbs change, its dated attributes first of all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lovepoints.core import text
from lovepoints.core.deeds import Value
from lovepoints.core.privacy import SEALED
from lovepoints.core.rows import Party
from lovepoints.core.values import AMOUNT_MAX, several, whole
from lovepoints.desks.command import plain
from lovepoints.errors import brief


def attributes_of(said: object, what: str = "attributes") -> dict[str, Value]:
    """What somebody said about attributes, checked at the door; {} where nothing was said.

    Raises:
        TypeError: no mapping, or a value that is no text, whole number, yes-no or day.
        ValueError: a name or a text that nobody can see, or a number out of bounds.
    """
    if said is None:
        return {}
    if not isinstance(said, Mapping):
        raise TypeError(f'{what} read {{"party": True}}, not {brief(said)}')
    return {text.code(name, "attribute"): value_of(value, name)
            for name, value in several(said.items(), what)}


def attributes_of_party(said: object) -> dict[str, Value]:
    """What somebody said about a person's or household's attributes.

    Raises:
        ValueError: also where one is called like a personal word ("name", "phone"), which the
            journal must not hold.
    """
    known = attributes_of(said)
    if words := sorted(set(known) & set(SEALED["party"])):
        raise ValueError(f"attributes stand in the journal for ever; {words[0]!r} is kept outside"
                         f" of it, and said where somebody is enrolled")
    return known


LABELS_MAX = 16


def labels_of(said: object) -> dict[str, str]:
    """Short public words by name, to count by; {} where nothing was said.

    Raises:
        TypeError: no mapping, or a word that is no text. ValueError: an odd one, or too many.
    """
    if said is None:
        return {}
    if not isinstance(said, Mapping):
        raise TypeError(f'labels read {{"theme": "noise"}}, not {brief(said)}')
    if len(said) > LABELS_MAX:
        raise ValueError(f"at most {LABELS_MAX} labels, not {len(said)}")
    return {text.code(name, "label"): text.code(value, f"label {name}")
            for name, value in said.items()}


def value_of(value: object, name: str) -> Value:
    """The value of an attribute, checked at the door."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return whole(value, f"attribute {name}", least=-AMOUNT_MAX)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return text.line(value, f"attribute {name}")


def with_values(
    known: Mapping[str, Any], day: str, values: Mapping[str, Value],
) -> dict[str, list[list[Value]]]:
    """The dated values of attributes with new ones from an ISO day on."""
    out = {name: [list(pair) for pair in pairs] for name, pairs in known.items()}
    for name, value in values.items():
        pairs = [pair for pair in out.get(name, []) if pair[0] != day]
        out[name] = sorted([*pairs, [day, plain(value)]])
    return out


def keyed(party: Party, **changes: Any) -> dict[str, Any]:  # Any: columns of many types
    """A party's changed columns, with those that name it."""
    return {"id": party.id, "kind": party.kind, "opened": party.opened, **changes}
