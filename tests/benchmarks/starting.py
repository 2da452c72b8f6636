"""What it costs to start: a fresh Python that imports the library, over one that does nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from time import perf_counter

from tests.benchmarks.report import Figure

IMPORT, USED = "import lovepoints", "import lovepoints as lp; lp.create, lp.open"
HEAVY = ("sqlite_utils", "click")


def figures(times: int) -> Iterator[Figure]:
    """Time, memory and modules of the import."""
    runs = [[_fresh(code) for code in ("pass", IMPORT, USED)] for _ in range(times)]
    for prefix, at in (("start", 1), ("start_used", 2)):
        yield Figure(f"{prefix}_ms", median(one[at][0] - one[0][0] for one in runs),
                     {"bare_ms": median(one[0][0] for one in runs)})
        yield Figure(f"{prefix}_mb", median(one[at][1] - one[0][1] for one in runs),
                     {"bare_mb": median(one[0][1] for one in runs)})
    code = f"import sys\n{IMPORT}\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True,
                            text=True).stdout.split()
    yield Figure("start_modules", len(loaded), dict.fromkeys(loaded, "loaded"))


def peak_mb() -> float:
    """The most megabytes that this program held so far.

    `VmHWM` begins anew with the program; `ru_maxrss` would hold the size of its parent.
    """
    with open("/proc/self/status", encoding="utf-8") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _fresh(code: str) -> tuple[float, float]:
    """Milliseconds of a fresh Python that runs this, and the most megabytes it held."""
    told = f"{code}\nprint(open('/proc/self/status').read())"
    begun = perf_counter()
    lines = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True,
                           text=True).stdout
    spent = (perf_counter() - begun) * 1000
    peak = next(line.split()[1] for line in lines.splitlines() if line.startswith("VmHWM"))
    return spent, int(peak) / 1024
