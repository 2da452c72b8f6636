"""What the activities' desk returns, and reading its rows."""

from __future__ import annotations

from datetime import date

import attrs

from lovepoints.core import text
from lovepoints.core.journal import Entry
from lovepoints.core.rows import Sealed
from lovepoints.core.rows_activities import ActivityRow, OccurrenceRow
from lovepoints.core.work.activities import attendance, people
from lovepoints.desks.answers import Award, awards_of
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer
from lovepoints.errors import NotFound


@attrs.frozen(kw_only=True)
class Activity:
    """What is held again and again: `rule` is that of its deeds, `places` 0 is no limit."""

    code: str
    title: str
    rule: str = ""
    places: int = 0
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Occurrence:
    """One time that an activity is held, as it stands.

    `signed` have a place, `waiting` wait in this order, `present` were there with their `minutes`.
    `headcount` is how many it reached, `counted` or estimated; None until it was held.
    """

    id: str
    activity: str
    title: str
    state: str
    day: date
    start: int = 0
    end: int = 0
    place: str = ""
    area: str = ""
    places: int = 0
    signed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    minutes: tuple[int, ...] = ()
    deeds: tuple[str, ...] = ()
    headcount: int | None = None
    counted: bool = True
    reason: str = ""
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class GroupAward:
    """The award for a whole group: `awards` by doer; of the deeds in `skipped`, each with the code
    of its refusal, somebody else decides."""

    occurrence: str
    awards: tuple[Award, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    key: str = ""
    is_repeat: bool = False


def activity_row(book: Book, code: str) -> ActivityRow:
    """An activity by its code; NotFound if nobody defined it."""
    found = book.store.get(ActivityRow, text.code(code, "activity"))
    if found is None:
        raise NotFound("activity", code)
    return found


def occurrence_row(book: Book, occurrence: str) -> OccurrenceRow:
    """An occurrence by its number; NotFound if there is none."""
    found = book.store.get(OccurrenceRow, text.code(occurrence, "occurrence"))
    if found is None:
        raise NotFound("occurrence", occurrence)
    return found


def written(entry: Entry, row: OccurrenceRow) -> OccurrenceRow:
    """An occurrence as it stood after an entry of its own."""
    change = next(one for one in entry.details["rows"]["occurrence"] if one["id"] == row.id)
    return attrs.evolve(row, **change)


def activity_of(row: ActivityRow, *, key: str = "", is_repeat: bool = False) -> Activity:
    """The public view of an activity."""
    return Activity(code=row.code, title=row.title, key=key, is_repeat=is_repeat, **row.details)


def occurrence_of(
    book: Book, row: OccurrenceRow, *, key: str = "", is_repeat: bool = False,
) -> Occurrence:
    """The public view of an occurrence."""
    details = row.details
    words: dict[str, str] = {}
    for place in (row.id, f"{row.id}#{details.get('said', 0)}"):
        sealed = book.store.get(Sealed, place)
        words |= dict(sealed.details) if sealed else {}
    present = attendance(row)
    return Occurrence(
        id=row.id, activity=row.activity, title=activity_row(book, row.activity).title,
        state=row.state, day=date.fromisoformat(row.day), start=details["start"],
        end=details["end"], place=words.get("place", ""), area=row.area,
        places=details["places"], signed=tuple(map(book.code_of, people(row, "signed"))),
        waiting=tuple(map(book.code_of, people(row, "waiting"))),
        present=tuple(map(book.code_of, present)),
        minutes=tuple(been["minutes"] for been in present.values()),
        deeds=tuple(people(row, "deeds")), headcount=details.get("headcount"),
        counted=details.get("counted", True), reason=words.get("reason", ""), key=key,
        is_repeat=is_repeat)


def group_award(book: Book, answer: Answer) -> GroupAward:
    """What an award for a group came to, by its entry."""
    details = answer.entry.details
    return GroupAward(
        occurrence=answer.entry.subject,
        awards=tuple(award for seq in details["decided"]
                     for award in awards_of(book, book.entry(seq))),
        skipped=tuple((deed, code) for deed, code in details["skipped"]),
        key=answer.key, is_repeat=answer.is_repeat)
