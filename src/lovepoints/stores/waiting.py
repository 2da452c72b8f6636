"""Waiting for a turn: one total deadline a transaction, jitter, and a queue between programs.

SQLite wakes nobody: each waiting writer tries again after a while, and the one that has just
finished is always first to try. Four busy writers got 16,473 / 7,867 / 5,679 / 203 turns that
way. So a writer first takes the lock on a small file beside the book (`book.db-queue`), which
means "I am next", and gives it back as soon as its transaction has begun. Whoever has just
written finds the queue taken and waits with the others. Correctness never depends on it: the
write lock is SQLite's own, and where the file cannot be locked the queue is left out.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import attrs

from lovepoints.errors import StoreError

R = TypeVar("R")

SECONDS = 30.0
"""How long a verb waits for other programs in all before it gets "busy"."""
_PAUSE_SECONDS = 0.0005
_SPREAD_SECONDS = 0.002


@attrs.frozen(kw_only=True)
class Waits:
    """How long to wait, and with which clock, sleep and jitter (in [0, 1))."""

    seconds: float = SECONDS
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random

    def patience(self) -> Patience:
        """The patience of one transaction: all its waiting comes out of one sum."""
        return Patience(self)


class Patience:
    """What is left of the time that one transaction may wait."""

    def __init__(self, waits: Waits) -> None:
        self._waits = waits
        self._left = waits.seconds

    def run(self, attempt: Callable[[], R]) -> R:
        """What `attempt` returns, tried again while it is busy and time is left.

        Raises:
            StoreError: busy, once the time is used up; any other error at once.
        """
        while True:
            started = self._waits.monotonic()
            try:
                return attempt()
            except StoreError as error:
                if error.code != "busy":
                    raise
                pause = _PAUSE_SECONDS + _SPREAD_SECONDS * self._waits.jitter()
                self._left -= self._waits.monotonic() - started + pause
                if self._left <= 0:
                    raise StoreError("busy", (
                        f"{error}; waited {self._waits.seconds:g} seconds in all. "
                        f"Nothing was written: the call may be repeated"
                    )) from error
            self._waits.sleep(pause)


class Queue:
    """The place of the next writer, between all programs that have this book open."""

    def __init__(self, path: str) -> None:
        """`path` is the lock file; "" is no queue at all."""
        self._path = path
        self._descriptor = -1

    @contextmanager
    def turn(self, patience: Patience) -> Iterator[None]:
        """Be next while the block runs."""
        descriptor = self._open()
        if descriptor < 0:
            yield
            return
        is_locked = patience.run(lambda: _lock(descriptor))
        try:
            yield
        finally:
            if is_locked:
                _unlock(descriptor)

    def close(self) -> None:
        """Let go of the lock file; it stays beside the book, empty."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self) -> int:
        if self._descriptor < 0 and self._path:
            try:
                self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            except OSError:
                self._path = ""  # a queue is a courtesy; the write lock is SQLite's own
        return self._descriptor


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            raise StoreError("busy", "other programs are waiting to write") from None
        return True

    def _unlock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError("busy", "other programs are waiting to write") from None
        except OSError:
            return False  # a file system without locks
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
