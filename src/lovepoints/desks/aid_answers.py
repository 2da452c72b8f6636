"""What the aid desk returns, and reading its rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from lovepoints.core import text
from lovepoints.core.rows import FOR_EVER
from lovepoints.core.rows_aid import AidCaseRow, PairingRow
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer
from lovepoints.errors import NotFound


@attrs.frozen(kw_only=True)
class AidCase:
    """A household in need, as its case stands. `level` 1 is the most urgent, `steps` counts those
    of its plan; what they are is read with `words`. `until` None: open."""

    id: str
    household: str
    ground: str
    level: int
    steps: int
    review_by: date
    since: date
    until: date | None = None
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class AidWords:
    """What was written about a case, as one look is told; `seq` is the entry of the look."""

    case: str
    note: str = ""
    plan: str = ""
    reason: str = ""
    seq: int = 0
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Pairing:
    """A helper paired with a household, who visits it `every` so many days; `due` is the day by
    which the next visit is due, `visits` the days of those that were. `until` None: it goes on."""

    id: str
    household: str
    helper: str
    every: int
    rule: str
    due: date
    visits: tuple[date, ...]
    since: date
    until: date | None = None
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class AidVisit:
    """A visit: the deed that was reported of it ("" if none) and the movements of what was
    brought."""

    pairing: Pairing
    day: date
    deed: str = ""
    brought: tuple[str, ...] = ()
    key: str = ""
    is_repeat: bool = False


def case_row(book: Book, case: str) -> AidCaseRow:
    """A case by its number; NotFound if there is none."""
    found = book.store.get(AidCaseRow, text.code(case, "case"))
    if found is None:
        raise NotFound("aid case", case)
    return found


def pairing_row(book: Book, pairing: str) -> PairingRow:
    """A pairing by its number; NotFound if there is none."""
    found = book.store.get(PairingRow, text.code(pairing, "pairing"))
    if found is None:
        raise NotFound("pairing", pairing)
    return found


def case_of(book: Book, row: AidCaseRow, *, key: str = "", is_repeat: bool = False) -> AidCase:
    """The public view of a case."""
    return AidCase(
        id=row.id, household=book.code_of(row.household), ground=row.details["ground"],
        level=row.details["level"], steps=row.details["steps"],
        review_by=date.fromisoformat(row.review_by), since=date.fromisoformat(row.since),
        until=_last(row.until), key=key, is_repeat=is_repeat)


def pairing_of(book: Book, row: PairingRow, *, key: str = "", is_repeat: bool = False) -> Pairing:
    """The public view of a pairing."""
    return Pairing(
        id=row.id, household=book.code_of(row.household), helper=book.code_of(row.helper),
        every=row.details["every"], rule=row.details["rule"], due=date.fromisoformat(row.due),
        visits=tuple(map(date.fromisoformat, row.details["days"])),
        since=date.fromisoformat(row.since), until=_last(row.until), key=key,
        is_repeat=is_repeat)


def visit_of(book: Book, answer: Answer) -> AidVisit:
    """A visit by its entry, with the pairing as it stands."""
    details = answer.entry.details
    return AidVisit(
        pairing=pairing_of(book, pairing_row(book, answer.entry.subject)),
        day=date.fromisoformat(details["visited"]), deed=details["deed"],
        brought=tuple(details["brought"]), key=answer.key, is_repeat=answer.is_repeat)


def words_of(book: Book, answer: Answer) -> AidWords:
    """The words of a case: those of opening it, of its last review, and of its end."""
    case = answer.entry.subject
    found = book.words_about(case)
    return AidWords(case=case, note=found.get("note", ""), reason=found.get("reason", ""),
                    plan=found.get("plan", ""), seq=answer.entry.seq,
                    key=answer.key, is_repeat=answer.is_repeat)


def by_need(rows: Iterable[AidCaseRow]) -> list[AidCaseRow]:
    """Cases, the most urgent first, of one level the oldest."""
    return sorted(rows, key=lambda row: (row.details["level"], row.since, row.seq))


def _last(until: str) -> date | None:
    return None if until == FOR_EVER else date.fromisoformat(until)
