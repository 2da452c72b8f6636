"""The cases that a rulebook file carries: what is given, what is done, what is expected.

A case travels with its rules: `lovepoints check` plays it on an empty book through the public
API and compares. Every attribute here is a TOML key of the same name; `casefile.py` reads the
text, and `docs/reference/cases.md` shows an example of every key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import attrs

Do: TypeAlias = Literal[
    "deed", "report", "confirm", "reject", "duplicate", "withdraw", "reopen", "repair",
    "pay_waiting", "redeem", "hold", "collect", "release", "return", "give", "open_window",
    "close_window", "opening", "adjust", "transfer", "reverse", "describe", "move", "leave",
    "pass", "expect",
]
"""What a row of a case does; the desk verb of the same name, where there is one."""
Outcome: TypeAlias = Literal[
    "confirmed", "submitted", "rejected", "withdrawn", "duplicate",
]
"""How far a row of `deeds` takes its deed."""
HOLDER = "A"
"""The resident of a case that names nobody."""


@attrs.frozen(kw_only=True)
class When:
    """A day, or a moment of it in the case's zone; a bare day stands for its noon.

    >>> When(day=date(2026, 1, 10), at=time(2)).clock
    datetime.time(2, 0)
    """

    day: date
    at: time | None = None

    @property
    def clock(self) -> time:
        """The local time of day."""
        return self.at if self.at is not None else time(12)


@attrs.frozen(kw_only=True)
class Member:
    """A resident of a household: `"父"`, or `{ name = "父", part = "head", attributes = { } }`."""

    name: str
    part: Literal["", "head", "member", "minor"] = ""
    attributes: Mapping[str, str | int | bool | date] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Holder:
    """Somebody whose passbook the case looks at, as the case finds them.

    Without `members` the holder is one resident of that name in a household of their own.
    `attributes` are the household's (and the resident's, where there is only one) since
    `opening_on`. `opening`: what the passbook shows before the case, by kind; base points
    included. `opening_on` left out: the day of the first row.
    """

    kind: Literal["household", "team"] = "household"
    members: tuple[Member, ...] = ()
    attributes: Mapping[str, str | int | bool | date] = attrs.field(factory=dict)
    area: str = ""
    opening: Mapping[str, Decimal] = attrs.field(factory=dict)
    opening_on: When | None = None


@attrs.frozen(kw_only=True)
class Officer:
    """An actor of the case with a role; `resident` if the officer is one of its residents.

    Roles that a rulebook names are filled without being listed here, by people from elsewhere.
    """

    role: str
    resident: str = ""


@attrs.frozen(kw_only=True)
class Goods:
    """An item on the shelf: price by kind ("" = a plain price), fen in cash beside it, stock.

    Without `stock` it is a service. `for` names attributes that whoever takes it must have;
    `limit` is the most that one holder may take in a year.
    """

    price: Mapping[str, Decimal] = attrs.field(factory=dict)
    cash: int = 0
    stock: int | None = None
    for_: Mapping[str, str | int | bool | date] = attrs.field(factory=dict)
    limit: int | None = None


@attrs.frozen(kw_only=True)
class Paid:
    """The points that stand for one deed at the end: one sum, a sum for each stage, or by kind."""

    parts: tuple[Decimal, ...] = ()
    kinds: Mapping[str, Decimal] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Expect:
    """What should be so. None: not asked. The holder "" is the only one of the case, the kind ""
    the first of the rulebook, the period "" the one that holds the day of asking.

    `points`, `status` and `limited` (the limit that cut it, "" for none) go by deed;
    `refused` by row in the order written: deeds, redemptions, steps ("" = accepted).
    """

    points: tuple[Paid, ...] | None = None
    balance: Mapping[str, Mapping[str, Decimal]] | None = None
    spendable: Mapping[str, Mapping[str, Decimal]] | None = None
    held: Mapping[str, Mapping[str, Decimal]] | None = None
    owed: Mapping[str, Mapping[str, Decimal]] | None = None
    earned: Mapping[str, Mapping[str, Decimal]] | None = None
    stock: Mapping[str, Decimal] | None = None
    sanctions: Mapping[str, tuple[str, ...]] | None = None
    stars: Mapping[str, tuple[str, ...]] | None = None
    ranking: Mapping[str, tuple[str, ...]] | None = None
    status: tuple[str, ...] | None = None
    limited: tuple[str, ...] | None = None
    refused: tuple[str, ...] | None = None

    @property
    def asks(self) -> tuple[str, ...]:
        """The names of what is asked."""
        return tuple(name for name in attrs.fields_dict(Expect)
                     if getattr(self, name) is not None)


EXPECTED = tuple(attrs.fields_dict(Expect))
"""The keys that say what should be so."""


@attrs.frozen(kw_only=True)
class Row:
    """One thing that is done. Which keys a row may have goes by `do` (`KEYS`).

    A row of `deeds` is `do = "deed"`: a report and, unless its `status` is "submitted", the
    decision on it (`confirmed_on`, left out: at once) by as many people as the rule asks for.
    `times` repeats it. A row of `redemptions` is `do = "redeem"`. `on` left out: the moment of
    the row before. `by`: a role, an actor or a resident. `name` lets later rows refer to it;
    `deed` and `hold` refer to a name, or to a number in the order written, from 1.
    `refused`: the code of the refusal that is expected. `then`: what should be so right after.
    `place` and `evidence` are taken for granted where a rule needs them; `""` says there is none.
    """

    do: Do = "deed"
    on: When | None = None
    name: str = ""
    by: str = ""
    resident: str = ""
    refused: str = ""
    then: Expect | None = None
    reason: str = ""
    rule: str = ""
    quantities: Mapping[str, Decimal] = attrs.field(factory=dict)
    attributes: Mapping[str, str | int | bool | date] = attrs.field(factory=dict)
    event: str = ""
    place: str | None = None
    matter: str = ""
    evidence: str | None = None
    joint: tuple[str, ...] = ()
    end_day: date | None = None
    reported_on: When | None = None
    status: Outcome = "confirmed"
    confirmed_on: When | None = None
    grades: tuple[str, ...] = ()
    stage: str = ""
    false: bool = False
    times: int = 1
    deed: str = ""
    of: str = ""
    points: Mapping[str, Decimal] = attrs.field(factory=dict)
    goods: Mapping[str, int] = attrs.field(factory=dict)
    hold: str = ""
    proxy: str = ""
    restock: bool = True
    to: str = ""
    household: str = ""
    area: str = ""
    expect: Expect | None = None


_ANY = ("do", "on", "by", "refused", "then", "reason")
_REPORT = (
    *_ANY, "name", "resident", "rule", "quantities", "attributes", "event", "place", "matter",
    "evidence", "joint", "end_day", "reported_on",
)
_VERDICT = ("grades", "stage", "points")
_BASKET = (*_ANY, "name", "resident", "points", "goods", "proxy")
KEYS: Mapping[str, tuple[str, ...]] = {
    "deed": (*_REPORT, *_VERDICT, "status", "confirmed_on", "false", "times", "of"),
    "report": _REPORT,
    "confirm": (*_ANY, "deed", *_VERDICT),
    "reject": (*_ANY, "deed", "stage", "false"),
    "duplicate": (*_ANY, "deed", "of"),
    "withdraw": (*_ANY, "deed"), "reopen": (*_ANY, "deed"), "repair": (*_ANY, "deed"),
    "pay_waiting": _ANY,
    "redeem": _BASKET, "hold": _BASKET,
    "collect": (*_ANY, "hold", "goods"), "release": (*_ANY, "hold"),
    "return": (*_ANY, "hold", "goods", "restock"),
    "give": (*_ANY, "resident", "goods"),
    "open_window": _ANY, "close_window": _ANY,
    "opening": (*_ANY, "resident", "points"), "adjust": (*_ANY, "resident", "points"),
    "transfer": (*_ANY, "resident", "to", "points"),
    "reverse": (*_ANY, "deed", "hold"),
    "describe": (*_ANY, "resident", "attributes"),
    "move": (*_ANY, "resident", "household", "area"), "leave": (*_ANY, "resident"),
    "pass": _ANY,
    "expect": ("do", "on", "expect"),
}
"""The attributes that a row may state, by `do`. An `expect` row states what `Expect` has."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    "deed": ("rule",), "report": ("rule",), "confirm": ("deed",), "reject": ("deed",),
    "duplicate": ("deed", "of"), "withdraw": ("deed",), "reopen": ("deed",), "repair": ("deed",),
    "collect": ("hold",), "release": ("hold",), "return": ("hold",), "give": ("goods",),
    "opening": ("points",), "adjust": ("points",), "transfer": ("to", "points"),
    "describe": ("attributes",), "pass": ("on",),
}
"""The attributes that a row must state, by `do`."""


@attrs.frozen(kw_only=True)
class Reading:
    """One way to read what the text leaves open: settings of the rulebook, and what follows.

    `settings` are overrides such as `"limit.daily.crossing" = "none"`.
    """

    title: str
    settings: Mapping[str, Any] = attrs.field(factory=dict)  # Any: plain TOML values
    expect: Expect = Expect()
    line: int = 0


@attrs.frozen(kw_only=True)
class Case:
    """One case. `certain = false`: the text leaves it open, and every reading has its figures.

    `now` is the moment at which the result is looked at (left out: after the last row).
    `window` opens a shop that staff open and close before the first row. `direct` names who
    was given a direct honour. `rows` are the deeds, redemptions and steps in the order written;
    they happen in the order of their days. `line` is where the case stands in its file, and
    `lines` where each row stands.
    """

    title: str
    clause: str = ""
    certain: bool = True
    zone: str = "Asia/Shanghai"
    now: When | None = None
    window: Literal["", "open", "closed"] = ""
    holders: Mapping[str, Holder] = attrs.field(factory=dict)
    officers: Mapping[str, Officer] = attrs.field(factory=dict)
    goods: Mapping[str, Goods] = attrs.field(factory=dict)
    deeds: tuple[Row, ...] = ()
    redemptions: tuple[Row, ...] = ()
    steps: tuple[Row, ...] = ()
    direct: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    expect: Expect = Expect()
    readings: tuple[Reading, ...] = ()
    line: int = 0
    lines: tuple[int, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Everything that is done, in the order written."""
        return (*self.deeds, *self.redemptions, *self.steps)
