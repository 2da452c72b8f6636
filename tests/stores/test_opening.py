"""What a file must be, and what is set and read back, before it is trusted as a book."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils.plugins import pm

import lovepoints as lp
from lovepoints.core.rows import Area, EntryRow
from lovepoints.errors import BookDamaged, StoreError
from lovepoints.stores import dump, opening, schema, sqlite
from lovepoints.stores.promises import entry
from lovepoints.stores.waiting import Waits

BOOKS = Path(__file__).parent / "books"
"""A file of every released schema; see `docs/reference/stores.md`."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A file with one entry and one area, closed."""
    path = tmp_path / "book.db"
    store = sqlite.create(path)
    with store.writing():
        store.put(entry(1))
        store.put(Area(code="grid-07"))
    store.close()
    return path


def code_of(path: Path, **how: object) -> str:
    with pytest.raises(StoreError) as caught:
        sqlite.open_(path, **how).close()
    return caught.value.code


def altered(path: Path, *statements: str) -> None:
    """The file after a stranger's statements."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(("version", "safe"), [
    ((3, 7, 0), False), ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True),
    ((3, 45, 0), False), ((3, 50, 6), False), ((3, 50, 7), True), ((3, 51, 0), False),
    ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), False), ((3, 52, 1), True),
    ((3, 53, 0), True), ((4, 0, 0), True),
])
def test_wal_is_used_where_it_is_mended(version: tuple[int, ...], safe: bool) -> None:
    """The WAL-reset race decides by version; the withdrawn 3.52.0 counts as unsafe."""  # trap T1
    assert safe == opening.wal_is_safe(version)


def test_the_journal_mode_follows_the_version(book: Path) -> None:
    """A new file gets WAL only from a safe engine, a truncated rollback journal otherwise."""
    store = sqlite.open_(book)

    mode = store.describe()["journal_mode"]

    store.close()
    safe = opening.wal_is_safe(opening.engine().sqlite_version_info)
    assert ("wal" if safe else "truncate") == mode


def test_a_live_wal_file_is_left_in_its_mode(book: Path) -> None:
    """Opening never changes a WAL file's mode; where that is a risk, it says so."""
    altered(book, "PRAGMA journal_mode = wal")

    store = sqlite.open_(book)

    facts = store.describe()
    store.close()
    assert facts["journal_mode"] == "wal"
    safe = opening.wal_is_safe(opening.engine().sqlite_version_info)
    assert safe == ("WAL" not in facts["weaknesses"])


def test_every_pragma_is_read_back(book: Path) -> None:
    """Durability and guards hold on the connection that is used."""  # trap T9
    wanted = {"synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "cell_size_check": 1,
              "secure_delete": 1, "recursive_triggers": 1, "mmap_size": 0}
    store = sqlite.open_(book)

    found = {name: opening.asked(store._connection.raw, name) for name in wanted}

    store.close()
    assert wanted == found


def test_an_engine_that_ignores_a_pragma_is_refused() -> None:
    """What does not read back as it was set is an error that names the pragma."""
    class Deaf(sqlite3.Connection):
        def execute(self, sql: str, *rest: object) -> sqlite3.Cursor:
            return super().execute("SELECT 1" if sql == "PRAGMA synchronous = 2" else sql, *rest)

    connection = sqlite3.connect(":memory:", factory=Deaf)
    connection.execute("PRAGMA synchronous = 1")

    with pytest.raises(StoreError, match="synchronous=1, not 2"):
        opening.harden(connection, durability="full", writable=False)
    connection.close()


def test_less_durable_is_a_stated_weakness(tmp_path: Path) -> None:
    """A book in "normal" durability says that a power cut can take its last verbs."""
    store = sqlite.create(tmp_path / "book.db", durability="normal")

    weaknesses = store.weaknesses

    store.close()
    assert any("synchronous" in weakness for weakness in weaknesses)


def test_a_book_cut_off_in_a_commit_is_rolled_back_and_opened(book: Path) -> None:
    """The first page may count pages that never came: its journal is believed, not the page."""
    altered(book, "PRAGMA journal_mode = truncate")
    writer = sqlite3.connect(book, isolation_level=None)
    for statement in ("PRAGMA cache_size = 1", "BEGIN", "CREATE TABLE filler (x)",
                      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90) "
                      "INSERT INTO filler SELECT zeroblob(4000) FROM n"):
        writer.execute(statement)
    cut = book.with_name("cut.db")
    pages = bytearray(book.read_bytes())
    pages[28:32] = (len(pages) // 4096 + 50).to_bytes(4, "big")
    cut.write_bytes(pages)
    shutil.copy(f"{book}-journal", f"{cut}-journal")
    writer.close()

    store = sqlite.open_(cut)

    found = [row.code for row in store.scan(Area)]
    tables = {row[0] for row in store._connection.raw.execute("SELECT name FROM sqlite_master")}
    store.close()
    assert ["grid-07"] == found
    assert "filler" not in tables


def test_create_never_overwrites(book: Path) -> None:
    """An existing file, whatever it is, stays as it is."""
    before = book.read_bytes()

    with pytest.raises(StoreError) as caught:
        sqlite.create(book)

    assert "exists" == caught.value.code
    assert before == book.read_bytes()


def test_open_never_creates(tmp_path: Path) -> None:
    """No file, no book, and still no file afterwards."""
    assert "missing" == code_of(tmp_path / "book.db")
    assert [] == list(tmp_path.iterdir())


def test_create_in_no_folder(tmp_path: Path) -> None:
    """A missing folder is "missing"; it is not made."""
    with pytest.raises(StoreError) as caught:
        sqlite.create(tmp_path / "no" / "book.db")

    assert "missing" == caught.value.code


def test_a_create_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """No half-made file stands in the way of the next try."""
    with pytest.raises(KeyError):
        sqlite.create(tmp_path / "book.db", durability="soft")  # type: ignore[arg-type]

    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"points;0421;20\n" * 300, b"\x00" * 4096,
                                     b"SQLite format 3\x00" + b"\xff" * 4080])
def test_what_is_no_database_is_no_book(tmp_path: Path, content: bytes) -> None:
    """An empty file, a spreadsheet, zeros, a broken header: refused, and left as they are."""
    path = tmp_path / "book.db"
    path.write_bytes(content)

    assert "not_a_book" == code_of(path)
    assert content == path.read_bytes()


def test_a_foreign_database_is_no_book(tmp_path: Path) -> None:
    """Another program's database is refused by its application id; so is a folder."""
    altered(tmp_path / "other.db", "CREATE TABLE entry (seq INTEGER PRIMARY KEY)")

    assert "not_a_book" == code_of(tmp_path / "other.db")
    assert "not_a_book" == code_of(tmp_path)


def test_a_newer_book_is_only_read(book: Path) -> None:
    """A later program's book can be read; writing says that this program is too old."""
    altered(book, f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    store = sqlite.open_(book)

    with pytest.raises(StoreError) as caught, store.writing():
        pass

    assert ("newer_book", False) == (caught.value.code, store.is_writable)
    assert [entry(1)] == list(store.scan(EntryRow))
    store.close()


@pytest.mark.parametrize(("statement", "named"), [
    ("DROP TRIGGER entry_no_update", "trigger entry_no_update is missing"),
    ("DROP INDEX lot_spendable", "index lot_spendable is missing"),
    ("DROP TABLE node256", "table node256 is missing"),
    ("ALTER TABLE area ADD COLUMN colour TEXT", "table area was changed"),
])
def test_a_book_that_lacks_a_part_is_only_read(book: Path, statement: str, named: str) -> None:
    """A missing guard, index, table or a changed one makes the book read-only, by name."""
    altered(book, statement)
    store = sqlite.open_(book)

    with pytest.raises(StoreError, match=named) as caught, store.writing():
        pass

    assert "read_only" == caught.value.code
    assert named in store.describe()["differences"]
    store.close()


def test_a_transformed_journal_is_noticed(book: Path) -> None:
    """`transform` of sqlite-utils drops triggers in silence; the next opening tells."""  # trap T4
    database = sqlite_utils.Database(book)
    database["posting"].transform(rename={"unit": "measure"})
    database.close()

    store = sqlite.open_(book)

    differences = store.describe()["differences"]
    store.close()
    assert "trigger posting_no_update is missing" in differences
    assert not store.is_writable


def test_replace_cannot_go_past_the_guards(book: Path) -> None:
    """INSERT OR REPLACE on a journal table is stopped on our connection."""  # trap T5
    store = sqlite.open_(book)
    raw = store._connection.raw
    raw.execute("INSERT INTO posting VALUES (4097, 'a', 'b', 'u', 1, 0, -1, 0, 1, 0)")

    with pytest.raises(raw.IntegrityError, match="never changed"):
        raw.execute("INSERT OR REPLACE INTO posting SELECT * FROM posting")

    store.close()


def test_no_plugin_touches_the_connection(tmp_path: Path) -> None:
    """Plugins of sqlite-utils are not let into the book's connection."""  # trap T14
    met = []

    class Stray:
        @sqlite_utils.hookimpl
        def prepare_connection(self, conn: object) -> None:
            met.append(conn)

    stray = Stray()
    pm.register(stray)
    try:
        sqlite.create(tmp_path / "book.db").close()
    finally:
        pm.unregister(stray)

    assert [] == met


def test_the_dependency_is_bounded() -> None:
    """sqlite-utils 4.2 was broken for a day, and 5 may be another library."""  # trap T16
    project = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text("utf-8"))

    assert "sqlite-utils>=4.2.1,<5" in project["project"]["dependencies"]


def test_importing_costs_nothing() -> None:
    """The modules of the store do not load sqlite_utils before the first book is opened."""
    program = ("import sys, lovepoints, lovepoints.stores.sqlite, lovepoints.stores.contract\n"
               "print({'sqlite_utils', 'click', 'sqlite3', 'pytest'} & set(sys.modules))")

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout

    assert b"set()" == said.strip()


def test_only_the_owner_may_read(book: Path) -> None:
    """Book, journal, queue and backup are made with the rights 0600."""
    store = sqlite.open_(book)
    with store.writing():
        store.put(Area(code="b"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in book.parent.iterdir()}
    store.backup(book.with_name("copy.db"))
    store.close()

    modes["copy.db"] = book.with_name("copy.db").stat().st_mode & 0o777
    assert {0o600} == set(modes.values())
    assert {"book.db", "copy.db"} < set(modes)


def test_an_odd_path_is_a_path(tmp_path: Path) -> None:
    """Signs that mean something in a URI, and Chinese, are part of the name."""
    path = tmp_path / "爱心 100%?mode=ro#1.db"

    sqlite.create(path).close()
    store = sqlite.open_(str(path))

    assert store.is_writable and store.describe()["path"] == str(path)
    store.close()


def test_read_only_on_request(book: Path) -> None:
    """readonly=True reads everything and writes nothing, not even a journal."""
    store = sqlite.open_(book, readonly=True)

    with pytest.raises(StoreError) as caught, store.writing():
        pass

    assert "read_only" == caught.value.code
    assert store.get(Area, "grid-07") == Area(code="grid-07")
    store.is_writable = True  # as if the rights had changed meanwhile
    with pytest.raises(StoreError) as caught, store.writing():
        store.put(Area(code="b"))
    assert "read_only" == caught.value.code
    store.close()


def test_a_malformed_file_is_damage(book: Path) -> None:
    """Overwritten pages are found when they are read, as BookDamaged."""
    content = bytearray(book.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    book.write_bytes(content)

    with pytest.raises(BookDamaged):
        store = sqlite.open_(book, waits=Waits(seconds=0))
        try:
            dump(store)
        finally:
            store.close()


def test_a_backup_is_a_whole_book(book: Path) -> None:
    """The copy has every row and can be opened and written; an existing file is not overwritten."""
    store = sqlite.open_(book)
    copy = book.with_name("copy.db")

    store.backup(copy)

    with pytest.raises(StoreError) as caught:
        store.backup(copy)
    assert "exists" == caught.value.code
    with store.writing(), pytest.raises(RuntimeError):
        store.backup(book.with_name("other.db"))
    restored = sqlite.open_(copy)
    assert dump(store) == dump(restored)
    assert restored.is_writable
    restored.close()
    store.close()


@pytest.mark.parametrize(("place", "kind"), [
    ("/srv/share/book.db", "nfs4"), ("/srv/shared/book.db", ""), ("/home/a b/book.db", "cifs"),
    ("/book.db", ""), ("/srv/share/local/book.db", ""),
])
def test_network_shares_are_known(place: str, kind: str) -> None:
    """The innermost mount decides; a mount point with a blank is understood."""  # trap T12
    mounts = ("/dev/sda1 / ext4 rw 0 0\nnas:/x /srv/share nfs4 rw 0 0\nbroken\n"
              "//nas/y /home/a\\040b cifs rw 0 0\n/dev/sdb1 /srv/share/local ext4 rw 0 0\n")

    assert kind == opening.network_of(place, mounts)
    assert kind == opening.network_of(place, "\n".join(reversed(mounts.splitlines())))


def test_migrations_are_applied_once(book: Path) -> None:
    """Opening an up-to-date book writes nothing: the file stays equal byte for byte."""
    before = book.read_bytes()

    sqlite.open_(book).close()

    assert before == book.read_bytes()
    database = sqlite_utils.Database(book)
    applied = [one.name for one in schema.migrations().applied(database)]
    database.close()
    assert ["1 tables", "2 later tables", "3 the community's work", "4 what ends next"] == applied


def test_an_older_book_is_brought_up_to_date(tmp_path: Path) -> None:
    """A file of ours with an older schema version gets the missing steps at its opening."""
    path = tmp_path / "old.db"
    altered(path, f"PRAGMA application_id = {opening.APPLICATION_ID}")

    store = sqlite.open_(path)

    facts = store.describe()
    store.close()
    assert ("yes", "", str(schema.SCHEMA_VERSION)) == (
        facts["writable"], facts["differences"], facts["schema"])


def test_a_book_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    """A year-old file opens, gets what later schemas added, keeps its root, and goes on."""
    path = tmp_path / "old.db"
    path.write_bytes((BOOKS / "schema-1.db").read_bytes())

    with lp.open(path, by="staff:zhao") as community:
        found = community.books.verify()
        community.residents.enrol("0499", name="新人")

        assert (42, "05e251e21eb95a59") == (found.entries, found.root.hex()[:16])
        assert community.books.check().is_sound
        assert community.describe()["schema"] == str(schema.SCHEMA_VERSION)


def test_all_tables_are_strict(book: Path) -> None:
    """Every table of ours is STRICT, and WITHOUT ROWID where its key is not one number."""
    for created in schema.schema():
        if created.type == "table":
            assert created.sql.endswith((") STRICT", ") STRICT, WITHOUT ROWID"))
            assert ("INTEGER PRIMARY KEY" in created.sql) != ("WITHOUT ROWID" in created.sql)
