"""Walking over a rulebook: every value of a class in it, with its path, outermost first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lovepoints.core.rulefiles.fields import fields_of, is_model
from lovepoints.core.rulefiles.places import Path


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


def dotted(value: Any, path: Path) -> str:
    """The path of a setting as a person writes it: keys, and codes for tables in arrays.

    It is what `parse(settings=...)` takes, such as "limit.daily.crossing".
    """
    names = []
    for part in path:
        if isinstance(part, str) and is_model(type(value)):
            names.append(next(f.key for f in fields_of(type(value)) if f.name == part))
            value = getattr(value, part)
        else:
            value = value[part]
            names.append(getattr(value, "code", "") or _position(part))
    return ".".join(names)


def _position(part: str | int) -> str:
    return str(part + 1) if isinstance(part, int) else part


def found_at(value: Any, path: Path) -> Any:
    """What stands at a path of attribute names, keys and positions."""
    for part in path:
        if isinstance(part, int) or isinstance(value, Mapping):
            value = value[part]
        else:
            value = getattr(value, part)
    return value
