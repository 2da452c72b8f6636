"""The rotas' desk: which shifts a team has, whose turn it is, who takes whose place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, TypeVar

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.rows_work import RotaRow, ShiftRow
from lovepoints.core.values import several, whole
from lovepoints.core.work.rotas import PATTERN_MAX, next_ones
from lovepoints.desks import rostering
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, perform, said_day
from lovepoints.desks.rota_answers import (
    Away,
    Rota,
    Shift,
    had_of,
    rota_of,
    rota_row,
    shift_of,
    shift_row,
    slot_of,
    there_on,
)
from lovepoints.errors import brief

DAYS_MAX = 366
"""One plan, and one look, goes over no more days."""
PEOPLE_MAX = 100
"""No shift is for more people."""
Pattern = Iterable[tuple[int, int, int, int]]
"""Shifts of a week: weekday (1 is Monday), first and last minute of the day, how many people."""
Said = dict[str, Any]  # Any: arguments of many types
T = TypeVar("T")


@attrs.frozen
class Rotas:
    """`community.rotas`"""

    _book: Book

    def define(
        self, code: str, *, team: str, kind: str, pattern: Pattern, title: str = "",
        area: str = "", by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Rota:
        """Settle the weekly shifts of a team; said again, it holds for what is planned from then
        on.

        `kind` is the kind of task that a shift is. A shift of the `pattern` reads
        (5, 1140, 1260, 2): Fridays, from 19:00 to 21:00, two people. What a shift earns is capped
        by its minutes.
        """
        code = text.code(code, "code")
        said: Said = {
            "code": code, "team": text.code(team, "team"), "kind": text.code(kind, "kind"),
            "pattern": _pattern(pattern), "title": text.line(title, "title", most=64) or code,
            "area": text.line(area, "area", most=64)}

        def tell(answer: Answer) -> Rota:
            row = RotaRow(**answer.entry.details["rows"]["rota"][0])
            return rota_of(self._book, row, key=answer.key, is_repeat=answer.is_repeat)

        return self._say("define_rota", lambda command: rostering.defined(command, said), said,
                         by, at, key, tell)

    def plan(
        self, rota: str, since: date, until: date, *, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> tuple[Shift, ...]:
        """Plan the shifts of these days (both included) that are not planned yet, each given to
        those whose turn it is. Planning again adds nothing.

        Raises:
            Refused: not_permitted. ValueError: more than 400 shifts.
        """
        said: Said = {"rota": text.code(rota, "rota"), "since": since, "until": until}
        _check_days(since, until)

        def tell(answer: Answer) -> tuple[Shift, ...]:
            return tuple(
                attrs.evolve(shift_of(self._book, shift_row(self._book, row["task"])),
                             key=answer.key, is_repeat=answer.is_repeat)
                for row in answer.entry.details["rows"]["shift"])

        return self._say("plan_rota", lambda command: rostering.planned(command, said), said, by,
                         at, key, tell)

    def offer(
        self, task: str, *, to: str, resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Shift:
        """Ask a member of the team to take one's place in a shift, or a free one (换班); it is
        hers once she says yes with `take`. An officer offers a free place, or that of a
        `resident` who asked for it.

        Raises:
            Refused: state_not_fitting (not in the team, busy then, has it), no_place_left,
                not_permitted.
        """
        task, to = text.code(task, "task"), text.name(to, "to")
        resident = text.line(resident, "resident", most=64)
        return self._shift(
            "offer_rota", lambda command: rostering.offered(command, task, to, resident),
            {"task": task, "to": to, "resident": resident}, by, at, key)

    def take(
        self, task: str, *, resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Shift:
        """Say yes to an offer; whoever made it no longer has the shift, and earns nothing of it.

        Raises:
            Refused: state_not_fitting (not offered, busy then), no_place_left, not_permitted.
        """
        task = text.code(task, "task")
        resident = text.line(resident, "resident", most=64)
        return self._shift("take_rota", lambda command: rostering.taken(command, task, resident),
                           {"task": task, "resident": resident}, by, at, key)

    def away(
        self, rota: str, since: date, until: date, *, resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Away:
        """Say that somebody is away (请假): she gives back the shifts that she has in these days,
        and gets none planned.

        Raises:
            Refused: not_permitted, for anybody but oneself without an office.
        """
        _check_days(since, until)
        said: Said = {"rota": text.code(rota, "rota"), "since": since, "until": until,
                      "resident": text.line(resident, "resident", most=64)}

        def tell(answer: Answer) -> Away:
            told = answer.entry.details
            return Away(rota=said["rota"], resident=self._book.code_of(told["resident"]),
                        since=since, until=until, given_back=tuple(told["given_back"]),
                        key=answer.key, is_repeat=answer.is_repeat)

        return self._say("away_rota", lambda command: rostering.away(command, said), said, by, at,
                         key, tell)

    # reading

    def __getitem__(self, code: str) -> Rota:
        """The rota with this code; NotFound if there is none."""
        return rota_of(self._book, rota_row(self._book, code))

    def __iter__(self) -> Iterator[Rota]:
        """The rotas, by code."""
        return iter([rota_of(self._book, row) for row in self._book.store.find(RotaRow)])

    def shifts(
        self, since: date, until: date, *, rota: str = "", resident: str = "",
    ) -> tuple[Shift, ...]:
        """The shifts of these days (both included), or those of one rota or resident."""
        _check_days(since, until)
        code = rota_row(self._book, rota).code if rota else ""
        if resident:
            self._book.person(resident, "resident")
        found = sorted(self._book.store.find(
            ShiftRow, "by_day", low=since.isoformat(), high=until.isoformat()),
            key=lambda row: (row.day, row.start, row.rota))
        shifts = (shift_of(self._book, row) for row in found if code in ("", row.rota))
        return tuple(one for one in shifts if not resident or resident in one.residents)

    def gaps(self, since: date, until: date, *, rota: str = "") -> tuple[Shift, ...]:
        """The shifts of these days that are short of people."""
        return tuple(one for one in self.shifts(since, until, rota=rota) if one.missing)

    def next_ones(self, task: str) -> tuple[str, ...]:
        """Who could take a place in a shift, the fewest shifts first: who is in the team, not
        away, and free at that time."""
        row = shift_row(self._book, task)
        rota = rota_row(self._book, row.rota)
        found = next_ones(had_of(self._book, self._book.store.find(ShiftRow, "", row.rota)),
                          slot_of(row), there_on(self._book, rota, row.day))
        return tuple(map(self._book.code_of, found))

    def _shift(
        self, verb: str, decide: Callable[[Command], Draft | Refusal], said: Said, by: str | None,
        at: datetime | date | None, key: str | None,
    ) -> Shift:
        return self._say(verb, decide, said, by, at, key, lambda answer: shift_of(
            self._book, shift_row(self._book, answer.entry.subject), key=answer.key,
            is_repeat=answer.is_repeat))

    def _say(
        self, verb: str, decide: Callable[[Command], Draft | Refusal], said: Said, by: str | None,
        at: datetime | date | None, key: str | None, tell: Callable[[Answer], T],
    ) -> T:
        return perform(self._book, verb, decide, said, by=by, at=at, key=key, tell=tell)


def _pattern(pattern: Pattern) -> tuple[tuple[int, int, int, int], ...]:
    found = []
    for one in several(pattern, "pattern"):
        if not isinstance(one, tuple | list) or len(one) != 4:
            raise TypeError(f"a shift reads (5, 1140, 1260, 2), not {brief(one)}")
        weekday, start, end, people = one
        found.append((whole(weekday, "weekday", most=7), whole(start, "start", least=0, most=1439),
                      whole(end, "end", most=2880), whole(people, "people", most=PEOPLE_MAX)))
        if found[-1][2] <= found[-1][1]:
            raise ValueError(f"a shift ends after it begins, not at {end}")
    if not found or len(found) > PATTERN_MAX:
        raise ValueError(f"a week has one to {PATTERN_MAX} shifts")
    if len({one[:2] for one in found}) < len(found):
        raise ValueError("two shifts of a weekday begin at the same minute; say more people")
    return tuple(sorted(found))


def _check_days(since: date, until: date) -> None:
    for name, day in (("since", since), ("until", until)):
        said_day(day, name)
    if not 0 <= (until - since).days < DAYS_MAX or until.year > 9000:
        raise ValueError(f"from since={since} to until={until} are not 1 to {DAYS_MAX} days")
