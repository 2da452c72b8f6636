"""The facts of a deed: days, places, attributes, repetitions, and bad input."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.errors import Code, NotFound
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import (
    HAZARD,
    HEAD,
    HELP,
    YEAR,
    balance,
    founded,
    paid,
    refusal,
)


@pytest.fixture
def book(store: Store, clock: FakeClock) -> Community:
    """The plain rulebook, on each kind of store."""
    return founded(clock=clock, store=store)


@pytest.fixture
def village(clock: FakeClock) -> Community:
    """The same in memory only."""
    return founded(clock=clock)


def test_points_go_by_the_household_of_the_deeds_day(book: Community, clock: FakeClock) -> None:
    """Earning by the deed's day, spending by today's: who moved spends from the new passbook."""
    clock.move(days=2)
    book.residents.move("wang", household="home-li")
    paid(book, "wang", hours=5, on=date(2026, 3, 7))

    assert (10, 0) == (balance(book, "home-wang"), balance(book, "wang"))
    paid(book, "wang", hours=1)
    assert (10, 2) == (balance(book, "home-wang"), balance(book, "wang"))


def test_dated_attributes_count_as_of_the_deeds_day(clock: FakeClock) -> None:
    """What somebody is today says nothing about what she did before."""
    book = founded(HEAD + """
[[attribute]]
code = "age"
of = "resident"
type = "whole"
[[rule]]
code = "walk"
title = "健走"
points = 1
variants = [{ where = { age = { from = 60 } }, points = 3 }]
""", clock=clock)
    book.residents.describe("wang", age=59)
    clock.move(days=5)
    book.residents.describe("wang", age=60)

    worth = [paid(book, hours="1", rule="walk", on=on).award.points
             for on in (date(2026, 3, 8), date(2026, 3, 12))]

    assert [1, 3] == worth


def test_the_rulebook_of_the_deeds_day_rates_it_for_ever(book: Community, clock: FakeClock) -> None:
    """A change in mid-year: late confirmations pay the rate of their day."""  # bug 27
    before = book.deeds.report("help", resident="wang", quantity=1)
    book.rulebooks.adopt((HEAD + HELP + YEAR).replace("2026-01-01", "2026-04-01")
                         .replace("value = 2", "value = 7"))
    clock.set("2026-04-02 10:00")
    after = book.deeds.report("help", resident="wang", quantity=1)

    worth = [book.deeds.confirm(deed.id, by="staff:wu").award.points for deed in (before, after)]

    assert [2, 7] == worth


@pytest.mark.parametrize(("counts_on", "worth"), [
    ("deed_day", 2), ("report_day", 7), ("confirm_day", 9)])
def test_the_rulebook_says_which_day_picks_it(
    clock: FakeClock, counts_on: str, worth: int,
) -> None:
    """Done in March, reported in April, confirmed in May, at three rates."""
    head = HEAD + f'counts_on = "{counts_on}"\nlate = "90 days"\n'
    book = founded(head + HELP, clock=clock)
    for month, value in (("2026-04-01", 7), ("2026-05-01", 9)):
        book.rulebooks.adopt((head + HELP).replace("2026-01-01", month)
                             .replace("value = 2", f"value = {value}"))
    clock.set("2026-04-10")
    deed = book.deeds.report("help", resident="wang", quantity=1, on=date(2026, 3, 31))
    clock.set("2026-05-10")

    assert worth == book.deeds.confirm(deed.id, by="staff:wu").award.points


def test_the_same_report_twice(clock: FakeClock) -> None:
    """`unique`: also while the first one still waits, for each of joint doers, and again once the
    first one was withdrawn; other events are other deeds."""
    book = founded(HEAD + HELP + 'needs = ["event"]\nunique = ["event"]\n', clock=clock)
    first = book.deeds.report("help", resident="wang", quantity=1, event="义诊")

    again = refusal(lambda: book.deeds.report("help", resident="wang", quantity=2, event="义诊"))
    joint = refusal(lambda: book.deeds.report("help", resident="zhou", joint=["wang"],
                                              quantity=2, event="义诊"))
    book.deeds.report("help", resident="wang", quantity=2, event="讲座")
    book.deeds.withdraw(first.id)

    assert [Code.DUPLICATE_CHECKIN] * 2 == [again, joint]
    assert "submitted" == book.deeds.report(
        "help", resident="wang", quantity=1, event="义 诊").status


def test_a_missing_fact_is_not_a_repetition(clock: FakeClock) -> None:
    """Two reports without an event lack the event; they are not one and the same."""
    book = founded(HEAD + HELP + 'needs = ["event"]\nunique = ["event"]\n', clock=clock)

    codes = [refusal(lambda: book.deeds.report("help", resident="wang", quantity=1))
             for _ in range(2)]

    assert [Code.FACT_MISSING] * 2 == codes


def test_who_left_does_nothing_afterwards(village: Community, clock: FakeClock) -> None:
    """A deed after the last day is refused; one of the last day is not."""
    village.residents.leave("zhou")
    clock.move(days=2)

    code = refusal(lambda: village.deeds.report("help", resident="zhou", quantity=1))

    assert Code.ACCOUNT_CLOSED == code
    assert "zhou" == village.deeds.report(
        "help", resident="zhou", quantity=1, on=date(2026, 3, 7)).resident


@pytest.mark.parametrize(("said", "error"), [
    ({"quantity": 1.5}, TypeError), ({"quantity": True}, TypeError),
    ({"quantity": 0}, ValueError), ({"quantity": -2}, ValueError),
    ({"quantity": "1e5"}, ValueError), ({"quantity": "NaN"}, ValueError),
    ({"quantity": Decimal("Infinity")}, ValueError), ({"quantity": "１２"}, ValueError),
    ({"quantity": "9" * 30}, ValueError), ({"quantity": {"km": 1}}, ValueError),
    ({"on": "2026-03-01"}, TypeError), ({"on": date(2026, 3, 8)}, ValueError),
    ({"end_day": 5}, TypeError), ({"joint": "zhou"}, TypeError),
    ({"joint": ["wang"]}, ValueError), ({"joint": ["nobody"]}, NotFound),
    ({"resident": "nobody"}, NotFound), ({"resident": ""}, ValueError),
    ({"note": "x" * 100_000}, ValueError), ({"place": "3栋\u200b"}, ValueError),
    ({"place": "\u202e3栋"}, ValueError), ({"note": "\ud800"}, ValueError),
    ({"attributes": {"colour": "red"}}, ValueError), ({"at": 5}, TypeError),
    ({"key": ""}, ValueError), ({"key": "lp:1"}, ValueError), ({"key": 5}, TypeError),
    ({"key": "\ud800"}, ValueError), ({"key": "x" * 200}, ValueError),
])
def test_bad_input_is_an_error_and_leaves_nothing(
    book: Community, said: dict[str, object], error: type,
) -> None:  # bugs 28, 30
    """What was expected is said at the door; nothing is written, the key stays free."""
    size = book.books.checkpoint().size

    with pytest.raises(error):
        book.deeds.report("help", **{"resident": "wang", "quantity": 1, "key": "k", **said})

    assert size == book.books.checkpoint().size
    assert not book.deeds.report("help", resident="wang", quantity=1, key="k").is_repeat


def test_odd_names_are_at_home(village: Community) -> None:
    """Rare characters, a middle dot and Windows line breaks pass."""
    village.residents.enrol("𠮷田·买买提", name="\U000323b0·古丽")
    deed = village.deeds.report("help", resident="𠮷田·买买提", quantity=1,
                                place="３栋 ２单元", note="第一行\r\n第二行")

    assert "𠮷田·买买提" == deed.resident


def test_places_are_the_same_whatever_their_width(clock: FakeClock) -> None:
    """A second report of one place is noticed across spaces and full-width digits."""
    book = founded(HEAD + HAZARD + 'first = { same = ["place"], within = "30 days", later = 1 }\n',
                   clock=clock)
    worth = []
    for who, place in (("wang", "3栋2单元"), ("zhou", "３栋 2单元")):
        deed = book.deeds.report("hazard", resident=who, place=place)
        worth.append(book.deeds.confirm(deed.id, grade="general", by="staff:wu").award.points)

    assert [5, 1] == worth


def test_a_capped_deed_stays_visible_with_its_reason(clock: FakeClock) -> None:
    """A cap that leaves nothing makes an award of zero that explains itself, not a refusal."""
    book = founded(HEAD + HELP + """
[[limit]]
code = "cap"
title = "每月封顶"
rules = ["help"]
per = "resident"
each = "month"
most = 10
""", clock=clock)
    paid(book, hours=5)

    decision = paid(book, hours=5)

    assert ("confirmed", 0) == (decision.deed.status, decision.award.points)
    assert any("每月封顶" in step for step in decision.award.explained("zh"))
    assert decision.award.explained("zh") == book.deeds.explain(decision.deed.id, "zh")


def test_the_pile_on_the_desk(village: Community) -> None:
    """Deeds can be listed by state and by doer."""
    deed = village.deeds.report("help", resident="wang", quantity=1)
    paid(village)

    assert [deed.id] == [one.id for one in village.deeds.with_status("submitted")]
    assert 2 == len(village.deeds.of("wang"))
    with pytest.raises(NotFound):
        village.deeds["d-1"]


def test_the_days_of_two_clocks(village: Community, clock: FakeClock) -> None:
    """`at` says when it happened, the ledger's clock when it was written; a future or naive
    moment is refused."""  # bug 47
    deed = village.deeds.report("help", resident="wang", quantity=1, at=date(2026, 3, 1))
    entry = list(village.books.entries())[-1]

    assert (date(2026, 3, 1), "2026-03-01") == (deed.day, entry.day)
    assert entry.at < entry.recorded_at
    for at in (clock.now + timedelta(days=1), clock.now.replace(tzinfo=None), date(2026, 3, 8)):
        with pytest.raises(ValueError, match=r"zone|future"):
            village.deeds.report("help", resident="wang", quantity=1, at=at)
