"""Loading the facts of a deed, and drafting a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from lovepoints.core import text
from lovepoints.core.deeds import SAME, Facts, Refusal, Status, Value, Verdict
from lovepoints.core.history import RowsHistory
from lovepoints.core.journal import Draft
from lovepoints.core.lives import confirm_of
from lovepoints.core.passbooks import awarding
from lovepoints.core.points import quantities_of
from lovepoints.core.policy import SELF
from lovepoints.core.rating.facts import facts_of, holder_of, homes_of, membership
from lovepoints.core.rating.reporting import forms_of, report_refusal
from lovepoints.core.rating.together import rate_together
from lovepoints.core.rating.validity import earned_on
from lovepoints.core.rows import DeedRow, Party
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command, plain
from lovepoints.errors import Code, NotFound, Refused, brief

Said = Mapping[str, Any]  # Any: the arguments of report(), already checked


def reporters(book: Book, rule_code: str) -> frozenset[str]:
    """The roles that may report under a rule: those it names, else the policy's and its own."""
    rulebook = book.rulebook_on(book.calendar.day_of(book.now()))
    rule = rulebook.rule(rule_code) if rulebook else None
    if rule and rule.report_by:
        return frozenset(rule.report_by)
    named = frozenset(confirm_of(rulebook, rule).by) if rulebook and rule else frozenset()
    return book.policy["report"] | named


def report(command: Command, said: Said, *, for_others: bool = False) -> Draft | Refusal:
    """The draft of a report, with the award of an automatic first stage.

    `for_others`: a resident may report for those who took a task with her.
    """
    book = command.book
    day: date = said["on"] or command.day
    if day > command.day:
        raise ValueError(f"on={day} lies in the future; report a deed once it is done")
    if said["end_day"] and said["end_day"] < day:
        raise ValueError(f"end_day={said['end_day']} lies before on={day}")
    rulebook, counts_on = book.rating_rulebook(day, command.day, command.day)
    rule = rulebook.rule(said["rule"]) if rulebook else None
    if rulebook is None or rule is None:
        return Refusal(Code.RULE_NOT_IN_FORCE, {"rule": said["rule"], "day": day.isoformat()})
    check_attributes(rulebook, said["attributes"])
    doers = [book.person(code, "resident", "household", "team").id
             for code in (said["resident"], *said["joint"])]
    if len(set(doers)) != len(doers):
        raise ValueError("joint= names a person twice")
    if refusal := has_left(book, doers, day):
        return refusal
    if not for_others:
        _check_own(command, doers, day)
    row = _row(command, rulebook, rule, doers, day, said)
    facts = [facts_of(book.store, row, position, rulebook, counts_on=counts_on,
                      decided_on=command.day) for position in range(len(doers))]
    for part in facts:
        if refusal := report_refusal(
                rulebook, rule, part, RowsHistory(book.store, row), provided=_provided(said),
                reason=bool(said["reason"])) or _checked_in(book, rule, row, part):
            return refusal
    command.seal(row.id, {name: said[name] for name in
                          ("place", "event", "matter", "note", "evidence", "reason", "channel")})
    return _draft(command, rulebook, rule, row, facts)


def _draft(
    command: Command, rulebook: Rulebook, rule: Rule, row: DeedRow, facts: list[Facts],
) -> Draft | Refusal:
    writing = awarding.Writing()
    details: dict[str, Any] = dict(row.details)
    if rule.stages and rule.stages[0].automatic:
        stage = rule.stages[0].code
        scene = awarding.Scene(rows=command.book.store, rulebook=rulebook, rule=rule,
                               calendar=command.book.calendar, now=command.now,
                               seq=command.next_seq)
        awards = rate_together(
            rulebook, rule, facts, Verdict(stage=stage),
            RowsHistory(command.book.store, row, stage),
            rulebook.calendar(command.book.calendar.zone))
        if isinstance(awards, Refusal):
            return awards
        refusal = awarding.pay(
            writing, scene, row, stage, awards, homes=homes_of(command.book.store, row),
            counts_on=facts[0].counts_on, earned_on=earned_on(rulebook, rule, facts[0]))
        if refusal:
            return refusal
        details = awarding.decided(row, Status.SUBMITTED, seq=scene.seq, stage=stage,
                                   writing=writing)["details"]
    writing.change("deed", {
        "id": row.id, "rule": row.rule, "reporter": row.reporter, "doer": row.doer,
        "holder": row.holder, "household": row.household, "area": row.area, "day": row.day,
        "reported_on": row.reported_on, "status": row.status, "event": row.event,
        "place": row.place, "matter": row.matter, "details": details,
    })
    return Draft(kind="report", subject=row.id, at=command.at, day=command.dated(row.day),
                 rule=rule.code, rulebook=rulebook.digest, details=writing.details(),
                 postings=tuple(writing.postings))


def _row(
    command: Command, rulebook: Rulebook, rule: Rule, doers: list[str], day: date, said: Said,
) -> DeedRow:
    book, iso = command.book, day.isoformat()
    holders = [holder_of(book.store, rulebook, rule, doer, iso) for doer in doers]
    if rule.stages and rule.stages[0].automatic:
        for holder in dict.fromkeys(holders):
            command.settle(holder)
    member = membership(book.store, doers[0], iso)
    details: dict[str, Any] = {"doers": doers, "holders": holders}
    if quantities := named(rule, said["quantity"]):
        details["quantities"] = {name: plain(value) for name, value in quantities.items()}
    if said["attributes"]:
        details["attributes"] = plain(said["attributes"])
    if said.get("work"):
        details["work"] = said["work"]
    if said["end_day"]:
        details["end_day"] = said["end_day"].isoformat()
    return DeedRow(
        id=f"d-{command.next_seq}", rule=rule.code, reporter=command.actor.id, doer=doers[0],
        holder=holders[0], household=member.household if member else "",
        area=member.area if member else "", day=iso, reported_on=command.day.isoformat(),
        status=str(Status.SUBMITTED), seq=command.next_seq, details=details,
        **{name: book.sealed(text.same(said[name]), name) for name in SAME if said[name]},
    )


def named(rule: Rule, quantities: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Quantities under the names that the rule uses.

    Raises:
        ValueError: one number where the rule has several names, or a name it does not use.
    """
    known = sorted(set().union(*(quantities_of(form) for form in forms_of(rule))))
    found = dict(quantities)
    if "" in found:
        if len(known) > 1:
            raise ValueError(f"name the quantities of rule {brief(rule.code)}: {', '.join(known)}")
        found = {known[0] if known else "time": found[""]}
    elif unknown := sorted(set(found) - set(known)):
        raise ValueError(f"rule {brief(rule.code)} knows no quantity {brief(unknown[0])}; it uses"
                         f" {', '.join(known) or 'none'}")
    return found


def _provided(said: Said) -> frozenset[str]:
    """The names of the facts that the report states."""
    return frozenset(name for name in (*SAME, "evidence", "note", "end_day") if said[name])


def has_left(book: Book, doers: list[str], day: date) -> Refusal | None:
    """The refusal of somebody who had left by a day, or None."""
    for doer in doers:
        party = book.store.get(Party, doer)
        if party is None:
            raise NotFound("resident", book.code_of(doer))
        if party.closed < day.isoformat():
            return Refusal(Code.ACCOUNT_CLOSED, {"closed": party.closed})
    return None


def _check_own(command: Command, doers: list[str], day: date) -> None:
    """A resident without an office reports only for herself and her household."""
    if command.role != SELF:
        return
    own = {command.actor.resident, command.actor.household}
    homes = {command.book.household_of(doer, day.isoformat()) for doer in doers}
    if not own & ({*doers, *homes} - {""}):
        raise Refused(Code.NOT_PERMITTED, {"verb": "report", "roles": ["collector"]})


def _checked_in(book: Book, rule: Rule, row: DeedRow, facts: Facts) -> Refusal | None:
    """The same doer reported the same once already, where the rule allows it once."""
    mine = [_fact(row, name) for name in rule.unique]
    if not mine or not all(mine):
        return None  # what is missing is another refusal
    for earlier in book.store.find(DeedRow, "by_doer", facts.doer):
        if earlier.rule == row.rule and earlier.status in (
                Status.SUBMITTED, Status.CONFIRMED, Status.REOPENED) and mine == [
                _fact(earlier, name) for name in rule.unique]:
            return Refusal(Code.DUPLICATE_CHECKIN, {"deed": earlier.id})
    return None


def _fact(row: DeedRow, name: str) -> str:
    """A fact that a deed was reported with: one of `SAME`, or an attribute of its own."""
    if name in SAME:
        return str(getattr(row, name))
    return str(row.details.get("attributes", {}).get(name, ""))


def check_attributes(rulebook: Rulebook, said: Mapping[str, Value]) -> None:
    """A misspelt attribute would be passed over in silence, and pay another amount.

    Raises:
        ValueError: an attribute, or a choice, that the rulebook does not declare.
        TypeError: a value of another type than declared.
    """
    declared = {one.code: one for one in rulebook.attributes}
    for name, value in said.items():
        if name not in declared:
            raise ValueError(f"the rulebook declares no attribute {brief(name)}; it has"
                             f" {', '.join(sorted(declared)) or 'none'}")
        one = declared[name]
        wanted = {"whole": int, "yes-no": bool, "day": date}.get(one.type, str)
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise TypeError(f"attribute {name} takes {wanted.__name__}, not {brief(value)}")
        if one.type == "choice" and value not in one.values:
            raise ValueError(f"attribute {name} is one of {', '.join(one.values)},"
                             f" not {brief(value)}")
