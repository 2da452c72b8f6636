"""The rulebook of the workload as a rule set for an engine that knows no caps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.workload import GRADES, Deed, rules

Rate = Callable[[dict[str, Any]], int]
Work = Callable[[Sequence[Deed]], int]


def worths() -> Iterator[tuple[str, str]]:
    """Each rule and its worth, as an expression of `grade` or `half_hours`."""
    *most, (_, last) = GRADES.items()
    graded = "".join(f'grade == "{grade}" ? {points} : ' for grade, points in most) + str(last)
    for code, family in rules():
        yield code, graded if family in ("hazard", "dispute") else "half_hours"


def whole() -> str:
    """The rulebook as one expression, for engines that have `? :`."""
    return "".join(f'rule == "{code}" ? ({worth}) : ' for code, worth in worths()) + "0"


def ways(whole: Rate, single: dict[str, Rate]) -> dict[str, Work]:
    """Rate deeds by the whole rule set, or by the one rule that the host has picked for it."""
    return {"whole": lambda deeds: sum(whole(_facts(one)) for one in deeds),
            "picked": lambda deeds: sum(single[one.rule](_facts(one)) for one in deeds)}


def by_expression(compiled: Callable[[str], Rate]) -> Callable[[Path, int], dict[str, Work]]:
    """The beginning of an engine of expressions."""
    def begin(_: Path, __: int) -> dict[str, Work]:
        return ways(compiled(whole()), {code: compiled(worth) for code, worth in worths()})
    return begin


def _facts(deed: Deed) -> dict[str, Any]:
    return {"rule": deed.rule, "grade": deed.grade, "half_hours": deed.half_hours}
