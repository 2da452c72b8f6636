"""Period closes: every passbook counted into one published total, and nobody's shown to others.

What a passbook has and what it owes are counted apart, so that no number is ever negative. Each
passbook is cut at random into two parts. A part is a leaf, `canonical({holder, part, salt, sums,
v})`, hashed as in the journal's tree; leaves stand in the order of their hashes, so that neither
order nor neighbours tell anything. A node is the hash over both its children *and their sums*:
whoever walks from a leaf to the root adds up the whole total on the way. So a published total
that leaves her out, or holds less than what she and the rest of the tree have, cannot be
shown to her.

What a path shows of others: the sums that stand beside it, the lowest of which is one random part
of somebody's passbook. That nobody was invented is shown by folding the journal, not by a path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeAlias

import attrs

from lovepoints.core.journal import UNREADABLE, Draft, canonical_bytes
from lovepoints.core.merkle import leaf_hash
from lovepoints.core.rows import Balance, CloseLeaf, Setting
from lovepoints.core.store import Rows

Sums: TypeAlias = "dict[str, list[int]]"
"""By unit: what is had, and what is owed; neither is ever negative."""
Counted: TypeAlias = "dict[str, Sums]"
"""By holder: what the passbook has (free and held) and owes."""
PARTS = 2
"""Into so many parts a passbook is cut."""


def closed_until(rows: Rows) -> str:
    """The last closed day (ISO); "" before the first close."""
    closed = rows.get(Setting, "closed")
    return str(closed.value["until"]) if closed else ""


def openly(draft: Draft, rows: Rows) -> Draft:
    """What the calendar did, dated on the first open day if its own day is closed already. Its
    moment stays what it was."""
    until = closed_until(rows)
    if draft.day > until:
        return draft
    return attrs.evolve(draft, day=(date.fromisoformat(until) + timedelta(days=1)).isoformat())


# counting


def counted(balances: Iterable[Balance]) -> Counted:
    """What the accounts of every passbook come to."""
    found: Counted = {}
    for row in balances:
        count(found, row.account, row.unit, row.amount)
    return found


def count(found: Counted, account: str, unit: str, amount: int) -> None:
    """Count an account, if it is part of a passbook."""
    if account.startswith("passbook/"):
        sums = found.setdefault(account.split("/")[1], {})
        if amount:
            has, owes = sums.get(unit, (0, 0))
            sums[unit] = [has + max(amount, 0), owes + max(-amount, 0)]


def total(each: Iterable[Mapping[str, Sequence[int]]]) -> Sums:
    """The sums of sums, unit by unit, in the order of the units."""
    found: Sums = {}
    for sums in each:
        for unit, (has, owes) in sums.items():
            before = found.get(unit, (0, 0))
            found[unit] = [before[0] + has, before[1] + owes]
    return {unit: found[unit] for unit in sorted(found)}


def cut(seq: int, found: Counted, random: Callable[[int], bytes]) -> list[CloseLeaf]:
    """The leaves of the close of entry `seq`: every passbook in random parts under new salts."""
    leaves = []
    for holder, sums in sorted(found.items()):
        first = {unit: [_some(amount, random) for amount in pair] for unit, pair in sums.items()}
        rest = {unit: [whole - part for whole, part in zip(pair, first[unit], strict=True)]
                for unit, pair in sums.items()}
        leaves += [CloseLeaf(seq=seq, holder=holder, part=part, salt=random(16), sums=_told(sums))
                   for part, sums in enumerate((first, rest), 1)]
    return leaves


def pieced(rows: Iterable[CloseLeaf]) -> Counted:
    """What was counted, put together from the leaves again."""
    found: dict[str, list[Mapping[str, Sequence[int]]]] = {}
    for row in rows:
        found.setdefault(row.holder, []).append(row.sums)
    return {holder: total(parts) for holder, parts in found.items()}


def fingerprint(found: Counted) -> bytes:
    """One short value for all that was counted."""
    lines = [[holder, _told(sums)] for holder, sums in sorted(found.items())]
    return hashlib.sha256(canonical_bytes({"counted": lines})).digest()


# the tree


@attrs.frozen
class Node:
    """A leaf or a subtree: its hash, and the sums of all leaves below it."""

    hash: bytes
    sums: Sums

    def to_json(self) -> list[object]:
        """The node as its parent hashes it, and as a path names it."""
        return [self.hash.hex(), self.sums]


def leaf_bytes(row: CloseLeaf) -> bytes:
    """The bytes of a leaf that are hashed."""
    return canonical_bytes({"holder": row.holder, "part": row.part, "salt": row.salt.hex(),
                            "sums": dict(row.sums), "v": 1})


def over(left: Node, right: Node) -> Node:
    """The node over two others."""
    body = canonical_bytes({"left": left.to_json(), "right": right.to_json()})
    return Node(hashlib.sha256(b"\x01" + body).digest(), _told(total((left.sums, right.sums))))


def close_root(rows: Iterable[CloseLeaf]) -> bytes:
    """The root over the leaves of one close."""
    *_, top = _levels(rows)
    return top[0].hash if top else b""


def is_close(rows: Iterable[CloseLeaf], root: bytes) -> bool:
    """Whether the leaves are those of the close with this root."""
    try:
        return close_root(rows) == root
    except UNREADABLE:
        return False


def close_path(rows: Iterable[CloseLeaf], row: CloseLeaf) -> tuple[int, tuple[Node, ...]]:
    """Where a leaf stands in its close, and the nodes beside the way from it to the root."""
    levels = list(_levels(rows))
    place = at = [node.hash for node in levels[0]].index(leaf_hash(leaf_bytes(row)))
    path = []
    for level in levels:
        if (beside := at ^ 1) < len(level):
            path.append(level[beside])
        at >>= 1
    return place, tuple(path)


def _levels(rows: Iterable[CloseLeaf]) -> Iterator[list[Node]]:
    """The tree from its leaves upwards; a node without a partner rises as it is."""
    level = sorted((Node(leaf_hash(leaf_bytes(row)), _told(row.sums)) for row in rows),
                   key=lambda node: node.hash)
    yield level
    while len(level) > 1:
        rest = level[-1:] if len(level) & 1 else []
        level = [over(*level[at:at + 2]) for at in range(0, len(level) - 1, 2)] + rest
        yield level


def _some(amount: int, random: Callable[[int], bytes]) -> int:
    """A random whole number from 0 to an amount."""
    return int.from_bytes(random(16)) % (amount + 1)


def _told(sums: Mapping[str, Sequence[int]]) -> Sums:
    """Sums as they are written: units of which there is nothing are left out."""
    return {unit: [*pair] for unit, pair in sums.items() if any(pair)}
