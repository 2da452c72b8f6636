"""The RFC 6962 tree over the journal: frontier, roots, proofs of inclusion and consistency.

A leaf is the hash of one entry's canonical bytes. The *frontier* is what is needed to go on:
one hash for each bit that is set in the size, lowest level first. Each complete subtree of 256
leaves (level 8) is kept as well, so that a proof over a million entries costs some thousand
hashes. Everything here is pure; `checkpoints.py` has what is kept outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import attrs

Frontier: TypeAlias = "tuple[tuple[int, bytes], ...]"
"""(level, hash) of each complete subtree at the right edge, lowest level first."""
Hashes: TypeAlias = "Callable[[int, int], Sequence[bytes]]"
"""Reads hashes by place: those of [low, high)."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""
NODE_LEAVES = 256
"""How many leaves stand under one kept node."""
_NODE_LEVEL = 8


def leaf_hash(body: bytes) -> bytes:
    """The leaf of an entry's canonical bytes: SHA-256 of 0x00 and the bytes."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node over two subtrees: SHA-256 of 0x01 and both hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@attrs.frozen
class Grown:
    """What one appended leaf did to a tree.

    `level` and `hash` name the one new frontier member; all lower levels were merged into it.
    `node256` is (index, hash) if a subtree of 256 leaves became complete.
    """

    frontier: Frontier
    level: int
    hash: bytes
    node256: tuple[int, bytes] | None = None


def append(frontier: Frontier, size: int, leaf: bytes) -> Grown:
    """The tree of `size` leaves with one more leaf hash.

    >>> first = append((), 0, leaf_hash(b""))
    >>> root(append(first.frontier, 1, leaf_hash(b"x")).frontier) == node_hash(
    ...     leaf_hash(b""), leaf_hash(b"x"))
    True
    """
    if len(frontier) != size.bit_count():
        raise ValueError(f"a tree of {size} leaves has {size.bit_count()} frontier hashes, "
                         f"not {len(frontier)}")
    node256 = None
    level, hash_ = 0, leaf
    while size >> level & 1:
        hash_ = node_hash(frontier[level][1], hash_)
        level += 1
        if level == _NODE_LEVEL:
            node256 = (size // NODE_LEAVES, hash_)
    return Grown(((level, hash_), *frontier[level:]), level, hash_, node256)


def frontier_of(levels: Mapping[int, bytes], size: int) -> Frontier:
    """The frontier of a tree of `size` leaves out of kept hashes by level; others are stale.

    Raises:
        KeyError: a level that the size needs is not there.
    """
    needed = (level for level in range(size.bit_length()) if size >> level & 1)
    return tuple((level, levels[level]) for level in needed)


def root(frontier: Frontier) -> bytes:
    """The root of the tree with this frontier."""
    if not frontier:
        return EMPTY_ROOT
    hash_ = frontier[0][1]
    for _, left in frontier[1:]:
        hash_ = node_hash(left, hash_)
    return hash_


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes (or over equally high subtrees, the last maybe lower)."""
    if not leaves:
        return EMPTY_ROOT
    row = list(leaves)
    while len(row) > 1:
        # A hash without a partner rises as it is, which is RFC 6962's split at a power of two.
        rest = row[-1:] if len(row) & 1 else []
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)] + rest
    return row[0]


def inclusion_proof(
    index: int, size: int, leaves: Hashes, nodes: Hashes | None = None,
) -> tuple[bytes, ...]:
    """The audit path of leaf `index` (from 0) in the tree of the first `size` leaves.

    `leaves(low, high)` reads leaf hashes; `nodes(low, high)` reads kept 256-leaf nodes by their
    index (left out: everything is hashed anew from the leaves).

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"a tree of {size} leaves has no leaf {index}")
    low, high = 0, size
    path: list[bytes] = []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_subtree(middle, high, leaves, nodes))
            high = middle
        else:
            path.append(_subtree(low, middle, leaves, nodes))
            low = middle
    return tuple(reversed(path))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes,
) -> bool:
    """Whether the proof shows that `leaf` stands at `index` of the tree with this size and root."""
    if not 0 <= index < size:
        return False
    place, last, hash_ = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            hash_ = node_hash(sibling, hash_)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and hash_ == root


def consistency_proof(
    first: int, second: int, leaves: Hashes, nodes: Hashes | None = None,
) -> tuple[bytes, ...]:
    """The proof that the tree of `first` leaves is the beginning of that of `second` leaves.

    Empty for equal sizes and for an empty first tree. `leaves`, `nodes`: see `inclusion_proof`.

    Raises:
        IndexError: `first` is larger than `second`, or negative.
    """
    if not 0 <= first <= second:
        raise IndexError(f"a tree of {second} leaves has no beginning of {first}")
    if first in (0, second):
        return ()
    low, high = 0, second
    path: list[bytes] = []
    whole = True  # the first tree is still a complete subtree whose root the verifier knows
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(_subtree(middle, high, leaves, nodes))
            high = middle
        else:
            path.append(_subtree(low, middle, leaves, nodes))
            low, whole = middle, False
    if not whole:
        path.append(_subtree(low, high, leaves, nodes))
    return tuple(reversed(path))


def verify_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes,
) -> bool:
    """Whether the proof shows that the second tree begins with the first one."""
    if not 0 <= first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not path:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _subtree(low: int, high: int, leaves: Hashes, nodes: Hashes | None) -> bytes:
    """The hash over [low, high); `low` is a multiple of a power of two not below the width."""
    complete = (high - low) // NODE_LEAVES
    if nodes is None or not complete:
        return root_of(leaves(low, high))
    first = low // NODE_LEAVES
    row = list(nodes(first, first + complete))
    if rest := (high - low) % NODE_LEAVES:
        row.append(root_of(leaves(high - rest, high)))
    return root_of(row)
