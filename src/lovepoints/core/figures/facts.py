"""What figures are worked out from: the rows of a moment, and the scope that is asked for.

A past moment is the journal folded up to it, so that each figure of the past needs no bookkeeping
of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Literal

import attrs

from lovepoints.core.adopted import Adopted, calendar_of
from lovepoints.core.deeds import Status
from lovepoints.core.journal import Entry
from lovepoints.core.rows import (
    Area,
    Credit,
    DeedRow,
    EntryRow,
    Membership,
    Party,
    Sealed,
)
from lovepoints.core.rows_work import TaskKindRow, TaskMove, TaskRow
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.store import Rows
from lovepoints.core.values import Calendar, kind_of
from lovepoints.core.work.areas import above, subtree

Clock = Literal["fact", "decision"]


@attrs.frozen(kw_only=True)
class Scope:
    """What is asked for: days (ISO text, both included), as known at the end of `as_of`.

    `area` with all that lies in it, a `kind` of task or rule, a `channel`, an `officer` (a
    pseudonym) who decided, sent or finished, `labels` that a task must have. `clock`: deeds count
    on the day they were done, or on the day of their decision.
    """

    first: str
    last: str
    as_of: str
    area: str = ""
    kind: str = ""
    channel: str = ""
    officer: str = ""
    labels: Mapping[str, str] = attrs.field(factory=dict)
    clock: Clock = "fact"

    def __contains__(self, day: str) -> bool:
        return self.first <= day <= self.last


@attrs.frozen(eq=False)
class Facts:
    """The rows of a moment as one scope sees them; each list is made once. `journal` holds the
    entries, of which those up to `upto` count."""

    rows: Rows
    scope: Scope
    journal: Rows
    upto: int

    # people and places

    @cached_property
    def areas(self) -> frozenset[str]:
        """The area of the scope and all that lie in it."""
        return subtree(self.rows, self.scope.area)

    @cached_property
    def parties(self) -> Mapping[str, Party]:
        """Everybody enrolled by the day of the scope."""
        return {one.id: one for one in self.rows.find(Party) if one.opened <= self.scope.as_of}

    def present(self, kind: str, day: str) -> list[Party]:
        """Those of a kind who were here on a day, in the scope's area."""
        return [one for one in self.parties.values()
                if one.kind == kind and one.opened <= day <= one.closed
                and self.is_here(self.home_area(one.id, day))]

    def membership(self, resident: str, day: str) -> Membership | None:
        """Where a resident belongs on a day."""
        found = self.rows.find(Membership, "", resident, high=day, reverse=True, limit=1)
        return found[0] if found and found[0].until >= day else None

    @cached_property
    def _members(self) -> Mapping[str, list[Membership]]:
        found: dict[str, list[Membership]] = {}
        for one in self.rows.find(Membership):
            if one.household:
                found.setdefault(one.household, []).append(one)
        return found

    def home_area(self, party: str, day: str) -> str:
        """The area of a resident; of a household, that of its members."""
        own = self.membership(party, day)
        if own:
            return own.area
        return next((one.area for one in self._members.get(party, ())
                     if one.since <= day <= one.until), "")

    def is_here(self, area: str) -> bool:
        """Whether an area lies in that of the scope."""
        return not self.scope.area or area in self.areas

    def depth(self, area: str) -> int:
        """How deep an area lies: 1 is the first below the community."""
        return len(above(self.rows, area)) - 1

    @cached_property
    def nodes(self) -> list[Area]:
        """The areas of the scope."""
        return [one for one in self.rows.find(Area) if self.is_here(one.code)]

    # deeds

    @cached_property
    def rulebook(self) -> Rulebook | None:
        """The rulebook in force on the scope's day."""
        found = None
        for since, rulebook in Adopted(self.rows).terms():
            if since <= self.scope.as_of:
                found = rulebook
        return found

    def rule(self, code: str) -> Rule | None:
        """A rule by the newest rulebook that has it."""
        for _, rulebook in reversed(Adopted(self.rows).terms()):
            if found := rulebook.rule(code):
                return found
        return None

    def decimals(self, unit: str) -> int:
        """Decimals of a kind of points."""
        for _, rulebook in reversed(Adopted(self.rows).terms()):
            for kind in rulebook.kinds:
                if kind.code == kind_of(unit):
                    return kind.decimals
        return 0

    def decided_on(self, deed: DeedRow) -> str:
        """The day of a deed's last decision; "" if there is none."""
        decisions = deed.details.get("decisions", ())
        row = self.journal.get(EntryRow, decisions[-1]["seq"]) if decisions else None
        if row is None:
            return ""
        return self.calendar.day_of(Entry.from_bytes(row.body).at).isoformat()

    def channel(self, deed: DeedRow) -> str:
        """How a deed was reported; it stands with the words, so it goes with them."""
        words = self.journal.get(Sealed, deed.id)
        return str(words.details.get("channel", "")) if words else ""

    def by_officer(self, deed: DeedRow) -> bool:
        """Whether the scope's officer decided a deed, where one is asked for."""
        return not self.scope.officer or self.scope.officer in deed.details.get("confirmed_by", ())

    @cached_property
    def deeds(self) -> list[DeedRow]:
        """Deeds of the scope and period, by the scope's clock."""
        scope = self.scope
        return [one for one in self.rows.scan(DeedRow)
                if (one.day if scope.clock == "fact" else self.decided_on(one)) in scope
                and self.is_here(one.area) and scope.kind in ("", one.rule)
                and (not scope.channel or scope.channel == self.channel(one))
                and not scope.labels and self.by_officer(one)]

    @cached_property
    def confirmed(self) -> list[DeedRow]:
        """Those that are confirmed."""
        return [one for one in self.deeds if one.status == Status.CONFIRMED]

    @cached_property
    def credits(self) -> list[Credit]:
        """What the confirmed deeds count for."""
        return [credit for deed in self.confirmed
                for credit in self.rows.find(Credit, "", deed.id)]

    # tasks

    @cached_property
    def kinds(self) -> Mapping[str, TaskKindRow]:
        """The kinds of tasks by code."""
        return {one.code: one for one in self.rows.find(TaskKindRow)}

    @cached_property
    def all_tasks(self) -> list[TaskRow]:
        """The tasks of the scope, of any day."""
        scope = self.scope
        return [one for one in self.rows.scan(TaskRow)
                if self.is_here(one.area) and scope.kind in ("", one.kind)
                and scope.channel in ("", one.channel)
                and scope.labels.items() <= one.details.get("labels", {}).items()
                and (not scope.officer or any(
                    move.by == scope.officer for move in self.moves(one.id)))]

    def tasks(self, *natures: str) -> list[TaskRow]:
        """Tasks of these natures that were asked for in the period."""
        return [one for one in self.of_nature(*natures) if one.day in self.scope]

    def of_nature(self, *natures: str) -> list[TaskRow]:
        """Tasks of these natures, of any day."""
        return [one for one in self.all_tasks if self.kinds[one.kind].nature in natures]

    def moves(self, task: str) -> list[TaskMove]:
        """The moves of a task, in their order."""
        return self._moves.get(task, [])

    @cached_property
    def _moves(self) -> Mapping[str, list[TaskMove]]:
        found: dict[str, list[TaskMove]] = {}
        for one in self.rows.scan(TaskMove):
            found.setdefault(one.task, []).append(one)
        return found

    def moved(self, *moves: str) -> Iterator[TaskMove]:
        """Moves of these names on the scope's tasks in the period."""
        for task in self.all_tasks:
            for one in self.moves(task.id):
                if one.move in moves and one.day in self.scope:
                    yield one

    # entries

    def entries(self, *kinds: str) -> Iterator[Entry]:
        """Entries of these kinds of the period, by the officer of the scope."""
        for row in self.journal.scan(EntryRow):
            if row.seq > self.upto:
                return
            if row.kind in kinds and row.day in self.scope:
                entry = Entry.from_bytes(row.body)
                if self.scope.officer in ("", entry.by):
                    yield entry

    @cached_property
    def calendar(self) -> Calendar:
        """The book's calendar."""
        return calendar_of(self.rows)

    @property
    def moment(self) -> int:
        """The first instant after the scope's day."""
        return self.calendar.end_of(date.fromisoformat(self.scope.as_of))


def homes(credits: Iterable[Credit]) -> set[str]:
    """The households (or people without one) behind credits of more than zero points."""
    return {one.household or one.holder for one in credits if one.points > 0}
