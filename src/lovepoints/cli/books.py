"""`init`, `passbook`, `verify`: what is done with a book's file."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import lovepoints
from lovepoints import papers
from lovepoints.cli.failing import FINE, WRONG, Misuse
from lovepoints.cli.plain import plain
from lovepoints.cli.proving import kept
from lovepoints.cli.voice import Outcome, Voice, page_columns
from lovepoints.community import Community
from lovepoints.core import text
from lovepoints.core.findings import Verification


def init(voice: Voice, book: Path, name: str, admin: str, zone: str) -> Outcome:
    """Found a book."""
    try:
        ZoneInfo(zone)
    except (ValueError, ZoneInfoNotFoundError):
        raise Misuse("bad_zone", {"zone": zone}) from None
    try:
        text.code(name, "name"), text.code(admin, "admin")
    except ValueError as error:
        raise Misuse("bad_text", {"what": str(error)}) from None
    lovepoints.create(book, name=name, admin=admin, zone=zone)
    return Outcome(
        lines=(voice.paint(voice.said("founded", path=book), "bold"), "",
               f"{voice.said('next')}:", f"  lovepoints doctor {book}",
               f"  lovepoints verify {book}"),
        told={"path": str(book), "name": name, "admin": admin, "zone": zone})


def passbook(
    voice: Voice, book: Path, code: str, as_of: str | None, lines: int,
    entries: bool, width: int | None,
) -> Outcome:
    """Show a passbook."""
    with lovepoints.open(book, readonly=True) as community:
        moment = _moment(as_of, community) if as_of else None
        found = community.passbooks.of(code, as_of=moment, lines=lines)
        resident = community.residents[code]
        page = papers.passbook_page(
            found, width=width or page_columns(), lang=voice.lang, community=community.name,
            name=resident.name, lines=lines, entries=entries)
    told = {**plain(found), "why_not_more": list(found.explained(voice.lang)),
            "name": resident.name}
    return Outcome(lines=(page,), told=told)


def verify(
    voice: Voice, book: Path, against: tuple[str, ...], quick: bool, rate: bool,
) -> Outcome:
    """Verify a book, and hold it against the checkpoints that are given."""
    if quick and rate:
        raise Misuse("quick_rate", {})
    papers_kept = [kept(voice, one) for one in against]
    began = time.monotonic()
    with lovepoints.open(book, readonly=True) as community:
        entries = int(community.describe()["entries"])
        with voice.progress(voice.said("verifying"), entries) as step:
            found = community.books.check(against=papers_kept, only_tree=quick, rate=rate,
                                          progress=step)
        report = papers.verification_report(
            found, width=page_columns(), lang=voice.lang, community=community.name)
    seconds = f"{time.monotonic() - began:.1f}"
    return Outcome(
        code=FINE if found.holds else WRONG,
        lines=(report, voice.said("took", seconds=seconds)), told=_told(voice, found, quick))


def backup(voice: Voice, book: Path, file: Path) -> Outcome:
    """Copy a book, verify the copy, and show the code that tells it from a later book."""
    with lovepoints.open(book) as community:
        made = community.books.backup(file)
        slip = papers.checkpoint_slip(
            made.checkpoint, width=page_columns(), lang=voice.lang, community=community.name,
            taken_at=made.at)
    return Outcome(
        lines=(voice.said("backed_up", path=file, entries=made.checkpoint.size), "", slip),
        told={"path": str(file), "at": made.at.isoformat(), "entries": made.checkpoint.size,
              "root": plain(made.checkpoint.root), "checkpoint": made.checkpoint.to_text(),
              "code": made.checkpoint.code})


def _told(voice: Voice, found: Verification, quick: bool) -> dict[str, object]:
    return {
        "entries": found.entries, "root": plain(found.root), "is_sound": found.is_sound,
        "quick": quick, "rated": found.rated, "problems": plain(found.problems),
        "against": [{**plain(one), "sentence": one.sentence(voice.lang)}
                    for one in found.against]}


def _moment(day: str, community: Community) -> datetime:
    """The last moment of a local day, or a local moment; Misuse for anything else."""
    try:
        if len(day) == len("2026-10-31"):
            end = community.calendar.end_of(date.fromisoformat(day))
            return community.calendar.local(end - 1)
        moment = datetime.fromisoformat(day)
    except ValueError:
        raise Misuse("bad_day", {"value": day}) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(community.calendar.zone))
