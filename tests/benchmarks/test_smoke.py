"""The benchmark in small: every figure is there, and the contenders come to the same totals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def test_a_small_run_prints_one_object() -> None:
    """Two thousand deeds come to asserted totals, and what missed its target is listed."""
    place = Path(__file__).parents[2]

    printed = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--size", "2k", "--json"], cwd=place,
        capture_output=True, text=True, encoding="utf-8", check=True).stdout

    found = json.loads(printed)
    aimed = [one for one in found["figures"] if one["target"] is not None]
    assert (2000, 400) == (found["totals"]["awards"], found["totals"]["redemptions"])
    assert all(one["value"] > 0 for one in found["figures"])
    assert [one["name"] for one in aimed if not one["met"]] == found["missed"]
