"""Reading the shop: the shelf as it stands, who may fetch what, deliveries, cover."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Entry, seq_of
from lovepoints.core.passbooks.baskets import Counter, asked_of, price_on, stands
from lovepoints.core.passbooks.goods import stock
from lovepoints.core.passbooks.obstacles import problems
from lovepoints.core.passbooks.passbook import GIVEN, LOST, SUPPLIER
from lovepoints.core.passbooks.spending import spendable
from lovepoints.core.rows import (
    Balance,
    EntryRow,
    Item,
    Lot,
    PostingRow,
    Price,
    RedemptionRow,
    Sealed,
)
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.store import Rows
from lovepoints.core.values import AMOUNT_MAX, item_unit
from lovepoints.desks import counter as loading
from lovepoints.desks.answers import Points
from lovepoints.desks.book import Book
from lovepoints.desks.passbooks import holders
from lovepoints.desks.shop_answers import (
    Cover,
    Delivery,
    Fetcher,
    ShelfItem,
    as_said,
    by_kind,
    last_day,
    lots_opened,
    main_points,
    worth,
)
from lovepoints.errors import Code, NotFound, Refused

LOOK_BACK_DAYS = 90
"""Over how many days `cover` looks at what was fetched."""
_PAGE = 200
Prices: TypeAlias = "Mapping[str, Mapping[str, int]]"
"""By item what one piece costs, in smallest parts by unit."""


def item_of(book: Book, rows: Rows, row: Item, now: int) -> ShelfItem:
    """An item with what there is of it, and today's price."""
    here = stock(loading.shelf_lots(rows, row.code), now)
    today = book.calendar.day_of(now)
    price = price_on(rows.find(Price, "", row.code), today.isoformat())
    rulebook = book.rulebook_on(today)
    known = price if rulebook else None
    return ShelfItem(
        item=row.code, title=row.title, kind=row.kind, measure=row.measure,
        is_stocked=bool(row.stocked), free=here.free, held=here.held, expired=here.expired,
        best_before=last_day(book, here.next_end), low=row.low,
        aid=row.details.get("aid", 0),
        is_low=bool(row.stocked) and here.free < row.low,
        points=worth(known.amounts, rulebook) if known and rulebook else None,
        prices=by_kind(known.amounts, rulebook) if known and rulebook else {},
        cash=price.cash if price else 0, limit=dict(row.details.get("limit", {})),
        for_={name: tuple(values) for name, values in row.details.get("for", {}).items()},
    )


def shelf(book: Book) -> tuple[ShelfItem, ...]:
    """Every item by its code, with lapsed reservations back on the shelf."""
    now = book.now()
    rows, _ = loading.scratch(book, now)
    return tuple(item_of(book, rows, row, now) for row in rows.find(Item))


def one_item(book: Book, code: str) -> ShelfItem:
    """One item; NotFound if the shop has none by that code."""
    now = book.now()
    rows, _ = loading.scratch(book, now)
    return item_of(book, rows, loading.item_row(rows, code), now)


# who may fetch what


def who_may_fetch(book: Book, item: str) -> tuple[Fetcher, ...]:
    """Every passbook against one piece of an item."""
    now = book.now()
    row = loading.item_row(book.store, item)
    if price_on(book.store.find(Price, "", item), _today(book, now)) is None:
        these = [{"item": item, "title": row.title}]
        raise Refused(Code.NO_PRICE, {**these[0], "items": these})
    return tuple(_fetcher(code, counter) for code, counter in _counters(book, (item,), now))


def _today(book: Book, now: int) -> str:
    return book.calendar.day_of(now).isoformat()


def _counters(
    book: Book, items: tuple[str, ...], now: int,
) -> Iterator[tuple[str, Counter]]:
    """What each passbook looks like from the counter, with what is due to it folded in."""
    for code in [person.code for person in holders(book)]:
        seen = loading.visit(book, code, book.calendar.day_of(now))
        if isinstance(seen, Refusal):
            raise Refused(seen.code, seen.facts)
        # A layer for each holder: what is due to one says nothing about the next, and what
        # neighbours let go only moves the stock, which is not asked here.
        rows = book.overlay()
        loading.fold(book, rows, (seen.holder,), now, book.head()[0])
        yield code, loading.counter(book, rows, seen, items, now, now)


def _fetcher(code: str, counter: Counter) -> Fetcher:
    besides = (Code.WINDOW_CLOSED, Code.INSUFFICIENT_STOCK)
    against = [refusal for refusal in problems(dict.fromkeys(counter.items, 1), counter)
               if refusal.code not in besides]
    can = spendable(counter.rulebook, counter.holding)
    return Fetcher(
        holder=code, available=main_points(can.total, counter.rulebook),
        suffices=all(one.code != Code.INSUFFICIENT_POINTS for one in against),
        refusals=as_said(against),
    )


# cover


def available(book: Book, now: int) -> dict[str, Points]:
    """What each passbook can spend at a moment, by its code."""
    return {code: main_points(spendable(counter.rulebook, counter.holding).total, counter.rulebook)
            for code, counter in _counters(book, (), now)}


def cover(book: Book, on: date | None = None, prices: Prices = MappingProxyType({})) -> Cover:
    """What all passbooks can spend on a day, against what the free goods on the shelf cost."""
    today = book.calendar.day_of(book.now())
    if on is not None and on < today:
        raise ValueError(f"on={on} is over; who could have come then is not asked here")
    now = book.now() if on in (None, today) else book.calendar.instant(on, time(12))
    rulebook = book.rulebook_on(book.calendar.day_of(now))
    if rulebook is None:
        raise NotFound("rulebook in force on", _today(book, now))
    rows, _ = loading.scratch(book, now)
    shelf, unpriced = on_shelf(book, now, prices)
    outstanding = sum(map(Decimal, available(book, now).values()), Decimal(0))
    fetched = _fetched(rows, rulebook, today)
    missing = max(Decimal(0), outstanding - shelf)
    return Cover(
        day=book.calendar.day_of(now), outstanding=_points(outstanding, rulebook),
        shelf=_points(shelf, rulebook), missing=_points(missing, rulebook),
        missing_fen=int(missing * rulebook.point_value), fetched=_points(fetched, rulebook),
        months=(shelf * 3 / fetched).quantize(Decimal("0.1")) if fetched else None,
        unpriced=unpriced,
    )


def on_shelf(
    book: Book, now: int, prices: Prices = MappingProxyType({}),
) -> tuple[Decimal, tuple[str, ...]]:
    """What the free goods cost at the day's prices, or at those given, and the items without."""
    rows, _ = loading.scratch(book, now)
    for item, amounts in prices.items():
        rows.put(Price(item=item, since=_today(book, now), seq=AMOUNT_MAX, amounts=amounts))
    stocked = [item_of(book, rows, row, now) for row in rows.find(Item) if row.stocked]
    cost = sum((Decimal(item.points) * item.for_points for item in stocked
                if item.points is not None), Decimal(0))
    return cost, tuple(item.item for item in stocked if item.points is None)


def _points(value: Decimal, rulebook: Rulebook) -> Points:
    return value if any(kind.decimals for kind in rulebook.kinds) else int(value)


def _fetched(rows: Rows, rulebook: Rulebook, today: date) -> Decimal:
    """The points that were spent on goods in the last `LOOK_BACK_DAYS` days, less returns."""
    since = (today - timedelta(days=LOOK_BACK_DAYS)).isoformat()
    return sum((Decimal(worth(asked_of(
        (line["unit_price"], stands(row, line, rulebook)) for line in row.details["lines"]
    ), rulebook)) for row in _since(rows, since) if row.state == "collected"), Decimal(0))


def _since(rows: Rows, since: str) -> Iterator[RedemptionRow]:
    """Redemptions from a day on, read backwards until a whole page is older."""
    high: int | None = None
    while page := rows.find(RedemptionRow, "by_seq", high=high, reverse=True, limit=_PAGE):
        recent = [row for row in page if row.day > since]
        yield from recent
        if not recent:
            return
        high = page[-1].seq - 1


# deliveries


def delivery(book: Book, rows: Rows, entry: Entry) -> Delivery:
    """What came in with an entry, and where it is by now."""
    (number,) = lots_opened(entry)
    lot = rows.get(Lot, number)
    assert lot is not None, "a delivery opens its lot"
    sealed = book.store.get(Sealed, entry.subject)
    personal: Mapping[str, Any] = sealed.details if sealed else {}
    unit = item_unit(entry.details["item"])
    return Delivery(
        id=entry.subject, item=entry.details["item"], day=date.fromisoformat(entry.day),
        quantity=lot.granted, origin=entry.details["origin"],
        donor=personal.get("donor", ""), receipt=personal.get("receipt", ""),
        best_before=last_day(book, lot.ends_at), unit_value=entry.details["unit_value"],
        free=lot.free, held=lot.held, given=_sunk(rows, GIVEN, unit, number),
        lost=_sunk(rows, LOST, unit, number), seq=entry.seq,
    )


def _sunk(rows: Rows, account: str, unit: str, lot: int) -> int:
    """How much of a lot stands in a sink."""
    return sum(row.amount * (1 if row.target == account else -1)
               for row in _postings(rows, account, unit, lot) if row.lot == lot)


def _postings(rows: Rows, account: str, unit: str, after: int = 0) -> Iterator[PostingRow]:
    """An account's postings of a unit, newest first: a walk along its linked list."""
    balance = rows.get(Balance, account, unit)
    number = balance.last if balance else 0
    while number > after and (row := rows.get(PostingRow, number)):
        yield row
        number = row.source_prev if row.source == account else row.target_prev


def deliveries(book: Book, item: str) -> tuple[Delivery, ...]:
    """The deliveries of an item, or of all, oldest first; those taken back are left out."""
    rows, _ = loading.scratch(book, book.now())
    items = [loading.item_row(rows, item)] if item else rows.find(Item)
    seqs = sorted(seq_of(row.id) for one in items
                  for row in _postings(rows, SUPPLIER, item_unit(one.code)))
    entries = (book.entry(seq) for seq in seqs)
    return tuple(delivery(book, rows, entry) for entry in entries
                 if entry.kind == "receive"
                 and not book.store.find(EntryRow, "by_reverses", entry.seq, limit=1))


def one_delivery(book: Book, id_: str) -> Delivery:
    """The delivery with this id; NotFound if nothing came in with it."""
    rows, _ = loading.scratch(book, book.now())
    found = book.store.find(EntryRow, "by_subject", id_, limit=1)
    if not found or found[0].kind != "receive":
        raise NotFound("delivery", id_)
    return delivery(book, rows, book.entry(found[0].seq))
