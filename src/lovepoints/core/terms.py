"""The terms of a rulebook around the rules: validity, clearing, redemption, transfer, honours.

Every attribute here is a TOML key of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from lovepoints.core.values import Each, Span

Values: TypeAlias = tuple[str | int | bool | date, ...]


@attrs.frozen(kw_only=True)
class Range:
    """`{ from = 60, to = 79 }` in a condition: both ends included; either may be left out."""

    from_: Decimal | date | None = None
    to: Decimal | date | None = None


Where: TypeAlias = Mapping[str, Values | Range]
"""`where = { cohort = ["A", "B"], age = { from = 60 } }`: all must hold. Names are attributes."""


@attrs.frozen(kw_only=True)
class Attribute:
    """A declared fact about a deed, a resident or a household, with its type.

    `values` are the allowed ones of a choice. An attribute of a resident or household is dated:
    what counts is its value on the deed's day.
    """

    code: str
    title: str = ""
    of: Literal["deed", "resident", "household"] = "deed"
    type: Literal["text", "whole", "yes-no", "day", "choice"] = "text"
    values: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Ceiling:
    """The most a passbook may hold of a kind; what would go over: `overflow`.

    lost: dropped and shown; refuse: the whole award is worth nothing; queue: waits until there
    is room (`pay_waiting`); or the code of another kind that takes it (a donate-only kind:
    `spendable = false` and allowed in `[transfer]`).
    """

    points: Decimal
    overflow: str = "lost"


@attrs.frozen(kw_only=True)
class Grant:
    """Points that every passbook is given when it opens (and anew each year if `each` says so).

    `renew`: "add" puts the grant on top each year, "restore" fills the balance up to it.
    """

    points: Decimal
    each: Literal["once", "year"] = "once"
    renew: Literal["add", "restore"] = "restore"


@attrs.frozen(kw_only=True)
class Kind:
    """One kind of points: 积分, 荣誉积分, 服务时长 ...

    `decimals` 0 to 2 (smallest unit 1, 0.1, 0.01). `spendable_above`: only what the balance has
    above this may be spent (unspendable base points). `base` is the opening grant.
    `credited`: a plain `points` of a rule goes to every kind that is credited, the first always.
    `validity`: how long points of this kind last, whatever the rule or the rulebook says.
    """

    code: str = "point"
    title: str = "积分"
    decimals: int = 0
    rounding: Literal["down", "half-up", "up"] = "down"
    spendable: bool = True
    credited: bool = True
    spendable_above: Decimal = Decimal(0)
    base: Grant | None = None
    ceiling: Ceiling | None = None
    validity: Validity | None = None


@attrs.frozen(kw_only=True)
class Size:
    """One size class of validity: awards up to and with `to` points (left out: any size)."""

    to: Decimal | None = None
    after: Span | None = None


@attrs.frozen(kw_only=True)
class Validity:
    """Until when a credit is valid. At most one of `after`, `at_end_of`, `by_size`; none: for ever.

    `after`: a span counted from the first day (`Rulebook.starts_on`; `starts = "deed_end"`: from
    the day a lasting state ended). `at_end_of`: the end of the period it was earned in, plus
    `extra`. The last day itself still counts (`last_day = "out"`: it ends as that day begins).
    """

    after: Span | None = None
    at_end_of: Each | None = None
    extra: Span | None = None
    by_size: tuple[Size, ...] = ()
    starts: Literal["", "deed_end"] = ""
    last_day: Literal["in", "out"] = "in"


@attrs.frozen(kw_only=True)
class Clearing:
    """Once a year, at a local moment, what a kind has in a passbook is cleared (清零).

    `on` is (month, day), `at` a local time. `carry_share` percent (of the balance, rounded
    down) and `carry_most` points are carried over. `earned_before = true`: only lots earned before
    the start of the year (`Rulebook.year_start`) in which the clearing falls are cleared. Held and
    pending points stay untouched unless said.
    """

    kind: str = "point"
    on: tuple[int, int] = (12, 31)
    at: time = time(0, 0)
    carry_share: int = 0
    carry_most: Decimal | None = None
    earned_before: bool = False
    pending: Literal["keep", "clear"] = "keep"


@attrs.frozen(kw_only=True)
class Limit:
    """At most `most` points, times or quantity, of these rules, per whom, each period.

    Cap, once-only, event cap, budget and redemption frequency are all this. Among deeds that are
    the `same` in these facts ("event", "place", "matter"; a deed without them is not limited);
    `within` a rolling span instead of `each`: it holds for every window of that length.
    `crossing`, for the deed that goes over: part = what is left; none = nothing; ask = the
    confirmer says how much; queue = confirmed now, paid when there is room again (`pay_waiting`);
    warn = paid in full all the same, with a step that names the limit. `rules` and `groups`
    (values of `Rule.group`) empty: all rules. `warn_at`: percent used from which `check`
    and the desk warn. For `of = "quantity"` (in the rule's unit) the quantity itself is cut to
    what is left before it is rated (ask and queue speak of points, and here take a part).

    `kind` left out: every kind that plain points go to, each counted by itself. Somebody without
    a household stands alone; where no area is known a limit by area does not apply. A limit on
    all rules speaks of earning; deductions are limited only where they are named.
    """

    code: str
    title: str = ""
    clause: str = ""
    rules: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    of: Literal["points", "times", "quantity"] = "points"
    most: Decimal
    kind: str = ""
    per: Literal["resident", "household", "holder", "area", "community", "deed"]
    each: Each | None = None
    within: Span | None = None
    same: tuple[str, ...] = ()
    crossing: Literal["part", "none", "ask", "queue", "warn"] = "part"
    warn_at: int = 90


@attrs.frozen(kw_only=True)
class Often:
    """A redemption limit: at most `most` redemptions or points, per whom, each period."""

    most: Decimal
    of: Literal["times", "points"] = "times"
    per: Literal["holder", "resident"] = "holder"
    each: Each = "quarter"


@attrs.frozen(kw_only=True)
class Days:
    """When the shop hands out. At most one of: `weekdays` (0 = Monday), `month_days` (negative
    counts from the end: -1 is the last day), `dates`, `between` ((month, day) pairs), or
    `switched = true`: opened and closed by staff, closed at first. None: every day.
    """

    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    dates: tuple[date, ...] = ()
    between: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    switched: bool = False
    hours: tuple[time, time] | None = None


@attrs.frozen(kw_only=True)
class Pairing:
    """Points of `unlocks` can be spent only together with `by`: one for `ratio`.

    ratio 3: one earned point unlocks three gift points; 9 gift + 2 earned can spend 8.
    Spending takes `by` and `unlocks` in proportion, as few of `by` as possible.
    """

    unlocks: str
    by: str
    ratio: int


@attrs.frozen(kw_only=True)
class Redemption:
    """How points are spent. `kinds`: the kinds a price without a kind may take (left out: only the
    first kind), and `order` how: soonest = the lot that ends soonest first, whichever its kind;
    listed = all of the first kind, then the next; proportion = from each kind by its share of what
    may be spent (rounded down, the rest from the first listed).

    `minimum` points per redemption; `multiple_of`; `threshold`: the least balance a passbook
    must show before anything may be fetched; `collect_within`: how long a reservation is kept;
    `returned_after_expiry`: life of points returned into a lot that has meanwhile expired
    (left out: they expire again at once); `spenders`: who may spend; `holders`: the kinds of
    passbook that may be spent from (a team that may only give away: leave "team" out).
    `gives_back`: what a released or lapsed reservation gives back: points (to their old lots),
    stock, and room in `often` (left out of the list: forfeited, written off, used up).
    """

    kinds: tuple[str, ...] = ()
    order: Literal["soonest", "listed", "proportion"] = "soonest"
    days: Days = Days()
    minimum: Decimal = Decimal(0)
    multiple_of: Decimal = Decimal(0)
    threshold: Decimal = Decimal(0)
    often: tuple[Often, ...] = ()
    lines_most: int = 100
    pieces_most: int = 0
    pairing: Pairing | None = None
    collect_within: Span = Span(7, "day")
    returned_after_expiry: Span | None = None
    gives_back: tuple[Literal["points", "stock", "room"], ...] = ("points", "stock", "room")
    holders: tuple[Literal["resident", "household", "team"], ...] = (
        "resident", "household", "team",
    )
    spenders: Literal["head", "adults", "members"] = "adults"
    proxy: Literal["none", "named", "anyone"] = "named"


@attrs.frozen(kw_only=True)
class Transfer:
    """Whether points may be given on: off, inside a household's circle, to the pool, to anyone.

    `most` points of `kinds` per giver each period. Given points keep their own last day.
    `becomes`: the kind in which the receiver gets them (left out: the kind given), so that points
    that can only be donated become spendable in the receiver's passbook.
    """

    to: Literal["off", "household", "pool", "anyone"] = "off"
    kinds: tuple[str, ...] = ()
    most: Decimal | None = None
    each: Each = "year"
    minimum: Decimal = Decimal(1)
    becomes: str = ""


@attrs.frozen(kw_only=True)
class Sanction:
    """What happens beyond points: a bar, a clearing, or a state below a threshold.

    Either a deduction rule names it (`Rule.sanction`), or `below` a balance of `kind` it holds
    until the balance is back at `restored_at`. `bars`: what is not possible meanwhile ("redeem";
    "earn": awards are recorded with nothing). `lasts`: (count, period): (2, "year") is this year
    and the next; or a span; neither: until lifted. `clears` takes all free points of its kinds.
    `note` is shown to people (benefits paused ...); it starts nothing by itself.
    """

    code: str
    title: str
    clause: str = ""
    bars: tuple[Literal["redeem", "earn", "transfer"], ...] = ()
    lasts_periods: int = 0
    lasts_each: Each = "year"
    lasts: Span | None = None
    clears: tuple[str, ...] = ()
    kind: str = "point"
    below: Decimal | None = None
    restored_at: Decimal | None = None
    note: str = ""


@attrs.frozen(kw_only=True)
class Debit:
    """A compulsory debit on a day of each year, with a warning ahead (its own visible line).

    `short`: on a short balance "nothing" is taken, or "what-there-is".
    """

    code: str
    title: str
    clause: str = ""
    points: Decimal
    kind: str = "point"
    on: tuple[int, int] = (12, 31)
    warn: Span = Span(30, "day")
    short: Literal["nothing", "what-there-is"] = "nothing"


@attrs.frozen(kw_only=True)
class Star:
    """A level from `at` points (included) earned in a period; derived, never stored.

    `at_included = false`: only above `at`. Of several stars the highest that is reached counts.
    `grants`: points that the level reached at the end of a period gives at the next one's start.
    """

    code: str
    title: str
    at: Decimal
    kind: str = "point"
    of: Literal["earned", "net", "balance"] = "earned"
    each: Each = "year"
    at_included: bool = True
    grants: Decimal = Decimal(0)


@attrs.frozen(kw_only=True)
class Rank:
    """A list of the best: `top` places by earned, net or balance in a period.

    Ties share a place, or are ordered by who got there first. `excludes_staff` and holders in
    `excludes` (codes of other ranks or direct awards given to `rank()`) are skipped. `where`: only
    holders with these attributes (the unwilling left out); `rules`: only points of these rules
    (left out: all but confidential ones; one that names a confidential kind must ask for a yes
    in `where`); `least`: nobody below it is listed. `direct = true`: decided by people and not
    computed (`top`, `of` ... say nothing); it is named so that others can exclude it.
    """

    code: str
    title: str
    top: int = 0
    kind: str = "point"
    of: Literal["earned", "net", "balance"] = "earned"
    each: Each = "year"
    ties: Literal["share", "first"] = "share"
    excludes_staff: bool = True
    excludes: tuple[str, ...] = ()
    where: Where = attrs.field(factory=dict)
    rules: tuple[str, ...] = ()
    least: Decimal = Decimal(0)
    direct: bool = False

    @property
    def asks(self) -> bool:
        """Whether only those are listed who said yes to something, to being listed for one."""
        return any(condition == (True,) for condition in self.where.values())
