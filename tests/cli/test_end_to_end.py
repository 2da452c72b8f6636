"""A book in the hands of real programs, and one paper that is not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import lovepoints as lp
from lovepoints.core.journal import Entry
from tests.laws import forging

ROOT = Path(__file__).resolve().parents[2]
WORK = """
import sys
import lovepoints as lp

path, people = sys.argv[1], sys.argv[2:]
with lp.open(path, by="staff:zhao") as community:
    community.rulebooks.adopt("examples/rulebooks/first.toml")
    community.residents.appoint("staff:wang", role="grid-officer")
    for code in people:
        community.residents.enrol(code)
        deed = community.deeds.report("volunteer", resident=code, quantity="2")
        community.deeds.confirm(deed.id, by="staff:wang")
"""


def said(*words: object) -> tuple[int, str]:
    """The exit code of a program of its own, and all that it said, in one line."""
    done = subprocess.run([sys.executable, "-X", "utf8", *map(str, words)], text=True, cwd=ROOT,
                          encoding="utf-8", capture_output=True, check=False)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def lovepoints(*words: object, lang: str = "en") -> tuple[int, str]:
    """The command, as an office runs it."""
    return said("-m", "lovepoints", "--lang", lang, *words)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book that programs founded, and in which two people have points."""
    path = tmp_path / "sunshine.db"
    assert (0, "") == (lovepoints("init", path, "--name", "幸福社区", "--admin", "staff:zhao")[0],
                       said("-c", WORK, path, "0421", "0422")[1])
    return path


def test_only_the_paper_tells_what_an_administrator_did(book: Path, tmp_path: Path) -> None:
    """Who owns file and program raises an award and recomputes everything inside; or puts an
    older copy back. Each such book is sound in itself. The paper tells them from the honest one,
    which went on after it was printed."""
    copied = json.loads(lovepoints("backup", book, tmp_path / "older.db", "--json")[1])
    with lp.open(book, by="staff:zhao") as community:
        community.residents.enrol("0423")
    told = json.loads(lovepoints("checkpoint", book, "--json")[1])
    code, size = told["code"], told["entries"]

    def change(entry: Entry) -> Entry:
        return forging.raised(entry, 5) if entry.kind == "confirm" else entry

    forging.rewrite(book, tmp_path / "forged.db", change)
    with lp.open(book, by="staff:zhao") as community:
        community.residents.enrol("0424")
    honest = lovepoints("verify", book, "--against", code)
    shutil.copy(tmp_path / "forged.db", book)
    alone, caught = lovepoints("verify", book), lovepoints("verify", book, "--against", code)
    shutil.copy(tmp_path / "older.db", book)
    older = lovepoints("verify", book, "--against", code, lang="zh")

    assert 0 == honest[0] and f"the first {size} entries are unchanged" in honest[1]
    assert 0 == alone[0] and "The book is sound" in alone[1]
    assert 1 == caught[0] and "The book was rewritten." in caught[1]
    assert "agrees with itself, but not with the paper from outside" in caught[1]
    assert f"the first {size} entries are not what they were" in caught[1]
    assert 1 == older[0]
    assert f"缺少最后{size - copied['entries']}号凭证，被删去了，或换回了旧的副本" in (
        older[1].replace(" ", ""))
