"""Reading a rulebook file: every problem at once, each located, in two languages."""

from __future__ import annotations

import ast
import inspect
import re
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.core import points
from lovepoints.core.rulebook import Confirm, First
from lovepoints.core.rulefiles import checks as rulechecks
from lovepoints.core.rulefiles.problems import Problem, visible
from lovepoints.core.rulefiles.rulefile import FILE_MAX, RuleFile, parse
from lovepoints.core.rulefiles.writing import dump
from lovepoints.core.terms import Ceiling, Days, Grant, Often, Range
from lovepoints.core.values import Span
from lovepoints.errors import RulebookError
from lovepoints.words import LANGUAGES, lint, rulefile

MISTAKES = Path(__file__).parents[1] / "data" / "mistakes.toml"
HEAD = """\
title = "Rules"
effective = 2026-01-01
"""
RULE = '[[rule]]\ncode = "a"\ntitle = "A"\npoints = 5\n'
SKETCH = """\
format    = 1
title     = "幸福社区积分管理办法（试行）"
effective = 2026-01-01
holder    = "household"              # whose passbook; "resident" is the other choice
counts_on = "deed_day"

[[rule]]
code   = "hazard"
title  = "上报风险隐患"
clause = "第五条（一）"
points = { minor = 2, general = 5, major = 20 }
grades = { minor = "轻微", general = "一般", major = "重大" }
confidential = true
confirm = { by = ["grid-officer", "committee"], people = 1 }
first_reporter_only = { same = ["place"], within = "30 days", later = 1 }

[[rule]]
code   = "volunteer"
title  = "志愿服务"
clause = "第六条"
points = { per = "hour", value = 2, round = "half-hour-down" }

[[cap]]
title  = "志愿服务每月封顶"
rules  = ["volunteer"]
per    = "resident"
each   = "month"
points = 20
crossing = "part"

[expiry]
after = "24 months"

[[case]]
title = "两次服务，月封顶"
deeds = [ { rule = "volunteer", on = 2026-03-07, hours = "8" } ]
points = [16]
"""


def problems_of(text: str, **settings: Any) -> list[tuple[int, str]]:
    """The line and code of every problem of a text; none if it can be read."""
    try:
        parse(text, settings=settings)
    except RulebookError as error:
        return [(problem.line, problem.code) for problem in error.problems]
    return []


def only_problem(text: str, **settings: Any) -> Problem:
    """The single problem of a text."""
    with pytest.raises(RulebookError) as caught:
        parse(text, settings=settings)
    assert 1 == len(caught.value.problems), str(caught.value)
    problem: Problem = caught.value.problems[0]
    return problem


def rule(points_said: str, more: str = "") -> RuleFile:
    """A file with one rule that has these points."""
    return parse(f'{HEAD}[[rule]]\ncode = "a"\ntitle = "A"\npoints = {points_said}\n{more}')


# --- what can be said

def test_the_sketch_of_the_plan_reads_as_it_was_meant() -> None:
    """Every short form of the design's sketch becomes the attribute that it stands for."""
    book = parse(SKETCH).rulebook

    hazard, volunteer = book.rules
    (limit,) = book.limits
    assert points.Graded(values={"minor": Decimal(2), "general": Decimal(5),
                                 "major": Decimal(20)}) == hazard.points
    assert First(same=("place",), within=Span(30, "day"), later=Decimal(1)) == hazard.first
    assert Confirm(by=("grid-officer", "committee"), people=1) == hazard.confirm
    assert points.PerUnit(per="hour", value=Decimal(2), step=Decimal("0.5")) == volunteer.points
    assert ("cap-1", "points", Decimal(20)) == (limit.code, limit.of, limit.most)
    assert Span(24, "month") == book.validity.after


def test_cases_are_kept_unread_with_their_lines() -> None:
    """A case is left to the room that plays it: plain values, and the line where it begins."""
    (case,) = parse(SKETCH).cases

    assert ("两次服务，月封顶", ("case", 0), 34) == (case.table["title"], case.path, case.line)
    assert date(2026, 3, 7) == case.table["deeds"][0]["on"]


@pytest.mark.parametrize(("said", "meant"), [
    ("5", points.Fixed(value=Decimal(5))),
    ('"5"', points.Fixed(value=Decimal(5))),
    ("{ value = 5 }", points.Fixed(value=Decimal(5))),
    ("{ x = 1, y = 0 }", points.Graded(values={"x": Decimal(1), "y": Decimal(0)})),
    ("{ values = { per = 1 } }", points.Graded(values={"per": Decimal(1)})),
    ("{ from = 4, to = 12 }", points.Ranged(from_=Decimal(4), to=Decimal(12))),
    ('{ per = "kg", value = 0.25 }', points.PerUnit(per="kg", value=Decimal("0.25"))),
    ('{ per = "hour", value = 1, round = "hour-up" }',
     points.PerUnit(per="hour", value=Decimal(1), step=Decimal(1), round="up")),
    ('{ of = "yuan", bands = [{ to = 100, value = 1, per = 10 }, { value = 2 }] }',
     points.Bands(of="yuan", bands=(
         points.Band(to=Decimal(100), value=Decimal(1), per=Decimal(10)),
         points.Band(value=Decimal(2))))),
    ('{ of = "hour", tiers = [{ at = 6, value = 3 }] }',
     points.Tiers(of="hour", tiers=(points.Tier(at=Decimal(6), value=Decimal(3)),))),
    ('{ at_least = { minute = "25" }, value = 3, further = [{ of = "metre", each = 300, value = 1 }'
     '] }', points.Thresholds(
         at_least={"minute": Decimal(25)}, value=Decimal(3),
         further=(points.Further(of="metre", each=Decimal(300), value=Decimal(1)),))),
], ids=str)
def test_every_form_of_points_can_be_said(said: str, meant: points.Points) -> None:
    """Each form of points is recognised by its keys."""
    book = rule(said).rulebook

    assert meant == book.rules[0].points


def test_grades_named_like_a_form_are_grades_when_listed() -> None:
    """A rule that lists "from" and "to" as grades means grades."""
    book = rule("{ from = 1, to = 2 }", 'grades = { from = "甲", to = "乙" }').rulebook

    assert points.Graded(values={"from": Decimal(1), "to": Decimal(2)}) == book.rules[0].points
    assert book == parse(dump(book)).rulebook


@pytest.mark.parametrize(("said", "shown"), [("20.0", "20"), ('"1.50"', "1.5"), ("2e2", "200"),
                                             ("-0", "0"), ("1_000", "1000")])
def test_equal_numbers_look_equal(said: str, shown: str) -> None:
    """A number is kept without trailing zeros, exponent or a negative zero."""
    text = f'{HEAD}{RULE}[[kind]]\ndecimals = 1\n[[limit]]\nper = "resident"\npoints = {said}\n'
    (one,) = parse(text).rulebook.limits

    assert shown == str(one.most)


def test_another_number_of_times_still_counts_times() -> None:
    """Overriding `most` of a limit said as `times = 1` does not turn it into a limit of points."""
    text = f'{HEAD}{RULE}[[cap]]\nper = "resident"\ntimes = 1\n'

    (one,) = parse(text, settings={"limit.cap-1.most": 2}).rulebook.limits

    assert ("times", Decimal(2)) == (one.of, one.most)


def test_grades_left_out_are_those_of_the_points() -> None:
    """Listing the grades gives them titles; the same grades unlisted are the same rulebook."""
    listed = rule("{ x = 1, y = 0 }", 'grades = { x = "x", y = "y" }').rulebook
    derived = rule("{ x = 1, y = 0 }").rulebook

    assert {"x": "x", "y": "y"} == dict(derived.rules[0].grades)
    assert listed.digest == derived.digest


def test_terms_have_short_forms() -> None:
    """Spans, times, days, weekdays, single values and single numbers are written as people do."""
    book = parse(HEAD + '''
week_start = "sunday"
year_start = "09-01"
[[kind]]
base = 100
ceiling = 400
[[clearing]]
on = "01-10"
at = "02:00"
[redemption]
often = [{ times = 1, each = "quarter" }]
[redemption.days]
between = [["01-10", "01-20"]]
hours = "09:00-11:30"
[[attribute]]
code = "age"
of = "resident"
type = "whole"
[[rule]]
code = "a"
title = "A"
needs = "place"
requires = { age = { from = 60 } }
points = 1
''').rulebook

    kind, clearing, days = book.kinds[0], book.clearings[0], book.redemption.days
    assert (6, (9, 1)) == (book.week_start, book.year_start)
    assert (Grant(points=Decimal(100)), Ceiling(points=Decimal(400))) == (kind.base, kind.ceiling)
    assert ((1, 10), time(2)) == (clearing.on, clearing.at)
    assert (Often(most=Decimal(1)),) == book.redemption.often
    assert Days(between=(((1, 10), (1, 20)),), hours=(time(9), time(11, 30))) == days
    assert ("place",) == book.rules[0].needs
    assert {"age": Range(from_=Decimal(60))} == book.rules[0].requires


def test_conditions_are_read_as_their_attribute_is_declared() -> None:
    """A day in quotes is a day for an attribute of days, and a text for one of texts."""
    text = HEAD + '''
attribute = [{ code = "since", type = "day" }, { code = "street" }]
[[rule]]
code = "a"
title = "A"
points = 1
requires = { since = "2020-01-01", street = "2020-01-01" }
'''
    requires = parse(text).rulebook.rules[0].requires

    assert {"since": (date(2020, 1, 1),), "street": ("2020-01-01",)} == requires


def test_a_left_out_kind_is_the_first_if_none_is_called_point() -> None:
    """A clearing without a kind speaks of the rulebook's first kind."""
    book = parse(HEAD + RULE + '[[kind]]\ncode = "spend"\n[[clearing]]\n[[star]]\ncode = "s"\n'
                 'title = "S"\nat = 5\n').rulebook

    assert ("spend", "spend") == (book.clearings[0].kind, book.stars[0].kind)


def test_windows_line_ends_and_byte_order_mark_change_nothing() -> None:
    """A file saved by a Windows editor is the same rulebook, with the same lines."""
    windows = "\ufeff" + SKETCH.replace("\n", "\r\n")

    assert parse(SKETCH).rulebook.digest == parse(windows).rulebook.digest
    assert parse(SKETCH).cases[0].line == parse(windows).cases[0].line


# --- what goes wrong

def test_twenty_mistakes_give_twenty_located_problems_in_one_run() -> None:
    """Every mistake of meaning in a file is reported where it stands, in a single reading."""
    text = MISTAKES.read_text(encoding="utf-8")
    marked = [(number, line.split("# <- ")[1]) for number, line in enumerate(text.splitlines(), 1)
              if "# <- " in line]

    found = problems_of(text)

    assert 20 == len(marked) == len({code for _, code in marked})
    assert marked == found


def test_a_problem_shows_place_excerpt_caret_and_remedy() -> None:
    """A problem names the file and line, points at the column and says what to do."""
    problem = only_problem(HEAD + RULE.replace("points = 5", "points = -5"))

    assert problem.text("en").splitlines() == [
        "rules.toml:6: error: -5 is negative",
        "    points = -5",
        "             ^",
        "  Write it positive; a rule takes points by deduction.",
    ]
    assert "-5 是负数" in problem.text("zh")


def test_the_caret_stands_below_the_place_after_wide_characters() -> None:
    """Chinese characters take two columns; the caret counts them so."""
    problem = only_problem(f'{HEAD}rule = [{{ title = "志愿服务", code = "a b", points = 1 }}]')

    _, excerpt, caret, _ = problem.text("en").splitlines()

    assert "bad_code" == problem.code
    assert caret.index("^") == excerpt.index('"a b"') + 4


def test_a_long_line_is_cut_around_the_caret() -> None:
    """A line of ten thousand characters does not flood the screen."""
    problem = only_problem(HEAD + "x" * 5000 + " = 1 #" + "y" * 5000 + "\n" + RULE)

    assert all(len(line) < 200 for line in problem.text("en").splitlines())


@pytest.mark.parametrize(("text", "line", "code"), [
    ("title = \n", 1, "syntax"),
    ('title = "a"\ntitle = "b"\n', 2, "duplicate_key"),
    ("[a]\n[a]\n", 2, "duplicate_key"),
    ('title = "a', 1, "syntax"),
    ("x = " + "[" * 3000, 0, "too_deep"),
    ("x = " + "[" * 300 + "]" * 300, 1, "too_deep"),
    ("x = " + "[" * 450 + "]" * 450, (0, 1), "too_deep"),
    ("#" * (FILE_MAX + 1), 0, "file_too_large"),
    ("n = " + "9" * 5000, 1, "syntax"),
    ('format = 2\nnew_key = "x"\n', 1, "newer_format"),
], ids=lambda value: str(value)[:20])
def test_what_cannot_be_read_as_toml_is_reported_alone(text: str, line: Any, code: str) -> None:
    """A mistake of syntax, a huge file or a newer format is one problem where it stands."""
    ((found, only),) = problems_of(text)

    assert code == only
    assert found in (line if isinstance(line, tuple) else (line,))


def test_only_text_is_read() -> None:
    """Bytes are a wrong call, not a rulebook with problems."""
    with pytest.raises(TypeError, match="bytes"):
        parse(b"title = 1")  # type: ignore[arg-type]


@pytest.mark.parametrize(("said", "code"), [
    ('effective = 2026-01-01T00:00:00', "wrong_type"),
    ('effective = "1.1.2026"', "bad_day"),
    ('effective = "2026-02-29"', "no_such_day"),
    ('effective = 2026-02-29', "no_such_day"),
    ('effective = 0099-01-01', "out_of_bounds"),
])
def test_days_are_checked(said: str, code: str) -> None:
    """A day is a real day of our time, with or without quotes."""
    assert [(1, code)] == problems_of(f'{said}\ntitle = "x"\n{RULE}')


@pytest.mark.parametrize(("said", "code"), [
    ('notice_days = 1.5', "not_whole"), ('notice_days = -1', "negative"),
    ('notice_days = 999', "out_of_bounds"), ('notice_days = true', "wrong_type"),
    ('notice_days = "１"', "bad_number"), ('notice_days = "1e2"', "bad_number"),
    ('notice_days = nan', "not_finite"), ('point_value = 1e999999', "out_of_bounds"),
    ('late = 30', "wrong_type"), ('late = "30"', "bad_span"), ('late = "thirty days"', "bad_span"),
    ('late = "30 hours"', "wrong_span_unit"), ('late = "30 天"', "wrong_span_unit"),
    ('late = "9999 years"', "span_too_long"),
    ('settle_debt = "yes"', "wrong_type"), ('week_start = 1', "wrong_type"),
    ('week_start = "mondy"', "bad_choice"), ('year_start = "02-29"', "no_such_day"),
    ('year_start = "2-9"', "bad_month_day"), ('year_start = 2026-01-01', "wrong_type"),
    ('holder = "Household"', "bad_choice"), ('holder = 1', "wrong_type"),
    ('code = "办法"', "bad_code"), ('code = "-x"', "bad_code"), ('code = "a.b"', "bad_code"),
    ('code = "' + "a" * 65 + '"', "text_too_long"), ('code = "a\\u200b"', "hostile_text"),
    ('confirm = { by = ["shop\\u202ekeeper"] }', "hostile_text"),
    ('redemption = 5', "wrong_type"), ('kind = []', "empty_list"),
    ('kind = [1]', "wrong_type"), ('redemption = { kinds = {} }', "wrong_type"),
    ('redemption = { days = { hours = ["12:00", "09:00"] } }', "bounds_inverted"),
    ('redemption = { days = { hours = ["12:00"] } }', "wrong_type"),
    ('redemption = { days = { hours = ["12:00", "25:00"] } }', "bad_time"),
    ('redemption = { days = { hours = ["12:00", 9] } }', "wrong_type"),
    ('redemption = { days = { month_days = [0] } }', "no_month_day"),
    ('redemption = { days = { month_days = [1], switched = true } }', "two_forms"),
    ('redemption = { pairing = { unlocks = "point", by = "point", ratio = 3 } }',
     "pairing_with_itself"),
    ('redemption = { often = [{ points = 5, times = 1 }] }', "two_forms"),
    ('transfer = { to = "pool", minimum = 5, most = 1 }', "bounds_inverted"),
    ('transfer = { kinds = ["nope"] }', "unknown_kind"),
    ('confirm = { people = 3 }', "bounds_inverted"),
    ('attribute = [{ code = "x", type = "choice" }]', "attribute_values"),
    ('attribute = [{ code = "x", values = ["a"] }]', "attribute_values"),
    ('kind = [{ ceiling = { points = 5, overflow = "point" } }]', "overflow_to_itself"),
    ('kind = [{ ceiling = { points = 5, overflow = "lots" } }]', "unknown_overflow"),
    ('kind = [{ base = 0.5 }]', "fraction"), ('kind = [{ decimals = 3 }]', "out_of_bounds"),
    ('kind = [{ spendable_above = 0.0000001 }]', "too_fine"),
    ('kind = [{}, {}]', None), ('kind = [{ code = "x" }, { code = "x" }]', "duplicate_code"),
    ('clearing = [{ carry_share = 101 }]', "out_of_bounds"),
    ('star = [{ code = "s", title = "" , at = 5 }]', "empty_text"),
    ('star = [{ code = "s", title = "S" }]', "missing_key"),
    ('rank = [{ code = "s", title = "S" }]', "missing_key"),
    ('sanction = [{ code = "s", title = "S", below = 70, restored_at = 60 }]', "bounds_inverted"),
    ('sanction = [{ code = "s", title = "S", lasts = "1 year", lasts_periods = 1 }]', "two_forms"),
    ('limit = [{ per = "resident", most = 1, each = "day", within = "3 days" }]', "two_forms"),
    ('limit = [{ per = "resident", times = 1.5 }]', "not_whole"),
    ('limit = [{ per = "resident", points = 1.5 }]', "fraction"),
    ('limit = [{ points = 1 }]', "missing_key"),
    ('limit = [{ per = "deed", most = 1, same = ["plce"] }]', "unknown_same"),
    # Deeds are compared by keyed digests; an attribute has none, and never would be the same.
    ('attribute = [{ code = "lamp" }]\nlimit = [{ per = "deed", most = 1, same = "lamp" }]',
     "unknown_same"),
    ('limit = [{ per = "deed", most = 1, groups = ["nope"] }]', "unknown_group"),
    ('validity = { after = "1 year" }\nexpiry = { after = "1 year" }', "two_forms"),
    ('case = 5', "wrong_type"), ('title = "' + "长" * 501 + '"', "text_too_long"),
], ids=lambda value: str(value)[:40])
def test_each_value_is_checked(said: str, code: str | None) -> None:
    """A value of a wrong kind, outside its bounds or against another has a problem of its own."""
    title = "" if said.startswith("title") else 'title = "x"\n'
    text = f"{title}effective = 2026-01-01\n{said}\n{RULE}"
    expected = [] if code is None else [code]
    if said == "kind = [{}, {}]":
        expected = ["duplicate_code"]

    assert expected == sorted({found for _, found in problems_of(text)})


@pytest.mark.parametrize(("said", "code"), [
    ('points = {}', "empty_list"), ('points = "five"', "bad_number"),
    ('points = [5]', "wrong_type"), ('points = { pr = "hour", value = 2 }', "unknown_key"),
    ('points = { of = "yuan", bands = [] }', "empty_list"),
    ('points = { of = "yuan", tiers = [] }', "empty_list"),
    ('points = { from = "a", to = 2 }', "bad_number"),
    ('points = { per = "hour", value = 2, step = 0 }', "out_of_bounds"),
    ('points = { per = "hour", value = 2, round = "sideways" }', "bad_choice"),
    ('points = { x = 1 }\ngrades = { y = "Y" }', "unknown_grade"),
    ('points = { x = 1 }\ngrades = { x = "X", y = "Y" }', "grade_missing"),
    ('points = { x = 0.5 }', "fraction"),
    ('points = 1\nstages = [{ code = "s", points = 1 }]', "two_forms"),
    ('', "nothing_paid"), ('stages = [{ code = "s" }]', "missing_key"),
    ('stages = [{ code = "s", points = 1 }, { code = "s", points = 1 }]', "duplicate_code"),
    ('deduction = { notice_days = 0, appeal = "x" }\nstages = [{ code = "s", points = 1 }]',
     "deduction_in_stages"),
    ('points = 1\ndeduction = { appeal = "x" }', "deduction_unstated"),
    ('points = 1\ndeduction = { notice_days = 0, appeal = "" }', "empty_text"),
    ('points = 1\ndeduction = { notice_days = 0, appeal = "x", sanction = "y" }',
     "unknown_sanction"),
    ('points = 1\nleast = 5\nmost = 4', "bounds_inverted"),
    ('points = 1\nneeds = ["photo"]', "unknown_fact"),
    ('points = 1\nreport_by = ["comittee"]', "unknown_role"),
    ('points = 1\nalso = { honour = 1 }', "unknown_kind"),
    ('points = 1\nfirst = { later = 0.5 }', "fraction"),
    ('points = 1\nstreak = { length = 5, points = 0.5 }', "fraction"),
    ('points = 1\nstreak = { length = 1, points = 1 }', "out_of_bounds"),
    ('points = 1\nweights = [0]', "out_of_bounds"),
    ('points = 1\nvariants = [{ points = 2, since = 2026-05-01, until = 2026-04-01 }]',
     "bounds_inverted"),
    ('points = 1\nvariants = [{ points = 2, where = { nope = 1 } }]', "unknown_attribute"),
    ('points = 1\nvariants = [{ points = 2, where = { nope = { from = 9, to = 1 } } }]',
     "bounds_inverted,unknown_attribute"),
    ('points = 1\nvariants = [{ points = 2, where = { nope = { from = 9, to = 2026-01-01 } } }]',
     "bounds_differ,unknown_attribute"),
    ('points = 1\nvariants = [{ points = 2, where = { nope = { from = true } } }]',
     "unknown_attribute,wrong_type"),
    ('points = 1\nfirst = {}\nfirst_reporter_only = {}', None),
    ('points = 1\nfirst = { later = 1 }\nfirst_reporter_only = { later = 1 }', "two_forms"),
], ids=lambda value: str(value)[:40])
def test_each_rule_is_checked(said: str, code: str | None) -> None:
    """What makes no sense in a rule has a problem of its own."""
    text = f'{HEAD}[[rule]]\ncode = "a"\ntitle = "A"\n{said}\n'

    assert code.split(",") if code else [] == sorted({found for _, found in problems_of(text)})


def test_a_choice_outside_the_declared_values_is_found() -> None:
    """A condition on a choice can only name declared values, and says which are."""
    problem = only_problem(HEAD + 'attribute = [{ code = "c", type = "choice", values = ["A"] }]\n'
                           + RULE + 'requires = { c = ["a"] }')

    assert ("bad_choice", ["A"], "A") == (
        problem.code, problem.facts["choices"], problem.facts["nearest"])


def test_a_misspelt_key_is_not_also_reported_as_missing() -> None:
    """One slip of the pen is one problem."""
    problem = only_problem(HEAD + RULE.replace("title", "titel"))

    assert ("unknown_key", "title") == (problem.code, problem.facts["nearest"])


@pytest.mark.parametrize(("text", "codes"), [
    (RULE.replace("points", "pionts"), ["unknown_key"]),
    (RULE.replace('"a"', '"甲"') + '[[limit]]\nper = "deed"\nmost = 1\nrules = ["甲"]\n',
     ["bad_code"]),
    (RULE + 'stages = [{ code = "s", points = 1 }]\nneeds = ["nope"]\n',
     ["two_forms", "unknown_fact"]),
    (RULE.replace("points = 5", 'late = "soon"'), ["nothing_paid", "bad_span"]),
    (RULE.replace("5", '{ per = "hours", value = 1, round = "half-hour-down" }'), ["wrong_unit"]),
    (RULE.replace("5", "{ x = -1 }") + 'grades = { x = "X" }\n', ["negative"]),
])
def test_one_mistake_is_one_problem_and_hides_no_other(text: str, codes: list[str]) -> None:
    """What follows from a mistake is not reported; what has nothing to do with it is."""
    assert codes == [code for _, code in problems_of(HEAD + text)]


@pytest.mark.parametrize("unit", ["bottle", "meal", "lesson", "flower", "mile", "paper", "课时"])
def test_a_unit_of_ones_own_is_taken_as_it_is(unit: str) -> None:
    """Only slips of the pen in common units are mistakes; a community may count anything."""
    assert [] == problems_of(HEAD + RULE.replace("5", f'{{ per = "{unit}", value = 1 }}'))


def test_a_role_of_ones_own_is_taken_as_it_is() -> None:
    """A community may have roles that no program knows."""
    assert [] == problems_of(f'confirm = {{ by = ["village-doctor", "panel"] }}\n{HEAD}{RULE}')


def test_limits_under_both_names_stand_in_the_order_of_the_file() -> None:
    """`[[cap]]` and `[[limit]]` are one array; codes left out count on through both."""
    one = 'per = "resident"\npoints = 9\n'
    text = f'{HEAD}{RULE}[[cap]]\n{one}[[limit]]\ncode = "x"\n{one}[[cap]]\n{one}'

    assert ["cap-1", "x", "cap-3"] == [each.code for each in parse(text).rulebook.limits]


def test_invisible_characters_are_found_anywhere_even_in_comments() -> None:
    """A character that turns the reading direction misleads whoever reads the file."""
    problem = only_problem(HEAD + RULE + "# harmless \u202e elbisivni\n")

    assert ("hostile_text", 7, "U+202E") == (problem.code, problem.line, problem.facts["character"])
    assert "\u202e" not in problem.text("zh")


@pytest.mark.parametrize("letter", ["\x1b", "\u200b", "\u2066", "\ufeff", "\u2028", "\ue000",
                                    "\u3164"])
def test_no_message_repeats_an_invisible_character(letter: str) -> None:
    """A hostile character is shown by its number, so that it cannot act on a terminal."""
    escaped = f"\\u{ord(letter):04x}"
    with pytest.raises(RulebookError) as caught:
        parse(f'{HEAD}"k{escaped}" = 1\nholder = "x{escaped}"\n{RULE}')

    for lang in LANGUAGES:
        shown = "\n".join(problem.text(lang) for problem in caught.value.problems)
        assert shown == "\n".join(visible(line) for line in shown.split("\n"))


def test_a_day_with_an_impossible_time_ends_the_reading() -> None:
    """A day is set right once; if the text is still wrong there, it is a mistake of syntax."""
    text = f"effective = 2026-02-30T99:00:00\n{RULE}"

    assert [(1, "no_such_day"), (1, "syntax")] == problems_of(text)


# --- overrides

@pytest.mark.parametrize(("path", "value", "read"), [
    ("holder", "resident", lambda book: book.holder == "resident"),
    ("limit.cap-1.crossing", "none", lambda book: book.limits[0].crossing == "none"),
    ("cap.cap-1.points", "30", lambda book: book.limits[0].most == 30),
    ("limits.cap-1.times", 3, lambda book: book.limits[0].of == "times"),
    ("rule.volunteer.points.step", "1", lambda book: book.rules[1].points.step == 1),
    ("rule.hazard.points.minor", 3, lambda book: book.rules[0].points.values["minor"] == 3),
    ("rule.hazard.points", 3, None),
    ("rule.hazard.grades", "default", lambda book: book.rules[0].grades["minor"] == "minor"),
    ("rule.hazard.first.later", 2, lambda book: book.rules[0].first.later == 2),
    ("rule.hazard.first", "default", lambda book: book.rules[0].first is None),
    ("validity.at_end_of", "month", lambda book: (book.validity.at_end_of, book.validity.after)
     == ("month", None)),
    ("expiry", "default", lambda book: book.validity.after is None),
    ("kind.point.decimals", 2, lambda book: book.kinds[0].decimals == 2),
    ("kind.point.base.points", 7, lambda book: book.kinds[0].base.points == 7),
    ("redemption.days.switched", True, lambda book: book.redemption.days.switched),
    ("limit.cap-1", "default", lambda book: book.limits == ()),
])
def test_a_setting_overrides_the_file(path: str, value: Any, read: Any) -> None:
    """A path names a key; tables in arrays go by their code, under the same checks as the file."""
    found = problems_of(SKETCH, **{path: value})

    if read is None:
        assert [] == found
    else:
        assert read(parse(SKETCH, settings={path: value}).rulebook)


@pytest.mark.parametrize(("path", "code", "near"), [
    ("holdr", "setting_unknown", "holder"), ("rule.hazrd.points", "setting_unknown", "hazard"),
    ("limit.cap-1.crossin", "setting_unknown", "crossing"), ("holder.x", "setting_unknown", ""),
    ("rule.volunteer.points.minor", "setting_unknown", ""),
    ("limit.cap-1.each", "bad_choice", "month"),
])
def test_an_override_that_leads_nowhere_is_a_problem(path: str, code: str, near: str) -> None:
    """A misspelt path is never passed over, and its problem shows the override itself."""
    problem = only_problem(SKETCH, **{path: "mnth"})

    assert (code, near, 0) == (problem.code, problem.facts.get("nearest"), problem.line)
    assert path in problem.excerpt


# --- words

def test_every_code_has_words_in_both_languages() -> None:
    """Problems, findings and remedies are said in Chinese and English with the same facts."""
    for table in (rulefile.PROBLEMS, rulefile.REMEDIES, rulefile.TERMS, lint.FINDINGS,
                  lint.FINDING_REMEDIES):
        for code, (zh, en) in table.items():
            assert zh and en and zh != en, code
            assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en)), code
    assert rulefile.PROBLEMS.keys() == rulefile.REMEDIES.keys()
    assert lint.FINDINGS.keys() == lint.FINDING_REMEDIES.keys()


def test_every_code_that_a_check_uses_has_words() -> None:
    """No check can report a code that nobody wrote a sentence for."""
    tree = ast.parse(inspect.getsource(rulechecks))
    codes = {part.elts[1].value for part in ast.walk(tree)
             if isinstance(part, ast.Tuple) and len(part.elts) == 3
             and isinstance(part.elts[1], ast.Constant) and isinstance(part.elts[1].value, str)
             and isinstance(part.elts[2], ast.Dict | ast.Call)}

    assert 10 < len(codes)
    assert set() == codes - rulefile.PROBLEMS.keys()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SKETCH) - 1), st.integers(0, 12), st.text(max_size=6))
def test_no_slip_of_the_pen_brings_the_reader_down(at: int, cut: int, put: str) -> None:
    """Whatever is deleted from or typed into a file, it is read or its problems are told."""
    text = SKETCH[:at] + put + SKETCH[at + cut:]

    try:
        file = parse(text)
    except RulebookError as error:
        assert all(problem.text("zh") and problem.text("en") for problem in error.problems)
    else:
        assert file.rulebook.digest


@pytest.mark.parametrize(("where", "codes"), [
    ("", ["rank_unasked"]), ("where = { street = 'a' }", ["rank_unasked"]),
    ("where = { agrees = false }", ["rank_unasked"]), ("where = { agrees = true }", []),
])
def test_a_rank_of_confidential_deeds_asks_whom_it_lists(where: str, codes: list[str]) -> None:
    """A rank that names a confidential kind lists only those who said yes to it."""
    text = f'''title = "x"
effective = 2026-01-01
attribute = [{{ code = "agrees", of = "household", type = "yes-no" }},
    {{ code = "street", of = "household" }}]
[[rule]]
code = "tip"
title = "举报"
label = "社区贡献"
confidential = true
points = 1
[[rank]]
code = "guardian"
title = "卫士"
top = 3
rules = ["tip"]
{where}
'''

    assert codes == [code for _, code in problems_of(text)]
