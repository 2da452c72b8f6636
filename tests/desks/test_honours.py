"""What was earned in a period, and lists of the best, as the passbooks' desk tells them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

import lovepoints as lp
from lovepoints import testing
from lovepoints.community import Community
from lovepoints.desks import listing
from lovepoints.errors import NotFound

RULES = '''
title = "积分办法"
effective = 2025-01-01
holder = "resident"
[validity]
after = "1 month"
[confirm]
by = ["committee"]
[[rule]]
code = "patrol"
title = "巡逻"
points = { per = "hour", value = 2 }
[[rank]]
code = "best"
title = "年度前二"
top = 2
excludes = ["hero"]
[[rank]]
code = "hero"
title = "英雄"
top = 1
direct = true
'''


@pytest.fixture
def village() -> Iterator[Community]:
    """Four residents, who patrolled 5, 4, 4 and 6 hours in March; 丁 is a member of staff."""
    clock = testing.FakeClock("2026-03-01")
    with testing.community(clock=clock, by="staff:zhao") as book:
        book.rulebooks.adopt(RULES)
        book.residents.appoint("staff:li", role="committee")
        for name, hours in (("甲", 5), ("乙", 4), ("丙", 4), ("丁", 6)):
            book.residents.enrol(name)
            deed = book.deeds.report("patrol", resident=name, quantity=hours, by=name)
            book.deeds.confirm(deed.id, by="staff:li")
        book.residents.appoint("丁", role="grid-officer")
        clock.set("2026-06-01")
        yield book


def test_what_has_expired_was_still_earned(village: Community) -> None:  # bug 58
    """Earned points stay earned after they ran out; other periods have their own sum."""
    balance = village.passbooks["甲"].balance

    earned = [village.passbooks.earned("甲", on=date(2026, month, 1), each="month")
              for month in (2, 3, 4)]

    assert 0 == balance
    assert [0, 10, 0] == earned
    assert 10 == village.passbooks.earned("甲")


def test_the_best_share_a_place_and_staff_stand_aside(village: Community) -> None:  # bug 58
    """Equal points share a place, and somebody with an office is not listed."""
    listed = village.passbooks.ranking("best")

    assert [(1, "甲", 10), (2, "乙", 8), (2, "丙", 8)] == [
        (line.place, line.code, line.points) for line in listed]


def test_who_was_honoured_by_people_is_skipped(village: Community) -> None:
    """A rank that excludes a direct honour skips whom it was given to; the honour lists them."""
    direct = {"hero": ["甲"]}

    best = village.passbooks.ranking("best", direct=direct)
    hero = village.passbooks.ranking("hero", direct=direct)

    assert ["乙", "丙"] == [line.code for line in best]
    assert ["甲"] == [line.code for line in hero]


def test_another_year_has_another_list(village: Community) -> None:
    """A list is of the period that holds the day asked for."""
    assert () == village.passbooks.ranking("best", on=date(2025, 12, 31))


@pytest.mark.parametrize(("rank", "day"), [("worst", None), ("best", date(2024, 12, 31))])
def test_a_list_that_is_not_there_is_not_found(
    village: Community, rank: str, day: date | None,
) -> None:
    """An unknown rank, or a day without a rulebook, is `NotFound`."""
    with pytest.raises(NotFound):
        village.passbooks.ranking(rank, on=day)


def test_what_was_taken_back_was_not_earned(village: Community) -> None:
    """A deed that is opened again and rejected leaves nothing behind in what was earned."""
    (deed,) = village.deeds.of("乙")

    village.deeds.reopen(deed.id, reason="异议")
    village.deeds.reject(deed.id, reason="未到场", by="staff:li")

    assert 0 == village.passbooks.earned("乙")


def listed(book: Community) -> list[tuple[int, str, object]]:
    """The list of the best as it is told now."""
    return [(line.place, line.code, line.points) for line in book.passbooks.ranking("best")]


def test_a_list_is_worked_out_once_a_day_and_tells_what_another_program_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A program that is open all day remembers the list, one that has just begun works it out:
    both tell the same, day after day, while others decide, reopen and adopt."""
    clock, path = testing.FakeClock("2026-03-01"), tmp_path / "book.db"
    lp.create(path, name="村", zone="Asia/Shanghai", admin="staff:zhao", clock=clock)
    with ExitStack() as closing:
        long, other = (closing.enter_context(lp.open(path, by="staff:zhao", clock=clock))
                       for _ in range(2))
        long.rulebooks.adopt(RULES)
        long.residents.appoint("staff:li", role="committee")
        deeds = {}
        for name, hours in (("甲", 5), ("乙", 4), ("丙", 3)):
            long.residents.enrol(name)
            deeds[name] = long.deeds.report("patrol", resident=name, quantity=hours, by=name)
            long.deeds.confirm(deeds[name].id, by="staff:li")
        acts = (
            lambda: other.deeds.confirm(
                other.deeds.report("patrol", resident="丙", quantity=9, by="丙").id, by="staff:li"),
            lambda: (other.deeds.reopen(deeds["甲"].id, reason="异议"),
                     other.deeds.reject(deeds["甲"].id, reason="未到场", by="staff:li")),
            lambda: other.rulebooks.adopt(RULES.replace("top = 2", "top = 1").replace(
                "effective = 2025-01-01", "effective = 2026-03-04")),
            lambda: other.residents.appoint("乙", role="grid-officer"),
        )
        for day, act in enumerate(acts, 2):
            clock.set(f"2026-03-0{day}")
            before = listed(long)
            act()
            with lp.open(path, by="staff:zhao", clock=clock) as fresh:
                assert listed(long) == listed(other) == listed(fresh)
            assert day > 3 or before == listed(long), "what was decided today is not told today"
        assert [(1, "丙", 24)] == listed(long)

        monkeypatch.setattr(listing, "credits", None)
        assert [(1, "丙", 24)] == listed(long), "the second look of a day adds nothing up"
