"""Papers for those who check: the checkpoint to keep elsewhere, the notice of a closed period, the
proof of a line and of a balance, the report of a verification."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime

from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.findings import Verification
from lovepoints.desks.answers import Points
from lovepoints.desks.auditing import Proof
from lovepoints.desks.closing import BalanceProof, Close
from lovepoints.papers.figures import moment, points, signed
from lovepoints.papers.layout import Sheet, titled
from lovepoints.words import say
from lovepoints.words.papers import ENTRIES
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
    sheet.text(sheet.said("check_with"))
    sheet.text(sheet.said("check_command"), indent=2)
    for line in ("office_signature", "kept_by", "checked_by"):
        sheet.gap()
        sheet.text(sheet.said(line))
    return sheet.done()


def close_notice(
    close: Close, checkpoint: Checkpoint, *, width: int = 48, lang: str | None = None,
    community: str = "", wide: bool = False,
) -> str:
    """The sums of a closed period for the wall: everybody can hold her own proof against them."""
    sheet = Sheet(width, lang, wide)
    titled(sheet, sheet.said("close"), community, {
        "closed_until": close.until.isoformat(), "passbooks": str(close.passbooks)})
    sheet.rule()
    _counted(sheet, "all_have", close.points)
    _counted(sheet, "all_owe", close.owed)
    sheet.rule()
    sheet.text(sheet.said("code"))
    sheet.text(checkpoint.code, indent=2)
    sheet.rule()
    sheet.text(sheet.said("ask_for_proof"))
    return sheet.done()


def proof_slip(
    proof: Proof, *, width: int = 48, lang: str | None = None, community: str = "",
    wide: bool = False,
) -> str:
    """What one entry did, and the code of the book in which it stands. People are pseudonyms."""
    sheet, entry = Sheet(width, lang, wide), proof.entry
    did = say(ENTRIES, entry.kind, {}, sheet.lang) if entry.kind in ENTRIES else entry.kind
    titled(sheet, sheet.said("proof"), community, {
        "entry": str(entry.seq), "day": entry.day, "did": did})
    for holder, kinds in proof.points.items():
        for kind, amount in kinds.items():
            sheet.pair(_of(sheet, sheet.said("in_passbook", holder=holder), kind), signed(amount))
    sheet.rule()
    sheet.text(sheet.said("stands_in"))
    sheet.text(proof.checkpoint.code, indent=2)
    if proof.since:
        sheet.text(sheet.said("continues"))
        sheet.text(proof.since.code, indent=2)
    sheet.rule()
    sheet.text(sheet.said("compare_line"))
    return sheet.done()


def balance_slip(
    proof: BalanceProof, *, width: int = 32, lang: str | None = None, community: str = "",
    wide: bool = False,
) -> str:
    """What was counted for one passbook in a close, beside the sums of all."""
    sheet = Sheet(width, lang, wide)
    titled(sheet, sheet.said("counted"), community, {
        "closed_until": proof.close.until.isoformat(), "number": proof.holder})
    sheet.rule()
    _counted(sheet, "has", proof.points)
    _counted(sheet, "owes", proof.owed)
    sheet.rule()
    sheet.pair(sheet.said("passbooks"), str(proof.close.passbooks))
    _counted(sheet, "all_have", proof.close.points)
    _counted(sheet, "all_owe", proof.close.owed)
    sheet.rule()
    sheet.text(sheet.said("code"))
    sheet.text(proof.entry.checkpoint.code, indent=2)
    sheet.rule()
    sheet.text(sheet.said("compare"))
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


def _counted(sheet: Sheet, what: str, sums: Mapping[str, Points]) -> None:
    """A line for each kind of points."""
    if not sums and what in ("has", "all_have"):
        sheet.pair(sheet.said(what), sheet.said("points", points=0))
    for kind, amount in sums.items():
        sheet.pair(_of(sheet, sheet.said(what), kind), sheet.said("points", points=points(amount)))


def _of(sheet: Sheet, what: str, kind: str) -> str:
    """What it is, and of which kind of points, unless it is the plain one."""
    return what if kind == "point" else sheet.said("of_kind", what=what, kind=kind)


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
