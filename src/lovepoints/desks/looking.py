"""Looking at personal data: what a look writes into the log, and what it returns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.rows import DeedRow, Person, Sealed
from lovepoints.core.rows_privacy import Access
from lovepoints.core.values import Span
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command
from lovepoints.desks.privacy_answers import Look, Personal, Words
from lovepoints.errors import Code

REQUEST_DAYS = 30
"""So many days after it a request to be told a reporter can be answered."""


def seen(
    command: Command, what: str, subject: str, parties: Iterable[str], reason: str,
    details: dict[str, object] | None = None,
) -> Draft:
    """The draft of a look: the log gets a line for everybody who was seen."""
    if reason:
        command.seal(f"e-{command.next_seq}", {"reason": reason})
    case = "" if subject in parties else subject
    rows = {"access": [{
        "party": party, "what": what, "by": command.actor.id, "role": command.role,
        "day": command.day.isoformat(), "subject": case} for party in sorted(parties)]}
    return Draft(kind=what, subject=subject, at=command.at, day=command.day.isoformat(),
                 details={**(details or {}), **({"rows": rows} if parties else {})})


def unasked(command: Command, row: DeedRow, request: int) -> Refusal | None:
    """The refusal where this is not another person's request about this deed, made lately and
    not answered yet."""
    book = command.book
    asked = book.entry(request)
    last = Span(REQUEST_DAYS, "day").after(date.fromisoformat(asked.day))
    why = ""
    if asked.kind != "request" or asked.subject != row.id:
        why = "other"
    elif _is_same_person(command, asked.by):
        why = "own"
    elif command.day > last:
        why = "late"
    elif any(entry.kind == "reporter" and entry.details["request"] == request
             for entry in book.entries_about(row.id)):
        why = "answered"
    return Refusal(Code.REQUEST_NEEDED, {"why": why}) if why else None


def people(row: DeedRow) -> set[str]:
    """Who did a deed, and who reported it."""
    return {row.reporter, *doers(row)}


def doers(row: DeedRow) -> list[str]:
    """Who did a deed, the first one first."""
    return list(row.details.get("doers", [row.doer]))


def personal_of(book: Book, answer: Answer) -> Personal:
    """Who somebody is, as this look is told."""
    party = answer.entry.subject
    person, sealed = book.store.get(Person, party), book.store.get(Sealed, party)
    words = {name: str(value) for name, value in (sealed.details if sealed else {}).items()
             if name != "code"}
    return Personal(pseudonym=party, code=person.code if person else "",
                    kind=person.kind if person else "", seq=answer.entry.seq, key=answer.key,
                    is_repeat=answer.is_repeat, **words)


def words_of(book: Book, answer: Answer) -> Words:
    """What was written about a deed, as this look is told."""
    deed = answer.entry.subject
    sealed = book.store.get(Sealed, deed)
    reasons = {int(row.subject.partition("#")[2]): str(row.details["reason"])
               for row in book.store.find(Sealed, "", low=f"{deed}#", high=f"{deed}#~")
               if "reason" in row.details}
    return Words(deed=deed, reasons=reasons, seq=answer.entry.seq, key=answer.key,
                 words={name: str(value) for name, value in (
                     sealed.details if sealed else {}).items()}, is_repeat=answer.is_repeat)


def look_of(book: Book, row: Access) -> Look:
    """One line of the log; an officer who was erased is told by pseudonym."""
    about = book.entry(row.seq)
    asked = int(about.details.get("request", row.seq))
    sealed = book.store.get(Sealed, f"e-{asked}")
    return Look(seq=row.seq, day=date.fromisoformat(row.day), what=row.what,
                by=book.code_of(row.by) or row.by, role=row.role,
                reason=str(sealed.details.get("reason", "")) if sealed else "")


def _is_same_person(command: Command, other: str) -> bool:
    """One person may act by several codes: those of her offices, and her own as a resident."""
    mine = {command.actor.id, command.actor.resident} - {""}
    return bool(mine & {other, command.book.resident_behind(other)})
