"""The love supermarket in a year: deliveries, a day a month to fetch, reservations, stocktakes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from lovepoints.demo.agenda import Agenda
from lovepoints.demo.goods import CATALOGUE, DONORS, RICE, Good
from lovepoints.demo.plan import FIRST, LAST, MONTHS, scaled
from lovepoints.desks.shop_answers import Redemption

VISITORS = 28
"""How many come to the shop on its day, of 393 households."""
TOP_UPS = (date(2026, 1, 15), date(2026, 4, 15), date(2026, 7, 15), date(2026, 10, 12))
STOCKTAKES = (date(2026, 1, 31), date(2026, 7, 31), date(2026, 10, 30))


def plan(agenda: Agenda) -> None:
    """Put the shop's year on the agenda."""
    agenda.put(FIRST, 14, partial(_furnish, agenda), 0)
    for first in MONTHS:
        _open_day(agenda, _last_saturday(first))
    for day in TOP_UPS:
        agenda.put(day, 9, partial(_top_up, agenda), 0)
    for day in STOCKTAKES:
        agenda.put(day, 16, partial(_stocktake, agenda), 0)
    agenda.put(date(2026, 2, 10), 10, partial(_aid, agenda))
    regular = agenda.village.active[0]
    agenda.put(_last_saturday(MONTHS[4]), 10, partial(_changed_mind, agenda, regular), 30)
    agenda.put(_last_saturday(MONTHS[-1]), 10, partial(_reserve, agenda, regular), 30)


def _furnish(agenda: Agenda) -> None:
    """The first goods on the shelf."""
    keeper = agenda.one("shopkeeper")
    for good in CATALOGUE:
        agenda.community.shop.stock(
            good.code, title=good.title, price=good.price, kind=good.kind,
            measure=good.measure, low=good.low, stocked=bool(good.quantity), by=keeper)
        if good.quantity:
            _receive(agenda, good, good.quantity, keeper, good.best_before)


def _receive(
    agenda: Agenda, good: Good, quantity: int, keeper: str, best_before: date | None,
) -> None:
    agenda.community.shop.receive(
        good.code, quantity, donor=agenda.dice.choice(DONORS), best_before=best_before,
        origin=agenda.dice.choice(("donated", "bought")), unit_value=good.price * 100, by=keeper)


def _top_up(agenda: Agenda) -> None:
    """What ran low is filled up again, with fresh dates."""
    keeper = agenda.one("shopkeeper")
    short = {item.item for item in agenda.community.shop.shelf() if item.is_low}
    for good in CATALOGUE:
        if good.code in short:
            fresh = LAST + timedelta(days=300) if good.best_before else None
            _receive(agenda, good, good.quantity, keeper, fresh)


def _open_day(agenda: Agenda, day: date) -> None:
    """The window opens at nine and closes at twelve; somebody always comes too late."""
    shop, keeper = agenda.community.shop, agenda.one("shopkeeper")
    agenda.put(day, 9, lambda: shop.open_window(by=keeper), 0)
    *visitors, late = agenda.some(VISITORS + 1)
    for visitor in visitors:
        agenda.put(day, agenda.dice.choice((9, 10, 11)), partial(_visit, agenda, visitor, keeper),
                   agenda.dice.randrange(1, 60))
    agenda.put(day, 12, lambda: shop.close_window(by=keeper), 0)
    agenda.put(day, 15, lambda: agenda.attempt(
        lambda: shop.redeem({"G04": 1}, holder=late, by=keeper)))


def _visit(agenda: Agenda, visitor: str, keeper: str) -> None:
    """Somebody fetches the best thing that the points allow, or reserves it, or asks too much."""
    shop, dice = agenda.community.shop, agenda.dice
    points = int(agenda.community.passbooks.of(visitor, lines=0).available)
    within = [good for good in CATALOGUE if good.price <= points]
    if not within and dice.randrange(4):
        return  # most people look into their passbook before they come
    good = dice.choice(within[-5:]) if within else dice.choice(CATALOGUE[3:8])
    if dice.randrange(100) < 12:
        held = agenda.attempt(lambda: shop.hold({good.code: 1}, holder=visitor, by=visitor))
        if held:
            _decide_hold(agenda, held, keeper)
        return
    proxy = dice.choice(("", "", "", "", "女儿", "邻居"))
    fetched = agenda.attempt(
        lambda: shop.redeem({good.code: 1}, holder=visitor, proxy=proxy, by=keeper))
    if fetched and dice.randrange(100) < 2:
        agenda.put(fetched.day + timedelta(days=2), 16, lambda: agenda.attempt(
            lambda: shop.return_(fetched.id, reason="包装破损", restock=False, by=keeper)))


def _changed_mind(agenda: Agenda, regular: str) -> None:
    """A bag of salt is brought back two days later, unopened, and goes on the shelf again."""
    shop, keeper = agenda.community.shop, agenda.one("shopkeeper")
    fetched = agenda.attempt(lambda: shop.redeem({"G03": 1}, holder=regular, by=keeper))
    if fetched:
        agenda.put(fetched.day + timedelta(days=2), 16, lambda: agenda.attempt(
            lambda: shop.return_(fetched.id, reason="家里还有", by=keeper)))


def _reserve(agenda: Agenda, regular: str) -> None:
    """Something is set aside on the last day of the year, and not fetched yet."""
    agenda.attempt(lambda: agenda.community.shop.hold({"G04": 1}, holder=regular, by=regular))


def _decide_hold(agenda: Agenda, held: Redemption, keeper: str) -> None:
    """A reservation is fetched, cancelled, or forgotten until it lapses."""
    shop, chance = agenda.community.shop, agenda.dice.randrange(10)
    day = held.day + timedelta(days=2)
    if chance < 6:
        agenda.put(day, 16, lambda: agenda.attempt(lambda: shop.collect(held.id, by=keeper)))
    elif chance < 8:
        agenda.put(day, 16, lambda: agenda.attempt(
            lambda: shop.release(held.id, by=held.resident)))


def _stocktake(agenda: Agenda) -> None:
    """What is past its day is written off; the rest is counted, and a few pieces are missing."""
    shop, keeper = agenda.community.shop, agenda.one("shopkeeper")
    for item in shop.shelf():
        if not item.is_stocked:
            continue
        if item.expired:
            shop.write_off(item.item, item.expired, reason="已过保质期", by=keeper)
        free = item.free + item.held
        missing = 1 if item.free and agenda.dice.randrange(100) < 12 else 0
        shop.count(item.item, free - missing, reason="月度盘点", by=keeper)


def _aid(agenda: Agenda) -> None:
    """Before the Spring Festival some households are given rice without points."""
    for villager in agenda.dice.sample(agenda.village.villagers,
                                       scaled(4, agenda.households)):
        agenda.attempt(partial(
            agenda.community.shop.give, RICE, 1, holder=villager.code, reason="春节慰问",
            by=agenda.one("committee")))


def _last_saturday(first: date) -> date:
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - 5) % 7)
