"""Laws of tasks: whatever anybody tries in whatever order."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.community import Community
from lovepoints.core.work.tasks import CLOSED_OTHERWISE, OPEN, TaskState
from lovepoints.errors import Refused
from lovepoints.testing import FakeClock, community

RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
holder = "resident"

[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 2 }
"""
WHO = ("asker", "wife", "doer", "other", "staff:in", "staff:out", "staff:all")
MOVES: dict[str, dict[str, Any]] = {
    "dispatch": {"to": "doer"}, "accept": {}, "decline": {}, "hand_back": {}, "check_in": {},
    "check_out": {}, "escalate": {}, "settle": {},
    "finish": {"reply": "好", "evidence": "photo", "quantity": "1"},
    "send_back": {"reason": "没好"}, "reject": {"reason": "不办"},
    "duplicate": {}, "withdraw": {}, "refer": {"to": "电力", "reason": "归他们"},
    "rate": {"satisfied": True}, "reopen": {"reason": "又坏了"},
}
KINDS = st.fixed_dictionaries({
    "is_open": st.booleans(), "second": st.booleans(), "proof": st.booleans(),
    "places": st.integers(1, 2), "nature": st.sampled_from(["matter", "wish"]),
    "rule": st.sampled_from(["", "service"])})
Steps = tuple[tuple[str, str], ...]
WAYS: tuple[Steps, ...] = (
    (("dispatch", "staff:in"), ("accept", "doer"), ("finish", "doer"), ("settle", "asker"),
     ("confirm", "staff:all")),
    (("reopen", "asker"), ("finish", "doer"), ("settle", "wife"), ("confirm", "staff:in")),
    (("reopen", "staff:in"), ("reject", "staff:all")),
    (("dispatch", "staff:in"), ("accept", "doer"), ("accept", "other"), ("accept", "wife")),
)
"""What people usually do; between it, before and after, anybody may try anything."""
ONE = st.tuples(st.sampled_from([*MOVES, "confirm"]), st.sampled_from(WHO)).map(lambda one: (one,))
STEPS = st.lists(st.one_of(st.sampled_from(WAYS), ONE), min_size=2, max_size=15).map(
    lambda ways: [step for way in ways for step in way])


def _town(kind: dict[str, Any]) -> Community:
    book = community(clock=FakeClock("2026-03-07 09:00"))
    book.rulebooks.adopt(RULES)
    book.residents.area("street")
    book.residents.area("grid", parent="street")
    for officer, area in (("staff:in", "grid"), ("staff:out", "elsewhere"), ("staff:all", "")):
        if area == "elsewhere":
            book.residents.area(area)
        book.residents.appoint(officer, role="grid-officer", area=area)
    for code, home in (("asker", "a"), ("wife", "a"), ("doer", "d"), ("other", "o")):
        book.residents.enrol(code, household=home, area="grid")
    book.tasks.define("work", title="活儿", **kind)
    book.tasks.ask("work", resident="asker")  # what the other one may be a duplicate of
    return book


def _try(book: Community, task: str, move: str, who: str) -> bool:
    """Whether a move was accepted; a polite no is the only other answer."""
    try:
        if move == "confirm":
            for deed in book.tasks[task].deeds:
                book.deeds.confirm(deed, by=who)
        else:
            more = {"of": book.tasks.of("asker")[0].id} if move == "duplicate" else MOVES[move]
            getattr(book.tasks, move)(task, by=who, **more)
    except Refused:
        return False
    return True


@given(KINDS, STEPS)
@settings(max_examples=60, deadline=None)
def test_points_follow_what_a_task_has_come_to(
    kind: dict[str, Any], steps: list[tuple[str, str]],
) -> None:
    """An open task gives nobody anything to spend, one that ended otherwise nobody anything at
    all, and a resolved one what its confirmed deeds are worth; every balance is a sum of those."""
    book = _town(kind)
    task = book.tasks.ask("work", resident="asker").id

    for move, who in steps:
        _try(book, task, move, who)

    now = book.tasks[task]
    deeds = [book.deeds[deed] for deed in now.deeds]
    paid = [deed for deed in deeds if deed.status in ("confirmed", "reopened")]
    for code in ("asker", "wife", "doer", "other"):
        own = book.passbooks[code]
        worth = sum(2 for deed in paid if deed.resident == code)
        assert own.balance == worth
        if now.state in OPEN and now.state != TaskState.DONE:
            assert own.available == 0
        if now.state in CLOSED_OTHERWISE:
            assert own.balance == 0
    assert len({deed.resident for deed in paid}) == len(paid)
    book.books.verify(rate=True)


def test_a_report_of_open_work_waits_for_its_end() -> None:
    """Finished, not yet confirmed, and opened again: nothing is paid until it is finished anew."""
    book = _town({"is_open": True, "rule": "service"})
    task = book.tasks.ask("work", resident="asker").id
    book.tasks.accept(task, by="doer")
    (deed,) = book.tasks.finish(task, reply="好", quantity="1", by="doer").deeds
    book.tasks.reopen(task, reason="没好", by="asker")

    assert not _try(book, task, "confirm", "staff:all")
    book.tasks.finish(task, reply="好了", quantity="1", by="doer")

    assert book.tasks[task].deeds == (deed,)
    assert book.deeds.confirm(deed, by="staff:all").awards[0].points == 2


@given(KINDS, STEPS)
@settings(max_examples=60, deadline=None)
def test_a_task_is_where_its_moves_led(kind: dict[str, Any], steps: list[tuple[str, str]]) -> None:
    """What was refused changes nothing; the state is that of the last move; no more people have a
    task than there are places, and nobody of the asker's household is among them."""
    book = _town(kind)
    task = book.tasks.ask("work", resident="asker").id

    for move, who in steps:
        before = book.tasks[task], book.tasks.moves(task)
        if not _try(book, task, move, who) and move != "confirm":
            assert (book.tasks[task], book.tasks.moves(task)) == before
        if who == "staff:out" and move != "confirm":
            assert book.tasks.moves(task)[len(before[1]):] == () or who in book.tasks[task].doers

        now = book.tasks[task]
        assert now.state == book.tasks.moves(task)[-1].state
        assert len(now.doers) <= kind["places"]
        assert not {"asker", "wife"} & set(now.doers)
        assert not set(now.doers) & set(now.offered)


@given(KINDS, STEPS)
@settings(max_examples=30, deadline=None)
def test_a_second_person_settles(kind: dict[str, Any], steps: list[tuple[str, str]]) -> None:
    """A task of a kind that asks for a second person is never resolved by who did it."""
    book = _town({**kind, "second": True})
    task = book.tasks.ask("work", resident="asker").id

    for move, who in steps:
        _try(book, task, move, who)

    found = book.tasks.moves(task)
    for place, move in enumerate(found):
        if move.state == TaskState.RESOLVED and move.move == "settle":
            before = [one for one in found[:place] if one.move == "finish"]
            assert before
            assert move.by != before[-1].party
        assert not (move.move == "finish" and move.state == TaskState.RESOLVED)
