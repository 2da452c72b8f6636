"""Which entries are checked again: drawn by the root of a tree that nobody knew beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def drawn(root: bytes, seqs: Iterable[int], count: int) -> tuple[int, ...]:
    """`count` of the entries, in their order; anybody who has the root draws the same ones.

    Each entry's ticket is the SHA-256 of the root and its own number (8 bytes, big end first);
    the smallest tickets win. So a longer list holds every shorter one, and who does not know
    the root cannot tell which entries it takes.

    >>> drawn(bytes(32), range(1, 9), 3)
    (1, 3, 6)
    """
    tickets = sorted((sha256(root + seq.to_bytes(8, "big")).digest(), seq) for seq in set(seqs))
    return tuple(sorted(seq for _, seq in tickets[:count]))
