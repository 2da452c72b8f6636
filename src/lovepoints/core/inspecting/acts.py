"""What officers did, as an inspection sees it: one record an act, nothing that they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs


@attrs.frozen(kw_only=True)
class Confirmed:
    """One doer's part of a confirmed deed.

    `officer`, `doer` are persons by pseudonym, `home` the doer's household then (or the doer),
    `holder` whose passbook was paid; `day` and `at` (microseconds) say when it was confirmed,
    `hour` the local hour in which it was written down (-1: written down later, it tells
    nothing); `age` the days since the doer was enrolled. `wholes`: of its quantities so many are
    whole, of `quantities`. `hidden`: of a confidential kind.
    """

    seq: int
    officer: str
    doer: str
    home: str
    holder: str
    rule: str
    day: str
    at: int
    hour: int = -1
    days_to_month_end: int = 99
    age: int = 0
    points: int = 0
    quantities: int = 0
    wholes: int = 0
    hidden: bool = False


@attrs.frozen(kw_only=True)
class Corrected:
    """An officer opened a decided deed again, took an entry back, or corrected a balance."""

    seq: int
    officer: str
    kind: Literal["reopen", "reverse", "adjust"]


@attrs.frozen(kw_only=True)
class Fetched:
    """An officer handed goods out for points of a passbook."""

    seq: int
    officer: str
    holder: str
    at: int


@attrs.frozen(kw_only=True)
class Acts:
    """Everything that an inspection of `days` days looks at.

    `residents`: the resident record of officers who have one. `homes`: all households that a
    resident ever belonged to, and herself.
    """

    days: int
    confirmed: tuple[Confirmed, ...] = ()
    corrected: tuple[Corrected, ...] = ()
    fetched: tuple[Fetched, ...] = ()
    residents: Mapping[str, str] = attrs.field(factory=dict)
    homes: Mapping[str, frozenset[str]] = attrs.field(factory=dict)
