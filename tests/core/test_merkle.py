"""The tree against the RFC 6962 reference vectors and a naive recursive second implementation."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.core import merkle
from lovepoints.core.merkle import (
    EMPTY_ROOT,
    append,
    consistency_proof,
    frontier_of,
    inclusion_proof,
    leaf_hash,
    root,
    root_of,
    verify_consistency,
    verify_inclusion,
)

DATA = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)]
LEAVES = [leaf_hash(data) for data in DATA]
ROOTS = {
    0: ("e3b0c442", "7852b855"), 1: ("6e340b9c", "17afa01d"), 2: ("fac54203", "00e3c125"),
    3: ("aeb6bcfe", "29e06e77"), 4: ("d37ee418", "209614b7"), 5: ("4e3bbb1f", "a86264d4"),
    6: ("76e67dad", "7f2087ef"), 7: ("ddb89be4", "94a74c8c"), 8: ("5dc9da79", "f4604328"),
}
ROOT_8 = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
MANY = [leaf_hash(str(number).encode()) for number in range(1100)]


def read(leaves: list[bytes]):
    """A reader of [low, high) as a store would be one."""
    return lambda low, high: leaves[low:high]


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = naive_root(leaves[:split]), naive_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1: PATH."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*naive_path(index, leaves[:split]), naive_root(leaves[split:])]
    return [*naive_path(index - split, leaves[split:]), naive_root(leaves[:split])]


def naive_proof(first: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """RFC 6962, 2.1.2: SUBPROOF."""
    if first == len(leaves):
        return [] if whole else [naive_root(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if first <= split:
        return [*naive_proof(first, leaves[:split], whole), naive_root(leaves[split:])]
    return [*naive_proof(first - split, leaves[split:], False), naive_root(leaves[:split])]


def grown(leaves: list[bytes]) -> tuple[merkle.Frontier, dict[int, bytes]]:
    """The frontier and the kept 256-leaf nodes after appending one by one."""
    frontier: merkle.Frontier = ()
    nodes: dict[int, bytes] = {}
    for size, leaf in enumerate(leaves):
        step = append(frontier, size, leaf)
        frontier = step.frontier
        if step.node256:
            nodes[step.node256[0]] = step.node256[1]
    return frontier, nodes


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_reference(size: int) -> None:
    """Appending the reference leaves one by one gives the published roots."""
    frontier, _ = grown(LEAVES[:size])

    found = root(frontier).hex()

    assert ROOTS[size] == (found[:8], found[-8:])
    assert size != 8 or ROOT_8 == found


@pytest.mark.parametrize(("kind", "first", "size", "digest"), [
    ("inclusion", 0, 8, "b07e991f"), ("inclusion", 5, 8, "4ee25ecf"),
    ("inclusion", 2, 3, "123edf44"), ("inclusion", 1, 5, "b3633bda"),
    ("consistency", 1, 8, "b07e991f"),
    ("consistency", 6, 8, "c82af12c"), ("consistency", 2, 5, "26874227"),
])
def test_proofs_of_the_reference(kind: str, first: int, size: int, digest: str) -> None:
    """The hashes of the published proofs, joined."""
    make = inclusion_proof if kind == "inclusion" else consistency_proof

    proof = make(first, size, read(LEAVES))

    assert digest == hashlib.sha256(b"".join(proof)).hexdigest()[:8]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 767, 1024, 1100])
def test_frontier_and_roots_agree(size: int) -> None:
    """The frontier has one hash a set bit; its root is that of all leaves."""
    frontier, nodes = grown(MANY[:size])

    expected = naive_root(MANY[:size])

    assert expected == root(frontier) == root_of(MANY[:size])
    assert [level for level in range(12) if size >> level & 1] == [level for level, _ in frontier]
    assert {index: naive_root(MANY[index * 256:index * 256 + 256])
            for index in range(size // 256)} == nodes


def test_a_frontier_is_picked_out_of_kept_hashes() -> None:
    """Stale levels are left out; a missing one is a KeyError."""
    frontier, _ = grown(LEAVES[:6])
    kept = {0: b"stale", 3: b"stale", **dict(frontier)}

    assert frontier == frontier_of(kept, 6)
    assert () == frontier_of(kept, 0)
    with pytest.raises(KeyError):
        frontier_of({2: b""}, 5)


def test_a_wrong_frontier_is_not_grown() -> None:
    """Size and frontier must belong together."""
    with pytest.raises(ValueError, match="2 frontier hashes, not 1"):
        append(((0, LEAVES[0]),), 3, LEAVES[1])


@st.composite
def places(draw: st.DrawFn) -> tuple[int, int]:
    """A place and a size beyond it, small ones often, beyond 256 leaves too."""
    size = draw(st.integers(1, 40) | st.sampled_from([255, 256, 257, 300, 512, 513, 800, 1025]))
    return draw(st.integers(0, size - 1)), size


@given(places())
@settings(max_examples=50, deadline=None)
def test_inclusion_proofs_agree_with_the_naive_ones(place: tuple[int, int]) -> None:
    """Same path with and without kept nodes; it verifies, and nothing else does."""
    index, size = place
    leaves = MANY[:size]
    _, nodes = grown(leaves)
    expected = tuple(naive_path(index, leaves))

    proof = inclusion_proof(index, size, read(leaves))
    cheap = inclusion_proof(index, size, read(leaves), read([nodes[at] for at in sorted(nodes)]))

    head = naive_root(leaves)
    assert expected == proof == cheap
    assert verify_inclusion(leaves[index], index, size, proof, head)
    assert not verify_inclusion(MANY[-1], index, size, proof, head)
    assert not verify_inclusion(leaves[index], index, size, (*proof, head), head)
    assert not verify_inclusion(leaves[index], index, size, proof[:-1], head) or not proof
    assert not verify_inclusion(leaves[index], index, size, proof, EMPTY_ROOT)
    assert not verify_inclusion(leaves[index], size, size, proof, head)
    assert not verify_inclusion(leaves[index], -1, size, proof, head)
    others = [at for at in (index ^ 1, index - 1, index + 1, size - 1) if 0 <= at < size != 1]
    assert not any(verify_inclusion(leaves[index], at, size, proof, head)
                   for at in others if at != index)


@given(places())
@settings(max_examples=50, deadline=None)
def test_consistency_proofs_agree_with_the_naive_ones(place: tuple[int, int]) -> None:
    """Same hashes with and without kept nodes; they verify, and for no other roots."""
    first, size = place[0] + 1, place[1]
    leaves = MANY[:size]
    _, nodes = grown(leaves)
    expected = tuple(naive_proof(first, leaves))
    old, new = naive_root(leaves[:first]), naive_root(leaves)

    proof = consistency_proof(first, size, read(leaves))
    cheap = consistency_proof(first, size, read(leaves), read([nodes[at] for at in sorted(nodes)]))

    assert expected == proof == cheap
    assert verify_consistency(first, size, proof, old, new)
    assert not verify_consistency(first, size, proof, EMPTY_ROOT, new)
    assert not verify_consistency(first, size, proof, old, EMPTY_ROOT)
    assert not verify_consistency(first, size, (*proof, new), old, new)
    assert not proof or not verify_consistency(first, size, proof[:-1], old, new)
    assert first == size or not verify_consistency(first, size, (), old, new)


def test_consistency_at_the_edges() -> None:
    """An empty first tree is the beginning of every tree; a larger one of none."""
    new = root_of(LEAVES)

    assert () == consistency_proof(0, 8, read(LEAVES)) == consistency_proof(8, 8, read(LEAVES))
    assert verify_consistency(0, 8, (), EMPTY_ROOT, new)
    assert not verify_consistency(0, 8, (), new, new)
    assert not verify_consistency(0, 8, (new,), EMPTY_ROOT, new)
    assert not verify_consistency(9, 8, (), new, new)
    assert not verify_consistency(-1, 8, (), new, new)
    for first, second in ((9, 8), (-1, 8)):
        with pytest.raises(IndexError):
            consistency_proof(first, second, read(LEAVES))
    for index in (-1, 8):
        with pytest.raises(IndexError):
            inclusion_proof(index, 8, read(LEAVES))


def test_a_proof_has_the_length_of_its_size() -> None:
    """Roots that are made to fit a longer or shorter proof do not help: the size decides."""
    head, extra = root_of(LEAVES), leaf_hash(b"extra")
    higher = merkle.node_hash(extra, head)
    path = inclusion_proof(7, 8, read(LEAVES))
    growth = consistency_proof(4, 8, read(LEAVES))

    assert verify_inclusion(LEAVES[7], 7, 8, path, head)
    assert not verify_inclusion(LEAVES[7], 7, 8, (*path, extra), higher)
    assert not verify_inclusion(LEAVES[7], 7, 8, (), LEAVES[7])
    assert verify_consistency(4, 8, growth, root_of(LEAVES[:4]), head)
    assert not verify_consistency(4, 8, (), head, head)
    first = merkle.node_hash(extra, root_of(LEAVES[:4]))
    assert not verify_consistency(4, 8, (*growth, extra), first, higher)
    assert not verify_consistency(4, 8, (*growth, extra), root_of(LEAVES[:4]), higher)
    longer = consistency_proof(6, 8, read(LEAVES))
    assert not verify_consistency(6, 8, (*longer, extra),
                                  merkle.node_hash(extra, root_of(LEAVES[:6])), higher)


@pytest.mark.parametrize("change", ["swap", "alter", "cut", "insert"])
def test_a_rewritten_beginning_is_found(change: str) -> None:
    """Whoever changes an early entry cannot prove consistency with an outside checkpoint."""
    outside = root_of(MANY[:300])
    rewritten = list(MANY[:700])
    match change:
        case "swap":
            rewritten[5], rewritten[6] = rewritten[6], rewritten[5]
        case "alter":
            rewritten[299] = leaf_hash(b"other")
        case "cut":
            del rewritten[10]
        case _:
            rewritten.insert(0, leaf_hash(b"other"))

    proof = consistency_proof(300, len(rewritten), read(rewritten))

    assert not verify_consistency(300, len(rewritten), proof, outside, root_of(rewritten))


def test_proofs_of_a_long_journal_are_cheap() -> None:
    """At a million entries a proof reads kept nodes, and leaves of two blocks at most."""
    size, node = 1_000_000, leaf_hash(b"node")
    seen = {"leaves": 0, "nodes": 0}

    def leaves(low: int, high: int) -> list[bytes]:
        seen["leaves"] += high - low
        return [node] * (high - low)

    def nodes(low: int, high: int) -> list[bytes]:
        seen["nodes"] += high - low
        return [node] * (high - low)

    proof = inclusion_proof(777_777, size, leaves, nodes)

    assert 20 >= len(proof)
    assert 512 >= seen["leaves"]
    assert 3907 >= seen["nodes"]
