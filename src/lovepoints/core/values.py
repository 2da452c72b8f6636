"""Whole-number amounts, units, spans and periods of the local calendar, and their bounds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation
from functools import lru_cache
from itertools import islice
from typing import Literal, NewType, TypeVar
from zoneinfo import ZoneInfo

import attrs

from lovepoints.errors import brief

T = TypeVar("T")
Unit = NewType("Unit", str)
"""What is counted: "point", "point:<kind>", "item:<code>". Amounts are in its smallest part."""

Micros = NewType("Micros", int)
"""An instant: whole microseconds since 1970 in UTC."""

SEQ_MAX = 2**53 - 1
"""No place in a journal lies beyond it."""
AMOUNT_MAX = 10**12
"""No posting, price or quantity is larger (in smallest parts)."""
TEXT_MAX = 500
"""The longest note, title or reason, in characters."""
CODE_MAX = 64
"""The longest code, key or name of a thing."""
SEVERAL_MAX = 500
"""No call names more things at once: grades, doers, attributes, lines of a basket."""
FRACTION_MAX = 28
"""No number has more digits after its point."""
NEVER = Micros(2**53 - 1)
"""The end of what does not end (June 2255): its own value, larger than every real instant."""

Each = Literal["day", "week", "month", "quarter", "year", "ever"]
EACH: tuple[Each, ...] = ("day", "week", "month", "quarter", "year", "ever")
Rounding = Literal["down", "half-up", "up"]
_ROUNDING = {"down": ROUND_DOWN, "half-up": ROUND_HALF_UP, "up": ROUND_UP}
_SPAN = re.compile(r"(\d{1,4}) (day|week|month|year)s?")


def whole(amount: object, what: str = "amount", *, least: int = 1, most: int = AMOUNT_MAX) -> int:
    """`amount` if it is a true int in [least, most]; a bool or float is a TypeError.

    >>> whole(20)
    20
    """
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError(f"{what} must be a whole number, not {brief(amount)}")
    if not least <= amount <= most:
        raise ValueError(f"{what} must be between {least} and {most}, not {brief(amount)}")
    return amount


def several(values: Iterable[T], what: str) -> tuple[T, ...]:
    """`values` as a tuple; more than `SEVERAL_MAX`, or an endless stream, is a ValueError.

    >>> several(["minor", "major"], "grade")
    ('minor', 'major')
    """
    found = tuple(islice(values, SEVERAL_MAX + 1))
    if len(found) > SEVERAL_MAX:
        raise ValueError(f"{what} takes at most {SEVERAL_MAX} at once")
    return found


def flag(value: object, what: str) -> bool:
    """`value` if it is True or False; a text like "no", which would count as yes, is a TypeError.

    >>> flag(False, "restock")
    False
    """
    if not isinstance(value, bool):
        raise TypeError(f"{what} must be True or False, not {brief(value)}")
    return value


def decimal(value: object, what: str = "quantity") -> Decimal:
    """`value` (text, int or Decimal) as a Decimal; floats, signs of infinity and text with
    full-width digits or exponents are refused.

    >>> decimal("1.5")
    Decimal('1.5')
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise TypeError(f"{what} must be text, int or Decimal, not {brief(value)}")
    if isinstance(value, int):
        return Decimal(whole(value, what, least=-AMOUNT_MAX))
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,13}(\.\d{1,6})?", value, re.ASCII):
        raise ValueError(f"{what} must be a plain number like 2 or 1.5, not {brief(value)}")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{what} must be a number, not {brief(value)}") from None
    if not number.is_finite() or abs(number) > AMOUNT_MAX or (
            isinstance(value, Decimal) and _fraction(number) > FRACTION_MAX):
        raise ValueError(f"{what} is out of bounds: {brief(value)}")
    return number


def _fraction(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def to_minor(value: Decimal, decimals: int, rounding: Rounding = "down") -> int:
    """`value` in its smallest part (10**-decimals), rounded once in the stated way.

    >>> to_minor(Decimal("1.75"), 1)
    17
    """
    return int(value.scaleb(decimals).quantize(Decimal(1), rounding=_ROUNDING[rounding]))


def from_minor(amount: int, decimals: int) -> Decimal:
    """The other way round: 175 with two decimals is 1.75."""
    return Decimal(amount).scaleb(-decimals)


def show(amount: int, decimals: int = 0) -> str:
    """An amount in smallest parts as people write it: no exponent, no trailing zeros.

    >>> show(175, 2), show(-20), show(150, 1)
    ('1.75', '-20', '15')
    """
    text = f"{from_minor(amount, decimals):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@attrs.frozen
class Span:
    """A length in calendar units, never in hours: "30 days", "24 months", "1 year"."""

    count: int
    unit: Literal["day", "week", "month", "year"]

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read "24 months"; anything else is a ValueError."""
        match = _SPAN.fullmatch(text) if isinstance(text, str) else None
        if not match:
            raise ValueError(f'a span reads like "30 days" or "24 months", not {brief(text)}')
        return cls(int(match[1]), match[2])  # type: ignore[arg-type]  # the pattern allows these only

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    def after(self, day: date) -> date:
        """The last day of the span that begins with `day`.

        Civil Code of the PRC, art. 201-202: the first day is not counted; months and years end
        on the corresponding day, or on the last day of the month where there is none.

        >>> Span(1, "month").after(date(2026, 1, 31)), Span(30, "day").after(date(2026, 3, 1))
        (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
        """
        if self.unit in ("day", "week"):
            return day + timedelta(days=self.count * (7 if self.unit == "week" else 1))
        months = day.year * 12 + day.month - 1 + self.count * (12 if self.unit == "year" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))

    def before(self, day: date) -> date:
        """The first day that a look-back of this length from `day` still reaches."""
        if self.unit in ("day", "week"):
            return day - timedelta(days=self.count * (7 if self.unit == "week" else 1))
        return Span(-self.count, self.unit).after(day)


@lru_cache(maxsize=4096)
def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


@attrs.frozen
class Period:
    """Whole local days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@attrs.frozen
class Calendar:
    """The local calendar of a book and of a rulebook: zone, first day of the week and of the year.

    `week_start` is 0 for Monday to 6 for Sunday; `year_start` is (month, day).
    """

    zone: str = "Asia/Shanghai"
    week_start: int = 0
    year_start: tuple[int, int] = (1, 1)

    def day_of(self, instant: int) -> date:
        """The local day on which an instant falls."""
        return _day_of(self.zone, instant // 1_000_000)

    def local(self, instant: int) -> datetime:
        """The instant as an aware local time."""
        seconds, micros = divmod(instant, 1_000_000)
        moment = datetime.fromtimestamp(seconds, tz=_zone(self.zone))
        return moment.replace(microsecond=micros)

    def start_of(self, day: date) -> Micros:
        """Local midnight at which `day` begins."""
        return self.instant(day, time())

    def end_of(self, day: date) -> Micros:
        """Local midnight at which `day` is over: what is valid through `day` ends here."""
        return NEVER if day >= date(2255, 1, 1) else self.start_of(day + timedelta(days=1))

    def instant(self, day: date, at: time) -> Micros:
        """The instant of a local wall-clock time on `day`."""
        return _instant(self.zone, day, at)

    def period(self, day: date, each: Each) -> Period:
        """The period of this kind that holds `day`."""
        match each:
            case "day":
                return Period(day, day)
            case "week":
                first = day - timedelta(days=(day.weekday() - self.week_start) % 7)
                return Period(first, first + timedelta(days=6))
            case "month":
                return _months(day.year, day.month, 1)
            case "quarter":
                return _months(day.year, (day.month - 1) // 3 * 3 + 1, 3)
            case "year":
                return self._year(day)
            case "ever":
                return Period(date.min, date.max)

    def next_period(self, day: date, each: Each) -> date | None:
        """The first day of the period after the one that holds `day`; None after "ever"."""
        last = self.period(day, each).last
        return None if last == date.max else last + timedelta(days=1)

    def _year(self, day: date) -> Period:
        month, first_day = self.year_start
        year = day.year if (day.month, day.day) >= (month, first_day) else day.year - 1
        following = date(year + 1, month, first_day)
        return Period(date(year, month, first_day), following - timedelta(days=1))


@lru_cache(maxsize=1024)
def _months(year: int, month: int, count: int) -> Period:
    last = month + count - 1
    return Period(date(year, month, 1), date(year, last, days_in_month(year, last)))


@lru_cache(maxsize=4096)
def _instant(zone: str, day: date, at: time) -> Micros:
    return micros(datetime.combine(day, at, tzinfo=_zone(zone)))


@lru_cache(maxsize=4096)
def _day_of(zone: str, seconds: int) -> date:
    # No zone is off by parts of a second.
    return datetime.fromtimestamp(seconds, tz=_zone(zone)).date()


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def micros(moment: datetime) -> Micros:
    """An aware datetime as whole microseconds, exactly; a naive one is a ValueError."""
    if not isinstance(moment, datetime):
        raise TypeError(f"a moment is an aware datetime, not {brief(moment)}")
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {brief(moment)}")
    delta = moment - _EPOCH
    return Micros((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds)


_EPOCH = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))


def point_unit(kind: str) -> Unit:
    """The unit of a point kind: "point" for the kind called point, else "point:<kind>"."""
    return Unit("point" if kind == "point" else f"point:{kind}")


def item_unit(code: str) -> Unit:
    """The unit of an item of the shop."""
    return Unit(f"item:{code}")


def kind_of(unit: str) -> str:
    """The point kind of a point unit."""
    return unit.partition(":")[2] or "point"
