"""The teams' desk: who belongs to a team from day to day, and who leads it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.rows import FOR_EVER
from lovepoints.core.rows_activities import TeamTerm
from lovepoints.desks import reporting
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, check_day, check_order, perform
from lovepoints.errors import Code, brief

Part = Literal["member", "lead"]
Chosen = Literal["", "elected", "appointed"]
Said = dict[str, Any]  # Any: arguments of many types


@attrs.frozen(kw_only=True)
class Term:
    """A resident in a team: from `since` up to and with `until` (None: open), as what `part`."""

    team: str
    resident: str
    since: date
    until: date | None = None
    part: str = "member"
    chosen: str = ""
    key: str = ""
    is_repeat: bool = False


@attrs.frozen
class Teams:
    """`community.teams`"""

    _book: Book

    def join(
        self, team: str, *, resident: str, part: Part = "member", chosen: Chosen = "",
        on: date | None = None, by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Term:
        """Take a resident into a team from a day; said of a member, she becomes its lead, or is
        no longer. `chosen`: a lead was "elected" or "appointed".

        Raises:
            Refused: state_not_fitting (already so, or the team has another lead).
        """
        if part not in get_args(Part):
            raise ValueError(f"part is member or lead, not {brief(part)}")
        if chosen not in get_args(Chosen):
            raise ValueError(f"chosen is elected or appointed, not {brief(chosen)}")
        check_day(on, "on")
        said: Said = {"team": text.code(team, "team"), "resident": text.code(resident, "resident"),
                      "part": str(part), "chosen": str(chosen), "on": on}
        return self._said("join", said, self._joined, by, at, key)

    def leave(
        self, team: str, *, resident: str, on: date | None = None, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Term:
        """End somebody's time in a team; `on` is the last day."""
        check_day(on, "on")
        said: Said = {"team": text.code(team, "team"), "resident": text.code(resident, "resident"),
                      "on": on}
        return self._said("leave", said, self._left, by, at, key)

    def members(self, team: str, *, on: date | None = None) -> tuple[Term, ...]:
        """Who belongs to a team on a day (left out: today), the lead first."""
        check_day(on, "on")
        party = self._book.person(team, "team").id
        day = (on or self._book.calendar.day_of(self._book.now())).isoformat()
        found = [self._term(row) for row in self._book.store.find(TeamTerm, "", party)
                 if row.since <= day <= row.until]
        return tuple(sorted(found, key=lambda one: (one.part != "lead", one.resident)))

    def lead(self, team: str, *, on: date | None = None) -> Term | None:
        """Who leads a team on a day; None if nobody does."""
        return next((one for one in self.members(team, on=on) if one.part == "lead"), None)

    def of(self, resident: str) -> tuple[Term, ...]:
        """Every time of a resident in a team, oldest first."""
        party = self._book.person(resident, "resident").id
        return tuple(map(self._term, self._book.store.find(TeamTerm, "by_resident", party)))

    def _joined(
        self, command: Command, said: Said, theirs: list[TeamTerm], who: tuple[str, str], day: str,
    ) -> list[TeamTerm] | Refusal:
        team, resident = who
        if refusal := reporting.has_left(self._book, [team, resident], date.fromisoformat(day)):
            return refusal
        last = theirs[-1] if theirs else None
        if last:
            check_order(last.since, day)
        goes_on = last is not None and last.until >= day
        others = [row for row in self._book.store.find(TeamTerm, "", team)
                  if row.resident != resident and row.part == "lead" and row.until >= day]
        if said["part"] == "lead" and others:
            return Refusal(Code.STATE_NOT_FITTING, {"what": "join", "state": "has a lead"})
        if last and goes_on and (last.part, last.chosen) == (said["part"], said["chosen"]):
            return Refusal(Code.STATE_NOT_FITTING, {"what": "join", "state": last.part})
        new = TeamTerm(team=team, resident=resident, since=day, part=said["part"],
                       chosen=said["chosen"])
        if last is None or not goes_on or last.since == day:
            if last and not goes_on:
                check_order(last.until, day)
            return [new]
        eve = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
        return [attrs.evolve(last, until=eve), new]

    def _left(
        self, command: Command, said: Said, theirs: list[TeamTerm], who: tuple[str, str], day: str,
    ) -> list[TeamTerm] | Refusal:
        last = theirs[-1] if theirs else None
        if last is None or last.until != FOR_EVER:
            return Refusal(Code.STATE_NOT_FITTING, {"what": "leave", "state": "no member"})
        check_order(last.since, day)
        return [attrs.evolve(last, until=day)]

    def _said(
        self, verb: str, said: Said, change: Any, by: str | None,  # Any: one of the two above
        at: datetime | date | None, key: str | None,
    ) -> Term:
        def decide(command: Command) -> Draft | Refusal:
            team = self._book.person(said["team"], "team").id
            resident = self._book.person(said["resident"], "resident").id
            day = (said["on"] or command.day).isoformat()
            theirs = [row for row in self._book.store.find(TeamTerm, "", team)
                      if row.resident == resident]
            rows = change(command, said, theirs, (team, resident), day)
            if isinstance(rows, Refusal):
                return rows
            return Draft(kind=f"{verb}_team", subject=team, at=command.at,
                         day=command.day.isoformat(),
                         details={"rows": {"team_term": [attrs.asdict(row) for row in rows]}})

        return perform(self._book, f"{verb}_team", decide, said, by=by, at=at, key=key,
                       tell=self._told)

    def _told(self, answer: Answer) -> Term:
        row = TeamTerm(**answer.entry.details["rows"]["team_term"][-1])
        return attrs.evolve(self._term(row), key=answer.key, is_repeat=answer.is_repeat)

    def _term(self, row: TeamTerm) -> Term:
        return Term(
            team=self._book.code_of(row.team), resident=self._book.code_of(row.resident),
            since=date.fromisoformat(row.since), part=row.part, chosen=row.chosen,
            until=None if row.until == FOR_EVER else date.fromisoformat(row.until))
