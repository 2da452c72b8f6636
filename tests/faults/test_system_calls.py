"""R6: a system call fails, once or from then on. The answer says so, and the book is sound."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import pytest

from tests.faults.faulty import failures, verdicts
from tests.faults.recording import attached
from tests.faults.saying import Plan, process
from tests.faults.small_book import found
from tests.faults.store_mutants import MUTANTS

FAULTS = (
    ("pwrite64", "EIO"), ("pwrite64", "ENOSPC"), ("fdatasync", "EIO"), ("ftruncate", "EIO"),
    ("ftruncate", "ENOSPC"), ("pread64", "EIO"), ("fcntl", "EIO"), ("openat", "EACCES"),
)
JOURNALS = ("truncate", "wal")
WORKERS = 2


@attrs.frozen
class Case:
    """The `first` call of a kind fails, alone or with all that follow it."""

    call: str
    error: str
    journal: str
    first: int
    is_lasting: bool
    mutant: str = ""

    @property
    def inject(self) -> str:
        """The fault in strace's words."""
        when = f"{self.first}{'+' if self.is_lasting else ''}"
        return f"inject={self.call}:error={self.error}:when={when}"


def cases(calls: int) -> Iterator[Case]:
    """Every fault at the first so many calls of its kind, in each kind of journal."""
    for number in range(1, calls + 1):
        for call, error in FAULTS:
            for journal in JOURNALS:
                yield Case(call, error, journal, number, is_lasting=number % 2 == 0)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small book for each kind of journal."""
    books = {}
    for journal in JOURNALS:
        books[journal] = tmp_path_factory.mktemp("founded") / "book.db"
        found(books[journal])
    stranger = sqlite3.connect(books["wal"])
    stranger.execute("PRAGMA journal_mode = wal")
    stranger.close()
    return books


def tried_out(case: Case, founded: Path, folder: Path) -> Counter[str]:
    """Let a writer meet the fault; what did not hold, and how often it met it."""
    folder.mkdir()
    path = folder / "book.db"
    shutil.copy(founded, path)
    plan = Plan(path=str(path), out=str(folder / "notes"), acts=8, mutant=case.mutant)
    ours = [option for end in ("", "-journal", "-wal") for option in ("-P", f"{path}{end}")]
    with process(plan, waits=True) as (child, pipe), attached(
            child.pid or 0, "-e", f"trace={case.call}", "-e", case.inject, *ours,
            "-o", "/dev/null"):
        pipe.send("go")
        child.join(60)
        assert child.exitcode in (0, 1), f"{case}: {child.exitcode}"
    seen = Counter(verdicts(path, plan, unreadable=case.call == "pread64"))
    seen["failures"] = failures(plan)
    seen["met"] = min(1, seen["failures"])
    shutil.rmtree(folder)
    return seen


def tried_all(
    wanted: list[Case], founded: dict[str, Path], folder: Path,
) -> dict[Case, Counter[str]]:
    """Every case, two at a time."""
    with ThreadPoolExecutor(WORKERS) as pool:
        found = pool.map(lambda numbered: tried_out(
            numbered[1], founded[numbered[1].journal], folder / str(numbered[0])),
            enumerate(wanted))
        return dict(zip(wanted, found, strict=True))


def test_a_failing_call_is_told_and_harms_nothing(
    founded: dict[str, Path], tmp_path: Path, count: Callable[..., int],
    tried: Callable[..., None], tool: Callable[[str], str],
) -> None:
    """Written, synced, cut, read, locked or opened in vain: an error of ours, a sound book."""
    tool("strace")
    wanted = list(cases(count(pr=5, nightly=60, release=200)))

    seen = tried_all(wanted, founded, tmp_path)

    bad = {case: sorted(set(found) & {"O1", "O2", "error"}) for case, found in seen.items()}
    total = sum(seen.values(), Counter())
    tried("R6", cases=len(wanted), met=total["met"], failures=total["failures"],
          bad=sum(1 for what in bad.values() if what))
    assert {} == {case: what for case, what in bad.items() if what}
    assert total["met"] >= len(wanted) // 4


@pytest.mark.parametrize(
    "mutant", ["commits-in-any-case", "keeps-what-failed", "raw-errors"])
def test_this_row_has_teeth(
    founded: dict[str, Path], tmp_path: Path, mutant: str, tried: Callable[..., None],
) -> None:
    """A library that hides, remembers or passes on what failed is found out."""
    wanted = [Case("fdatasync", "EIO", "truncate", first, False, mutant) for first in range(1, 7)]

    seen = sum(tried_all(wanted, founded, tmp_path).values(), Counter())

    tried("R6", mutants_found=1)
    assert MUTANTS[mutant].breaks == {what for what in ("O1", "O2", "error") if seen[what]}
