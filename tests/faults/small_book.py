"""A small book and an endless stream of acts on it, the same for every process that says them.

An act has a key (or several, for a batch) and may be said again by anybody: its answer must be the
first one. So the keys that a killed or refused process had acknowledged can be asked for later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import attrs

import lovepoints as lp

RULES = """
format = 1
title = "幸福社区积分管理办法"
effective = 2026-01-01
holder = "household"

[[rule]]
code = "hazard"
title = "上报隐患"
clause = "第二条"
points = { minor = 2, general = 5, major = 20 }
grades = { minor = "轻微", general = "一般", major = "重大" }
"""
ADMIN, OFFICER, HOLDERS = "staff:zhao", "staff:wang", ("0421", "0422", "0423")
REFUSED = "insufficient_points"


@attrs.frozen
class Act:
    """Something said under keys; `say` gives what the verbs answered, in the order of the keys."""

    keys: tuple[str, ...]
    say: Callable[[lp.Community], tuple[str, ...]]


def found(path: Path) -> None:
    """A book with three holders, an officer, and soap to fetch."""
    lp.create(path, name="幸福社区", admin=ADMIN)
    with lp.open(path, by=ADMIN) as community, community.batch():
        community.rulebooks.adopt(RULES)
        community.residents.appoint(OFFICER, role="grid-officer")
        for number, holder in enumerate(HOLDERS):
            community.residents.enrol(holder, household=f"3-2-50{number}")
            community.books.opening(holder, 500)
        community.shop.stock("soap", title="肥皂", price=2)
        community.shop.receive("soap", 100_000)


def acts(prefix: str) -> Iterator[Act]:
    """Seven acts a turn, for ever: reports, decisions, hand-overs, a refusal, a batch."""
    turn = 0
    while True:
        yield from _turn(f"{prefix}-{turn}", HOLDERS[turn % len(HOLDERS)])
        turn += 1


def _turn(key: str, holder: str) -> Iterator[Act]:
    report, hold = f"{key}-report", f"{key}-hold"
    basket = {"soap": 1}
    yield Act((report,), lambda book: (_reported(book, report, holder),))
    yield Act((f"{key}-confirm",), lambda book: (str(book.deeds.confirm(
        _reported(book, report, holder), grade="general", by=OFFICER,
        key=f"{key}-confirm").seq),))
    yield Act((f"{key}-redeem",), lambda book: (
        book.shop.redeem(basket, holder=holder, key=f"{key}-redeem").id,))
    yield Act((hold,), lambda book: (book.shop.hold(basket, holder=holder, key=hold).id,))
    yield Act((f"{key}-collect",), lambda book: (str(book.shop.collect(
        book.shop.hold(basket, holder=holder, key=hold).id, key=f"{key}-collect").seq),))
    yield Act((f"{key}-refused",), lambda book: (_refused(book, holder, f"{key}-refused"),))
    yield Act((f"{key}-first", f"{key}-second"),
              lambda book: _batch(book, holder, f"{key}-first", f"{key}-second"))


def _reported(book: lp.Community, key: str, holder: str) -> str:
    return book.deeds.report("hazard", resident=holder, place=key, key=key).id


def _refused(book: lp.Community, holder: str, key: str) -> str:
    try:
        return book.shop.redeem({"soap": 90_000}, holder=holder, key=key).id
    except lp.Refused as no:
        return str(no.code)


def _batch(book: lp.Community, holder: str, first: str, second: str) -> tuple[str, str]:
    with book.batch():
        deed = _reported(book, first, holder)
        return deed, str(book.deeds.confirm(deed, grade="minor", by=OFFICER, key=second).seq)


def stubborn(key: str, holder: str = HOLDERS[0]) -> Act:
    """A batch that swallows an error of its first report and goes on with its second."""
    def say(book: lp.Community) -> tuple[str, str]:
        first = ""
        with book.batch():
            with suppress(lp.StoreError):
                first = _reported(book, f"{key}-first", holder)
            return first, _reported(book, f"{key}-second", holder)

    return Act((f"{key}-first", f"{key}-second"), say)
