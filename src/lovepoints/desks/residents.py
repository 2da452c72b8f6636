"""The residents' desk: who lives where, who holds which office, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal, Value
from lovepoints.core.journal import Draft
from lovepoints.core.policy import ADMIN, LEDGER, SELF, SERVED
from lovepoints.core.rows import FOR_EVER, Appointment, Area, Membership, Person
from lovepoints.core.work.areas import above
from lovepoints.desks import enrolling
from lovepoints.desks.attributes import attributes_of_party, keyed, with_values
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command, check_day, check_order, perform
from lovepoints.desks.resident_answers import (
    Contact,
    Resident,
    answered,
    contacts_of,
    party_of,
    resident_of,
)
from lovepoints.errors import Code, NotFound, brief


@attrs.frozen
class Residents:
    """`community.residents`"""

    _book: Book

    def enrol(
        self, code: str, *, name: str = "", household: str = "", area: str = "",
        part: str = "", kind: str = "resident", attributes: Mapping[str, Value] | None = None,
        phone: str = "", since: date | None = None, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Resident:
        """Enrol a resident (or a household or team of its own) under the code people know.

        A household named for the first time is enrolled with it, and its first resident is its
        head. `since` is the first day (left out: the day of `at`).

        Raises:
            Refused: code_taken. ValueError: an odd name.
        """
        code, name = text.code(code), text.line(name, "name")
        household, area = enrolling.home_and_area(household, area)
        phone = text.line(phone, "phone", most=64)
        known = attributes_of_party(attributes)
        check_day(since, "since")
        said = {"code": code, "name": name, "household": household, "area": area, "part": part,
                "kind": kind, "attributes": known, "phone": phone, "since": since}
        if kind not in ("resident", "household", "team"):
            raise ValueError(f'kind is "resident", "household" or "team", not {brief(kind)}')
        enrolling.check_part(part)

        def decide(command: Command) -> Draft | Refusal:
            enrolling.place_in(command, area)
            if self._book.store.find(Person, "by_code", code, limit=1):
                return Refusal(Code.CODE_TAKEN, {"code": code})
            day = (since or command.day).isoformat()
            home = enrolling.household(command, household, day) if household else ""
            party = enrolling.named(command, kind, code, {"name": name, "phone": phone})
            return enrolling.enrolment(command, party, kind, day, home, area, part, known)

        answer = perform(self._book, "enrol", decide, said, by=by, at=at, key=key)
        return answered(self._book, answer)

    def describe(
        self, code: str, *, since: date | None = None, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None, **attributes: Value,
    ) -> Resident:
        """State attributes of a resident or household from a day on (`pledge_signed=True`)."""
        if not attributes:
            raise ValueError("say at least one attribute, for instance pledge_signed=True")
        known = attributes_of_party(attributes)
        check_day(since, "since")

        def decide(command: Command) -> Draft | Refusal:
            person = self._book.person(code)
            party = party_of(self._book, person.id)
            day = (since or command.day).isoformat()
            details = dict(party.details)
            details["attributes"] = with_values(details.get("attributes", {}), day, known)
            return Draft(kind="describe", subject=person.id, at=command.at, day=day,
                         details={"rows": {"party": [keyed(party, details=details)]}})

        said = {"code": code, "since": since, "attributes": known}
        answer = perform(self._book, "describe", decide, said, by=by, at=at, key=key)
        return answered(self._book, answer)

    def move(
        self, code: str, *, household: str = "", area: str = "", part: str = "",
        since: date | None = None, by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Resident:
        """A resident belongs to another household or area from a day on.

        Earning goes by the membership on the deed's day, spending by today's. Who has left does
        not move any more (account_closed).
        """
        household, area = enrolling.home_and_area(household, area)
        enrolling.check_part(part)
        check_day(since, "since")

        def decide(command: Command) -> Draft | Refusal:
            enrolling.place_in(command, area)
            person = self._book.person(code, "resident")
            day = since or command.day
            party = party_of(self._book, person.id)
            if party.closed < day.isoformat():
                return Refusal(Code.ACCOUNT_CLOSED, {"closed": party.closed})
            home = enrolling.household(command, household, day.isoformat()) if household else ""
            old = enrolling.latest(self._book, person.id)
            if old and old.since > day.isoformat():
                return Refusal(Code.STATE_NOT_FITTING, {"what": "move", "state": old.since})
            new = {"resident": person.id, "since": day.isoformat(), "until": FOR_EVER,
                   "household": home or (old.household if old else ""),
                   "area": area or (old.area if old else ""),
                   "part": part or enrolling.part_after(self._book, old, home, day.isoformat())}
            return Draft(
                kind="move", subject=person.id, at=command.at, day=day.isoformat(),
                details={"rows": {"membership": [*enrolling.ended(old, day), new]}},
            )

        said = {"code": code, "household": household, "area": area, "part": part, "since": since}
        answer = perform(self._book, "move", decide, said, by=by, at=at, key=key)
        return answered(self._book, answer)

    def leave(
        self, code: str, *, on: date | None = None, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Resident:
        """A resident or household leaves; `on` is the last day.

        What happens to unspent points then is the rulebook's `on_leaving`.
        """
        check_day(on, "on")

        def decide(command: Command) -> Draft | Refusal:
            person = self._book.person(code, "resident", "household", "team")
            last = on or command.day
            party = party_of(self._book, person.id)
            check_order(party.opened, last.isoformat())
            old = enrolling.latest(self._book, person.id)
            rows: dict[str, Any] = {"party": [keyed(party, closed=last.isoformat())]}
            if old and old.until > last.isoformat():
                rows["membership"] = [{"resident": old.resident, "since": old.since,
                                       "until": last.isoformat()}]
            return Draft(kind="leave", subject=person.id, at=command.at, day=last.isoformat(),
                         details={"rows": rows})

        answer = perform(self._book, "leave", decide, {"code": code, "on": on}, by=by, at=at,
                         key=key)
        return answered(self._book, answer)

    def appoint(
        self, actor: str, *, role: str, area: str = "", resident: str = "",
        since: date | None = None, until: date | None = None, name: str = "", phone: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Resident:
        """Give an actor a role. `resident` is the officer's own record as a resident; left out,
        the officer is declared to live elsewhere."""
        actor, role = text.code(actor, "actor"), text.code(role, "role")
        area, name = text.line(area, "area", most=64), text.line(name, "name")
        phone = text.line(phone, "phone", most=64)
        resident = text.line(resident, "resident", most=64)
        check_day(since, "since")
        check_day(until, "until")
        if role in (SELF, LEDGER, SERVED):
            raise ValueError(f"nobody is appointed {brief(role)}; the book gives that role itself")

        def decide(command: Command) -> Draft | Refusal:
            enrolling.place_in(command, area)
            own = self._book.person(resident, "resident").id if resident else ""
            found = self._book.store.find(Person, "by_code", actor, limit=1)
            if found and found[0].kind not in ("staff", "resident"):
                raise NotFound("staff or resident", actor)
            rows: dict[str, Any] = {}
            day = (since or command.day).isoformat()
            last = until.isoformat() if until else FOR_EVER
            check_order(day, last)
            if found:
                party, own = found[0].id, found[0].id if found[0].kind == "resident" else own
                term = self._book.store.get(Appointment, party, role, area, day)
                check_order(term.until if term else day, last, "; dismiss() ends a term earlier")
            else:
                party = enrolling.named(command, "staff", actor, {"name": name, "phone": phone})
                rows["party"] = [{"id": party, "kind": "staff", "opened": day}]
            rows["appointment"] = [{
                "actor": party, "role": role, "area": area, "since": day,
                "until": last, "resident": own,
            }]
            return Draft(kind="appoint", subject=party, at=command.at, day=day,
                         details={"rows": rows})

        said = {"actor": actor, "role": role, "area": area, "resident": resident,
                "since": since, "until": until, "name": name, "phone": phone}
        answer = perform(self._book, "appoint", decide, said, by=by, at=at, key=key)
        return answered(self._book, answer)

    def dismiss(
        self, actor: str, *, role: str, on: date | None = None, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Resident:
        """End a role; `on` is its last day.

        Raises:
            Refused: state_not_fitting (the last administrator, without whom nobody could appoint).
        """
        role = text.code(role, "role")
        check_day(on, "on")

        def decide(command: Command) -> Draft | Refusal:
            person = self._book.person(actor)
            last = (on or command.day).isoformat()
            terms = [term for term in self._book.store.find(Appointment, "", person.id, role)
                     if term.until > last]
            if not terms:
                raise NotFound("appointment", f"{actor} as {role}")
            if role == ADMIN and not any(
                    term.actor != person.id and term.until > last for term in
                    self._book.store.find(Appointment, "by_role", ADMIN)):
                return Refusal(Code.STATE_NOT_FITTING, {"what": "dismiss", "state": "last admin"})
            return Draft(
                kind="dismiss", subject=person.id, at=command.at, day=last,
                details={"rows": {"appointment": [
                    {"actor": term.actor, "role": term.role, "area": term.area,
                     "since": term.since, "until": last} for term in terms]}},
            )

        said = {"actor": actor, "role": role, "on": on}
        answer = perform(self._book, "dismiss", decide, said, by=by, at=at, key=key)
        return answered(self._book, answer)

    def area(
        self, code: str, *, title: str = "", parent: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> None:
        """Add a node to the tree community -> grid -> building, or describe one anew.

        Raises:
            Refused: state_not_fitting (an area inside of itself).
        """
        code, title = text.code(code, "area"), text.line(title, "title")
        parent = text.line(parent, "parent", most=64)

        def decide(command: Command) -> Draft | Refusal:
            if code in above(self._book.store, parent):
                return Refusal(Code.STATE_NOT_FITTING, {"what": "area", "state": "a circle"})
            enrolling.place_in(command, parent)
            return enrolling.area_draft(command, code, parent, title)

        perform(self._book, "area", decide, {"code": code, "title": title, "parent": parent},
                by=by, at=at, key=key)

    def contacts(self, area: str, *, on: date | None = None) -> tuple[Contact, ...]:
        """Who is there for an area on a day (left out: today), the nearest officers first: those
        of the area itself, then of each area above it, then of the whole community.

        A name or phone stands in it only where the officer agreed: `describe("staff:wang",
        show_name=True, show_phone=True)`.
        """
        check_day(on, "on")
        area = text.line(area, "area", most=64)
        if area and self._book.store.get(Area, area) is None:
            raise NotFound("area", area)
        day = (on or self._book.calendar.day_of(self._book.now())).isoformat()
        return contacts_of(self._book, area, day)

    def __getitem__(self, code: str) -> Resident:
        """The party with this code; NotFound if there is none."""
        return resident_of(self._book, self._book.person(code).id)

    def __iter__(self) -> Iterator[Resident]:
        """Everybody enrolled, residents first, by code."""
        for kind in ("resident", "household", "team", "staff"):
            for person in self._book.store.find(Person, "by_kind", kind):
                yield resident_of(self._book, person.id)

    def members(self, household: str, *, on: date | None = None) -> tuple[Resident, ...]:
        """The residents of a household on a day (left out: today)."""
        check_day(on, "on")
        home = self._book.person(household, "household").id
        day = (on or self._book.calendar.day_of(self._book.now())).isoformat()
        return tuple(
            resident_of(self._book, row.resident)
            for row in self._book.store.find(Membership, "by_household", home, high=day)
            if row.until >= day
        )
