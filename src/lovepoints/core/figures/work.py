"""Figures of work: orders, services, lists, mediation, posts, wishes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from lovepoints.core.figures.facts import Facts
from lovepoints.core.figures.figure import Figure, Number, counted, rate
from lovepoints.core.points import quantities_of
from lovepoints.core.rating.reporting import forms_of
from lovepoints.core.rows import DeedRow
from lovepoints.core.rows_work import TaskRow
from lovepoints.core.work.tasks import OPEN, TaskState, parties

TIMES = frozenset({"hour", "minute"})
"""The quantities by which a rule shows that its deeds are services."""
AGREED = "agreed"
"""The label `outcome` of a mediation that ended in an agreement."""


def dispatched(facts: Facts) -> Figure:
    """ST-21: orders sent; sending one to the same doer again counts apart."""
    orders = Counter((move.task, move.party) for move in facts.moved("dispatch"))
    return Figure(id="ST-21", unit="order", value=len(orders),
                  parts={"again": sum(orders.values()) - len(orders)})


def accepted(facts: Facts) -> Figure:
    """ST-22: orders and posts that were taken and not handed back."""
    return Figure(id="ST-22", unit="order", value=len(_taken(facts)))


def services(facts: Facts) -> Figure:
    """ST-23: confirmed service records, with or without an order: deeds of rules that ask for
    time, or that a kind of task names, one for each who did them."""
    rules = service_rules(facts)
    found = [deed for deed in facts.confirmed if deed.rule in rules]
    return Figure(id="ST-23", unit="matter", value=sum(len(doers(deed)) for deed in found),
                  parts={"deeds": len(found)})


def struck_off(facts: Facts) -> Figure:
    """ST-24: lines of lists that a second person struck off, of those opened; those overdue."""
    opened = facts.tasks("item")
    done = sum(row.state == TaskState.RESOLVED and _has(facts, row, "settle") for row in opened)
    late = sum(row.state in OPEN and row.due < facts.scope.as_of for row in opened)
    return rate("ST-24", done, len(opened), {"overdue": late})


def mediated(facts: Facts) -> Figure:
    """ST-25: quarrels mediated, those that ended with an agreement, person-times of mediators (a
    check-in each, or one for each mediator where nobody checked in)."""
    cases = facts.tasks("mediation")
    ended = [row for row in cases if row.state == TaskState.RESOLVED]
    times = sum(sum(move.move == "check_in" for move in facts.moves(row.id))
                or len(parties(row, "doers")) for row in cases)
    agreed = sum(row.details.get("labels", {}).get("outcome") == AGREED for row in ended)
    return Figure(id="ST-25", unit="matter", value=len(cases), basis=len(cases),
                  parts={"resolved": len(ended), "agreed": agreed, "person_times": times})


def projects(facts: Facts) -> Figure:
    """ST-30: posts and projects with at least one who took it."""
    return Figure(id="ST-30", unit="project",
                  value=len({task for task, _ in _taken(facts, "project")}))


def claims(facts: Facts) -> Figure:
    """ST-31: posts taken, a person and a post each; distinct people."""
    taken = _taken(facts, "project")
    return Figure(id="ST-31", unit="person_time", value=len(taken),
                  parts={"people": len({party for _, party in taken})})


def wishes(facts: Facts) -> Figure:
    """ST-50: wishes collected, claimed, fulfilled, by round and by age group of who wished."""
    rows = facts.tasks("wish")
    labels = [row.details.get("labels", {}) for row in rows]
    parts: dict[str, Number] = {
        "rounds": len({one["round"] for one in labels if "round" in one}),
        "claimed": sum(_has(facts, row, "accept") for row in rows),
        "fulfilled": sum(row.state == TaskState.RESOLVED for row in rows)}
    parts |= {f"age:{name}": number for name, number in counted(
        one["age"] for one in labels if "age" in one).items()}
    return Figure(id="ST-50", unit="wish", value=len(rows), parts=parts, basis=len(rows))


def listed(facts: Facts) -> Figure:
    """ST-60: live lines of lists on the day, and the lists that have any."""
    live = [row for row in facts.of_nature("item")
            if row.state in OPEN and row.day <= facts.scope.as_of]
    kinds = counted(row.kind for row in live)
    return Figure(id="ST-60", unit="entry", value=len(live), parts={
        "classes": len(kinds), **{f"kind:{kind}": number for kind, number in kinds.items()}})


def honours(facts: Facts) -> Figure:
    """ST-61: honours: confirmed deeds of the rules in the group `honour`; people honoured."""
    group = next((one for one in facts.rulebook.groups if one.code == "honour"), None) \
        if facts.rulebook else None
    found = [deed for deed in facts.confirmed if group and deed.rule in group.rules]
    parts: dict[str, Number] = {"people": len({one for deed in found for one in doers(deed)})}
    parts |= {f"rule:{rule}": number
              for rule, number in counted(deed.rule for deed in found).items()}
    return Figure(id="ST-61", unit="time", value=len(found), parts=parts)


def service_rules(facts: Facts) -> frozenset[str]:
    """The rules whose deeds are services."""
    named = {str(kind.details["rule"]) for kind in facts.kinds.values()
             if kind.details.get("rule")}
    timed = set()
    for code in {deed.rule for deed in facts.confirmed}:
        rule = facts.rule(code)
        if rule and TIMES & set().union(*(quantities_of(form) for form in forms_of(rule))):
            timed.add(code)
    return frozenset(named | timed)


def doers(deed: DeedRow) -> list[str]:
    """Who did a deed."""
    return list(deed.details.get("doers", [deed.doer]))


def _taken(facts: Facts, *natures: str) -> set[tuple[str, str]]:
    """Tasks and those who took them in the period, and have not handed them back."""
    rows = {row.id: row for row in facts.all_tasks
            if not natures or facts.kinds[row.kind].nature in natures}
    return {(move.task, move.party) for move in facts.moved("accept")
            if move.task in rows and move.party in parties(rows[move.task], "doers")}


def _has(facts: Facts, row: TaskRow, move: str) -> bool:
    return any(one.move == move for one in facts.moves(row.id))


WORK: Mapping[str, Callable[[Facts], Figure]] = {
    "ST-21": dispatched, "ST-22": accepted, "ST-23": services, "ST-24": struck_off,
    "ST-25": mediated, "ST-30": projects, "ST-31": claims, "ST-50": wishes, "ST-60": listed,
    "ST-61": honours,
}
