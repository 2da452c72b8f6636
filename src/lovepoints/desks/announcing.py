"""What the calendar will soon take from a passbook, as its holder is told of it."""

from __future__ import annotations

from datetime import date
from typing import Literal

import attrs

from lovepoints.core.passbooks import ahead
from lovepoints.core.rows import EntryRow
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.store import Rows
from lovepoints.core.values import kind_of
from lovepoints.desks.answers import Points, as_points
from lovepoints.desks.book import Book
from lovepoints.words import say
from lovepoints.words.papers import AHEAD


@attrs.frozen(kw_only=True)
class Ahead:
    """A compulsory debit or a clearing that comes on `day`, and what it will take as things stand.

    `kind` is the code of the points, `kind_title` what people call them; `missing` is what a
    debit will lack; `title` and `clause` are the debit's.
    """

    what: Literal["debit", "clear"]
    day: date
    points: Points
    kind: str
    kind_title: str = ""
    missing: Points = 0
    title: str = ""
    clause: str = ""

    def text(self, lang: str | None = None) -> str:
        """One sentence in `lang` ("zh" or "en"; left out: the program's language)."""
        code = "debit_short" if self.missing else self.what
        return say(AHEAD, code, {
            "day": self.day.isoformat(), "points": self.points, "kind": self.kind_title,
            "missing": self.missing, "title": self.title}, lang)

    def __str__(self) -> str:
        return self.text()


def announced(
    book: Book, rows: Rows, rulebook: Rulebook, holder: str, now: int,
) -> tuple[Ahead, ...]:
    """What is announced to a holder at `now`; `rows` hold what was due by then."""
    found = []
    # What was due by now stands in the rows already, with places of its own.
    newest = rows.find(EntryRow, reverse=True, limit=1)
    seq = newest[0].seq if newest else 0
    for one in ahead.ahead(rows, holder, now, book.terms(rows), book.calendar, seq):
        kind = next((each for each in rulebook.kinds if each.code == kind_of(one.unit)), None)
        decimals = kind.decimals if kind else 0
        found.append(Ahead(
            what=one.what, day=one.day, points=as_points(one.points, decimals),
            kind=kind_of(one.unit), kind_title=kind.title if kind else kind_of(one.unit),
            missing=as_points(one.missing, decimals), title=one.title, clause=one.clause))
    return tuple(found)
