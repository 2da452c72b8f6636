"""The benchmark in small: every row is there, and the contenders come to the same totals."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.benchmarks import ledgers, rules
from tests.benchmarks.peers import ALL
from tests.benchmarks.report import Missing
from tests.benchmarks.targets import EVER, ROWS, SMALL


def test_a_small_run_prints_one_object() -> None:
    """Two thousand deeds come to asserted totals; every row is measured or said to be missing."""
    place = Path(__file__).parents[2]

    printed = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--size", "2k", "--json"], cwd=place,
        capture_output=True, text=True, encoding="utf-8", check=True).stdout

    told = json.loads(printed)
    figures = {one["name"]: one for one in told["figures"]}
    expected = {row.name for row in ROWS if row.needs in (EVER, SMALL)}
    if not shutil.which("strace"):
        expected -= {"syncs", "syncs_wal"}
    assert (2000, 400) == (told["totals"]["awards"], told["totals"]["redemptions"])
    assert expected == figures.keys()
    assert {row.name for row in ROWS} - expected == told["not_measured"].keys()
    assert all(one["value"] > 0 for one in figures.values() if one["name"] != "start_modules")
    assert [name for name, one in figures.items() if one["met"] is False] == told["missed"]


def test_a_peer_that_is_not_installed_is_named(tmp_path: Path) -> None:
    """Nothing is made up for a peer that is not there: its row says so."""
    found = [*rules.figures(2000, tmp_path), *ledgers.figures(tmp_path)]

    missing = {one.name: one.reason for one in found if isinstance(one, Missing)}
    assert missing == {peer.row: f"{peer.package} is not installed in {tmp_path.name}"
                       for peer in ALL}
    assert ["rules"] == [one.name for one in found if not isinstance(one, Missing)]
