"""Single values of a rulebook file: numbers, days, times, spans, texts; each problem has a code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from lovepoints.core.rulefiles.fields import MONTH_DAY, Field
from lovepoints.core.rulefiles.problems import code_point, is_hostile, nearest, shown
from lovepoints.core.values import CODE_MAX, TEXT_MAX, Span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Days outside are slips of the pen."""
DECIMALS_MAX = 6
"""Digits after the point of any number in a rulebook."""
SPAN_DAYS_MAX = 36_600
"""The longest span, about a hundred years."""
_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?", re.ASCII)
_SPAN = re.compile(r"(\d+) *([^\d\s]+)", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}


class Wrong(Exception):
    """A value cannot be read: the code and facts of its problem."""

    def __init__(self, code: str, **facts: Any) -> None:  # Any: canonical JSON values
        self.code = code
        self.facts = facts
        super().__init__(code)


def type_name(value: object) -> str:
    """What a TOML value is, as a code of `words.rulefile.TERMS`."""
    for kind, name in _TYPE_NAMES:
        if isinstance(value, kind):
            return name
    return "unknown"


_TYPE_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "yes-no"), (str, "text"), (int, "whole"), (Decimal, "number"), (datetime, "moment"),
    (date, "day"), (time, "time"), (dict, "table"), (list, "array"),
)


def number(value: object, field: Field) -> Decimal:
    """A plain number (int, decimal or text) within the bounds of the field."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise Wrong("wrong_type", expected="number", got=type_name(value))
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise Wrong("bad_number", value=shown(value))
    return _in_bounds(Decimal(value), field)


def _in_bounds(found: Decimal, field: Field) -> Decimal:
    if not found.is_finite():
        raise Wrong("not_finite", value=str(found))
    if found < 0 <= field.least:
        raise Wrong("negative", value=shown(found))
    if not field.least <= found <= field.most:
        raise Wrong("out_of_bounds", value=shown(found), least=f"{field.least:f}",
                    most=f"{field.most:f}")
    if found != found.quantize(Decimal(1).scaleb(-DECIMALS_MAX)):
        raise Wrong("too_fine", value=shown(found), decimals=DECIMALS_MAX)
    # Without trailing zeros, exponent or a negative zero, so that equal numbers look equal.
    return found.normalize() + 0


def whole_number(value: object, field: Field) -> int:
    """A whole number within the bounds of the field; 5.0 is whole, 5.5 is not."""
    found = number(value, field)
    if found != int(found):
        raise Wrong("not_whole", value=shown(found))
    return int(found)


def yes_no(value: object, field: Field) -> bool:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise Wrong("wrong_type", expected="yes-no", got=type_name(value))
    return value


def text(value: object, field: Field) -> str:
    """A text in NFC without hidden characters; a code if the field is one."""
    if not isinstance(value, str):
        raise Wrong("wrong_type", expected="text", got=type_name(value))
    is_name = bool(field.names)
    clean(value, CODE_MAX if is_name else TEXT_MAX)
    found = unicodedata.normalize("NFC", value)
    if field.names == "code" and not _CODE.fullmatch(found) and (found or field.is_required):
        raise Wrong("bad_code", value=shown(value))
    if field.is_required and not found.strip():
        raise Wrong("empty_text")
    return found


def clean(value: str, most: int) -> None:
    """A text that is too long, or hides something, raises `Wrong`."""
    for letter in value:
        if is_hostile(letter):
            raise Wrong("hostile_text", character=code_point(letter))
    if len(value) > most:
        raise Wrong("text_too_long", most=most, length=len(value))


def day(value: object, field: Field) -> date:
    """A day of the calendar: a TOML day, or a text like it."""
    if isinstance(value, str):
        match = _DAY.fullmatch(value)
        if not match:
            raise Wrong("bad_day", value=shown(value))
        value = _real_day(value, *map(int, match.groups()))
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Wrong("wrong_type", expected="day", got=type_name(value))
    if not FIRST_DAY <= value <= LAST_DAY:
        raise Wrong("out_of_bounds", value=str(value), least=str(FIRST_DAY), most=str(LAST_DAY))
    return value


def _real_day(said: str, year: int, month: int, of_month: int) -> date:
    try:
        return date(year, month, of_month)
    except ValueError:
        raise Wrong("no_such_day", value=said) from None


def month_day(value: object, field: Field) -> tuple[int, int]:
    """A day of every year: "01-10". The 29th of February is not in every year."""
    if not isinstance(value, str):
        raise Wrong("wrong_type", expected="month-day", got=type_name(value))
    match = _MONTH_DAY.fullmatch(value)
    if not match:
        raise Wrong("bad_month_day", value=shown(value))
    found = _real_day(value, 2001, int(match[1]), int(match[2]))
    return found.month, found.day


def local_time(value: object, field: Field) -> time:
    """A time of day: "02:00", or a TOML time."""
    if isinstance(value, str):
        match = _TIME.fullmatch(value)
        try:
            value = time(*map(int, match.groups("0"))) if match else None  # type: ignore[arg-type]
        except ValueError:
            value = None
        if value is None:
            raise Wrong("bad_time")
    if not isinstance(value, time) or isinstance(value, datetime):
        raise Wrong("wrong_type", expected="time", got=type_name(value))
    return value.replace(microsecond=0)


def span(value: object, field: Field) -> Span:
    """A length of time in calendar units: "30 days", "24 months"."""
    if not isinstance(value, str):
        raise Wrong("wrong_type", expected="span", got=type_name(value))
    try:
        found = Span.parse(value)
    except ValueError:
        raise _wrong_span(value) from None
    if found.count * _DAYS[found.unit] > SPAN_DAYS_MAX:
        raise Wrong("span_too_long", value=shown(value))
    return found


def _wrong_span(value: str) -> Wrong:
    match = _SPAN.fullmatch(value.strip())
    if not match or match[2].rstrip("s") in _DAYS:
        return Wrong("bad_span", value=shown(value))
    return Wrong("wrong_span_unit", unit=shown(match[2]))


def weekday(value: object, field: Field) -> int:
    """A day of the week by its English name, as 0 (Monday) to 6."""
    if not isinstance(value, str):
        raise Wrong("wrong_type", expected="weekday", got=type_name(value))
    return WEEKDAYS.index(choice(value.lower(), WEEKDAYS))


def choice(value: object, choices: tuple[str, ...]) -> str:
    """One of a few words."""
    if not isinstance(value, str):
        raise Wrong("wrong_type", expected="text", got=type_name(value))
    if value not in choices:
        raise Wrong("bad_choice", value=shown(value), choices=[each for each in choices if each],
                    nearest=nearest(value, choices))
    return value


READERS: Mapping[Any, Callable[[object, Field], Any]] = {
    str: text, int: whole_number, bool: yes_no, Decimal: number, date: day, time: local_time,
    Span: span, MONTH_DAY: month_day,
}
"""How a single value of an annotated type is read."""
FILLERS: Mapping[Any, Any] = {
    str: "", int: 1, bool: False, Decimal: Decimal(1), date: date(2000, 1, 1), time: time(),
    Span: Span(1, "day"), MONTH_DAY: (1, 1),
}
"""What stands in for a value that could not be read, so that the rest can still be checked."""


def written(value: Any, field: Field | None = None) -> Any:
    """A single value as the canonical form writes it: text, whole number, true or false."""
    if field and field.reads == "weekday":
        return WEEKDAYS[value]
    match value:
        case Decimal():
            return f"{value.normalize() + 0:f}"
        case time():
            return value.isoformat("minutes" if not value.second else "seconds")
        case date() | Span():
            return str(value)
        case (int(month), int(of_month)):
            return f"{month:02d}-{of_month:02d}"
        case _:
            return value
