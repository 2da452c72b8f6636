"""Adopting rulebooks: dated, superseding, never edited in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.errors import Code, NotFound, RulebookError
from lovepoints.stores import dump
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, balance, founded, paid, refusal

PLAIN = HEAD + HELP


def dated(day: str, value: int = 3) -> str:
    """The plain rulebook from another day on, with another worth."""
    return PLAIN.replace("2026-01-01", day).replace("value = 2", f"value = {value}")


@pytest.fixture
def book(store: Store, clock: FakeClock) -> Community:
    """One rulebook in force; on each kind of store."""
    return founded(PLAIN, clock=clock, store=store)


def test_a_rulebook_comes_into_force_on_its_day(book: Community, clock: FakeClock) -> None:
    """Until the day before the old one holds; both stay readable for ever."""
    new = book.rulebooks.adopt(dated("2026-04-01"))

    assert [date(2026, 1, 1), date(2026, 4, 1)] == [one.effective for one in book.rulebooks]
    assert new == book.rulebooks.in_force(date(2026, 4, 1))
    assert new != book.rulebooks.in_force(date(2026, 3, 31))
    assert new == book.rulebooks[new.digest]
    clock.set("2026-04-01")
    assert new == book.rulebooks.in_force()
    book.books.verify()


def test_only_the_first_may_begin_in_the_past(book: Community) -> None:
    """No rule is made for what has happened already."""
    assert Code.RULEBOOK_RETROACTIVE == refusal(
        lambda: book.rulebooks.adopt(dated("2026-03-06")))
    assert date(2026, 3, 7) == book.rulebooks.adopt(dated("2026-03-07")).effective


def test_of_several_for_one_day_the_latest_adopted_holds(book: Community) -> None:
    """A rulebook that was adopted too early is superseded by another for the same day."""
    book.rulebooks.adopt(dated("2026-04-01", 3))

    later = book.rulebooks.adopt(dated("2026-04-01", 4))

    assert later == book.rulebooks.in_force(date(2026, 4, 1))


def test_before_the_first_one_there_is_none(book: Community) -> None:
    """A day before every rulebook has no rules."""
    with pytest.raises(NotFound):
        book.rulebooks.in_force(date(2025, 12, 31))
    with pytest.raises(NotFound):
        book.rulebooks["0" * 64]
    assert Code.RULE_NOT_IN_FORCE == refusal(lambda: book.deeds.report(
        "help", resident="wang", quantity=1, on=date(2025, 12, 31), reason="补"))


def test_a_file_with_problems_is_not_adopted(book: Community, tmp_path: Path) -> None:
    """All problems at once, and nothing written; a sound file is read by its path."""
    before = dump(book._book.store)
    path = tmp_path / "rules.toml"
    path.write_text(PLAIN.replace("value = 2", "value = -2").replace("title =", "titel ="),
                    encoding="utf-8")

    with pytest.raises(RulebookError) as found:
        book.rulebooks.adopt(path, key="k")

    assert len(found.value.problems) >= 3
    assert before == dump(book._book.store)
    path.write_text("\ufeff" + dated("2026-05-01"), encoding="utf-8")
    assert date(2026, 5, 1) == book.rulebooks.adopt(path, key="k").effective


def test_who_may_adopt(book: Community) -> None:
    """The committee and the administrator."""
    assert Code.NOT_PERMITTED == refusal(
        lambda: book.rulebooks.adopt(dated("2026-04-01"), by="staff:wu"))


def test_another_program_sees_an_adoption_at_once(tmp_path: Path, clock: FakeClock) -> None:
    """Two open books on one file: what one adopts rates the other's next deed."""
    import lovepoints as lp
    from lovepoints.stores import sqlite

    first = founded(PLAIN, clock=clock, store=sqlite.create(tmp_path / "b.db"))
    with lp.open(tmp_path / "b.db", by="staff:zhao", clock=clock) as second:
        paid(second, hours=1)
        first.rulebooks.adopt(dated("2026-03-07", 30))
        paid(second, hours=1)

        assert 32 == balance(second) == balance(first)
    first.close()
