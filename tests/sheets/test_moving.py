"""Moving in: tried, mended, brought in, twice, in parts, stopped by a kill; never doubled."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lovepoints
from lovepoints import sheets
from lovepoints.community import Community
from lovepoints.core import text
from lovepoints.sheets.moving import TABLES
from lovepoints.testing import FakeClock, community
from tests.cli.conftest import run

RULES = Path(__file__).parents[2] / "examples" / "rulebooks" / "first.toml"
AREAS = ("网格,上级,名称", ["g1,,第一网格", "g1-1,g1,1号楼"])
RESIDENTS = ("居民编号,姓名,户,网格,户内身份,电话,志愿者", [
    "0421,王秀英,h-501,g1-1,户主,13800000001,是", "0388,李建国,h-302,g1-1,户主,,否",
    "0389,李小明,h-302,g1-1,未成年,,"])
OFFICERS = ("账号,岗位,网格,居民编号", [
    "staff:zhou,grid-officer,g1,", "staff:qian,shopkeeper,,0388"])
BALANCES = ("户号,存折号,余额", ["h-501,N-7,36", "h-302,N-9,20"])
ALL = {"areas": AREAS, "residents": RESIDENTS, "officers": OFFICERS, "balances": BALANCES}


def empty() -> Community:
    """A book of a new community."""
    book = community(clock=FakeClock("2026-01-05 09:00"))
    book.rulebooks.adopt(RULES)
    return book


def table(folder: Path, name: str, rows: list[str] | None = None, *,
          encoding: str = "utf-8-sig") -> Path:
    """One of the tables as a file, or other rows below its titles."""
    titles, own = ALL[name]
    path = folder / f"{name}.csv"
    path.write_text("\r\n".join([titles, *(own if rows is None else rows)]) + "\r\n",
                    encoding=encoding, newline="")
    return path


def move(book: Community, folder: Path, **said: Any) -> sheets.MovedIn:
    """All four tables."""
    return sheets.move_in(book, **{name: table(folder, name) for name in ALL}, **said)


def counts(found: sheets.MovedIn) -> dict[str, tuple[int, int, int]]:
    """Of each table: new, there before, refused."""
    return {one.table: (one.new, one.repeated, one.refused) for one in found.tables}


def test_all_is_as_if_it_had_been_typed(tmp_path: Path) -> None:
    book = empty()
    found = move(book, tmp_path)
    assert (found.is_written, found.is_whole, found.points) == (True, True, {"": 56})
    assert found.code == book.books.checkpoint().code
    li = book.residents["0389"]
    assert (li.name, li.household, li.area, li.part) == ("李小明", "h-302", "g1-1", "minor")
    assert book.residents["0421"].attributes == {"volunteer": True}
    assert book.passbooks["0388"].balance == 20
    assert book.residents["staff:zhou"].roles == ("grid-officer",)
    assert book.books.verify().is_sound


def test_a_rehearsal_writes_nothing(tmp_path: Path) -> None:
    book = empty()
    before = book.books.checkpoint()
    assert counts(move(book, tmp_path, rehearse=True)) == {
        "areas": (2, 0, 0), "residents": (3, 0, 0), "officers": (2, 0, 0), "balances": (2, 0, 0)}
    assert book.books.checkpoint() == before


def test_twice_is_once(tmp_path: Path) -> None:
    """In another encoding and order too."""
    book = empty()
    move(book, tmp_path)
    before = book.books.checkpoint()
    for name, (_, rows) in ALL.items():
        table(tmp_path, name, rows[::-1], encoding="gb18030")
    again = sheets.move_in(book, **{name: tmp_path / f"{name}.csv" for name in ALL})
    assert counts(again) == {
        "areas": (0, 2, 0), "residents": (0, 3, 0), "officers": (0, 2, 0), "balances": (0, 2, 0)}
    assert book.books.checkpoint() == before


@pytest.mark.parametrize(("name", "row", "column", "code"), [
    ("balances", "h-501,N-7,37", "余额", "there_otherwise"),
    ("balances", "h-501,N-7,三十", "余额", "bad_number"),
    ("balances", "0421,N-7,-5", "", "not_taken"),
    ("balances", "0421,N-7,1.5", "", "not_taken"),
    ("balances", "h-999,N-7,5", "", "unknown_code"),
    ("residents", "0421,王秀,h-501,g1-1,户主,,", "姓名", "there_otherwise"),
    ("residents", "0500,赵,h-1,g1,房东,,", "户内身份", "bad_text"),
    ("residents", ",赵,h-1,g1,,,", "居民编号", "needed"),
    ("officers", "staff:li,grid-officer,g1,9999", "", "unknown_code"),
])
def test_a_row_that_cannot_be_taken_stops_all_of_it(
    tmp_path: Path, name: str, row: str, column: str, code: str,
) -> None:
    """It is located and says what to do, in both languages; with `partly` the others go on."""
    book = empty()
    move(book, tmp_path)
    before = book.books.checkpoint()
    fresh = {"balances": "h-302,N-9,20", "residents": "0600,钱,h-2,g1,,,",
             "officers": "staff:new,grid-officer,g1-1,"}[name]
    said = {name: table(tmp_path, name, [fresh, row])}

    found = sheets.move_in(book, **said)
    (problem,) = found.tables[0].problems
    assert (problem.line, problem.column, problem.code) == (3, column, code)
    assert not found.is_written and not found.is_whole
    assert book.books.checkpoint() == before
    for lang in ("zh", "en"):
        assert f"{name}.csv:3" in problem.text(lang)

    partly = sheets.move_in(book, **said, partly=True)
    assert partly.is_written and partly.tables[0].refused == 1


def test_mended_it_goes_in(tmp_path: Path) -> None:
    """A refusal burns no row: what was unknown is brought in, and the same row is taken."""
    book = empty()
    alone = table(tmp_path, "balances")
    assert {one.code for one in sheets.move_in(book, balances=alone).tables[0].problems} == {
        "unknown_code"}
    sheets.move_in(book, residents=table(tmp_path, "residents"))
    assert sheets.move_in(book, balances=alone).is_written
    assert book.passbooks["h-501"].balance == 36


def test_a_passbook_in_use_takes_no_opening_balance(tmp_path: Path) -> None:
    book = empty()
    sheets.move_in(book, residents=table(tmp_path, "residents"))
    book.books.adjust("h-501", 5, reason="更正")
    (problem,) = sheets.move_in(book, balances=table(tmp_path, "balances")).tables[0].problems
    assert (problem.line, problem.code) == (2, "state_not_fitting")
    assert book.passbooks["h-501"].balance == 5


def test_what_looks_alike_is_told_and_written(tmp_path: Path) -> None:
    book = empty()
    rows = ["0421,王秀英,h-501,,,,", "O421,王秀英,h-501,,,,", "０４２１,王 秀英,h-501,,,,",
            "0500,王秀英,h-9,,,,"]
    found = sheets.move_in(book, residents=table(tmp_path, "residents", rows))
    assert found.is_written
    assert [(one.line, one.code, one.facts["other"]) for one in found.alike] == [
        (3, "code_alike", "0421"), (4, "code_alike", "0421")]
    again = sheets.move_in(book, residents=table(tmp_path, "residents", [
        "0421,王秀英,h-501,,,,", "0777,王秀英,h-501,,,,"]))
    assert [(one.line, one.code) for one in again.alike] == [(3, "name_alike")]


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(8)), cut=st.integers(0, 8), rows=st.integers(1, 4))
def test_any_parts_in_any_order_come_to_the_same(
    order: list[int], cut: int, rows: int,
) -> None:
    """Two files instead of one, overlapping, rows in any order, transactions of any size."""
    whole = [f"{code:04},甲{code},h-{code % 3},g{code % 2},,," for code in range(8)]
    points = [f"h-{code},N,{code + 1}" for code in range(3)]
    with tempfile.TemporaryDirectory() as name:
        folder, one, two = Path(name), empty(), empty()
        sheets.move_in(one, residents=table(folder, "residents", whole),
                       balances=table(folder, "balances", points))
        mixed = [whole[place] for place in order]
        for part in (mixed[:cut], mixed[max(0, cut - 2):], mixed[:1]):
            sheets.move_in(two, residents=table(folder, "residents", part), rows=rows)
        for _ in range(2):
            sheets.move_in(two, balances=table(folder, "balances", points), rows=rows)
        for home in ("h-0", "h-1", "h-2"):
            assert {member.code for member in one.residents.members(home)} == {
                member.code for member in two.residents.members(home)}
            assert one.passbooks[home].balance == two.passbooks[home].balance


def test_a_kill_in_the_middle_and_once_more(tmp_path: Path) -> None:
    """A real process is killed while it writes; the same command then goes on, and nobody is
    there twice."""
    path = tmp_path / "book.db"
    lovepoints.create(path, name="幸福社区", admin="staff:zhao")
    with lovepoints.open(path, by="staff:zhao") as book:
        book.rulebooks.adopt(RULES)
    many = table(tmp_path, "residents", [f"{n:04},甲{n},h-{n // 3},g1,,," for n in range(600)])
    opening = table(tmp_path, "balances", [f"h-{n},N-{n},{n + 1}" for n in range(200)])
    call = [sys.executable, "-m", "lovepoints", "move-in", str(path), "--by", "staff:zhao",
            "--residents", str(many), "--balances", str(opening), "--batch", "20"]
    killed, seen = 0, 2
    while killed < 3:
        process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        before = seen
        while process.poll() is None and seen <= before + 40:
            time.sleep(0.01)
            with lovepoints.open(path, readonly=True) as book:
                seen = int(book.describe()["entries"])
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate()
        if process.returncode == 0:
            break
    assert killed, "the process was never caught in the middle"
    told = json.loads(run("move-in", path, "--by", "staff:zhao", "--residents", many,
                          "--balances", opening, "--json").stdout)
    assert told["is_whole"] and told["is_written"]
    assert 0 < told["tables"][0]["repeated"] <= 600
    with lovepoints.open(path, readonly=True) as book:
        assert sum(one.kind == "resident" for one in book.residents) == 600
        assert book.books.outstanding() == {"point": sum(range(1, 201))}
        assert book.books.verify().is_sound


def test_the_command_tells_a_clerk(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    lovepoints.create(path, name="幸福社区", admin="staff:zhao")
    with lovepoints.open(path, by="staff:zhao") as book:
        book.rulebooks.adopt(RULES)
    said = [part for name in ALL for part in (f"--{name}", table(tmp_path, name))]
    tried = run("move-in", path, "--by", "staff:zhao", *said, "--dry-run", "--lang", "zh")
    done = run("move-in", path, "--by", "staff:zhao", *said, "--lang", "zh")
    assert (tried.exit_code, done.exit_code) == (0, 0)
    assert "这是试算" in tried.stdout
    assert "全部在账本里了" in done.stdout and "核对码" in done.stdout
    assert run("move-in", path, "--by", "staff:zhao", "--lang", "zh").exit_code == 2
    wrong = table(tmp_path, "balances", ["h-501,N-7,99"])
    refused = run("move-in", path, "--by", "staff:zhao", "--balances", wrong, "--lang", "zh")
    assert refused.exit_code == 1 and "余额不同" in refused.stdout


def test_no_title_leads_to_two_columns() -> None:
    for one in TABLES.values():
        titles = [title for column, known in one.form.titles.items()
                  for title in (column, *known) if title]
        assert len(titles) == len({text.same(title) for title in titles})
        assert set(one.form.titles) - {""} == set(one.form.readers)
