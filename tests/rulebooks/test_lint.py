"""The linter: every finding provoked once, none where nothing is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from lovepoints.core.rulefiles.fields import all_models, fields_of
from lovepoints.core.rulefiles.lint import SEVERITIES, lint
from lovepoints.core.rulefiles.problems import Finding
from lovepoints.core.rulefiles.rulefile import parse
from lovepoints.core.rulefiles.settings import QUESTIONS, left_to_default
from lovepoints.core.rulefiles.writing import dump
from lovepoints.words.lint import FINDINGS, MEANINGS
from lovepoints.words.lint import QUESTIONS as QUESTION_WORDS

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "examples" / "rulebooks").glob("*.toml"),
                *(ROOT / "tests" / "rulebooks").glob("*.toml")])
HEAD = 'title = "Rules"\neffective = 2026-01-01\nnotice_days = 0\n'
RULE = '[[rule]]\ncode = "a"\ntitle = "A"\npoints = 5\n'
TAKES = ('[[rule]]\ncode = "d"\ntitle = "D"\npoints = 5\n'
         'deduction = { notice_days = 0, appeal = "x" }\n')


def found(text: str) -> list[Finding]:
    """What the linter finds, but for settings left to their defaults."""
    return [each for each in lint(parse(text)) if each.code != "left_to_default"]


def rule(said: str, head: str = "", tail: str = "") -> str:
    """A file with one rule that says this."""
    return f'{HEAD}{head}\n[[rule]]\ncode = "a"\ntitle = "A"\n{said}\n{tail}'


def limit(said: str, points: str = "5", tail: str = "") -> str:
    """A file with a rule and one limit on it."""
    return rule(f"points = {points}", tail=f'[[limit]]\nrules = ["a"]\n{said}\n{tail}')


COHORT = 'attribute = [{ code = "c", type = "choice", values = ["A", "B"] }]'
AGE = 'attribute = [{ code = "age", of = "resident", type = "whole" }]'
PLEDGE = 'attribute = [{ code = "p", type = "yes-no" }]'
HONOUR = '[[kind]]\ncode = "point"\n[[kind]]\ncode = "h"\n'
CASES = [
    ("notice_unstated", rule("points = 5").replace("notice_days = 0\n", "")),
    ("attribute_unused", rule("points = 5", COHORT)),
    ("everybody_counts", rule('points = 5\nneeds = ["event"]')),
    ("bands_not_rising", rule('points = { of = "yuan", bands = [{ to = 100, value = 1 }, '
                              "{ to = 50, value = 2 }, { value = 3 }] }")),
    ("bands_not_rising", rule('points = { of = "yuan", bands = [{ value = 1 }, { value = 3 }] }')),
    ("bands_end", rule('points = { of = "yuan", bands = [{ to = 100, value = 1 }] }')),
    ("tiers_not_rising", rule('points = { of = "hour", tiers = [{ at = 6, value = 3 }, '
                              "{ at = 6, value = 8 }] }")),
    ("tier_worth_less", rule('points = { of = "hour", tiers = [{ at = 6, value = 8 }, '
                             "{ at = 15, value = 3 }] }")),
    ("sizes_not_rising", rule("points = 5", 'validity = { by_size = [{ to = 15, after = "6 months" '
                              '}, { to = 15, after = "1 year" }] }')),
    ("sizes_not_rising", rule("points = 5", 'validity = { by_size = [{ after = "6 months" '
                              '}, { to = 15, after = "1 year" }] }')),
    ("sizes_end", rule("points = 5",
                       'validity = { by_size = [{ to = 15, after = "6 months" }] }')),
    ("variants_overlap", rule('variants = [{ points = 8, until = 2026-03-31 }, '
                              "{ points = 3, since = 2026-03-31 }]")),
    ("variants_overlap", rule('variants = [{ points = 8, where = { c = ["A", "B"] } }, '
                              '{ points = 3, where = { c = "B" } }]', COHORT)),
    ("variants_overlap", rule("points = 1\nvariants = [{ points = 8, where = { age = { to = 60 } } "
                              "}, { points = 3, where = { age = { from = 60 } } }]", AGE)),
    ("variants_overlap", rule("points = 1\nvariants = [{ points = 8, where = { age = { to = 60 } } "
                              "}, { points = 3, where = { age = 60 } }]", AGE)),
    ("variants_overlap", rule("points = 1\nvariants = [{ points = 8 }, { points = 8 }]")),
    ("variants_gap", rule('variants = [{ points = 8, until = 2026-03-31 }, '
                          "{ points = 3, since = 2026-04-02 }]")),
    ("values_gap", rule('variants = [{ points = 8, where = { c = "A" } }]', COHORT)),
    ("values_gap", rule("variants = [{ points = 8, where = { p = true } }]", PLEDGE)),
    ("values_gap", rule("variants = [{ points = 8, where = { age = { to = 60 } } "
                        "}, { points = 3, where = { age = { from = 65 } } }]", AGE)),
    ("variant_over", rule("points = 1\nvariants = [{ points = 8, until = 2025-12-31 }]")),
    ("parts_without_grades", rule("points = 5\nparts = 3")),
    ("grades_unused", rule('points = 5\ngrades = { x = "X" }')),
    ("deduction_with_reward", rule('points = 5\ndeduction = { notice_days = 0, appeal = "x" }\n'
                                   "streak = { length = 5, points = 2 }",
                                   tail=RULE.replace('"a"', '"b"'))),
    ("kind_never_credited", rule("points = 5", tail=HONOUR + "credited = false\n")),
    ("threshold_without_base", rule("points = 5", tail="[[kind]]\nspendable_above = 100\n")),
    ("overflow_stuck", rule("points = 5", tail='[[kind]]\nceiling = { points = 9, overflow = "h" }'
                            '\n[[kind]]\ncode = "h"\nspendable = false\n')),
    ("overflow_circle", rule("points = 5", tail='[[kind]]\nceiling = { points = 9, overflow = "h" }'
                             '\n[[kind]]\ncode = "h"\nceiling = { points = 9, overflow = "point" }'
                             "\n")),
    ("sanction_unused", rule("points = 5", tail='[[sanction]]\ncode = "s"\ntitle = "S"\n'
                             'clears = ["point"]\n')),
    ("sanction_does_nothing", rule("points = 5", tail='[[sanction]]\ncode = "s"\ntitle = "S"\n'
                                   "below = 70\n")),
    ("until_lifted", TAKES.join([HEAD, RULE]).replace('"x" }', '"x", sanction = "s" }')
     + '[[sanction]]\ncode = "s"\ntitle = "S"\nbars = ["redeem"]\n'),
    ("kind_unspendable", rule("points = 5", tail='[redemption]\nkinds = ["h"]\n' + HONOUR
                              + "spendable = false\n")),
    ("pairing_unspendable", rule("points = 5", tail='[redemption]\npairing = { unlocks = "point", '
                                 'by = "h", ratio = 3 }\n' + HONOUR + "spendable = false\n")),
    ("minimum_between_steps", rule("points = 5",
                                   "redemption = { minimum = 30, multiple_of = 50 }")),
    ("cleared_and_ended", rule("points = 5", 'validity = { at_end_of = "year" }\nclearing = [{}]')),
    ("stars_level", rule("points = 5", tail='[[star]]\ncode = "x"\ntitle = "X"\nat = 5\n'
                         '[[star]]\ncode = "y"\ntitle = "Y"\nat = 5.0\n')),
    ("star_never_grants", rule("points = 5", tail='[[star]]\ncode = "x"\ntitle = "X"\nat = 5\n'
                               'each = "ever"\ngrants = 3\n')),
    ("limit_without_rules", HEAD + TAKES + '[[limit]]\nper = "resident"\npoints = 5\n'),
    ("limit_zero", limit('per = "resident"\npoints = 0')),
    ("never_paid", limit('per = "resident"\npoints = 4\ncrossing = "none"')),
    ("sometimes_never_paid", limit('per = "resident"\npoints = 4\ncrossing = "none"',
                                   "{ from = 2, to = 6 }")),
    ("limit_never_reached", limit('per = "deed"\npoints = 6')),
    ("limit_never_reached", limit('per = "resident"\npoints = 11\neach = "month"',
                                  tail='[[limit]]\n'
                                  'rules = ["a"]\nper = "resident"\ntimes = 2\neach = "month"')),
    ("limit_on_deduction", HEAD + RULE + TAKES
     + '[[limit]]\nrules = ["d"]\nper = "resident"\npoints = 9\n'),
    ("limit_of_other_kind", rule('points = 5\nkinds = ["point"]', tail=HONOUR + '[[rule]]\n'
                                 'code = "b"\ntitle = "B"\npoints = 1\n[[limit]]\nrules = ["a"]\n'
                                 'per = "resident"\npoints = 9\nkind = "h"\n')),
    ("limit_twice", limit('per = "resident"\npoints = 9', tail='[[limit]]\nrules = ["a"]\n'
                          'per = "resident"\npoints = 8')),
    ("limit_units_differ", rule('points = { per = "hour", value = 1 }',
                                tail='[[rule]]\ncode = "b"\n'
                                'title = "B"\npoints = { per = "kg", value = 1 }\n[[limit]]\n'
                                'per = "resident"\nquantity = 9\n')),
    ("limit_without_quantity", limit('per = "resident"\nquantity = 9')),
    ("queue_without_period", limit('per = "resident"\npoints = 9\ncrossing = "queue"')),
]


@pytest.mark.parametrize(("code", "text"), CASES,
                         ids=[f"{i}-{code}" for i, (code, _) in enumerate(CASES)])
def test_each_finding_has_a_provoking_rulebook(code: str, text: str) -> None:
    """A doubtful rulebook gives exactly one finding, located, with its severity."""
    (finding,) = found(text)

    assert (code, SEVERITIES.get(code, "warning")) == (finding.code, finding.severity)
    assert 0 < finding.line
    assert finding.sentence("zh") != finding.sentence("en")
    assert "—" not in finding.text("zh") + finding.text("en")


def test_every_finding_is_provoked() -> None:
    """No finding stands in the words that no rulebook above leads to."""
    assert FINDINGS.keys() - {"left_to_default"} == {code for code, _ in CASES}


@pytest.mark.parametrize("text", [
    HEAD + RULE,
    rule('variants = [{ points = 8, until = 2026-03-31 }, { points = 3, since = 2026-04-01 }]'),
    rule('variants = [{ points = 8, where = { c = "A" } }, { points = 3, where = { c = "B" } }]',
         COHORT),
    rule("variants = [{ points = 8, where = { age = { to = 60 } } }, "
         "{ points = 3, where = { age = { from = 61 } } }]", AGE),
    rule("variants = [{ points = 8, where = { p = true } }, { points = 3, where = { p = false } }]",
         PLEDGE),
    rule("points = 1\nvariants = [{ points = 8, where = { c = 'A' }, until = 2026-03-31 }, "
         "{ points = 3, where = { c = 'B' }, until = 2026-03-31 }]", COHORT),
    limit('per = "resident"\npoints = 5\ncrossing = "none"'),
    limit('per = "resident"\npoints = 10\neach = "month"\n', tail='[[limit]]\nrules = ["a"]\n'
          'per = "resident"\ntimes = 2\neach = "month"'),
    rule("points = 5", "redemption = { minimum = 100, multiple_of = 50 }"),
    rule('points = { of = "yuan", bands = [{ to = 100, value = 1 }, { value = 2 }] }'),
])
def test_nothing_is_found_where_nothing_is_wrong(text: str) -> None:
    """Bounds that just meet, days that follow each other and possible limits are in order."""
    assert [] == found(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_real_rulebooks_hold_no_contradiction(path: Path) -> None:
    """The rulebooks that the project ships have no finding of severity error."""
    findings = lint(parse(path.read_text(encoding="utf-8"), path.name))

    assert [] == [str(each) for each in findings if each.severity == "error"]


# --- settings left open

def test_a_setting_left_to_its_default_is_named_with_its_meaning() -> None:
    """The note says which default holds and what it means, in both languages."""
    notes = {each.facts["setting"]: each for each in lint(parse(HEAD + RULE))
             if each.code == "left_to_default"}

    assert "counts_on = deed_day (the deed's day)" in notes["counts_on"].sentence("en")
    assert "counts_on = deed_day（事项发生日）" in notes["counts_on"].sentence("zh")
    assert "late = 30 days" in notes["late"].sentence("en")
    assert {"counts_on", "late"} <= {*parse(HEAD + RULE).defaults_used}


def test_a_setting_that_is_written_is_not_left_open() -> None:
    """Writing every setting out, as `dump` can, leaves no question open but those of no value."""
    file = parse(dump(parse(HEAD + RULE).rulebook, defaults=True))

    left = {each.attribute for each in left_to_default(file.rulebook, file.nodes)}

    assert {"Kind.base", "Kind.ceiling", "Rule.first", "Redemption.returned_after_expiry",
            "Confirm.above"} == left


def test_one_note_speaks_for_all_places() -> None:
    """Ten limits without `crossing` are one note, at the first, that counts them."""
    text = limit('per = "resident"\npoints = 9\neach = "day"', tail='[[limit]]\nrules = ["a"]\n'
                 'per = "resident"\npoints = 20\neach = "week"')

    (note,) = [each for each in lint(parse(text))
               if each.facts.get("setting") == "limit.cap-1.crossing"]

    assert 2 == note.facts["places"]
    assert "in 2 places" in note.sentence("en")


def test_every_open_setting_is_an_attribute_with_words() -> None:
    """The table of open questions names real attributes, and says each question and default."""
    attributes = {f"{cls.__name__}.{field.name}" for cls in all_models()
                  for field in fields_of(cls)}
    said = {name.partition("=")[0] for name in MEANINGS}

    assert set() == QUESTIONS.keys() - attributes
    assert {f"question-{number}" for number in QUESTIONS.values()} == QUESTION_WORDS.keys()
    assert {"Rulebook.notice_days", "Redemption.gives_back"} == QUESTIONS.keys() - said


def test_findings_come_by_severity() -> None:
    """Errors come first, then warnings, then notes, each in the order of the file."""
    text = limit('per = "resident"\npoints = 4\ncrossing = "none"').replace("notice_days = 0\n", "")

    severities = [each.severity for each in lint(parse(text))]

    assert ["error", "warning", "note"] == list(dict.fromkeys(severities))
