"""Files that somebody made to hurt: read-only or a typed error, never a silent acceptance."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import lovepoints as lp
from lovepoints.core.rows import EntryRow
from lovepoints.errors import BookDamaged, LovepointsError, StoreError
from lovepoints.stores import dump, opening, schema, sqlite
from lovepoints.stores.waiting import Waits

RULES = Path(__file__).parents[2] / "examples" / "rulebooks" / "first.toml"
OLD = Path(__file__).parent / "books" / "schema-1.db"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with a resident who has points."""
    path = tmp_path_factory.mktemp("made") / "book.db"
    lp.create(path, name="幸福社区", admin="staff:zhao")
    with lp.open(path, by="staff:zhao") as book:
        book.rulebooks.adopt(RULES)
        book.residents.enrol("0421", name="秀英", household="3-2-501")
        book.books.opening("3-2-501", 50)
    return path


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may hurt."""
    return Path(shutil.copy(made, tmp_path / "book.db"))


def crafted(path: Path, *statements: str) -> Path:
    """The file after a stranger's statements."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for statement in statements:
            raw.execute(statement)
    return path


STRANGERS = {
    "a trigger that pays": (
        "trigger gift does not belong",
        "CREATE TRIGGER gift AFTER INSERT ON balance BEGIN"
        " UPDATE balance SET amount = amount + 1 WHERE account LIKE 'passbook/%'; END"),
    "a trigger that swallows": (
        "trigger quiet does not belong",
        "CREATE TRIGGER quiet BEFORE INSERT ON entry BEGIN SELECT RAISE(IGNORE); END"),
    "a trigger on a table of its own": (
        "trigger late does not belong",
        "CREATE TABLE mine (x)", "CREATE TRIGGER late AFTER INSERT ON mine BEGIN SELECT 1; END"),
    "a trigger named like a table": (
        "trigger lot does not belong",
        "CREATE TRIGGER lot AFTER UPDATE ON lot BEGIN DELETE FROM mark; END"),
    "a view": ("view people does not belong", "CREATE VIEW people AS SELECT * FROM person"),
    "a view in a table's place": (
        "table node256 was changed", "DROP TABLE node256",
        "CREATE VIEW node256 AS SELECT 1 AS level, 2 AS place, x'00' AS hash"),
    "an index that forbids": (
        "index once does not belong", "CREATE UNIQUE INDEX once ON entry (key)"),
    "an index that answers": (
        "index quick does not belong", "CREATE INDEX quick ON balance (account, amount)"),
    "another index by its name": (
        "index entry_by_subject was changed", "DROP INDEX entry_by_subject",
        "CREATE INDEX entry_by_subject ON entry (seq) WHERE seq < 0"),
    "a guard that lets through": (
        "trigger entry_no_update was changed", "DROP TRIGGER entry_no_update",
        "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry WHEN 0 BEGIN SELECT 1; END"),
    "a generated column": (
        "table balance was changed",
        "ALTER TABLE balance ADD COLUMN more INTEGER GENERATED ALWAYS AS (amount * 2)"),
}


@pytest.mark.parametrize("what", list(STRANGERS))
def test_what_does_not_belong_makes_a_book_read_only(book: Path, what: str) -> None:
    """Whatever could change what a verb does is named, and no verb is said over it."""
    named, *statements = STRANGERS[what]
    crafted(book, *statements)

    with lp.open(book, by="staff:zhao") as community:
        told = community.describe()

        assert named in told["differences"]
        assert "no" == told["writable"]
        with pytest.raises(lp.Refused) as caught:
            community.residents.enrol("0422")
        assert lp.Code.LEDGER_READONLY == caught.value.code


def test_other_tables_and_their_indexes_are_let_alone(book: Path) -> None:
    """What cannot touch a statement of ours does not stop an office."""
    crafted(book, "CREATE TABLE telephone (of TEXT)", "CREATE INDEX by_of ON telephone (of)")

    with lp.open(book, by="staff:zhao") as community:
        community.residents.enrol("0422")

        assert "" == community.describe()["differences"]


def test_an_old_book_with_a_stranger_is_not_brought_up_to_date(tmp_path: Path) -> None:
    """The steps of a migration would run the trigger; the file stays equal byte for byte."""
    path = Path(shutil.copy(OLD, tmp_path / "old.db"))
    crafted(path, f"CREATE TRIGGER creep AFTER INSERT ON {schema.MIGRATION_TABLE}"
                  " BEGIN DELETE FROM key_register; END")
    before = path.read_bytes()

    with lp.open(path, by="staff:zhao") as community:
        assert "trigger creep does not belong" in community.describe()["differences"]

    assert before == path.read_bytes()


def test_no_schema_of_a_stranger_is_trusted(book: Path) -> None:
    """Functions with effects cannot hide in a view or an index of a file."""
    store = sqlite.open_(book)

    assert 0 == opening.asked(store._connection.raw, "trusted_schema")
    store.close()


@pytest.mark.parametrize("statement", [
    "PRAGMA application_id = 1", "PRAGMA application_id = 0",
    "PRAGMA application_id = -1",
])
def test_another_programs_file_is_no_book(book: Path, statement: str) -> None:
    """Even with all our tables in it."""
    with pytest.raises(StoreError) as caught:
        lp.open(crafted(book, statement))

    assert "not_a_book" == caught.value.code


@pytest.mark.parametrize("version", [-1, 0, schema.SCHEMA_VERSION + 1, 2**31 - 1])
def test_a_lying_version_never_writes_wrongly(book: Path, version: int) -> None:
    """A version below is completed to the same schema, one above only read."""
    crafted(book, f"PRAGMA user_version = {version}")

    with lp.open(book, by="staff:zhao") as community:
        told = community.describe()

        assert ("yes" if version < schema.SCHEMA_VERSION else "no") == told["writable"]
        assert community.books.check().is_sound


def met(path: Path) -> str:
    """How a file is met: by its error's class, as read-only, or as sound; anything else raises."""
    try:
        store = sqlite.open_(path, waits=Waits(seconds=0))
        try:
            dump(store)
        finally:
            store.close()
        with lp.open(path, by="staff:zhao") as community:
            if not community.books.check().is_sound:
                return "problems"
            return "sound" if community.describe()["writable"] == "yes" else "read-only"
    except LovepointsError as error:
        return type(error).__name__


def test_broken_headers_are_typed_errors(made: Path, tmp_path: Path) -> None:
    """A hundred headers with bytes changed, huge page counts and odd page sizes among them."""
    dice = random.Random(21)
    whole = made.read_bytes()
    path = tmp_path / "book.db"
    outcomes = []

    for number in range(100):
        content = bytearray(whole)
        if number < 20:  # page size, versions, page count, free list, schema format, encoding
            at, size = [(16, 2), (18, 2), (28, 4), (32, 8), (44, 4), (52, 4), (56, 4)][number % 7]
            content[at:at + size] = (b"\xff", b"\0", b"\x7f")[number % 3] * size
        else:
            for _ in range(dice.randint(1, 8)):
                content[dice.randrange(100)] = dice.randrange(256)
        path.write_bytes(content)
        outcomes.append(met(path))

    assert {"StoreError", "BookDamaged", "problems", "sound", "read-only"} >= set(outcomes)
    assert outcomes.count("sound") < 80


def test_cut_noisy_and_mixed_files_are_typed_errors(made: Path, tmp_path: Path) -> None:
    """A file cut anywhere, noise behind a good header, a foreign journal or WAL beside it."""
    whole, path = made.read_bytes(), tmp_path / "book.db"
    dice = random.Random(22)

    for size in (1, 15, 16, 99, 100, 512, 4095, 4096, 5000, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        if any(whole[size:]):  # what is missing is read as zeros: a lost zero is no loss
            assert met(path) in ("StoreError", "BookDamaged", "problems")
    path.write_bytes(whole[:100] + dice.randbytes(len(whole) - 100))
    assert met(path) in ("StoreError", "BookDamaged")
    path.write_bytes(dice.randbytes(20_000))
    assert "StoreError" == met(path)
    for suffix in ("-wal", "-journal", "-shm", "-queue"):
        path.write_bytes(whole)
        beside = path.with_name(f"book.db{suffix}")
        beside.write_bytes(dice.randbytes(9_000))
        assert met(path) in ("StoreError", "BookDamaged", "sound")
        beside.unlink(missing_ok=True)


@pytest.mark.parametrize("statement", [
    "UPDATE setting SET value = '[1]'", "UPDATE setting SET value = 'x'",
    "UPDATE setting SET value = '{\"zone\": \"../../etc\"}'", "DELETE FROM setting",
    "UPDATE party SET details = '[]'",
    "UPDATE party SET opened = 'x'", "UPDATE lot SET ends_at = -1",
    "UPDATE rulebook SET text = 'x'",
    "UPDATE balance SET amount = 999999 WHERE account LIKE 'passbook%'",
    "UPDATE frontier SET hash = x'00'", "UPDATE membership SET since = 'x'",
])
def test_rows_that_lie_are_found(book: Path, statement: str) -> None:
    """A derived row with anything in it: a promised error or a problem by name, never silence."""
    crafted(book, statement)
    try:
        with lp.open(book, by="staff:zhao") as community:
            is_sound = community.books.check().is_sound
    except LovepointsError:
        is_sound = False

    assert not is_sound


def test_deep_entries_are_typed_errors(book: Path) -> None:
    """An entry whose body is nested ten thousand deep, or is no JSON at all, is damage."""
    for body in (b'{"a":' * 10_000, b"\xff" * 100, b"[" * 100_000, b"9" * 10_000, b"{}", b"null"):
        with closing(sqlite3.connect(book)) as raw, raw:
            raw.execute("DROP TRIGGER IF EXISTS entry_no_update")
            raw.execute("UPDATE entry SET body = ? WHERE seq = 3", (body,))

        with lp.open(book, readonly=True) as community:
            assert not community.books.check().is_sound
            with pytest.raises(BookDamaged):
                list(community.books.entries())
    store = sqlite.open_(book, readonly=True)
    assert store.find(EntryRow, limit=1)
    store.close()
