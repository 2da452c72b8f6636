"""Laws of activities: whoever signs up, comes and goes in whatever order."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.community import Community
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
PEOPLE = ("a", "b", "c", "d")
WALK = st.lists(st.tuples(st.sampled_from(["sign_up", "withdraw"]), st.sampled_from(PEOPLE)),
                max_size=20)
OFFICE = ("here", "gone", "close", "award", "reopen", "cancel")
DAY = st.lists(st.tuples(st.sampled_from(OFFICE), st.sampled_from(PEOPLE), st.integers(1, 3)),
               min_size=1, max_size=12)
USUAL = st.permutations(PEOPLE).map(lambda who: [
    ("here", who[0], 1), ("here", who[1], 2), ("close", who[0], 1), ("award", who[0], 1)])
DAYS = st.lists(st.one_of(DAY, USUAL), min_size=1, max_size=4).map(
    lambda days: [step for day in days for step in day])


def _town() -> tuple[Community, str]:
    book = community(clock=FakeClock("2026-03-06 19:00"))
    book.rulebooks.adopt(RULES)
    for officer in ("staff:in", "staff:out"):
        book.residents.appoint(officer, role="grid-officer")
    for code in PEOPLE:
        book.residents.enrol(code, household=f"home-{code}")
    book.residents.appoint("staff:a", role="grid-officer", resident="a")
    book.activities.define("clean-up", title="清洁日", rule="service", places=2)
    return book, book.activities.plan("clean-up", on=date(2026, 3, 6))[0].id


@given(WALK)
@settings(max_examples=80, deadline=None)
def test_places_go_round_in_the_order_of_signing_up(walk: list[tuple[str, str]]) -> None:
    """Never more than the places, nobody waits while one is free, and all stand in one queue: who
    signed up earlier has her place, or waits, before who came later."""
    book, occurrence = _town()
    queue: list[str] = []

    for move, who in walk:
        try:
            getattr(book.activities, move)(occurrence, by=who)
        except Refused:
            assert (who in queue) == (move == "sign_up")
            continue
        queue = [one for one in queue if one != who] + ([who] if move == "sign_up" else [])
        now = book.activities[occurrence]
        assert [*now.signed, *now.waiting] == queue
        assert len(now.signed) == min(2, len(queue))


@given(DAYS)
@settings(max_examples=60, deadline=None)
def test_points_are_what_an_occurrence_is_worth_now(days: list[tuple[str, str, int]]) -> None:
    """Nobody has anything of one that is cancelled, nobody more than her own time, nobody twice;
    an open one gives nothing to spend; who awards never pays herself."""
    book, occurrence = _town()
    desk = book.activities

    for move, who, hours in days:
        try:
            if move in ("here", "gone"):
                desk.attend(occurrence, [who], minutes=60 * hours, absent=move == "gone",
                            by="staff:in")
            elif move == "close":
                desk.close(occurrence, by="staff:in")
            elif move == "award":
                desk.award(occurrence, by="staff:a" if hours == 3 else "staff:out")
            else:
                getattr(desk, move)(occurrence, reason="改", by="staff:in")
        except Refused:
            continue
        now = desk[occurrence]
        time = dict(zip(now.present, now.minutes, strict=True))
        for code in PEOPLE:
            own = book.passbooks[code]
            worth = time.get(code, 0) // 60 * 2
            if now.state == "held":
                assert own.balance in (0, worth)
            elif now.state == "cancelled":
                assert own.balance == 0
            else:
                assert own.available == 0
    for entry in book.books.entries():
        if entry.kind == "confirm" and entry.by == book._book.person("staff:a").id:
            assert entry.details["rows"]["deed"][0]["id"] not in {
                deed.id for deed in book.deeds.of("a")}
    book.books.verify(rate=True)
