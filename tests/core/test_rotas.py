"""Laws of a rota: fair, never twice at once, the same again, whatever was planned before."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lovepoints.core.work.rotas import Had, Slot, assigned, next_ones, slots

FIRST = date(2026, 3, 2)
TEAM = ("a", "b", "c", "d", "e")
PATTERN = st.lists(st.tuples(st.integers(1, 7), st.integers(0, 20).map(lambda hour: hour * 60),
                             st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=8).map(
    lambda rows: [(day, start, start + 60 * hours, people) for day, start, hours, people in rows])
WEEKS = st.integers(1, 5)


def _everybody(_: str) -> tuple[str, ...]:
    return TEAM


def _apart(plan: list[Had]) -> bool:
    return not any(one.slot.meets(other.slot) for place, one in enumerate(plan)
                   for other in plan[place + 1:])


@given(PATTERN, WEEKS)
def test_turns_are_fair_and_nobody_is_twice_at_once(
    pattern: list[tuple[int, int, int, int]], weeks: int,
) -> None:
    """Each shift has as many as it asks for or as there are; two members differ by one shift at
    most where no two shifts meet."""
    plan = assigned(slots(pattern, FIRST, FIRST + timedelta(weeks=weeks)), (), _everybody)
    counts = [sum(who in one.who for one in plan) for who in TEAM]

    for one in plan:
        assert len(set(one.who)) == len(one.who)
        for other in plan:
            if one.slot < other.slot and one.slot.meets(other.slot):
                assert not set(one.who) & set(other.who)
    if _apart(plan):
        assert all(len(one.who) == one.slot.people for one in plan)
        assert max(counts) - min(counts) <= 1


@given(PATTERN, WEEKS, st.integers(0, 20))
def test_planning_in_parts_is_planning_at_once(
    pattern: list[tuple[int, int, int, int]], weeks: int, cut: int,
) -> None:
    """A first part and the whole later, or the whole again, come to the same."""
    until = FIRST + timedelta(weeks=weeks)
    whole = assigned(slots(pattern, FIRST, until), (), _everybody)
    part = assigned(slots(pattern, FIRST, min(until, FIRST + timedelta(days=cut))), (), _everybody)

    assert assigned(slots(pattern, FIRST, until), part, _everybody) == whole
    assert assigned(slots(pattern, FIRST, until), whole, _everybody) == whole


@given(st.integers(1, 30), st.integers(0, 30))
def test_who_joins_or_comes_back_makes_up_for_nothing(before: int, away: int) -> None:
    """After her first shift she has her turn like everybody: never twice before each other had
    one."""
    pattern = [(day, 0, 60, 1) for day in range(1, 8)]
    back = (FIRST + timedelta(days=before + away)).isoformat()

    def there(day: str) -> tuple[str, ...]:
        return TEAM if day >= back or day < FIRST.isoformat() else TEAM[:-1]

    plan = assigned(slots(pattern, FIRST, FIRST + timedelta(days=90)), (), there)
    order = [one.who[0] for one in plan if one.slot.day >= back]
    hers = [place for place, who in enumerate(order) if who == "e"]
    assert all(later - earlier >= 4 for earlier, later in pairwise(hers))


def test_shifts_that_meet_two_others_are_nobodys_twice() -> None:
    """A long shift with two short ones in it: three people for three places."""
    long, one, two = Slot("2026-03-02", 0, 600, 1), Slot("2026-03-02", 60, 120, 1), Slot(
        "2026-03-02", 180, 240, 1)
    plan = assigned([long, one, two], (), lambda _: ("a", "b"))
    assert [had.who for had in plan] == [("a",), ("b",), ("b",)]


def test_what_was_planned_for_later_that_day_is_seen() -> None:
    """A shift that is planned after one that it meets goes to somebody else."""
    later, sooner = Slot("2026-03-02", 30, 90, 1), Slot("2026-03-02", 0, 60, 1)
    plan = assigned([sooner], [Had(later, ("a",))], lambda _: ("a", "b"))
    assert [had.who for had in plan] == [("b",), ("a",)]


def test_the_next_one_is_whose_turn_it_is_and_who_is_free() -> None:
    first, second = Slot("2026-03-02", 0, 60, 1), Slot("2026-03-02", 30, 90, 2)
    third = Slot("2026-03-09", 0, 60, 1)
    had = [Had(first, ("a",)), Had(second, ("b",))]
    assert next_ones(had, second, "abcd") == ["c", "d"]
    assert next_ones([*had, Had(third, ("c",))], first, "abcd") == ["d", "c"]
