"""The paper of an inspection: where to look first, and what chance says to look at."""

from __future__ import annotations

from lovepoints.desks.inspecting import Inspection
from lovepoints.papers.layout import Sheet, titled
from lovepoints.words import say
from lovepoints.words.inspecting import INSPECTION

_SEQS_MOST = 12
"""So many entries of a lead are printed; JSON and CSV have them all."""


def inspection_report(
    inspection: Inspection, *, width: int = 64, lang: str | None = None, community: str = "",
    wide: bool = False,
) -> str:
    """What an auditor looks at first, the confirmations drawn for checking, and by which scales.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet = Sheet(width, lang, wide)

    def said(code: str, **facts: object) -> str:
        return say(INSPECTION, code, facts, sheet.lang)

    titled(sheet, said("title"), community, {})
    sheet.pair(said("period"), f"{inspection.since} – {inspection.until}")
    sheet.pair(said("confirmations"), str(inspection.confirmations))
    sheet.pair(said("officers"), str(inspection.officers))
    sheet.rule()
    sheet.text(said("leads"))
    for lead in inspection.leads:
        sheet.text(inspection.why(lead, sheet.lang), first="* ")
        shown = " ".join(map(str, lead.seqs[:_SEQS_MOST]))
        sheet.text(said("entries", seqs=shown, count=len(lead.seqs)
                        if len(lead.seqs) > _SEQS_MOST else ""), indent=2)
    sheet.text(said("innocent" if inspection.leads else "no_leads"))
    sheet.rule()
    sheet.text(said("rechecks" if inspection.rechecks else "no_rechecks"))
    sheet.table([[str(one.seq), one.day.isoformat(), one.deed, one.officer]
                 for one in inspection.rechecks], [-8, 10, 10, 0])
    sheet.text(said("drawn", seq=inspection.seq, root=inspection.root.hex()[:16]))
    sheet.rule()
    sheet.text(f"{said('scales')}: " + ", ".join(
        f"{name} {'/'.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in inspection.scales.plain().items()))
    return sheet.done()
