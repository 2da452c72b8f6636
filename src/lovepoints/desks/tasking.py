"""Drafting the moves of a task: load who and where, let the core decide, put it together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import attrs

from lovepoints.core.deeds import Refusal, Status, Verdict
from lovepoints.core.journal import Draft
from lovepoints.core.lives import confirm_of
from lovepoints.core.points import quantities_of
from lovepoints.core.policy import SELF, SERVED
from lovepoints.core.rating.facts import membership
from lovepoints.core.rating.reporting import forms_of
from lovepoints.core.rows import FOR_EVER, Appointment, Area, DeedRow, Party
from lovepoints.core.rows_activities import OccurrenceRow
from lovepoints.core.rows_work import TaskMove, TaskRow
from lovepoints.core.work import tasks
from lovepoints.core.work.areas import above, lies_in
from lovepoints.core.work.tasks import TaskKind, TaskState, parties
from lovepoints.desks import deciding, forwarding, reporting
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command
from lovepoints.errors import Code, NotFound, Refused

Said = Mapping[str, Any]  # Any: the arguments of a verb, already checked
_CLOCK = ("check_in", "check_out")
_MINUTE = 60_000_000
_FINEST = Decimal("0.000001")
LIVE = (Status.SUBMITTED, Status.REOPENED, Status.CONFIRMED)
NO_REPORT: Said = {"place": "", "matter": "", "note": "", "attributes": {}, "joint": (),
                    "end_day": None, "reason": "", "channel": "", "work": ""}


def ask(command: Command, kind: TaskKind, said: Said) -> TaskRow:
    """The row of a task that is asked for, as the entry about to be written will make it.

    Of a task that a deed opened nobody is the asker: whoever reported it is not to be found out,
    and what is written for it repeats nothing of the report.
    """
    book, asker, area = command.book, "", said["area"]
    deed = book.store.get(DeedRow, said["deed"]) if said["deed"] else None
    if said["deed"] and deed is None:
        raise NotFound("deed", said["deed"])
    if deed is not None:
        written = "\n".join((said["place"], said["note"], *said["labels"].values()))
        if found := forwarding.telling(book.store, deed, written):
            raise ValueError(f"the task holds {found} of its deed; write it in other words")
    elif said["resident"] or command.role == SELF:
        asker = (book.person(said["resident"], "resident", "household", "team").id
                 if said["resident"] else command.actor.resident)
    if command.role == SELF and asker not in (command.actor.resident, command.actor.household):
        raise Refused(Code.NOT_PERMITTED, {"verb": "ask_task", "roles": ["collector"]})
    if area and book.store.get(Area, area) is None:
        raise NotFound("area", area)
    if not area:
        member = membership(book.store, asker, command.day.isoformat()) if asker else None
        area = member.area if member else deed.area if deed else ""
    return TaskRow(
        id=f"w-{command.next_seq}", kind=kind.code, state=str(TaskState.ASKED), area=area,
        channel=said["channel"], asker=asker, deed=said["deed"], day=command.day.isoformat(),
        due=due_day(command, kind, said), seq=command.next_seq,
        details={"labels": said["labels"]} if said["labels"] else {})


def asked(command: Command, row: TaskRow, said: Said) -> Draft:
    """The draft of a task's first entry."""
    command.seal(row.id, {"place": said["place"], "note": said["note"]})
    columns = {name: value for name, value in attrs.asdict(row, recurse=False).items()
               if name != "seq"}
    return _draft(command, row, "ask", columns, party=row.asker)


def moved(
    command: Command, row: TaskRow, move: str, change: dict[str, Any] | Refusal, *,
    party: str = "", words: Mapping[str, str] | None = None, **details: Any,  # Any: JSON values
) -> Draft | Refusal:
    """The draft of one move; `words` are what was said with it."""
    if isinstance(change, Refusal):
        return change
    command.seal(f"{row.id}#{command.next_seq}", words or {})
    return _draft(command, row, move, change, party=party, **details)


def due_day(command: Command, kind: TaskKind, said: Said) -> str:
    """The last day in time as ISO text: the one said, else by the kind's limit from today."""
    if said.get("due_on"):
        return str(said["due_on"].isoformat())
    return (command.day + timedelta(days=kind.days)).isoformat() if kind.days else FOR_EVER


def check_area(command: Command, row: TaskRow | OccurrenceRow) -> None:
    """An officer of an area moves the tasks of that area only; one without an area, all.

    Raises:
        Refused: not_permitted.
    """
    store, today = command.book.store, command.today.isoformat()
    if command.role == SELF:
        return
    terms = store.find(Appointment, "", command.actor.id, command.role)
    areas = [term.area for term in terms if term.since <= today <= term.until]
    if not any(lies_in(store, row.area, area) for area in areas):
        raise Refused(Code.NOT_PERMITTED, {"verb": command.verb, "area": row.area})


def worker(command: Command, row: TaskRow, resident: str) -> str:
    """Who does the work: the resident, team or officer that was named, else the actor.

    Raises:
        Refused: not_permitted, where a resident without an office speaks for somebody else.
    """
    own = command.actor.resident or command.actor.id
    found = (command.book.person(resident, "resident", "team", "staff").id if resident else own)
    if found != own:
        if command.role == SELF:
            raise Refused(Code.NOT_PERMITTED, {"verb": command.verb, "roles": ["grid-officer"]})
        check_area(command, row)
    return found


def check_asker(command: Command, row: TaskRow) -> None:
    """A resident without an office speaks of what she or her household asked for only."""
    if command.role == SELF:
        if row.asker not in {command.actor.resident, command.actor.household} - {""}:
            raise Refused(Code.NOT_PERMITTED, {"verb": command.verb, "roles": ["grid-officer"]})
    else:
        check_area(command, row)


def serves_herself(command: Command, row: TaskRow, doer: str) -> Refusal | None:
    """Nobody is paid for what she or her household asked for."""
    if not row.asker:
        return None
    homes = _homes(command, doer) & _homes(command, row.asker)
    return Refusal(Code.SELF_CONFIRMATION, {"who": "asker"}) if homes else None


def is_own_work(command: Command, row: TaskRow) -> bool:
    """Whether the actor, or somebody of her household, did the work."""
    mine = {command.actor.id, command.actor.resident, command.actor.household} - {""}
    theirs = set().union(*(_homes(command, doer) for doer in parties(row, "doers")))
    return bool(mine & theirs)


def risen(command: Command, row: TaskRow, kind: TaskKind) -> dict[str, Any] | Refusal:
    """The change of a task that rises to the area above, with a new limit."""
    if not row.area:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "escalate", "state": "whole community"})
    return tasks.escalated(row, above(command.book.store, row.area)[1],
                           due_day(command, kind, {}))


def clocked(command: Command, row: TaskRow, move: str, doer: str) -> dict[str, Any] | Refusal:
    """The change of a check-in or check-out: none but that it happened, after the last one."""
    moves = [one for one in command.book.store.find(TaskMove, "", row.id) if one.party == doer]
    is_in = _is_in(moves)
    if doer not in parties(row, "doers") or is_in != (move == "check_out"):
        return Refusal(Code.STATE_NOT_FITTING, {"what": move, "state": row.state})
    if any(one.at > command.at for one in moves if one.move in _CLOCK):
        raise ValueError(f"at={command.at} lies before the last check-in or check-out")
    return {"id": row.id, "state": row.state}


def not_finished(
    command: Command, row: TaskRow, kind: TaskKind, doer: str, said: Said,
) -> Refusal | None:
    """The refusal of an end: by who did not do it, for oneself, or with a check-out missing."""
    doers = parties(row, "doers")
    if doers and doer not in doers:
        if command.role == SELF:
            raise Refused(Code.NOT_PERMITTED, {"verb": command.verb, "roles": ["grid-officer"]})
        check_area(command, row)
    if not doers and not kind.is_open and command.role == SELF:
        raise Refused(Code.NOT_PERMITTED, {"verb": command.verb, "roles": ["grid-officer"]})
    if not doers and (refusal := serves_herself(command, row, doer)):
        return refusal
    moves = command.book.store.find(TaskMove, "", row.id)
    late = [one for one in doers if _is_in([move for move in moves if move.party == one])]
    if late and not said["quantity"]:
        return Refusal(Code.FACT_MISSING, {"rule": kind.code, "missing": ["check_out"]})
    return None


def reported(
    command: Command, row: TaskRow, kind: TaskKind, doers: list[str], said: Said,
) -> list[str] | Refusal:
    """Report the deeds of those who did the work, an entry each; their ids.

    Who has no record as a resident does it on duty and earns nothing. A deed that an earlier end
    of the same task reported still stands for its doer.
    """
    if not kind.rule:
        return []
    standing = {doer for deed in deeds_of(command.book, row) if deed.status in LIVE
                for doer in deed.details["doers"]}
    found = []
    for doer in doers:
        party = command.book.store.get(Party, doer)
        if party is None or party.kind == "staff" or doer in standing:
            continue
        draft = reporting.report(command, {
            **NO_REPORT, "rule": kind.rule, "resident": command.book.code_of(doer),
            "on": said["on"], "evidence": said["evidence"], "event": row.id, "work": row.id,
            "quantity": _at_most(command, row, kind.rule, said["quantity"]
                                 or _from_minutes(command, row, kind, doer))},
            for_others=True)
        if isinstance(draft, Refusal):
            return draft
        command.settle_again(command.write(draft))
        found.append(draft.subject)
    return found


def confirm_as_served(command: Command, row: TaskRow) -> None:
    """Confirm what the doers reported, where the rule leaves it to the person served and it is
    she, or her household, who speaks."""
    rulebook = command.book.rulebook_on(command.day)
    for deed in deeds_of(command.book, row) if command.role == SELF and rulebook else ():
        rule = rulebook.rule(deed.rule) if rulebook else None
        if (rulebook and rule and SERVED in confirm_of(rulebook, rule).by
                and deed.status in (Status.SUBMITTED, Status.REOPENED)):
            decide(command, deciding.confirm(command, deed, Verdict(stage=""), ""))


def unsettle(command: Command, row: TaskRow | OccurrenceRow, reason: str) -> None:
    """What finishing the task had earned is frozen, now that it is open again."""
    for deed in deeds_of(command.book, row):
        if deed.status == Status.CONFIRMED:
            decide(command, deciding.reopen(command, deed, reason))


def void(command: Command, row: TaskRow | OccurrenceRow, reason: str) -> None:
    """A task that ends without being resolved earns nothing: its deeds are taken back."""
    unsettle(command, row, reason)
    for deed in deeds_of(command.book, row):
        if deed.status in LIVE:
            decide(command, deciding.close(command, deed, Status.WITHDRAWN, reason))


def minutes_of(book: Book, row: TaskRow, doer: str) -> int:
    """Minutes between a doer's check-ins and check-outs, each to the nearest whole one; an open one
    counts nothing."""
    minutes, since = 0, 0
    for move in book.store.find(TaskMove, "", row.id):
        if move.party == doer and move.move == "check_in":
            since = move.at
        elif move.party == doer and move.move == "check_out":
            minutes += (move.at - since + _MINUTE // 2) // _MINUTE
    return minutes


def _is_in(moves: list[TaskMove]) -> bool:
    """Whether somebody's last check-in has no check-out yet."""
    return [move.move for move in moves if move.move in _CLOCK][-1:] == ["check_in"]


def _draft(
    command: Command, row: TaskRow, move: str, change: Mapping[str, Any], *, party: str,
    **details: Any,  # Any: JSON values
) -> Draft:
    return Draft(
        kind=f"{move}_task", subject=row.id, at=command.at, day=command.day.isoformat(),
        details={"rows": {"task": [dict(change)], "task_move": [{
            "task": row.id, "move": move, "state": change["state"],
            "day": command.day.isoformat(), "at": command.at, "by": command.actor.id,
            "party": party, "area": change.get("area", row.area), "details": details}]}})


def _homes(command: Command, party: str) -> set[str]:
    return {party, command.book.household_of(party, command.today.isoformat())} - {""}


def deeds_of(book: Book, row: TaskRow | OccurrenceRow) -> list[DeedRow]:
    """The deeds that a task or an occurrence reported."""
    found = [book.store.get(DeedRow, deed) for deed in parties(row, "deeds")]
    return [deed for deed in found if deed is not None]


def decide(command: Command, draft: Draft | Refusal) -> None:
    """Write a decision that belongs to this verb; a refused one refuses the verb."""
    if isinstance(draft, Refusal):
        raise Refused(draft.code, draft.facts)
    command.settle_again(command.write(draft))


def _from_minutes(
    command: Command, row: TaskRow, kind: TaskKind, doer: str,
) -> dict[str, Decimal]:
    """The time that a doer's check-ins show, where the rule asks for hours or minutes."""
    return from_minutes(command, kind.rule, minutes_of(command.book, row, doer))


def _at_most(
    command: Command, row: TaskRow, rule: str, quantity: Mapping[str, Decimal],
) -> dict[str, Decimal]:
    """A quantity of time cut down to the minutes that were planned for the task, if any were."""
    planned = from_minutes(command, rule, row.details.get("minutes", 0))
    most = {**planned, "": next(iter(planned.values()), Decimal(0))} if planned else {}
    return {name: min(value, most.get(name, value)) for name, value in quantity.items()}


def from_minutes(command: Command, code: str, minutes: int) -> dict[str, Decimal]:
    """So many minutes as the quantity that a rule asks for; nothing where it asks for no time."""
    rulebook = command.book.rulebook_on(command.day)
    rule = rulebook.rule(code) if rulebook else None
    names = set().union(*(quantities_of(form) for form in forms_of(rule))) if rule else set()
    if minutes and "minute" in names:
        return {"minute": Decimal(minutes)}
    if minutes and "hour" in names:
        return {"hour": (Decimal(minutes) / 60).quantize(_FINEST, ROUND_HALF_UP)}
    return {}
