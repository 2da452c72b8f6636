"""`python -m tests.benchmarks`: the speed of the library beside plain `sqlite3`, in one run."""

from __future__ import annotations

import argparse
import json

from tests.benchmarks import report, running

SIZES = {"2k": 2_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}


def main() -> None:
    """Measure, and print one object or a table."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    asked.add_argument("--size", choices=SIZES, default="10k")
    asked.add_argument("--json", action="store_true")
    size = SIZES[(said := asked.parse_args()).size]
    figures, totals, seconds = running.run(size)
    found = report.report(size, figures, totals, seconds=seconds)
    print(json.dumps(found, ensure_ascii=False) if said.json else report.markdown(found, figures))


if __name__ == "__main__":
    main()
