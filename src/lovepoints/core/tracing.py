"""The journal's bytes and their tree, read once from the first entry to the last.

This is the part of a verification that needs no knowledge of points: every entry is there, its
bytes give its leaf, the leaves give the tree that the book keeps, and the roots at the sizes
that somebody remembered are the ones remembered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from lovepoints.core.findings import Problem
from lovepoints.core.merkle import NODE_LEAVES, frontier_of, root
from lovepoints.core.rows import CheckpointRow, EntryRow, Frontier, Node256
from lovepoints.core.store import Store

_NODE_LEVEL = NODE_LEAVES.bit_length() - 1


@attrs.frozen(kw_only=True)
class Trace:
    """What the bytes of the journal say: `size` entries, their root, and the roots on the way.

    `leaves_end` is the last entry whose stored leaf fits its bytes, like all before it.
    """

    size: int
    last: int
    """The number of the newest stored entry; larger than `size` where some are missing."""
    root: bytes
    roots: Mapping[int, bytes]
    problems: tuple[Problem, ...] = ()


def trace(
    store: Store, sizes: Iterable[int] = (), *, progress: Callable[[int], None] | None = None,
) -> Trace:
    """Read the journal; `sizes` are the sizes whose roots are wanted beside the remembered."""
    remembered = {row.size: row.root for row in store.find(CheckpointRow)}
    tree = _Tree({*sizes, *remembered})
    gap = tree.read(store, progress)
    newest = store.find(EntryRow, reverse=True, limit=1)
    last = newest[0].seq if newest else 0
    problems = [*tree.problems, *_remembered(remembered, tree.roots, last)]
    if gap:
        problems.append(Problem(tree.size + 1, "entry_missing", {"next": gap}))
    elif not problems:
        problems += _kept(store, tree)
    return Trace(size=tree.size, last=last, root=tree.root(), roots=tree.roots,
                 problems=tuple(problems))


class _Tree:
    """A tree that grows over the bytes of entries."""

    def __init__(self, wanted: set[int]) -> None:
        self.size = 0
        self.levels: list[bytes] = []
        self.nodes: list[bytes] = []
        self.problems: list[Problem] = []
        self.roots: dict[int, bytes] = {}
        self._wanted = wanted
        if 0 in wanted:
            self.roots[0] = self.root()

    def root(self) -> bytes:
        """The root over the entries read so far."""
        return root(frontier_of(dict(enumerate(self.levels)), self.size))

    def read(self, store: Store, progress: Callable[[int], None] | None) -> int:
        """Grow over all entries; where one is missing, the number of the next one (else 0)."""
        for piece in store.pieces(EntryRow, "seq", "body", "leaf"):
            if gap := self._grow(piece):
                return gap
            if progress:
                progress(self.size)
        return 0

    def _grow(self, piece: list[tuple[int, bytes, bytes]]) -> int:
        """The tight loop: two hashes an entry, and nothing else."""
        sha256, levels, size, wanted = hashlib.sha256, self.levels, self.size, self._wanted
        for seq, body, leaf in piece:
            if seq != size + 1:
                self.size = size
                return seq
            node = sha256(b"\x00" + body).digest()
            if node != leaf:
                self.problems.append(Problem(seq, "leaf"))
            level = 0
            while size >> level & 1:
                node = sha256(b"\x01" + levels[level] + node).digest()
                level += 1
                if level == _NODE_LEVEL:
                    self.nodes.append(node)
            if level < len(levels):
                levels[level] = node
            else:
                levels.append(node)
            size = seq
            if size in wanted:
                self.size = size
                self.roots[size] = self.root()
        self.size = size
        return 0


def _remembered(
    kept: Mapping[int, bytes], roots: Mapping[int, bytes], last: int,
) -> Iterator[Problem]:
    """The checkpoints that the book itself remembers, against the tree of now."""
    for size, then in kept.items():
        if size > last:
            yield Problem(last + 1, "journal_cut", {"size": size})
        elif size in roots and roots[size] != then:
            yield Problem(size, "checkpoint")


def _kept(store: Store, tree: _Tree) -> Iterator[Problem]:
    """The hashes that the book keeps to go on and to prove, against those just worked out."""
    for record, name, hashes in ((Frontier, "frontier", tree.levels),
                                 (Node256, "node256", tree.nodes)):
        stored = {place: found for piece in store.pieces(record) for place, found in piece}
        for place, hash_ in enumerate(hashes):
            if stored.pop(place, None) != hash_:
                yield Problem(0, "row_differs", {"table": name, "row": str(place)})
        for place in stored:
            yield Problem(0, "row_unmade", {"table": name, "row": str(place)})
