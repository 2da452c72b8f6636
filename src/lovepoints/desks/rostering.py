"""Drafting a rota: shifts planned as tasks with who has them, offered, taken, given back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.policy import SELF
from lovepoints.core.rows import Area
from lovepoints.core.rows_work import RotaRow, ShiftRow, TaskRow
from lovepoints.core.work import rotas, tasks
from lovepoints.core.work.tasks import TaskKind, TaskState, parties
from lovepoints.desks import tasking
from lovepoints.desks.command import Command
from lovepoints.desks.rota_answers import had_of, rota_row, shift_row, slot_of, there_on
from lovepoints.desks.task_answers import kind_of_task
from lovepoints.errors import Code, NotFound, Refused

Said = Mapping[str, Any]  # Any: the arguments of a verb, already checked


def defined(command: Command, said: Said) -> Draft:
    """The draft of a rota; what was planned by an earlier pattern stays planned."""
    book, before = command.book, command.book.store.get(RotaRow, said["code"])
    kind_of_task(book.store, said["kind"])
    if said["area"] and book.store.get(Area, said["area"]) is None:
        raise NotFound("area", said["area"])
    details = {"pattern": [list(one) for one in said["pattern"]],
               "away": before.details["away"] if before else []}
    return command.draft("define_rota", f"rota:{said['code']}", {"rota": [{
        "code": said["code"], "title": said["title"], "kind": said["kind"], "area": said["area"],
        "team": book.person(said["team"], "team").id, "details": details}]})


def planned(command: Command, said: Said) -> Draft | Refusal:
    """The draft of a plan: a task for each shift of these days that has none yet, given to whose
    turn it is."""
    book, row = command.book, rota_row(command.book, said["rota"])
    kind = kind_of_task(book.store, row.kind)
    before = book.store.find(ShiftRow, "", row.code)
    wanted = [slot for slot in rotas.slots(row.details["pattern"], said["since"], said["until"])
              if slot not in {slot_of(one) for one in before}]
    if len(wanted) > rotas.SLOTS_MAX:
        raise ValueError(f"one plan makes at most {rotas.SLOTS_MAX} shifts; plan fewer days")
    plan = rotas.assigned(wanted, had_of(book, before), lambda day: there_on(book, row, day))
    turns = {one.slot: one.who for one in plan}
    rows = [{"rota": row.code, "day": slot.day, "start": slot.start, "end": slot.end,
             "people": slot.people, "details": {"offers": []},
             "task": _given(command, row, kind, slot, turns[slot])} for slot in wanted]
    return command.draft("plan_rota", f"rota:{row.code}", {"shift": rows})


def offered(command: Command, task: str, to: str, resident: str) -> Draft | Refusal:
    """The draft of an offer: a member is asked to take a place that is free, or that of somebody
    who wants to give it away."""
    book, row, work = command.book, *_open(command, task)
    member, doers = book.person(to, "resident").id, parties(work, "doers")
    own = command.actor.resident
    giver = book.person(resident, "resident").id if resident else own if own in doers else ""
    if command.role == SELF and (not giver or giver != own):
        raise Refused(Code.NOT_PERMITTED, {"verb": command.verb, "roles": ["patrol-captain"]})
    if giver and giver not in doers:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "offer", "state": "does not have it"})
    if not giver and len(doers) >= row.people:
        return Refusal(Code.NO_PLACE_LEFT, {"places": row.people})
    offers = [*(one for one in row.details["offers"] if one[1] != member), [giver, member]]
    return _wrong_member(command, row, work, member) or command.draft(
        "offer_rota", work.id, {"shift": [_offers(row, offers)]})


def taken(command: Command, task: str, resident: str) -> Draft | Refusal:
    """The draft of saying yes to an offer: whoever offered gives the shift back, and the other
    takes it, in one transaction."""
    row, work = _open(command, task)
    member = tasking.worker(command, work, resident)
    found = [giver for giver, to in row.details["offers"] if to == member]
    if not found:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "take", "state": "not offered"})
    if refusal := _wrong_member(command, row, work, member):
        return refusal
    giver = found[0]
    if giver:
        if giver not in parties(work, "doers"):
            return Refusal(Code.STATE_NOT_FITTING, {"what": "take", "state": "given back"})
        _step(command, work, "hand_back", tasks.given_back(work, "hand_back", giver), giver)
        work = _task(command, work.id)
    _step(command, work, "accept", tasks.accepted(
        work, _open_kind(command, work, row.people), member), member)
    left = [one for one in row.details["offers"]
            if one[1] != member and (not giver or one[0] != giver)]
    return command.draft("take_rota", work.id, {"shift": [_offers(row, left)]})


def away(command: Command, said: Said) -> Draft | Refusal:
    """The draft of days away: the shifts of these days are given back, and none is planned."""
    book, row = command.book, rota_row(command.book, said["rota"])
    member = book.person(said["resident"], "resident").id if said["resident"] else (
        command.actor.resident)
    if not member or (command.role == SELF and member != command.actor.resident):
        raise Refused(Code.NOT_PERMITTED, {"verb": command.verb, "roles": ["patrol-captain"]})
    since, until = said["since"].isoformat(), said["until"].isoformat()
    given_back = []
    for shift in book.store.find(ShiftRow, "by_day", low=since, high=until):
        work = _task(command, shift.task)
        if (shift.rota == row.code and member in parties(work, "doers")
                and work.state == TaskState.ACCEPTED):
            _step(command, work, "hand_back", tasks.given_back(work, "hand_back", member), member)
            given_back.append(work.id)
    details = {**row.details, "away": [*row.details["away"], [member, since, until]]}
    return command.draft(
        "away_rota", f"rota:{row.code}", {"rota": [{"code": row.code, "details": details}]},
        resident=member, since=since, until=until, given_back=given_back)


def _given(
    command: Command, row: RotaRow, kind: TaskKind, slot: rotas.Slot, who: tuple[str, ...],
) -> str:
    """Write the task of a shift, taken by those whose turn it is."""
    said = {"area": row.area, "deed": "", "resident": "", "labels": {}, "channel": "",
            "place": "", "note": "", "due_on": date.fromisoformat(slot.day)}
    work = tasking.ask(command, kind, said)
    work = attrs.evolve(work, details={**work.details, "minutes": slot.end - slot.start})
    tasking.check_area(command, work)
    command.write(tasking.asked(command, work, said))
    for one in who:
        work = _task(command, work.id)
        _step(command, work, "accept", tasks.accepted(
            work, attrs.evolve(kind, is_open=True, places=slot.people), one), one)
    return work.id


def _step(
    command: Command, work: TaskRow, move: str, change: dict[str, Any] | Refusal, party: str,
) -> None:
    tasking.decide(command, tasking.moved(command, work, move, change, party=party))


def _open(command: Command, task: str) -> tuple[ShiftRow, TaskRow]:
    """The shift of a task that is still to be done."""
    row = shift_row(command.book, task)
    work = _task(command, row.task)
    tasking.check_area(command, work)
    if refusal := tasks.wrong_move(work, "accept"):
        raise Refused(refusal.code, refusal.facts)
    return row, work


def _wrong_member(
    command: Command, row: ShiftRow, work: TaskRow, member: str,
) -> Refusal | None:
    """The refusal of somebody who has the shift, is not in the team that day, or is busy then."""
    book, rota = command.book, rota_row(command.book, row.rota)
    same_day = had_of(book, book.store.find(ShiftRow, "by_day", row.day))
    state = ("has it" if member in parties(work, "doers")
             else "not in the team" if member not in there_on(book, rota, row.day)
             else "busy" if any(member in one.who and one.slot.meets(slot_of(row))
                                for one in same_day) else "")
    return Refusal(Code.STATE_NOT_FITTING, {"what": "take", "state": state}) if state else None


def _open_kind(command: Command, work: TaskRow, people: int) -> TaskKind:
    kind = kind_of_task(command.book.store, work.kind)
    return attrs.evolve(kind, is_open=True, places=people)


def _offers(row: ShiftRow, offers: list[Any]) -> dict[str, Any]:
    return {"rota": row.rota, "day": row.day, "start": row.start, "details": {"offers": offers}}


def _task(command: Command, task: str) -> TaskRow:
    found = command.book.store.get(TaskRow, task)
    assert found is not None, "a shift is planned together with its task"
    return found
