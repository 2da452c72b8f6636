"""From awards to what is written: the postings and rows of a decision on a deed.

A new decision is one entry that takes back exactly what the last one posted and posts the new
award; it never recomputes the old one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import attrs

from lovepoints.core.deeds import Award, Part, Refusal, Status, Step
from lovepoints.core.journal import Opens, Posting, posting_id
from lovepoints.core.passbooks import passbook
from lovepoints.core.rows import FOR_EVER, Balance, Credit, DeedRow, Lot, PostingRow
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.store import Rows
from lovepoints.core.terms import Sanction
from lovepoints.core.values import Calendar, kind_of, point_unit, to_minor

Columns = dict[str, Any]
"""The changed columns of one row, as they stand in an entry; Any: int, text or JSON."""
Posted = tuple[tuple[int, Posting], ...]
"""Postings of an entry with their ids, in line order."""


@attrs.frozen(kw_only=True)
class Scene:
    """Where a decision is taken: the rows, the terms, the moment, and the place in the journal."""

    rows: Rows
    rulebook: Rulebook
    rule: Rule
    calendar: Calendar
    now: int
    seq: int

    @property
    def today(self) -> date:
        """The local day."""
        return self.calendar.day_of(self.now)


@attrs.define
class Writing:
    """What a decision adds up to while it is being put together.

    `returned`: how many of the postings, the first ones, take an earlier decision back.
    """

    returned: int = 0
    postings: list[Posting] = attrs.field(factory=list)
    rows: dict[str, list[Columns]] = attrs.field(factory=dict)
    awards: list[Columns] = attrs.field(factory=list)
    shortfalls: list[Columns] = attrs.field(factory=list)
    verdict: Columns = attrs.field(factory=dict)
    """The grades and the points that a confirmer said, so that the award can be rated again."""

    def change(self, table: str, *changes: Columns) -> None:
        """Note changed rows of a table."""
        if changes:
            self.rows.setdefault(table, []).extend(changes)

    def details(self) -> Columns:
        """The details of the entry."""
        out: Columns = {"rows": self.rows} if self.rows else {}
        if self.awards:
            out["awards"] = self.awards
        if self.shortfalls:
            out["shortfalls"] = self.shortfalls
        if self.verdict:
            out["verdict"] = self.verdict
        return out


def pay(
    writing: Writing, scene: Scene, deed: DeedRow, stage: str, awards: Sequence[Award], *,
    homes: Mapping[str, tuple[str, str]], counts_on: date, earned_on: date,
) -> Refusal | None:
    """Add the postings, credits and dues of a decision's awards; a refusal if a deduction cannot
    be taken. `homes` gives each doer's household and area on the deed's day."""
    for award in awards:
        out: Columns = {
            "doer": award.doer, "holder": award.holder,
            "parts": [[part.unit, part.points] for part in award.parts],
            "steps": [step.to_json() for step in award.steps],
        }
        if award.waiting:
            out["waiting"] = dict(award.waiting)
            writing.change("due", _waiting(deed, stage, award, scene.seq))
        writing.awards.append(out)
        household, area = homes.get(award.doer, ("", ""))
        writing.change("credit", *credits_of(
            deed, stage, award, scene.rulebook, household=household, area=area,
            counts_on=counts_on, earned_on=earned_on))
        if scene.rule.deduction:
            if refusal := _deduct(writing, scene, deed, award, out):
                return refusal
        else:
            writing.postings += [posting for part in award.parts
                                 for posting in passbook.credit(award.holder, part)]
    return None


def take_back(
    writing: Writing, scene: Scene, deed: DeedRow, stages: Iterable[str],
) -> Refusal | None:
    """Add the exact return of what the live decisions of `stages` posted.

    What a lot no longer has is owed, recorded as a shortfall, or refused, as the rulebook's
    `overturned` says. Credits go to zero, dues that have not come are called off.
    """
    wanted, rows, overturned = set(stages), scene.rows, scene.rulebook.overturned
    for decision in live_decisions(deed):
        if decision["stage"] not in wanted:
            continue
        for seq in decision["seqs"]:
            posted = own_postings(rows, decision, seq)
            taken = exchanged(rows, seq, scene.now, posted)
            # With a lot it is a payment that goes back, not a debt that is made.
            gone = [one for one in taken if one.source.endswith("/owed") and not one.lot]
            if gone and overturned == "refuse":
                return passbook.not_reversible(gone)
            if overturned == "shortfall":
                writing.shortfalls += [{"unit": one.unit, "points": one.amount} for one in gone]
                taken = tuple(one for one in taken if one not in gone)
            writing.postings += taken
            writing.change("lot", *({"id": lot.id, "frozen": 0}
                                    for lot in lots_of(rows, posted).values()
                                    if lot.frozen and opened_by(lot, seq)))
        writing.change("credit", *(
            {"deed": credit.deed, "stage": credit.stage, "doer": credit.doer, "unit": credit.unit,
             "points": 0, "times": 0, "quantity": 0}
            for credit in rows.find(Credit, "", deed.id, decision["stage"])))
        writing.change("due", *({"id": due, "done": 1} for due in decision.get("dues", ())))
        writing.change("bar", *({**bar, "until": _eve(bar["since"]), "sanction": ""}
                                for bar in decision.get("bars", ())))
    writing.returned = len(writing.postings)
    return None


def _eve(day: str) -> str:
    """The day before: a bar that ends before it begins never holds."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def live_decisions(deed: DeedRow) -> list[Columns]:
    """The decisions whose points stand."""
    return [one for one in deed.details.get("decisions", ()) if not one.get("taken_back")]


def stage_of(decision: Columns) -> str:
    """The stage that a decision belongs to; what is paid later goes by "<stage>+<seq>"."""
    return str(decision["stage"]).partition("+")[0]


def decided(
    deed: DeedRow, status: Status, *, seq: int, stage: str = "", stages_gone: Iterable[str] = (),
    writing: Writing | None = None, **details: Any,  # Any: canonical JSON
) -> Columns:
    """The deed's changed columns after a decision: earlier ones marked, this one added."""
    gone = set(stages_gone)
    decisions = [{**one, "taken_back": True} if one["stage"] in gone else one
                 for one in deed.details.get("decisions", ())]
    if writing is not None:
        decisions.append({
            "stage": stage, "seq": seq, "seqs": [seq],
            "dues": [due["id"] for due in writing.rows.get("due", ()) if not due.get("done")],
            "bars": [bar for bar in writing.rows.get("bar", ()) if bar.get("sanction")],
            **({"returned": writing.returned} if writing.returned else {}),
        })
    kept = {name: value for name, value in deed.details.items() if name != "confirmations"}
    return {"id": deed.id, "status": str(status),
            "details": {**kept, "decisions": decisions, **details}}


def frozen(deed: DeedRow, rows: Rows, *, freeze: bool) -> list[Columns]:
    """The lots that the deed's live decisions opened, frozen or thawed."""
    changes: list[Columns] = []
    for decision in live_decisions(deed):
        for seq in decision["seqs"]:
            for lot in lots_of(rows, own_postings(rows, decision, seq)).values():
                if opened_by(lot, seq) and bool(lot.frozen) != freeze:
                    changes.append({"id": lot.id, "frozen": int(freeze)})
    return changes


def own_postings(rows: Rows, decision: Columns, seq: int) -> Posted:
    """What an entry posted for a decision, without the return of the decision before it: that one
    stays taken back, whatever becomes of this one."""
    first = decision.get("returned", 0) if seq == decision["seq"] else 0
    return postings_of(rows, seq)[first:]


def exchanged(
    rows: Rows, seq: int, now: int, posted: Posted | None = None,
) -> tuple[Posting, ...]:
    """What takes an entry back (or of its postings those `posted`), knowing what expired in its
    lots and what of its debt was paid."""
    posted = postings_of(rows, seq) if posted is None else posted
    accounts = {(posting.source, posting.unit) for _, posting in posted
                if posting.source.endswith("/owed")}
    opened = {number: posting for number, posting in posted if posting.opens}
    # Payments of older debts too: an earlier return may have struck out a younger debt in part.
    paid = [one for account, unit in sorted(accounts)
            for one in _payments(since(rows, account, unit, 0), account)]
    lapsed = Counter[int]()
    # A passbook is walked once, however many of its lots the entry opened.
    for account, unit in dict.fromkeys((one.target, one.unit) for one in opened.values()):
        for one in since(rows, account, unit, seq):
            if one.lot in opened and one.target == passbook.EXPIRED:
                lapsed[one.lot] += one.amount
    return passbook.take_back(
        posted, lots_of(rows, posted), now, paid=paid, lapsed=lapsed,
        owes={(account, unit): owed(rows, passbook.holder_of(account), unit)
              for account, unit in accounts})


def _payments(moved: Iterable[Posting], account: str) -> list[Posting]:
    """What was paid of a debt and has not gone back since, oldest first."""
    paid: list[Posting] = []
    for one in moved:
        if one.target == account and one.lot:
            paid.append(one)
        elif one.source == account and one.lot:
            passbook.given_back(paid, account, one.unit, one.amount, one.lot)
    return paid


def since(rows: Rows, account: str, unit: str, seq: int) -> list[Posting]:
    """An account's postings after an entry, oldest first: a walk along its linked list."""
    balance = rows.get(Balance, account, unit)
    number = balance.last if balance else 0
    found: list[Posting] = []
    while number >= posting_id(seq + 1, 0):
        row = rows.get(PostingRow, number)
        assert row is not None, "a balance names its last posting"
        found.append(Posting(row.source, row.target, row.unit, row.amount, row.lot))
        number = row.source_prev if row.source == account else row.target_prev
    return found[::-1]


def postings_of(rows: Rows, seq: int) -> Posted:
    """The postings of an entry with their ids, in line order; dates of opened lots as they are."""
    found = rows.find(PostingRow, low=posting_id(seq, 0), high=posting_id(seq + 1, 0) - 1)
    out = []
    for row in found:
        lot = rows.get(Lot, row.id)
        opens = Opens(lot.available_at, lot.ends_at) if lot else None
        out.append((row.id, Posting(row.source, row.target, row.unit, row.amount, row.lot, opens)))
    return tuple(out)


def lots_of(rows: Rows, posted: Iterable[tuple[int, Posting]]) -> dict[int, Lot]:
    """The lots that postings drew on or opened, by id."""
    ids = {lot for number, posting in posted
           for lot in (number if posting.opens else 0, posting.lot) if lot}
    found = (rows.get(Lot, lot) for lot in sorted(ids))
    return {lot.id: lot for lot in found if lot}


def opened_by(lot: Lot, seq: int) -> bool:
    """Whether an entry opened this lot."""
    return posting_id(seq, 0) <= lot.id < posting_id(seq + 1, 0)


def passbook_lots(rows: Rows, holder: str, unit: str = "") -> list[Lot]:
    """The open lots of a passbook, of one unit or of all, soonest end first within a unit."""
    account = passbook.passbook(holder)
    if unit:
        return rows.find(Lot, "spendable", account, unit, 1)
    units = [row.unit for row in rows.find(Balance, "", account)]
    return [lot for one in units for lot in rows.find(Lot, "spendable", account, one, 1)]


def owed(rows: Rows, holder: str, unit: str) -> int:
    """What a passbook owes of a unit, in smallest parts, as a positive number."""
    found = rows.get(Balance, passbook.owed(holder), unit)
    return -found.amount if found else 0


def _deduct(
    writing: Writing, scene: Scene, deed: DeedRow, award: Award, out: Columns,
) -> Refusal | None:
    """A deduction now, or due on the day after its notice; with its sanction."""
    deduction = scene.rule.deduction
    assert deduction is not None, "only deduction rules come here"
    if deduction.notice_days:
        effective = scene.today + timedelta(days=deduction.notice_days + 1)
        out["effective_on"] = effective.isoformat()
        writing.change("due", {
            "id": f"deduct:{deed.id}:{scene.seq}:{award.doer}", "holder": award.holder,
            "kind": "deduct", "at": scene.calendar.start_of(effective), "done": 0,
            "details": {"deed": deed.id, "seq": scene.seq, "parts": out["parts"],
                        "rulebook": scene.rulebook.digest},
        })
        return None
    return collect_deduction(writing, scene, award.holder, out["parts"])


def collect_deduction(
    writing: Writing, scene: Scene, holder: str, parts: Iterable[tuple[str, int]],
) -> Refusal | None:
    """Take what a deduction takes (parts are negative) and begin its sanction."""
    deduction = scene.rule.deduction
    assert deduction is not None, "only deduction rules come here"
    for unit, points in parts:
        decimals = scene.rulebook.kind(kind_of(unit)).decimals
        taken = passbook.deduct(holder, unit, -points, deduction.floor,
                                passbook_lots(scene.rows, holder, unit), scene.now, decimals)
        if isinstance(taken, Refusal):
            return taken
        writing.postings += taken.postings
        if taken.missing:
            writing.shortfalls.append({"unit": unit, "points": taken.missing})
    begin_sanction(writing, scene, deduction.sanction, holder)
    return None


def begin_sanction(writing: Writing, scene: Scene, code: str, holder: str) -> None:
    """Add the bars and the clearing of a sanction that begins today; nothing for no code."""
    sanction = next((one for one in scene.rulebook.sanctions if one.code == code), None)
    if sanction is None:
        return
    calendar = scene.rulebook.calendar(scene.calendar.zone)
    until = sanction_end(sanction, scene.today, calendar)
    writing.change("bar", *(
        {"holder": holder, "what": what, "since": scene.today.isoformat(), "seq": scene.seq,
         "until": until.isoformat() if until else FOR_EVER, "sanction": sanction.code}
        for what in sanction.bars))
    taken = Counter[int]()
    for posting in writing.postings:
        taken[posting.lot] += posting.amount
    for kind in sanction.clears:
        unit = point_unit(kind)
        writing.postings += [
            Posting(lot.account, passbook.DEDUCTED, unit, left, lot.id)
            for lot in passbook_lots(scene.rows, holder, unit)
            if (left := lot.free - taken[lot.id]) > 0
        ]


def sanction_end(sanction: Sanction, day: date, calendar: Calendar) -> date | None:
    """The last day of a sanction that begins on `day`; None until it is lifted."""
    if sanction.lasts:
        return sanction.lasts.after(day)
    if not sanction.lasts_periods:
        return None
    last = calendar.period(day, sanction.lasts_each).last
    for _ in range(sanction.lasts_periods - 1):
        last = calendar.period(last + timedelta(days=1), sanction.lasts_each).last
    return last


def repaired(rulebook: Rulebook, rule: Rule, award: Columns) -> Award:
    """What stays taken of a deduction's award once the damage behind it is repaired."""
    assert rule.deduction is not None and rule.deduction.repair is not None
    left = rule.deduction.repair
    decimals = {point_unit(kind.code): kind.decimals for kind in rulebook.kinds}
    parts = tuple(Part(unit=unit, points=-min(-points, to_minor(left, decimals[unit])))
                  for unit, points in award["parts"] if points)
    return Award(doer=award["doer"], holder=award["holder"], parts=parts,
                 steps=(Step("repair", {"left": str(left)}, rule.clause),))


def _waiting(deed: DeedRow, stage: str, award: Award, seq: int) -> Columns:
    return {"id": f"waiting:{deed.id}:{seq}:{award.doer}", "holder": award.holder,
            "kind": "waiting", "at": seq, "done": 0,
            "details": {"deed": deed.id, "stage": stage, "doer": award.doer,
                        "units": dict(award.waiting)}}


def credits_of(
    deed: DeedRow, stage: str, award: Award, rulebook: Rulebook, *, household: str, area: str,
    counts_on: date, earned_on: date,
) -> list[Columns]:
    """One row a unit; the time and the quantity are counted on the first only."""
    parts = [(part.unit, part.points) for part in award.parts]
    if not parts and (award.times or award.quantity):
        parts = [(point_unit(rulebook.main_kind.code), 0)]
    return [
        {"deed": deed.id, "stage": stage, "doer": award.doer, "unit": unit, "rule": deed.rule,
         "holder": award.holder, "household": household, "area": area,
         "day": counts_on.isoformat(), "earned_on": earned_on.isoformat(), "event": deed.event,
         "place": deed.place, "matter": deed.matter, "points": points,
         "times": award.times if first else 0, "quantity": award.quantity if first else 0}
        for first, (unit, points) in ((place == 0, part) for place, part in enumerate(parts))
    ]
