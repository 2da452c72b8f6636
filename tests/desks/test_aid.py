"""Stories of aid: a household in need, its plan and reviews, who visits it, what is brought."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

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
code = "visit"
title = "走访"
points = { per = "hour", value = 2 }
confidential = true
"""
MAY = date(2026, 5, 1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock("2026-03-02 09:00")


@pytest.fixture
def book(clock: FakeClock) -> Iterator[Community]:
    """A household in need, a neighbour who helps, an aid officer who lives there too."""
    with community(clock=clock) as found:
        found.rulebooks.adopt(RULES)
        for code, home in (("old-li", "li"), ("li-son", "li"), ("helper", "wang"),
                           ("other", "zhou")):
            found.residents.enrol(code, name=f"NAME {code}", household=home)
        found.residents.appoint("staff:aid", role="aid-officer")
        found.residents.appoint("staff:son", role="aid-officer", resident="li-son")
        found.residents.appoint("staff:field", role="grid-officer")
        found.residents.appoint("staff:sun", role="custodian")
        found.shop.stock("rice", title="大米")
        found.shop.receive("rice", 9)
        yield found
        assert found.books.verify().is_sound


def _open(book: Community, **said: Any) -> str:  # Any: arguments of many types
    return book.aid.open("li", **{
        "ground": "low-income", "level": 2, "review_by": MAY, "plan": "PLAN 每周送餐\n修门",
        "note": "NOTE 独居", "by": "staff:aid", **said}).id


def _pair(book: Community, **said: Any) -> str:  # Any: arguments of many types
    return book.aid.pair("li", helper="helper", every=14, agreed=True, rule="visit",
                         by="staff:aid", **said).id


def no(call: Callable[[], object]) -> Code:
    """The code of a refusal."""
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def test_a_case_from_its_opening_to_its_end(book: Community, clock: FakeClock) -> None:
    case = _open(book)
    assert book.aid[case].steps == 2
    clock.move(days=70)
    assert [one.id for one in book.aid.reviews_due(by="staff:aid")] == [case]

    book.aid.review(case, level=4, plan="PLAN 每月走访", review_by=date(2026, 9, 1),
                    by="staff:aid")
    assert book.aid.reviews_due(by="staff:aid") == ()
    words = book.aid.words(case, reason="复核", by="staff:aid")
    assert (words.note, words.plan) == ("NOTE 独居", "PLAN 每月走访")

    closed = book.aid.close(case, reason="已脱困", by="staff:aid")
    assert (closed.level, closed.until) == (4, date(2026, 5, 11))
    assert book.aid.cases(on=date(2026, 5, 12), by="staff:aid") == ()
    assert book.aid.words(case, reason="复核", by="staff:aid").reason == "已脱困"


def test_cases_stand_by_need(book: Community) -> None:
    mild, urgent = _open(book, level=5), book.aid.open(
        "zhou", ground="illness", level=1, review_by=MAY, by="staff:aid").id
    assert [one.id for one in book.aid.cases()] == [urgent, mild]


def test_a_household_has_one_open_case(book: Community) -> None:
    first = _open(book)
    assert no(lambda: _open(book)) == Code.STATE_NOT_FITTING
    book.aid.close(first, reason="换人办理", by="staff:aid")
    assert _open(book) != first
    assert len(book.aid.of("li")) == 2


@pytest.mark.parametrize("say", [
    lambda book: _open(book, by="staff:son"),
    lambda book: book.aid.review(_open(book), review_by=MAY, by="staff:son"),
    lambda book: book.aid.close(_open(book), reason="好了", by="staff:son"),
    lambda book: book.aid.visit(_pair(book), minutes=60, by="staff:son"),
    lambda book: book.aid.pair("li", helper="li-son", agreed=True, by="staff:aid"),
], ids=("open", "review", "close", "visit", "pair"))
def test_nobody_decides_about_her_own_household(
    book: Community, say: Callable[[Community], object],
) -> None:
    assert no(lambda: say(book)) == Code.SELF_CONFIRMATION


def test_no_pairing_without_consent(book: Community) -> None:
    with pytest.raises(Refused) as refused:
        book.aid.pair("li", helper="helper", by="staff:aid")
    assert (refused.value.code, refused.value.facts["missing"]) == (
        Code.FACT_MISSING, ["consent"])


@pytest.mark.parametrize("who", ["helper", "old-li", "staff:aid"])
def test_either_side_ends_a_pairing(book: Community, who: str) -> None:
    pairing = _pair(book)
    assert no(lambda: book.aid.part(pairing, by="other")) == Code.NOT_PERMITTED
    book.aid.part(pairing, by=who)
    assert no(lambda: book.aid.part(pairing, by=who)) == Code.STATE_NOT_FITTING
    assert book.aid.pairings(on=date(2026, 3, 3)) == ()


def test_a_visit_earns_once_a_day_and_brings_goods(book: Community, clock: FakeClock) -> None:
    pairing = _pair(book)
    visit = book.aid.visit(pairing, minutes=90, brought={"rice": 2}, by="staff:aid")
    assert no(lambda: book.aid.visit(pairing, minutes=90, by="helper")) == Code.STATE_NOT_FITTING
    assert book.deeds.confirm(visit.deed, by="staff:field").awards[0].points == 3
    assert (book.shop.item("rice").free, len(visit.brought)) == (7, 1)

    clock.move(days=15)
    assert [one.due for one in book.aid.visits_due()] == [date(2026, 3, 16)]
    late = book.aid.visit(pairing, on=date(2026, 3, 10), minutes=30, by="helper").pairing
    assert (late.due, late.visits) == (date(2026, 3, 24), (date(2026, 3, 2), date(2026, 3, 10)))


def test_a_visit_that_cannot_bring_it_all_did_not_happen(book: Community) -> None:
    """Nothing is handed over and no deed is reported where one item is short."""
    pairing, before = _pair(book), book.describe()["entries"]
    assert no(lambda: book.aid.visit(
        pairing, minutes=60, brought={"rice": 10}, by="staff:aid")) == Code.INSUFFICIENT_STOCK
    assert book.describe()["entries"] == before
    assert book.aid.pairings()[0].visits == ()


def test_a_helper_does_not_take_from_the_shelf(book: Community) -> None:
    pairing = _pair(book)
    assert no(lambda: book.aid.visit(
        pairing, brought={"rice": 1}, by="helper")) == Code.NOT_PERMITTED
    assert no(lambda: book.aid.visit(pairing, by="other")) == Code.NOT_PERMITTED


@pytest.mark.parametrize("who", ["other", "helper", "old-li", "staff:field"])
def test_the_register_is_closed_to_others(book: Community, who: str) -> None:
    """That a household is helped is for those who help; an officer of the street is not one."""
    case, pairing = _open(book), _pair(book)
    for read in (book.aid.cases, book.aid.reviews_due, book.aid.pairings, book.aid.visits_due):
        assert no(lambda read=read: read(by=who)) == Code.NOT_PERMITTED  # type: ignore[misc]
    assert no(lambda: book.aid.of("li", by=who)) == Code.NOT_PERMITTED
    assert no(lambda: book.aid.words(case, reason="看", by=who)) == Code.NOT_PERMITTED
    own = book.aid.pairings(helper="helper", by="helper")
    assert [one.id for one in own] == [pairing]


def test_each_look_at_the_words_stands_in_the_log(book: Community) -> None:
    case = _open(book)
    assert no(lambda: book.aid.words(case, reason="", by="staff:aid")) == Code.REASON_NEEDED
    book.aid.words(case, reason="复核", by="staff:aid")
    assert [(one.what, one.by, one.reason) for one in book.privacy.who_saw(
        "li", by="staff:sun")] == [("aid_words", "staff:aid", "复核")]


def test_erasing_waits_for_the_end_and_takes_the_words(book: Community) -> None:
    case, pairing = _open(book), _pair(book)
    for code in ("old-li", "li-son", "helper"):
        book.residents.leave(code)
    book.residents.leave("li")
    with pytest.raises(Refused) as refused:
        book.privacy.erase("li", reason="申请", by="staff:sun")
    assert (refused.value.code, refused.value.facts["aid"]) == (Code.ERASURE_BLOCKED, 2)
    book.aid.close(case, reason="迁走", by="staff:aid")
    book.aid.part(pairing, by="staff:aid")


def test_her_export_tells_her_of_her_case_and_nobody_of_the_other_side(book: Community) -> None:
    _open(book)
    _pair(book)
    hers = book.privacy.export("old-li", by="old-li")
    assert [(one.what, one.words.get("note")) for one in hers.aid] == [
        ("case", "NOTE 独居"), ("helped", None)]
    assert "helper" not in hers.to_json().replace("helped", "")
    helpers = book.privacy.export("helper", by="helper")
    assert [(one.what, one.words) for one in helpers.aid] == [("helper", {})]
    assert "old-li" not in helpers.to_json()
    assert book.privacy.export("other", by="other").aid == ()


def test_redacting_takes_the_words_of_a_case(book: Community) -> None:
    case = _open(book)
    book.privacy.redact(case, reason="申请", by="staff:sun")
    assert book.aid.words(case, reason="复核", by="staff:aid").note == ""


def test_saying_it_twice_is_once(book: Community) -> None:
    pairing = _pair(book)
    first, again = (book.aid.visit(pairing, minutes=60, brought={"rice": 1}, by="staff:aid",
                                   key="visit-1") for _ in range(2))
    assert (first.deed, again.is_repeat, book.shop.item("rice").free) == (again.deed, True, 8)
