"""The shop's desk: goods in, goods out for points, goods set aside, aid, stocktakes, the shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.passbooks.baskets import basket
from lovepoints.core.passbooks.goods import QUANTITY_MAX
from lovepoints.core.passbooks.obstacles import problems
from lovepoints.core.rows import RedemptionRow
from lovepoints.core.values import flag, whole
from lovepoints.desks import counter, shelf, stocklist
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Decide, check_day, perform
from lovepoints.desks.passbooks import holder_for
from lovepoints.desks.repricing import PriceRehearsal, repriced
from lovepoints.desks.shelf import ORIGINS, Limit, Points
from lovepoints.desks.shop_answers import (
    STATES,
    Cover,
    Delivery,
    Fetcher,
    Movement,
    Quote,
    Redemption,
    ShelfItem,
    moved,
    quoted,
    redeemed,
    redemption_of,
)
from lovepoints.errors import NotFound, Refused, brief

T = TypeVar("T")
Wanted: TypeAlias = "Mapping[str, int] | Iterable[tuple[str, int]]"
"""A basket: whole pieces by item code; an item named twice is one line."""
Said: TypeAlias = "dict[str, Any]"  # Any: arguments of many types


@attrs.frozen
class Shop:
    """`community.shop`"""

    _book: Book

    # goods and prices

    def stock(
        self, item: str, *, title: str = "", price: Points | None = None, cash: int = 0,
        kind: str = "goods", measure: str = "", stocked: bool = True, low: int = 0,
        limit: Limit | None = None, for_: Mapping[str, Any] | None = None, aid: int = 0,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> ShelfItem:
        """Put an item into the shop's list, or describe it anew; a title left out stays.

        `price` in points (see `price`), from the day on. `measure` is what one piece is ("bag");
        `kind` a class of goods. `stocked=False`: a service or partner goods without a shelf.
        `low`: fewer free pieces than this are flagged. `limit`: the most per holder, a number
        for a year or {"most": 2, "each": "month"}. `for_`: only for holders with these attributes.
        `aid`: so many pieces are never handed out for points, but kept for `give`.

        Raises:
            Refused: rulebook_unknown, state_not_fitting (goods lie on the shelf of a service).
        """
        said: Said = {
            "item": text.code(item, "item"), "title": text.line(title, "title", most=64),
            "price": shelf.price_of(price), "cash": whole(cash, "cash", least=0),
            "kind": text.code(kind, "kind"), "measure": text.line(measure, "measure", most=64),
            "stocked": flag(stocked, "stocked"),
            "low": whole(low, "low", least=0, most=QUANTITY_MAX),
            "limit": shelf.limit_of(limit), "for": shelf.group_of(for_),
            "aid": whole(aid, "aid", least=0, most=QUANTITY_MAX),
        }
        return self._say("stock", lambda command: shelf.stock(command, said), said, by, at, key,
                         lambda book, _: stocklist.one_item(book, said["item"]))

    def price(
        self, item: str, points: Points, *, since: date | str | None = None, cash: int = 0,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> ShelfItem:
        """Set a price from a day on (left out: the day of `at`); earlier prices stay written,
        and reservations keep theirs.

        `points`: a whole number, or text or Decimal where the kind has decimals, payable in any
        kind that plain prices take; or a mapping by kind. `cash` in fen is noted beside it.

        Raises:
            Refused: state_not_fitting (a past day that had a price already), rulebook_unknown.
        """
        said: Said = {"item": text.code(item, "item"), "price": shelf.price_of(points),
                      "since": _day(since), "cash": whole(cash, "cash", least=0)}
        return self._say("price", lambda command: shelf.price(command, said), said, by, at, key,
                         lambda book, _: stocklist.one_item(book, said["item"]))

    def receive(
        self, item: str, quantity: int, *, donor: str = "", best_before: date | str | None = None,
        origin: str = "donated", receipt: str = "", unit_value: int = 0, witness: str = "",
        note: str = "", by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Movement:
        """Take a delivery in: one lot, handed out soonest best-before first.

        `best_before` is the last good day (a date or its ISO text). `unit_value` is fen a piece.
        `donor`, `receipt`, `witness` and `note` are personal data and stay outside the journal.

        Raises:
            Refused: lot_expired (its last day is over), state_not_fitting (a service).
        """
        if origin not in ORIGINS:
            raise ValueError(f"origin is one of {', '.join(ORIGINS)}, not {brief(origin)}")
        said = {
            **_pieces(item, quantity), "donor": text.line(donor, "donor"),
            "best_before": _day(best_before), "origin": origin,
            "receipt": text.line(receipt, "receipt"),
            "unit_value": whole(unit_value, "unit_value", least=0),
            "witness": text.line(witness, "witness"), "note": text.line(note, "note", breaks=True),
        }
        return self._say(
            "receive", lambda command: shelf.receive(command, said), said, by, at, key, moved)

    def give(
        self, item: str, quantity: int, *, reason: str, holder: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Movement:
        """Hand out aid without points, from the same shelf; never to oneself or one's household.

        Raises:
            Refused: insufficient_stock, reason_needed, self_confirmation.
        """
        said = {**_pieces(item, quantity), "reason": text.line(reason, "reason"),
                "holder": text.line(holder, "holder")}
        return self._say(
            "give", lambda command: shelf.give(command, said), said, by, at, key, moved)

    def count(
        self, item: str, counted: int, *, reason: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Movement:
        """Write down a stocktake: all pieces found, reserved and expired ones too.

        Raises:
            Refused: insufficient_stock (fewer than are reserved; `facts["holds"]` names which).
        """
        said = {**_pieces(item, counted, least=0), "reason": text.line(reason, "reason")}
        return self._say(
            "count", lambda command: shelf.count(command, said), said, by, at, key, moved)

    def write_off(
        self, item: str, quantity: int, *, reason: str,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Movement:
        """Take damaged, spoiled or lost goods off the shelf, what ends soonest first; reserved
        goods are never touched.

        Raises:
            Refused: insufficient_stock, reason_needed.
        """
        said = {**_pieces(item, quantity), "reason": text.line(reason, "reason")}
        return self._say(
            "write_off", lambda command: shelf.write_off(command, said), said, by, at, key, moved)

    def open_window(
        self, *, by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> None:
        """Open a shop whose rulebook leaves it to staff (`days = { switched = true }`)."""
        self._switch("open_window", by, at, key)

    def close_window(
        self, *, by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> None:
        """Close it again."""
        self._switch("close_window", by, at, key)

    # goods for points

    def quote(self, wanted: Wanted, *, holder: str, proxy: str = "") -> Quote:
        """What a basket would cost now and everything that stands against it. Writes nothing."""
        book, asked, proxy = self._book, basket_of(wanted), text.line(proxy, "proxy", most=64)
        with book.reading():
            now = book.now()
            today = book.calendar.day_of(now)
            seen = counter.visit(book, text.code(holder, "holder"), today)
            if isinstance(seen, Refusal):
                raise Refused(seen.code, seen.facts)
            rows, seq = counter.scratch(book, now)
            counter.fold(book, rows, (seen.holder,), now, seq)
            desk = counter.counter(book, rows, seen, asked, now, now)
            unwelcome = counter.unwelcome(seen, proxy, today)
            return quoted(book, desk, asked, (*((unwelcome,) if unwelcome else ()),
                                              *problems(asked, desk)))

    def redeem(
        self, wanted: Wanted, *, holder: str, proxy: str = "", quote: Quote | None = None,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Redemption:
        """Hand goods over for points, at the counter: one entry moves both.

        `holder` is whose passbook pays: a resident's code (hers, or her household's) or a
        household's. `proxy` is who fetches instead, a code or a name. The day of `at` decides
        price, window and limits (a past day stands for its noon). With a `quote` a changed
        price is refused.

        Raises:
            Refused: not_holder, barred, insufficient_points, insufficient_stock, no_price,
                price_changed, window_closed, below_minimum, not_a_multiple, too_often,
                item_limit, reserved_item, account_closed, amount_range.
        """
        said: Said = {
            "basket": basket_of(wanted), "holder": text.code(holder, "holder"),
            "proxy": text.line(proxy, "proxy", most=64),
            "quote": _asked(quote),
        }
        return self._say(
            "redeem", lambda command: counter.redeem(command, said), said, by, at, key, redeemed)

    def hold(
        self, wanted: Wanted, *, holder: str, quote: Quote | None = None,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Redemption:
        """Set goods and points aside until `Redemption.lapses_on`; refused like `redeem`, by
        opening days too. Collecting is then possible on any day until it lapses."""
        said: Said = {"basket": basket_of(wanted), "holder": text.code(holder, "holder"),
                      "quote": _asked(quote)}
        return self._say(
            "hold", lambda command: counter.hold(command, said), said, by, at, key, redeemed)

    def collect(
        self, redemption: str, *, part: Wanted | None = None, proxy: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Redemption:
        """Hand a reservation over at the price it was made at; of a `part` the rest goes back.

        Raises:
            Refused: hold_unknown, hold_already_collected, hold_already_released,
                hold_already_lapsed, exceeds_hold, lot_expired, lot_frozen, not_holder.
        """
        said: Said = {"redemption": text.code(redemption, "redemption"),
                      "part": None if part is None else basket_of(part),
                      "proxy": text.line(proxy, "proxy", most=64)}
        return self._say(
            "collect", lambda command: counter.collect(command, said), said, by, at, key, redeemed)

    def release(
        self, redemption: str, *,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Redemption:
        """Let a reservation go; what it gives back is the rulebook's `gives_back`."""
        said: Said = {"redemption": text.code(redemption, "redemption")}
        return self._say(
            "release", lambda command: counter.release(command, said), said, by, at, key, redeemed)

    def return_(
        self, redemption: str, *, part: Wanted | None = None, restock: bool = True,
        reason: str = "", by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Redemption:
        """Take goods back (all, or a `part`) and give their points back to the lots they came
        from, with their dates. `restock=False` writes the goods off.

        Raises:
            Refused: exceeds_redemption, hold_unknown, state_not_fitting.
        """
        said: Said = {"redemption": text.code(redemption, "redemption"),
                      "part": None if part is None else basket_of(part),
                      "restock": flag(restock, "restock"), "reason": text.line(reason, "reason")}
        return self._say(
            "return", lambda command: counter.return_(command, said), said, by, at, key, redeemed)

    # reading

    def __getitem__(self, redemption: str) -> Redemption:
        """The redemption with this id as it stands; NotFound if there is none."""
        row = self._book.store.get(RedemptionRow, text.code(redemption, "redemption"))
        if row is None:
            raise NotFound("redemption", redemption)
        return redemption_of(self._book, row, now=self._book.now())

    def of(self, holder: str) -> tuple[Redemption, ...]:
        """The redemptions and reservations of a passbook, by day."""
        with self._book.reading():
            party = holder_for(self._book, self._book.person(holder, *_HOLDERS))
            return tuple(redemption_of(self._book, row, now=self._book.now()) for row in
                         self._book.store.find(RedemptionRow, "by_holder", party))

    def with_state(self, state: str) -> tuple[Redemption, ...]:
        """Redemptions in a state, `with_state("held")` by their last day: what waits to be
        collected."""
        with self._book.reading():
            now = self._book.now()
            if state not in STATES:
                raise ValueError(f"a redemption is {', '.join(STATES)}, not {brief(state)}")
            written = {"lapsed": ("lapsed", "held")}.get(state, (state,))
            found = (redemption_of(self._book, row, now=now) for one in written for row in
                     self._book.store.find(RedemptionRow, "by_state", one))
            return tuple(one for one in found if one.state == state)

    def shelf(self) -> tuple[ShelfItem, ...]:
        """Every item by its code: what is free, reserved, expired, low, and today's price."""
        with self._book.reading():
            return stocklist.shelf(self._book)

    def item(self, item: str) -> ShelfItem:
        """One item as it stands; NotFound if the shop has none by that code."""
        with self._book.reading():
            return stocklist.one_item(self._book, text.code(item, "item"))

    def who_may_fetch(self, item: str) -> tuple[Fetcher, ...]:
        """Every passbook against one piece of an item; opening days and stock set aside."""
        with self._book.reading():
            return stocklist.who_may_fetch(self._book, text.code(item, "item"))

    def cover(
        self, on: date | None = None, *, prices: Mapping[str, Points] | None = None,
    ) -> Cover:
        """If everybody came today (or at noon of a day to come, `on`), what would be missing?

        What is due by then is taken into account: points that begin or end, reservations that
        lapse, goods past their day, a price that has begun. `prices` stand in for those of the
        items they name. Writes nothing.
        """
        check_day(on, "on")
        with self._book.reading():
            return stocklist.cover(self._book, on, shelf.listed(self._book, prices or {}))

    def rehearse(
        self, prices: Mapping[str, Points], since: date, until: date, *, by: str | None = None,
    ) -> PriceRehearsal:
        """What was handed over in these days at other prices: who pays more, how long the shelf
        lasts, what would be missing. Items that are not named keep what was paid. Writes nothing.

        Raises:
            Refused: not_permitted, rulebook_unknown.
        """
        return repriced(self._book, prices, since, until, by=by)

    def deliveries(self, item: str = "") -> tuple[Delivery, ...]:
        """What came in, oldest first, and where it is by now; of one item, or of all."""
        with self._book.reading():
            return stocklist.deliveries(self._book, text.line(item, "item", most=64))

    def delivery(self, id: str) -> Delivery:
        """One delivery, by the id that the lines of a redemption name."""
        with self._book.reading():
            return stocklist.one_delivery(self._book, text.code(id, "id"))

    def _say(
        self, verb: str, decide: Decide, said: Said, by: str | None, at: datetime | date | None,
        key: str | None, tell: Callable[[Book, Answer], T],
    ) -> T:
        return perform(self._book, verb, decide, said, by=by, at=at, key=key,
                       tell=lambda answer: tell(self._book, answer))

    def _switch(
        self, verb: str, by: str | None, at: datetime | date | None, key: str | None,
    ) -> None:
        perform(self._book, verb, lambda command: shelf.window(command, verb), {}, by=by, at=at,
                key=key, roles=lambda: self._book.policy.get("window", frozenset()))


_HOLDERS = ("resident", "household", "team")


def basket_of(wanted: Wanted) -> dict[str, int]:
    """A basket as callers say it, checked."""
    if isinstance(wanted, str):
        raise TypeError(f'a basket reads {{"soap": 1}}, not {brief(wanted)}')
    pairs = wanted.items() if isinstance(wanted, Mapping) else wanted
    return basket((text.code(item, "item"), quantity) for item, quantity in pairs)


def _asked(quote: Quote | None) -> dict[str, int] | None:
    if quote is not None and not isinstance(quote, Quote):
        raise TypeError(f"quote= takes what quote() returned, not {brief(quote)}")
    return None if quote is None else dict(quote.asked)


def _pieces(item: str, quantity: int, *, least: int = 1) -> Said:
    return {"item": text.code(item, "item"),
            "quantity": whole(quantity, "quantity", least=least, most=QUANTITY_MAX)}


def _day(day: date | str | None) -> date | None:
    if isinstance(day, str):
        try:
            return date.fromisoformat(day[:11])
        except ValueError:
            raise ValueError(f"a day reads like 2026-03-31, not {brief(day)}") from None
    if isinstance(day, datetime) or not isinstance(day, date | None):
        raise TypeError(f"a day is a date or its ISO text, not {brief(day)}")
    return day
