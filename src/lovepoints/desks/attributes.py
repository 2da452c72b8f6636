"""The dated attributes of residents, households and teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lovepoints.core import text
from lovepoints.core.deeds import Value
from lovepoints.core.rows import Party
from lovepoints.desks.command import plain


def attributes_on(party: Party, day: str) -> dict[str, Value]:
    """The attributes of a party as they stood on an ISO day."""
    found: dict[str, Value] = {}
    for name, values in party.details.get("attributes", {}).items():
        fitting = [value for since, value in values if since <= day]
        if fitting:
            found[name] = fitting[-1]
    return found


def with_values(
    known: Mapping[str, Any], day: str, values: Mapping[str, Value],
) -> dict[str, list[list[Value]]]:
    """The dated values of attributes with new ones from an ISO day on."""
    out = {name: [list(pair) for pair in pairs] for name, pairs in known.items()}
    for name, value in values.items():
        pairs = [pair for pair in out.get(name, []) if pair[0] != day]
        out[text.code(name, "attribute")] = sorted([*pairs, [day, plain(value)]])
    return out
