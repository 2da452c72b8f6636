"""An administrator who owns the file and the program, and recomputes everything inside the book.

`rewrite` makes a real file out of another one: each entry as the forger wants it, hashed anew by
the program's own projector; tree, balances, lots, all rows, the register, the secret, people and
remembered checkpoints all fit, and the guards stand. What is inside can never show it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs

from lovepoints.core.card_rows import Pin, Token
from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.journal import Entry, sealed_digest
from lovepoints.core.merkle import append as grown
from lovepoints.core.merkle import frontier_of, root
from lovepoints.core.projecting import append
from lovepoints.core.rows import (
    CheckpointRow,
    CloseLeaf,
    EntryRow,
    Frontier,
    KeyRow,
    Person,
    Sealed,
)
from lovepoints.core.store import Store
from lovepoints.core.tables import TABLES
from lovepoints.stores import sqlite

Change = Callable[[Entry], Entry | None]


def rewrite(source: Path, target: Path, change: Change) -> Path:
    """The book of `source` as `change` wants each entry; None cuts the journal off there."""
    old, new = sqlite.open_(source, readonly=True), sqlite.create(target)
    try:
        with new.writing():
            roots, seals = _journal(old, new, change)
            for table in TABLES:
                if table.nature in ("book", "personal"):
                    for row in old.scan(table.record):
                        _keep(row, roots, seals, new)
    finally:
        old.close()
        new.close()
    return target


def checkpoints(path: Path) -> list[Checkpoint]:
    """The checkpoints that somebody could have printed after each entry of a book."""
    store = sqlite.open_(path, readonly=True)
    try:
        first = store.get(EntryRow, 1)
        assert first
        origin = Entry.from_bytes(first.body).details["rows"]["setting"][0]["value"]["origin"]
        frontier, found = (), list[Checkpoint]()
        for row in store.scan(EntryRow):
            frontier = grown(frontier, len(found), row.leaf).frontier
            found.append(Checkpoint(origin=f"lovepoints/{origin}", size=row.seq,
                                    root=root(frontier)))
        return found
    finally:
        store.close()


def raised(entry: Entry, amount: int) -> Entry:
    """The entry with more points in what it issued."""
    return attrs.evolve(entry, postings=tuple(
        attrs.evolve(one, amount=one.amount + amount) if one.source == "issued" else one
        for one in entry.postings))


def _journal(
    old: Store, new: Store, change: Change,
) -> tuple[dict[int, bytes], dict[str, str]]:
    """Append what `change` wants; the root at each size, and the newest seal of each subject."""
    roots, seals = {}, {}
    for row in old.scan(EntryRow):
        wanted = change(Entry.from_bytes(row.body))
        if wanted is None:
            break
        append(wanted, new)
        roots[wanted.seq] = _root(new, wanted.seq)
        seals.update(wanted.details.get("sealed", {}))
    return roots, seals


def _keep(row: object, roots: dict[int, bytes], seals: dict[str, str], new: Store) -> None:
    """Take a row over as far as it fits the journal of now."""
    if isinstance(row, CheckpointRow):
        if row.size in roots:
            new.put(attrs.evolve(row, root=roots[row.size]))
    elif isinstance(row, Sealed):
        if seals.get(row.subject) == sealed_digest(row.key, row.details):
            new.put(row)
    elif isinstance(row, Person):
        if row.id in seals:
            new.put(row)
    elif isinstance(row, Token):
        if seals.get(row.card) == sealed_digest(row.key, {"token": row.digest}):
            new.put(row)
    elif isinstance(row, Pin):
        if seals.get(f"pin:{row.party}") == row.seal:
            new.put(row)
    elif isinstance(row, CloseLeaf):
        if row.seq in roots:
            new.put(row)
    elif not isinstance(row, KeyRow) or not row.seq or row.seq in roots:
        new.put(row)


def _root(store: Store, size: int) -> bytes:
    return root(frontier_of({row.level: row.hash for row in store.find(Frontier)}, size))
