"""Reading tasks: by number, state, person, deed and day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import attrs

from lovepoints.core import text
from lovepoints.core.rows import FOR_EVER
from lovepoints.core.rows_work import TaskKindRow, TaskMove, TaskRow
from lovepoints.core.work.areas import lies_in
from lovepoints.core.work.tasks import OPEN, TaskKind, TaskState, parties
from lovepoints.desks.book import Book
from lovepoints.desks.command import check_day
from lovepoints.desks.task_answers import Move, Task, kind_of_task, move_of, task_of
from lovepoints.errors import NotFound, brief


@attrs.frozen
class TaskReading:
    """What the tasks' desk can be asked without writing anything."""

    _book: Book

    def __getitem__(self, task: str) -> Task:
        """The task with this number as it stands; NotFound if there is none."""
        return task_of(self._book, self._row(task))

    def kinds(self) -> tuple[TaskKind, ...]:
        """The kinds of tasks that were defined, by code."""
        return tuple(kind_of_task(self._book.store, row.code)
                     for row in self._book.store.find(TaskKindRow))

    def with_state(self, state: str, *, area: str = "") -> Iterator[Task]:
        """Tasks in a state, the soonest due first, of an area and those in it."""
        if state not in list(TaskState):
            raise ValueError(f"a task is {', '.join(TaskState)}, not {brief(state)}")
        store = self._book.store
        for row in store.find(TaskRow, "by_state", str(state)):
            if lies_in(store, row.area, text.line(area, "area", most=64)):
                yield task_of(self._book, row)

    def of(self, resident: str) -> tuple[Task, ...]:
        """The tasks that a resident asked for, by day; none of a confidential kind."""
        party = self._book.person(resident).id
        return tuple(task_of(self._book, row)
                     for row in self._book.store.find(TaskRow, "by_asker", party)
                     if not self._kind(row).is_confidential)

    def taken_by(self, party: str) -> tuple[Task, ...]:
        """The tasks that a resident, team or officer has taken or was sent, newest last."""
        found = self._book.person(party).id
        ids = dict.fromkeys(move.task for move in
                            self._book.store.find(TaskMove, "by_party", found))
        rows = [self._row(task) for task in ids]
        return tuple(task_of(self._book, row) for row in rows
                     if found in parties(row, "doers") + parties(row, "offered"))

    def from_deed(self, deed: str) -> tuple[Task, ...]:
        """The tasks that a deed opened: how what was reported ends."""
        return tuple(task_of(self._book, row) for row in self._book.store.find(
            TaskRow, "by_deed", text.code(deed, "deed")))

    def overdue(self, *, on: date | None = None, area: str = "") -> tuple[Task, ...]:
        """The open tasks whose last day has passed by `on` (left out: today), longest first."""
        today = self._day(on).isoformat()
        return self._due(lambda row: row.due < today, area)

    def reminders(self, *, on: date | None = None, area: str = "") -> tuple[Task, ...]:
        """The open tasks whose reminder is due on a day: not yet late, but soon."""
        today = self._day(on)

        def is_near(row: TaskRow) -> bool:
            last = date.fromisoformat(row.due)
            return last - timedelta(days=self._kind(row).remind) <= today <= last

        return self._due(is_near, area)

    def moves(self, task: str) -> tuple[Move, ...]:
        """Every move of a task so far, oldest first."""
        row = self._row(task)
        hidden = self._kind(row).is_confidential
        return tuple(move_of(self._book, move, hidden=hidden)
                     for move in self._book.store.find(TaskMove, "", row.id))

    def _due(self, wanted: Callable[[TaskRow], bool], area: str) -> tuple[Task, ...]:
        """The open tasks with a limit that are wanted, the soonest due first."""
        store, top = self._book.store, text.line(area, "area", most=64)
        rows = [row for state in OPEN for row in store.find(
            TaskRow, "by_state", str(state)) if row.due != FOR_EVER]
        return tuple(task_of(self._book, row)
                     for row in sorted(rows, key=lambda row: (row.due, row.seq))
                     if wanted(row) and lies_in(store, row.area, top))

    def _day(self, on: date | None) -> date:
        check_day(on, "on")
        return on or self._book.calendar.day_of(self._book.now())

    def _kind(self, row: TaskRow) -> TaskKind:
        return kind_of_task(self._book.store, row.kind)

    def _row(self, task: str) -> TaskRow:
        found = self._book.store.get(TaskRow, text.code(task, "task"))
        if found is None:
            raise NotFound("task", task)
        return found
