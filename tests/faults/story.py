"""Five weeks of a small community, told verb by verb, for mutants of the library to go wrong in.

Each mutant's bad moment comes somewhere: lots that end in another order than they came, a frozen
one, a reservation over the end of its lot, a full cap, a late slip, a repeated key. The story
itself watches what no file can show: refusals leave nothing behind (I9), keys said again give the
first answer (I8), and with other words a conflict (I7).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from lovepoints.community import Community, opened
from lovepoints.stores import sqlite
from lovepoints.testing import FakeClock, community, seeded
from tests.laws.twins import ERRORS, No

RULES = """
format = 1
title = "幸福社区积分管理办法"
effective = 2026-01-01
holder = "household"

[[kind]]
code = "point"
title = "积分"

[[rule]]
code = "help"
title = "助老"
clause = "第一条"
points = { per = "hour", value = 2, round = "half-hour-down" }
validity = { after = "1 month" }

[[rule]]
code = "hazard"
title = "隐患"
clause = "第二条"
points = { minor = 3, major = 9 }
grades = { minor = "轻微", major = "重大" }
notice_days = 2

[[rule]]
code = "litter"
title = "乱扔"
clause = "第三条"
points = 8
deduction = { notice_days = 0, appeal = "居委会", floor = "debt" }

[[limit]]
code = "help-month"
title = "助老每月封顶"
rules = ["help"]
per = "resident"
each = "month"
most = 20
kind = "point"

[transfer]
to = "anyone"

[redemption]
collect_within = "3 days"
"""
LATER = RULES.replace("2026-01-01", "2026-04-01").replace("value = 2", "value = 3").replace(
    "minor = 3", "minor = 4")
WU, ZHENG, MEI = "staff:wu", "staff:zheng", "staff:mei"
ANYTHING = (*ERRORS, LookupError, AttributeError, AssertionError)
"""What a broken library may end in."""
Verb = Callable[..., Any]  # Any: the answers of many verbs


class Story:
    """A book, what was said to it, and what of it went otherwise than promised."""

    def __init__(self, path: Path, *, checks: bool = True) -> None:
        self.path = path
        self.clock = FakeClock("2026-03-02 09:00")
        store = sqlite.create(path, durability="normal")
        self.book = community(clock=self.clock, store=store)
        beside = sqlite.open_(path, durability="normal")
        self.other = opened(beside, by="staff:zhao", clock=self.clock, random=seeded(2))
        """The same book, in another program."""
        if not checks:
            _unguard(store._connection.raw)
            _unguard(beside._connection.raw)
        self.reader = sqlite3.connect(path, cached_statements=200)
        self.seen: tuple[int, dict[str, list[Any]]] = 0, {}
        self.said: list[tuple[str, Verb, Any]] = []
        self.broken: set[str] = set()
        self.stops: list[str] = []
        """Errors that are no answers: a second guard of the library, or a crash."""

    def tell(self) -> None:
        """From the first entry to the last, and then everything once more."""
        try:
            for chapter in (_founding, _earning, _shopping, _correcting, _april, _ending,
                            _two_counters):
                chapter(self)
            self._again()
        finally:
            self.reader.close()
            self.other.close()
            self.book.close()

    def on(self, moment: str) -> None:
        """The clock is set; backwards, too."""
        self.clock.set(moment)

    def say(self, verb: Verb) -> Any:
        """Say a verb under a key of its own; a refusal leaves nothing behind but its key (I9)."""
        self.clock.move(seconds=5)
        key = f"key-{len(self.said)}"
        before = self._rows()
        answer = self._one(verb, key)
        if isinstance(answer, No) and answer.kind == "refused" and (
                {**before, "key_register": []} != {**self._rows(), "key_register": []}):
            self.broken.add("I9")
        self.said.append((key, verb, answer))
        return answer

    def _one(self, verb: Verb, key: str) -> Any:
        try:
            return verb(self.book, key)
        except ANYTHING as error:
            no = No.of(error)
            if no.kind not in ("refused", "conflict"):
                self.stops.append(f"{no.kind}: {no.code}"[:100])
                self.book._book.damage = ""
            return no

    def _again(self) -> None:
        """Every key again, with the same words and with others."""
        self.clock.move(days=1)
        before = self._rows()
        for key, verb, first in self.said:
            if isinstance(first, No) and (first.kind != "refused" or first.code == "not_permitted"):
                continue
            answer = self._one(verb, key)
            if isinstance(answer, No) and answer.kind not in ("refused", "conflict"):
                continue
            seqs = [getattr(one, "seq", None) for one in (first, answer)]
            is_other = first != answer if isinstance(first, No) else isinstance(answer, No)
            if is_other or seqs[0] != seqs[1] or before != self._rows():
                self.broken.add("I8")
                break
        for key, _, first in self.said[::5]:
            if not isinstance(first, No) or first.kind == "refused":
                answer = self._one(lambda book, key: book.books.opening("zhou", 77, key=key), key)
                if not isinstance(answer, No) or answer.kind == "refused" == first:
                    self.broken.add("I7")

    def _rows(self) -> dict[str, list[Any]]:
        """Everything in the file, by table."""
        (version,) = self.reader.execute("PRAGMA data_version").fetchone()
        if version != self.seen[0]:  # something was committed since
            tables = self.reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            self.seen = version, {name: self.reader.execute(f'SELECT * FROM "{name}"').fetchall()
                                  for (name,) in tables.fetchall()}
        return self.seen[1]

    # short words for what happens often

    def deed(self, rule: str, who: str, *, hours: object = 0, on: str = "", by: str = ZHENG,
             place: str = "", grade: str | None = None, confirmer: str = WU) -> str:
        """A deed and its confirmation; its id."""
        day = date.fromisoformat(on) if on else None
        said = {"quantity": hours} if hours else {}
        deed = self.say(lambda book, key: book.deeds.report(
            rule, resident=who, on=day, place=place, by=by, key=key, **said))
        id_ = "" if isinstance(deed, No) else deed.id
        if confirmer:
            self.confirm(id_, grade, confirmer)
        return id_

    def confirm(self, deed: str, grade: str | None = None, by: str = WU) -> Any:
        """A confirmation."""
        return self.say(lambda book, key: book.deeds.confirm(
            deed, grade=grade, reason="看过", by=by, key=key))

    def fetch(self, who: str, basket: dict[str, int], *, at: str = "", hold: bool = False) -> str:
        """A basket, at once or reserved; the redemption's id."""
        day = date.fromisoformat(at) if at else None
        answer = self.say(lambda book, key: (book.shop.hold if hold else book.shop.redeem)(
            basket, holder=who, at=day, key=key))
        return "" if isinstance(answer, No) else answer.id

    def let_go(self, how: str, redemption: str, **said: Any) -> None:
        """Collect, release or return."""
        self.say(lambda book, key: getattr(book.shop, how)(redemption, key=key, **said))

    def adjust(self, who: str, points: int) -> int:
        """A correction; the place of its entry."""
        answer = self.say(lambda book, key: book.books.adjust(who, points, reason="更正", key=key))
        return 0 if isinstance(answer, No) else answer.seq

    def reverse(self, seq: int) -> int:
        """An entry taken back."""
        answer = self.say(lambda book, key: book.books.reverse(seq, reason="记错", key=key))
        return 0 if isinstance(answer, No) else answer.seq

    def checkpoint(self) -> None:
        """A root that the book remembers."""
        self._one(lambda book, key: book.books.checkpoint(), "")


def _unguard(engine: sqlite3.Connection) -> None:
    """Take away the engine's own guards, for mutants that go behind them."""
    engine.execute("PRAGMA ignore_check_constraints = 1")
    for kind, name in engine.execute(
            "SELECT type, name FROM sqlite_master WHERE type = 'trigger' OR "
            "(type = 'index' AND sql LIKE 'CREATE UNIQUE%')").fetchall():
        engine.execute(f'DROP {kind} "{name}"')


def _founding(story: Story) -> None:
    story.say(lambda book, key: book.rulebooks.adopt(RULES, key=key))
    for who, home in (("li", "home-li"), ("mei", "home-li"), ("wang", "home-wang"), ("zhou", ""),
                      ("chen", ""), ("sun", "")):
        story.say(lambda book, key, who=who, home=home: book.residents.enrol(
            who, household=home, key=key))
    for code, role, resident in ((WU, "grid-officer", ""), (ZHENG, "committee", ""),
                                 (MEI, "grid-officer", "mei")):
        more = {"resident": resident} if resident else {}
        story.say(lambda book, key, code=code, role=role, more=more: book.residents.appoint(
            code, role=role, key=key, **more))
    for item, price, until in (("rice", 5, "2026-06-30"), ("soap", 2, "2027-01-31")):
        story.say(lambda book, key, item=item, price=price: book.shop.stock(
            item, price=price, key=key))
        story.say(lambda book, key, item=item, until=until: book.shop.receive(
            item, 30, best_before=date.fromisoformat(until), key=key))
    story.say(lambda book, key: book.shop.receive(
        "rice", 4, best_before=date(2026, 5, 31), key=key))
    for who, points in (("li", 20), ("wang", 10)):
        story.say(lambda book, key, who=who, points=points: book.books.opening(
            who, points, key=key))


def _earning(story: Story) -> None:
    """Confirmed by others, up to the cap, in a batch too; and by those who may not."""
    story.on("2026-03-05 10:00")
    story.deed("help", "wang", hours="3.75")
    story.deed("help", "mei", hours=5)
    story.deed("help", "sun", hours=2)
    story.deed("help", "li", hours=2, confirmer=MEI)
    story.deed("help", "mei", hours=1, confirmer=MEI)
    story.deed("help", "zhou", hours=1, by=WU, confirmer=WU)
    story.on("2026-03-10 10:00")
    story.deed("help", "wang", hours=4)
    story.deed("help", "sun", hours=2)
    twice = story.deed("help", "mei", hours=7)
    story.confirm(twice)
    two = [story.deed("help", "zhou", hours=6, confirmer="") for _ in range(2)]

    def both(book: Community, key: str) -> Any:
        with book.batch():
            book.deeds.confirm(two[0], by=WU, key=f"{key}-first")
            return book.deeds.confirm(two[1], by=WU, key=key)

    story.say(both)
    story.deed("hazard", "zhou", place="桥头", grade="major")
    story.on("2026-03-09 23:00")  # somebody set the clock back


def _shopping(story: Story) -> None:
    """From the lots that end first, at once and reserved; never more than there is."""
    story.fetch("li", {"rice": 1, "soap": 1})
    story.on("2026-03-16 10:00")
    story.fetch("li", {"rice": 90})
    story.fetch("chen", {"soap": 1})
    held = story.fetch("li", {"rice": 2}, hold=True)
    story.let_go("collect", held, part={"rice": 3})
    story.let_go("collect", held, part={"rice": 1})
    story.let_go("collect", held)
    let_go = story.fetch("wang", {"soap": 1}, hold=True)
    story.let_go("release", let_go)
    story.let_go("collect", let_go)
    too_late = story.fetch("wang", {"soap": 2}, hold=True)
    fetched = story.fetch("zhou", {"rice": 1, "soap": 2})
    story.let_go("return_", fetched, part={"soap": 1})
    story.on("2026-03-21 10:00")  # what wang reserved has lapsed
    story.let_go("collect", too_late)
    story.say(lambda book, key: book.books.transfer("wang", "chen", 9, key=key))
    story.checkpoint()


def _correcting(story: Story) -> None:
    """Deeds decided again, entries taken back, once; what is spent already is owed."""
    frozen = story.deed("help", "li", hours=1)
    story.say(lambda book, key: book.deeds.reopen(frozen, reason="看", key=key))
    story.fetch("li", {"rice": 3, "soap": 6})
    story.confirm(frozen)
    hazard = story.deed("hazard", "chen", place="3栋", grade="major")
    story.fetch("chen", {"rice": 2, "soap": 3})
    story.on("2026-03-25 10:00")
    story.fetch("chen", {"rice": 2, "soap": 3})
    story.say(lambda book, key: book.deeds.reopen(hazard, reason="看", key=key))
    story.confirm(hazard, "minor")
    up, down = story.adjust("wang", 5), story.adjust("li", -3)
    story.fetch("wang", {"rice": 2})
    for seq in (up, down):
        back = story.reverse(seq)
        story.reverse(seq)
        story.reverse(back)
    story.deed("litter", "zhou")
    story.deed("litter", "chen")


def _april(story: Story) -> None:
    """A later rulebook and price, a new month, late slips, ends."""
    story.say(lambda book, key: book.rulebooks.adopt(LATER, key=key))
    story.on("2026-04-03 03:00")
    story.deed("help", "wang", hours=2, on="2026-03-28")
    story.deed("help", "chen", hours=4, on="2026-04-02")
    story.deed("help", "chen", hours=4, on="2026-04-01")
    held = story.fetch("zhou", {"soap": 1}, hold=True)
    story.on("2026-04-04 10:00")
    story.say(lambda book, key: book.shop.price("rice", 7, key=key))
    story.on("2026-04-05 10:00")
    story.fetch("wang", {"rice": 1}, at="2026-04-03")
    story.let_go("collect", held)
    over_end = story.fetch("sun", {"soap": 1}, hold=True)
    story.on("2026-04-06 10:00")
    story.fetch("li", {"soap": 1})
    story.let_go("collect", over_end)
    story.fetch("chen", {"rice": 1})


def _ending(story: Story) -> None:
    """Lots end: before somebody asks for too much, before somebody spends, and by a sweep."""
    story.on("2026-04-09 10:00")
    story.fetch("mei", {"soap": 11, "rice": 90})
    story.on("2026-04-10 22:00")
    story.fetch("sun", {"soap": 1})
    for day in ("2026-04-09", "2026-04-10"):
        story.deed("help", "sun", hours=1, on=day)
    story.say(lambda book, key: book.books.sweep(key=key))
    story.on("2026-05-12 10:00")
    for _ in range(2):  # each time after another number of entries
        story.fetch("sun", {"rice": 90})
        story.adjust("wang", 1)
    story.fetch("chen", {"soap": 1})
    story.say(lambda book, key: book.books.sweep(key=key))



def _two_counters(story: Story) -> None:
    """Two programs spend from one passbook, each of which has read what was there."""
    story.adjust("sun", 10)
    story.fetch("sun", {"soap": 1})
    debt = story.adjust("chen", -30)
    story.adjust("chen", 10)  # pays a part of it
    story.reverse(debt)
    story.say(lambda _, key: story.other.shop.redeem({"soap": 4}, holder="sun", key=key))
    story.fetch("sun", {"soap": 1})
