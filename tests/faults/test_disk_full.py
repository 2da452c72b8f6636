"""R8: the disk is full, in three ways. Refused cleanly, nothing half done, and on when it ends."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import lovepoints as lp
from tests.faults.faulty import failures, verdicts
from tests.faults.saying import Plan, carry_out, process
from tests.faults.small_book import ADMIN, acts, found
from tests.faults.store_mutants import MUTANTS

ACTS = 16
BAD = ("O1", "O2", "error")
FULL = frozenset({"storage_full", "storage_error", "closed"})


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book to copy."""
    path = tmp_path_factory.mktemp("founded") / "book.db"
    found(path)
    return path


def copied(founded: Path, folder: Path, **more: object) -> Plan:
    """A fresh copy of the book in a folder of its own, and what to do with it."""
    folder.mkdir(exist_ok=True)
    shutil.copy(founded, folder / "book.db")
    return Plan(path=str(folder / "book.db"), out=f"{folder}-notes", acts=ACTS, **more)


def looked_at(plan: Plan, seen: Counter[str]) -> None:
    """Add what a full disk did to a book; there is room again meanwhile."""
    seen.update(verdicts(Path(plan.path), plan, codes=FULL))
    seen["failures"] += failures(plan)
    seen["met"] += failures(plan) > 0
    with lp.open(plan.path, by=ADMIN) as community:
        for act in acts("later"):
            assert all(act.say(community))
            if "refused" in act.keys[0]:
                break


def run(plan: Plan) -> None:
    """Carry a plan out in a process of its own."""
    with process(plan) as (child, _):
        child.join(60)
        assert child.exitcode in (0, 1)


def pages(path: Path) -> int:
    """How many pages a small book has."""
    return path.stat().st_size // 4096


def engine_is_full(
    founded: Path, folder: Path, cases: int, mutant: str = "",
) -> Counter[str]:
    """The engine may use a few pages more, and no others."""
    seen: Counter[str] = Counter()
    for more in range(cases):
        plan = copied(founded, folder / f"pages-{more}", mutant=mutant,
                      is_stubborn=more % 2 == 0,
                      pragmas=(f"max_page_count = {pages(founded) + more}",))
        run(plan)
        looked_at(plan, seen)
    return seen


def test_the_engine_has_no_page_left(
    founded: Path, tmp_path: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """max_page_count: the error comes in the middle of a verb, and of a batch that goes on."""
    cases = count(pr=5, nightly=12, release=12)

    seen = engine_is_full(founded, tmp_path, cases)

    tried("R8", cases=cases, failures=seen["failures"], bad=sum(seen[what] for what in BAD))
    assert {} == {what: seen[what] for what in BAD if seen[what]}
    assert cases == seen["met"]


def limited(plan: Plan, size_max: int) -> None:
    """The process: no file of it may grow beyond a size."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_max, size_max))
    carry_out(plan)


def test_files_may_not_grow(
    founded: Path, tmp_path: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """RLIMIT_FSIZE: a write is cut short at any byte, in the file or in its journal."""
    cases, seen = count(pr=5, nightly=12, release=12), Counter[str]()
    for number in range(cases):
        plan = copied(founded, tmp_path / f"bytes-{number}")
        limit = founded.stat().st_size + number * 1_700
        code = f"from tests.faults import test_disk_full as row; row.limited(row.Plan(path=" \
               f"{plan.path!r}, out={plan.out!r}, acts={ACTS}), {limit})"
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60,
                               check=False)
        assert ended.returncode in (0, 1), ended.stderr
        looked_at(plan, seen)

    tried("R8", cases=cases, failures=seen["failures"], bad=sum(seen[what] for what in BAD))
    assert {} == {what: seen[what] for what in BAD if seen[what]}
    assert cases == seen["met"]


def test_the_file_system_is_full(
    founded: Path, tmp_path: Path, count: Callable[..., int], tried: Callable[..., None],
    tool: Callable[[str], str],
) -> None:
    """A small tmpfs with a filler that leaves a few kilobytes; then the filler goes away."""
    cases, seen = count(pr=4, nightly=8, release=8), Counter[str]()
    for number in range(cases):
        small = tmp_path / f"small-{number}"
        small.mkdir()
        size = founded.stat().st_size // 1024 + 300
        subprocess.run([tool("mount"), "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", small],
                       check=True)
        try:
            plan = copied(founded, small)
            free = (number + 1) * 4096
            (small / "filler").write_bytes(bytes(shutil.disk_usage(small).free - free))
            run(plan)
            (small / "filler").unlink()
            looked_at(plan, seen)
        finally:
            subprocess.run([tool("umount"), small], check=True)

    tried("R8", cases=cases, failures=seen["failures"], bad=sum(seen[what] for what in BAD))
    assert {} == {what: seen[what] for what in BAD if seen[what]}
    assert cases == seen["met"]


@pytest.mark.parametrize("mutant", ["leaves-open", "raw-errors"])
def test_this_row_has_teeth(
    founded: Path, tmp_path: Path, mutant: str, tried: Callable[..., None],
) -> None:
    """A library that leaves transactions open, or passes on the engine's errors."""
    seen = engine_is_full(founded, tmp_path, 4, mutant)

    tried("R8", mutants_found=1)
    assert MUTANTS[mutant].breaks == {what for what in BAD if seen[what]}
