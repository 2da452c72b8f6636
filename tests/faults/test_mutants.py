"""R20: libraries that are broken on purpose, each seen by exactly the invariants that it breaks.

The oracle that would not notice a broken library proves nothing about the honest one. So every
mutant declares what it breaks, no more and no less, and the honest library breaks nothing.
Not here: leases of kiosks (I22) and PostgreSQL (I24), which do not exist yet; how transactions
begin and lock, which `test_races.py` breaks (R10).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from lovepoints.core.verifying import verify
from lovepoints.stores import sqlite
from tests.faults import beside, oracle, rulings, story
from tests.faults.mutants import MUTANTS, Edit, Mutant
from tests.faults.story import Story


def _told(folder: Path, edits: Iterable[Edit] = (), *, checks: bool = True) -> tuple[
        set[str], list[str]]:
    """The invariants that a library with these edits breaks, and where it stopped."""
    with pytest.MonkeyPatch.context() as patch:
        for edit in edits:
            edit.plant(patch)
        one = Story(folder / "book.db", checks=checks)
        one.tell()
    return one.broken | oracle.broken(one.path), one.stops


def _noticed(folder: Path) -> bool:
    """Whether the honest library finds something when it verifies the book later."""
    store = sqlite.open_(folder / "book.db", readonly=True)
    try:
        return bool(verify(store, rate=True).problems)
    finally:
        store.close()


def test_the_honest_library_breaks_nothing(tmp_path: Path) -> None:
    """In the same story, and without a crash."""
    assert (set(), []) == _told(tmp_path)
    assert not _noticed(tmp_path)


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=lambda mutant: mutant.name)
def test_a_mutant_breaks_what_it_declares(
    mutant: Mutant, tmp_path: Path, tried: Callable[..., None],
) -> None:
    """Exactly these invariants, once every other guard is gone too; and whoever verifies the book
    with a sound program later is told, unless the file cannot tell."""
    broken, _ = _told(tmp_path, (*mutant.edits, *mutant.unguarded), checks=not mutant.guard)

    assert mutant.breaks == broken
    assert mutant.is_untold == (not _noticed(tmp_path))
    tried("R20", mutants=1, noticed_by_verify=not mutant.is_untold)


@pytest.mark.parametrize("mutant", [one for one in MUTANTS.values() if one.guard],
                         ids=lambda mutant: mutant.name)
def test_a_second_guard_stops_a_mutant(
    mutant: Mutant, tmp_path: Path, tried: Callable[..., None],
) -> None:
    """One broken line alone breaks nothing where the library says that it is guarded twice."""
    broken, stops = _told(tmp_path, mutant.edits)

    assert set() == broken
    assert not mutant.guard.isidentifier() or any(mutant.guard in stop for stop in stops)
    tried("R20", guarded_twice=1)


def test_every_invariant_is_broken_by_a_mutant() -> None:
    """What the oracle or the story can say, some mutant makes them say."""
    source = "".join(Path(str(module.__file__)).read_text(encoding="utf-8")
                     for module in (oracle, rulings, beside, story))
    known = set(re.findall(r'"(I\d+)"', source))

    assert known == set().union(*(mutant.breaks for mutant in MUTANTS.values()))
