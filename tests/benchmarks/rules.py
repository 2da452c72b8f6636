"""Rating alone: the rater's own verb on the deeds of the stream, in pieces, the first apart."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from statistics import median
from time import perf_counter

import lovepoints as lp
from tests.benchmarks import workload
from tests.benchmarks.report import Figure

PIECE = 1000
MOST = 100_000
"""So many deeds at most: a piece costs the same at the end as in the middle."""


def figure(size: int) -> Figure:
    """Microseconds to rate a deed, in the middle of all pieces but the first, which is cold."""
    begun = perf_counter()
    rater = lp.Rater(workload.rulebook())
    made = perf_counter() - begun
    deeds, pieces = workload.deeds(size), list[float]()
    for _ in range(min(size, MOST) // PIECE):
        pieces.append(_rated(rater, list(islice(deeds, PIECE))))
    cold, *warm = pieces
    return Figure("rules", median(warm), {
        "cold_us": cold, "slowest_us": max(warm), "pieces": len(warm),
        "reading_the_rulebook_ms": made * 1e3})


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
