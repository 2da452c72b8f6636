"""What the rotas' desk returns, and reading its rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from lovepoints.core import text
from lovepoints.core.rows_activities import TeamTerm
from lovepoints.core.rows_work import RotaRow, ShiftRow, TaskRow
from lovepoints.core.work.rotas import Had, Slot
from lovepoints.core.work.tasks import CLOSED_OTHERWISE, TaskState, parties
from lovepoints.desks.book import Book
from lovepoints.errors import NotFound


@attrs.frozen(kw_only=True)
class Rota:
    """The weekly shifts of a team: (weekday 1 to 7, first and last minute of the day, people)."""

    code: str
    title: str
    team: str
    kind: str
    pattern: tuple[tuple[int, int, int, int], ...]
    area: str = ""
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Shift:
    """A shift as it stands. `task` is the task that whoever has it does; `residents` have it,
    `offered` were asked to take a place; `is_kept`: it was done; `is_off`: it is not held."""

    rota: str
    task: str
    day: date
    start: int
    end: int
    people: int
    residents: tuple[str, ...]
    offered: tuple[str, ...] = ()
    is_kept: bool = False
    is_off: bool = False
    key: str = ""
    is_repeat: bool = False

    @property
    def missing(self) -> int:
        """How many people it is short of."""
        return 0 if self.is_off or self.is_kept else max(0, self.people - len(self.residents))


@attrs.frozen(kw_only=True)
class Away:
    """Days on which a member of a rota is away, and the shifts that she had and gave back."""

    rota: str
    resident: str
    since: date
    until: date
    given_back: tuple[str, ...] = ()
    key: str = ""
    is_repeat: bool = False


def rota_row(book: Book, code: str) -> RotaRow:
    """A rota by its code; NotFound if nobody defined it."""
    found = book.store.get(RotaRow, text.code(code, "rota"))
    if found is None:
        raise NotFound("rota", code)
    return found


def shift_row(book: Book, task: str) -> ShiftRow:
    """A shift by its task; NotFound if that is none."""
    found = book.store.find(ShiftRow, "by_task", text.code(task, "task"), limit=1)
    if not found:
        raise NotFound("shift", task)
    return found[0]


def rota_of(book: Book, row: RotaRow, *, key: str = "", is_repeat: bool = False) -> Rota:
    """The public view of a rota."""
    pattern = tuple((one[0], one[1], one[2], one[3]) for one in row.details["pattern"])
    return Rota(code=row.code, title=row.title, team=book.code_of(row.team), kind=row.kind,
                area=row.area, pattern=pattern, key=key, is_repeat=is_repeat)


def shift_of(book: Book, row: ShiftRow, *, key: str = "", is_repeat: bool = False) -> Shift:
    """The public view of a shift, with who has it now."""
    task = book.store.get(TaskRow, row.task)
    assert task is not None, "a shift is planned together with its task"
    return Shift(
        rota=row.rota, task=row.task, day=date.fromisoformat(row.day), start=row.start,
        end=row.end, people=row.people, residents=tuple(map(book.code_of, parties(task, "doers"))),
        offered=tuple(book.code_of(to) for _, to in row.details["offers"]),
        is_kept=task.state in (TaskState.DONE, TaskState.RESOLVED),
        is_off=task.state in CLOSED_OTHERWISE, key=key, is_repeat=is_repeat)


def slot_of(row: ShiftRow) -> Slot:
    """When a shift is."""
    return Slot(row.day, row.start, row.end, row.people)


def had_of(book: Book, rows: Iterable[ShiftRow]) -> list[Had]:
    """The shifts that were planned, with who has them; one that is not held counts for nobody."""
    found = []
    for row in rows:
        task = book.store.get(TaskRow, row.task)
        is_off = task is None or task.state in CLOSED_OTHERWISE
        found.append(Had(slot_of(row), () if is_off or task is None
                         else tuple(parties(task, "doers"))))
    return found


def there_on(book: Book, row: RotaRow, day: str) -> list[str]:
    """The members of a rota's team on a day by code, without those who are away."""
    away = {who for who, since, until in row.details["away"] if since <= day <= until}
    return sorted((one.resident for one in book.store.find(TeamTerm, "", row.team)
                   if one.since <= day <= one.until and one.resident not in away),
                  key=book.code_of)
