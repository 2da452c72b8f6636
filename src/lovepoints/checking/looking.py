"""What came out of a case: figures read from the book, and how they differ from what should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.checking.game import Game, Played
from lovepoints.core.journal import Entry
from lovepoints.core.rulefiles.cases import Expect, Paid
from lovepoints.core.values import Each, from_minor, kind_of, point_unit
from lovepoints.desks import honours

Found = tuple[str, Mapping[str, Any]]
"""A code of `words.checking.DIFFERENCES` and its facts: what was expected and what came out."""
_FIGURES = {"balance": "balance", "spendable": "available", "held": "held", "owed": "owed"}
_PERIODS: Mapping[int, Each] = {4: "year", 7: "month", 10: "day"}


def differing(game: Game, expect: Expect) -> Iterator[Found]:
    """Every way in which the book differs from what is expected at this moment."""
    yield from _points(game, expect)
    for name, figure in _FIGURES.items():
        yield from _figures(game, getattr(expect, name) or {}, name, figure)
    yield from _earned(game, expect.earned or {})
    yield from _stock(game, expect.stock or {})
    yield from _sets(game, expect.sanctions, "sanctions")
    yield from _sets(game, expect.stars, "stars")
    yield from _ranking(game, expect.ranking or {})
    yield from _by_deed(game, expect)


@attrs.frozen
class Standing:
    """The points that stand for the deeds of a row: by kind, and of the first kind by stage."""

    kinds: Mapping[str, Decimal]
    stages: Mapping[str, Decimal]


def standing(game: Game, one: Played) -> Standing:
    """What the entries about the deeds of a row moved in passbooks, all told."""
    total: Counter[str] = Counter()
    stages: Counter[str] = Counter()
    entries = list(game.community.books.entries())
    main = point_unit(game.rulebook.main_kind.code)
    for deed in one.deeds:
        decisions = _decisions(entries, deed)
        for entry in entries:
            moved = _moved(entry, deed)
            total.update(moved)
            for decision in decisions:
                if entry.seq in decision["seqs"] and not decision.get("taken_back"):
                    stages[decision["stage"]] += moved.get(main, 0)
    decimals = {kind.code: kind.decimals for kind in game.rulebook.kinds}
    return Standing(
        {kind_of(unit): from_minor(amount, decimals[kind_of(unit)])
         for unit, amount in total.items()},
        {stage: from_minor(amount, game.rulebook.main_kind.decimals)
         for stage, amount in stages.items()},
    )


def _decisions(entries: list[Entry], deed: str) -> list[Mapping[str, Any]]:
    """The decisions on a deed as its newest entry lists them."""
    for entry in reversed(entries):
        for row in entry.details.get("rows", {}).get("deed", ()):
            if row["id"] == deed and "decisions" in row.get("details", {}):
                return list(row["details"]["decisions"])
    return []


def _moved(entry: Entry, deed: str) -> Counter[str]:
    """What an entry moved in passbooks for a deed, by unit; below zero if it took."""
    moved: Counter[str] = Counter()
    if entry.subject == deed:
        for posting in entry.postings:
            if posting.target.startswith("passbook/"):
                moved[posting.unit] += posting.amount
            if posting.source.startswith("passbook/"):
                moved[posting.unit] -= posting.amount
    return moved


def _points(game: Game, expect: Expect) -> Iterator[Found]:
    if expect.points is None:
        return
    for number, (paid, one) in enumerate(zip(expect.points, game.deed_rows, strict=False), 1):
        expected, actual = _said(paid), _came(game, paid, standing(game, one))
        if expected != actual:
            yield "points", {"number": number, "expected": _shown(expected),
                             "actual": _shown(actual)}


def _said(paid: Paid) -> list[Decimal] | dict[str, Decimal]:
    return dict(paid.kinds) if paid.kinds else list(paid.parts)


def _came(game: Game, paid: Paid, stood: Standing) -> list[Decimal] | dict[str, Decimal]:
    """What stands, in the shape in which it is expected."""
    zero = Decimal(0)
    if paid.kinds:
        return {kind: stood.kinds.get(kind, zero) for kind in paid.kinds}
    if len(paid.parts) == 1:
        return [stood.kinds.get(game.rulebook.main_kind.code, zero)]
    known = [stage.code for rule in game.rulebook.rules for stage in rule.stages]
    order = sorted(stood.stages, key=lambda stage: known.index(stage) if stage in known else -1)
    found = [stood.stages[stage] for stage in order]
    return found + [zero] * (len(paid.parts) - len(found))


def _figures(
    game: Game, expected: Mapping[str, Mapping[str, Decimal]], name: str, figure: str,
) -> Iterator[Found]:
    for holder, amounts in expected.items():
        book = game.community.passbooks.of(game.passbook(holder), lines=0)
        for kind, amount in amounts.items():
            code = kind or game.rulebook.main_kind.code
            # What can be spent at all may come from several kinds together.
            actual = book.available if figure == "available" and not kind else (
                book.kinds[code][figure])
            if actual != amount:
                yield name, {"holder": holder or game.code(), "kind": _title(game, code),
                             "expected": _plain(amount), "actual": _plain(Decimal(actual))}


def _earned(game: Game, expected: Mapping[str, Mapping[str, Decimal]]) -> Iterator[Found]:
    for holder, periods in expected.items():
        for label, amount in periods.items():
            on, each = _period(game, label)
            actual = game.community.passbooks.earned(game.passbook(holder), on=on, each=each)
            if actual != amount:
                yield "earned", {
                    "holder": holder or game.code(), "period": label or str(on.year),
                    "kind": game.rulebook.main_kind.title, "expected": _plain(amount),
                    "actual": _plain(Decimal(actual))}


def _period(game: Game, label: str) -> tuple[date, Each]:
    """A day in the period "2025", "2025-03" or "2025-03-31"; "" is the year of asking."""
    if not label:
        return _today(game), "year"
    return date.fromisoformat((label + "-12-28"[len(label) - 4:])[:10]), _PERIODS[len(label)]


def _today(game: Game) -> date:
    return game.clock.now.date()


def _stock(game: Game, expected: Mapping[str, Decimal]) -> Iterator[Found]:
    shelf = {line.item: line.free for line in game.community.shop.shelf()}
    for item, amount in expected.items():
        actual = shelf.get(item, 0)
        if actual != amount:
            yield "stock", {"item": item, "expected": _plain(amount), "actual": actual}


def _sets(
    game: Game, expected: Mapping[str, tuple[str, ...]] | None, name: str,
) -> Iterator[Found]:
    for holder, codes in (expected or {}).items():
        book = game.community.passbooks.of(game.passbook(holder), lines=0)
        wanted, actual = sorted(code for code in codes if code), sorted(getattr(book, name))
        if wanted != actual:
            yield name, {"holder": holder or game.code(), "expected": wanted, "actual": actual}


def _ranking(game: Game, expected: Mapping[str, tuple[str, ...]]) -> Iterator[Found]:
    book = game.community._book  # the list of this moment; the public one lags behind by a day
    today = game.calendar.day_of(book.now())
    for code, names in expected.items():
        listed = honours.ranking(book, code, on=today, direct=game.case.direct)
        actual = [game.name(line.code) for line in listed]
        if list(names) != actual:
            yield "ranking", {"rank": code, "expected": list(names), "actual": actual}


def _by_deed(game: Game, expect: Expect) -> Iterator[Found]:
    for number, (wanted, one) in enumerate(
            zip(expect.status or (), game.deed_rows, strict=False), 1):
        actual = game.community.deeds[one.deeds[0]].status if one.deeds else "refused"
        if wanted != actual:
            yield "status", {"number": number, "expected": wanted, "actual": actual}
    for number, (wanted, one) in enumerate(
            zip(expect.limited or (), game.deed_rows, strict=False), 1):
        if wanted != one.limited:
            yield "limited", {"number": number, "expected": wanted, "actual": one.limited}


def _title(game: Game, kind: str) -> str:
    return game.rulebook.kind(kind).title


def _shown(amounts: list[Decimal] | dict[str, Decimal]) -> str:
    if isinstance(amounts, dict):
        return ", ".join(f"{kind} {_plain(amount)}" for kind, amount in amounts.items())
    return " + ".join(_plain(amount) for amount in amounts)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize() + 0:f}"
