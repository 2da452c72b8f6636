"""Figures of rotas: shifts planned and kept, the minutes they earned, what was found on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from lovepoints.core.figures.facts import Facts
from lovepoints.core.figures.figure import Figure
from lovepoints.core.figures.people import minutes_of
from lovepoints.core.rows_activities import TeamTerm
from lovepoints.core.rows_work import RotaRow, ShiftRow
from lovepoints.core.work.tasks import CLOSED_OTHERWISE, TaskState

PATROL = "patrol"
"""The channel of what a patrol finds."""


def patrol(facts: Facts) -> Figure:
    """ST-38: shifts planned for the period, without those that were called off; those kept, the
    minutes confirmed for them, the members of the teams on the day, and the findings: reports and
    matters with the channel `patrol`."""
    tasks = {one.id: one for one in facts.all_tasks}
    shifts = [tasks[row.task] for row in facts.rows.find(
        ShiftRow, "by_day", low=facts.scope.first, high=facts.scope.last) if row.task in tasks]
    planned = {one.id for one in shifts if one.state not in CLOSED_OTHERWISE}
    kept = sum(one.state in (TaskState.DONE, TaskState.RESOLVED) for one in shifts)
    day, teams = facts.scope.as_of, {row.team for row in facts.rows.find(RotaRow)}
    members = {one.resident for team in teams for one in facts.rows.find(TeamTerm, "", team)
               if one.since <= day <= one.until}
    minutes = sum((minutes_of(deed.details.get("quantities", {})) for deed in facts.confirmed
                   if deed.details.get("work") in planned), Decimal(0))
    findings = sum(facts.channel(one) == PATROL and not _is_confidential(facts, one.rule)
                   for one in facts.deeds) + sum(
        one.channel == PATROL and not one.deed and one.day in facts.scope for one in tasks.values())
    return Figure(id="ST-38", unit="shift", value=len(planned), parts={
        "members": len(members), "kept": kept, "findings": findings,
        "minutes": int(minutes.to_integral_value(ROUND_HALF_UP))})


def _is_confidential(facts: Facts, code: str) -> bool:
    rule = facts.rule(code)
    return rule is not None and rule.confidential


ROTAS: Mapping[str, Callable[[Facts], Figure]] = {"ST-38": patrol}
