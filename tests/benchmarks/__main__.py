"""`python -m tests.benchmarks`: the speed of the library beside plain `sqlite3`, in one run."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.benchmarks import report, running

SIZES = {"2k": 2_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}


def main() -> None:
    """Measure, and print one object or tables."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    size = asked.add_mutually_exclusive_group()
    size.add_argument("--size", choices=SIZES, default="10k", help="how many deeds")
    size.add_argument("--entries", type=int, metavar="N", help="so many deeds, from 2000 on")
    shown = asked.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="print one object")
    shown.add_argument("--markdown", action="store_true", help="print tables (also if left out)")
    asked.add_argument("--page", type=Path, metavar="PAGE.md", help="put the tables into it too")
    size.add_argument("--from", dest="run", type=Path, metavar="RUN.json",
                      help="measure nothing: tell again what an earlier run printed")
    asked.add_argument("--peers", type=Path, metavar="FOLDER",
                       help="with peers that `python -m tests.benchmarks.peers FOLDER` installed")
    said = asked.parse_args()
    if said.entries is not None and said.entries < SIZES["2k"]:
        asked.error(f"--entries {said.entries}: at least {SIZES['2k']} deeds are needed")
    told = (json.loads(said.run.read_text(encoding="utf-8")) if said.run
            else running.run(said.entries or SIZES[said.size], said.peers))
    if said.page:
        report.put_into(said.page, told)
    print(json.dumps(told, ensure_ascii=False, indent=1) if said.json else report.markdown(told))


if __name__ == "__main__":
    main()
