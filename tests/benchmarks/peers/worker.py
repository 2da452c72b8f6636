"""`python -m tests.benchmarks.peers.worker MODULE PLACE SIZE`: one peer, told what to do by lines.

It runs in the peer's own Python, knows nothing of the library, and answers each line with what
the work took and came to. A way of working returns the points, or a function that adds up what the
peer holds by now, which is not timed.
"""

from __future__ import annotations

import importlib
import json
import sys
from itertools import islice
from pathlib import Path
from time import perf_counter

from tests.benchmarks import workload


def main(module: str, place: str, size: str) -> None:
    """Begin, then do as many deeds as each line asks for, in every way that the peer knows."""
    peer = importlib.import_module(f"tests.benchmarks.peers.{module}")
    deeds, ways = workload.deeds(int(size)), peer.begin(Path(place), int(size))
    _say({"version": peer.VERSION})
    for line in sys.stdin:
        some, seconds, points = list(islice(deeds, int(line))), {}, set()
        for name, work in ways.items():
            begun = perf_counter()
            came_to = work(some)
            seconds[name] = perf_counter() - begun
            points.add(int(came_to() if callable(came_to) else came_to))
        assert len(points) == 1, f"the ways of {module} do not agree: {points}"
        _say({"seconds": seconds, "points": points.pop()})


def _say(told: dict[str, object]) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
