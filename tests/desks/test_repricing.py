"""A changed price list is rehearsed, and what would be missing if everybody came on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lovepoints import papers
from lovepoints.community import Community
from lovepoints.errors import NotFound
from lovepoints.stores import dump
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, YEAR, founded, refusal

RULES = HEAD + HELP + YEAR
MARCH = (date(2026, 3, 1), date(2026, 3, 30))


@pytest.fixture
def clock() -> FakeClock:
    """A day of hand-overs."""
    return FakeClock("2026-03-07 10:00")


@pytest.fixture
def book(clock: FakeClock) -> Community:
    """Wang fetched rice twice and returned one, Zhou soap; ten rice and ten soap were there."""
    told = founded(RULES, clock=clock)
    for item, price in (("rice", 20), ("soap", 5)):
        told.shop.stock(item, price=price)
        told.shop.receive(item, 10)
    for who, points in (("wang", 45), ("zhou", 30)):
        told.books.opening(who, points)
    slip = told.shop.redeem({"rice": 2}, holder="wang")
    told.shop.return_(slip.id, part={"rice": 1})
    told.shop.redeem({"soap": 2}, holder="zhou")
    clock.set("2026-03-30 10:00")
    return told


def test_who_pays_more_and_how_long_the_shelf_lasts(book: Community) -> None:
    """One rice stands at 20, now 50; two soaps cost 10 as before. 9 rice and 8 soap are left."""
    found = book.shop.rehearse({"rice": 50}, *MARCH)

    assert (2, 30, 60) == (found.redemptions, found.was, found.now)
    assert [("home-wang", 20, 50)] == [(one.holder, one.was, one.now) for one in found.losers]
    assert ((), ("home-wang",)) == (found.winners, found.short)
    assert (Decimal("7.3"), Decimal("8.2")) == (found.months_was, found.months_now)
    assert (45, 490, 0) == (found.cover.outstanding, found.cover.shelf, found.cover.missing)


def test_who_pays_less(book: Community) -> None:
    """Dearest last among those who pay more, cheapest first among those who pay less."""
    found = book.shop.rehearse({"rice": 1, "soap": 4}, *MARCH)

    assert [("home-wang", -19), ("zhou", -2)] == [
        (one.holder, one.difference) for one in found.winners]
    assert ((), (), 41) == (found.losers, found.short, found.cover.shelf)
    assert 4 == found.cover.missing


def test_who_has_just_enough_is_not_short(book: Community) -> None:
    """Wang has 25: 25 more can be paid, 26 cannot."""
    found = [book.shop.rehearse({"rice": price}, *MARCH).short for price in (45, 46)]

    assert [(), ("home-wang",)] == found


def test_the_list_that_is_in_force_changes_nothing(book: Community) -> None:
    """The prices that were paid give what was paid; so does an empty list."""
    for prices in ({"rice": 20, "soap": 5}, {}):
        found = book.shop.rehearse(prices, *MARCH)

        assert (found.was, found.months_was, ()) == (found.now, found.months_now, found.shifts)
        assert book.shop.cover() == found.cover


def test_only_the_days_asked_for(book: Community) -> None:
    """Both ends count."""
    assert [2, 0, 0] == [book.shop.rehearse({}, *days).redemptions for days in (
        (date(2026, 3, 7), date(2026, 3, 7)), (date(2026, 3, 1), date(2026, 3, 6)),
        (date(2026, 3, 8), date(2026, 3, 30)))]


def test_nothing_is_written(book: Community) -> None:
    """The book is the same after both questions, and its prices too."""
    before = dump(book._book.store)

    book.shop.rehearse({"rice": 50}, *MARCH)
    book.shop.cover(date(2026, 4, 4), prices={"rice": 50})

    assert before == dump(book._book.store)
    assert 20 == book.shop.item("rice").points


def test_if_everybody_came_on_saturday(book: Community, clock: FakeClock) -> None:
    """What ends, begins, lapses and spoils until then is taken into account."""
    saturday = date(2026, 4, 4)
    book.shop.price("rice", 30, since=saturday)
    book.shop.receive("soap", 100, best_before=date(2026, 4, 3))
    book.shop.hold({"soap": 3}, holder="zhou")  # lapses after 6 April

    today, then, later = (book.shop.cover(on) for on in (None, saturday, date(2026, 4, 11)))

    assert (date(2026, 3, 30), 30, 9 * 20 + 105 * 5) == (
        today.day, today.outstanding, today.shelf)
    assert (saturday, 30, 9 * 30 + 8 * 5) == (then.day, then.outstanding, then.shelf)
    assert (45, 9 * 30 + 8 * 5) == (later.outstanding, later.shelf)
    assert today == book.shop.cover(date(2026, 3, 30))


def test_points_that_end_until_then_find_no_goods(book: Community) -> None:
    """A year on the points of March are over; nobody could spend them."""
    assert [45, 0] == [book.shop.cover(day).outstanding
                       for day in (date(2027, 3, 7), date(2027, 3, 8))]


def test_the_pace_is_that_of_the_last_days(book: Community) -> None:
    """What was fetched until today, whichever day is asked for."""
    assert [30, 30] == [book.shop.cover(day).fetched for day in (None, date(2026, 7, 1))]


def test_a_price_of_today_gives_way_to_the_one_asked_for(book: Community) -> None:
    """Also where the price in force was set this very day."""
    book.shop.price("rice", 25)

    assert 9 + 8 * 5 == book.shop.cover(prices={"rice": 1}).shelf


def test_what_would_be_missing_at_other_prices(book: Community) -> None:
    """Cheaper goods cover fewer points; an item without a price may be given one."""
    book.shop.stock("tea")
    book.shop.receive("tea", 2)

    assert ("tea",) == book.shop.cover().unpriced
    cheap = book.shop.cover(prices={"rice": 1, "soap": 1, "tea": 3})
    assert (9 + 8 + 6, 22, 2_200, ()) == (
        cheap.shelf, cheap.missing, cheap.missing_fen, cheap.unpriced)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [24, 32, 48, 72])
def test_the_paper_fits(lang: str, width: int, book: Community) -> None:
    """No line is wider than the paper; who is not listed is counted."""
    found = book.shop.rehearse({"rice": 50, "soap": 9}, *MARCH)

    paper = papers.price_rehearsal_slip(found, width=width, lang=lang, most=1)

    assert all(papers.layout.width(line) <= width for line in paper.split("\n"))
    assert ("home-wang" in paper, "zhou" in paper) == (True, False)


def test_what_cannot_be_asked(book: Community, clock: FakeClock) -> None:
    """A day that is over, an unknown item, a free price, somebody without the office."""
    with pytest.raises(ValueError, match="over"):
        book.shop.cover(date(2026, 3, 29))
    with pytest.raises(NotFound, match="bread"):
        book.shop.cover(prices={"bread": 1})
    with pytest.raises(ValueError, match="names points"):
        book.shop.rehearse({"rice": 0}, *MARCH)
    assert "not_permitted" == refusal(lambda: book.shop.rehearse({}, *MARCH, by="staff:wu"))
    assert "rulebook_unknown" == refusal(lambda: founded("", clock=clock).shop.cover(
        prices={"rice": 1}))
