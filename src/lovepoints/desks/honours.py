"""Who earned how much in a period, and the lists of the best that a rulebook names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

import attrs

from lovepoints.core import text
from lovepoints.core.rating import honours
from lovepoints.core.rating.conditions import fits
from lovepoints.core.rating.facts import attributes_on
from lovepoints.core.rows import Appointment, Credit, EntryRow, Party, Person
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.terms import Rank
from lovepoints.core.values import EACH, SEQ_MAX, Each, Period, point_unit
from lovepoints.desks import listing
from lovepoints.desks.answers import Points, as_points, confidential
from lovepoints.desks.book import Book
from lovepoints.errors import NotFound, brief

LEAST_PEOPLE = 5
"""A public list that goes by confidential deeds is empty where fewer come into question."""
LISTS_MAX = 32
"""So many lists of the best an open book remembers."""


@attrs.frozen(kw_only=True)
class Listed:
    """One line of a list of the best; equal points may share a `place` (1, 2, 2, 4).

    `is_coarse`: the list goes by confidential deeds, and the points (0 here) are not told.
    """

    place: int
    code: str
    points: Points
    is_coarse: bool = False


def earned(
    book: Book, holder: str, *, kind: str = "", on: date, each: Each = "year",
) -> Points:
    """What a holder (by pseudonym) earned of a kind in the period that holds `on`.

    Points that were spent or have expired stay earned; what was taken back does not, and
    deductions are not taken off.
    """
    rulebook = _rulebook(book, on)
    code = text.line(kind, "kind") or rulebook.main_kind.code
    kinds = next((one for one in rulebook.kinds if one.code == code), None)
    if kinds is None:
        raise NotFound("point kind", code)
    if each not in EACH:
        raise ValueError(f"each is one of {', '.join(EACH)}, not {brief(each)}")
    period = rulebook.calendar(book.calendar.zone).period(on, each)
    credits = book.store.find(Credit, "by_holder", holder)
    found = honours.totals(credits, kinds.code, period)
    return as_points(found[0].earned if found else 0, kinds.decimals)


def ranking(
    book: Book, code: str, *, on: date, direct: Mapping[str, Collection[str]] | None = None,
    until: int = SEQ_MAX,
) -> tuple[Listed, ...]:
    """A list of the best for the period that holds `on`, first place first, as it stood after
    entry `until`.

    `direct` names, by the code of a rank, whom people honoured themselves: they are that list,
    and are skipped by the ranks that exclude it.

    Raises:
        NotFound: the rulebook in force on that day has no such rank.
    """
    rulebook = _rulebook(book, on)
    rank = next((one for one in rulebook.ranks if one.code == code), None)
    if rank is None:
        raise NotFound("rank", code)
    given = direct or {}
    if rank.direct:
        return tuple(Listed(place=1, code=name, points=0) for name in given.get(code, ()))
    period = rulebook.calendar(book.calendar.zone).period(on, rank.each)
    excluded = frozenset(_excluded(book, rulebook, rank, on, given, until))
    hidden = confidential(book)
    is_coarse = not hidden.isdisjoint(rank.rules)
    decimals = rulebook.kind(rank.kind).decimals
    return tuple(
        Listed(place=line.place, code=book.code_of(line.holder), is_coarse=is_coarse,
               points=0 if is_coarse else as_points(line.points, decimals))
        for line in _places(book, rulebook, rank, period, excluded, hidden, until))


def _places(
    book: Book, rulebook: Rulebook, rank: Rank, period: Period, excluded: frozenset[str],
    hidden: frozenset[str], until: int,
) -> tuple[honours.Place, ...]:
    """The places of a list. How the book stood when today began never changes, so it is worked
    out once; the leaf of that entry tells another past from it."""
    then = book.store.get(EntryRow, until) if until < SEQ_MAX else None
    asked = (rulebook.digest, rank.code, period, excluded, hidden, until, then and then.leaf)
    if then and (known := book.lists.get(asked)) is not None:
        return known
    totals = [total for total in honours.totals(
        public(book, listing.credits(book, until), rank.rules), rank.kind, period,
        rules=rank.rules, balances=_balances(book, rank, until))
        if total.holder not in excluded]
    is_told = hidden.isdisjoint(rank.rules) or LEAST_PEOPLE <= sum(
        total.points(rank.of) > 0 for total in totals)
    places = honours.rank(rulebook, rank, totals) if is_told else ()
    if then:
        if len(book.lists) >= LISTS_MAX:
            book.lists.clear()
        book.lists[asked] = places
    return places


def public(
    book: Book, credits: Iterable[Credit], named: Collection[str] = (),
) -> Iterator[Credit]:
    """The credits that honours may go by: of a confidential kind only where the rulebook's list
    names its rule."""
    hidden = confidential(book).difference(named)
    return (row for row in credits if row.rule not in hidden)


def _rulebook(book: Book, on: date) -> Rulebook:
    found = book.rulebook_on(on)
    if found is None:
        raise NotFound("rulebook in force on", on.isoformat())
    return found


def _balances(book: Book, rank: Rank, until: int) -> dict[str, int]:
    if rank.of != "balance":
        return {}
    unit = point_unit(rank.kind)
    found = {party.id: listing.balance(book, book.store, party.id, unit, until)
             for party in book.store.scan(Party)}
    return {holder: amount for holder, amount in found.items() if amount}


def _excluded(
    book: Book, rulebook: Rulebook, rank: Rank, on: date, direct: Mapping[str, Collection[str]],
    until: int,
) -> Iterator[str]:
    """The holders that a rank skips: staff, those honoured elsewhere, those who do not fit."""
    day = on.isoformat()
    if rank.excludes_staff:
        for term in book.store.scan(Appointment):
            if term.since <= day <= term.until and (own := term.resident or term.actor):
                yield own
                yield book.household_of(own, day)
    for other in rank.excludes:
        listed = direct.get(other, ()) if _is_direct(rulebook, other) else [
            line.code for line in ranking(book, other, on=on, direct=direct, until=until)]
        for code in listed:
            person = book.store.find(Person, "by_code", code, limit=1)
            yield from (one.id for one in person)
            yield from (book.household_of(one.id, day) for one in person)
    for party in book.store.scan(Party) if rank.where else ():
        if not fits(rank.where, attributes_on(party, day)):
            yield party.id


def _is_direct(rulebook: Rulebook, code: str) -> bool:
    """Whether people decide this honour themselves (also one that the rulebook does not list)."""
    return all(rank.direct for rank in rulebook.ranks if rank.code == code)
