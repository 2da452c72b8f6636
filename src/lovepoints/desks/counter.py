"""At the counter: loading what a basket is decided on, and drafting what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from lovepoints.core.deeds import Refusal, Value
from lovepoints.core.journal import Draft, Posting
from lovepoints.core.overlay import Overlay
from lovepoints.core.passbooks import returning
from lovepoints.core.passbooks.baskets import Counter
from lovepoints.core.passbooks.dues import next_due, rehearse
from lovepoints.core.passbooks.passbook import SHELF
from lovepoints.core.passbooks.redeeming import Settlement, settle
from lovepoints.core.passbooks.spenders import Comer, not_holder
from lovepoints.core.policy import SELF, Actor
from lovepoints.core.rating.facts import attributes_on
from lovepoints.core.rows import (
    EntryRow,
    Item,
    Lot,
    Membership,
    Party,
    Person,
    Price,
    RedemptionRow,
    Setting,
)
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.store import Rows
from lovepoints.core.values import NEVER, Calendar, Each, item_unit
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command
from lovepoints.desks.passbooks import holder_for, holding_of
from lovepoints.errors import Code, NotFound

Said = Mapping[str, Any]  # Any: the arguments of a verb, already checked
WINDOW = "window"
"""The setting that says whether a switched shop is open, and the subject of its entries."""


@attrs.frozen(kw_only=True)
class Visit:
    """Whose passbook is spent from, under which rulebook, and by whom (`doer`, "" if only the
    household is known) in which part of the household."""

    rulebook: Rulebook
    party: Party
    doer: str = ""
    part: str = ""
    is_alone: bool = False
    is_own: bool = True

    @property
    def holder(self) -> str:
        """The pseudonym of the passbook's holder."""
        return self.party.id


def visit(book: Book, code: str, day: date, actor: Actor | None = None, role: str = "") -> (
        Visit | Refusal):
    """Who stands at the counter: the resident named, or the actor herself without an office."""
    rulebook = book.rulebook_on(day)
    if rulebook is None:
        return Refusal(Code.RULEBOOK_UNKNOWN, {"day": day.isoformat()})
    person = book.person(code, "resident", "household", "team")
    party = book.store.get(Party, holder_for(book, person))
    if party is None:
        raise NotFound("passbook", code)
    doer = person.id if person.kind == "resident" else ""
    is_alone, is_own = bool(actor) and role == SELF, True
    if actor and is_alone:
        doer, is_own = actor.resident, party.id in (actor.resident, actor.household)
    member = book.membership(doer, book.calendar.day_of(book.now()).isoformat()) if doer else None
    part = member.part if member and member.household == party.id else ""
    return Visit(rulebook=rulebook, party=party, doer=doer, part=part, is_alone=is_alone,
                 is_own=is_own)


def unwelcome(visit: Visit, proxy: str, today: date) -> Refusal | None:
    """The refusal of a closed passbook, or of somebody who may not spend from it."""
    if refusal := not_holder(visit.rulebook.redemption, Comer(
            kind=visit.party.kind, part=visit.part, is_alone=visit.is_alone, is_own=visit.is_own,
            has_proxy=bool(proxy))):
        return refusal  # whoever may not spend from it is told nothing of it
    if visit.party.closed < today.isoformat() and visit.rulebook.on_leaving == "lapse":
        return Refusal(Code.ACCOUNT_CLOSED, {"closed": visit.party.closed})
    return None


def counter(
    book: Book, rows: Rows, visit: Visit, wanted: Iterable[str], now: int, at: int,
) -> Counter:
    """Everything that the decision about a basket may look at; NotFound for an unknown item."""
    rulebook, codes = visit.rulebook, tuple(wanted)
    holding = attrs.evolve(
        holding_of(book, rows, rulebook, visit.holder, now),
        calendar=rulebook.calendar(book.calendar.zone))
    items = {code: item_row(rows, code) for code in codes}
    day = book.calendar.day_of(at)
    return Counter(
        rulebook=rulebook, holding=holding, doer=visit.doer, at=at, items=items,
        prices={code: rows.find(Price, "", code) for code in codes},
        shelf={code: shelf_lots(rows, code) for code in codes},
        history=_history(rows, visit, items.values(), holding.calendar, day),
        is_open=_is_open(book, at, now), attributes=_attributes(rows, visit, day.isoformat()),
    )


def item_row(rows: Rows, code: str) -> Item:
    """The item with this code; NotFound if the shop has none."""
    found = rows.get(Item, code)
    if found is None:
        raise NotFound("item", code)
    return found


def shelf_lots(rows: Rows, item: str) -> list[Lot]:
    """The open lots of an item, soonest best-before first."""
    return rows.find(Lot, "spendable", SHELF, item_unit(item), 1)


def _history(
    rows: Rows, visit: Visit, items: Iterable[Item], calendar: Calendar, day: date,
) -> list[RedemptionRow]:
    """What this holder fetched in the periods that any limit looks at; where one counts by
    resident, also what she fetched from other passbooks."""
    often = visit.rulebook.redemption.often
    periods: list[Each] = [one.each for one in often]
    periods += [item.details["limit"]["each"] for item in items if "limit" in item.details]
    if not periods:
        return []
    since = min(calendar.period(day, each).first for each in periods).isoformat()
    holders = {visit.holder: None}
    if visit.doer and any(one.per == "resident" for one in often):
        holders |= {visit.doer: None}
        holders |= {row.household: None for row in rows.find(Membership, "", visit.doer)
                    if row.household}
    return [row for holder in holders
            for row in rows.find(RedemptionRow, "by_holder", holder, low=since)]


def _is_open(book: Book, at: int, now: int) -> bool:
    """Whether staff had the window open; for a moment that is past, by the entries until then."""
    if at == now:
        found = book.store.get(Setting, WINDOW)
        return bool(found and found.value["is_open"])
    for row in book.store.find(EntryRow, "by_subject", WINDOW, reverse=True):
        entry = book.entry(row.seq)
        if entry.at <= at:
            return entry.kind == "open_window"
    return False


def _attributes(rows: Rows, visit: Visit, day: str) -> dict[str, Value]:
    """The holder's attributes on a day, and those of whoever came."""
    found: dict[str, Value] = {}
    for party in dict.fromkeys((visit.holder, visit.doer)):
        if party and (known := rows.get(Party, party)):
            found |= attributes_on(known, day)
    return found


# reading ahead of what is due


def fold(book: Book, rows: Overlay, holders: Iterable[str], now: int, seq: int) -> int:
    """Project what is due to holders by `now`, numbered after `seq`; the last number used."""
    terms = book.terms(rows)
    for holder in holders:
        while draft := next_due(rows, holder, now, terms, book.calendar, seq + 1):
            seq += 1
            rehearse(draft, seq, now, rows)
    return seq


def scratch(book: Book, now: int) -> tuple[Overlay, int]:
    """The rows as they are once lapsed reservations have gone back, and the last number used."""
    rows = book.overlay()
    return rows, fold(book, rows, lapsed_holders(rows, now), now, book.head()[0])


def lapsed_holders(rows: Rows, now: int) -> list[str]:
    """Whose reservations are over by now and not yet written back."""
    found = rows.find(RedemptionRow, "by_state", "held", high=now)
    return list(dict.fromkeys(row.holder for row in found))


def settle_lapsed(command: Command) -> None:
    """Write the lapses of everybody's reservations, so that their goods are free as of now."""
    for holder in lapsed_holders(command.book.store, command.now):
        command.settle(holder)


# drafting


def redeem(command: Command, said: Said) -> Draft | Refusal:
    """Hold and collect in one entry: points and goods together."""
    return _drafted(command, said, "redeem")


def hold(command: Command, said: Said) -> Draft | Refusal:
    """Points and goods set aside until the last day to collect."""
    return _drafted(command, said, "hold")


def _drafted(command: Command, said: Said, kind: str) -> Draft | Refusal:
    book = command.book
    seen = visit(book, said["holder"], command.day, command.actor, command.role)
    if isinstance(seen, Refusal):
        return seen
    if refusal := unwelcome(seen, said.get("proxy", ""), command.today):
        return refusal
    lapses_at = NEVER if kind == "redeem" else _lapses_at(command, seen.rulebook)
    if lapses_at <= command.now:
        return Refusal(Code.HOLD_ALREADY_LAPSED, {})
    settle_lapsed(command)
    command.settle(seen.holder)
    settlement = settle(said["basket"], counter(
        book, book.store, seen, said["basket"], command.now, command.at), said.get("quote"))
    if isinstance(settlement, Refusal):
        return settlement
    row = _new_row(command, seen, settlement, lapses_at, said.get("proxy", ""))
    postings = settlement.redeemed() if kind == "redeem" else settlement.reserved()
    return _draft(command, kind, row, postings, seen.rulebook)


def _lapses_at(command: Command, rulebook: Rulebook) -> int:
    last = rulebook.redemption.collect_within.after(command.day)
    return command.book.calendar.end_of(last)


def _new_row(
    command: Command, seen: Visit, settlement: Settlement, lapses_at: int, proxy: str,
) -> RedemptionRow:
    is_handed, id_ = lapses_at == NEVER, f"x-{command.next_seq}"
    details = {**settlement.details(handed=is_handed), "rulebook": seen.rulebook.digest}
    if proxy:
        details["proxy"] = _about(command, id_, proxy)
    return RedemptionRow(
        id=id_, holder=seen.holder, doer=seen.doer, day=command.day.isoformat(),
        state="collected" if is_handed else "held", lapses_at=lapses_at, seq=command.next_seq,
        details=details)


def _about(command: Command, subject: str, proxy: str) -> str:
    """Under which id a proxy is found: a pseudonym, or a sealed name. Never the name itself."""
    known = command.book.store.find(Person, "by_code", proxy, limit=1)
    if known:
        return known[0].id
    command.seal(subject, {"proxy": proxy})
    return subject


def collect(command: Command, said: Said) -> Draft | Refusal:
    """Hand over a reservation, or a part of it; the rest goes back."""
    row = _row(command, said["redemption"])
    if isinstance(row, Refusal):
        return row
    rulebook, proxy = command.book.rulebook(row.details["rulebook"]), said["proxy"]
    if proxy and rulebook.redemption.proxy == "none":
        return Refusal(Code.NOT_HOLDER, {"reason": "proxy"})
    moved = returning.collect(row, _lots(command, row), command.now, said["part"])
    if isinstance(moved, Refusal):
        return moved
    details = dict(moved.details)
    if proxy:
        details["proxy"] = _about(command, f"{row.id}#{command.next_seq}", proxy)
    if said.get("with_code"):
        details["with_code"] = True
    return _moved(command, "collect", row, attrs.evolve(moved, details=details), rulebook)


def release(command: Command, said: Said) -> Draft | Refusal:
    """Let a reservation go, on the terms under which it was made."""
    row = _row(command, said["redemption"])
    if isinstance(row, Refusal):
        return row
    if command.role == SELF and row.holder not in (command.actor.resident,
                                                   command.actor.household):
        return Refusal(Code.NOT_HOLDER, {"reason": "passbook"})
    rulebook = command.book.rulebook(row.details["rulebook"])
    moved = returning.release(row, rulebook.redemption)
    if isinstance(moved, Refusal):
        return moved
    return _moved(command, "release", row, moved, rulebook)


def return_(command: Command, said: Said) -> Draft | Refusal:
    """Take goods back and give their points back, on the terms of the redemption."""
    row = _row(command, said["redemption"])
    if isinstance(row, Refusal):
        return row
    rulebook = command.book.rulebook(row.details["rulebook"])
    moved = returning.return_(
        row, _lots(command, row), command.now, command.book.calendar, terms=rulebook.redemption,
        part=said["part"], restock=said["restock"])
    if isinstance(moved, Refusal):
        return moved
    command.seal(f"{row.id}#{command.next_seq}", {"reason": said["reason"]})
    return _moved(command, "return", row, moved, rulebook)


def _row(command: Command, redemption: str) -> RedemptionRow | Refusal:
    """The redemption as it stands once what is due to its holder is written."""
    row = command.book.store.get(RedemptionRow, redemption)
    if row is None:
        return Refusal(Code.HOLD_UNKNOWN, {"hold": redemption})
    command.settle(row.holder)
    return command.book.store.get(RedemptionRow, redemption) or row


def _lots(command: Command, row: RedemptionRow) -> dict[int, Lot]:
    """The lots of points and goods that a redemption names."""
    ids = {lot for _, lot, _ in row.details["points"]}
    ids |= {lot for line in row.details["lines"] for lot, _ in line["lots"]}
    found = (command.book.store.get(Lot, lot) for lot in sorted(ids))
    return {lot.id: lot for lot in found if lot}


def _moved(
    command: Command, kind: str, row: RedemptionRow, moved: returning.Moved, rulebook: Rulebook,
) -> Draft:
    row = attrs.evolve(row, state=moved.state, details=moved.details)
    return _draft(command, kind, row, moved.postings, rulebook)


def _draft(
    command: Command, kind: str, row: RedemptionRow, postings: tuple[Posting, ...],
    rulebook: Rulebook,
) -> Draft:
    # The whole row but its place, so that what the verb returns is said by the entry alone.
    columns = attrs.asdict(row, filter=lambda field, _: field.name != "seq", recurse=False)
    return Draft(
        kind=kind, subject=row.id, at=command.at, day=command.day.isoformat(),
        rulebook=rulebook.digest, details={"rows": {"redemption": [columns]}},
        postings=postings)
