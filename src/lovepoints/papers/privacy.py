"""Papers about personal data: the slip of a forwarded case, the data map, the log of looks."""

from __future__ import annotations

from collections.abc import Iterable

from lovepoints.core.privacy import Field
from lovepoints.desks.forwarding import ForwardedCase
from lovepoints.desks.privacy_answers import Look
from lovepoints.papers.layout import Sheet, titled
from lovepoints.words import say
from lovepoints.words.privacy import KEPT, LOOKS, PURPOSES, VIEWS


def forwarding_slip(
    case: ForwardedCase, *, width: int = 48, lang: str | None = None, community: str = "",
    wide: bool = False,
) -> str:
    """The slip of a case that is passed on; its lower part comes back with what was done."""
    sheet = Sheet(width, lang, wide)
    titled(sheet, sheet.said("forwarding"), community, {
        "number": case.number, "to": case.to, "day": case.day.isoformat(),
        "due_on": case.due_on.isoformat() if case.due_on else ""})
    sheet.rule()
    for line in case.text.split("\n"):
        sheet.text(line)
    sheet.rule()
    sheet.text(sheet.said("kept_by_custodian"))
    sheet.gap()
    for name in ("what_was_done", "office_signature"):
        sheet.text(sheet.said(name))
    return sheet.done()


def data_map(
    fields: Iterable[Field], *, width: int = 64, lang: str | None = None, community: str = "",
    wide: bool = False,
) -> str:
    """Every piece of personal data that a book may hold: what for, how long, who sees it."""
    sheet = Sheet(width, lang, wide)
    titled(sheet, sheet.said("data_map"), community, {})
    for field in fields:
        sheet.pair(field.place, kept(field, sheet.lang))
        sheet.text(f"{say(PURPOSES, field.purpose, {}, sheet.lang)}; "
                   f"{say(VIEWS, field.view, {}, sheet.lang)}", indent=2)
    return sheet.done()


def kept(field: Field, lang: str | None = None) -> str:
    """How long a piece of personal data is kept, in words."""
    return say(KEPT, field.counted_from, {"months": field.kept.count}, lang)


def looks(
    log: Iterable[Look], *, width: int = 64, lang: str | None = None, community: str = "",
    code: str = "", wide: bool = False,
) -> str:
    """Who saw what of somebody, when, and why."""
    sheet = Sheet(width, lang, wide)
    titled(sheet, sheet.said("looks"), community, {"resident": code})
    found = list(log)
    for one in found:
        sheet.pair(f"{one.day.isoformat()} {one.by} ({one.role})",
                   say(LOOKS, one.what, {}, sheet.lang))
        if one.reason:
            sheet.text(one.reason, indent=2)
    if not found:
        sheet.text(sheet.said("no_looks"))
    return sheet.done()
