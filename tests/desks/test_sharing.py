"""Joint doers, caps and queues: what several deeds or people share."""

from __future__ import annotations

from lovepoints.core.store import Store
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import (
    HEAD,
    HELP,
    QUEUE,
    balance,
    deducting,
    founded,
    paid,
)


def test_joint_doers_share_exactly(clock: FakeClock) -> None:
    """Weights split the points so that the parts make the whole."""  # bug 29
    book = founded(HEAD + """
[[rule]]
code = "both"
title = "合办"
points = 7
weights = [60, 20, 20]
""", clock=clock)
    deed = book.deeds.report("both", resident="wang", joint=["zhou", "li"])

    decision = book.deeds.confirm(deed.id, by="staff:wu")

    assert 7 == sum(award.points for award in decision.awards)
    assert ["wang", "zhou", "li"] == [award.resident for award in decision.awards]


def test_joint_doers_of_one_household_share_its_cap(clock: FakeClock) -> None:
    """A cap of the household is one cap for both, also within one deed."""  # bug 37
    book = founded(HEAD + HELP + """
[[limit]]
code = "cap"
title = "每户每月封顶"
rules = ["help"]
per = "household"
each = "month"
most = 10
""", clock=clock)
    deed = book.deeds.report("help", resident="li-wife", joint=["li"], quantity=4)

    decision = book.deeds.confirm(deed.id, by="staff:wu")

    assert [8, 2] == [award.points for award in decision.awards]
    assert 10 == balance(book, "li")


def test_what_waits_is_paid_when_there_is_room(clock: FakeClock, store: Store) -> None:
    """First come, first paid; what does not fit yet keeps its place."""
    book = founded(QUEUE, clock=clock, store=store)
    waits = [paid(book, who, hours=6).award.waiting for who in ("wang", "zhou", "li")]
    clock.set("2026-04-01 09:00")
    april = book.deeds.pay_waiting()
    clock.set("2026-05-01 09:00")
    may = book.deeds.pay_waiting()
    clock.set("2026-06-01 09:00")

    assert [{"point": 2}, {"point": 12}, {"point": 12}] == waits
    assert [("wang", 2), ("zhou", 8)] == [(one.resident, one.points) for one in april]
    assert [("zhou", 4), ("li", 6)] == [(one.resident, one.points) for one in may]
    assert [("li", 6)] == [(one.resident, one.points) for one in book.deeds.pay_waiting()]
    assert () == book.deeds.pay_waiting()
    assert [12, 12, 12] == [balance(book, who) for who in ("wang", "zhou", "li")]
    book.books.verify()


def test_taking_back_one_deed_leaves_what_others_were_paid_late(clock: FakeClock) -> None:
    """A late payment belongs to its deed alone, and goes with it."""
    book = founded(QUEUE, clock=clock)
    first, second = paid(book, "wang", hours=6), paid(book, "zhou", hours=2)
    clock.set("2026-04-01 09:00")
    book.deeds.pay_waiting()

    book.deeds.reopen(first.deed.id, reason="误")
    book.deeds.reject(first.deed.id, reason="误", by="staff:zheng")

    assert (0, 4) == (balance(book, "wang"), balance(book, "zhou"))
    assert "confirmed" == book.deeds[second.deed.id].status


def test_a_deed_decided_again_gives_back_what_was_paid_late(clock: FakeClock) -> None:
    """Reopened and confirmed again: no more than the deed is worth."""
    book = founded(QUEUE, clock=clock)
    first = paid(book, "wang", hours=6)
    clock.set("2026-04-01 09:00")
    book.deeds.pay_waiting()

    book.deeds.reopen(first.deed.id, reason="再看")
    again = book.deeds.confirm(first.deed.id, by="staff:zheng")

    assert (10, {"point": 2}) == (again.award.points, again.award.waiting)
    assert 10 == balance(book)
    book.deeds.pay_waiting()
    assert 12 == balance(book)


def test_what_waits_for_a_deed_that_was_rejected_is_never_paid(clock: FakeClock) -> None:
    """Taking the decision back takes back its place in the queue."""
    book = founded(QUEUE, clock=clock)
    first = paid(book, "wang", hours=6)
    book.deeds.reopen(first.deed.id, reason="误")
    book.deeds.reject(first.deed.id, reason="误", by="staff:zheng")
    clock.set("2026-04-01 09:00")

    assert () == book.deeds.pay_waiting()
    assert 0 == balance(book)


def test_history_and_reasons_take_in_what_came_due_later(clock: FakeClock) -> None:
    """A deduction after its notice and a late payment decide nothing; what was paid late has its
    reasons too."""
    book = founded(deducting(notice=2) + QUEUE.removeprefix(HEAD + HELP), clock=clock)
    waiting = paid(book, hours=6)
    taken = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(taken.id, by="staff:wu")
    clock.set("2026-04-01 09:00")
    book.deeds.pay_waiting()

    assert [1, 1] == [len(book.deeds.history(deed)) for deed in (waiting.deed.id, taken.id)]
    reasons = book.deeds.explain(waiting.deed.id, "zh")
    assert len(reasons) > len(waiting.award.explained("zh"))
    assert book.deeds.explain(taken.id, "zh")
    book.deeds.reopen(waiting.deed.id, reason="误")
    book.deeds.reject(waiting.deed.id, reason="误", by="staff:zheng")
    assert () == book.deeds.explain(waiting.deed.id, "zh")


def test_what_is_paid_late_pays_a_debt_first(clock: FakeClock) -> None:
    """Like every other credit, at once and in the same transaction."""
    book = founded(QUEUE, clock=clock)
    paid(book, "wang", hours=6)
    book.books.adjust("wang", -11, reason="多记")
    clock.set("2026-04-01 09:00")

    book.deeds.pay_waiting()

    assert {"settle"} <= {entry.kind for entry in book.books.entries()}
    assert (1, 0) == (balance(book), book.passbooks["wang"].owed)
