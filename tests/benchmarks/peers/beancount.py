"""beancount: a file of awards is written, loaded and checked; it keeps no book of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from beancount import loader

from tests.benchmarks.workload import Deed, code_of, residents

VERSION = version("beancount")


def begin(place: Path, size: int) -> dict[str, Callable[[Sequence[Deed]], Any]]:
    """The accounts are opened in each file anew."""
    names = ["Income:Issued", *(f"Assets:{code_of(one).upper()}" for one in range(residents(size)))]
    opened, total = [f"2026-01-01 open {name} PTS" for name in names], [0]

    def awards(deeds: Sequence[Deed]) -> Callable[[], int]:
        lines = [f'{one.day} * "{one.rule}"\n  {names[one.resident + 1]}  {one.points} PTS\n'
                 f"  Income:Issued  -{one.points} PTS" for one in deeds]
        path = place / "book.beancount"
        path.write_text("\n".join([*opened, *lines]) + "\n", encoding="utf-8")
        entries, errors, _ = loader.load_file(str(path))
        assert not errors, errors[0]

        def came_to() -> int:
            total[0] += int(sum(line.units.number for entry in entries
                                for line in getattr(entry, "postings", ())
                                if line.account != "Income:Issued"))
            return total[0]
        return came_to
    return {"": awards}
