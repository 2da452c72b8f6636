"""What holds for every close: nobody who checks her proof can be left out of the sum."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from lovepoints.core import closing
from lovepoints.core.rows import CloseLeaf
from tests.checkers import checker

CHECK = checker("check_balance")
AMOUNTS = st.integers(0, 10**12)
PASSBOOKS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=4).map(lambda name: f"h-{name}"),
    st.dictionaries(st.sampled_from(["point", "point:honour"]),
                    st.lists(AMOUNTS, min_size=2, max_size=2), max_size=2),
    min_size=1, max_size=9)


def climbed(leaves: list[CloseLeaf], row: CloseLeaf) -> Any:  # Any: what the program finds
    """What the independent program makes of the path of one leaf."""
    place, path = closing.close_path(leaves, row)
    told = json.loads(json.dumps({
        "leaf": closing.leaf_bytes(row).decode(), "place": place,
        "path": [one.to_json() for one in path]}))
    return CHECK.climb(told, len(leaves))


@given(PASSBOOKS, st.randoms(use_true_random=False))
def test_every_passbook_is_cut_and_found_again(found: closing.Counted, chance: Any) -> None:
    """The parts add up to the passbook, and each leads to the root and the sum of everything."""
    leaves = closing.cut(7, found, chance.randbytes)

    told = {holder: {unit: pair for unit, pair in sums.items() if any(pair)}
            for holder, sums in found.items()}
    assert told == closing.pieced(leaves)
    wanted = [closing.close_root(leaves).hex(), closing.total(told.values())]
    for row in leaves:
        assert wanted == climbed(leaves, row)


@given(PASSBOOKS, st.lists(st.integers(-10**13, 10**13), min_size=1, max_size=9),
       st.randoms(use_true_random=False))
def test_whoever_invents_passbooks_cannot_make_the_sum_smaller(
    found: closing.Counted, invented: list[int], chance: Any,
) -> None:
    """Whatever leaves are put among theirs, below zero too: if all who are there check their
    proofs and nobody complains, the published sum holds at least what they have."""
    own = closing.cut(7, found, chance.randbytes)
    leaves = own + [CloseLeaf(seq=7, holder="h-none", part=at, salt=chance.randbytes(16),
                              sums={"point": [amount, 0]})
                    for at, amount in enumerate(invented)]
    try:
        tops = [climbed(leaves, row) for row in own]
    except ValueError:
        event("somebody sees a sum below zero")
        return

    event("nobody complains")
    has = sum(sums["point"][0] for sums in found.values() if "point" in sums)
    assert all(top == tops[0] for top in tops)
    assert tops[0][1].get("point", [0, 0])[0] >= has


@given(PASSBOOKS.filter(lambda found: len(found) > 1), st.randoms(use_true_random=False))
def test_whoever_is_left_out_has_no_proof(found: closing.Counted, chance: Any) -> None:
    """A path of another close does not lead to the root of one without her."""
    leaves, left_out = closing.cut(7, found, chance.randbytes), max(found)
    rest = [row for row in leaves if row.holder != left_out]
    wanted = [closing.close_root(rest).hex(), closing.total(closing.pieced(rest).values())]

    for row in leaves:
        if row.holder == left_out:
            assert wanted != climbed(leaves, row)
