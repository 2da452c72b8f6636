"""The quantities that reports state, by name; slips of the pen among them are found."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher

QUANTITIES = (
    "hour", "minute", "day", "half-day", "kg", "kilogram", "metre", "square-metre", "km",
    "litre", "yuan", "person", "household", "piece", "tree", "time", "page", "part", "item",
)
"""Names in common use. A rulebook may use others, such as "bottle"."""
_OTHER_NAMES: Mapping[str, str] = {
    "h": "hour", "hr": "hour", "hrs": "hour", "小时": "hour", "min": "minute", "mins": "minute",
    "分钟": "minute", "kilo": "kg", "kgs": "kg", "公斤": "kg",
    "千克": "kg", "m": "metre", "meter": "metre", "meters": "metre", "米": "metre", "km2": "km",
    "rmb": "yuan", "cny": "yuan", "元": "yuan", "people": "person", "persons": "person",
    "人": "person", "户": "household", "天": "day", "棵": "tree", "次": "time",
}
_ALIKE = 80


def wrong_unit(name: str) -> str:
    """The quantity that was meant by a misspelt or other name; "" if the name is fine.

    >>> wrong_unit("hours"), wrong_unit("hour"), wrong_unit("bottle")
    ('hour', '', '')
    """
    if name in QUANTITIES:
        return ""
    lowered = name.lower()
    if meant := _OTHER_NAMES.get(lowered):
        return meant
    return next((known for known in QUANTITIES
                 if alike(lowered, known) >= _ALIKE), "")


def alike(one: str, other: str) -> int:
    """How much two words are alike, in percent.

    >>> alike("grid-oficer", "grid-officer")
    95
    """
    return int(SequenceMatcher(None, one, other).ratio() * 100)
