"""Several programs on one file: they wait for one another, and a killed one leaves a whole book."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lovepoints.core.rows import Balance, Sealed
from lovepoints.errors import StoreError
from lovepoints.stores import dump, sqlite
from lovepoints.stores.waiting import Patience, Queue, Waits

COUNT = """
import json, sys, time, attrs
from lovepoints.core.rows import Balance
from lovepoints.stores import sqlite
store = sqlite.open_(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
longest = 0.0
for _ in range(int(sys.argv[2])):
    started = time.monotonic()
    with store.writing():
        row = store.get(Balance, "passbook/r-1", "point")
        store.put(attrs.evolve(row, amount=row.amount + 1, version=row.version + 1))
    longest = max(longest, time.monotonic() - started)
store.close()
print(json.dumps(longest))
"""
SPEND = """
import sys, attrs
from lovepoints.core.rows import Balance
from lovepoints.stores import sqlite
store = sqlite.open_(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
spent = 0
while True:
    with store.writing():
        row = store.get(Balance, "passbook/r-1", "point")
        if row.amount == 0:
            break
        store.put(attrs.evolve(row, amount=row.amount - 1))
    spent += 1
store.close()
print(spent)
"""
CRASH = """
import sys
from lovepoints.core.rows import Sealed
from lovepoints.stores import sqlite
store = sqlite.open_(sys.argv[1])
store._connection.raw.execute("PRAGMA cache_size = 10")  # so that pages reach the file early
with store.writing():
    for number in range(300):
        store.put(Sealed(subject=f"half-{number}", key=bytes(2000)))
    print("ready", flush=True)
    sys.stdin.readline()
"""


def started(program: str, *arguments: object) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def finished(processes: list[subprocess.Popen[str]]) -> list[str]:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=60)[0] for process in processes]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A file with one balance of 60."""
    path = tmp_path / "book.db"
    store = sqlite.create(path)
    with store.writing():
        store.put(Balance(account="passbook/r-1", unit="point", amount=60))
    store.close()
    return path


def test_four_programs_lose_nothing(book: Path) -> None:
    """All wait instead of failing, none for long, and each turn counts."""  # bug 57, trap T2
    processes = [started(COUNT, book, 40) for _ in range(4)]

    waits = [json.loads(out) for out in finished(processes)]

    store = sqlite.open_(book)
    balance = store.get(Balance, "passbook/r-1", "point")
    store.close()
    assert balance == Balance(account="passbook/r-1", unit="point", amount=220, version=160)
    assert max(waits) < 20


def test_four_programs_spend_one_balance_once(book: Path) -> None:
    """What is checked and what is taken are read after the write lock."""  # bug 1
    processes = [started(SPEND, book) for _ in range(4)]

    spent = [int(out) for out in finished(processes)]

    assert 60 == sum(spent)


def test_a_killed_writer_leaves_the_last_committed_state(book: Path) -> None:
    """kill -9 in the middle of a transaction: the next opening finds the book as it was."""
    store = sqlite.open_(book)
    before = dump(store)
    store.close()
    process = started(CRASH, book)

    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)

    store = sqlite.open_(book)
    assert before == dump(store)
    with store.writing():
        store.put(Sealed(subject="d-1", key=b""))
    store.close()


# waiting

class Clock:
    """A clock that moves when somebody sleeps, and a little with every look at it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def patience(self, seconds: float) -> Patience:
        waits = Waits(seconds=seconds, sleep=self.sleep, monotonic=lambda: self.now,
                      jitter=lambda: 0.5)
        return waits.patience()


def busy(times: int, clock: Clock, cost: float = 0.0) -> object:
    attempts = iter(range(times))

    def attempt() -> str:
        clock.now += cost
        if next(attempts, None) is None:
            return "done"
        raise StoreError("busy", "somebody writes")

    return attempt


def test_patience_tries_again() -> None:
    """A busy attempt is repeated after a short pause with jitter."""
    clock = Clock()

    outcome = clock.patience(30).run(busy(3, clock))

    assert ("done", [0.0015] * 3) == (outcome, clock.slept)


def test_patience_is_one_sum() -> None:
    """Begin and commit of one transaction share the time; what is used up is gone."""
    clock = Clock()
    patience = clock.patience(10)
    patience.run(busy(6, clock, cost=1.0))

    with pytest.raises(StoreError, match="waited 10 seconds") as caught:
        patience.run(busy(6, clock, cost=1.0))

    assert "busy" == caught.value.code
    assert 12 > clock.now


def test_other_errors_are_not_waited_for() -> None:
    """A full disk does not become better by trying again at once."""
    clock = Clock()

    def attempt() -> None:
        raise StoreError("storage_full", "no room")

    with pytest.raises(StoreError, match="no room"):
        clock.patience(30).run(attempt)

    assert [] == clock.slept


def test_the_queue_has_one_place(tmp_path: Path) -> None:
    """While one writer is next, another one waits its turn; afterwards the place is free."""  # T11
    clock = Clock()
    first, second = Queue(str(tmp_path / "q")), Queue(str(tmp_path / "q"))

    with first.turn(clock.patience(1)), pytest.raises(StoreError) as caught, \
            second.turn(clock.patience(1)):
        pass

    assert "busy" == caught.value.code
    with second.turn(clock.patience(1)):
        pass
    first.close()
    second.close()


def test_writers_stand_in_the_queue(book: Path) -> None:
    """A store does not write past somebody who is next, and leaves the place once it writes."""
    store = sqlite.open_(book, waits=Waits(seconds=0))
    queue = Queue(f"{book}-queue")

    with queue.turn(Clock().patience(0)), pytest.raises(StoreError) as caught, store.writing():
        pass

    assert "busy" == caught.value.code
    with store.writing(), queue.turn(Clock().patience(0)):
        pass
    queue.close()
    store.close()


def test_no_queue_is_no_obstacle(tmp_path: Path) -> None:
    """Where the lock file cannot be made, writers go without it."""
    turns = 0
    for path in ("", str(tmp_path / "no" / "folder")):
        queue = Queue(path)
        with queue.turn(Clock().patience(0)):
            turns += 1
        queue.close()
    assert turns == 2
