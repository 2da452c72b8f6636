"""Paying what a used-up limit or a full passbook kept waiting, as far as there is room now."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from lovepoints.core.deeds import Award, Status
from lovepoints.core.history import RowsHistory
from lovepoints.core.journal import Draft, Entry
from lovepoints.core.passbooks import awarding
from lovepoints.core.passbooks.awarding import Scene, Writing
from lovepoints.core.rating.facts import facts_of, homes_of
from lovepoints.core.rating.rate import rate_waiting
from lovepoints.core.rows import Credit, DeedRow, Due
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.desks.command import Command


def pay_waiting(command: Command) -> Draft:
    """Pay, in the order in which it began to wait, what fits now.

    Each payment is an entry of its own about its deed, so that taking one deed back never
    touches another; the verb's own entry only lists them.
    """
    waiting = [due for due in command.book.store.find(Due, "by_time", 0) if due.kind == "waiting"]
    for holder in dict.fromkeys(due.holder for due in waiting):
        command.settle(holder)
    paid = []
    for due in waiting:
        for entry in _paid(command, due):
            paid.append(entry.seq)
            command.settle(due.holder)  # a debt is paid before the next award looks at a ceiling
    return Draft(kind="pay_waiting", subject="waiting", at=command.at,
                 day=command.day.isoformat(), details={"paid": paid})


def _paid(command: Command, due: Due) -> Iterator[Entry]:
    """Write what there is room for of one award, if there is any."""
    book, today = command.book, command.day
    row = book.store.get(DeedRow, due.details["deed"])
    assert row is not None, "a waiting award names its deed"
    rulebook = book.rulebook_on(today)
    rule = rulebook.rule(row.rule) if rulebook else None
    if rulebook is None or rule is None or row.status != Status.CONFIRMED:
        return
    stage = f"{due.details['stage']}+{command.next_seq}"
    award = _rated(command, due, row, rulebook, rule, stage)
    if any(part.points for part in award.parts):
        yield command.write(_drafted(command, due, row, rulebook, rule, stage, award))


def _rated(
    command: Command, due: Due, row: DeedRow, rulebook: Rulebook, rule: Rule, stage: str,
) -> Award:
    book, doer = command.book, due.details["doer"]
    position = row.details["doers"].index(doer)
    facts = facts_of(book.store, row, position, rulebook, counts_on=command.day,
                     decided_on=command.day)
    counted = any(credit.times for credit in book.store.find(Credit, "", row.id)
                  if credit.doer == doer)
    return rate_waiting(rulebook, rule, facts, due.details["units"],
                        RowsHistory(book.store, row, stage),
                        rulebook.calendar(book.calendar.zone), counted=counted)


def _drafted(
    command: Command, due: Due, row: DeedRow, rulebook: Rulebook, rule: Rule, stage: str,
    award: Award,
) -> Draft:
    writing = Writing()
    scene = Scene(rows=command.book.store, rulebook=rulebook, rule=rule,
                  calendar=command.book.calendar, now=command.now, seq=command.next_seq)
    # What still waits keeps its old place in the queue instead of a new one at its end.
    awarding.pay(writing, scene, row, stage, [attrs.evolve(award, waiting={})],
                 homes=homes_of(command.book.store, row), counts_on=command.day,
                 earned_on=command.day)
    left = dict(award.waiting)
    if left:
        writing.awards[0]["waiting"] = left
    writing.change("due", {"id": due.id, "done": int(not left),
                           "details": {**due.details, "units": left}})
    late = {"stage": stage, "seq": scene.seq, "seqs": [scene.seq], "dues": [], "bars": []}
    writing.change("deed", {"id": row.id, "details": {
        **row.details, "decisions": [*row.details.get("decisions", ()), late]}})
    return Draft(kind="pay_waiting", subject=row.id, at=command.at, day=command.day.isoformat(),
                 rulebook=rulebook.digest, rule=row.rule, details=writing.details(),
                 postings=tuple(writing.postings))
