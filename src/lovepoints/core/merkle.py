"""The RFC 6962 tree over the journal: frontier, roots, proofs, and checkpoints for the outside.

A leaf is the hash of one entry's canonical bytes. The *frontier* is what is needed to go on:
one hash for each bit that is set in the size, lowest level first. Each complete subtree of 256
leaves (level 8) is kept as well, so that a proof over a million entries costs some thousand
hashes. Everything here is pure; nothing detects a full rewrite by the owner of the book unless
a checkpoint was kept outside.

A checkpoint's text form is C2SP `tlog-checkpoint` without extension lines: origin, size and root
in base64, one a line; then, if somebody signed, an empty line and the signature lines. Its *code*
is for paper and for reading aloud: `200000-7K3M-Q2ZD-...-41`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
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
SIZE_MAX = 2**53 - 1
"""No journal is longer."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O (read as 1, 1, 0), no U
_MISREAD = str.maketrans("ILO", "110")
_CODE_BYTES = 15
_LETTERS = _CODE_BYTES * 8 // 5
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_CODE = re.compile(
    rf"([0-9]{{1,16}})-([{_ALPHABET}]{{4}}(?:-[{_ALPHABET}]{{4}}){{5}})-([0-9]{{2}})", re.ASCII
)
_SIGNATURE = re.compile(r"\u2014 [^\s+]+ [A-Za-z0-9+/]+={0,2}")


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


@attrs.frozen(kw_only=True)
class Checkpoint:
    """The tree of the book `origin` had this root when it had `size` leaves.

    `signatures` are whole C2SP signature lines; they are kept, not checked.
    """

    origin: str
    size: int
    root: bytes = attrs.field(repr=lambda root: root.hex())
    signatures: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not self.origin or not self.origin.isprintable() or self.origin.strip() != self.origin:
            raise ValueError(f"the origin of a checkpoint is one printable line, "
                             f"not {self.origin!r}")
        if isinstance(self.size, bool) or not isinstance(self.size, int):
            raise TypeError(f"the size of a checkpoint is a whole number, not {self.size!r}")
        if not 0 <= self.size <= SIZE_MAX:
            raise ValueError(f"the size of a checkpoint is not negative and at most {SIZE_MAX}")
        if len(self.root) != 32:
            raise ValueError(f"a root has 32 bytes, not {len(self.root)}")
        for line in self.signatures:
            if not _SIGNATURE.fullmatch(line):
                raise ValueError(f"not a signature line: {line!r}")

    def to_text(self) -> str:
        r"""The checkpoint as C2SP text; every line ends with a newline.

        >>> Checkpoint(origin="lovepoints/demo", size=1, root=bytes(32)).to_text()
        'lovepoints/demo\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
        """
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode()]
        if self.signatures:
            lines += ["", *self.signatures]
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The checkpoint that `to_text` wrote; anything else is a ValueError."""
        if not text.endswith("\n"):
            raise ValueError("a checkpoint ends with a newline")
        lines = text[:-1].split("\n")
        if len(lines) < 3 or not _SIZE.fullmatch(lines[1]):
            raise ValueError("a checkpoint has three lines: origin, size, root in base64")
        if lines[3:] and (lines[3] or len(lines) == 4):
            raise ValueError("after the root only an empty line and signature lines may follow")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except binascii.Error as error:
            raise ValueError(f"the root is not base64: {error}") from None
        if base64.b64encode(root).decode() != lines[2]:
            raise ValueError("the root is not written in its one base64 form")
        return cls(origin=lines[0], size=int(lines[1]), root=root, signatures=tuple(lines[4:]))

    @property
    def code(self) -> str:
        """Size, the root's first 120 bits in six groups, two check digits.

        The letters are those of Crockford's base 32. The digits are the whole number before
        them modulo 97, so that any one wrong letter or swap of neighbours shows. Two different
        journals with one code would take some 2**60 hashes to make; the text form has no such
        limit, and is what a program should compare.

        >>> Checkpoint(origin="demo", size=12, root=bytes(range(32))).code
        '12-000G-40R4-0M30-E209-185G-R38E-20'
        """
        letters = _written(int.from_bytes(self.root[:_CODE_BYTES]))
        groups = "-".join(letters[at:at + 4] for at in range(0, _LETTERS, 4))
        return f"{self.size}-{groups}-{_check(self.size, letters):02d}"

    def matches(self, code: str) -> bool:
        """Whether a code from paper speaks of this size and root; blanks and case do not matter.

        Raises:
            ValueError: the code was misread; its check digits do not fit.
        """
        return checked_code(code) == self.code


def checked_code(code: str) -> str:
    """A code as typed from paper, in its one form.

    >>> checked_code("12-ooog-40r4-0M30-E209-l85G-R38E-20")
    '12-000G-40R4-0M30-E209-185G-R38E-20'

    Raises:
        ValueError: it has another shape, or its check digits do not fit.
    """
    typed = "".join(code.split()).upper().translate(_MISREAD)
    match = _CODE.fullmatch(typed)
    if not match:
        raise ValueError(f"a checkpoint code reads like 12-000G-...-20, not {code!r}")
    size, letters = int(match[1]), match[2].replace("-", "")
    if _check(size, letters) != int(match[3]):
        raise ValueError(f"the check digits of {code!r} do not fit; please read it again")
    return f"{size}-{match[2]}-{match[3]}"


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


def _written(number: int) -> str:
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(_LETTERS * 5 - 5, -1, -5))


def _check(size: int, letters: str) -> int:
    number = size
    for letter in letters:
        number = number * 32 + _ALPHABET.index(letter)
    return number % 97
