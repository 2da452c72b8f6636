"""The fixed figures of the demo: when, how many, which offices."""

from __future__ import annotations

from datetime import date

SEED = 1
FOLDER = "lovepoints-demo"
HOUSEHOLDS = 393
HOUSEHOLDS_MOST = 2000
COMMUNITY = "罗峪村"
ADMIN = "staff:zhao"
FIRST = date(2025, 11, 1)
"""The first day of the year that is played."""
LAST = date(2026, 10, 31)
"""Its last day; the book's clock stands at six in the evening."""
OFFICES = {
    "village-admin": 6, "group-leader": 38, "committee": 5, "shopkeeper": 3, "kiosk": 1,
    "auditor": 2,
}
"""How many hold each office in a community of 393 households; with the administrator 56."""
MONTHS = tuple(date(2025 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(11, 23))
"""The first day of each month of the year."""


def scaled(count: int, households: int) -> int:
    """A number meant for 393 households, for so many; at least one."""
    return max(1, round(count * households / HOUSEHOLDS))
