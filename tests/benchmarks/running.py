"""One run: every measurement in turn, and the totals that were asserted on the way."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks import ledgers, memory, reads, rules, starting, syncs
from tests.benchmarks.report import Figure, Json, Missing, report
from tests.benchmarks.stream import SINGLES, WHOLE_PIECES, Stream, flatness

SMALL, BIG = 11_000, 100_000
"""A book of ten whole pieces, which a big one is compared to; and what a big one is."""
WAL = 1_000
"""So many deeds at most are enough to time single awards in WAL."""
PATIENCE = 1.5
"""Seconds after which a slow measurement is not repeated."""
SMOKE, TIMES = 10_000, 5
"""Below so many deeds nothing is repeated, own rows are said again in WAL only and memory is seen
for a tenth of the deeds; otherwise each is measured so often, and the median counts."""


def run(size: int, peers: Path | None = None) -> Json:
    """All figures as one object; with those of the peers that are installed in a folder."""
    begun, found = perf_counter(), list[Figure | Missing]()
    times = 1 if size < SMOKE else TIMES
    with tempfile.TemporaryDirectory() as place:
        found += _wal(Path(place), min(WAL, size // 10))
        stream, figures = _stream(Path(place), size, times)
        found += figures
        totals = stream.totals()
        stream.close()
    found += [*rules.figures(size, peers), *syncs.figures(),
              *memory.figures(size // 10 if size < SMOKE else size), *starting.figures(times),
              *(ledgers.figures(peers) if peers else ())]
    return report(size, found, totals, perf_counter() - begun)


def _wal(place: Path, size: int) -> Iterator[Figure]:
    stream = Stream(place / "wal", size, "wal", piece=2 * SINGLES)
    assert stream.mode == "wal"
    stream.run()
    stream.totals()
    yield from stream.singles("_wal")
    stream.close()


def _stream(place: Path, size: int, times: int) -> tuple[Stream, list[Figure]]:
    stream, found = Stream(place / "stream", size, own=size >= SMOKE), list[Figure]()
    if size < BIG:
        stream.run()
    else:
        small = Stream(place / "small", SMALL)
        for one in (small, stream):
            one.run(leave=WHOLE_PIECES)
        found += [*flatness(small, stream), *reads.flatness(small, stream, times)]
        small.totals()
        small.close()
    found += [*stream.singles(), *stream.bulk(), stream.redemption(),
              *reads.measured(stream, times), *_verify(stream, times), stream.file()]
    return stream, found


def _verify(stream: Stream, times: int) -> Iterator[Figure]:
    books = stream.ours.community.books
    entries = int(stream.ours.community.describe()["entries"])
    for name, audit in (("verify_tree", lambda: books.verify(only_tree=True)),
                        ("verify_whole", books.verify)):
        seconds = repeated(audit, times)
        yield Figure(name, entries / median(seconds), {"entries": entries, "times": len(seconds)})


def repeated(work: Callable[[], object], times: int) -> list[float]:
    """Seconds of each time, until it has been enough."""
    seconds = list[float]()
    while sum(seconds) < PATIENCE and len(seconds) < times:
        begun = perf_counter()
        work()
        seconds.append(perf_counter() - begun)
    return seconds
