"""Stories of activities: patterns, attendance, an award for a group, and the figures of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from lovepoints.community import Community
from lovepoints.errors import Code, Refused
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
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def book() -> Iterator[Community]:
    with community(clock=FakeClock("2026-03-30 09:00")) as found:
        found.rulebooks.adopt(RULES)
        found.residents.area("grid")
        for officer in ("staff:in", "staff:out"):
            found.residents.appoint(officer, role="grid-officer")
        for code in ("a", "b", "c", "d"):
            found.residents.enrol(code, household=f"home-{code[:1]}", area="grid")
        found.residents.appoint("staff:a", role="grid-officer", resident="a")
        found.activities.define("clean-up", title="清洁日", rule="service")
        yield found


def _held(book: Community, day: int, who: list[str], **said: object) -> str:
    desk = book.activities
    one = desk.plan("clean-up", on=date(2026, 3, day), area="grid")[0].id
    desk.attend(one, who, minutes=60, by="staff:in")
    return desk.close(one, by="staff:in", **said).id  # type: ignore[arg-type]


def test_the_same_is_not_planned_twice(book: Community) -> None:
    """Typed again without a key it is refused; another minute, place or activity is another one,
    and what was cancelled may be planned anew."""
    said = {"on": date(2026, 4, 3), "area": "grid", "start": 540, "place": "广场"}
    first = book.activities.plan("clean-up", **said)[0].id  # type: ignore[arg-type]
    for again in (said, {**said, "on": date(2026, 3, 27), "until": date(2026, 4, 10),
                         "every": "week"}):
        with pytest.raises(Refused) as refused:
            book.activities.plan("clean-up", **again)  # type: ignore[arg-type]
        assert refused.value.code == Code.STATE_NOT_FITTING
    for other in ({"start": 600}, {"place": "学校"}, {"area": ""}):
        book.activities.plan("clean-up", **{**said, **other})  # type: ignore[arg-type]
    book.activities.cancel(first, reason="下雨")
    assert book.activities.plan("clean-up", **said)[0].id != first  # type: ignore[arg-type]


@pytest.mark.parametrize(("every", "until", "days"), [
    ("week", date(2026, 2, 14), [(1, 31), (2, 7), (2, 14)]),
    ("month", date(2026, 5, 30), [(1, 31), (2, 28), (3, 31), (4, 30)]),
    ("day", date(2026, 2, 1), [(1, 31), (2, 1)]),
])
def test_a_pattern_never_drifts(
    book: Community, every: str, until: date, days: list[tuple[int, int]],
) -> None:
    """A month without that day has its last one, and the next one is the 31st again."""
    found = book.activities.plan("clean-up", on=date(2026, 1, 31), until=until,
                                 every=every)  # type: ignore[arg-type]

    assert [date(2026, month, day) for month, day in days] == [one.day for one in found]


def test_an_award_leaves_out_the_officer_herself_and_says_so(book: Community) -> None:
    """Whoever was there awards the others; her own deed waits for somebody else."""
    one = _held(book, 6, ["a", "b", "c"])

    group = book.activities.award(one, by="staff:a")

    assert ["b", "c"] == [award.resident for award in group.awards]
    assert [(book.activities[one].deeds[0], Code.SELF_CONFIRMATION)] == list(group.skipped)
    with pytest.raises(Refused):  # the recorder closed it
        book.activities.award(one, by="staff:in")
    assert ["a"] == [award.resident for award in
                     book.activities.award(one, by="staff:out").awards]
    with pytest.raises(Refused) as caught:
        book.activities.award(one, by="staff:out")
    assert caught.value.code == Code.STATE_NOT_FITTING


def test_a_forgotten_check_out_is_named_and_said_later(book: Community) -> None:
    """Closing says who is still in; the time of going is said afterwards."""
    desk = book.activities
    one = desk.plan("clean-up", on=date(2026, 3, 29))[0].id
    desk.check_in(one, resident="b", by="staff:in", at=date(2026, 3, 29))

    with pytest.raises(Refused) as caught:
        desk.close(one, by="staff:in")

    assert ["b"] == caught.value.facts["who"]


def test_figures_count_what_was_held(book: Community) -> None:
    """Occurrences that are planned, cancelled or of another scope do not count."""
    _held(book, 6, ["a", "b", "c"], headcount=20, counted=False)
    second = _held(book, 13, ["a", "b", "d"])
    gone = _held(book, 20, ["a"])
    book.activities.cancel(gone, reason="误登", by="staff:in")
    book.activities.plan("clean-up", on=date(2026, 3, 27))

    def figures(**scope: object) -> dict[str, object]:
        bulletin = book.figures.bulletin(*MARCH, only=["ST-33", "ST-34", "ST-36"],
                                         **scope)  # type: ignore[arg-type]
        return {one.id: (one.value, one.unit, dict(one.parts)) for one in
                    bulletin.figures.values()}

    assert {
        "ST-33": (2, "occurrence", {"kind:clean-up": 2}),
        "ST-34": (6, "person_time", {"people": 4}),
        "ST-36": (23, "person_time", {"counted": 3, "estimated": 20}),
    } == figures() == figures(area="grid") == figures(kind="clean-up")
    assert figures(channel="phone")["ST-33"] == (0, "occurrence", {})
    book.activities.cancel(second, reason="误登", by="staff:in")
    assert figures()["ST-36"] == (20, "person", {"counted": 0, "estimated": 20})
