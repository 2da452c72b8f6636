"""What moved without an award, worked out again (I11 to I16), and that nobody decided at home.

What the calendar did, hand-overs, reservations and what became of them, gifts, corrections and
reversals: each is worked out anew from the rows that the entries before it give, and must come
out as it was written. So what a changed or faulty program wrote is found by a sound one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Entry, Posting, entered
from lovepoints.core.lineage import survivor, survivors
from lovepoints.core.lives import confirm_of, own_deed, wrong_state
from lovepoints.core.passbooks import awarding, passbook, returning
from lovepoints.core.passbooks.baskets import PLAIN, price_on
from lovepoints.core.passbooks.dues import next_due
from lovepoints.core.passbooks.redeeming import Line, Settlement
from lovepoints.core.passbooks.spending import Block, Payment
from lovepoints.core.passbooks.transferring import given
from lovepoints.core.passbooks.yearly import Terms
from lovepoints.core.policy import Actor, resident_of
from lovepoints.core.rating.facts import membership
from lovepoints.core.rows import Appointment, DeedRow, Due, Item, Lot, Party, Price, RedemptionRow
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.store import Rows
from lovepoints.core.values import NEVER, Calendar, item_unit

Found: TypeAlias = "tuple[str, Mapping[str, int | str]]"
"""A code of `lovepoints.words.verifying` and its facts."""
Columns: TypeAlias = "Mapping[str, Any]"  # Any: canonical JSON
DUE = frozenset({"lapse", "deduct", "close", "settle", "expire", "clear", "debit", "grant",
                 "carry"})
"""The kinds of entry that the calendar owes."""
_BREATH = 64
"""So many microseconds are looked back from an entry to when its verb may have begun."""


@attrs.define
class Moves:
    """Works the movements of entries out again, each before it is folded onto `rows`."""

    rows: Rows
    terms: Callable[[], Terms]
    calendar: Callable[[], Calendar]
    _begun_at: int = 0
    _written_at: int = -1
    _reversed: set[int] = attrs.field(factory=set)
    _reversals: set[int] = attrs.field(factory=set)

    def findings(self, entry: Entry) -> Iterator[Found]:
        """What an entry moves otherwise than those before it give."""
        if entry.recorded_at != self._written_at + 1:
            self._begun_at = entry.recorded_at
        self._written_at = entry.recorded_at
        if entry.kind in ("transfer", "adjust") and not entry.postings:
            yield "moved_otherwise", {"subject": entry.subject}
            return
        match entry.kind:
            case kind if kind in DUE and entry.by == "lp":
                yield from self._due(entry)
            case "reverse":
                yield from self._reverse(entry)
            case "redeem" | "hold":
                yield from self._fetched(entry)
            case "collect" | "release" | "return":
                yield from self._stepped(entry)
            case "transfer":
                yield from self._gift(entry)
            case "split" if entry.postings:
                yield from self._gift(entry)
            case "adjust":
                yield from self._adjusted(entry)
            case "confirm" | "reject" | "duplicate" | "repair":
                yield from self._decided(entry)

    def _moments(self) -> Iterator[int]:
        """When the verb of the present entry may have begun. It wrote what was due before its
        own entry, each a microsecond later; only a clock that stands still makes it a guess."""
        last = self._written_at
        yield self._begun_at
        yield from range(last, max(self._begun_at, last - _BREATH), -1)

    # the calendar

    def _due(self, entry: Entry) -> Iterator[Found]:
        """I14, I11: the calendar owed exactly this."""
        holder = self._holder(entry)
        for now in self._moments():
            draft = next_due(self.rows, holder, now, self.terms(), self.calendar(), entry.seq)
            if draft and entry.body == entered(
                    draft, seq=entry.seq, key=entry.key, recorded_at=entry.recorded_at,
                    by=entry.by, role=entry.role).body:
                return
        yield "not_due", {"kind": entry.kind}

    def _holder(self, entry: Entry) -> str:
        if entry.subject.startswith("passbook:"):
            return entry.subject.removeprefix("passbook:")
        if entry.kind == "expire":
            return str(entry.details["holder"])
        changes = entry.details["rows"]
        if entry.kind == "lapse":
            return str(changes["redemption"][0]["holder"])
        due = self.rows.get(Due, changes["due"][0]["id"])
        return due.holder if due else ""

    # the books

    def _reverse(self, entry: Entry) -> Iterator[Found]:
        """I15: once, of no reversal, the same postings exchanged."""
        seq = entry.reverses
        if seq in self._reversed | self._reversals or not 0 < seq < entry.seq:
            yield "reversed_before", {"entry": seq}
        elif not self._comes_out(entry, lambda now: awarding.exchanged(self.rows, seq, now)):
            yield "reversed_otherwise", {"entry": seq}
        self._reversed.add(seq)
        self._reversals.add(entry.seq)

    def _gift(self, entry: Entry) -> Iterator[Found]:
        """I13, I12: from the lots whose turn it is, each part with the dates of its own."""
        giver, last = entry.subject.removeprefix("passbook:"), entry.postings[-1]
        account = passbook.passbook(giver)
        shares = [(one.lot, one.amount) for one in entry.postings if one.source == account]
        unit = next(one.unit for one in entry.postings if one.source == account)
        lots = {lot.id: lot for lot in awarding.passbook_lots(self.rows, giver, unit)}
        if not self._in_turn(lots.values(), shares):
            yield "lots_turn", {"unit": unit}
        elif entry.postings != tuple(
                posting for lot, amount in shares for posting in given(
                    giver, str(entry.details["to"]), lots[lot], amount, last.unit)):
            yield "moved_otherwise", {"subject": entry.subject}

    def _adjusted(self, entry: Entry) -> Iterator[Found]:
        """I13: a correction downwards takes what can be spent first."""
        first = entry.postings[0]
        if first.source == passbook.ISSUED:
            return
        holder, amount = passbook.holder_of(first.source), sum(one.amount for one in entry.postings)
        lots = awarding.passbook_lots(self.rows, holder, first.unit)

        def taken(now: int) -> tuple[Posting, ...] | None:
            found = passbook.deduct(holder, first.unit, amount, "debt", lots, now)
            return None if isinstance(found, Refusal) else found.postings

        if not self._comes_out(entry, taken):
            yield "lots_turn", {"unit": first.unit}

    def _comes_out(
        self, entry: Entry, work: Callable[[int], tuple[Posting, ...] | None],
    ) -> bool:
        return any(entry.postings == work(now) for now in self._moments())

    def _in_turn(self, lots: Iterable[Lot], shares: Iterable[tuple[int, int]]) -> bool:
        """Whether an amount is drawn on the live lots whose turn it is."""
        here, wanted = list(lots), tuple(shares)
        amount = sum(taken for _, taken in wanted)
        return any(passbook.allocate(here, amount, now) == wanted for now in self._moments())

    # the shop

    def _fetched(self, entry: Entry) -> Iterator[Found]:
        """I16, I13: points and goods in one entry, at the prices of the day, from lots in turn."""
        (change,) = entry.details["rows"]["redemption"]
        row = RedemptionRow(seq=entry.seq, **change)
        is_handed, details = entry.kind == "redeem", row.details
        settlement = _settlement(row)
        for line in settlement.lines:
            price = price_on(self.rows.find(Price, "", line.item), entry.day)
            if price is None or (dict(price.amounts), price.cash) != (
                    dict(line.unit_price), line.cash):
                yield "price_other", {"item": line.item}
        moved = settlement.redeemed() if is_handed else settlement.reserved()
        is_whole = settlement.details(handed=is_handed) == {
            name: details[name] for name in ("lines", "points", "plain")}
        if (entry.postings != moved or not is_whole or not _is_paid(settlement)
                or (row.state, row.lapses_at == NEVER) != (
                    ("collected", True) if is_handed else ("held", False))):
            yield "moved_otherwise", {"subject": row.id}
        yield from self._drawn(row, settlement)

    def _drawn(self, row: RedemptionRow, settlement: Settlement) -> Iterator[Found]:
        for unit in settlement.totals:
            shares = [(lot, amount) for one, lot, amount in settlement.payment.points
                      if one == unit]
            if not self._in_turn(awarding.passbook_lots(self.rows, row.holder, unit), shares):
                yield "lots_turn", {"unit": unit}
        for line in settlement.lines:
            item, unit = self.rows.get(Item, line.item), item_unit(line.item)
            if item is None or sum(amount for _, amount in line.lots) != (
                    line.quantity if item.stocked else 0):
                yield "moved_otherwise", {"subject": row.id}
            elif item.stocked and not self._in_turn(
                    self.rows.find(Lot, "spendable", passbook.SHELF, unit, 1), line.lots):
                yield "lots_turn", {"unit": unit}

    def _stepped(self, entry: Entry) -> Iterator[Found]:
        """I11, I16: what became of a hand-over or reservation is what may become of it."""
        (change,) = entry.details["rows"]["redemption"]
        before = self.rows.get(RedemptionRow, entry.subject)
        if before is None or change["id"] != before.id or (
                change["holder"], change["day"]) != (before.holder, before.day):
            yield "moved_otherwise", {"subject": entry.subject}
            return
        lots = awarding.lots_of(self.rows, [(0, one) for one in entry.postings])
        lots |= {lot: row for lot in _lots_of(before.details) if (row := self.rows.get(Lot, lot))}
        for now in self._moments():
            moved = self._step(entry, before, change["details"], lots, now)
            if not isinstance(moved, Refusal) and (
                    moved.postings, moved.state, moved.details["lines"]) == (
                    entry.postings, change["state"], change["details"]["lines"]):
                return
        yield "moved_otherwise", {"subject": entry.subject}

    def _step(
        self, entry: Entry, before: RedemptionRow, after: Columns, lots: Mapping[int, Lot],
        now: int,
    ) -> returning.Moved | Refusal:
        if entry.kind == "collect":
            return returning.collect(before, lots, now, _pieces(after, "handed"))
        terms = self._rulebook(before.details["rulebook"]).redemption
        if entry.kind == "release":
            return returning.release(before, terms)
        was = _pieces(before.details, "returned")
        part = {item: pieces - was[item] for item, pieces in _pieces(after, "returned").items()}
        return returning.return_(
            before, lots, now, self.calendar(), terms=terms, part=part,
            restock=not any(one.target == passbook.LOST for one in entry.postings))

    def _rulebook(self, digest: str) -> Rulebook:
        return {one.digest: one for _, one in self.terms()}[digest]

    # deeds

    def _decided(self, entry: Entry) -> Iterator[Found]:
        """I17, I21: the deed was open for this, and whoever decided neither did it, nor wrote it
        down, nor lives with a doer."""
        deed = self.rows.get(DeedRow, entry.subject)
        rulebook = self._rulebook(entry.rulebook)
        rule = rulebook.rule(deed.rule) if deed else None
        if deed is None or rule is None:
            return
        (change,) = entry.details["rows"]["deed"]
        before = len(deed.details.get("decisions", ()))
        taken = change.get("details", {}).get("decisions", ())[before:]
        stage = str(taken[-1]["stage"]) if taken else ""
        if wrong_state(deed, entry.kind, rule, stage):
            yield "decided_again", {"deed": deed.id}
        resident, day = self._resident(entry.by), date.fromisoformat(deed.day)
        today = self.calendar().day_of(self._begun_at)
        days = [one.isoformat() for one in (day - timedelta(days=1), day, today)]
        recorder = survivors(self.rows, (deed.reporter, *(
            term.resident for term in self.rows.find(Appointment, "", deed.reporter))))
        doers = {*deed.details["doers"], *survivors(self.rows, deed.details["doers"])}
        homes = self._homes(doers, days) | doers
        refusal = own_deed(
            doers, Actor(id=entry.by, code="", resident=resident),
            is_home=bool(homes & self._homes([resident], days)),
            is_recorder=bool(recorder & {entry.by, resident}),
            confirm=confirm_of(rulebook, rule))
        if refusal:
            yield "decided_own", {"who": str(refusal.facts["who"])}

    def _homes(self, residents: Iterable[str], days: Iterable[str]) -> set[str]:
        found = (membership(self.rows, one, day) for one in residents for day in days)
        return {member.household for member in found if member} - {""}

    def _resident(self, actor: str) -> str:
        party = self.rows.get(Party, actor)
        if party and party.kind == "resident":
            return actor
        return survivor(self.rows, resident_of(self.rows.find(Appointment, "", actor)))


def _settlement(row: RedemptionRow) -> Settlement:
    """What was settled at the counter, as the redemption tells it."""
    details = row.details
    return Settlement(
        holder=row.holder,
        lines=tuple(Line(
            item=line["item"], title=line["title"], quantity=line["quantity"],
            unit_price=line["unit_price"], cash=line["cash"],
            lots=tuple((lot, amount) for lot, amount in line["lots"]))
            for line in details["lines"]),
        payment=Payment(points=tuple((unit, lot, amount)
                                     for unit, lot, amount in details["points"]),
                        plain=tuple(map(Block.from_json, details["plain"]))))


def _is_paid(settlement: Settlement) -> bool:
    """Whether the points are as many as the prices add up to, a plain sum in whichever kinds."""
    asked, plain = Counter(settlement.asked), 0
    for block in settlement.payment.plain:
        asked.update(dict(block.runs))
        plain += block.size
    return asked.pop(PLAIN, 0) == plain and +asked == +Counter(settlement.totals)


def _pieces(details: Columns, column: str) -> dict[str, int]:
    return {line["item"]: line[column] for line in details["lines"]}


def _lots_of(details: Columns) -> set[int]:
    return {lot for _, lot, _ in details["points"]} | {
        lot for line in details["lines"] for lot, _ in line["lots"]}
