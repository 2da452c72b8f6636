"""Stars and lists of the best: derived from what was earned, never stored.

Ranking and spending are different sums: an expired or spent point was still earned, and a point
that was taken back was not. Everything here is a pure function over rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import attrs

from lovepoints.core.rows import Credit
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.terms import Rank, Star
from lovepoints.core.values import Each, Period, point_unit, to_minor


@attrs.frozen(kw_only=True)
class Total:
    """What one holder has of one kind in a period, in smallest parts.

    `earned` adds up awards that still stand; `net` takes deductions off; `balance` is what the
    passbook shows. `reached` is the entry with which the last of it was earned.
    """

    holder: str
    earned: int = 0
    net: int = 0
    balance: int = 0
    reached: int = 0

    def points(self, of: str) -> int:
        """The sum that a star or a rank goes by: "earned", "net" or "balance"."""
        match of:
            case "earned":
                return self.earned
            case "net":
                return self.net
            case _:
                return self.balance


@attrs.frozen(kw_only=True)
class Place:
    """One line of a list of the best. Equal points may share a `place` (1, 2, 2, 4)."""

    place: int
    holder: str
    points: int


def totals(
    credits: Iterable[Credit], kind: str, period: Period, *,
    rules: Collection[str] = (), balances: Mapping[str, int] | None = None,
) -> tuple[Total, ...]:
    """One `Total` a holder over the credits of a kind that were earned in the period.

    `rules`: only points of these rules (left out: all). `balances`: smallest parts by holder;
    those who earned nothing in the period are listed with them too. Sorted by holder.
    """
    unit = point_unit(kind)
    first, last = period.first.isoformat(), period.last.isoformat()
    balances = balances or {}
    earned: dict[str, int] = dict.fromkeys(balances, 0)
    net, reached = earned.copy(), earned.copy()
    for row in credits:
        is_counted = row.unit == unit and first <= (row.earned_on or row.day) <= last
        if not is_counted or (rules and row.rule not in rules):
            continue
        holder, points = row.holder, row.points
        net[holder] = net.get(holder, 0) + points
        earned[holder] = earned.get(holder, 0) + max(0, points)
        reached[holder] = max(reached.get(holder, 0), row.seq if points > 0 else 0)
    return tuple(Total(holder=holder, earned=earned[holder], net=net[holder],
                       balance=balances.get(holder, 0), reached=reached[holder])
                 for holder in sorted(earned))


def stars(
    rulebook: Rulebook, credits: Iterable[Credit], period: Period, *, each: Each = "year",
    balances: Mapping[tuple[str, str], int] | None = None,
) -> dict[str, tuple[Star, ...]]:
    """The highest star of each kind that each holder reached in one `each` period.

    `balances`: smallest parts by (holder, kind), for stars that go by the balance.
    """
    rows = list(credits)
    reached: dict[str, dict[str, Star]] = {}
    for star in sorted((one for one in rulebook.stars if one.each == each), key=lambda one: one.at):
        own = {holder: amount for (holder, kind), amount in (balances or {}).items()
               if kind == star.kind}
        for total in totals(rows, star.kind, period, balances=own):
            if has_star(rulebook, star, total):
                reached.setdefault(total.holder, {})[star.kind] = star
    return {holder: tuple(by_kind.values()) for holder, by_kind in sorted(reached.items())}


def has_star(rulebook: Rulebook, star: Star, total: Total) -> bool:
    """Whether a holder's total reaches a star; its bound belongs to it unless it says otherwise."""
    bound = to_minor(star.at, rulebook.kind(star.kind).decimals, "up")
    points = total.points(star.of)
    return points > bound or (points == bound and star.at_included)


def rank(
    rulebook: Rulebook, rank: Rank, totals: Iterable[Total], excluded: Collection[str] = (),
) -> tuple[Place, ...]:
    """The list of the best. `excluded` holders are skipped: they take no place and push nobody.

    The caller names in `excluded` the staff, those honoured elsewhere and those who do not fit
    `rank.where`. Nobody is listed with nothing. With `ties = "share"` equals share a place and
    the list may grow longer than `top`; with "first" the one who got there first stands before.
    """
    if rank.direct:
        return ()
    least = max(1, to_minor(rank.least, rulebook.kind(rank.kind).decimals, "up"))
    listed = sorted(
        (total for total in totals
         if total.holder not in excluded and total.points(rank.of) >= least),
        key=lambda total: (-total.points(rank.of), total.reached, total.holder),
    )
    places: list[Place] = []
    for position, total in enumerate(listed, 1):
        points = total.points(rank.of)
        is_tie = rank.ties == "share" and places and places[-1].points == points
        place = places[-1].place if is_tie else position
        if place > rank.top:
            break
        places.append(Place(place=place, holder=total.holder, points=points))
    return tuple(places)
