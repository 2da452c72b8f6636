"""What a newcomer gets wrong in the first hour is answered with what to write instead."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import pytest

from lovepoints import Community, Refused
from lovepoints.testing import FakeClock, community
from tests.docs.pages import ROOT


@pytest.fixture
def village() -> Community:
    """The first rulebook, one resident, one officer, soap on the shelf."""
    book = community(clock=FakeClock("2026-03-07"))
    book.rulebooks.adopt(ROOT / "examples" / "rulebooks" / "first.toml")
    book.residents.appoint("staff:wang", role="grid-officer")
    book.residents.enrol("0421", household="3-2-501")
    book.shop.stock("soap", price=5)
    book.shop.receive("soap", 3)
    return book


@pytest.mark.parametrize(("mistake", "said"), [
    (lambda book: book.shop.redeem("soap", holder="0421"), 'a basket reads {"soap": 1}'),
    (lambda book: book.shop.redeem({}, holder="0421"), "at least one item"),
    (lambda book: book.shop.redeem({"soap": 1}, holder=421), "holder must be text, not 421"),
    (lambda book: book.shop.receive("soap", "20"), "whole number, not '20'"),
    (lambda book: book.shop.stock("rice", price=5.5), "text, int or Decimal, not 5.5"),
    (lambda book: book.shop.stock("rice", price="5.5"), "steps of 1, not 5.5"),
    (lambda book: book.passbooks.of("0421", as_of="2026-01-01"), "an aware datetime"),
    (lambda book: book.deeds.report("volunteer", resident="0421", quantity="2h"), "like 2 or 1.5"),
    (lambda book: book.deeds.report("volunteer", resident="0421", on="2026-03-01"), "takes a date"),
    (lambda book: book.shop.redeem({"sope": 1}, holder="0421"), "no item 'sope'"),
    (lambda book: book.deeds["d-99"], "no deed 'd-99'"),
])
def test_a_wrong_call_says_what_was_expected(
    village: Community, mistake: Callable[[Community], object], said: str,
) -> None:
    """The message names what came and what is expected, and nothing is written."""
    size = village.describe()["entries"]

    with pytest.raises((TypeError, ValueError, LookupError)) as raised:
        mistake(village)

    assert said in str(raised.value)
    assert size == village.describe()["entries"]


def test_a_traceback_shows_the_facts_of_a_refusal(village: Community) -> None:
    """A programmer who forgot `by=` reads which roles may confirm; a resident never does."""
    deed = village.deeds.report("hazard", resident="0421", place="3栋", by="0421")

    with pytest.raises(Refused) as refused:
        village.deeds.confirm(deed.id, grade="minor")

    shown = "".join(traceback.format_exception(refused.value))
    assert "'roles': ['committee', 'grid-officer']" in shown
    assert "committee" not in str(refused.value)
