"""Three invented rulebooks show that the format is general, and the page of mechanisms is true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import lovepoints.checking as checking
from lovepoints.checking.reporting import Run, cases_of, checked, runs_of
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.fields import (
    all_models,
    choices_of,
    fields_of,
    item_type,
    plain_type,
)
from lovepoints.core.rulefiles.rulefile import RuleFile, parse
from lovepoints.core.values import EACH

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "examples" / "rulebooks", ROOT / "tests" / "rulebooks")
INVENTED = ("riverside", "hillside", "market")
PAGE = (ROOT / "docs" / "reference" / "mechanisms.md").read_text(encoding="utf-8")
# What stands in every file and has one value only.
CONSTANT = {("Rulebook", "format")}
MODELS = frozenset(all_models())


@cache
def _file(stem: str) -> RuleFile:
    path = next(path for folder in FOLDERS if (path := folder / f"{stem}.toml").exists())
    return parse(path.read_text(encoding="utf-8"), path.name)


@cache
def _runs() -> dict[str, tuple[Run, ...]]:
    stems = [path.stem for folder in FOLDERS for path in sorted(folder.glob("*.toml"))]
    return {stem: runs_of(_file(stem), cases_of(_file(stem))[0])[0] for stem in stems}


def _rulebooks() -> list[Rulebook]:
    return list({run.rulebook.digest: run.rulebook
                 for runs in _runs().values() for run in runs}.values())


@pytest.mark.parametrize("name", INVENTED)
def test_every_case_comes_out_exactly(name: str) -> None:
    """An invented rulebook has no problem, and every case under every reading gives its figures."""
    file = _file(name)
    cases, problems = cases_of(file)

    results = [checked(file, run) for run in _runs()[name]]

    assert () == problems
    assert {case.title for case in cases} == {result.case for result in results}
    assert [] == [each.text("en") for result in results for each in result.differences]


def _said(value: Any) -> Iterator[tuple[str, str, object]]:
    """Every attribute of every part of a rulebook, with its value."""
    if type(value) in MODELS:
        for field in fields_of(type(value)):
            inner = getattr(value, field.name)
            yield type(value).__name__, field.name, inner
            yield from _said(inner)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _said(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _said(inner)


def test_every_attribute_of_the_model_is_used() -> None:
    """There is no attribute that no rulebook of the ten (or reading of one) sets to something."""
    defaults = {(model.__name__, field.name): field
                for model in all_models() for field in fields_of(model)}

    used = {(owner, name) for rulebook in _rulebooks() for owner, name, value in _said(rulebook)
            if defaults[owner, name].is_required or value != defaults[owner, name].default}

    assert set() == set(defaults) - used - CONSTANT


def test_every_choice_of_the_model_is_used() -> None:
    """There is no word that a setting allows and that no rulebook (or reading of one) says."""
    wanted = {
        (model.__name__, field.name, choice)
        for model in all_models() for field in fields_of(model)
        for choice in (choices_of(plain_type(field.type))
                       or choices_of(item_type(plain_type(field.type)) or int))
        if choice not in EACH
    }

    used = set()
    for rulebook in _rulebooks():
        for owner, name, value in _said(rulebook):
            values = value if isinstance(value, tuple) else (value,)
            used |= {(owner, name, each) for each in values if isinstance(each, str)}

    assert set() == wanted - used


def test_every_period_is_used() -> None:
    """Day, week, month, quarter, year and ever all occur as the period of some limit."""
    used = {value for rulebook in _rulebooks() for owner, name, value in _said(rulebook)
            if (owner, name) == ("Limit", "each")}

    assert set(EACH) <= used


def _rows(heading: str) -> list[list[str]]:
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_mechanism_has_a_case() -> None:
    """Each of the 58 mechanisms names a case of a file, or whose matter it is instead."""
    rows = _rows("Mechanisms")

    titles = {stem: {run.case.title for run in runs} for stem, runs in _runs().items()}
    wrong = [row for row in rows if row[2] != "-" and row[3] not in titles.get(row[2], set())]

    assert [] == wrong
    assert set(range(1, 59)) == {int(row[0]) for row in rows}


def test_what_is_met_rarely_has_a_case() -> None:
    """Streaks, cohorts, thresholds, debits ... each name a case of a file."""
    rows = _rows("Met rarely")

    titles = {stem: {run.case.title for run in runs} for stem, runs in _runs().items()}

    assert [] == [row for row in rows if row[2] not in titles[row[1]]]
    assert len(rows) >= 7


def test_every_option_of_every_open_question_has_a_case() -> None:
    """Each of the 30 questions that real texts leave open has a played case for each answer."""
    rows = _rows("Settings")

    known = {(stem, run.case.title, run.reading.title)
             for stem, runs in _runs().items() for run in runs}
    wrong = [row for row in rows if (row[2], row[3], row[4]) not in known]

    assert [] == wrong
    assert set(range(1, 31)) == {int(row[0]) for row in rows}


@pytest.mark.parametrize(("name", "before", "after", "case"), [
    ("riverside", 'carry = "year"', 'carry = "day"', "不满一小时的零头"),
    ("riverside", "weights = [60, 20, 20]", "weights = [1]", "三人同报按六二二分"),
    ("riverside", "ratio = 3", "ratio = 4", "一分搭配三分赠送"),
    ("riverside", "at_included = false\n", "", "星级：二十分三星，四十分以上五星"),
    ("riverside", 'becomes = "earned"', "", "公益积分转赠给孤寡老人"),
    ("hillside", "repair = 4", "repair = 5", "清理之后只扣四分"),
    ("hillside", "carry_share = 50", "carry_share = 40", "年终清零，结转一半，至多六十"),
    ("hillside", "restored_at = 80", "restored_at = 70", "低于六十暂停，回到八十恢复"),
    ("hillside", "lasts_periods = 2", "lasts_periods = 1",
     "一票否决：清零，今年和明年不能兑换"),
    ("market", "threshold   = 30", "threshold   = 29", "余额三十分才开始兑换"),
    ("market", '"5 days"', '"6 days"', "预留五天内领取，逾期全部退回"),
    ("market", "pieces_most = 4", "pieces_most = 5", "一次最多两样四件"),
])
def test_a_changed_figure_is_noticed(name: str, before: str, after: str, case: str) -> None:
    """The cases are not empty words: changing one figure of a rule makes its case differ."""
    rules, *cases = (FOLDERS[1] / f"{name}.toml").read_text(encoding="utf-8").split("[[case]]")
    assert before in rules
    (story,) = [one for one in cases if f'"{case}"' in one]

    report = checking.check(rules.replace(before, after, 1) + "[[case]]" + story, name=name)

    assert () == report.problems
    assert report.differences
