"""Giving points on: who may give what to whom, and the postings that keep every last day."""

from __future__ import annotations

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import LINES_MAX, Opens, Posting
from lovepoints.core.passbooks.passbook import ISSUED, allocate, figure, passbook
from lovepoints.core.passbooks.spending import Holding, available, bar_facts, barred_until
from lovepoints.core.rows import Lot
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.terms import Kind
from lovepoints.core.values import point_unit, to_minor
from lovepoints.errors import Code


@attrs.frozen(kw_only=True)
class Gift:
    """What is asked: `amount` smallest parts of `kind` from the holding's holder to `receiver`.

    `is_household`: both belong to one household; `is_pool`: the receiver is the community's pool;
    `given`: what the giver gave of these kinds in the present period before.
    """

    kind: str
    amount: int
    receiver: str
    is_household: bool = False
    is_pool: bool = False
    given: int = 0


def transfer(rulebook: Rulebook, holding: Holding, gift: Gift) -> tuple[Posting, ...] | Refusal:
    """The postings of a gift, each part with the dates of its own lot; or why it may not be.

    Debt and unspendable base points cannot be given. Where gifts become another kind, they leave
    through `issued` and come back as that kind.
    """
    refusal = _not_allowed(rulebook, holding, gift)
    if refusal:
        return refusal
    kind, unit = rulebook.kind(gift.kind), point_unit(gift.kind)
    lots = holding.lots.get(unit, ())
    present = available(kind, holding)
    shares = allocate(lots, gift.amount, holding.now)
    if gift.amount > present or isinstance(shares, int):
        return Refusal(Code.INSUFFICIENT_POINTS, {
            "needed": figure(gift.amount, kind.decimals),
            "present": figure(present, kind.decimals), "kind": kind.title,
            "missing": figure(gift.amount - present, kind.decimals),
        })
    if refusal := _limited(rulebook, holding, gift, kind):
        return refusal
    by_id = {lot.id: lot for lot in lots}
    target = point_unit(rulebook.transfer.becomes) if rulebook.transfer.becomes else unit
    postings = tuple(
        posting for lot, amount in shares
        for posting in given(holding.holder, gift.receiver, by_id[lot], amount, target)
    )
    if len(postings) > LINES_MAX:
        return Refusal(Code.LIMIT_EXCEEDED, {"most": LINES_MAX, "asked": len(postings)})
    return postings


def given(giver: str, receiver: str, lot: Lot, amount: int, unit: str) -> tuple[Posting, ...]:
    """What one lot gives, with its dates; through `issued` where it becomes another unit."""
    opens = Opens(lot.available_at, lot.ends_at)
    if unit == lot.unit:
        return (Posting(passbook(giver), passbook(receiver), unit, amount, lot.id, opens),)
    return (
        Posting(passbook(giver), ISSUED, lot.unit, amount, lot.id),
        Posting(ISSUED, passbook(receiver), unit, amount, 0, opens),
    )


def _not_allowed(rulebook: Rulebook, holding: Holding, gift: Gift) -> Refusal | None:
    if until := barred_until(holding.bars, "transfer", holding.day):
        return Refusal(Code.BARRED, bar_facts("transfer", until))
    terms = rulebook.transfer
    kinds = terms.kinds or tuple(kind.code for kind in rulebook.kinds if kind.spendable)
    reason = ""
    if terms.to == "off":
        reason = "off"
    elif gift.receiver == holding.holder:
        reason = "self"
    elif gift.kind not in kinds:
        reason = "kind"
    elif terms.to == "household" and not gift.is_household:
        reason = "household"
    elif terms.to == "pool" and not gift.is_pool:
        reason = "pool"
    return Refusal(Code.TRANSFER_NOT_ALLOWED, {"reason": reason}) if reason else None


def _limited(rulebook: Rulebook, holding: Holding, gift: Gift, kind: Kind) -> Refusal | None:
    terms = rulebook.transfer
    minimum = to_minor(terms.minimum, kind.decimals)
    if gift.amount < minimum:
        return Refusal(Code.BELOW_MINIMUM, {
            "needed": figure(minimum, kind.decimals),
            "present": figure(gift.amount, kind.decimals),
        })
    if terms.most is None:
        return None
    most = to_minor(terms.most, kind.decimals)
    if gift.given + gift.amount <= most:
        return None
    following = holding.calendar.next_period(holding.day, terms.each)
    return Refusal(Code.TOO_OFTEN, {
        "of": "points", "most": figure(most, kind.decimals),
        "used": figure(gift.given, kind.decimals),
        "left": figure(max(0, most - gift.given), kind.decimals),
        **({"next_on": following.isoformat()} if following else {}),
    })
