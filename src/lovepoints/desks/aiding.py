"""Drafting what is done for a household in need: cases, pairings, visits with what was brought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.policy import SELF
from lovepoints.core.rows import FOR_EVER
from lovepoints.core.rows_aid import AidCaseRow, PairingRow
from lovepoints.core.work import aid
from lovepoints.desks import reporting, shelf, tasking
from lovepoints.desks.aid_answers import case_row, pairing_row
from lovepoints.desks.command import Command
from lovepoints.errors import Code, Refused

Said = Mapping[str, Any]  # Any: the arguments of a verb, already checked


def opened(command: Command, said: Said) -> Draft | Refusal:
    """The draft of a new case; a household has one at a time."""
    book, day = command.book, command.day.isoformat()
    home = book.person(said["household"], "household", "resident").id
    if refusal := command.own(home) or reporting.has_left(book, [home], command.day):
        return refusal
    if any(row.until == FOR_EVER for row in book.store.find(AidCaseRow, "by_household", home)):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "open", "state": "open"})
    _check_ahead(command, said["review_by"])
    row = {"id": f"b-{command.next_seq}", "household": home, "since": day, "until": FOR_EVER,
           "review_by": said["review_by"].isoformat(), "details": {
               "ground": said["ground"], "level": said["level"], "steps": _steps(said["plan"])}}
    command.seal(str(row["id"]), {"note": said["note"], "plan": said["plan"]})
    return command.draft("open_aid", str(row["id"]), {"aid_case": [row]})


def reviewed(command: Command, case: str, said: Said) -> Draft | Refusal:
    """The draft of a review; what is not said stays as it was."""
    row = case_row(command.book, case)
    _check_ahead(command, said["review_by"])
    plan = said["plan"]
    change = aid.reviewed(
        row, said["level"] or row.details["level"],
        row.details["steps"] if plan is None else _steps(plan), said["review_by"].isoformat())
    if isinstance(change, Refusal):
        return change
    if refusal := command.own(row.household):
        return refusal
    command.seal(f"{row.id}#{command.next_seq}", {
        "note": said["note"], "plan": plan})
    return command.draft("review_aid", row.id, {"aid_case": [change]})


def closed(command: Command, case: str, reason: str) -> Draft | Refusal:
    """The draft of the end of a case; its pairings go on, for neighbours may."""
    row = case_row(command.book, case)
    if not reason:
        return Refusal(Code.REASON_NEEDED, {"what": "close"})
    if refusal := command.own(row.household):
        return refusal
    change = aid.ended(row, command.day.isoformat(), "close")
    if isinstance(change, Refusal):
        return change
    command.seal(f"{row.id}#{command.next_seq}", {"reason": reason})
    return command.draft("close_aid", row.id, {"aid_case": [change]})


def paired(command: Command, said: Said) -> Draft | Refusal:
    """The draft of a pairing, to which the household has agreed."""
    book, today = command.book, command.day.isoformat()
    home = book.person(said["household"], "household", "resident").id
    helper = book.person(said["helper"], "resident", "team", "staff").id
    if not said["agreed"]:
        return Refusal(Code.FACT_MISSING, {"rule": "pair", "missing": ["consent"]})
    if home in {helper, book.household_of(helper, today)} - {""}:
        return Refusal(Code.SELF_CONFIRMATION, {"who": "helper"})
    people = [home] if book.person(said["helper"]).kind == "staff" else [home, helper]
    if refusal := reporting.has_left(book, people, command.day):
        return refusal
    if any(row.helper == helper and row.until == FOR_EVER
           for row in book.store.find(PairingRow, "by_household", home)):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "pair", "state": "paired"})
    row = {"id": f"p-{command.next_seq}", "household": home, "helper": helper, "since": today,
           "until": FOR_EVER, "due": aid.next_visit(today, said["every"]),
           "details": {"every": said["every"], "rule": said["rule"], "days": []}}
    return command.draft("pair_aid", str(row["id"]), {"pairing": [row]})


def parted(command: Command, pairing: str) -> Draft | Refusal:
    """The draft of the end of a pairing; either side may end it without a reason."""
    row = pairing_row(command.book, pairing)
    if command.role == SELF and not _mine(command) & {row.household, row.helper}:
        raise Refused(Code.NOT_PERMITTED, {"verb": command.verb, "roles": ["aid-officer"]})
    change = aid.ended(row, command.day.isoformat(), "part")
    if isinstance(change, Refusal):
        return change
    return command.draft("part_aid", row.id, {"pairing": [change]})


def visited(command: Command, pairing: str, said: Said) -> Draft | Refusal:
    """The draft of a visit: the helper's deed is reported and what was brought leaves the shelf,
    in entries of their own before it."""
    book, row = command.book, pairing_row(command.book, pairing)
    if command.role == SELF and row.helper not in _mine(command):
        raise Refused(Code.NOT_PERMITTED, {"verb": command.verb, "roles": ["aid-officer"]})
    if said["brought"] and not command.actor.role(book.policy["give"]):
        raise Refused(Code.NOT_PERMITTED, {"verb": "give", "roles": sorted(book.policy["give"])})
    day: date = said["on"] or command.day
    if day > command.day:
        raise ValueError(f"on={day} lies in the future; a visit is written down once it was")
    change = aid.visited(row, day.isoformat())
    if isinstance(change, Refusal):
        return change
    if refusal := command.own(row.household):
        return refusal
    deed = _deed(command, row, day, said)
    brought = [_given(command, row, item, pieces) for item, pieces in said["brought"].items()]
    return command.draft("visit_aid", row.id, {"pairing": [change]}, visited=day.isoformat(),
                         deed=deed, brought=brought)


def _deed(command: Command, row: PairingRow, day: date, said: Said) -> str:
    """Report the helper's deed; officers on duty earn nothing. "" where there is none."""
    rule, helper = row.details["rule"], row.helper
    if not rule or helper.startswith("s-"):
        return ""
    draft = reporting.report(command, {
        **tasking.NO_REPORT, "rule": rule, "resident": command.book.code_of(helper), "on": day,
        "evidence": "", "event": f"{row.id}@{day.isoformat()}",
        "quantity": tasking.from_minutes(command, rule, said["minutes"])}, for_others=True)
    tasking.decide(command, draft)
    return draft.subject if isinstance(draft, Draft) else ""


def _given(command: Command, row: PairingRow, item: str, pieces: int) -> str:
    draft = shelf.give(command, {
        "item": item, "quantity": pieces, "reason": row.id,
        "holder": command.book.code_of(row.household)})
    tasking.decide(command, draft)
    return draft.subject if isinstance(draft, Draft) else ""


def _steps(plan: str) -> int:
    return len(plan.splitlines())


def _mine(command: Command) -> set[str]:
    return {command.actor.id, command.actor.resident, command.actor.household} - {""}


def _check_ahead(command: Command, review_by: date) -> None:
    if review_by <= command.day:
        raise ValueError(f"review_by={review_by} does not lie ahead")
