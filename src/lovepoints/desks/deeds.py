"""The deeds' desk: report, confirm, reject, duplicate, withdraw, reopen, repair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal, Status, Value, Verdict
from lovepoints.core.journal import Draft, Entry
from lovepoints.core.passbooks.awarding import live_decisions
from lovepoints.core.rows import DeedRow
from lovepoints.core.values import CODE_MAX, decimal, flag, several
from lovepoints.desks import deciding, forwarding, reporting, waiting
from lovepoints.desks.answers import (
    Award,
    Decision,
    Deed,
    awards_of,
    confidential,
    deed_of,
    is_hidden,
)
from lovepoints.desks.attributes import attributes_of
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, check_day, perform
from lovepoints.desks.forwarding import ForwardedCase
from lovepoints.errors import NotFound, brief

Quantity = str | int | Decimal
Said = dict[str, Any]  # Any: arguments of many types


_NO_DECISIONS = ("report", "deduct", "pay_waiting", "words", "request", "reporter", "forward",
                 "redact")
"""Entries about a deed that decide nothing: its report, what came due later, who looked."""


@attrs.frozen
class Deeds:
    """`community.deeds`"""

    _book: Book

    def report(
        self, rule: str, *, resident: str, on: date | None = None,
        quantity: Quantity | Mapping[str, Quantity] | None = None, place: str = "",
        event: str = "", matter: str = "", evidence: str = "", note: str = "",
        attributes: Mapping[str, Value] | None = None, joint: Iterable[str] = (),
        end_day: date | None = None, reason: str = "", channel: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Deed:
        """Say that `resident` did or saw something under a rule, on day `on` (default: today).

        `quantity` in the rule's own unit as text or Decimal ("1.5" hours), or by name where a
        rule has several. `joint` are others with a share. `place`, `event` and `matter` say
        which thing it was, so that a second report of the same is noticed. `by` says so, the
        resident herself if left out and no default actor is set.

        Raises:
            Refused: rule_not_in_force, fact_missing, precondition_missing, reported_too_late,
                duplicate_checkin, account_closed, not_permitted.
        """
        check_day(on, "on")
        check_day(end_day, "end_day")
        said: Said = {
            "rule": text.code(rule, "rule"), "resident": text.code(resident, "resident"), "on": on,
            "quantity": quantities_of(quantity), "place": text.line(place, "place"),
            "event": text.line(event, "event"), "matter": text.line(matter, "matter"),
            "evidence": text.line(evidence, "evidence"),
            "note": text.line(note, "note", breaks=True), "attributes": attributes_of(attributes),
            "joint": codes_of(joint, "joint"), "end_day": end_day,
            "reason": text.line(reason, "reason"), "channel": text.line(channel, "channel"),
        }
        return perform(
            self._book, "report", lambda command: reporting.report(command, said), said,
            by=by if by is not None or self._book.by is not None else resident, at=at, key=key,
            roles=lambda: reporting.reporters(self._book, said["rule"]), tell=self._reported,
        )

    def confirm(
        self, deed: str, *, grade: str | Iterable[str] | None = None, stage: str = "",
        points: Quantity | None = None, reason: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Decision:
        """Confirm a deed in one of the roles that its rule names; the last one needed pays it.

        `grade` where the rule grades (one for each part); `points` where it leaves a range or
        asks, with a `reason`.

        Raises:
            Refused: self_confirmation, not_permitted, amount_not_by_rule, grades_differ,
                already_confirmed_by_you, state_not_fitting, choice_needed, reason_needed.
        """
        grades = grades_of(grade)
        chosen = None if points is None else decimal(points, "points")
        reason, stage = text.line(reason, "reason"), text.line(stage, "stage", most=64)
        verdict = Verdict(stage=stage, grades=grades, points=chosen, reason=bool(reason))
        said = {"deed": deed, "grade": grades, "stage": stage, "points": chosen, "reason": reason}
        return self._decision("confirm", deed, said, by, at, key, lambda command, row:
                              deciding.confirm(command, row, verdict, reason))

    def reject(
        self, deed: str, *, reason: str, false: bool = False,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Decision:
        """Reject a deed, or the stages of it that are not paid yet.

        An honest mistake costs nothing; `false=True` says that the report was false, and gives
        back what the rule lets it give back.
        """
        reason = text.line(reason, "reason")
        said = {"deed": deed, "reason": reason, "false": flag(false, "false")}
        return self._decision("reject", deed, said, by, at, key, lambda command, row:
                              deciding.close(command, row, Status.REJECTED, reason, false=false))

    def duplicate(
        self, deed: str, *, of: str, by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Decision:
        """Mark a deed as the same matter as another one."""
        first = self._row(of)
        return self._decision("duplicate", deed, {"deed": deed, "of": of}, by, at, key,
                              lambda command, row: deciding.close(
                                  command, row, Status.DUPLICATE, "", of=first.id))

    def withdraw(
        self, deed: str, *, reason: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Decision:
        """Take one's own report back; it costs nothing."""
        reason = text.line(reason, "reason")
        return self._decision("withdraw", deed, {"deed": deed, "reason": reason}, by, at, key,
                              lambda command, row: deciding.close(
                                  command, row, Status.WITHDRAWN, reason))

    def reopen(
        self, deed: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Decision:
        """Open a decided deed again. What it posted is frozen until the next decision, which
        takes back exactly that and posts what the deed is worth then."""
        reason = text.line(reason, "reason")
        return self._decision("reopen", deed, {"deed": deed, "reason": reason}, by, at, key,
                              lambda command, row: deciding.reopen(command, row, reason))

    def repair(
        self, deed: str, *, reason: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Decision:
        """The damage behind a deduction was repaired: only the rule's `repair` stays taken."""
        reason = text.line(reason, "reason")
        return self._decision("repair", deed, {"deed": deed, "reason": reason}, by, at, key,
                              lambda command, row: deciding.repair(command, row, reason))

    def pay_waiting(
        self, *, by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> tuple[Award, ...]:
        """Pay, in order, what used-up budgets and full passbooks kept waiting, as far as there
        is room now."""
        answer = perform(self._book, "pay_waiting", waiting.pay_waiting, {}, by=by, at=at,
                         key=key)
        return tuple(award for seq in answer.entry.details["paid"]
                     for award in awards_of(self._book, self._book.entry(seq)))

    def forward(
        self, deed: str, *, to: str, text: str, due_on: date | None = None,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> ForwardedCase:
        """Pass a case on to those who must act. `text` is written for it by the custodian; nothing
        of the report is copied, and one that names its people or repeats the note is a ValueError.

        Raises:
            Refused: not_permitted, reason_needed (without a text).
        """
        row = self._row(deed)
        said = forwarding.checked(deed, to, text, due_on)
        answer = perform(self._book, "forward", lambda command: forwarding.forward(
            command, row, said), said, by=by, at=at, key=key)
        return forwarding.forwarded(self._book, answer)

    def __getitem__(self, deed: str) -> Deed:
        """The deed with this id as it stands; NotFound if there is none."""
        with self._book.reading():
            row = self._row(deed)
            return deed_of(self._book, row, hidden=row.rule in confidential(self._book))

    def of(self, resident: str, *, by: str | None = None) -> tuple[Deed, ...]:
        """The deeds that a resident did or saw, by day; those of confidential kinds only where
        she asks herself."""
        with self._book.reading():
            person = self._book.person(resident)
            hidden = (frozenset() if self._book.is_herself(by, person.id)
                      else confidential(self._book))
            rows = [row for one in self._book.records(person.id)
                    for row in self._book.store.find(DeedRow, "by_doer", one)]
            return tuple(deed_of(self._book, row)
                         for row in sorted(rows, key=lambda row: (row.day, row.seq))
                         if row.rule not in hidden)

    def with_status(self, status: str) -> Iterator[Deed]:
        """Deeds in a state, oldest first: `with_status("submitted")` is the desk's pile."""
        with self._book.reading():
            hidden = confidential(self._book)
            found = [deed_of(self._book, row, hidden=row.rule in hidden) for row in
                     self._book.store.find(DeedRow, "by_status", _known_status(status))]
        yield from found

    def history(self, deed: str) -> tuple[Decision, ...]:
        """Every decision on a deed so far, oldest first, each with its award and its reasons."""
        with self._book.reading():
            return tuple(
                self._decided(Answer(entry=entry, key=""))
                for entry in self._book.entries_about(self._row(deed).id)
                if entry.kind not in _NO_DECISIONS
            )

    def explain(self, deed: str, lang: str | None = None) -> tuple[str, ...]:
        """Why a deed is worth what it is, step by step: of everything that stands of it now, also
        of earlier stages and of what was paid later."""
        with self._book.reading():
            return tuple(step for decision in live_decisions(self._row(deed))
                         for award in awards_of(self._book, self._book.entry(decision["seq"]))
                         for step in award.explained(lang))

    def _decision(
        self, verb: str, deed: str, said: Said, by: str | None, at: datetime | date | None,
        key: str | None, decide: Callable[[Command, DeedRow], Draft | Refusal],
    ) -> Decision:
        return perform(self._book, verb, lambda command: decide(command, self._row(deed)), said,
                       by=by, at=at, key=key, tell=self._decided,
                       roles=lambda: deciding.deciders(self._book, verb, self._row(deed)))

    def _decided(self, answer: Answer) -> Decision:
        entry = answer.entry
        awards = awards_of(self._book, entry)
        deed = deed_of(self._book, self._row(entry.subject), status=_status(entry),
                       key=answer.key, is_repeat=answer.is_repeat,
                       hidden=is_hidden(self._book, entry))
        return Decision(
            deed=deed, award=awards[0] if awards else None, awards=awards,
            waiting_for=entry.details.get("waiting_for", 0), seq=entry.seq, key=answer.key,
            is_repeat=answer.is_repeat,
        )

    def _reported(self, answer: Answer) -> Deed:
        return deed_of(self._book, self._row(answer.entry.subject), status=_status(answer.entry),
                       key=answer.key, is_repeat=answer.is_repeat)

    def _row(self, deed: str) -> DeedRow:
        found = self._book.store.get(DeedRow, text.code(deed, "deed"))
        if found is None:
            raise NotFound("deed", deed)
        return found


def _status(entry: Entry) -> str:
    changes = entry.details.get("rows", {}).get("deed", ())
    return next((str(one["status"]) for one in changes if one["id"] == entry.subject), "")


def _known_status(status: str) -> str:
    if status not in list(Status):
        raise ValueError(f"a deed is {', '.join(Status)}, not {brief(status)}")
    return str(status)


def grades_of(grade: str | Iterable[str] | None) -> tuple[str, ...]:
    """The grades that somebody said, one a part; () where nothing was said."""
    if grade is None:
        return ()
    said = (grade,) if isinstance(grade, str) else several(grade, "grade")
    return tuple(text.code(one, "grade") for one in said)


def codes_of(codes: Iterable[str], what: str) -> tuple[str, ...]:
    """Several codes; one text is none, though it is a row of letters."""
    if isinstance(codes, str):
        raise TypeError(f"{what}= takes several codes, not one text {brief(codes)}")
    return tuple(text.code(code, what) for code in several(codes, what))


def quantities_of(
    quantity: Quantity | Mapping[str, Quantity] | None,
) -> dict[str, Decimal]:
    """Quantities by name; a single one goes by "" until the rule says what it is called."""
    if quantity is None:
        return {}
    if isinstance(quantity, Mapping):
        return {text.line(name, "quantity", most=CODE_MAX): _positive(value, "quantity")
                for name, value in several(quantity.items(), "quantity")}
    return {"": _positive(quantity, "quantity")}


def _positive(value: Quantity, name: str) -> Decimal:
    number = decimal(value, name)
    if number <= 0:
        raise ValueError(f"{name} must be above zero, not {brief(value)}")
    return number


