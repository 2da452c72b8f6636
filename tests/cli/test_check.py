"""`check`: rulebooks, their cases, and what a new one changes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import run

RULES = '''format = 1
title = "幸福社区积分管理办法"
effective = 2026-01-01

[[rule]]
code = "patrol"
title = "巡逻"
clause = "第六条"
points = { per = "hour", value = 2 }

[[case]]
title = "两小时"
deeds = [{ rule = "patrol", on = 2026-03-07, hours = 2 }]
points = [4]
'''


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rulebook that is right."""
    path = tmp_path / "rules.toml"
    path.write_text(RULES, encoding="utf-8")
    return path


def changed(rules: Path, old: str, new: str, name: str = "new.toml") -> Path:
    """The rulebook with one thing changed, in another file."""
    path = rules.with_name(name)
    path.write_text(RULES.replace(old, new), encoding="utf-8")
    return path


def test_a_right_rulebook_is_fine(rules: Path) -> None:
    """A rulebook whose cases come out as they say ends with 0."""
    result = run("check", rules, "--brief", "--lang", "zh")

    assert 0 == result.exit_code
    assert result.stdout.endswith("全部相符。\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_settings_left_to_a_default_are_one_list(rules: Path, lang: str) -> None:
    """Each has one line, all meanings begin in one column, and the remedy is said once."""
    result = run("check", rules, "--lang", lang)

    listed = [re.match(r"  \S+ = .*? {2,}(?=\S)", line) for line in result.stdout.splitlines()
              if line.startswith("  ") and " = " in line]
    remedy = {"zh": "请写明", "en": "write them down"}[lang]
    assert 1 == result.stdout.count(remedy)
    assert "  usable = after_notice  " in result.stdout
    assert 1 == len({found.end() for found in listed if found})


def test_places_shows_each_setting_where_it_could_be_written(rules: Path) -> None:
    """With --places a setting is a finding like every other, with its line and remedy."""
    result = run("check", rules, "--places")

    assert f"{rules}:1: note: late reports: left to its default, late = 30 days" in result.stdout
    assert "settings left to their defaults" not in result.stdout


def test_a_wrong_case_is_shown_where_it_stands(rules: Path) -> None:
    """A case that comes out otherwise is named with its file, line and both figures."""
    wrong = changed(rules, "[4]", "[5]")

    result = run("check", rules, wrong, "--brief")

    assert 1 == result.exit_code
    assert f"{wrong}:13" in result.stdout or f"{wrong}:11" in result.stdout
    assert "should get 5 points, but got 4" in result.stdout
    assert "Files to mend: 1." in result.stdout


def test_every_problem_of_a_file_is_shown(rules: Path) -> None:
    """A file that cannot be read shows every mistake with its line, not only the first."""
    wrong = changed(rules, 'clause = "第六条"', 'claus = "第六条"\npionts = 2')

    result = run("check", wrong)

    assert 1 == result.exit_code
    assert f"{wrong}:8" in result.stdout and f"{wrong}:9" in result.stdout


def test_json_tells_every_case(rules: Path) -> None:
    """With --json the findings and cases of every file are one object."""
    wrong = changed(rules, "[4]", "[5]")

    result = run("check", rules, wrong, "--json")

    told = json.loads(result.stdout)
    assert (1, False, [True, False]) == (
        result.exit_code, told["ok"], [file["is_right"] for file in told["files"]])


def test_against_says_what_changes(rules: Path) -> None:
    """--against lists changed settings and cases; a change alone is no error."""
    new = changed(rules, "value = 2", "value = 3")
    new.write_text(new.read_text(encoding="utf-8").replace("[4]", "[6]"), encoding="utf-8")

    result = run("check", new, "--against", rules, "--brief")
    told = run("check", new, "--against", rules, "--json")

    assert 0 == result.exit_code
    assert "2" in result.stdout and "3" in result.stdout and "Compared with" in result.stdout
    assert json.loads(told.stdout)["files"][0]["changes"]["settings"]


def test_nothing_changes_against_itself(rules: Path) -> None:
    """Compared with itself a rulebook changes nothing, and the command says so."""
    result = run("check", rules, "--against", rules, "--brief", "--lang", "zh")

    assert 0 == result.exit_code
    assert "没有变化" in result.stdout


def test_an_old_file_with_problems_is_said(rules: Path) -> None:
    """A file to compare with that cannot be read shows its problems."""
    broken = changed(rules, "[[rule]]", "[[rulle]]", "old.toml")

    result = run("check", rules, "--against", broken)

    assert 1 == result.exit_code
    assert "rulle" in result.stdout + result.stderr


@pytest.mark.parametrize(("content", "sentence"), [
    (b"\xff\xfe\x00", "is not UTF-8"), (None, "cannot be read"),
])
def test_files_that_are_no_text(content: bytes | None, sentence: str, tmp_path: Path) -> None:
    """A folder or a file of other bytes is a wrong call."""
    path = tmp_path / "rules.toml"
    path.mkdir() if content is None else path.write_bytes(content)

    result = run("check", path)

    assert (2, "") == (result.exit_code, result.stdout)
    assert sentence in result.stderr


def test_an_empty_file_is_a_rulebook_with_problems(tmp_path: Path) -> None:
    """Of an empty file the missing keys are said."""
    path = tmp_path / "rules.toml"
    path.write_text("")

    result = run("check", path)

    assert 1 == result.exit_code
    assert "title" in result.stdout
