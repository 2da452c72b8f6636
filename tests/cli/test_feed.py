"""`feed` on a real file: lines for programs, a position that stays, sentences for mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import lovepoints
from tests.cli.conftest import run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A book with a few entries and a program that may read it."""
    found = tmp_path / "sunshine.db"
    lovepoints.create(found, name="幸福社区", admin="staff:zhao")
    with lovepoints.open(found, by="staff:zhao") as book:
        book.residents.appoint("app:board", role="app")
        book.residents.appoint("staff:grid", role="grid-officer")
        for number in range(5):
            book.residents.enrol(f"resident-{number}", name="NAME 秀英")
    return found


def test_events_come_a_line_each(path: Path) -> None:
    result = run("feed", path, "--by", "app:board", "--limit", "3")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["id"] for event in events] == ["1", "2", "3"]
    rest = run("feed", path, "--by", "app:board", "--after", "3")
    assert len(rest.stdout.splitlines()) == 6
    assert "NAME" not in rest.stdout
    assert "resident-" not in rest.stdout


def test_a_position_outlives_the_program(path: Path) -> None:
    for consumer, expected in (("hall", "8"), ("hall", "8"), ("other", "1")):
        if consumer == "hall":
            run("feed", path, "--by", "app:board", "--consumer", "hall", "--acknowledge", "7")
        told = json.loads(run("feed", path, "--by", "app:board", "--consumer", consumer,
                              "--json").stdout)
        assert told["events"][0]["id"] == expected


@pytest.mark.parametrize(("more", "code", "sentence"), [
    (("--after", "1", "--consumer", "hall"), 2, "--after"),
    (("--acknowledge", "1"), 2, "--consumer"),
    (("--consumer", "hall", "--acknowledge", "99"), 2, "99"),
])
def test_mistakes_are_told(path: Path, more: tuple[str, ...], code: int, sentence: str) -> None:
    for lang in ("zh", "en"):
        result = run("feed", path, "--by", "app:board", *more, "--lang", lang)
        assert (result.exit_code, sentence in result.stderr) == (code, True)


def test_whoever_may_not_read_is_told_so(path: Path) -> None:
    result = run("feed", path, "--by", "staff:grid", "--lang", "zh")
    assert result.exit_code == 1
    assert "岗位" in result.stderr
    assert result.stdout == ""
