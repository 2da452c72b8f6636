"""Public nouns as plain JSON values."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core.values import show


def plain(value: Any) -> Any:  # Any: a public noun -> JSON values
    """A noun as an object, a Decimal as a number's text, a day in ISO form, bytes in base64.

    >>> plain({"points": Decimal("1.50"), "days": (date(2026, 3, 1),), "root": b"ab"})
    {'points': '1.5', 'days': ['2026-03-01'], 'root': 'YWI='}
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return show(int(value.scaleb(6)), 6)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    if attrs.has(type(value)):
        return {field.name: plain(getattr(value, field.name))
                for field in attrs.fields(type(value)) if not field.name.startswith("_")}
    raise TypeError(f"{value!r} has no plain form")
