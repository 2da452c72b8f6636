"""What one doer's part of one deed is worth, and why: `rate`, a pure function.

Joint doers are rated by `together.rate_together`, points that wait for room by `rate_waiting`.

The steps always come in this order, and each that changes something is written into the award:

 1. `void` marks make the deed worth nothing
 2. points are chosen: the stage, else the variant that fits, else the rule's own
 3. limits in quantity cut what counts
 4. the worth by the form of the points, rounded once in the way of the kind
 5. `least` and `most` per deed
 6. shares of joint doers
 7. first and later reporters; for a deduction: repetition
 8. the bonus of a streak
 9. one matter under several rules: groups, then `several_rules`
10. marks that only offset deductions
11. a bar on earning
12. limits in times, then in points (see `limits.py`)
13. the ceiling of a passbook and what overflows
14. the dates of the lot; a deduction gets its sign

Floors under a deduction are not decided here: the award says what is due, the book takes what
is there and records the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

import attrs

from lovepoints.core.deeds import (
    QUANTITY_SCALE,
    Award,
    Facts,
    History,
    Part,
    Refusal,
    Uses,
    Verdict,
)
from lovepoints.core.points import Points, Ranged
from lovepoints.core.rating.bonuses import add_streak, bound, first_only, repeat, share
from lovepoints.core.rating.ceilings import ceiling_left, hold_under_ceilings
from lovepoints.core.rating.choosing import check_verdict, choose_points
from lovepoints.core.rating.conditions import any_fit
from lovepoints.core.rating.limits import (
    cut_quantities,
    has_times_left,
    limit_points,
    limit_times,
    points_left,
)
from lovepoints.core.rating.matters import offset, settle_matters
from lovepoints.core.rating.reporting import (
    bad_quantity,
    facts_needed,
    not_in_force,
    report_refusal,
)
from lovepoints.core.rating.sheet import Sheet, paid
from lovepoints.core.rating.validity import lot_dates, usable_on
from lovepoints.core.rating.worth import (
    Given,
    counted_quantity,
    plain,
    running,
    smallest_parts,
    stepped,
    worth,
)
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.terms import Kind
from lovepoints.core.values import AMOUNT_MAX, NEVER, Calendar, point_unit, to_minor
from lovepoints.errors import Code

__all__ = ["facts_needed", "rate", "rate_waiting", "report_refusal"]


def rate(
    rulebook: Rulebook, rule: Rule, facts: Facts, verdict: Verdict, history: History,
    calendar: Calendar, uses: Uses | None = None,
) -> Award | Refusal:
    """The award of one doer's part in one deed, or why there can be none.

    A limit, a bar or a void mark that leaves nothing makes an award of zero that says so; a
    refusal means that the report, the verdict and the rule do not fit together.

    `uses` may know what limits have used (`counters.Counters`); it changes nothing but the time
    that it takes. Hand it in only for the only doer of a deed that was never credited before.
    """
    if refusal := bad_quantity(facts.quantities) or not_in_force(rulebook, facts):
        return refusal
    plan = plan_of(rulebook, rule)
    sheet = Sheet(rulebook=rulebook, rule=rule, facts=facts, verdict=verdict, history=history,
                  calendar=calendar, quantities=facts.quantities, plain_kinds=plan.plain_kinds,
                  amounts=dict.fromkeys(plan.kinds, 0), uses=uses)
    if mark := any_fit(rule.void, facts.attributes):
        sheet.stop("void", rule.clause, rule=rule.code, mark=mark)
        return _award(sheet)
    for step in plan.steps:
        if refusal := step(sheet):
            return refusal
    return _unused_choice(sheet) or _award(sheet)


@attrs.frozen
class Plan:
    """What is known of every deed of a rule: its kinds of points, and the steps that matter.

    `kinds` are all that the rule speaks of, in the order of the rulebook.
    """

    rule: Rule
    plain_kinds: tuple[Kind, ...]
    kinds: tuple[str, ...]
    steps: tuple[Callable[[Sheet], Refusal | None], ...]


def plan_of(rulebook: Rulebook, rule: Rule) -> Plan:
    """The plan of a rule, worked out once for each rulebook."""
    found: Plan | None = rulebook.plans.get(rule.code)
    if found is None or found.rule is not rule:
        found = rulebook.plans[rule.code] = _plan(rulebook, rule)
    return found


def _plan(rulebook: Rulebook, rule: Rule) -> Plan:
    has_plain = rule.points is not None or rule.variants or rule.stages
    plain_kinds = tuple(
        kind for kind in rulebook.kinds if has_plain and kind.code not in rule.also and (
            kind.code in rule.kinds if rule.kinds
            else kind.credited or kind is rulebook.main_kind))
    named = {kind.code for kind in plain_kinds} | set(rule.also)
    return Plan(
        rule, plain_kinds, tuple(kind.code for kind in rulebook.kinds if kind.code in named),
        tuple(step for matters, step in _STEPS if matters(rulebook, rule)))


def _choose(sheet: Sheet) -> Refusal | None:
    choice = choose_points(sheet.rule, sheet.facts, sheet.verdict)
    if isinstance(choice, Refusal):
        return choice
    sheet.form, sheet.clause = choice.form, choice.clause
    kind = (*sheet.plain_kinds, sheet.rulebook.main_kind)[0]
    return check_verdict(sheet.rulebook, sheet.rule, sheet.form, sheet.quantities,
                         sheet.verdict, kind)


def _rate_forms(sheet: Sheet) -> Refusal | None:
    """Fill in what every kind is worth by itself."""
    for code in sheet.amounts:
        kind = sheet.rulebook.kind(code)
        form = sheet.rule.also.get(code, sheet.form)
        if form is not None and (refusal := _rate_form(sheet, kind, form)):
            return refusal
    return None


def _rate_form(sheet: Sheet, kind: Kind, form: Points) -> Refusal | None:
    total_before, posted = _past(sheet, kind, form)
    found = worth(form, Given(
        quantities=sheet.quantities, grades=sheet.verdict.grades, points=sheet.verdict.points,
        total_before=total_before))
    amount = smallest_parts(found.total, kind.decimals, kind.rounding)
    if not 0 <= amount <= AMOUNT_MAX:
        return Refusal(Code.AMOUNT_RANGE, {
            "what": "points", "given": plain(found.total), "most": str(AMOUNT_MAX)})
    is_running = running(form) is not None
    if is_running:
        before = smallest_parts(found.before, kind.decimals, kind.rounding)
        amount = max(0, amount - max(before, posted))
    sheet.amounts[kind.code] = amount
    sheet.note(found.code, sheet.clause, rule=sheet.rule.code, kind=kind.code, points=amount,
               **found.facts)
    if not is_running and found.total.numerator * 10**kind.decimals % found.total.denominator:
        rest = found.total - Fraction(amount, 10**kind.decimals)
        sheet.note("rounded_down" if rest > 0 else "rounded_up", kind=kind.code, points=amount,
                   exact=plain(found.total), rest=plain(abs(rest)))
    return None


def _past(sheet: Sheet, kind: Kind, form: Points) -> tuple[Decimal, int]:
    """The doer's running total before this deed, and what was posted for it.

    A deed adds no more than the total is worth beyond what was posted: after an earlier deed was
    withdrawn the next one makes up the difference only. What a limit cut from an earlier deed
    stays lost. Where other parts of the rule add points, the posted sum says nothing.
    """
    asked = running(form)
    if asked is None:
        return Decimal(0), 0
    rule, facts = sheet.rule, sheet.facts
    period = sheet.calendar.period(facts.counts_on, asked[1])
    rows = [row for row in sheet.history.credits("resident", facts.doer, period)
            if row.rule == rule.code and not sheet.is_own(row)]
    by_deed: dict[str, int] = {}
    for row in rows:
        by_deed[row.deed] = max(by_deed.get(row.deed, 0), row.quantity)
    posted = 0 if rule.streak or rule.least is not None else paid(rows, kind)
    return Decimal(sum(by_deed.values())).scaleb(-QUANTITY_SCALE), posted


def _bar(sheet: Sheet) -> None:
    """Record the deed with nothing while the holder is barred from earning."""
    facts = sheet.facts
    if until := sheet.history.bars(facts.holder, "earn", facts.counts_on):
        sheet.stop("barred", until=until.isoformat())


def _always(rulebook: Rulebook, rule: Rule) -> bool:
    return True


def _earns(rulebook: Rulebook, rule: Rule) -> bool:
    return rule.deduction is None


def _limited(of: str) -> Callable[[Rulebook, Rule], bool]:
    return lambda rulebook, rule: any(one.of == of for one in rulebook.limits_on(rule.code))


_STEPS: tuple[
    tuple[Callable[[Rulebook, Rule], object], Callable[[Sheet], Refusal | None]], ...,
] = (
    (_always, _choose),
    (_limited("quantity"), cut_quantities),
    (_always, _rate_forms),
    (lambda rulebook, rule: rule.least is not None or rule.most is not None, bound),
    (lambda rulebook, rule: rule.weights, share),
    (lambda rulebook, rule: rule.first is not None and _earns(rulebook, rule), first_only),
    (lambda rulebook, rule: rule.deduction is not None, repeat),
    (lambda rulebook, rule: rule.streak, add_streak),
    (_always, settle_matters),
    (lambda rulebook, rule: rule.offsets, offset),
    (_earns, _bar),
    (_limited("times"), limit_times),
    (_limited("points"), limit_points),
    (_earns, hold_under_ceilings),
)
"""When a step can matter for a rule, and the step; in the order of the module's docstring."""


def _unused_choice(sheet: Sheet) -> Refusal | None:
    """Points that nobody asked for are not passed over in silence."""
    points = sheet.verdict.points
    if points is None or sheet.has_chosen or isinstance(sheet.form, Ranged) or not sheet.times:
        return None
    return Refusal(Code.AMOUNT_NOT_BY_RULE, {
        "rule": sheet.rule.code, "what": "points", "given": plain(points), "known": []})


def _award(sheet: Sheet) -> Award:
    """The parts with their dates, in the order of the rulebook's kinds."""
    parts = tuple(_part(sheet, kind) for kind in sheet.rulebook.kinds
                  if kind.code in sheet.amounts)
    return Award(
        doer=sheet.facts.doer, holder=sheet.facts.holder, parts=parts, steps=tuple(sheet.steps),
        waiting=sheet.waiting, times=sheet.times,
        quantity=_counted(sheet) if sheet.times else 0,
    )


def _part(sheet: Sheet, kind: Kind) -> Part:
    rulebook, rule, facts = sheet.rulebook, sheet.rule, sheet.facts
    amount, unit = sheet.amounts[kind.code], point_unit(kind.code)
    if not amount:
        return Part(unit=unit, points=0)
    opens = lot_dates(rulebook, rule, kind, facts, amount, sheet.calendar)
    if rule.deduction is not None:
        sheet.note("deduction", rule.clause, kind=kind.code, before=amount, points=-amount,
                   floor=rule.deduction.floor, notice_days=rule.deduction.notice_days,
                   appeal=rule.deduction.appeal)
        return Part(unit=unit, points=-amount, available_at=opens.available_at)
    if opens.available_at:
        day = usable_on(rulebook, rule, facts.decided_on)
        sheet.note("usable_from", kind=kind.code, day=day.isoformat())
    if opens.ends_at != NEVER:
        last = sheet.calendar.day_of(opens.ends_at - 1)
        code = "already_over" if last < facts.decided_on else "valid_until"
        sheet.note(code, kind=kind.code, day=last.isoformat())
    return Part(unit=unit, points=amount, available_at=opens.available_at, ends_at=opens.ends_at)


def _counted(sheet: Sheet) -> int:
    """The quantity that counts in limits and totals, in millionths."""
    forms = (sheet.form, *sheet.rule.also.values())
    for form in forms:
        if name := counted_quantity(form):
            return to_minor(stepped(form, sheet.quantities[name]), QUANTITY_SCALE)
    return 0


def rate_waiting(
    rulebook: Rulebook, rule: Rule, facts: Facts, waiting: Mapping[str, int], history: History,
    calendar: Calendar, *, counted: bool = True,
) -> Award:
    """What can be paid now of points that wait for room, by unit in smallest parts.

    `facts.counts_on` and `decided_on` are the day of payment. Every limit in points and the
    ceilings hold on that day, and a used-up limit in times keeps all waiting; nothing is lost,
    the rest goes on waiting (`Award.waiting`). `counted`: the deed has counted as done once.
    """
    sheet = Sheet(rulebook=rulebook, rule=rule, facts=facts, verdict=Verdict(), history=history,
                  calendar=calendar, quantities=facts.quantities,
                  plain_kinds=plan_of(rulebook, rule).plain_kinds)
    sheet.amounts = {kind.code: amount for kind in rulebook.kinds
                     if (amount := waiting.get(point_unit(kind.code), 0))}
    sheet.times = 0 if counted else 1
    may_count = counted or has_times_left(sheet)
    for kind in sheet.kinds():
        amount = sheet.amounts[kind.code]
        fits = min(amount, points_left(sheet, kind), ceiling_left(sheet, kind))
        now = fits if may_count else 0
        if rest := amount - now:
            sheet.waiting[point_unit(kind.code)] = rest
        sheet.change("paid_late" if now else "still_waiting", kind, now, waiting=rest)
    if not any(sheet.amounts.values()):
        sheet.times = 0
    return _award(sheet)
