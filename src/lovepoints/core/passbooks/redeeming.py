"""Settling a basket: whether it may be fetched now, and which lots pay and hand it out.

Nothing is written here: a `Settlement` knows its postings, at once or as a reservation. What
becomes of it later stands in `returning.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import LINES_MAX, Posting
from lovepoints.core.passbooks.baskets import PLAIN, Counter, Facts, asked_of, named, price_now
from lovepoints.core.passbooks.obstacles import problems
from lovepoints.core.passbooks.passbook import (
    GIVEN,
    REDEEMED,
    SHELF,
    Share,
    allocate,
    held,
    passbook,
)
from lovepoints.core.passbooks.spending import Payment, pay
from lovepoints.core.values import item_unit
from lovepoints.errors import Code


@attrs.frozen(kw_only=True)
class Line:
    """One item of a settled basket: `unit_price` by unit and `cash` in fen, both for one piece."""

    item: str
    title: str
    quantity: int
    unit_price: Mapping[str, int]
    cash: int = 0
    lots: tuple[Share, ...] = ()

    def to_json(self) -> Facts:
        """The line as `RedemptionRow.details` keeps it; nothing handed over or returned yet."""
        return {
            "item": self.item, "title": self.title, "quantity": self.quantity,
            "unit_price": dict(self.unit_price), "cash": self.cash,
            "lots": [list(share) for share in self.lots], "handed": 0, "returned": 0,
        }


@attrs.frozen(kw_only=True)
class Settlement:
    """A basket that can be fetched: what it costs, and which lots pay and hand out."""

    holder: str
    lines: tuple[Line, ...]
    payment: Payment

    @property
    def asked(self) -> dict[str, int]:
        """What the prices add up to, by unit; "" is the plain sum."""
        return asked_of((line.unit_price, line.quantity) for line in self.lines)

    @property
    def totals(self) -> dict[str, int]:
        """What is paid of each point kind."""
        return self.payment.totals

    @property
    def cash(self) -> int:
        """The cash part in fen: noted, not kept."""
        return sum(line.cash * line.quantity for line in self.lines)

    def redeemed(self) -> tuple[Posting, ...]:
        """The postings of a hand-over at the counter: points and goods in one entry."""
        return self._postings(REDEEMED, GIVEN)

    def reserved(self) -> tuple[Posting, ...]:
        """The postings of a reservation: points and goods set aside."""
        return self._postings(held(passbook(self.holder)), held(SHELF))

    def details(self, *, handed: bool) -> Facts:
        """`RedemptionRow.details` at the start: handed over at once, or only reserved."""
        lines = [line.to_json() for line in self.lines]
        for line in lines:
            line["handed"] = line["quantity"] if handed else 0
        return {
            "lines": lines, "points": [list(share) for share in self.payment.points],
            "plain": [block.to_json() for block in self.payment.plain],
        }

    def _postings(self, points: str, goods: str) -> tuple[Posting, ...]:
        account = passbook(self.holder)
        paid = (Posting(account, points, unit, amount, lot)
                for unit, lot, amount in self.payment.points)
        given = (Posting(SHELF, goods, item_unit(line.item), amount, lot)
                 for line in self.lines for lot, amount in line.lots)
        return (*paid, *given)


def settle(
    wanted: Mapping[str, int], counter: Counter, quoted: Mapping[str, int] | None = None,
) -> Settlement | Refusal:
    """Whether a basket can be fetched now, and how; or the first reason against it.

    `quoted` is what an earlier settlement `asked`: another sum now is `price_changed`.
    """
    against = next(iter(problems(wanted, counter, quoted)), None)
    if against:
        return against
    lines = tuple(_line(item, quantity, counter) for item, quantity in wanted.items())
    asked = asked_of((line.unit_price, line.quantity) for line in lines)
    payment = pay(counter.rulebook, counter.holding, named(asked), asked.get(PLAIN, 0))
    assert payment is not None, "a sum without a shortage can be paid"
    settlement = Settlement(holder=counter.holding.holder, lines=lines, payment=payment)
    if (count := len(settlement.redeemed())) > LINES_MAX:
        return Refusal(Code.LIMIT_EXCEEDED, {"most": LINES_MAX, "asked": count})
    return settlement


def _line(item: str, quantity: int, counter: Counter) -> Line:
    price = price_now(item, counter)
    assert price is not None, "an unpriced item is a problem of the basket"
    lots: tuple[Share, ...] = ()
    if counter.items[item].stocked:
        shares = allocate(counter.shelf.get(item, ()), quantity, counter.holding.now)
        assert not isinstance(shares, int), "a shortage is a problem of the basket"
        lots = shares
    return Line(item=item, title=counter.items[item].title, quantity=quantity,
                unit_price=dict(price.amounts), cash=price.cash, lots=lots)
