"""Who was merged into whom, and who was split off from whom.

A merged party (a household that joined another one, somebody who had been enrolled twice) is
closed and points at the one that goes on; its passbook is carried over, today and whenever
something comes back to it. For limits the one that goes on counts what both have had, and a
household that was split off counts what the old one had before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lovepoints.core.rows import Party
from lovepoints.core.store import Rows

LINEAGE = "lineage"
"""The setting that stands once anybody was merged or split off."""
INTO, ABSORBED, OUT_OF = "into", "absorbed", "out_of"
"""What `Party.details` say: the id that it was merged into and the instant [id, micros], the ids
that were merged into it, and the id that it was split off from and the day [id, ISO day]."""


def survivor(rows: Rows, party: str) -> str:
    """The party that goes on in the place of this one: itself, unless it was merged."""
    while (found := rows.get(Party, party)) and (into := found.details.get(INTO)):
        party = into[0]
    return party


def survivors(rows: Rows, parties: Iterable[str]) -> set[str]:
    """The parties that go on in the place of these."""
    return {survivor(rows, one) for one in parties if one}


def absorbed(rows: Rows, party: str) -> Iterator[str]:
    """Those that were merged into a party, and into those in turn."""
    found = rows.get(Party, party)
    for one in found.details.get(ABSORBED, ()) if found else ():
        yield one
        yield from absorbed(rows, one)


def counted_with(rows: Rows, party: str, until: str = "") -> Iterator[tuple[str, str]]:
    """Whose credits count for a party's limits, each up to an ISO day ("": all of them): its own,
    those of who was merged into it, and what the one had that it was split off from, up to and
    with that day, so that a split doubles nothing."""
    yield party, until
    found = rows.get(Party, party)
    if found is None:
        return
    for one in found.details.get(ABSORBED, ()):
        yield from counted_with(rows, one, until)
    if origin := found.details.get(OUT_OF):
        yield from counted_with(rows, origin[0], min(filter(None, (until, origin[1]))))
