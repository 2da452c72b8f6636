"""What the calendar does once a year or period: clearings, base points, compulsory debits, stars.

For one holder at one moment; each yields a draft once its day has come, and marks the passbook, so
that it never comes twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import attrs

from lovepoints.core.deeds import Part
from lovepoints.core.history import shown_balance
from lovepoints.core.journal import Draft, Entry, seq_of
from lovepoints.core.passbooks import awarding, passbook
from lovepoints.core.rating.honours import stars
from lovepoints.core.rating.validity import grant_dates
from lovepoints.core.rows import FOR_EVER, Credit, EntryRow, Lot, Membership, Party, Passbook
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.store import Rows
from lovepoints.core.values import Calendar, Each, Period, kind_of, point_unit, to_minor

Terms = tuple[tuple[str, Rulebook], ...]
"""Every adopted rulebook with the ISO day from which it is effective, in that order."""
YEARS_MAX = 200
"""How many years of clearings and grants are looked back at most."""


@attrs.frozen(kw_only=True)
class Scene:
    """One holder at one moment."""

    rows: Rows
    holder: str
    now: int
    terms: Terms
    calendar: Calendar
    seq: int

    def rulebook_on(self, day: date) -> Rulebook | None:
        """The rulebook in force on a day."""
        return in_force(self.terms, day)

    @property
    def today(self) -> date:
        """The local day."""
        return self.calendar.day_of(self.now)

    @property
    def book(self) -> Passbook | None:
        """The holder's passbook row, once there is one."""
        return self.rows.get(Passbook, self.holder)

    def mark(self, name: str) -> str:
        """The ISO day up to which a yearly matter was done, "" if never."""
        book = self.book
        return str(book.details.get("marks", {}).get(name, "")) if book else ""

    def marked(self, name: str, day: date) -> dict[str, Any]:  # Any: columns of a row
        """The passbook's changed columns once a yearly matter is done."""
        book = self.book
        marks = {**(book.details.get("marks", {}) if book else {}), name: day.isoformat()}
        return {"holder": self.holder, "opened": book.opened if book else day.isoformat(),
                "details": {**(book.details if book else {}), "marks": marks}}


def in_force(terms: Terms, day: date) -> Rulebook | None:
    """The rulebook in force on a day: the latest effective one, of several the latest adopted."""
    found = [rulebook for since, rulebook in terms if since <= day.isoformat()]
    return found[-1] if found else None


def is_holder(scene: Scene, rulebook: Rulebook, day: date) -> bool:
    """Whether this party is one of those whose passbooks the rulebook speaks of."""
    party = scene.rows.get(Party, scene.holder)
    if party is None or not party.opened <= day.isoformat() <= party.closed:
        return False
    if party.kind != "resident" or rulebook.holder == "resident":
        return party.kind != "staff"
    member = scene.rows.find(Membership, "", party.id, high=day.isoformat(), reverse=True, limit=1)
    return not (member and member[0].household and member[0].until >= day.isoformat())


def yearly(scene: Scene, lots: Sequence[Lot]) -> Iterator[Draft]:
    """Clearings, grants, debits and star grants whose day has come."""
    party = scene.rows.get(Party, scene.holder)
    if party is None or not is_yearly(scene.terms):
        return
    for year in _years(scene, party):
        for rulebook in _rulebooks(scene, year):
            yield from _clearings(scene, rulebook, year, lots)
            yield from _debits(scene, rulebook, year)
            yield from _year_grants(scene, rulebook, year)
    yield from _opening_grants(scene, party)


def _years(scene: Scene, party: Party) -> range:
    first = max(int(party.opened[:4]), scene.today.year - YEARS_MAX)
    return range(first, scene.today.year + 1)


def is_yearly(terms: Terms) -> bool:
    """Whether any rulebook lets the calendar itself give or take once a year or period."""
    return any(one.clearings or one.debits or any(kind.base for kind in one.kinds)
               or any(star.grants for star in one.stars) for _, one in terms)


def _rulebooks(scene: Scene, year: int) -> list[Rulebook]:
    """The rulebooks that were in force on some day of a year."""
    ends = [*(since for since, _ in scene.terms[1:]), FOR_EVER]
    return [rulebook for (since, rulebook), end in zip(scene.terms, ends, strict=True)
            if since[:4] <= f"{year:04}" and end > f"{year:04}-01-01" and since < end]


def _has_come(scene: Scene, rulebook: Rulebook, day: date, name: str) -> bool:
    """Whether a yearly matter of a rulebook is due on a day and was not done yet."""
    if day > scene.today or scene.mark(name) >= day.isoformat():
        return False
    in_force = scene.rulebook_on(day)
    return bool(in_force and in_force.digest == rulebook.digest
                and is_holder(scene, rulebook, day))


def yearly_day(year: int, on: tuple[int, int]) -> date:
    """A yearly day; 29 February falls on the 28th where there is none."""
    month, day = on
    return date(year, month, min(day, 28)) if month == 2 else date(year, month, day)


def _clearings(
    scene: Scene, rulebook: Rulebook, year: int, lots: Sequence[Lot],
) -> Iterator[Draft]:
    for clearing in rulebook.clearings:
        day = yearly_day(year, clearing.on)
        moment = scene.calendar.instant(day, clearing.at)
        name = f"clear:{clearing.kind}:{clearing.on[0]:02}-{clearing.on[1]:02}"
        unit = point_unit(clearing.kind)
        if moment > scene.now or not _has_come(scene, rulebook, day, name):
            continue
        born = {lot.id: _born(scene, lot) for lot in lots if lot.unit == unit}
        older = [lot for lot in lots if born.get(lot.id, moment) < moment]
        if not older:
            continue  # nothing was there at that moment; later lots are not touched by it
        year_start = rulebook.calendar(scene.calendar.zone).period(day, "year").first
        yield Draft(
            kind="clear", subject=f"passbook:{scene.holder}", at=moment, day=day.isoformat(),
            rulebook=rulebook.digest,
            details={"rows": {"passbook": [scene.marked(name, day)]}},
            postings=passbook.clear(
                clearing, scene.holder, unit, rulebook.kind(clearing.kind).decimals, older,
                moment, year_start=scene.calendar.start_of(year_start), earned_at=born),
        )


def _born(scene: Scene, lot: Lot) -> int:
    """When a lot came to be."""
    return happened(scene.rows, seq_of(lot.id))


def happened(rows: Rows, seq: int) -> int:
    """When an entry took effect: what people said when it was written, what the calendar did on
    its day, however late it was written down. Nothing may depend on when a sweep ran."""
    row = rows.get(EntryRow, seq)
    if row is None:
        return 0
    return Entry.from_bytes(row.body).at if row.key.startswith("lp:") else row.recorded_at


def _debits(scene: Scene, rulebook: Rulebook, year: int) -> Iterator[Draft]:
    for debit in rulebook.debits:
        day, name = yearly_day(year, debit.on), f"debit:{debit.code}"
        if not _has_come(scene, rulebook, day, name):
            continue
        moment, unit = scene.calendar.start_of(day), point_unit(debit.kind)
        taken = passbook.compulsory(
            debit, scene.holder, unit, rulebook.kind(debit.kind).decimals,
            awarding.passbook_lots(scene.rows, scene.holder, unit), moment)
        details: dict[str, Any] = {"rows": {"passbook": [scene.marked(name, day)]},
                                   "debit": debit.code}
        if taken.missing:
            details["shortfalls"] = [{"unit": unit, "points": taken.missing}]
        yield Draft(kind="debit", subject=f"passbook:{scene.holder}", at=moment,
                    day=day.isoformat(), rulebook=rulebook.digest, details=details,
                    postings=taken.postings)


def _opening_grants(scene: Scene, party: Party) -> Iterator[Draft]:
    """The base points of a passbook, once, on its first day under a rulebook that gives them."""
    opened = date.fromisoformat(party.opened)
    rulebook = scene.rulebook_on(opened) or scene.rulebook_on(scene.today)
    if rulebook is None or not any(kind.base for kind in rulebook.kinds):
        return
    day = max(opened, rulebook.effective)
    if day > scene.today:
        return
    for kind in rulebook.kinds:
        name = f"base:{kind.code}"
        if not kind.base or scene.mark(name) or not is_holder(scene, rulebook, day):
            continue
        unit = point_unit(kind.code)
        grant = to_minor(kind.base.points, kind.decimals)
        yield _grant(scene, rulebook, name, day, unit, grant, {"base": kind.code})


def _year_grants(scene: Scene, rulebook: Rulebook, year: int) -> Iterator[Draft]:
    """Base points of a new year, and what last year's star gives."""
    calendar = rulebook.calendar(scene.calendar.zone)
    first = yearly_day(year, rulebook.year_start)
    for kind in rulebook.kinds:
        name, unit = f"base:{kind.code}", point_unit(kind.code)
        if kind.base and kind.base.each == "year" and scene.mark(name) and _has_come(
                scene, rulebook, first, name):
            grant = to_minor(kind.base.points, kind.decimals)
            if kind.base.renew == "restore":
                grant -= shown_balance(scene.rows, scene.holder, unit)
            yield _grant(scene, rulebook, name, first, unit, grant, {"base": kind.code})
    for each in dict.fromkeys(star.each for star in rulebook.stars if star.grants):
        for start in _starts(calendar, each, year):
            yield from _star_grants(scene, rulebook, each, start,
                                    calendar.period(start - timedelta(days=1), each))


def _starts(calendar: Calendar, each: Each, year: int) -> Iterator[date]:
    """The first days of the periods that begin in a year; what lasts for ever never begins anew."""
    if each == "ever":
        return
    period = calendar.period(date(year, 1, 1), each)
    while period.first.year <= year:
        if period.first.year == year:
            yield period.first
        period = calendar.period(period.last + timedelta(days=1), each)


def _star_grants(
    scene: Scene, rulebook: Rulebook, each: Each, day: date, period: Period,
) -> Iterator[Draft]:
    """What the stars of the period before `day` give on it: of each kind the highest one."""
    # A mark for each kind, so that the star of one does not stand in for that of another.
    names = {star.kind: f"star:{each}:{star.kind}" for star in rulebook.stars
             if star.grants and star.each == each}
    if not any(_has_come(scene, rulebook, day, name) for name in names.values()):
        return
    credits = scene.rows.find(Credit, "by_holder", scene.holder)
    balances = {(scene.holder, kind.code): shown_balance(scene.rows, scene.holder,
                                                         point_unit(kind.code))
                for kind in rulebook.kinds}
    found = stars(rulebook, credits, period, each=each, balances=balances)
    for star in found.get(scene.holder, ()):
        if star.grants and _has_come(scene, rulebook, day, names[star.kind]):
            kind = rulebook.kind(star.kind)
            yield _grant(scene, rulebook, names[star.kind], day, point_unit(kind.code),
                         to_minor(star.grants, kind.decimals), {"star": star.code})


def _grant(
    scene: Scene, rulebook: Rulebook, name: str, day: date, unit: str, amount: int,
    why: dict[str, Any],  # Any: plain facts
) -> Draft:
    opens = grant_dates(rulebook, rulebook.kind(kind_of(unit)), amount, day,
                        rulebook.calendar(scene.calendar.zone))
    return Draft(
        kind="grant", subject=f"passbook:{scene.holder}", at=scene.calendar.start_of(day),
        day=day.isoformat(), rulebook=rulebook.digest,
        details={"rows": {"passbook": [scene.marked(name, day)]}, **why},
        postings=passbook.credit(scene.holder, Part(
            unit=unit, points=amount, available_at=opens.available_at, ends_at=opens.ends_at)),
    )
