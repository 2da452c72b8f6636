"""What the calendar owes a holder: written ahead of the next verb, folded onto every read.

Lapses, deductions after their notice, clearings, expiry, yearly grants, compulsory debits,
what a leaver loses, and debts that points can pay. One draft at a time, the earliest first;
nothing here happens twice, because each one changes the rows that made it due.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from lovepoints.core.closing import openly
from lovepoints.core.deeds import Refusal, Status
from lovepoints.core.journal import LINES_MAX, Draft, Posting, entered, seq_of
from lovepoints.core.lineage import ABSORBED, INTO, survivor
from lovepoints.core.overlay import Overlay
from lovepoints.core.passbooks import awarding, passbook
from lovepoints.core.passbooks.ends import DUES, HELD, LOTS, ended, has_held
from lovepoints.core.passbooks.returning import lapse
from lovepoints.core.passbooks.transferring import given
from lovepoints.core.passbooks.yearly import Scene, Terms, happened, in_force, is_yearly, yearly
from lovepoints.core.projecting import project
from lovepoints.core.rows import (
    FOR_EVER,
    Balance,
    DeedRow,
    Due,
    EntryRow,
    Lot,
    Party,
    PostingRow,
    RedemptionRow,
)
from lovepoints.core.store import Rows
from lovepoints.core.values import Calendar
from lovepoints.errors import BookDamaged

__all__ = ["Terms", "in_force", "next_due", "rehearse", "whose_due"]


def next_due(
    rows: Rows, holder: str, now: int, terms: Terms, calendar: Calendar, seq: int,
) -> Draft | None:
    """The earliest thing that is due to the holder and not yet written, or None.

    `seq` is the place that the draft's entry will have. What it goes by, `ends.py` looks at too:
    so long an answer is told again.
    """
    scene = Scene(rows=rows, holder=holder, now=now, terms=terms, calendar=calendar, seq=seq)
    party = rows.get(Party, holder)
    found = [*_absorbed(scene, party), *_lapses(scene), *_deductions(scene)]
    if _may_move(scene, party):
        lots = awarding.passbook_lots(rows, holder)
        found += [*yearly(scene, lots), *_leaving(scene, lots), *_debts(scene, lots),
                  *_carried(scene, lots), *passbook.expire(lots, now, calendar)]
    draft = min(found, key=lambda draft: draft.at, default=None)
    return draft and openly(draft, rows)


def _may_move(scene: Scene, party: Party | None) -> bool:
    """Whether the calendar can want anything of the holder's lots; mostly it cannot."""
    rows, account = scene.rows, passbook.passbook(scene.holder)
    return (
        is_yearly(scene.terms)
        or (party is not None and party.closed != FOR_EVER)
        or any(row.amount for row in rows.find(Balance, "", passbook.owed(scene.holder)))
        or any(first.ends_at <= scene.now for row in rows.find(Balance, "", account)
               for first in rows.find(Lot, "spendable", account, row.unit, 1, limit=1))
    )


def whose_due(rows: Rows, now: int, terms: Terms, calendar: Calendar) -> list[str]:
    """The holders for whom `next_due` may give or take something by now: all where anything comes
    once a year, else those for whom a lot, a notice, a reservation or their own time has ended.

    Whoever was merged is due with the one who goes on. What only pays a debt is left out.
    """
    if is_yearly(terms):
        return sorted({survivor(rows, party.id) for party in rows.find(Party)})
    today = calendar.day_of(now).isoformat()
    lots = (passbook.holder_of(lot.account) for lot in ended(rows, LOTS, now))
    dues = (due.holder for due in ended(rows, DUES, now))
    held = (row.holder for row in ended(rows, HELD, now))
    left = (party.id for party in rows.find(Party, "by_closed", high=today))
    return sorted({survivor(rows, holder) for holder in {*lots, *dues, *held, *left} - {""}})


def rehearse(draft: Draft, seq: int, now: int, rows: Overlay) -> None:
    """Project a draft onto an overlay as the entry that it would become."""
    entry = entered(draft, seq=seq, key=f"lp:draft:{seq}", recorded_at=now, by="lp", role="ledger")
    rows.put(EntryRow(seq=seq, key=entry.key, kind=entry.kind, subject=entry.subject,
                      day=entry.day, recorded_at=now, body=entry.body, leaf=b""))
    project(entry, rows)


def _lapses(scene: Scene) -> Iterator[Draft]:
    """Reservations whose time is over."""
    if not has_held(scene.rows, scene.holder, scene.terms):
        return  # every reservation sets points aside; most passbooks are done here
    for row in scene.rows.find(RedemptionRow, "by_holder", scene.holder):
        if row.state == "held" and row.lapses_at <= scene.now:
            yield _lapse(scene, row)


def _lapse(scene: Scene, row: RedemptionRow) -> Draft:
    day = scene.calendar.day_of(row.lapses_at)
    # The terms under which it was made hold to its end, whatever a later rulebook says.
    rulebook = next((one for _, one in scene.terms if one.digest == row.details.get("rulebook")),
                    scene.rulebook_on(day))
    let_go = lapse(row, rulebook.redemption if rulebook else None)
    return Draft(
        kind="lapse", subject=row.id, at=row.lapses_at, day=day.isoformat(),
        rulebook=rulebook.digest if rulebook else "",
        details={"rows": {"redemption": [{"id": row.id, "holder": row.holder, "day": row.day,
                                          "state": "lapsed", "details": let_go.details}]}},
        postings=let_go.postings,
    )


def _deductions(scene: Scene) -> Iterator[Draft]:
    """Deductions whose notice is over."""
    for due in scene.rows.find(Due, "by_holder", scene.holder, 0):
        if due.at > scene.now or due.kind != "deduct":
            continue
        deed = scene.rows.get(DeedRow, due.details["deed"])
        # While a deed is reopened nothing is taken for it; the next decision calls this one off.
        if deed and deed.status != Status.REOPENED:
            yield _deduction(scene, due, deed)


def _deduction(scene: Scene, due: Due, deed: DeedRow) -> Draft:
    day = scene.calendar.day_of(due.at)
    # The terms under which it was decided hold, whatever was adopted since.
    rulebook = next(one for _, one in scene.terms if one.digest == due.details["rulebook"])
    rule = rulebook.rule(deed.rule)
    assert rule, "a due deduction names the rulebook of its rule"
    writing = awarding.Writing()
    stage = awarding.Scene(rows=scene.rows, rulebook=rulebook, rule=rule, calendar=scene.calendar,
                           now=due.at, seq=scene.seq)
    parts = due.details["parts"]
    refused = awarding.collect_deduction(writing, stage, scene.holder, parts)
    if isinstance(refused, Refusal):  # all or nothing, and there was not enough on its day
        writing = awarding.Writing(shortfalls=[
            {"unit": unit, "points": -points} for unit, points in parts if points])
    decisions = [
        {**one, "seqs": [*one["seqs"], scene.seq],
         "bars": [*one.get("bars", ()), *writing.rows.get("bar", ())]}
        if one["seq"] == due.details["seq"] else one
        for one in deed.details["decisions"]
    ]
    writing.change("due", {"id": due.id, "done": 1})
    writing.change("deed", {"id": deed.id, "details": {**deed.details, "decisions": decisions}})
    return Draft(kind="deduct", subject=deed.id, at=due.at, day=day.isoformat(),
                 rulebook=rulebook.digest, rule=rule.code, details=writing.details(),
                 postings=tuple(writing.postings))


def _leaving(scene: Scene, lots: Sequence[Lot]) -> Iterator[Draft]:
    """What a holder who has left loses, where the rulebook says so."""
    party = scene.rows.get(Party, scene.holder)
    if party is None or party.closed == FOR_EVER or not any(lot.free for lot in lots) or (
            INTO in party.details):
        return
    last = date.fromisoformat(party.closed)
    moment = scene.calendar.end_of(last)
    rulebook = scene.rulebook_on(last)
    if moment <= scene.now and rulebook and rulebook.on_leaving == "lapse":
        yield Draft(kind="close", subject=f"passbook:{scene.holder}", at=moment,
                    day=last.isoformat(), rulebook=rulebook.digest,
                    postings=passbook.close(scene.holder, lots))


def _absorbed(scene: Scene, party: Party | None) -> Iterator[Draft]:
    """What is due to those who were merged into this holder."""
    for one in party.details.get(ABSORBED, ()) if party else ():
        if draft := next_due(scene.rows, one, scene.now, scene.terms, scene.calendar, scene.seq):
            yield draft


def _carried(scene: Scene, lots: Sequence[Lot]) -> Iterator[Draft]:
    """What a merged passbook has, and owes, goes to the one that goes on: each lot with its dates.
    What is set aside or frozen follows once it is free."""
    party = scene.rows.get(Party, scene.holder)
    if party is None or INTO not in party.details:
        return
    into, merged_at = party.details[INTO]
    receiver = survivor(scene.rows, into)
    free = [lot for lot in lots if lot.free and not lot.frozen and lot.ends_at > scene.now]
    debts = [row for row in scene.rows.find(Balance, "", passbook.owed(scene.holder))
             if row.amount]
    postings = [posting for lot in free
                for posting in given(scene.holder, receiver, lot, lot.free, lot.unit)]
    postings += [Posting(passbook.owed(receiver), passbook.owed(scene.holder), row.unit,
                         -row.amount) for row in debts]
    if postings:
        units = {one.unit for one in free} | {one.unit for one in debts}
        moment = max([merged_at, *(_last_moved(scene, unit) for unit in units)])
        yield Draft(kind="carry", subject=f"passbook:{scene.holder}", at=moment,
                    day=scene.calendar.day_of(moment).isoformat(), details={"to": receiver},
                    postings=tuple(postings[:LINES_MAX]))


def _debts(scene: Scene, lots: Sequence[Lot]) -> Iterator[Draft]:
    """Points that can pay what is owed, where the rulebook pays debts first."""
    rulebook = scene.rulebook_on(scene.today)
    if rulebook is None or not rulebook.settle_debt:
        return
    for unit in dict.fromkeys(lot.unit for lot in lots):
        if owes := awarding.owed(scene.rows, scene.holder, unit):
            yield from _debt(scene, unit, [lot for lot in lots if lot.unit == unit], owes)


def _debt(scene: Scene, unit: str, lots: Sequence[Lot], owes: int) -> Iterator[Draft]:
    """The payment of a debt at the first moment at which one of the lots could pay it."""
    known = _last_moved(scene, unit)
    moments = [moment for lot in lots if lot.free and not lot.frozen
               and (moment := max(known, lot.available_at)) < lot.ends_at]
    if moments and (moment := min(moments)) <= scene.now:
        yield Draft(
            kind="settle", subject=f"passbook:{scene.holder}", at=moment,
            day=scene.calendar.day_of(moment).isoformat(),
            postings=passbook.settle_debt(scene.holder, unit, lots, owes, moment))


def _last_moved(scene: Scene, unit: str) -> int:
    """Since when debt and lots stand as they do, so that they can meet."""
    accounts = (passbook.passbook(scene.holder), passbook.owed(scene.holder))
    return min(scene.now, max(_moved(scene.rows, account, unit) for account in accounts))


def _moved(rows: Rows, account: str, unit: str) -> int:
    """When an account moved last. What the calendar did may be dated before what people said last
    (points that come back to an ended lot end on its day), so both are looked at."""
    balance, latest = rows.get(Balance, account, unit), 0
    number = balance.last if balance else 0
    while number:
        row, entry = rows.get(PostingRow, number), rows.get(EntryRow, seq_of(number))
        if row is None or entry is None:
            raise BookDamaged(f"{account} names a posting that is not there", seq=seq_of(number))
        latest = max(latest, happened(rows, entry.seq))
        if not entry.key.startswith("lp:"):
            break
        number = row.source_prev if row.source == account else row.target_prev
    return latest
