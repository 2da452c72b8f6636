"""Drafting the moves of an occurrence: who comes, what was held, one award for the whole group."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from lovepoints.core.deeds import Refusal, Status, Verdict
from lovepoints.core.journal import Draft
from lovepoints.core.policy import FIELD, SELF
from lovepoints.core.rows import Area, Sealed
from lovepoints.core.rows_activities import OccurrenceRow
from lovepoints.core.work import activities
from lovepoints.core.work.activities import OccurrenceState, people
from lovepoints.desks import deciding, reporting, tasking
from lovepoints.desks.activity_answers import activity_row, occurrence_row
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command, plain
from lovepoints.errors import Code, NotFound, Refused

Said = Mapping[str, Any]  # Any: the arguments of a verb, already checked


def planned(command: Command, said: Said, days: list[date]) -> Draft | Refusal:
    """The draft of a plan: an occurrence on each of the days, none of which is planned already."""
    store, activity = command.book.store, activity_row(command.book, said["activity"])
    if said["area"] and store.get(Area, said["area"]) is None:
        raise NotFound("area", said["area"])
    if again := _planned_already(command.book, activity.code, said, days):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "plan", "state": f"planned for {again}"})
    places = said["places"] or activity.details["places"]
    rows = [{
        "id": f"a-{command.next_seq}" + (f".{place:03}" if len(days) > 1 else ""),
        "activity": activity.code, "state": "planned", "area": said["area"],
        "day": day.isoformat(), "details": {
            "places": places, "start": said["start"], "end": said["end"], "signed": [],
            "waiting": [], "present": [], "deeds": [], "shares": {}}}
        for place, day in enumerate(days, 1)]
    for row in rows:
        tasking.check_area(command, OccurrenceRow(**row, seq=command.next_seq))
        command.seal(row["id"], {"place": said["place"]})
    return Draft(kind="plan_occurrence", subject=f"activity:{activity.code}", at=command.at,
                 day=command.day.isoformat(), details={"rows": {"occurrence": rows}})


def _planned_already(book: Book, activity: str, said: Said, days: list[date]) -> str:
    """The first of the days on which the same is planned for the same minute and place; ""."""
    wanted = {day.isoformat() for day in days}
    for row in book.store.find(OccurrenceRow, "by_activity", activity,
                               low=min(wanted), high=max(wanted)):
        if (row.day in wanted and row.state != OccurrenceState.CANCELLED
                and (row.area, row.details["start"]) == (said["area"], said["start"])):
            words = book.store.get(Sealed, row.id)
            if (words.details.get("place", "") if words else "") == said["place"]:
                return row.day
    return ""


def moved(
    command: Command, row: OccurrenceRow, move: str, change: dict[str, Any] | Refusal, *,
    reason: str = "", **details: Any,  # Any: JSON values
) -> Draft | Refusal:
    """The draft of one move, with the reason that was said for it."""
    if isinstance(change, Refusal):
        return change
    if reason:
        command.seal(f"{row.id}#{command.next_seq}", {"reason": reason})
        change = {**change, "details": {**change["details"], "said": command.next_seq}}
    return Draft(
        kind=f"{move}_occurrence", subject=row.id, at=command.at, day=command.day.isoformat(),
        details={"rows": {"occurrence": [change]}, **details})


def comer(command: Command, row: OccurrenceRow, resident: str) -> str:
    """Who signs up or comes: the resident who was named, else the actor herself.

    Raises:
        Refused: not_permitted for others without an office; what a report refuses of somebody
            who has left.
    """
    book, own = command.book, command.actor.resident
    if not resident and not own:
        raise ValueError("resident= names who it is, for the actor is no resident")
    found = book.person(resident, "resident").id if resident else own
    if command.role == SELF and found != own:
        raise Refused(Code.NOT_PERMITTED, {"verb": command.verb, "roles": sorted(FIELD)})
    if command.role != SELF and found != own:
        tasking.check_area(command, row)
    if refusal := reporting.has_left(book, [found], date.fromisoformat(row.day)):
        raise Refused(refusal.code, refusal.facts)
    return found


def not_yet(command: Command, row: OccurrenceRow, move: str) -> Refusal | None:
    """The refusal of a move before the day on which the occurrence is held."""
    if command.day.isoformat() >= row.day:
        return None
    return Refusal(Code.STATE_NOT_FITTING, {"what": move, "state": f"planned for {row.day}"})


def closed(command: Command, row: OccurrenceRow, said: Said) -> Draft | Refusal:
    """The draft of an occurrence that was held: the deed of each who was there is reported.

    A deed of an earlier close stands on if it was reported for the same; otherwise it is taken
    back first, so that nobody has two.
    """
    tasking.check_area(command, row)
    book, present = command.book, activities.attendance(row)
    activity, late = activity_row(book, row.activity), activities.still_in(row)
    if refusal := not_yet(command, row, "close"):
        return refusal
    if late and not said["quantity"]:
        return Refusal(Code.FACT_MISSING, {
            "rule": activity.code, "missing": ["check_out"],
            "who": [book.code_of(one) for one in late]})
    rule, shares, deeds = str(activity.details["rule"]), {}, people(row, "deeds")
    for doer, been in present.items() if rule else ():
        quantity = said["quantity"] or tasking.from_minutes(command, rule, been["minutes"])
        shares[doer] = f"{rule} {sorted(plain(quantity).items())}"
    standing = _still_right(command, row, shares)
    for doer, been in present.items() if rule else ():
        if doer in standing:
            continue
        draft = reporting.report(command, {
            **tasking.NO_REPORT, "rule": rule, "resident": book.code_of(doer),
            "on": date.fromisoformat(row.day), "evidence": said["evidence"],
            "event": row.id, "work": row.id,
            "quantity": said["quantity"] or tasking.from_minutes(command, rule, been["minutes"]),
        }, for_others=True)
        tasking.decide(command, draft)
        deeds.append(draft.subject if isinstance(draft, Draft) else "")
    headcount = len(present) if said["headcount"] is None else said["headcount"]
    if headcount < len(present):
        raise ValueError(f"headcount={headcount} is less than the {len(present)} who were there")
    return moved(command, row, "close", activities.closed(
        row, headcount=headcount, counted=said["counted"], deeds=deeds, shares=shares,
        by=command.actor.id))


def _still_right(command: Command, row: OccurrenceRow, shares: Mapping[str, str]) -> set[str]:
    """Who has a deed that still says what is so; the other deeds are taken back."""
    found: set[str] = set()
    for deed in tasking.deeds_of(command.book, row):
        if deed.status not in tasking.LIVE:
            continue
        if shares.get(deed.doer) == row.details["shares"].get(deed.doer):
            found.add(deed.doer)
        else:
            tasking.decide(command, deciding.close(command, deed, Status.WITHDRAWN, "close"))
    return found


def waiting_deeds(book: Book, row: OccurrenceRow) -> list[str]:
    """The deeds of an occurrence that nobody has decided yet."""
    return [deed.id for deed in tasking.deeds_of(book, row)
            if deed.status in (Status.SUBMITTED, Status.REOPENED)]


def awarders(book: Book, occurrence: str) -> frozenset[str]:
    """The roles that may award an occurrence: those that the rules of its deeds name."""
    row = occurrence_row(book, occurrence)
    waiting = set(waiting_deeds(book, row))
    named = [deciding.deciders(book, "confirm", deed) or frozenset()
             for deed in tasking.deeds_of(book, row) if deed.id in waiting]
    return frozenset.intersection(*named) if named else FIELD


def awarded(
    command: Command, row: OccurrenceRow, grades: tuple[str, ...], points: Decimal | None,
    reason: str,
) -> Draft | Refusal:
    """The draft of one award for all who were there: each deed is confirmed by an entry of its
    own; one that this officer may not confirm is left for somebody else."""
    tasking.check_area(command, row)
    decided: list[int] = []
    skipped: list[tuple[str, Refusal]] = []
    verdict = Verdict(stage="", grades=grades, points=points, reason=bool(reason))
    waiting = set(waiting_deeds(command.book, row))
    for deed in tasking.deeds_of(command.book, row):
        if deed.id not in waiting:
            continue
        draft = deciding.confirm(command, deed, verdict, reason)
        if isinstance(draft, Refusal):
            _unseal(command, deed.id)
            skipped.append((deed.id, draft))
            continue
        entry = command.write(draft)
        command.settle_again(entry)
        decided.append(entry.seq)
    if not decided:
        return skipped[0][1] if skipped else Refusal(
            Code.STATE_NOT_FITTING, {"what": "award", "state": "nothing to confirm"})
    change = {"id": row.id, "state": row.state, "details": dict(row.details)}
    return moved(command, row, "award", change, decided=decided,
                 skipped=[[deed, str(refusal.code)] for deed, refusal in skipped])


def _unseal(command: Command, deed: str) -> None:
    """Words that were kept for a decision that did not come."""
    subject = f"{deed}#{command.next_seq}"
    if command.seals.pop(subject, None):
        command.book.store.drop(Sealed, subject)
