"""R11: the WAL-reset bug of older engines. Which version may write a log, and that it is held to.

Everywhere: a table of versions, and books founded, opened and looked at by engines that say they
are one of them. And a race of two processes, which damages a file within seconds where the engine
has the bug and the log is read through a map; in the mode that the library picks it must not.
"""

from __future__ import annotations

import inspect
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import apsw
import attrs
import pytest

import lovepoints as lp
from lovepoints.cli import doctor as doctors
from lovepoints.stores import opening
from tests.cli.conftest import run
from tests.faults.engines import Version, is_mended, raced, versions
from tests.faults.small_book import ADMIN, found

BORDERS: tuple[Version, ...] = (
    (3, 37, 0), (3, 40, 1), (3, 44, 5), (3, 44, 6), (3, 45, 0), (3, 50, 6), (3, 50, 7), (3, 51, 0),
    (3, 51, 2), (3, 51, 3), (3, 52, 0), (3, 52, 1), (3, 53, 0),
)
GATE_MUTANTS = {
    "one too early": ("version >= (3, 51, 3)", "version >= (3, 51, 2)", "damage"),
    "> for >=": ("version >= (3, 51, 3)", "version > (3, 51, 3)", "needless"),
    "forgot the withdrawn one": ("version != (3, 52, 0)", "True", "damage"),
    "a line too many": ("version != (3, 52, 0)", "version >= (3, 53)", "needless"),
    "< for <= at 3.50.7": ("(3, 50, 7) <= version", "(3, 50, 7) < version", "needless"),
    "< for <= at 3.44.6": ("(3, 44, 6) <= version", "(3, 44, 6) < version", "needless"),
    "3.50.6 too": ("(3, 50, 7) <= version", "(3, 50, 6) <= version", "damage"),
    "3.44.5 too": ("(3, 44, 6) <= version", "(3, 44, 5) <= version", "damage"),
    "3.51.0 too": ("version < (3, 51)", "version < (3, 52)", "damage"),
    "all after 3.44.6": (" < (3, 45)", " < (3, 50)", "damage"),
    "no back-ports": ("(3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)",
                      "False", "needless"),
    "compares text": ("    if version", "    version = tuple(map(str, version))\n    if version",
                      "TypeError"),
}
"""One line of the gate changed; and whether it then lets a file be damaged, or is too careful."""


def wrongs(gate: Callable[[Version], bool]) -> set[str]:
    """How a gate is wrong about any version."""
    found = set()
    for version in versions():
        try:
            says = gate(version)
        except TypeError:
            return {"TypeError"}
        if says != is_mended(version):
            found.add("damage" if says else "needless")
    return found


def test_the_gate_knows_every_version(tried: Callable[..., None]) -> None:
    """A log is written where the bug is mended, and nowhere else."""
    wrong = wrongs(opening.wal_is_safe)

    tried("R11", versions=sum(1 for _ in versions()), wrong=len(wrong))
    assert set() == wrong


@pytest.mark.parametrize("name", GATE_MUTANTS)
def test_the_table_has_teeth(name: str, tried: Callable[..., None]) -> None:
    """A gate that is one release off, or forgets one, is found out."""
    old, new, harm = GATE_MUTANTS[name]
    source = inspect.getsource(opening.wal_is_safe)
    assert 1 == source.count(old), "the mutant must follow the code"
    names: dict[str, Any] = {}  # Any: what a module may hold
    exec(source.replace(old, new), names)

    wrong = wrongs(names["wal_is_safe"])

    tried("R11", mutants_found=1)
    assert {harm} == wrong


@attrs.frozen
class Engine:
    """The engine that is there, which says that it is another version of itself."""

    version: Version

    @property
    def sqlite_version_info(self) -> Version:
        """What the gate asks."""
        return self.version

    def connect(self, *where: Any, **how: Any) -> sqlite3.Connection:  # Any: as it was called
        """A connection that reads through a map by itself, as one may that was built so."""
        connection = sqlite3.connect(*where, **how)
        connection.execute("PRAGMA mmap_size = 1048576")
        return connection

    def __getattr__(self, name: str) -> Any:  # Any: an exception class, a constant
        return getattr(sqlite3, name)


def mode_of(path: Path) -> str:
    """The kind of journal, by the file's header and not by the engine."""
    return {b"\1\1": "truncate", b"\2\2": "wal"}[path.read_bytes()[18:20]]


def mapped(path: Path) -> int:
    """How much of an opened book is read through a map."""
    with lp.open(path, by=ADMIN) as community:
        return int(opening.asked(community._book.store._connection.raw, "mmap_size"))


def harms(version: Version, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What is wrong with books that are founded, opened and looked at by such an engine."""
    with monkeypatch.context() as patch:
        patch.setattr(opening, "engine", lambda: Engine(version))
        patch.setattr(opening, "version_of", lambda _: ".".join(map(str, version)))
        new, live = folder / "new.db", folder / "live.db"
        found(new)
        if mode_of(new) != ("wal" if is_mended(version) else "truncate"):
            yield "mode"
        found(live)
        with closing(sqlite3.connect(live)) as stranger:
            stranger.execute("PRAGMA journal_mode = wal")
        if mapped(live) or mapped(new):
            yield "mapped"
        with lp.open(live, by=ADMIN) as community:
            community.residents.enrol("0424", household="3-2-504")
        if mode_of(live) != "wal":
            yield "changed"
            return
        told = json.loads(run("doctor", live, "--json").stdout)
        warned = [need for need in told["needs"] if "WAL" in need]
        if bool(warned) == is_mended(version):
            yield "silent" if not warned else "false alarm"


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Doctor does not mind on which day this runs."""
    monkeypatch.setattr(doctors, "SLOW_MOST", doctors.timedelta(days=365_000))
    return monkeypatch


def test_books_are_held_to_the_gate(
    calm: pytest.MonkeyPatch, tmp_path: Path, tried: Callable[..., None],
) -> None:
    """A new book has the mode that its engine may have, a live log is left and reported, and
    nothing is read through a map."""
    bad = {}
    for number, version in enumerate((*BORDERS, sqlite3.sqlite_version_info)):
        folder = tmp_path / str(number)
        folder.mkdir()
        if wrong := list(harms(version, folder, calm)):
            bad[version] = wrong

    tried("R11", engines=len(BORDERS) + 1, books=2 * len(BORDERS) + 2, bad=len(bad))
    assert {} == bad


def _always_logs(patch: pytest.MonkeyPatch) -> None:
    prepared = opening.prepare_new

    def prepare_new(connection: sqlite3.Connection) -> None:
        prepared(connection)
        connection.execute("PRAGMA journal_mode = wal")

    patch.setattr(opening, "prepare_new", prepare_new)


def _hardened_with(pragma: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The opening ends with a statement more."""
    hardened = opening.harden

    def harden(connection: sqlite3.Connection, **how: Any) -> None:  # Any: as it was called
        hardened(connection, **how)
        connection.execute(pragma)

    return lambda patch: patch.setattr(opening, "harden", harden)


MUTANTS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], set[str]]] = {
    "always logs": (_always_logs, {"mode"}),
    "changes what is there": (_hardened_with("PRAGMA journal_mode = truncate"), {"changed"}),
    "reads through a map": (_hardened_with("PRAGMA mmap_size = 1048576"), {"mapped"}),
    "says nothing": (lambda patch: patch.setattr(opening, "weaknesses", lambda _: ()), {"silent"}),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_the_books_have_teeth(
    name: str, calm: pytest.MonkeyPatch, tmp_path: Path, tried: Callable[..., None],
) -> None:
    """A library that does not ask the gate, converts a live log, maps a file or keeps silent."""
    plant, harm = MUTANTS[name]
    plant(calm)

    wrong = set(harms((3, 51, 2), tmp_path, calm))

    tried("R11", mutants_found=1)
    assert harm == wrong


@contextmanager
def fresh(folder: Path) -> Iterator[Path]:
    """A path for a file that is taken away afterwards."""
    path = folder / "raced.db"
    try:
        yield path
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{path}{end}").unlink(missing_ok=True)


def test_the_race_is_lost_only_where_the_gate_says_so(
    memory_path: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """One process writes and checkpoints while another checkpoints: a mapped log of an engine
    with the bug is damaged within 30 rounds of a second. A book as the library opens it never is,
    nor is a mapped log of an engine that is mended."""
    mended, rounds, shown = is_mended(sqlite3.sqlite_version_info), 0, ""
    while not shown and rounds < 30:
        rounds += 1
        with fresh(memory_path) as path:
            shown = raced(path, 1.0, "mapped")
    assert is_mended(tuple(map(int, apsw.sqlite_lib_version().split("."))))
    times, harm = count(pr=3, nightly=200, release=2_000), Counter[str]()
    for how in ("library", "mended"):
        for _ in range(times):
            with fresh(memory_path) as path:
                harm[how] += bool(raced(path, 1.0, how))

    tried("R11", rounds_until_damage=rounds, rounds_as_library=times, damaged=harm["library"],
          rounds_of_a_mended_engine=times, damaged_there=harm["mended"])
    assert mended == (shown == "")
    assert {"library": 0, "mended": 0} == harm
