"""Several doers of one deed, rated one after the other, each seeing what the earlier were given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import attrs

from lovepoints.core.deeds import Award, Facts, History, Refusal, Uses, Verdict
from lovepoints.core.rating.rate import rate
from lovepoints.core.rows import Credit
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.values import Calendar, Period

_SCOPES = {"resident": "doer"}


def rate_together(
    rulebook: Rulebook, rule: Rule, facts: Sequence[Facts], verdict: Verdict, history: History,
    calendar: Calendar, uses: Uses | None = None,
) -> tuple[Award, ...] | Refusal:
    """The award of every doer of one deed, in order; one refusal refuses them all.

    Limits and ceilings that doers share (of a household, an area, the community, the deed) see
    the awards before them, so that together they stay below. `uses` are those of `rate`; where
    there are several doers nobody asks them.
    """
    if len(facts) == 1:
        only = rate(rulebook, rule, facts[0], verdict, history, calendar, uses)
        return only if isinstance(only, Refusal) else (only,)
    awards: list[Award] = []
    so_far: list[Credit] = []
    for own in facts:
        award = rate(rulebook, rule, own, verdict, With(history, so_far), calendar)
        if isinstance(award, Refusal):
            return award
        awards.append(award)
        so_far += credits_of(own, award, verdict.stage)
    return tuple(awards)


def credits_of(facts: Facts, award: Award, stage: str = "") -> list[Credit]:
    """The credits that an award stands for, one a unit; time and quantity on the first only."""
    iso = facts.counts_on.isoformat()
    return [
        Credit(
            deed=facts.deed, stage=stage, doer=facts.doer, unit=part.unit, rule=facts.rule,
            holder=facts.holder, household=facts.household, area=facts.area, day=iso,
            earned_on=iso, event=facts.same.get("event", ""), place=facts.same.get("place", ""),
            matter=facts.same.get("matter", ""), points=part.points,
            times=0 if place else award.times, quantity=0 if place else award.quantity,
            seq=facts.seq,
        )
        for place, part in enumerate(award.parts)
    ]


@attrs.frozen
class With:
    """A history with further credits on top."""

    history: History
    more: Sequence[Credit]

    def credits(self, per: str, who: str, period: Period) -> Iterator[Credit]:
        """The credits of the history, then those on top that belong to the scope."""
        yield from self.history.credits(per, who, period)
        yield from in_scope(self.more, per, who, period)

    def earlier_reports(self, rule: str, same: Mapping[str, str]) -> Sequence[date]:
        """As the history says."""
        return self.history.earlier_reports(rule, same)

    def balance(self, holder: str, unit: str) -> int:
        """The balance with the points on top."""
        return self.history.balance(holder, unit) + sum(
            row.points for row in self.more if row.holder == holder and row.unit == unit)

    def bars(self, holder: str, what: str, day: date) -> date | None:
        """As the history says."""
        return self.history.bars(holder, what, day)


def in_scope(credits: Iterable[Credit], per: str, who: str, period: Period) -> Iterator[Credit]:
    """Those of the credits that `History.credits` speaks of."""
    first, last = period.first.isoformat(), period.last.isoformat()
    for row in credits:
        is_theirs = per == "community" or getattr(row, _SCOPES.get(per, per)) == who
        if is_theirs and first <= row.day <= last:
            yield row
