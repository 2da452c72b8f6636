"""What the residents' desk answers: a resident, household, team or staff member as known today."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from lovepoints.core.deeds import Value
from lovepoints.core.rating.facts import attributes_on
from lovepoints.core.rows import FOR_EVER, Appointment, Area, Party, Sealed
from lovepoints.core.work.areas import above
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer
from lovepoints.errors import NotFound


@attrs.frozen(kw_only=True)
class Resident:
    """A resident, household, team or staff member as the book knows them today.

    `id` is the pseudonym that the journal uses; `name` is "" once erased. After a verb, `key` is
    its key and `is_repeat` says that an earlier call did it.
    """

    id: str
    code: str
    kind: str
    name: str = ""
    household: str = ""
    area: str = ""
    part: str = ""
    opened: str = ""
    closed: str = FOR_EVER
    attributes: Mapping[str, Value] = attrs.field(factory=dict)
    roles: tuple[str, ...] = ()
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Contact:
    """An officer who is there for an area: `area` is the one of the appointment. `name` and
    `phone` are "" unless she agreed to be named."""

    area: str
    title: str
    role: str
    code: str
    name: str = attrs.field(default="", repr=False)
    phone: str = attrs.field(default="", repr=False)


def contacts_of(book: Book, area: str, day: str) -> tuple[Contact, ...]:
    """The officers of an area and of those above it on a day, the nearest first."""
    store = book.store
    terms = [one for one in store.find(Appointment) if one.since <= day <= one.until]
    found = []
    for place in above(store, area):
        node = store.get(Area, place) if place else None
        for term in sorted((one for one in terms if one.area == place),
                           key=lambda one: (one.role, book.code_of(one.actor))):
            party, sealed = store.get(Party, term.actor), store.get(Sealed, term.actor)
            shown = attributes_on(party, day) if party else {}
            words = sealed.details if sealed else {}
            found.append(Contact(
                area=place, title=node.title if node else "", role=term.role,
                code=book.code_of(term.actor), **{name: str(words.get(name, ""))
                                                  for name in ("name", "phone")
                                                  if shown.get(f"show_{name}") is True}))
    return tuple(found)


def party_of(book: Book, party_id: str) -> Party:
    """The row of a party; NotFound if there is none."""
    found = book.store.get(Party, party_id)
    if found is None:
        raise NotFound("party", party_id)
    return found


def resident_of(book: Book, party_id: str) -> Resident:
    """A party as the book knows it today."""
    party = party_of(book, party_id)
    today = book.calendar.day_of(book.now()).isoformat()
    member = book.membership(party_id, today)
    sealed = book.store.get(Sealed, party_id)
    return Resident(
        id=party_id, code=book.code_of(party_id), kind=party.kind,
        name=sealed.details.get("name", "") if sealed else "",
        household=book.code_of(member.household) if member else "",
        area=member.area if member else "", part=member.part if member else "",
        opened=party.opened, closed=party.closed,
        attributes=attributes_on(party, today),
        roles=tuple(term.role for term in book.store.find(Appointment, "", party_id)
                    if term.since <= today <= term.until),
    )


def answered(book: Book, answer: Answer) -> Resident:
    """Whom a verb was about, with the key of the call."""
    found = resident_of(book, answer.entry.subject)
    return attrs.evolve(found, key=answer.key, is_repeat=answer.is_repeat)
