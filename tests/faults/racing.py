"""Programs that run against each other on one book: tellers who move points, readers who add up.

Every process opens the book, says that it is ready, waits for the word to go, and works until it is
told to stop. A teller notes what each verb was answered and by how much it changed whose passbook,
so that the end can be foretold from the notes alone. A reader holds every state that it sees
against what is true of all of them.
"""

from __future__ import annotations

import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

import attrs

import lovepoints as lp
from lovepoints.core.rows import Balance, Lot
from tests.faults import store_mutants
from tests.faults.saying import FORKS
from tests.faults.small_book import ADMIN, OFFICER, RULES

TELLERS_BOOK = RULES + """
[transfer]
to = "anyone"
"""
HOLDERS = tuple(f"04{number}" for number in range(21, 29))
OPENING, PRICE, PIECES, WORTH = 100, 2, 100_000, 5
REFUSALS = {"insufficient_points", "barred", "reversal_exists"}
FIRST_KEY = "the-same"
PAUSE_SECONDS = 0.002
"""Between two reads, so that a reader does not take a whole processor from the tellers."""

Kind = Literal["teller", "reader", "stranger", "duel"]
Duel = Literal["same key", "refused", "withdrawal", "reversal", "credit"]


def found(path: Path, wal: bool) -> None:
    """A book with eight passbooks of equal balance; in WAL mode as a newer engine makes it."""
    lp.create(path, name="幸福社区", admin=ADMIN)
    if wal:
        with closing(sqlite3.connect(path)) as stranger:
            stranger.execute("PRAGMA journal_mode = wal")
    with lp.open(path, by=ADMIN) as community, community.batch():
        community.rulebooks.adopt(TELLERS_BOOK)
        community.residents.appoint(OFFICER, role="grid-officer")
        for number, holder in enumerate(HOLDERS):
            community.residents.enrol(holder, household=f"3-2-50{number}")
            community.books.opening(holder, OPENING)
        community.shop.stock("soap", title="肥皂", price=PRICE)
        community.shop.receive("soap", PIECES)


@attrs.frozen(kw_only=True)
class Task:
    """What a process does on which book, under which name."""

    path: str
    name: str
    kind: Kind
    mutant: str = ""
    duel: Duel = "same key"
    threads: int = 1
    """For a duel: so many programs in one process, each with the book open for itself."""
    targets: tuple[int, ...] = ()
    newer: bool = False
    """On apsw's engine instead of Python's."""


@attrs.frozen
class Report:
    """What a process did: verbs by their answer, net changes by holder, and what it found odd."""

    said: Counter[str] = attrs.field(factory=Counter)
    net: Counter[str] = attrs.field(factory=Counter)
    answers: list[str] = attrs.field(factory=list)
    odd: list[str] = attrs.field(factory=list)

    @property
    def done(self) -> int:
        """How many verbs or reads were answered."""
        return sum(self.said.values())


def run(task: Task, pipe: Connection) -> None:
    """The process."""
    if task.newer:
        from tests.faults import standing_in  # only this row needs apsw

        standing_in.stand_in()
    if task.mutant:
        store_mutants.plant(task.mutant)
    report = Report()
    {"teller": _tell, "reader": _read, "stranger": _look, "duel": _duel}[task.kind](
        task, pipe, report)
    pipe.send(report)


@contextmanager
def running(tasks: list[Task]) -> Iterator[list[Connection]]:
    """The processes, all with the book open and waiting for the word; killed at the end."""
    with ExitStack() as stack:
        pipes = []
        for task in tasks:
            here, there = FORKS.Pipe()
            child = FORKS.Process(target=run, args=(task, there))
            child.start()
            there.close()
            stack.callback(child.close)
            stack.callback(child.join)
            stack.callback(child.kill)
            pipes.append(here)
        for pipe in pipes:
            assert "ready" == pipe.recv()
        yield pipes


def go(pipes: list[Connection]) -> None:
    """All at once."""
    for pipe in pipes:
        pipe.send("go")


def reports(pipes: list[Connection]) -> list[Report]:
    """What all did, when they are done."""
    return [pipe.recv() for pipe in pipes]


# tellers


def _tell(task: Task, pipe: Connection, report: Report) -> None:
    teller = _Teller(lp.open(task.path, by=ADMIN), task.name, random.Random(task.name), report)
    with teller.book:
        pipe.send("ready")
        pipe.recv()
        while not pipe.poll():
            teller.turn()


@attrs.define
class _Teller:
    """Says verbs that move points of everybody's passbooks, and what each changed."""

    book: lp.Community
    name: str
    chance: random.Random
    report: Report
    turns: int = 0
    given: list[tuple[int, dict[str, int]]] = attrs.field(factory=list)
    held: list[tuple[str, str]] = attrs.field(factory=list)
    fetched: list[tuple[str, str]] = attrs.field(factory=list)

    def turn(self) -> None:
        """One verb, with its answer."""
        self.turns += 1
        verb = self.chance.choice((self.give, self.give, self.give, self.award, self.redeem,
                                   self.hold, self.let_go, self.reverse, self.bring_back))
        try:
            net = verb(f"{self.name}-{self.turns}", self.chance.choice(HOLDERS))
            self.report.said["ok"] += 1
        except lp.Refused as no:
            self.report.said[str(no.code)] += 1
            if str(no.code) not in REFUSALS:
                self.report.odd.append(f"{verb.__name__}: {no.code}")
        except Exception as error:  # noqa: BLE001 - any error is a finding
            self.report.said["error"] += 1
            self.report.odd.append(f"{verb.__name__}: {type(error).__name__} {error}")
        else:
            self.report.net.update(net)

    def give(self, key: str, who: str) -> dict[str, int]:
        """Points from one to another."""
        other = self.chance.choice([one for one in HOLDERS if one != who])
        points = self.chance.randint(1, 40)
        posted = self.book.books.transfer(who, other, points, key=key)
        net = {who: -points, other: points}
        self.given.append((posted.seq, net))
        return net

    def award(self, key: str, who: str) -> dict[str, int]:
        """A deed, reported and confirmed."""
        deed = self.book.deeds.report("hazard", resident=who, place=key, key=key)
        self.book.deeds.confirm(deed.id, grade="general", by=OFFICER, key=f"{key}-yes")
        return {who: WORTH}

    def redeem(self, key: str, who: str) -> dict[str, int]:
        """Soap over the counter."""
        done = self.book.shop.redeem({"soap": 3}, holder=who, key=key)
        self.fetched.append((done.id, who))
        return {who: -3 * PRICE}

    def hold(self, key: str, who: str) -> dict[str, int]:
        """Soap set aside; the points are still the holder's."""
        self.held.append((self.book.shop.hold({"soap": 2}, holder=who, key=key).id, who))
        return {}

    def let_go(self, key: str, who: str) -> dict[str, int]:
        """What was set aside is collected or released."""
        if not self.held:
            return self.hold(key, who)
        id_, who = self.held.pop()
        if self.chance.random() < 0.5:
            self.book.shop.release(id_, key=key)
            return {}
        self.book.shop.collect(id_, key=key)
        return {who: -2 * PRICE}

    def reverse(self, key: str, who: str) -> dict[str, int]:
        """A gift is taken back, once."""
        if not self.given:
            return self.give(key, who)
        seq, net = self.given.pop()
        self.book.books.reverse(seq, reason="误记", key=key)
        return {one: -points for one, points in net.items()}

    def bring_back(self, key: str, who: str) -> dict[str, int]:
        """One piece of what was fetched."""
        if not self.fetched:
            return self.redeem(key, who)
        id_, who = self.fetched.pop()
        self.book.shop.return_(id_, part={"soap": 1}, reason="退", key=key)
        return {who: PRICE}


# readers


def _read(task: Task, pipe: Connection, report: Report) -> None:
    """Reads with the library, through what it keeps in memory."""
    with lp.open(task.path, by=ADMIN) as community:
        store = community._book.store
        pipe.send("ready")
        pipe.recv()
        while not pipe.poll(PAUSE_SECONDS):
            with store.reading():
                balances = {(row.account, row.unit): row.amount for row in store.find(Balance)}
                lots: Counter[tuple[str, str]] = Counter()
                for lot in store.find(Lot):
                    lots[lot.account, lot.unit] += lot.free
                    lots[f"{lot.account}/held", lot.unit] += lot.held
            _judge(balances, lots, report)


def _look(task: Task, pipe: Connection, report: Report) -> None:
    """Reads with nothing but SQLite."""
    with closing(sqlite3.connect(f"file:{task.path}?mode=ro", uri=True, isolation_level=None,
                                 timeout=30)) as file:
        pipe.send("ready")
        pipe.recv()
        while not pipe.poll(PAUSE_SECONDS):
            file.execute("BEGIN")
            balances = {(account, unit): amount for account, unit, amount in file.execute(
                "SELECT account, unit, amount FROM balance")}
            lots: Counter[tuple[str, str]] = Counter()
            for account, unit, free, held in file.execute(
                    "SELECT account, unit, sum(free), sum(held) FROM lot GROUP BY 1, 2"):
                lots[account, unit] = free
                lots[f"{account}/held", unit] = held
            file.execute("COMMIT")
            _judge(balances, lots, report)


def _judge(
    balances: dict[tuple[str, str], int], lots: Counter[tuple[str, str]], report: Report,
) -> None:
    """What is true of every state: all of a unit add up to nothing, nothing is on the wrong side
    of zero, and lots say what balances say."""
    report.said["read"] += 1
    sums: Counter[str] = Counter()
    for (account, unit), amount in balances.items():
        sums[unit] += amount
        below = account in ("issued", "supplier") or account.endswith("/owed")
        if amount > 0 if below else amount < 0:
            report.odd.append(f"{account} has {amount} {unit}")
        has_lots = account.startswith(("passbook/", "shelf")) and not account.endswith("/owed")
        if has_lots and lots[account, unit] != amount:
            report.odd.append(f"{account} has {amount} {unit}, its lots {lots[account, unit]}")
    report.odd.extend(f"all {unit} are {total}" for unit, total in sums.items() if total)


# duels


def _duel(task: Task, pipe: Connection, report: Report) -> None:
    """Several programs in one process, each with a connection, say the same at the same moment."""
    verb, books = DUELS[task.duel], [lp.open(task.path, by=ADMIN) for _ in range(task.threads)]
    together, lock = threading.Barrier(task.threads + 1), threading.Lock()

    def fight(number: int) -> None:
        together.wait()
        for target in task.targets:
            try:
                answer, code = verb(books[number], f"{task.name}-{number}", target), "ok"
            except lp.Refused as no:
                answer, code = f"{no.code} {no.is_repeat}", str(no.code)
            except Exception as error:  # noqa: BLE001 - any error is a finding
                answer, code = f"{type(error).__name__} {error}", "error"
            with lock:
                report.said[code] += 1
                report.answers.append(answer)

    fighters = [threading.Thread(target=fight, args=(number,)) for number in range(task.threads)]
    for fighter in fighters:
        fighter.start()
    pipe.send("ready")
    pipe.recv()
    together.wait()
    for fighter in fighters:
        fighter.join()
    for book in books:
        book.close()


def _same_key(book: lp.Community, name: str, target: int) -> str:
    return book.shop.redeem({"soap": 1}, holder=HOLDERS[0], key=f"{FIRST_KEY}-{target}").id


def _too_dear(book: lp.Community, name: str, target: int) -> str:
    return book.shop.redeem({"soap": 90_000}, holder=HOLDERS[0], key=f"{FIRST_KEY}-{target}").id


def _withdrawal(book: lp.Community, name: str, target: int) -> str:
    return book.shop.redeem({"soap": 5}, holder=HOLDERS[0], key=f"{name}-{target}").id


def _reversal(book: lp.Community, name: str, target: int) -> str:
    return str(book.books.reverse(target, reason="误记", key=f"{name}-{target}").seq)


def _credit(book: lp.Community, name: str, target: int) -> str:
    return str(book.books.adjust(HOLDERS[0], 1, reason="补记", key=f"{name}-{target}").seq)


DUELS: dict[Duel, Callable[[Any, str, int], str]] = {
    "same key": _same_key, "refused": _too_dear, "withdrawal": _withdrawal, "reversal": _reversal,
    "credit": _credit,
}
