"""For the tests of programs that embed lovepoints: a clock to set, a book in memory, and the
suite that every store must pass.

>>> from lovepoints import testing
>>> clock = testing.FakeClock("2026-03-01")
>>> with testing.community(clock=clock) as community:
...     community.name
'幸福社区'
"""

from __future__ import annotations

import random as _random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import attrs

from lovepoints.community import Community, Policy, Random, found, opened
from lovepoints.core.store import Store
from lovepoints.core.values import Micros, micros
from lovepoints.stores.contract import StoreContract
from lovepoints.stores.memory import MemoryStore

CHEAP = 2**4
"""A cost of PINs that is no protection at all, so that tests are quick."""

__all__ = ["FakeClock", "StoreContract", "community", "seeded"]


def _instant(moment: str | date | datetime, zone: str) -> Micros:
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    elif not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return micros(moment)


@attrs.define
class FakeClock:
    """A clock that stands still until it is set or moved; local times of `zone`.

    >>> clock = FakeClock("2026-03-01 09:00")
    >>> clock.move(days=1)
    >>> str(clock.now)
    '2026-03-02 09:00:00+08:00'
    """

    start: str | date | datetime = "2026-01-01"
    zone: str = "Asia/Shanghai"
    _micros: int = attrs.field(init=False)
    _uptime: int = attrs.field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._micros = _instant(self.start, self.zone)

    def __call__(self) -> int:
        """Whole microseconds since 1970 in UTC."""
        return self._micros

    @property
    def now(self) -> datetime:
        """The local time it shows."""
        return datetime.fromtimestamp(self._micros // 1_000_000, tz=ZoneInfo(self.zone))

    def set(self, moment: str | date | datetime) -> None:
        """Show this local time (a day: its midnight). Backwards works, as on any clock."""
        self._micros = _instant(moment, self.zone)

    def move(self, **span: float) -> None:
        """Move on by `days=`, `hours=`, `minutes=`, `seconds=` ..."""
        passed = timedelta(**span) // timedelta(microseconds=1)
        self._micros += passed
        self._uptime += max(0, passed)

    def uptime(self) -> int:
        """Microseconds that passed: `move` adds to them, setting the clock does not."""
        return self._uptime

    def restart(self) -> None:
        """The machine was started anew, and its uptime begins at nothing."""
        self._uptime = 0


def seeded(seed: int = 1) -> Random:
    """A random source that gives the same bytes every time; never for a real book."""
    return _random.Random(seed).randbytes


def community(
    *, clock: FakeClock | None = None, seed: int = 1, name: str = "幸福社区",
    admin: str = "staff:zhao", zone: str = "Asia/Shanghai", by: str | None = "staff:zhao",
    store: Store | None = None, policy: Policy | None = None,
) -> Community:
    """A new community in memory (or in `store`), the same for the same seed and clock."""
    clock = clock or FakeClock(zone=zone)
    store = store if store is not None else MemoryStore()
    random = seeded(seed)
    found(store, name=name, admin=admin, zone=zone, clock=clock, random=random)
    return opened(store, by=by, clock=clock, random=random, uptime=clock.uptime, pin_cost=CHEAP,
                  policy=policy)
