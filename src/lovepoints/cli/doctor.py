"""`doctor`: whether this computer and a book's file can be trusted."""

from __future__ import annotations

import platform
import shutil
import sys
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import lovepoints
from lovepoints.cli.failing import FINE, WRONG
from lovepoints.cli.voice import Outcome, Voice
from lovepoints.papers.layout import Sheet
from lovepoints.stores import opening

SPACE_LEAST = 100 * 2**20
"""With less free space than this a book should be moved (bytes)."""
SQLITE_LEAST = (3, 37, 0)
"""The first SQLite with STRICT tables."""
SLOW_MOST = timedelta(hours=1)
"""A clock that shows so much less than the newest entry is wrong, or was."""
_COLUMNS = 64
_DURABILITY = {"0": "OFF", "1": "NORMAL", "2": "FULL", "3": "EXTRA"}


def doctor(voice: Voice, book: Path | None) -> Outcome:
    """Look at the computer and, if one is named, at a book; 1 if something needs to be done."""
    facts, needs = _computer(voice)
    if book is not None:
        more, others = _book(voice, book)
        facts, needs = {**facts, **more}, [*needs, *others]
    sheet = Sheet(_COLUMNS, voice.lang)
    for name, fact in facts.items():
        sheet.pair(voice.said(name), fact)
    sheet.rule()
    sheet.text(voice.said("sick", count=len(needs)) if needs else voice.said("healthy"))
    for need in needs:
        sheet.text(need, first="* ")
    return Outcome(code=WRONG if needs else FINE, lines=(sheet.done(),),
                   told={"facts": facts, "needs": needs})


def _computer(voice: Voice) -> tuple[dict[str, str], list[str]]:
    """Versions, time zones, the screen's encoding; and what is wrong with them."""
    needs = []
    engine = opening.engine()
    if engine.sqlite_version_info < SQLITE_LEAST:
        needs.append(voice.said("old_sqlite", version=engine.sqlite_version))
    try:
        ZoneInfo("Asia/Shanghai")
        zones = voice.said("fine")
    except ZoneInfoNotFoundError:
        zones = voice.said("no")
        needs.append(voice.said("no_zones"))
    encoding = (sys.stdout.encoding or "").lower()
    if encoding.replace("-", "") not in ("utf8", "gb18030"):
        needs.append(voice.said("weak_encoding", encoding=encoding))
    return {
        "version": lovepoints.__version__, "python": platform.python_version(),
        "sqlite": engine.sqlite_version, "sqlite_utils": version("sqlite-utils"),
        "zones": zones, "encoding": encoding,
    }, needs


def _book(voice: Voice, book: Path) -> tuple[dict[str, str], list[str]]:
    """What a book's file is like, and what is wrong with it."""
    with lovepoints.open(book, readonly=True) as community:
        found = dict(community.describe())
    newest = datetime.fromisoformat(found["newest_entry"])
    free = shutil.disk_usage(book.resolve().parent).free
    writable = opening.may_write(book.resolve())
    needs = [part for name in ("differences", "weaknesses")
             for part in found.get(name, "").split("; ") if part]
    if not writable:
        needs.append(f"{voice.said('read_only')}: {voice.said('do_read_only')}")
    if free < SPACE_LEAST:
        needs.append(voice.said("little_space"))
    if newest - datetime.now(newest.tzinfo) > SLOW_MOST:
        needs.append(voice.said("slow_clock", newest=found["newest_entry"]))
    return {
        "path": str(book), "book_name": found["name"], "zone": found["zone"],
        "entries": found["entries"], "newest_entry": found["newest_entry"],
        "size": _megabytes(voice, book.stat().st_size),
        "free_space": _megabytes(voice, free), "engine": found["engine"],
        "journal_mode": found["journal_mode"],
        "synchronous": _DURABILITY.get(found["synchronous"], found["synchronous"]),
        "page_size": found["page_size"], "schema": found["schema"],
        "writable": voice.said("yes" if writable else "no"),
    }, needs


def _megabytes(voice: Voice, size: int) -> str:
    tenths = size * 10 // 2**20
    return voice.said("megabytes", number=f"{tenths // 10}.{tenths % 10}")
