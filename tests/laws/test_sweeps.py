"""When and how often somebody sweeps changes nothing that anybody can see."""  # bug 15

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lovepoints.community import Community
from lovepoints.errors import LovepointsError
from lovepoints.testing import FakeClock, community
from tests.laws import ledger
from tests.laws.machine_rules import RULES, later

HOMES = ("home-li", "home-wang", "home-zhou")
PEOPLE = ("li", "wang", "zhou")
Move = tuple[str, int, int, int]
"""What is done, by or to whom, how much, and how many hours later the next move comes."""

moves = st.lists(st.tuples(
    st.sampled_from(("help", "hazard", "litter", "noise", "adjust", "transfer", "reopen", "reject",
                     "confirm", "hold", "redeem", "release", "return", "wait", "pay", "reverse")),
    st.integers(0, 2), st.integers(1, 12), st.sampled_from((0, 1, 30, 24 * 9, 24 * 45)),
), min_size=3, max_size=16)


class Story:
    """One book, swept after every step or never."""

    def __init__(self, *, sweeps: bool, rules: str = RULES) -> None:
        self.clock = FakeClock("2026-03-01 08:00")
        self.sweeps = sweeps
        self.book = community(clock=self.clock)
        self.book.rulebooks.adopt(rules)
        self.book.rulebooks.adopt(later(rules, "2026-05-01"))
        for code, home in zip(PEOPLE, HOMES, strict=True):
            self.book.residents.enrol(code, household=home)
        for code in ("staff:wu", "staff:sun"):
            self.book.residents.appoint(code, role="committee")
        self.book.shop.stock("rice", price=4)
        self.book.shop.receive("rice", 500)
        self.deeds: list[str] = []
        self.holds: list[str] = []
        self.entries: list[int] = []

    def step(self, move: Move) -> None:
        """Do one thing, refused or not, and let time pass; then sweep, if this book is swept."""
        what, who, much, hours = move
        with suppress(LovepointsError):
            self._do(what, who, much)
        for _ in range(3):  # an interval is swept in its middle too
            self.clock.set(self.clock.now + timedelta(hours=hours, seconds=7) / 3)
            if self.sweeps:
                self.book.books.sweep()

    def _do(self, what: str, who: int, much: int) -> None:
        book, code = self.book, PEOPLE[who]
        other = PEOPLE[(who + 1) % 3]
        old = self.deeds[-1 - much % len(self.deeds)] if self.deeds else "none"
        hold = self.holds[-1 - much % len(self.holds)] if self.holds else "none"
        acts: dict[str, Callable[[], Any]] = {
            "adjust": lambda: book.books.adjust(code, much * 2 - 13, reason="更正"),
            "transfer": lambda: book.books.transfer(code, other, much),
            "reopen": lambda: book.deeds.reopen(old, reason="再看"),
            "reject": lambda: book.deeds.reject(old, reason="不实", by="staff:sun"),
            "confirm": lambda: book.deeds.confirm(old, grade="major", by="staff:sun"),
            "hold": lambda: book.shop.hold({"rice": 1 + much % 3}, holder=code, by="staff:wu"),
            "redeem": lambda: book.shop.redeem({"rice": 1 + much % 3}, holder=code, by="staff:wu"),
            "release": lambda: book.shop.release(hold, by="staff:wu"),
            "return": lambda: book.shop.return_(hold, by="staff:wu"),
            "pay": book.deeds.pay_waiting,
            "reverse": lambda: book.books.reverse([999, *self.entries][-1], reason="误"),
            "wait": lambda: None,
            "leave": lambda: book.residents.leave(HOMES[who]),
        }
        if what not in acts:
            deed = book.deeds.report(what, resident=code, quantity=much, place=code)
            self.deeds.append(deed.id)
            book.deeds.confirm(deed.id, grade="major" if what == "hazard" else None,
                               by="staff:wu")
            return
        answer = acts[what]()
        if what in ("hold", "redeem"):
            self.holds.append(answer.id)
        if what in ("adjust", "transfer"):
            self.entries.append(answer.seq)

    def seen(self) -> Any:
        """All that can be seen, without places in the journal."""
        return [_page(self.book, code) for code in HOMES], self.book.books.outstanding(), \
            self.book.shop.item("rice")


def _page(book: Community, code: str) -> Any:
    page = book.passbooks[code]
    lots = [attrs.evolve(share, seq=0) for share in page.lots["point"]]
    lines = [(line.kind, line.points, line.balance) for line in page.lines]
    return page.kinds, sorted(lots, key=str), page.sanctions, page.next_expiry, lines


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moves)
def test_a_swept_book_and_one_never_swept_show_the_same(told: list[Move]) -> None:
    """After every step of any story: passbooks with their lines, sums, the shelf."""
    swept, never = Story(sweeps=True), Story(sweeps=False)

    for move in told:
        swept.step(move)
        never.step(move)
        assert swept.seen() == never.seen()

    for story in (swept, never):
        ledger.check(story.book._book.store)
        assert story.book.books.check().is_sound
