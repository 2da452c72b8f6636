"""Stories of a rota: planned by turns, swapped with consent, given back, kept, paid by the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints import papers
from lovepoints.community import Community
from lovepoints.errors import Code, Refused
from lovepoints.testing import FakeClock, community

RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
holder = "resident"

[[rule]]
code = "patrol"
title = "巡逻"
points = { per = "hour", value = 2 }
"""
TEAM = ("an", "bao", "chen", "ding")
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 15)
FRIDAY, SUNDAY = (5, 1140, 1260, 2), (7, 1140, 1260, 1)


def founded() -> Community:
    """A patrol of four with two evenings a week, on Monday morning."""
    book = community(clock=FakeClock("2026-03-02 09:00"))
    book.rulebooks.adopt(RULES)
    book.residents.enrol("patrol", kind="team")
    for code in (*TEAM, "other"):
        book.residents.enrol(code, household=f"home-{code}")
    for place, code in enumerate(TEAM):
        book.teams.join("patrol", resident=code, part="lead" if not place else "member",
                        chosen="elected" if not place else "")
    book.residents.appoint("staff:wu", role="patrol-captain")
    book.residents.appoint("staff:lin", role="grid-officer")
    book.tasks.define("shift", title="巡逻", nature="shift", rule="patrol")
    book.rotas.define("evenings", title="晚间巡逻", team="patrol", kind="shift",
                      pattern=[SUNDAY, FRIDAY])
    return book


@pytest.fixture
def book() -> Iterator[Community]:
    with founded() as found:
        yield found
        assert found.books.verify(rate=True).is_sound


def no(call: Callable[[], object]) -> Code:
    """The code of a refusal."""
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def _clock(book: Community, at: str) -> None:
    clock = book._book.clock
    assert isinstance(clock, FakeClock)
    clock.set(at)


def test_two_weeks_are_planned_by_turns(book: Community) -> None:
    plan = book.rotas.plan("evenings", FIRST, LAST, by="staff:wu")
    assert [(one.day.day, one.residents) for one in plan] == [
        (6, ("an", "bao")), (8, ("chen",)), (13, ("ding", "an")), (15, ("bao",))]
    assert book.rotas.plan("evenings", FIRST, LAST) == ()
    assert book.rotas.gaps(FIRST, LAST) == ()
    assert [one.day.day for one in book.rotas.shifts(FIRST, LAST, resident="an")] == [6, 13]
    assert book.tasks[plan[0].task].doers == ("an", "bao")


def test_a_wider_plan_adds_what_is_missing(book: Community) -> None:
    """Days that were planned stay as they are, whoever joined since."""
    first = book.rotas.plan("evenings", FIRST, date(2026, 3, 8))
    book.teams.join("patrol", resident="other")
    more = book.rotas.plan("evenings", FIRST, LAST)
    assert [one.day.day for one in more] == [13, 15]
    assert book.rotas.shifts(FIRST, LAST)[:2] == tuple(
        book.rotas.shifts(FIRST, date(2026, 3, 8)))
    assert {one.task for one in first} < {one.task for one in book.rotas.shifts(FIRST, LAST)}


def test_a_swap_needs_a_yes(book: Community) -> None:
    friday = book.rotas.plan("evenings", FIRST, date(2026, 3, 8))[0].task
    assert no(lambda: book.rotas.take(friday, by="ding")) == Code.STATE_NOT_FITTING
    assert no(lambda: book.rotas.offer(friday, to="ding", by="chen")) == Code.NOT_PERMITTED
    assert no(lambda: book.rotas.offer(friday, to="other", by="an")) == Code.STATE_NOT_FITTING
    assert no(lambda: book.rotas.offer(friday, to="bao", by="an")) == Code.STATE_NOT_FITTING

    asked = book.rotas.offer(friday, to="ding", by="an")
    assert (asked.residents, asked.offered) == (("an", "bao"), ("ding",))
    done = book.rotas.take(friday, by="ding")
    assert (done.residents, done.offered) == (("bao", "ding"), ())
    assert no(lambda: book.rotas.take(friday, by="ding")) == Code.STATE_NOT_FITTING


def test_an_officer_gives_away_no_place_that_is_taken(book: Community) -> None:
    friday = book.rotas.plan("evenings", FIRST, date(2026, 3, 8))[0].task
    assert no(lambda: book.rotas.offer(friday, to="ding", by="staff:wu")) == Code.NO_PLACE_LEFT
    book.rotas.offer(friday, to="ding", resident="bao", by="staff:wu")
    assert book.rotas.take(friday, resident="ding", by="staff:wu").residents == ("an", "ding")


def test_nobody_takes_two_shifts_at_once(book: Community) -> None:
    book.rotas.define("school", team="patrol", kind="shift", pattern=[(5, 1200, 1230, 1)])
    book.rotas.plan("evenings", FIRST, date(2026, 3, 8))
    school = book.rotas.plan("school", FIRST, date(2026, 3, 8))[0]
    book.tasks.hand_back(school.task, resident=school.residents[0])
    assert no(lambda: book.rotas.offer(school.task, to="an")) == Code.STATE_NOT_FITTING
    assert book.rotas.offer(school.task, to="chen").offered == ("chen",)


def test_days_away_give_back_and_are_passed_over(book: Community) -> None:
    book.rotas.plan("evenings", FIRST, date(2026, 3, 8))
    away = book.rotas.away("evenings", FIRST, LAST, by="an")
    assert (len(away.given_back), away.resident) == (1, "an")
    (gap,) = book.rotas.gaps(FIRST, LAST)
    assert (gap.missing, book.rotas.next_ones(gap.task)) == (1, ("ding", "chen"))
    assert no(lambda: book.rotas.offer(gap.task, to="an")) == Code.STATE_NOT_FITTING
    book.rotas.offer(gap.task, to="ding", by="staff:wu")
    book.rotas.take(gap.task, by="ding")
    later = book.rotas.plan("evenings", FIRST, LAST)
    assert not any("an" in one.residents for one in later)
    assert no(lambda: book.rotas.away("evenings", FIRST, LAST, resident="bao", by="chen")
              ) == Code.NOT_PERMITTED


def test_a_shift_is_paid_once_and_by_the_plan(book: Community) -> None:
    """Somebody who forgot to check out, and says so in the morning, is paid for two hours."""
    sunday = book.rotas.plan("evenings", FIRST, date(2026, 3, 8))[1].task
    _clock(book, "2026-03-08 18:55")
    book.tasks.check_in(sunday, by="chen")
    _clock(book, "2026-03-09 08:00")
    assert no(lambda: book.tasks.finish(sunday, by="chen")) == Code.FACT_MISSING
    book.tasks.check_out(sunday, by="chen")
    (deed,) = book.tasks.finish(sunday, by="chen").deeds
    book.deeds.confirm(deed, by="staff:lin")
    assert book.passbooks["chen"].balance == 4
    assert no(lambda: book.tasks.finish(sunday, by="chen")) == Code.STATE_NOT_FITTING
    assert [one.is_kept for one in book.rotas.shifts(FIRST, date(2026, 3, 8))] == [False, True]


def test_what_is_said_by_hand_is_capped_too(book: Community) -> None:
    sunday = book.rotas.plan("evenings", FIRST, date(2026, 3, 8))[1].task
    (deed,) = book.tasks.finish(sunday, quantity="9", by="staff:wu").deeds
    assert book.deeds.confirm(deed, by="staff:lin").awards[0].points == 4


def test_the_rota_on_paper(book: Community) -> None:
    """A week a table, a line a shift, in large words; a gap stands out."""
    book.rotas.plan("evenings", FIRST, LAST)
    book.rotas.away("evenings", date(2026, 3, 8), date(2026, 3, 8), resident="chen")
    page = papers.rota(book.rotas["evenings"], book.rotas.shifts(FIRST, LAST), width=40, lang="zh")
    assert "晚间巡逻" in page
    assert "an、bao" in page
    assert "缺 1 人" in page
    english = papers.rota(book.rotas["evenings"], book.rotas.shifts(FIRST, LAST), lang="en",
                          names={"an": "安奶奶"})
    assert "Fri" in english
    assert "安奶奶, bao" in english
    assert max(map(len, english.splitlines())) <= 48


STEPS = st.lists(st.tuples(
    st.sampled_from(["plan", "offer", "take", "away", "hand_back", "in", "out", "finish",
                     "confirm", "join", "leave"]),
    st.integers(0, 7), st.integers(0, 4)), max_size=25)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_any_walk_pays_the_shifts_that_were_kept(steps: list[tuple[str, int, int]]) -> None:
    """After any walk everybody has what her confirmed shifts are worth, never more than was
    planned; nobody has two shifts at once, and no day is planned twice."""
    with founded() as book:
        book.rotas.plan("evenings", FIRST, FIRST)
        for number, (verb, which, who) in enumerate(steps):
            shifts, code = book.rotas.shifts(FIRST, LAST), (*TEAM, "other")[who]
            task = shifts[which % len(shifts)].task if shifts else ""
            _clock(book, f"2026-03-16 {9 + number // 60:02}:{number % 60:02}")
            try:
                if verb == "plan":
                    book.rotas.plan("evenings", FIRST, date(2026, 3, 2 + which))
                elif verb == "away":
                    book.rotas.away("evenings", date(2026, 3, 6), date(2026, 3, 6 + which),
                                    resident=code)
                elif verb in ("join", "leave"):
                    getattr(book.teams, verb)("patrol", resident=code, on=date(2026, 3, 2 + which))
                elif task and verb == "offer":
                    book.rotas.offer(task, to=TEAM[which % 4], by=code)
                elif task and verb == "take":
                    book.rotas.take(task, by=code)
                elif task and verb == "hand_back":
                    book.tasks.hand_back(task, by=code)
                elif task and verb in ("in", "out"):
                    getattr(book.tasks, f"check_{verb}")(task, by=code)
                elif task and verb == "finish":
                    book.tasks.finish(task, quantity="1.5" if which % 2 else "5", by=code)
                elif task and verb == "confirm":
                    for deed in book.tasks[task].deeds:
                        book.deeds.confirm(deed, by="staff:lin")
            except (Refused, ValueError):
                pass
        shifts = book.rotas.shifts(FIRST, LAST)
        assert len({(one.day, one.start) for one in shifts}) == len(shifts)
        paid = [book.deeds[deed] for one in shifts for deed in book.tasks[one.task].deeds]
        for code in (*TEAM, "other"):
            worth = [deed for deed in paid if deed.resident == code and deed.status == "confirmed"]
            assert book.passbooks[code].balance in {
                sum(parts) for parts in _worths(len(worth))}
        for one in shifts:
            assert len(one.residents) <= one.people


def _worths(number: int) -> list[tuple[int, ...]]:
    """What so many kept shifts of two hours can be worth: three points each, or four."""
    return [(3,) * threes + (4,) * (number - threes) for threes in range(number + 1)]
