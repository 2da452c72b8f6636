"""What limits have used is counted beside the book; it is always what the credits add up to."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.community import Community
from lovepoints.errors import Refused
from lovepoints.stores.memory import MemoryStore
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, founded

RULES = HEAD + HELP + """
[[limit]]
code = "budget"
title = "每年总额"
rules = ["help"]
per = "community"
each = "year"
most = 60
crossing = "queue"
[[limit]]
code = "month"
title = "每月封顶"
rules = ["help"]
per = "household"
each = "month"
most = 24
crossing = "part"
[[limit]]
code = "day"
title = "每天两次"
rules = ["help"]
per = "resident"
each = "day"
of = "times"
most = 2
"""
WHO = ("li", "li-wife", "wang", "zhou")
step = st.one_of(
    st.tuples(st.just("help"), st.sampled_from(WHO), st.integers(1, 9), st.integers(0, 3)),
    st.tuples(st.sampled_from(["reopen", "reject", "confirm"]), st.integers(0, 9)),
    st.tuples(st.just("torn"), st.sampled_from(WHO), st.integers(1, 9)),
    st.tuples(st.just("pay_waiting")),
    st.tuples(st.just("days"), st.integers(1, 40)),
)


class Forgetful(MemoryStore):
    """A store of which nothing that was known before is ever trusted: credits are added up."""

    _asked = 0

    @property
    def epoch(self) -> int:  # type: ignore[override]  # the reference has a plain attribute
        """Never the same number twice."""
        self._asked += 1
        return self._asked

    @epoch.setter
    def epoch(self, _: int) -> None:
        """What the reference counts is of no use here."""


class Torn(Exception):
    """Leaves a batch in the middle."""


def done(book: Community, clock: FakeClock, deeds: list[str], one: tuple[Any, ...]) -> object:
    """What a step gives."""
    match one:
        case "help", who, hours, ago:
            day = book.calendar.day_of(clock() - ago * 86_400_000_000)
            deeds.append(book.deeds.report("help", resident=who, quantity=hours, on=day).id)
            return book.deeds.confirm(deeds[-1], by="staff:wu").points
        case "torn", who, hours:
            try:
                with book.batch():
                    deed = book.deeds.report("help", resident=who, quantity=hours).id
                    book.deeds.confirm(deed, by="staff:wu")
                    raise Torn
            except Torn:
                return None
        case "pay_waiting",:
            return [award.points for award in book.deeds.pay_waiting(by="staff:zheng")]
        case "days", count:
            clock.move(days=count)
        case verb, place if deeds:
            deed = deeds[place % len(deeds)]
            how = {} if verb == "confirm" else {"reason": "核对"}
            by = "staff:zheng" if verb == "reopen" else "staff:wu"
            return getattr(book.deeds, verb)(deed, by=by, **how).points
    return None


@given(st.lists(step, max_size=25))
@settings(max_examples=60, deadline=None)
def test_counted_limits_give_what_added_up_ones_give(steps: list[tuple[Any, ...]]) -> None:
    """Through late deeds, reopened and torn ones, waiting points and the turn of months."""
    answers: list[list[object]] = []
    for store in (MemoryStore(), Forgetful()):
        clock, deeds, told = FakeClock("2026-03-07 10:00"), [], []
        book = founded(RULES, clock=clock, store=store)
        for one in steps:
            try:
                told.append(done(book, clock, deeds, one))
            except Refused as no:
                told.append(str(no.code))
        told.append([book.passbooks[who].balance for who in WHO])
        answers.append(told)

    assert answers[0] == answers[1]
