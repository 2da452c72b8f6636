"""The residents' desk: who lives where, who holds which office, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal, Value
from lovepoints.core.journal import Draft
from lovepoints.core.policy import ADMIN, LEDGER, SELF
from lovepoints.core.rating.facts import attributes_on
from lovepoints.core.rows import FOR_EVER, Appointment, Area, Membership, Party, Person, Sealed
from lovepoints.desks.attributes import attributes_of_party, keyed, with_values
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, check_day, check_order, perform
from lovepoints.errors import Code, NotFound, brief

PARTS = ("head", "member", "minor")
"""What a resident is in her household. The first one enrolled becomes its head."""


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
        household, area = _home(household, area)
        phone = text.line(phone, "phone", most=64)
        known = attributes_of_party(attributes)
        check_day(since, "since")
        said = {"code": code, "name": name, "household": household, "area": area, "part": part,
                "kind": kind, "attributes": known, "phone": phone, "since": since}
        if kind not in ("resident", "household", "team"):
            raise ValueError(f'kind is "resident", "household" or "team", not {brief(kind)}')
        _check_part(part)

        def decide(command: Command) -> Draft | Refusal:
            self._area(command, area)
            if self._book.store.find(Person, "by_code", code, limit=1):
                return Refusal(Code.CODE_TAKEN, {"code": code})
            day = (since or command.day).isoformat()
            home = self._household(command, household, day) if household else ""
            party = self._name(command, kind, code, {"name": name, "phone": phone})
            return self._enrolment(command, party, kind, day, home, area, part, known)

        answer = perform(self._book, "enrol", decide, said, by=by, at=at, key=key)
        return self._answered(answer)

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
            party = self._party(person.id)
            day = (since or command.day).isoformat()
            details = dict(party.details)
            details["attributes"] = with_values(details.get("attributes", {}), day, known)
            return Draft(kind="describe", subject=person.id, at=command.at, day=day,
                         details={"rows": {"party": [keyed(party, details=details)]}})

        said = {"code": code, "since": since, "attributes": known}
        answer = perform(self._book, "describe", decide, said, by=by, at=at, key=key)
        return self._answered(answer)

    def move(
        self, code: str, *, household: str = "", area: str = "", part: str = "",
        since: date | None = None, by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Resident:
        """A resident belongs to another household or area from a day on.

        Earning goes by the membership on the deed's day, spending by today's. Who has left does
        not move any more (account_closed).
        """
        household, area = _home(household, area)
        _check_part(part)
        check_day(since, "since")

        def decide(command: Command) -> Draft | Refusal:
            self._area(command, area)
            person = self._book.person(code, "resident")
            day = since or command.day
            party = self._party(person.id)
            if party.closed < day.isoformat():
                return Refusal(Code.ACCOUNT_CLOSED, {"closed": party.closed})
            home = self._household(command, household, day.isoformat()) if household else ""
            old = self._latest(person.id)
            if old and old.since > day.isoformat():
                return Refusal(Code.STATE_NOT_FITTING, {"what": "move", "state": old.since})
            new = {"resident": person.id, "since": day.isoformat(), "until": FOR_EVER,
                   "household": home or (old.household if old else ""),
                   "area": area or (old.area if old else ""),
                   "part": part or self._new_part(old, home, day.isoformat())}
            return Draft(
                kind="move", subject=person.id, at=command.at, day=day.isoformat(),
                details={"rows": {"membership": [*_ended(old, day), new]}},
            )

        said = {"code": code, "household": household, "area": area, "part": part, "since": since}
        answer = perform(self._book, "move", decide, said, by=by, at=at, key=key)
        return self._answered(answer)

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
            party = self._party(person.id)
            check_order(party.opened, last.isoformat())
            old = self._latest(person.id)
            rows: dict[str, Any] = {"party": [keyed(party, closed=last.isoformat())]}
            if old and old.until > last.isoformat():
                rows["membership"] = [{"resident": old.resident, "since": old.since,
                                       "until": last.isoformat()}]
            return Draft(kind="leave", subject=person.id, at=command.at, day=last.isoformat(),
                         details={"rows": rows})

        answer = perform(self._book, "leave", decide, {"code": code, "on": on}, by=by, at=at,
                         key=key)
        return self._answered(answer)

    def appoint(
        self, actor: str, *, role: str, area: str = "", resident: str = "",
        since: date | None = None, until: date | None = None, name: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Resident:
        """Give an actor a role. `resident` is the officer's own record as a resident; left out,
        the officer is declared to live elsewhere."""
        actor, role = text.code(actor, "actor"), text.code(role, "role")
        area, name = text.line(area, "area", most=64), text.line(name, "name")
        resident = text.line(resident, "resident", most=64)
        check_day(since, "since")
        check_day(until, "until")
        if role in (SELF, LEDGER):
            raise ValueError(f"nobody is appointed {brief(role)}; the book gives that role itself")

        def decide(command: Command) -> Draft | Refusal:
            self._area(command, area)
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
                party = self._name(command, "staff", actor, {"name": name})
                rows["party"] = [{"id": party, "kind": "staff", "opened": day}]
            rows["appointment"] = [{
                "actor": party, "role": role, "area": area, "since": day,
                "until": last, "resident": own,
            }]
            return Draft(kind="appoint", subject=party, at=command.at, day=day,
                         details={"rows": rows})

        said = {"actor": actor, "role": role, "area": area, "resident": resident,
                "since": since, "until": until, "name": name}
        answer = perform(self._book, "appoint", decide, said, by=by, at=at, key=key)
        return self._answered(answer)

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
        return self._answered(answer)

    def area(
        self, code: str, *, title: str = "", parent: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> None:
        """Add a node to the tree community -> grid -> building."""
        code, title = text.code(code, "area"), text.line(title, "title")
        parent = text.line(parent, "parent", most=64)

        def decide(command: Command) -> Draft | Refusal:
            self._area(command, parent)
            return _area_draft(command, code, parent, title)

        perform(self._book, "area", decide, {"code": code, "title": title, "parent": parent},
                by=by, at=at, key=key)

    def __getitem__(self, code: str) -> Resident:
        """The party with this code; NotFound if there is none."""
        return self._resident(self._book.person(code).id)

    def __iter__(self) -> Iterator[Resident]:
        """Everybody enrolled, residents first, by code."""
        for kind in ("resident", "household", "team", "staff"):
            for person in self._book.store.find(Person, "by_kind", kind):
                yield self._resident(person.id)

    def members(self, household: str, *, on: date | None = None) -> tuple[Resident, ...]:
        """The residents of a household on a day (left out: today)."""
        check_day(on, "on")
        home = self._book.person(household, "household").id
        day = (on or self._book.calendar.day_of(self._book.now())).isoformat()
        return tuple(
            self._resident(row.resident)
            for row in self._book.store.find(Membership, "by_household", home, high=day)
            if row.until >= day
        )

    def _enrolment(
        self, command: Command, party: str, kind: str, day: str, home: str, area: str,
        part: str, attributes: Mapping[str, Value],
    ) -> Draft:
        details = {"attributes": with_values({}, day, attributes)} if attributes else {}
        rows: dict[str, Any] = {
            "party": [{"id": party, "kind": kind, "opened": day, "details": details}]
        }
        if kind == "resident":
            rows["membership"] = [{
                "resident": party, "since": day, "household": home, "area": area,
                "part": part or self._part(home, day),
            }]
        return Draft(kind="enrol", subject=party, at=command.at, day=day,
                     details={"rows": rows})

    def _name(self, command: Command, kind: str, code: str, personal: Mapping[str, str]) -> str:
        party = self._book.fresh_id(kind)
        self._book.store.put(Person(id=party, kind=kind, code=code))
        command.seal(party, {"code": code, **personal})
        return party

    def _household(self, command: Command, code: str, day: str) -> str:
        """The household with this code, enrolled by an entry of its own if it is new."""
        found = self._book.store.find(Person, "by_code", code, limit=1)
        if found and found[0].kind != "household":
            raise NotFound("household", code)
        if found:
            return found[0].id
        party = self._name(command, "household", code, {})
        command.write(Draft(
            kind="enrol", subject=party, at=command.at, day=day,
            details={"rows": {"party": [{"id": party, "kind": "household", "opened": day}]}},
        ))
        return party

    def _part(self, household: str, day: str) -> str:
        """The first one in a household is its head."""
        if not household:
            return "head"
        rows = self._book.store.find(Membership, "by_household", household)
        return "member" if any(row.until >= day for row in rows) else "head"

    def _new_part(self, old: Membership | None, home: str, day: str) -> str:
        """What a resident is after a move: in the same household what she was."""
        if old and (not home or home == old.household):
            return old.part
        return self._part(home, day)

    def _latest(self, resident: str) -> Membership | None:
        found = self._book.store.find(Membership, "", resident, reverse=True, limit=1)
        return found[0] if found else None

    def _area(self, command: Command, code: str) -> None:
        """An area named for the first time is added by an entry of its own."""
        if code and self._book.store.get(Area, code) is None:
            command.write(_area_draft(command, text.code(code, "area"), "", ""))

    def _party(self, party: str) -> Party:
        found = self._book.store.get(Party, party)
        if found is None:
            raise NotFound("party", party)
        return found

    def _answered(self, answer: Answer) -> Resident:
        found = self._resident(answer.entry.subject)
        return attrs.evolve(found, key=answer.key, is_repeat=answer.is_repeat)

    def _resident(self, party_id: str) -> Resident:
        party = self._party(party_id)
        today = self._book.calendar.day_of(self._book.now()).isoformat()
        member = self._book.membership(party_id, today)
        sealed = self._book.store.get(Sealed, party_id)
        return Resident(
            id=party_id, code=self._book.code_of(party_id), kind=party.kind,
            name=sealed.details.get("name", "") if sealed else "",
            household=self._book.code_of(member.household) if member else "",
            area=member.area if member else "", part=member.part if member else "",
            opened=party.opened, closed=party.closed,
            attributes=attributes_on(party, today),
            roles=tuple(term.role for term in self._book.store.find(Appointment, "", party_id)
                        if term.since <= today <= term.until),
        )


def _home(household: str, area: str) -> tuple[str, str]:
    return text.line(household, "household", most=64), text.line(area, "area", most=64)


def _check_part(part: str) -> None:
    if text.line(part, "part") and part not in PARTS:
        raise ValueError(f"part is one of {', '.join(PARTS)}, not {brief(part)}")


def _area_draft(command: Command, code: str, parent: str, title: str) -> Draft:
    return Draft(
        kind="area", subject=f"area:{code}", at=command.at, day=command.day.isoformat(),
        details={"rows": {"area": [{"code": code, "parent": parent, "title": title}]}},
    )


def _ended(old: Membership | None, day: date) -> list[dict[str, Any]]:
    """The change that ends a membership on the day before; one that begins that day is replaced."""
    if old is None or old.until < day.isoformat() or old.since == day.isoformat():
        return []
    eve = (day - timedelta(days=1)).isoformat()
    return [{"resident": old.resident, "since": old.since, "until": eve}]
