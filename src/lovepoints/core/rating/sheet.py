"""The working sheet of one rating: amounts by kind, steps so far, and what may be looked up.

Only `rating.py` and the files that hold its steps use it; it lives as long as one call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from lovepoints.core.deeds import Facts, History, Refusal, Step, Uses, Verdict
from lovepoints.core.points import Points, Ranged
from lovepoints.core.rating.worth import plain, smallest_parts
from lovepoints.core.rows import Credit
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.terms import Kind
from lovepoints.core.values import Calendar, point_unit
from lovepoints.errors import Code


@attrs.define(kw_only=True)
class Sheet:
    """One doer's part in one deed, while it is rated.

    `amounts`: smallest parts by kind code, never negative here (a deduction is turned at the
    end). `plain_kinds`: where the rule's plain points go; `also` kinds are in `amounts` only.
    `form`: the points that were chosen among the rule's own, its variants and stages.
    `looked_up`: credits by limit, so that two kinds of points ask the history once.
    `uses`: what is known of the use of limits without looking at credits.
    """

    rulebook: Rulebook
    rule: Rule
    facts: Facts
    verdict: Verdict
    history: History
    calendar: Calendar
    form: Points | None = None
    clause: str = ""
    quantities: Mapping[str, Decimal] = attrs.field(factory=dict)
    plain_kinds: tuple[Kind, ...] = ()
    amounts: dict[str, int] = attrs.field(factory=dict)
    waiting: dict[str, int] = attrs.field(factory=dict)
    steps: list[Step] = attrs.field(factory=list)
    looked_up: dict[str, list[Credit]] = attrs.field(factory=dict)
    times: int = 1
    has_chosen: bool = False
    uses: Uses | None = None

    def note(self, code: str, clause: str = "", **facts: Any) -> None:  # Any: canonical JSON
        """Write a step down."""
        self.steps.append(Step(code, facts, clause))

    def change(
        self, code: str, kind: Kind, amount: int, clause: str = "", **facts: Any,
    ) -> None:  # Any: canonical JSON
        """Set a kind's amount, and write down what it was and what it is now."""
        before = self.amounts[kind.code]
        self.amounts[kind.code] = amount
        self.note(code, clause, kind=kind.code, before=before, points=amount, **facts)

    def stop(self, code: str, clause: str = "", **facts: Any) -> None:  # Any: canonical JSON
        """Nothing is paid and the deed does not count as done once."""
        self.times = 0
        self.note(code, clause, **facts)
        for kind in self.amounts:
            self.amounts[kind] = 0

    def kinds(self) -> list[Kind]:
        """The kinds that still have points, in the order of the rulebook."""
        return [self.rulebook.kind(code) for code, amount in self.amounts.items() if amount]

    def is_same_sign(self, credit: Credit) -> bool:
        """Earning is measured against earning, and taking against taking."""
        return credit.points < 0 if self.rule.deduction else credit.points > 0

    def is_own(self, credit: Credit) -> bool:
        """The credit belongs to this very deed and doer (another stage of it)."""
        return credit.deed == self.facts.deed and credit.doer == self.facts.doer

    def chosen(self, kind: Kind, most: int, **facts: Any) -> int | Refusal:  # Any: canonical JSON
        """What the confirmer grants where the rulebook asks, at most `most`.

        Where the rule leaves a range the confirmer has decided already: then it is `most`.
        """
        self.has_chosen = True
        if isinstance(self.form, Ranged):
            return most
        points = self.verdict.points
        if points is None:
            return Refusal(Code.CHOICE_NEEDED, {
                "kind": kind.code, "most": shown(most, kind), **facts})
        amount = in_parts(points, kind)
        if amount is None or not 0 <= amount <= most:
            return Refusal(Code.AMOUNT_NOT_BY_RULE, {
                "kind": kind.code, "given": plain(points), "most": shown(most, kind)})
        return amount


def paid(credits: Iterable[Credit], kind: Kind) -> int:
    """How many smallest parts of a kind these credits moved, whichever way."""
    unit = point_unit(kind.code)
    return sum(abs(credit.points) for credit in credits if credit.unit == unit)


def is_same(credit: Credit, same: Iterable[str], facts: Facts) -> bool:
    """The credit's deed is the same as this one in these facts."""
    return all(getattr(credit, name) == facts.same.get(name) for name in same)


def has_all(same: Iterable[str], facts: Facts) -> bool:
    """The deed states all of these facts, so that it can be compared by them."""
    return all(facts.same.get(name) for name in same)


def parts_of(value: Decimal, kind: Kind) -> int:
    """Points of the rulebook in smallest parts of a kind, rounded in the kind's way."""
    return smallest_parts(Fraction(value), kind.decimals, kind.rounding)


def in_parts(value: Decimal, kind: Kind) -> int | None:
    """Points that somebody said in smallest parts, or None if they are finer than the kind."""
    exactly = Fraction(value) * int(10**kind.decimals)
    return exactly.numerator if exactly.denominator == 1 else None


def shown(amount: int, kind: Kind) -> str:
    """Smallest parts of a kind as text for a refusal."""
    return plain(Fraction(amount, int(10**kind.decimals)))
