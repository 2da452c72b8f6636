"""Both stores keep the whole contract."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from lovepoints.core.store import Store
from lovepoints.stores import sqlite
from lovepoints.stores.contract import StoreContract
from lovepoints.stores.memory import MemoryStore


class TestMemory(StoreContract):
    """The reference."""

    def make_store(self) -> Store:
        return MemoryStore()


class TestSqlite(StoreContract):
    """A file."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def make_store(self) -> Store:
        return sqlite.create(self.folder / "book.db", durability="normal")


class TestSqliteWal(TestSqlite):
    """A file in WAL mode, as newer engines make it."""

    def make_store(self) -> Store:
        super().make_store().close()
        connection = sqlite3.connect(self.folder / "book.db")
        connection.execute("PRAGMA journal_mode = wal")
        connection.close()
        store = sqlite.open_(self.folder / "book.db", durability="normal")
        assert store.describe()["journal_mode"] == "wal"
        return store


class TestJoined(StoreContract):
    """Tables in a host's database, outside any transaction of the host."""

    @pytest.fixture(autouse=True)
    def _host(self):
        self.host = sqlite3.connect(":memory:", check_same_thread=False)
        self.host.row_factory = lambda cursor, row: {"a host's own idea of a row": row}
        yield
        self.host.close()

    def make_store(self) -> Store:
        return sqlite.join(self.host)


class TestJoinedInTransaction(StoreContract):
    """Tables in a host's database, all inside one open transaction of the host."""

    @pytest.fixture(autouse=True)
    def _host(self):
        self.host = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self.host.text_factory = bytes
        self.host.execute("BEGIN")
        yield
        assert self.host.in_transaction
        self.host.close()

    def make_store(self) -> Store:
        return sqlite.join(self.host)
