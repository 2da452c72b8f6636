"""What the shop's verbs return: redemptions, quotes, items of the shelf, movements of goods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Entry, posting_id, seq_of
from lovepoints.core.passbooks.baskets import (
    PLAIN,
    Counter,
    asked_of,
    decimals_of,
    price_now,
    value_of,
)
from lovepoints.core.passbooks.passbook import SHELF, passbook
from lovepoints.core.passbooks.redeeming import Line, settle
from lovepoints.core.passbooks.returning import paid_for
from lovepoints.core.passbooks.spending import spendable
from lovepoints.core.rows import RedemptionRow, Sealed
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.values import NEVER, kind_of
from lovepoints.desks.answers import Points, as_points
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer
from lovepoints.errors import Refused

STATES = ("held", "collected", "released", "lapsed")
"""What a redemption can be."""


@attrs.frozen(kw_only=True)
class BasketLine:
    """One item of a basket. `unit_price` and `total` are in points over all kinds, `prices` has
    the price of one piece by kind ("": a price without a kind); `cash` is fen for one piece.

    Of `quantity`, `handed` were handed over and `returned` came back since. `deliveries` are the
    ids of the deliveries that the pieces came from.
    """

    item: str
    title: str
    quantity: int
    unit_price: Points
    total: Points
    prices: Mapping[str, Points] = attrs.field(factory=dict)
    cash: int = 0
    handed: int = 0
    returned: int = 0
    deliveries: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Redemption:
    """Goods for points: handed over ("collected"), set aside ("held"), or let go ("released",
    "lapsed").

    `points` of the first kind and `amounts` of every kind are what pays for the pieces that are
    reserved or handed over and not returned. `moved` is what the verb that returned this did to
    the points free in the passbook (below zero: taken). `lapses_on` is the last day to collect;
    `seq` the entry that says all this, for `books.prove`. `cash` is fen, noted and not kept.
    """

    id: str
    holder: str
    resident: str = ""
    state: str
    day: date
    lines: tuple[BasketLine, ...]
    points: Points
    amounts: Mapping[str, Points] = attrs.field(factory=dict)
    moved: Mapping[str, Points] = attrs.field(factory=dict)
    cash: int = 0
    lapses_on: date | None = None
    proxy: str = attrs.field(default="", repr=False)
    seq: int
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Quote:
    """What a basket would cost now, and everything that stands against it; nothing is written.

    `points` is the sum over all kinds, `amounts` what would be paid of each kind ({} if it
    cannot be), `available` what the holder can spend of all that a plain price may take.
    Hand it to `redeem(quote=...)` to be refused if a price has changed since.
    """

    holder: str
    day: date
    lines: tuple[BasketLine, ...]
    points: Points
    amounts: Mapping[str, Points] = attrs.field(factory=dict)
    available: Points = 0
    cash: int = 0
    refusals: tuple[Refused, ...] = ()
    asked: Mapping[str, int] = attrs.field(factory=dict, repr=False)

    @property
    def is_payable(self) -> bool:
        """Whether it could be fetched now."""
        return not self.refusals

    def explained(self, lang: str | None = None) -> tuple[str, ...]:
        """Why it cannot be fetched now, in `lang`; nothing if it can."""
        return tuple(refusal.sentence(lang) for refusal in self.refusals)


@attrs.frozen(kw_only=True)
class ShelfItem:
    """An item as it stands: `free` can be handed out now, `held` is reserved, `expired` is past
    its best-before day and waits to be written off; `best_before` is the next day to watch.

    `points` is today's price over all kinds, `prices` by kind ("": without a kind), None and {}
    without a price. A service (`is_stocked` false) has no shelf and is never short. `is_low`:
    fewer than `low` are free. `aid` pieces of it are kept to be given as aid.
    """

    item: str
    title: str
    kind: str = "goods"
    measure: str = ""
    is_stocked: bool = True
    free: int = 0
    held: int = 0
    expired: int = 0
    best_before: date | None = None
    aid: int = 0
    low: int = 0
    is_low: bool = False
    points: Points | None = None
    prices: Mapping[str, Points] = attrs.field(factory=dict)
    cash: int = 0
    limit: Mapping[str, Any] = attrs.field(factory=dict)  # Any: most is a number, each is text
    for_: Mapping[str, tuple[Any, ...]] = attrs.field(factory=dict)  # Any: attribute values

    @property
    def for_points(self) -> int:
        """How many can be fetched for points: those that are free and not kept for aid."""
        return max(0, self.free - self.aid)

    @property
    def on_hand(self) -> int:
        """What a stocktake should find."""
        return self.free + self.held + self.expired


@attrs.frozen(kw_only=True)
class Movement:
    """What a verb did to the goods of one item: `change` of what is on the shelf, and why.

    `quantity` is what was said (what was counted, for a stocktake). `holder` got aid.
    """

    id: str
    kind: str
    item: str
    quantity: int
    change: int
    day: date
    holder: str = ""
    reason: str = attrs.field(default="", repr=False)
    seq: int
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Delivery:
    """Goods that came in together, and what became of them: on the shelf (`free`, `held`),
    handed out (`given`) or written off (`lost`). `donor` and `receipt` are personal data.
    """

    id: str
    item: str
    day: date
    quantity: int
    origin: str
    donor: str = attrs.field(default="", repr=False)
    receipt: str = attrs.field(default="", repr=False)
    best_before: date | None = None
    unit_value: int = 0
    free: int = 0
    held: int = 0
    given: int = 0
    lost: int = 0
    seq: int


@attrs.frozen(kw_only=True)
class Fetcher:
    """A passbook and one item: whether the points `suffice` for one piece, and the codes of all
    that stands against it besides opening days and stock."""

    holder: str
    available: Points
    suffices: bool
    refusals: tuple[Refused, ...] = ()

    @property
    def may_fetch(self) -> bool:
        """Whether nothing but opening days and stock could stand in the way."""
        return not self.refusals


@attrs.frozen(kw_only=True)
class Cover:
    """The points outstanding against the shelf: if everybody came today, what would be missing?

    `outstanding`: what all passbooks together can spend now. `shelf`: what the free goods on
    the shelf cost at today's prices; `unpriced` items count nothing. `missing` = the points that
    find no goods, `missing_fen` what goods for them cost at the rulebook's `point_value`.
    `months` = how long the shelf lasts if as much is fetched as in the last 90 days (None:
    nothing was), to one decimal.
    """

    day: date
    outstanding: Points
    shelf: Points
    missing: Points
    missing_fen: int
    fetched: Points
    months: Decimal | None
    unpriced: tuple[str, ...] = ()


# how they are built


def quoted(
    book: Book, desk: Counter, wanted: Mapping[str, int], refusals: tuple[Refusal, ...],
) -> Quote:
    """The quote for a basket, with what stands against it."""
    rulebook, prices = desk.rulebook, {item: price_now(item, desk) for item in wanted}
    lines = [Line(item=item, title=desk.items[item].title, quantity=quantity,
                  unit_price=price.amounts if (price := prices[item]) else {},
                  cash=price.cash if price else 0) for item, quantity in wanted.items()]
    asked = asked_of((line.unit_price, line.quantity) for line in lines)
    settlement = None if refusals else settle(wanted, desk)
    if isinstance(settlement, Refusal):
        refusals, settlement = (settlement,), None
    return Quote(
        holder=book.code_of(desk.holding.holder), day=desk.day,
        lines=tuple(line_of(line.to_json(), rulebook) for line in lines),
        points=worth(asked, rulebook),
        amounts=by_kind(settlement.totals, rulebook) if settlement else {},
        available=main_points(spendable(rulebook, desk.holding).total, rulebook),
        cash=sum(line.cash * line.quantity for line in lines), refusals=as_said(refusals),
        asked=asked,
    )


def redeemed(book: Book, answer: Answer) -> Redemption:
    """The redemption that an entry speaks of, as the entry left it."""
    entry = answer.entry
    (columns,) = entry.details["rows"]["redemption"]
    return redemption_of(
        book, RedemptionRow(**{**columns, "seq": entry.seq}), entry=entry, key=answer.key,
        is_repeat=answer.is_repeat)


def redemption_of(
    book: Book, row: RedemptionRow, *, now: int = 0, entry: Entry | None = None, key: str = "",
    is_repeat: bool = False,
) -> Redemption:
    """The public view of a redemption's row; at `now` a reservation may have lapsed."""
    rulebook = book.rulebook(row.details["rulebook"])
    state = "lapsed" if row.state == "held" and row.lapses_at <= now else row.state
    standing = {line["item"]: _standing(line, state) for line in row.details["lines"]}
    paid: dict[str, int] = {}
    for unit, _, amount in paid_for(row.details, standing):
        paid[unit] = paid.get(unit, 0) + amount
    amounts = by_kind(paid, rulebook)
    main = rulebook.main_kind
    return Redemption(
        id=row.id, holder=book.code_of(row.holder), resident=book.code_of(row.doer), state=state,
        day=date.fromisoformat(row.day),
        lines=tuple(line_of(line, rulebook) for line in row.details["lines"]),
        points=amounts.get(main.code, as_points(0, main.decimals)), amounts=amounts,
        moved=by_kind(_moved(entry, row.holder), rulebook) if entry else {},
        cash=sum(line["cash"] * standing[line["item"]] for line in row.details["lines"]),
        lapses_on=last_day(book, row.lapses_at), proxy=proxy_of(book, row), seq=row.seq, key=key,
        is_repeat=is_repeat,
    )


def _standing(line: Mapping[str, Any], state: str) -> int:  # Any: JSON
    """How many pieces of a line are reserved, or handed over and not returned."""
    if state == "held":
        return int(line["quantity"])
    return int(line["handed"] - line["returned"])


def _moved(entry: Entry, holder: str) -> dict[str, int]:
    account, moved = passbook(holder), dict[str, int]()
    for posting in entry.postings:
        sign = (posting.target == account) - (posting.source == account)
        moved[posting.unit] = moved.get(posting.unit, 0) + sign * posting.amount
    return {unit: amount for unit, amount in moved.items() if amount}


def line_of(line: Mapping[str, Any], rulebook: Rulebook) -> BasketLine:  # Any: JSON
    """A line as `core.redeeming.Line.to_json` wrote it."""
    price, quantity = line["unit_price"], line["quantity"]
    return BasketLine(
        item=line["item"], title=line["title"], quantity=quantity,
        unit_price=worth(price, rulebook),
        total=worth({unit: amount * quantity for unit, amount in price.items()}, rulebook),
        prices=by_kind(price, rulebook), cash=line["cash"], handed=line["handed"],
        returned=line["returned"],
        deliveries=tuple(dict.fromkeys(delivery_id(lot) for lot, _ in line["lots"])),
    )


def delivery_id(lot: int) -> str:
    """The id of the delivery (or stocktake) that a lot of goods came with."""
    return f"g-{seq_of(lot)}"


def lots_opened(entry: Entry) -> list[int]:
    """The ids of the lots of goods that an entry opened."""
    return [posting_id(entry.seq, line) for line, posting in enumerate(entry.postings)
            if posting.opens and posting.target == SHELF]


def by_kind(amounts: Mapping[str, int], rulebook: Rulebook) -> dict[str, Points]:
    """Sums by unit as points by kind; "" stays a sum without a kind."""
    return {kind_of(unit) if unit else PLAIN: as_points(amount, decimals_of(unit, rulebook))
            for unit, amount in amounts.items()}


def worth(amounts: Mapping[str, int], rulebook: Rulebook) -> Points:
    """A sum over all kinds in points: a whole number where every kind is one."""
    value = value_of(amounts, rulebook)
    return value if any(decimals_of(unit, rulebook) for unit in amounts) else int(value)


def main_points(amount: int, rulebook: Rulebook) -> Points:
    """A plain sum in points."""
    return as_points(amount, decimals_of(PLAIN, rulebook))


def last_day(book: Book, ends_at: int) -> date | None:
    """The last local day before an end; None for what does not end."""
    return None if ends_at == NEVER else book.calendar.day_of(ends_at - 1)


def proxy_of(book: Book, row: RedemptionRow) -> str:
    """Who fetched for the holder: a code, or the name that was written down."""
    about = row.details.get("proxy", "")
    if not about:
        return ""
    sealed = book.store.get(Sealed, about)
    return book.code_of(about) or (str(sealed.details.get("proxy", "")) if sealed else "")


def moved(book: Book, answer: Answer) -> Movement:
    """The movement of goods that an entry speaks of."""
    entry = answer.entry
    sealed = book.store.get(Sealed, entry.subject)
    change = sum(posting.amount * ((posting.target == SHELF) - (posting.source == SHELF))
                 for posting in entry.postings)
    return Movement(
        id=entry.subject, kind=entry.kind, item=entry.details["item"],
        quantity=entry.details["quantity"], change=change, day=date.fromisoformat(entry.day),
        holder=book.code_of(entry.details.get("holder", "")),
        reason=str(sealed.details.get("reason", "")) if sealed else "",
        seq=entry.seq, key=answer.key, is_repeat=answer.is_repeat,
    )


def as_said(refusals: Iterable[Refusal]) -> tuple[Refused, ...]:
    """Refusals as they would be raised: with sentences, in the order of their codes."""
    return tuple(Refused(refusal.code, refusal.facts) for refusal in refusals)
