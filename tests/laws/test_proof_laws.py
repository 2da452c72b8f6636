"""What holds for every proof: a stranger's program believes it, and believes no changed one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.journal import canonical_bytes
from lovepoints.core.merkle import consistency_proof, inclusion_proof, leaf_hash, root_of
from lovepoints.desks.auditing import Proof
from lovepoints.testing import FakeClock
from tests.checkers import checker, forged, shown
from tests.desks.books_of_ours import founded, paid

CHECK, BALANCE = checker("check_proof"), checker("check_balance")


def proof(size: int, seq: int, first: int, *, salt: int = 0) -> Proof:
    """The proof of entry `seq` in a book of `size` entries that continues one of `first`."""
    bodies = [canonical_bytes({"seq": at, "salt": salt, "v": 1}) for at in range(1, size + 1)]
    leaves = [leaf_hash(body) for body in bodies]

    def kept(size: int) -> Checkpoint:
        return Checkpoint(origin="lovepoints/laws", size=size, root=root_of(leaves[:size]))

    return Proof(
        seq=seq, leaf=leaves[seq - 1], body=bodies[seq - 1], checkpoint=kept(size),
        path=inclusion_proof(seq - 1, size, lambda low, high: leaves[low:high]),
        since=kept(first),
        growth=consistency_proof(first, size, lambda low, high: leaves[low:high]))


SIZES = st.integers(1, 70).flatmap(
    lambda size: st.tuples(st.just(size), st.integers(1, size), st.integers(1, size)))


@given(SIZES)
def test_every_line_is_shown_in_the_book_of_the_paper(sizes: tuple[int, int, int]) -> None:
    """The program names both codes as they are printed."""
    made = proof(*sizes)

    found = CHECK.check(made.told())

    assert made.since
    assert [made.checkpoint.code, made.body.decode(),
            f"the book continues that of {made.since.code}"] == found


@given(SIZES, st.integers(1, 70))
def test_no_line_is_shown_in_another_book(sizes: tuple[int, int, int], other: int) -> None:
    """Not at another place, not in a book rewritten whole, not as its continuation."""
    made, strange = proof(*sizes), proof(*sizes, salt=1)
    told = made.told()
    moved = {**told, "seq": other, "entry": canonical_bytes(
        {"seq": other, "salt": 0, "v": 1}).decode()}

    assert other == made.seq or not shown(CHECK.check, moved)
    assert not shown(CHECK.check, {**told, "checkpoint": strange.checkpoint.to_text()})
    assert not shown(CHECK.check, {**told, "since": strange.told()["since"]})
    assert not shown(CHECK.check, {**told, "entry": strange.body.decode()})
    assert not shown(CHECK.check, {**told, "path": [*told["path"], "00" * 32]})


def test_each_sign_of_a_proof_counts() -> None:
    """Whatever one sign of it is changed, it shows less, or the same, or it leads to a code
    that stands on no paper."""
    made = proof(11, 6, 7)
    told, refused = made.told(), 0
    believed = CHECK.check(told)

    for changed in forged(told):
        found = shown(CHECK.check, changed)
        if found and found[0] == made.checkpoint.code:
            assert set(found) <= set(believed), changed
        else:
            refused += 1

    assert refused > 4000


def test_each_sign_of_a_balance_proof_counts() -> None:
    """The same for what was counted for a resident, and for the sums of all."""
    clock = FakeClock("2026-03-07 09:00")
    book = founded(clock=clock)
    paid(book, hours=3)
    book.books.opening("li", 20)
    book.books.opening("zhou", 7)
    clock.set("2026-04-06 10:00")
    book.books.close_period()
    told, refused = book.books.prove_balance("li").told(), 0
    believed = BALANCE.check_balance(told)

    for changed in forged(told, "05-"):
        found = shown(BALANCE.check_balance, changed)
        if found and found[0] == believed[0]:
            assert found == believed, changed
        else:
            refused += 1

    assert refused > 5000
