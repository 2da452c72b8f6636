"""The engine's WAL-reset bug: what a rule must say of each version, and a race that shows it.

https://www.sqlite.org/wal.html#walresetbug: in 3.7.0 to 3.51.2, when two connections of one file
write and checkpoint at the same instant, a part of the log can be taken for copied that was not.
Mended in 3.51.3 and, in older lines, in 3.50.7 and 3.44.6; 3.52.0 was withdrawn.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import apsw

from lovepoints.stores import opening
from tests.faults.saying import FORKS

Version = tuple[int, int, int]
Opening = Literal["library", "mapped", "mended"]
"""As the library opens a file with the engine of this machine; as a log that is read through a
map, which shows the bug soonest; or that with the newer engine that apsw brings along."""
MENDED_FROM = {44: 6, 50: 7, 51: 3, 52: 1}
"""The first release of a line of SQLite 3 that is free of the bug; lines from 53 on always were."""
MAPPED = 256 * 2**20
LOG_PAGES = 10
"""So short is the log in the race that it begins anew all the time."""


def is_mended(version: Version) -> bool:
    """What the list above says of a version."""
    major, line, release = version
    if major != 3:
        return major > 3
    return line > max(MENDED_FROM) or release >= MENDED_FROM.get(line, release + 1)


def versions() -> Iterator[Version]:
    """Every version that there was or may be for a while."""
    yield from ((3, line, release) for line in range(61) for release in range(13))
    yield from ((2, 8, 17), (4, 0, 0), (4, 44, 5), (4, 52, 0))


def raced(path: Path, seconds: float, how: Opening) -> str:
    """What became of a file that one process wrote while another one checkpointed it: "", "lost"
    or "malformed"."""
    connection = opened(path, how, is_new=True)
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x)")
    connection.execute("CREATE INDEX by_x ON t (x)")
    connection.close()
    with ProcessPoolExecutor(2, mp_context=FORKS) as pool:
        writing = pool.submit(written, path, seconds, how)
        pool.submit(checkpointed, path, seconds, how).result()
        acknowledged = writing.result()
    try:
        with closing(sqlite3.connect(path)) as found:
            if found.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return "malformed"
            rows = found.execute("SELECT count(*) FROM t").fetchone()[0]
    except sqlite3.DatabaseError:
        return "malformed"
    return "lost" if rows < acknowledged else ""


def opened(path: Path, how: Opening, *, is_new: bool = False) -> Any:  # Any: one of two engines
    """A connection to race with."""
    if how == "library":
        path.touch()
        connection = opening.connect(path, writable=True)
        if is_new:
            opening.prepare_new(connection)
        opening.harden(connection, durability="full", writable=True)
    else:
        connection = (apsw.Connection(str(path)) if how == "mended"
                      else sqlite3.connect(path, isolation_level=None))
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute(f"PRAGMA mmap_size = {MAPPED}")
        connection.execute("PRAGMA synchronous = off")
        connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    return connection


def written(path: Path, seconds: float, how: Opening) -> int:
    """The writer: how many commits were acknowledged to it before the time or the file ended."""
    connection = opened(path, how)
    commits, end = 0, time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO t (x) VALUES (randomblob(300))")
            connection.execute("COMMIT")
            commits += 1
    except (sqlite3.DatabaseError, apsw.Error) as error:
        if "malformed" not in str(error):
            raise
    return commits


def checkpointed(path: Path, seconds: float, how: Opening) -> int:
    """The other process: it copies the log into the file as often as it can."""
    connection = opened(path, how)
    times, end = 0, time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            times += 1
    except (sqlite3.DatabaseError, apsw.Error) as error:
        if "malformed" not in str(error):
            raise
    return times
