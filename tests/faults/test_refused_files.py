"""R9: places that cannot be had. A clear error with its code, in words, and not a byte changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from lovepoints.words.command import SAID
from tests.faults.small_book import found
from tests.faults.unprivileged import Told, told

LANGUAGES = ("zh", "en")


@attrs.frozen
class Way:
    """A way to keep a book from somebody, and what he then gets: a code, or what is there.

    `taken` is what comes of making a book there, or of copying one there.
    """

    spoil: Callable[[Path], Path]
    read: str
    written: str
    taken: str = "exists"


def mode(rights: int) -> Callable[[Path], Path]:
    """The file has only these rights."""
    def spoil(book: Path) -> Path:
        book.chmod(rights)
        return book

    return spoil


def folder_mode(rights: int, *, is_wal: bool = False) -> Callable[[Path], Path]:
    """The folder has only these rights."""
    def spoil(book: Path) -> Path:
        if is_wal:
            strangely(book, "PRAGMA journal_mode = wal")
        book.parent.chmod(rights)
        return book

    return spoil


def holding(content: bytes) -> Callable[[Path], Path]:
    """The file is something else."""
    def spoil(book: Path) -> Path:
        book.write_bytes(content)
        return book

    return spoil


def altered(*statements: str, is_fresh: bool = False) -> Callable[[Path], Path]:
    """A stranger said something to the file, or to a fresh one in its place."""
    def spoil(book: Path) -> Path:
        if is_fresh:
            book.unlink()
        strangely(book, *statements)
        book.chmod(0o666)
        return book

    return spoil


def strangely(book: Path, *statements: str) -> None:
    """Another program's statements."""
    stranger = sqlite3.connect(book, isolation_level=None)
    for statement in statements:
        stranger.execute(statement)
    stranger.close()


def cut_off(book: Path) -> Path:
    """Half of a transaction is in the file: its journal says how to undo it."""
    other = book.with_name("other.db")
    shutil.copy(book, other)
    writer = sqlite3.connect(other, isolation_level=None)
    for statement in ("PRAGMA cache_size = 1", "PRAGMA cache_spill = 1", "BEGIN",
                      "CREATE TABLE filler (x)",
                      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90) "
                      "INSERT INTO filler SELECT zeroblob(4000) FROM n"):
        writer.execute(statement)
    shutil.copy(other, book)
    shutil.copy(f"{other}-journal", f"{book}-journal")
    writer.close()
    other.unlink()
    book.parent.chmod(0o555)
    return book


def folder_instead(book: Path) -> Path:
    """A folder of that name."""
    book.unlink()
    book.mkdir()
    return book


OTHERS = ("CREATE TABLE entry (seq INTEGER PRIMARY KEY)", "INSERT INTO entry VALUES (1)")
WAYS = {
    "a file that may only be read": Way(mode(0o444), "500", "ledger_readonly"),
    "a folder that may only be read": Way(folder_mode(0o555), "500", "ledger_readonly"),
    "a WAL file in such a folder": Way(folder_mode(0o555, is_wal=True), "read_only", "read_only"),
    "an unfinished file in such a folder": Way(cut_off, "read_only", "read_only"),
    "a file that may not be read": Way(mode(0), "no_access", "no_access"),
    "a folder that may not be entered": Way(folder_mode(0), "no_access", "no_access",
                                            "read_only"),
    "a file that is not there": Way(lambda book: book.with_name("b.db"), "missing", "missing",
                                    "done"),
    "no file in a folder that may only be read": Way(
        lambda book: folder_mode(0o555)(book).with_name("b.db"), "missing", "missing",
        "read_only"),
    "a folder that is not there": Way(lambda book: book.parent / "no" / "b.db", "missing",
                                      "missing", "missing"),
    "a file as a folder": Way(lambda book: book / "b.db", "missing", "missing", "missing"),
    "a folder instead": Way(folder_instead, "not_a_book", "not_a_book"),
    "a letter": Way(holding("尊敬的居民：\n".encode() * 300), "not_a_book", "not_a_book"),
    "an empty file": Way(holding(b""), "not_a_book", "not_a_book"),
    "another program's database": Way(altered("PRAGMA application_id = 7", *OTHERS, is_fresh=True),
                                      "not_a_book", "not_a_book"),
    "a database without a mark": Way(altered(*OTHERS, is_fresh=True), "not_a_book", "not_a_book"),
    "a WAL database of another": Way(
        altered("PRAGMA journal_mode = wal", *OTHERS, is_fresh=True), "not_a_book", "not_a_book"),
    "a newer book": Way(altered("PRAGMA user_version = 99"), "500", "ledger_readonly"),
}


@pytest.fixture
def book() -> Iterator[Path]:
    """A small book that anybody may read and write, in a folder likewise."""
    folder = Path(tempfile.mkdtemp())
    home = folder / "home"
    home.mkdir()
    found(home / "book.db")
    for path, rights in ((folder, 0o777), (home, 0o777), (home / "book.db", 0o666)):
        path.chmod(rights)
    for beside in home.glob("book.db-*"):
        beside.unlink()
    yield home / "book.db"
    home.chmod(0o777)
    shutil.rmtree(folder)


def fingerprint(folder: Path) -> dict[str, str]:
    """Everything in a folder: its name and its content."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*") if path.is_file()}


def unsaid(answer: Told, code: str) -> list[str]:
    """The languages in which the command did not say what is wrong and what to do."""
    return [lang for at, lang in enumerate(LANGUAGES) if any(
        SAID[sentence][at] not in answer.command[lang][1] for sentence in (code, f"do_{code}"))]


@pytest.mark.parametrize("name", WAYS)
def test_a_place_that_cannot_be_had_is_told_and_left_alone(
    name: str, book: Path, tried: Callable[..., None],
) -> None:
    """What is there can be read where it may be read; nothing is written, nothing is left."""
    way = WAYS[name]
    path = way.spoil(book)
    before = fingerprint(book.parent)

    answer = told(path)

    after = fingerprint(book.parent)
    tried("R9", ways=1, attempts=6)
    copied = "exists" if way.taken == "done" else way.taken
    assert (way.read, way.written, way.taken, copied) == (
        answer.read, answer.written, answer.made, answer.copied)
    is_readable = way.read == "500"
    assert [is_readable] * 2 == [code == 0 for code, _ in answer.command.values()]
    assert is_readable or not unsaid(answer, way.read)
    assert before == {name: what for name, what in after.items() if name in before}
    assert (way.taken == "done") == (before != after)


LOCKS = {
    "a reader": ("BEGIN", "SELECT count(*) FROM entry"),
    "a writer": ("BEGIN IMMEDIATE", "SELECT 1"),
    "an exclusive writer": ("BEGIN EXCLUSIVE", "SELECT 1"),
}
HELD = {
    ("a reader", "truncate"): ("500", "busy"), ("a reader", "wal"): ("500", "written"),
    ("a writer", "truncate"): ("500", "busy"), ("a writer", "wal"): ("500", "busy"),
    ("an exclusive writer", "truncate"): ("busy", "busy"),
    ("an exclusive writer", "wal"): ("500", "busy"),
}
"""What another program gets while one has a book, in each kind of journal: `(read, written)`."""


@pytest.mark.parametrize(("holder", "journal"), HELD)
def test_a_book_that_another_program_holds_is_busy(
    holder: str, journal: str, book: Path, tried: Callable[..., None],
) -> None:
    """After the patience that it has; who holds the book goes on undisturbed."""
    strangely(book, f"PRAGMA journal_mode = {journal}")
    before = fingerprint(book.parent)
    program = sqlite3.connect(book, isolation_level=None)
    for statement in LOCKS[holder]:
        program.execute(statement)

    answer = told(book)

    program.execute("COMMIT")
    program.execute("UPDATE setting SET value = value WHERE 0")
    program.close()
    tried("R9", ways=1, attempts=6)
    assert HELD[holder, journal] == (answer.read, answer.written)
    assert answer.read == "500" or not unsaid(answer, answer.read)
    is_same = fingerprint(book.parent)["book.db"] == before["book.db"]
    assert is_same == (answer.written == "busy")


@pytest.mark.parametrize(("mutant", "name"), [
    ("does-not-ask", "a folder that may only be read"),
    ("takes-any-file", "another program's database"),
    ("overwrites", "a letter"),
])
def test_this_row_has_teeth(
    mutant: str, name: str, book: Path, tried: Callable[..., None],
) -> None:
    """A library that does not ask for rights, takes any file or overwrites one is found out."""
    way = WAYS[name]
    path = way.spoil(book)
    before = fingerprint(book.parent)

    answer = told(path, mutant)

    wrong = [(way.read, way.written) != (answer.read, answer.written),
             way.taken != answer.made, before != fingerprint(book.parent)]
    tried("R9", mutants_found=1)
    assert any(wrong)
    assert os.path.exists(path)
