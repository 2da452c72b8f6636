"""Rater: what deeds are worth by a rulebook, one after the other, without a book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from lovepoints.core import deeds, text
from lovepoints.core.deeds import SAME, Facts, Refusal, Value, Verdict
from lovepoints.core.rating.compiled import Judge, Judged, Used
from lovepoints.core.rating.counters import Frame, Whos, whos_of
from lovepoints.core.rating.stream import Known, Stream
from lovepoints.core.rating.validity import effective_on
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.values import decimal
from lovepoints.desks.answers import Award, Points, as_points, by_kind
from lovepoints.desks.attributes import attributes_of
from lovepoints.desks.command import check_day
from lovepoints.desks.deeds import Quantity, grades_of, quantities_of
from lovepoints.desks.reporting import check_attributes, named
from lovepoints.desks.rulebooks import read
from lovepoints.errors import Code, Refused

_Said: TypeAlias = dict[str, Any]  # Any: what a caller said, not checked yet
_GRADES = (str, tuple, type(None))
_QUANTITIES = (str, int, Decimal, type(None))
_REMEMBERED = 4096
"""So many different answers to "what grade, what quantity" are remembered."""


class Rater:
    """Rates a stream of deeds by one rulebook: each sees those before it, and every cap holds.

    For rehearsals of a new rulebook, imports and estimates. Nothing is written anywhere: nobody
    spends, nothing expires, nobody is barred. Every deed has one doer and is done, reported and
    confirmed on the same day. Rate deeds in the order of their days; one may come as late as the
    rulebook's `late` allows.
    """

    def __init__(self, rulebook: str | Path | Rulebook, *, zone: str = "Asia/Shanghai") -> None:
        """Read a rulebook: a file's path, its text, or one that was read before.

        Raises:
            RulebookError: every problem of the file at once.
        """
        self.rulebook = read(rulebook)[1]
        self._stream = Stream(self.rulebook, self.rulebook.calendar(zone))
        self._days = self._stream.counters.frames
        self._homes: dict[tuple[str, str, str], Whos] = {}
        self._known: dict[tuple[Any, ...], tuple[Judge, int, Known]] = {}  # Any: said by a caller
        self._deeds: dict[str, tuple[str, str, set[str]]] = {}
        self._count = 0

    def rate(
        self, rule: str, *, resident: str, on: date, grade: str | Iterable[str] | None = None,
        quantity: Quantity | Mapping[str, Quantity] | None = None,
        points: Quantity | None = None, household: str = "", area: str = "",
        attributes: Mapping[str, Value] | None = None, place: str = "", event: str = "",
        matter: str = "", end_day: date | None = None, reason: str = "", deed: str = "",
        stage: str = "",
    ) -> Estimate:
        """What a deed would be worth, after all deeds before it; it counts for those after it.

        The arguments are those of `report` and `confirm`; `household` and `area` are the
        resident's on that day, and `attributes` also hold hers and the household's. `deed` names
        a deed that is paid in several stages.

        Raises:
            Refused: rule_not_in_force, fact_missing, amount_not_by_rule, choice_needed and others
                that `confirm` would answer; then the deed counts for nothing.
            ValueError: a day that lies too far before the newest one.
        """
        if points is None and not (
                attributes or place or event or matter or end_day or reason or deed or stage):
            try:
                known = self._known.get((rule, grade, quantity, quantity.__class__))
            except TypeError:
                known = None  # said as a list or a mapping, which are not remembered
            if known is not None:
                whos = (self._homes.get((resident, household, area))
                        or self._home(resident, household, area))
                judge, worth, all_known = known
                return Estimate(
                    judge(self._days.get(on) or self._day(on, rule), whos, worth),
                    self, all_known, on, whos)
        return self._rate(rule, {
            "resident": resident, "on": on, "grade": grade, "quantity": quantity,
            "points": points, "household": household, "area": area, "attributes": attributes,
            "place": place, "event": event, "matter": matter, "end_day": end_day,
            "reason": reason, "deed": deed, "stage": stage})

    def _rate(self, code: str, said: _Said) -> Estimate:
        """Check everything that was said, and rate it; remember what may be said again."""
        self._check_day(said["on"], code)
        rule = self.rulebook.rule(text.code(code, "rule"))
        if rule is None:
            raise Refused(Code.RULE_NOT_IN_FORCE, {"rule": code, "day": said["on"].isoformat()})
        facts, verdict = self._facts(rule, said), _verdict(said)
        self._check_deed(facts, verdict.stage)
        estimate = (self._quickly(code, said, facts, verdict)
                    or self._at_length(rule, facts, verdict))
        if said["deed"]:
            self._deeds.setdefault(facts.deed, (code, facts.doer, set()))[2].add(verdict.stage)
        return estimate

    def _quickly(
        self, code: str, said: _Said, facts: Facts, verdict: Verdict,
    ) -> Estimate | None:
        """Rate a deed of a common shape, and remember it as one that needs no further look."""
        known = None if facts.end_day else self._stream.known(facts, verdict)
        if known is None or known.compiled.kind is not self.rulebook.main_kind:
            return None
        judged = self._stream.judge(known, facts)
        grade, quantity = said["grade"], said["quantity"]
        # An iterator or a mapping cannot be said a second time.
        if isinstance(grade, _GRADES) and isinstance(quantity, _QUANTITIES):
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[code, grade, quantity, quantity.__class__] = (
                known.compiled.judge, known.worth.points, known)
        return Estimate(judged, self, known, facts.day, whos_of(facts))

    def _at_length(self, rule: Rule, facts: Facts, verdict: Verdict) -> Estimate:
        found = self._stream.rate(facts, verdict)
        if isinstance(found, Refusal):
            raise Refused(found.code, found.facts)
        award = self._award(found, rule, facts.day)
        return Estimate((0, []), self, None, facts.day, whos_of(facts), award)

    def _check_deed(self, facts: Facts, stage: str) -> None:
        """A deed that was named before is another stage of the same one."""
        rule, doer, stages = self._deeds.get(facts.deed, (facts.rule, facts.doer, set()))
        if (rule, doer) != (facts.rule, facts.doer) or stage in stages:
            raise ValueError(f"deed {facts.deed!r} was rated before; name another one,"
                             " or the next stage of it")

    def _day(self, on: date, rule: str) -> Frame:
        """The counters of a day, made ready when it is first met."""
        self._check_day(on, rule)
        return self._stream.frame(on)

    def _check_day(self, on: date, rule: str) -> None:
        check_day(on, "on")
        if on < self.rulebook.effective:
            raise Refused(Code.RULE_NOT_IN_FORCE, {
                "rule": rule, "day": on.isoformat(), "since": self.rulebook.effective.isoformat()})
        self._stream.check_day(on)

    def _home(self, resident: str, household: str, area: str) -> Whos:
        """Whom the deeds of a resident at home here count for."""
        doer = text.code(resident, "resident")
        home = text.line(household, "household", most=64)
        holder = home if self.rulebook.holder == "household" and home else doer
        whos = self._homes[resident, household, area] = (
            doer, holder, home or (holder,), text.line(area, "area", most=64) or None, "")
        return whos

    def _facts(self, rule: Rule, said: _Said) -> Facts:
        whos = self._home(said["resident"], said["household"], said["area"])
        deed = text.line(said["deed"], "deed", most=64)
        attributes = attributes_of(said["attributes"])
        check_attributes(self.rulebook, attributes)
        check_day(said["end_day"], "end_day")
        self._count += 1
        on: date = said["on"]
        return _facts_of(
            whos, rule.code, on, deed=deed or f"#{self._count}", end_day=said["end_day"],
            quantities=named(rule, quantities_of(said["quantity"])), attributes=attributes,
            same={name: text.same(said[name]) for name in SAME if text.line(said[name], name)},
            seq=self._count)

    def _explained(self, known: Known, on: date, whos: Whos, used: Used) -> Award:
        """The award behind the points of an estimate that went the quick way."""
        rule = known.compiled.rule
        facts = _facts_of(whos, rule.code, on, deed="#", quantities=known.quantities)
        return self._award(self._stream.explained(known, facts, used), rule, on)

    def _award(self, found: deeds.Award, rule: Rule, on: date) -> Award:
        amounts = by_kind(self.rulebook, ((part.unit, part.points) for part in found.parts))
        notice = rule.deduction and rule.deduction.notice_days
        return Award(
            resident=found.doer, holder=found.holder,
            points=amounts.get(self.rulebook.main_kind.code, 0), amounts=amounts,
            waiting=by_kind(self.rulebook, found.waiting.items()), reasons=found.steps,
            effective_on=effective_on(self.rulebook, rule, on) if notice else None,
            rulebook=self.rulebook)


def _facts_of(whos: Whos, rule: str, on: date, **more: Any) -> Facts:  # Any: what Facts takes
    """The facts of a deed that is done, reported and confirmed on one day."""
    doer, holder, household, area, _ = whos
    return Facts(
        rule=rule, doer=str(doer), holder=str(holder), area=str(area or ""),
        household=household if isinstance(household, str) else "",
        day=on, counts_on=on, reported_on=on, decided_on=on, **more)


def _verdict(said: _Said) -> Verdict:
    points = said["points"]
    return Verdict(
        stage=text.line(said["stage"], "stage", most=64), grades=grades_of(said["grade"]),
        points=None if points is None else decimal(points, "points"),
        reason=bool(text.line(said["reason"], "reason")))


@attrs.define(eq=False, repr=False)
class Estimate:
    """What a deed would be worth: `points` of the first kind at once, the `award` when asked."""

    _judged: Judged
    _rater: Rater
    _known: Known | None
    _on: date
    _whos: Whos
    _award: Award | None = None

    @property
    def points(self) -> Points:
        """What the resident would be awarded of the first kind."""
        if self._known is None:
            return self.award.points
        return as_points(self._judged[0], self._known.compiled.kind.decimals)

    @property
    def award(self) -> Award:
        """All kinds and every step, worked out when first asked for."""
        if self._award is None:
            assert self._known is not None, "an estimate has its award or the way to it"
            self._award = self._rater._explained(self._known, self._on, self._whos, self._judged[1])
        return self._award

    def __repr__(self) -> str:
        return f"Estimate(points={self.points})"
