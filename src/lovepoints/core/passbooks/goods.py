"""Goods on the shelf: lots with best-before days, counted, written off, given as aid.

A lot that is past its best-before day stays on the shelf until it is written off, but is never
handed out. Quantities are whole counts of the item's measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Opens, Posting
from lovepoints.core.passbooks.passbook import (
    GIVEN,
    LOST,
    SHELF,
    SUPPLIER,
    allocate,
    is_live,
    order,
)
from lovepoints.core.rows import Lot
from lovepoints.core.values import NEVER, Calendar, item_unit
from lovepoints.errors import Code

QUANTITY_MAX = 10**6
"""The most of one item that one call may move."""


@attrs.frozen(kw_only=True)
class Stock:
    """What there is of an item: `free` can be handed out now, `held` is reserved, `expired` is
    past its best-before day. `next_end` is the instant at which free goods spoil next (NEVER)."""

    free: int = 0
    held: int = 0
    expired: int = 0
    next_end: int = NEVER

    @property
    def on_hand(self) -> int:
        """What a count should find."""
        return self.free + self.held + self.expired


def stock(lots: Iterable[Lot], now: int) -> Stock:
    """What there is of an item in these lots."""
    lots = list(lots)
    return Stock(
        free=sum(lot.free for lot in lots if is_live(lot, now)),
        held=sum(lot.held for lot in lots),
        expired=sum(lot.free for lot in lots if not is_live(lot, now)),
        next_end=min((lot.ends_at for lot in lots if lot.free and is_live(lot, now)),
                     default=NEVER),
    )


def receive(
    item: str, quantity: int, now: int, calendar: Calendar, best_before: date | None = None,
) -> tuple[Posting, ...]:
    """A delivery: one new lot, good through its best-before day."""
    ends = NEVER if best_before is None else calendar.end_of(best_before)
    return (Posting(SUPPLIER, SHELF, item_unit(item), quantity, 0, Opens(now, ends)),)


def give(item: str, quantity: int, lots: Iterable[Lot], now: int) -> tuple[Posting, ...] | Refusal:
    """Aid without points: from the same shelf, soonest best-before first."""
    lots = list(lots)
    shares = allocate(lots, quantity, now)
    if isinstance(shares, int):
        return short(item, quantity, stock(lots, now))
    return _each(SHELF, GIVEN, item, shares)


def write_off(
    item: str, quantity: int, lots: Iterable[Lot], now: int,
) -> tuple[Posting, ...] | Refusal:
    """Damaged, spoiled, lost: what has ended or ends soonest goes first; never reserved goods."""
    lots = list(lots)
    shares = _soonest(lots, quantity)
    if isinstance(shares, int):
        here = stock(lots, now)
        return Refusal(Code.INSUFFICIENT_STOCK, {
            "item": item, "needed": quantity, "present": here.free + here.expired,
            "reserved": here.held,
        })
    return _each(SHELF, LOST, item, shares)


def count(
    item: str, counted: int, lots: Iterable[Lot], now: int, *, lost: int = 0,
    holds: Sequence[str] = (),
) -> tuple[Posting, ...] | Refusal:
    """The postings of a stocktake: the difference between what is counted and the book.

    Missing goods leave the lots that end soonest. Found goods open a lot with the earliest
    best-before on the shelf, to be prudent: from `lost` as far as that account has any (`lost` is
    its balance of this item), else from the supplier. Counting down to what is reserved is
    possible; below it the `holds` (ids of reservations) are named.
    """
    lots = list(lots)
    here = stock(lots, now)
    if counted < here.held:
        return Refusal(Code.INSUFFICIENT_STOCK, {
            "item": item, "needed": here.held, "present": counted, "reserved": here.held,
            "holds": list(holds),
        })
    missing = here.on_hand - counted
    if missing > 0:
        shares = _soonest(lots, missing)
        assert not isinstance(shares, int), "what is not reserved is free"
        return _each(SHELF, LOST, item, shares)
    return _found(item, -missing, lots, now, lost)


def short(item: str, asked: int, here: Stock) -> Refusal:
    """The refusal to hand out more of an item than there is."""
    return out_of_stock([shortage(item, item, asked, here)])


def shortage(
    item: str, title: str, asked: int, here: Stock, kept: int = 0,
) -> dict[str, Any]:  # Any: JSON
    """What is missing of one item, of which so many pieces are `kept` for aid."""
    facts = {"item": item, "title": title, "needed": asked, "present": max(0, here.free - kept),
             "reserved": here.held, "expired": here.expired}
    return {**facts, "kept": kept} if kept else facts


def out_of_stock(shortages: Sequence[Mapping[str, Any]]) -> Refusal:  # Any: JSON
    """The refusal that names every item of which there is too little, the first one on top."""
    return Refusal(Code.INSUFFICIENT_STOCK, {
        **shortages[0], "items": [dict(one) for one in shortages],
    })


def _found(
    item: str, quantity: int, lots: Sequence[Lot], now: int, lost: int,
) -> tuple[Posting, ...]:
    # Room in an old lot belongs to those who may still return its goods; found ones stand apart.
    unit, opens = item_unit(item), Opens(now, stock(lots, now).next_end)
    back = min(quantity, lost)
    return tuple(Posting(source, SHELF, unit, amount, 0, opens)
                 for source, amount in ((LOST, back), (SUPPLIER, quantity - back)) if amount)


def _soonest(lots: Iterable[Lot], quantity: int) -> tuple[tuple[int, int], ...] | int:
    """Free goods in whatever state, soonest end first; or how many are missing."""
    shares = []
    for lot in order(lots):
        if taken := min(lot.free, quantity):
            shares.append((lot.id, taken))
            quantity -= taken
    return quantity if quantity else tuple(shares)


def _each(
    source: str, target: str, item: str, shares: Iterable[tuple[int, int]],
) -> tuple[Posting, ...]:
    unit = item_unit(item)
    return tuple(Posting(source, target, unit, amount, lot) for lot, amount in shares)
