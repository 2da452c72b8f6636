"""Drafting what the shop does with goods: items, prices, deliveries, aid, stocktakes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from lovepoints.core import text
from lovepoints.core.deeds import Refusal, Value
from lovepoints.core.journal import Draft, Posting
from lovepoints.core.passbooks import goods
from lovepoints.core.passbooks.baskets import PLAIN, decimals_of, price_on
from lovepoints.core.passbooks.passbook import LOST
from lovepoints.core.rows import Balance, Item, Price, RedemptionRow, RulebookRow
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.values import AMOUNT_MAX, EACH, item_unit, point_unit, several, whole
from lovepoints.desks.answers import amount_of
from lovepoints.desks.attributes import value_of
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command, plain
from lovepoints.desks.counter import WINDOW, Said, item_row, settle_lapsed, shelf_lots
from lovepoints.errors import Code, NotFound, Refused, brief

Amount: TypeAlias = "int | str | Decimal"
Points: TypeAlias = "Amount | Mapping[str, Amount]"
"""A price: points of any kind that plain prices may take, or an amount for each kind named."""
Limit: TypeAlias = "int | Mapping[str, Any]"
"""The most pieces per holder: a number is for a year, {"most": 2, "each": "month"} says it all."""
ORIGINS = ("donated", "bought", "relief", "partner")
"""Where goods come from."""


# at the door


def limit_of(limit: Limit | None) -> dict[str, Any]:
    """A limit as `Item.details` keeps it; {} for none.

    >>> limit_of(2)
    {'most': 2, 'each': 'year'}

    Raises:
        TypeError, ValueError: not a whole number above zero, an unknown period. There is no
        number that means "without limit": leave it out.
    """
    if limit is None:
        return {}
    said = {"most": limit, "each": "year"}
    if isinstance(limit, Mapping):
        said = dict(several(limit.items(), "limit"))
    if set(said) != {"most", "each"} or said["each"] not in EACH:
        raise ValueError(f'a limit reads {{"most": 2, "each": "month"}} with each one of'
                         f' {", ".join(EACH)}, not {brief(limit)}')
    return {"most": whole(said["most"], "limit"), "each": said["each"]}


def group_of(for_: Mapping[str, Any] | None) -> dict[str, list[Value]]:
    """Attributes that whoever takes the item must have, each with the values that fit."""
    out: dict[str, list[Value]] = {}
    if for_ is not None and not isinstance(for_, Mapping):
        raise TypeError(f'for_ reads {{"party": True}}, not {brief(for_)}')
    for name, values in several((for_ or {}).items(), "for_"):
        code = text.code(name, "attribute")
        every = values if isinstance(values, list | tuple | set | frozenset) else [values]
        found = [value_of(one, code) for one in several(every, code)]
        out[code] = plain(set(found) if isinstance(values, set | frozenset) else found)
        if not name.isascii() or not out[name]:
            raise ValueError(f"for_ names attributes by their codes with values, not {brief(name)}")
    return out


def price_of(points: Points | None) -> dict[str, Amount]:
    """A price by kind ("" for a price without a kind); {} for none."""
    if points is None:
        return {}
    if not isinstance(points, Mapping):
        return {PLAIN: points}
    return dict(several(points.items(), "a price"))


# items and prices


def stock(command: Command, said: Said) -> Draft | Refusal:
    """An item, new or described anew, with a price from the day on if one is said."""
    book, code = command.book, said["item"]
    before = book.store.get(Item, code)
    lots = shelf_lots(book.store, code)
    if before and before.stocked and not said["stocked"] and lots:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "stock", "state": "goods on the shelf"})
    title = said["title"] or (before.title if before else code)
    details = {name: said[name] for name in ("limit", "for", "aid") if said[name]}
    rows: dict[str, Any] = {"item": [{
        "code": code, "title": title, "kind": said["kind"], "measure": said["measure"],
        "stocked": int(said["stocked"]), "low": said["low"], "details": details,
    }]}
    if said["price"]:
        priced = _priced(command, code, said["price"], said["cash"], command.day)
        if isinstance(priced, Refusal):
            return priced
        rows["price"] = [priced]
    return _draft(command, "stock", f"item:{code}", {"rows": rows})


def price(command: Command, said: Said) -> Draft | Refusal:
    """A price from a day on; what stood before stays written."""
    item_row(command.book.store, said["item"])
    since = said["since"] or command.day
    priced = _priced(command, said["item"], said["price"], said["cash"], since)
    if isinstance(priced, Refusal):
        return priced
    return _draft(command, "price", f"item:{said['item']}", {"rows": {"price": [priced]}})


def _priced(
    command: Command, item: str, said: Mapping[str, Amount], cash: int, since: date,
) -> dict[str, Any] | Refusal:
    """The columns of a price. A day that has had a price keeps it, unless it is still to come."""
    rulebook = _rulebook(command.book, since, command.today)
    if rulebook is None:
        return Refusal(Code.RULEBOOK_UNKNOWN, {"day": since.isoformat()})
    day = since.isoformat()
    if since < command.today and price_on(command.book.store.find(Price, "", item), day):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "price", "state": "past"})
    return {"item": item, "since": day, "amounts": _amounts(rulebook, said), "cash": cash}


def listed(book: Book, prices: Mapping[str, Points]) -> dict[str, dict[str, int]]:
    """A list of prices as the book keeps them, by item; NotFound for an unknown item.

    Raises:
        Refused: rulebook_unknown. TypeError, ValueError: no such list.
    """
    if not isinstance(prices, Mapping):
        raise TypeError(f'prices read {{"soap": 5}}, not {brief(prices)}')
    today = book.calendar.day_of(book.now())
    rulebook = _rulebook(book, today, today)
    if rulebook is None:
        raise Refused(Code.RULEBOOK_UNKNOWN, {"day": today.isoformat()})
    return {item_row(book.store, text.code(item, "item")).code: _amounts(
        rulebook, price_of(points)) for item, points in prices.items()}


def _amounts(rulebook: Rulebook, said: Mapping[str, Amount]) -> dict[str, int]:
    """A price in smallest parts by unit."""
    kinds = {kind.code for kind in rulebook.kinds}
    amounts: dict[str, int] = {}
    for kind, points in said.items():
        if kind and kind not in kinds:
            raise NotFound("point kind", kind)
        unit = point_unit(kind) if kind else PLAIN
        amounts[unit] = amount_of(points, decimals_of(unit, rulebook))
    amounts = {unit: whole(amount, "price", most=AMOUNT_MAX)
               for unit, amount in amounts.items() if amount}
    if not amounts:
        raise ValueError("a price names points; goods without points are given: shop.give()")
    return amounts


def _rulebook(book: Book, day: date, today: date) -> Rulebook | None:
    """The rulebook whose kinds a price names; decimals never change after the first adoption."""
    found = book.rulebook_on(day) or book.rulebook_on(today)
    if found is None and (rows := book.store.find(RulebookRow, "by_effective", limit=1)):
        found = book.rulebook(rows[0].digest)
    return found


# goods


def receive(command: Command, said: Said) -> Draft | Refusal:
    """A delivery; who gave it stays outside the journal."""
    item = item_row(command.book.store, said["item"])
    if not item.stocked:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "receive", "state": "service"})
    best_before = said["best_before"]
    if best_before and best_before < command.today:
        return Refusal(Code.LOT_EXPIRED, {"item": item.code, "title": item.title})
    details = {"origin": said["origin"], "unit_value": said["unit_value"]}
    command.seal(_id(command), {name: said[name]
                                for name in ("donor", "receipt", "witness", "note")})
    return _movement(command, "receive", said, goods.receive(
        item.code, said["quantity"], command.now, command.book.calendar, best_before), details)


def give(command: Command, said: Said) -> Draft | Refusal:
    """Aid without points, from the same shelf; nobody gives to herself."""
    book, item = command.book, item_row(command.book.store, said["item"])
    details = {}
    if said["holder"]:
        party = book.person(said["holder"], "resident", "household", "team").id
        if refusal := command.own(party):
            return refusal
        details["holder"] = party
    if not said["reason"]:
        return Refusal(Code.REASON_NEEDED, {"what": "give"})
    settle_lapsed(command)
    postings = goods.give(item.code, said["quantity"], shelf_lots(book.store, item.code),
                          command.now) if item.stocked else ()
    return _reasoned(command, "give", said, postings, details)


def write_off(command: Command, said: Said) -> Draft | Refusal:
    """Damaged, spoiled, lost."""
    item = item_row(command.book.store, said["item"])
    if not said["reason"]:
        return Refusal(Code.REASON_NEEDED, {"what": "write_off"})
    settle_lapsed(command)
    return _reasoned(command, "write_off", said, goods.write_off(
        item.code, said["quantity"], shelf_lots(command.book.store, item.code), command.now), {})


def count(command: Command, said: Said) -> Draft | Refusal:
    """A stocktake; the difference becomes postings."""
    store, item = command.book.store, item_row(command.book.store, said["item"])
    if not item.stocked:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "count", "state": "service"})
    settle_lapsed(command)
    lost = store.get(Balance, LOST, item_unit(item.code))
    holds = [row.id for row in store.find(RedemptionRow, "by_state", "held")
             if any(line["item"] == item.code for line in row.details["lines"])]
    return _reasoned(command, "count", said, goods.count(
        item.code, said["quantity"], shelf_lots(store, item.code), command.now,
        lost=lost.amount if lost else 0, holds=holds), {})


def window(command: Command, kind: str) -> Draft:
    """The window of a shop that staff open and close."""
    return _draft(command, kind, WINDOW, {"rows": {"setting": [
        {"name": WINDOW, "value": {"is_open": kind == "open_window"}}]}})


def _id(command: Command) -> str:
    return f"g-{command.next_seq}"


def _reasoned(
    command: Command, kind: str, said: Said, postings: tuple[Posting, ...] | Refusal,
    details: Mapping[str, Any],
) -> Draft | Refusal:
    if isinstance(postings, Refusal):
        return postings
    command.seal(_id(command), {"reason": said["reason"]})
    return _movement(command, kind, said, postings, details)


def _movement(
    command: Command, kind: str, said: Said, postings: tuple[Posting, ...],
    details: Mapping[str, Any],
) -> Draft:
    return _draft(command, kind, _id(command), {
        "item": said["item"], "quantity": said["quantity"], **details}, postings)


def _draft(
    command: Command, kind: str, subject: str, details: Mapping[str, Any],
    postings: tuple[Posting, ...] = (),
) -> Draft:
    return Draft(kind=kind, subject=subject, at=command.at, day=command.day.isoformat(),
                 details=details, postings=postings)
