"""Drafting what becomes of households and people over time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from lovepoints.core.card_rows import CardRow
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft, Posting
from lovepoints.core.lineage import ABSORBED, INTO, LINEAGE, OUT_OF
from lovepoints.core.passbooks.passbook import allocate, figure
from lovepoints.core.passbooks.transferring import given
from lovepoints.core.rows import FOR_EVER, Appointment, Bar, Due, Membership, Party, Person
from lovepoints.core.rows_activities import TeamTerm
from lovepoints.core.rows_aid import AidCaseRow, PairingRow
from lovepoints.core.values import point_unit
from lovepoints.desks import enrolling
from lovepoints.desks.answers import amount_of
from lovepoints.desks.command import Command
from lovepoints.desks.passbooks import holding_of
from lovepoints.errors import Code, NotFound, Refused

Said = Mapping[str, Any]  # Any: the arguments of a verb, already checked
Rows = dict[str, list[dict[str, Any]]]  # Any: columns of rows


def joined(command: Command, verb: str, said: Said) -> Draft | Refusal:
    """The draft of a merge of households, or of two records of one person; the calendar carries
    the passbook over right after it."""
    book, kind = command.book, "household" if verb == "merge" else "resident"
    old, new = (_party(command, book.person(said[name], kind).id) for name in ("party", "into"))
    if old.id == new.id:
        return Refusal(Code.STATE_NOT_FITTING, {"what": verb, "state": "the same"})
    if not said["reason"]:
        return Refusal(Code.REASON_NEEDED, {"what": verb})
    if refusal := (command.own(old.id, new.id) or _gone(command, old, new)
                   or _owing(command, verb, old.id)
                   or (_tied(command, old.id) if verb == "unite" else None)):
        return refusal
    day = command.day.isoformat()
    rows: Rows = {"party": [
        {"id": old.id, "closed": day, "details": {**old.details, INTO: [new.id, command.at]}},
        {"id": new.id, "details": {**new.details, ABSORBED: [
            *new.details.get(ABSORBED, ()), old.id]}}],
        "setting": [{"name": LINEAGE, "value": {"stands": True}}]}
    members = _members(command, old.id) if verb == "merge" else []
    moves = [_moved(command, one, new.id) for one in members]
    if verb == "unite" and (own := enrolling.latest(book, old.id)) and own.until >= day:
        moves = [[{"resident": old.id, "since": own.since, "until": day}]]
    if changed := [row for move in moves for row in move]:
        rows["membership"] = changed
    command.settle(old.id)
    command.settle(new.id)
    command.seal(f"e-{command.next_seq}", {"reason": said["reason"]})
    return _told(command, verb, old.id, new.id, [one.resident for one in members], rows)


def split(command: Command, said: Said) -> Draft | Refusal:
    """The draft of a household that some members found, with part of the old one's points."""
    book, day = command.book, command.day.isoformat()
    old = _party(command, book.person(said["household"], "household").id)
    leaving = [book.person(code, "resident").id for code in said["members"]]
    here = {one.resident: one for one in _members(command, old.id)}
    if refusal := command.own(old.id) or _gone(command, old):
        return refusal
    if book.store.find(Person, "by_code", said["into"], limit=1):
        return Refusal(Code.CODE_TAKEN, {"code": said["into"]})
    if not leaving or not set(leaving) < set(here):
        state = "not members" if set(leaving) - set(here) else "all or none would leave"
        return Refusal(Code.STATE_NOT_FITTING, {"what": "split", "state": state})
    command.settle(old.id)
    new = enrolling.named(command, "household", said["into"], {})
    postings = _share(command, old.id, new, said)
    if isinstance(postings, Refusal):
        return postings
    moves = [row for place, one in enumerate(leaving) for row in _moved(
        command, here[one], new, "" if place else "head")]
    rows: Rows = {"party": [{"id": new, "kind": "household", "opened": day,
                             "details": {OUT_OF: [old.id, day]}}],
                  "membership": moves, "setting": [{"name": LINEAGE, "value": {"stands": True}}]}
    rulebook = book.rulebook_on(command.day)
    return attrs.evolve(
        _told(command, "split", old.id, new, leaving, rows, to=new), postings=postings,
        rulebook=rulebook.digest if rulebook and postings else "")


def died(command: Command, said: Said) -> Draft | Refusal:
    """The draft of a death: the membership ends on that day, and cards open nothing any more."""
    book = command.book
    person = _party(command, book.person(said["resident"], "resident").id)
    last: date = said["on"] or command.day
    if last > command.day:
        raise ValueError(f"on={last} lies in the future")
    if refusal := command.own(person.id) or _gone(command, person):
        return refusal
    rows: Rows = {"party": [{"id": person.id, "closed": last.isoformat()}]}
    if (own := enrolling.latest(book, person.id)) and own.until > last.isoformat():
        rows["membership"] = [{"resident": own.resident, "since": own.since,
                               "until": last.isoformat()}]
    if cards := [{"id": card.id, "stopped": max(last.isoformat(), card.since)}
                 for card in book.store.find(CardRow, "by_party", person.id) if not card.stopped]:
        rows["card"] = cards
    return _told(command, "died", person.id, "", [], rows)


def _share(
    command: Command, old: str, new: str, said: Said,
) -> tuple[Posting, ...] | Refusal:
    """The postings of the points that go with those who leave; none were said: none go."""
    if said["points"] is None:
        return ()
    book = command.book
    rulebook = book.rulebook_on(command.day)
    if rulebook is None:
        raise Refused(Code.RULEBOOK_UNKNOWN, {"day": command.day.isoformat()})
    code = said["kind"] or rulebook.main_kind.code
    if code not in {one.code for one in rulebook.kinds}:
        raise NotFound("point kind", code)
    kind, unit = rulebook.kind(code), point_unit(code)
    amount = amount_of(said["points"], kind.decimals)
    lots = holding_of(book, book.store, rulebook, old, command.now).lots.get(unit, ())
    shares = allocate(lots, amount, command.now)
    if isinstance(shares, int):
        return Refusal(Code.INSUFFICIENT_POINTS, {
            "needed": figure(amount, kind.decimals), "kind": kind.title,
            "present": figure(amount - shares, kind.decimals),
            "missing": figure(shares, kind.decimals)})
    by_id = {lot.id: lot for lot in lots}
    return tuple(posting for lot, part in shares
                 for posting in given(old, new, by_id[lot], part, unit))


def _moved(
    command: Command, member: Membership, home: str, part: str = "",
) -> list[dict[str, Any]]:
    """The rows that end a membership on the eve and begin one in another household today."""
    new = {"resident": member.resident, "since": command.day.isoformat(), "until": FOR_EVER,
           "household": home, "area": member.area,
           "part": part or ("member" if member.part == "head" else member.part)}
    return [*enrolling.ended(member, command.day), new]


def _members(command: Command, household: str) -> list[Membership]:
    """Who lives in a household on the day of the command and from then on."""
    day = command.day.isoformat()
    return [one for one in command.book.store.find(Membership, "by_household", household)
            if one.since <= day and one.until == FOR_EVER]


def _party(command: Command, party: str) -> Party:
    found = command.book.store.get(Party, party)
    assert found is not None, "whoever has a code was enrolled"
    return found


def _gone(command: Command, *parties: Party) -> Refusal | None:
    closed = [one.closed for one in parties if one.closed < command.day.isoformat()
              or INTO in one.details]
    return Refusal(Code.ACCOUNT_CLOSED, {"closed": closed[0]}) if closed else None


def _owing(command: Command, verb: str, party: str) -> Refusal | None:
    """The refusal to merge away a bar that stands, or a deduction that waits for its day."""
    store, today = command.book.store, command.today.isoformat()
    if any(bar.until >= today for bar in store.find(Bar, "", party)):
        return Refusal(Code.STATE_NOT_FITTING, {"what": verb, "state": "barred"})
    if any(due.kind == "deduct" for due in store.find(Due, "by_holder", party, 0)):
        return Refusal(Code.STATE_NOT_FITTING, {"what": verb, "state": "a deduction waits"})
    return None


def _tied(command: Command, resident: str) -> Refusal | None:
    """The refusal to end a record that still holds something of its own."""
    store, today = command.book.store, command.today.isoformat()
    ends = [*(one.until for one in store.find(Appointment, "", resident)),
            *(one.until for one in store.find(TeamTerm, "by_resident", resident)),
            *(one.until for one in store.find(PairingRow, "by_helper", resident)),
            *(one.until for one in store.find(AidCaseRow, "by_household", resident))]
    if any(until >= today for until in ends):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "unite", "state": "holds a place"})
    return None


def _told(
    command: Command, kind: str, party: str, other: str, members: list[str], rows: Rows,
    **details: str,
) -> Draft:
    return command.draft(kind, f"passbook:{party}", rows, **details, told={
        "party": party, "other": other, "members": members})
