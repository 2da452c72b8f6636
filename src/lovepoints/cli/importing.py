"""`import`: a spreadsheet of deeds brought into the book."""

from __future__ import annotations

from pathlib import Path

import lovepoints
from lovepoints import sheets
from lovepoints.cli.failing import FINE, MISUSED, WRONG
from lovepoints.cli.plain import plain
from lovepoints.cli.voice import Outcome, Voice
from lovepoints.core.values import show
from lovepoints.papers.layout import Sheet
from lovepoints.sheets.problems import shown

_COLUMNS = 64
_COUNTS = ("rows", "confirmed", "waiting", "repeated", "refused")


def bring_in(
    voice: Voice, book: Path, sheet: Path, by: str, dry_run: bool, batch: int,
) -> Outcome:
    """Bring a sheet in, or try what would happen; 1 if a row was set aside, 2 if the sheet cannot
    be read at all."""
    with lovepoints.open(book) as community, \
            voice.progress(voice.said("importing"), 100) as step:
        found = sheets.bring_in(
            community, sheet, by=by, rehearse=dry_run, rows=batch,
            progress=lambda read, size: step(read * 100 // max(size, 1)))
    code = FINE if found.is_whole else WRONG if found.rows else MISUSED
    return Outcome(code=code, lines=_lines(voice, found), told=_told(voice, found))


def _lines(voice: Voice, found: sheets.Imported) -> tuple[str, ...]:
    paper = Sheet(_COLUMNS, voice.lang)
    paper.text(found.name)
    paper.rule()
    for name in _COUNTS:
        paper.pair(voice.said(f"import_{name}"), f"{getattr(found, name):,}")
    for kind, points in found.points.items():
        paper.pair(voice.said("import_points", kind=kind), show(int(points * 10**6), 6))
    paper.rule()
    lines = [problem.text(voice.lang) for problem in found.problems]
    told = sum(found.reasons.values()) - len(found.problems)
    if told > 0:
        lines.append(voice.said("import_more", count=told))
    if found.unknown:
        lines.append(voice.said("import_unknown", codes=[shown(one) for one in found.unknown]))
    if found.stopped:
        lines.append(voice.said("import_stopped", what=found.stopped.text(voice.lang)))
    lines.append(voice.said("import_whole" if found.is_whole else "import_again"))
    if found.is_rehearsal:
        lines.append(voice.said("import_rehearsed"))
    return (paper.done(), *lines)


def _told(voice: Voice, found: sheets.Imported) -> dict[str, object]:
    problems = [{**plain(one), "sentence": one.sentence(voice.lang),
                 "remedy": one.remedy(voice.lang)} for one in found.problems]
    return {**plain(found), "problems": problems, "is_whole": found.is_whole}
