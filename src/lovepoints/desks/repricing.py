"""What a rehearsed price list returns: the hand-overs of a period at other prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import attrs

from lovepoints.core.passbooks.baskets import asked_of, stands
from lovepoints.core.rows import RedemptionRow
from lovepoints.core.rulebook import Rulebook
from lovepoints.desks import stocklist
from lovepoints.desks.answers import Points
from lovepoints.desks.book import Book
from lovepoints.desks.rehearsals import Shift, checked, lasts, points_of
from lovepoints.desks.shelf import Points as Said
from lovepoints.desks.shelf import listed
from lovepoints.desks.shop_answers import Cover, worth
from lovepoints.errors import Code, Refused


@attrs.frozen(kw_only=True)
class PriceRehearsal:
    """The hand-overs of a period at the prices that were paid (`was`) and at others (`now`).

    `redemptions` were handed over; what came back since costs nothing. `was` and `now` are what
    they cost in points. `shifts` are the passbooks that would have paid less or more, dearest last;
    their `was` and `now` are what each pays. `short` are those that could not pay today what they
    would have paid more.
    `months_was` and `months_now` = how long the shelf lasts at that pace (None: nothing was
    fetched), to one decimal. `cover` is today's outstanding points against the shelf at the new
    prices.
    """

    since: date
    until: date
    redemptions: int
    was: Points
    now: Points
    shifts: tuple[Shift, ...]
    short: tuple[str, ...]
    months_was: Decimal | None
    months_now: Decimal | None
    cover: Cover

    @property
    def losers(self) -> tuple[Shift, ...]:
        """The passbooks that would have paid more, most first."""
        return tuple(one for one in reversed(self.shifts) if one.difference > 0)

    @property
    def winners(self) -> tuple[Shift, ...]:
        """The passbooks that would have paid less, most first."""
        return tuple(one for one in self.shifts if one.difference < 0)


def repriced(
    book: Book, prices: Mapping[str, Said], since: date, until: date, *, by: str | None,
) -> PriceRehearsal:
    """Price the hand-overs of a period anew; nothing is written."""
    with book.reading():
        period, asked = checked(book, since, until, by), listed(book, prices)
        rulebook = book.rulebook_on(until)
        if rulebook is None:
            raise Refused(Code.RULEBOOK_UNKNOWN, {"day": until.isoformat()})
        was, now = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
        rows = [row for row in book.store.find(RedemptionRow, "by_state", "collected")
                if date.fromisoformat(row.day) in period]
        for row in rows:
            terms = book.rulebook(row.details["rulebook"])
            was[row.holder] += _cost(row, rulebook, terms, {})
            now[row.holder] += _cost(row, rulebook, terms, asked)
        shifts = tuple(sorted(
            (Shift(holder=book.code_of(holder) or holder, was=points_of(was[holder]),
                   now=points_of(now[holder])) for holder in was if was[holder] != now[holder]),
            key=lambda one: (one.difference, one.holder)))
        days, moment = (until - since).days + 1, book.now()
        spent = [sum(costs.values(), Decimal(0)) for costs in (was, now)]
        stock = [stocklist.on_shelf(book, moment, some)[0] for some in ({}, asked)]
        free = stocklist.available(book, moment)
        return PriceRehearsal(
            since=since, until=until, redemptions=len(rows), was=points_of(spent[0]),
            now=points_of(spent[1]), shifts=shifts,
            short=tuple(one.holder for one in shifts
                        if one.difference > free.get(one.holder, 0)),
            months_was=lasts(stock[0], spent[0], days),
            months_now=lasts(stock[1], spent[1], days),
            cover=stocklist.cover(book, prices=asked))


def _cost(
    row: RedemptionRow, rulebook: Rulebook, terms: Rulebook,
    prices: Mapping[str, Mapping[str, int]],
) -> Decimal:
    """What of a hand-over stands, at these prices or else at those that were paid."""
    return Decimal(worth(asked_of(
        (prices.get(line["item"], line["unit_price"]), stands(row, line, terms))
        for line in row.details["lines"]), rulebook))
