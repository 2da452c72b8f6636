"""The command as a test says it, and one small demo for all."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lovepoints.cli import build, language_of

Say = Callable[..., Result]
HOUSEHOLDS = 20
"""So few that a year takes a second or two."""


def run(*args: object) -> Result:
    """Run the command in this process; output and exit code are in the result."""
    words = [str(arg) for arg in args]
    return CliRunner().invoke(build(language_of(words) or "en"), words)


def damaged(book: Path, seq: int) -> Path:
    """The book with one byte of an entry changed behind its back."""
    with closing(sqlite3.connect(book)) as raw, raw:
        raw.execute("DROP TRIGGER entry_no_update")
        body = raw.execute("SELECT body FROM entry WHERE seq = ?", (seq,)).fetchone()[0]
        raw.execute("UPDATE entry SET body = ? WHERE seq = ?",
                    (body.replace(b'"day":"2', b'"day":"3'), seq))
        raw.execute("CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT 1; END")
    return book


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The folder of a small demo, and what the command printed."""
    folder = tmp_path_factory.mktemp("demo") / "lovepoints-demo"
    result = run("demo", "--folder", folder, "--households", HOUSEHOLDS, "--lang", "zh")
    return folder, result


@pytest.fixture
def folder(demo: tuple[Path, Result], tmp_path: Path) -> Path:
    """A copy of the demo's folder that a test may change."""
    return shutil.copytree(demo[0], tmp_path / "copy")


@pytest.fixture
def book(folder: Path) -> Path:
    """The book in it."""
    return folder / "book.db"
