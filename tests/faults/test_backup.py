"""R14: copies made while others write; an old copy put back is told by any later paper."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import lovepoints as lp
from lovepoints.core.checkpoints import PrintedCode
from lovepoints.stores.opening import engine
from tests.faults.saying import Plan, acknowledged, noted, process
from tests.faults.small_book import ADMIN, found
from tests.faults.soundness import changed, look, lost


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book to copy."""
    path = tmp_path_factory.mktemp("backups") / "book.db"
    found(path)
    return path


def _copied(path: Path, copy: Path) -> None:
    with lp.open(path, by=ADMIN) as community:
        community.books.backup(copy)


def _file_alone(path: Path, copy: Path) -> None:
    """What an office does that copies the file in the folder: what still stands in the log is not
    in it."""
    shutil.copyfile(path, copy)


def _written_meanwhile(
    folder: Path, founded: Path, copies: int, make: Callable[[Path, Path], None],
) -> list[tuple[Path, dict[str, str]]]:
    """Copies made while two programs write, each with what was acknowledged before it began."""
    path = folder / "book.db"
    shutil.copyfile(founded, path)
    connection = engine().connect(path)
    connection.execute("PRAGMA journal_mode = wal")
    connection.close()
    plans = [Plan(path=str(path), out=str(folder / f"{name}.jsonl"), prefix=name)
             for name in ("a", "b")]
    made = []
    with process(plans[0], waits=True) as (_, one), process(plans[1], waits=True) as (_, two):
        one.send("go")
        two.send("go")
        while not all(len(noted(plan.out)) > 3 for plan in plans):
            time.sleep(0.002)
        for number in range(copies):
            before = {key: answer for plan in plans
                      for key, answer in acknowledged(noted(plan.out)).items()}
            copy = folder / f"copy-{number}.db"
            make(path, copy)
            made.append((copy, before))
    return made


def _wrong(copy: Path, before: dict[str, str]) -> str:
    """What does not hold of a copy: it is not sound, or lacks what was acknowledged before it."""
    try:
        if look(copy).problems:
            return "not sound"
        with lp.open(copy, by=ADMIN) as community:
            return "something is missing" if lost(community, before) or any(changed(
                community, {key: answer for key, answer in before.items()
                            if key.startswith(name)}, name) for name in ("a", "b")) else ""
    except lp.LovepointsError as error:
        return f"cannot be opened: {error}"


def test_copies_made_while_others_write_are_sound_and_whole(
    memory_path: Path, founded: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """Each verifies, and holds everything that was acknowledged before it was begun."""
    made = _written_meanwhile(memory_path, founded, count(pr=8, nightly=200, release=1000), _copied)
    bad = [problem for copy, before in made if (problem := _wrong(copy, before))]
    tried("R14", copies_while_writing=len(made), acknowledged=sum(
        len(before) for _, before in made), bad=len(bad))
    assert bad == []


def test_a_file_that_was_only_copied_is_found_out(
    memory_path: Path, founded: Path, tried: Callable[..., None],
) -> None:
    """The row has teeth: such copies lack what was acknowledged, or are torn."""
    made = _written_meanwhile(memory_path, founded, 6, _file_alone)
    bad = [problem for copy, before in made if (problem := _wrong(copy, before))]
    tried("R14", mutants_found=bool(bad))
    assert bad


def test_an_old_copy_put_back_is_told_by_every_later_paper(
    tmp_path: Path, founded: Path, tried: Callable[..., None],
) -> None:
    """The copy is sound in itself; papers printed before it hold, those printed after it say how
    many entries are missing; so does a paper after the book has gone on another way."""
    path, copy = tmp_path / "book.db", tmp_path / "old.db"
    shutil.copyfile(founded, path)
    papers: list[tuple[int, str]] = []
    with lp.open(path, by=ADMIN) as community:
        for number in range(10):
            community.residents.describe("0421", age=number)
            checkpoint = community.books.checkpoint()
            papers.append((checkpoint.size, checkpoint.code))
            if number == 4:
                community.books.backup(copy)
    shutil.copyfile(copy, path)
    missing = held = 0
    for goes_on in (False, True):
        with lp.open(path, by=ADMIN) as community:
            if goes_on:
                for number in range(20):
                    community.residents.describe("0422", age=number)
            size = community.books.checkpoint().size
            for paper, code in papers:
                result = community.books.check(against=[PrintedCode.parse(code)])
                if paper <= papers[4][0]:
                    assert result.holds
                    held += 1
                else:
                    assert not result.holds
                    (comparison,) = result.against
                    missing += 1
                    assert goes_on or comparison.missing == paper - size
    tried("R14", papers_that_hold=held, papers_that_tell=missing)
    assert (held, missing) == (10, 10)
