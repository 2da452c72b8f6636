"""Rulebook and Rule: what a community's 积分管理办法 says, as frozen data with a digest.

Every attribute here is a TOML key of the same name; `rulefile.py` reads and writes the text.
Nothing in this file decides anything: rating, redeeming and the desks do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import attrs

from lovepoints.core.points import Points
from lovepoints.core.terms import (
    Attribute,
    Clearing,
    Debit,
    Kind,
    Limit,
    Rank,
    Redemption,
    Sanction,
    Star,
    Transfer,
    Validity,
    Where,
)
from lovepoints.core.values import Calendar, Span

FORMAT = 1
"""The rulebook format that this program reads and writes."""


@attrs.frozen(kw_only=True)
class Confirm:
    """Who confirms: roles, how many different people, and how many above a number of points.

    `recorder`: the person who wrote the report down may be one of them (said openly or not at
    all). Nobody ever confirms a deed of their own or of their household.
    """

    by: tuple[str, ...] = ("committee", "grid-officer")
    people: int = 1
    above: Decimal | None = None
    people_above: int = 2
    recorder: bool = False


@attrs.frozen(kw_only=True)
class Stage:
    """One payment on the way of a deed: `code` is what confirm(stage=) names, in this order.

    `kept_when_rejected`: what an honest report keeps when a later stage is rejected; a report
    rejected as false gives it back unless `kept_when_false`. `automatic` stages are paid by the
    report itself (accepted on submission).
    """

    code: str
    title: str = ""
    points: Points
    kept_when_rejected: bool = True
    kept_when_false: bool = False
    automatic: bool = False


@attrs.frozen(kw_only=True)
class Variant:
    """Other points for deeds or holders that fit `where`, on deed days from `since` to `until`.

    Variants are exclusive: at most one may fit a deed (the linter finds overlaps and gaps).
    """

    points: Points
    where: Where = attrs.field(factory=dict)
    since: date | None = None
    until: date | None = None
    clause: str = ""


@attrs.frozen(kw_only=True)
class First:
    """Only the first report of the same thing is paid in full; later ones get `later` points (at
    most what they are worth), and nothing of further kinds. Without these facts none is later."""

    same: tuple[str, ...] = ("place",)
    within: Span = Span(30, "day")
    later: Decimal = Decimal(0)


@attrs.frozen(kw_only=True)
class Streak:
    """`points` more on every deed that completes a run of `length` consecutive days (or weeks,
    months) with a deed of this rule by the doer; the run then starts anew. Deeds may be confirmed
    in any order: the bonuses are always those of the whole runs."""

    length: int
    each: Literal["day", "week", "month"] = "day"
    points: Decimal


@attrs.frozen(kw_only=True)
class Repeat:
    """A deduction again `within` the span after an earlier one of the same `per` and doer: times
    `factor`.

    `on`: the factor is applied to the rule's original points or to what was last taken.
    """

    factor: Decimal = Decimal(2)
    within: Span = Span(1, "year")
    per: Literal["rule", "group"] = "rule"
    on: Literal["original", "last"] = "original"


@attrs.frozen(kw_only=True)
class Deduction:
    """What a rule that takes points must say. Points in the rule stay positive; this turns them.

    `floor`: zero = take what is there, the rest is recorded; debt = the rest is owed in the open
    (balances may show below zero); refuse = all or nothing. `notice_days` (0 only in writing) and
    `appeal` (where to) have no default. `repair`: what remains taken once the damage is repaired.
    """

    notice_days: int
    appeal: str
    floor: Literal["zero", "debt", "refuse"] = "zero"
    repeat: Repeat | None = None
    repair: Decimal | None = None
    borne_by: Literal["holder", "head"] = "holder"
    sanction: str = ""


@attrs.frozen(kw_only=True)
class Rule:
    """What one kind of deed is worth. A rule pays by `points` or in `stages`, or deducts.

    `kinds`: where plain points go (left out: every credited kind); `also`: further kinds with
    points of their own (a kind named here gets only these). `variants` come before `points`,
    which are for the rest. `parts`: grades for one deed. `least`/`most`: bounds per deed after
    rating. `needs`: facts that a report must have ("event", "place", "matter", "evidence", or an
    attribute). `requires`: attributes that doer or household must have. `void`: attributes of the
    deed of which any one makes it worth nothing (with its clause). `unique`: facts that with the
    doer may be reported only once (`duplicate_checkin`). `weights`: shares of joint doers in
    order, split exactly; the last stands for all further ones, so that [1] splits evenly (left
    out: each has it all). `offsets = "deductions"`: good marks that only make up for earlier
    deductions of the year. `label`: the coarse public name when the kind is confidential.
    """

    code: str
    title: str
    clause: str = ""
    group: str = ""
    label: str = ""
    points: Points | None = None
    kinds: tuple[str, ...] = ()
    also: Mapping[str, Points] = attrs.field(factory=dict)
    variants: tuple[Variant, ...] = ()
    stages: tuple[Stage, ...] = ()
    grades: Mapping[str, str] = attrs.field(factory=dict)
    parts: int = 1
    least: Decimal | None = None
    most: Decimal | None = None
    needs: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    requires: Where = attrs.field(factory=dict)
    void: Where = attrs.field(factory=dict)
    report_by: tuple[str, ...] = ()
    confirm: Confirm | None = None
    confidential: bool = False
    notice_days: int | None = None
    late: Span | None = None
    validity: Validity | None = None
    first: First | None = None
    streak: Streak | None = None
    weights: tuple[int, ...] = ()
    offsets: Literal["", "deductions"] = ""
    deduction: Deduction | None = None


@attrs.frozen(kw_only=True)
class Group:
    """Rules of which one matter may fit several: `take` the highest, their sum, or ask.

    Deeds belong to one matter when they are the `same` in these facts for the same doer or
    holder; without `same`, within one `each` period.
    """

    code: str
    title: str = ""
    clause: str = ""
    rules: tuple[str, ...]
    take: Literal["highest", "sum", "ask"] = "highest"
    per: Literal["resident", "holder", "community"] = "resident"
    same: tuple[str, ...] = ()
    each: Literal["day", "week", "month", "quarter", "year", "ever"] = "ever"


@attrs.frozen(kw_only=True)
class Rulebook:
    """A dated rulebook. The settings that real texts leave open stand here with named defaults.

    `holder`: whose passbook earns. `counts_on`: the day that picks the rulebook and fills limits.
    `starts_on`: the day validity and rankings count from. `several_rules`: one matter id reported
    under several rules. `late`: how long after the deed it may be reported; later needs a reason
    (`late_then = "reason"`) or is refused. `settle_debt`: later credits pay what is owed first.
    `overturned`: an award taken back after it was spent: debt = the rest is owed in the open;
    shortfall = what is there is taken, the rest only recorded; refuse = it is not taken back
    (`not_reversible`). `usable`: awards can be spent after their notice, or at once.
    `objection`: what an objection to a public notice stops, its own line or the whole list.
    `point_value`: fen that a point stands for, for cover of the shelf; never paid out.
    """

    format: int = FORMAT
    title: str
    effective: date
    code: str = ""
    holder: Literal["household", "resident"] = "household"
    counts_on: Literal["deed_day", "report_day", "confirm_day"] = "deed_day"
    starts_on: Literal["notice_end", "deed_day", "confirm_day"] = "notice_end"
    several_rules: Literal["highest", "sum", "ask"] = "highest"
    notice_days: int = 0
    usable: Literal["after_notice", "at_once"] = "after_notice"
    objection: Literal["line", "all"] = "line"
    late: Span = Span(30, "day")
    late_then: Literal["reason", "refuse", "accept"] = "reason"
    overturned: Literal["debt", "shortfall", "refuse"] = "debt"
    settle_debt: bool = True
    on_leaving: Literal["keep", "lapse"] = "keep"
    point_value: int = 100
    week_start: int = 0
    year_start: tuple[int, int] = (1, 1)
    confirm: Confirm = Confirm()
    validity: Validity = Validity()
    kinds: tuple[Kind, ...] = (Kind(),)
    attributes: tuple[Attribute, ...] = ()
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...] = ()
    groups: tuple[Group, ...] = ()
    clearings: tuple[Clearing, ...] = ()
    redemption: Redemption = Redemption()
    transfer: Transfer = Transfer()
    sanctions: tuple[Sanction, ...] = ()
    debits: tuple[Debit, ...] = ()
    stars: tuple[Star, ...] = ()
    ranks: tuple[Rank, ...] = ()
    digest: str = attrs.field(default="", eq=False)

    def rule(self, code: str) -> Rule | None:
        """The rule with this code, or None."""
        return self._rules.get(code)

    def kind(self, code: str) -> Kind:
        """The point kind with this code; KeyError if the rulebook has none."""
        return self._kinds[code]

    @property
    def main_kind(self) -> Kind:
        """The kind that `award.points` speaks of: the first."""
        return self.kinds[0]

    def calendar(self, zone: str) -> Calendar:
        """The local calendar with this rulebook's first days of week and year."""
        return Calendar(zone, self.week_start, self.year_start)

    def limits_on(self, rule: str) -> tuple[Limit, ...]:
        """The limits that apply to deeds of this rule, in the order of the rulebook."""
        return self._limits.get(rule, ())

    def rules_under(self, limit: Limit) -> frozenset[str]:
        """The codes of the rules whose deeds stand under this limit, or that it names."""
        return self._under[limit.code]

    def groups_with(self, rule: str) -> tuple[Group, ...]:
        """The groups that name this rule."""
        return self._groups.get(rule, ())

    def group_codes(self, rule: str) -> frozenset[str]:
        """The codes of the groups that a rule belongs to: its own `group`, and those naming it."""
        found = self._rules.get(rule)
        own = {found.group} if found and found.group else set()
        return frozenset(own | {group.code for group in self.groups_with(rule)})

    plans: dict[str, Any] = attrs.field(init=False, factory=dict, eq=False, repr=False)
    """What `rating.py` has worked out about rules, once; a memory only, never a fact.
    Any: its `Plan`, which stands above this floor."""
    _rules: Mapping[str, Rule] = attrs.field(init=False, eq=False, repr=False)
    _kinds: Mapping[str, Kind] = attrs.field(init=False, eq=False, repr=False)
    _groups: Mapping[str, tuple[Group, ...]] = attrs.field(init=False, eq=False, repr=False)
    _limits: Mapping[str, tuple[Limit, ...]] = attrs.field(init=False, eq=False, repr=False)
    _under: Mapping[str, frozenset[str]] = attrs.field(init=False, eq=False, repr=False)

    @_rules.default
    def _index_rules(self) -> Mapping[str, Rule]:
        return {rule.code: rule for rule in self.rules}

    @_kinds.default
    def _index_kinds(self) -> Mapping[str, Kind]:
        return {kind.code: kind for kind in self.kinds}

    @_groups.default
    def _index_groups(self) -> Mapping[str, tuple[Group, ...]]:
        return {rule.code: tuple(group for group in self.groups if rule.code in group.rules)
                for rule in self.rules}

    @_limits.default
    def _index_limits(self) -> Mapping[str, tuple[Limit, ...]]:
        return {rule.code: tuple(limit for limit in self.limits if self._names(limit, rule))
                for rule in self.rules}

    @_under.default
    def _index_under(self) -> Mapping[str, frozenset[str]]:
        under = {limit.code: {*limit.rules} for limit in self.limits}
        for rule in self.rules:
            for limit in self._limits[rule.code]:
                under[limit.code].add(rule.code)
        return {code: frozenset(rules) for code, rules in under.items()}

    def _names(self, limit: Limit, rule: Rule) -> bool:
        # A limit on "all rules" speaks of earning; a deduction is limited only where it is named.
        if not limit.rules and not limit.groups:
            return rule.deduction is None
        return rule.code in limit.rules or bool(self.group_codes(rule.code) & {*limit.groups})


def replaced(rulebook: Rulebook, **changes: Any) -> Rulebook:  # Any: whatever evolve takes
    """The rulebook with some attributes changed (its digest no longer holds and is emptied)."""
    return attrs.evolve(rulebook, digest="", **changes)
