"""`import`: a sheet of deeds brought into a real file, with a kill in the middle."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import lovepoints
from tests.cli.conftest import run
from tests.sheets.village import PEOPLE, RULES, sheet

ROWS = [f"hazard,{PEOPLE[n % 3]},2026-03-07,,general,{n}栋,,staff:wang,迟报" for n in range(60)]
TITLES = "rule,resident,day,quantity,grade,place,note,confirmed by,reason"
SLOWLY = """
import sys
import lovepoints
from lovepoints import sheets

def told(read, size):
    print(read, flush=True)
    sys.stdin.readline()

with lovepoints.open(sys.argv[1]) as community:
    sheets.bring_in(community, sys.argv[2], by="staff:li", rows=10, progress=told)
"""
"""The import, waiting after each batch until it is told to go on, which it never is."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A founded book with its officers and residents."""
    path = tmp_path / "book.db"
    lovepoints.create(path, name="幸福社区", admin="staff:zhao")
    with lovepoints.open(path, by="staff:zhao") as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:wang", role="grid-officer")
        community.residents.appoint("staff:li", role="collector")
        for code in PEOPLE:
            community.residents.enrol(code)
    return path


def bring(book: Path, path: Path, *more: object) -> tuple[int, dict[str, object]]:
    """The command's exit code and the object that it prints."""
    result = run("import", book, path, "--by", "staff:li", "--json", *more)
    return result.exit_code, json.loads(result.stdout)


def test_a_killed_import_goes_on_where_it_stopped(book: Path, tmp_path: Path) -> None:
    """Whole batches are there after kill -9; the next run repeats nothing and ends the sheet."""
    path = sheet(tmp_path, ROWS, titles=TITLES)
    with subprocess.Popen([sys.executable, "-c", SLOWLY, str(book), str(path)], text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin and program.stdout
        for _ in range(2):
            program.stdout.readline()
            program.stdin.write("on\n")
            program.stdin.flush()
        program.stdout.readline()
        program.send_signal(signal.SIGKILL)

    code, told = bring(book, path, "--batch", 10)

    assert -signal.SIGKILL == program.returncode
    assert (0, 60, 30, 30) == (code, told["rows"], told["repeated"], told["confirmed"])
    assert (0, 60) == (bring(book, path)[0], bring(book, path)[1]["repeated"])
    with lovepoints.open(book) as community:
        assert 300 == sum(community.passbooks[one].balance for one in PEOPLE)
        assert community.books.check().is_sound


def test_a_dry_run_leaves_the_file_as_it_is(book: Path, tmp_path: Path) -> None:
    """It tells what would happen, and the book has the same root after it."""
    before = run("verify", book, "--json").stdout
    path = sheet(tmp_path, ROWS[:5], titles=TITLES)

    result = run("import", book, path, "--by", "staff:li", "--dry-run", "--lang", "zh")

    assert 0 == result.exit_code
    assert "账本没有变动" in result.stdout and "积分（point）" in result.stdout
    assert before == run("verify", book, "--json").stdout


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ("deeds.csv:3: resident: nobody is enrolled as \"0499\"", "Not enrolled: 0499",
            "is not paid twice")),
    ("zh", ("deeds.csv:3: resident: 账本里没有居民“0499”", "账本里没有的居民：0499",
            "不会重复计分")),
])
def test_problems_are_told_with_their_places(
    book: Path, tmp_path: Path, lang: str, words: tuple[str, ...],
) -> None:
    """Exit code 1, every problem in one run, in the chosen language."""
    path = sheet(tmp_path, [ROWS[0], ROWS[1].replace("0422", "0499"), ROWS[2]], titles=TITLES)

    result = run("import", book, path, "--by", "staff:li", "--lang", lang)

    assert 1 == result.exit_code
    assert all(word in result.stdout for word in words)


def test_a_sheet_that_cannot_be_read_is_a_wrong_call(book: Path, tmp_path: Path) -> None:
    """Exit code 2 where nothing was read; and an unknown importer is nobody."""
    missing = run("import", book, tmp_path / "no.csv", "--by", "staff:li")
    stranger = run("import", book, sheet(tmp_path, ROWS, titles=TITLES), "--by", "staff:nobody")

    assert (2, 1) == (missing.exit_code, stranger.exit_code)
    assert "no.csv: there is no such file; check the path" in missing.stdout
    assert "staff:nobody" in stranger.stderr


def test_what_a_sheet_says_never_reaches_the_screen_raw(book: Path, tmp_path: Path) -> None:
    """Escape sequences and direction marks of a cell or a file name are shown by their number."""
    row = "hazard,\x1b[31m0421,2026-03-07,,general,\u202e栋,,staff:wang,x"
    path = sheet(tmp_path, [row], titles=TITLES, name="de\x1b[2Jeds\u202e.csv")

    result = run("import", book, path, "--by", "staff:li")

    assert 1 == result.exit_code
    assert not {"\x1b", "\u202e"} & set(result.stdout + result.stderr)
    assert "<U+001B>[31m0421" in result.stdout
