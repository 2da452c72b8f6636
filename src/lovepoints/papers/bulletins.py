"""The bulletin of a period: its figures, one below the other, and the code of the book."""

from __future__ import annotations

from lovepoints.desks.figures import Bulletin
from lovepoints.papers.layout import Sheet, titled
from lovepoints.words.figures import said_number, said_part, title, unit


def bulletin(
    bulletin: Bulletin, *, width: int = 64, lang: str | None = None, community: str = "",
    full: bool = False, wide: bool = False,
) -> str:
    """A bulletin (通报). Figures that there is nothing to say of are left out, and so are parts
    that are zero; `full` prints all."""
    sheet = Sheet(width, lang, wide)
    titled(sheet, sheet.said("bulletin"), community, {
        "period": f"{bulletin.since} – {bulletin.until}", "known_on": bulletin.as_of.isoformat(),
        "scope_counted": ", ".join(f"{name}={value}" for name, value in bulletin.scope.items())})
    sheet.rule()
    for one in bulletin.figures.values():
        parts = {name: number for name, number in one.parts.items() if number or full}
        if not (one.value or parts or one.hidden or full):
            continue
        said = said_number(one, sheet.lang)
        percent = one.unit == "percent" or one.value is None
        sheet.pair(f"{title(one.id, sheet.lang)} {one.id}",
                   said if percent else f"{said} {unit(one.unit, sheet.lang)}")
        for name, number in parts.items():
            sheet.pair(said_part(name, sheet.lang), str(number), indent=2)
        for name in filter(None, one.hidden):
            sheet.pair(said_part(name, sheet.lang), f"<{bulletin.least}", indent=2)
    sheet.rule()
    sheet.text(sheet.said("small_left_out", least=bulletin.least))
    sheet.text(sheet.said("book_code"))
    sheet.text(bulletin.code, indent=2)
    return sheet.done()
