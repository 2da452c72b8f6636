"""Walking over a rulebook: every value of a class in it, with its path, outermost first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lovepoints.core.places import Path
from lovepoints.core.rulefields import fields_of, is_model


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Each value of a class at and below `value`; paths are of attribute names and positions."""
    if is_model(type(value)):
        yield path, value
        for field in fields_of(type(value)):
            yield from walk(getattr(value, field.name), (*path, field.name))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from walk(inner, (*path, index))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))


def found_at(value: Any, path: Path) -> Any:
    """What stands at a path of attribute names, keys and positions."""
    for part in path:
        if isinstance(part, int) or isinstance(value, Mapping):
            value = value[part]
        else:
            value = getattr(value, part)
    return value
