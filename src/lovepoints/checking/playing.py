"""Plays a case on an empty book in memory, through the verbs that every program uses.

Nothing here knows how points are worked out: people are enrolled, deeds reported and confirmed,
goods fetched, with a clock that goes from row to row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from lovepoints.checking.game import ADMIN, KEEPER, Game, Played, home_of
from lovepoints.checking.moves import decide, do
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.cases import Case, Expect, Goods, Holder
from lovepoints.errors import Refused
from lovepoints.stores.memory import MemoryStore
from lovepoints.testing import FakeClock, community

Look = Callable[[Game, Expect, int], None]
"""Called where something is to be compared: the game then, what should be so, the line."""
_Order = tuple[int, int]
_Event = tuple[int, _Order, Callable[[], None]]


def play(case: Case, rulebook: Rulebook, look: Look, *, then: bool = True) -> Game:
    """Play a case under a rulebook to its end; the clock then stands at the moment of asking.

    `look` is called for `expect` rows and, with `then`, for what rows say should be so right
    after them. The end itself is left to the caller.
    """
    game = _opened(case, rulebook)
    for at, _, act in sorted(_events(game, look if then else _nothing), key=lambda one: one[:2]):
        game.move_to(at)
        act()
    if case.now:
        game.move_to(game.instant(case.now))
    return game


def _nothing(game: Game, expect: Expect, line: int) -> None:
    pass


def _opened(case: Case, rulebook: Rulebook) -> Game:
    store, clock = MemoryStore(), FakeClock(_first_day(case), case.zone)
    book = community(clock=clock, name=case.title[:60], admin=ADMIN, zone=case.zone, by=ADMIN,
                     store=store)
    rows = [Played(row, number, line)
            for number, (row, line) in enumerate(zip(case.rows, case.lines, strict=True))]
    game = Game(case, rulebook, store, clock, book, rows)
    with book.batch():
        _set_up(game)
    return game


def _first_day(case: Case) -> date:
    """The day on which the book of the case is opened: the earliest that anything names."""
    days = [when.day for row in case.rows for when in (row.on, row.reported_on) if when]
    days += [holder.opening_on.day for holder in case.holders.values() if holder.opening_on]
    days += [case.now.day] if case.now else []
    return min(days, default=date(2026, 1, 1))


# --- what the case finds


def _set_up(game: Game) -> None:
    book = game.community
    book.rulebooks.adopt(game.rulebook)
    book.residents.appoint(KEEPER, role="shopkeeper")
    for name, holder in game.holders.items():
        _enrol(game, name, holder)
    for actor, officer in game.case.officers.items():
        book.residents.appoint(officer.resident or actor, role=officer.role)
    for item, goods in game.case.goods.items():
        _stock(game, item, goods)
    if game.case.window == "open":
        book.shop.open_window()


def _enrol(game: Game, name: str, holder: Holder) -> None:
    residents = game.community.residents
    if holder.kind == "team":
        residents.enrol(name, kind="team", attributes=dict(holder.attributes))
        game.homes[name] = ""
        return
    home = name if holder.members else home_of(name)
    for member in holder.members:
        residents.enrol(member.name, household=home, area=holder.area, part=member.part,
                        attributes=dict(member.attributes))
        game.homes[member.name] = home
    if not holder.members:
        residents.enrol(name, household=home, area=holder.area,
                        attributes=_declared(game, "resident", holder))
        game.homes[name] = home
    if attributes := _declared(game, "household", holder):
        residents.describe(home, **attributes)


def _declared(game: Game, of: str, holder: Holder) -> dict[str, Any]:  # Any: attribute values
    """The attributes of a holder that the rulebook declares for residents, or for households."""
    declared = {each.code: each.of for each in game.rulebook.attributes}
    return {name: value for name, value in holder.attributes.items()
            if declared.get(name) == of}


def _stock(game: Game, item: str, goods: Goods) -> None:
    shop = game.community.shop
    shop.stock(item, title=item, price=_price(goods.price), cash=goods.cash,
               stocked=goods.stock is not None, limit=goods.limit, for_=dict(goods.for_))
    if goods.stock:
        shop.receive(item, goods.stock)


def _price(amounts: Mapping[str, Decimal]) -> Any:  # Any: points, or points by kind
    """A price as the shop takes it."""
    plain = {kind: int(amount) if amount == int(amount) else amount
             for kind, amount in amounts.items()}
    return plain[""] if set(plain) == {""} else plain


# --- the order of things


def _events(game: Game, look: Look) -> Iterator[_Event]:
    """What happens: its moment, its place among what happens at that moment, and the doing.

    On one day deeds come first, then redemptions, then steps, each in the order written.
    """
    for place, (name, holder) in enumerate(game.holders.items()):
        if holder.opening:
            yield _opening_at(game, holder), (-1, place), _opening(game, name, holder)
    before = game.clock()
    for one in game.rows:
        row = one.row
        said = row.reported_on or row.on
        at = game.instant(said) if said else before
        later = max(at, game.instant(row.confirmed_on)) if row.confirmed_on else at
        yield at, (one.number, 0), _doing(game, one, do)
        if row.do == "deed":
            yield later, (one.number, 1), _doing(game, one, decide)
        for expect in (row.expect, row.then):
            if expect:
                yield later, (one.number, 2), _looking(game, look, expect, one.line)
        before = later


def _opening_at(game: Game, holder: Holder) -> int:
    if holder.opening_on is None:
        return game.clock()
    return game.calendar.instant(holder.opening_on.day, holder.opening_on.at or time())


def _opening(game: Game, name: str, holder: Holder) -> Callable[[], None]:
    def open_() -> None:
        known = {"", *(kind.code for kind in game.rulebook.kinds)}
        for kind, points in holder.opening.items():
            if kind not in known:
                continue  # a case of another rulebook, played to compare the two
            game.community.books.opening(game.passbook(name), points, kind=kind)

    return open_


def _doing(game: Game, one: Played, act: Callable[[Game, Played], None]) -> Callable[[], None]:
    """Do it; a refusal is what came out, and a call that makes no sense is a problem."""

    def done() -> None:
        if one.is_over:
            return
        try:
            act(game, one)
        except Refused as no:
            one.refused = str(no.code)
        except (ValueError, TypeError, LookupError) as error:
            one.problem = str(error)

    return done


def _looking(game: Game, look: Look, expect: Expect, line: int) -> Callable[[], None]:
    return lambda: look(game, expect, line)

