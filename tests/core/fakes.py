"""A small past in memory, and a register that rates one deed after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core.deeds import Award, Facts, Refusal, Verdict
from lovepoints.core.points import Fixed, PerUnit, Points
from lovepoints.core.rating.rate import rate
from lovepoints.core.rating.together import credits_of, in_scope, rate_together
from lovepoints.core.rows import Credit
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.terms import Kind, Limit
from lovepoints.core.values import Calendar, Period, point_unit

SHANGHAI = Calendar()
DAY = date(2026, 3, 7)
"""A Saturday."""


def points(value: object) -> Fixed:
    """A fixed number of points."""
    return Fixed(value=Decimal(str(value)))


def hours(value: object = 1, **more: Any) -> PerUnit:
    """Points by the hour."""
    return PerUnit(per="hour", value=Decimal(str(value)), **more)


def rule(form: Points | None = None, code: str = "deed", **more: Any) -> Rule:
    """A rule with a title that people can read."""
    return Rule(code=code, title=more.pop("title", code), points=form, **more)


def rulebook(*rules: Rule, **more: Any) -> Rulebook:
    """A rulebook of these rules, in force since 2019, where everyone has a passbook."""
    terms = {"title": "办法", "effective": date(2019, 1, 1), "holder": "resident", **more}
    return Rulebook(rules=rules, **terms)


def limit(most: object, per: str = "resident", **more: Any) -> Limit:
    """A limit in points unless it says otherwise."""
    return Limit(code=more.pop("code", "cap"), most=Decimal(str(most)), per=per, **more)


def facts(rule: str = "deed", **more: Any) -> Facts:
    """One resident's deed on `DAY`, reported and decided on that day unless said otherwise."""
    on = more.pop("on", DAY)
    if isinstance(on, str):
        on = date.fromisoformat(on)
    for name in ("quantity", "hour"):
        if name in more:
            more["quantities"] = {"hour": Decimal(str(more.pop(name)))}
    quantities = {name: Decimal(str(value)) for name, value in more.pop("quantities", {}).items()}
    doer = more.pop("doer", "li")
    told = {"deed": "d-1", "holder": doer, "counts_on": on, "reported_on": on, "decided_on": on,
            **more}
    return Facts(rule=rule, doer=doer, day=on, quantities=quantities, **told)


@attrs.define
class MemoryHistory:
    """A `History` over a list of credits."""

    rows: list[Credit] = attrs.field(factory=list)
    balances: dict[tuple[str, str], int] = attrs.field(factory=dict)
    reports: list[Facts] = attrs.field(factory=list)
    barred: dict[str, date] = attrs.field(factory=dict)
    own: tuple[str, str, str] = ("", "", "")
    """Deed, stage and doer that are being decided."""

    def credits(self, per: str, who: str, period: Period) -> Iterator[Credit]:
        """Every credit of the scope but that of the part being decided."""
        for row in in_scope(self.rows, per, who, period):
            if (row.deed, row.stage, row.doer) != self.own:
                yield row

    def earlier_reports(self, rule: str, same: Mapping[str, str]) -> list[date]:
        """The days of reports by others of the same thing."""
        return [
            one.day for one in self.reports
            if one.rule == rule and one.deed != self.own[0]
            and all(one.same.get(name) == value for name, value in same.items())]

    def balance(self, holder: str, unit: str) -> int:
        """The opening balance and all credits."""
        return self.balances.get((holder, unit), 0) + sum(
            row.points for row in self.rows if row.holder == holder and row.unit == unit)

    def bars(self, holder: str, what: str, day: date) -> date | None:
        """The last day of the bar on earning, while it lasts."""
        until = self.barred.get(holder)
        return until if what == "earn" and until and day <= until else None


@attrs.define
class Register:
    """Rates deeds in the order they come, and remembers what they were credited."""

    rulebook: Rulebook
    history: MemoryHistory = attrs.field(factory=MemoryHistory)
    count: int = 0

    def do(
        self, rule: str = "deed", *, verdict: Verdict | None = None, **told: Any,
    ) -> Award | Refusal:
        """Rate a deed, and write an award down."""
        self.count += 1
        told = {"deed": f"d-{self.count}", "seq": self.count, **told}
        verdict = verdict or Verdict()
        own = facts(rule, **told)
        self.history.own = (own.deed, verdict.stage, own.doer)
        award = rate(self.rulebook, self.rulebook.rule(rule), own, verdict, self.history,
                     self.rulebook.calendar("Asia/Shanghai"))
        self.history.own = ("", "", "")
        self.history.reports.append(own)
        if isinstance(award, Award):
            self.history.rows += credits_of(own, award, verdict.stage)
        return award

    def points(self, rule: str = "deed", *, kind: str = "point", **told: Any) -> int:
        """What a deed is credited, in smallest parts of a kind."""
        return credited(self.do(rule, **told), kind)

    def together(self, rule: str, people: list[dict[str, Any]], **told: Any) -> list[int]:
        """Rate a deed of several doers; what each is credited."""
        self.count += 1
        own = [facts(rule, deed=f"d-{self.count}", seq=self.count, position=place,
                     doers=len(people), **told, **one) for place, one in enumerate(people)]
        found = rate_together(self.rulebook, self.rulebook.rule(rule), own, Verdict(),
                              self.history, self.rulebook.calendar("Asia/Shanghai"))
        assert not isinstance(found, Refusal), found
        for one, award in zip(own, found, strict=True):
            self.history.rows += credits_of(one, award)
        return [credited(award) for award in found]


def credited(award: Award | Refusal, kind: str = "point") -> int:
    """The smallest parts of a kind in an award; a refusal fails the test."""
    assert isinstance(award, Award), award
    return next((part.points for part in award.parts if part.unit == point_unit(kind)), 0)


def refused(award: Award | Refusal) -> str:
    """The code of a refusal; an award fails the test."""
    assert isinstance(award, Refusal), award
    return str(award.code)


def step_codes(award: Award | Refusal) -> list[str]:
    """The codes of an award's steps, in order."""
    assert isinstance(award, Award), award
    return [step.code for step in award.steps]


TENTHS = Kind(decimals=1)
HUNDREDTHS = Kind(decimals=2)
