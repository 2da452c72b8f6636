"""`inspect`: what an auditor is told at a terminal."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import lovepoints
from tests.cli.conftest import run

PERIOD = ("--since", "2025-11-01", "--until", "2026-10-31")


@pytest.fixture
def audited(book: Path) -> Path:
    """The demo's book, with an auditor."""
    with lovepoints.open(book) as community:
        office = next(one.code for one in community.residents if "admin" in one.roles)
        community.residents.appoint("staff:shen", role="auditor", by=office)
    return book


def inspect(book: Path, *more: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    result = run("inspect", book, *PERIOD, "--by", "staff:shen", "--reason", "年度审计", *more)
    return result.exit_code, result.stdout


def test_inspect_prints_paper_table_and_json(audited: Path) -> None:
    """The same period in three forms; each look is an entry with a list of its own."""
    paper = inspect(audited, "--lang", "zh", "--count", "3")
    table = inspect(audited, "--csv", "--count", "3")
    told = json.loads(inspect(audited, "--json", "--count", "3")[1])

    assert (0, 0) == (paper[0], table[0])
    assert all(word in paper[1] for word in ("抽查", "抽中复查", "pair_least"))
    rows = list(csv.DictReader(io.StringIO(table[1])))
    assert 3 == sum(row["kind"] == "recheck" for row in rows) == len(told["rechecks"])
    assert told["ok"] and told["scales"]["pair_share"] == [1, 3]
    with lovepoints.open(audited, readonly=True) as community:
        assert 3 == sum(entry.kind == "inspect" for entry in community.books.entries())


def test_the_demo_is_honest(audited: Path) -> None:
    """The year to look at has one lead: an officer moved in with somebody for whom she had
    confirmed before, which is worth a look and no more."""
    told = json.loads(inspect(audited, "--json")[1])

    assert [("relative", "0002")] == [(one["kind"], one["other"]) for one in told["leads"]]


@pytest.mark.parametrize(("more", "code", "word"), [
    (("--by", "staff:nobody"), 1, "staff:nobody"), (("--since", "spring"), 2, "spring"),
    (("--until", "2025-01-01"), 2, "2025-01-01"),
])
def test_inspect_says_what_is_wrong(
    audited: Path, more: tuple[str, str], code: int, word: str,
) -> None:
    """An unknown auditor, no day, days the wrong way round: one sentence each."""
    result = run("inspect", audited, *PERIOD, "--by", "staff:shen", "--reason", "x", *more)

    assert code == result.exit_code
    assert word in result.stderr
