"""A disk that fails below the engine: SQLite's own layer of files (its VFS) with a fault put in.

The layer is put under the SQLite that the library really uses, by the C interface that every
SQLite has (https://www.sqlite.org/vfs.html). So neither the library nor its connection is another
one than outside, and it is the engine that decides what an error of the disk means: a checkpoint
that fails after a COMMIT, say, is no error of that COMMIT. (A VFS of apsw raises in Python also
where the engine went on, and a connection of apsw would have to be dressed up as one of sqlite3.)
"""

from __future__ import annotations

import _sqlite3
import ctypes
import json
import sqlite3
import threading
from collections import Counter
from ctypes import c_char_p, c_int, c_int64, c_void_p
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import attrs

from lovepoints.stores import opening
from tests.faults.saying import FORKS, Plan, carry_out

SECTOR = 512
CODES = {"read": 266, "write": 778, "full": 13, "sync": 1034, "truncate": 1546, "delete": 2570}
"""What the disk answers: SQLITE_IOERR_READ, _WRITE, SQLITE_FULL, SQLITE_IOERR_FSYNC, _TRUNCATE,
_DELETE."""
SETTINGS = {"truncate": "", "delete": "journal_mode = delete", "wal": "wal_autocheckpoint = 4"}
"""What each kind of journal needs said after the opening: a small log is checkpointed often."""

_ASKING = threading.Lock()
"""Held to start a process or to ask how one ended. Starting one asks after all others too, and of
two threads that ask after the same one, the later is told 255."""
_OPEN = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_KINDS = {
    "xRead": ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64),
    "xWrite": ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64),
    "xTruncate": ctypes.CFUNCTYPE(c_int, c_void_p, c_int64),
    "xSync": ctypes.CFUNCTYPE(c_int, c_void_p, c_int),
    "xDelete": ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int),
}


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods`: what can be done with an open file."""

    _fields_ = (("iVersion", c_int), *((name, c_void_p) for name in (
        "xClose", "xRead", "xWrite", "xTruncate", "xSync", "xFileSize", "xLock", "xUnlock",
        "xCheckReservedLock", "xFileControl", "xSectorSize", "xDeviceCharacteristics", "xShmMap",
        "xShmLock", "xShmBarrier", "xShmUnmap", "xFetch", "xUnfetch")))


class _Vfs(ctypes.Structure):
    """`sqlite3_vfs`: what can be done with names of files."""

    _fields_ = (("iVersion", c_int), ("szOsFile", c_int), ("mxPathname", c_int),
                ("pNext", c_void_p), ("zName", c_char_p), *((name, c_void_p) for name in (
                    "pAppData", "xOpen", "xDelete", "xAccess", "xFullPathname", "xDlOpen",
                    "xDlError", "xDlSym", "xDlClose", "xRandomness", "xSleep", "xCurrentTime",
                    "xGetLastError", "xCurrentTimeInt64", "xSetSystemCall", "xGetSystemCall",
                    "xNextSystemCall")))


@attrs.frozen
class Fault:
    """The `first` call of a kind is answered with an error, alone or with all that follow it.

    Before its error a write leaves so many `sectors` of its page, but never all of it.
    """

    call: str = ""
    code: str = ""
    first: int = 0
    is_lasting: bool = False
    sectors: int = 0


class Disk:
    """The files of this process, as the engine sees them. One fault, and all calls counted."""

    def __init__(self, fault: Fault) -> None:
        self.calls: Counter[str] = Counter()
        self.met = 0
        self._fault = fault
        self._ours: dict[int, _Methods] = {}
        self._alive: list[Any] = []  # Any: what the engine holds pointers to

    def put_under(self) -> None:
        """From now on every file that the engine opens in this process lies on this disk."""
        engine = ctypes.CDLL(getattr(_sqlite3, "__file__", None))  # what this module speaks to
        engine.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        usual = engine.sqlite3_vfs_find(None)
        ours = _Vfs.from_buffer_copy(usual.contents)
        ours.zName, ours.pNext = b"failing", None
        opens = _OPEN(ours.xOpen)

        def opened(vfs: int, name: int, file: int, flags: int, out: int) -> int:
            code = opens(ctypes.addressof(usual.contents), name, file, flags, out)
            if not code:
                self._patch(file)
            return code

        callback = _OPEN(opened)
        ours.xOpen = ctypes.cast(callback, c_void_p)
        ours.xDelete = self._wrapped("xDelete", ours.xDelete)
        self._alive += [usual, ours, callback]
        assert engine.sqlite3_vfs_register(ctypes.byref(ours), 1) == 0
        assert opening.engine() is sqlite3, "the library would use another engine than this one"

    def _patch(self, file: int) -> None:
        """Let an open file's calls come to us: its first word points to its methods."""
        slot = ctypes.cast(file, ctypes.POINTER(c_void_p))
        kind = slot[0]
        if kind not in self._ours:  # a file that is locked has other methods than its journal
            methods = _Methods.from_address(kind)
            self._ours[kind] = _Methods.from_buffer_copy(methods)
            for call in ("xRead", "xWrite", "xTruncate", "xSync"):
                setattr(self._ours[kind], call, self._wrapped(call, getattr(methods, call)))
        slot[0] = ctypes.addressof(self._ours[kind])

    def _wrapped(self, call: str, address: int) -> c_void_p:
        """The pointer to a call of ours that knows the usual one."""
        usual = _KINDS[call](address)

        def called(*values: int) -> int:
            if not self._is_due(call):
                return usual(*values)
            if call == "xWrite" and self._fault.sectors:
                file, content, size, at = values
                usual(file, content, min(self._fault.sectors, (size - 1) // SECTOR) * SECTOR, at)
            return CODES[self._fault.code]

        callback = _KINDS[call](called)
        self._alive += [usual, callback]
        return ctypes.cast(callback, c_void_p)

    def _is_due(self, call: str) -> bool:
        self.calls[call] += 1
        number, first = self.calls[call], self._fault.first
        is_due = call == self._fault.call and (
            number == first or (self._fault.is_lasting and number > first))
        self.met += is_due
        return is_due


def carry_out_on(fault: Fault, journal: str, plan: Plan) -> None:
    """The process: carry the plan out on a disk with the fault; note its calls beside `out`."""
    disk = Disk(fault)
    disk.put_under()
    hardened = opening.harden

    def harden(connection: sqlite3.Connection, **how: Any) -> None:  # Any: as it was called
        hardened(connection, **how)
        if SETTINGS[journal]:
            connection.execute(f"PRAGMA {SETTINGS[journal]}")

    opening.harden = harden
    try:
        carry_out(plan)
    finally:
        Path(f"{plan.out}.calls").write_text(json.dumps({**disk.calls, "met": disk.met}))


def calls_of(fault: Fault, journal: str, plan: Plan) -> Counter[str]:
    """Carry the plan out in a process of its own: how often each call was made, and the fault met.

    A process that cannot open the book in its three attempts ends with 1.
    """
    child = FORKS.Process(target=carry_out_on, args=(fault, journal, plan))
    with _ASKING:
        child.start()
    wait([child.sentinel], 60)
    with _ASKING:
        child.join(0)
    assert child.exitcode in (0, 1), f"{fault} {journal}: {child.exitcode}"
    return Counter(json.loads(Path(f"{plan.out}.calls").read_text()))
