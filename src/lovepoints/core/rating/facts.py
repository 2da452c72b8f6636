"""What rating needs to know of a deed, read from the rows of the book as they stand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lovepoints.core.deeds import SAME, Facts, Value
from lovepoints.core.passbooks.yearly import Terms, in_force
from lovepoints.core.rows import DeedRow, Membership, Party
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.store import Rows


def rating_rulebook(
    terms: Terms, deed_day: date, reported_on: date, decided_on: date,
) -> tuple[Rulebook | None, date]:
    """The rulebook that rates a deed and the day that counts, by its own `counts_on`.

    The rulebook in force on the deed's day says which day it is; before the first one, that of
    the decision does.
    """
    says = in_force(terms, deed_day) or in_force(terms, decided_on)
    counts_on = says.counts_on if says else "deed_day"
    day = {"deed_day": deed_day, "report_day": reported_on, "confirm_day": decided_on}[counts_on]
    return in_force(terms, day), day


def facts_of(
    rows: Rows, row: DeedRow, position: int, rulebook: Rulebook, *, counts_on: date,
    decided_on: date,
) -> Facts:
    """What rating needs to know of one doer's part in a deed."""
    doer = row.details["doers"][position]
    member = membership(rows, doer, row.day)
    household = member.household if member else ""
    end_day = row.details.get("end_day", "")
    return Facts(
        deed=row.id, rule=row.rule, doer=doer,
        holder=holder_of(rows, rulebook, rulebook.rule(row.rule), doer, row.day),
        household=household, area=member.area if member else "",
        day=date.fromisoformat(row.day), counts_on=counts_on,
        reported_on=date.fromisoformat(row.reported_on), decided_on=decided_on,
        end_day=date.fromisoformat(end_day) if end_day else None,
        quantities={name: Decimal(value)
                    for name, value in row.details.get("quantities", {}).items()},
        attributes=_attributes(rows, rulebook, row, doer, household),
        same={name: value for name in SAME if (value := getattr(row, name))},
        position=position, doers=len(row.details["doers"]), seq=row.seq,
    )


def membership(rows: Rows, resident: str, day: str) -> Membership | None:
    """Where a resident belonged on an ISO day."""
    # One list of a few rows serves every day that is asked for.
    for term in reversed(rows.find(Membership, "", resident)):
        if term.since <= day:
            return term if term.until >= day else None
    return None


def holder_of(rows: Rows, rulebook: Rulebook, rule: Rule | None, doer: str, day: str) -> str:
    """Whose passbook a deed of `doer` on an ISO day moves, by the rulebook."""
    member = membership(rows, doer, day)
    household = member.household if member else ""
    if rule and rule.deduction and rule.deduction.borne_by == "head" and household:
        heads = [one for one in rows.find(Membership, "by_household", household, high=day)
                 if one.until >= day and one.part == "head"]
        doer = heads[-1].resident if heads else doer
    return household if rulebook.holder == "household" and household else doer


def homes_of(rows: Rows, row: DeedRow) -> dict[str, tuple[str, str]]:
    """Household and area of each doer on the deed's day."""
    found = {}
    for doer in row.details["doers"]:
        member = membership(rows, doer, row.day)
        found[doer] = (member.household, member.area) if member else ("", "")
    return found


def attributes_on(party: Party, day: str) -> dict[str, Value]:
    """The attributes of a party as they stood on an ISO day."""
    found: dict[str, Value] = {}
    for name, values in party.details.get("attributes", {}).items():
        fitting = [value for since, value in values if since <= day]
        if fitting:
            found[name] = fitting[-1]
    return found


def _attributes(
    rows: Rows, rulebook: Rulebook, row: DeedRow, doer: str, household: str,
) -> dict[str, Value]:
    """The deed's attributes, and the doer's and the household's on its day, typed."""
    found: dict[str, Value] = {}
    for party in (household, doer):
        if party and (known := rows.get(Party, party)):
            found.update(attributes_on(known, row.day))
    found.update(row.details.get("attributes", {}))
    days = {one.code for one in rulebook.attributes if one.type == "day"}
    return {name: date.fromisoformat(str(value)) if name in days else value
            for name, value in found.items()}
