"""What a deed is worth before any limit, by the form of its points; exact, and rounded once.

A worth is exact (`Fraction`) until `smallest_parts` rounds it in the way of the point kind.
Forms that look at a running total (tiers, carried remainders) give the value of the whole total
and of what it was before: the deed is worth the difference, so that the increments of many deeds
add up to the value of their sum in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import attrs

from lovepoints.core.points import (
    Bands,
    Fixed,
    Graded,
    PerUnit,
    Points,
    Ranged,
    Thresholds,
    Tier,
    Tiers,
    quantities_of,
)
from lovepoints.core.values import Each, Rounding, show

QUANTITY_MAX = Decimal(10**9)
"""No quantity of a deed is larger, in the rule's unit."""
QUANTITY_FINEST = Decimal("0.000001")
"""Quantities are counted in millionths of the rule's unit."""


@attrs.frozen(kw_only=True)
class Given:
    """What a form of points is applied to: quantities, grades, the confirmer's points.

    `total_before` is the doer's running total before this deed, for forms that ask for one.
    """

    quantities: Mapping[str, Decimal] = attrs.field(factory=dict)
    grades: tuple[str, ...] = ()
    points: Decimal | None = None
    total_before: Decimal = Decimal(0)


@attrs.frozen
class Worth:
    """An exact worth; `before` is what the running total was worth without this deed.

    `code` and `facts` are those of the step that explains it.
    """

    total: Fraction
    code: str
    facts: Mapping[str, Any] = attrs.field(factory=dict)  # Any: canonical JSON values
    before: Fraction = Fraction(0)


def worth(points: Points, given: Given) -> Worth:
    """The worth of one deed in this form of points. What is given has been checked before.

    >>> worth(PerUnit(per="hour", value=Decimal(2), step=Decimal("0.5")),
    ...       Given(quantities={"hour": Decimal("1.75")})).total
    Fraction(3, 1)
    """
    match points:
        case Fixed():
            return Worth(exact(points.value), "fixed")
        case Graded():
            total = sum((exact(points.values[grade]) for grade in given.grades), Fraction(0))
            return Worth(total, "graded", {"grades": list(given.grades)})
        case Ranged():
            facts = {"from": plain(points.from_), "to": plain(points.to)}
            return Worth(exact(given.points or Decimal(0)), "ranged", facts)
        case PerUnit():
            return _carried(points, given) if points.carry else _per_unit(points, given)
        case Bands():
            amount = given.quantities[points.of]
            facts = {"quantity": plain(amount), "unit": points.of}
            return Worth(bands_worth(points, amount), "bands", facts)
        case Tiers():
            return _tiers(points, given)
        case Thresholds():
            return _thresholds(points, given)


def running(points: Points | None) -> tuple[str, Each] | None:
    """Which quantity is added up over which period, for forms that look at a running total."""
    match points:
        case Tiers():
            return points.of, points.each
        case PerUnit(carry=str(each)):
            return points.per, each
        case _:
            return None


def counted_quantity(points: Points | None) -> str:
    """The name of the quantity that counts in limits and totals; "" if the form has none."""
    match points:
        case PerUnit():
            return points.per
        case Bands() | Tiers():
            return points.of
        case Thresholds():
            return next(iter(points.at_least), "") or min(quantities_of(points), default="")
        case _:
            return ""


def stepped(points: Points | None, quantity: Decimal) -> Decimal:
    """The quantity that a form really counts: cut to its steps, unless remainders are carried."""
    if isinstance(points, PerUnit) and not points.carry:
        return to_steps(quantity, points.step, points.round)
    if isinstance(points, Bands):
        return to_steps(quantity, points.step)
    return quantity


@lru_cache(maxsize=4096)
def to_steps(quantity: Decimal, step: Decimal | None, rounding: Rounding = "down") -> Decimal:
    """`quantity` cut to whole steps; None: as it is.

    >>> to_steps(Decimal("1.7"), Decimal("0.5")), to_steps(Decimal("1.7"), Decimal("0.5"), "up")
    (Decimal('1.5'), Decimal('2.0'))
    """
    if not step:
        return quantity
    return smallest_parts(exact(quantity) / exact(step), 0, rounding) * step


def bands_worth(points: Bands, amount: Decimal) -> Fraction:
    """What an amount is worth by bands: each part in its own, or the whole in the one it is in."""
    amount = to_steps(amount, points.step)
    if not amount:
        return Fraction(0)
    total, below = Fraction(0), Decimal(0)
    for band in points.bands:
        is_last = band.to is None or amount < band.to or (amount == band.to and band.to_included)
        top = amount if is_last or band.to is None else band.to
        inside = amount if points.mode == "whole" else top - below
        value = exact(band.value) * (exact(inside) / exact(band.per) if band.per else 1)
        if is_last and points.mode == "whole":
            return value
        # The last band counts even with nothing inside: a bound that the band below leaves out.
        total += value
        below = top
        if is_last:
            break
    return total if points.mode == "progressive" else Fraction(0)


def beyond_bands(points: Bands, amount: Decimal) -> bool:
    """Whether an amount lies beyond the last band, where the whole amount has no value."""
    last = points.bands[-1]
    if points.mode == "progressive" or last.to is None:
        return False
    amount = to_steps(amount, points.step)
    return amount > last.to or (amount == last.to and not last.to_included)


def tiers_worth(points: Tiers, total: Decimal) -> Fraction:
    """What a running total is worth: its highest tier, or all that it reached added up."""
    reached = [tier for tier in points.tiers if _reached(tier, total)]
    if points.mode == "add":
        return sum((exact(tier.value) for tier in reached), Fraction(0))
    highest = max(reached, key=lambda tier: tier.at, default=None)
    return exact(highest.value) if highest else Fraction(0)


def _reached(tier: Tier, total: Decimal) -> bool:
    return total > tier.at or (total == tier.at and tier.at_included)


def _tiers(points: Tiers, given: Given) -> Worth:
    before, quantity = given.total_before, given.quantities[points.of]
    facts = {"quantity": plain(quantity), "unit": points.of, "total": plain(before + quantity)}
    return Worth(tiers_worth(points, before + quantity), "tiers", facts,
                 tiers_worth(points, before))


def _per_unit(points: PerUnit, given: Given) -> Worth:
    quantity = given.quantities[points.per]
    counted = stepped(points, quantity)
    facts = {"quantity": plain(quantity), "unit": points.per, "value": plain(points.value)}
    if counted != quantity:
        return Worth(exact(counted) * exact(points.value), "per_unit_stepped",
                     {**facts, "counted": plain(counted)})
    return Worth(exact(counted) * exact(points.value), "per_unit", facts)


def _carried(points: PerUnit, given: Given) -> Worth:
    before, quantity = given.total_before, given.quantities[points.per]
    totals = [to_steps(total, points.step, points.round) for total in (before + quantity, before)]
    facts = {"quantity": plain(quantity), "unit": points.per, "value": plain(points.value),
             "total": plain(before + quantity)}
    after, earlier = (exact(total) * exact(points.value) for total in totals)
    return Worth(after, "per_unit_carried", facts, earlier)


def _thresholds(points: Thresholds, given: Given) -> Worth:
    short = next((name for name, least in points.at_least.items()
                  if given.quantities[name] < least), "")
    if short:
        return Worth(Fraction(0), "threshold_missed", {
            "unit": short, "quantity": plain(given.quantities[short]),
            "least": plain(points.at_least[short]),
        })
    total = exact(points.value)
    for further in points.further:
        beyond = given.quantities[further.of] - points.at_least.get(further.of, Decimal(0))
        total += int(beyond // further.each) * exact(further.value)
    quantities = [[name, plain(given.quantities[name])] for name in sorted(quantities_of(points))]
    return Worth(total, "thresholds", {"quantities": quantities})


@lru_cache(maxsize=4096)
def exact(value: Decimal) -> Fraction:
    """A Decimal as the same number that can be divided without loss."""
    return Fraction(value)


def smallest_parts(value: Fraction, decimals: int, rounding: Rounding = "down") -> int:
    """An exact worth (not negative) as whole smallest parts, rounded in the stated way.

    >>> smallest_parts(Fraction(7, 4), 1), smallest_parts(Fraction(7, 4), 1, "half-up")
    (17, 18)
    """
    numerator, denominator = value.numerator * int(10**decimals), value.denominator
    match rounding:
        case "down":
            return numerator // denominator
        case "half-up":
            return (2 * numerator + denominator) // (2 * denominator)
        case "up":
            return -(-numerator // denominator)


@lru_cache(maxsize=4096)
def plain(value: Decimal | Fraction) -> str:
    """A number as people write it: "1.5", or "1/3" where decimals never end.

    >>> plain(Decimal("1.50")), plain(Fraction(1, 3)), plain(Fraction(7, 4))
    ('1.5', '1/3', '1.75')
    """
    numerator, denominator = value.as_integer_ratio()
    for scale in range(13):
        if 10**scale % denominator == 0:
            return show(numerator * (10**scale // denominator), scale)
    return f"{numerator}/{denominator}"
