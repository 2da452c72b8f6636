"""Four programs on one file: they spend exactly what there is, and all wait instead of failing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import lovepoints as lp
from lovepoints.stores import sqlite
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, founded
from tests.laws import ledger

PROGRAM = """
import collections, json, sys
import lovepoints as lp
path, task, name = sys.argv[1:]
book = lp.open(path, by="staff:zhao")
done = collections.Counter()
deeds = [deed.id for deed in book.deeds.with_status("submitted")]
print("ready", flush=True)
sys.stdin.readline()
for turn in range(int(task.split("-")[1])):
    try:
        if task.startswith("redeem"):
            book.shop.redeem({"rice": 1}, holder="wang", key=f"{name}-{turn}")
        elif task.startswith("same"):
            book.shop.redeem({"rice": 1}, holder="wang", key=f"turn-{turn}")
        elif task.startswith("last"):
            book.shop.hold({"rice": 1}, holder=name, key=f"{name}-{turn}")
        else:
            book.deeds.confirm(deeds[turn], by=name)
        done["ok"] += 1
    except lp.Refused as no:
        done[str(no.code)] += 1
book.close()
print(json.dumps(done))
"""
RULES = HEAD + HELP + """
[[limit]]
code = "cap"
title = "每户每月封顶"
rules = ["help"]
per = "household"
each = "month"
most = 11

[redemption]
proxy = "anyone"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A book whose passbook of Wang has 20 points, and rice enough at 2 points."""
    book = founded(RULES, clock=FakeClock("2026-03-07 10:00"),
                   store=sqlite.create(tmp_path / "book.db"))
    book.books.opening("wang", 20)
    book.shop.stock("rice", price=2)
    book.shop.receive("rice", 500)
    book.close()
    return tmp_path / "book.db"


def run(path: Path, task: str, names: tuple[str, ...]) -> Counter[str]:
    """What four programs at once were answered, together; every one ends without an error."""
    programs = [subprocess.Popen([sys.executable, "-c", PROGRAM, str(path), task, name],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                for name in names]
    for program in programs:
        assert program.stdout is not None and program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    said = [program.communicate(timeout=90)[0] for program in programs]
    assert [0] * 4 == [program.returncode for program in programs]
    return sum((Counter(json.loads(out)) for out in said), Counter())


def checked(path: Path) -> lp.Community:
    """The book, sound by both ways of looking at it."""
    book = lp.open(path)
    book.books.verify()
    ledger.check(book._book.store)
    return book


def test_four_programs_spend_exactly_the_balance(path: Path) -> None:
    """Each wants 2 of 20 points seven times: ten bags go, eighteen wishes are refused."""
    said = run(path, "redeem-7", ("a", "b", "c", "d"))  # bugs 1, 57

    assert {"ok": 10, "insufficient_points": 18} == said
    with checked(path) as book:
        assert (0, 490) == (book.passbooks["wang"].balance, book.shop.item("rice").free)


def test_four_programs_with_the_same_keys_are_one(path: Path) -> None:
    """Every key once, whoever comes first; the others get the same answer."""
    said = run(path, "same-6", ("a", "b", "c", "d"))  # bug 4

    assert {"ok": 24} == said
    with checked(path) as book:
        assert (8, 494) == (book.passbooks["wang"].balance, book.shop.item("rice").free)


def test_the_last_pieces_go_once(path: Path) -> None:
    """Three pieces left, four homes that want two each."""
    names = ("wang", "zhou", "li", "sun")  # bug 33
    with lp.open(path, by="staff:zhao") as book:
        for name in names[1:]:
            book.books.opening(name, 20)
        book.shop.count("rice", 3)

    said = run(path, "last-2", names)

    assert {"ok": 3, "insufficient_stock": 5} == said
    with checked(path) as book:
        item = book.shop.item("rice")
        assert (0, 3) == (item.free, item.held)


def test_four_programs_pass_no_cap(path: Path) -> None:
    """Each officer confirms every deed of one household: each is paid once, to the cap."""
    names = ("staff:wu", "staff:zheng", "staff:sun", "staff:qin")  # bug 37
    with lp.open(path, by="staff:zhao") as book:
        book.residents.appoint("staff:qin", role="committee")
        for _ in range(8):
            book.deeds.report("help", resident="li-wife", quantity=1)

    said = run(path, "confirm-8", names)

    assert {"ok": 8, "state_not_fitting": 24} == said
    with checked(path) as book:
        assert 11 == book.passbooks["li-wife"].balance
