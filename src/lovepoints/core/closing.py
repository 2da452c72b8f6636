"""Period closes: every balance counted into one published root, and nobody's shown to others.

The leaves of a close are `canonical({balance, holder, salt, unit, v})`, hashed as in the journal's
tree and sorted by their hashes, so that neither order nor neighbours tell anything. The salt is
random for each holder and close: whoever knows a pseudonym cannot guess the balance. A resident
who is given her leaf and its path sees that her balance was counted; that the total is the sum of
what was counted is shown by folding the journal up to the close.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

import attrs

from lovepoints.core.journal import Draft, canonical_bytes
from lovepoints.core.merkle import inclusion_proof, leaf_hash, root_of
from lovepoints.core.rows import Balance, CloseLeaf, Setting
from lovepoints.core.store import Rows

Counted = dict[tuple[str, str], int]
"""What passbooks show, by holder and unit: free + held - owed."""


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


def counted(balances: Iterable[Balance]) -> Counted:
    """The balances of accounts, added up as passbooks show them."""
    found: Counted = {}
    for row in balances:
        add(found, row.account, row.unit, row.amount)
    return found


def add(found: Counted, account: str, unit: str, amount: int) -> None:
    """Count an account, if it is part of a passbook."""
    if account.startswith("passbook/"):
        place = (account.split("/")[1], unit)
        found[place] = found.get(place, 0) + amount


def totals(found: Counted) -> dict[str, int]:
    """The sums by unit."""
    sums: dict[str, int] = {}
    for (_, unit), amount in found.items():
        sums[unit] = sums.get(unit, 0) + amount
    return sums


def fingerprint(found: Counted) -> bytes:
    """One short value for all that was counted."""
    lines = [[*place, amount] for place, amount in sorted(found.items())]
    return hashlib.sha256(canonical_bytes({"counted": lines})).digest()


def leaf_bytes(row: CloseLeaf) -> bytes:
    """The bytes of a leaf that are hashed."""
    return canonical_bytes({"balance": row.balance, "holder": row.holder, "salt": row.salt.hex(),
                            "unit": row.unit, "v": 1})


def close_root(rows: Iterable[CloseLeaf]) -> bytes:
    """The root over the leaves of one close."""
    return root_of(_hashes(rows))


def close_path(rows: Iterable[CloseLeaf], row: CloseLeaf) -> tuple[int, tuple[bytes, ...]]:
    """Where a leaf stands in its close, and the path from it to the root."""
    hashes = _hashes(rows)
    place = hashes.index(leaf_hash(leaf_bytes(row)))
    return place, inclusion_proof(place, len(hashes), lambda low, high: hashes[low:high])


def _hashes(rows: Iterable[CloseLeaf]) -> list[bytes]:
    return sorted(leaf_hash(leaf_bytes(row)) for row in rows)
