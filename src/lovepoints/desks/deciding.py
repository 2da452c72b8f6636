"""Drafting decisions on a deed: load what the core asks for, let it decide, put it together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core import lives
from lovepoints.core.deeds import Award, Facts, Refusal, Status, Verdict, precedence
from lovepoints.core.history import RowsHistory
from lovepoints.core.journal import Draft, entered
from lovepoints.core.overlay import Overlay
from lovepoints.core.passbooks import awarding
from lovepoints.core.passbooks.awarding import Scene, Writing
from lovepoints.core.policy import FIELD, SELF, Actor
from lovepoints.core.privacy import CONSENT, consent_missing
from lovepoints.core.projecting import project
from lovepoints.core.rating.facts import attributes_on, facts_of, holder_of, homes_of
from lovepoints.core.rating.together import rate_together
from lovepoints.core.rating.validity import earned_on
from lovepoints.core.rows import Appointment, DeedRow, Party
from lovepoints.core.rows_activities import OccurrenceRow
from lovepoints.core.rows_work import TaskRow
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.store import Rows
from lovepoints.core.values import from_minor, point_unit
from lovepoints.core.work.activities import OccurrenceState
from lovepoints.core.work.tasks import WAITING
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command
from lovepoints.errors import Code, Refused


def deciders(book: Book, verb: str, row: DeedRow) -> frozenset[str] | None:
    """The roles that the deed's rule names for a verdict; None where the policy says it."""
    if verb not in ("confirm", "reject", "duplicate"):
        return None
    today = book.calendar.day_of(book.now())
    found = _terms(book, row, today)
    if isinstance(found, Refusal):
        return book.policy["reopen"]  # no rule names anybody; an office is told so
    return frozenset(lives.confirm_of(found[0], found[1]).by)


def confirm(command: Command, row: DeedRow, verdict: Verdict, reason: str) -> Draft | Refusal:
    """Draft a confirmation: one more of those needed, or the last one with its award."""
    terms = _terms(command.book, row, command.day)
    if isinstance(terms, Refusal):
        return terms
    rulebook, rule = terms
    stage = lives.next_stage(rule, row, verdict.stage)
    asked = "" if isinstance(stage, Refusal) else stage
    if refusal := (_own(command, row, rule, rulebook)
                   or lives.wrong_state(row, "confirm", rule, asked) or _undone(command, row)):
        return refusal
    if isinstance(stage, Refusal):
        return stage
    verdict = attrs.evolve(verdict, stage=stage)
    confirmer = lives.confirm_of(rulebook, rule)
    confirmations = lives.joined(row, command.actor, verdict)
    if isinstance(confirmations, Refusal):
        return confirmations
    row = _settled(command, row, rulebook, rule)
    writing, scene = Writing(verdict=verdict.to_json()), _scene(command, rulebook, rule)
    stages = _stages_from(rule, row, stage) if row.status == Status.REOPENED else ()
    rows = _taken_back(command, writing, scene, row, stages)
    if isinstance(rows, Refusal):
        return rows
    facts = _facts(command, row, rulebook, rows)
    awards = rate_together(
        rulebook, rule, facts, verdict,
        RowsHistory(rows, row, stage), rulebook.calendar(command.book.calendar.zone),
        # Counters know of no credit that this very deed had before.
        None if row.details.get("decisions") else command.book.counters(rulebook))
    unconsented = _unconsented(command, row, rule)
    if isinstance(awards, Refusal):
        return min(filter(None, (unconsented, awards)), key=precedence)
    if unconsented:
        return unconsented
    needed = lives.confirmers_needed(confirmer, _points(rulebook, awards))
    if len(confirmations) < needed:
        return _one_more(command, row, rulebook, confirmations, needed)
    if reason:
        command.seal(f"{row.id}#{command.next_seq}", {"reason": reason})
    return _paid(command, row, writing, attrs.evolve(scene, rows=rows), facts[0], stage, stages,
                 awards,
                 {"confirmed_by": [one.by for one in confirmations],
                  **({"grades": list(verdict.grades)} if verdict.grades else {})})


def close(
    command: Command, row: DeedRow, status: Status, reason: str, *, false: bool = False,
    of: str = "",
) -> Draft | Refusal:
    """Draft a rejection, a duplicate or a withdrawal, with the return of what it undoes."""
    move = {Status.REJECTED: "reject", Status.DUPLICATE: "duplicate"}.get(status, "withdraw")
    terms = _terms(command.book, row, command.day)
    if isinstance(terms, Refusal):
        return terms
    rulebook, rule = terms
    if refusal := (_not_mine if move == "withdraw" else _own)(command, row, rule, rulebook):
        return refusal
    if of == row.id:
        return Refusal(Code.STATE_NOT_FITTING, {"what": move, "state": "the same deed"})
    if refusal := lives.wrong_state(row, move, rule):
        return refusal
    if move == "reject" and not reason:
        return Refusal(Code.REASON_NEEDED, {"what": move})
    row = _settled(command, row)
    writing, scene = Writing(), _scene(command, rulebook, rule)
    gone = _stages_gone(rule, row, status, false=false)
    if refusal := awarding.take_back(writing, scene, row, gone):
        return refusal
    if reason:
        command.seal(f"{row.id}#{command.next_seq}", {"reason": reason})
    extra: dict[str, Any] = {"false": True} if false else {}
    if of:
        extra["of"] = of
    _thaw(command, writing, row)
    writing.change("deed", awarding.decided(row, status, seq=command.next_seq, stages_gone=gone,
                                            **extra))
    return _drafted(command, move, row, rulebook, writing)


def reopen(command: Command, row: DeedRow, reason: str) -> Draft | Refusal:
    """Draft a reopening: the points stay where they are, frozen, until the next decision."""
    terms = _terms(command.book, row, command.day)
    if isinstance(terms, Refusal):
        return terms
    if refusal := _own_deduction(command, row, *terms) or lives.wrong_state(row, "reopen"):
        return refusal
    if not reason:
        return Refusal(Code.REASON_NEEDED, {"what": "reopen"})
    row = _settled(command, row)
    command.seal(f"{row.id}#{command.next_seq}", {"reason": reason})
    writing = Writing()
    writing.change("lot", *awarding.frozen(row, command.book.store, freeze=True))
    writing.change("deed", awarding.decided(row, Status.REOPENED, seq=command.next_seq))
    return _drafted(command, "reopen", row, terms[0], writing)


def repair(command: Command, row: DeedRow, reason: str) -> Draft | Refusal:
    """Draft the repair of a deduction: give it back, take what the rule leaves."""
    terms = _terms(command.book, row, command.day)
    if isinstance(terms, Refusal):
        return terms
    rulebook, rule = terms
    if refusal := _own(command, row, rule, rulebook):
        return refusal
    if rule.deduction is None or rule.deduction.repair is None or row.details.get("repaired"):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "repair", "state": row.status})
    if refusal := lives.wrong_state(row, "repair"):
        return refusal
    row = _settled(command, row)
    writing, scene = Writing(), _scene(command, rulebook, rule)
    rows = _taken_back(command, writing, scene, row, ("",))
    if isinstance(rows, Refusal):
        return rows
    awards = [awarding.repaired(rulebook, rule, out) for decision in awarding.live_decisions(row)
              for out in _written_awards(command.book, decision["seq"])]
    if reason:
        command.seal(f"{row.id}#{command.next_seq}", {"reason": reason})
    at_once = attrs.evolve(scene, rows=rows, rule=attrs.evolve(
        rule, deduction=attrs.evolve(rule.deduction, notice_days=0, sanction="")))
    facts = _facts(command, row, rulebook, rows)
    return _paid(command, row, writing, at_once, facts[0], "", ("",), awards, {"repaired": True},
                 "repair")


def _undone(command: Command, row: DeedRow) -> Refusal | None:
    """What was reported by finishing a task or an occurrence earns nothing while that is open."""
    store, work = command.book.store, row.details.get("work", "")
    task, occurrence = store.get(TaskRow, work), store.get(OccurrenceRow, work)
    if (task and task.state in WAITING) or (
            occurrence and occurrence.state == OccurrenceState.PLANNED):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "confirm", "state": f"{work} is open"})
    return None


def _unconsented(command: Command, row: DeedRow, rule: Rule) -> Refusal | None:
    """A child gets points only where a guardian's consent is on file on the day of the decision;
    what the report says of it does not count."""
    for doer in row.details["doers"]:
        party = command.book.store.get(Party, doer)
        if party and consent_missing(attributes_on(party, command.day.isoformat())):
            return Refusal(Code.PRECONDITION_MISSING, {"rule": rule.code, "missing": [CONSENT]})
    return None


def _terms(book: Book, row: DeedRow, decided_on: Any) -> tuple[Rulebook, Rule] | Refusal:
    """The rulebook and rule that rate a deed decided on a day."""
    day, reported = date.fromisoformat(row.day), date.fromisoformat(row.reported_on)
    rulebook, _ = book.rating_rulebook(day, reported, decided_on)
    rule = rulebook.rule(row.rule) if rulebook else None
    if rulebook is None or rule is None:
        return Refusal(Code.RULE_NOT_IN_FORCE, {"rule": row.rule, "day": row.day})
    return rulebook, rule


def _facts(command: Command, row: DeedRow, rulebook: Rulebook, rows: Rows) -> list[Facts]:
    """What rating needs to know of every doer's part, in order."""
    book = command.book
    day, reported = date.fromisoformat(row.day), date.fromisoformat(row.reported_on)
    _, counts_on = book.rating_rulebook(day, reported, command.day)
    return [facts_of(rows, row, position, rulebook, counts_on=counts_on, decided_on=command.day)
            for position in range(len(row.details["doers"]))]


def _paid(
    command: Command, row: DeedRow, writing: Writing, scene: Scene, facts: Facts, stage: str,
    stages: tuple[str, ...], awards: Sequence[Award], extra: dict[str, Any],
    kind: str = "confirm",
) -> Draft | Refusal:
    """The draft of a decision with its awards."""
    counts_on = facts.counts_on
    refusal = awarding.pay(
        writing, scene, row, stage, awards, homes=homes_of(command.book.store, row),
        counts_on=counts_on, earned_on=earned_on(scene.rulebook, scene.rule, facts))
    if refusal:
        return refusal
    _thaw(command, writing, row)
    writing.change("deed", awarding.decided(row, Status.CONFIRMED, seq=scene.seq, stage=stage,
                                            stages_gone=stages, writing=writing, **extra))
    return _drafted(command, kind, row, scene.rulebook, writing,
                    day=command.dated(counts_on.isoformat()))


def _drafted(
    command: Command, kind: str, row: DeedRow, rulebook: Rulebook, writing: Writing, *,
    day: str = "",
) -> Draft:
    return Draft(kind=kind, subject=row.id, at=command.at, day=day or command.day.isoformat(),
                 rulebook=rulebook.digest, rule=row.rule, details=writing.details(),
                 postings=tuple(writing.postings))


def _one_more(
    command: Command, row: DeedRow, rulebook: Rulebook, confirmations: tuple[Any, ...],
    needed: int,
) -> Draft:
    """The draft of a confirmation that waits for others."""
    details = {**row.details, "confirmations": [one.to_json() for one in confirmations]}
    return Draft(
        kind="confirm", subject=row.id, at=command.at, day=command.day.isoformat(),
        rulebook=rulebook.digest, rule=row.rule,
        details={"waiting_for": needed - len(confirmations),
                 "rows": {"deed": [{"id": row.id, "status": row.status, "details": details}]}})


def _taken_back(
    command: Command, writing: Writing, scene: Scene, row: DeedRow, stages: tuple[str, ...],
) -> Rows | Refusal:
    """The rows as they are once the old decision is taken back (an overlay if there is one)."""
    rows = command.book.store
    if not stages or not awarding.live_decisions(row):
        return rows
    if refusal := awarding.take_back(writing, scene, row, stages):
        return refusal
    overlay = Overlay(rows)
    draft = Draft(kind="draft", subject="", at=command.at, day=command.day.isoformat(),
                  details=writing.details(), postings=tuple(writing.postings))
    project(entered(draft, seq=command.next_seq, key="", recorded_at=command.now, by="", role=""),
            overlay)
    return overlay


def _settled(
    command: Command, row: DeedRow, rulebook: Rulebook | None = None, rule: Rule | None = None,
) -> DeedRow:
    """The deed as it stands once what is due to its holders is written (a deduction, say).

    With the terms of a new decision also to those whom it would pay: a move that was written down
    late may have changed who they are.
    """
    holders = dict.fromkeys(row.details["holders"])
    if rulebook is not None:
        holders |= dict.fromkeys(holder_of(command.book.store, rulebook, rule, doer, row.day)
                                 for doer in row.details["doers"])
    for holder in holders:
        command.settle(holder)
    found = command.book.store.get(DeedRow, row.id)
    assert found is not None, "a deed never disappears"
    return found


def _thaw(command: Command, writing: Writing, row: DeedRow) -> None:
    """Free the lots that a reopening froze and this decision does not take back."""
    gone = {one["id"] for one in writing.rows.get("lot", ())}
    writing.change("lot", *(one for one in awarding.frozen(row, command.book.store, freeze=False)
                            if one["id"] not in gone))


def _scene(command: Command, rulebook: Rulebook, rule: Rule) -> Scene:
    return Scene(rows=command.book.store, rulebook=rulebook, rule=rule,
                 calendar=command.book.calendar, now=command.now, seq=command.next_seq)


def own_deed(command: Command, row: DeedRow) -> Refusal | None:
    """The refusal if the actor did, shares in, or wrote down this deed, or None."""
    terms = _terms(command.book, row, command.day)
    return terms if isinstance(terms, Refusal) else _own(command, row, terms[1], terms[0])


def _own(command: Command, row: DeedRow, rule: Rule, rulebook: Rulebook) -> Refusal | None:
    book, actor = command.book, command.actor
    # The day before, too: whoever moves out on the day of the deed does not decide it that day.
    eve = (date.fromisoformat(row.day) - timedelta(days=1)).isoformat()
    doers = {*row.details["doers"], *map(book.survivor, row.details["doers"])}
    days = (eve, row.day, command.today.isoformat())
    theirs = {book.household_of(doer, day) for doer in doers for day in days} | {*doers}
    mine = {book.household_of(actor.resident, day) for day in days} if actor.resident else set()
    return lives.own_deed(doers, actor, is_home=bool((mine & theirs) - {""}),
                          is_recorder=_is_recorder(book, row, actor),
                          confirm=lives.confirm_of(rulebook, rule))


def _own_deduction(
    command: Command, row: DeedRow, rulebook: Rulebook, rule: Rule,
) -> Refusal | None:
    """Nobody holds up a deduction against herself or her household: another official writes her
    appeal down. Whoever recorded it may, for that is another matter."""
    refusal = _own(command, row, rule, rulebook) if rule.deduction else None
    return None if refusal is None or refusal.facts["who"] == "recorder" else refusal


def _is_recorder(book: Book, row: DeedRow, actor: Actor) -> bool:
    """One person may act by several codes: those of her offices, and her own as a resident."""
    offices = book.store.find(Appointment, "", row.reporter)
    recorders = {book.survivor(one) for one in (
        row.reporter, *(term.resident for term in offices))} - {""}
    return bool(recorders & {actor.id, actor.resident})


def _not_mine(
    command: Command, row: DeedRow, rule: Rule, rulebook: Rulebook,
) -> Refusal | None:
    """Whoever reported a deed takes it back, its doer, or the field staff; but nobody takes back a
    deduction that stands against herself or her household."""
    is_reporter = row.reporter in (command.actor.id, command.actor.resident)
    if is_reporter and command.role == SELF:
        return None
    if rule.deduction and (own := _own(command, row, rule, rulebook)) and not is_reporter:
        return own
    may = is_reporter or command.actor.resident in row.details["doers"]
    if not may and not command.actor.roles & FIELD:
        raise Refused(Code.NOT_PERMITTED, {"verb": "withdraw", "roles": sorted(FIELD)})
    return None


def _stages_from(rule: Rule, row: DeedRow, stage: str) -> tuple[str, ...]:
    """The stages whose points a new decision at `stage` replaces: it and those after it."""
    codes = [one.code for one in rule.stages] or [""]
    replaced = codes[codes.index(stage):]
    return tuple(dict.fromkeys(one["stage"] for one in awarding.live_decisions(row)
                               if awarding.stage_of(one) in replaced))


def _stages_gone(rule: Rule, row: DeedRow, status: Status, *, false: bool) -> tuple[str, ...]:
    """The stages whose points go when a deed is closed this way."""
    kept = {stage.code for stage in rule.stages if status == Status.REJECTED
            and (stage.kept_when_false if false else stage.kept_when_rejected)}
    return tuple(dict.fromkeys(one["stage"] for one in awarding.live_decisions(row)
                               if awarding.stage_of(one) not in kept))


def _points(rulebook: Rulebook, awards: Sequence[Award]) -> Decimal:
    kind = rulebook.main_kind
    unit = point_unit(kind.code)
    total = sum(part.points for award in awards for part in award.parts if part.unit == unit)
    return from_minor(total, kind.decimals)


def _written_awards(book: Book, seq: int) -> list[dict[str, Any]]:
    return list(book.entry(seq).details.get("awards", ()))
