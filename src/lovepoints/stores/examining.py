"""What SQLite itself finds wrong with a file: pages, rows and indexes that do not fit."""

from __future__ import annotations

import re

from lovepoints.core.tables import TABLES
from lovepoints.stores.connection import Connection

DAMAGES_MAX = 10
"""So many contradictions of a file are listed."""
_NULL_FOUND = re.compile(r"NULL value in (\w+)\.(\w+)", re.ASCII)


def damages(connection: Connection, prefix: str) -> tuple[str, ...]:
    """What `integrity_check` reports; in a host's database, about our tables only."""
    names = [f"('{prefix}{table.name}')" for table in TABLES] if prefix else [""]
    found = []
    for name in names:
        said = [str(row[0]) for row in connection.rows(f"PRAGMA integrity_check{name}")]
        found += [what for what in said if what != "ok" and _is_so(connection, what)]
    return tuple(found[:DAMAGES_MAX])


def _is_so(connection: Connection, what: str) -> bool:
    """Some engines (3.40 is one) report nulls in tables whose key is not their first columns
    where there are none: look for ourselves."""
    match = _NULL_FOUND.fullmatch(what)
    return match is None or bool(connection.rows(
        f"""SELECT 1 FROM "{match[1]}" WHERE typeof("{match[2]}") = 'null' LIMIT 1"""))
