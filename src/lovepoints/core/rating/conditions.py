"""Whether attributes fit a `where`: the one place where conditions of a rulebook are compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from lovepoints.core.deeds import Value
from lovepoints.core.terms import Range, Values, Where


def fits(where: Where, attributes: Mapping[str, Value]) -> bool:
    """All conditions hold. An attribute that is not there fits nothing; an empty `where` fits all.

    >>> fits({"cohort": ("A", "B")}, {"cohort": "B"}), fits({"cohort": ("A",)}, {})
    (True, False)
    """
    return all(name in attributes and _one_fits(condition, attributes[name])
               for name, condition in where.items())


def check_conditions(where: Where, attributes: Mapping[str, Value]) -> tuple[str, ...]:
    """The names of the attributes whose condition does not hold, in the order of the rulebook.

    >>> check_conditions({"pledge": (True,), "age": Range(from_=Decimal(60))}, {"age": 60})
    ('pledge',)
    """
    return tuple(name for name, condition in where.items()
                 if name not in attributes or not _one_fits(condition, attributes[name]))


def any_fit(where: Where, attributes: Mapping[str, Value]) -> str:
    """The first attribute whose condition holds, or "" (for what one mark alone makes void)."""
    for name, condition in where.items():
        if name in attributes and _one_fits(condition, attributes[name]):
            return name
    return ""


def _one_fits(condition: Values | Range, value: Value) -> bool:
    if isinstance(condition, Range):
        return _inside(condition, value)
    # yes is not 1, although Python holds them for equal.
    return any(_plain(allowed) == _plain(value)
               and isinstance(allowed, bool) is isinstance(value, bool) for allowed in condition)


def _inside(bounds: Range, value: Value) -> bool:
    for low, high in ((bounds.from_, value), (value, bounds.to)):
        if low is None or high is None:
            continue
        if isinstance(bounds.from_, date) or isinstance(bounds.to, date):
            # Days may come as ISO text out of a row; ISO text sorts like the days themselves.
            if str(low) > str(high):
                return False
        elif not _is_number(value) or Decimal(low) > Decimal(high):  # type: ignore[arg-type]
            return False
    return True


def _is_number(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _plain(value: Value) -> str | int:
    return value.isoformat() if isinstance(value, date) else value
