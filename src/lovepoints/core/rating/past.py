"""A past in memory: what deeds were credited, found by whom and what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date

from lovepoints.core.deeds import Award, Facts
from lovepoints.core.rating.rate import plan_of
from lovepoints.core.rating.together import credits_of
from lovepoints.core.rating.worth import running
from lovepoints.core.rows import Credit
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.values import Period, point_unit

_SCOPES = ("doer", "holder", "household", "area", "event", "place", "matter")


class Past:
    """A `History` of awards that were added to it. Nobody spends, and nobody is barred."""

    def __init__(self) -> None:
        self._credits: dict[tuple[str, str], list[Credit]] = defaultdict(list)
        self._balances: dict[tuple[str, str], int] = defaultdict(int)
        self._reports: dict[str, list[Facts]] = defaultdict(list)

    def add(self, facts: Facts, award: Award, stage: str = "") -> None:
        """Remember a deed and what it was credited."""
        self._reports[facts.rule].append(facts)
        for credit in credits_of(facts, award, stage):
            self._credits["community", ""].append(credit)
            self._balances[credit.holder, credit.unit] += credit.points
            for scope in _SCOPES:
                if who := getattr(credit, scope):
                    self._credits["resident" if scope == "doer" else scope, who].append(credit)

    def credits(self, per: str, who: str, period: Period) -> Iterator[Credit]:
        """The credits of a scope whose counting day lies in the period."""
        first, last = period.first.isoformat(), period.last.isoformat()
        for credit in self._credits.get((per, who), ()):
            if first <= credit.day <= last:
                yield credit

    def earlier_reports(self, rule: str, same: Mapping[str, str]) -> Sequence[date]:
        """The days of the deeds of a rule that are the same, in the order in which they came."""
        return [facts.day for facts in self._reports.get(rule, ())
                if all(facts.same.get(name) == value for name, value in same.items())]

    def balance(self, holder: str, unit: str) -> int:
        """All that was credited."""
        return self._balances.get((holder, unit), 0)

    def bars(self, holder: str, what: str, day: date) -> date | None:
        """Nobody is barred."""


def looked_back_at(rulebook: Rulebook, counted: Container[tuple[str, str]]) -> frozenset[str]:
    """The rules whose credits a later rating may look at one by one. `counted` names, by code and
    unit, the limits whose use is counted and needs no credits."""
    found = {rule.code for rule in rulebook.rules if _looks_back(rulebook, rule)}
    for group in rulebook.groups:
        found |= {*group.rules} if group.take != "sum" else set()
    for limit in rulebook.limits:
        units = [point_unit(kind.code) for kind in rulebook.kinds] if limit.of == "points" else [""]
        if limit.per == "deed" or all((limit.code, unit) in counted for unit in units):
            continue
        if not limit.rules and not limit.groups:
            return frozenset(rule.code for rule in rulebook.rules)
        found |= rulebook.rules_under(limit)
    return frozenset(found)


def _looks_back(rulebook: Rulebook, rule: Rule) -> bool:
    """Deeds of the rule are compared with each other, or make up for each other, or fill a
    passbook that has a ceiling."""
    with_ceiling = {kind.code for kind in rulebook.kinds if kind.ceiling}
    forms = (rule.points, *rule.also.values(), *(one.points for one in rule.variants))
    return bool(
        rule.stages or rule.streak or rule.first or rule.offsets or rule.deduction
        or any(running(form) for form in forms) or with_ceiling & {*plan_of(rulebook, rule).kinds})
