"""`check`: rulebooks read, linted, their cases played, and compared with an earlier one."""

from __future__ import annotations

from pathlib import Path

from lovepoints import checking
from lovepoints.cli.failing import FINE, WRONG, text_of
from lovepoints.cli.plain import plain
from lovepoints.cli.voice import Outcome, Voice


def check(voice: Voice, files: tuple[Path, ...], against: Path | None, brief: bool,
          places: bool) -> Outcome:
    """Check every file; 1 if anything in any of them is not as it says."""
    old = text_of(against) if against else ""
    lines: list[str] = []
    told = []
    wrong = 0
    for file in files:
        text = text_of(file)
        report = _checked(voice, text, file)
        wrong += not report.is_right
        lines += [*report.lines(voice.lang, notes=not brief, places=places), ""]
        told.append(report.to_json(voice.lang))
        if against and report.rulebook:
            comparison = checking.compare(_lines(text), _lines(old))
            lines += [voice.paint(voice.said("changes", old=against), "bold"),
                      *(f"  {line}" for line in comparison.lines(voice.lang)), ""]
            told[-1]["changes"] = {"settings": plain(comparison.changes),
                                   "cases": plain(comparison.cases)}
    lines.append(voice.said("not_right", count=wrong) if wrong else voice.said("right"))
    return Outcome(code=WRONG if wrong else FINE, lines=tuple(lines), told={"files": told})


def _checked(voice: Voice, text: str, file: Path) -> checking.Report:
    with voice.progress(f"{voice.said('checking')} {file.name}", 100) as step:
        return checking.check(_lines(text), name=str(file),
                              progress=lambda done, total: step(done * 100 // total))


def _lines(text: str) -> str:
    """The text with a line break, so that it is not taken for a path."""
    return text if "\n" in text else text + "\n"
