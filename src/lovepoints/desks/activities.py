"""The activities' desk: what is held, who signs up and comes, and one award for the group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.rows_activities import ActivityRow, OccurrenceRow
from lovepoints.core.values import decimal, flag, whole
from lovepoints.core.work import activities
from lovepoints.core.work.activities import EVERY, OCCURRENCES_MAX, Every, OccurrenceState
from lovepoints.desks import gathering, tasking
from lovepoints.desks.activity_answers import (
    Activity,
    GroupAward,
    Occurrence,
    activity_of,
    activity_row,
    group_award,
    occurrence_of,
    occurrence_row,
    written,
)
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, check_day, perform, said_day
from lovepoints.desks.deeds import Quantity, codes_of, grades_of, quantities_of
from lovepoints.errors import Code, brief

PLACES_MAX = 10_000
"""No occurrence has more places."""
HEADCOUNT_MAX = 10**6
Said = dict[str, Any]  # Any: arguments of many types
Decide = Callable[[Command, OccurrenceRow], "Draft | Refusal"]


@attrs.frozen
class Activities:
    """`community.activities`"""

    _book: Book

    def define(
        self, code: str, *, title: str, rule: str = "", places: int = 0, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Activity:
        """Settle what holds for all occurrences of an activity; said again, it holds from then on.

        `rule`: closing an occurrence reports a deed of it for each who was there. `places`: so
        many may sign up (0: no limit).
        """
        said: Said = {"code": text.code(code, "code"), "title": text.code(title, "title"),
                      "rule": text.line(rule, "rule", most=64),
                      "places": whole(places, "places", least=0, most=PLACES_MAX)}

        def decide(command: Command) -> Draft:
            return Draft(
                kind="define_activity", subject=f"activity:{said['code']}", at=command.at,
                day=command.day.isoformat(), details={"rows": {"activity": [{
                    "code": said["code"], "title": said["title"],
                    "details": {"rule": said["rule"], "places": said["places"]}}]}})

        return perform(self._book, "define_activity", decide, said, by=by, at=at, key=key,
                       tell=self._defined)

    def plan(
        self, activity: str, *, on: date, until: date | None = None, every: Every = "",
        start: int = 0, end: int = 0, place: str = "", area: str = "", places: int = 0,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> tuple[Occurrence, ...]:
        """Plan an occurrence `on` a day, or one `every` "day", "week" or "month" up to `until`.

        `start` and `end` are minutes of the day; `places` are the activity's if left out.

        Raises:
            Refused: state_not_fitting (planned for that day, minute and place already).
        """
        check_day(on, "on")
        check_day(until, "until")
        said: Said = {
            "activity": text.code(activity, "activity"), "on": on, "until": until,
            "every": text.line(every, "every", most=8),
            "start": whole(start, "start", least=0, most=1440),
            "end": whole(end, "end", least=0, most=2880), "place": text.line(place, "place"),
            "area": text.line(area, "area", most=64),
            "places": whole(places, "places", least=0, most=PLACES_MAX)}
        days = _days(on, until, every)

        return perform(self._book, "plan_occurrence", lambda command: gathering.planned(
            command, said, days), said, by=by, at=at, key=key, tell=self._planned)

    def sign_up(
        self, occurrence: str, *, resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Occurrence:
        """Sign up (报名): a place if one is free, else the end of the waiting list."""
        return self._comes("sign_up", occurrence, resident, by, at, key, lambda _, row, who:
                           activities.signed_up(row, who))

    def withdraw(
        self, occurrence: str, *, resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Occurrence:
        """Give one's place back; the first who waits moves up."""
        return self._comes("withdraw", occurrence, resident, by, at, key, lambda _, row, who:
                           activities.withdrawn(row, who))

    def check_in(
        self, occurrence: str, *, resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Occurrence:
        """Write down that somebody came, signed up or not (签到)."""
        return self._comes(
            "check_in", occurrence, resident, by, at, key, lambda command, row, who:
            gathering.not_yet(command, row, "check_in") or activities.checked_in(
                row, who, command.at))

    def check_out(
        self, occurrence: str, *, resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Occurrence:
        """Write down that somebody went; a forgotten one is said later with `at=`."""
        return self._comes("check_out", occurrence, resident, by, at, key,
                           lambda command, row, who: activities.checked_out(row, who, command.at))

    def attend(
        self, occurrence: str, residents: Iterable[str], *, minutes: int = 0,
        absent: bool = False, by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Occurrence:
        """Write down a paper list of who was there and how long, in place of what the clock said;
        `absent`: they were not there after all."""
        said: Said = {"occurrence": occurrence, "residents": codes_of(residents, "residents"),
                      "minutes": whole(minutes, "minutes", least=0, most=2880),
                      "absent": flag(absent, "absent")}

        def decide(command: Command, row: OccurrenceRow) -> Draft | Refusal:
            if refusal := gathering.not_yet(command, row, "attend"):
                return refusal
            tasking.check_area(command, row)
            named = [self._book.person(one, "resident").id if said["absent"]
                     else gathering.comer(command, row, one) for one in said["residents"]]
            return gathering.moved(command, row, "attend", activities.attended(
                row, named, said["minutes"], absent=said["absent"]))

        return self._move("attend", occurrence, said, decide, by, at, key)

    def close(
        self, occurrence: str, *, headcount: int | None = None, counted: bool = True,
        quantity: Quantity | Mapping[str, Quantity] | None = None, evidence: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Occurrence:
        """Say that it was held: reports the deed of each who was there, in one transaction.

        `headcount`: how many people it reached, `counted` or estimated (left out: those who were
        there). `quantity` as `deeds.report` takes it, for each; left out, it is everybody's time.

        Raises:
            Refused: fact_missing (a check-out, with whose it is), and what `deeds.report` refuses.
        """
        said: Said = {
            "occurrence": occurrence, "headcount": None if headcount is None else whole(
                headcount, "headcount", least=0, most=HEADCOUNT_MAX),
            "counted": flag(counted, "counted"), "quantity": quantities_of(quantity),
            "evidence": text.line(evidence, "evidence")}
        return self._move("close", occurrence, said, lambda command, row: gathering.closed(
            command, row, said), by, at, key)

    def award(
        self, occurrence: str, *, grade: str | Iterable[str] | None = None,
        points: int | str | Decimal | None = None, reason: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> GroupAward:
        """Confirm the deeds of all who were there at once, by somebody whom the rule names.

        The officer's own deed, that of her household and what she wrote down herself are left for
        somebody else, and named; so is a deed that its rule refuses.

        Raises:
            Refused: state_not_fitting (nothing waits); where none could be confirmed, why not.
        """
        grades, reason = grades_of(grade), text.line(reason, "reason")
        chosen = None if points is None else decimal(points, "points")
        said: Said = {"occurrence": occurrence, "grade": grades, "points": chosen,
                      "reason": reason}
        return perform(
            self._book, "award_occurrence", self._checked("award", occurrence,
            lambda command, row: gathering.awarded(command, row, grades, chosen, reason)),
            said, by=by, at=at, key=key, roles=lambda: gathering.awarders(self._book, occurrence),
            tell=lambda answer: group_award(self._book, answer))

    def cancel(
        self, occurrence: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Occurrence:
        """Say that it is not held, and why; what it had earned is taken back."""
        return self._ended("cancel", OccurrenceState.CANCELLED, occurrence, reason, by, at, key)

    def reopen(
        self, occurrence: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Occurrence:
        """Open an occurrence again; what it earned is frozen until it is closed and awarded."""
        return self._ended("reopen", OccurrenceState.PLANNED, occurrence, reason, by, at, key)

    def __getitem__(self, occurrence: str) -> Occurrence:
        """The occurrence with this number as it stands; NotFound if there is none."""
        return occurrence_of(self._book, occurrence_row(self._book, occurrence))

    def defined(self) -> tuple[Activity, ...]:
        """The activities that were defined, by code."""
        return tuple(map(activity_of, self._book.store.find(ActivityRow)))

    def between(
        self, since: date, until: date, *, activity: str = "",
    ) -> tuple[Occurrence, ...]:
        """The occurrences of these days, or those of one activity, by day."""
        for name, day in (("since", since), ("until", until)):
            said_day(day, name)
        wanted = activity_row(self._book, activity).code if activity else ""
        return tuple(occurrence_of(self._book, row) for row in self._book.store.find(
            OccurrenceRow, "by_day", low=since.isoformat(), high=until.isoformat())
            if wanted in ("", row.activity))

    def _ended(
        self, move: str, state: OccurrenceState, occurrence: str, reason: str, by: str | None,
        at: datetime | date | None, key: str | None,
    ) -> Occurrence:
        said: Said = {"occurrence": occurrence, "reason": text.line(reason, "reason")}

        def decide(command: Command, row: OccurrenceRow) -> Draft | Refusal:
            tasking.check_area(command, row)
            if not said["reason"]:
                return Refusal(Code.REASON_NEEDED, {"what": move})
            undo = tasking.void if move == "cancel" else tasking.unsettle
            undo(command, row, said["reason"])
            return gathering.moved(command, row, move, activities.moved(row, state),
                                   reason=said["reason"])

        return self._move(move, occurrence, said, decide, by, at, key)

    def _comes(
        self, move: str, occurrence: str, resident: str, by: str | None,
        at: datetime | date | None, key: str | None,
        change: Callable[[Command, OccurrenceRow, str], dict[str, Any] | Refusal],
    ) -> Occurrence:
        said: Said = {"occurrence": occurrence,
                      "resident": text.line(resident, "resident", most=64)}

        def decide(command: Command, row: OccurrenceRow) -> Draft | Refusal:
            who = gathering.comer(command, row, said["resident"])
            return gathering.moved(command, row, move, change(command, row, who), party=who)

        return self._move(move, occurrence, said, decide, by, at, key)

    def _move(
        self, move: str, occurrence: str, said: Said, decide: Decide, by: str | None,
        at: datetime | date | None, key: str | None,
    ) -> Occurrence:
        return perform(self._book, f"{move}_occurrence", self._checked(move, occurrence, decide),
                       said, by=by, at=at, key=key, tell=self._told)

    def _checked(
        self, move: str, occurrence: str, decide: Decide,
    ) -> Callable[[Command], Draft | Refusal]:
        def checked(command: Command) -> Draft | Refusal:
            row = occurrence_row(self._book, occurrence)
            return activities.wrong_move(row, move) or decide(command, row)

        return checked

    def _told(self, answer: Answer) -> Occurrence:
        row = written(answer.entry, occurrence_row(self._book, answer.entry.subject))
        return occurrence_of(self._book, row, key=answer.key, is_repeat=answer.is_repeat)

    def _planned(self, answer: Answer) -> tuple[Occurrence, ...]:
        return tuple(occurrence_of(
            self._book, written(answer.entry, occurrence_row(self._book, row["id"])),
            key=answer.key, is_repeat=answer.is_repeat)
            for row in answer.entry.details["rows"]["occurrence"])

    def _defined(self, answer: Answer) -> Activity:
        row = ActivityRow(**answer.entry.details["rows"]["activity"][0])
        return activity_of(row, key=answer.key, is_repeat=answer.is_repeat)


def _days(on: date, until: date | None, every: Every) -> list[date]:
    said_day(on, "on")
    if every not in EVERY:
        raise ValueError(f"every is one of {', '.join(filter(None, EVERY))}, not {brief(every)}")
    if bool(every) != (until is not None):
        raise ValueError("every= and until= are said together")
    if until is not None and (until < on or until.year > 9000):
        raise ValueError(f"the last day {until} lies before {on}, or too far ahead")
    days = activities.days_of(on, until or on, every)
    if len(days) > OCCURRENCES_MAX:
        raise ValueError(f"one plan makes at most {OCCURRENCES_MAX} occurrences")
    return days
