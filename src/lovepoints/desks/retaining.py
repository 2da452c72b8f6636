"""Words whose time is over: which they are, and taking them away. The journal stays as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import attrs

from lovepoints.core.journal import Draft
from lovepoints.core.privacy import SEALED, about, kept_words
from lovepoints.core.rows import EntryRow, Party, Person, Sealed
from lovepoints.core.rows_privacy import Trace
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command, guessed
from lovepoints.desks.erasing import blank


@attrs.frozen(kw_only=True)
class Retirement:
    """Words that the data map's periods are over for: how many by place (`sealed.deed.note`).

    `people`: pseudonyms of those whose names themselves are due; `erase` forgets them. After a
    dry run nothing was changed (`is_dry`).
    """

    words: Mapping[str, int]
    people: tuple[str, ...] = ()
    is_dry: bool = True
    is_wiped: bool = False
    seq: int = 0
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Plan:
    """What is due on a day: by subject the words that stay, the words that go by place, people."""

    stays: Mapping[str, Mapping[str, object]]
    goes: Mapping[str, int]
    said: frozenset[str]
    people: tuple[str, ...]


def plan(book: Book, today: date) -> Plan:
    """What the data map lets nobody keep any longer."""
    stays: dict[str, Mapping[str, object]] = {}
    goes: Counter[str] = Counter()
    said: set[str] = set()
    people: list[str] = []
    for row in book.store.scan(Sealed):
        theirs = about(row.subject)
        left = _left(book, row.subject, today) if theirs == "party" else None
        written = None if theirs == "party" else _written(book, row.subject)
        kept = kept_words(row.subject, row.details, written=written, left=left, today=today)
        if theirs == "party" and "code" not in kept:  # her name is what `erase` is for
            people.append(row.subject)
            kept |= {name: row.details[name] for name in ("code", "name") if name in row.details}
        if gone := set(row.details) - set(kept):
            stays[row.subject] = kept
            goes.update(SEALED[theirs][name].place for name in gone)
            said |= {str(row.details[name]) for name in gone if theirs == "party"}
    return Plan(stays=stays, goes=dict(sorted(goes.items())), said=frozenset(said),
                people=tuple(sorted(people)))


def retire(command: Command) -> Draft:
    """The draft of taking away what is due; what stays of a subject is sealed anew."""
    book = command.book
    due = plan(book, command.today)
    seqs = {row.seq for subject in due.stays if about(subject) != "party"
            for row in book.store.find(EntryRow, "by_subject", subject.partition("#")[0])
            if not due.stays[subject]}
    for subject, kept in due.stays.items():
        book.store.drop(Sealed, subject)
        command.seal(subject, kept)
    requests = blank(book, seqs, guessed(book, due.said))
    if due.goes:
        book.store.put(Trace(seq=command.next_seq, noted_at=command.now))
    details: dict[str, object] = {"requests": requests}
    if due.goes:
        details["words"] = due.goes
    return Draft(kind="retire", subject="privacy", at=command.at, day=command.day.isoformat(),
                 details=details)


def _left(book: Book, party: str, today: date) -> date | None:
    """The last day of somebody who is gone."""
    found = book.store.get(Party, party)
    if found is None or not book.store.get(Person, party) or found.closed >= today.isoformat():
        return None
    return date.fromisoformat(found.closed)


def _written(book: Book, subject: str) -> date:
    """The day on which words were written: that of the entry that their subject names."""
    place = subject.rpartition("#" if "#" in subject else "-")[2]
    return book.calendar.day_of(book.entry(int(place)).recorded_at)
