"""A rulebook is rehearsed over real deeds: who wins and loses, what it costs; none is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lovepoints import papers
from lovepoints.community import Community, opened
from lovepoints.desks.rehearsals import Rehearsal
from lovepoints.stores import dump, sqlite
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HAZARD, HEAD, HELP, LITTER, QUEUE, founded, paid, refusal

SECRET = HAZARD.replace("points = {", "confidential = true\nlabel = \"平安\"\npoints = {", 1)
CAP = """
[[limit]]
code = "month"
title = "每月封顶"
rules = ["help"]
per = "resident"
each = "month"
most = 20
"""
RULES = HEAD + HELP + SECRET + LITTER + CAP
HIGHER = RULES.replace("value = 2", "value = 3").replace("points = 8", "points = 4")
MARCH = (date(2026, 3, 1), date(2026, 3, 30))


@pytest.fixture
def clock() -> FakeClock:
    """The last day of the period."""
    return FakeClock("2026-03-07 10:00")


@pytest.fixture
def book(clock: FakeClock) -> Community:
    """Wang is capped, Zhou is not, Li littered, Sun saw a hazard; the shelf is worth 60."""
    told = founded(RULES, clock=clock)
    paid(told, "wang", hours=12)
    paid(told, "zhou", hours=4)
    told.deeds.confirm(told.deeds.report("litter", resident="li-wife").id, by="staff:wu")
    hazard = told.deeds.report("hazard", resident="sun").id
    told.deeds.confirm(hazard, grade="major", by="staff:wu")
    told.shop.stock("rice", price=20)
    told.shop.receive("rice", 3)
    clock.set("2026-03-30 10:00")
    return told


def test_points_and_money_as_they_are_and_as_they_would_be(book: Community) -> None:
    """20 (capped of 24) + 8 + 20 were given; at 3 an hour it is 20 (of 36) + 12 + 20."""
    found = book.rulebooks.rehearse(HIGHER, *MARCH)

    assert (48, 8, 4_800) == (found.was.points, found.was.deducted, found.was.fen)
    assert (52, 4, 5_200) == (found.now.points, found.now.deducted, found.now.fen)
    assert ({"point": 40}, {"point": 48}) == (found.was.amounts, found.now.amounts)
    assert (4, 2) == (found.decisions, found.changed)


def test_who_wins_and_who_loses(book: Community) -> None:
    """By passbook, most first; whose points stay the same is not named."""
    found = book.rulebooks.rehearse(HIGHER, *MARCH)
    back = book.rulebooks.rehearse(HIGHER.replace("value = 3", "value = 1"), *MARCH)

    assert [("zhou", 8, 12, 4), ("home-li", -8, -4, 4)] == _told(found.winners)
    assert () == found.losers
    assert [("home-wang", 20, 12, -8), ("zhou", 8, 4, -4)] == _told(back.losers)


def _told(shifts: object) -> list[tuple[object, ...]]:
    return [(one.holder, one.was, one.now, one.difference) for one in shifts]  # type: ignore[attr-defined]


def test_limits_that_are_reached(book: Community) -> None:
    """Each limit with how often it took something away, then and now."""
    found = book.rulebooks.rehearse(HIGHER.replace("most = 20", "most = 11"), *MARCH)

    assert ({"month": 1}, {"month": 2}) == (found.was.cuts, found.now.cuts)


def test_how_long_the_shelf_and_the_pledged_money_last(book: Community) -> None:
    """60 points of goods and 36 bought with 36 yuan, against 48 points in 30 days."""
    found = book.rulebooks.rehearse(HIGHER, *MARCH, pledged=3_600)

    assert (60, Decimal("2.0"), Decimal("1.8")) == (found.shelf, found.was.months, found.now.months)


def test_money_buys_nothing_where_a_point_stands_for_none(book: Community) -> None:
    """Then only the goods on the shelf last."""
    free = HIGHER.replace('holder = "household"', 'holder = "household"\npoint_value = 0')

    found = book.rulebooks.rehearse(free, *MARCH, pledged=3_600)

    assert (0, Decimal("1.2")) == (found.now.fen, found.now.months)


def test_nothing_given_lasts_for_ever(book: Community) -> None:
    """Where nothing was decided there is no pace, and nobody to name."""
    found = book.rulebooks.rehearse(HIGHER, date(2026, 1, 1), date(2026, 1, 31))

    assert (0, None, ()) == (found.decisions, found.now.months, found.shifts)


def test_only_the_days_asked_for(book: Community, clock: FakeClock) -> None:
    """Both ends count; what was decided on another day does not."""
    paid(book, "zhou", hours=1)

    assert [4, 1, 0] == [book.rulebooks.rehearse(HIGHER, *days).decisions for days in (
        (date(2026, 3, 7), date(2026, 3, 7)), (date(2026, 3, 30), date(2026, 3, 30)),
        (date(2026, 3, 8), date(2026, 3, 29)))]


def test_a_confidential_kind_is_in_the_sums_and_never_in_the_list(book: Community) -> None:
    """Who got more for a confidential report is nobody's business; the new text may hide more."""
    more = RULES.replace("major = 20", "major = 90")

    found = book.rulebooks.rehearse(more, *MARCH)
    hidden = book.rulebooks.rehearse(HIGHER.replace(
        'title = "助老"', 'title = "助老"\nconfidential = true'), *MARCH)

    assert (118, (), 1) == (found.now.points, found.shifts, found.changed)
    assert ["home-li"] == [one.holder for one in hidden.shifts]
    assert "home-sun" not in repr(found)


def test_a_kind_of_deed_that_is_gone_is_refused(book: Community) -> None:
    """Deeds of a rule that the new text leaves out come to nothing, and are counted."""
    found = book.rulebooks.rehearse(HEAD + SECRET + LITTER, *MARCH)

    assert ({"rule_not_in_force": 2}, 20) == (found.refused, found.now.points)


def test_a_text_that_begins_later_is_rehearsed_as_if_it_held(book: Community) -> None:
    """A draft for May says what it would have done in March."""
    may = HIGHER.replace("effective = 2026-01-01", "effective = 2026-05-01")

    assert book.rulebooks.rehearse(HIGHER, *MARCH).now == book.rulebooks.rehearse(may, *MARCH).now


def test_what_is_no_longer_confidential_stays_unnamed(book: Community) -> None:
    """Those who reported under the old text were promised it."""
    bare = HAZARD.replace("major = 20", "major = 90")

    found = book.rulebooks.rehearse(HEAD + HELP + bare + LITTER + CAP, *MARCH)

    assert (118, ()) == (found.now.points, found.shifts)


def test_a_limit_that_only_warns_takes_nothing(book: Community) -> None:
    """It is not counted among the limits that were reached."""
    warning = RULES.replace("most = 20", 'most = 20\ncrossing = "warn"')

    found = book.rulebooks.rehearse(warning, *MARCH)

    assert ({"month": 1}, {}, 52) == (found.was.cuts, found.now.cuts, found.now.points)


CEILING = HEAD + HELP + """
[[kind]]
code = "point"
ceiling = { points = 30, overflow = "lost" }
"""


def test_a_full_passbook_is_full_sooner(clock: FakeClock) -> None:
    """10, 10 and 6 were given; at three an hour it is 15, 15 and nothing."""
    book = founded(CEILING, clock=clock)
    for hours in (5, 5, 3):
        paid(book, hours=hours)

    found = book.rulebooks.rehearse(
        CEILING.replace("value = 2", "value = 3"), MARCH[0], date(2026, 3, 7))

    assert (26, 30) == (found.was.points, found.now.points)


def test_what_was_taken_back_leaves_its_room(clock: FakeClock) -> None:
    """A rejected deed fills no passbook under either text, and is no decision that stands."""
    book = founded(CEILING, clock=clock)
    gone = paid(book, hours=5).deed.id
    book.deeds.reopen(gone, reason="看")
    book.deeds.reject(gone, reason="不实", by="staff:wu")
    paid(book, hours=9)

    found = book.rulebooks.rehearse(
        CEILING.replace("value = 2", "value = 3"), MARCH[0], date(2026, 3, 7))

    assert (1, 18, 27) == (found.decisions, found.was.points, found.now.points)


def test_points_that_waited_are_paid_in_the_same_places(clock: FakeClock) -> None:
    """Of 24 instead of 16, ten a month: 4 wait on where nothing waited."""
    book = founded(QUEUE, clock=clock)
    paid(book, hours=8)
    clock.set("2026-04-02 10:00")
    book.deeds.pay_waiting(by="staff:zheng")

    found = book.rulebooks.rehearse(
        QUEUE.replace("value = 2", "value = 3"), MARCH[0], date(2026, 4, 2))

    assert (16, 20, 4) == (found.was.points, found.now.points, found.waiting)


def test_points_that_would_wait(book: Community) -> None:
    """What a queue keeps back is told apart from what is given."""
    queue = HIGHER.replace("most = 20", 'most = 20\ncrossing = "queue"')

    found = book.rulebooks.rehearse(queue, *MARCH)

    assert (52, 16) == (found.now.points, found.waiting)


def test_kinds_that_cannot_be_spent_are_no_money(clock: FakeClock) -> None:
    """Honour is told by kind, in its own decimals, and is in no sum of points."""
    honour = """
[[kind]]
code = "point"
[[kind]]
code = "honour"
decimals = 1
spendable = false
credited = false
"""
    rules = HEAD + honour + HELP.replace("value = 2 }", "value = 2 }\nalso = { honour = 0.5 }")
    book = founded(rules, clock=clock)
    paid(book, hours=5)

    found = book.rulebooks.rehearse(rules.replace("0.5", "1.5"), MARCH[0], date(2026, 3, 7))

    assert ({"honour": Decimal("1.5"), "point": 10}, 10) == (found.now.amounts, found.now.points)
    assert (Decimal("0.5"), ()) == (found.was.amounts["honour"], found.shifts)


def test_who_was_erased_goes_by_her_pseudonym(book: Community, clock: FakeClock) -> None:
    """Nobody's sum is lost, and nobody who is gone is named."""
    book.residents.appoint("staff:bao", role="custodian")
    book.books.adjust("zhou", -8, reason="清")
    book.residents.leave("zhou", on=date(2026, 3, 29))
    book.privacy.erase("zhou", reason="本人申请", by="staff:bao")

    found = book.rulebooks.rehearse(HIGHER, *MARCH)

    assert {True: 1, False: 1} == {name: sum(one.holder.startswith("r-") is name
                                             for one in found.shifts) for name in (True, False)}


def test_only_the_office_and_the_auditor_may_rehearse(book: Community) -> None:
    """A list of who wins and loses is not for everybody."""
    book.residents.appoint("staff:shen", role="auditor")

    assert 4 == book.rulebooks.rehearse(HIGHER, *MARCH, by="staff:shen").decisions
    for by in ("staff:wu", "zhou"):
        assert "not_permitted" == refusal(
            lambda by=by: book.rulebooks.rehearse(HIGHER, *MARCH, by=by))  # type: ignore[misc]


@pytest.mark.parametrize(("since", "until", "says"), [
    (date(2026, 3, 2), date(2026, 3, 1), "before"),
    (date(2026, 3, 1), date(2026, 3, 31), "future"),
])
def test_days_that_are_none(since: date, until: date, says: str, book: Community) -> None:
    """The wrong way round, or still to come."""
    with pytest.raises(ValueError, match=says):
        book.rulebooks.rehearse(HIGHER, since, until)


def test_a_book_without_a_rulebook(clock: FakeClock) -> None:
    """There is nothing to compare with."""
    book = founded("", clock=clock)

    assert "rulebook_unknown" == refusal(
        lambda: book.rulebooks.rehearse(HIGHER, MARCH[0], date(2026, 3, 7)))


def test_it_tells_how_far_it_is(book: Community) -> None:
    """Every so many entries the caller hears of it."""
    for _ in range(260):
        book.residents.describe("wang", age=60)
    heard: list[int] = []

    book.rulebooks.rehearse(HIGHER, *MARCH, progress=heard.append)

    assert [256] == heard


def test_nothing_is_written(tmp_path: Path, clock: FakeClock) -> None:
    """Every byte of the file stays as it was, and a book opened for reading will do."""
    path = tmp_path / "book.db"
    told = founded(RULES, clock=clock, store=sqlite.create(path))
    paid(told, "wang", hours=12)
    paid(told, "zhou", hours=4)
    before, size = dump(told._book.store), told._book.head()
    written = told.rulebooks.rehearse(HIGHER, MARCH[0], date(2026, 3, 7))
    assert (before, size) == (dump(told._book.store), told._book.head())
    told.close()
    files = {one.name: one.read_bytes() for one in tmp_path.iterdir()}

    book = opened(sqlite.open_(path, readonly=True), by="staff:zhao", clock=clock)
    found = book.rulebooks.rehearse(HIGHER, MARCH[0], date(2026, 3, 7))
    book.close()

    assert written == found
    assert files[path.name] == path.read_bytes()


def test_a_batch_may_ask_too(book: Community) -> None:
    """Inside a batch it sees what the batch has written so far."""
    with book.batch():
        paid(book, "zhou", hours=1)
        found = book.rulebooks.rehearse(HIGHER, *MARCH)

    assert 5 == found.decisions


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [24, 32, 48, 72])
def test_the_paper_fits(lang: str, width: int, book: Community) -> None:
    """No line is wider than the paper, and nobody confidential is on it."""
    found: Rehearsal = book.rulebooks.rehearse(HIGHER, *MARCH, pledged=3_600)

    paper = papers.rehearsal_slip(found, width=width, lang=lang, community="幸福社区", most=1)

    assert all(papers.layout.width(line) <= width for line in paper.split("\n"))
    assert "home-sun" not in paper


