"""Passbooks as lots: which may be spent, what is drawn on, and what the calendar takes or gives.

Everything here is pure over rows handed in and returns postings. A lot's `account` is the base
account (`passbook/<holder>` or `shelf`); a posting between it and `<base>/held` moves points of
the named lot between free and held. What is checked and what is drawn on are one set: `allocate`
looks at exactly the lots that it then names. Amounts are smallest parts throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

import attrs

from lovepoints.core.deeds import Part, Refusal
from lovepoints.core.journal import Draft, Opens, Posting
from lovepoints.core.rows import Lot
from lovepoints.core.terms import Clearing, Debit, Kind
from lovepoints.core.values import Calendar, show, to_minor
from lovepoints.errors import Code

ISSUED = "issued"
REDEEMED = "redeemed"
EXPIRED = "expired"
DEDUCTED = "deducted"
OUTSIDE = (ISSUED, REDEEMED, EXPIRED, DEDUCTED)
"""Where points come from and go to; all else of them is in passbooks."""
SUPPLIER = "supplier"
SHELF = "shelf"
GIVEN = "given"
LOST = "lost"

Share: TypeAlias = "tuple[int, int]"
"""(lot id, amount): what one lot gives."""


def passbook(holder: str) -> str:
    """The account of what a holder has free."""
    return f"passbook/{holder}"


def held(account: str) -> str:
    """The account of what is set aside from a passbook or from the shelf."""
    return f"{account}/held"


def owed(holder: str) -> str:
    """The account of what a holder owes; its balance is never above zero."""
    return f"passbook/{holder}/owed"


def holder_of(account: str) -> str:
    """The holder of a passbook account, "" for any other account.

    >>> holder_of("passbook/r-8k/held"), holder_of("shelf")
    ('r-8k', '')
    """
    first, _, rest = account.partition("/")
    return rest.partition("/")[0] if first == "passbook" else ""


def limit_sign(account: str) -> Literal[-1, 1]:
    """On which side of zero an account stays: -1 never above, 1 never below.

    >>> limit_sign("issued"), limit_sign("passbook/r-8k/owed"), limit_sign("shelf/held")
    (-1, -1, 1)
    """
    return -1 if account in (ISSUED, SUPPLIER) or account.endswith("/owed") else 1


# which lots


def is_live(lot: Lot, now: int) -> bool:
    """Whether what is free in the lot may be spent or handed out at this moment."""
    return not lot.frozen and lot.available_at <= now < lot.ends_at


def order(lots: Iterable[Lot]) -> list[Lot]:
    """Lots in the order in which they are drawn on: soonest end first, what never ends last, then
    the oldest."""
    # An id is seq * 4096 + line, so that a lower id is an older lot.
    return sorted(lots, key=lambda lot: (lot.ends_at, lot.id))


def shown(lots: Iterable[Lot], owes: int, now: int) -> int:
    """What a passbook shows: free + held - owed, without what has ended and is not held."""
    return sum([lot.held + (lot.free if now < lot.ends_at else 0) for lot in lots]) - owes


def allocate(lots: Iterable[Lot], amount: int, now: int) -> tuple[Share, ...] | int:
    """Which live lots give `amount`, in order; or how much is missing, as a number.

    >>> lots = [Lot(id=1, account="shelf", unit="item:rice", granted=5, free=2, ends_at=9),
    ...         Lot(id=2, account="shelf", unit="item:rice", granted=5, free=5, ends_at=7)]
    >>> allocate(lots, 6, now=0), allocate(lots, 8, now=0), allocate(lots, 3, now=7)
    (((2, 5), (1, 1)), 1, 1)
    """
    return _shares([lot for lot in order(lots) if is_live(lot, now)], amount)


def _shares(lots: Iterable[Lot], amount: int) -> tuple[Share, ...] | int:
    """What lots in this very order give; or how much is missing."""
    shares = tuple(_up_to(lots, amount))
    missing = amount - sum(taken for _, taken in shares)
    return missing if missing else shares


def _up_to(lots: Iterable[Lot], amount: int) -> Iterator[Share]:
    for lot in lots:
        taken = min(lot.free, amount)
        if taken > 0:
            yield lot.id, taken
            amount -= taken


def next_expiry(lots: Iterable[Lot], now: int) -> tuple[int, int] | None:
    """The instant at which free points end next, and how many do then; None if none ever do."""
    open_lots = [lot for lot in lots if lot.free and now < lot.ends_at]
    ends = min((lot.ends_at for lot in open_lots), default=None)
    if ends is None or ends == Opens().ends_at:
        return None
    return ends, sum(lot.free for lot in open_lots if lot.ends_at == ends)


# credits


def credit(holder: str, part: Part) -> tuple[Posting, ...]:
    """The posting of an award's part, opening its lot; nothing for a part worth nothing."""
    if part.points <= 0:
        return ()
    opens = Opens(part.available_at, part.ends_at)
    return (Posting(ISSUED, passbook(holder), part.unit, part.points, opens=opens),)


def ceiling_room(kind: Kind, balance: int) -> int | None:
    """How much more a passbook that shows `balance` may hold of a kind; None without a ceiling."""
    if kind.ceiling is None:
        return None
    return max(0, to_minor(kind.ceiling.points, kind.decimals) - balance)


def base_grant(kind: Kind, holder: str, unit: str, balance: int, *, opening: bool) -> tuple[
        Posting, ...]:
    """What the kind's base gives a passbook that shows `balance`: when it opens, or as a year
    begins (`opening=False`): the grant on top, or what is missing up to it."""
    if kind.base is None or (not opening and kind.base.each == "once"):
        return ()
    grant = to_minor(kind.base.points, kind.decimals)
    if not opening and kind.base.renew == "restore":
        grant -= balance
    return credit(holder, Part(unit=unit, points=grant))


# deductions and debt


@attrs.frozen(kw_only=True)
class Taken:
    """What a deduction or debit takes: `owed` of it as debt; `missing` is only recorded."""

    postings: tuple[Posting, ...] = ()
    owed: int = 0
    missing: int = 0


def deduct(
    holder: str, unit: str, amount: int, floor: Literal["zero", "debt", "refuse"],
    lots: Iterable[Lot], now: int, decimals: int = 0,
) -> Taken | Refusal:
    """Take `amount` by rule, from what can be spent first and then from what waits for its day.

    Held and frozen points stay. What is not there is `missing` (floor zero), owed (debt), or
    the whole deduction is refused (`insufficient_points`).
    """
    lots = order(lot for lot in lots if now < lot.ends_at and not lot.frozen)
    lots.sort(key=lambda lot: not is_live(lot, now))
    shares = tuple(_up_to(lots, amount))
    rest = amount - sum(taken for _, taken in shares)
    if rest and floor == "refuse":
        return Refusal(Code.INSUFFICIENT_POINTS, {
            "needed": figure(amount, decimals), "present": figure(amount - rest, decimals),
            "missing": figure(rest, decimals),
        })
    postings = _each(passbook(holder), DEDUCTED, unit, shares)
    if not rest or floor == "zero":
        return Taken(postings=postings, missing=rest)
    return Taken(postings=(*postings, Posting(owed(holder), DEDUCTED, unit, rest)), owed=rest)


def settle_debt(
    holder: str, unit: str, lots: Iterable[Lot], owes: int, now: int,
) -> tuple[Posting, ...]:
    """Pay as much as possible of what is owed from live lots, soonest end first."""
    live = [lot for lot in order(lots) if is_live(lot, now)]
    return _each(passbook(holder), owed(holder), unit, _up_to(live, owes))


def compulsory(
    debit: Debit, holder: str, unit: str, decimals: int, lots: Iterable[Lot], now: int,
) -> Taken:
    """A debit on its day, from live lots: all of it, or what there is, or nothing if short."""
    amount = to_minor(debit.points, decimals)
    live = [lot for lot in order(lots) if is_live(lot, now)]
    shares = tuple(_up_to(live, amount))
    missing = amount - sum(taken for _, taken in shares)
    if missing and debit.short == "nothing":
        return Taken(missing=amount)
    return Taken(postings=_each(passbook(holder), DEDUCTED, unit, shares),
                 missing=missing)


def _each(source: str, target: str, unit: str, shares: Iterable[Share]) -> tuple[Posting, ...]:
    return tuple(Posting(source, target, unit, amount, lot) for lot, amount in shares)


# taking back


def take_back(
    posted: Iterable[tuple[int, Posting]], lots: Mapping[int, Lot], now: int, *,
    owes: Mapping[tuple[str, str], int] | None = None, paid: Sequence[Posting] = (),
    lapsed: Mapping[int, int] | None = None,
) -> tuple[Posting, ...]:
    """Exchange exactly what an entry posted, lot by lot, the last posting first.

    `posted` is (posting id, posting); `lots` are those that it names or opened. Of a lot that
    was opened, what is still free goes back; what expired in it (`lapsed` by lot id) comes out
    of `expired`, for it was never used; the rest stands as a debt (its source ends in "/owed").
    A deduction returns to the lots it came from. Debt that it made is struck out as far as it is
    still owed (`owes` by account and unit; left out: all of it); what was `paid` of it meanwhile
    (the settling postings, oldest first) returns to the lots that paid, the newest first.
    """
    left = {lot.id: lot.free for lot in lots.values()}
    gone, debts, payments = dict(lapsed or {}), dict(owes or {}), list(paid)
    out: list[Posting] = []
    for number, posting in reversed(tuple(posted)):
        base = lots[posting.lot].account if posting.lot in lots else ""
        if posting.opens or (posting.lot and posting.target == base):
            out += _draw_back(posting, number if posting.opens else posting.lot, left, gone)
        elif posting.lot or not posting.source.endswith("/owed"):
            if posting.source == base:
                left[posting.lot] += posting.amount
            out.append(Posting(posting.target, posting.source, posting.unit, posting.amount,
                               posting.lot))
        else:
            key = (posting.source, posting.unit)
            owing = posting.amount if owes is None else min(posting.amount, debts.get(key, 0))
            debts[key] = debts.get(key, 0) - owing
            out += _strike_out(posting, owing, payments, now)
    return tuple(out)


def _draw_back(
    posting: Posting, lot: int, left: dict[int, int], gone: dict[int, int],
) -> Iterator[Posting]:
    """Take an amount out of the lot it went into; what is no longer there becomes a debt."""
    # A passbook on the other side (a transfer) gets a lot with the dates that were given away.
    opens = posting.opens if holder_of(posting.source) else None
    rest = posting.amount
    for source, most in ((posting.target, left), (EXPIRED, gone)):
        if taken := min(rest, most.get(lot, 0)):
            most[lot] -= taken
            rest -= taken
            yield Posting(source, posting.source, posting.unit, taken, lot, opens)
    if rest:
        holder = holder_of(posting.target)
        if not holder:
            raise ValueError(f"{posting.target} cannot owe what is gone from lot {lot}")
        yield Posting(owed(holder), posting.source, posting.unit, rest, 0, opens)


def _strike_out(
    posting: Posting, owing: int, payments: list[Posting], now: int,
) -> Iterator[Posting]:
    """Undo a debt: `owing` of it is still open, the rest was paid. The payments are exchanged, the
    newest first, so that all of it is owed again; then it is struck out."""
    account, rest = passbook(holder_of(posting.source)), posting.amount - owing
    for lot, amount in given_back(payments, posting.source, posting.unit, rest):
        rest -= amount
        yield Posting(posting.source, account, posting.unit, amount, lot)
    if struck := posting.amount - rest:
        yield Posting(posting.target, posting.source, posting.unit, struck)
    if rest:
        yield Posting(posting.target, account, posting.unit, rest, 0, Opens(now))


def given_back(
    payments: list[Posting], account: str, unit: str, amount: int, lot: int = 0,
) -> tuple[Share, ...]:
    """Take so much out of what was paid of a debt, the newest first; which lots had paid it.
    With `lot` only what that one paid."""
    shares = []
    for place, payment in reversed(tuple(enumerate(payments))):
        if (payment.target, payment.unit) != (account, unit) or lot not in (0, payment.lot):
            continue
        if taken := min(amount, payment.amount):
            amount -= taken
            shares.append((payment.lot, taken))
            payments[place:place + 1] = [attrs.evolve(payment, amount=payment.amount - taken)
                                         ] if payment.amount > taken else []
    return tuple(shares)


def not_reversible(gone: Iterable[Posting]) -> Refusal:
    """The refusal to take back what is already spent (`overturned = "refuse"`): the debts that
    taking back would have made."""
    missing: dict[str, int] = {}
    for posting in gone:
        missing[posting.unit] = missing.get(posting.unit, 0) + posting.amount
    return Refusal(Code.NOT_REVERSIBLE, {"reason": "spent", "missing": missing})


# ends


def expire(
    lots: Iterable[Lot], now: int, calendar: Calendar, settled_to: int = 0,
) -> tuple[Draft, ...]:
    """One draft for each passbook lot that has ended and still has something free.

    It happened when the lot ended; for what came back later (a hold let go, a return) it
    happens now: `settled_to` is the instant up to which the passbook was settled before.
    """
    drafts = []
    ended = [lot for lot in lots if lot.ends_at <= now]
    for lot in order(ended):
        if lot.free:
            at = lot.ends_at if lot.ends_at >= settled_to else now
            drafts.append(Draft(
                kind="expire", subject=f"lot-{lot.id}", at=at,
                day=calendar.day_of(at).isoformat(), details={"holder": holder_of(lot.account)},
                postings=(Posting(lot.account, EXPIRED, lot.unit, lot.free, lot.id),),
            ))
    return tuple(drafts)


def clear(
    clearing: Clearing, holder: str, unit: str, decimals: int, lots: Iterable[Lot], moment: int,
    *, year_start: int = 0, earned_at: dict[int, int] | None = None,
) -> tuple[Posting, ...]:
    """What a clearing at `moment` takes: the lots that end soonest go, the others are carried.

    Held and frozen points stay untouched, pending ones unless `pending = "clear"`. With
    `earned_before` only lots earned (`earned_at` by lot id; left out: available) before
    `year_start` are touched. A `carry_share` is of what may be cleared, rounded down.
    """
    earned = earned_at or {}
    touched = [
        lot for lot in order(lots)
        if not lot.frozen and moment < lot.ends_at
        and (lot.available_at <= moment or clearing.pending == "clear")
        and (not clearing.earned_before
             or earned.get(lot.id, lot.available_at) < year_start)
    ]
    total = sum(lot.free for lot in touched)
    return _each(passbook(holder), EXPIRED, unit,
                 _up_to(touched, total - _carried(clearing, total, decimals)))


def _carried(clearing: Clearing, total: int, decimals: int) -> int:
    carried = total * clearing.carry_share // 100
    if clearing.carry_most is None:
        return carried
    most = to_minor(clearing.carry_most, decimals)
    return min(carried if clearing.carry_share else total, most)


def close(holder: str, lots: Iterable[Lot]) -> tuple[Posting, ...]:
    """Let everything free lapse when a holder leaves (`on_leaving = "lapse"`): what waits and
    what is frozen too. Holds are released before."""
    return tuple(
        Posting(passbook(holder), EXPIRED, lot.unit, lot.free, lot.id)
        for lot in order(lots) if lot.free
    )


# figures for people


def figure(amount: int, decimals: int) -> int | str:
    """An amount as facts show it: a whole number, or text where the kind has decimals.

    >>> figure(20, 0), figure(175, 2)
    (20, '1.75')
    """
    if not decimals:
        return amount
    return show(amount, decimals)
