"""The most a passbook may hold of a kind, and where what goes over it flows."""

from __future__ import annotations

from typing import Any

from lovepoints.core.rating.sheet import Sheet, parts_of
from lovepoints.core.terms import Kind
from lovepoints.core.values import AMOUNT_MAX, from_minor, point_unit


def hold_under_ceilings(sheet: Sheet) -> None:
    """Fill every passbook balance no further than its ceiling.

    What overflows into another kind is held under that kind's ceiling in turn; a kind that
    already flowed over does not take it back, so a circle of kinds loses the rest.
    """
    todo = sheet.kinds()
    done: set[str] = set()
    while todo:
        kind = todo.pop(0)
        done.add(kind.code)
        taker = _hold(sheet, kind, done)
        if taker is not None and taker not in todo:
            todo.append(taker)


def _hold(sheet: Sheet, kind: Kind, done: set[str]) -> Kind | None:
    """Hold one kind under its ceiling; the kind that the overflow went to, if it did."""
    ceiling, unit = kind.ceiling, point_unit(kind.code)
    if ceiling is None:
        return None
    amount, room = sheet.amounts[kind.code], ceiling_left(sheet, kind)
    if amount <= room:
        return None
    # Any: canonical JSON values.
    facts: dict[str, Any] = {"ceiling": parts_of(ceiling.points, kind), "over": amount - room}
    match ceiling.overflow:
        case "lost":
            sheet.change("ceiling_lost", kind, room, **facts)
        case "refuse":
            sheet.change("ceiling_refused", kind, 0, **{**facts, "over": amount})
        case "queue":
            sheet.waiting[unit] = sheet.waiting.get(unit, 0) + amount - room
            sheet.change("ceiling_queued", kind, room, **facts)
        case code if code in done:
            sheet.change("ceiling_lost", kind, room, **facts)
        case code:
            taker = sheet.rulebook.kind(code)
            sheet.change("ceiling_overflow", kind, room, **facts, taker=code)
            sheet.amounts.setdefault(code, 0)
            moved = parts_of(from_minor(amount - room, kind.decimals), taker)
            sheet.change("overflow_taken", taker, sheet.amounts[code] + moved, source=kind.code)
            return taker
    return None


def ceiling_left(sheet: Sheet, kind: Kind) -> int:
    """How many smallest parts of a kind the passbook still takes."""
    if kind.ceiling is None:
        return AMOUNT_MAX
    balance = sheet.history.balance(sheet.facts.holder, point_unit(kind.code))
    return max(0, parts_of(kind.ceiling.points, kind) - balance)
