"""Figures of aid: households in need, those paired, what was granted, what is left of budgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from lovepoints.core.figures.facts import Facts
from lovepoints.core.figures.figure import Figure, Number
from lovepoints.core.rows_aid import AidCaseRow, FundRow, MoneyRow, PairingRow
from lovepoints.core.work.aid import of_day
from lovepoints.core.work.funds import Purse, purse

FEN = Decimal("0.01")


def in_need(facts: Facts) -> Figure:
    """ST-51: households with an open case on the day; with a plan; whose review is overdue."""
    day = facts.scope.as_of
    cases = [row for row in of_day(facts.rows.find(AidCaseRow), day) if _asked(
        facts, row.household, str(row.details["ground"]))]
    return Figure(id="ST-51", unit="household", value=len(cases), basis=len(cases), parts={
        "with_plan": sum(row.details["steps"] > 0 for row in cases),
        "overdue": sum(row.review_by < day for row in cases)})


def paired(facts: Facts) -> Figure:
    """ST-52: distinct households that are paired on the day; their helpers."""
    rows = [row for row in of_day(facts.rows.find(PairingRow), facts.scope.as_of)
            if _asked(facts, row.household, "")]
    homes = len({row.household for row in rows})
    return Figure(id="ST-52", unit="household", value=homes, basis=homes, parts={
        "people": len({row.helper for row in rows})})


def grants(facts: Facts) -> Figure:
    """ST-53: grants recorded in the period, in yuan, by category; the households they went to.
    They are records, not payments."""
    rows = [row for row in facts.rows.find(MoneyRow) if row.what == "granted"
            and not row.is_undone and row.day in facts.scope
            and _asked(facts, row.party, row.category)]
    categories = sorted({row.category for row in rows})
    homes = {one: {row.party for row in rows if row.category == one} for one in categories}
    names = {one: f"category:{one or 'other'}" for one in categories}
    households = len({row.party for row in rows})
    return Figure(
        id="ST-53", unit="yuan", value=sum(row.fen for row in rows) * FEN, basis=households,
        parts={"households": households, **{name: sum(
            row.fen for row in rows if row.category == one) * FEN for one, name in names.items()}},
        behind={name: len(homes[one]) for one, name in names.items()})


def budget(facts: Facts) -> Figure:
    """ST-62: the limits of the funds that have one, in yuan; what was spent, set aside, is left;
    by fund what there is a head of the people it is for."""
    funds = [row for row in facts.rows.find(FundRow) if row.details["limit"]
             and row.since <= facts.scope.as_of and not is_partial(facts)
             and facts.scope.kind in ("", row.code)]
    sums = {row.code: purse_of(facts, row) for row in funds}
    parts: dict[str, Number] = {
        "received": sum(one.received for one in sums.values()) * FEN,
        "spent": sum(one.used for one in sums.values()) * FEN,
        "reserved": sum(one.reserved for one in sums.values()) * FEN,
        "left": sum(one.left for one in sums.values()) * FEN}
    for row in funds:
        if people := row.details["people"]:
            parts[f"head:{row.code}"] = (row.details["limit"] * FEN / people).quantize(
                FEN, ROUND_HALF_UP)
    return Figure(id="ST-62", unit="yuan", parts=parts,
                  value=sum(one.limit for one in sums.values()) * FEN)


def purse_of(facts: Facts, fund: FundRow) -> Purse:
    """The sums of a fund on the scope's day."""
    return purse(fund, (row for row in facts.rows.find(MoneyRow, "by_fund", fund.code)
                        if row.day <= facts.scope.as_of))


def _asked(facts: Facts, household: str, kind: str) -> bool:
    """Whether the scope asks for this household, and for what was done as this kind."""
    scope = facts.scope
    return (not (scope.channel or scope.labels or scope.officer) and scope.kind in ("", kind)
            and facts.is_here(facts.home_area(household, scope.as_of)))


def is_partial(facts: Facts) -> bool:
    """Whether the scope asks for a part of the community that no fund belongs to."""
    scope = facts.scope
    return bool(scope.channel or scope.labels or scope.officer or scope.area)


AID: Mapping[str, Callable[[Facts], Figure]] = {
    "ST-51": in_need, "ST-52": paired, "ST-53": grants, "ST-62": budget,
}
