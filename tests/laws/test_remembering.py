"""What is told again is what would be worked out again, at every moment of every story."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from lovepoints.community import Community
from lovepoints.core.rows import Person
from lovepoints.errors import LovepointsError, NotFound
from lovepoints.stores.noting import Notes
from lovepoints.testing import FakeClock
from tests.laws import test_household_laws as households
from tests.laws.machine_rules import RULES
from tests.laws.test_outstanding import CALM, LEAVING, moves
from tests.laws.test_sweeps import Move, Story


def seen(book: Community) -> Any:
    """Every passbook with its lines and shares, and the sum of all."""
    codes = [person.code for person in book._book.store.find(Person, "by_kind", "resident")]
    return [page(book, code) for code in codes], book.books.outstanding()


def page(book: Community, code: str) -> Any:
    """A passbook, if there is one."""
    try:
        return book.passbooks[code], book.passbooks.of(code, lines=3)
    except NotFound as error:
        return str(error)


def check(book: Community) -> int:
    """What was remembered, if anything was, is what comes out anew; until when that will hold."""
    store = book._book.store
    again = seen(book)
    store._notes = Notes()
    assert seen(book) == again
    return min(known.until for known in store._notes._present.values())


def check_at_ends(book: Community, clock: FakeClock) -> None:
    """The same just before it holds no longer, and right then."""
    until = check(book)
    clock.move(microseconds=until - 1 - clock())
    seen(book)
    check(book)
    clock.move(microseconds=1)
    check(book)


@pytest.mark.parametrize("rules", [RULES, CALM, LEAVING], ids=["yearly", "calm", "leaving"])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moves)
def test_time_changes_what_is_remembered(rules: str, told: list[Move]) -> None:
    """Between two steps of any story time passes in pieces, to the very ends of answers too."""
    story = Story(sweeps=False, rules=rules)

    for *move, hours in told:
        story.step((*move, 0))
        check_at_ends(story.book, story.clock)
        for _ in range(2):
            story.clock.move(hours=hours / 2)
            check(story.book)


@settings(max_examples=30, deadline=None)
@given(households.STEPS)
def test_merged_households_are_never_remembered_wrongly(
    steps: list[tuple[str, int, int]],
) -> None:
    """Points of those who were merged may arrive at any moment."""
    book, clock = households._town()
    with book:
        for number, step in enumerate(steps):
            try:
                households._step(book, clock, step, f"new-{number}")
            except LovepointsError:
                continue
            check(book)
            clock.move(hours=7)
            check(book)
