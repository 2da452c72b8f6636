"""`move-in`: the tables with which a community begins, brought into a book."""

from __future__ import annotations

from pathlib import Path

import lovepoints
from lovepoints import sheets
from lovepoints.cli.failing import FINE, MISUSED, WRONG, Misuse
from lovepoints.cli.plain import plain
from lovepoints.cli.voice import Outcome, Voice
from lovepoints.core.values import show
from lovepoints.papers.layout import Sheet

_COLUMNS = 64


def move_in(
    voice: Voice, book: Path, by: str, areas: Path | None, residents: Path | None,
    officers: Path | None, balances: Path | None, dry_run: bool, partly: bool, batch: int,
) -> Outcome:
    """Bring the tables in, or try what would happen; 1 if a row cannot be taken, 2 if a table
    cannot be read at all."""
    if not (areas or residents or officers or balances):
        raise Misuse("no_table", {})
    with lovepoints.open(book) as community, \
            voice.progress(voice.said("importing"), 100) as step:
        found = sheets.move_in(
            community, areas=areas, residents=residents, officers=officers, balances=balances,
            by=by, rehearse=dry_run, partly=partly, rows=batch,
            progress=lambda _, read, size: step(read * 100 // max(size, 1)))
    unread = any(one.stopped and not one.rows for one in found.tables)
    code = FINE if found.is_whole else MISUSED if unread else WRONG
    return Outcome(code=code, lines=_lines(voice, found, dry_run), told=_told(voice, found))


def _lines(voice: Voice, found: sheets.MovedIn, dry_run: bool) -> tuple[str, ...]:
    paper = Sheet(_COLUMNS, voice.lang)
    for one in found.tables:
        paper.text(f"{voice.said(f'move_{one.table}')}  {one.name}")
        for name in ("rows", "new", "repeated", "refused"):
            if getattr(one, name) or name == "rows":
                paper.pair(voice.said(f"move_{name}"), f"{getattr(one, name):,}", indent=2)
    for kind, points in found.points.items():
        paper.pair(voice.said("move_points", kind=kind), show(int(points * 10**6), 6))
    paper.rule()
    problems = [problem for one in found.tables for problem in (
        *one.problems, *((one.stopped,) if one.stopped else ()))]
    lines = [problem.text(voice.lang) for problem in problems]
    if found.alike:
        lines += [voice.said("move_alike"), *(one.text(voice.lang) for one in found.alike)]
    lines.append(voice.said(
        "import_whole" if found.is_written and found.is_whole else
        "move_partly" if found.is_written else
        "import_rehearsed" if dry_run else "move_mend"))
    if found.code:
        lines.append(voice.said("move_code", printed=found.code))
    return (paper.done(), *lines)


def _told(voice: Voice, found: sheets.MovedIn) -> dict[str, object]:
    return {**plain(found), "is_whole": found.is_whole, "sentences": [
        problem.text(voice.lang) for one in found.tables for problem in one.problems]}
