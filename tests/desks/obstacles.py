"""The verbs that are most often said, and all that can stand against each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from lovepoints import Code
from tests.desks.obstructing import Obstacle, Scene, Verb


def goods(scene: Scene, item: str, *, lie: int = 5, wanted: int = 1, **more: Any) -> None:
    """One more item in the basket."""
    scene.book.shop.stock(item, title=item, **more)
    if lie:
        scene.book.shop.receive(item, lie)
    scene.call["wanted"] = {**scene.call["wanted"], item: wanted}


def said(**words: Any) -> Callable[[Scene], object]:
    """The call says this instead."""
    return lambda scene: scene.call.update(words)


def readonly(scene: Scene) -> None:
    """The store may only be read from now on."""
    scene.book._book.store.is_writable = False


def closed_yesterday(scene: Scene) -> None:
    """The call is dated into a day that was closed."""
    scene.later(days=2)
    scene.book.books.close_period()
    scene.call["at"] = scene.clock.now.date() - timedelta(days=1)


READONLY = Obstacle(code=Code.LEDGER_READONLY, happens=readonly, turn=9)
SEALED = Obstacle(code=Code.PERIOD_SEALED, happens=closed_yesterday, turn=5,
                  takes=frozenset({"at"}))
BY = frozenset({"by"})


def barred(scene: Scene) -> None:
    """Li's passbook is barred."""
    scene.book.books.sanction("li", "pause", reason="冒名")


def quoted_before(scene: Scene) -> None:
    """Two soaps were quoted at another price."""
    scene.call["quote"] = scene.book.shop.quote({"soap": 2}, holder="li")
    scene.book.shop.price("soap", 6)


def left(scene: Scene) -> None:
    """Li's household has left."""
    scene.book.residents.leave("li-home")
    scene.later(days=1)


PAUSE = ('[[sanction]]\ncode = "pause"\ntitle = "暂停"\nbars = ["redeem", "transfer"]\n'
         'lasts = "1 month"\n')
BASKET = (
    READONLY, SEALED,
    Obstacle(code=Code.NOT_PERMITTED, happens=said(by="staff:he"), takes=BY),
    Obstacle(code=Code.ACCOUNT_CLOSED, terms={"top": 'on_leaving = "lapse"'}, happens=left,
             turn=3, takes=frozenset({"lapses"})),
    Obstacle(code=Code.AMOUNT_RANGE, terms={"redemption": "lines_most = 1"},
             happens=lambda scene: goods(scene, "comb", price=7)),
    Obstacle(code=Code.RULEBOOK_UNKNOWN, happens=said(at=date(2025, 12, 31)), turn=6,
             takes=frozenset({"at", "lapses"})),
    Obstacle(code=Code.BARRED, terms={"tables": PAUSE}, happens=barred),
    Obstacle(code=Code.NOT_HOLDER, happens=said(by="wang"), takes=BY),
    Obstacle(code=Code.INSUFFICIENT_POINTS,
             happens=lambda scene: goods(scene, "oven", price=504)),
    Obstacle(code=Code.INSUFFICIENT_STOCK,
             happens=lambda scene: goods(scene, "rice", price=7, lie=0)),
    Obstacle(code=Code.PRICE_CHANGED, happens=quoted_before, turn=1),
    Obstacle(code=Code.NO_PRICE, happens=lambda scene: goods(scene, "towel"),
             takes=frozenset({"sum"})),
    Obstacle(code=Code.WINDOW_CLOSED, terms={"redemption": 'days = { weekdays = ["sunday"] }'}),
    Obstacle(code=Code.BELOW_MINIMUM, terms={"redemption": "minimum = 9999"},
             takes=frozenset({"sum"})),
    Obstacle(code=Code.NOT_A_MULTIPLE, terms={"redemption": "multiple_of = 7.5"},
             takes=frozenset({"sum"})),
    Obstacle(code=Code.TOO_OFTEN, terms={"redemption": 'often = [{ most = 5, each = "quarter", '
                                                       'of = "points" }]'},
             takes=frozenset({"sum"})),
    Obstacle(code=Code.ITEM_LIMIT,
             happens=lambda scene: goods(scene, "cup", price=7, wanted=2, limit=1)),
    Obstacle(code=Code.RESERVED_ITEM,
             happens=lambda scene: goods(scene, "oil", price=7, for_={"pledge": False})),
)


def counter(scene: Scene) -> dict[str, Any]:
    """Two soaps from Li's passbook, at the kiosk."""
    return {"wanted": {"soap": 2}, "holder": "li", "by": "kiosk:1"}


REDEEM = Verb("shop.redeem", counter, BASKET)
HOLD = Verb("shop.hold", counter, tuple(one for one in BASKET if one.code != Code.PRICE_CHANGED))


def gift(scene: Scene) -> dict[str, Any]:
    """Li gives Wang five."""
    return {"giver": "li", "to": "wang", "points": 5, "by": "staff:zhao"}


GIVE = Verb("books.transfer", gift, (
    READONLY, SEALED,
    Obstacle(code=Code.NOT_PERMITTED, happens=said(by="kiosk:1"), takes=BY),
    Obstacle(code=Code.NOT_HOLDER, happens=said(by="wang"), takes=BY),
    Obstacle(code=Code.BARRED, terms={"tables": PAUSE}, happens=barred, turn=1),
    Obstacle(code=Code.TRANSFER_NOT_ALLOWED, happens=said(to="li"), turn=1),
    Obstacle(code=Code.INSUFFICIENT_POINTS, happens=said(points=500), takes=frozenset({"sum"})),
    Obstacle(code=Code.BELOW_MINIMUM, terms={"gifts": "minimum = 9"}),
    Obstacle(code=Code.TOO_OFTEN, terms={"gifts": 'most = 20\neach = "month"'},
             happens=lambda scene: scene.book.books.transfer("li", "wang", 18)),
))


def choice(scene: Scene) -> dict[str, Any]:
    """Wang's deed, for which a confirmer gives five."""
    deed = scene.book.deeds.report("choice", resident="wang", event="春节", by="staff:zhao")
    scene.notes["deed"] = deed.id
    return {"deed": deed.id, "points": 5, "reason": "好事", "by": "staff:an"}


def confirmed_by(actor: str, points: int) -> Callable[[Scene], object]:
    """Somebody confirmed it before."""
    return lambda scene: scene.book.deeds.confirm(
        scene.notes["deed"], points=points, reason="好事", by=actor)


CONFIRM = Verb("deeds.confirm", choice, (
    READONLY, SEALED,
    Obstacle(code=Code.NOT_PERMITTED, happens=said(by="kiosk:1"), takes=BY),
    Obstacle(code=Code.PRECONDITION_MISSING, turn=2, happens=lambda scene:
             scene.book.residents.describe("wang", under_14=True)),
    Obstacle(code=Code.AMOUNT_NOT_BY_RULE, happens=said(points=10),
             takes=frozenset({"points"})),
    Obstacle(code=Code.CHOICE_NEEDED, happens=said(points=None), takes=frozenset({"points"})),
    Obstacle(code=Code.REASON_NEEDED, happens=said(reason=""), takes=frozenset({"points"})),
    Obstacle(code=Code.GRADES_DIFFER, happens=confirmed_by("staff:bo", 4), turn=1,
             takes=frozenset({"before"})),
    Obstacle(code=Code.STATE_NOT_FITTING, turn=3, happens=lambda scene: scene.book.deeds.reject(
        scene.notes["deed"], reason="不实", by="staff:bo"), takes=frozenset({"state"})),
    Obstacle(code=Code.SELF_CONFIRMATION, turn=2, happens=lambda scene:
             scene.book.residents.appoint("staff:an", role="grid-officer", resident="wang"),
             takes=BY),
    Obstacle(code=Code.ALREADY_CONFIRMED_BY_YOU, happens=confirmed_by("staff:an", 5), turn=1,
             takes=frozenset({"before"}) | BY),
))

REPORT = Verb("deeds.report", lambda scene: {
    "rule": "choice", "resident": "wang", "event": "春节", "by": "staff:zhao"}, (
    READONLY, SEALED,
    Obstacle(code=Code.ACCOUNT_CLOSED, turn=2, happens=lambda scene: (
        scene.book.residents.leave("wang", on=date(2026, 1, 2)), scene.later(days=1))),
    Obstacle(code=Code.AMOUNT_RANGE, happens=said(quantity="9999999999")),
    Obstacle(code=Code.RULE_NOT_IN_FORCE, happens=said(on=date(2025, 12, 30)),
             takes=frozenset({"on"})),
    Obstacle(code=Code.FACT_MISSING, happens=said(event=""), takes=frozenset({"event"})),
    Obstacle(code=Code.PRECONDITION_MISSING, turn=1, happens=lambda scene:
             scene.book.residents.describe(
                 "wang-home", since=date(2026, 1, 2), pledge=False)),
    Obstacle(code=Code.REPORTED_TOO_LATE, terms={"top": 'late = "2 days"\nlate_then = "refuse"'},
             happens=said(on=date(2026, 1, 5)), takes=frozenset({"on"})),
    Obstacle(code=Code.DUPLICATE_CHECKIN, takes=frozenset({"event"}), happens=lambda scene:
             scene.book.deeds.report("choice", resident="wang", event="春节", by="staff:zhao")),
))


def reserved(scene: Scene) -> dict[str, Any]:
    """Two soaps that were reserved for Li."""
    slip = scene.book.shop.hold({"soap": 2}, holder="li", by="kiosk:1")
    scene.notes["slip"] = slip.id
    return {"redemption": slip.id, "by": "kiosk:1"}


COLLECT = Verb("shop.collect", reserved, (
    READONLY, SEALED,
    Obstacle(code=Code.NOT_PERMITTED, happens=said(by="li"), takes=BY),
    Obstacle(code=Code.NOT_HOLDER, terms={"redemption": 'proxy = "none"'},
             happens=said(proxy="邻居")),
    Obstacle(code=Code.HOLD_UNKNOWN, happens=said(redemption="x-999"),
             takes=frozenset({"slip"})),
    Obstacle(code=Code.HOLD_ALREADY_COLLECTED, turn=2, takes=frozenset({"slip"}),
             happens=lambda scene: scene.book.shop.collect(scene.notes["slip"], by="kiosk:1")),
    Obstacle(code=Code.HOLD_ALREADY_RELEASED, turn=2, takes=frozenset({"slip"}),
             happens=lambda scene: scene.book.shop.release(scene.notes["slip"], by="kiosk:1")),
    Obstacle(code=Code.HOLD_ALREADY_LAPSED, turn=2, takes=frozenset({"slip"}),
             happens=lambda scene: scene.later(days=9)),
    Obstacle(code=Code.EXCEEDS_HOLD, happens=said(part={"soap": 3})),
))


def correction(scene: Scene) -> dict[str, Any]:
    """A slip of the pen in Wang's passbook."""
    scene.notes["seq"] = scene.book.books.adjust("wang", 5, reason="手误").seq
    return {"seq": scene.notes["seq"], "reason": "更正", "by": "staff:zhao"}


def served(scene: Scene) -> int:
    """The entry that confirmed two hours of Wang's: a deed is reopened, not reversed."""
    deed = scene.book.deeds.report("service", resident="wang", quantity="2", by="staff:zhao")
    return scene.book.deeds.confirm(deed.id, by="staff:an").seq


REVERSE = Verb("books.reverse", correction, (
    READONLY, SEALED,
    Obstacle(code=Code.NOT_PERMITTED, happens=said(by="kiosk:1"), takes=BY),
    Obstacle(code=Code.REASON_NEEDED, happens=said(reason="")),
    Obstacle(code=Code.SELF_CONFIRMATION, turn=2, takes=BY, happens=lambda scene:
             scene.book.residents.appoint("staff:zhao", role="admin", resident="wang")),
    Obstacle(code=Code.REVERSAL_EXISTS, takes=frozenset({"seq"}), happens=lambda scene:
             scene.book.books.reverse(scene.notes["seq"], reason="更正")),
    Obstacle(code=Code.REVERSAL_OF_REVERSAL, takes=frozenset({"seq"}), happens=lambda scene:
             scene.call.update(
                 seq=scene.book.books.reverse(scene.notes["seq"], reason="更正").seq)),
    Obstacle(code=Code.NOT_REVERSIBLE, takes=frozenset({"seq"}), happens=lambda scene:
             scene.call.update(seq=served(scene))),
))



def deed_of_wang(scene: Scene) -> dict[str, Any]:
    """Two hours of Wang's, about which an officer says no."""
    deed = scene.book.deeds.report("service", resident="wang", quantity="2", by="staff:zhao")
    scene.notes["deed"] = deed.id
    return {"deed": deed.id, "reason": "不实", "by": "staff:an"}


LINKED = Obstacle(code=Code.SELF_CONFIRMATION, turn=2, takes=BY, happens=lambda scene:
                  scene.book.residents.appoint(scene.call["by"], role="admin", resident="wang"))
NO_REASON = Obstacle(code=Code.REASON_NEEDED, happens=said(reason=""))
REJECT = Verb("deeds.reject", deed_of_wang, (
    READONLY, SEALED, LINKED, NO_REASON,
    Obstacle(code=Code.NOT_PERMITTED, happens=said(by="kiosk:1"), takes=BY),
    Obstacle(code=Code.STATE_NOT_FITTING, turn=1, happens=lambda scene:
             scene.book.deeds.confirm(scene.notes["deed"], by="staff:bo")),
))


def fine_of_wang(scene: Scene) -> dict[str, Any]:
    """A deduction of Wang's, which an officer opens again."""
    scene.book.books.opening("wang", 20)
    deed = scene.book.deeds.report("fine", resident="wang", by="staff:bo")
    scene.book.deeds.confirm(deed.id, by="staff:an")
    scene.notes["deed"] = deed.id
    return {"deed": deed.id, "reason": "有异议", "by": "staff:zhao"}


REOPEN = Verb("deeds.reopen", fine_of_wang, (
    READONLY, SEALED, LINKED, NO_REASON,
    Obstacle(code=Code.NOT_PERMITTED, happens=said(by="kiosk:1"), takes=BY),
    Obstacle(code=Code.STATE_NOT_FITTING, turn=1, happens=lambda scene:
             scene.book.deeds.reopen(scene.notes["deed"], reason="查")),
))
ADJUST = Verb("books.adjust", lambda scene: {
    "holder": "wang", "points": 5, "reason": "手误", "by": "staff:zhao"}, (
    READONLY, SEALED, LINKED, NO_REASON,
    Obstacle(code=Code.NOT_PERMITTED, happens=said(by="kiosk:1"), takes=BY),
    Obstacle(code=Code.RULEBOOK_UNKNOWN, happens=said(at=date(2025, 12, 31)),
             takes=frozenset({"at"})),
))


def fetched(scene: Scene) -> dict[str, Any]:
    """Two soaps of Li's, of which both come back."""
    slip = scene.book.shop.redeem({"soap": 2}, holder="li", by="kiosk:1")
    scene.notes["slip"] = slip.id
    return {"redemption": slip.id, "by": "kiosk:1"}


RETURN = Verb("shop.return_", fetched, (
    READONLY, SEALED,
    Obstacle(code=Code.NOT_PERMITTED, happens=said(by="li"), takes=BY),
    Obstacle(code=Code.HOLD_UNKNOWN, happens=said(redemption="x-999")),
    Obstacle(code=Code.EXCEEDS_REDEMPTION, happens=said(part={"soap": 3})),
))
VERBS = (REPORT, CONFIRM, REJECT, REOPEN, REDEEM, HOLD, COLLECT, RETURN, GIVE, ADJUST, REVERSE)
