"""A sheet of deeds -> the book: each row a report and a confirmation, many rows a transaction.

What a row reports makes its key, so that a sheet can be brought in again after a stop, or after
some rows were mended: what is in the book already is met as a repeat and pays nothing. Rows that
cannot be taken are set aside with their place and their reason; the others go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from os import PathLike
from typing import TypeVar

import attrs

from lovepoints.community import Community
from lovepoints.core.journal import canonical_bytes
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.problems import nearest, visible
from lovepoints.core.values import whole
from lovepoints.desks.answers import Decision, Deed, Points
from lovepoints.desks.command import plain
from lovepoints.errors import Conflict, NotFound, Refused
from lovepoints.sheets.columns import DEEDS, Said, said_of
from lovepoints.sheets.problems import Problem, shown
from lovepoints.sheets.reading import Row, Sheet, Unreadable, opened

BATCH_ROWS = 500
"""So many rows are one transaction; a kill takes back at most these."""
BATCH_MOST = 100_000
"""No transaction takes more rows."""
PROBLEMS_MAX = 100
"""So many problems are told one by one; the rest is counted."""
TRIES = 5
"""How often the same row may be brought in again after a refusal."""
SAID_MAX = 200
"""The most characters of a wrong call's own words."""
Progress = Callable[[int, int], object]
Told = TypeVar("Told", Deed, Decision)
Answered = TypeVar("Answered")


@attrs.frozen(kw_only=True)
class Imported:
    """What became of a sheet's rows. Each row is counted once.

    `confirmed` rows were written and decided, `waiting` ones written but not decided yet;
    `repeated` ones were in the book before; `refused` ones are told by `problems`, the first
    hundred of them, and counted by code in `reasons`. `points` were awarded, by kind; `unknown`
    are codes of residents that the book does not know. `stopped` says why the rest of a sheet
    was not read. Where `is_rehearsal`, all this would have happened and nothing was written.
    """

    name: str
    rows: int = 0
    confirmed: int = 0
    waiting: int = 0
    repeated: int = 0
    refused: int = 0
    points: Mapping[str, Points] = attrs.field(factory=dict)
    unknown: tuple[str, ...] = ()
    reasons: Mapping[str, int] = attrs.field(factory=dict)
    problems: tuple[Problem, ...] = ()
    stopped: Problem | None = None
    is_rehearsal: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every row is in the book."""
        return not self.refused and self.stopped is None


@attrs.define
class _Tally:
    """The counts while rows are read; of bounded size however long the sheet is."""

    name: str
    counts: dict[str, int] = attrs.field(factory=lambda: dict.fromkeys(
        ("rows", "confirmed", "waiting", "repeated", "refused"), 0))
    points: dict[str, Points] = attrs.field(factory=dict)
    unknown: dict[str, None] = attrs.field(factory=dict)
    reasons: dict[str, int] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)
    stopped: Problem | None = None

    def refuse(self, problems: list[Problem]) -> None:
        """A row is set aside."""
        self.counts["refused"] += 1
        for problem in problems:
            self.reasons[problem.code] = self.reasons.get(problem.code, 0) + 1
            self.tell(problem)
            if problem.code == "unknown_resident" and len(self.unknown) < PROBLEMS_MAX:
                self.unknown[problem.facts["value"]] = None

    def tell(self, problem: Problem) -> None:
        """Remember a problem, if there is room for one more."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(problem)

    def award(self, decision: Decision) -> None:
        """Add what a decision awarded."""
        for award in decision.awards:
            for kind, points in award.amounts.items():
                self.points[kind] = self.points.get(kind, 0) + points

    def imported(self, *, is_rehearsal: bool) -> Imported:
        """The counts as they are told."""
        return Imported(
            name=self.name, points=self.points, unknown=tuple(self.unknown), reasons=self.reasons,
            problems=tuple(self.problems), stopped=self.stopped, is_rehearsal=is_rehearsal,
            **self.counts)


class _Rehearsed(Exception):
    """Takes back what a rehearsal wrote."""


def bring_in(
    community: Community, path: str | PathLike[str], *, by: str | None = None,
    rehearse: bool = False, rows: int = BATCH_ROWS, progress: Progress | None = None,
) -> Imported:
    """Bring the deeds of a sheet into the book, `rows` of them in each transaction.

    `by` reports every row; whoever a row names confirms it, under the same rules as at the
    desk. `rehearse` writes nothing and says what would happen. `progress` is called with the
    bytes read and the size of the sheet. What was brought in before is met as a repeat, so that
    a sheet can be brought in again after a stop.
    """
    whole(rows, "rows", most=BATCH_MOST)
    tally = _Tally(name="")
    try:
        with opened(path, lambda title: bool(DEEDS.column_of(title))) as sheet:
            tally.name = sheet.name
            _bring(community, sheet, tally, by, rows, rehearse, progress or (lambda *_: None))
    except Unreadable as error:
        tally.name, tally.stopped = error.problem.file, error.problem
    return tally.imported(is_rehearsal=rehearse)


def _bring(
    community: Community, sheet: Sheet, tally: _Tally, by: str | None, rows: int,
    rehearse: bool, progress: Progress,
) -> None:
    columns = DEEDS.columns_of(sheet.name, sheet.titles)
    writer = _Writer(community=community, sheet=sheet.name, by=by, tally=tally,
                     titles={column: shown(title) for column, title
                             in zip(columns, sheet.titles, strict=True) if column},
                     start=int(community.describe()["entries"]))
    readings = sheet.rows()
    if rehearse:
        try:
            with community.batch():
                while _some(readings, rows, sheet, columns, writer):
                    progress(sheet.read, sheet.size)
                raise _Rehearsed
        except _Rehearsed:
            return
    going = True
    while going:
        with community.batch():
            going = _some(readings, rows, sheet, columns, writer)
        progress(sheet.read, sheet.size)


def _some(
    readings: Iterator[Row | Problem], rows: int, sheet: Sheet,
    columns: tuple[str | None, ...], writer: _Writer,
) -> bool:
    """Write the next rows; whether there may be more. What cannot be read ends the sheet, and
    what was read before it stays."""
    count = 0
    try:
        for reading in islice(readings, rows):
            count += 1
            writer.tally.counts["rows"] += 1
            said = [reading] if isinstance(reading, Problem) else said_of(
                sheet.name, sheet.titles, columns, reading)
            if isinstance(said, Said):
                writer.write(said)
            else:
                writer.tally.refuse(said)
    except Unreadable as error:
        writer.tally.stopped = error.problem
        return False
    return count == rows


@attrs.define(kw_only=True)
class _Writer:
    """Says rows at the deeds' desk, in the name of whoever brings the sheet in."""

    community: Community
    sheet: str
    titles: Mapping[str, str]
    by: str | None
    tally: _Tally
    start: int

    def write(self, said: Said) -> None:
        """Report and confirm one row, or set it aside."""
        try:
            rule = self._rule(said)
            deed = self._report(said, rule)
            decision = self._confirm(said, deed) if said.confirmed_by else None
        except _SetAside as aside:
            self.tally.refuse([aside.problem])
            return
        is_repeat = deed.is_repeat and (decision is None or decision.is_repeat)
        if is_repeat:
            self.tally.counts["repeated"] += 1
            if decision is not None and decision.seq > self.start:
                self.tally.tell(self._problem(said, "", "same_row"))
            return
        is_decided = decision is not None and not decision.waiting_for
        self.tally.counts["confirmed" if is_decided else "waiting"] += 1
        if decision is not None and not decision.is_repeat:
            self.tally.award(decision)

    def _rule(self, said: Said) -> str:
        """The code of the row's rule, which may be named by its title."""
        rulebooks = self._rulebooks(said)
        rules = {rule.code: rule for rulebook in rulebooks for rule in rulebook.rules}
        titled = [code for code, rule in rules.items() if rule.title == said.rule]
        if said.rule in rules or len(titled) == 1:
            return said.rule if said.rule in rules else titled[0]
        names = [name for code, rule in rules.items() for name in (code, rule.title)]
        raise self._aside(said, "rule", "unknown_rule", value=shown(said.rule),
                          near=nearest(said.rule, names), day=said.day.isoformat())

    def _rulebooks(self, said: Said) -> list[Rulebook]:
        """The rulebooks that may rate the row: that of the deed's day, and today's."""
        found = []
        for day in (said.day, None):
            with suppress(NotFound):
                found.append(self.community.rulebooks.in_force(day))
        if not found:
            raise self._aside(said, "day", "no_rulebook", day=said.day.isoformat())
        return found

    def _report(self, said: Said, rule: str) -> Deed:
        key = said.key or "sheet-" + digest({
            "rule": rule, "resident": said.resident, "day": said.day, "quantity": said.quantity,
            "place": said.place, "event": said.event, "matter": said.matter})
        return self._say(said, key, "resident", lambda key: self.community.deeds.report(
            rule, resident=said.resident, on=said.day, quantity=said.quantity, place=said.place,
            event=said.event, matter=said.matter, evidence=said.evidence, note=said.note,
            reason=said.reason, channel="sheet", by=self.by, at=said.reported_on, key=key))

    def _confirm(self, said: Said, deed: Deed) -> Decision:
        key = f"{deed.id}-" + digest({
            "by": said.confirmed_by, "grade": said.grade, "points": said.points,
            "reason": said.reason})
        return self._say(said, key, "confirmed_by", lambda key: self.community.deeds.confirm(
            deed.id, grade=said.grade or None, points=said.points, reason=said.reason,
            by=said.confirmed_by, at=said.confirmed_on, key=key))

    def _say(self, said: Said, key: str, who: str, verb: Callable[[str], Told]) -> Told:
        """Say a verb for a row, or set the row aside."""
        try:
            return unburnt(key, verb)
        except Refused as no:
            raise _SetAside(Problem(file=self.sheet, line=said.line, code=str(no.code),
                                    facts=no.facts)) from None
        except Conflict as error:
            raise self._aside(said, "", "written_otherwise", field=error.field) from None
        except NotFound as error:
            if error.name != getattr(said, who):
                raise
            code = "unknown_resident" if who == "resident" else "unknown_confirmer"
            raise self._aside(said, who, code, value=shown(str(error.name))) from None
        except (TypeError, ValueError) as error:
            raise self._aside(said, "", "not_taken",
                              what=visible(str(error))[:SAID_MAX]) from None

    def _problem(self, said: Said, column: str, code: str, **facts: str) -> Problem:
        return Problem(file=self.sheet, line=said.line, column=self.titles.get(column, ""),
                       code=code, facts=facts)

    def _aside(self, said: Said, column: str, code: str, **facts: str) -> _SetAside:
        return _SetAside(self._problem(said, column, code, **facts))


class _SetAside(Exception):
    """A row that cannot be taken, and why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


def unburnt(key: str, verb: Callable[[str], Answered]) -> Answered:
    """Say a verb under the first key that no earlier refusal has burnt.

    A refusal wrote nothing, so that a later try under a key of its own pays nothing twice.

    Raises:
        Refused: what the last key met, and whatever else the verb raises.
    """
    for count in range(1, TRIES):
        try:
            return verb(key if count == 1 else f"{key}~{count}")
        except Refused as no:
            if not no.is_repeat:
                raise
    return verb(f"{key}~{TRIES}")


def digest(said: Mapping[str, object]) -> str:
    """What is said, as 160 bits of a key; the same whatever file or order it stood in."""
    return hashlib.sha256(canonical_bytes(plain(said))).hexdigest()[:40]
