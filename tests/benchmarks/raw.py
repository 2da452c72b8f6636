"""The reference: what a programmer without a library would write, five statements an award.

Standard `sqlite3`, the journal mode and the synchronous setting of the book, nothing else set.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.workload import GOODS, Deed, Redemption

SCHEMA = """
CREATE TABLE deed (id INTEGER PRIMARY KEY, account TEXT NOT NULL, rule TEXT NOT NULL,
                   day TEXT NOT NULL, grade TEXT NOT NULL, points INTEGER NOT NULL);
CREATE TABLE posting (id INTEGER PRIMARY KEY, deed INTEGER NOT NULL, account TEXT NOT NULL,
                      amount INTEGER NOT NULL);
CREATE INDEX posting_account ON posting (account, id);
CREATE TABLE balance (account TEXT PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE stock (item TEXT PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE redemption (id INTEGER PRIMARY KEY, account TEXT NOT NULL, item TEXT NOT NULL,
                         price INTEGER NOT NULL);
"""
ISSUED, REDEEMED = "issued", "redeemed"
DEED = "INSERT INTO deed (account, rule, day, grade, points) VALUES (?, ?, ?, ?, ?)"
POSTING = "INSERT INTO posting (deed, account, amount) VALUES (?, ?, ?)"
BALANCE = "UPDATE balance SET amount = amount + ? WHERE account = ?"
PAY = "UPDATE balance SET amount = amount - ? WHERE account = ? AND amount >= ?"
TAKE = "UPDATE stock SET amount = amount - 1 WHERE item = ? AND amount >= 1"
REDEMPTION = "INSERT INTO redemption (account, item, price) VALUES (?, ?, ?)"


class RawFive:
    """One file of the reference."""

    def __init__(self, path: Path, mode: str, synchronous: str, accounts: Sequence[str] = ()):
        self.path, self.accounts = path, accounts
        is_new = not path.exists()
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute(f"PRAGMA journal_mode = {mode}")
        if is_new:
            self.db.executescript(SCHEMA)
            with self._commit():
                self.db.executemany("INSERT INTO balance VALUES (?, 0)",
                                    [(one,) for one in (ISSUED, REDEEMED, *accounts)])
                self.db.executemany("INSERT INTO stock VALUES (?, ?)",
                                    [(item, 10**9) for item in GOODS])
        self.sync(synchronous)

    def sync(self, synchronous: str) -> None:
        """Set how durable a commit is."""
        self.db.execute(f"PRAGMA synchronous = {synchronous}")

    def awards(self, deeds: Sequence[Deed]) -> None:
        """One award a commit."""
        execute, accounts = self.db.execute, self.accounts
        for deed in deeds:
            account = accounts[deed.resident]
            execute("BEGIN IMMEDIATE")
            execute(DEED, (account, deed.rule, deed.day.isoformat(), deed.grade, deed.points))
            execute(POSTING, (deed.number, ISSUED, -deed.points))
            execute(POSTING, (deed.number, account, deed.points))
            execute(BALANCE, (-deed.points, ISSUED))
            execute(BALANCE, (deed.points, account))
            execute("COMMIT")

    def bulk(self, deeds: Sequence[Deed]) -> None:
        """All awards in one commit."""
        accounts, many = self.accounts, self.db.executemany
        with self._commit():
            many(DEED, [(accounts[one.resident], one.rule, one.day.isoformat(), one.grade,
                         one.points) for one in deeds])
            many(POSTING, [line for one in deeds for line in (
                (one.number, ISSUED, -one.points),
                (one.number, accounts[one.resident], one.points))])
            many(BALANCE, [line for one in deeds for line in (
                (-one.points, ISSUED), (one.points, accounts[one.resident]))])

    def redemptions(self, wanted: Sequence[Redemption]) -> None:
        """One redemption a commit, guarded in balance and stock."""
        for one in wanted:
            with self._commit():
                self._redeem(one)

    def redeem_bulk(self, wanted: Sequence[Redemption]) -> None:
        """All redemptions in one commit."""
        with self._commit():
            for one in wanted:
                self._redeem(one)

    def balance(self, account: str) -> int:
        """The reference of a read: one select by key."""
        return int(self.db.execute("SELECT amount FROM balance WHERE account = ?",
                                   (account,)).fetchone()[0])

    def page(self, account: str) -> list[tuple[int, int]]:
        """The newest fifty lines, by the index."""
        return self.db.execute("SELECT deed, amount FROM posting WHERE account = ? "
                               "ORDER BY id DESC LIMIT 50", (account,)).fetchall()

    def totals(self) -> dict[str, int]:
        """What it all came to."""
        held = self.db.execute("SELECT sum(amount) FROM balance WHERE account NOT IN (?, ?)",
                               (ISSUED, REDEEMED)).fetchone()[0]
        lines = self.db.execute("SELECT sum(amount) FROM posting").fetchone()[0]
        assert lines == 0, "postings do not sum to zero"
        return {"outstanding": int(held)}

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()

    def _redeem(self, one: Redemption) -> None:
        execute, account = self.db.execute, self.accounts[one.resident]
        assert execute(PAY, (one.price, account, one.price)).rowcount == 1
        assert execute(TAKE, (one.item,)).rowcount == 1
        execute(REDEMPTION, (account, one.item, one.price))
        execute(POSTING, (-one.number, account, -one.price))
        execute(POSTING, (-one.number, REDEEMED, one.price))
        execute(BALANCE, (one.price, REDEEMED))

    @contextmanager
    def _commit(self) -> Iterator[None]:
        self.db.execute("BEGIN IMMEDIATE")
        yield
        self.db.execute("COMMIT")
