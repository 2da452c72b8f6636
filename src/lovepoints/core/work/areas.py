"""The tree of areas: which lies in which. Whole community: the area without a name."""

from __future__ import annotations

from lovepoints.core.rows import Area
from lovepoints.core.store import Rows


def above(rows: Rows, area: str) -> tuple[str, ...]:
    """An area and those it lies in, from the inside out; the whole community ("") is the last.

    A tree that was drawn in a circle ends where it closes.
    """
    found: list[str] = []
    while area and area not in found:
        found.append(area)
        node = rows.get(Area, area)
        area = node.parent if node else ""
    return (*found, "")


def lies_in(rows: Rows, area: str, within: str) -> bool:
    """Whether an area is `within`, or lies in it."""
    return within in above(rows, area)


def subtree(rows: Rows, top: str) -> frozenset[str]:
    """An area and all that lie in it; of "" all areas, "" itself included."""
    return frozenset(area.code for area in rows.find(Area)
                     if lies_in(rows, area.code, top)) | {top}
