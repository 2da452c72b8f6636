"""Rating alone: the rater's own verb on the deeds of the stream, in pieces, the first apart.

Rule engines take turns with it, piece by piece. They know no caps, so they are asked for less: what
a deed is worth before its caps, by the whole rulebook as one rule set. Beside it stands what they
take if the host has picked the one rule already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter

import lovepoints as lp
from tests.benchmarks import workload
from tests.benchmarks.peers import RULES, Peers
from tests.benchmarks.report import Figure, Missing

PIECE = 1000
MOST, MOST_WITH_PEERS = 100_000, 10_000
"""So many deeds at most: a piece costs the same at the end as in the middle."""


def figures(size: int, folder: Path | None = None) -> Iterator[Figure | Missing]:
    """Microseconds to rate a deed, in the middle of all pieces but the first, which is cold."""
    begun = perf_counter()
    rater = lp.Rater(workload.rulebook())
    made = perf_counter() - begun
    deeds, pieces = workload.deeds(size), list[float]()
    with Peers(folder, RULES, size) as peers:
        for _ in range(min(size, MOST_WITH_PEERS if folder else MOST) // PIECE):
            piece = list(islice(deeds, PIECE))
            pieces.append(_rated(rater, piece))
            peers.do(PIECE, sum(workload.worth(one) for one in piece))
    cold, *warm = pieces
    yield Figure("rules", median(warm), {
        "cold_us": cold, "slowest_us": max(warm), "pieces": len(warm),
        "reading_the_rulebook_ms": made * 1e3})
    yield from _beside(median(warm), peers)


def _beside(ours: float, peers: Peers) -> Iterator[Figure | Missing]:
    """Each engine over ours, and the fastest of them."""
    taken = {peer: {way: median(us[1:]) for way, us in ways.items()}
             for peer, ways in peers.taken.items()}
    for peer, us in taken.items():
        yield Figure(peer.row, us["whole"] / ours, {
            "whole_us": us["whole"], "picked_us": us["picked"], "ours_us": ours,
            "version": peers.versions[peer]})
    if taken:
        fastest = min(taken, key=lambda peer: taken[peer]["whole"])
        yield Figure("rules_fastest", taken[fastest]["whole"] / ours, {"which": fastest.package})
    yield from (Missing(peer.row, why) for peer, why in peers.missing.items())


def _rated(rater: lp.Rater, deeds: Sequence[workload.Deed]) -> float:
    said = [(one.rule, workload.code_of(one.resident), one.day, one.grade or None,
             f"{one.half_hours / 2}" if one.half_hours else None) for one in deeds]
    came_to: int | Decimal = 0
    begun = perf_counter()
    for rule, resident, on, grade, quantity in said:
        came_to += rater.rate(rule, resident=resident, on=on, grade=grade,
                              quantity=quantity).points
    spent = perf_counter() - begun
    assert came_to == sum(one.points for one in deeds), "the rater does not agree"
    return spent / len(deeds) * 1e6
