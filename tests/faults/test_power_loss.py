"""R4: the power fails between any two system calls. What had been answered is there afterwards."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import attrs
import pytest

import lovepoints as lp
from tests.faults.conftest import MEMORY
from tests.faults.recording import Disk, Event, Files, kept, parsed, recorded
from tests.faults.saying import FORKS, Plan, Said, acknowledged, noted, process
from tests.faults.small_book import ADMIN, found
from tests.faults.soundness import look, lost
from tests.faults.store_mutants import MUTANTS

WORKERS = 2


@attrs.frozen(kw_only=True)
class Way:
    """How the writer is set up, and how the disk behaves."""

    journal: str
    pragmas: tuple[str, ...] = ()
    mutant: str = ""
    late_names: bool = False
    founds: bool = False
    """Whether the recording begins with no file at all."""


PRODUCT = {
    "truncate": Way(journal="truncate", late_names=True),
    "delete": Way(journal="delete", pragmas=("journal_mode = delete",)),
    "delete, extra": Way(journal="delete", late_names=True,
                         pragmas=("journal_mode = delete", "synchronous = extra")),
    "wal": Way(journal="wal", late_names=True, pragmas=("wal_autocheckpoint = 40",)),
    "founding": Way(journal="truncate", late_names=True, founds=True),
}
"""What a book can run on. truncate: the choice for a new file where WAL is not safe."""
TEETH = {
    "wal, normal": Way(journal="wal", mutant="sync-normal"),
    "truncate, off": Way(journal="truncate", mutant="sync-off"),
}


@attrs.frozen
class Recording:
    """A writer's run: the files before it, what it did, and how the disk behaves."""

    before: Files
    events: list[Event]
    late_names: bool

    def states(
        self, seed: int, share: int, of: int, wanted: int,
    ) -> Iterator[tuple[Files, dict[str, str]]]:
        """Files after a cut, and what had been acknowledged by then; every `of`-th cut."""
        disk = Disk.of(self.before, self.late_names)
        said = {"found": "yes"} if self.before else {}
        each = max(1, wanted // max(1, len(self.events)))
        for number, event in enumerate(self.events):
            if event.kind == "note":
                said.update(acknowledged([_said(event.data)]))
                continue
            disk.play(event)
            if number % of == share:
                chance = random.Random(seed * 1_000_003 + number)
                for _ in range(each):
                    yield disk.cut(chance), said


def _said(line: bytes) -> Said:
    said = json.loads(line)
    return Said(**{**said, "keys": tuple(said["keys"]), "answers": tuple(said["answers"])})


def record(folder: Path, way: Way, acts: int) -> Recording:
    """Let a writer say acts on a small book under the eyes of strace."""
    home = folder / "book"
    home.mkdir()
    path = home / "book.db"
    if not way.founds:
        found(path)
    if way.journal == "wal":
        stranger = sqlite3.connect(path)
        stranger.execute("PRAGMA journal_mode = wal")
        stranger.close()
    before = kept(home)
    out = folder / "notes"
    plan = Plan(path=str(path), out=str(out), acts=acts, mutant=way.mutant, pragmas=way.pragmas,
                founds=way.founds)
    with process(plan, waits=True) as (child, pipe), recorded(child.pid or 0, folder / "trace"):
        pipe.send("go")
        child.join(60)
        assert 0 == child.exitcode
    assert not [said for said in noted(out) if said.error]
    assert ("end",) == noted(out)[-1].keys
    events = parsed((folder / "trace").read_text(), home, out, before)
    return Recording(before, events, way.late_names)


def examine(recording: Recording, share: int, of: int, wanted: int) -> Counter[str]:
    """Rebuild, reopen and look at the states of one share of the cuts."""
    found: Counter[str] = Counter()
    seen: dict[bytes, tuple[str, ...]] = {}
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        for files, said in recording.states(4, share, of, wanted):
            found["states"] += 1
            for verdict in verdicts(Path(folder), files, said, seen):
                found[verdict] += 1
    found["books"] = len(seen)
    return found


def verdicts(
    folder: Path, files: Files, said: dict[str, str],
    seen: dict[bytes, tuple[str, ...]],
) -> Iterator[str]:
    """What does not hold in one state. Equal recovered files are verified once."""
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    path = folder / "book.db"
    try:
        with lp.open(path, by=ADMIN) as community:
            if lost(community, {key: said[key] for key in said if key != "found"}):
                yield "O2"
        digest = hashlib.sha1(path.read_bytes()).digest()
        if digest not in seen:
            seen[digest] = look(path).problems
        if seen[digest]:
            yield "O1"
    except (lp.BookDamaged, LookupError, TypeError, ValueError):
        yield "O1"
    except lp.StoreError as error:
        if "found" in said or error.code not in ("missing", "not_a_book"):
            yield "O1"


def cut(folder: Path, way: Way, states: int) -> Counter[str]:
    """Record a writer and examine many cuts, on two processors."""
    recording = record(folder, way, acts=21)
    with ProcessPoolExecutor(WORKERS, mp_context=FORKS) as pool:
        parts = [pool.submit(examine, recording, share, WORKERS, states)
                 for share in range(WORKERS)]
        return sum((part.result() for part in parts), Counter())


@pytest.mark.parametrize("name", PRODUCT)
def test_a_power_cut_loses_nothing_that_was_answered(
    name: str, tmp_path: Path, count: Callable[..., int], tried: Callable[..., None],
    tool: Callable[[str], str],
) -> None:
    """Sound after every cut, with every acknowledged key, in each kind of journal."""
    tool("strace")

    seen = cut(tmp_path, PRODUCT[name], count(pr=1_500, nightly=250_000, release=1_250_000))

    tried("R4", cuts=seen["states"], books=seen["books"], bad=seen["O1"] + seen["O2"])
    assert (0, 0) == (seen["O1"], seen["O2"])
    assert seen["books"] > 20


@pytest.mark.parametrize("name", TEETH)
def test_this_row_has_teeth(
    name: str, tmp_path: Path, tried: Callable[..., None],
) -> None:
    """Weaker syncing loses what was answered, or damages the file, and is seen to."""
    way = TEETH[name]

    seen = cut(tmp_path, way, 600)

    tried("R4", mutants_found=1, bad_by_mutants=seen["O1"] + seen["O2"])
    assert MUTANTS[way.mutant].breaks == {one for one in ("O1", "O2") if seen[one]}
