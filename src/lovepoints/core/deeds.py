"""What rating is given and what it returns: facts, verdict, history, award with its steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

import attrs

from lovepoints.core.rows import Credit
from lovepoints.core.terms import Limit
from lovepoints.core.values import NEVER, Period
from lovepoints.errors import Code

Value: TypeAlias = "str | int | bool | date"
SAME: tuple[str, ...] = ("event", "place", "matter")
"""The facts by which deeds can be the same; kept as keyed digests."""
QUANTITY_SCALE = 6
"""`Credit.quantity` is in 10**-6 of the rule's unit."""
_PLACES = {code: place for place, code in enumerate(Code)}


class Status(StrEnum):
    """The life of a deed."""

    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"


@attrs.frozen(kw_only=True)
class Facts:
    """One doer's part in one deed, as far as points depend on it.

    `day` is the deed's day, `counts_on` the day that picks rulebook and periods (by the
    rulebook's `counts_on`), `decided_on` the day of the confirmation. `attributes` are the
    deed's own and, as of the deed's day, the doer's and the household's. `same` maps event,
    place, matter to keyed digests. `position` of `doers` joint doers, from 0.
    """

    deed: str
    rule: str
    doer: str
    holder: str
    household: str = ""
    area: str = ""
    day: date
    counts_on: date
    reported_on: date
    decided_on: date
    end_day: date | None = None
    quantities: Mapping[str, Decimal] = attrs.field(factory=dict)
    attributes: Mapping[str, Value] = attrs.field(factory=dict)
    same: Mapping[str, str] = attrs.field(factory=dict)
    position: int = 0
    doers: int = 1
    seq: int = 0


@attrs.frozen(kw_only=True)
class Verdict:
    """What the confirmer decided: stage, grades (one a part), points where the rule leaves a
    range or asks."""

    stage: str = ""
    grades: tuple[str, ...] = ()
    points: Decimal | None = None
    reason: bool = False
    """Whether a reason was written (its text is personal and stays outside)."""

    def to_json(self) -> dict[str, Any]:  # Any: canonical JSON
        """Grades and points as they stand in the entry; the stage stands with the decision."""
        out: dict[str, Any] = {"grades": list(self.grades)} if self.grades else {}
        if self.points is not None:
            out["points"] = f"{self.points.normalize():f}"
        return out


@attrs.frozen
class Step:
    """One step of an award: a code of `lovepoints.words.steps`, its facts, its clause.

    Facts hold whole numbers, text and codes only; sentences are rendered when read.
    """

    code: str
    facts: Mapping[str, Any] = attrs.field(factory=dict)  # Any: canonical JSON values
    clause: str = ""

    def to_json(self) -> list[Any]:  # Any: canonical JSON
        """The step as it stands in an entry."""
        return [self.code, dict(self.facts), self.clause]

    @classmethod
    def from_json(cls, out: Iterable[Any]) -> Step:  # Any: canonical JSON
        """The step that `to_json` wrote."""
        return cls(*out)


@attrs.frozen(kw_only=True)
class Part:
    """Points of one unit (smallest parts; negative for a deduction) with the dates of their lot."""

    unit: str
    points: int
    available_at: int = 0
    ends_at: int = NEVER


@attrs.frozen(kw_only=True)
class Award:
    """What one doer's deed is worth, and every step that led there.

    `parts`: one for every unit that the rule speaks of, the first kind first; also when nothing
    is left of it (0 points: no posting, but the deed is on record). `waiting`: smallest parts per
    unit that are due when a queueing limit has room again. `times`: 1 if the deed counts as done
    once (also for an honest 0); 0 if it was void, barred, or a limit in times was used up.
    `quantity`: the counted quantity in millionths.
    """

    doer: str
    holder: str
    parts: tuple[Part, ...] = ()
    steps: tuple[Step, ...] = ()
    waiting: Mapping[str, int] = attrs.field(factory=dict)
    times: int = 1
    quantity: int = 0


@attrs.frozen
class Refusal:
    """A *no* as a value; the shell raises it as `Refused`."""

    code: Code
    facts: Mapping[str, Any] = attrs.field(factory=dict)  # Any: canonical JSON values


def precedence(refusal: Refusal) -> int:
    """The place of a refusal in the order of `Code`."""
    return _PLACES[refusal.code]


class History(Protocol):
    """The part of the past that a rating may ask for. Reads only.

    The part that is being decided (this deed, this stage, this doer) is left out; what the same
    deed was paid at other stages, and its other doers, are there.
    """

    def credits(self, per: str, who: str, period: Period) -> Iterable[Credit]:
        """Live credits by counting day. `per` is resident (doer), household, holder, area,
        community (`who` ""), event, place or matter (`who` a keyed digest)."""

    def earlier_reports(self, rule: str, same: Mapping[str, str]) -> Sequence[date]:
        """The deed days of the rule's deeds that are the same in these digests, were reported
        before this one, and are not rejected, withdrawn or duplicates; in the order of the
        reports."""

    def balance(self, holder: str, unit: str) -> int:
        """What the holder's passbook shows: free + held - owed, in smallest parts."""

    def bars(self, holder: str, what: str, day: date) -> date | None:
        """The last day of a bar that holds on `day`, or None."""


class Uses(Protocol):
    """What somebody knows of the use of limits, so that a rating need not add up credits."""

    def used(self, limit: Limit, unit: str, facts: Facts) -> int | None:
        """What the credits of the past use of a limit for this deed: smallest parts of the unit
        ("" for times and quantity), times, or millionths. None: not known, add up the credits."""

    def learn(self, limit: Limit, unit: str, facts: Facts, used: int) -> None:
        """Take note of what adding up the credits has given."""
