"""The library as a program uses it: its public verbs on a file of its own."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import lovepoints as lp
from lovepoints.community import Community, opened
from lovepoints.stores import sqlite
from tests.benchmarks.workload import GOODS, Deed, Redemption, code_of, rulebook

ADMIN, OFFICER, KIOSK = "staff:zhao", "staff:wang", "kiosk:1"
ZONE = "Asia/Shanghai"


class Clock:
    """A clock that shows the evening of the day it is set to."""

    def __init__(self, day: date) -> None:
        self.set(day)

    def set(self, day: date) -> None:
        """Show this day."""
        moment = datetime.combine(day, time(20), ZoneInfo(ZONE))
        self._micros = int(moment.timestamp()) * 1_000_000

    def __call__(self) -> int:
        """Whole microseconds since 1970 in UTC."""
        return self._micros


class Ours:
    """One book, its community, and the deeds that were reported and wait.

    The dice are loaded: two programs that are opened alike and do the same write the same bytes.
    """

    def __init__(
        self, path: Path, clock: Clock, durability: Any = "full", seed: int = 3,
    ) -> None:
        self.path, self.clock, self._seed = path, clock, seed
        self.community = self._open(durability)
        self.waiting: list[str] = []

    def sync(self, level: str) -> None:
        """Go on at another durability, as a program that has been open for a while."""
        raw = self.community._book.store._connection.raw
        raw.execute(f"PRAGMA synchronous = {level}")
        assert raw.execute("PRAGMA synchronous").fetchone()[0] == {"normal": 1, "full": 2}[level]

    def report(self, deeds: Sequence[Deed]) -> None:
        """The day's pile is written down, in one commit."""
        self.clock.set(deeds[-1].day)
        with self.community.batch() as community:
            for deed in deeds:
                quantity = f"{deed.half_hours / 2}" if deed.half_hours else None
                self.waiting.append(community.deeds.report(
                    deed.rule, resident=code_of(deed.resident), on=deed.day, quantity=quantity,
                    key=f"report-{deed.number}").id)

    def awards(self, deeds: Sequence[Deed]) -> None:
        """The deeds that wait are confirmed, one a commit."""
        confirm, waiting = self.community.deeds.confirm, self.waiting
        for place, deed in enumerate(deeds):
            confirm(waiting[place], grade=deed.grade or None, by=OFFICER,
                    key=f"confirm-{deed.number}")
        del waiting[:len(deeds)]

    def bulk(self, deeds: Sequence[Deed]) -> None:
        """The same in one commit."""
        with self.community.batch():
            self.awards(deeds)

    def redemptions(self, wanted: Sequence[Redemption]) -> None:
        """Goods are fetched, one redemption a commit."""
        for one in wanted:
            self.community.shop.redeem({one.item: 1}, holder=code_of(one.resident), by=KIOSK,
                                       key=f"redeem-{one.number}")

    def redeem_bulk(self, wanted: Sequence[Redemption]) -> None:
        """The same in one commit."""
        with self.community.batch():
            self.redemptions(wanted)

    def balance(self, resident: int) -> int:
        """What one passbook shows."""
        return int(self.community.passbooks.of(code_of(resident), lines=0).balance)

    def totals(self) -> dict[str, int]:
        """What it all came to."""
        return {"outstanding": int(self.community.books.outstanding()["point"])}

    def close(self) -> None:
        """Let go of the book."""
        self.community.close()

    def _open(self, durability: Any) -> Community:
        store = sqlite.open_(self.path, durability=durability)
        return opened(store, by=ADMIN, clock=self.clock,
                      random=random.Random(self._seed).randbytes)


def found(path: Path, clock: Clock, people: int) -> None:
    """A new book with its rulebook, officers, residents and goods."""
    lp.create(path, name="幸福社区", admin=ADMIN, zone=ZONE, clock=clock,
              random=random.Random(1).randbytes)
    dice = random.Random(2).randbytes
    with lp.open(path, by=ADMIN, clock=clock, random=dice) as community, community.batch():
        community.rulebooks.adopt(rulebook())
        community.residents.appoint(OFFICER, role="grid-officer")
        community.residents.appoint(KIOSK, role="kiosk")
        for number in range(people):
            community.residents.enrol(code_of(number))
        for item, price in GOODS.items():
            community.shop.stock(item, title=item, price=price)
            community.shop.receive(item, 10**6)


def copy(source: Path, target: Path, mode: str = "") -> Path:
    """A copy of a closed book, in another journal mode if one is named."""
    shutil.copyfile(source, target)
    target.chmod(0o600)
    if mode:
        raw = sqlite3.connect(target)
        raw.execute(f"PRAGMA journal_mode = {mode}")
        raw.close()
    return target
