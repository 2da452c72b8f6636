"""`demo`: play a year, leave its book behind, and show what it came to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from itertools import zip_longest
from pathlib import Path

from lovepoints import papers
from lovepoints.cli.failing import Misuse
from lovepoints.cli.plain import plain
from lovepoints.cli.voice import Outcome, Voice
from lovepoints.demo import folder as folders
from lovepoints.demo.plan import COMMUNITY, FIRST, LAST
from lovepoints.demo.playing import play
from lovepoints.demo.story import Story, story
from lovepoints.papers.layout import width

COLUMNS = 72
_PAGE, _ROLL, _CELL = 64, 32, 16
_FIGURES = (
    ("households", "residents", "officers", "items"),
    ("reports", "confirmed", "rejected", "duplicates"),
    ("withdrawn", "reopened", "refused", "entries"),
    ("issued", "redeemed", "cleared", "deducted"),
    ("redemptions", "reservations", "returns", "counted"),
)


def demo(voice: Voice, seed: int, folder: Path, households: int, keep: bool) -> Outcome:
    """Play a year into a folder of its own."""
    if reason := folders.obstacle(folder, keep=keep):
        raise Misuse(f"demo_{reason}", {"folder": str(folder)})
    began = time.monotonic()
    days = (LAST - FIRST).days
    try:
        book = folders.prepare(folder)
    except OSError as error:
        raise Misuse("unreadable", {"path": str(folder), "what": error.strerror or ""}) from None
    with voice.progress(voice.said("playing"), days) as step:
        def tell(day: date) -> None:
            step((day - FIRST).days)

        played = play(book, seed=seed, households=households, progress=tell)
    with played.community:
        told = story(played)
    folders.keep_checkpoint(folder, told.checkpoint)
    seconds = f"{time.monotonic() - began:.1f}"
    return Outcome(lines=tuple(_shown(voice, told, folder, seconds)),
                   told=_told(told, folder, seed))


def _told(told: Story, folder: Path, seed: int) -> dict[str, object]:
    return {
        "book": str(folder / folders.BOOK), "seed": seed, "first": FIRST.isoformat(),
        "last": LAST.isoformat(), "figures": dict(told.figures),
        "passbook": plain(told.passbook), "redemption": plain(told.handed),
        "may_fetch": [one.holder for one in told.fetchers if one.may_fetch],
        "item": plain(told.item), "cover": plain(told.cover),
        "checkpoint": {"size": told.checkpoint.size, "root": plain(told.checkpoint.root),
                       "code": told.checkpoint.code, "origin": told.checkpoint.origin},
        "is_sound": told.verification.is_sound,
    }


def _shown(voice: Voice, told: Story, folder: Path, seconds: str) -> Iterator[str]:
    """The year on the screen, part by part."""
    title = voice.said("demo_title", name=COMMUNITY, first=FIRST.isoformat(),
                       last=LAST.isoformat())
    yield voice.paint("═" * COLUMNS, "cyan")
    yield voice.paint(" " * ((COLUMNS - width(title)) // 2) + title, "bold")
    yield voice.paint("═" * COLUMNS, "cyan")
    yield ""
    yield _figures(voice, told)
    for number, (code, paper) in enumerate(_papers(voice, told), 1):
        yield ""
        yield _heading(voice, number, voice.said(code))
        yield ""
        yield _indented(paper)
    yield ""
    yield _heading(voice, 0, voice.said("demo_try"))
    yield ""
    for command, meaning in _commands(told, folder):
        yield f"  {voice.paint(command, 'green')}"
        yield f"      {voice.said(meaning)}"
    yield ""
    yield voice.paint(voice.said("demo_done", book=folder / folders.BOOK, seconds=seconds), "bold")


def _papers(voice: Voice, told: Story) -> Iterator[tuple[str, str]]:
    """Every paper with the heading above it."""
    lang = voice.lang
    code = told.passbook.code
    yield "demo_passbook", papers.passbook_page(
        told.passbook, width=_PAGE, lang=lang, community=COMMUNITY, name=told.names[code],
        lines=14)
    yield "demo_award", papers.explanation(told.decision, width=_PAGE, lang=lang,
                                           community=COMMUNITY)
    slips = [papers.receipt(one, width=_ROLL, lang=lang, community=COMMUNITY)
             for one in (told.handed, told.reserved) if one]
    if slips:
        yield "demo_receipt", _beside(slips)
    yield "demo_shelf", papers.shelf_list(told.shelf, width=_PAGE, lang=lang)
    yield "demo_who", papers.who_may_fetch(
        told.item, told.fetchers, width=_PAGE, lang=lang, names=told.names, most=8)
    yield "demo_cover", papers.cover_slip(told.cover, width=_PAGE, lang=lang)
    yield "demo_checkpoint", papers.checkpoint_slip(told.checkpoint, width=_PAGE, lang=lang,
                                                    taken_at=told.passbook.as_of)
    yield "demo_verify", papers.verification_report(told.verification, width=_PAGE, lang=lang)


def _commands(told: Story, folder: Path) -> Iterator[tuple[str, str]]:
    """Three things to try, with what they do."""
    book = folder / folders.BOOK
    yield (f"lovepoints passbook {book} {told.passbook.code} --as-of {LAST}",
           "try_passbook")
    yield f"lovepoints verify {book} --against {folder / folders.CHECKPOINT}", "try_verify"
    yield f"lovepoints check {folder / folders.RULEBOOK} --brief", "try_check"


def _figures(voice: Voice, told: Story) -> str:
    """The year in figures, four in a row."""
    return "\n".join("  ".join(_cell(voice, told, name) for name in row) for row in _FIGURES)


def _cell(voice: Voice, told: Story, name: str) -> str:
    label, number = voice.said(f"figure_{name}"), f"{told.figures[name]:,}"
    return label + " " * (_CELL - width(label) - len(number)) + voice.paint(number, "bold")


def _heading(voice: Voice, number: int, title: str) -> str:
    lead = f"── {number}  {title} " if number else f"── {title} "
    return voice.paint(lead + "─" * (COLUMNS - width(lead)), "cyan")


def _indented(paper: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in paper.split("\n"))


def _beside(slips: list[str]) -> str:
    """Narrow papers next to each other."""
    rows = zip_longest(*(slip.split("\n") for slip in slips), fillvalue="")
    return "\n".join("    ".join(part + " " * (_ROLL - width(part)) for part in row).rstrip()
                     for row in rows)
