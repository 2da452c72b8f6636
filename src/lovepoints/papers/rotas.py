"""The rota of some weeks, to hang out: a line a shift, who has it, where somebody is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lovepoints.desks.rota_answers import Rota, Shift
from lovepoints.papers.layout import Sheet, titled

_DAY = 1440


def rota(
    rota: Rota, shifts: Iterable[Shift], *, width: int = 48, lang: str | None = None,
    community: str = "", names: Mapping[str, str] | None = None, wide: bool = False,
) -> str:
    """The shifts of a rota, week by week. `names` are shown instead of codes, of those who agreed
    to be named.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet, called = Sheet(width, lang, wide), names or {}
    shown = [one for one in shifts if one.rota == rota.code]
    titled(sheet, rota.title, community, {
        "period": f"{shown[0].day} – {shown[-1].day}" if shown else ""})
    week = 0
    for one in shown:
        if one.day.isocalendar().week != week:
            week = one.day.isocalendar().week
            sheet.rule()
        sheet.pair(f"{one.day:%m-%d} {sheet.said(f'weekday_{one.day.isoweekday()}')}",
                   f"{clock(one.start)}–{clock(one.end)}")
        people = sheet.said("and_so_on").join(called.get(code, code) for code in one.residents)
        sheet.pair("  " + people, _state(sheet, one))
    sheet.rule()
    return sheet.done()


def clock(minute: int) -> str:
    """A minute of the day as people say it; after midnight it is the next day's.

    >>> clock(1140), clock(1500)
    ('19:00', '01:00')
    """
    return f"{minute % _DAY // 60:02}:{minute % 60:02}"


def _state(sheet: Sheet, one: Shift) -> str:
    if one.is_off:
        return sheet.said("shift_off")
    if one.missing:
        return sheet.said("shift_missing", count=one.missing)
    return sheet.said("shift_kept") if one.is_kept else ""
