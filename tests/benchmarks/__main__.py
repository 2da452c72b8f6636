"""`python -m tests.benchmarks`: the speed of the library beside plain `sqlite3`, in one run."""

from __future__ import annotations

import argparse
import json

from tests.benchmarks import report, running

SIZES = {"2k": 2_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}


def main() -> None:
    """Measure, and print one object or tables."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    size = asked.add_mutually_exclusive_group()
    size.add_argument("--size", choices=SIZES, default="10k", help="how many deeds")
    size.add_argument("--entries", type=int, metavar="N", help="so many deeds, from 2000 on")
    asked.add_argument("--json", action="store_true", help="one object instead of tables")
    said = asked.parse_args()
    if said.entries is not None and said.entries < SIZES["2k"]:
        asked.error(f"--entries {said.entries}: at least {SIZES['2k']} deeds are needed")
    told = running.run(said.entries or SIZES[said.size])
    print(json.dumps(told, ensure_ascii=False, indent=1) if said.json else report.markdown(told))


if __name__ == "__main__":
    main()
