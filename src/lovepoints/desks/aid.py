"""The aid desk: households in need, their plans and reviews, who visits them, what is brought."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.passbooks.goods import QUANTITY_MAX
from lovepoints.core.rows_aid import AidCaseRow, PairingRow
from lovepoints.core.values import flag, several, whole
from lovepoints.core.work.aid import EVERY_MAX, LEVEL_MAX, STEPS_MAX, of_day
from lovepoints.desks import aiding, looking
from lovepoints.desks.aid_answers import (
    AidCase,
    AidVisit,
    AidWords,
    Pairing,
    by_need,
    case_of,
    case_row,
    pairing_of,
    pairing_row,
    visit_of,
    words_of,
)
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, check_day, perform, said_day
from lovepoints.errors import Code, brief

READERS = "read_aid"
"""The line of the policy that says who reads the register."""
Said = dict[str, Any]  # Any: arguments of many types
T = TypeVar("T")


@attrs.frozen
class Aid:
    """`community.aid`. Reading it takes a role too: that a household is helped is confidential."""

    _book: Book

    def open(
        self, household: str, *, ground: str, level: int, review_by: date,
        plan: str = "", note: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> AidCase:
        """Take a household into the register of those in need (救助台账).

        `ground` is a short code of the community's own ("low-income"); `level` goes from 1, the
        most urgent, to 9; `review_by` is the day by which somebody looks at it again; `plan` has
        a step a line, at most 20. `plan` and `note` stay outside the journal.

        Raises:
            Refused: state_not_fitting (it has an open case), self_confirmation, account_closed.
        """
        said: Said = {
            "household": text.code(household, "household"), "ground": text.code(ground, "ground"),
            "level": whole(level, "level", least=1, most=LEVEL_MAX), "plan": _steps(plan),
            "review_by": said_day(review_by, "review_by"),
            "note": text.line(note, "note", breaks=True)}
        return self._say("open_aid", lambda command: aiding.opened(command, said), said, by, at,
                         key, self._told)

    def review(
        self, case: str, *, review_by: date, level: int | None = None,
        plan: str | None = None, note: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> AidCase:
        """Look at a case again and say by when it is looked at next; what is left out stays.

        Raises:
            Refused: state_not_fitting (closed), self_confirmation.
        """
        said: Said = {
            "case": text.code(case, "case"), "review_by": said_day(review_by, "review_by"),
            "level": None if level is None else whole(level, "level", least=1, most=LEVEL_MAX),
            "plan": None if plan is None else _steps(plan),
            "note": text.line(note, "note", breaks=True)}
        return self._say("review_aid", lambda command: aiding.reviewed(command, case, said), said,
                         by, at, key, self._told)

    def close(
        self, case: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> AidCase:
        """End a case, and say why; who needs help again gets a new one.

        Raises:
            Refused: state_not_fitting (closed already), reason_needed, self_confirmation.
        """
        said: Said = {"case": text.code(case, "case"), "reason": text.line(reason, "reason")}
        return self._say("close_aid", lambda command: aiding.closed(command, case, said["reason"]),
                         said, by, at, key, self._told)

    def words(
        self, case: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> AidWords:
        """Read the plan and notes of a case; the look stands in the log of the household.

        Raises:
            Refused: reason_needed, not_permitted.
        """
        case, reason = text.code(case, "case"), text.line(reason, "reason")
        said: Said = {"case": case, "reason": reason,
                      "day": self._book.calendar.day_of(self._book.now())}

        def decide(command: Command) -> Draft | Refusal:
            row = case_row(self._book, case)
            if not reason:
                return Refusal(Code.REASON_NEEDED, {"what": "words"})
            return looking.seen(command, "aid_words", case, {row.household}, reason)

        return self._say("aid_words", decide, said, by, at, key,
                         lambda answer: words_of(self._book, answer))

    def pair(
        self, household: str, *, helper: str, every: int = 30, agreed: bool = False,
        rule: str = "", by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Pairing:
        """Pair a household with a helper (结对) who visits it `every` so many days (1 to 366).

        `agreed`: the household wants it; without that there is no pairing. `rule`: a visit reports
        a deed of it for the helper.

        Raises:
            Refused: fact_missing (its consent), state_not_fitting (paired already),
                self_confirmation (the helper lives there), account_closed.
        """
        said: Said = {
            "household": text.code(household, "household"), "helper": text.code(helper, "helper"),
            "every": whole(every, "every", least=1, most=EVERY_MAX),
            "agreed": flag(agreed, "agreed"), "rule": text.line(rule, "rule", most=64)}
        return self._say("pair_aid", lambda command: aiding.paired(command, said), said, by, at,
                         key, self._paired)

    def part(
        self, pairing: str, *, by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Pairing:
        """End a pairing. Helper and household may say so themselves, and need no reason.

        Raises:
            Refused: state_not_fitting (ended already), not_permitted.
        """
        said: Said = {"pairing": text.code(pairing, "pairing")}
        return self._say("part_aid", lambda command: aiding.parted(command, pairing), said, by, at,
                         key, self._paired)

    def visit(
        self, pairing: str, *, on: date | None = None, minutes: int = 0,
        brought: Mapping[str, int] | None = None, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> AidVisit:
        """Write down a visit, with its `minutes` and the pieces `brought` from the shelf: the
        helper's deed is reported and the goods leave the shelf in the same transaction.

        There is no room for what was talked about. What the household asks for is a task.

        Raises:
            Refused: state_not_fitting (not paired that day, visited that day already),
                self_confirmation, not_permitted, insufficient_stock, and what `deeds.report`
                refuses.
        """
        check_day(on, "on")
        said: Said = {"pairing": text.code(pairing, "pairing"), "on": on,
                      "minutes": whole(minutes, "minutes", least=0, most=1440),
                      "brought": _pieces(brought)}
        return self._say("visit_aid", lambda command: aiding.visited(command, pairing, said), said,
                         by, at, key, lambda answer: visit_of(self._book, answer))

    # reading

    def __getitem__(self, case: str) -> AidCase:
        """The case with this number, for whoever the book was opened by; NotFound if none."""
        self._book.check_reader(READERS, None)
        return case_of(self._book, case_row(self._book, case))

    def cases(self, *, on: date | None = None, by: str | None = None) -> tuple[AidCase, ...]:
        """The cases that are open on a day (left out: today), the most urgent first."""
        self._book.check_reader(READERS, by)
        return tuple(case_of(self._book, row) for row in by_need(
            of_day(self._book.store.find(AidCaseRow), self._day(on))))

    def of(self, household: str, *, by: str | None = None) -> tuple[AidCase, ...]:
        """Every case of a household, oldest first."""
        self._book.check_reader(READERS, by)
        home = self._book.person(household, "household", "resident").id
        return tuple(case_of(self._book, row)
                     for row in self._book.store.find(AidCaseRow, "by_household", home))

    def reviews_due(
        self, *, on: date | None = None, by: str | None = None,
    ) -> tuple[AidCase, ...]:
        """The open cases whose review is due by a day, the longest overdue first."""
        day = self._day(on)
        return tuple(sorted((one for one in self.cases(on=on, by=by)
                             if one.review_by.isoformat() <= day),
                            key=lambda one: one.review_by))

    def pairings(
        self, *, household: str = "", helper: str = "", on: date | None = None,
        by: str | None = None,
    ) -> tuple[Pairing, ...]:
        """The pairings of a day (left out: today); a helper reads her own."""
        day, store = self._day(on), self._book.store
        if not (helper and self._is_helper(helper, by)):
            self._book.check_reader(READERS, by)
        home = self._book.person(household, "household", "resident").id if household else ""
        whom = self._book.person(helper, "resident", "team", "staff").id if helper else ""
        rows = (store.find(PairingRow, "by_helper", whom) if whom
                else store.find(PairingRow, "by_household", home) if home
                else store.find(PairingRow))
        return tuple(pairing_of(self._book, row) for row in of_day(rows, day)
                     if home in ("", row.household))

    def visits_due(
        self, *, helper: str = "", on: date | None = None, by: str | None = None,
    ) -> tuple[Pairing, ...]:
        """The pairings whose next visit is due by a day, the longest overdue first."""
        day = self._day(on)
        return tuple(sorted((one for one in self.pairings(helper=helper, on=on, by=by)
                             if one.due.isoformat() <= day), key=lambda one: one.due))

    def _is_helper(self, helper: str, by: str | None) -> bool:
        actor = self._book.actor(by, self._book.calendar.day_of(self._book.now()))
        found = self._book.person(helper, "resident", "team", "staff").id
        return found in {actor.id, actor.resident}

    def _day(self, on: date | None) -> str:
        check_day(on, "on")
        return (on or self._book.calendar.day_of(self._book.now())).isoformat()

    def _say(
        self, verb: str, decide: Callable[[Command], Draft | Refusal], said: Said, by: str | None,
        at: datetime | date | None, key: str | None, tell: Callable[[Answer], T],
    ) -> T:
        return perform(self._book, verb, decide, said, by=by, at=at, key=key, tell=tell)

    def _told(self, answer: Answer) -> AidCase:
        row = attrs.evolve(case_row(self._book, answer.entry.subject),
                           **answer.entry.details["rows"]["aid_case"][0])
        return case_of(self._book, row, key=answer.key, is_repeat=answer.is_repeat)

    def _paired(self, answer: Answer) -> Pairing:
        row = attrs.evolve(pairing_row(self._book, answer.entry.subject),
                           **answer.entry.details["rows"]["pairing"][0])
        return pairing_of(self._book, row, key=answer.key, is_repeat=answer.is_repeat)


def _steps(plan: str) -> str:
    plan = text.line(plan, "plan", breaks=True)
    if len(plan.splitlines()) > STEPS_MAX:
        raise ValueError(f"a plan has at most {STEPS_MAX} steps, a line each")
    return plan


def _pieces(brought: Mapping[str, int] | None) -> dict[str, int]:
    if brought is not None and not isinstance(brought, Mapping):
        raise TypeError(f'brought= reads {{"rice": 1}}, not {brief(brought)}')
    return {text.code(item, "item"): whole(pieces, "pieces", most=QUANTITY_MAX)
            for item, pieces in several((brought or {}).items(), "brought")}
