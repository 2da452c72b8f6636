"""Rating again: every award of the journal, worked out anew from the facts before it (I10).

Nothing is read but the rows that the entries before this one give, and the rulebooks in them. So
an award that a changed program, a wrong table or a forger put into the journal is found, with
what it should have been. Compared are passbook, points, their dates and what waits for room; the
sentences of the steps are not, so that a later program may say them better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import attrs

from lovepoints.core.adopted import Adopted, calendar_of
from lovepoints.core.deeds import Award, Refusal, Verdict
from lovepoints.core.findings import PROBLEMS_MAX, Problem
from lovepoints.core.history import RowsHistory
from lovepoints.core.journal import Draft, Entry, Posting, entered
from lovepoints.core.overlay import Indexed, Overlay
from lovepoints.core.passbooks import awarding, passbook
from lovepoints.core.passbooks.awarding import Scene, Writing
from lovepoints.core.passbooks.yearly import in_force
from lovepoints.core.projecting import project, refold
from lovepoints.core.rating.facts import facts_of, rating_rulebook
from lovepoints.core.rating.rate import rate_waiting
from lovepoints.core.rating.together import rate_together
from lovepoints.core.rows import Credit, DeedRow, Due, EntryRow
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.store import Rows, Store
from lovepoints.core.values import point_unit, show
from lovepoints.core.verifying_moves import Moves
from lovepoints.errors import BookDamaged

Found: TypeAlias = "tuple[str, Mapping[str, int | str]]"
"""A code of `lovepoints.words.verifying` and its facts."""
Columns: TypeAlias = "dict[str, Any]"  # Any: canonical JSON
UNREADABLE = (BookDamaged, LookupError, TypeError, ValueError)
"""What an entry ends in that nothing sound can have written."""


@attrs.frozen(kw_only=True)
class _Case:
    """One decision as it was taken: the entry, the deed before it, the terms, the rows it saw."""

    entry: Entry
    deed: DeedRow
    rulebook: Rulebook
    rule: Rule
    counts_on: date
    decided_on: date
    rows: Rows
    stage: str = ""
    returned: int = 0
    """How many of the entry's postings, the first ones, take an earlier decision back."""
    shortfalls: int = 0
    """How many of its shortfalls do."""


@attrs.define
class Rated:
    """How many awards were rated again, and what came out otherwise."""

    rated: int
    problems: list[Problem]


def rate_again(
    store: Store, entries: int, progress: Callable[[int], None] | None = None,
) -> Rated:
    """Rate the awards of the first `entries` entries again, each from what lies before it."""
    rows = Indexed()
    audit, problems = Audit(rows), list[Problem]()
    moves = Moves(rows, audit.adopted.terms, lambda: calendar_of(rows))
    for row in store.scan(EntryRow):
        if row.seq > entries or len(problems) >= PROBLEMS_MAX:
            break
        entry = Entry.from_bytes(row.body)
        # What the award says otherwise would only be said again by what it moves.
        problems += (_found(entry, audit.findings, "award_unreadable")
                     or _found(entry, moves.findings, "move_unreadable"))
        refold(entry, row.leaf, rows)
        # When an entry took effect is asked for later, its bytes only of what the calendar did.
        rows.put(attrs.evolve(row, body=row.body if row.key.startswith("lp:") else b""))
        if progress and row.seq % 256 == 0:
            progress(row.seq)
    return Rated(audit.rated, problems)


def _found(
    entry: Entry, look: Callable[[Entry], Iterator[Found]], unreadable: str,
) -> list[Problem]:
    try:
        return [Problem(entry.seq, code, facts) for code, facts in look(entry)]
    except UNREADABLE as error:
        return [Problem(entry.seq, unreadable, {"why": str(error)})]


@attrs.define
class Audit:
    """Rates the awards of entries again, each before it is folded onto `rows`."""

    rows: Rows
    rated: int = 0
    adopted: Adopted = attrs.field(init=False)

    @adopted.default
    def _read(self) -> Adopted:
        return Adopted(self.rows)

    def findings(self, entry: Entry) -> Iterator[Found]:
        """What an entry says otherwise than its rulebook; nothing for one that rates nothing."""
        if entry.kind == "adopt":
            self.adopted.forget()
        elif entry.rulebook and self.adopted.by_digest(entry.rulebook) is None:
            yield "rulebook_unknown", {"digest": entry.rulebook[:8]}
        elif entry.kind == "deduct":
            yield from self._deducted(entry)
        elif entry.details.get("awards"):
            yield from self._again(entry)

    def _again(self, entry: Entry) -> Iterator[Found]:
        written = entry.details["awards"]
        self.rated += len(written)
        case = self._case(entry)
        if not isinstance(case, _Case):
            yield case
            return
        if entry.kind == "repair":
            awards: Sequence[Award] | Refusal = _repaired(case, self.rows)
        elif entry.kind == "pay_waiting":
            awards = (self._waiting(case),)
        else:
            awards = rate_together(
                case.rulebook, case.rule,
                [facts_of(case.rows, case.deed, place, case.rulebook, counts_on=case.counts_on,
                          decided_on=case.decided_on)
                 for place in range(len(case.deed.details["doers"]))],
                verdict_of(entry, case.stage), RowsHistory(case.rows, case.deed, case.stage),
                case.rulebook.calendar(calendar_of(self.rows).zone))
        yield from _differences(case, awards, written)

    def _case(self, entry: Entry) -> _Case | Found:
        """How the decision stood; or the finding that its rulebook was not the one in force."""
        calendar = calendar_of(self.rows)
        (change,) = entry.details["rows"]["deed"]
        deed = self.rows.get(DeedRow, entry.subject) or DeedRow(seq=entry.seq, **change)
        decided_on = calendar.day_of(entry.at)
        if entry.kind == "pay_waiting":
            rulebook, counts_on = in_force(self.adopted.terms(), decided_on), decided_on
        else:
            rulebook, counts_on = rating_rulebook(
                self.adopted.terms(), date.fromisoformat(deed.day),
                date.fromisoformat(deed.reported_on), decided_on)
        rule = rulebook.rule(deed.rule) if rulebook else None
        if rulebook is None or rule is None or rulebook.digest != entry.rulebook:
            return "rulebook_other", {
                "digest": entry.rulebook[:8], "should": rulebook.digest[:8] if rulebook else "-"}
        decisions = change["details"]["decisions"]
        case = _Case(
            entry=entry, deed=deed, rulebook=rulebook, rule=rule, counts_on=counts_on,
            decided_on=decided_on, rows=self.rows, stage=decisions[-1]["stage"])
        return self._without(case, stages_gone(deed, decisions))

    def _without(self, case: _Case, stages: tuple[str, ...]) -> _Case | Found:
        """The case as it is once the decisions that it replaces are taken back."""
        if not stages:
            return case
        entry, writing = case.entry, Writing()
        scene = Scene(rows=self.rows, rulebook=case.rulebook, rule=case.rule,
                      calendar=calendar_of(self.rows), now=entry.recorded_at, seq=entry.seq)
        refusal = awarding.take_back(writing, scene, case.deed, stages)
        if refusal or _moves(writing.postings) != _moves(entry.postings[:writing.returned]):
            return "taken_back", {"deed": case.deed.id}
        rows = Overlay(self.rows)
        draft = Draft(kind="draft", subject="", at=entry.at, day=entry.day,
                      details=writing.details(), postings=tuple(writing.postings))
        project(entered(draft, seq=entry.seq, key="", recorded_at=entry.recorded_at, by="",
                        role=""), rows)
        return attrs.evolve(case, rows=rows, returned=writing.returned,
                            shortfalls=len(writing.shortfalls))

    def _waiting(self, case: _Case) -> Award:
        due = self.rows.get(Due, case.entry.details["rows"]["due"][0]["id"])
        if due is None:
            raise KeyError("nothing waits for this payment")
        doer = due.details["doer"]
        facts = facts_of(case.rows, case.deed, case.deed.details["doers"].index(doer),
                         case.rulebook, counts_on=case.counts_on, decided_on=case.decided_on)
        counted = any(credit.times for credit in case.rows.find(Credit, "", case.deed.id)
                      if credit.doer == doer)
        return rate_waiting(case.rulebook, case.rule, facts, due.details["units"],
                            RowsHistory(case.rows, case.deed, case.stage),
                            case.rulebook.calendar(calendar_of(self.rows).zone), counted=counted)

    def _deducted(self, entry: Entry) -> Iterator[Found]:
        """A deduction after its notice takes what its decision said, or notes what is missing."""
        due = self.rows.get(Due, entry.details["rows"]["due"][0]["id"])
        rulebook = self.adopted.by_digest(entry.rulebook)
        rule = rulebook.rule(entry.rule) if rulebook else None
        if due is None or rulebook is None or rule is None:
            yield "rulebook_other", {"digest": entry.rulebook[:8], "should": "-"}
        elif not _clears(rulebook, rule):
            due_parts = {(due.holder, unit): -points for unit, points in due.details["parts"]}
            yield from _taken(due_parts, entry.postings, entry.details.get("shortfalls", ()))


def stages_gone(deed: DeedRow, after: Sequence[Columns]) -> tuple[str, ...]:
    """The stages whose decisions this one takes back."""
    before = deed.details.get("decisions", ())
    return tuple(dict.fromkeys(
        new["stage"] for old, new in zip(before, after, strict=False)
        if new.get("taken_back") and not old.get("taken_back")))


def verdict_of(entry: Entry, stage: str) -> Verdict:
    """What the confirmer said, as the entry keeps it."""
    said = entry.details.get("verdict", {})
    points = said.get("points")
    return Verdict(
        stage=stage, grades=tuple(said.get("grades", ())),
        points=None if points is None else Decimal(points),
        reason=f"{entry.subject}#{entry.seq}" in entry.details.get("sealed", {}))


def _repaired(case: _Case, before: Rows) -> tuple[Award, ...]:
    """What stays taken of a deduction, for each of those who bear it."""
    awards = []
    for doer in case.deed.details["doers"]:
        credits = before.find(Credit, "", case.deed.id, case.stage, doer)
        awards += [awarding.repaired(case.rulebook, case.rule, {
            "doer": doer, "holder": credits[0].holder,
            "parts": [[credit.unit, credit.points] for credit in credits]})] if credits else []
    return tuple(awards)


def _differences(
    case: _Case, awards: Sequence[Award] | Refusal, written: Sequence[Columns],
) -> Iterator[Found]:
    """The awards that the entry wrote and that come out otherwise, by their place in it."""
    if isinstance(awards, Refusal):
        yield "award_refused", {"code": str(awards.code), "is": _shown(case, written[0]["parts"])}
        return
    differ = False
    for line in range(max(len(awards), len(written))):
        said = _plain(written[line]) if line < len(written) else None
        right = _plain(_written(awards[line])) if line < len(awards) else None
        if said != right:
            differ = True
            yield "award", {"line": line + 1, "is": _named(case, said),
                            "should": _named(case, right)}
    if not differ:
        yield from _postings(case, awards)


def _postings(case: _Case, awards: Sequence[Award]) -> Iterator[Found]:
    """Whether what moved is what was awarded, with its dates."""
    moved = case.entry.postings[case.returned:]
    if case.rule.deduction is None:
        credited = tuple(posting for award in awards for part in award.parts
                         for posting in passbook.credit(award.holder, part))
        if moved != credited:
            yield "award_posted", {"deed": case.deed.id}
    elif case.entry.kind == "repair" or (
            not case.rule.deduction.notice_days and not _clears(case.rulebook, case.rule)):
        due = Counter[tuple[str, str]]()
        for award in awards:
            due.update({(award.holder, part.unit): -part.points for part in award.parts})
        yield from _taken(due, moved,
                          case.entry.details.get("shortfalls", ())[case.shortfalls:])


def _taken(
    due: Mapping[tuple[str, str], int], postings: Iterable[Posting], missing: Iterable[Columns],
) -> Iterator[Found]:
    """What a deduction took, and what it noted as missing, is what was due."""
    taken, units = Counter[tuple[str, str]](), Counter[str]()
    for posting in postings:
        taken[passbook.holder_of(posting.source), posting.unit] += posting.amount
        units[posting.unit] += posting.amount
    for one in missing:
        units[one["unit"]] += one["points"]
    wanted = Counter[str]()
    for (_, unit), amount in due.items():
        wanted[unit] += amount
    if +units != +wanted or any(amount > due.get(place, 0) for place, amount in taken.items()):
        yield "deduction", {
            "is": ", ".join(f"{amount} {unit}" for unit, amount in sorted(units.items())),
            "should": ", ".join(f"{amount} {unit}" for unit, amount in sorted(wanted.items()))}


def _clears(rulebook: Rulebook, rule: Rule) -> bool:
    """Whether a sanction takes more at once than the deduction itself."""
    code = rule.deduction.sanction if rule.deduction else ""
    return any(one.code == code and one.clears for one in rulebook.sanctions)


def _written(award: Award) -> Columns:
    """An award as an entry keeps it."""
    return {"doer": award.doer, "holder": award.holder,
            "parts": [[part.unit, part.points] for part in award.parts],
            "waiting": dict(award.waiting)}


def _plain(award: Columns) -> tuple[str, str, dict[str, int], dict[str, int]]:
    """What of an award is compared."""
    return (award["doer"], award["holder"], dict(award["parts"]),
            dict(award.get("waiting", {})))


def _named(case: _Case, award: tuple[str, str, dict[str, int], dict[str, int]] | None) -> str:
    if award is None:
        return "-"
    _, holder, parts, waiting = award
    more = f" (+{_shown(case, waiting.items())})" if waiting else ""
    return f"{holder} {_shown(case, parts.items())}{more}"


def _shown(case: _Case, parts: Iterable[Sequence[Any]]) -> str:
    """Amounts with their kinds, as people write them."""
    decimals = {point_unit(kind.code): kind.decimals for kind in case.rulebook.kinds}
    return ", ".join(f"{show(points, decimals.get(unit, 0))} {unit}"
                     for unit, points in parts) or "0"


def _moves(postings: Iterable[Posting]) -> list[tuple[str, str, str, int, int]]:
    """Postings without the dates of the lots that they open."""
    return [(one.source, one.target, one.unit, one.amount, one.lot) for one in postings]
