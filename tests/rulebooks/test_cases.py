"""Cases as a format: every key is documented by an example that runs, every mistake is located."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import pytest

from lovepoints.checking import check, compare
from lovepoints.core.rulefiles import cases
from lovepoints.core.rulefiles.fields import fields_of
from lovepoints.errors import Code

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "cases.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
RULES, EXAMPLES = BLOCKS[0], BLOCKS[1:]
HIDDEN = {"line", "lines", "expect", "quantities"}

SMALL = '''
title = "巡逻积分办法"
effective = 2026-01-01
holder = "resident"
[[rule]]
code = "patrol"
title = "巡逻"
points = { per = "hour", value = 2 }
'''


def _keys() -> set[str]:
    models = (cases.Case, cases.Holder, cases.Member, cases.Officer, cases.Goods, cases.Row,
              cases.Reading)
    keys = {field.key for model in models for field in fields_of(model)} - HIDDEN
    return keys | set(cases.EXPECTED)


def _title(text: str) -> str:
    found = re.search(r'title *= *"(.*?)"', text)
    return found[1] if found else text


@pytest.mark.parametrize("example", EXAMPLES, ids=_title)
def test_the_examples_of_the_page_come_out_as_they_say(example: str) -> None:
    """Every case that the reference shows is right under the rules that it shows."""
    text = RULES + example

    report = check(text)

    assert () == report.problems
    assert [] == [difference.text("en") for difference in report.differences]


def test_every_key_is_used_in_an_example() -> None:
    """There is no key of a case that the reference does not show at work."""
    shown = "\n".join(EXAMPLES)

    missing = {key for key in _keys() if not re.search(rf"\b{key} *=", shown)}

    assert set() == missing


def test_every_step_is_used_in_an_example() -> None:
    """There is no `do` that the reference does not show at work."""
    shown = "\n".join(EXAMPLES)

    missing = {do for do in typing.get_args(cases.Do) if f'do = "{do}"' not in shown}

    assert set() == missing


def test_every_step_says_which_keys_it_takes() -> None:
    """The tables of allowed and needed keys speak of every `do` and of real attributes only."""
    known = {field.name for field in fields_of(cases.Row)}

    used = {key for keys in (*cases.KEYS.values(), *cases.NEEDED.values()) for key in keys}

    assert set(typing.get_args(cases.Do)) == set(cases.KEYS)
    assert set() == used - known


WRONG = {
    "unknown_key": 'deeds = [{ rule = "patrol", on = 2026-03-07, hours = 1, plase = "x" }]',
    "unknown_rule": 'deeds = [{ rule = "patroll", on = 2026-03-07 }]',
    "unknown_attribute": 'deeds = [{ rule = "patrol", attributes = { age = 3 } }]',
    "unknown_code": 'deeds = [{ rule = "patrol", on = 2026-03-07, refused = "no" }]',
    "unknown_resident": 'holders = { A = {} }\ndeeds = [{ rule = "patrol", resident = "B" }]',
    "unknown_kind": 'steps = [{ do = "adjust", on = 2026-03-07, points = { honor = 3 } }]',
    "bad_choice": 'steps = [{ do = "confrim", on = 2026-03-07 }]',
    "missing_key": 'steps = [{ on = 2026-03-07 }]',
    "key_not_here": 'redemptions = [{ on = 2026-03-07, points = 3, rule = "patrol" }]',
    "wrong_type": 'deeds = [{ rule = "patrol", on = "now", hours = 1 }]\nnow = 3',
    "case_count": 'deeds = [{ rule = "patrol", on = 2026-03-07, hours = 1 }]\nstatus = []',
    "case_without_readings": 'certain = false',
    "case_now_early": 'now = 2026-03-01\ndeeds = [{ rule = "patrol", on = 2026-03-07, hours = 1 }]',
    "unknown_limit": 'deeds = [{ rule = "patrol" }]\nlimited = ["dayly"]',
    "unknown_star": 'stars = "x"',
    "unknown_rank": 'ranking = { best = ["A"] }',
    "unknown_item": 'redemptions = [{ on = 2026-03-07, goods = { rice = 1 } }]',
    "unknown_status": 'deeds = [{ rule = "patrol" }]\nstatus = ["done"]',
    "unknown_sanction": 'sanctions = ["x"]',
    "out_of_bounds": 'deeds = [{ rule = "patrol", times = 100000 }]',
    "duplicate_case": '[[case]]\ntitle = "x"\nbalance = 0',
    "setting_unknown": 'readings = [{ title = "x", settings = { "limit.daily.most" = 3 } }]',
}


@pytest.mark.parametrize("code", WRONG)
def test_a_mistake_in_a_case_is_located(code: str) -> None:
    """A slip of the pen in a case is reported with its line and a remedy, and nothing is played."""
    text = SMALL + '[[case]]\ntitle = "x"\nbalance = 0\n' + WRONG[code]

    report = check(text, name="rules.toml")

    found = [problem for problem in report.problems if problem.code == code]
    assert found, [problem.code for problem in report.problems]
    assert found[0].line > 8
    assert found[0].remedy("zh") and found[0].sentence("en")
    assert () == report.results


def test_all_mistakes_of_all_cases_are_reported_at_once() -> None:
    """One run reports the mistakes of every case, in the order of the file."""
    text = SMALL + (
        '[[case]]\ntitle = "a"\n'
        '[[case]]\ntitle = "a"\nbalnce = 3\ndeeds = [{ rule = "patrl" }]\n'
        '[[case]]\ntitle = "c"\nbalance = 1.5\ndeeds = [{ rule = "patrol", status = "done" }]\n'
    )

    report = check(text)

    codes = [problem.code for problem in report.problems]
    assert codes == [
        "case_expects_nothing", "case_expects_nothing", "duplicate_case", "unknown_key",
        "unknown_rule", "bad_choice",
    ]


@pytest.mark.parametrize("story", [
    'zone = "Asia/Nowhere"\nbalance = 0',
    'holders = { "" = {} }\nbalance = 0',
    'holders = { "a\\tb" = { opening = 3 } }\nbalance = 0',
    'deeds = [{ rule = "patrol", on = 2026-03-07, reported_on = 2026-03-01 }]\npoints = [0]',
    'goods = { rice = { price = 0, stock = 1 } }\nbalance = 0',
])
def test_a_case_that_cannot_be_played_is_reported(story: str) -> None:
    """Whatever a case says, `check` reports it and never raises."""
    text = SMALL + f'[[case]]\ntitle = "x"\n{story}\n'

    report = check(text)

    assert report.problems or report.differences
    assert list(report.lines("zh"))


def test_a_rulebook_that_cannot_be_read_is_reported_not_raised() -> None:
    """`check` never raises for what a file says."""
    text = "title = 3\n"

    report = check(text)

    assert report.rulebook is None
    assert not report.is_right
    assert {"wrong_type", "missing_key"} <= {problem.code for problem in report.problems}


TERMS = '''
[[limit]]
code = "daily"
points = 50
per = "resident"
each = "day"
[[sanction]]
code = "low"
title = "暂停评优"
below = 1
[[star]]
code = "top"
title = "星级"
at = 50
'''
DIFFERENT = {
    "points": "points = [3]",
    "balance": "balance = 3",
    "spendable": "spendable = 3",
    "held": "held = 3",
    "owed": "owed = 3",
    "earned": "earned = 3",
    "stock": 'goods = { "大米" = { price = 1, stock = 4 } }\nstock = { "大米" = 3 }',
    "sanctions": 'sanctions = ["low"]',
    "stars": 'stars = ["top"]',
    "status": 'status = ["rejected"]',
    "limited": 'limited = ["daily"]',
    "refused": 'refused = ["barred"]',
}


@pytest.mark.parametrize("code", DIFFERENT)
def test_everything_that_is_asked_is_compared(code: str) -> None:
    """Whatever a case asks, a wrong figure is a difference with its line and both figures."""
    text = SMALL + TERMS + (
        '[[case]]\ntitle = "两小时"\ndeeds = [{ rule = "patrol", on = 2026-03-07, hours = 2 }]\n'
        + DIFFERENT[code])

    report = check(text)

    (difference,) = report.differences
    assert code == difference.code
    assert difference.facts["expected"] != difference.facts["actual"]
    assert difference.line >= 8
    assert difference.sentence("zh") != difference.sentence("en")
    assert not report.is_right


def test_a_ranking_is_compared() -> None:
    """A list of the best that comes out otherwise is a difference."""
    text = SMALL + (
        '[[rank]]\ncode = "top"\ntitle = "前三"\ntop = 3\n[[case]]\ntitle = "x"\n'
        'deeds = [{ resident = "甲", rule = "patrol", on = 2026-03-07, hours = 2 },'
        ' { resident = "乙", rule = "patrol", on = 2026-03-07, hours = 3 }]\n'
        'ranking = { top = ["甲", "乙"] }\n')

    report = check(text)

    assert [("ranking", ["乙", "甲"])] == [(each.code, each.facts["actual"])
                                          for each in report.differences]


def test_a_row_that_makes_no_sense_is_a_difference() -> None:
    """A row that no verb can carry out is reported at its line, and the rest is still played."""
    text = SMALL + (
        '[[case]]\ntitle = "x"\ndeeds = [{ rule = "patrol", on = 2026-03-07, hours = 2 }]\n'
        'steps = [{ do = "withdraw", on = 2026-03-08, deed = 7 }]\nbalance = 4\n')

    report = check(text)

    assert [("not_played", 12)] == [(each.code, each.line) for each in report.differences]


def test_then_and_expect_look_in_between() -> None:
    """`then` and an `expect` step see the book at their own moment, not at the end."""
    text = SMALL + (
        '[[case]]\ntitle = "x"\ndeeds = ['
        '{ rule = "patrol", on = 2026-03-07, hours = 2, then = { balance = 5 } },'
        '{ rule = "patrol", on = 2026-03-09, hours = 2 }]\n'
        'steps = [{ do = "expect", on = 2026-03-08, balance = 6 }]\nbalance = 8\n')

    report = check(text)

    actual = [(each.facts["expected"], each.facts["actual"]) for each in report.differences]
    assert [("5", "4"), ("6", "4")] == actual


def test_rows_happen_in_the_order_of_their_days() -> None:
    """A redemption of the first of March sees no deed of the second, wherever it is written."""
    text = SMALL + (
        '[[case]]\ntitle = "x"\n'
        'deeds = [{ rule = "patrol", on = 2026-03-02, hours = 2 }]\n'
        'redemptions = [{ on = 2026-03-01, points = 1, refused = "insufficient_points" },'
        ' { on = 2026-03-02, points = 1 }]\nbalance = 3\n')

    report = check(text)

    assert () == report.differences


def test_a_refusal_that_nobody_expected_is_a_difference() -> None:
    """A row that is refused although it says nothing of it is a difference at its line."""
    text = SMALL + (
        '[[case]]\ntitle = "x"\ndeeds = [{ rule = "patrol", on = 2026-03-02 }]\nbalance = 0\n')

    report = check(text)

    assert [("refused", "", "fact_missing", 11)] == [
        (each.code, each.facts["expected"], each.facts["actual"], each.line)
        for each in report.differences]


def test_a_deed_is_worth_nothing_until_it_is_confirmed() -> None:
    """`confirmed_on` is the day of the decision: the days before see a report only."""
    text = SMALL + (
        '[[case]]\ntitle = "x"\n'
        'deeds = [{ rule = "patrol", on = 2026-03-02, confirmed_on = 2026-03-05, hours = 2 }]\n'
        'steps = [{ do = "expect", on = 2026-03-04, balance = 0, status = ["submitted"] },'
        ' { do = "expect", on = 2026-03-05, balance = 4, status = ["confirmed"] }]\n')

    report = check(text)

    assert () == report.problems
    assert () == report.differences


def test_large_figures_can_be_expected() -> None:
    """What a deed is worth in a case has the bounds of points, not those of a rule's parts."""
    report = check('''
title = "Donations"
effective = 2026-01-01
[[rule]]
code = "gift"
title = "Gift"
points = { per = "yuan", value = 1 }
[[case]]
title = "Much"
deeds = [{ rule = "gift", on = 2026-03-01, yuan = 5000 }]
points = [5000]
''')

    assert ((), ()) == (report.problems, report.differences)


def test_a_limit_that_only_warns_cuts_nothing() -> None:
    """`limited` names limits that took something, not those that only warn."""
    text = SMALL + TERMS.replace("points = 50", 'points = 3\ncrossing = "warn"') + (
        '[[case]]\ntitle = "x"\ndeeds = [{ rule = "patrol", on = 2026-03-02, hours = 2 }]\n'
        'points = [4]\nlimited = [""]\n')

    report = check(text)

    assert () == report.differences


def test_every_refusal_code_can_be_expected() -> None:
    """`refused` takes every code of the engine, and nothing else."""
    rows = ", ".join(f'{{ do = "pass", on = 2026-03-07, refused = "{code}" }}' for code in Code)
    text = SMALL + f'[[case]]\ntitle = "x"\nsteps = [{rows}]\n'

    report = check(text)

    assert () == report.problems
    assert len(Code) == len(report.differences)


def test_compare_says_what_changes_for_whom() -> None:
    """A new rulebook is compared with the old one in its settings and in what cases get."""
    old = SMALL + ('[[case]]\ntitle = "两小时"\n'
                   'deeds = [{ rule = "patrol", on = 2026-03-07, hours = 2 }]\npoints = [4]\n')
    new = old.replace("value = 2", "value = 3").replace("[4]", "[6]")

    found = compare(new, old)

    assert ["rule.patrol.points.value"] == [change.setting for change in found.changes]
    assert [("两小时", 1, "4 积分", "6 积分")] == [
        (case.case, case.number, case.before, case.after) for case in found.cases]
    assert 2 == len(list(found.lines("zh")))


def test_compare_plays_cases_of_rules_that_only_one_has() -> None:
    """A rule that was dropped shows as a row that can no longer be played."""
    extra = '[[rule]]\ncode = "sweep"\ntitle = "扫街"\npoints = 1\n'
    case = '[[case]]\ntitle = "扫街"\ndeeds = [{ rule = "sweep", on = 2026-03-07 }]\npoints = [1]\n'

    found = compare(SMALL, SMALL + extra + case)

    assert [("扫街", "1 积分")] == [(each.case, each.before) for each in found.cases]
    assert ["removed"] == [change.code for change in found.changes]


def test_equal_rulebooks_differ_in_nothing() -> None:
    """Comparing a rulebook with itself says so in one sentence."""
    text = SMALL + ('[[case]]\ntitle = "两小时"\n'
                    'deeds = [{ rule = "patrol", on = 2026-03-07, hours = 2 }]\npoints = [4]\n')

    found = compare(text, text)

    assert ["nothing changes"] == list(found.lines("en"))


def test_the_report_can_be_read_by_programs() -> None:
    """The report as plain values holds every run with its differences."""
    text = SMALL + ('[[case]]\ntitle = "两小时"\n'
                    'deeds = [{ rule = "patrol", on = 2026-03-07, hours = 2 }]\npoints = [5]\n')

    out = check(text).to_json("en")

    assert out["is_right"] is False
    assert out["cases"][0]["differences"][0]["facts"] == {
        "number": 1, "expected": "5", "actual": "4"}
