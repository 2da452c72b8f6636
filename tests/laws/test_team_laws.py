"""Laws of teams: whoever joins, leads and leaves in whatever order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.errors import Refused
from lovepoints.testing import FakeClock, community

FIRST = date(2026, 3, 1)
DAYS = [FIRST + timedelta(days=day) for day in range(8)]
STEPS = st.lists(st.tuples(st.sampled_from(["join", "lead", "leave"]), st.sampled_from("abc"),
                           st.sampled_from(DAYS)), max_size=25)


@given(STEPS)
@settings(max_examples=100, deadline=None)
def test_nobody_is_twice_in_a_team_and_one_leads(steps: list[tuple[str, str, date]]) -> None:
    """On every day each is a member once, and one at most is the lead; what was before the day of
    a step stays as it was."""
    with community(clock=FakeClock("2026-03-01 09:00")) as book:
        for code in ("patrol", "a", "b", "c"):
            book.residents.enrol(code, kind="team" if code == "patrol" else "resident")

        def seen(day: date) -> list[tuple[str, str]]:
            return [(one.resident, one.part) for one in book.teams.members("patrol", on=day)]

        for move, who, day in steps:
            before = {one: seen(one) for one in DAYS}
            more: dict[str, Any] = {"part": "lead"} if move == "lead" else {}
            try:
                verb = book.teams.leave if move == "leave" else book.teams.join
                verb("patrol", resident=who, on=day, **more)
            except (Refused, ValueError):
                assert before == {one: seen(one) for one in DAYS}
                continue
            for one in DAYS:
                members = seen(one)
                assert len({name for name, _ in members}) == len(members)
                assert sum(part == "lead" for _, part in members) <= 1
                assert one >= day or members == before[one]
            assert move == "leave" or who in dict(seen(day))
