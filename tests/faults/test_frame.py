"""The frame itself: each size has its count, and what was tried is reported."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.conftest import SIZES, TRIED, Size


def test_each_size_has_its_count(count: Callable[..., int], size: Size) -> None:
    """A row that states three counts gets the one of this run."""
    assert SIZES.index(size) == count(pr=0, nightly=1, release=2)


def test_numbers_of_a_row_add_up(
    tried: Callable[..., None], pytestconfig: pytest.Config,
) -> None:
    """Several tests of one row are one line of the report."""
    tried("R99", kills=2, acknowledged_keys=0)
    tried("R99", kills=3)

    found = pytestconfig.stash[TRIED].pop("R99")
    assert {"kills": 5, "acknowledged keys": 0} == found


def test_a_missing_tool_is_a_failure(tool: Callable[[str], str]) -> None:
    """No row is skipped because a tool is not there."""
    with pytest.raises(AssertionError, match=r"\.ci/run"):
        tool("no-such-tool")
