"""How many wrong tries there may be, and how long one waits after each.

A try is counted before it is looked at, so that nothing which stops the program can make it
free; a right one gives it back. Waits are measured by the machine's uptime, which nobody sets:
between two looks never less time has passed than it shows, and after a restart of the machine,
when it shows less than before, the wait begins again with that start.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from lovepoints.core.card_rows import Tries
from lovepoints.core.deeds import Refusal
from lovepoints.errors import Code

SECOND = 1_000_000


@attrs.frozen(kw_only=True)
class Patience:
    """`free` wrong tries cost no wait; the next one costs `first` seconds, each further one twice
    as many, at most `longest`; at `most` of them it is locked."""

    free: int
    first: int
    longest: int
    most: int

    def wait_after(self, wrong: int) -> int:
        """The seconds to wait after so many wrong tries.

        >>> [PERSON.wait_after(wrong) for wrong in range(1, 10)]
        [0, 0, 30, 60, 120, 240, 480, 960, 1920]
        """
        over = wrong - self.free
        return min(self.first << over - 1, self.longest) if over > 0 else 0

    def left(self, wrong: int, since: int, now: int) -> int:
        """How much of the wait is left, in microseconds of uptime."""
        return max(0, self.wait_after(wrong) * SECOND - (now - since))


PERSON = Patience(free=2, first=30, longest=3600, most=10)
"""For one person's PIN, or one reservation's code, over all devices together."""
DEVICE = Patience(free=9, first=30, longest=900, most=30)
"""For one device, over all persons together; what a right PIN makes good does not count."""


def restarted(tries: Sequence[Tries], now: int) -> list[Tries]:
    """The rows that a machine wrote which was started since; their wait begins at that start."""
    return [attrs.evolve(row, since=0) for row in tries if row.since > now]


def standing_against(
    mine: Sequence[Tries], there: Sequence[Tries], now: int, *, is_locked: bool = False,
    is_device_locked: bool = False,
) -> Refusal | None:
    """Why no try is let through now, or None: `mine` are the tries at the same subject, `there`
    those on the same device."""
    there = [row for row in there if row.at_device]
    wrong, wrong_there = total(mine), sum(row.at_device for row in there)
    if is_locked or wrong >= PERSON.most:
        return Refusal(Code.LOCKED, {"what": "number"})
    if is_device_locked or wrong_there >= DEVICE.most:
        return Refusal(Code.LOCKED, {"what": "device"})
    left = max(PERSON.left(wrong, _newest(mine), now),
               DEVICE.left(wrong_there, _newest(there), now))
    return Refusal(Code.TRY_LATER, {"seconds": -(-left // SECOND)}) if left else None


def counted(mine: Sequence[Tries], subject: str, device: str, now: int) -> Tries:
    """The row of this subject on this device with one more wrong try."""
    found = next((row for row in mine if row.device == device),
                 Tries(subject=subject, device=device, wrong=0, at_device=0, since=now))
    return attrs.evolve(found, wrong=found.wrong + 1, at_device=found.at_device + 1, since=now)


def total(tries: Sequence[Tries]) -> int:
    """How many wrong tries there were at one subject."""
    return sum(row.wrong for row in tries)


def _newest(tries: Sequence[Tries]) -> int:
    return max((row.since for row in tries), default=0)
