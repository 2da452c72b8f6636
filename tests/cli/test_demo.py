"""The demo: a year of a community that can be repeated, looked at and gone on with."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random

import pytest
from click.testing import Result

import lovepoints
from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.rulefiles.rulefile import parse
from lovepoints.demo import folder as folders
from lovepoints.demo.goods import CATALOGUE
from lovepoints.demo.people import village
from lovepoints.demo.plan import ADMIN, HOUSEHOLDS, SEED
from lovepoints.demo.playing import Played, rehearse, rulebook_text
from lovepoints.papers.layout import width
from tests.cli.conftest import HOUSEHOLDS as FEW
from tests.cli.conftest import run

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "rulebooks"


def kept(folder: Path) -> Checkpoint:
    """The checkpoint beside a demo's book."""
    return Checkpoint.parse((folder / "checkpoint.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def smallest() -> tuple[Played, list[date]]:
    """The year of three households in memory, and the days that were told."""
    days: list[date] = []
    return rehearse(households=3, progress=days.append), days


def test_the_demo_plays_by_a_real_rulebook() -> None:
    """The rulebook inside the package says the same as the example it was taken from."""
    example = (EXAMPLES / "luoyu-village.toml").read_text(encoding="utf-8")

    assert parse(example).rulebook.digest == parse(rulebook_text()).rulebook.digest


def test_the_community_is_as_large_as_told() -> None:
    """393 households, 56 officers with the administrator, 25 goods; two thirds of them foods
    and things, services too."""
    everybody = village(Random(SEED), HOUSEHOLDS)

    assert 393 == len({one.household for one in everybody.villagers})
    assert 56 == len(everybody.officers) + 1
    assert 25 == len(CATALOGUE) == len({good.code for good in CATALOGUE})


def test_it_shows_what_a_person_wants_to_see(demo: tuple[Path, Result]) -> None:
    """All papers are shown, and three commands to try."""
    result = demo[1]

    assert 0 == result.exit_code, result.output
    for title in ("积分存折", "赋分说明", "兑换小票", "货架清单", "谁可以来领", "待兑积分与货架",
                  "对账点", "账本完好", "lovepoints passbook", "lovepoints verify",
                  "lovepoints check"):
        assert title in result.stdout


def test_it_is_no_wider_than_a_terminal(demo: tuple[Path, Result]) -> None:
    """No line but the commands, whose folder may be long, is wider than 80 columns."""
    wide = [line for line in demo[1].stdout.splitlines()
            if width(line) > 80 and str(demo[0]) not in line]

    assert [] == wide
    assert "\x1b" not in demo[1].stdout


def test_its_commands_work(demo: tuple[Path, Result]) -> None:
    """The three commands at the end do what they say."""
    lines = [line.split() for line in demo[1].stdout.splitlines()
             if line.startswith("  lovepoints ")]

    results = [run(*line[1:]) for line in lines]

    assert [0, 0, 0] == [result.exit_code for result in results]


def test_the_same_seed_gives_the_same_book(demo: tuple[Path, Result]) -> None:
    """Played again, on a book in memory, the year has the same root."""
    again = rehearse(households=FEW)

    assert kept(demo[0]) == again.community.books.checkpoint()


def test_another_seed_gives_another_book(smallest: tuple[Played, list[date]]) -> None:
    """Another seed is another year, in as small a place as there can be."""
    other = rehearse(households=3, seed=SEED + 1)

    assert other.community.books.checkpoint() != smallest[0].community.books.checkpoint()


def test_json_tells_the_year(tmp_path: Path) -> None:
    """With --json the figures, the checkpoint and the outcome of the verification are told."""
    result = run("demo", "--folder", tmp_path / "small", "--households", 3, "--json")

    told = json.loads(result.stdout)
    assert (True, True, 3) == (told["ok"], told["is_sound"], told["figures"]["households"])
    assert told["checkpoint"]["code"] == kept(tmp_path / "small").code


def test_a_year_has_something_of_everything(demo: tuple[Path, Result]) -> None:
    """Even a small year has reports, decisions of every kind, redemptions, and a clearing."""
    with lovepoints.open(demo[0] / "book.db", readonly=True) as community:
        kinds = {entry.kind for entry in community.books.entries()}

    assert {"report", "confirm", "reject", "redeem", "hold", "clear", "count", "receive",
            "open_window", "close_window", "opening", "sweep", "give", "return"} <= kinds


def test_the_book_is_an_ordinary_one(book: Path) -> None:
    """Somebody can go on writing in the demo's book."""
    with lovepoints.open(book, by=ADMIN) as community:
        community.residents.enrol("9999", name="新来的")

        assert community.books.verify().is_sound


def test_an_earlier_demo_is_replaced(folder: Path) -> None:
    """The folder of an earlier demo is emptied for a new one."""
    reason = folders.obstacle(folder)

    book = folders.prepare(folder)

    assert ("", folder / "book.db") == (reason, book)
    assert {"README.txt", "rulebook.toml"} == {path.name for path in folder.iterdir()}


def test_an_unfinished_demo_is_replaced(folder: Path) -> None:
    """A demo that was interrupted, with half a book, is in nobody's way."""
    (folder / "checkpoint.txt").unlink()
    (folder / "book.db").write_bytes(b"half")

    assert "" == folders.obstacle(folder)


def test_foreign_folders_are_left_alone(folder: Path, tmp_path: Path) -> None:
    """A folder with other files, a file, a demo that is kept or gone on with: none is touched."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "book.db").write_text("mine")
    before = (folder / "book.db").read_bytes()

    results = [run("demo", "--folder", tmp_path / "file"),
               run("demo", "--folder", tmp_path / "own"),
               run("demo", "--folder", folder, "--keep")]

    assert [2, 2, 2] == [result.exit_code for result in results]
    assert "mine" == (tmp_path / "own" / "book.db").read_text()
    assert before == (folder / "book.db").read_bytes()


def test_a_book_that_was_gone_on_with_is_kept(folder: Path) -> None:
    """Where somebody went on writing, the demo does not take the book away."""
    with lovepoints.open(folder / "book.db", by=ADMIN) as community:
        community.residents.enrol("9999")

    result = run("demo", "--folder", folder, "--lang", "zh")

    assert 2 == result.exit_code
    assert "继续记了账" in result.stderr


def test_an_extra_file_protects_the_folder(folder: Path) -> None:
    """A note that somebody put beside the book keeps the folder as it is."""
    (folder / "notes.txt").write_text("mine")

    assert "other_files" == folders.obstacle(folder)


def test_days_are_told_in_their_order(smallest: tuple[Played, list[date]]) -> None:
    """Whoever shows the progress is told every day of the year that has something in it."""
    days = smallest[1]

    assert days == sorted(set(days))
    assert 50 < len(days)
