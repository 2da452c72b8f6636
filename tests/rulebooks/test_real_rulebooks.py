"""Seven rulebooks that communities really use come out exactly, in every case and reading.

The files say only configuration; every figure was worked out by hand from the source before.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

import lovepoints.checking as checking
from lovepoints.checking.reporting import cases_of, runs_of
from lovepoints.core.rulefiles.rulefile import parse

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "rulebooks"
# Rules that give, rules that take, hand-worked cases, and how many of those the source leaves open.
KNOWN = {
    "fengjie-points-bank": (10, 8, 9, 0),
    "hailin-volunteer": (2, 0, 9, 1),
    "household-honours": (17, 1, 8, 1),
    "luoyu-village": (17, 4, 12, 1),
    "waste-sorting-household": (4, 0, 8, 2),
    "zhuqu-faces": (1, 0, 8, 1),
    "zigong-hazard-snapshot": (2, 2, 8, 2),
}


def _path(name: str) -> Path:
    return FOLDER / f"{name}.toml"


@pytest.mark.parametrize("name", KNOWN)
def test_every_worked_example_comes_out_exactly(name: str) -> None:
    """A real rulebook has no problem, and every case under every reading gives its figures."""
    report = checking.check(_path(name))

    assert () == report.problems
    assert [] == [difference.text("en") for difference in report.differences]
    assert report.is_right


@pytest.mark.parametrize("name", KNOWN)
def test_every_rule_and_every_worked_example_is_there(name: str) -> None:
    """Rules, deductions, cases E1, E2 ... and open questions are as many as the source has."""
    file = parse(_path(name).read_text(encoding="utf-8"), name)

    cases, _ = cases_of(file)

    numbered = [case for case in cases if re.match(r"E\d+ ", case.title)]
    rules = file.rulebook.rules
    assert KNOWN[name] == (
        sum(rule.deduction is None for rule in rules),
        sum(rule.deduction is not None for rule in rules),
        len(numbered), sum(not case.certain for case in numbered),
    )
    assert [f"E{number}" for number in range(1, len(numbered) + 1)] == [
        case.title.split()[0] for case in numbered]


@pytest.mark.parametrize("name", KNOWN)
def test_every_open_question_has_readings_that_differ(name: str) -> None:
    """Where a source leaves a figure open, at least two readings are reached by settings alone,
    and they do not come to the same."""
    file = parse(_path(name).read_text(encoding="utf-8"), name)
    open_cases = [case for case in cases_of(file)[0] if not case.certain]

    runs, problems = runs_of(file, open_cases)

    assert () == problems
    for case in open_cases:
        expected = [run.reading.expect for run in runs if run.case is case]
        digests = {run.rulebook.digest for run in runs if run.case is case}
        assert len(expected) == len(digests) >= 2
        assert all(one != other for one, other in pairwise(expected))


@pytest.mark.parametrize(("name", "before", "after", "case"), [
    ("zhuqu-faces", "smiling = 5", "smiling = 6", "E2 "),
    ("waste-sorting-household", "most     = 5", "most     = 6", "E4 "),
    ("fengjie-points-bank", "spendable_above = 100", "spendable_above = 99", "E3 "),
    ("fengjie-points-bank", "below = 70 ", "below = 69 ", "E5 "),
    ("fengjie-points-bank", "below = 70 ", "below = 69 ", "E7 "),
    ("hailin-volunteer", 'each = "quarter"', 'each = "year"', "E6 "),
    ("household-honours", "lasts_periods = 2", "lasts_periods = 3", "E7 "),
    ("luoyu-village", "at   = 02:00:00", "at   = 02:01:00", "E8 "),
    ("luoyu-village", 'unique = ["event"] ', "", "E11 "),
    ("zigong-hazard-snapshot", "kept_when_rejected = true", "kept_when_rejected = false", "E3 "),
    ("zigong-hazard-snapshot", 'excludes = ["guardian-direct"]', "", "E7 "),
])
def test_a_changed_figure_is_noticed(name: str, before: str, after: str, case: str) -> None:
    """The cases are not empty words: changing one figure of a rule makes its case differ."""
    rules, *cases = _path(name).read_text(encoding="utf-8").split("[[case]]")
    assert before in rules
    (story,) = [one for one in cases if f'"{case}' in one]

    report = checking.check(rules.replace(before, after) + "[[case]]" + story, name=name)

    assert () == report.problems
    assert report.differences
