"""One transaction of the SQLite store: what it costs, what ends it, what a host can rely on."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from pathlib import Path

import pytest

from lovepoints.core.rows import Area, Balance, EntryRow, Lot, Sealed
from lovepoints.core.tables import TABLES
from lovepoints.errors import BookDamaged, StoreError
from lovepoints.stores import dump, schema, sqlite
from lovepoints.stores.kept import PLACES_MAX, QUERIES_MAX, ROWS_MAX
from lovepoints.stores.promises import entry
from lovepoints.stores.shape import SHAPES
from lovepoints.stores.waiting import Waits


@pytest.fixture
def store(tmp_path: Path):
    """A file store."""
    store = sqlite.create(tmp_path / "book.db", durability="normal", waits=Waits(seconds=0))
    yield store
    store.close()


@pytest.fixture
def host(tmp_path: Path):
    """A host program's own database, opened the way `sqlite3.connect` does by default."""
    host = sqlite3.connect(tmp_path / "host.db", timeout=0)
    host.execute("CREATE TABLE person (name TEXT)")
    host.commit()
    yield host
    host.close()


def names(host: sqlite3.Connection) -> list[str]:
    return [row[0] for row in host.execute("SELECT name FROM person ORDER BY name")]


# cost

def test_one_begin_and_one_commit(store: sqlite.SqliteStore) -> None:
    """A writing() block is one BEGIN IMMEDIATE and one COMMIT, and asks for no schema."""
    said: list[str] = []
    store._connection.raw.set_trace_callback(said.append)

    with store.writing():
        for number in range(3):
            with store.verb():
                store.put(entry(number + 1))
                store.get(EntryRow, number + 1)
                store.put(Balance(account="a", unit="u", amount=number))
                store.find(Balance, "", "a", reverse=True, limit=1)
                store.drop(Balance, "a", "u")

    store._connection.raw.set_trace_callback(None)
    words = [statement.split()[0] for statement in said if not statement.startswith("--")]
    assert "BEGIN IMMEDIATE" == said[0]
    assert ["BEGIN", "COMMIT"] == [word for word in words if word in ("BEGIN", "COMMIT")]
    assert {"BEGIN", "SAVEPOINT", "INSERT", "UPDATE", "SELECT", "DELETE", "RELEASE", "COMMIT",
            "PRAGMA"} == set(words)
    assert ["PRAGMA data_version"] == [one for one in said if one.startswith("PRAGMA")]
    assert not [one for one in said if "sqlite_" in one]


def test_only_what_changed_of_a_row_is_written(store: sqlite.SqliteStore) -> None:
    """A row that is known is updated in the columns that differ, once a transaction; nothing is
    written where none does in the end; what is not known is put whole."""
    with store.writing():
        store.put(Balance(account="a", unit="u", amount=1))
    said: list[str] = []
    store._connection.raw.set_trace_callback(said.append)

    for amounts in ((2, 3), (7, 3)):
        with store.writing():
            for amount in amounts:
                store.put(Balance(account="a", unit="u", amount=amount))
    store._kept.forget()
    with store.writing():
        store.put(Balance(account="a", unit="u", amount=4))

    store._connection.raw.set_trace_callback(None)
    written = [one.partition(" WHERE")[0] for one in said if one.split()[0] in ("INSERT", "UPDATE")]
    assert ['UPDATE "balance" SET "amount" = 3', "INSERT"] == [written[0], written[1][:6]]
    assert 2 == len(written)


def test_a_row_that_is_gone_from_under_the_store_is_damage(store: sqlite.SqliteStore) -> None:
    """What was read a moment ago and is not there to be changed is never passed over."""
    with store.writing():
        store.put(Balance(account="a", unit="u", amount=1))

    with pytest.raises(BookDamaged), store.writing():
        store._connection.raw.execute("DELETE FROM balance")
        store.put(Balance(account="a", unit="u", amount=2))

    assert [1] == [row.amount for row in store.find(Balance)]


def test_a_program_that_only_reads_keeps_no_more_and_more(store: sqlite.SqliteStore) -> None:
    """Neither rows nor bounds of searches that followed the clock."""
    with store.writing():
        for number in range(ROWS_MAX + 100):
            store.put(Area(code=f"a-{number}"))

    sizes = []
    for first in range(0, ROWS_MAX, 500):
        with store.reading():
            for number in range(first, first + 500):
                store.get(Area, f"a-{number}")
                store.find(Lot, "by_end", high=number)
                store.find(Area, "", f"b-{number}")
        sizes.append(len(store._kept.table(Area).rows))

    assert ROWS_MAX - 500 <= max(sizes) <= ROWS_MAX + 500
    assert [] == store.find(Lot)
    found = store._kept.table(Lot)._found["by_end", 0], store._kept.table(Area)._found["", 1]
    assert QUERIES_MAX >= len(found[0][()])
    assert PLACES_MAX >= len(found[1])


@pytest.mark.parametrize("record", [table.record for table in TABLES])
def test_no_search_walks_a_whole_table(store: sqlite.SqliteStore, record: type) -> None:
    """Each statement that is told where to look uses a key or an index, and none has to sort."""
    statements, shape = store._statements[record], SHAPES[record]
    key = len(shape.table.key)
    bounded = [(statements.get, key), (statements.drop, key), (statements.scan_after, 2),
               (statements.scan_next, key + 1)]
    walking = [(statements.scan_first, 1)]
    for index in ("", *shape.indexes):
        columns = shape.indexes[index].columns if index else shape.table.key
        flags = itertools.product(range(len(columns) + 1), *[(False, True)] * 4)
        for equal, low, high, reverse, limit in flags:
            if equal == len(columns) and (low or high):
                continue
            sql = statements.find(index, equal, low, high, reverse, limit)
            (bounded if equal or low or high else walking).append((sql, equal + low + high + limit))

    plans = {sql: [row[3] for row in store._connection.raw.execute(
        f"EXPLAIN QUERY PLAN {sql}", (1,) * count)] for sql, count in bounded + walking}

    assert [] == [(sql, plan) for sql, plan in plans.items() if "TEMP B-TREE" in " ".join(plan)]
    assert [] == [(sql, plans[sql]) for sql, _ in bounded if "SCAN" in " ".join(plans[sql])]


# what ends a transaction

def test_a_full_disk_ends_it_cleanly(store: sqlite.SqliteStore) -> None:
    """storage_full, nothing of the block is there, and it works again once there is room."""  # T10
    before = dump(store)
    raw = store._connection.raw
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(StoreError) as caught, store.writing():
        for number in range(100):
            store.put(Sealed(subject=f"d-{number}", key=bytes(4000)))

    assert ("storage_full", False) == (caught.value.code, raw.in_transaction)
    assert before == dump(store)
    raw.execute("PRAGMA max_page_count = 100000")
    with store.writing():
        store.put(Area(code="a"))
    assert store.get(Area, "a") == Area(code="a")


def test_a_transaction_that_the_engine_ended_is_not_continued(store: sqlite.SqliteStore) -> None:
    """Whoever swallows such an error cannot write half a block by going on."""  # trap T10
    before = dump(store)

    with pytest.raises(StoreError) as caught, store.writing():
        store.put(Area(code="first"))
        store._connection.raw.execute("ROLLBACK")
        with pytest.raises(StoreError):
            store._connection.run("RELEASE verb")
        store.put(Area(code="second"))

    assert "storage_error" == caught.value.code
    assert before == dump(store)


def test_a_lost_transaction_is_never_reported_as_written(store: sqlite.SqliteStore) -> None:
    """The end of the block notices that there is nothing to commit."""
    with pytest.raises(StoreError, match="nothing of it was written"), store.writing():
        store._connection.raw.execute("ROLLBACK")

    with store.writing():
        store.put(Area(code="a"))
    assert [Area(code="a")] == store.find(Area)


def test_an_interrupt_between_two_statements_leaves_no_transaction(
    store: sqlite.SqliteStore,
) -> None:
    """A transaction that nobody owns is rolled back before the next one begins."""
    store._connection.raw.execute("BEGIN IMMEDIATE")
    store._connection.raw.execute("INSERT INTO area VALUES ('stray', '', '')")

    with store.writing():
        store.put(Area(code="a"))

    assert [Area(code="a")] == store.find(Area)


def test_a_reader_sees_one_state(store: sqlite.SqliteStore, tmp_path: Path) -> None:
    """In reading() nobody else's commit is seen before the block ends."""
    other = sqlite.open_(tmp_path / "book.db", durability="normal", waits=Waits(seconds=0))

    with store.reading():
        before = store.find(Area)
        # With a rollback journal the other one cannot commit meanwhile, with WAL it can.
        with contextlib.suppress(StoreError), other.writing():
            other.put(Area(code="a"))
        during = store.find(Area)

    other.close()
    assert ([], []) == (before, during)


def test_another_writer_is_busy(store: sqlite.SqliteStore, tmp_path: Path) -> None:
    """The write lock is held from the first moment; who cannot wait gets "busy" and may repeat."""
    other = sqlite.open_(tmp_path / "book.db", waits=Waits(seconds=0))

    with store.writing(), pytest.raises(StoreError) as caught, other.writing():
        pass

    assert "busy" == caught.value.code
    with other.writing():
        other.put(Area(code="a"))
    other.close()
    assert [Area(code="a")] == store.find(Area)


def test_not_after_a_fork(store: sqlite.SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a child process every use is refused, and closing leaves the parent's file alone."""
    with monkeypatch.context() as child:
        child.setattr("os.getpid", lambda: -1)
        with pytest.raises(StoreError, match="fork"):
            store.get(Area, "a")
        with pytest.raises(StoreError, match="fork"), store.writing():
            pass
        store.close()

    assert store.get(Area, "a") is None


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    """Using it is a StoreError; closing it twice is nothing."""
    store = sqlite.create(tmp_path / "other.db")
    store.close()
    store.close()

    with pytest.raises(StoreError):
        store.get(Area, "a")


# a host's connection

def test_the_host_commits(host: sqlite3.Connection, tmp_path: Path) -> None:
    """Inside its transaction nothing is ours to commit: others see it when the host commits."""
    store = sqlite.join(host)
    host.execute("INSERT INTO person VALUES ('host')")
    with store.writing():
        store.put(Area(code="a"))
    with sqlite3.connect(tmp_path / "host.db") as other:
        unseen = other.execute("SELECT count(*) FROM lovepoints_area").fetchone()[0]
    other.close()
    still_open = host.in_transaction

    host.commit()

    assert (0, True) == (unseen, still_open)
    assert ([Area(code="a")], ["host"]) == (store.find(Area), names(host))


def test_the_host_rolls_back(host: sqlite3.Connection) -> None:
    """The host's rollback takes our rows along, and even our tables; they are made anew."""
    host.execute("INSERT INTO person VALUES ('host')")
    store = sqlite.join(host)
    with store.writing():
        store.put(Area(code="a"))

    host.rollback()

    assert [] == names(host)
    with store.writing():
        store.put(Area(code="b"))
    assert ([Area(code="b")], False) == (store.find(Area), host.in_transaction)


def test_a_torn_block_leaves_the_hosts_rows(host: sqlite3.Connection) -> None:
    """Only what the block did is undone; the host's transaction stays open."""
    store = sqlite.join(host)
    host.execute("INSERT INTO person VALUES ('host')")

    with pytest.raises(ZeroDivisionError), store.writing():
        store.put(Area(code="a"))
        raise ZeroDivisionError

    assert host.in_transaction
    host.commit()
    assert ([], ["host"]) == (store.find(Area), names(host))


def test_without_a_transaction_the_block_is_one(host: sqlite3.Connection, tmp_path: Path) -> None:
    """Outside the host's transactions a block commits by itself."""
    store = sqlite.join(host)

    with store.writing():
        store.put(Area(code="a"))

    other = sqlite3.connect(tmp_path / "host.db")
    seen = other.execute("SELECT code FROM lovepoints_area").fetchall()
    other.close()
    assert ([("a",)], False) == (seen, host.in_transaction)


@pytest.mark.parametrize("begun", [False, True])
def test_the_hosts_settings_are_its_own(host: sqlite3.Connection, begun: bool) -> None:
    """Row factory, text factory, isolation level and pragmas are as they were."""
    host.row_factory, host.text_factory = sqlite3.Row, bytes
    pragmas = ("recursive_triggers", "synchronous", "foreign_keys", "journal_mode",
               "busy_timeout", "application_id", "user_version", "trusted_schema")

    def settings() -> list[object]:
        values = [tuple(host.execute(f"PRAGMA {name}").fetchone()) for name in pragmas]
        return [host.row_factory, host.text_factory, host.isolation_level, *values]

    before = settings()
    if begun:
        host.execute("BEGIN")

    store = sqlite.join(host)
    with store.writing():
        store.put(Area(code="一"))
    with store.reading():
        found = store.find(Area)
    store.close()

    assert [Area(code="一")] == found
    assert (before, begun) == (settings(), host.in_transaction)


def test_the_hosts_tables_are_never_met(host: sqlite3.Connection) -> None:
    """A host may have a table called "person" of its own."""
    store = sqlite.join(host)

    found = {row[0] for row in host.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}

    expected = {f"lovepoints_{table.name}" for table in TABLES}
    assert {"person", *expected} <= found
    assert store.is_joined and store.is_writable


def test_a_second_join_finds_the_tables(host: sqlite3.Connection) -> None:
    """Joining again, as every request of a web program does, writes nothing."""
    store = sqlite.join(host)
    with store.writing():
        store.put(Area(code="a"))
    changes = host.total_changes

    again = sqlite.join(host)

    assert (changes, [Area(code="a")]) == (host.total_changes, again.find(Area))


def test_a_lost_guard_in_a_hosts_database(host: sqlite3.Connection) -> None:
    """Without its guards a joined book is only read, and says which one is missing."""
    sqlite.join(host)
    host.execute("DROP TRIGGER lovepoints_entry_no_delete")

    store = sqlite.join(host)

    assert not store.is_writable
    assert "trigger lovepoints_entry_no_delete is missing" == store.describe()["differences"]


def test_a_newer_book_in_a_hosts_database(host: sqlite3.Connection) -> None:
    """A later program's tables are only read, whether the host counts versions or not."""
    sqlite.join(host)
    host.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
                 "VALUES ('lovepoints', '999 later', '')")

    store = sqlite.join(host)

    with pytest.raises(StoreError) as caught, store.writing():
        pass
    assert ("newer_book", str(schema.SCHEMA_VERSION + 1)) == (
        caught.value.code, store.describe()["schema"])


def test_a_host_with_migrations_of_its_own(host: sqlite3.Connection) -> None:
    """Other sets in the table of migrations are not counted as ours."""
    host.execute("CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT, "
                 "name TEXT, applied_at TEXT)")
    host.executemany("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('own', ?)",
                     [("1",), ("2",)])
    host.commit()

    store = sqlite.join(host)

    assert (True, "") == (store.is_writable, store.describe()["differences"])


def test_the_write_lock_comes_before_the_facts(host: sqlite3.Connection, tmp_path: Path) -> None:
    """Also in a host's deferred transaction nobody else can write once the block has begun."""
    store = sqlite.join(host)  # bug 1
    other = sqlite3.connect(tmp_path / "host.db", timeout=0, isolation_level=None)
    host.execute("BEGIN")

    with store.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")

    other.close()


def test_a_busy_host_is_busy(host: sqlite3.Connection, tmp_path: Path) -> None:
    """A deferred transaction that cannot get the write lock is "busy", and stays the host's."""
    store = sqlite.join(host, waits=Waits(seconds=0))
    other = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    host.execute("BEGIN")

    with pytest.raises(StoreError) as caught, store.writing():
        pass

    assert ("busy", True) == (caught.value.code, host.in_transaction)
    host.rollback()
    other.close()


def test_a_wrapped_connection_is_unwrapped(host: sqlite3.Connection) -> None:
    """What SQLAlchemy hands out as a raw connection names the driver's own."""
    class Fairy:
        driver_connection = host

    store = sqlite.join(Fairy())

    with store.writing():
        store.put(Area(code="a"))
    assert [Area(code="a")] == store.find(Area)


def test_autocommit_connections_are_refused() -> None:
    """autocommit=True or False cannot be joined, and the message says what to do."""  # trap T15
    class Newer(sqlite3.Connection):
        autocommit = False

    connection = sqlite3.connect(":memory:", factory=Newer)

    with pytest.raises(TypeError, match="isolation_level=None"):
        sqlite.join(connection)
    with pytest.raises(TypeError, match="live sqlite3 connection"):
        sqlite.join(3)
    connection.close()


def test_weak_hosts_are_told(host: sqlite3.Connection) -> None:
    """What a host's connection does not guarantee is reported, not changed."""
    host.execute("PRAGMA synchronous = 0")
    host.execute("PRAGMA recursive_triggers = 0")

    store = sqlite.join(host)

    assert "synchronous" in store.describe()["weaknesses"]
    assert "recursive_triggers" in store.describe()["weaknesses"]


def test_a_books_own_file_can_be_joined(tmp_path: Path) -> None:
    """A connection to a book's file finds the book, under its own table names."""
    sqlite.create(tmp_path / "book.db").close()
    connection = sqlite3.connect(tmp_path / "book.db")

    store = sqlite.join(connection)
    with store.writing():
        store.put(Area(code="a"))

    assert [("a",)] == connection.execute("SELECT code FROM area").fetchall()
    connection.close()


def test_statements_name_only_declared_things() -> None:
    """Every name in a statement comes from the declared tables; a made-up index is a KeyError."""
    statements = schema.statements()[Area]

    with pytest.raises(KeyError):
        statements.find('"; DROP TABLE area', 0, False, False, False, False)
