"""R12: clocks that run wrong. What was recorded stays in its order, nothing expires twice, no
reservation comes back to life, and days are those of the community."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

import lovepoints as lp
from lovepoints.core.rows import EntryRow, RedemptionRow
from lovepoints.core.values import micros
from lovepoints.testing import seeded
from tests.faults import oracle
from tests.faults.mutants import Edit
from tests.laws.machine_rules import RULES

ADMIN, OFFICER, HOLDERS = "staff:zhao", "staff:wu", ("li", "wang", "zhou")
ZONES = ("Asia/Shanghai", "UTC", "America/New_York")
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
YEARS = timedelta(days=3653)
TURNS = 10
BACK = ("release", "lapse", "return", "reverse")
"""What gives points back to the lots they came from, where they may end again."""
Walk = Callable[[random.Random, ZoneInfo], Iterator[datetime]]


def _steps(*spans: timedelta, start: datetime = START) -> Walk:
    """The same steps, again and again."""
    def walk(chance: random.Random, zone: ZoneInfo) -> Iterator[datetime]:
        now = start
        for turn in range(TURNS):
            now += spans[turn % len(spans)]
            yield now

    return walk


def _over(year: int, month: int, day: int, zone: str = "") -> Walk:
    """Over a midnight in steps of 20 seconds, and back, and over it again."""
    def walk(chance: random.Random, local: ZoneInfo) -> Iterator[datetime]:
        midnight = datetime(year, month, day, tzinfo=ZoneInfo(zone) if zone else local)
        yield START
        for seconds in (-40, -20, -1, 0, 1, -30, 20, 40, 60):
            yield midnight.astimezone(UTC) + seconds * SECOND

    return walk


def _anyhow(chance: random.Random, zone: ZoneInfo) -> Iterator[datetime]:
    """Steps of any size in either direction."""
    now = START
    for _ in range(TURNS):
        now += chance.choice((1, 1, 1, -1)) * chance.choice(
            (0 * DAY, SECOND, HOUR, DAY, 3 * DAY, 20 * DAY, 60 * DAY, YEARS / 10))
        yield now


def _restarted(chance: random.Random, zone: ZoneInfo) -> Iterator[datetime]:
    """A machine without a battery begins each day in 1970, until somebody sets its clock."""
    for turn in range(TURNS):
        yield START + turn * DAY if turn % 3 else datetime(1970, 1, 1, tzinfo=UTC)


WALKS: dict[str, Walk] = {
    "a second on": _steps(SECOND), "a second back": _steps(-SECOND),
    "to and fro": _steps(SECOND, -SECOND), "an hour to and fro": _steps(HOUR, -HOUR),
    "days to and fro": _steps(4 * DAY, -3 * DAY, 35 * DAY, -DAY),
    "ten years ahead, once": _steps(HOUR, HOUR, YEARS, -YEARS, HOUR, DAY, 4 * DAY),
    "ten years back, for good": _steps(
        HOUR, 40 * DAY, -YEARS, HOUR, HOUR, HOUR, DAY, DAY, DAY, DAY),
    "frozen": _steps(0 * SECOND), "1970 after each restart": _restarted,
    "the end of 32 bits": _steps(20 * SECOND, start=datetime(2038, 1, 19, 3, 13, tzinfo=UTC)),
    "the end of the year here": _over(2027, 1, 1),
    "the end of the year in UTC": _over(2027, 1, 1, "UTC"), "29 February": _over(2028, 2, 29),
    "summer time in New York": _over(2026, 3, 8, "America/New_York"),
    "the end of a lot": _over(2026, 5, 3), "anyhow": _anyhow,
}


@attrs.define
class Shop:
    """A book whose programs look at a clock that somebody sets."""

    path: Path
    zone: str
    now: int = micros(START)
    turn: int = 0
    odd: list[str] = attrs.field(factory=list)
    said: Counter[str] = attrs.field(factory=Counter)
    held: list[str] = attrs.field(factory=list)
    states: dict[str, str] = attrs.field(factory=dict)
    random: Callable[[int], bytes] = attrs.field(factory=seeded)
    book: lp.Community = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        lp.create(self.path, name="幸福社区", admin=ADMIN, zone=self.zone, clock=self.clock,
                  random=self.random)
        self.open()
        with self.book.batch():
            self.book.rulebooks.adopt(RULES)
            self.book.residents.appoint(OFFICER, role="grid-officer")
            for who in HOLDERS:
                self.book.residents.enrol(who, household=f"home-{who}")
                self.book.books.opening(who, 12)
            self.book.shop.stock("soap", price=1)
            self.book.shop.receive("soap", 500)

    def clock(self) -> int:
        """What the machine shows."""
        return self.now

    def open(self) -> None:
        """A program starts."""
        self.book = lp.open(self.path, by=ADMIN, clock=self.clock, random=self.random)

    def play(self, moment: datetime) -> None:
        """The clock shows a moment; the program starts anew or not; everybody does something."""
        self.now = micros(moment)
        if self.turn % 3 == 0:
            self.book.close()
            self.open()
        who, key = HOLDERS[self.turn % 3], f"key-{self.turn}"
        deed = self.say(lambda: self.book.deeds.report(
            "help", resident=who, quantity=2, key=f"{key}-deed"))
        if deed:
            self.say(lambda: self.book.deeds.confirm(deed.id, by=OFFICER, key=f"{key}-yes"))
        for again in (key, "key-0"):
            self.say(lambda again=again: self.book.shop.redeem({"soap": 1}, holder=HOLDERS[
                int(again[4:]) % 3], key=again))
        if reserved := self.say(lambda: self.book.shop.hold({"soap": 1}, holder=who)):
            self.held.append(reserved.id)
        if self.turn % 2 and self.held:
            id_ = self.held.pop(0)
            self.say(lambda: self.book.shop.collect(id_))
        if self.turn % 4 == 3:
            self.say(lambda: self.book.books.sweep())
        self.look()
        self.turn += 1

    def say(self, verb: Callable[[], Any]) -> Any:  # Any: the answers of many verbs
        """A verb: what it answered, or None where it was refused."""
        try:
            answer = verb()
        except lp.Refused as no:
            self.said["refused"] += 1
            assert no.code not in ("ledger_readonly", "not_permitted")
            return None
        self.said["done"] += 1
        return answer

    def look(self) -> None:
        """Nothing that was let go of is held again, and every passbook can be shown."""
        for row in self.book._book.store.scan(RedemptionRow):
            before = self.states.get(row.id, "held")
            if before not in ("held", row.state):
                self.odd.append(f"{row.id} was {before} and is {row.state}")
            self.states[row.id] = row.state
        assert all(self.book.passbooks[who].available >= 0 for who in HOLDERS)

    def broken(self) -> set[str]:
        """What does not hold at the end."""
        ended = Counter(posting["lot"] for body in self.entries() if body["kind"] == "expire"
                        for posting in body["postings"])
        back = Counter(posting["lot"] for body in self.entries() if body["kind"] in BACK
                       for posting in body.get("postings", ()) if "lot" in posting)
        self.odd += [f"lot {lot} ends {times} times" for lot, times in ended.items()
                     if times > 1 + back[lot]]
        self.book.close()
        found = oracle.details(self.path)
        self.odd += [f"{name}: {what}" for name, said in found.items() for what in said]
        return set(found)

    def entries(self) -> list[dict[str, Any]]:  # Any: JSON
        """What the journal says."""
        return [json.loads(row.body) for row in self.book._book.store.scan(EntryRow)]


def played(folder: Path, name: str, zone: str, seed: int = 0) -> Shop:
    """A shop under a clock that walks."""
    shop = Shop(folder / f"{name}-{seed}.db", zone)
    for moment in WALKS[name](random.Random(seed), ZoneInfo(zone)):
        shop.play(moment)
    return shop


@pytest.mark.parametrize("name", WALKS)
def test_a_wrong_clock_spoils_nothing(
    name: str, memory_path: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """The invariants hold, a lot ends once, what lapsed stays lapsed, and every key has one answer,
    while the clock goes where it will and programs start anew."""
    place = list(WALKS).index(name)
    for seed in range(count(pr=3 if name == "anyhow" else 1, nightly=300, release=300)):
        shop = played(memory_path, name, ZONES[(place + seed) % len(ZONES)], seed)
        shop.book.books.verify()

        assert (set(), []) == (shop.broken(), shop.odd), f"seed {seed}"
        assert shop.said["done"] > 5 * TURNS
        tried("R12", walks=1, verbs=shop.said.total())


WRITER = """
import sys, lovepoints as lp
path, who = sys.argv[1:]
if who == "first":
    lp.create(path, name="幸福社区", admin="staff:zhao", zone="Asia/Shanghai")
with lp.open(path, by="staff:zhao") as community:
    community.residents.enrol(who)
    print(community.describe()["newest_entry"])
"""


def test_machines_that_show_another_day_keep_the_order(
    memory_path: Path, tool: Callable[[str], str], tried: Callable[..., None],
) -> None:
    """The day is that of the community and not of the machine; a machine a year behind writes
    after the newest entry, and the doctor says that its clock is wrong."""
    book, faketime = str(memory_path / "book.db"), tool("faketime")

    def at(moment: str, zone: str, *command: str) -> tuple[int, str]:
        ran = subprocess.run((faketime, moment, sys.executable, *command), text=True,
                             capture_output=True, timeout=60, env={**os.environ, "TZ": zone})
        assert not ran.stderr, ran.stderr
        return ran.returncode, ran.stdout.strip()

    first = at("2026-12-31 16:30:00 UTC", "America/New_York", "-c", WRITER, book, "first")
    behind = at("2025-12-31 16:30:00 UTC", "UTC", "-c", WRITER, book, "behind")
    doctors = [at(f"{year}-12-31 17:00:00 UTC", "UTC", "-m", "lovepoints", "doctor", book,
                  "--lang", "en") for year in (2025, 2026)]
    verified = at("2025-12-31 16:30:00 UTC", "UTC", "-m", "lovepoints", "verify", book)

    assert [(0, "2027-01-01 00:30+08:00")] * 2 == [first, behind]
    assert [True, False] == ["set the clock" in " ".join(said.split()) for _, said in doctors]
    assert (1, 0) == (doctors[0][0], verified[0])
    assert not oracle.details(Path(book))
    tried("R12", machines_with_wrong_clocks=2)


LOCAL, CLOCK = "lovepoints.core.values:", "lovepoints.desks.command:_begin"
MUTANTS = {
    "the wall clock says when something was recorded": ("a second back", {"I6"}, (
        Edit(CLOCK, "max(book.clock(), recorded_at + 1)", "book.clock()"),)),
    "days are those of UTC": ("the end of a lot", {"I14"}, (
        Edit(LOCAL + "_day_of", "tz=_zone(zone)", "tz=_zone('UTC')"),
        Edit(LOCAL + "_instant", "tzinfo=_zone(zone)", "tzinfo=_zone('UTC')"))),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_this_row_has_teeth(
    mutant: str, memory_path: Path, monkeypatch: pytest.MonkeyPatch, tried: Callable[..., None],
) -> None:
    """A library that trusts the clock, or counts days elsewhere, is seen."""
    name, breaks, edits = MUTANTS[mutant]
    for edit in edits:
        edit.plant(monkeypatch)

    shop = played(memory_path, name, "Asia/Shanghai")

    assert breaks == shop.broken(), shop.odd
    tried("R12", mutants_found=1)
