"""`checkpoint`, `close`, `prove`, `prove-balance`: what others check without the house."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs

import lovepoints
from lovepoints import papers
from lovepoints.cli.failing import Misuse, keep, text_of
from lovepoints.cli.plain import plain
from lovepoints.cli.voice import Outcome, Voice, page_columns
from lovepoints.core.checkpoints import Kept, Misread, read_kept


def checkpoint(voice: Voice, book: Path, file: Path | None, width: int | None) -> Outcome:
    """Show the slip of a book's checkpoint, and keep its exact text."""
    with lovepoints.open(book) as community:
        found = community.books.checkpoint()
        slip = papers.checkpoint_slip(
            found, width=width or page_columns(), lang=voice.lang, community=community.name,
            taken_at=datetime.now(ZoneInfo(community.calendar.zone)))
    if file:
        keep(file, found.to_text())
    return Outcome(lines=(slip, *_kept_in(voice, file)), told={
        "entries": found.size, "root": plain(found.root), "checkpoint": found.to_text(),
        "code": found.code})


def close(
    voice: Voice, book: Path, by: str, until: str | None, width: int | None,
) -> Outcome:
    """Close a period, and show the notice with its sums."""
    last = _day(until) if until else None
    with lovepoints.open(book) as community:
        try:
            made = community.books.close_period(last, by=by)
        except ValueError:
            raise Misuse("not_closed", {"until": until or voice.said("yesterday")}) from None
        left = attrs.evolve(community.books.checkpoint(), size=made.seq,
                            root=community.books.root_at(made.seq))
        notice = papers.close_notice(
            made, left, width=width or page_columns(), lang=voice.lang, community=community.name)
    return Outcome(lines=(notice,), told={
        **plain(made), "checkpoint": left.to_text(), "code": left.code})


def prove(
    voice: Voice, book: Path, seq: int, against: str | None, since: str | None,
    file: Path | None, qr: bool, width: int | None,
) -> Outcome:
    """Prove one line of the book."""
    if qr and since:
        raise Misuse("qr_since", {})
    then, older = (kept(voice, one) if one else None for one in (against, since))
    with lovepoints.open(book, readonly=True) as community:
        found = community.books.prove(seq, against=then, since=older)
        slip = papers.proof_slip(found, width=width or page_columns(), lang=voice.lang,
                                 community=community.name)
    told = {"proof": found.told(), "text": found.to_text()}
    if qr:
        return Outcome(told=told, lines=(found.to_text().removesuffix("\n"),))
    return _handed_over(voice, told, file, slip, "check_proof")


def prove_balance(
    voice: Voice, book: Path, code: str, seq: int | None, against: str | None,
    file: Path | None, width: int | None,
) -> Outcome:
    """Prove that a passbook was counted in a close."""
    paper = kept(voice, against) if against else None
    with lovepoints.open(book, readonly=True) as community:
        found = community.books.prove_balance(code, seq=seq or 0, against=paper)
        slip = papers.balance_slip(found, width=width or page_columns(), lang=voice.lang,
                                   community=community.name)
    return _handed_over(voice, {"proof": found.told()}, file, slip, "check_balance")


def kept(voice: Voice, given: str) -> Kept:
    """A checkpoint that was kept: its file, or its code as typed from paper."""
    try:
        return read_kept(text_of(Path(given)) if _is_file(given) else given)
    except Misread as error:
        raise Misuse("bad_code", {"value": given, "what": error.sentence(voice.lang)}) from None


def _handed_over(
    voice: Voice, told: Mapping[str, Any], file: Path | None, slip: str, checker: str,
) -> Outcome:
    """The slip; where the proof went into a file, who can check it; else how it gets into one."""
    if not file:
        return Outcome(told=told, lines=(slip, voice.said("hand_over")))
    keep(file, json.dumps(told["proof"], ensure_ascii=False) + "\n")
    return Outcome(told=told, lines=(
        slip, *_kept_in(voice, file), voice.said("check_without"),
        f"  python examples/proofs/{checker}.py {file} {told['proof']['code']}"))


def _kept_in(voice: Voice, file: Path | None) -> tuple[str, ...]:
    return (voice.said("kept_in", path=file),) if file else ()


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Misuse("bad_day", {"value": said}) from None


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except (OSError, ValueError):
        return False
