"""The simulator of R3: a library and a model hear the same random commands, compared at each step.

Nothing is waited for and nothing is left to chance: a seed is a walk. Where the two part, commands
are left out for as long as they still part, and what is left is printed.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from lovepoints.stores import sqlite
from lovepoints.stores.memory import MemoryStore
from tests.faults import oracle
from tests.faults.commands import WRONG, Command, Library
from tests.faults.conftest import MEMORY
from tests.faults.drawing import DAY, VERBS, Drawing
from tests.faults.model import Model
from tests.faults.small_rules import HOLDERS, STOCKED

SOONER = 60 * DAY
"""How long before a walk begins everybody was enrolled."""
ROUND = 8
"""After so many steps everything was looked at, changed or not."""
OUTSIDE = ("not_permitted", "NotFound", "TypeError", "ValueError")
"""Answers whose key is not kept."""


class Walk:
    """A library and a model that hear the same commands: the library in memory, or on a file
    (`path`) to which two programs speak."""

    def __init__(self, start: int, path: Path | None = None) -> None:
        self.model, self.path = Model(start), path
        self.stores = [MemoryStore()] if path is None else [
            sqlite.create(path, durability="normal"), sqlite.open_(path, durability="normal")]
        self.library = Library(self.stores, start - SOONER)
        self.answers: dict[int, Any] = {}
        self.said: list[Command] = []
        """What may be said again under its key."""
        self.pages: list[tuple[int, str, Any]] = []
        self.seen: dict[str, Any] = {}
        self.refused: Counter[str] = Counter()
        self.steps = 0

    def odd(self) -> str:
        """What another program reads in the file that does not hold, or nothing (O1)."""
        found = oracle.details(self.path) if self.path else {}
        return f"the oracle finds {found}" if found else ""

    def close(self) -> None:
        """Let go of the files."""
        for store in self.stores:
            store.close()

    def step(self, command: Command) -> str:
        """Say a command to both; how they differ, or nothing."""
        self.model.pass_time(command.at)
        self.library.now = command.at
        self.steps += 1
        pair = self._look(command) or (self._expected(command), self.library.tell(command))
        if pair[0] != pair[1]:
            return f"the model answers {pair[0]!r}, the library {pair[1]!r}"
        return self._compare(command)

    def _look(self, command: Command) -> tuple[Any, Any] | None:
        """What is only read, or done to the programs, or speaks of what was left out."""
        book, said, now = self.library.book(command.number), command.said, self.model.now
        match command.verb:
            case "restart":
                self.library.restart()
                return None, None
            case "ahead":
                then, model = now + said["days"] * DAY, copy.deepcopy(self.model)
                model.pass_time(then)
                return model.page(said["who"]), self.library.page(book, said["who"], then)
            case "back" if self.pages:
                moment, holder, page = self.pages[-said["steps"] % len(self.pages)]
                return page, self.library.page(book, holder, moment)
            case "back":
                return None, None
        is_left_out = command.of and command.of.number not in self.answers
        return (None, None) if is_left_out else None

    def _expected(self, command: Command) -> Any:
        if command.of:
            is_same = command.verb == "again"
            return self.answers[command.of.number] if is_same else "Conflict"
        if command.verb == "batch":
            before = copy.deepcopy(self.model), dict(self.answers), [*self.said]
            answers = [self._say(part) for part in command.parts]
            if command.said["fails"]:
                self.model, self.answers, self.said = before
            return answers
        return self._say(command)

    def _say(self, command: Command) -> Any:
        if command.verb == "wrong":
            answer: Any = WRONG[command.said["what"]][0]
        else:
            answer = self.model.say(command.number, command.verb, command.by, dict(command.said))
        if isinstance(answer, str) and answer != "submitted":
            self.refused[answer] += 1
        if answer not in OUTSIDE:
            self.answers[command.number] = answer
            self.said.append(command)
        return answer

    def _compare(self, command: Command) -> str:
        """What people see afterwards: whatever has changed, and in turn what has not."""
        book = self.library.book(command.number + 1)
        for place, name in enumerate((*HOLDERS, *STOCKED)):
            is_holder = name in HOLDERS
            seen = self.model.page(name) if is_holder else self.model.shelf(name)
            if seen == self.seen.get(name) and (self.steps + place) % ROUND:
                continue
            found = (self.library.page if is_holder else self.library.shelf)(book, name)
            if seen != found:
                return f"the model sees {name} with {seen}, the library with {found}"
            self.seen[name] = seen
            if is_holder:
                self.pages.append((command.at, name, seen))
        return ""


@attrs.frozen
class Walked:
    """What a walk came to: how often something was refused, and where library and model parted
    (`what`; nothing, if they never did)."""

    seed: int
    start: int
    commands: tuple[Command, ...]
    refused: Counter[str]
    what: str = ""
    is_on_file: bool = False

    @property
    def steps(self) -> int:
        """How many commands were said."""
        return len(self.commands)

    def __str__(self) -> str:
        said = "\n".join(str(command) for command in self.commands)
        return f"seed {self.seed}: after\n{said}\n{self.what}"


def simulate(
    seed: int, steps: int, desks: Collection[str] = tuple(VERBS), *, on_file: bool = False,
) -> Walked:
    """A walk of so many steps, to these desks, or to where library and model part."""
    drawing = Drawing(seed, desks)

    def draw(walk: Walk) -> Iterable[Command]:
        return (drawing.draw(walk.model, walk.said) for _ in range(steps))

    return _walked(seed, drawing.start, draw, is_on_file=on_file)


def shrunk(walked: Walked) -> Walked:
    """The same with fewer commands: halves, then smaller parts, are left out while the two still
    part."""
    size = walked.steps // 2
    while size:
        place = 0
        while place < walked.steps:
            fewer = walked.commands[:place] + walked.commands[place + size:]
            found = _walked(walked.seed, walked.start, lambda _, fewer=fewer: fewer,
                            is_on_file=walked.is_on_file)
            if found.what:
                walked = found
            else:
                place += size
        size //= 2
    return walked


def _walked(
    seed: int, start: int, draw: Callable[[Walk], Iterable[Command]], *, is_on_file: bool,
) -> Walked:
    """What a new library and a new model say to some commands."""
    said: list[Command] = []
    with TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder) / "book.db" if is_on_file else None
        walk = Walk(start, path)
        try:
            what = _parting(walk, draw(walk), said) or walk.odd()
        finally:
            walk.close()
    return Walked(seed, start, tuple(said), walk.refused, what, is_on_file)


def _parting(walk: Walk, commands: Iterable[Command], said: list[Command]) -> str:
    for command in commands:
        said.append(command)
        if what := walk.step(command):
            return what
    return ""
