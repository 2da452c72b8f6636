"""Rehearsal: the book's real deeds under another rulebook, without writing anything.

The journal is walked once from its beginning. What is known of people, deeds and passbooks is
folded as it was; beside it stand the credits as the other rulebook would have given them, so that
a limit counts what it would have counted. Every decision of the period is rated with the verdict,
grades, quantities, facts and attributes that stand in the book.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from lovepoints.core.adopted import Adopted, calendar_of
from lovepoints.core.deeds import Award, Facts, History, Part, Refusal, Step
from lovepoints.core.history import RowsHistory
from lovepoints.core.journal import Draft, Entry, entered
from lovepoints.core.overlay import Aside, Indexed, Overlay
from lovepoints.core.passbooks import awarding
from lovepoints.core.passbooks.awarding import Scene, Writing
from lovepoints.core.passbooks.yearly import Terms, in_force
from lovepoints.core.projecting import project, refold
from lovepoints.core.rating.facts import facts_of, rating_rulebook
from lovepoints.core.rating.rate import rate_waiting
from lovepoints.core.rating.reporting import report_refusal
from lovepoints.core.rating.together import rate_together
from lovepoints.core.rows import Credit, DeedRow, Due, EntryRow
from lovepoints.core.rulebook import Rule, Rulebook, replaced
from lovepoints.core.store import Rows
from lovepoints.core.values import Calendar, Period
from lovepoints.core.verifying_awards import stages_gone, verdict_of
from lovepoints.errors import Code

Columns = dict[str, Any]  # Any: canonical JSON
_Decision = tuple[str, str]  # a deed and its stage
_Place = tuple[str, str]  # a holder and a unit
_STEP = 256
_NOT_KEPT = frozenset({"evidence"})
"""What a report states and the journal does not keep open: it is taken as given."""


@attrs.frozen(kw_only=True)
class Outcome:
    """One decision of the period that stands: what it gave, and what it would have given.

    `was` and `now` are smallest parts by holder and unit, negative for deductions; both go by the
    passbook that the book credited. Cuts are the limits that took something away, `waiting` is
    what waits for room now. `refused` is the code of a refusal. `is_same`: holders, points and
    what waits are the same in every award.
    """

    rule: str
    was: Mapping[tuple[str, str], int]
    now: Mapping[tuple[str, str], int]
    was_cut: tuple[str, ...] = ()
    now_cut: tuple[str, ...] = ()
    waiting: Mapping[str, int] = attrs.field(factory=dict)
    refused: str = ""
    is_same: bool = True


def rehearse(
    entries: Rows, rulebook: Rulebook | None, period: Period,
    progress: Callable[[int], None] | None = None,
) -> tuple[Outcome, ...]:
    """The decisions taken in the period that stand today, in the order in which they were taken.

    Without a rulebook each is rated by the one in force for it, and every outcome is the same.
    """
    # What is rehearsed are the terms; that they begin later refuses nothing.
    terms = replaced(rulebook, effective=date.min) if rulebook else None
    walk = _Walk(rulebook=terms, period=period)
    for row in entries.scan(EntryRow):
        walk.take(Entry.from_bytes(row.body), row.leaf)
        if progress and row.seq % _STEP == 0:
            progress(row.seq)
    return walk.outcomes()


@attrs.frozen(kw_only=True)
class _Case:
    """A decision, and what its awards are worked out from."""

    entry: Entry
    deed: DeedRow
    rulebook: Rulebook
    rule: Rule
    counts_on: date
    decided_on: date
    rows: Rows
    stage: str
    history: History

    def facts(self, position: int) -> Facts:
        """What is known of one doer's part."""
        return facts_of(self.rows, self.deed, position, self.rulebook, counts_on=self.counts_on,
                        decided_on=self.decided_on)

    def calendar(self, zone: str) -> Calendar:
        """The calendar as the rulebook has it."""
        return self.rulebook.calendar(zone)


@attrs.define
class _Walk:
    """The book as it was up to an entry, and what the decisions of the period came to."""

    rulebook: Rulebook | None
    period: Period
    _rows: Indexed = attrs.field(factory=Indexed)
    _past: Aside = attrs.field(init=False)
    _adopted: Adopted = attrs.field(init=False)
    _outcomes: dict[_Decision, Outcome] = attrs.field(factory=dict)
    _moves: dict[_Decision, Counter[_Place]] = attrs.field(factory=dict)
    """How much more each decision gave than it did, by holder and unit."""
    _more: Counter[_Place] = attrs.field(factory=Counter)
    """The sum of the moves."""
    _waiting: dict[tuple[str, str, str], Mapping[str, int]] = attrs.field(factory=dict)
    """What waits for room, by deed, stage and doer."""
    _unreported: dict[str, Refusal] = attrs.field(factory=dict)
    """The deeds that could not have been reported."""

    def __attrs_post_init__(self) -> None:
        self._past, self._adopted = Aside(self._rows, Credit), Adopted(self._rows)

    def take(self, entry: Entry, leaf: bytes) -> None:
        """Rate the awards of an entry of the period again, and fold it."""
        found = _deed_of(entry, self._rows)
        if found is None:
            refold(entry, leaf, self._rows)
            if entry.kind == "adopt":
                self._adopted.forget()
            return
        deed, decisions = found
        gone = stages_gone(deed, decisions)
        if entry.kind == "report" and self.rulebook:
            self._report(deed)
        self._forget(deed.id, gone)
        credits: list[Credit] | None = None
        stage = decisions[-1]["stage"] if decisions else ""
        if entry.details.get("awards") and self._day(entry) in self.period:
            credits = self._rehearsed(entry, deed, stage, gone)
        refold(entry, leaf, self._rows)
        self._keep_credits(entry, None if credits is None else (deed.id, stage), credits or [])

    def outcomes(self) -> tuple[Outcome, ...]:
        """What came of the period, each with what still waits for room."""
        for (deed, stage, _), units in self._waiting.items():
            if units and (found := self._outcomes.get((deed, stage))):
                self._outcomes[deed, stage] = attrs.evolve(
                    found, waiting=Counter(found.waiting) + Counter(units))
        return tuple(self._outcomes.values())

    # one decision

    def _rehearsed(
        self, entry: Entry, deed: DeedRow, stage: str, gone: tuple[str, ...],
    ) -> list[Credit]:
        """Rate one entry's awards; the credits that they stand for."""
        case = self._unreported.get(deed.id) or self._case(entry, deed, stage, gone)
        awards = case if isinstance(case, Refusal) else self._awards(case)
        if entry.kind == "pay_waiting" and isinstance(awards, Refusal):
            awards = ()  # nothing waits of a deed that was refused; that was said of the deed
        written = entry.details["awards"]
        self._outcomes[deed.id, stage] = _outcome(deed.rule, written, awards)
        moves = _points(written)
        moves = Counter({place: -points for place, points in moves.items()})
        credits: list[Credit] = []
        if not isinstance(awards, Refusal) and isinstance(case, _Case):
            for award in awards:
                moves.update({(award.holder, one.unit): one.points for one in award.parts})
                facts = case.facts(deed.details["doers"].index(award.doer))
                credits += [Credit(seq=entry.seq, **columns) for columns in awarding.credits_of(
                    deed, stage, award, case.rulebook, household=facts.household,
                    area=facts.area, counts_on=case.counts_on, earned_on=case.counts_on)]
        self._moves[deed.id, stage] = moves
        self._more.update(moves)
        return credits

    def _case(
        self, entry: Entry, deed: DeedRow, stage: str, gone: tuple[str, ...],
    ) -> _Case | Refusal:
        decided_on = self._day(entry)
        if entry.kind == "pay_waiting":
            rulebook, counts_on = in_force(self._terms(), decided_on), decided_on
        else:
            rulebook, counts_on = rating_rulebook(
                self._terms(), date.fromisoformat(deed.day),
                date.fromisoformat(deed.reported_on), decided_on)
        rule = rulebook.rule(deed.rule) if rulebook else None
        if rulebook is None or rule is None:
            return Refusal(Code.RULE_NOT_IN_FORCE, {"rule": deed.rule, "day": deed.day})
        rows = self._without(entry, deed, gone)
        return _Case(
            entry=entry, deed=deed, rulebook=rulebook, rule=rule, counts_on=counts_on,
            decided_on=decided_on, rows=rows, stage=stage,
            history=_Richer(RowsHistory(rows, deed, stage), self._more))

    def _awards(self, case: _Case) -> Sequence[Award] | Refusal:
        zone = calendar_of(self._rows).zone
        if case.entry.kind == "repair":
            return _repaired(case, self._past)
        if case.entry.kind == "pay_waiting":
            return self._paid(case, zone)
        awards = rate_together(
            case.rulebook, case.rule,
            [case.facts(place) for place in range(len(case.deed.details["doers"]))],
            verdict_of(case.entry, case.stage), case.history, case.calendar(zone))
        for award in () if isinstance(awards, Refusal) else awards:
            self._waiting[case.deed.id, case.stage, award.doer] = award.waiting
        return awards

    def _paid(self, case: _Case, zone: str) -> Sequence[Award]:
        """What is paid of points that wait, where the book paid some."""
        due = self._rows.get(Due, case.entry.details["rows"]["due"][0]["id"])
        assert due is not None, "what waits has its row"
        doer = due.details["doer"]
        place = case.deed.id, due.details["stage"], doer
        units: Mapping[str, int] = (self._waiting[place] if place in self._waiting
                                    else due.details["units"])
        counted = any(credit.times for credit in case.rows.find(Credit, "", case.deed.id)
                      if credit.doer == doer)
        award = rate_waiting(
            case.rulebook, case.rule, case.facts(case.deed.details["doers"].index(doer)), units,
            case.history, case.calendar(zone), counted=counted)
        self._waiting[place] = award.waiting
        return (award,)

    def _without(self, entry: Entry, deed: DeedRow, gone: tuple[str, ...]) -> Rows:
        """The rows as they are once the decisions that this one replaces are taken back."""
        rulebook = self._adopted.by_digest(entry.rulebook) if gone else None
        rule = rulebook.rule(deed.rule) if rulebook else None
        if rulebook is None or rule is None:
            return self._past
        writing, rows = Writing(), Overlay(self._past)
        awarding.take_back(writing, Scene(
            rows=self._past, rulebook=rulebook, rule=rule, calendar=calendar_of(self._rows),
            now=entry.recorded_at, seq=entry.seq), deed, gone)
        draft = Draft(kind="draft", subject="", at=entry.at, day=entry.day,
                      details=writing.details(), postings=tuple(writing.postings))
        project(entered(draft, seq=entry.seq, key="", recorded_at=entry.recorded_at, by="",
                        role=""), rows)
        return rows

    # what is known along the way

    def _report(self, deed: DeedRow) -> None:
        """Remember a deed that could not have been reported."""
        reported_on = date.fromisoformat(deed.reported_on)
        rulebook, counts_on = rating_rulebook(
            self._terms(), date.fromisoformat(deed.day), reported_on, reported_on)
        rule = rulebook.rule(deed.rule) if rulebook else None
        for place in range(len(deed.details["doers"])) if rulebook and rule else ():
            assert rulebook is not None and rule is not None
            facts = facts_of(self._past, deed, place, rulebook, counts_on=counts_on,
                             decided_on=reported_on)
            if refusal := report_refusal(rulebook, rule, facts, RowsHistory(self._past, deed),
                                         provided=_NOT_KEPT, reason=True):
                self._unreported[deed.id] = refusal
                return

    def _forget(self, deed: str, gone: tuple[str, ...]) -> None:
        """Decisions that are taken back came to nothing."""
        for stage in gone:
            self._outcomes.pop((deed, stage), None)
            self._more.subtract(self._moves.pop((deed, stage), {}))
            for place in [one for one in self._waiting if one[:2] == (deed, stage)]:
                del self._waiting[place]

    def _keep_credits(
        self, entry: Entry, rehearsed: _Decision | None, credits: Sequence[Credit],
    ) -> None:
        """Credits as the book changed them, and those that were rehearsed in their place."""
        changed = {(one["deed"], one["stage"])
                   for one in entry.details.get("rows", {}).get("credit", ())}
        for deed, stage in changed | ({rehearsed} if rehearsed else set()):
            for old in self._past.find(Credit, "", deed, stage):
                self._past.drop(Credit, old.deed, old.stage, old.doer, old.unit)
            for new in credits if (deed, stage) == rehearsed else self._rows.find(
                    Credit, "", deed, stage):
                self._past.put(new)

    def _terms(self) -> Terms:
        return ((date.min.isoformat(), self.rulebook),) if self.rulebook else self._adopted.terms()

    def _day(self, entry: Entry) -> date:
        return calendar_of(self._rows).day_of(entry.at)


@attrs.frozen
class _Richer:
    """A history in which passbooks show more than they did, or less."""

    history: RowsHistory
    more: Mapping[_Place, int]

    def credits(self, per: str, who: str, period: Period) -> Iterator[Credit]:
        """As the history says."""
        return self.history.credits(per, who, period)

    def earlier_reports(self, rule: str, same: Mapping[str, str]) -> Sequence[date]:
        """As the history says."""
        return self.history.earlier_reports(rule, same)

    def balance(self, holder: str, unit: str) -> int:
        """What the passbook showed, and what was rehearsed on top."""
        return self.history.balance(holder, unit) + self.more.get((holder, unit), 0)

    def bars(self, holder: str, what: str, day: date) -> date | None:
        """As the history says: sanctions stay as they were imposed."""
        return self.history.bars(holder, what, day)


def _deed_of(entry: Entry, rows: Rows) -> tuple[DeedRow, Sequence[Columns]] | None:
    """The deed that an entry changes, as it was before, and its decisions after."""
    changes = entry.details.get("rows", {}).get("deed", ())
    change = next((one for one in changes if one["id"] == entry.subject), None)
    if change is None:
        return None
    deed = rows.get(DeedRow, entry.subject) or DeedRow(seq=entry.seq, **change)
    after = change.get("details", deed.details)
    return deed, after.get("decisions", ())


def _repaired(case: _Case, before: Rows) -> tuple[Award, ...]:
    """What stays taken of a deduction, for each who bears it: all, where nothing is repaired."""
    awards = []
    can = case.rule.deduction is not None and case.rule.deduction.repair is not None
    for doer in case.deed.details["doers"]:
        credits = before.find(Credit, "", case.deed.id, case.stage, doer)
        if credits and can:
            awards.append(awarding.repaired(case.rulebook, case.rule, {
                "doer": doer, "holder": credits[0].holder,
                "parts": [[credit.unit, credit.points] for credit in credits]}))
        elif credits:
            awards.append(Award(doer=doer, holder=credits[0].holder, parts=tuple(
                Part(unit=credit.unit, points=credit.points) for credit in credits)))
    return tuple(awards)


def _outcome(
    rule: str, written: Sequence[Columns], awards: Sequence[Award] | Refusal,
) -> Outcome:
    """What an entry wrote beside what was rated now."""
    was, was_cut = _points(written), _cuts(
        Step.from_json(step) for award in written for step in award["steps"])
    if isinstance(awards, Refusal):
        return Outcome(rule=rule, was=was, now={}, was_cut=was_cut, refused=str(awards.code),
                       is_same=False)
    holders = {award["doer"]: award["holder"] for award in written}
    now = Counter[_Place]()
    for award in awards:
        now.update({(holders.get(award.doer, award.holder), one.unit): one.points
                    for one in award.parts})
    is_same = [_plain(one) for one in written] == [
        (one.doer, one.holder, {part.unit: part.points for part in one.parts}, dict(one.waiting))
        for one in awards]
    return Outcome(rule=rule, was=was, now=now, was_cut=was_cut, is_same=is_same,
                   now_cut=_cuts(step for award in awards for step in award.steps))


def _points(written: Sequence[Columns]) -> Counter[_Place]:
    found = Counter[_Place]()
    for award in written:
        found.update({(award["holder"], unit): points for unit, points in award["parts"]})
    return found


def _plain(award: Columns) -> tuple[str, str, dict[str, int], dict[str, int]]:
    return (award["doer"], award["holder"], dict(award["parts"]), dict(award.get("waiting", {})))


def _cuts(steps: Iterable[Step]) -> tuple[str, ...]:
    """The limits that took something of a deed's points away or let it wait, each once."""
    return tuple(dict.fromkeys(
        step.facts["limit"] for step in steps
        if "limit" in step.facts and step.code != "limit_warned"))
