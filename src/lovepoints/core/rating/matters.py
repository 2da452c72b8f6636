"""One matter under several rules: groups, the rulebook-wide rule, and marks that only offset."""

from __future__ import annotations

from collections.abc import Sequence

from lovepoints.core.deeds import Facts, Refusal
from lovepoints.core.rating.sheet import Sheet, has_all, is_same, paid
from lovepoints.core.rows import Credit
from lovepoints.core.rulebook import Group
from lovepoints.core.values import point_unit


def settle_matters(sheet: Sheet) -> Refusal | None:
    """Pay a matter once where the rulebook says so; a later, better deed posts the difference.

    Groups of the rulebook speak first. `several_rules` speaks of deeds with the same matter id,
    by the same doer, under other rules that share no group with this one.
    """
    for group in sheet.rulebook.groups_with(sheet.rule.code):
        if group.take == "sum" or not has_all(group.same, sheet.facts):
            continue
        if refusal := _once(sheet, _of_group(sheet, group), group.take, group.clause):
            return refusal
    if sheet.rulebook.several_rules != "sum" and sheet.facts.same.get("matter"):
        return _once(sheet, _of_matter(sheet), sheet.rulebook.several_rules, sheet.rule.clause)
    return None


def _once(sheet: Sheet, others: Sequence[Credit], take: str, clause: str) -> Refusal | None:
    for kind in sheet.kinds() if others else ():
        already = paid(others, kind)
        amount = sheet.amounts[kind.code]
        if not already:
            continue
        if take == "ask" and kind in sheet.plain_kinds:
            granted = sheet.chosen(kind, amount, already=already,
                                   rules=sorted({row.rule for row in others}))
            if isinstance(granted, Refusal):
                return granted
            sheet.change("matter_asked", kind, granted, clause, already=already)
        else:
            rest = max(0, amount - already)
            sheet.change("matter_difference" if rest else "matter_already", kind, rest, clause,
                         already=already)
    return None


def _of_group(sheet: Sheet, group: Group) -> list[Credit]:
    facts = sheet.facts
    period = sheet.calendar.period(facts.counts_on, group.each)
    per, who = _scope(group, facts)
    return [row for row in sheet.history.credits(per, who, period)
            if row.rule in group.rules and not sheet.is_own(row) and sheet.is_same_sign(row)
            and is_same(row, group.same, facts)]


def _scope(group: Group, facts: Facts) -> tuple[str, str]:
    if group.per == "resident":
        return "resident", facts.doer
    if group.per == "holder":
        return "holder", facts.holder
    if group.same:
        return group.same[0], facts.same[group.same[0]]
    return "community", ""


def _of_matter(sheet: Sheet) -> list[Credit]:
    facts, rulebook = sheet.facts, sheet.rulebook
    ever = sheet.calendar.period(facts.counts_on, "ever")
    groups = {group.code for group in rulebook.groups_with(sheet.rule.code)}
    return [
        row for row in sheet.history.credits("matter", facts.same["matter"], ever)
        if row.doer == facts.doer and row.rule != sheet.rule.code and sheet.is_same_sign(row)
        and not groups & {group.code for group in rulebook.groups_with(row.rule)}
    ]


def offset(sheet: Sheet) -> None:
    """Let good marks make up for no more than the year's deductions that stand open."""
    if not sheet.rule.offsets:
        return
    facts = sheet.facts
    year = sheet.calendar.period(facts.counts_on, "year")
    rows = list(sheet.history.credits("holder", facts.holder, year))
    for kind in sheet.kinds():
        unit, open_ = point_unit(kind.code), 0
        for row in rows:
            if row.unit == unit and (row.points < 0 or _offsets(sheet, row)):
                open_ -= row.points
        amount = sheet.amounts[kind.code]
        if amount > max(0, open_):
            sheet.change("offset", kind, max(0, open_), sheet.rule.clause, open=max(0, open_),
                         lost=amount - max(0, open_))


def _offsets(sheet: Sheet, row: Credit) -> bool:
    rule = sheet.rulebook.rule(row.rule)
    return rule is not None and bool(rule.offsets)
