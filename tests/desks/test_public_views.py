"""What hangs on walls and stands on screens leads to no reporter (S1, S38)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints import papers
from lovepoints.community import Community
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import founded, paid
from tests.desks.test_confidential import CANARIES, RULES, forward, tip, town
from tests.desks.test_confidential import clock as clock

__all__ = ["town"]
AMOUNT = "20"
"""What a tip is worth; nothing else in these books is worth that."""


def public_views(book: Community) -> dict[str, str]:
    """Everything that this book gives to be hung up, shown to everybody or passed on outside."""
    item, shelf = book.shop.item("soap"), book.shop.shelf()
    told: dict[str, object] = {
        f"rank {code}": [(one.place, one.code, str(one.points))
                         for one in book.passbooks.ranking(code)]
        for code in ("best", "guardian", "rich")}
    for lang in ("zh", "en"):
        told |= {
            f"shelf {lang}": papers.shelf_list(shelf, lang=lang),
            f"who {lang}": papers.who_may_fetch(item, book.shop.who_may_fetch("soap"), lang=lang),
            f"checkpoint {lang}": papers.checkpoint_slip(book.books.checkpoint(), lang=lang),
        }
    return {name: str(value) for name, value in told.items()}


def test_no_public_view_leads_to_a_reporter(town: Community, clock: FakeClock) -> None:
    """One tip among ordinary deeds: no public view holds its rule, number, moment, amount, or a
    word of who reported it; nor does the slip on which its case is passed on."""
    town.shop.stock("soap", title="肥皂", price=3)
    town.shop.receive("soap", 9)
    for person in ("li", "wang", "zhou"):
        paid(town, person, hours=1)
    clock.move(days=1)
    before = public_views(town)
    clock.move(hours=3, minutes=17)
    deed = tip(town)
    town.deeds.confirm(deed, by="staff:wu")
    clock.move(days=2)

    told = public_views(town)
    told["slip"] = papers.forwarding_slip(forward(town, deed), lang="zh")

    words = (*CANARIES[:4], "home-chen", "tip", "举报", "第九条", "13:17", "'20'", " 20 ")
    found = {name: [word for word in words if word in view] for name, view in told.items()}
    assert {"who zh", "who en"} == {name for name, some in found.items() if some}
    assert ["home-chen"] == found["who zh"]  # that she has points to spend is not hidden
    same = [name for name in before if name.startswith(("rank", "shelf"))]
    assert [before[name] for name in same] == [told[name] for name in same]


@pytest.mark.parametrize("people", [4, 5])
def test_a_list_of_reporters_needs_five_who_agreed(
    town: Community, clock: FakeClock, people: int,
) -> None:
    """Below five it is empty; from five on it has places and no points. Who did not agree is not
    on it."""
    for number in range(people + 1):
        town.residents.enrol(f"new-{number}", household=f"home-{number}")
        town.residents.describe(f"home-{number}", agrees=number < people)
        for _ in range(number + 1):
            town.deeds.confirm(town.deeds.report(
                "tip", resident=f"new-{number}", by=f"new-{number}").id, by="staff:wu")
    clock.move(days=1)

    listed = town.passbooks.ranking("guardian")

    expected = [] if people < 5 else [(1, "home-4"), (2, "home-3"), (3, "home-2")]
    assert expected == [(one.place, one.code) for one in listed]
    assert {(0, True)} >= {(one.points, one.is_coarse) for one in listed}


@given(st.lists(st.sampled_from(["help", "tip", "spend", "night", "again"]), max_size=14))
@settings(max_examples=25, deadline=None)
def test_confidential_points_move_no_list(steps: list[str]) -> None:
    """Whatever is done, lists by earned points and by balance are those of a book in which no
    tip was ever paid."""
    lists = [played(steps, with_tips=with_tips) for with_tips in (True, False)]

    assert lists[0] == lists[1]


def played(steps: list[str], *, with_tips: bool) -> list[object]:
    """The public lists after each step; in the book without tips these steps do nothing."""
    clock = FakeClock("2026-03-07 10:00")
    book = founded(RULES, clock=clock)
    book.residents.enrol("chen", household="home-chen")
    book.shop.stock("soap", title="肥皂", price=2)
    book.shop.receive("soap", 99)
    paid(book, "chen", hours=30)
    told: list[object] = []
    for step in steps:
        if step == "help":
            paid(book, "chen", hours=1)
        elif step == "spend":
            book.shop.redeem({"soap": 1}, holder="home-chen")
        elif step == "night":
            clock.move(days=1)
        elif with_tips:
            deed = tip(book)
            book.deeds.confirm(deed, by="staff:wu")
            if step == "again":
                book.deeds.reopen(deed, reason="异议")
                book.deeds.reject(deed, reason="查无此事", by="staff:wu")
        told.append([book.passbooks.ranking(code) for code in ("best", "rich")])
    return told


def test_looking_again_does_not_tell_who_was_just_paid(
    town: Community, clock: FakeClock,
) -> None:
    """Between one midnight and the next no payment, correction or purchase moves a list, by
    whichever sum it goes; the next day it is there."""
    paid(town, "zhou", hours=3)
    clock.move(days=1)
    first = paid(town, "wang", hours=5)
    clock.move(days=1)
    town.shop.stock("soap", title="肥皂", price=2)
    town.shop.receive("soap", 9)
    town.deeds.reopen(first.deed.id, reason="异议")
    seen = [{code: town.passbooks.ranking(code) for code in ("best", "rich")}]

    town.deeds.reject(first.deed.id, reason="未到场", by="staff:wu")
    paid(town, "zhou", hours=9)
    town.shop.redeem({"soap": 1}, holder="zhou")
    paid(town, "li", hours=1)
    seen.append({code: town.passbooks.ranking(code) for code in ("best", "rich")})
    clock.move(days=1)
    after = {code: town.passbooks.ranking(code) for code in ("best", "rich")}

    told = [(one.code, one.points) for one in seen[0]["best"]]
    assert [("home-wang", 10), ("zhou", 6)] == told
    assert seen[0] == seen[1]
    assert [[("zhou", 24)], [("zhou", 22)]] == [
        [(one.code, one.points) for one in after[code]] for code in ("best", "rich")]


def test_a_list_of_a_past_day_is_whole(town: Community, clock: FakeClock) -> None:
    """A year that is over lists everything that was earned in it."""
    paid(town, "wang", hours=5)
    clock.set("2027-01-02")

    assert ["home-wang"] == [one.code for one in town.passbooks.ranking(
        "best", on=date(2026, 12, 31))]
