"""How much memory a long import and a whole audit take, in a program of their own.

`python -m tests.benchmarks.memory FOLDER SIZE` is that program: it founds a book, streams deeds
into it from a generator, a thousand a commit, audits the book and prints what it held at most.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.benchmarks import ours, workload
from tests.benchmarks.report import Figure
from tests.benchmarks.starting import peak_mb

PIECE = 1000


def figures(size: int) -> Iterator[Figure]:
    """Megabytes more, at most, than before the import, and than before the audit."""
    with tempfile.TemporaryDirectory() as place:
        told = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.memory", place, str(size)], check=True,
            capture_output=True, text=True).stdout
    founded, imported, audited = map(float, told.split())
    yield Figure("memory_import", imported - founded, {"before_mb": founded, "deeds": size})
    yield Figure("memory_verify", audited - imported, {"before_mb": imported, "deeds": size})


def work(place: Path, size: int) -> None:
    """What is measured; the residents are there before it begins."""
    clock = ours.Clock(workload.FIRST_DAY)
    ours.found(place / "book", clock, workload.residents(size))
    book = ours.Ours(place / "book", clock)
    peaks, deeds = [peak_mb()], workload.deeds(size)
    while piece := list(islice(deeds, PIECE)):
        book.report(piece)
        book.bulk(piece)
    peaks.append(peak_mb())
    book.community.books.verify()
    peaks.append(peak_mb())
    print(*peaks)


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]))
