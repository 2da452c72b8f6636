"""How much a deed is worth before any limit: the forms that `points` can take in a rule.

Every attribute here is a TOML key of the same name. Values are exact Decimals as written;
`worth.py` turns them into whole smallest parts of the point kind, rounding once.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from lovepoints.core.values import Each, Rounding


@attrs.frozen(kw_only=True)
class Fixed:
    """`points = 5`: the same for every deed of the rule."""

    value: Decimal


@attrs.frozen(kw_only=True)
class Graded:
    """`points = { minor = 2, general = 5 }`: by the grade that the confirmer gives.

    A rule with `parts = 3` takes three grades for one deed and adds them up.
    """

    values: Mapping[str, Decimal]


@attrs.frozen(kw_only=True)
class Ranged:
    """`points = { from = 4, to = 12 }`: the confirmer decides within both bounds, with a reason."""

    from_: Decimal
    to: Decimal


@attrs.frozen(kw_only=True)
class PerUnit:
    """`points = { per = "hour", value = 2, step = "0.5" }`: value for each whole unit.

    `per` names the quantity. The quantity is first cut to whole `step`s (left out: not cut), in
    the way `round` says; then multiplied by `value`. `step = "1"` drops what is under a whole
    hour, `step = "0.5"` counts half hours. Parts of the smallest point are rounded once more by
    the kind's own `rounding`. `carry`: left out, what the cutting and rounding drop is lost; given
    ("year"), the doer's quantities of this rule in that period are added up, cut and rounded as
    one sum, and a deed posts the increment (1.5 + 1.5 hours are 1 and 2 points).
    """

    per: str
    value: Decimal
    step: Decimal | None = None
    round: Rounding = "down"
    carry: Each | None = None


@attrs.frozen(kw_only=True)
class Band:
    """One band of an amount: up to and with `to` (left out: without end), worth `value`.

    `per` given: value for each `per` of the amount inside the band; left out: value once.
    `to_included = false`: an amount of exactly `to` belongs to the next band.
    """

    value: Decimal
    to: Decimal | None = None
    per: Decimal | None = None
    to_included: bool = True


@attrs.frozen(kw_only=True)
class Bands:
    """`points = { of = "yuan", bands = [...], mode = "progressive" }`.

    progressive: each part of the amount at the value of its own band, summed;
    whole: the whole amount at the value of the band that it falls in; an amount beyond the last
    band is refused. Bounds are included below. `per` counts in proportion; with `step` the amount
    is first cut down to whole steps ("for every full 100 yuan").
    """

    of: str
    bands: tuple[Band, ...]
    mode: Literal["progressive", "whole"] = "progressive"
    step: Decimal | None = None


@attrs.frozen(kw_only=True)
class Tier:
    """From a running total of `at` on: `value` points. `at_included = false`: only above `at`."""

    at: Decimal
    value: Decimal
    at_included: bool = True


@attrs.frozen(kw_only=True)
class Tiers:
    """`points = { of = "hour", each = "year", tiers = [...] }`: by the doer's running total.

    highest: the total is worth its highest tier and a deed posts the increment (3 at 6 h, 8 at
    15 h: passing 15 h posts 5); add: every tier that is newly reached adds its own value.
    """

    of: str
    tiers: tuple[Tier, ...]
    each: Each = "year"
    mode: Literal["highest", "add"] = "highest"


@attrs.frozen(kw_only=True)
class Further:
    """`value` for each full `each` of quantity `of` beyond its threshold."""

    of: str
    each: Decimal
    value: Decimal


@attrs.frozen(kw_only=True)
class Thresholds:
    """`points = { at_least = { minute = "25", metre = "800" }, value = 3, further = [...] }`.

    Nothing below any threshold; `value` when all are reached; then `further` ones are added.
    """

    at_least: Mapping[str, Decimal]
    value: Decimal
    further: tuple[Further, ...] = ()


Points: TypeAlias = Fixed | Graded | Ranged | PerUnit | Bands | Tiers | Thresholds


def quantities_of(points: Points) -> frozenset[str]:
    """The names of the quantities that a report must state for this form of points."""
    match points:
        case PerUnit():
            return frozenset({points.per})
        case Bands() | Tiers():
            return frozenset({points.of})
        case Thresholds():
            return frozenset(points.at_least) | {part.of for part in points.further}
        case _:
            return frozenset()
