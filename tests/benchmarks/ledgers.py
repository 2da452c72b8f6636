"""Ledgers take turns with the library at awards, one a commit, in WAL, piece by piece.

They are asked for less: points move from an account to another and that is all. The library also
rates the deed under its caps, keeps lots with their end, explains, and chains what it writes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks import ours, workload
from tests.benchmarks.peers import LEDGERS, Peers
from tests.benchmarks.report import Figure, Missing

PIECE, PIECES = 100, 5
SIZE = PIECE * PIECES


def figures(folder: Path) -> Iterator[Figure | Missing]:
    """Each ledger over the library, in the middle of all pieces but the first."""
    for level, ledgers in LEDGERS.items():
        with tempfile.TemporaryDirectory() as place, Peers(folder, ledgers, SIZE) as peers:
            own = median(_turns(Path(place), level, peers)[1:])
        for peer, ways in peers.taken.items():
            cost = median(ways[""][1:])
            yield Figure(peer.row, cost / own, {
                "peer_us": cost, "ours_us": own, "version": peers.versions[peer]})
        yield from (Missing(peer.row, why) for peer, why in peers.missing.items())


def _turns(place: Path, level: str, peers: Peers) -> list[float]:
    """What an award costs the library, piece by piece, while the peers do the same deeds."""
    clock, deeds = ours.Clock(workload.FIRST_DAY), workload.deeds(SIZE)
    ours.found(place / "founded", clock, workload.residents(SIZE))
    book = ours.Ours(ours.copy(place / "founded", place / "ours", "wal"), clock)
    book.sync(level)
    found, total = list[float](), 0
    while piece := list(islice(deeds, PIECE)):
        book.report(piece)
        begun = perf_counter()
        book.awards(piece)
        found.append((perf_counter() - begun) / PIECE * 1e6)
        total += sum(one.points for one in piece)
        peers.do(PIECE, total)
    assert {"outstanding": total} == book.totals(), "the library does not agree"
    book.close()
    return found
