"""Figures of points: who holds any, how many were given, what is outstanding, what was fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from lovepoints.core.deeds import Status
from lovepoints.core.figures.facts import Facts, homes
from lovepoints.core.figures.figure import Figure, Number, rate
from lovepoints.core.journal import Entry, Posting
from lovepoints.core.lineage import survivors
from lovepoints.core.rows import Balance, Item, Lot, RedemptionRow
from lovepoints.core.values import from_minor, kind_of

_PASSBOOK = "passbook/"
_POINT = "point"
_ITEM = "item:"
_FETCHING = ("redeem", "collect", "return")


def with_points(facts: Facts) -> Figure:
    """ST-01: households with an award that stands, spent or not; those that have points left."""
    left = survivors(facts.rows, (lot.account.split("/")[1] for lot in _open_lots(facts)
                                  if lot.free or lot.held))
    return Figure(id="ST-01", unit="household",
                  value=len(survivors(facts.rows, homes(facts.credits))),
                  parts={"with_balance": len(left)})


def awarded(facts: Facts) -> Figure:
    """ST-02: points awarded and not taken back, before anything was spent or expired; deductions,
    opening balances and corrections stand apart."""
    given, taken = Counter[str](), Counter[str]()
    for credit in facts.credits:
        (given if credit.points > 0 else taken)[credit.unit] += abs(credit.points)
    more = {name: _issued(facts.entries(kind)) for name, kind in (
        ("opening", "opening"), ("adjusted", "adjust"))}
    parts = _named(facts, {"": given, "deducted": taken, **more})
    return Figure(id="ST-02", unit="point", value=_main(facts, parts), parts=parts)


def outstanding(facts: Facts) -> Figure:
    """ST-03: points in passbooks on the day: available, not yet available, held, frozen; debts
    apart."""
    sums: dict[str, Counter[str]] = {name: Counter() for name in (
        "", "available", "pending", "held", "frozen", "owed")}
    for lot in _open_lots(facts):
        state = ("frozen" if lot.frozen else
                 "pending" if lot.available_at >= facts.moment else "available")
        sums[""][lot.unit] += lot.free + lot.held
        sums[state][lot.unit] += lot.free
        sums["held"][lot.unit] += lot.held
    for one in facts.rows.find(Balance):
        if one.account.startswith(_PASSBOOK) and one.account.endswith("/owed"):
            sums["owed"][one.unit] -= one.amount
    parts = _named(facts, sums)
    return Figure(id="ST-03", unit="point", value=_main(facts, parts), parts=parts)


def fetched(facts: Facts) -> Figure:
    """ST-04: visits to the shop, points and goods net of what came back; aid apart."""
    points, goods, aid = Counter[str](), Counter[str](), Counter[str]()
    visits = aided = 0
    for entry in facts.entries(*_FETCHING):
        visits += entry.kind != "return"
        points.update(_moved(entry.postings, "redeemed", _POINT))
        goods.update(_moved(entry.postings, "given", _ITEM))
    for entry in facts.entries("give"):
        aided += 1
        aid.update(_moved(entry.postings, "given", _ITEM))
    parts: dict[str, Number] = {
        **_named(facts, {"points": points}), "goods": sum(goods.values()),
        "aid_visits": aided, "aid_goods": sum(aid.values())}
    parts |= {f"item:{kind_or_item(unit)}": amount for unit, amount in sorted(goods.items())}
    return Figure(id="ST-04", unit="person_time", value=visits, parts=parts)


def taking_part(facts: Facts) -> Figure:
    """ST-05: households with a confirmed deed in the period, of those registered at its end."""
    last = facts.scope.last
    here = {one.id for one in facts.present("household", last)}
    alone = {one.id for one in facts.present("resident", last)
             if not (found := facts.membership(one.id, last)) or not found.household}
    active = {deed.household or deed.doer for deed in facts.confirmed}
    return rate("ST-05", len(active & (here | alone)), len(here | alone))


def confirmed(facts: Facts) -> Figure:
    """ST-06: reports that were confirmed, of those that were decided."""
    states = Counter(deed.status for deed in facts.deeds)
    decided = states[Status.CONFIRMED] + states[Status.REJECTED] + states[Status.DUPLICATE]
    return rate("ST-06", states[Status.CONFIRMED], decided)


def services_used(facts: Facts) -> Figure:
    """ST-55: service goods used, by kind, and by the way they were paid."""
    found = Counter[str]()
    for row in facts.rows.find(RedemptionRow, "by_seq"):
        if row.state != "collected" or row.day not in facts.scope:
            continue
        for line in row.details["lines"]:
            item = facts.rows.get(Item, line["item"])
            used = line["handed"] - line["returned"]
            if item and not item.stocked and used:
                found[f"item:{item.code}"] += used
                found["for_points" if any(line["unit_price"].values()) else "free"] += used
    uses = sum(found[name] for name in ("for_points", "free"))
    return Figure(id="ST-55", unit="use", value=uses, parts=dict(sorted(found.items())))


def kind_or_item(unit: str) -> str:
    """The code of goods, or of a kind of points."""
    return unit.removeprefix(_ITEM) if unit.startswith(_ITEM) else kind_of(unit)


def _open_lots(facts: Facts) -> Iterable[Lot]:
    """Lots of points that have not ended by the scope's day, of holders in its area."""
    for lot in facts.rows.scan(Lot):
        if (lot.is_open and lot.account.startswith(_PASSBOOK) and lot.ends_at >= facts.moment
                and facts.is_here(facts.home_area(lot.account.split("/")[1],
                                                  facts.scope.as_of))):
            yield lot


def _issued(entries: Iterable[Entry]) -> Counter[str]:
    """What came into passbooks from nowhere, less what went back there, by unit."""
    found = Counter[str]()
    for entry in entries:
        for one in entry.postings:
            if one.unit.startswith(_POINT) and "issued" in (one.source, one.target):
                found[one.unit] += one.amount if one.source == "issued" else -one.amount
            elif one.unit.startswith(_POINT) and one.target == "deducted":
                found[one.unit] -= one.amount
    return found


def _moved(postings: Iterable[Posting], account: str, prefix: str) -> Counter[str]:
    """What went to an account less what came back from it, by unit."""
    found = Counter[str]()
    for one in postings:
        if one.unit.startswith(prefix) and account in (one.source, one.target):
            found[one.unit] += one.amount if one.target == account else -one.amount
    return found


def _named(facts: Facts, sums: Mapping[str, Mapping[str, int]]) -> dict[str, Number]:
    """Sums as parts: "point" or "opening:point", in whole points where they are whole."""
    found: dict[str, Number] = {}
    for name, units in sums.items():
        for unit, amount in sorted(units.items()):
            if amount or not name:
                exact = from_minor(amount, facts.decimals(unit))
                found[":".join(filter(None, (name, kind_of(unit))))] = (
                    int(exact) if exact == int(exact) else exact)
    return found


def _main(facts: Facts, parts: Mapping[str, Number]) -> Number:
    """The part of the first kind of points of the rulebook in force."""
    kind = facts.rulebook.main_kind.code if facts.rulebook else "point"
    return parts.get(kind, 0)


POINTS: Mapping[str, Callable[[Facts], Figure]] = {
    "ST-01": with_points, "ST-02": awarded, "ST-03": outstanding, "ST-04": fetched,
    "ST-05": taking_part, "ST-06": confirmed, "ST-55": services_used,
}
