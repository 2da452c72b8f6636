"""A small book of lots for tests: postings go through the real projector and its checks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from lovepoints.core.journal import Entry, Opens, Posting, posting_id
from lovepoints.core.overlay import Overlay
from lovepoints.core.passbooks.baskets import Counter
from lovepoints.core.passbooks.passbook import ISSUED, SHELF, SUPPLIER, owed, passbook
from lovepoints.core.passbooks.spending import Holding
from lovepoints.core.points import Fixed
from lovepoints.core.projecting import project
from lovepoints.core.rows import Balance, Item, Lot, Price, RedemptionRow
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.values import NEVER, Calendar, item_unit, micros

CALENDAR = Calendar("Asia/Shanghai")
ME = "r-me"
YOU = "r-you"


def at(text: str) -> int:
    """The instant of a local ISO moment in Shanghai: at("2026-03-07T10:00")."""
    return micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")))


def through(text: str) -> int:
    """The end of what is valid through an ISO day."""
    return CALENDAR.end_of(date.fromisoformat(text))


NOW = at("2026-03-07T10:00")


def rulebook(**terms: object) -> Rulebook:
    """A rulebook with one rule and these terms."""
    rule = Rule(code="patrol", title="巡逻", points=Fixed(value=Decimal(5)))
    return Rulebook(title="办法", effective=date(2026, 1, 1), rules=(rule,), **terms)


class Nothing:
    """Rows below everything: there are none."""

    def get(self, *_: object) -> None:
        """No row."""

    def find(self, *_: object, **__: object) -> list[object]:
        """No rows."""
        return []


class Bench:
    """Lots and balances that follow from written postings; BookDamaged if a limit breaks."""

    def __init__(self) -> None:
        self.rows = Overlay(Nothing())
        self.seq = 0

    def write(self, postings: Iterable[Posting]) -> list[tuple[int, Posting]]:
        """Project one entry; its postings with their ids."""
        self.seq += 1
        lines = tuple(postings)
        project(Entry(seq=self.seq, key=f"k{self.seq}", kind="test", subject="", at=0, day="",
                      recorded_at=self.seq, by="s-x", role="test", postings=lines), self.rows)
        return [(posting_id(self.seq, line), posting) for line, posting in enumerate(lines)]

    def earn(
        self, amount: int, ends_at: int = NEVER, *, available_at: int = 0, holder: str = ME,
        unit: str = "point",
    ) -> int:
        """A credit; the id of its lot."""
        opens = Opens(available_at, ends_at)
        return self.write([Posting(ISSUED, passbook(holder), unit, amount, 0, opens)])[0][0]

    def deliver(self, item: str, quantity: int, ends_at: int = NEVER) -> int:
        """A delivery of goods; the id of its lot."""
        opens = Opens(0, ends_at)
        return self.write([Posting(SUPPLIER, SHELF, item_unit(item), quantity, 0, opens)])[0][0]

    def lot(self, number: int) -> Lot:
        """One lot as it is now."""
        lot = self.rows.get(Lot, number)
        assert lot is not None
        return lot

    def lots(self, account: str = passbook(ME), unit: str = "") -> list[Lot]:
        """All lots of an account."""
        return [lot for lot in self.rows.find(Lot)
                if lot.account == account and unit in ("", lot.unit)]

    def by_id(self) -> dict[int, Lot]:
        """Every lot."""
        return {lot.id: lot for lot in self.rows.find(Lot)}

    def balance(self, account: str, unit: str = "point") -> int:
        """What an account has."""
        found = self.rows.get(Balance, account, unit)
        return found.amount if found else 0

    def owes(self, holder: str = ME, unit: str = "point") -> int:
        """What a holder owes, as a positive number."""
        return -self.balance(owed(holder), unit)

    def state(self) -> list[Lot]:
        """Every lot, for comparing before and after."""
        return self.rows.find(Lot)

    def holding(self, now: int = NOW, holder: str = ME, **more: object) -> Holding:
        """The holder's passbook at a moment."""
        lots: dict[str, list[Lot]] = {}
        for lot in self.lots(passbook(holder)):
            lots.setdefault(lot.unit, []).append(lot)
        debts = {unit: self.owes(holder, unit) for unit in lots}
        return Holding(holder=holder, lots=lots, owed=debts, now=now, calendar=CALENDAR, **more)

    def counter(
        self, terms: Rulebook, prices: dict[str, object], now: int = NOW, *,
        items: dict[str, Item] | None = None, history: Iterable[RedemptionRow] = (),
        bars: Iterable[object] = (), **more: object,
    ) -> Counter:
        """The counter: `prices` {item: plain points, or {unit: n}} since 2026."""
        known = {code: Item(code=code, title=code.title()) for code in prices} | (items or {})
        dated = {
            code: [Price(item=code, since="2026-01-01", seq=1,
                         amounts=price if isinstance(price, dict) else {"": price})]
            for code, price in prices.items()
        }
        shelf = {code: self.lots(SHELF, item_unit(code)) for code in known}
        return Counter(rulebook=terms, holding=self.holding(now, bars=tuple(bars)), items=known,
                       prices=dated, shelf=shelf, history=tuple(history), **more)
