"""Rehearsal laws: the book under its own rulebook is the book; under another it is the book that
would have been, and nothing is written.

`test_machine.py` asks of each of its stories, too, that it is reproduced.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lovepoints.community import Community
from lovepoints.core.rehearsing import rehearse
from lovepoints.core.rulefiles.rulefile import parse
from lovepoints.errors import Refused
from lovepoints.stores.memory import MemoryStore
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import founded
from tests.laws.machine_rules import RULES, later
from tests.laws.rehearsals import EVER, reproduces, stands, total

WHO = ("li-wife", "wang", "zhou")
CODES = ("help", "hazard", "staged", "big", "litter", "noise", "shared")
who = st.sampled_from(WHO)
at = st.integers(0, 9)
step = st.one_of(
    st.tuples(st.just("work"), st.sampled_from(CODES), who, st.integers(1, 9), st.integers(0, 9)),
    st.tuples(st.just("confirm"), at, st.sampled_from(("minor", "major")), st.sampled_from((3, 8))),
    st.tuples(st.sampled_from(("reopen", "reject", "withdraw", "repair")), at),
    st.tuples(st.just("pay_waiting")), st.tuples(st.just("sweep")),
    st.tuples(st.just("opening"), who), st.tuples(st.just("adopt")),
    st.tuples(st.just("redeem"), who), st.tuples(st.just("days"), st.integers(1, 60)),
)
Story = list[tuple[Any, ...]]
REPAIRED: Story = [("opening", "wang"), ("work", "litter", "wang", 1, 0), ("days", 4), ("sweep",),
                   ("repair", 0), ("work", "litter", "zhou", 1, 0), ("repair", 1)]
WAITED: Story = [*[("work", "hazard", one, 1, place) for place, one in enumerate(WHO)],
                 ("days", 31), ("pay_waiting",), ("days", 31), ("pay_waiting",)]
AGAIN: Story = [("work", "staged", "wang", 1, 0), ("confirm", 0, "major", 3), ("reopen", 0),
                ("confirm", 0, "major", 8), ("work", "help", "wang", 9, 0), ("reopen", 1),
                ("adopt",), ("confirm", 1, "minor", 3), ("work", "help", "wang", 9, 0),
                ("reject", 0)]

REJECTED: Story = [("work", "help", "wang", 4, 0), ("reopen", 0), ("reject", 0)]
FULL: Story = [("opening", "wang"), ("work", "big", "wang", 1, 0), ("confirm", 0, "minor", 3),
               ("work", "big", "wang", 1, 0), ("confirm", 1, "minor", 3),
               ("work", "help", "wang", 6, 0), ("reopen", 2), ("confirm", 2, "major", 3)]
ADOPTED: Story = [("work", "help", "wang", 1, 0), ("adopt",), ("work", "help", "zhou", 2, 0)]


class Told:
    """A book in which a story is told."""

    def __init__(self, rules: str) -> None:
        self.store, self.clock = MemoryStore(), FakeClock("2026-03-01 08:00")
        self.book: Community = founded(rules, clock=self.clock, store=self.store)
        self.rules, self.deeds = rules, list[str]()
        self.book.shop.stock("rice", price=3)
        self.book.shop.receive("rice", 50)

    def tell(self, story: Story) -> Story:
        """Say its verbs one by one; those that were not refused."""
        verbs = [one for verb, *said in story for one in (
            (("report", *said), ("confirm", -1, "major", 3)) if verb == "work"
            else ((verb, *said),))]
        return [one for one in verbs if self.say(*one)]

    def say(self, verb: str, *said: Any) -> bool:
        """Say one verb; whether it was not refused."""
        self.clock.set(self.clock.now + timedelta(seconds=5))
        try:
            if verb in ("confirm", "reopen", "reject", "withdraw", "repair"):
                return self._decide(verb, *said)
            self._say(verb, said)
        except Refused:
            if verb == "report":
                self.deeds.append("")  # so that the next one is called the same in every book
            return False
        return True

    def _say(self, verb: str, said: tuple[Any, ...]) -> None:
        book, today = self.book, self.clock.now.date()
        match verb:
            case "report":
                code, doer, hours, ago = said
                self.deeds.append(book.deeds.report(
                    code, resident=doer, quantity=hours, place=f"{ago}栋",
                    on=today - timedelta(days=ago),
                    joint=["sun"] if code == "shared" else []).id)
            case "days":
                self.clock.set(self.clock.now + timedelta(days=said[0]))
            case "pay_waiting":
                book.deeds.pay_waiting(by="staff:zheng")
            case "sweep":
                book.books.sweep()
            case "opening":
                book.books.opening(said[0], 20)
            case "redeem":
                book.shop.redeem({"rice": 1}, holder=said[0], by="staff:zheng")
            case "adopt":
                book.rulebooks.adopt(later(self.rules, today.isoformat()))

    def _decide(self, verb: str, which: int, grade: str = "", points: int = 0) -> bool:
        deed = self.deeds[which % len(self.deeds)] if self.deeds else ""
        if not deed:
            return False
        deeds = self.book.deeds
        said: dict[str, Any] = {"reject": {"reason": "不实"}, "reopen": {"reason": "看"}}.get(
            verb, {})
        if verb == "confirm":
            rule = deeds[deed].rule
            solved = rule == "staged" and len(deeds.history(deed)) > 2
            said = {"grade": grade if rule == "hazard" else None, "reason": "看过",
                    "points": points if solved else None}
        if verb in ("confirm", "reject", "repair"):
            said["by"] = "staff:wu" if grade == "major" else "staff:zheng"
        getattr(deeds, verb)(deed, **said)
        return True


@given(story=st.lists(step, max_size=14))
@example(REPAIRED)
@example(WAITED)
@example(AGAIN)
@example(REJECTED)
@example(FULL)
@example(ADOPTED)
@settings(max_examples=40, deadline=None)
def test_the_book_under_its_own_rulebook_is_the_book(story: Story) -> None:
    """Every decision comes out as it was written, and together they are what stands in it."""
    told = Told(RULES)

    told.tell(story)

    reproduces(told.store)


SIMPLE = RULES.partition("[validity]")[0].replace(
    'ceiling = { points = 60, overflow = "queue" }', "").replace(', sanction = "pause"', "")
"""Without what hangs on balances and on the calendar: these go on as they went."""
OTHER = SIMPLE
for old, new in (
    ("value = 2 }", "value = 3 }"), ("most = 12", "most = 9"), ("most = 15", "most = 8"),
    ("minor = 3, major = 9", "minor = 1, major = 5"), ("repair = 2", "repair = 1"),
    ('within = "30 days", later = 1', 'within = "3 days", later = 2'),
    ("points = 12", "points = 14"), ("weights = [60, 40]", "weights = [50, 50]"),
    ('late = "400 days"', 'late = "4 days"\nlate_then = "refuse"'),
):
    OTHER = OTHER.replace(old, new)


@given(story=st.lists(step.filter(lambda one: one[0] not in ("adopt", "pay_waiting")),
                      max_size=14))
@example(REPAIRED)
@example(AGAIN[:-4])
@settings(max_examples=40, deadline=None)
def test_the_book_under_another_rulebook_is_the_one_that_would_have_been(story: Story) -> None:
    """What the same verbs come to in a book that had this rulebook from its beginning."""
    told, other = Told(SIMPLE), Told(OTHER)
    said = told.tell(story)

    found = rehearse(told.store, parse(OTHER, name="other").rulebook, EVER)

    other.tell(said)
    assert stands(other.store) == total(found)
