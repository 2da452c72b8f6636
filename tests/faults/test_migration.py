"""R13: an older book is brought up to date: killed at any statement, or by many at once."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

import lovepoints as lp
from lovepoints.stores.opening import engine
from lovepoints.stores.schema import SCHEMA_VERSION
from tests.faults.migrating import ENTRIES, OLD, ROOT, Opening, carry_out
from tests.faults.saying import FORKS
from tests.faults.small_book import ADMIN


@contextmanager
def ready(plan: Opening) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process that stands before the book and waits for `go`."""
    here, there = FORKS.Pipe()
    child = FORKS.Process(target=carry_out, args=(plan, there))
    child.start()
    there.close()
    try:
        assert here.recv() == "ready"
        yield child, here
    finally:
        child.kill()
        child.join()
        child.close()
        here.close()


def version(path: Path) -> int:
    """What the file says of itself, its journal played back."""
    connection = engine().connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def wrong(path: Path) -> str:
    """What does not hold of a book that was to be brought up to date; "" if it all does."""
    with lp.open(path, by=ADMIN) as community:
        told = community.describe()
        if (told["writable"], told["differences"], told["schema"]) != (
                "yes", "", str(SCHEMA_VERSION)):
            return f"may only be read: {told['differences']}"
        found = community.books.check()
        if not found.is_sound or (found.entries, (found.root or b"").hex()[:16]) != (
                ENTRIES, ROOT):
            return "not the book that it was"
        community.residents.enrol("new")
    return ""


def killed(folder: Path, at: int, mutant: str = "") -> tuple[bool, bool, str]:
    """Whether a kill at a statement met the migration, whether the file was still the old one
    then, and what does not hold of it once it was opened again."""
    path = folder / f"{at}.db"
    shutil.copyfile(OLD, path)
    with ready(Opening(path=str(path), kill_at=at, mutant=mutant)) as (child, pipe):
        pipe.send("go")
        child.join(30)
        was_met = child.exitcode == -9
    is_old = version(path) < SCHEMA_VERSION
    return was_met, is_old, wrong(path)


def test_a_kill_at_any_statement_of_a_migration_leaves_the_old_book(
    memory_path: Path, tried: Callable[..., None],
) -> None:
    """Statement by statement until none is left: the next opening brings it up to date, with the
    same entries and root, and the book goes on."""
    met = 0
    for at in range(1, 1000):
        was_met, is_old, problem = killed(memory_path, at)
        assert problem == "", f"killed at statement {at}: {problem}"
        if not was_met:
            break
        met += 1
        assert is_old, f"half a migration was kept at statement {at}"
    tried("R13", killed_at_statements=met)
    assert met > 20


def raced(path: Path, programs: int, mutant: str = "") -> list[str]:
    """How the openings of so many programs at one moment went wrong."""
    shutil.copyfile(OLD, path)
    waiting = [ready(Opening(path=str(path), mutant=mutant)) for _ in range(programs)]
    children = [one.__enter__() for one in waiting]
    try:
        for _, pipe in children:
            pipe.send("go")
        answers = [pipe.recv() for _, pipe in children]
    finally:
        for one in waiting:
            one.__exit__(None, None, None)
    return [error or "may only be read" for is_writable, error in answers
            if error or is_writable != "yes"]


def test_many_programs_bring_a_book_up_to_date_at_once(
    memory_path: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """Each opens it, none meets half of it, and it is brought up to date once."""
    sizes = random.Random(13)
    for number in range(rounds := count(pr=15, nightly=300, release=1000)):
        path = memory_path / f"race-{number}.db"
        assert raced(path, sizes.choice([2, 4])) == []
        assert wrong(path) == ""
    tried("R13", races=rounds)


@pytest.mark.parametrize("mutant", ["marked first", "unlocked"])
def test_this_row_has_teeth(
    mutant: str, memory_path: Path, tried: Callable[..., None],
) -> None:
    """A file that is marked before it is made is found by a kill; steps without the write lock
    are found by a race."""
    if mutant == "marked first":
        found = any(killed(memory_path, at, mutant)[2] for at in range(1, 40))
    else:
        found = any(raced(memory_path / f"{number}.db", 4, mutant) for number in range(60))
    tried("R13", mutants_found=int(found))
    assert found
