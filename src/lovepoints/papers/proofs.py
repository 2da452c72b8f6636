"""Papers for those who audit: the checkpoint to keep elsewhere, the report of a verification."""

from __future__ import annotations

import base64
from datetime import datetime

from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.findings import Verification
from lovepoints.papers.figures import moment
from lovepoints.papers.layout import Sheet, titled
from lovepoints.words import say
from lovepoints.words.verifying import AGAINST

PROBLEMS_SHOWN = 20
"""How many problems a report lists; a program reads all of them from the verification."""


def checkpoint_slip(
    checkpoint: Checkpoint, *, width: int = 48, lang: str | None = None, community: str = "",
    taken_at: datetime | None = None, wide: bool = False,
) -> str:
    """Size, root and code of the journal, to be printed and kept where nobody can change it."""
    sheet = Sheet(width, lang, wide)
    titled(sheet, sheet.said("checkpoint"), community, {
        "as_of": moment(taken_at) if taken_at else "", "entries": str(checkpoint.size)})
    sheet.rule()
    for name, fact in (("code", checkpoint.code), ("origin", checkpoint.origin),
                       ("root", base64.b64encode(checkpoint.root).decode())):
        sheet.text(sheet.said(name))
        sheet.text(fact, indent=2)
    sheet.rule()
    sheet.text(sheet.said("keep"))
    sheet.gap()
    sheet.text(sheet.said("office_signature"))
    sheet.text(sheet.said("checked_by"))
    return sheet.done()


def verification_report(
    verification: Verification, *, width: int = 64, lang: str | None = None,
    community: str = "", wide: bool = False,
) -> str:
    """What a verification found: the size and root of a sound book, or the first bad entry;
    what each checkpoint from outside says; and what cannot be seen without one."""
    sheet = Sheet(width, lang, wide)
    titled(sheet, sheet.said("verification"), community,
           {"entries": str(verification.entries)})
    sheet.text(sheet.said("root"))
    sheet.text(base64.b64encode(verification.root).decode(), indent=2)
    sheet.rule()
    if verification.is_sound:
        agrees = all(one.outcome == "holds" for one in verification.against)
        sheet.text(sheet.said("sound" if agrees else "sound_inside"))
    else:
        _problems(sheet, verification)
    if verification.rated:
        sheet.text(sheet.said("rated", count=verification.rated))
    _against(sheet, verification)
    return sheet.done()


def _problems(sheet: Sheet, verification: Verification) -> None:
    sheet.text(sheet.said("damaged"))
    if seq := verification.problems[0].seq:
        sheet.text(sheet.said("first_bad", seq=seq))
    sheet.rule()
    for problem in verification.problems[:PROBLEMS_SHOWN]:
        code = "problem" if problem.seq else "problem_apart"
        sheet.text(sheet.said(code, seq=problem.seq, what=problem.sentence(sheet.lang)), first="* ")
    if (more := len(verification.problems) - PROBLEMS_SHOWN) > 0:
        sheet.text(sheet.said("more_problems", count=more))


def _against(sheet: Sheet, verification: Verification) -> None:
    """What the papers from outside say, and what nobody can say without one."""
    sheet.rule()
    for one in verification.against:
        sheet.text(one.sentence(sheet.lang), first="* ")
    held = [one.size for one in verification.against if one.outcome == "holds"]
    if not held:
        sheet.text(say(AGAINST, "limits", {}, sheet.lang))
    elif later := verification.entries - max(held):
        sheet.text(say(AGAINST, "limits_after", {"size": max(held), "later": later}, sheet.lang))
