"""business-rules: a list of rules, of which the first that holds counts."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_NUMERIC
from business_rules.variables import BaseVariables, numeric_rule_variable, string_rule_variable

from tests.benchmarks.peers import rulesets
from tests.benchmarks.workload import GRADES, rules

VERSION = version("business-rules")


class Facts(BaseVariables):  # type: ignore[misc]
    """What is known of a deed."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts

    @string_rule_variable
    def rule(self) -> str:
        """The rule that was reported."""
        return self.facts["rule"]

    @string_rule_variable
    def grade(self) -> str:
        """The grade that was found."""
        return self.facts["grade"]

    @numeric_rule_variable
    def half_hours(self) -> int:
        """The half hours that were done."""
        return self.facts["half_hours"]


class Points(BaseActions):  # type: ignore[misc]
    """What follows."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts, self.points = facts, 0

    @rule_action(params={"points": FIELD_NUMERIC})
    def give(self, points: int) -> None:
        """So many points."""
        self.points = points

    @rule_action()
    def give_by_the_half_hour(self) -> None:
        """A point for each half hour."""
        self.points = self.facts["half_hours"]


def begin(_: Path, __: int) -> dict[str, rulesets.Work]:
    """The rulebook as a list of rules, one for each grade."""
    single = {code: list(_rules(code, family)) for code, family in rules()}
    every = [rule for some in single.values() for rule in some]
    return rulesets.ways(_rate(every), {code: _rate(some) for code, some in single.items()})


def _rules(code: str, family: str) -> Iterator[dict[str, Any]]:
    is_it = {"name": "rule", "operator": "equal_to", "value": code}
    if family not in ("hazard", "dispute"):
        yield {"conditions": {"all": [is_it]}, "actions": [{"name": "give_by_the_half_hour",
                                                            "params": {}}]}
        return
    for grade, points in GRADES.items():
        yield {"conditions": {"all": [is_it, {"name": "grade", "operator": "equal_to",
                                              "value": grade}]},
               "actions": [{"name": "give", "params": {"points": points}}]}


def _rate(listed: list[dict[str, Any]]) -> rulesets.Rate:
    def rate(facts: dict[str, Any]) -> int:
        points = Points(facts)
        run_all(listed, Facts(facts), points, stop_on_first_trigger=True)
        return points.points
    return rate
