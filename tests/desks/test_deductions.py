"""Deductions with their notice, floors, repairs and sanctions."""

from __future__ import annotations

from datetime import date

import pytest

from lovepoints.core.store import Store
from lovepoints.errors import Code
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import (
    HEAD,
    HELP,
    YEAR,
    balance,
    deducting,
    founded,
    paid,
    refusal,
)


@pytest.mark.parametrize(("floor", "shown", "owed"), [("zero", 0, 0), ("debt", -2, 2)])
def test_a_deduction_beyond_the_balance(
    clock: FakeClock, floor: str, shown: int, owed: int,
) -> None:  # bug 31
    """Zero takes what there is and records the rest; debt owes the rest in the open."""
    book = founded(deducting(floor), clock=clock)
    paid(book, hours=3)
    deed = book.deeds.report("litter", resident="wang")

    decision = book.deeds.confirm(deed.id, by="staff:wu")

    page = book.passbooks["wang"]
    assert (-8, shown, owed) == (decision.award.points, page.balance, page.owed)
    missing = list(book.books.entries())[-1].details.get("shortfalls", [])
    assert ([{"unit": "point", "points": 2}] if floor == "zero" else []) == missing


def test_a_debt_of_one_kind_is_not_paid_in_another(clock: FakeClock) -> None:
    """Green points that are owed are paid by green points."""
    def paying(kind: str, rule: str) -> str:
        return rule.replace("points =", f'kinds = ["{kind}"]\npoints =')

    kinds = '[[kind]]\ncode = "point"\n[[kind]]\ncode = "green"\n'
    litter = deducting().split(HELP)[1]
    book = founded(HEAD + kinds + paying("point", HELP)
                   + paying("green", HELP.replace('"help"', '"trees"') + litter), clock=clock)
    book.deeds.confirm(book.deeds.report("litter", resident="wang").id, by="staff:wu")

    paid(book, hours=10)
    first = dict(book.passbooks["wang"].balances)
    paid(book, hours=3, rule="trees")

    assert {"point": 20, "green": -8} == first
    assert {"point": 20, "green": -2} == dict(book.passbooks["wang"].balances)
    book.books.verify()


@pytest.mark.parametrize("overturned", ["debt", "shortfall", "refuse"])
def test_what_was_paid_of_a_lifted_deduction_comes_back_with_its_dates(
    clock: FakeClock, store: Store, overturned: str,
) -> None:
    """It is no debt of hers that it goes back: nothing is missing, and nothing refused."""
    rules = deducting().replace("holder =", f'overturned = "{overturned}"\nholder =', 1) + YEAR
    book = founded(rules, clock=clock, store=store)
    litter = book.deeds.report("litter", resident="wang").id
    book.deeds.confirm(litter, by="staff:wu")
    for hours in (1, 2, 3):
        paid(book, hours=hours)
    book.deeds.reopen(litter, reason="申诉", by="staff:zheng")

    book.deeds.reject(litter, reason="不实", by="staff:zheng")

    lots = book.passbooks["wang"].lots["point"]
    assert (12, 0) == (balance(book), book.passbooks["wang"].owed)
    assert [2, 4, 6] == [lot.points for lot in lots]
    assert {date(2027, 3, 7)} == {lot.last_day for lot in lots}
    book.books.verify(rate=True)


def test_a_deduction_that_refuses_is_all_or_nothing(clock: FakeClock) -> None:
    """Never skipped with a report of success."""  # bug 31
    book = founded(deducting("refuse"), clock=clock)
    paid(book, hours=3)
    deed = book.deeds.report("litter", resident="wang")

    code = refusal(lambda: book.deeds.confirm(deed.id, by="staff:wu"))

    assert (Code.INSUFFICIENT_POINTS, 6) == (code, balance(book))
    assert "submitted" == book.deeds[deed.id].status


def test_a_deduction_waits_for_its_notice(clock: FakeClock, store: Store) -> None:
    """Decided on the 7th with two days of notice, it is taken as the 10th begins."""
    book = founded(deducting(notice=2), clock=clock, store=store)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")

    decision = book.deeds.confirm(deed.id, by="staff:wu")

    assert date(2026, 3, 10) == decision.award.effective_on
    clock.set("2026-03-09 23:59:59")
    assert 20 == balance(book)
    clock.set("2026-03-10")
    assert 12 == balance(book)
    assert 1 == book.books.sweep()
    assert 12 == balance(book)
    book.books.verify()


def test_a_deduction_called_off_during_its_notice_never_comes(clock: FakeClock) -> None:
    """While it is looked at again nothing is taken; rejected, nothing is."""
    book = founded(deducting(notice=2), clock=clock)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")
    book.deeds.reopen(deed.id, reason="申诉")
    clock.move(days=10)

    during = balance(book)
    book.deeds.reject(deed.id, reason="不是他", by="staff:zheng")
    clock.move(days=10)

    assert (20, 20) == (during, balance(book))


def test_a_deduction_taken_back_returns_to_the_lots_it_came_from(clock: FakeClock) -> None:
    """Points and last days are as they were."""  # bugs 21, 54
    book = founded(deducting(notice=2) + YEAR, clock=clock)
    paid(book, hours=3)
    clock.move(days=5)
    paid(book, hours=3)
    deed = book.deeds.report("litter", resident="wang")
    before = book.passbooks["wang"].lots
    book.deeds.confirm(deed.id, by="staff:wu")
    clock.move(days=4)
    book.books.sweep()
    assert 4 == balance(book)

    book.deeds.reopen(deed.id, reason="申诉")
    book.deeds.reject(deed.id, reason="不是他", by="staff:zheng")

    assert before == book.passbooks["wang"].lots


def test_the_terms_of_a_due_deduction_are_those_it_was_decided_by(clock: FakeClock) -> None:
    """A rulebook adopted meanwhile, also one of the same day without the rule, changes nothing."""
    book = founded(deducting(notice=2), clock=clock)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")
    book.rulebooks.adopt((HEAD + HELP).replace("2026-01-01", "2026-03-07"))
    clock.move(days=5)

    assert 12 == balance(book)


def test_a_repeated_deduction_is_doubled(clock: FakeClock) -> None:
    """Again within the year: twice as much."""
    book = founded(deducting(extra=', repeat = { factor = 2, within = "1 year" }'), clock=clock)
    taken = []
    for _ in range(2):
        deed = book.deeds.report("litter", resident="wang")
        taken.append(book.deeds.confirm(deed.id, by="staff:wu").award.points)

    assert [-8, -16] == taken


def test_a_repair_leaves_only_what_the_rule_says(clock: FakeClock) -> None:
    """The damage is repaired: 2 of 8 stay taken; once."""
    book = founded(deducting(extra=", repair = 2"), clock=clock)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")

    book.deeds.repair(deed.id, by="staff:zheng")

    assert 18 == balance(book)
    assert Code.STATE_NOT_FITTING == refusal(
        lambda: book.deeds.repair(deed.id, by="staff:zheng"))
    book.books.verify()


def test_the_head_bears_a_deduction_where_the_rule_says_so(clock: FakeClock) -> None:
    """With passbooks of residents, what the wife did is taken from the head of the household."""
    rules = deducting(extra=', borne_by = "head"').replace('"household"', '"resident"', 1)
    book = founded(rules, clock=clock)
    paid(book, "li", hours=10)
    deed = book.deeds.report("litter", resident="li-wife")

    book.deeds.confirm(deed.id, by="staff:wu")

    assert (12, 0) == (balance(book, "li"), balance(book, "li-wife"))


SANCTION = """
[[sanction]]
code = "pause"
title = "暂停兑换"
bars = ["redeem"]
lasts = "10 days"
"""


def test_a_sanction_comes_with_the_deduction_and_goes_with_it(clock: FakeClock) -> None:
    """Barred for ten days; called off, the bar is gone at once."""
    book = founded(deducting(extra=', sanction = "pause"') + SANCTION, clock=clock)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")

    page = book.passbooks["wang"]
    assert (("pause",), 12, 0) == (page.sanctions, page.balance, page.available)
    book.deeds.reopen(deed.id, reason="申诉")
    book.deeds.reject(deed.id, reason="不是他", by="staff:zheng")
    page = book.passbooks["wang"]
    assert ((), 20, 20) == (page.sanctions, page.balance, page.available)


def test_a_sanction_ends_by_itself(clock: FakeClock) -> None:
    """Ten days, the first one not counted: barred through the 17th."""
    book = founded(deducting(extra=', sanction = "pause"') + SANCTION, clock=clock)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")

    clock.set("2026-03-17 23:59")
    assert ("pause",) == book.passbooks["wang"].sanctions
    clock.set("2026-03-18")
    assert () == book.passbooks["wang"].sanctions


def test_a_sanction_of_whole_years_ends_with_the_rulebooks_year(clock: FakeClock) -> None:
    """This year is the one that the rulebook begins in April."""
    rules = deducting(extra=', sanction = "pause"') + SANCTION.replace(
        'lasts = "10 days"', "lasts_periods = 1")
    book = founded(rules.replace("effective =", 'year_start = "04-01"\neffective =', 1),
                   clock=clock)
    deed = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")

    clock.set("2026-03-31")
    assert ("pause",) == book.passbooks["wang"].sanctions
    clock.set("2026-04-01")
    assert () == book.passbooks["wang"].sanctions
