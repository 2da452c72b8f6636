"""Everything that stands against a basket: each polite no with its figures and the next chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from lovepoints.core.deeds import Refusal, precedence
from lovepoints.core.passbooks.baskets import (
    PLAIN,
    Counter,
    Facts,
    asked_of,
    decimals_of,
    named,
    number,
    price_now,
    stands,
    value_of,
)
from lovepoints.core.passbooks.goods import out_of_stock, shortage, stock
from lovepoints.core.passbooks.spending import (
    bar_facts,
    barred_until,
    earliest,
    pay,
    plain_kinds,
    spendable,
)
from lovepoints.core.rating.conditions import fits
from lovepoints.core.rating.validity import next_open, open_at
from lovepoints.core.rows import Item
from lovepoints.core.terms import Often
from lovepoints.core.values import AMOUNT_MAX, from_minor, kind_of
from lovepoints.errors import Code


def problems(
    wanted: Mapping[str, int], counter: Counter, quoted: Mapping[str, int] | None = None,
) -> tuple[Refusal, ...]:
    """Everything that stands against a basket now, in the order of `Code`."""
    found = [*_of_terms(wanted, counter), *_of_items(wanted, counter)]
    prices = {item: price_now(item, counter) for item in wanted}
    known = [(price.amounts, wanted[item]) for item, price in prices.items() if price]
    asked = asked_of(known)
    if len(known) == len(wanted):
        found += _of_sums(asked, counter, quoted)
    else:
        found.append(_unpriced([item for item, price in prices.items() if not price], counter))
    return tuple(sorted(found, key=precedence))


def _of_terms(wanted: Mapping[str, int], counter: Counter) -> Iterator[Refusal]:
    """Bars, size of the basket, the opening days."""
    holding, terms = counter.holding, counter.rulebook.redemption
    if len(wanted) > terms.lines_most:
        yield Refusal(Code.AMOUNT_RANGE, {"what": "lines", "most": terms.lines_most,
                                          "given": len(wanted)})
    if until := barred_until(holding.bars, "redeem", holding.day):
        yield Refusal(Code.BARRED, bar_facts("redeem", until))
    if not open_at(terms.days, counter.moment, holding.calendar, is_switched_on=counter.is_open):
        yield Refusal(Code.WINDOW_CLOSED, _closed(counter))
    pieces = sum(wanted.values())
    if terms.pieces_most and pieces > terms.pieces_most:
        yield Refusal(Code.ITEM_LIMIT, {"most": terms.pieces_most, "present": pieces})


def _closed(counter: Counter) -> Facts:
    holding, days = counter.holding, counter.rulebook.redemption.days
    today = next_open(days, counter.day - timedelta(days=1))
    opens_later = bool(days.hours) and today == counter.day and (
        holding.calendar.local(counter.moment).time() < days.hours[0])  # type: ignore[index]
    following = today if opens_later else next_open(days, counter.day)
    facts: Facts = {"day": counter.day.isoformat()}
    if following:
        facts["next_on"] = following.isoformat()
    if days.hours:
        facts["hours"] = "-".join(f"{moment:%H:%M}" for moment in days.hours)
    return facts


def _of_items(wanted: Mapping[str, int], counter: Counter) -> Iterator[Refusal]:
    """Stock, limits and reserved goods: of each refusal all the items that it is about."""
    items = [(counter.items[item], quantity) for item, quantity in wanted.items()]
    shortages = [
        shortage(item.code, item.title, quantity, here, kept)
        for item, quantity in items if item.stocked
        and (here := stock(counter.shelf.get(item.code, ()), counter.holding.now)).free
        - (kept := item.details.get("aid", 0)) < quantity
    ]
    if shortages:
        yield out_of_stock(shortages)
    limited = [over for item, quantity in items if (over := _over(item, quantity, counter))]
    if limited:
        yield Refusal(Code.ITEM_LIMIT, {**limited[0], "items": limited})
    reserved = [{"item": item.code, "title": item.title} for item, _ in items
                if not fits(_where(item), counter.attributes)]
    if reserved:
        yield Refusal(Code.RESERVED_ITEM, {**reserved[0], "items": reserved})


def _where(item: Item) -> dict[str, tuple[Any, ...]]:  # Any: text, whole number or yes-no
    return {name: tuple(values) for name, values in item.details.get("for", {}).items()}


def _over(item: Item, quantity: int, counter: Counter) -> Facts | None:
    """By how much a holder's limit of an item would be passed in the present period."""
    limit, holding = item.details.get("limit"), counter.holding
    if not limit:
        return None
    each = limit.get("each", "ever")
    period = holding.calendar.period(counter.day, each)
    used = sum(
        stands(row, line, counter.rulebook) for row in counter.history
        if row.holder == holding.holder
        and period.first.isoformat() <= row.day <= period.last.isoformat()
        for line in row.details["lines"] if line["item"] == item.code
    )
    if used + quantity <= limit["most"]:
        return None
    following = holding.calendar.next_period(counter.day, each)
    return {"item": item.code, "title": item.title, "most": limit["most"], "used": used,
            "present": quantity, **({"next_on": following.isoformat()} if following else {})}


def _unpriced(items: Sequence[str], counter: Counter) -> Refusal:
    day = counter.day.isoformat()
    coming = [price.since for item in items for price in counter.prices.get(item, ())
              if price.since > day]
    these = [{"item": item, "title": counter.items[item].title} for item in items]
    return Refusal(Code.NO_PRICE, {**these[0], "items": these,
                                   **({"next_on": min(coming)} if coming else {})})


def _of_sums(
    asked: Mapping[str, int], counter: Counter, quoted: Mapping[str, int] | None,
) -> Iterator[Refusal]:
    """What depends on the sum: the points, the quote, the minimum, the steps, the frequency."""
    rulebook, terms = counter.rulebook, counter.rulebook.redemption
    sums = {unit: amount for unit, amount in asked.items() if amount}
    if any(amount > AMOUNT_MAX for amount in sums.values()):
        yield Refusal(Code.AMOUNT_RANGE, {"what": "points", "most": AMOUNT_MAX})
        return
    if pay(rulebook, counter.holding, named(sums), sums.get(PLAIN, 0)) is None:
        yield _too_few(sums, counter)
    value = value_of(sums, rulebook)
    if quoted is not None and {unit: n for unit, n in quoted.items() if n} != sums:
        yield Refusal(Code.PRICE_CHANGED, {"needed": number(value),
                                           "present": number(value_of(quoted, rulebook))})
    if value < terms.minimum:
        yield Refusal(Code.BELOW_MINIMUM, {"needed": number(terms.minimum),
                                           "present": number(value)})
    if terms.multiple_of and value % terms.multiple_of:
        yield Refusal(Code.NOT_A_MULTIPLE, {
            "multiple": number(terms.multiple_of), "present": number(value),
            "needed": number((value // terms.multiple_of + 1) * terms.multiple_of),
        })
    yield from filter(None, (_too_often(often, value, counter) for often in terms.often))


def _too_few(sums: Mapping[str, int], counter: Counter) -> Refusal:
    """Which sum is short and by how much, when waiting would help, and what keeps more back."""
    rulebook, holding = counter.rulebook, counter.holding
    can = spendable(rulebook, holding)
    have = {purse.unit: purse.spendable for purse in can.purses}
    plain = plain_kinds(rulebook)
    by_name, free = named(sums), sums.get(PLAIN, 0)
    unit = next((unit for unit, amount in by_name.items() if amount > have.get(unit, 0)), PLAIN)
    if unit != PLAIN:
        needed, present = by_name[unit], have.get(unit, 0)
    else:
        needed, present = free + sum(by_name.get(one, 0) for one in plain), can.total
    decimals = decimals_of(unit, rulebook)
    titles = {kind.code: kind.title for kind in rulebook.kinds}
    facts: Facts = {
        "kind": titles.get(kind_of(unit if unit != PLAIN else plain[0]), ""),
        "needed": number(from_minor(needed, decimals)),
        "present": number(from_minor(present, decimals)),
        "missing": number(from_minor(max(0, needed - present), decimals)),
        "why": [[code, dict(more)] for code, more in can.why],
    }
    if day := earliest(rulebook, holding, by_name, free):
        facts["next_on"] = day
    return Refusal(Code.INSUFFICIENT_POINTS, facts)


def _too_often(often: Often, value: Decimal, counter: Counter) -> Refusal | None:
    holding, rulebook = counter.holding, counter.rulebook
    period = holding.calendar.period(counter.day, often.each)
    rows = [
        row for row in counter.history
        if period.first.isoformat() <= row.day <= period.last.isoformat()
        and (row.holder == holding.holder if often.per == "holder" else row.doer == counter.doer)
    ]
    sums = [asked_of((line["unit_price"], stands(row, line, rulebook))
                   for line in row.details["lines"]) for row in rows]
    counts = [any(stands(row, line, rulebook) for line in row.details["lines"]) for row in rows]
    used = (Decimal(sum(counts)) if often.of == "times"
            else sum((value_of(one, rulebook) for one in sums), Decimal(0)))
    if used + (1 if often.of == "times" else value) <= often.most:
        return None
    following = holding.calendar.next_period(counter.day, often.each)
    return Refusal(Code.TOO_OFTEN, {
        "of": often.of, "most": number(often.most), "used": number(used),
        "left": number(max(Decimal(0), often.most - used)),
        **({"next_on": following.isoformat()} if following else {}),
    })
