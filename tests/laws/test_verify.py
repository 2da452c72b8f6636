"""Whatever somebody changes in the file behind the book's back, verification finds it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from lovepoints.core.journal import Entry, canonical_bytes
from lovepoints.core.merkle import leaf_hash
from lovepoints.core.projecting import append
from lovepoints.core.rows import CheckpointRow, EntryRow, KeyRow
from lovepoints.core.tables import TABLES
from lovepoints.core.verifying import Verification, verify
from lovepoints.errors import BookDamaged, StoreError
from lovepoints.stores import sqlite
from lovepoints.stores.memory import MemoryStore
from tests.laws import whole_book


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with something in every table, and a remembered checkpoint in its middle."""
    return whole_book.build(tmp_path_factory.mktemp("verify") / "book.db")


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    """A copy to tamper with, its guards taken off."""
    copy = shutil.copy(original, tmp_path / "book.db")
    return whole_book.unguarded(Path(copy))


def verified(path: Path) -> Verification:
    """What verification finds; a book without its guards is opened for reading only."""
    store = sqlite.open_(path)
    try:
        return verify(store)
    finally:
        store.close()


def changed(path: Path, *statements: str) -> Verification:
    """What verification finds after these statements."""
    file = sqlite3.connect(path)
    file.execute("PRAGMA ignore_check_constraints = 1")
    with file:
        for statement in statements:
            file.execute(statement)
    file.close()
    return verified(path)


def test_a_sound_book_has_no_findings(path: Path) -> None:
    """Also without the guards that were dropped: they are not part of the book."""
    found = verified(path)

    assert (True, ()) == (found.is_sound, found.problems)
    assert found.entries > 256


COLUMNS = [
    (table.name, column, table.key) for table in TABLES if table.nature in ("journal", "derived")
    for column in table.columns
]


@pytest.mark.parametrize(("table", "column", "key"), COLUMNS)
def test_any_changed_column_is_found(
    path: Path, table: str, column: str, key: tuple[str, ...],
) -> None:
    """Of an entry, a posting, or any row that follows from them."""
    file = sqlite3.connect(path)
    where, values = _first(file, table, key)
    (old,) = file.execute(f'SELECT "{column}" FROM "{table}" WHERE {where}', values).fetchone()
    file.execute("PRAGMA ignore_check_constraints = 1")
    with file:
        file.execute(f'UPDATE OR REPLACE "{table}" SET "{column}" = ? WHERE {where}',
                     (_other(old), *values))
    file.close()

    problems = verified(path).problems

    assert problems
    if table == "entry":
        assert 1 == problems[0].seq
    if table == "posting" and column != "id":
        assert problems[0].seq == values[0] // 4096


def _first(
    file: sqlite3.Connection, table: str, key: tuple[str, ...],
) -> tuple[str, tuple[object, ...]]:
    """The condition that finds the first row of a table, with its values."""
    names = ", ".join(f'"{name}"' for name in key)
    row = file.execute(f'SELECT {names} FROM "{table}" ORDER BY {names} LIMIT 1').fetchone()
    return " AND ".join(f'"{name}" = ?' for name in key), tuple(row)


def _other(value: object) -> object:
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    text = str(value)
    return '{"x":1}' if text.startswith("{") else text + "x"


@pytest.mark.parametrize("table", [one.name for one in TABLES
                                   if one.nature in ("journal", "derived")])
def test_a_deleted_row_is_found(path: Path, table: str) -> None:
    """Of any table that the entries give."""
    file = sqlite3.connect(path)
    where, values = _first(file, table, next(one.key for one in TABLES if one.name == table))
    with file:
        file.execute(f'DELETE FROM "{table}" WHERE {where}', values)
    file.close()

    assert verified(path).problems


@pytest.mark.parametrize("seq", [1, 7, 100])
def test_the_first_bad_entry_is_named(path: Path, seq: int) -> None:
    """Deleted, changed or exchanged with its neighbour."""
    deleted = changed(path, f"DELETE FROM entry WHERE seq = {seq}")

    assert seq == deleted.problems[0].seq
    assert seq - 1 == deleted.entries


def test_two_exchanged_entries_are_found(path: Path) -> None:
    """Bytes and leaves of two entries, each in the other's place."""
    found = changed(
        path, "CREATE TEMP TABLE t AS SELECT seq, body, leaf FROM entry WHERE seq IN (9, 10)",
        "UPDATE entry SET body = (SELECT body FROM t WHERE t.seq = 19 - entry.seq),"
        " leaf = (SELECT leaf FROM t WHERE t.seq = 19 - entry.seq) WHERE seq IN (9, 10)")

    assert 9 == found.problems[0].seq


def test_a_forged_entry_with_its_own_leaf_is_found(path: Path) -> None:
    """Who changes an entry and hashes it anew has still another tree, postings and balances."""
    file = sqlite3.connect(path)
    seq, body = file.execute(
        "SELECT seq, body FROM entry WHERE kind = 'opening'").fetchone()
    entry = json.loads(body)
    entry["postings"][0]["amount"] += 1000
    forged = canonical_bytes(entry)
    with file:
        file.execute("UPDATE entry SET body = ?, leaf = ? WHERE seq = ?",
                     (forged, leaf_hash(forged), seq))
    file.close()

    assert seq == verified(path).problems[0].seq


@pytest.mark.parametrize("table", ["entry", "posting"])
def test_a_cut_tail_is_found(path: Path, table: str) -> None:
    """The last entries, or their postings, are gone."""
    column = "seq" if table == "entry" else "id >> 12"

    assert changed(path, f"DELETE FROM {table} WHERE {column} >= 20").problems


def test_a_cut_tail_is_found_by_a_remembered_checkpoint(path: Path) -> None:
    """Cut so cleanly that everything fits: but a longer journal was noted."""
    cut = _rewritten(path, lambda entry: entry if entry.seq < 15 else None)

    (found,) = verify(cut).problems

    assert 15 == found.seq
    assert "shorter than the remembered checkpoint" in found.what


def test_a_rewritten_book_contradicts_a_remembered_checkpoint(path: Path) -> None:
    """Everything derived can be made to fit; the root that somebody remembered cannot."""
    forged = _rewritten(path, lambda entry: attrs.evolve(entry, role=f"{entry.role}x"))

    assert ["the journal up to here is not the one of a remembered checkpoint"] == [
        one.what for one in verify(forged).problems]


def _rewritten(path: Path, change: Callable[[Entry], Entry | None]) -> MemoryStore:
    """The book as somebody would forge it who owns the file and the program."""
    store, forged = sqlite.open_(path), MemoryStore()
    with forged.writing():
        kept = {entry.key for row in store.scan(EntryRow)
                if (entry := change(Entry.from_bytes(row.body))) and append(entry, forged)}
        for noted in store.scan(CheckpointRow):
            forged.put(noted)
        for key in store.scan(KeyRow):
            if key.key in kept:
                forged.put(key)
    store.close()
    return forged


def test_a_truncated_file_is_damaged(path: Path) -> None:
    """Half a file is no book."""
    whole = path.read_bytes()
    path.write_bytes(whole[:len(whole) // 2])

    with pytest.raises((BookDamaged, StoreError)):
        found = verified(path)
        assert found.is_sound


def test_a_key_that_was_freed_is_found(path: Path) -> None:
    """Whoever takes a key out of the register could have its request paid again."""  # bug 5
    found = changed(path, "DELETE FROM key_register WHERE seq = 20")

    assert [20] == [one.seq for one in found.problems]


def test_a_key_that_points_elsewhere_is_found(path: Path) -> None:
    """The register answers with the entry that the request made."""
    found = changed(path, "UPDATE key_register SET seq = 21 WHERE seq = 20")

    assert found.problems
