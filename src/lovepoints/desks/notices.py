"""The notices' desk: the public list, objections to its lines, their decisions, its end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.rows_notices import NoticeRow, ObjectionRow
from lovepoints.core.values import flag, whole
from lovepoints.desks import noticing
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, perform
from lovepoints.desks.noticing import Notice, Objection
from lovepoints.errors import NotFound

DAYS = 5
"""So many days a list hangs where nobody says how long; 5 is the commonest in real rulebooks."""
DAYS_MAX = 366
Said = dict[str, Any]  # Any: arguments of many types
R = TypeVar("R", NoticeRow, ObjectionRow)


@attrs.frozen
class Notices:
    """`community.notices`"""

    _book: Book

    def post(
        self, *, days: int = DAYS, by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Notice:
        """Post a public list of all that was awarded since the last one, for `days` days after
        today.

        Nothing confidential and no deduction stands on it; names are masked.

        Raises:
            Refused: state_not_fitting (nothing was awarded since).
        """
        days = whole(days, "days", most=DAYS_MAX)
        answer = perform(self._book, "post_notice", lambda command: noticing.post(command, days),
                         {"days": days}, by=by, at=at, key=key)
        return self._posted(answer)

    def object(
        self, notice: str, line: int, *, grounds: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Objection:
        """Object to a line of a list that still hangs. Its points cannot be spent until the
        objection is decided.

        Raises:
            Refused: state_not_fitting (the list hangs no longer), reason_needed.
        """
        said: Said = {"notice": text.code(notice, "notice"), "line": whole(line, "line"),
                "grounds": text.line(grounds, "grounds", breaks=True)}
        return perform(self._book, "object", lambda command: noticing.raise_objection(
            command, self._row(said["notice"]), said), said, by=by, at=at, key=key,
            tell=self._raised)

    def decide(
        self, objection: str, *, upheld: bool, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Objection:
        """Decide an objection or an appeal: upheld, the award is taken back; dismissed, its
        points are free again. An appeal against an award's return opens the deed once more.

        Raises:
            Refused: self_confirmation (who raised it, who wrote down or confirmed the deed, its
                doer, who decided before), state_not_fitting, reason_needed.
        """
        said: Said = {"objection": text.code(objection, "objection"),
                      "upheld": flag(upheld, "upheld"), "reason": text.line(reason, "reason")}
        return perform(self._book, "decide_objection", lambda command: noticing.decide(
            command, self._objection(said["objection"]), upheld, said["reason"]), said,
            by=by, at=at, key=key, tell=self._raised)

    def appeal(
        self, objection: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Objection:
        """Appeal once against a decision; somebody else decides then."""
        said = {"objection": text.code(objection, "objection"),
                "reason": text.line(reason, "reason", breaks=True)}
        return perform(self._book, "appeal", lambda command: noticing.appeal(
            command, self._objection(said["objection"]), said["reason"]), said,
            by=by, at=at, key=key, tell=self._raised)

    def close(
        self, notice: str, *, by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Notice:
        """Close a list whose days are over, with its totals and the code of a checkpoint.

        Raises:
            Refused: state_not_fitting (it still hangs, or an objection waits).
        """
        said = {"notice": text.code(notice, "notice")}

        def decide(command: Command) -> Draft | Refusal:
            return noticing.close(command, self._row(notice))

        return self._posted(perform(self._book, "close_notice", decide, said, by=by, at=at,
                                    key=key))

    def __getitem__(self, notice: str) -> Notice:
        """The list with this number as it hangs now; NotFound if there is none."""
        with self._book.reading():
            return noticing.shown(self._book, self._row(notice))

    def posted(self) -> tuple[Notice, ...]:
        """Every list so far, oldest first."""
        with self._book.reading():
            return tuple(noticing.shown(self._book, row)
                         for row in self._book.store.find(NoticeRow, "by_seq"))

    def objections(self, notice: str) -> tuple[Objection, ...]:
        """The objections to a list, by line."""
        return tuple(noticing.objection_of(self._book, row) for row in self._book.store.find(
            ObjectionRow, "by_notice", self._row(notice).id))

    def _posted(self, answer: Answer) -> Notice:
        row = self._row(answer.entry.subject)
        with self._book.reading():
            return noticing.shown(self._book, _then(row, answer, "notice"), key=answer.key,
                                  is_repeat=answer.is_repeat)

    def _raised(self, answer: Answer) -> Objection:
        row = self._objection(answer.entry.subject)
        return noticing.objection_of(self._book, _then(row, answer, "objection"), key=answer.key,
                                     is_repeat=answer.is_repeat)

    def _row(self, notice: str) -> NoticeRow:
        found = self._book.store.get(NoticeRow, text.code(notice, "notice"))
        if found is None:
            raise NotFound("notice", notice)
        return found

    def _objection(self, objection: str) -> ObjectionRow:
        found = self._book.store.get(ObjectionRow, text.code(objection, "objection"))
        if found is None:
            raise NotFound("objection", objection)
        return found


def _then(row: R, answer: Answer, table: str) -> R:
    """A row as the answer's entry left it: a repeat tells what the first call told."""
    change = answer.entry.details["rows"][table][0]
    return attrs.evolve(row, **change)
