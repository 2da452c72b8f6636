"""Period closes: every balance counted, each provable alone, and nothing dated before it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from lovepoints.community import Community
from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.merkle import leaf_hash
from lovepoints.core.rows import CloseLeaf
from lovepoints.core.store import Store
from lovepoints.errors import BookDamaged, Code, NotFound, Refused
from lovepoints.testing import FakeClock
from tests.checkers import checker, ran, written
from tests.desks.books_of_ours import HEAD, HELP, founded, paid, refusal


@pytest.fixture
def book(store: Store, clock: FakeClock) -> Community:
    """Two homes with points, one that owes some, on each kind of store."""
    book = founded(clock=clock, store=store)
    paid(book, hours=3)
    book.books.opening("li", 20)
    book.books.opening("zhou", 7)
    book.books.adjust("sun", -4, reason="多记")
    clock.set("2026-04-06 10:00")
    return book


def test_each_balance_is_in_the_published_total(book: Community, tmp_path: Path) -> None:
    """Every holder's proof leads to the one root, and the leaves add up to the total."""
    close = book.books.close_period()
    proofs = [book.books.prove_balance(code) for code in ("li", "sun", "wang", "zhou")]

    results = [ran("check_balance", written(proof.told(), tmp_path / "proof.json"))
               for proof in proofs]

    assert [0, 0, 0, 0] == [result.returncode for result in results]
    assert date(2026, 4, 5) == close.until
    assert ({"point": 33}, {"point": 4}, 4) == (close.points, close.owed, close.passbooks)
    assert {"point": 29} == book.books.outstanding()
    assert [{"point": 20}, {}, {"point": 6}, {"point": 7}] == [proof.points for proof in proofs]
    assert [{}, {"point": 4}, {}, {}] == [proof.owed for proof in proofs]
    assert "[had, owed] {'point': [20, 0]}" in results[0].stdout
    assert "[had, owed] {'point': [33, 4]}" in results[0].stdout
    book.books.verify()


def test_a_proof_names_nobody_else(book: Community) -> None:
    """Of others it holds hashes under salts of their own, and sums of random parts."""
    first, proof = book.books.close_period(), book.books.prove_balance("li")
    text = json.dumps(proof.told())
    rows = book._book.store.find(CloseLeaf, "", first.seq)
    others = [row for row in rows if row.holder != proof.holder]

    assert 6 == len(others)
    assert not any(row.salt.hex() in text or row.holder in text for row in others)
    assert len({row.salt for row in rows}) == len(rows)


def leaf_of(told: dict[str, Any]) -> dict[str, Any]:
    """The first part of a proof, to be changed."""
    part: dict[str, Any] = told["balance"][0]
    return part


@pytest.mark.parametrize("change", [
    lambda told: leaf_of(told).update(leaf=leaf_of(told)["leaf"].replace(',0]', ',1]')),
    lambda told: leaf_of(told).update(path=leaf_of(told)["path"][1:]),
    lambda told: leaf_of(told).update(path=leaf_of(told)["path"] * 2),
    lambda told: leaf_of(told).update(place=leaf_of(told)["place"] ^ 1),
    lambda told: leaf_of(told).update(place=leaf_of(told)["place"] + 8),
    lambda told: leaf_of(told)["path"][-1][1].update(point=[5, -1]),
    lambda told: told["balance"].append(leaf_of(told)),
    lambda told: told.update(entry=told["entry"].replace('"point":[33', '"point":[32')),
    lambda told: told.update(seq=told["seq"] - 1),
    lambda told: told.update(path=told["path"] + told["path"][:1]),
])
def test_a_changed_proof_proves_nothing(
    book: Community, tmp_path: Path, change: Callable[[dict[str, Any]], object],
) -> None:
    """Another balance, path, place, sum, total or entry; or one part shown twice."""
    book.books.close_period()
    told = json.loads(json.dumps(book.books.prove_balance("li").told()))
    before = json.dumps(told)

    change(told)

    assert before != json.dumps(told)
    result = ran("check_balance", written(told, tmp_path / "proof.json"))
    assert (1, "") == (result.returncode, result.stdout)
    assert "NOT PROVEN" in result.stderr


def test_a_close_that_publishes_less_than_was_counted_is_refused(
    book: Community, tmp_path: Path,
) -> None:
    """An office that writes a smaller sum, and prints its paper after that, has a line that stands
    in the book of the paper; but nobody's passbook leads to it."""
    book.books.close_period()
    told = json.loads(json.dumps(book.books.prove_balance("li").told()))
    origin, size, _ = told["checkpoint"].split("\n", 2)
    less = told["entry"].replace('"point":[33', '"point":[32')
    program = checker("check_proof")

    root, _ = program.climb(told["seq"] - 1, int(size), told["path"], leaf_hash(less.encode()))
    paper = Checkpoint(origin=origin, size=int(size), root=root)
    told.update(entry=less, checkpoint=paper.to_text(), code=paper.code)
    result = ran("check_balance", written(told, tmp_path / "proof.json"), paper.code)

    assert [paper.code, less] == program.check(told)
    assert 1 == result.returncode
    assert "was not counted in this close" in result.stderr


def test_nothing_is_dated_into_a_sealed_period(book: Community, clock: FakeClock) -> None:
    """Corrections are of today; what was said before the close still has its first answer."""
    before = book.books.adjust("li", 1, reason="补记", at=date(2026, 4, 1), key="once")
    book.books.close_period()

    def again() -> object:
        return book.books.adjust("li", 1, reason="补记", at=date(2026, 4, 1))

    assert Code.PERIOD_SEALED == refusal(again)
    assert book.books.adjust("li", 1, reason="补记", at=date(2026, 4, 1), key="once").is_repeat
    assert before.seq < book.books.adjust("li", 1, reason="补记").seq
    book.books.verify()


@pytest.mark.parametrize("say", [
    lambda book: book.residents.enrol("new", since=date(2026, 4, 1)),
    lambda book: book.residents.move("li", household="home-2", since=date(2026, 4, 1)),
    lambda book: book.residents.describe("li", since=date(2026, 4, 1), pledge_signed=True),
    lambda book: book.residents.leave("li", on=date(2026, 4, 5)),
    lambda book: book.residents.appoint("staff:new", role="committee", since=date(2026, 4, 1)),
    lambda book: book.residents.dismiss("staff:wu", role="grid-officer", on=date(2026, 4, 1)),
])
def test_nothing_is_dated_back_behind_a_close(
    book: Community, say: Callable[[Community], object],
) -> None:
    """Nor is it said today to have held from a closed day on."""
    book.books.close_period()

    assert Code.PERIOD_SEALED == refusal(lambda: say(book))


@pytest.mark.parametrize("day", [date(2026, 4, 2), date(2026, 4, 5)])
def test_a_late_deed_counts_by_its_own_day_and_is_written_today(
    book: Community, day: date,
) -> None:
    """The rulebook of then, points of today; also of the last day that was closed."""
    close = book.books.close_period()

    decision = paid(book, hours=1, on=day)

    assert day == decision.deed.day
    assert {"2026-04-06"} == {one.day for one in book.books.entries(after=close.seq)}
    assert date(2026, 4, 6) == book.passbooks["wang"].lines[0].day
    book.books.verify()


def test_what_ended_in_a_closed_period_is_written_off_in_the_open_one(
    store: Store, clock: FakeClock,
) -> None:
    """Points that a late return gives back to a lot of then end at once, on the first open day."""
    book = founded(HEAD + HELP + '[validity]\nafter = "5 days"', clock=clock, store=store)
    paid(book, hours=3)
    book.shop.stock("soap", title="肥皂", price=2)
    book.shop.receive("soap", 3)
    soap = book.shop.redeem({"soap": 2}, holder="wang")
    clock.set("2026-04-06 10:00")
    close = book.books.close_period(date(2026, 4, 2))

    book.shop.return_(soap.id, reason="坏的")
    book.books.sweep()

    days = [(one.kind, one.day) for one in book.books.entries(after=close.seq)]
    assert [("return", "2026-04-06"), ("expire", "2026-04-03")] == days[:2]
    assert 0 == book.passbooks["wang"].balance
    book.books.verify()


def test_a_close_said_again_is_the_first_one(book: Community) -> None:
    """Its salts are drawn once."""
    first = book.books.close_period(date(2026, 3, 31), key="march")

    again = book.books.close_period(date(2026, 3, 31), key="march")

    assert attrs.evolve(first, is_repeat=True) == again


@pytest.mark.parametrize("until", [date(2026, 4, 6), date(2026, 3, 31), date(2026, 3, 1)])
def test_a_period_is_closed_once_and_when_it_is_over(book: Community, until: date) -> None:
    """Not today, not a day that is closed already."""
    book.books.close_period(date(2026, 3, 31))

    with pytest.raises(ValueError, match="until="):
        book.books.close_period(until)


def test_who_was_not_counted_has_no_proof(book: Community) -> None:
    """Before the first close there is none; nor for a passbook that came later."""
    with pytest.raises(NotFound, match="close"):
        book.books.prove_balance("li")
    book.books.close_period()
    book.residents.enrol("new", household="home-new")
    with pytest.raises(NotFound, match="passbook counted"):
        book.books.prove_balance("new")


def test_a_changed_count_is_damage(book: Community) -> None:
    """Sums, a salt, parts exchanged, a missing leaf, or one of a close that never was."""
    close = book.books.close_period()
    store = book._book.store
    row = store.find(CloseLeaf, "", close.seq)[0]
    for other in (attrs.evolve(row, sums={"point": [99, 0]}), attrs.evolve(row, salt=bytes(16)),
                  attrs.evolve(row, sums={"point": 7}), attrs.evolve(row, sums={"point": [1, "a"]}),
                  attrs.evolve(row, part=3), attrs.evolve(row, seq=2)):
        with store.writing():
            store.drop(CloseLeaf, row.seq, row.holder, row.part)
            store.put(other)
        assert {"close"} == {one.code for one in book.books.check().problems}
        with pytest.raises((BookDamaged, NotFound)):
            book.books.prove_balance("li")
        with store.writing():
            store.drop(CloseLeaf, other.seq, other.holder, other.part)
            store.put(row)
    assert book.books.check().is_sound
    with store.writing():
        for one in store.find(CloseLeaf, "", close.seq):
            store.drop(CloseLeaf, one.seq, one.holder, one.part)
    assert {"close"} == {one.code for one in book.books.check().problems}


def test_only_the_office_closes(book: Community) -> None:
    """A grid officer is not asked."""
    with pytest.raises(Refused) as no:
        book.books.close_period(by="staff:wu")

    assert Code.NOT_PERMITTED == no.value.code
