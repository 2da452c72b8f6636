"""How much a passbook can spend now, why not more, and from which lots a sum is paid.

The balance is not what can be spent: unspendable base points, holds, notices, objections, debts,
bars, a threshold and the pairing of two kinds stand between. `spendable` says how much and why;
`pay` draws exactly that: a sum can be paid if and only if `pay` finds its lots.

A *plain* sum has no kind: it may be paid in any of `Redemption.kinds`. Those kinds, and two that
are paired, have the same number of decimals (the linter sees to it). With a pairing the pair pays
first, then the other kinds as listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import attrs

from lovepoints.core.passbooks.passbook import allocate, figure, is_live, order, shown
from lovepoints.core.rows import FOR_EVER, Bar, Lot
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.terms import Kind, Pairing
from lovepoints.core.values import Calendar, point_unit, to_minor

Reason: TypeAlias = "tuple[str, Mapping[str, Any]]"  # Any: canonical JSON values
"""A code of `lovepoints.words.refusals.WHY_NOT_MORE` and its facts."""
Run: TypeAlias = "tuple[str, int]"
"""(unit, amount): a stretch of one kind inside a payment."""


@attrs.frozen(kw_only=True)
class Holding:
    """What a passbook has at a moment: open lots and debt by unit, and the bars on its holder."""

    holder: str
    lots: Mapping[str, Sequence[Lot]]
    owed: Mapping[str, int] = attrs.field(factory=dict)
    bars: Sequence[Bar] = ()
    now: int
    calendar: Calendar

    @property
    def day(self) -> date:
        """The local day of the moment."""
        return self.calendar.day_of(self.now)


@attrs.frozen(kw_only=True)
class Purse:
    """One kind in a passbook, in smallest parts.

    `shown` is the balance (free + held - owed). Of it `live` is free and usable, `pending` waits
    for its day (the first comes at `pending_at`; 0: none), `frozen` waits for an objection.
    `own` could be spent if this kind stood alone, `spendable` as it stands.
    """

    unit: str
    shown: int
    live: int
    pending: int
    pending_at: int
    frozen: int
    held: int
    owed: int
    own: int
    spendable: int


@attrs.frozen(kw_only=True)
class Spendable:
    """What can be spent now: by kind, the largest plain sum, and why not more."""

    purses: tuple[Purse, ...]
    total: int
    why: tuple[Reason, ...]

    def purse(self, unit: str) -> Purse:
        """The purse of a unit; KeyError if the rulebook has no such kind."""
        for purse in self.purses:
            if purse.unit == unit:
                return purse
        raise KeyError(unit)


@attrs.frozen(kw_only=True)
class Block:
    """A stretch of a plain payment: runs in the order taken, or (`by`) a pair that is kept in
    proportion whenever a part of it is given back."""

    runs: tuple[Run, ...]
    by: str = ""

    @property
    def size(self) -> int:
        """How much the block pays."""
        return sum(amount for _, amount in self.runs)

    def to_json(self) -> list[Any]:  # Any: canonical JSON
        """The block as it stands in an entry."""
        return [self.by, [[unit, amount] for unit, amount in self.runs]]

    @classmethod
    def from_json(cls, out: Sequence[Any]) -> Block:  # Any: canonical JSON
        """The block that `to_json` wrote."""
        return cls(by=out[0], runs=tuple((unit, amount) for unit, amount in out[1]))


@attrs.frozen(kw_only=True)
class Payment:
    """Which lots pay: (unit, lot, amount) in the order taken, and how the plain sum was split."""

    points: tuple[tuple[str, int, int], ...] = ()
    plain: tuple[Block, ...] = ()

    @property
    def totals(self) -> dict[str, int]:
        """What is paid of each unit."""
        totals: dict[str, int] = {}
        for unit, _, amount in self.points:
            totals[unit] = totals.get(unit, 0) + amount
        return totals


def barred_until(bars: Sequence[Bar], what: str, day: date) -> str:
    """The last day (ISO) of the longest bar of `what` that holds on `day`; "" if none does."""
    text = day.isoformat()
    return max((bar.until for bar in bars if bar.what == what and bar.since <= text <= bar.until),
               default="")


def bar_facts(what: str, until: str) -> dict[str, str]:
    """The facts of a bar: its last day is left out while it has none."""
    return {"what": what} if until == FOR_EVER else {"what": what, "until": until}


def plain_kinds(rulebook: Rulebook) -> tuple[str, ...]:
    """The units that may pay a price without a kind, in order."""
    kinds = rulebook.redemption.kinds or (rulebook.main_kind.code,)
    return tuple(point_unit(kind) for kind in kinds)


def spendable(rulebook: Rulebook, holding: Holding) -> Spendable:
    """What a passbook can spend now, and everything that keeps back more."""
    own = _own(rulebook, holding)
    total = _most(rulebook, own)
    pairing = rulebook.redemption.pairing
    usable = dict(own)
    if pairing:
        unlocked = own.get(point_unit(pairing.by), 0) * pairing.ratio
        unit = point_unit(pairing.unlocks)
        usable[unit] = min(own.get(unit, 0), unlocked)
    purses = tuple(_purse(kind, holding, own, usable) for kind in rulebook.kinds)
    return Spendable(purses=purses, total=total,
                     why=tuple(_reasons(rulebook, holding, purses)))


def pay(
    rulebook: Rulebook, holding: Holding, demands: Mapping[str, int], plain: int = 0,
) -> Payment | None:
    """The lots that pay `demands` (by unit) and a plain sum now; None if they cannot."""
    own = _own(rulebook, holding)
    if any(amount > own.get(unit, 0) for unit, amount in demands.items()):
        return None
    blocks = _split(rulebook, holding, own, demands, plain)
    if blocks is None:
        return None
    totals = dict(demands)
    for block in blocks:
        for unit, amount in block.runs:
            totals[unit] = totals.get(unit, 0) + amount
    points: list[tuple[str, int, int]] = []
    for unit, amount in totals.items():
        shares = allocate(holding.lots.get(unit, ()), amount, holding.now)
        assert not isinstance(shares, int), "what may be spent is what the live lots have"
        points += [(unit, lot, taken) for lot, taken in shares]
    return Payment(points=tuple(points), plain=blocks)


def earliest(
    rulebook: Rulebook, holding: Holding, demands: Mapping[str, int], plain: int = 0,
) -> str:
    """The first day (ISO) on which points that are waiting now would make it possible; "" if
    waiting does not help."""
    moments = sorted({lot.available_at for lots in holding.lots.values() for lot in lots
                      if lot.free and not lot.frozen and lot.available_at > holding.now})
    for moment in moments:
        if pay(rulebook, attrs.evolve(holding, now=moment), demands, plain) is not None:
            return holding.calendar.day_of(moment).isoformat()
    return ""


# what each kind could spend


def _own(rulebook: Rulebook, holding: Holding) -> dict[str, int]:
    """What each kind could spend if it stood alone."""
    if barred_until(holding.bars, "redeem", holding.day) or _below_threshold(rulebook, holding):
        return {point_unit(kind.code): 0 for kind in rulebook.kinds}
    return {
        point_unit(kind.code): available(kind, holding) if kind.spendable else 0
        for kind in rulebook.kinds
    }


def available(kind: Kind, holding: Holding) -> int:
    """What is live of a kind, less debt and less what its base keeps back."""
    unit = point_unit(kind.code)
    live = _live(holding.lots.get(unit, ()), holding.now)
    # Held and waiting points do not stand in for the base: they may still go, or never come.
    kept = to_minor(kind.spendable_above, kind.decimals) + holding.owed.get(unit, 0)
    return max(0, live - kept)


def _live(lots: Sequence[Lot], now: int) -> int:
    """What is free in them and may be spent now."""
    return sum([lot.free for lot in lots if is_live(lot, now)])


def _below_threshold(rulebook: Rulebook, holding: Holding) -> bool:
    kind = rulebook.kind((rulebook.redemption.kinds or (rulebook.main_kind.code,))[0])
    threshold = to_minor(rulebook.redemption.threshold, kind.decimals)
    return threshold > 0 and _shown(kind, holding) < threshold


def _shown(kind: Kind, holding: Holding) -> int:
    unit = point_unit(kind.code)
    return shown(holding.lots.get(unit, ()), holding.owed.get(unit, 0), holding.now)


def _purse(
    kind: Kind, holding: Holding, own: Mapping[str, int], usable: Mapping[str, int],
) -> Purse:
    unit, now = point_unit(kind.code), holding.now
    lots = [lot for lot in holding.lots.get(unit, ()) if now < lot.ends_at]
    waiting = [lot for lot in lots if lot.free and not lot.frozen and lot.available_at > now]
    return Purse(
        unit=unit, shown=_shown(kind, holding),
        live=_live(lots, now), pending=sum([lot.free for lot in waiting]),
        pending_at=min([lot.available_at for lot in waiting], default=0),
        frozen=sum([lot.free for lot in lots if lot.frozen]),
        held=sum([lot.held for lot in holding.lots.get(unit, ())]),
        owed=holding.owed.get(unit, 0), own=own[unit], spendable=usable[unit],
    )


# splitting a plain sum


def _most(rulebook: Rulebook, own: Mapping[str, int]) -> int:
    """The largest plain sum."""
    kinds, pair, total = plain_kinds(rulebook), rulebook.redemption.pairing, 0
    paired = _pair_units(pair)
    if pair:
        by, unlocks = (own.get(unit, 0) if unit in kinds else 0 for unit in paired)
        total = by + min(unlocks, by * pair.ratio)
    return total + sum(own.get(unit, 0) for unit in kinds if unit not in paired)


def _pair_units(pairing: Pairing | None) -> tuple[str, ...]:
    return (point_unit(pairing.by), point_unit(pairing.unlocks)) if pairing else ()


def _split(
    rulebook: Rulebook, holding: Holding, own: Mapping[str, int], demands: Mapping[str, int],
    plain: int,
) -> tuple[Block, ...] | None:
    """How a plain sum is taken from the kinds beside the demands; None if it cannot be."""
    kinds, pairing = plain_kinds(rulebook), rulebook.redemption.pairing
    room = {unit: own.get(unit, 0) - demands.get(unit, 0) for unit in kinds}
    blocks: list[Block] = []
    if pairing:
        paired = _pair(pairing, room, demands, plain)
        if paired is None:
            return None
        blocks.append(paired)
        room = {unit: left for unit, left in room.items() if unit not in _pair_units(pairing)}
    rest = plain - sum(block.size for block in blocks)
    if rest > sum(room.values()):
        return None
    mode = "listed" if pairing else rulebook.redemption.order
    blocks.append(Block(runs=tuple(_runs(mode, rest, room, holding))))
    return tuple(block for block in blocks if block.runs)


def _pair(
    pairing: Pairing, room: Mapping[str, int], demands: Mapping[str, int], plain: int,
) -> Block | None:
    """As much of a plain sum as the pair can pay, with as few of `by` as possible.

    With b of `by` and u of `unlocks` already asked for by name, the whole redemption must keep
    u + its share <= ratio * (b + its share). None if it cannot, however the sum is split.
    """
    by, unlocks = _pair_units(pairing)
    bridge = demands.get(unlocks, 0) - pairing.ratio * demands.get(by, 0)
    most_by, most_unlocks = room.get(by, 0), room.get(unlocks, 0)
    unlocked = pairing.ratio * most_by - bridge
    if unlocked < 0:
        return None
    amount = min(plain, most_by + min(most_unlocks, unlocked))
    few = max(0, amount - most_unlocks, -(-(amount + bridge) // (pairing.ratio + 1)))
    if few > amount:
        return None
    runs = ((by, few), (unlocks, amount - few))
    return Block(runs=tuple(run for run in runs if run[1]), by=by)


def _runs(mode: str, amount: int, room: Mapping[str, int], holding: Holding) -> Iterator[Run]:
    if mode == "proportion":
        whole = sum(room.values())
        parts = {unit: amount * left // whole if whole else 0 for unit, left in room.items()}
        for unit, left in room.items():
            more = min(left - parts[unit], amount - sum(parts.values()))
            parts[unit] += more
        yield from ((unit, part) for unit, part in parts.items() if part)
    elif mode == "soonest":
        yield from _soonest(amount, room, holding)
    else:
        for unit, left in room.items():
            if part := min(left, amount):
                amount -= part
                yield unit, part


def _soonest(amount: int, room: Mapping[str, int], holding: Holding) -> Iterator[Run]:
    """Walk the live lots of all kinds by their end, as far as each kind has room."""
    left = dict(room)
    lots = [lot for unit in room for lot in holding.lots.get(unit, ())
            if is_live(lot, holding.now)]
    last = ("", 0)
    for lot in order(lots):
        part = min(lot.free, left[lot.unit], amount)
        left[lot.unit] -= part
        amount -= part
        if lot.unit == last[0]:
            last = (lot.unit, last[1] + part)
        elif part:
            if last[1]:
                yield last
            last = (lot.unit, part)
    if last[1]:
        yield last


# why not more


def _reasons(
    rulebook: Rulebook, holding: Holding, purses: Sequence[Purse],
) -> Iterator[Reason]:
    if until := barred_until(holding.bars, "redeem", holding.day):
        yield "barred", bar_facts("redeem", until)
    if _below_threshold(rulebook, holding):
        kind = rulebook.kind((rulebook.redemption.kinds or (rulebook.main_kind.code,))[0])
        yield "threshold", {
            "kind": kind.title, "needed": figure(to_minor(rulebook.redemption.threshold,
                                                          kind.decimals), kind.decimals),
            "present": figure(_shown(kind, holding), kind.decimals),
        }
    for kind, purse in zip(rulebook.kinds, purses, strict=True):
        yield from _kept_back(kind, purse, holding)
        pairing = rulebook.redemption.pairing
        if pairing and kind.code == pairing.unlocks and purse.own > purse.spendable:
            locked = purse.own - purse.spendable
            yield "pairing", {
                "kind": kind.title, "points": figure(locked, kind.decimals),
                "by": rulebook.kind(pairing.by).title, "ratio": pairing.ratio,
                "needed": figure(-(-locked // pairing.ratio), kind.decimals),
            }


def _kept_back(kind: Kind, purse: Purse, holding: Holding) -> Iterator[Reason]:
    """What keeps points of one kind back, each with how many."""
    if not kind.spendable:
        if purse.shown > 0:
            yield "not_spendable", {"kind": kind.title,
                                    "points": figure(purse.shown, kind.decimals)}
        return
    base = min(to_minor(kind.spendable_above, kind.decimals), purse.live)
    for code, amount, more in (
        ("base", base, {}),
        ("pending", purse.pending,
         {"next_on": holding.calendar.day_of(purse.pending_at).isoformat()}),
        ("frozen", purse.frozen, {}), ("held", purse.held, {}), ("owed", purse.owed, {}),
    ):
        if amount > 0:
            yield code, {"kind": kind.title, "points": figure(amount, kind.decimals), **more}
