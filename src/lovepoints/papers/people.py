"""Papers about people: who is there for an area, and what a volunteer did."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from lovepoints.desks.figures import ServiceRecord
from lovepoints.desks.resident_answers import Contact
from lovepoints.papers.layout import Sheet, titled

_TENTH = Decimal("0.1")


def contact_card(
    contacts: Iterable[Contact], *, width: int = 40, lang: str | None = None, community: str = "",
    wide: bool = False,
) -> str:
    """The card of an area (便民服务卡): its officers and those above, the nearest first. Names and
    phones stand on it only where an officer agreed; else her code does.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet, place = Sheet(width, lang, wide), None
    titled(sheet, sheet.said("contact_card"), community, {})
    for one in contacts:
        if one.area != place:
            place = one.area
            sheet.rule()
            sheet.text(one.title or one.area or sheet.said("whole_community"))
        sheet.pair(f"  {one.role}", one.name or one.code)
        if one.phone:
            sheet.pair("", one.phone)
    sheet.rule()
    return sheet.done()


def certificate(
    record: ServiceRecord, *, name: str = "", width: int = 48, lang: str | None = None,
    community: str = "", wide: bool = False,
) -> str:
    """A certificate of service hours (志愿服务时长证明), with the code by which it is checked.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet = Sheet(width, lang, wide)
    titled(sheet, sheet.said("certificate"), community, {
        "resident": name or record.resident, "period": f"{record.since} – {record.until}"})
    sheet.rule()
    for one in record.services:
        sheet.pair(record.titles[one.rule], sheet.said(
            "times_hours", times=one.times, hours=_hours(one.minutes)))
    sheet.rule()
    sheet.pair(sheet.said("all_hours"), sheet.said("hours_only", hours=_hours(
        Decimal(record.minutes))))
    sheet.text(sheet.said("book_code"))
    sheet.text(record.code, indent=2)
    return sheet.done()


def _hours(minutes: Decimal) -> str:
    return str((minutes / 60).quantize(_TENTH, ROUND_HALF_UP))
