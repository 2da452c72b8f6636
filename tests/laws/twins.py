"""One story told at once to a book in memory and to one in a SQLite file."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs

from lovepoints.community import Community
from lovepoints.errors import Conflict, LovepointsError, NotFound, Refused
from lovepoints.stores import dump, sqlite
from lovepoints.stores.memory import MemoryStore
from lovepoints.testing import FakeClock, community

Verb = Callable[..., Any]  # Any: the answers of many verbs
ERRORS = (LovepointsError, ValueError, TypeError)


@attrs.frozen
class No:
    """A refusal or another error as a value, so that both books' can be compared."""

    kind: str
    code: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, error: Exception) -> No:
        """What of an error is contract: class, code, facts."""
        match error:
            case Refused():
                # Equal facts are equal in whatever order somebody wrote them down.
                facts = tuple(sorted((name, json.dumps(value, sort_keys=True, default=repr))
                                     for name, value in error.facts.items()))
                return cls("refused", str(error.code), facts)
            case Conflict():
                return cls("conflict", error.field)
            case NotFound():
                return cls("not found", f"{error.noun} {error.name}")
            case _:
                return cls(type(error).__name__, str(error))


class Twins:
    """Both books under one clock, with equal random sources."""

    def __init__(self, start: str, rules: str) -> None:
        self.clock = FakeClock(start)
        self._folder = Path(tempfile.mkdtemp(prefix="twins-"))
        self.memory = MemoryStore()
        # The durability of a file is tried elsewhere; here it would only wait for the disk.
        self.file = sqlite.create(self._folder / "book.db", durability="normal")
        self.books = tuple(community(clock=self.clock, store=store)
                           for store in (self.memory, self.file))
        self.tell(lambda book: book.rulebooks.adopt(rules))

    @property
    def book(self) -> Community:
        """The one in memory, to ask."""
        return self.books[0]

    def tell(self, verb: Verb) -> Any:  # Any: the answer, or a `No`
        """Say a verb to both; the answers are the same, and a refusal changes nothing (I9)."""
        before = self.contents()
        answers = [self._one(book, verb) for book in self.books]
        assert answers[0] == answers[1]
        if isinstance(answers[0], No):
            after = self.contents()
            if answers[0].kind == "refused":
                before.pop("KeyRow"), after.pop("KeyRow")
            assert before == after, answers[0]
        return answers[0]

    def _one(self, book: Community, verb: Verb) -> Any:  # Any: see tell
        try:
            return verb(book)
        except ERRORS as error:
            return No.of(error)

    def contents(self) -> dict[str, dict[Any, Any]]:
        """All columns of the book in memory by table; quicker than a dump, and as exact."""
        return {record.__name__: dict(table.rows)
                for record, table in self.memory._tables.items()}

    def roots(self) -> None:
        """Same root."""
        assert self.books[0].books.checkpoint() == self.books[1].books.checkpoint()

    def compare(self) -> None:
        """Same root, same rows."""
        self.roots()
        assert dump(self.memory) == dump(self.file)

    def later(self, **span: int) -> None:
        """Let time pass."""
        self.clock.set(self.clock.now + timedelta(**span))

    def close(self) -> None:
        """Let go of both, and of the file."""
        for book in self.books:
            book.close()
        shutil.rmtree(self._folder)
