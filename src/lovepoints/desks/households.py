"""The households' desk: two become one, one becomes two, one person who was enrolled twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.desks import kinship
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, check_day, perform
from lovepoints.desks.deeds import codes_of

Said = dict[str, Any]  # Any: arguments of many types


@attrs.frozen(kw_only=True)
class HouseholdChange:
    """What became of a party: `what` is "merge", "unite", "split" or "died"; `party` and `other`
    are codes, `other` the one that goes on, or the new one. `members` moved with it."""

    what: str
    party: str
    other: str = ""
    members: tuple[str, ...] = ()
    day: date
    seq: int = 0
    key: str = ""
    is_repeat: bool = False


@attrs.frozen
class Households:
    """`community.households`"""

    _book: Book

    def merge(
        self, household: str, *, into: str, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> HouseholdChange:
        """Two households become one (并户): who lives in the first moves, its passbook is carried
        over with every last day and debt, its code answers still.

        What is set aside or frozen follows once it is free, and so does a late award. Limits of
        the household that goes on count what both have had.

        Raises:
            Refused: account_closed, reason_needed, self_confirmation, state_not_fitting (the
                first is barred from something, or a deduction waits for its day).
        """
        return self._join("merge", household, into, reason, by, at, key)

    def unite(
        self, resident: str, *, into: str, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> HouseholdChange:
        """One person was enrolled twice: the first record ends, and what it has goes on as the
        other's, as in `merge`. Her old code, cards and PINs name the record that goes on.

        Raises:
            Refused: account_closed, reason_needed, self_confirmation, state_not_fitting (it holds
                an office, a place in a team or a pairing of its own: end that first).
        """
        return self._join("unite", resident, into, reason, by, at, key)

    def split(
        self, household: str, *, into: str, members: Iterable[str],
        points: int | str | Decimal | None = None, kind: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> HouseholdChange:
        """Some members found a household of their own (分户), with so many `points` of the old
        passbook (left out: none), each part with its last day.

        Limits of the new household count what the old one had before that day.

        Raises:
            Refused: code_taken, insufficient_points, account_closed, self_confirmation,
                state_not_fitting (somebody does not live there, or all would leave).
        """
        said: Said = {
            "household": text.code(household, "household"), "into": text.code(into, "into"),
            "members": codes_of(members, "members"), "points": points,
            "kind": text.line(kind, "kind", most=64)}
        return self._say("split", lambda command: kinship.split(command, said), said, by, at, key)

    def died(
        self, resident: str, *, on: date | None = None, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> HouseholdChange:
        """Somebody has died: she leaves on that day, and her cards stop.

        A household keeps its passbook. Points of somebody who lived alone stay until they end, or
        go to the heirs' household with `merge`.

        Raises:
            Refused: account_closed (she had left before), self_confirmation.
        """
        check_day(on, "on")
        said: Said = {"resident": text.code(resident, "resident"), "on": on}
        return self._say("died", lambda command: kinship.died(command, said), said, by, at, key)

    def _join(
        self, verb: str, party: str, into: str, reason: str, by: str | None,
        at: datetime | date | None, key: str | None,
    ) -> HouseholdChange:
        said: Said = {"party": text.code(party, "party"), "into": text.code(into, "into"),
                      "reason": text.line(reason, "reason")}
        return self._say(verb, lambda command: kinship.joined(command, verb, said), said, by, at,
                         key)

    def _say(
        self, verb: str, decide: Callable[[Command], Draft | Refusal], said: Said, by: str | None,
        at: datetime | date | None, key: str | None,
    ) -> HouseholdChange:
        return perform(self._book, verb, decide, said, by=by, at=at, key=key, tell=self._told)

    def _told(self, answer: Answer) -> HouseholdChange:
        entry = answer.entry
        told = entry.details["told"]
        return HouseholdChange(
            what=entry.kind, party=self._book.code_of(told["party"]),
            other=self._book.code_of(told["other"]) if told["other"] else "",
            members=tuple(map(self._book.code_of, told["members"])),
            day=date.fromisoformat(entry.day), seq=entry.seq, key=answer.key,
            is_repeat=answer.is_repeat)
