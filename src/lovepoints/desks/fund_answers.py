"""What the funds' desk returns, and reading its rows."""

from __future__ import annotations

from datetime import date

import attrs

from lovepoints.core import text
from lovepoints.core.rows import FOR_EVER, Sealed
from lovepoints.core.rows_aid import FundRow, MoneyRow
from lovepoints.core.work.funds import purse
from lovepoints.desks.book import Book
from lovepoints.errors import NotFound


@attrs.frozen(kw_only=True)
class Fund:
    """Money for a purpose, in fen. `left` is `limit` and `received`, less what was `granted`,
    `spent`, `returned` and `reserved`. `goal` is what a drive wants to receive (0: none), `people`
    how many the limit is for. `until` None: open."""

    code: str
    title: str
    limit: int
    goal: int
    people: int
    received: int
    reserved: int
    granted: int
    spent: int
    returned: int
    left: int
    since: date
    until: date | None = None
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Money:
    """One record of a fund, in fen. `what`: received, reserved, granted, spent or returned.

    `donor`, `receipt` and `note` as they were said of a gift; `holder` and `reason` of a grant are
    told to those only who read the register of aid.
    """

    id: str
    fund: str
    what: str
    fen: int
    day: date
    category: str = ""
    source: str = ""
    is_undone: bool = False
    donor: str = ""
    receipt: str = ""
    note: str = ""
    holder: str = ""
    reason: str = ""
    key: str = ""
    is_repeat: bool = False


def fund_row(book: Book, code: str) -> FundRow:
    """A fund by its code; NotFound if there is none."""
    found = book.store.get(FundRow, text.code(code, "fund"))
    if found is None:
        raise NotFound("fund", code)
    return found


def money_row(book: Book, money: str) -> MoneyRow:
    """A record by its number; NotFound if there is none."""
    found = book.store.get(MoneyRow, text.code(money, "money"))
    if found is None:
        raise NotFound("record of a fund", money)
    return found


def moves_of(book: Book, fund: str) -> list[MoneyRow]:
    """The records of a fund, oldest first."""
    return book.store.find(MoneyRow, "by_fund", fund)


def fund_of(book: Book, row: FundRow, *, key: str = "", is_repeat: bool = False) -> Fund:
    """The public view of a fund as it stands."""
    sums = purse(row, moves_of(book, row.code))
    return Fund(
        code=row.code, title=row.title, goal=row.details["goal"], people=row.details["people"],
        left=sums.left, since=date.fromisoformat(row.since), key=key, is_repeat=is_repeat,
        until=None if row.until == FOR_EVER else date.fromisoformat(row.until),
        **attrs.asdict(sums))


def money_of(
    book: Book, row: MoneyRow, *, is_reader: bool, key: str = "", is_repeat: bool = False,
) -> Money:
    """The public view of a record; whom a grant went to, and why, for readers of aid only."""
    sealed = book.store.get(Sealed, row.id)
    words = {name: str(value) for name, value in (sealed.details if sealed else {}).items()}
    if row.what == "granted" and not is_reader:
        words = {}
    return Money(
        id=row.id, fund=row.fund, what=row.what, fen=row.fen, day=date.fromisoformat(row.day),
        category=row.category, source=row.source, is_undone=bool(row.is_undone),
        holder=book.code_of(row.party) if row.party and is_reader else "", key=key,
        is_repeat=is_repeat, **words)
