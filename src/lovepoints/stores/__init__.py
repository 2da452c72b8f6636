"""The stores: `memory` is the reference, `sqlite` the product. They know rows, not points."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lovepoints.core.store import Rows
from lovepoints.core.tables import TABLES
from lovepoints.stores.shape import SHAPES

ALL = ("journal", "derived", "book", "personal")


def dump(rows: Rows, natures: Iterable[str] = ALL) -> dict[str, list[tuple[Any, ...]]]:
    """Every row as its columns, by table and in the order of the key: for comparing stores.

    `natures` picks tables ("derived" alone for "a rebuild gives the same"). Any: column values
    of all types; JSON columns are their canonical text.

    >>> from lovepoints.stores.memory import MemoryStore
    >>> dump(MemoryStore(), ["journal"])
    {'entry': [], 'posting': []}
    """
    wanted = frozenset(natures)
    return {
        table.name: [SHAPES[table.record].encode(row) for row in rows.scan(table.record)]
        for table in TABLES if table.nature in wanted
    }
