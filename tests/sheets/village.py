"""A village with a first rulebook, and sheets to bring into its book."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.testing import FakeClock, community

RULES = Path(__file__).parents[2] / "examples" / "rulebooks" / "first.toml"
TITLES = "rule,resident,day,quantity,grade,place,note,confirmed by"
PEOPLE = ("0421", "0422", "0423")
FIRST = date(2026, 3, 1)


def village(store: Store | None = None) -> Community:
    """Three residents, an officer who confirms, and one who brings sheets in."""
    book = community(clock=FakeClock("2026-03-31 18:00"), store=store)
    book.rulebooks.adopt(RULES)
    book.residents.appoint("staff:wang", role="grid-officer")
    book.residents.appoint("staff:li", role="collector")
    for code in PEOPLE:
        book.residents.enrol(code, household=f"home-{code}", since=FIRST)
    return book


def patrols(count: int) -> list[str]:
    """So many rows of two hours each, no two alike."""
    days = [FIRST + timedelta(days=n // 3 % 28) for n in range(count)]
    return [f"volunteer,{PEOPLE[n % 3]},{days[n]},2,,第{n}组,,staff:wang"
            for n in range(count)]


def sheet(folder: Path, rows: Iterable[str], *, titles: str = TITLES, name: str = "deeds.csv",
          encoding: str = "utf-8-sig") -> Path:
    """A file with these rows below its titles."""
    path = folder / name
    path.write_text("\r\n".join([titles, *rows]) + "\r\n", encoding=encoding, newline="")
    return path


def balances(book: Community) -> dict[str, int]:
    """What every household has."""
    return {code: book.passbooks[code].balance for code in PEOPLE}
