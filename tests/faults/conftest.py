"""The frame of the fault rows: how much is tried, and a report of what was.

`pytest tests/faults` runs every row at the size of a pull request; `--size nightly` and `--size
release` try more. A row asks `count(...)` how many cases its size has, and tells `tried(...)`
what it did; the end of the run prints the sums, row by row. A tool that is missing is a failure.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

Size = Literal["pr", "nightly", "release"]
SIZES: tuple[Size, ...] = ("pr", "nightly", "release")
ROWS = {
    "R3": "random commands against a model", "R4": "power loss", "R5": "kill -9",
    "R6": "errors of system calls", "R7": "errors below the engine", "R8": "disk full",
    "R9": "read-only, foreign, locked, missing", "R10": "races", "R11": "version of the engine",
    "R12": "clock", "R13": "migration", "R14": "backup and restore", "R15": "tampering",
    "R16": "bit rot", "R20": "mutants", "R22": "cost curve",
}
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where a row's files may lie when it waits for no disk."""
TRIED = pytest.StashKey[dict[str, Counter[str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option: how much each row tries."""
    parser.addoption("--size", choices=SIZES, default="pr",
                     help="how many cases each fault row tries (default: pr)")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TRIED] = {}


@pytest.fixture(scope="session")
def size(request: pytest.FixtureRequest) -> Size:
    """The size of this run."""
    found: Size = request.config.getoption("--size")
    return found


@pytest.fixture(scope="session")
def count(size: Size) -> Callable[..., int]:
    """`count(pr=100, nightly=20_000, release=100_000)`: the number of cases at this run's size."""
    def chosen(*, pr: int, nightly: int, release: int) -> int:
        return {"pr": pr, "nightly": nightly, "release": release}[size]

    return chosen


@pytest.fixture(scope="session")
def tried(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`tried("R5", kills=100, lost=0)`: add to what the report says of a row."""
    rows = request.config.stash[TRIED]

    def add(row: str, **numbers: int) -> None:
        rows.setdefault(row, Counter()).update(
            {name.replace("_", " "): number for name, number in numbers.items()})

    return add


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """`tool("strace")`: its path; a missing tool fails the row instead of skipping it."""
    def found(name: str) -> str:
        path = shutil.which(name)
        assert path, f"{name} is needed for this row; .ci/run shows how to install it"
        return path

    return found


@pytest.fixture
def memory_path() -> Iterator[Path]:
    """A folder in memory where the machine has one: no disk is waited for."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config,
) -> None:
    """What was tried, row by row."""
    rows = config.stash[TRIED]
    if not rows:
        return
    terminalreporter.section(f"tried, size {config.getoption('--size')}")
    for row in sorted(rows, key=lambda name: int(name[1:])):
        numbers = ", ".join(f"{name} {number:,}" for name, number in rows[row].items())
        terminalreporter.write_line(f"{row:4}{ROWS.get(row, ''):36}{numbers}")
