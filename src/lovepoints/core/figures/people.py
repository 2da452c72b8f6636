"""Figures of people and places: volunteers, participants, hours, areas, officers, coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from lovepoints.core.figures.facts import Facts
from lovepoints.core.figures.figure import Figure, Number, counted, rate
from lovepoints.core.figures.work import doers
from lovepoints.core.lineage import survivors
from lovepoints.core.rating.facts import attributes_on
from lovepoints.core.rows import Appointment
from lovepoints.core.rows_activities import TeamTerm

VOLUNTEER = "volunteer"
"""The attribute of residents who registered as volunteers."""
CLASS = "class"
"""The attribute that says what class of participants somebody belongs to."""
PARTNER = "partner"
"""The attribute of a team that is a unit from outside (双报到)."""
PART_TIME = "part-time"
"""How the code of a role ends that is held beside other work."""


def volunteers(facts: Facts) -> Figure:
    """ST-32: residents registered as volunteers who have not left; those placed in an area, and
    the areas they could be placed in."""
    day = facts.scope.as_of
    found = [one for one in facts.present("resident", day)
             if attributes_on(one, day).get(VOLUNTEER)]
    placed = sum(bool(facts.home_area(one.id, day)) for one in found)
    return Figure(id="ST-32", unit="person", value=len(found),
                  parts={"placed": placed, "areas": len(facts.nodes)})


def participants(facts: Facts) -> Figure:
    """ST-35: distinct people with a confirmed deed in the period, by class."""
    found = survivors(facts.rows, (one for deed in facts.confirmed for one in doers(deed)))
    classes = counted(str(attributes_on(facts.parties[one], facts.scope.last).get(CLASS, ""))
                      for one in found if one in facts.parties)
    return Figure(id="ST-35", unit="person", value=len(found), basis=len(found), parts={
        f"class:{name}": number for name, number in classes.items()}
        if classes.keys() - {"other"} else {})


def hours(facts: Facts) -> Figure:
    """ST-37: minutes confirmed, each doer's own; as hours to one decimal, half up."""
    minutes = sum((minutes_of(deed.details.get("quantities", {})) * len(doers(deed))
                   for deed in facts.confirmed), Decimal(0))
    whole = int(minutes.to_integral_value(ROUND_HALF_UP))
    shown = (minutes / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Figure(id="ST-37", unit="minute", value=whole, parts={"hours": shown})


def units(facts: Facts) -> Figure:
    """ST-39: partner units, teams that are described as `partner`; their members on the day, and
    those of them with a confirmed deed in the period."""
    day = facts.scope.as_of
    partners = [one.id for one in facts.parties.values() if one.kind == "team"
                and one.closed >= day and attributes_on(one, day).get(PARTNER) is True]
    members = {one.resident for unit in partners for one in facts.rows.find(TeamTerm, "", unit)
               if one.since <= day <= one.until}
    active = members & {one for deed in facts.confirmed for one in doers(deed)}
    return Figure(id="ST-39", unit="unit", value=len(partners), parts={
        "members": len(members), "active": len(active)})


def places(facts: Facts) -> Figure:
    """ST-40: areas, by level; officers with an area, distinct people, those part-time."""
    terms = [one for one in _terms(facts) if one.area]
    parts: dict[str, Number] = {
        f"level:{depth}": number for depth, number in sorted(Counter(
            facts.depth(one.code) for one in facts.nodes).items())}
    parts |= {"appointments": len(terms), "people": len({one.actor for one in terms}),
              "part_time": len({one.actor for one in terms if one.role.endswith(PART_TIME)})}
    return Figure(id="ST-40", unit="area", value=len(facts.nodes), parts=parts)


def holders(facts: Facts) -> Figure:
    """ST-41: who holds which office on the day, a person and role each."""
    found = {(one.actor, one.role) for one in _terms(facts)}
    return Figure(id="ST-41", unit="person", value=len({actor for actor, _ in found}), parts={
        f"role:{role}": number
        for role, number in counted(role for _, role in found).items()})


def covered(facts: Facts) -> Figure:
    """ST-42: areas with an officer of their own, of all; households that lie in no area."""
    own = {one.area for one in _terms(facts)}
    day = facts.scope.as_of
    homeless = sum(not facts.home_area(one.id, day) for one in facts.present("household", day))
    return rate("ST-42", sum(one.code in own for one in facts.nodes), len(facts.nodes),
                {"households_without": homeless})


def minutes_of(quantities: Mapping[str, str]) -> Decimal:
    """The time that quantities say, in minutes."""
    return Decimal(quantities.get("hour", 0)) * 60 + Decimal(quantities.get("minute", 0))


def _terms(facts: Facts) -> list[Appointment]:
    day = facts.scope.as_of
    return [one for one in facts.rows.find(Appointment)
            if one.since <= day <= one.until and facts.is_here(one.area)]


PEOPLE: Mapping[str, Callable[[Facts], Figure]] = {
    "ST-32": volunteers, "ST-35": participants, "ST-37": hours, "ST-39": units, "ST-40": places,
    "ST-41": holders, "ST-42": covered,
}
