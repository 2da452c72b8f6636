"""The figures' desk: what a community publishes of a period, by definition, as known on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, get_args

import attrs

from lovepoints.core import text
from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.figures import FIGURES
from lovepoints.core.figures.facts import Clock, Facts, Scope
from lovepoints.core.figures.figure import SMALL, Figure, Number, concealed, places
from lovepoints.core.figures.record import Service, services
from lovepoints.core.journal import Entry
from lovepoints.core.overlay import Indexed
from lovepoints.core.projecting import project
from lovepoints.core.rows import Area, EntryRow
from lovepoints.core.store import Rows
from lovepoints.core.values import several, whole
from lovepoints.core.work.areas import above
from lovepoints.desks import auditing
from lovepoints.desks.answers import confidential
from lovepoints.desks.attributes import labels_of
from lovepoints.desks.book import Book
from lovepoints.errors import NotFound, brief
from lovepoints.words.figures import said_part, title, unit

CLOCKS: tuple[Clock, ...] = get_args(Clock)


@attrs.frozen(kw_only=True)
class Bulletin:
    """Figures of a period (both days included), as known at the end of `as_of`; `code` is the code
    of a checkpoint of the book as it was then.

    `scope` says what was counted, where that was not everything. Counts of people under `least`
    are left out where they could point at somebody.
    """

    since: date
    until: date
    as_of: date
    figures: Mapping[str, Figure]
    scope: Mapping[str, str] = attrs.field(factory=dict)
    least: int = SMALL
    code: str = ""

    def __getitem__(self, id_: str) -> Figure:
        """One figure by its number ("ST-10"); NotFound if it is not among these."""
        if id_ not in self.figures:
            raise NotFound("figure", id_)
        return self.figures[id_]

    def plain(self) -> dict[str, Any]:  # Any: JSON values
        """Everything as JSON values; numbers that are not whole are text."""
        return {
            "since": self.since.isoformat(), "until": self.until.isoformat(),
            "as_of": self.as_of.isoformat(), "scope": dict(self.scope), "least": self.least,
            "code": self.code, "figures": [{
                "id": one.id, "unit": one.unit, "value": _plain(one.value), "count": one.count,
                "of": one.of, "hidden": list(one.hidden),
                "parts": {name: _plain(number) for name, number in one.parts.items()},
            } for one in self.figures.values()]}

    def rows(self, lang: str | None = None) -> Iterator[tuple[str, ...]]:
        """Rows of text for a spreadsheet: number, name, value, unit, both counts of a rate; the
        parts of a figure below it. What is hidden reads "<3", what there is not is empty."""
        for one in self.figures.values():
            shown = f"<{self.least}" if "" in one.hidden else _text(one.value)
            yield (one.id, title(one.id, lang), shown, unit(one.unit, lang), _text(one.count),
                   _text(one.of))
            for name, number in one.parts.items():
                yield one.id, said_part(name, lang), _text(number), "", "", ""
            for name in one.hidden:
                if name:
                    yield one.id, said_part(name, lang), f"<{self.least}", "", "", ""


@attrs.frozen(kw_only=True)
class ServiceRecord:
    """What a volunteer did in a period (both days included), by rule; `titles` name the rules."""

    resident: str
    since: date
    until: date
    services: tuple[Service, ...]
    titles: Mapping[str, str]
    code: str = ""

    @property
    def minutes(self) -> int:
        """All of it in minutes, half up."""
        total = sum((one.minutes for one in self.services), Decimal(0))
        return int(total.to_integral_value(ROUND_HALF_UP))


@attrs.frozen
class Figures:
    """`community.figures`"""

    _book: Book

    def bulletin(
        self, since: date, until: date, *, only: Iterable[str] = (), area: str = "",
        kind: str = "", channel: str = "", officer: str = "",
        labels: Mapping[str, str] | None = None, clock: Clock = "fact",
        as_of: date | None = None, least: int = SMALL,
    ) -> Bulletin:
        """The figures of the days `since` to `until`, as known at the end of `as_of` (left out:
        now).

        `only` these numbers; an `area` with all in it; one `kind` of task or rule; one `channel`;
        what an `officer` confirmed, sent or finished; tasks with these `labels`. `clock`: deeds
        count on the day they were done ("fact") or decided ("decision"). Counts of people under
        `least` are hidden.

        Raises:
            NotFound: no such figure, area or officer. ValueError: days in the wrong order.
        """
        wanted = _wanted(only)
        scope = self._scope(since, until, area, kind, channel, officer, labels, clock, as_of)
        least = whole(least, "least", least=1, most=1_000)
        with self._book.reading():
            facts = self._facts(scope, as_of)
            found = {id_: concealed(FIGURES[id_](facts), least) for id_ in wanted}
            code = self._code(facts.upto)
        said = {"area": area, "kind": kind, "channel": channel, "officer": officer,
                **{f"label:{name}": value for name, value in scope.labels.items()},
                "clock": "" if clock == "fact" else clock}
        return Bulletin(since=since, until=until, as_of=date.fromisoformat(scope.as_of),
                        figures=found, least=least, code=code,
                        scope={name: value for name, value in said.items() if value})

    def rank(
        self, figure: str, since: date, until: date, *, within: str = "",
        as_of: date | None = None, homes: int = 5,
    ) -> tuple[tuple[int, str, Number], ...]:
        """The areas right below `within` by a figure, the most first: place, area, number (ST-64).

        Equal numbers share a place. Areas of fewer households than `homes`, where a rank would
        speak of single people, are left out. People are never ranked here.

        Raises:
            NotFound: no such figure or area. ValueError: days in the wrong order.
        """
        wanted, = _wanted((figure,))
        homes = whole(homes, "homes", least=1, most=1_000)
        inside = self._scope(since, until, within, "", "", "", None, "fact", as_of)
        numbers: dict[str, Number | None] = {}
        with self._book.reading():
            facts = self._facts(inside, as_of)
            for code in self._right_below(inside.area):
                there = attrs.evolve(facts, scope=attrs.evolve(inside, area=code))
                if len(there.present("household", inside.last)) >= homes:
                    numbers[code] = concealed(FIGURES[wanted](there)).value
        return places(numbers)

    def service_record(
        self, resident: str, since: date, until: date, *, by: str | None = None,
    ) -> ServiceRecord:
        """The time that a resident served and that was confirmed, by kind of service, for a
        certificate: she herself, an officer of the field, or the custodian asks for it.

        Deeds of confidential kinds are left out. `code` is that of a checkpoint of the book.

        Raises:
            Refused: not_permitted. ValueError: days in the wrong order.
        """
        scope = self._scope(since, until, "", "", "", "", None, "fact", None)
        with self._book.reading():
            book = self._book
            person = book.person(resident, "resident")
            if not book.is_herself(by, person.id):
                book.check_reader("service_record", by)
            found = services(book.store, book.records(person.id), scope.first, scope.last,
                             confidential(book))
            titles = {rule.code: rule.title for _, rulebook in book.terms()
                      for rule in rulebook.rules}
            return ServiceRecord(
                resident=person.code, since=since, until=until, services=found,
                titles={one.rule: titles[one.rule] for one in found},
                code=self._code(book.head()[0]))

    def _right_below(self, within: str) -> list[str]:
        """The areas whose next one up is `within`, or that have none above them for ""."""
        store = self._book.store
        return [node.code for node in store.find(Area)
                if node.code != within and [*above(store, node.code), ""][1] == within]

    def _scope(
        self, since: date, until: date, area: str, kind: str, channel: str, officer: str,
        labels: Mapping[str, str] | None, clock: Clock, as_of: date | None,
    ) -> Scope:
        for name, day in (("since", since), ("until", until), ("as_of", as_of)):
            if type(day) is not date and not (day is None and name == "as_of"):
                raise TypeError(f"{name}= is a date, not {brief(day)}")
        if since > until:
            raise ValueError(f"since={since} comes after until={until}")
        if clock not in CLOCKS:
            raise ValueError(f"clock is one of {', '.join(CLOCKS)}, not {brief(clock)}")
        area = text.line(area, "area", most=64)
        if area and self._book.store.get(Area, area) is None:
            raise NotFound("area", area)
        officer = text.line(officer, "officer", most=64)
        today = self._book.calendar.day_of(self._book.now())
        if as_of and as_of > today:
            raise ValueError(f"as_of={as_of} lies in the future; nothing is known of it yet")
        return Scope(
            first=since.isoformat(), last=until.isoformat(), as_of=(as_of or today).isoformat(),
            area=area, kind=text.line(kind, "kind", most=64),
            channel=text.line(channel, "channel", most=64), labels=labels_of(labels),
            officer=self._book.person(officer, "staff", "resident").id if officer else "",
            clock=clock)

    def _facts(self, scope: Scope, as_of: date | None) -> Facts:
        """The book as it stands, or the journal folded up to the end of a day."""
        store = self._book.store
        if as_of is None:
            return Facts(rows=store, scope=scope, journal=store, upto=self._book.head()[0])
        rows, upto = _folded(store, self._book.calendar.end_of(as_of))
        return Facts(rows=rows, scope=scope, journal=store, upto=upto)

    def _code(self, size: int) -> str:
        return Checkpoint(origin=auditing.origin(self._book), size=size,
                          root=auditing.root_at(self._book, size)).code


def _folded(store: Rows, moment: int) -> tuple[Indexed, int]:
    """The rows that follow from what was recorded before a moment, and the last entry of it."""
    rows, upto = Indexed(), 0
    for row in store.scan(EntryRow):
        if row.recorded_at >= moment:
            break
        project(Entry.from_bytes(row.body), rows)
        upto = row.seq
    return rows, upto


def _wanted(only: Iterable[str]) -> tuple[str, ...]:
    if isinstance(only, str) or not isinstance(only, Iterable):
        raise TypeError(f"only= takes several numbers, not {brief(only)}")
    wanted = tuple(text.code(one, "only") for one in several(only, "only")) or tuple(FIGURES)
    for one in wanted:
        if one not in FIGURES:
            raise NotFound("figure", one)
    return wanted


def _text(number: Number | None) -> str:
    return "" if number is None else str(number)


def _plain(number: Number | None) -> int | str | None:
    return number if number is None or isinstance(number, int) else str(number)
