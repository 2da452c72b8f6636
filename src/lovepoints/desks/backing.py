"""Copies of the book: made while others go on writing, verified before they count, and noted."""

from __future__ import annotations

import os
from datetime import datetime
from os import PathLike
from pathlib import Path

import attrs

from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.findings import Verification
from lovepoints.core.rows import BackupRow
from lovepoints.core.verifying import verify
from lovepoints.desks import auditing
from lovepoints.desks.book import Book
from lovepoints.errors import BookDamaged


@attrs.frozen(kw_only=True)
class Backup:
    """A verified copy of the book. Print `checkpoint.code`: whoever puts the copy back one day
    sees by later codes how much is missing."""

    name: str
    at: datetime
    checkpoint: Checkpoint


def backup(book: Book, path: str | PathLike[str]) -> Backup:
    """Copy the book to a new file, verify the copy, and note it.

    A copy that does not verify, or is not the beginning of the book, is taken away again.
    """
    book.store.backup(os.fspath(path))
    place = Path(path)
    try:
        found = _verified(place)
        if found.problems:
            raise BookDamaged(f"the copy does not verify: {found.problems[0].what}",
                              seq=found.problems[0].seq)
        if found.root != auditing.root_at(book, found.entries):
            raise BookDamaged("the copy is not the beginning of the book")
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    row = BackupRow(noted_at=book.now(), name=place.name, size=found.entries, root=found.root)
    if book.store.is_writable:
        with book.store.writing():
            book.store.put(row)
    return _told(book, row)


def backups(book: Book) -> tuple[Backup, ...]:
    """The copies that were noted, oldest first. Whether a file still exists nobody can know."""
    with book.reading():
        return tuple(_told(book, row) for row in book.store.find(BackupRow))


def _verified(place: Path) -> Verification:
    from lovepoints.stores import sqlite  # only whoever makes a copy needs it
    copy = sqlite.open_(place, readonly=True)
    try:
        with copy.reading():
            return verify(copy)
    finally:
        copy.close()


def _told(book: Book, row: BackupRow) -> Backup:
    return Backup(name=row.name, at=book.calendar.local(row.noted_at), checkpoint=Checkpoint(
        origin=auditing.origin(book), size=row.size, root=row.root))
