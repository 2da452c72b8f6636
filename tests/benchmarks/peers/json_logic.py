"""json-logic: one `if` of many cases."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from json_logic import jsonLogic

from tests.benchmarks.peers import rulesets
from tests.benchmarks.workload import GRADES, rules

VERSION = version("json-logic-qubit")


def begin(_: Path, __: int) -> dict[str, rulesets.Work]:
    """The rulebook as JsonLogic."""
    single = {code: _worth(family) for code, family in rules()}
    cases = [part for code, worth in single.items()
             for part in ({"==": [{"var": "rule"}, code]}, worth)]
    return rulesets.ways(_rate({"if": [*cases, 0]}),
                         {code: _rate(worth) for code, worth in single.items()})


def _worth(family: str) -> dict[str, Any]:
    if family not in ("hazard", "dispute"):
        return {"var": "half_hours"}
    return {"if": [part for grade, points in GRADES.items()
                   for part in ({"==": [{"var": "grade"}, grade]}, points)]}


def _rate(logic: dict[str, Any]) -> rulesets.Rate:
    return lambda facts: jsonLogic(logic, facts)
