"""Opening a SQLite file as a book: what is checked, set and read back before a row is trusted.

The engine is the one that sqlite-utils uses (`pysqlite3` if it is installed), imported at the
first opening only: `import lovepoints` never loads it.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lovepoints.errors import StoreError, brief
from lovepoints.stores.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    import sqlite3

Durability = Literal["full", "extra", "normal"]
"""full: what a verb returned survives a power cut. extra: also where a rollback journal's folder
entry could come back. normal: the last verbs can be lost; for rehearsals and tests only."""

APPLICATION_ID = 0x4C6F7665
"""`PRAGMA application_id` of a book's file: "Love"."""
PAGE_BYTES = 4096
"""The page size of new files."""
PATH_MAX = 4096
"""No path has more characters."""
BUSY_MILLISECONDS = 1000
"""How long one attempt waits inside SQLite at most; `waiting.Waits` holds the total."""
_WAL_BYTES = 4 * 2**20
_SYNCHRONOUS: Mapping[Durability, int] = {"normal": 1, "full": 2, "extra": 3}
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afs", "ncpfs", "fuse.sshfs",
                      "fuse.rclone", "ceph", "glusterfs", "fuse.glusterfs", "davfs", "lustre"})


def engine() -> Any:  # Any: the sqlite3 module, or the one that stands in for it
    """The SQLite module that sqlite-utils chose; its exception classes are the ones to catch."""
    from sqlite_utils import utils

    return utils.sqlite3  # type: ignore[attr-defined]  # an import that it does not re-export


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset race that can malform a file.

    The race is in 3.7.0 to 3.51.2; it was mended in 3.51.3 and back-ported to 3.50.7 and 3.44.6;
    3.52.0 was withdrawn.

    >>> wal_is_safe((3, 40, 1)), wal_is_safe((3, 51, 3)), wal_is_safe((3, 44, 6))
    (False, True, True)
    """
    if version >= (3, 51, 3):
        return version != (3, 52, 0)
    return (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def absolute(path: str | PathLike[str]) -> Path:
    """The whole path that a caller names.

    Raises:
        TypeError, ValueError: no file can be called that.
    """
    name = os.fspath(path)
    if not isinstance(name, str):
        raise TypeError(f"a path is text, not {brief(name)}")
    try:
        if len(name) > PATH_MAX or b"\0" in os.fsencode(name):
            raise ValueError(f"no file can be called {brief(name)}")
    except UnicodeEncodeError:
        raise ValueError(f"{brief(name)} holds half of a surrogate pair") from None
    return Path(os.path.abspath(name))


def existing(path: str | PathLike[str]) -> Path:
    """The file of a book that is to be opened.

    Raises:
        StoreError: missing; no_access; not_a_book; storage_error, also on a network file system.
    """
    place = absolute(path)
    try:
        is_file = stat.S_ISREG(os.stat(place).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(
            "missing", f"there is no file {_shown(place)}; lovepoints.create() makes a book",
        ) from None
    except OSError as error:
        code = "no_access" if isinstance(error, PermissionError) else "storage_error"
        raise StoreError(
            code, f"{_shown(place)} cannot be reached: {error.strerror}") from error
    if not is_file:
        raise StoreError("not_a_book", f"{_shown(place)} is not a file")
    if not os.access(place, os.R_OK):
        raise StoreError("no_access", f"{_shown(place)} may not be read by this user")
    _refuse_network(place)
    return place


def fresh(path: str | PathLike[str]) -> Path:
    """A new, empty file that only its owner may read.

    Raises:
        StoreError: exists; missing (the folder); read_only; storage_error.
    """
    place = absolute(path)
    if os.path.isdir(place.parent):
        _refuse_network(place)
    try:
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise StoreError(
            "exists", f"{_shown(place)} exists already and is never overwritten") from None
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError("missing", f"there is no folder {_shown(place.parent)}") from None
    except OSError as error:
        full = error.errno in (28, 122)  # no space, no quota
        code = "storage_full" if full else (
            "read_only" if error.errno in (1, 13, 30) else "storage_error")
        raise StoreError(code, f"{_shown(place)} cannot be made: {error.strerror}") from error
    return place


def may_write(place: Path) -> bool:
    """Whether the file and its folder (for the journal) may be written."""
    return os.access(place, os.W_OK) and os.access(place.parent, os.W_OK)


def remove(place: Path) -> None:
    """Take away a file of ours that never became a book, with what stands beside it."""
    for suffix in ("", "-journal", "-wal", "-shm", "-queue"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)


def connect(
    place: Path, *, writable: bool, busy_milliseconds: int = BUSY_MILLISECONDS,
) -> sqlite3.Connection:
    """A connection that never creates a file and leaves every transaction to us."""
    connection: sqlite3.Connection = engine().connect(
        f"{place.as_uri()}?mode={'rw' if writable else 'ro'}", uri=True, isolation_level=None,
        timeout=busy_milliseconds / 1000, cached_statements=512, check_same_thread=False,
    )
    return connection


def recognise(place: Path) -> None:
    """Refuse another program's file before the engine makes a log or an index beside it.

    The file is looked at as if nobody could change it, so only another mark counts here. A book
    whose mark is still in its log, or whose pages do not fit before its journal is played back,
    is left to `identify`. The engine looks, not we: our closing the file would end the locks of
    another connection of this process.

    Raises:
        StoreError: not_a_book.
    """
    if place.with_name(f"{place.name}-wal").exists():
        return
    connection = engine().connect(f"{place.as_uri()}?immutable=1", uri=True)
    try:
        with suppress(engine().DatabaseError):
            identify(connection, str(place))
    finally:
        connection.close()


def identify(connection: sqlite3.Connection, path: str) -> int:
    """The schema version of a book's file.

    Raises:
        StoreError: not_a_book.
    """
    if asked(connection, "application_id") != APPLICATION_ID:
        raise StoreError("not_a_book", f"{path} is not a book of lovepoints")
    return int(asked(connection, "user_version"))


def prepare_new(connection: sqlite3.Connection) -> None:
    """What can be chosen only while a file is empty: page size and kind of journal."""
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    if wal_is_safe(engine().sqlite_version_info):
        connection.execute("PRAGMA journal_mode = wal")


def stamp(connection: sqlite3.Connection) -> None:
    """Mark the file as a book of the newest schema, inside the transaction that makes it one."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def harden(
    connection: sqlite3.Connection, *, durability: Durability, writable: bool,
    busy_milliseconds: int = BUSY_MILLISECONDS,
) -> None:
    """Set every pragma that a book relies on, and read each one back.

    The mode of a live WAL file is never changed; other files get a truncated journal.

    Raises:
        StoreError: storage_error, naming the pragma that the engine did not take.
    """
    wanted: dict[str, int | str] = {
        "foreign_keys": 1, "synchronous": _SYNCHRONOUS[durability], "trusted_schema": 0,
        "cell_size_check": 1, "secure_delete": 1, "busy_timeout": busy_milliseconds,
        "mmap_size": 0, "recursive_triggers": 1, "cache_size": -16384,
    }
    if asked(connection, "journal_mode") == "wal":
        wanted["wal_autocheckpoint"] = _WAL_BYTES // int(asked(connection, "page_size"))
    elif writable:
        wanted["journal_mode"] = "truncate"
    for name, value in wanted.items():
        connection.execute(f"PRAGMA {name} = {value}")
        present = asked(connection, name)
        if present != value and not (name == "mmap_size" and present == ""):
            raise StoreError("storage_error", f"the engine keeps {name}={present}, not {value}")
    if sys.version_info >= (3, 12) and hasattr(engine(), "SQLITE_DBCONFIG_DEFENSIVE"):
        connection.setconfig(engine().SQLITE_DBCONFIG_DEFENSIVE, True)


def asked(connection: sqlite3.Connection, pragma: str) -> Any:  # Any: pragmas are int or text
    """The value of a pragma; "" where the engine does not know it."""
    found = _read(connection, f"PRAGMA {pragma}")
    return found[0][0] if found else ""


def version_of(connection: sqlite3.Connection) -> str:
    """The version of the engine behind this connection."""
    return str(_read(connection, "SELECT sqlite_version()")[0][0])


@contextmanager
def plainly(connection: sqlite3.Connection) -> Iterator[None]:
    """Rows are tuples and text is str while the block runs, whatever a host prefers."""
    row_factory, text_factory = connection.row_factory, connection.text_factory
    connection.row_factory, connection.text_factory = None, str
    try:
        yield
    finally:
        connection.row_factory, connection.text_factory = row_factory, text_factory


def _shown(place: Path) -> str:
    """A path as an error may name it, with nothing raw in it."""
    return repr(str(place))


def _read(connection: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:  # Any: columns
    with plainly(connection):
        return connection.execute(sql).fetchall()


def weaknesses(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What about this connection is weaker than a book deserves, in words for `doctor`."""
    found = []
    version = tuple(int(part) for part in version_of(connection).split("."))
    mode, synchronous = asked(connection, "journal_mode"), int(asked(connection, "synchronous"))
    if mode == "wal" and not wal_is_safe(version):
        found.append("this SQLite version can damage a WAL file when two programs write")
    if mode in ("off", "memory"):
        found.append(f"journal_mode={mode}: a crash while writing can damage the file")
    if synchronous < _SYNCHRONOUS["full"]:
        found.append("synchronous is below FULL: the last verbs can be lost in a power cut")
    if not asked(connection, "recursive_triggers"):
        found.append("recursive_triggers is off: INSERT OR REPLACE goes past the journal's guards")
    if int(asked(connection, "mmap_size") or 0):
        found.append("mmap_size is not 0")
    return tuple(found)


def network_of(place: str, mounts: str) -> str:
    """The network file system that `place` lies on, by the text of /proc/mounts; "" if none.

    >>> network_of("/srv/share/book.db", "/dev/sda1 / ext4 rw 0 0\\nnas:/x /srv/share nfs4 rw 0 0")
    'nfs4'
    """
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1])
        below = point.rstrip("/") + "/"
        if (place.startswith(below) or place == point) and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind if kind in _NETWORK else ""


def _refuse_network(place: Path) -> None:
    """SQLite's locks do not work on most network shares; known ones are refused.

    Known means: a UNC path on Windows, or a mount that Linux lists as one of `_NETWORK`.
    """
    kind = "network share" if str(place).startswith("\\\\") else ""
    if sys.platform == "linux":
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            mounts = ""
        kind = network_of(os.path.realpath(place), mounts)
    if kind:
        raise StoreError("storage_error", (
            f"{_shown(place)} lies on a network file system ({kind}), where SQLite's locks cannot "
            f"be trusted; keep the book on a disk of this machine"
        ))
