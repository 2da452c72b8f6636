"""Lines of a book, proven to somebody who has nothing but a paper."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from lovepoints.community import Community
from lovepoints.core.checkpoints import Misfit, Misread
from lovepoints.core.merkle import verify_consistency, verify_inclusion
from lovepoints.core.store import Store
from lovepoints.errors import NotFound
from lovepoints.testing import FakeClock
from tests.checkers import PROOFS, ran, written
from tests.desks.books_of_ours import founded, paid


@pytest.fixture
def book(store: Store, clock: FakeClock) -> Community:
    """A book with a few lines, on each kind of store."""
    book = founded(clock=clock, store=store)
    paid(book, hours=3)
    return book


def test_the_programs_are_short_and_of_their_own() -> None:
    """Seventy lines of code at most, none of them ours."""
    for path in PROOFS.glob("*.py"):
        lines = path.read_text(encoding="utf-8").split('"""\n', 1)[1].splitlines()

        assert 70 >= len([line for line in lines if line.strip() and '"""' not in line])
        assert not any("lovepoints" in line for line in lines)


def test_a_line_is_proven_to_whoever_has_the_paper(book: Community, tmp_path: Path) -> None:
    """One short program, a proof and a code from paper: that is all it takes."""
    book.books.opening("li", 20)
    line, kept = book.passbooks["li"].lines[-1], book.books.checkpoint()
    proof = written(book.books.prove(line.seq).told(), tmp_path / "proof.json")

    good = ran("check_proof", proof, kept.code)
    alone = ran("check_proof", proof)
    other = ran("check_proof", proof, attrs.evolve(kept, root=bytes(32)).code)
    nothing = ran("check_proof", tmp_path / "none.json", kept.code)

    assert [0, 0, 1, 1] == [one.returncode for one in (good, alone, other, nothing)]
    assert good.stdout == alone.stdout
    assert kept.code == good.stdout.splitlines()[1]
    assert "another paper" in other.stderr and "NOT PROVEN" in nothing.stderr


def test_a_line_is_proven_against_any_older_paper(book: Community, tmp_path: Path) -> None:
    """As a code, as text, as it is; and that this paper continues one that is older still."""
    first = book.books.checkpoint()
    book.books.opening("li", 20)
    line, then = book.passbooks["li"].lines[-1], book.books.checkpoint()
    book.books.opening("zhou", 7)

    for against, since in ((then, first), (then.to_text(), first.to_text()),
                           (then.code.lower(), first.code.replace("-", ""))):
        proof = book.books.prove(line.seq, against=against, since=since)
        found = ran("check_proof", written(proof.told(), tmp_path / "proof.json"), then.code)

        assert (then, first) == (proof.checkpoint, proof.since)
        assert verify_inclusion(proof.leaf, line.seq - 1, then.size, proof.path, then.root)
        assert verify_consistency(first.size, then.size, proof.growth, first.root, then.root)
        assert f"the book continues that of {first.code}" == found.stdout.splitlines()[-1]


def test_a_paper_that_does_not_fit_proves_nothing(book: Community) -> None:
    """Another root, more entries than there are, another community, or no code at all."""
    now = book.books.checkpoint()
    for other, outcome in ((attrs.evolve(now, root=bytes(32)), "differs"),
                           (attrs.evolve(now, size=now.size + 1), "shorter"),
                           (attrs.evolve(now, origin="lovepoints/other"), "other_book")):
        for kept in (other, other.code):
            with pytest.raises(Misfit) as against:
                book.books.prove(1, against=kept)
            with pytest.raises(Misfit) as since:
                book.books.prove(1, since=kept)
            assert outcome == against.value.code == since.value.code
    with pytest.raises(Misread):
        book.books.prove(1, against="nonsense")
    with pytest.raises(TypeError, match="against="):
        book.books.prove(1, against=7)  # type: ignore[arg-type]


def test_a_line_is_not_older_than_itself(book: Community) -> None:
    """Nothing is proven against a paper from before it, and no book continues a later one."""
    then = book.books.checkpoint()
    book.books.opening("zhou", 7)
    now = book.books.checkpoint()

    with pytest.raises(Misfit) as newer:
        book.books.prove(now.size, against=then)
    with pytest.raises(Misfit) as later:
        book.books.prove(1, against=then, since=now)
    with pytest.raises(NotFound):
        book.books.prove(now.size + 1)

    assert ("newer", "later") == (newer.value.code, later.value.code)
    assert all(one.value.sentence("zh") for one in (newer, later))


def test_a_proof_tells_what_was_given_and_taken(book: Community) -> None:
    """By passbook; points that were only set aside did not move."""
    book.books.opening("li", 20)
    book.books.adjust("li", -5, reason="多记了")
    book.shop.stock("soap", title="肥皂", price=2)
    book.shop.receive("soap", 3)
    book.shop.hold({"soap": 1}, holder="li")

    size = book.books.checkpoint().size
    moved = [book.books.prove(seq).points for seq in range(size - 4, size + 1)]
    holder, = moved[0]

    assert [{holder: {"point": 20}}, {holder: {"point": -5}}] == moved[:2]
    assert [{}, {}, {}] == moved[2:]
