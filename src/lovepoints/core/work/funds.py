"""What is in a fund: its limit and gifts, less what was spent, granted, returned and set aside.

The book records money and pays none. Amounts are whole fen; no record makes less than nothing of
a fund, and each is undone in the open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.rows import FOR_EVER
from lovepoints.core.rows_aid import FundRow, MoneyRow
from lovepoints.errors import Code

FEN_MAX = 10**12
"""No amount is more than ten thousand million yuan."""


@attrs.frozen(kw_only=True)
class Purse:
    """The sums of a fund in fen."""

    limit: int = 0
    received: int = 0
    reserved: int = 0
    granted: int = 0
    spent: int = 0
    returned: int = 0

    @property
    def used(self) -> int:
        """What went out, to whomever."""
        return self.granted + self.spent + self.returned

    @property
    def left(self) -> int:
        """What can still be spent, granted or set aside."""
        return self.limit + self.received - self.used - self.reserved


def purse(fund: FundRow, moves: Iterable[MoneyRow]) -> Purse:
    """The sums of a fund by its records; what was taken out of a reservation is no longer in it."""
    standing = [row for row in moves if not row.is_undone]
    sums = dict.fromkeys(("received", "reserved", "granted", "spent", "returned"), 0)
    reservations = {row.id for row in standing if row.what == "reserved"}
    for row in standing:
        sums[row.what] += row.fen
        if row.source in reservations:
            sums["reserved"] -= row.fen
    return Purse(limit=fund.details["limit"], **sums)


def not_open(fund: FundRow, what: str) -> Refusal | None:
    """The refusal of a record in a fund that is closed."""
    if fund.until == FOR_EVER:
        return None
    return Refusal(Code.STATE_NOT_FITTING, {"what": what, "state": "closed"})


def too_much(left: int, fen: int) -> Refusal | None:
    """The refusal of more than is left, in a fund or in a reservation."""
    if fen <= left:
        return None
    return Refusal(Code.FUND_SHORT, {"needed": fen, "present": left, "needed_yuan": yuan(fen),
                                     "present_yuan": yuan(left)})


def rest_of(reservation: MoneyRow, moves: Iterable[MoneyRow]) -> int:
    """What is left of a reservation."""
    if reservation.what != "reserved" or reservation.is_undone:
        return 0
    return reservation.fen - sum(
        row.fen for row in moves if row.source == reservation.id and not row.is_undone)


def undone(row: MoneyRow, moves: Iterable[MoneyRow], sums: Purse) -> dict[str, object] | Refusal:
    """The columns that change when a record is taken back; a reservation is let go as far as it
    is left, and a gift only as far as it was not used."""
    rest = rest_of(row, moves)
    if row.is_undone or (row.what == "reserved" and not rest):
        return Refusal(Code.STATE_NOT_FITTING, {
            "what": "take_back", "state": "taken back" if row.is_undone else "used"})
    if row.what == "received" and (refusal := too_much(sums.left, row.fen)):
        return refusal
    if row.what == "reserved" and rest < row.fen:
        return {"id": row.id, "fen": row.fen - rest}
    return {"id": row.id, "is_undone": 1}


def yuan(fen: int) -> str:
    """Fen as yuan with both decimals.

    >>> yuan(12_345)
    '123.45'
    """
    return f"{fen // 100}.{fen % 100:02}"


def shares(total: int, parts: Mapping[str, int]) -> dict[str, int]:
    """`total` by parts, whole and exact: each its share cut down, the rest to the largest
    remainders, of equal ones to the first by name (largest remainder method, Hamilton 1792).

    >>> shares(100, {"a": 1, "b": 1, "c": 1})
    {'a': 34, 'b': 33, 'c': 33}
    """
    whole = sum(parts.values())
    if not whole:
        return {}
    found = {name: total * part // whole for name, part in parts.items()}
    rest = total - sum(found.values())
    for name in sorted(parts, key=lambda one: (-(total * parts[one] % whole), one))[:rest]:
        found[name] += 1
    return found
