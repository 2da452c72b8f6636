"""Passing a case on: an edited copy without anything that leads to who reported it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.rows import DeedRow, Person, Sealed
from lovepoints.core.store import Rows
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, check_day
from lovepoints.errors import Code

_TELLING = 4
"""So many characters in a row of a note make it a copy."""


@attrs.frozen(kw_only=True)
class ForwardedCase:
    """A case as it is passed on (转办单): what the custodian wrote, to whom, until when.

    There is no field for who reported it, nor for the deed it came from: `number` is the slip's
    own.
    """

    number: str
    to: str
    text: str
    day: date
    due_on: date | None = None
    key: str = attrs.field(default="", repr=False)
    is_repeat: bool = False


def checked(deed: str, to: str, words: object, due_on: date | None) -> dict[str, Any]:
    """What somebody said about a forwarding, checked at the door."""
    check_day(due_on, "due_on")
    return {"deed": deed, "to": text.name(to, "to"), "due_on": due_on,
            "text": text.line(words, "text", breaks=True)}


def forward(command: Command, row: DeedRow, said: Mapping[str, Any]) -> Draft | Refusal:
    """The draft of a forwarding. Only what was written for it is sealed; the note is not copied.

    A text that names the people of the case or repeats their words is sent back once more:
    content identifies.
    """
    book = command.book
    if not said["text"]:
        return Refusal(Code.REASON_NEEDED, {"what": "forward"})
    if found := telling(book.store, row, said["text"]):
        raise ValueError(f"the text to forward holds {found} of the case; write it in other words")
    number = f"f-{command.next_seq}"
    command.seal(f"{row.id}#{command.next_seq}", {"text": said["text"], "to": said["to"]})
    people = {row.reporter, *row.details.get("doers", [row.doer])}
    details: dict[str, Any] = {"number": number, "rows": {"access": [{
        "party": party, "what": "forward", "by": command.actor.id, "role": command.role,
        "day": command.day.isoformat(), "subject": row.id} for party in sorted(people)]}}
    if said["due_on"]:
        details["due_on"] = said["due_on"].isoformat()
    return Draft(kind="forward", subject=row.id, at=command.at, day=command.day.isoformat(),
                 details=details)


def forwarded(book: Book, answer: Answer) -> ForwardedCase:
    """The slip that an entry speaks of."""
    entry = answer.entry
    sealed = book.store.get(Sealed, f"{entry.subject}#{entry.seq}")
    words = sealed.details if sealed else {}
    due_on = entry.details.get("due_on", "")
    return ForwardedCase(
        number=entry.details["number"], to=str(words.get("to", "")),
        text=str(words.get("text", "")), day=date.fromisoformat(entry.day),
        due_on=date.fromisoformat(due_on) if due_on else None, key=answer.key,
        is_repeat=answer.is_repeat)


def telling(rows: Rows, row: DeedRow, written: str) -> str:
    """What in a text leads to the people of a deed: a name, phone or code of theirs, or a whole
    note; "" if nothing is found. Other ways to tell are for the custodian to see."""
    for party in {row.reporter, *row.details.get("doers", [row.doer])}:
        person, sealed = rows.get(Person, party), rows.get(Sealed, party)
        words = sealed.details if sealed else {}
        for name, value in (("a name", words.get("name", "")), ("a phone", words.get("phone", "")),
                            ("a code", person.code if person else "")):
            if len(str(value)) > 1 and str(value) in written:
                return name
    sealed = rows.get(Sealed, row.id)
    note = str(sealed.details.get("note", "")) if sealed else ""
    return "the note" if len(note) >= _TELLING and note in written else ""
