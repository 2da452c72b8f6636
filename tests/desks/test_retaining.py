"""Words whose time is over go, no others do, and the journal stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lovepoints.community import Community
from lovepoints.core.privacy import SEALED, about
from lovepoints.core.rows import Sealed
from lovepoints.stores import dump, sqlite
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import founded, refusal


@pytest.fixture
def clock() -> FakeClock:
    """Saturday, 7 March 2026, ten in the morning."""
    return FakeClock("2026-03-07 10:00")


@pytest.fixture
def town(clock: FakeClock, tmp_path: Path) -> Iterator[Community]:
    """A file with words of every kind, all written on one day; Chen left on it."""
    sqlite.create(tmp_path / "book.db").close()
    book = founded(clock=clock, store=sqlite.open_(tmp_path / "book.db", durability="normal"))
    book.residents.appoint("staff:sun2", role="custodian")
    book.residents.enrol("chen", name="陈秀英", phone="13912345678")
    deed = book.deeds.report("help", resident="wang", quantity=9, note="NOTE", place="PLACE")
    book.deeds.confirm(deed.id, by="staff:wu", reason="DECIDED")
    book.shop.stock("rice", price=5)
    book.shop.receive("rice", 9, donor="DONOR")
    fetched = book.shop.redeem({"rice": 1}, holder="wang", proxy="PROXY")
    book.shop.return_(fetched.id, reason="RETURNED")
    book.residents.leave("chen")
    yield book
    assert book.books.verify().is_sound
    book.close()


def words(book: Community) -> set[str]:
    """The places of all words that the book holds."""
    return {SEALED[about(row.subject)][name].place for row in book._book.store.scan(Sealed)
            for name in row.details}


def derived(book: Community) -> dict[str, object]:
    """Balances, deeds and all other rows that entries fold into, but for the tree's edge."""
    return {name: rows for name, rows in dump(book._book.store, ("derived",)).items()
            if name != "frontier"}


MONTHS = {"sealed.party.phone": 6, "sealed.redemption.proxy": 12, "sealed.deed.note": 36,
          "sealed.deed.place": 36, "sealed.decision.reason": 36, "sealed.goods.donor": 120}


@pytest.mark.parametrize("months", [5, 6, 12, 36, 120])
def test_what_is_due_goes_and_nothing_else(
    town: Community, clock: FakeClock, tmp_path: Path, months: int,
) -> None:
    """At each period the dry run names the words, the run takes them, no byte of them is left,
    and neither roots nor balances change."""
    clock.move(days=months * 366 // 12 + 3)
    due = {place for place, kept in MONTHS.items() if kept <= months}
    before, size = words(town), town.books.checkpoint()
    rows = derived(town)

    dry = town.privacy.retire()
    unchanged = words(town)
    done = town.privacy.retire(dry_run=False, by="staff:sun2")

    assert before == unchanged
    assert due <= set(dry.words) and not (set(MONTHS) - due) & set(dry.words)
    assert (dry.words, True, False, True) == (
        done.words, dry.is_dry, done.is_dry, done.is_wiped)
    assert before - set(dry.words) == words(town)
    assert size.root == town.books.root_at(size.size)
    assert rows == derived(town)
    every = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    gone = {"sealed.party.phone": "13912345678", "sealed.redemption.proxy": "PROXY",
            "sealed.deed.note": "NOTE", "sealed.deed.place": "PLACE",
            "sealed.decision.reason": "DECIDED", "sealed.goods.donor": "DONOR"}
    assert {place: place not in due for place in gone} == {
        place: word.encode() in every for place, word in gone.items()}


def test_whose_name_is_due_is_listed(town: Community, clock: FakeClock) -> None:
    """Erasing takes a reason: who left long ago is named by pseudonym and still there."""
    pseudonym = town.residents["chen"].id
    before = town.privacy.retire().people
    clock.move(days=3 * 366 + 3)

    done = town.privacy.retire(dry_run=False, by="staff:sun2")
    town.privacy.erase("chen", reason="期限已满", by="staff:sun2")

    assert ((), (pseudonym,)) == (before, done.people)
    assert () == town.privacy.retire().people


def test_only_the_custodian_takes_words_away(town: Community, clock: FakeClock) -> None:
    """Anybody may count; twice in a row finds nothing more."""
    clock.move(days=400)

    refused = [refusal(lambda by=by: town.privacy.retire(dry_run=False, by=by))
               for by in ("staff:zhao", "staff:wu", "wang")]
    town.privacy.retire(dry_run=False, by="staff:sun2")

    assert ["not_permitted"] * 3 == refused
    assert {} == town.privacy.retire().words
