"""R5: a process is killed at any moment. What it had answered is there, and the book is sound."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import lovepoints as lp
from tests.faults.saying import Plan, acknowledged, noted, process
from tests.faults.small_book import ADMIN, found
from tests.faults.soundness import changed, look, lost
from tests.faults.store_mutants import MUTANTS

KILLS_A_BOOK = 10
"""So many kills meet one file, one after another; then a fresh one keeps the looking short."""
ALIVE_SECONDS = (0.03, 0.11)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book to copy."""
    path = tmp_path_factory.mktemp("founded") / "book.db"
    found(path)
    return path


def killed(plans: list[Plan], seconds: float, is_early: bool) -> None:
    """Let processes say acts, and kill them all after a while: an early kill may meet the
    opening, a later one lets each have an answer first, however slow the machine is."""
    with ExitStack() as stack:
        children = [stack.enter_context(process(plan, waits=True)) for plan in plans]
        for _, pipe in children:
            pipe.send("go")
        while not is_early and not all(noted(plan.out) for plan in plans):
            assert all(child.is_alive() for child, _ in children)
            time.sleep(0.001)
        time.sleep(seconds)
        for child, _ in children:
            os.kill(child.pid or 0, signal.SIGKILL)


def broken(path: Path, plans: list[Plan], again: bool) -> Iterator[str]:
    """What does not hold after a kill: O1, O2."""
    if look(path).problems:
        yield "O1"
        return
    with lp.open(path, by=ADMIN) as community:
        for plan in plans:
            keys = acknowledged(noted(plan.out))
            if lost(community, keys) or (again and changed(community, keys, plan.prefix)):
                yield "O2"


def rounds(
    founded: Path, folder: Path, kills: int, writers: int = 1, mutant: str = "",
) -> tuple[set[str], int]:
    """Kill again and again; what was broken, and how many keys had been acknowledged."""
    chance, seen, answered = random.Random(5), set[str](), 0
    for number in range(kills):
        path = folder / f"book-{number // KILLS_A_BOOK}.db"
        if not path.exists():
            shutil.copy(founded, path)
        plans = [Plan(path=str(path), out=str(folder / f"out-{number}-{writer}"), mutant=mutant,
                      prefix=f"w{number}-{writer}") for writer in range(writers)]
        killed(plans, chance.uniform(*ALIVE_SECONDS), is_early=number % 3 == 0)
        seen |= set(broken(path, plans, again=number % 5 == 0))
        answered += sum(len(acknowledged(noted(plan.out))) for plan in plans)
        if mutant and seen:
            break
    return seen, answered


def test_a_killed_writer_loses_nothing(
    founded: Path, tmp_path: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """Killed after 30 to 110 ms in the middle of its verbs, over and over on the same files."""
    kills = count(pr=70, nightly=18_000, release=90_000)

    seen, answered = rounds(founded, tmp_path, kills)

    tried("R5", kills=kills, acknowledged=answered, broken=len(seen))
    assert set() == seen
    assert answered >= kills // 2


def test_killed_writers_lose_nothing_together(
    founded: Path, tmp_path: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """Three programs on one file, all killed at the same moment."""
    kills = count(pr=10, nightly=700, release=3_500)

    seen, answered = rounds(founded, tmp_path, kills, writers=3)

    tried("R5", kills=kills * 3, acknowledged=answered, broken=len(seen))
    assert set() == seen
    assert answered >= kills


@pytest.mark.parametrize("mutant", ["answers-before-commit", "key-after-commit"])
def test_this_row_has_teeth(
    founded: Path, tmp_path: Path, mutant: str, tried: Callable[..., None],
) -> None:
    """A library that answers early, or commits twice, is found out by killing it."""
    seen, _ = rounds(founded, tmp_path, 40, mutant=mutant)

    tried("R5", mutants_found=1)
    assert MUTANTS[mutant].breaks == seen
