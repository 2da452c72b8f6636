"""Rows on top of rows answer as one store would that had them all."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lovepoints.core.overlay import Indexed, Overlay
from lovepoints.core.rows import Due, Lot
from lovepoints.stores.memory import MemoryStore

lots = st.builds(
    lambda id, account, unit, free, ends_at: Lot(
        id=id, account=account, unit=unit, granted=9, free=free, ends_at=ends_at,
        is_open=int(free > 0)),
    st.integers(1, 6), st.sampled_from("ab"), st.sampled_from("pq"), st.integers(0, 2),
    st.integers(1, 3))
dues = st.builds(
    lambda id, holder, at, done: Due(id=id, holder=holder, kind="deduct", at=at, done=done),
    st.sampled_from("123456"), st.sampled_from("ab"), st.integers(0, 3), st.integers(0, 1))
changes = st.lists(st.one_of(lots, dues, st.tuples(st.just(Lot), st.integers(1, 6)),
                             st.tuples(st.just(Due), st.sampled_from("123456"))), max_size=12)
bounds = st.one_of(st.none(), st.integers(0, 3))
QUESTIONS: tuple[tuple[Any, str, tuple[Any, ...]], ...] = (
    (Lot, "spendable", ("a", "p", 1)), (Lot, "spendable", ("a", "p")), (Lot, "", ()),
    (Due, "by_holder", ("a", 0)), (Due, "by_time", (0,)), (Due, "", ()),
)


def _do(rows: Any, change: Any) -> None:
    if isinstance(change, tuple):
        rows.drop(*change)
    else:
        rows.put(change)


@given(below=changes, above=changes, question=st.sampled_from(QUESTIONS), low=bounds, high=bounds,
       reverse=st.booleans(), limit=st.integers(0, 4))
def test_an_overlay_is_a_store_with_its_changes(
    below: list[Any], above: list[Any], question: tuple[Any, str, tuple[Any, ...]],
    low: int | None, high: int | None, reverse: bool, limit: int,
) -> None:
    """Any question, in any order, with any bounds; and the rows below never notice."""
    first, both = MemoryStore(), MemoryStore()
    with first.writing(), both.writing():
        for change in below:
            _do(first, change)
            _do(both, change)
        for change in above:
            _do(both, change)
    record, index, equal = question
    said: dict[str, Any] = {"reverse": reverse, "limit": limit}
    if index:
        said |= {"low": low, "high": high}
    untouched = first.find(record)

    overlay = Overlay(first)
    for change in above:
        _do(overlay, change)

    assert both.find(record, index, *equal, **said) == overlay.find(record, index, *equal, **said)
    assert list(both.scan(record)) == list(overlay.scan(record))
    for row in (*both.find(record), *untouched):
        assert both.get(record, row.id) == overlay.get(record, row.id)
    assert untouched == first.find(record)


@given(early=changes, late=changes, question=st.sampled_from(QUESTIONS), low=bounds, high=bounds,
       reverse=st.booleans(), limit=st.integers(0, 4))
def test_an_indexed_overlay_answers_as_a_store_while_it_grows(
    early: list[Any], late: list[Any], question: tuple[Any, str, tuple[Any, ...]],
    low: int | None, high: int | None, reverse: bool, limit: int,
) -> None:
    """Any question, before and after further changes."""
    store, indexed = MemoryStore(), Indexed()
    record, index, equal = question
    said: dict[str, Any] = {"reverse": reverse, "limit": limit}
    if index:
        said |= {"low": low, "high": high}

    for part in (early, late):
        with store.writing():
            for change in part:
                _do(store, change)
                _do(indexed, change)

        assert store.find(record, index, *equal, **said) == indexed.find(
            record, index, *equal, **said)
        assert list(store.scan(record)) == list(indexed.scan(record))
    assert store.find(record) == indexed.forget(record)
    assert [] == indexed.find(record, index, *equal, **said)
