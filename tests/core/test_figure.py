"""Shares, places, rough numbers, and what is too small to be told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lovepoints.core.figures.figure import Figure, concealed, places, ratio, roughly


@pytest.mark.parametrize(("count", "of", "share"), [
    (26, 27, "96.3"), (1, 3, "33.3"), (2, 3, "66.7"), (161, 161, "100.0"), (0, 5, "0.0"),
    (1, 16, "6.3"), (1, 80, "1.3"),
])
def test_a_share_has_one_decimal_half_up(count: int, of: int, share: str) -> None:
    """6.25 is 6.3, and 1.25 is 1.3."""
    assert ratio(count, of) == Decimal(share)


@given(st.integers(0, 10**9))
def test_a_rough_number_is_never_more_than_there_is(number: int) -> None:
    """Two leading figures, the others zero; 余 exactly where something was left out."""
    rough, is_more = roughly(number)

    assert rough <= number < rough + 10 ** max(0, len(str(number)) - 2)
    assert is_more == (rough != number)
    assert set(str(rough)[2:]) <= {"0"}


def test_equal_numbers_share_a_place() -> None:
    """1, 2, 2, 4; who has no number has no place."""
    assert places({"a": 5, "b": 7, "c": 5, "d": 1, "e": None}) == (
        (1, "b", 7), (2, "a", 5), (2, "c", 5), (4, "d", 1))


SPLITS = st.dictionaries(st.sampled_from([f"{head}:{tail}" for head in ("x", "y")
                                          for tail in "abcde"]), st.integers(0, 9))


@given(SPLITS, st.integers(0, 9), st.integers(2, 5))
def test_no_small_part_can_be_worked_out(
    parts: dict[str, int], basis: int, least: int,
) -> None:
    """Every part that stays is large or none; of each split either nothing is hidden, or what is
    hidden adds up from two parts at least, unless there is only one that is not zero."""
    told = concealed(Figure(id="ST-20", unit="matter", value=basis, parts=parts, basis=basis),
                     least)

    if 0 < basis < least:
        assert (told.value, told.parts, told.hidden) == (None, {}, ("",))
        return
    assert all(number == 0 or number >= least for number in told.parts.values())
    for head in ("x", "y"):
        theirs = {name: number for name, number in parts.items() if name.startswith(head)}
        gone = theirs.keys() - told.parts.keys()
        assert len(gone) != 1 or sum(map(bool, theirs.values())) == 1
        assert bool(gone) == any(0 < number < least for number in theirs.values())


def test_what_speaks_of_nobody_is_told() -> None:
    """A figure without a basis keeps its small numbers."""
    figure = Figure(id="ST-40", unit="area", value=1, parts={"level:1": 1})

    assert concealed(figure) == figure
