"""From entries to rows: the only place that writes derived rows.

Postings move balances and lots; `details["rows"]` names every other row that the entry makes or
changes, by table, as the columns that are new. Nothing is looked up outside the entry and the
rows before it, so that folding the journal again gives the same rows, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from lovepoints.core.journal import Entry, Posting, posting_id
from lovepoints.core.merkle import leaf_hash, node_hash
from lovepoints.core.rows import Balance, EntryRow, Frontier, Lot, Node256, PostingRow
from lovepoints.core.store import Rows
from lovepoints.core.tables import TABLES
from lovepoints.errors import BookDamaged

CHANGEABLE = {
    table.name: table for table in TABLES
    if table.nature == "derived" and table.name not in ("balance", "frontier", "node256")
}
"""The tables that an entry may name in `details["rows"]`; the others follow from its postings."""
_NEVER_POSITIVE = ("issued", "supplier")


def append(entry: Entry, rows: Rows) -> bytes:
    """Write the entry to the journal, grow the tree over it, project it; its leaf hash."""
    body = entry.body
    leaf = leaf_hash(body)
    rows.put(EntryRow(
        seq=entry.seq, key=entry.key, kind=entry.kind, subject=entry.subject, day=entry.day,
        recorded_at=entry.recorded_at, reverses=entry.reverses, body=body, leaf=leaf,
    ))
    refold(entry, leaf, rows)
    return leaf


def refold(entry: Entry, leaf: bytes, rows: Rows) -> None:
    """Everything that follows from an entry that stands in the journal already."""
    grow(rows, entry.seq - 1, leaf)
    project(entry, rows)


def grow(rows: Rows, size: int, leaf: bytes) -> None:
    """Append a leaf to the tree of `size` leaves.

    The frontier row of a level counts only while that bit of the size is set; stale ones are
    simply overwritten later, which saves a delete for every append.
    """
    level, node = 0, leaf
    while size >> level & 1:
        left = rows.get(Frontier, level)
        if left is None:
            raise BookDamaged(f"the tree lacks its node of level {level}", seq=size)
        node = node_hash(left.hash, node)
        level += 1
        if level == 8:
            rows.put(Node256(index=size >> 8, hash=node))
    rows.put(Frontier(level=level, hash=node))


def project(entry: Entry, rows: Rows, *, first_line: int = 0) -> None:
    """Write the rows that the entry's postings and `details["rows"]` change.

    `first_line` is the line of its first posting; only a rehearsal of the later part of an entry
    has another than 0.
    """
    for line, posting in enumerate(entry.postings, first_line):
        _post(posting_id(entry.seq, line), posting, rows)
    changes: Mapping[str, Iterable[Mapping[str, Any]]] = entry.details.get("rows", {})
    for name in sorted(changes):
        for change in changes[name]:
            _change(name, change, entry, rows)


def limit_broken(account: str, amount: int) -> bool:
    """Whether a balance is on the wrong side of zero for this account (I5)."""
    if account in _NEVER_POSITIVE or account.endswith("/owed"):
        return amount > 0
    return amount < 0


def _post(number: int, posting: Posting, rows: Rows) -> None:
    source = _moved(posting.source, posting.unit, -posting.amount, number, rows)
    target = _moved(posting.target, posting.unit, posting.amount, number, rows)
    rows.put(PostingRow(
        id=number, source=posting.source, target=posting.target, unit=posting.unit,
        amount=posting.amount, lot=posting.lot,
        source_after=source[0], source_prev=source[1],
        target_after=target[0], target_prev=target[1],
    ))
    if posting.lot:
        _move_lot(number, posting, rows)
    if posting.opens:
        rows.put(Lot(
            id=number, account=posting.target, unit=posting.unit, granted=posting.amount,
            free=posting.amount, available_at=posting.opens.available_at,
            ends_at=posting.opens.ends_at,
        ))


def _moved(account: str, unit: str, amount: int, number: int, rows: Rows) -> tuple[int, int]:
    """Move one balance; what it is now, and the account's previous posting."""
    before = rows.get(Balance, account, unit) or Balance(account=account, unit=unit)
    after = before.amount + amount
    if limit_broken(account, after):
        raise BookDamaged(f"{account} would stand at {after} {unit}", seq=number >> 12)
    rows.put(Balance(account=account, unit=unit, amount=after, version=before.version + 1,
                     last=number))
    return after, before.last


def _move_lot(number: int, posting: Posting, rows: Rows) -> None:
    """The named lot gives at the source's side of its account and takes at the target's."""
    lot = rows.get(Lot, posting.lot)
    if lot is None or lot.unit != posting.unit:
        raise BookDamaged(f"lot {posting.lot} is not one of {posting.unit}", seq=number >> 12)
    free, held, base = lot.free, lot.held, lot.account
    free -= posting.amount if posting.source == base else 0
    held -= posting.amount if posting.source == base + "/held" else 0
    if not posting.opens:
        free += posting.amount if posting.target == base else 0
        held += posting.amount if posting.target == base + "/held" else 0
    if free < 0 or held < 0 or free + held > lot.granted:
        raise BookDamaged(f"lot {lot.id} would have {free} free and {held} held of {lot.granted}",
                          seq=number >> 12)
    rows.put(attrs.evolve(lot, free=free, held=held, is_open=int(free + held > 0)))


def _change(name: str, change: Mapping[str, Any], entry: Entry, rows: Rows) -> None:
    table = CHANGEABLE[name]
    record = table.record
    values = dict(change)
    if "seq" in table.key:
        values.setdefault("seq", entry.seq)
    present = rows.get(record, *(values[column] for column in table.key))
    if present is None:
        if "seq" in table.columns:
            values.setdefault("seq", entry.seq)
        rows.put(record(**values))
    else:
        rows.put(attrs.evolve(present, **values))
