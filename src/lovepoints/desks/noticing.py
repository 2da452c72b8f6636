"""Drafting notices, objections and their decisions; what a notice shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import attrs

from lovepoints.core.deeds import Refusal, Status
from lovepoints.core.journal import Draft, Entry
from lovepoints.core.passbooks.awarding import frozen, live_decisions
from lovepoints.core.policy import SELF
from lovepoints.core.rows import DeedRow, EntryRow, Sealed
from lovepoints.core.rows_notices import NoticeRow, ObjectionRow
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.values import kind_of
from lovepoints.core.work import notices
from lovepoints.core.work.notices import PENDING, Awarded
from lovepoints.desks import auditing, deciding
from lovepoints.desks.answers import Points, as_points, confidential
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command
from lovepoints.errors import Code, NotFound, Refused

LINES_MAX = 20_000
"""No list has more lines; post it in parts."""
Said = Mapping[str, Any]  # Any: the arguments of a verb, already checked


@attrs.frozen(kw_only=True)
class NoticeLine:
    """One line of a public list: a masked name, a coarse label, points by kind.

    `is_standing`: the award stands; `is_objected`: an objection to it waits for a decision. The
    deed behind a line is for the office: `deed`.
    """

    number: int
    name: str
    label: str
    points: Mapping[str, Points]
    is_standing: bool = True
    is_objected: bool = False
    deed: str = attrs.field(default="", repr=False)


@attrs.frozen(kw_only=True)
class Notice:
    """A public list (公示): what was awarded since the last one, on show up to and with `until`.

    `points` and `people` are those of the lines that stand. Once closed, `code` is the code of a
    checkpoint of the book as it stood then: whoever keeps the paper can hold the book against it.
    """

    id: str
    state: str
    posted: date
    until: date
    lines: tuple[NoticeLine, ...]
    people: int
    points: Mapping[str, Points]
    objections: int = 0
    upheld: int = 0
    code: str = ""
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Objection:
    """A challenge to one line of a notice, and what became of it. Who raised it is not shown."""

    id: str
    notice: str
    line: int
    state: str
    day: date
    grounds: str = ""
    reason: str = ""
    is_final: bool = False
    key: str = ""
    is_repeat: bool = False


def post(command: Command, days: int) -> Draft | Refusal:
    """The draft of a list of all that was awarded since the last list was made."""
    book = command.book
    last = book.store.find(NoticeRow, "by_seq", reverse=True, limit=1)
    after, upto = last[0].upto if last else 0, command.next_seq - 1
    lines = notices.awarded(_entries(book, after, upto), confidential(book))
    if not lines:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "post", "state": "empty"})
    if len(lines) > LINES_MAX:
        return Refusal(Code.LIMIT_EXCEEDED, {"most": LINES_MAX})
    return Draft(
        kind="post_notice", subject=f"n-{command.next_seq}", at=command.at,
        day=command.day.isoformat(), details={"lines": len(lines), "rows": {"notice": [{
            "id": f"n-{command.next_seq}", "state": "posted", "posted": command.day.isoformat(),
            "until": (command.day + timedelta(days=days)).isoformat(), "after": after,
            "upto": upto}]}})


def raise_objection(command: Command, row: NoticeRow, said: Said) -> Draft | Refusal:
    """The draft of an objection: the points of its line (or, where the rulebook says so, of the
    whole list) cannot be spent until it is decided."""
    lines = lines_of(command.book, row)
    if not 1 <= said["line"] <= len(lines):
        raise NotFound("line", f"{row.id}/{said['line']}")
    if refusal := notices.too_late(row, command.day.isoformat()):
        return refusal
    if not said["grounds"]:
        return Refusal(Code.REASON_NEEDED, {"what": "object"})
    line = lines[said["line"] - 1]
    lots = _frozen(command, [line.deed] if _stops_line(command) else [one.deed for one in lines],
                   freeze=True)
    name = f"o-{command.next_seq}"
    command.seal(name, {"grounds": said["grounds"]})
    return Draft(
        kind="object", subject=name, at=command.at, day=command.day.isoformat(),
        details={"rows": {"lot": lots, "objection": [{
            "id": name, "notice": row.id, "line": line.number, "deed": line.deed,
            "by": _person(command), "day": command.day.isoformat(), "state": "open"}]}})


def decide(command: Command, row: ObjectionRow, upheld: bool, reason: str) -> Draft | Refusal:
    """The draft of a decision. Upheld, the award is taken back; dismissed, its points are free
    again. Where an appeal turns a decision over that took an award back, the deed is open for a
    new decision by those whom its rule names."""
    if not reason:
        return Refusal(Code.REASON_NEEDED, {"what": "decide"})
    deed = deed_row(command.book, row.deed)
    if refusal := deciding.own_deed(command, deed):
        return refusal
    change = notices.decided(row, _person(command), _confirmers(command.book, deed), upheld)
    if isinstance(change, Refusal):
        return change
    if upheld and live_decisions(deed):
        if refusal := _overturn(command, deed, reason):
            return refusal
    elif not upheld and row.details.get("before") == "upheld":
        again = deciding.reopen(command, deed, reason)
        if isinstance(again, Refusal):
            return again
        command.settle_again(command.write(again))
    command.seal(f"{row.id}#{command.next_seq}", {"reason": reason})
    return _moved(command, row, "decide_objection", {**change, "details": {
        **change["details"], "answered": command.next_seq}}, _thawed(command, row))


def appeal(command: Command, row: ObjectionRow, reason: str) -> Draft | Refusal:
    """The draft of an appeal: the points of the line cannot be spent until it is decided.

    A resident appeals for herself: where she objected, or the deed is her household's.
    """
    if command.role == SELF and row.by != _person(command) and not _is_theirs(
            command, deed_row(command.book, row.deed)):
        raise Refused(Code.NOT_PERMITTED, {"verb": "appeal", "roles": ["committee"]})
    if not reason:
        return Refusal(Code.REASON_NEEDED, {"what": "appeal"})
    change = notices.appealed(row)
    if isinstance(change, Refusal):
        return change
    command.seal(f"{row.id}#{command.next_seq}", {"grounds": reason})
    return _moved(command, row, "appeal", change, _frozen(command, [row.deed], freeze=True))


def close(command: Command, row: NoticeRow) -> Draft | Refusal:
    """The draft of a list's end: its days are over, and every objection is decided."""
    book = command.book
    raised = book.store.find(ObjectionRow, "by_notice", row.id)
    waiting = sum(one.state in PENDING for one in raised)
    if row.state != "posted" or waiting or command.today.isoformat() <= row.until:
        return Refusal(Code.STATE_NOT_FITTING, {
            "what": "close", "state": row.state, "until": row.until, "waiting": waiting})
    standing = [line for line in lines_of(book, row) if _stands(book, line)]
    totals: dict[str, int] = {}
    for line in standing:
        for unit, amount in line.amounts.items():
            totals[unit] = totals.get(unit, 0) + amount
    came_to = {"code": auditing.standing(book).code, "lines": len(standing),
               "people": len({line.doer for line in standing}), "points": totals}
    return Draft(
        kind="close_notice", subject=row.id, at=command.at, day=command.day.isoformat(),
        details={"rows": {"notice": [{"id": row.id, "state": "closed",
                                              "details": came_to}]}})


def lines_of(book: Book, row: NoticeRow) -> tuple[Awarded, ...]:
    """The lines of a list, worked out from the entries that it is about."""
    return notices.awarded(_entries(book, row.after, row.upto), confidential(book))


def shown(book: Book, row: NoticeRow, *, key: str = "", is_repeat: bool = False) -> Notice:
    """A list as it hangs on the wall."""
    raised = book.store.find(ObjectionRow, "by_notice", row.id)
    objected = {one.line for one in raised if one.state in PENDING}
    lines = lines_of(book, row)
    standing = [line for line in lines if _stands(book, line)]
    kept = {line.number for line in standing}
    totals: dict[str, Points] = {}
    for line in standing:
        for kind, points in _points(book, line).items():
            totals[kind] = totals.get(kind, 0) + points
    return Notice(
        id=row.id, state=row.state, posted=date.fromisoformat(row.posted),
        until=date.fromisoformat(row.until), key=key, is_repeat=is_repeat,
        lines=tuple(NoticeLine(
            number=line.number, name=_masked(book, line.doer), label=_label(book, line),
            points=_points(book, line), is_standing=line.number in kept,
            is_objected=line.number in objected, deed=line.deed) for line in lines),
        people=len({line.doer for line in standing}), points=totals, objections=len(raised),
        upheld=sum(one.state == "upheld" for one in raised),
        code=str(row.details.get("code", "")))


def objection_of(
    book: Book, row: ObjectionRow, *, key: str = "", is_repeat: bool = False,
) -> Objection:
    """An objection as the office sees it."""
    return Objection(
        id=row.id, notice=row.notice, line=row.line, state=row.state,
        day=date.fromisoformat(row.day), grounds=_word(book, row.id, "grounds"),
        reason=_word(book, f"{row.id}#{row.details.get('answered', 0)}", "reason"),
        is_final=bool(row.details.get("final")), key=key, is_repeat=is_repeat)


def deed_row(book: Book, deed: str) -> DeedRow:
    """The deed behind a line."""
    found = book.store.get(DeedRow, deed)
    assert found is not None, "a deed never disappears"
    return found


def _moved(
    command: Command, row: ObjectionRow, kind: str, change: Mapping[str, Any],
    lots: list[dict[str, Any]],
) -> Draft:
    return Draft(kind=kind, subject=row.id, at=command.at, day=command.day.isoformat(),
                 details={"rows": {"objection": [dict(change)], **({"lot": lots} if lots else {})}})


def _entries(book: Book, after: int, upto: int) -> Iterator[Entry]:
    for row in book.store.scan(EntryRow, after):
        if row.seq > upto:
            return
        yield Entry.from_bytes(row.body)


def _frozen(command: Command, deeds: list[str], *, freeze: bool) -> list[dict[str, Any]]:
    """The lots of these deeds, frozen or thawed, once what is due to their holders is written."""
    found: dict[int, dict[str, Any]] = {}
    for deed in dict.fromkeys(deeds):
        for holder in dict.fromkeys(deed_row(command.book, deed).details["holders"]):
            command.settle(holder)
        row = deed_row(command.book, deed)
        found |= {one["id"]: one for one in frozen(row, command.book.store, freeze=freeze)}
    return list(found.values())


def _thawed(command: Command, row: ObjectionRow) -> list[dict[str, Any]]:
    """The lots that this objection held, and no other one holds."""
    notice = command.book.store.get(NoticeRow, row.notice)
    assert notice is not None, "an objection names a notice"
    others = {one.deed for one in command.book.store.find(
        ObjectionRow, "by_notice", row.notice) if one.state in PENDING and one.id != row.id}
    if _stops_line(command):
        free = {row.deed} - others
    else:
        free = set() if others else {line.deed for line in lines_of(command.book, notice)}
    kept = [deed for deed in sorted(free)
            if deed_row(command.book, deed).status == Status.CONFIRMED]
    return _frozen(command, kept, freeze=False)


def _overturn(command: Command, deed: DeedRow, reason: str) -> Refusal | None:
    """Take back what a deed was awarded: opened again, and rejected."""
    if deed.status != Status.REOPENED:
        opened = deciding.reopen(command, deed, reason)
        if isinstance(opened, Refusal):
            return opened
        command.settle_again(command.write(opened))
    gone = deciding.close(command, deed_row(command.book, deed.id), Status.REJECTED, reason)
    if isinstance(gone, Refusal):
        return gone
    command.settle_again(command.write(gone))
    return None


def _stops_line(command: Command) -> bool:
    rulebook = command.book.rulebook_on(command.today)
    return rulebook is None or rulebook.objection == "line"


def _person(command: Command) -> str:
    """Who acts, by her record as a resident, whichever code she acts by."""
    return command.actor.resident or command.actor.id


def _is_theirs(command: Command, deed: DeedRow) -> bool:
    """Whether the actor did a deed, or lives with somebody who did."""
    day = command.today.isoformat()
    theirs = {*deed.details["doers"],
              *(command.book.household_of(doer, day) for doer in deed.details["doers"])} - {""}
    return bool(theirs & {command.actor.resident, command.actor.household})


def _confirmers(book: Book, deed: DeedRow) -> set[str]:
    by = deed.details.get("confirmed_by", ())
    return {*by, *(book.resident_behind(one) for one in by)} - {""}


def _stands(book: Book, line: Awarded) -> bool:
    return any(line.seq in decision["seqs"] for decision in live_decisions(
        deed_row(book, line.deed)))


def _points(book: Book, line: Awarded) -> dict[str, Points]:
    decimals = {kind.code: kind.decimals for kind in _rulebook(book, line).kinds}
    return {kind_of(unit): as_points(amount, decimals[kind_of(unit)])
            for unit, amount in line.amounts.items()}


def _label(book: Book, line: Awarded) -> str:
    rule = _rulebook(book, line).rule(line.rule)
    return (rule.label or rule.title) if rule else ""


def _rulebook(book: Book, line: Awarded) -> Rulebook:
    """The rulebook of a line's award; what was paid later goes by the decision's."""
    decision = next(one for one in deed_row(book, line.deed).details["decisions"]
                    if line.seq in one["seqs"])
    return book.rulebook(book.entry(decision["seq"]).rulebook)


def _masked(book: Book, party: str) -> str:
    return notices.masked(_word(book, party, "name"))


def _word(book: Book, subject: str, name: str) -> str:
    sealed = book.store.get(Sealed, subject)
    return str(sealed.details.get(name, "")) if sealed else ""
