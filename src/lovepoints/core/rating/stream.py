"""Rating a stream of deeds without a book: each deed sees the ones before it, and nothing else.

Limits go by `Counters`; credits are remembered one by one only where a rule looks back at them, so
that a stream under plain rules needs memory for the counters of its running periods alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

import attrs

from lovepoints.core.deeds import Award, Facts, Refusal, Verdict
from lovepoints.core.rating.compiled import (
    Compiled,
    Judged,
    Used,
    Worth,
    bare,
    compile_rule,
)
from lovepoints.core.rating.counters import Counters, Frame, whos_of
from lovepoints.core.rating.past import Past, looked_back_at
from lovepoints.core.rating.rate import rate
from lovepoints.core.rating.together import credits_of
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.values import Calendar, Span

_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}


@attrs.frozen
class Known:
    """What is known of every deed of a rule with the same grades and quantities."""

    compiled: Compiled
    worth: Worth
    verdict: Verdict
    quantities: Mapping[str, Decimal]


class Stream:
    """Deeds of one rulebook, rated one after the other, each by one person.

    Days may come in any order that `Rulebook.late` (or a rule's own) allows: a deed older than that
    before the newest one is a ValueError, for the periods it belongs to are forgotten.
    """

    def __init__(self, rulebook: Rulebook, calendar: Calendar) -> None:
        self.rulebook = rulebook
        self.calendar = calendar
        self.counters = Counters(rulebook, calendar, is_complete=True, kept=late_at_most(rulebook))
        self._past = Past()
        self._looked_back_at = looked_back_at(rulebook, self.counters.counted)
        self._compiled: dict[str, Compiled | None] = {}

    def rate(self, facts: Facts, verdict: Verdict) -> Award | Refusal:
        """Rate a deed and count it. The rule must be one of the rulebook's."""
        known = self.known(facts, verdict)
        if known:
            return self.explained(known, facts, self.judge(known, facts)[1])
        return self._rate(facts, verdict)

    def check_day(self, day: date) -> None:
        """A ValueError for a day whose counters are gone."""
        if day < self.counters.oldest:
            raise ValueError(
                f"{day} comes too late: what was rated before {self.counters.oldest} is "
                "forgotten; rate deeds in the order of their days")

    def frame(self, day: date) -> Frame:
        """The counters of a day to which the deeds have come."""
        self.check_day(day)
        self.counters.reach(day)
        return self.counters.frame(day)

    def known(self, facts: Facts, verdict: Verdict) -> Known | None:
        """What the deed is worth before limits, if it can go the quick way."""
        plain = facts.doers == 1 and verdict.points is None and not verdict.stage
        compiled = self.compiled(facts.rule) if plain else None
        if compiled is None or facts.counts_on < self.rulebook.effective or (
                facts.same.get("matter") and self.rulebook.several_rules != "sum"):
            return None
        worth = compiled.worth(facts, verdict, self.calendar)
        return Known(compiled, worth, verdict, facts.quantities) if worth else None

    def judge(self, known: Known, facts: Facts) -> Judged:
        """Hold a worth under its limits, and count what is left; as `compiled.Judge` answers."""
        frame = self.frame(facts.counts_on)
        return known.compiled.judge(frame, whos_of(facts), known.worth.points)

    def explained(self, known: Known, facts: Facts, used: Used) -> Award:
        """The whole award of a deed that went the quick way."""
        return known.compiled.explained(self.rulebook, facts, known.verdict, used, self.calendar)

    def compiled(self, rule: str) -> Compiled | None:
        """The rule as closures; None if it has to go the long way."""
        if rule not in self._compiled:
            found = self.rulebook.rule(rule)
            assert found is not None, "the caller knows the rules"
            self._compiled[rule] = None if rule in self._looked_back_at else compile_rule(
                self.counters, found, self._bare)
        return self._compiled[rule]

    def _rate(self, facts: Facts, verdict: Verdict) -> Award | Refusal:
        rule = self.rulebook.rule(facts.rule)
        assert rule is not None, "the caller knows the rules"
        self.check_day(facts.counts_on)
        award = rate(self.rulebook, rule, facts, verdict, self._past, self.calendar, self.counters)
        if isinstance(award, Award):
            self.counters.add(credits_of(facts, award, verdict.stage))
            if facts.rule in self._looked_back_at or facts.same.get("matter"):
                self._past.add(facts, award, verdict.stage)
        return award

    @cached_property
    def _bare(self) -> Rulebook:
        return bare(self.rulebook)


def late_at_most(rulebook: Rulebook) -> timedelta:
    """The longest time after which a deed may still be reported."""
    spans: list[Span] = [rulebook.late, *(rule.late for rule in rulebook.rules if rule.late)]
    return timedelta(days=max(span.count * _DAYS[span.unit] for span in spans))
