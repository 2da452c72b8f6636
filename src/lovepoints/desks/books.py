"""The books' desk: opening balances, corrections, transfers, proofs, verification."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft, Entry, Posting
from lovepoints.core.passbooks import awarding, passbook
from lovepoints.core.passbooks.awarding import Writing
from lovepoints.core.passbooks.transferring import Gift, transfer
from lovepoints.core.policy import SELF
from lovepoints.core.rating.validity import grant_dates
from lovepoints.core.rows import FOR_EVER, Balance, Bar, EntryRow, Lot, Party, Passbook
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.values import kind_of, point_unit
from lovepoints.desks.answers import Posted, amount_of, holders_of, posted_of
from lovepoints.desks.command import Command, perform
from lovepoints.desks.counter import settle_lapsed
from lovepoints.desks.passbooks import holder_for, holding_of
from lovepoints.desks.proving import Proving, entry_number
from lovepoints.errors import Code, NotFound, Refused

REVERSIBLE = ("opening", "adjust", "transfer", "receive", "write_off", "count", "give")
"""The kinds of entry that `reverse` takes back; deeds are reopened, redemptions returned."""
GOODS = ("receive", "write_off", "count", "give")
"""Those of them that move goods."""
POOL = "pool"
"""The code of the community's own pool of donated points, where a rulebook has one."""


@attrs.frozen
class Books(Proving):
    """`community.books`"""

    def opening(
        self, holder: str, points: int | str | Decimal, *, kind: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Posted:
        """Bring a balance over from the old book, before anything else moves the passbook.

        It stands for base points too: a passbook with an opening balance is given no other.
        """
        def decide(command: Command) -> Draft | Refusal:
            rulebook, who, unit, amount = self._terms(command, holder, kind, points)
            if refusal := command.own(who):
                return refusal
            before = self._book.store.get(Balance, passbook.passbook(who), unit)
            if before and before.version:
                return Refusal(Code.STATE_NOT_FITTING, {"what": "opening", "state": "in use"})
            code = kind_of(unit)
            opens = grant_dates(rulebook, rulebook.kind(code), amount, command.day,
                                rulebook.calendar(self._book.calendar.zone))
            row = self._book.store.get(Passbook, who)
            marks = {**(row.details.get("marks", {}) if row else {}),
                     f"base:{code}": command.day.isoformat()}
            return self._draft(command, "opening", who, rulebook, (
                Posting(passbook.ISSUED, passbook.passbook(who), unit, amount, opens=opens),
            ) if amount else (), {"rows": {"passbook": [{
                "holder": who, "opened": row.opened if row else command.day.isoformat(),
                "details": {**(row.details if row else {}), "marks": marks}}]}})

        return posted_of(self._book, perform(self._book, "opening", decide, {
            "holder": holder, "points": points, "kind": kind}, by=by, at=at, key=key))

    def adjust(
        self, holder: str, points: int | str | Decimal, *, reason: str, kind: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Posted:
        """Correct a balance up or down, with a reason; down takes what is there and owes the
        rest. Whoever adjusts cannot do it for herself or her household."""
        reason = text.line(reason, "reason")

        def decide(command: Command) -> Draft | Refusal:
            rulebook, who, unit, amount = self._terms(command, holder, kind, points, signed=True)
            if refusal := command.own(who):
                return refusal
            if not reason:
                return Refusal(Code.REASON_NEEDED, {"what": "adjust"})
            command.settle(who)
            kinds = rulebook.kind(kind_of(unit))
            command.seal(f"e-{command.next_seq}", {"reason": reason})
            if amount > 0:
                opens = grant_dates(rulebook, kinds, amount, command.day,
                                    rulebook.calendar(self._book.calendar.zone))
                return self._draft(command, "adjust", who, rulebook, (
                    Posting(passbook.ISSUED, passbook.passbook(who), unit, amount, opens=opens),))
            taken = passbook.deduct(who, unit, -amount, "debt",
                                    awarding.passbook_lots(self._book.store, who, unit),
                                    command.now, kinds.decimals)
            if isinstance(taken, Refusal):
                return taken
            return self._draft(command, "adjust", who, rulebook, taken.postings)

        return posted_of(self._book, perform(self._book, "adjust", decide, {
            "holder": holder, "points": points, "reason": reason, "kind": kind},
            by=by, at=at, key=key))

    def transfer(
        self, giver: str, to: str, points: int | str | Decimal, *, kind: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Posted:
        """Give points on, where the rulebook allows it; each part keeps its own last day."""
        def decide(command: Command) -> Draft | Refusal:
            rulebook, who, unit, amount = self._terms(command, giver, kind, points)
            other = self._book.person(to, "resident", "household", "team")
            receiver = holder_for(self._book, other)
            if command.role == SELF and who not in (command.actor.resident,
                                                    command.actor.household):
                return Refusal(Code.NOT_HOLDER, {})
            for holder in (who, receiver):
                command.settle(holder)
            gift = Gift(
                kind=kind_of(unit), amount=amount, receiver=receiver,
                is_household=self._is_one_home(command, who, receiver), is_pool=to == POOL,
                given=self._given(command, rulebook, who))
            holding = holding_of(self._book, self._book.store, rulebook, who, command.now)
            postings = transfer(rulebook, holding, gift)
            if isinstance(postings, Refusal):
                return postings
            return self._draft(command, "transfer", who, rulebook, postings, {"to": receiver})

        return posted_of(self._book, perform(self._book, "transfer", decide, {
            "giver": giver, "to": to, "points": points, "kind": kind}, by=by, at=at, key=key))

    def reverse(
        self, seq: int, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Posted:
        """Take an entry back by an entry that names it: the same postings the other way round,
        to the same lots. What is spent already is owed. Once per entry.

        Raises:
            Refused: reversal_exists, reversal_of_reversal, not_reversible.
        """
        reason, seq = text.line(reason, "reason"), entry_number(seq)

        def decide(command: Command) -> Draft | Refusal:
            entry = self._book.entry(seq)
            if refusal := command.own(*holders_of(entry)):
                return refusal
            if entry.kind == "reverse":
                return Refusal(Code.REVERSAL_OF_REVERSAL, {"seq": seq})
            if entry.kind not in REVERSIBLE:
                return Refusal(Code.NOT_REVERSIBLE, {"kind": entry.kind, "reason": "kind"})
            if self._book.store.find(EntryRow, "by_reverses", seq, limit=1):
                return Refusal(Code.REVERSAL_EXISTS, {"seq": seq})
            if entry.kind in GOODS:
                settle_lapsed(command)  # what nobody collected lies on the shelf again
            if refusal := self._gone(entry):
                return refusal
            if not reason:
                return Refusal(Code.REASON_NEEDED, {"what": "reverse"})
            for holder in holders_of(entry):
                command.settle(holder)
            command.seal(f"e-{command.next_seq}", {"reason": reason})
            return Draft(
                kind="reverse", subject=entry.subject, at=command.at,
                day=command.day.isoformat(), rulebook=entry.rulebook, reverses=seq,
                postings=awarding.exchanged(self._book.store, seq, command.now))

        return posted_of(self._book, perform(self._book, "reverse", decide,
                                    {"seq": seq, "reason": reason}, by=by, at=at, key=key))

    def sanction(
        self, holder: str, code: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Posted:
        """Impose a sanction that the rulebook names, from the day of `at` on."""
        reason = text.line(reason, "reason")

        def decide(command: Command) -> Draft | Refusal:
            rulebook = self._rulebook(command.day)
            who = self._holder(holder)
            sanction = next((one for one in rulebook.sanctions if one.code == code), None)
            if sanction is None:
                raise NotFound("sanction", code)
            if not reason:
                return Refusal(Code.REASON_NEEDED, {"what": "sanction"})
            command.settle(who)
            until = awarding.sanction_end(sanction, command.day,
                                          rulebook.calendar(self._book.calendar.zone))
            writing = Writing()
            writing.change("bar", *(
                {"holder": who, "what": what, "since": command.day.isoformat(),
                 "seq": command.next_seq, "until": until.isoformat() if until else FOR_EVER,
                 "sanction": code} for what in sanction.bars or ("",)))
            command.seal(f"e-{command.next_seq}", {"reason": reason})
            postings = tuple(
                Posting(lot.account, passbook.DEDUCTED, lot.unit, lot.free, lot.id)
                for kind in sanction.clears
                for lot in awarding.passbook_lots(self._book.store, who, point_unit(kind))
                if lot.free)
            return self._draft(command, "sanction", who, rulebook, postings, writing.details())

        return posted_of(self._book, perform(self._book, "sanction", decide, {
            "holder": holder, "code": code, "reason": reason}, by=by, at=at, key=key))

    def lift(
        self, holder: str, code: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Posted:
        """End a sanction before its time; the day of `at` is its last."""
        reason = text.line(reason, "reason")

        def decide(command: Command) -> Draft | Refusal:
            rulebook, who = self._rulebook(command.day), self._holder(holder)
            today = command.day.isoformat()
            bars = [bar for bar in self._book.store.find(Bar, "", who)
                    if bar.sanction == code and bar.until >= today]
            if not bars:
                raise NotFound("sanction in force", code)
            if refusal := command.own(who):
                return refusal
            if not reason:
                return Refusal(Code.REASON_NEEDED, {"what": "lift"})
            command.seal(f"e-{command.next_seq}", {"reason": reason})
            return self._draft(command, "lift", who, rulebook, (), {"rows": {"bar": [
                {"holder": bar.holder, "what": bar.what, "since": bar.since, "seq": bar.seq,
                 "until": today} for bar in bars]}})

        return posted_of(self._book, perform(self._book, "lift", decide, {
            "holder": holder, "code": code, "reason": reason}, by=by, at=at, key=key))

    def sweep(
        self, *, progress: Callable[[int], None] | None = None, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> int:
        """Write everything that the calendar made due by now; how many entries that took.

        Nothing depends on it: reads know what is due, and verbs write it before they decide.
        """
        written = 0

        def decide(command: Command) -> Draft | Refusal:
            nonlocal written
            for place, party in enumerate(self._book.store.find(Party)):
                command.settle(party.id)
                if progress:
                    progress(place + 1)
            written = len(command.written)
            return Draft(kind="sweep", subject="book", at=command.at,
                         day=command.day.isoformat(), details={"written": written})

        answer = perform(self._book, "sweep", decide, {}, by=by, at=at, key=key)
        return int(answer.entry.details.get("written", written))

    # loading

    def _terms(
        self, command: Command, holder: str, kind: str, points: int | str | Decimal, *,
        signed: bool = False,
    ) -> tuple[Rulebook, str, str, int]:
        """The rulebook of the day, the holder, the unit, and the amount in smallest parts."""
        rulebook = self._rulebook(command.day)
        code = text.line(kind, "kind") or rulebook.main_kind.code
        if code not in {one.code for one in rulebook.kinds}:
            raise NotFound("point kind", code)
        return (rulebook, self._holder(holder), point_unit(code),
                amount_of(points, rulebook.kind(code).decimals, signed=signed))

    def _holder(self, code: str) -> str:
        return holder_for(self._book, self._book.person(code, "resident", "household", "team"))

    def _rulebook(self, day: date) -> Rulebook:
        found = self._book.rulebook_on(day)
        if found is None:
            raise Refused(Code.RULEBOOK_UNKNOWN, {"day": day.isoformat()})
        return found

    def _is_one_home(self, command: Command, giver: str, receiver: str) -> bool:
        today = command.today.isoformat()
        homes = {party: self._book.household_of(party, today) or party
                 for party in (giver, receiver)}
        return homes[giver] == homes[receiver]

    def _given(self, command: Command, rulebook: Rulebook, giver: str) -> int:
        """What the giver gave in the rulebook's present period, reversed gifts left out."""
        period = rulebook.calendar(self._book.calendar.zone).period(
            command.day, rulebook.transfer.each)
        total = 0
        for entry in self._book.entries_about(f"passbook:{giver}"):
            if entry.kind == "transfer" and date.fromisoformat(entry.day) in period and \
                    not self._book.store.find(EntryRow, "by_reverses", entry.seq, limit=1):
                total += sum(posting.amount for posting in entry.postings
                             if posting.source == passbook.passbook(giver))
        return total

    def _gone(self, entry: Entry) -> Refusal | None:
        """Goods that were handed out since cannot be taken back to the supplier, nor lost ones
        to the shelf that turned up since."""
        lost = Counter[str]()
        for number, posting in awarding.postings_of(self._book.store, entry.seq):
            lot = self._book.store.get(Lot, number)
            if lot and lot.account == passbook.SHELF and lot.free < posting.amount:
                return Refusal(Code.NOT_REVERSIBLE, {"kind": entry.kind, "reason": "handed out"})
            if posting.target == passbook.LOST:
                lost[posting.unit] += posting.amount
        for unit, amount in lost.items():
            still = self._book.store.get(Balance, passbook.LOST, unit)
            if not still or still.amount < amount:
                return Refusal(Code.NOT_REVERSIBLE, {"kind": entry.kind, "reason": "found again"})
        return None

    def _draft(
        self, command: Command, kind: str, holder: str, rulebook: Rulebook,
        postings: tuple[Posting, ...], details: dict[str, Any] | None = None,
    ) -> Draft:
        return Draft(kind=kind, subject=f"passbook:{holder}", at=command.at,
                     day=command.day.isoformat(), rulebook=rulebook.digest, postings=postings,
                     details=details or {})
