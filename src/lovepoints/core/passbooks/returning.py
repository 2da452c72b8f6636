"""What becomes of a reservation or a hand-over: collected, released, lapsed, returned.

All of it follows from one function of the pieces that stand: the points that pay for them are
the first ones taken of each kind, and the goods are the first ones of each line. A step moves the
difference between what stood before and what stands after, so that a part return gives back the
last points that were taken, each to its own lot, and doing it in two parts or in one is the same.

`RedemptionRow.details`: `lines` (see `Line.to_json`: item, title, quantity, unit_price, cash,
lots, handed, returned), `points` [[unit, lot, amount]] as first taken, `plain` the split of the
plain sum. Only `handed` and `returned` ever change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Opens, Posting
from lovepoints.core.passbooks.baskets import PLAIN, asked_of
from lovepoints.core.passbooks.passbook import EXPIRED, GIVEN, LOST, REDEEMED, SHELF, held, passbook
from lovepoints.core.passbooks.spending import Block
from lovepoints.core.rows import Lot, RedemptionRow
from lovepoints.core.terms import Redemption
from lovepoints.core.values import Calendar, item_unit
from lovepoints.errors import Code

Details: TypeAlias = "Mapping[str, Any]"  # Any: canonical JSON
Move: TypeAlias = "tuple[str, int, int]"
"""(unit, lot, amount)."""
_ALREADY = {
    "collected": Code.HOLD_ALREADY_COLLECTED,
    "released": Code.HOLD_ALREADY_RELEASED,
    "lapsed": Code.HOLD_ALREADY_LAPSED,
}


@attrs.frozen(kw_only=True)
class Moved:
    """What a step writes: postings, and the state and details that the redemption then has."""

    postings: tuple[Posting, ...]
    state: str
    details: Details


def collect(
    row: RedemptionRow, lots: Mapping[int, Lot], now: int, part: Mapping[str, int] | None = None,
) -> Moved | Refusal:
    """Hand over what is reserved, or a part of it; the rest goes back to the very same lots.

    `lots` are the lots of points and goods that the reservation names.
    """
    if row.state != "held" or row.lapses_at <= now:
        return Refusal(_ALREADY.get(row.state, Code.HOLD_ALREADY_LAPSED), {"hold": row.id})
    asked = _pieces(row, "quantity") if part is None else part
    if over := _over(row, asked, _pieces(row, "quantity"), Code.EXCEEDS_HOLD):
        return over
    handed = {line["item"]: asked.get(line["item"], 0) for line in row.details["lines"]}
    if unfit := _unfit(row.details, handed, lots, now):
        return unfit
    account = passbook(row.holder)
    all_pieces = _pieces(row, "quantity")
    postings = (
        *_each(held(account), REDEEMED, paid_for(row.details, handed)),
        *_each(held(SHELF), GIVEN, handed_out(row.details, handed)),
        *_each(held(account), account, _less(paid_for(row.details, all_pieces),
                                             paid_for(row.details, handed))),
        *_each(held(SHELF), SHELF, _less(handed_out(row.details, all_pieces),
                                         handed_out(row.details, handed))),
    )
    return Moved(postings=postings, state="collected",
                 details=_with(row.details, "handed", handed))


def release(row: RedemptionRow, terms: Redemption | None = None) -> Moved | Refusal:
    """Let a reservation go before its time: see `Redemption.gives_back`."""
    if row.state != "held":
        return Refusal(_ALREADY[row.state], {"hold": row.id})
    return _let_go(row, "released", terms)


def lapse(row: RedemptionRow, terms: Redemption | None = None) -> Moved:
    """The time of a reservation is over. The row is one that is held."""
    return _let_go(row, "lapsed", terms)


def return_(
    row: RedemptionRow, lots: Mapping[int, Lot], now: int, calendar: Calendar, *,
    terms: Redemption | None = None, part: Mapping[str, int] | None = None, restock: bool = True,
) -> Moved | Refusal:
    """Take goods back and give their points back, price times pieces, at the price then paid.

    Points return to the lots that they came from, with their dates. A lot that has ended
    meanwhile expires again at once (that is due as soon as the points are in it), unless
    `returned_after_expiry` gives them a new lot, whose posting names the old one. Goods go
    back to their lots, or with `restock=False` are written off.
    """
    if row.state != "collected":
        code = _ALREADY.get(row.state, Code.STATE_NOT_FITTING)
        return Refusal(code, {"what": "return", "state": row.state, "hold": row.id})
    before = {line["item"]: line["handed"] - line["returned"] for line in row.details["lines"]}
    asked = before if part is None else part
    nothing = Refusal(Code.EXCEEDS_REDEMPTION, {"present": 0, "needed": 0})
    if over := _over(row, asked, before, Code.EXCEEDS_REDEMPTION):
        return over
    if not any(asked.values()):
        return nothing
    after = {item: pieces - asked.get(item, 0) for item, pieces in before.items()}
    points = _less(paid_for(row.details, before), paid_for(row.details, after))
    goods = _less(handed_out(row.details, before), handed_out(row.details, after))
    postings = (
        *_given_back(row.holder, points, lots, now, calendar, terms or Redemption()),
        *_each(GIVEN, SHELF if restock else LOST, goods),
    )
    returned = {line["item"]: line["returned"] + asked.get(line["item"], 0)
                for line in row.details["lines"]}
    return Moved(postings=postings, state="collected",
                 details=_with(row.details, "returned", returned))


# what pays for and makes up the pieces that stand


def paid_for(details: Details, pieces: Mapping[str, int]) -> tuple[Move, ...]:
    """The points that pay for so many pieces of each item: of each kind the first ones taken."""
    sums = asked_of((line["unit_price"], pieces.get(line["item"], 0)) for line in details["lines"])
    plain = sums.pop(PLAIN, 0)
    for out in details["plain"]:
        block = Block.from_json(out)
        part = min(plain, block.size)
        plain -= part
        for unit, amount in kept(block, part):
            sums[unit] = sums.get(unit, 0) + amount
    return tuple(_first(details["points"], sums))


def handed_out(details: Details, pieces: Mapping[str, int]) -> tuple[Move, ...]:
    """The goods that make up so many pieces of each item, by lot; services have none."""
    taken = [[item_unit(line["item"]), lot, amount] for line in details["lines"]
             for lot, amount in line["lots"]]
    return tuple(_first(taken, {item_unit(item): count for item, count in pieces.items()}))


def kept(block: Block, amount: int) -> Iterator[tuple[str, int]]:
    """What of a block stays when only `amount` of it is still paid: the first runs; of a pair a
    fair share of `by`, rounded up, so that what is unlocked never outgrows what unlocks it."""
    if not block.by or len(block.runs) < 2:
        for unit, size in block.runs:
            part = min(size, amount)
            amount -= part
            yield unit, part
        return
    (by, few), (unlocks, _) = block.runs
    share = -(-amount * few // block.size)
    yield by, share
    yield unlocks, amount - share


def _first(taken: Any, sums: Mapping[str, int]) -> Iterator[Move]:  # Any: lists of JSON
    left = dict(sums)
    for unit, lot, amount in taken:
        if part := min(amount, left.get(unit, 0)):
            left[unit] -= part
            yield unit, lot, part


def _less(more: tuple[Move, ...], fewer: tuple[Move, ...]) -> tuple[Move, ...]:
    """The difference of two such lists, lot by lot."""
    gone = {(unit, lot): amount for unit, lot, amount in fewer}
    return tuple((unit, lot, amount - gone.get((unit, lot), 0)) for unit, lot, amount in more
                 if amount > gone.get((unit, lot), 0))


# steps


def _let_go(row: RedemptionRow, state: str, terms: Redemption | None) -> Moved:
    gives_back = (terms or Redemption()).gives_back
    account, pieces = passbook(row.holder), _pieces(row, "quantity")
    postings = (
        *_each(held(account), account if "points" in gives_back else EXPIRED,
               paid_for(row.details, pieces)),
        *_each(held(SHELF), SHELF if "stock" in gives_back else LOST,
               handed_out(row.details, pieces)),
    )
    return Moved(postings=postings, state=state, details=row.details)


def _given_back(
    holder: str, points: tuple[Move, ...], lots: Mapping[int, Lot], now: int, calendar: Calendar,
    terms: Redemption,
) -> Iterator[Posting]:
    span = terms.returned_after_expiry
    for unit, lot, amount in points:
        opens = None
        if span and lot in lots and lots[lot].ends_at <= now:
            opens = Opens(now, calendar.end_of(span.after(calendar.day_of(now))))
        yield Posting(REDEEMED, passbook(holder), unit, amount, lot, opens)


def _each(source: str, target: str, moves: tuple[Move, ...]) -> Iterator[Posting]:
    return (Posting(source, target, unit, amount, lot) for unit, lot, amount in moves)


def _pieces(row: RedemptionRow, column: str) -> dict[str, int]:
    return {line["item"]: line[column] for line in row.details["lines"]}


def _over(
    row: RedemptionRow, asked: Mapping[str, int], present: Mapping[str, int], code: Code,
) -> Refusal | None:
    """The first item of which more is asked than there is."""
    titles = {line["item"]: line["title"] for line in row.details["lines"]}
    for item, pieces in asked.items():
        if pieces > present.get(item, 0):
            return Refusal(code, {"hold": row.id, "item": item, "title": titles.get(item, item),
                                  "needed": pieces, "present": present.get(item, 0)})
    return None


def _unfit(
    details: Details, handed: Mapping[str, int], lots: Mapping[int, Lot], now: int,
) -> Refusal | None:
    """Goods that have passed their best-before day, points that an objection has frozen."""
    for line in details["lines"]:
        for _, lot, _ in handed_out({**details, "lines": [line]}, handed):
            if lots[lot].ends_at <= now:
                return Refusal(Code.LOT_EXPIRED, {"item": line["item"], "title": line["title"]})
    if any(lots[lot].frozen for _, lot, _ in paid_for(details, handed)):
        return Refusal(Code.LOT_FROZEN, {})
    return None


def _with(details: Details, column: str, pieces: Mapping[str, int]) -> Details:
    lines = [{**line, column: pieces[line["item"]]} for line in details["lines"]]
    return {**details, "lines": lines}
