"""What enrolling and moving write: names, memberships, households and areas that are new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from lovepoints.core import text
from lovepoints.core.deeds import Value
from lovepoints.core.journal import Draft
from lovepoints.core.rows import Area, Membership, Person
from lovepoints.desks.attributes import with_values
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command
from lovepoints.errors import NotFound, brief

PARTS = ("head", "member", "minor")
"""What a resident is in her household. The first one enrolled becomes its head."""


def enrolment(
    command: Command, party: str, kind: str, day: str, home: str, area: str, part: str,
    attributes: Mapping[str, Value],
) -> Draft:
    """The entry that enrols a party under the name that was just given to it."""
    details = {"attributes": with_values({}, day, attributes)} if attributes else {}
    rows: dict[str, Any] = {  # Any: the columns of rows
        "party": [{"id": party, "kind": kind, "opened": day, "details": details}]
    }
    if kind == "resident":
        rows["membership"] = [{
            "resident": party, "since": day, "household": home, "area": area,
            "part": part or part_in(command.book, home, day),
        }]
    return Draft(kind="enrol", subject=party, at=command.at, day=day, details={"rows": rows})


def named(command: Command, kind: str, code: str, personal: Mapping[str, str]) -> str:
    """A fresh pseudonym for a code, with what is sealed about it."""
    party = command.book.fresh_id(kind)
    command.book.store.put(Person(id=party, kind=kind, code=code))
    command.seal(party, {"code": code, **personal})
    return party


def household(command: Command, code: str, day: str) -> str:
    """The household with this code, enrolled by an entry of its own if it is new."""
    found = command.book.store.find(Person, "by_code", code, limit=1)
    if found and found[0].kind != "household":
        raise NotFound("household", code)
    if found:
        return found[0].id
    party = named(command, "household", code, {})
    command.write(Draft(
        kind="enrol", subject=party, at=command.at, day=day,
        details={"rows": {"party": [{"id": party, "kind": "household", "opened": day}]}},
    ))
    return party


def place_in(command: Command, code: str) -> None:
    """An area named for the first time is added by an entry of its own."""
    if code and command.book.store.get(Area, code) is None:
        command.write(area_draft(command, text.code(code, "area"), "", ""))


def area_draft(command: Command, code: str, parent: str, title: str) -> Draft:
    """The entry that draws a node of the tree of areas."""
    return Draft(
        kind="area", subject=f"area:{code}", at=command.at, day=command.day.isoformat(),
        details={"rows": {"area": [{"code": code, "parent": parent, "title": title}]}},
    )


def part_in(book: Book, home: str, day: str) -> str:
    """The first one in a household is its head."""
    if not home:
        return "head"
    rows = book.store.find(Membership, "by_household", home)
    return "member" if any(row.until >= day for row in rows) else "head"


def part_after(book: Book, old: Membership | None, home: str, day: str) -> str:
    """What a resident is after a move: in the same household what she was."""
    if old and (not home or home == old.household):
        return old.part
    return part_in(book, home, day)


def latest(book: Book, resident: str) -> Membership | None:
    """The newest membership of a resident."""
    found = book.store.find(Membership, "", resident, reverse=True, limit=1)
    return found[0] if found else None


def ended(old: Membership | None, day: date) -> list[dict[str, Any]]:  # Any: columns
    """The change that ends a membership on the day before; one that begins that day is replaced."""
    if old is None or old.until < day.isoformat() or old.since == day.isoformat():
        return []
    eve = (day - timedelta(days=1)).isoformat()
    return [{"resident": old.resident, "since": old.since, "until": eve}]


def check_part(part: str) -> None:
    """A ValueError for what nobody can be in a household."""
    if text.line(part, "part") and part not in PARTS:
        raise ValueError(f"part is one of {', '.join(PARTS)}, not {brief(part)}")


def home_and_area(household: str, area: str) -> tuple[str, str]:
    """The codes of a household and an area as they were said."""
    return text.line(household, "household", most=64), text.line(area, "area", most=64)
