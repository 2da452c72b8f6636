"""All points outstanding at once are what the passbooks show one by one."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lovepoints.community import Community
from lovepoints.core.history import shown_balance
from lovepoints.core.rows import Party
from lovepoints.desks.passbooks import fold_due
from lovepoints.errors import LovepointsError
from tests.laws import test_household_laws as households
from tests.laws.machine_rules import RULES
from tests.laws.test_sweeps import Move, Story

CALM = RULES.replace("base = {", "# base = {")
for heading in ("clearing", "debit"):
    CALM = re.sub(rf"\[\[{heading}]](\n.+)+", "", CALM)
"""The same rulebook, but nothing comes once a year."""
LEAVING = CALM.replace("late =", 'on_leaving = "lapse"\nlate =', 1)

moves = st.lists(st.tuples(
    st.sampled_from(("help", "help", "hazard", "litter", "noise", "adjust", "transfer", "reopen",
                     "reject", "hold", "redeem", "leave", "wait")),
    st.integers(0, 2), st.integers(1, 12), st.sampled_from((0, 1, 30, 24 * 4, 24 * 45)),
), min_size=3, max_size=16)


def one_by_one(book: Community) -> int:
    """What every passbook shows after what the calendar did, each looked at alone."""
    inside, total = book._book, 0
    with inside.reading():
        now = inside.now()
        for party in inside.store.find(Party):
            rows = inside.overlay()
            fold_due(inside, rows, party.id, now)
            total += shown_balance(rows, party.id, "point")
    return total


@pytest.mark.parametrize("rules", [RULES, CALM, LEAVING], ids=["yearly", "calm", "leaving"])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moves)
def test_the_sum_is_that_of_the_passbooks(rules: str, told: list[Move]) -> None:
    """After every step of any story, with lots that ended, notices that are over, reservations
    that lapsed and households that left since anybody wrote."""
    story = Story(sweeps=False, rules=rules)

    for move in told:
        story.step(move)
        assert one_by_one(story.book) == story.book.books.outstanding()["point"]


@settings(max_examples=60, deadline=None)
@given(households.STEPS)
def test_merged_and_split_households_count_once(steps: list[tuple[str, int, int]]) -> None:
    """Whoever was merged is due with the one who goes on."""
    book, clock = households._town()
    with book:
        for number, step in enumerate(steps):
            try:
                households._step(book, clock, step, f"new-{number}")
            except LovepointsError:
                continue
            assert one_by_one(book) == book.books.outstanding()["point"]
