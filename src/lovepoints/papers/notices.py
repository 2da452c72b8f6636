"""The public list on the wall: masked names, coarse labels, how to object, and its end."""

from __future__ import annotations

from collections.abc import Mapping

from lovepoints.desks.answers import Points
from lovepoints.desks.noticing import Notice, NoticeLine
from lovepoints.papers.layout import Sheet, titled


def public_notice(
    notice: Notice, *, width: int = 64, lang: str | None = None, community: str = "",
    titles: Mapping[str, str] | None = None, wide: bool = False,
) -> str:
    """A public list (公示). `titles`: what kinds of points are called, where there are several.

    What was taken back stays on the list and says so; once closed, the code of the book stands
    below.
    """
    sheet, names = Sheet(width, lang, wide), titles or {}
    titled(sheet, sheet.said("notice"), community, {
        "number": notice.id, "posted": notice.posted.isoformat(),
        "until": notice.until.isoformat()})
    sheet.rule()
    digits = len(str(len(notice.lines)))
    for line in notice.lines:
        sheet.pair(f"{line.number:>{digits}} {line.name} {line.label}",
                   _mark(sheet, line) or _points(sheet, line.points, names))
    sheet.rule()
    sheet.text(sheet.said(
        "awarded_lines", lines=sum(line.is_standing for line in notice.lines),
        people=notice.people, points=_points(sheet, notice.points, names)))
    sheet.text(sheet.said("left_out"))
    if notice.state == "posted":
        sheet.text(sheet.said("how_to_object"))
    else:
        sheet.text(sheet.said("closed_code"))
        sheet.text(notice.code, indent=2)
    return sheet.done()


def _mark(sheet: Sheet, line: NoticeLine) -> str:
    if not line.is_standing:
        return sheet.said("taken_back_mark")
    return sheet.said("objected_mark") if line.is_objected else ""


def _points(sheet: Sheet, points: Mapping[str, Points], names: Mapping[str, str]) -> str:
    several = len(points) > 1
    return ", ".join(
        (f"{names.get(kind, kind)} " if several else "") + sheet.said("points", points=amount)
        for kind, amount in points.items()) or sheet.said("points", points=0)
