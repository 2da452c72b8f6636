"""eventsourcing: an aggregate a passbook, all in the application's cache; SQLite in WAL, FULL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from tests.benchmarks.workload import Deed, code_of, residents

VERSION = version("eventsourcing")


class Account(Aggregate):  # type: ignore[misc]
    """What somebody holds."""

    def __init__(self, name: str) -> None:
        self.name, self.balance = name, 0

    @event("Moved")
    def move(self, points: int, rule: str, day: str) -> None:
        """Points come or go."""
        self.balance += points


def begin(place: Path, size: int) -> dict[str, Callable[[Sequence[Deed]], Any]]:
    """An aggregate for what was issued, and one for each resident."""
    app: Any = Application(env={
        "PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(place / "events"),
        "AGGREGATE_CACHE_MAXSIZE": "0", "AGGREGATE_CACHE_FASTFORWARD": "no"})
    accounts = [Account(name) for name in ("issued", *map(code_of, range(residents(size))))]
    app.save(*accounts)
    issued, *people = [one.id for one in accounts]

    def awards(deeds: Sequence[Deed]) -> Callable[[], int]:
        for deed in deeds:
            source, target = app.repository.get(issued), app.repository.get(people[deed.resident])
            source.move(-deed.points, deed.rule, deed.day.isoformat())
            target.move(deed.points, deed.rule, deed.day.isoformat())
            app.save(source, target)
        return lambda: -app.repository.get(issued).balance
    return {"": awards}
