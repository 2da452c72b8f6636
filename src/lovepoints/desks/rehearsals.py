"""What a rehearsal returns: the points of a period as they were given and as they would be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

import attrs

from lovepoints.core.rehearsing import Outcome, rehearse
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.values import Period, from_minor, kind_of, whole
from lovepoints.desks.answers import Points, confidential
from lovepoints.desks.book import Book
from lovepoints.desks.command import check_day, check_order
from lovepoints.desks.stocklist import on_shelf
from lovepoints.errors import Code, Refused, brief

PLEDGED_MOST = 10**13
"""The most fen that can be pledged: a hundred billion yuan."""
_MONTH_DAYS = 30


@attrs.frozen(kw_only=True)
class Tally:
    """What the decisions of a period came to under one rulebook.

    `points` were given and `deducted` taken, in points that can be spent; `amounts` is by kind
    what was given less what was taken. `fen` is what `points` stand for at the rulebook's
    `point_value`. `cuts` says how often each limit took something away or let it wait.
    `months` = how long the shelf and the pledged money last if all that is given is fetched
    (None: nothing was given), to one decimal.
    """

    points: Points
    deducted: Points
    amounts: Mapping[str, Points]
    fen: int
    cuts: Mapping[str, int]
    months: Decimal | None = None


@attrs.frozen(kw_only=True)
class Shift:
    """A passbook that would have got more or less: `was` and `now` in points that can be spent.
    """

    holder: str
    was: Points
    now: Points

    @property
    def difference(self) -> Points:
        """What it wins; below zero what it loses."""
        return self.now - self.was


@attrs.frozen(kw_only=True)
class Rehearsal:
    """A period's decisions as the book has them (`was`) and under another rulebook (`now`).

    Of `decisions` that stand, `changed` come out otherwise; `refused` counts by code those that
    the rulebook would not have allowed. `shifts` are the passbooks that win or lose, most lost
    first; deeds of a confidential kind are in the sums and not in there. `shelf` is what the free
    goods cost today.
    """

    since: date
    until: date
    rulebook: Rulebook = attrs.field(repr=False)
    decisions: int
    changed: int
    was: Tally
    now: Tally
    shifts: tuple[Shift, ...]
    refused: Mapping[str, int]
    waiting: Points
    shelf: Points
    pledged: int

    @property
    def winners(self) -> tuple[Shift, ...]:
        """The passbooks that would have got more, most first."""
        return tuple(one for one in reversed(self.shifts) if one.difference > 0)

    @property
    def losers(self) -> tuple[Shift, ...]:
        """The passbooks that would have got less, most first."""
        return tuple(one for one in self.shifts if one.difference < 0)


def rehearsed(
    book: Book, rulebook: Rulebook, since: date, until: date, *, pledged: int, by: str | None,
    progress: Callable[[int], None] | None,
) -> Rehearsal:
    """Rate the decisions of a period again under a rulebook; nothing is written."""
    whole(pledged, "pledged", least=0, most=PLEDGED_MOST)
    if progress is not None and not callable(progress):
        raise TypeError(f"progress= is called with a number, which {brief(progress)} cannot be")
    with book.reading():
        period = checked(book, since, until, by)
        before = book.rulebook_on(until)
        if before is None:
            raise Refused(Code.RULEBOOK_UNKNOWN, {"day": until.isoformat()})
        outcomes = rehearse(book.store, rulebook, period, progress)
        shelf = on_shelf(book, book.now())[0]
        hidden = confidential(book) | {one.code for one in rulebook.rules if one.confidential}
        days = (until - since).days + 1
        was = _tally(before, ((one.was, one.was_cut) for one in outcomes))
        now = _tally(rulebook, ((one.now, one.now_cut) for one in outcomes))
        return Rehearsal(
            since=since, until=until, rulebook=rulebook, decisions=len(outcomes),
            changed=sum(not one.is_same for one in outcomes),
            was=_lasting(was, before, shelf, pledged, days),
            now=_lasting(now, rulebook, shelf, pledged, days),
            shifts=_shifts(book, [one for one in outcomes if one.rule not in hidden],
                           before, rulebook),
            refused=Counter(one.refused for one in outcomes if one.refused),
            waiting=_spendable(rulebook, (pair for one in outcomes
                                          for pair in one.waiting.items())),
            shelf=points_of(shelf), pledged=pledged)


def checked(book: Book, since: date, until: date, by: str | None) -> Period:
    """The days of a rehearsal that this actor may ask for.

    Raises:
        Refused: not_permitted. ValueError: days the wrong way round, or to come.
    """
    for name, day in (("since", since), ("until", until)):
        check_day(day or 0, name)
    check_order(since.isoformat(), until.isoformat())
    today = book.calendar.day_of(book.now())
    if until > today:
        raise ValueError(f"until={until} lies in the future; nothing can have happened then")
    wanted = book.policy.get("rehearse", frozenset())
    if not book.actor(by, today).role(wanted):
        raise Refused(Code.NOT_PERMITTED, {"verb": "rehearse", "roles": sorted(wanted)})
    return Period(since, until)


def points_of(value: Decimal) -> Points:
    """A sum of points: a whole number where it is one."""
    return int(value) if value == int(value) else value


def lasts(stock: Decimal, fetched: Decimal, days: int) -> Decimal | None:
    """The months for which a stock lasts of which so much is fetched in so many days."""
    if not fetched:
        return None
    return (stock * days / (fetched * _MONTH_DAYS)).quantize(Decimal("0.1"))


def _tally(
    rulebook: Rulebook,
    told: Iterable[tuple[Mapping[tuple[str, str], int], tuple[str, ...]]],
) -> Tally:
    given, taken, amounts, cuts = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for moves, limits in told:
        cuts.update(limits)
        for (_, unit), amount in moves.items():
            amounts[unit] += amount
            (given if amount > 0 else taken)[unit] += abs(amount)
    points = _spendable(rulebook, given.items())
    return Tally(
        points=points, deducted=_spendable(rulebook, taken.items()),
        amounts={kind_of(unit): points_of(_in_points(rulebook, unit, amount))
                 for unit, amount in sorted(amounts.items())},
        fen=int(points * rulebook.point_value), cuts=dict(sorted(cuts.items())))


def _lasting(tally: Tally, rulebook: Rulebook, shelf: Decimal, pledged: int, days: int) -> Tally:
    """With the months that goods and pledged money last; money buys nothing at no value."""
    bought = Decimal(pledged) / rulebook.point_value if rulebook.point_value else Decimal(0)
    return attrs.evolve(tally, months=lasts(shelf + bought, Decimal(tally.points), days))


def _shifts(
    book: Book, outcomes: Iterable[Outcome], before: Rulebook, after: Rulebook,
) -> tuple[Shift, ...]:
    was, now = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in outcomes:
        was.update(one.was)
        now.update(one.now)
    found = []
    for holder in dict.fromkeys(holder for holder, _ in (*was, *now)):
        shift = Shift(holder=book.code_of(holder) or holder,
                      was=_spendable(before, _units(was, holder)),
                      now=_spendable(after, _units(now, holder)))
        if shift.difference:
            found.append(shift)
    return tuple(sorted(found, key=lambda one: (one.difference, one.holder)))


def _units(points: Mapping[tuple[str, str], int], holder: str) -> list[tuple[str, int]]:
    return [(unit, amount) for (who, unit), amount in points.items() if who == holder]


def _spendable(rulebook: Rulebook, amounts: Iterable[tuple[str, int]]) -> Points:
    """A sum over the kinds that can be spent, in points."""
    idle = {kind.code for kind in rulebook.kinds if not kind.spendable}
    return points_of(sum((_in_points(rulebook, unit, amount) for unit, amount in amounts
                          if kind_of(unit) not in idle), Decimal(0)))


def _in_points(rulebook: Rulebook, unit: str, amount: int) -> Decimal:
    """Smallest parts as points; a kind that the rulebook no longer has counts whole."""
    decimals = {kind.code: kind.decimals for kind in rulebook.kinds}
    return from_minor(amount, decimals.get(kind_of(unit), 0))
