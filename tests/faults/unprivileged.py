"""A process that may not do everything tries a book: through the library and through the command.

Root may write what nobody may write, so the process becomes a user without rights first. It has
said the same to a book of its own before: what is loaded late is loaded then.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import attrs

import lovepoints as lp
from lovepoints.cli import build
from lovepoints.stores import opening, sqlite
from lovepoints.stores.waiting import Waits
from tests.faults.saying import FORKS
from tests.faults.small_book import ADMIN, HOLDERS, found

NOBODY = 65534
LANGUAGES = ("zh", "en")
PATIENCE_SECONDS = 0.05


@attrs.frozen(kw_only=True)
class Told:
    """What came of trying a path; a word is the code of an error, or what was there."""

    read: str
    written: str
    made: str
    """What came of founding a book there."""
    copied: str
    """What came of copying another book there."""
    command: dict[str, tuple[int, str]]
    """The exit code of `lovepoints verify` and what it said, in each language."""


def told(path: Path, mutant: str = "") -> Told:
    """What an unprivileged process gets out of a path."""
    here, there = FORKS.Pipe()
    child = FORKS.Process(target=_process, args=(str(path), mutant, there))
    child.start()
    there.close()
    try:
        answer: Told = here.recv()  # the end of the pipe, should the process fail, is an EOFError
        return answer
    finally:
        child.kill()
        child.join()


def _process(path: str, mutant: str, says: Connection) -> None:
    sqlite.Waits = partial(Waits, seconds=PATIENCE_SECONDS)  # type: ignore[misc]
    with tempfile.TemporaryDirectory() as folder:
        good = Path(folder, "good.db")
        found(good)
        os.chmod(folder, 0o777), os.chmod(good, 0o666)
        control = _tried(str(good), good)
        assert ("500", "written", "exists", "exists") == (
            control.read, control.written, control.made, control.copied), control
        assert {0} == {code for code, _ in control.command.values()}, control
        MUTANTS[mutant]()
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        says.send(_tried(path, good))


def _tried(path: str, good: Path) -> Told:
    return Told(
        read=_outcome(partial(_read, path)), written=_outcome(partial(_write, path)),
        command={lang: _commanded("verify", path, "--lang", lang) for lang in LANGUAGES},
        made=_outcome(partial(lp.create, path, name="幸福社区", admin=ADMIN)),
        copied=_outcome(partial(_copy, good, path)))


def _outcome(attempt: Callable[[], str | None]) -> str:
    try:
        return attempt() or "done"
    except (lp.StoreError, lp.Refused) as error:
        return str(error.code)
    except Exception as error:  # noqa: BLE001 - its class is what is looked at
        return f"raw {type(error).__name__} {error}"


def _read(path: str) -> str:
    with lp.open(path) as community:
        return str(community.passbooks[HOLDERS[0]].balance)


def _write(path: str) -> str:
    with lp.open(path, by=ADMIN) as community:
        community.deeds.report("hazard", resident=HOLDERS[0], place="3", key="new")
        return "written"


def _copy(good: Path, path: str) -> None:
    with lp.open(good, readonly=True) as community:
        community.books.backup(path)


def _commanded(*words: str) -> tuple[int, str]:
    said = io.StringIO()
    code: Any = "no exit"
    with redirect_stdout(said), redirect_stderr(said):
        try:
            build(words[-1]).main(list(words), prog_name="lovepoints")
        except SystemExit as end:
            code = end.code
    return code or 0, said.getvalue()


def _plant(**new: Any) -> Callable[[], None]:  # Any: stands in for a function
    def plant() -> None:
        for name, instead in new.items():
            assert hasattr(opening, name)
            setattr(opening, name, instead)

    return plant


def _fresh_anywhere(path: str | Path) -> Path:
    """Whatever is there is put aside for a new file."""
    with suppress(OSError):
        Path(path).unlink()
    Path(path).touch()
    return Path(path)


MUTANTS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "does-not-ask": _plant(may_write=lambda place: True),
    "takes-any-file": _plant(recognise=lambda place: None, identify=lambda connection, name: 2),
    "overwrites": _plant(fresh=_fresh_anywhere),
}
"""Libraries that are broken on purpose."""
