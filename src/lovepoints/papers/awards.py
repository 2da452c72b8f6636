"""The explanation of an award: what was decided, what it is worth, and every step to it."""

from __future__ import annotations

from lovepoints.core.rulebook import Rule
from lovepoints.desks.answers import Award, Decision
from lovepoints.papers.figures import month, points, signed
from lovepoints.papers.layout import Sheet, titled


def explanation(
    decision: Decision, *, width: int = 48, lang: str | None = None, community: str = "",
    office: bool = False, wide: bool = False,
) -> str:
    """Why a deed is worth what it is, step by step, each step with its clause.

    What was earned confidentially shows its coarse label, its month and the points only, not even
    the deed's number; `office=True` writes the copy that stays on file, with every step.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet = Sheet(width, lang, wide)
    deed = decision.deed
    is_open = office or not deed.is_hidden
    titled(sheet, sheet.said("explanation"), community, {
        "deed": deed.id if is_open else "",
        "day": deed.day.isoformat() if is_open else month(deed.day),
        "state": sheet.said(deed.status)})
    for award in decision.awards:
        sheet.rule()
        _award(sheet, award, deed.rule, office=office)
    if not decision.awards:
        sheet.rule()
        if decision.waiting_for:
            sheet.text(sheet.said("waiting_for", people=decision.waiting_for))
        else:
            sheet.text(sheet.said("no_award"))
    sheet.rule()
    for award in decision.awards[:1]:
        book = award.rulebook
        sheet.text(sheet.said("since", title=book.title, effective=book.effective.isoformat()))
    sheet.text(sheet.said("questions"))
    return sheet.done()


def _award(sheet: Sheet, award: Award, rule_code: str, *, office: bool) -> None:
    """One doer's points of every kind, and the steps."""
    rule = award.rulebook.rule(rule_code)
    is_open = office or rule is None or not rule.confidential
    if rule is not None:
        sheet.text(rule.title if is_open else _label(rule))
    if award.resident:
        sheet.pair(sheet.said("resident"), award.resident)
    if award.holder != award.resident:
        sheet.pair(sheet.said("holder"), award.holder)
    for kind, amount in award.amounts.items():
        sheet.pair(award.rulebook.kind(kind).title, signed(amount))
    for kind, amount in award.waiting.items():
        sheet.pair(sheet.said("waits"), f"{award.rulebook.kind(kind).title} {points(amount)}")
    sheet.gap()
    sheet.text(sheet.said("how"))
    for number, step in enumerate(_steps(sheet, award, is_open=is_open), 1):
        sheet.text(step, first=f"{number}. ")
    if not is_open:
        sheet.text(sheet.said("kept_apart"))


def _steps(sheet: Sheet, award: Award, *, is_open: bool) -> list[str]:
    """The steps as sentences; of a confidential award the result only, for its dates tell the
    day of the deed."""
    if is_open:
        return list(award.explained(sheet.lang))
    return [sheet.said("in_short", points=points(award.points))]


def _label(rule: Rule) -> str:
    """The coarse public name of a confidential rule; never its title."""
    return rule.label or "—"
