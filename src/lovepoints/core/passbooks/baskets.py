"""A basket and what it costs: items by the piece, dated prices, sums over several kinds.

`Price.amounts` maps units to smallest parts; the key "" is a plain price, payable in any of
`Redemption.kinds`. `Item.details` may hold `limit` {"most": n, "each": "month"} per holder, and
`for` {attribute: [values]} for goods reserved to holders with an attribute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import attrs

from lovepoints.core.deeds import Value
from lovepoints.core.passbooks.goods import QUANTITY_MAX
from lovepoints.core.passbooks.spending import Holding, plain_kinds
from lovepoints.core.rows import Item, Lot, Price, RedemptionRow
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.values import CODE_MAX, from_minor, kind_of, several, whole
from lovepoints.errors import brief

Wanted: TypeAlias = "Mapping[str, int] | Iterable[tuple[str, int]]"
Facts: TypeAlias = "dict[str, Any]"  # Any: canonical JSON values
PLAIN = ""
"""The key of a price that names no kind."""


@attrs.frozen(kw_only=True)
class Counter:
    """Everything that a decision at the counter may look at.

    `prices`, `shelf` (goods lots) and `items` are by item code; `history` are the redemptions of
    this holder (and of this doer, where a limit is per resident); `is_open`: a switched window is
    open; `attributes` of holder and doer, for reserved goods.
    """

    rulebook: Rulebook
    holding: Holding
    doer: str = ""
    items: Mapping[str, Item]
    prices: Mapping[str, Sequence[Price]]
    shelf: Mapping[str, Sequence[Lot]] = attrs.field(factory=dict)
    history: Sequence[RedemptionRow] = ()
    is_open: bool = False
    attributes: Mapping[str, Value] = attrs.field(factory=dict)
    at: int = 0
    """When it happened, if not at the holding's moment: that day decides price, window and
    limits, while the lots are judged at the holding's moment, for that is when they move."""

    @property
    def moment(self) -> int:
        """The instant at which it happened."""
        return self.at or self.holding.now

    @property
    def day(self) -> date:
        """The local day on which it happened."""
        return self.holding.calendar.day_of(self.moment)


def basket(wanted: Wanted) -> dict[str, int]:
    """A basket as whole pieces by item; an item named twice is one line (bug 32).

    >>> basket([("rice", 1), ("soap", 2), ("rice", 1)])
    {'rice': 2, 'soap': 2}

    Raises:
        TypeError, ValueError: no lines, an odd code, a quantity that is not 1 to 1,000,000.
    """
    pairs = wanted.items() if isinstance(wanted, Mapping) else wanted
    out: dict[str, int] = {}
    for item, quantity in several(pairs, "a basket"):
        if not isinstance(item, str):
            raise TypeError(f"an item is named by its code, not {brief(item)}")
        if not item or len(item) > CODE_MAX:
            raise ValueError(f"an item code has 1 to {CODE_MAX} characters, not {brief(item)}")
        asked = whole(quantity, f"quantity of {item}", most=QUANTITY_MAX)
        out[item] = whole(out.get(item, 0) + asked, f"quantity of {item}", most=QUANTITY_MAX)
    if not out:
        raise ValueError("a basket names at least one item")
    return out


def price_on(prices: Iterable[Price], day: str) -> Price | None:
    """The price in force on an ISO day: the latest begun, of those the latest set; or None."""
    begun = [price for price in prices if price.since <= day]
    return max(begun, key=lambda price: (price.since, price.seq), default=None)


def price_now(item: str, counter: Counter) -> Price | None:
    """The price of an item at the counter, or None."""
    return price_on(counter.prices.get(item, ()), counter.day.isoformat())


def asked_of(lines: Iterable[tuple[Mapping[str, int], int]]) -> dict[str, int]:
    """What (amounts for one piece, pieces) add up to, by unit."""
    out: dict[str, int] = {}
    for amounts, quantity in lines:
        for unit, amount in amounts.items():
            out[unit] = out.get(unit, 0) + amount * quantity
    return out


def named(asked: Mapping[str, int]) -> dict[str, int]:
    """The part of a sum whose kinds are named."""
    return {unit: amount for unit, amount in asked.items() if unit != PLAIN and amount}


def decimals_of(unit: str, rulebook: Rulebook) -> int:
    """The decimals of a point unit, or of the plain sum."""
    unit = plain_kinds(rulebook)[0] if unit == PLAIN else unit
    known = {kind.code: kind.decimals for kind in rulebook.kinds}
    return known.get(kind_of(unit), 0)


def value_of(asked: Mapping[str, int], rulebook: Rulebook) -> Decimal:
    """A sum over all kinds in whole points, for minimum, multiples and frequency."""
    return sum((from_minor(amount, decimals_of(unit, rulebook))
                for unit, amount in asked.items()), Decimal(0))


def stands(row: RedemptionRow, line: Mapping[str, Any], rulebook: Rulebook) -> int:  # Any: JSON
    """How many pieces of a line count for limits: reserved or handed over and not returned;
    what was let go counts on where the rulebook does not give the room back."""
    if row.state == "held":
        return int(line["quantity"])
    if "room" not in rulebook.redemption.gives_back and row.state in ("released", "lapsed"):
        return int(line["quantity"])
    return int(line["handed"] - line["returned"])


def number(value: Decimal) -> int | str:
    """A sum in whole points as facts show it: a whole number, or text with its decimals.

    >>> number(Decimal("20.0")), number(Decimal("1.50"))
    (20, '1.5')
    """
    return int(value) if value == int(value) else f"{value.normalize():f}"
