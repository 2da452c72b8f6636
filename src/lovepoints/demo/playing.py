"""Playing the year onto a new book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from importlib.resources import files
from pathlib import Path
from random import Random

import attrs

from lovepoints import community as communities
from lovepoints.community import Community
from lovepoints.demo import deeds, shopping
from lovepoints.demo.agenda import Agenda
from lovepoints.demo.people import Village, village
from lovepoints.demo.plan import ADMIN, COMMUNITY, FIRST, HOUSEHOLDS, LAST, SEED, scaled
from lovepoints.testing import FakeClock, seeded
from lovepoints.testing import community as in_memory


@attrs.frozen(kw_only=True, eq=False)
class Played:
    """The year once it is over: the open book (its clock stands on the last evening), who lived
    in it, and how often something was refused, by code."""

    community: Community
    village: Village
    refused: dict[str, int]


def rulebook_text() -> str:
    """The rulebook that the demo plays by: a real one, as it stands in examples/rulebooks."""
    return (files("lovepoints.demo") / "rulebook.toml").read_text(encoding="utf-8")


def play(
    path: Path, *, seed: int = SEED, households: int = HOUSEHOLDS,
    progress: Callable[[date], None] = lambda day: None,
) -> Played:
    """Found a book at `path` and play a year onto it; `progress` is told each day.

    Raises:
        StoreError: the file exists, or cannot be made.
    """
    clock, random = _clock(), seeded(seed)
    communities.create(path, name=COMMUNITY, admin=ADMIN, clock=clock, random=random)
    community = communities.open(path, by=ADMIN, clock=clock, random=random)
    try:
        return _lived(community, clock, seed, households, progress)
    except BaseException:
        community.close()
        raise


def rehearse(
    *, seed: int = SEED, households: int = HOUSEHOLDS,
    progress: Callable[[date], None] = lambda day: None,
) -> Played:
    """The same year on a book in memory."""
    clock = _clock()
    community = in_memory(clock=clock, seed=seed, name=COMMUNITY, admin=ADMIN, by=ADMIN)
    return _lived(community, clock, seed, households, progress)


def _clock() -> FakeClock:
    return FakeClock(datetime.combine(FIRST, time(8)))


def _lived(
    community: Community, clock: FakeClock, seed: int, households: int,
    progress: Callable[[date], None],
) -> Played:
    """Let everything happen; the clock stands on the last evening then."""
    dice = Random(seed)
    everybody = village(dice, households)
    _move_in(community, clock, everybody, households)
    agenda = Agenda(community, clock, dice, everybody, households)
    deeds.plan(agenda)
    shopping.plan(agenda)
    agenda.put(date(2026, 1, 10), 3, community.books.sweep, 0)
    *_, leaver, mover = everybody.active
    agenda.put(date(2026, 6, 25), 10, partial(
        community.residents.move, mover, household=everybody.villagers[0].household))
    agenda.put(date(2026, 8, 27), 10, partial(community.residents.leave, leaver))
    agenda.run(LAST, progress)
    clock.set(datetime.combine(LAST, time(18)))
    return Played(community=community, village=everybody, refused=dict(agenda.refused))


def _move_in(community: Community, clock: FakeClock, everybody: Village, households: int) -> None:
    """The rulebook, everybody who lives here, the offices, and balances of the old paper book."""
    with community.batch():
        community.rulebooks.adopt(rulebook_text())
        for villager in everybody.villagers:
            community.residents.enrol(villager.code, name=villager.name, area=villager.area,
                                      household=villager.household)
        for officer in everybody.officers:
            community.residents.appoint(officer.code, role=officer.role, area=officer.area,
                                        resident=officer.resident)
    clock.move(hours=2)
    with community.batch():
        for place, code in enumerate(everybody.active[:scaled(40, households)]):
            for kind in ("spend", "honor"):
                community.books.opening(code, 20 + place % 5 * 8, kind=kind)

