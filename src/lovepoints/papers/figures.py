"""Points, days and moments as papers show them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from lovepoints.desks.answers import Points


def points(amount: Points) -> str:
    """An amount without trailing zeros or exponent.

    >>> points(20), points(Decimal("1.50")), points(Decimal("-20.0"))
    ('20', '1.5', '-20')
    """
    if isinstance(amount, int):
        return str(amount)
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(amount: Points) -> str:
    """An amount that is gained or lost.

    >>> signed(5), signed(-5), signed(0)
    ('+5', '-5', '0')
    """
    return f"+{points(amount)}" if amount > 0 else points(amount)


def moment(when: datetime) -> str:
    """A local moment to the minute."""
    return when.strftime("%Y-%m-%d %H:%M")


def month(day: date) -> str:
    """The month of a day that is not to be told."""
    return day.strftime("%Y-%m")


def short_day(day: date) -> str:
    """Month and day, for narrow papers."""
    return day.strftime("%m-%d")


def yuan(fen: int) -> str:
    """Money in fen as yuan.

    >>> yuan(150), yuan(2000)
    ('1.50', '20')
    """
    return points(fen // 100) if fen % 100 == 0 else f"{Decimal(fen).scaleb(-2):f}"
