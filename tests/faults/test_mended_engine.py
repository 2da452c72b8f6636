"""R11: a mended engine founds books with a log, and programs race with it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

import lovepoints as lp
from lovepoints.stores import opening
from tests.faults import racing, standing_in
from tests.faults.saying import FORKS
from tests.faults.small_book import ADMIN
from tests.faults.test_races import race


def found_on_a_newer_engine(path: str) -> None:
    """The process: a book founded on apsw's engine, in whatever mode the library chooses."""
    standing_in.stand_in()
    racing.found(Path(path), wal=False)


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book that a mended engine founded."""
    path = tmp_path_factory.mktemp("newer") / "book.db"
    child = FORKS.Process(target=found_on_a_newer_engine, args=(str(path),))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    return path


def test_a_mended_engine_founds_a_book_with_a_log(newer: Path, tmp_path: Path) -> None:
    """Fully durable and without weakness there; an older engine leaves the log and says what that
    risks, and founds no book with one itself."""
    version = standing_in.Engine.sqlite_version_info
    assert opening.wal_is_safe(version), f"apsw brings {version}, which is not mended"
    path = shutil.copy(newer, tmp_path / "book.db")
    is_old = not opening.wal_is_safe(sqlite3.sqlite_version_info)

    with lp.open(path, by=ADMIN) as community:
        told = community.describe()
        community.residents.enrol("new")
        assert community.books.check().is_sound
    lp.create(tmp_path / "old.db", name="村", admin=ADMIN)
    with lp.open(tmp_path / "old.db", by=ADMIN) as community:
        own = community.describe()

    assert ("wal", "2") == (told["journal_mode"], told["synchronous"])
    assert is_old == ("WAL" in told["weaknesses"])
    assert ("truncate" if is_old else "wal", "") == (own["journal_mode"], own["weaknesses"])


def test_programs_on_a_mended_engine_race_with_a_log(
    newer: Path, memory_path: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """The race of R10, in the mode that the library chose for itself."""
    for number in range(count(pr=1, nightly=30, release=300)):
        path = shutil.copy(newer, memory_path / f"book-{number}.db")

        done = race(Path(path), tellers=6 - number % 5, wanted=200, newer=True)

        tried("R11", answers=done.answers, reads=done.reads, broken=len(done.seen))
        assert frozenset() == done.seen
        assert done.reads > 50
