"""How often an award makes the disk sync, and what it writes: counted by `strace`, never timed.

`python -m tests.benchmarks.syncs FOLDER` is the program that is traced. It makes an empty folder
after each award of each contender, and one before the first; `strace` sees those too, so that
nothing else counts.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median

from tests.benchmarks import ours, raw, workload
from tests.benchmarks.report import Figure, Missing

AWARDS = 40
MODES = ("truncate", "wal")
CALLS = "trace=fsync,fdatasync,pwrite64,?mkdir,mkdirat"
CALL = re.compile(r"(?:\d+ +)?(fsync|fdatasync|pwrite64)\(.*= (-?\d+)")
MARK = re.compile(r"/mark-(\w+)-(\w+)-(\d+)\"")


def figures() -> Iterator[Figure | Missing]:
    """Syncs of an award in both journal modes, at FULL; the reference beside it."""
    if not shutil.which("strace"):
        yield from (Missing(name, "strace is not installed") for name in ("syncs", "syncs_wal"))
        return
    counted = _counted()
    for mode in MODES:
        own, five = counted["ours", mode], counted["five", mode]
        syncs, raw_syncs = median(one[0] for one in own), median(one[0] for one in five)
        yield Figure(
            "syncs_wal" if mode == "wal" else "syncs",
            syncs if mode == "wal" else syncs / raw_syncs,
            {"ours_syncs": syncs, "raw_syncs": raw_syncs,
             "ours_with_checkpoints": mean(one[0] for one in own),
             "raw_with_checkpoints": mean(one[0] for one in five),
             "ours_bytes": mean(one[1] for one in own), "raw_bytes": mean(one[1] for one in five)})


def work(place: Path) -> None:
    """What is traced: the same awards by each contender in each mode."""
    deeds, clock = list(workload.deeds(2 * AWARDS)), ours.Clock(workload.FIRST_DAY)
    ours.found(place / "founded", clock, workload.residents(len(deeds)))
    for mode in MODES:
        book = ours.Ours(ours.copy(place / "founded", place / f"ours-{mode}", mode), clock)
        book.report(deeds)
        five = raw.RawFive(place / f"five-{mode}", mode, "FULL", [workload.code_of(0)])
        for name, one in (("ours", book), ("five", five)):
            one.awards(deeds[:AWARDS])
            for number, deed in enumerate(deeds[AWARDS:]):
                (place / f"mark-{name}-{mode}-{number}").mkdir()
                one.awards([deed])
            (place / f"mark-{name}-{mode}-{AWARDS}").mkdir()
            one.close()


def _counted() -> dict[tuple[str, str], list[tuple[int, int]]]:
    """By contender and mode: syncs and bytes written, award by award."""
    with tempfile.TemporaryDirectory() as place:
        log = Path(place) / "calls"
        subprocess.run(["strace", "-f", "-qq", "-e", CALLS, "-o", str(log), sys.executable, "-m",
                        "tests.benchmarks.syncs", place], check=True, capture_output=True)
        return _awards(log.read_text(encoding="utf-8", errors="replace"))


def _awards(log: str) -> dict[tuple[str, str], list[tuple[int, int]]]:
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    syncs = written = 0
    for line in log.splitlines():
        if mark := MARK.search(line):
            awards = found.setdefault((mark[1], mark[2]), [])
            if mark[3] != "0":
                awards.append((syncs, written))
            syncs = written = 0
        elif (call := CALL.match(line)) and call[1] == "pwrite64":
            written += int(call[2])
        elif call:
            syncs += 1
    assert all(len(awards) == AWARDS for awards in found.values()), "an award was not seen"
    return found


if __name__ == "__main__":
    work(Path(sys.argv[1]))
