"""A year of honest work of officers, and ten frauds that are played into it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

from lovepoints.community import Community
from lovepoints.testing import FakeClock, community

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
_ZONE = ZoneInfo("Asia/Shanghai")
HOMES = 8
"""So many homes an officer looks after; the first one is busier than the others."""
RULES = """
format = 1
title = "积分管理办法"
effective = 2026-01-01
holder = "household"
[confirm]
by = ["grid-officer"]
[[rule]]
code = "patrol"
title = "巡逻"
points = { per = "hour", value = 2 }
[[rule]]
code = "tip"
title = "举报"
label = "社区贡献"
confidential = true
points = 5
[redemption]
"""
FRAUDS = ("pair", "hidden_pair", "round", "month_end", "relative", "mutual", "corrections",
          "new_account", "night", "fetch")


@attrs.define
class Year:
    """What will be done, by its moment, and the book in which it is."""

    book: Community
    clock: FakeClock
    chance: random.Random
    only_whole: set[str] = attrs.field(factory=set)
    """The officers who write down whole hours whatever was done."""
    steps: list[tuple[datetime, Callable[[], object]]] = attrs.field(factory=list)

    def deed(self, officer: str, resident: str, when: datetime, hours: str = "",
             rule: str = "patrol") -> None:
        """Somebody did something, and the officer confirms it at that moment."""
        quantity = hours or self.hours()

        def play() -> None:
            told = "3" if officer in self.only_whole else quantity
            said = {} if rule == "tip" else {"quantity": told}
            deed = self.book.deeds.report(rule, resident=resident, by=resident, **said)
            self.book.deeds.confirm(deed.id, by=officer)

        self.steps.append((when, play))

    def hours(self) -> str:
        """As people work: often not a whole number."""
        return str(self.chance.choice(["0.5", "1", "1.5", "1.5", "2", "2.5", "2.5", "3.5"]))

    def moment(self, *, day: int = -1, hour: int = -1) -> datetime:
        """Some moment of the year in which people work."""
        day = self.chance.randrange(1, 365) if day < 0 else day
        hour = self.chance.randrange(8, 20) if hour < 0 else hour
        return datetime(2026, 1, 1, hour, self.chance.randrange(60),
                        self.chance.randrange(60), tzinfo=_ZONE) + timedelta(days=day)

    def play(self) -> None:
        """Do everything in its order."""
        for when, play in sorted(self.steps, key=lambda step: step[0]):
            self.clock.set(when)
            play()
        self.clock.set(datetime(2027, 1, 4, 9, tzinfo=_ZONE))


def year(*, seed: int = 1, frauds: tuple[str, ...] = FRAUDS, officers: int = 15) -> Year:
    """The book after a year; officer `staff:pair` plays the fraud called "pair" ..."""
    clock = FakeClock("2026-01-01 08:00")
    book = community(clock=clock)
    book.rulebooks.adopt(RULES)
    book.residents.appoint("staff:audit", role="auditor")
    book.residents.appoint("staff:shop", role="shopkeeper")
    book.shop.stock("soap", title="肥皂", price=1)
    book.shop.receive("soap", 900)
    made = Year(book=book, clock=clock, chance=random.Random(seed))
    names = [*(f"honest-{number}" for number in range(officers - len(frauds))), *frauds,
             *(["mutual-2"] if "mutual" in frauds else [])]
    for name in names:
        _staffed(made, name)
        _honest(made, name)
    for name in frauds:
        _PLANTED[name](made, f"staff:{name}")
    made.play()
    return made


def _staffed(made: Year, name: str) -> None:
    residents = made.book.residents
    residents.enrol(f"{name}-self", household=f"{name}-own")
    residents.enrol(f"{name}-spouse", household=f"{name}-own")
    residents.appoint(f"staff:{name}", role="grid-officer", resident=f"{name}-self")
    for home in range(HOMES):
        residents.enrol(f"{name}-{home}", household=f"{name}-home-{home}")


def _honest(made: Year, name: str) -> None:
    """A year's work of one officer: patrols, some tips, a newcomer, hand-overs at the counter."""
    homes = [0, *range(HOMES)]
    for _ in range(22):
        made.deed(f"staff:{name}", f"{name}-{made.chance.choice(homes)}", made.moment())
    made.deed(f"staff:{name}", f"{name}-0", made.moment(day=5))
    for _ in range(3):
        made.deed(f"staff:{name}", f"{name}-{made.chance.randrange(HOMES)}", made.moment(),
                  rule="tip")
    if made.chance.random() < 0.3:  # now and then somebody works late
        made.deed(f"staff:{name}", f"{name}-1", made.moment(hour=23))
    day = made.chance.randrange(30, 300)
    made.steps.append((made.moment(day=day, hour=9), lambda: made.book.residents.enrol(
        f"{name}-new", household=f"{name}-home-new")))
    made.deed(f"staff:{name}", f"{name}-new", made.moment(day=day + 3))
    made.steps.append((made.moment(day=350), lambda: made.book.shop.redeem(
        {"soap": 1}, holder=f"{name}-home-0", by="staff:shop")))


def _pair(made: Year, officer: str) -> None:
    for _ in range(25):
        made.deed(officer, "pair-3", made.moment())


def _hidden_pair(made: Year, officer: str) -> None:
    for _ in range(15):
        made.deed(officer, "hidden_pair-5", made.moment(), rule="tip")


def _round(made: Year, officer: str) -> None:
    made.only_whole.add(officer)


def _month_end(made: Year, officer: str) -> None:
    for number in range(40):
        last = date(2026 + number % 12 // 11, (number % 12 + 1) % 12 + 1, 1) - timedelta(days=1)
        made.deed(officer, f"month_end-{number % HOMES}", made.moment(day=(last - FIRST).days))


def _relative(made: Year, officer: str) -> None:
    made.steps.append((made.moment(day=40), lambda: made.book.residents.move(
        "relative-spouse", household="relative-elsewhere")))
    for day in (60, 90, 120):
        made.deed(officer, "relative-spouse", made.moment(day=day))


def _mutual(made: Year, officer: str) -> None:
    for day in (50, 100, 150):
        made.deed(officer, "mutual-2-spouse", made.moment(day=day))
        made.deed("staff:mutual-2", "mutual-self", made.moment(day=day + 9))


def _corrections(made: Year, officer: str) -> None:
    made.book.residents.appoint(officer, role="committee")
    for number in range(9):
        made.steps.append((made.moment(), lambda number=number: made.book.books.adjust(  # type: ignore[misc]  # mypy sees no default
            f"corrections-{number % HOMES}", 5, reason="更正", by=officer)))


def _new_account(made: Year, officer: str) -> None:
    made.steps.append((made.moment(day=199, hour=7), lambda: made.book.residents.enrol(
        "ghost", household="ghost-home")))
    for day in range(200, 205):
        made.deed(officer, "ghost", made.moment(day=day), hours="7.5")


def _night(made: Year, officer: str) -> None:
    for number in range(14):
        made.deed(officer, f"night-{number % HOMES}", made.moment(hour=2))


def _fetch(made: Year, officer: str) -> None:
    made.book.residents.appoint(officer, role="shopkeeper")
    for number, day in enumerate((70, 140, 210, 280)):
        when = made.moment(day=day)
        made.deed(officer, f"fetch-{number}", when)
        made.steps.append((when + timedelta(minutes=20), lambda number=number:  # type: ignore[misc]  # mypy sees no default
                           made.book.shop.redeem({"soap": 1}, by=officer,
                                                 holder=f"fetch-home-{number}")))


_PLANTED: dict[str, Callable[[Year, str], None]] = {
    "pair": _pair, "hidden_pair": _hidden_pair, "round": _round, "month_end": _month_end,
    "relative": _relative, "mutual": _mutual, "corrections": _corrections,
    "new_account": _new_account, "night": _night, "fetch": _fetch,
}
