"""Founding and opening a book."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

import lovepoints
from lovepoints.testing import FakeClock, seeded

RULES = Path(__file__).parents[1] / "examples" / "rulebooks" / "first.toml"


def test_a_founding_that_fails_leaves_no_file(tmp_path: Path) -> None:
    """An empty file that is not a book would block the next try."""
    book = tmp_path / "a.db"

    with pytest.raises(OSError, match="no entropy"):
        lovepoints.create(book, name="甲", admin="staff:zhao", random=_no_entropy)

    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "admin", "zone"), [
    ("", "staff:zhao", "Asia/Shanghai"), ("甲", " ", "Asia/Shanghai"),
    ("甲", "staff:zhao", "Asia/Nowhere"),
])
def test_a_wrong_founding_makes_nothing(tmp_path: Path, name: str, admin: str, zone: str) -> None:
    """Name, administrator and zone are looked at before there is a file."""
    with pytest.raises((ValueError, LookupError)):
        lovepoints.create(tmp_path / "a.db", name=name, admin=admin, zone=zone)

    assert [] == list(tmp_path.iterdir())


def test_the_same_founding_gives_the_same_book(tmp_path: Path) -> None:
    """With the clock and the random source handed in, two books have one root."""
    roots = []
    for name in ("a.db", "b.db"):
        lovepoints.create(tmp_path / name, name="甲", admin="staff:zhao",
                          clock=FakeClock("2026-03-01"), random=seeded(7))
        with lovepoints.open(tmp_path / name) as community:
            roots.append(community.books.checkpoint().root)

    assert roots[0] == roots[1]


def _no_entropy(_: int) -> bytes:
    raise OSError("no entropy")


@pytest.mark.parametrize(("table", "column", "value"), [
    ("sealed", "details", '{"note":"没有这回事"}'),
    ("person", "code", "0422"),
])
def test_words_outside_the_journal_are_sealed_by_it(
    tmp_path: Path, table: str, column: str, value: str,
) -> None:
    """A changed note, or a code that leads to another's passbook, is found."""
    book = tmp_path / "a.db"
    lovepoints.create(book, name="甲", admin="staff:zhao")
    with lovepoints.open(book, by="staff:zhao") as community:
        community.rulebooks.adopt(RULES)
        community.residents.enrol("0421")
        community.deeds.report("hazard", resident="0421", place="楼道", note="飞线充电")
        sound = community.books.check().is_sound
    where = "subject LIKE 'd-%'" if table == "sealed" else "code = '0421'"
    with contextlib.closing(sqlite3.connect(book)) as connection, connection:
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value,))

    with lovepoints.open(book) as community:
        problems = community.books.check().problems

    assert (True, 1) == (sound, len(problems))


def test_a_closed_book_says_so(tmp_path: Path) -> None:
    """Using a book after it was closed is an error of ours that tells what to do."""
    lovepoints.create(tmp_path / "a.db", name="甲", admin="staff:zhao")
    community = lovepoints.open(tmp_path / "a.db", by="staff:zhao")
    community.close()

    with pytest.raises(lovepoints.StoreError, match="open it again") as error:
        community.residents.enrol("0421")

    assert "closed" == error.value.code


def test_a_host_may_give_verbs_to_other_roles(tmp_path: Path) -> None:
    """Its own table holds for the verbs that it names; the others keep the strict one, and nobody
    decides about her own by any table."""
    path = tmp_path / "book.db"
    lovepoints.create(path, name="幸福社区", admin="staff:zhao")
    with lovepoints.open(path, by="staff:zhao", policy={"enrol": {"nurse"}}) as book:
        book.residents.appoint("staff:li", role="nurse")
        book.residents.enrol("0421", by="staff:li")
        for say in (lambda: book.residents.enrol("0422"),
                    lambda: book.residents.leave("0421", by="staff:li")):
            with pytest.raises(lovepoints.Refused) as no:
                say()
            assert no.value.code == lovepoints.Code.NOT_PERMITTED


@pytest.mark.parametrize(("policy", "error"), [
    ({"fly": {"admin"}}, ValueError), ({"enrol": "admin"}, TypeError),
    ({"enrol": {"ledger"}}, ValueError), ({"enrol": {""}}, ValueError),
])
def test_an_odd_policy_opens_nothing(
    tmp_path: Path, policy: dict[str, set[str]], error: type[Exception],
) -> None:
    """A mistyped verb would quietly keep its old roles."""
    path = tmp_path / "book.db"
    lovepoints.create(path, name="幸福社区", admin="staff:zhao")
    with pytest.raises(error):
        lovepoints.open(path, policy=policy)
