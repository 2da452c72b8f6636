"""A figure: a number with its unit, both counts of a rate, what it splits into, what is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

import attrs

Number: TypeAlias = int | Decimal

SMALL = 3
"""Counts of people under this are not told where they could point at somebody."""
_TENTH = Decimal("0.1")


@attrs.frozen(kw_only=True)
class Figure:
    """One figure. `value` None: nothing to count by, or hidden.

    A rate has `count` of `of` (26 of 27) and its `value` in percent. `parts` are further numbers
    by name, in units that their names say; "channel:phone" is a part of a split. Those in `hidden`
    are too small to be told ("" is the figure itself). `basis`: of so many people or confidential
    cases it speaks, where a small number could point at somebody; None where it could not.
    `behind`: of so many a part speaks, where its number counts something else, such as yuan.
    """

    id: str
    unit: str
    value: Number | None = None
    count: int | None = None
    of: int | None = None
    parts: Mapping[str, Number] = attrs.field(factory=dict)
    hidden: tuple[str, ...] = ()
    basis: int | None = None
    behind: Mapping[str, int] = attrs.field(factory=dict)


def ratio(count: int, of: int) -> Decimal | None:
    """ST-63: a share in percent with one decimal, half up; None where there is nothing to share.

    >>> ratio(26, 27), ratio(0, 0)
    (Decimal('96.3'), None)
    """
    if not of:
        return None
    return (Decimal(100 * count) / of).quantize(_TENTH, ROUND_HALF_UP)


def rate(
    id_: str, count: int, of: int, parts: Mapping[str, Number] | None = None,
    basis: int | None = None,
) -> Figure:
    """A rate as a figure, with both of its counts."""
    return Figure(id=id_, unit="percent", value=ratio(count, of), count=count, of=of,
                  parts=parts or {}, basis=basis)


def roughly(number: int) -> tuple[int, bool]:
    """ST-65: a count down to its two leading figures, and whether something was left out (余).

    Never up: 3,512 people are "over 3,500", and 3,500 are 3,500.

    >>> roughly(3512), roughly(3500), roughly(94)
    ((3500, True), (3500, False), (94, False))
    """
    if number < 0:
        raise ValueError(f"a count is not below zero, not {number}")
    step = 10 ** max(0, len(str(number)) - 2)
    return number // step * step, number % step != 0


def places(numbers: Mapping[str, Number | None]) -> tuple[tuple[int, str, Number], ...]:
    """ST-64: names by their numbers, the most first; equal numbers share a place (1, 2, 2, 4).

    Names without a number stand on no place.
    """
    told = sorted(((number, name) for name, number in numbers.items() if number is not None),
                  key=lambda one: (-one[0], one[1]))
    found: list[tuple[int, str, Number]] = []
    for position, (number, name) in enumerate(told, 1):
        place = found[-1][0] if found and found[-1][2] == number else position
        found.append((place, name, number))
    return tuple(found)


def concealed(figure: Figure, least: int = SMALL) -> Figure:
    """A figure without what speaks of fewer than `least` people or confidential cases.

    Of a split's parts the small ones go; where that is one alone, the next smallest goes too, for
    it could be worked out from the total.
    """
    if figure.basis is None:
        return figure
    if 0 < figure.basis < least:
        return attrs.evolve(figure, value=None, count=None, of=None, parts={}, hidden=("",))
    people: dict[str, Number] = {**figure.parts, **figure.behind}
    gone = {name for head in {_split(name) for name in figure.parts} - {""}
            for name in _small({name: number for name, number in people.items()
                                if _split(name) == head}, least)}
    return attrs.evolve(figure, hidden=tuple(sorted(gone)), parts={
        name: number for name, number in figure.parts.items() if name not in gone})


def _split(name: str) -> str:
    """The split that a part belongs to; "" for a number of its own."""
    head, mark, _ = name.partition(":")
    return head if mark else ""


def _small(parts: Mapping[str, Number], least: int) -> set[str]:
    gone = {name for name, number in parts.items() if 0 < number < least}
    if len(gone) == 1:
        others = sorted((number, name) for name, number in parts.items()
                        if number and name not in gone)
        gone |= {name for _, name in others[:1]}
    return gone


def counted(names: Iterable[str]) -> dict[str, Number]:
    """How often each name comes, by name; what has none is counted under "other"."""
    found: dict[str, Number] = {}
    for name in names:
        found[name or "other"] = found.get(name or "other", 0) + 1
    return dict(sorted(found.items()))
