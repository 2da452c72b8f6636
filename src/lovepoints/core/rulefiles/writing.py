"""`Rulebook` to text: a TOML file that reads back as an equal rulebook."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lovepoints.core import points
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.fields import (
    MONTH_DAY,
    Field,
    fields_of,
    is_model,
    item_type,
    members_of,
    plain_type,
    value_type,
)
from lovepoints.core.rulefiles.scalars import written

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_FREE = Field(owner="", name="", key="", type=object, default=None)
LINE_MAX = 96
"""An array longer than this is broken over lines."""


def dump(rulebook: Rulebook, *, defaults: bool = False) -> str:
    """A TOML text that `parse` reads as an equal rulebook with the same digest.

    What equals its default is left out; `defaults=True` writes every setting out, as a list of
    all that holds. Comments, cases and the wording of the first text are not in a rulebook.

    >>> from lovepoints.core.rulefiles.rulefile import parse
    >>> file = parse('title="x"\\neffective=2026-01-01\\nrule=[{code="a", title="b", points=5}]')
    >>> print(dump(file.rulebook), end="")
    format = 1
    title = "x"
    effective = 2026-01-01
    <BLANKLINE>
    [[rule]]
    code = "a"
    title = "b"
    points = 5
    """
    writer = _Writer(defaults)
    lines, tables = [], []
    for field in fields_of(Rulebook):
        value = getattr(rulebook, field.name)
        if writer.is_silent(field, value):
            continue
        if is_model(item_type(field.type)):
            tables += [f"\n[[{field.key}]]\n{writer.body(each)}" for each in value]
            # An empty array of tables that is not the default cannot be said by tables.
            lines += [f"{field.key} = []"] if not value and field.default != () else []
        elif is_model(field.type):
            tables.append(f"\n[{field.key}]\n{writer.body(value)}")
        else:
            lines.append(writer.line(field, value))
    return "\n".join([*lines, *(table.rstrip("\n") for table in tables)]) + "\n"


def inline(value: Any, field: Field | None = None, *, without: tuple[str, ...] = ()) -> str:
    """A value as it would stand on one line of a file; what equals its default is left out."""
    field = field or _FREE
    return _Writer(False, without).value(value, field.type, field)


class _Writer:
    def __init__(self, defaults: bool, without: tuple[str, ...] = ()) -> None:
        self._defaults = defaults
        self._without = without

    def is_silent(self, field: Field, value: Any) -> bool:
        """Whether a field goes without saying; "format" is always said."""
        if value is None or field.name in self._without:
            return True
        if field.name == "format":
            return False
        return not self._defaults and not field.is_required and bool(value == field.default)

    def body(self, value: Any) -> str:
        """The settings of a value, a line each."""
        return "\n".join(self.line(field, inner) for field, inner in self._said(value))

    def line(self, field: Field, value: Any) -> str:
        """One setting; a long array takes several lines."""
        flat = f"{field.key} = {self.value(value, field.type, field)}"
        if len(flat) <= LINE_MAX or not isinstance(value, tuple) or len(value) < 2:
            return flat
        members = members_of(plain_type(field.type), len(value))
        parts = (self.value(each, member, field)
                 for each, member in zip(value, members, strict=True))
        return f"{field.key} = [\n" + "".join(f"  {part},\n" for part in parts) + "]"

    def _said(self, value: Any) -> list[tuple[Field, Any]]:
        pairs = ((field, getattr(value, field.name)) for field in fields_of(type(value)))
        return [(field, inner) for field, inner in pairs if not self.is_silent(field, inner)
                and not (self._defaults and inner in ((), {}) and not field.is_required
                         and field.default == inner)]

    def value(self, value: Any, annotation: Any, field: Field) -> str:
        """A value of an annotated type on one line."""
        annotation = plain_type(annotation)
        if isinstance(value, points.Fixed):
            return _number(value.value)
        if isinstance(value, points.Graded):
            # The rule lists its grades, so that no grade is taken for a key of another form.
            return self.value(value.values, Mapping[str, Decimal], field)
        if is_model(type(value)):
            return _inline((each.key, self.value(inner, each.type, each))
                           for each, inner in self._said(value))
        if isinstance(value, Mapping):
            inner_type = value_type(annotation)
            return _inline((key, self.value(inner, inner_type, field))
                           for key, inner in value.items())
        if isinstance(value, tuple) and annotation != MONTH_DAY:
            members = members_of(annotation, len(value))
            return "[" + ", ".join(self.value(each, member, field)
                                   for each, member in zip(value, members, strict=True)) + "]"
        return _scalar(value, field)


def _inline(pairs: Any) -> str:  # Any: an iterable of pairs of text
    said = ", ".join(f"{_key(key)} = {value}" for key, value in pairs)
    return f"{{ {said} }}" if said else "{}"


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def _number(value: Decimal) -> str:
    return f"{value.normalize() + 0:f}"


def _scalar(value: Any, field: Field) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return _number(value)
    plain = written(value, field)
    if isinstance(plain, int):
        return str(plain)
    # A day needs no quotes; a month and day, a time and a span are texts.
    return plain if type(value).__name__ == "date" else _text(plain)


def _text(value: str) -> str:
    # JSON and TOML write a basic string alike, but for the delete character, which no text holds.
    return json.dumps(value, ensure_ascii=False)
