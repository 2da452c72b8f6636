"""The public API as a stranger's typed program uses it; checked by mypy, never run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import lovepoints as lp


def play(community: lp.Community) -> tuple[str, ...]:
    """Report, confirm, read."""
    community.residents.enrol("0421", household="3-2-501", attributes={"pledge_signed": True})
    deed: lp.Deed = community.deeds.report("hazard", resident="0421", on=date(2026, 3, 1))
    decision: lp.Decision = community.deeds.confirm(deed.id, grade="general", by="staff:wang")
    points: int | Decimal = decision.award.points if decision.award else 0
    assert points >= 0
    try:
        community.books.adjust("0421", -1, reason="写错")
    except lp.Refused as refused:
        return (refused.code, refused.sentence("zh"))
    return community.passbooks["0421"].why_not_more


def rehearse(rules: str) -> int | Decimal:
    """Rate without a book."""
    rater = lp.Rater(rules, zone="Asia/Shanghai")
    estimate: lp.Estimate = rater.rate("volunteer", resident="0421", on=date(2026, 3, 1),
                                       quantity="1.5")
    award: lp.Award = estimate.award
    return estimate.points if award.steps else 0
