"""Papers of rehearsals: points as they are and as they would be, who wins and who loses."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lovepoints.desks.rehearsals import Rehearsal, Shift
from lovepoints.desks.repricing import PriceRehearsal
from lovepoints.papers.figures import points, signed, yuan
from lovepoints.papers.layout import Sheet, titled
from lovepoints.words import say
from lovepoints.words.rehearsing import REHEARSAL

_WIDE_COLUMNS = 40
"""From this width on, figures have wide columns."""


def rehearsal_slip(
    rehearsal: Rehearsal, *, width: int = 48, lang: str | None = None, community: str = "",
    most: int = 20, wide: bool = False,
) -> str:
    """A rehearsed rulebook for the committee's table; of winners and losers `most` each.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet = Sheet(width, lang, wide)
    titled(sheet, _said(sheet, "title"), community, {})
    sheet.pair(_said(sheet, "rulebook"), rehearsal.rulebook.title)
    sheet.pair(_said(sheet, "period"), f"{rehearsal.since} – {rehearsal.until}")
    for name in ("decisions", "changed"):
        sheet.pair(_said(sheet, name), str(getattr(rehearsal, name)))
    sheet.rule()
    _figures(sheet, rehearsal)
    for code, shifts in (("more", rehearsal.winners), ("less", rehearsal.losers)):
        _list(sheet, _said(sheet, code, count=len(shifts)), shifts, most)
    sheet.rule()
    for code in ("hidden", "committee", "nothing"):
        sheet.text(_said(sheet, code))
    return sheet.done()


def price_rehearsal_slip(
    rehearsal: PriceRehearsal, *, width: int = 48, lang: str | None = None, community: str = "",
    most: int = 20, wide: bool = False,
) -> str:
    """A rehearsed price list for the committee's table; of winners and losers `most` each.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet = Sheet(width, lang, wide)
    titled(sheet, _said(sheet, "price_title"), community, {})
    sheet.pair(_said(sheet, "period"), f"{rehearsal.since} – {rehearsal.until}")
    sheet.pair(_said(sheet, "redemptions"), str(rehearsal.redemptions))
    sheet.rule()
    sheet.table([
        [_said(sheet, f"head_{name}") for name in ("what", "was", "now")],
        [_said(sheet, "fetched"), points(rehearsal.was), points(rehearsal.now)],
        [_said(sheet, "months"), _months(rehearsal.months_was), _months(rehearsal.months_now)],
    ], _widths(sheet))
    cover = rehearsal.cover
    sheet.text(_said(sheet, "covered", points=points(cover.outstanding),
                     shelf=points(cover.shelf), missing=points(cover.missing)))
    for code, shifts in (("dearer", rehearsal.losers), ("cheaper", rehearsal.winners)):
        _list(sheet, _said(sheet, code, count=len(shifts)), shifts, most)
    sheet.rule()
    sheet.text(_said(sheet, "short", count=len(rehearsal.short)))
    for code in ("committee", "nothing"):
        sheet.text(_said(sheet, code))
    return sheet.done()


def _figures(sheet: Sheet, rehearsal: Rehearsal) -> None:
    was, now = rehearsal.was, rehearsal.now
    rows = [[_said(sheet, f"head_{name}") for name in ("what", "was", "now")]]
    lines = {
        "given": [points(one.points) for one in (was, now)],
        "deducted": [points(one.deducted) for one in (was, now)],
        "yuan": [yuan(one.fen) for one in (was, now)],
        "months": [_months(one.months) for one in (was, now)],
        "cuts": [str(sum(one.cuts.values())) for one in (was, now)]}
    rows += [[_said(sheet, name), *cells] for name, cells in lines.items()]
    sheet.table(rows, _widths(sheet))
    titles = {one.code: one.title for one in rehearsal.rulebook.limits}
    for code in dict.fromkeys((*was.cuts, *now.cuts)):
        sheet.table([[f"- {titles.get(code) or code}",
                      *(str(one.cuts.get(code, 0)) for one in (was, now))]], _widths(sheet))
    sheet.rule()
    sheet.text(_said(sheet, "shelf", points=points(rehearsal.shelf),
                     yuan=yuan(rehearsal.pledged)))
    if rehearsal.waiting:
        sheet.text(_said(sheet, "waiting", points=points(rehearsal.waiting)))
    if rehearsal.refused:
        sheet.text(_said(sheet, "refused", count=sum(rehearsal.refused.values())))


def _list(sheet: Sheet, head: str, shifts: Sequence[Shift], most: int) -> None:
    sheet.rule()
    sheet.text(head)
    for one in shifts[:most]:
        sheet.pair(one.holder,
                   f"{points(one.was)}→{points(one.now)} {signed(one.difference):>6}")
    if len(shifts) > most:
        sheet.text(_said(sheet, "rest", count=len(shifts) - most))


def _widths(sheet: Sheet) -> tuple[int, int, int]:
    size = -9 if sheet.columns >= _WIDE_COLUMNS else -7
    return (0, size, size)


def _months(months: Decimal | None) -> str:
    return "-" if months is None else points(months)


def _said(sheet: Sheet, code: str, **facts: object) -> str:
    return say(REHEARSAL, code, facts, sheet.lang)
