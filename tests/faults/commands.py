"""Commands to a small community's book (R3), and how the library is told one.

A command is a plain value that can be said again: what it speaks of it names by the number of the
command that made it, and its moment stands in it. Where that other command is left out, it speaks
of something that nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from lovepoints.community import Community, found, opened
from lovepoints.core.store import Store
from lovepoints.errors import LovepointsError, Refused
from lovepoints.testing import seeded
from tests.faults.small_rules import (
    AID,
    HOMES,
    MEI,
    PRICES,
    QIAN,
    RICE_A_MONTH,
    RULES,
    STOCKED,
    WU,
    ZHAO,
    day_of,
)

Said = Mapping[str, Any]  # Any: arguments of many verbs
Tell = Callable[[Community, Said, dict[str, Any]], Any]
NOBODY = 999_999
ANYTHING = (LovepointsError, ValueError, TypeError, LookupError, AttributeError, AssertionError)
"""What a broken library may end in."""


@attrs.frozen
class Command:
    """A verb with everything that is said, and when. `parts`: what a batch holds; `of`: the
    command whose key is said once more."""

    number: int
    at: int
    verb: str
    by: str = ZHAO
    said: Said = attrs.field(factory=dict)
    parts: tuple[Command, ...] = ()
    of: Command | None = None

    def __str__(self) -> str:
        moment = datetime.fromtimestamp(self.at, tz=UTC) + timedelta(hours=8)
        of = f" as {self.of.number}" if self.of else ""
        parts = "".join(f"\n    {one}" for one in self.parts)
        words = " ".join(f"{name}={value!r}" for name, value in self.said.items())
        return (f"{self.number:4} {moment:%Y-%m-%d %H:%M:%S} {self.verb}{of} {words} by={self.by}"
                f"{parts}")


def _basket(book: Community, said: Said, more: dict[str, Any]) -> dict[str, Any]:
    return {**more, "part": said["part"]}


_POINTS: dict[str, Tell] = {
    "opening": lambda book, said, more: book.books.opening(said["who"], said["points"], **more),
    "adjust": lambda book, said, more: book.books.adjust(
        said["who"], said["points"], reason=said["reason"], **more),
    "transfer": lambda book, said, more: book.books.transfer(
        said["who"], said["to"], said["points"], **more),
}
_DECISIONS: dict[str, Tell] = {
    "confirm": lambda book, said, more: book.deeds.confirm(
        said["deed"], grade=said["grade"] or None, **more),
    "reject": lambda book, said, more: book.deeds.reject(
        said["deed"], reason=said["reason"], **more),
    "duplicate": lambda book, said, more: book.deeds.duplicate(
        said["deed"], of=said["of"], **more),
    "withdraw": lambda book, said, more: book.deeds.withdraw(said["deed"], **more),
    "reopen": lambda book, said, more: book.deeds.reopen(
        said["deed"], reason=said["reason"], **more),
}
_GOODS: dict[str, Tell] = {
    "receive": lambda book, said, more: book.shop.receive(
        said["item"], said["pieces"], best_before=said["good"], **more),
    "count": lambda book, said, more: book.shop.count(said["item"], said["pieces"], **more),
    "write_off": lambda book, said, more: book.shop.write_off(
        said["item"], said["pieces"], reason=said["reason"], **more),
    "give": lambda book, said, more: book.shop.give(
        said["item"], said["pieces"], reason=said["reason"], **more),
}
_BASKETS: dict[str, Tell] = {
    "redeem": lambda book, said, more: book.shop.redeem(
        said["basket"], holder=said["who"], **more),
    "hold": lambda book, said, more: book.shop.hold(said["basket"], holder=said["who"], **more),
    "collect": lambda book, said, more: book.shop.collect(
        said["basket"], part=said["part"], **more),
    "release": lambda book, said, more: book.shop.release(said["basket"], **more),
    "return_": lambda book, said, more: book.shop.return_(
        said["basket"], part=said["part"], restock=said["restock"], **more),
}
WRONG: tuple[tuple[str, Tell], ...] = (
    ("NotFound", lambda book, said, more: book.books.opening("nobody", 3, **more)),
    ("NotFound", lambda book, said, more: book.shop.redeem({"silk": 1}, holder="li", **more)),
    ("NotFound", lambda book, said, more: book.books.adjust(
        "li", 3, reason="看", kind="gold", **more)),
    ("NotFound", lambda book, said, more: book.deeds.report("visit", resident="nobody", **more)),
    ("TypeError", lambda book, said, more: book.books.opening("li", True, **more)),
    ("TypeError", lambda book, said, more: book.books.adjust("li", 2.0, reason="看", **more)),
    ("ValueError", lambda book, said, more: book.books.transfer("li", "wang", -5, **more)),
    ("ValueError", lambda book, said, more: book.books.opening("li", "1.5", **more)),
    ("ValueError", lambda book, said, more: book.books.adjust("li", 0, reason="看", **more)),
    ("ValueError", lambda book, said, more: book.shop.redeem({}, holder="li", **more)),
    ("ValueError", lambda book, said, more: book.shop.receive("rice", 0, **more)),
    ("ValueError", lambda book, said, more: book.shop.hold({"rice": -1}, holder="li", **more)),
    ("ValueError", lambda book, said, more: book.deeds.report(
        "help", resident="li", quantity="-2", **more)),
)
"""Wrong calls, and the error that each ends in."""


class Undo(Exception):
    """A batch is given up."""


class Library:
    """A book as programs meet it: one in memory, or on a file to which several programs speak."""

    def __init__(self, stores: list[Store], now: int) -> None:
        self.now, self.stores = now, stores
        found(stores[0], name="幸福社区", admin=ZHAO, clock=self._clock, random=seeded())
        self.books = [self._opened(place) for place in range(len(stores))]
        self.ids: dict[int, str] = {}
        self.seqs: dict[int, int] = {}
        _people(self.books[0])

    def _clock(self) -> int:
        return self.now * 1_000_000

    def _opened(self, place: int) -> Community:
        return opened(self.stores[place], by=ZHAO, clock=self._clock, random=seeded(place + 2))

    def restart(self) -> None:
        """The programs end and begin anew."""
        self.books = [self._opened(place) for place in range(len(self.stores))]

    def book(self, number: int) -> Community:
        """The program to which a command goes."""
        return self.books[number % len(self.books)]

    def tell(self, command: Command, book: Community | None = None) -> Any:
        """What the library answers, in the words of the model."""
        book = book or self.book(command.number)
        try:
            if command.verb == "batch":
                return self._batch(command, book)
            return self._tell(command, book)
        except Refused as no:
            return str(no.code)
        except ANYTHING as error:
            return type(error).__name__

    def _batch(self, command: Command, book: Community) -> Any:
        answers, known = [], (dict(self.ids), dict(self.seqs))
        try:
            with book.batch():
                answers = [self.tell(part, book) for part in command.parts]
                if command.said["fails"]:
                    raise Undo
        except Undo:
            self.ids, self.seqs = known
        return answers

    def _tell(self, command: Command, book: Community) -> Any:
        said, more = command.said, {"by": command.by, "key": f"k-{command.number}"}
        if command.verb == "wrong":
            return WRONG[said["what"]][1](book, said, more)
        if command.of:
            more = {"by": command.of.by, "key": f"k-{command.of.number}"}
            if command.verb == "otherwise":
                return book.books.opening("zhou", 77, key=more["key"])
            command = command.of
            said = command.said
        return self._answer(command, book, self._named(command, said), more)

    def _named(self, command: Command, said: Said) -> Said:
        """What is spoken of, by the names that the library gave it."""
        out = dict(said)
        for name in ("deed", "of"):
            if name in out:
                out[name] = self.ids.get(out[name], f"d-{NOBODY}")
        if isinstance(out.get("basket"), int):
            out["basket"] = self.ids.get(out["basket"], f"x-{NOBODY}")
        if isinstance(out.get("good"), int):
            out["good"] = day_of(command.at) + timedelta(days=out["good"])
        return out

    def _answer(self, command: Command, book: Community, said: Said, more: dict[str, Any]) -> Any:
        number, verb = command.number, command.verb
        if verb == "report":
            quantity = {"quantity": f"{said['hours'] / 4}"} if said["hours"] else {}
            deed = book.deeds.report(
                said["rule"], resident=said["who"], **quantity, **more,
                on=day_of(command.at) - timedelta(days=said["ago"]))
            self.ids[number], self.seqs[number] = deed.id, int(deed.id[2:])
            return deed.status
        if verb == "sweep":
            book.books.sweep(**more)
            return None
        if verb == "price":
            book.shop.price(said["item"], said["points"], **more)
            return None
        if verb == "reverse":
            entry = self.seqs.get(said["entry"], NOBODY)
            self.seqs[number] = book.books.reverse(entry, reason=said["reason"], **more).seq
            return None
        tell = (_POINTS | _DECISIONS | _GOODS | _BASKETS)[verb]
        answer = tell(book, said, more)
        self.seqs[number] = answer.seq
        if verb in _BASKETS:
            self.ids.setdefault(number, answer.id)
            return answer.state, answer.points
        if verb in _POINTS:
            return answer.points.get("point", 0)
        return answer.points if verb in _DECISIONS else answer.change

    # what people see

    def page(self, book: Community, holder: str, moment: int | None = None) -> Any:
        """A passbook, as `Model.page` shows it."""
        # What is written in one second is written microseconds apart.
        at = moment and datetime.fromtimestamp(moment, tz=UTC) + timedelta(milliseconds=900)
        page = book.passbooks.of(holder, as_of=at, lines=0)
        return (page.balance, page.available, page.pending, page.frozen, page.held, page.owed,
                [(lot.points, lot.held, lot.usable_from or 0, lot.last_day or 0, lot.is_frozen)
                 for lot in page.lots["point"]])

    def shelf(self, book: Community, item: str) -> Any:
        """An item, as `Model.shelf` shows it."""
        found = book.shop.item(item)
        return found.free, found.held, found.expired, found.points


def _people(book: Community) -> None:
    """Who lives and works here, and what there is to fetch."""
    with book.batch():
        book.rulebooks.adopt(RULES)
        for who, home in HOMES.items():
            book.residents.enrol(who, household=home if home != who else "")
        for actor, role, more in ((ZHAO, "committee", {}), (WU, "grid-officer", {}),
                                  (MEI, "grid-officer", {"resident": "mei"}),
                                  (QIAN, "shopkeeper", {})):
            book.residents.appoint(actor, role=role, **more)
        for item, points in PRICES.items():
            limit = {"limit": {"most": RICE_A_MONTH, "each": "month"}} if item == "rice" else {}
            book.shop.stock(item, price=points, stocked=item in STOCKED, aid=AID.get(item, 0),
                            **limit)
