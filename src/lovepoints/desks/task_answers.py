"""What the tasks' desk returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from lovepoints.core.journal import Entry
from lovepoints.core.rows import FOR_EVER, Sealed
from lovepoints.core.rows_work import TaskKindRow, TaskMove, TaskRow
from lovepoints.core.store import Rows
from lovepoints.core.work.tasks import TaskKind, parties
from lovepoints.desks.book import Book
from lovepoints.errors import NotFound


@attrs.frozen(kw_only=True)
class Task:
    """Work that is asked for and done, as it stands.

    `doers` have taken it, `offered` were asked to; `level` says how often it rose to the area
    above. `due_on` is the last day in time, None without a limit. Of a confidential kind
    (`is_hidden`) the asker and what was said are left out. `deeds` were reported by finishing it.
    """

    id: str
    kind: str
    title: str
    nature: str
    state: str
    area: str = ""
    channel: str = ""
    day: date
    due_on: date | None = None
    asker: str = ""
    offered: tuple[str, ...] = ()
    doers: tuple[str, ...] = ()
    place: str = ""
    note: str = ""
    reply: str = ""
    level: int = 0
    served: int = 0
    satisfied: bool | None = None
    deed: str = ""
    deeds: tuple[str, ...] = ()
    of: str = ""
    passed_to: str = ""
    labels: Mapping[str, str] = attrs.field(factory=dict)
    is_hidden: bool = False
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Move:
    """One step on a task's way: what was done, by whom, about whom, and where it led."""

    move: str
    state: str
    day: date
    at: int
    by: str
    party: str = ""
    area: str = ""
    reason: str = ""


def kind_of_task(rows: Rows, code: str) -> TaskKind:
    """What is settled for a kind of task; NotFound if nobody defined it."""
    found = rows.get(TaskKindRow, code)
    if found is None:
        raise NotFound("task kind", code)
    said = {**found.details, "of_rules": tuple(found.details.get("of_rules", ()))}
    return TaskKind(code=code, title=found.title,
                    nature=found.nature, **said)  # type: ignore[arg-type]  # as `define` wrote it


def written(entry: Entry, row: TaskRow) -> TaskRow:
    """A task as it stood after an entry of its own."""
    change = next(one for one in entry.details["rows"]["task"] if one["id"] == row.id)
    return attrs.evolve(row, **change)


def task_of(book: Book, row: TaskRow, *, key: str = "", is_repeat: bool = False) -> Task:
    """The public view of a task's row."""
    kind = kind_of_task(book.store, row.kind)
    hidden, details = kind.is_confidential, row.details
    words = {} if hidden else _words(book, row)
    return Task(
        id=row.id, kind=row.kind, title=kind.title, nature=kind.nature, state=row.state,
        area=row.area, channel=row.channel, day=date.fromisoformat(row.day),
        due_on=None if row.due == FOR_EVER else date.fromisoformat(row.due),
        asker="" if hidden or not row.asker else book.code_of(row.asker), is_hidden=hidden,
        offered=tuple(map(book.code_of, parties(row, "offered"))),
        doers=tuple(map(book.code_of, parties(row, "doers"))),
        place=words.get("place", ""), note=words.get("note", ""), reply=words.get("reply", ""),
        level=details.get("level", 0), served=details.get("served", 0),
        satisfied=details.get("satisfied"), deed=row.deed, deeds=tuple(parties(row, "deeds")),
        of=details.get("of", ""), passed_to=details.get("passed_to", ""),
        labels=details.get("labels", {}), key=key, is_repeat=is_repeat)


def move_of(book: Book, row: TaskMove, *, hidden: bool) -> Move:
    """The public view of one move."""
    sealed = None if hidden else book.store.get(Sealed, f"{row.task}#{row.seq}")
    asked = row.move == "ask"
    return Move(
        move=row.move, state=row.state, day=date.fromisoformat(row.day), at=row.at,
        by="" if hidden and asked else book.code_of(row.by),
        party="" if hidden and asked else book.code_of(row.party) if row.party else "",
        area=row.area, reason=str(sealed.details.get("reason", "")) if sealed else "")


def _words(book: Book, row: TaskRow) -> Mapping[str, Any]:
    """What was said when the task was asked for, and in its last answer."""
    found: dict[str, Any] = {}
    for place in (row.id, f"{row.id}#{row.details.get('answered', 0)}"):
        sealed = book.store.get(Sealed, place)
        found |= sealed.details if sealed else {}
    return found
