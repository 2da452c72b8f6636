"""A process that says acts on a book and notes each answer outside of it at once.

The note is a line of JSON in the file `out`, written after the verb returned: what stands there
was acknowledged, and a customer may have left with the soap. Processes come from a fork server
that has lovepoints imported already, so that one costs milliseconds.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import attrs
import sqlite_utils.utils  # noqa: F401 - so that the fork server has it

import lovepoints as lp
import lovepoints.community  # the same: lovepoints alone loads it with the first book
from tests.faults import store_mutants
from tests.faults.small_book import ADMIN, Act, acts, found, stubborn

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])
SAYINGS = 3
"""So often an act is said before its error counts as lasting."""


@attrs.frozen(kw_only=True)
class Plan:
    """What a process is to do. `pragmas` are set on its own connection after the opening."""

    path: str
    out: str
    prefix: str = "w"
    acts: int = 10**9
    mutant: str = ""
    pragmas: tuple[str, ...] = ()
    is_stubborn: bool = False
    """Whether each turn ends with a batch that swallows the error of its first half."""
    founds: bool = False
    """Whether the book is to be founded first."""


@attrs.frozen
class Said:
    """One saying of an act: its answers, or the error and whether a transaction was left open."""

    keys: tuple[str, ...]
    answers: tuple[str, ...] = ()
    error: str = ""
    code: str = ""
    is_left_open: bool = False


def carry_out(plan: Plan, go: Connection | None = None) -> None:
    """The process: waits for `go`, opens the book, says the acts, notes the answers."""
    if plan.mutant:
        store_mutants.plant(plan.mutant)
    if go:
        go.recv()
    out = os.open(plan.out, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(said: Said) -> Said:
        os.write(out, (json.dumps(attrs.asdict(said)) + "\n").encode())
        return said

    if plan.founds:
        found(Path(plan.path))
        note(Said(("found",), ("yes",)))
    community = opened(plan, note)
    for act in islice(stream(plan), plan.acts):
        for _ in range(SAYINGS):
            said = note(saying(community, act))
            if not said.error:
                break
            if said.code == "closed":
                community = opened(plan, note)
    community.close()
    note(Said(keys=("end",)))


def stream(plan: Plan) -> Iterator[Act]:
    """What a plan says, for ever."""
    for number, act in enumerate(acts(plan.prefix)):
        yield act
        if plan.is_stubborn and number % 7 == 6:
            yield stubborn(f"{plan.prefix}-stubborn-{number}")


def opened(plan: Plan, note: Any) -> lp.Community:  # Any: takes and returns a Said
    """The book, opened again if a fault met the opening."""
    for _ in range(SAYINGS):
        try:
            community = lp.open(plan.path, by=ADMIN)
        except Exception as error:  # noqa: BLE001 - its class is what is looked at
            note(_failed(("open",), error))
            continue
        for pragma in plan.pragmas:
            community._book.store._connection.raw.execute(f"PRAGMA {pragma}").fetchall()
        return community
    raise SystemExit(1)


def saying(community: lp.Community, act: Act) -> Said:
    """Say an act once."""
    try:
        return Said(act.keys, act.say(community))
    except Exception as error:  # noqa: BLE001 - its class is what is looked at
        is_left_open = False
        if getattr(error, "code", "") != "closed":
            raw = community._book.store._connection.raw
            try:
                is_left_open = raw.in_transaction
            except raw.ProgrammingError:
                is_left_open = False  # the store closed what it could not roll back
        return _failed(act.keys, error, is_left_open)


def _failed(keys: tuple[str, ...], error: Exception, is_left_open: bool = False) -> Said:
    return Said(keys, (), type(error).__name__, str(getattr(error, "code", "") or error),
                is_left_open)


def noted(out: str | Path) -> list[Said]:
    """What a process noted; a last line that was cut short was not acknowledged."""
    if not os.path.exists(out):
        return []
    lines = Path(out).read_bytes().split(b"\n")[:-1]
    return [Said(**{**line, "keys": tuple(line["keys"]), "answers": tuple(line["answers"])})
            for line in map(json.loads, lines)]


def acknowledged(said: list[Said]) -> dict[str, str]:
    """Each key that was answered, with its answer."""
    return {key: answer for one in said for key, answer in zip(one.keys, one.answers, strict=False)
            if answer}


@contextmanager
def process(plan: Plan, *, waits: bool = False) -> Iterator[tuple[BaseProcess, Connection]]:
    """The running process and, if it waits, the pipe to let it go; killed at the end."""
    here, there = FORKS.Pipe()
    child = FORKS.Process(target=carry_out, args=(plan, there if waits else None))
    child.start()
    there.close()
    try:
        yield child, here
    finally:
        child.kill()
        child.join()
        child.close()
        here.close()
