"""What must hold when calls failed below the engine while a writer said its acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import lovepoints as lp
from tests.faults.saying import Plan, Said, acknowledged, noted
from tests.faults.small_book import ADMIN
from tests.faults.soundness import changed, look, lost

CODES = frozenset({"storage_error", "storage_full", "read_only", "busy", "closed"})
"""What a caller may be told of a fault. `closed`: the store let go of what it could not undo."""


def verdicts(
    path: Path, plan: Plan, *, codes: Iterable[str] = CODES,
    unreadable: bool = False,
) -> Iterator[str]:
    """What does not hold: O1, O2, or "error", an answer that is not promised for a fault.

    The engine calls a file `unreadable` damaged if the disk fails while it is being opened.
    """
    said = [one for one in noted(plan.out)
            if not (unreadable and one.keys == ("open",) and one.error == "BookDamaged")]
    if any(unpromised(one, codes) for one in said):
        yield "error"
    keys = {key: answer for key, answer in acknowledged(said).items() if key != "end"}
    try:
        if look(path).problems:
            yield "O1"
            return
        with lp.open(path, by=ADMIN) as community:
            streamed = {key: keys[key] for key in keys if "stubborn" not in key}
            if lost(community, keys) or changed(community, streamed, plan.prefix):
                yield "O2"
    except (lp.BookDamaged, lp.StoreError, LookupError):
        yield "O1"


def unpromised(said: Said, codes: Iterable[str] = CODES) -> bool:
    """Whether an answer is an error of another class or code, or left a transaction open."""
    if not said.error:
        return False
    return said.is_left_open or said.error != "StoreError" or said.code not in codes


def failures(plan: Plan) -> int:
    """How many sayings of a plan failed."""
    return sum(1 for one in noted(plan.out) if one.error)
