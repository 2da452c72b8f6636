"""R20: small changes anywhere in the core, which the ordinary tests must notice."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable

from tests.faults.mutating import TESTS


def _mutated(*rooms: str, sample: int, tests: tuple[str, ...] = TESTS) -> tuple[int, int]:
    """How many mutants there were, and how many of them were noticed."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.faults.mutating", *rooms, "--sample", str(sample),
         "--tests", *tests], capture_output=True, text=True, check=True)
    print(said.stderr)
    tried, noticed = map(int, re.findall(r"\d+", said.stdout)[:2])
    return tried, noticed


def test_what_tests_look_at_is_held_by_them(
    count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """The tree by its own tests alone, changed anywhere; at larger sizes the whole core, of which
    nine changes in ten are noticed."""
    sample = count(pr=10, nightly=600, release=0)
    rooms, tests = (("merkle",), ("tests/core/test_merkle.py",)) if sample == 10 else ((), TESTS)
    mutants, noticed = _mutated(*rooms, sample=sample, tests=tests)

    assert noticed >= 0.9 * mutants
    tried("R20", changes_anywhere=mutants, noticed=noticed)


def test_what_no_test_looks_at_is_not_held() -> None:
    """The tool has teeth: tests of something else notice nothing."""
    assert (5, 0) == _mutated("merkle", sample=5, tests=("tests/core/test_text.py",))
