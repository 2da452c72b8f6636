"""The sentences of steps: every code has one in both languages, with nothing left open."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

import lovepoints.core
from lovepoints.core.deeds import Award, Step, Verdict
from lovepoints.core.points import Graded, PerUnit, Thresholds
from lovepoints.core.terms import Attribute, Kind
from lovepoints.words.steps import STEPS, step_sentence, unit_name
from tests.core.fakes import Register, hours, limit, points, rule, rulebook

D = Decimal
BOOK = rulebook(
    rule(points(5), "hazard", title="上报风险隐患", clause="第五条（一）",
         grades={"minor": "轻微"}),
    kinds=(Kind(decimals=1), Kind(code="honour", title="荣誉积分")),
    attributes=(Attribute(code="complaint", title="投诉"),),
    limits=(limit(20, title="每月封顶"),))
ROUND = {
    "rule": "hazard", "kind": "honour", "points": 5, "before": 7, "lost": 2, "left": 5,
    "allowed": 20, "used": 15, "waiting": 2, "over": 2, "ceiling": 400, "already": 3, "open": 3,
    "quantity": "3", "unit": "hour", "value": "1", "counted": "2", "total": "9", "least": "2",
    "rest": "0.5", "exact": "5.5", "grades": ["minor"], "from": "1", "to": "9", "doers": 3,
    "position": 1, "within": "30 days", "factor": "2", "earlier": 1, "length": 5, "each": "day",
    "mark": "complaint", "until": "2026-03-31", "limit": "cap", "taker": "point",
    "source": "point", "day": "2026-03-07", "notice_days": 3, "appeal": "村委会",
    "quantities": [["minute", "30"]],
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", sorted(STEPS))
def test_every_sentence_is_whole(code, lang):
    """A sentence uses only facts that its step can have."""
    facts = {**ROUND, "left": "4"} if code == "repair" else ROUND

    sentence = step_sentence(Step(code, facts), BOOK, lang)

    assert "—" not in sentence
    assert "{" not in sentence


def test_every_step_has_a_sentence():
    """Every code that the core writes down is in the table."""
    core = Path(lovepoints.core.__file__).parent
    begins = re.compile(r'(?:sheet\.(?:note|change|stop)|Worth|Step)\(\s*(?:[^"()]*, )?"(\w+)"')
    written = {code for path in core.rglob("*.py")
               for code in begins.findall(path.read_text(encoding="utf-8"))}

    assert written
    assert written <= set(STEPS)


@pytest.mark.parametrize(("step", "zh", "en"), [
    (Step("graded", {"rule": "hazard", "kind": "point", "points": 50, "grades": ["minor"]},
          "第五条"),
     "上报风险隐患：轻微，积分 5（第五条）", "上报风险隐患: 轻微, 积分 5 (第五条)"),
    (Step("limit_part", {"kind": "point", "points": 15, "allowed": 200, "used": 185, "lost": 5,
                         "limit": "cap"}),
     "每月封顶：上限 20，已计 18.5，本次计 1.5，0.5 不计",
     "每月封顶: at most 20, 18.5 used; 1.5 counted, 0.5 not"),
    (Step("limit_times", {"allowed": 1, "used": 1, "limit": "gone"}),
     "gone：上限 1 次，已计 1 次，本次不计",
     "gone: at most 1 times, 1 used; not counted this time"),
    (Step("most", {"kind": "honour", "points": 12, "lost": 3}),
     "每次至多 12，3 不计（荣誉积分）", "at most 12 each time; 3 is not counted (荣誉积分)"),
    (Step("void", {"mark": "complaint"}), "本次因“投诉”不计分",
     "nothing is counted this time because of “投诉”"),
    (Step("reported_before", {"kind": "point", "points": 0, "within": "1 day"}),
     "1 天内已有人先报，感谢提醒，计 0",
     "somebody reported it first within 1 day; thank you, 0"),
])
def test_sentences(step, zh, en):
    """Titles and decimals come from the rulebook, the clause stands at the end."""
    assert zh == step_sentence(step, BOOK, "zh")
    assert en == step_sentence(step, BOOK, "en")


def test_unknown_unit_is_shown_as_it_is_named():
    """A rulebook may count bottles."""
    assert "bottle" == unit_name("bottle", "zh")


@pytest.mark.parametrize(("form", "told", "expected"), [
    (hours(2), {"hour": "3"}, "v：3 小时，每小时 2，积分 6"),
    (hours(2, step=D(1)), {"hour": "3.5"}, "v：3.5 小时，计 3 小时，每小时 2，积分 6"),
    (PerUnit(per="bottle", value=D(1)), {"quantities": {"bottle": 2}},
     "v：2 bottle，每bottle 1，积分 2"),
    (Thresholds(at_least={"minute": D(25)}, value=D(3)), {"quantities": {"minute": 30}},
     "v：30 分钟，积分 3"),
    (Thresholds(at_least={"minute": D(25)}, value=D(3)), {"quantities": {"minute": 20}},
     "v：20 分钟，满 25 分钟起计，积分 0"),
])
def test_first_sentence_of_an_award(form, told, expected):
    """The first step says what was done and what it is worth."""
    book = rulebook(rule(form, title="v"))

    award = Register(book).do(**told)

    assert isinstance(award, Award)
    assert expected == step_sentence(award.steps[0], book, "zh")


def test_step_survives_the_journal():
    """A step comes back from its JSON as it was."""
    award = Register(rulebook(rule(Graded(values={"a": D(1)}), clause="x"))).do(
        verdict=Verdict(grades=("a",)))

    step = award.steps[0]

    assert step == Step.from_json(step.to_json())
