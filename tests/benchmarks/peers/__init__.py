"""Peers, each optional and in a Python of its own: what they take for what the library does.

`python -m tests.benchmarks.peers FOLDER` installs them, each into `FOLDER/NAME`. A run takes those
that it finds there; one that is not there, or fails, is named as not measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self


class Peer(NamedTuple):
    """A row, the package that it measures, and the module here that puts it to work."""

    row: str
    package: str
    module: str


RULES = (
    Peer("rules_business_rules", "business-rules", "business_rules"),
    Peer("rules_rule_engine", "rule-engine", "rule_engine"),
    Peer("rules_json_logic", "json-logic-qubit", "json_logic"),
    Peer("rules_zen_engine", "zen-engine", "zen_engine"),
    Peer("rules_cel", "common-expression-language", "cel"),
)
LEDGERS = {
    "full": (Peer("ledger_eventsourcing", "eventsourcing", "eventsourcing"),
             Peer("ledger_hordak", "django-hordak", "hordak")),
    "normal": (Peer("ledger_django_ledger", "django-ledger", "django_ledger"),
               Peer("ledger_python_accounting", "python-accounting", "python_accounting"),
               Peer("ledger_beancount", "beancount", "beancount")),
}
"""By the durability at which they are compared."""
ALL = (*RULES, *LEDGERS["full"], *LEDGERS["normal"])

Taken = dict[str, list[float]]
"""Microseconds for a deed of each piece, by way of doing it."""


class Unmeasured(Exception):
    """A peer could not be measured; the text says why."""


class Worker:
    """A peer at work in its own Python, on the deeds of the stream, so many at a time."""

    def __init__(self, folder: Path, peer: Peer, size: int) -> None:
        python = python_of(folder, peer)
        if not python.exists():
            raise Unmeasured(f"{peer.package} is not installed in {folder.name}")
        self._peer, self._place = peer, tempfile.TemporaryDirectory()
        self._errors = Path(self._place.name) / "errors"
        with self._errors.open("w", encoding="utf-8") as errors:
            self._work = subprocess.Popen(
                [python.absolute(), "-m", "tests.benchmarks.peers.worker", peer.module,
                 self._place.name, str(size)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                cwd=Path(__file__).parents[3], env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
        self.version = str(self._answer()["version"])

    def do(self, count: int, points: int) -> dict[str, float]:
        """Microseconds for one of the next `count` deeds, in each way; they must come to `points`.
        """
        assert self._work.stdin
        self._work.stdin.write(f"{count}\n")
        self._work.stdin.flush()
        told = self._answer()
        assert told["points"] == points, f"{self._peer.package} does not agree"
        return {how: seconds / count * 1e6 for how, seconds in told["seconds"].items()}

    def _answer(self) -> dict[str, Any]:
        assert self._work.stdout
        if line := self._work.stdout.readline():
            return json.loads(line)
        self._work.wait()
        said = self._errors.read_text(encoding="utf-8").strip().splitlines()
        self.close()
        raise Unmeasured(f"{self._peer.package} failed: {said[-1] if said else 'without a word'}")

    def close(self) -> None:
        """Let it end."""
        self._work.communicate()
        self._place.cleanup()


class Peers:
    """All peers of a kind at work in turn; whoever cannot go on is missing from then on."""

    def __init__(self, folder: Path | None, kind: Sequence[Peer], size: int) -> None:
        self.taken, self.missing = dict[Peer, Taken](), dict[Peer, str]()
        self.versions, self._workers = dict[Peer, str](), dict[Peer, Worker]()
        for peer in kind if folder else ():
            try:
                self._workers[peer] = Worker(folder, peer, size)
            except Unmeasured as why:
                self.missing[peer] = str(why)
            else:
                self.taken[peer], self.versions[peer] = {}, self._workers[peer].version

    def do(self, count: int, points: int) -> None:
        """Each does the next `count` deeds, and must come to `points`."""
        for peer, worker in list(self._workers.items()):
            try:
                for way, us in worker.do(count, points).items():
                    self.taken[peer].setdefault(way, []).append(us)
            except Unmeasured as why:
                self.missing[peer] = str(why)
                del self.taken[peer]
                del self._workers[peer]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers.values():
            worker.close()


def python_of(folder: Path, peer: Peer) -> Path:
    """The Python that a peer was installed for."""
    return folder / peer.package / ("Scripts" if sys.platform == "win32" else "bin") / "python"
