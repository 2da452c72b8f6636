"""The rulebook of the random commands (R3), twice: as the library reads it, and as plain numbers
for the model; who there is, who may say what, and the community's days in whole seconds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

RULES = """
format = 1
title = "幸福社区积分管理办法"
effective = 2023-01-01
holder = "household"
late_then = "refuse"

[[rule]]
code = "help"
title = "助老"
clause = "第一条"
points = { per = "hour", value = 2, round = "half-hour-down" }
validity = { after = "1 month" }

[[rule]]
code = "visit"
title = "走访"
clause = "第二条"
points = 3

[[rule]]
code = "hazard"
title = "隐患"
clause = "第三条"
points = { minor = 3, major = 9 }
grades = { minor = "轻微", major = "重大" }
notice_days = 2

[[rule]]
code = "litter"
title = "乱扔"
clause = "第四条"
points = 8
deduction = { notice_days = 0, appeal = "居委会", floor = "debt" }

[[limit]]
code = "help-month"
title = "助老每月封顶"
rules = ["help"]
per = "resident"
each = "month"
most = 20
kind = "point"

[[limit]]
code = "visit-day"
title = "走访每日两次"
rules = ["visit"]
of = "times"
per = "resident"
each = "day"
most = 2
crossing = "none"

[[kind]]
code = "point"
title = "积分"

[validity]
after = "2 months"

[transfer]
to = "anyone"
most = 30
each = "month"

[redemption]
collect_within = "3 days"
minimum = 4
often = [{ most = 4, each = "month" }]
"""
RULED = ("help", "visit", "hazard", "litter")
LATE, NOTICE, KEPT, LASTS, HELP_LASTS = 30, 2, 3, 2, 1
"""Days to report in, of notice, to collect in; months until points end."""
VISIT, HAZARD, LITTER = 3, {"minor": 3, "major": 9}, 8
HELP_A_MONTH, VISITS_A_DAY, GIFTS_A_MONTH, BASKETS_A_MONTH = 20, 2, 30, 4
LEAST = 4
"""Points that a basket costs at least."""
PRICES = {"rice": 5, "soap": 2, "haircut": 3}
STOCKED, RICE_A_MONTH, AID = ("rice", "soap"), 2, {"rice": 2}
"""Goods with a shelf; a holder's most; what is kept for aid."""

HOMES = {"li": "home-li", "mei": "home-li", "wang": "home-wang", "zhou": "zhou", "chen": "chen"}
HOLDERS = tuple(dict.fromkeys(HOMES.values()))
ZHAO, WU, QIAN, MEI, LI = "staff:zhao", "staff:wu", "staff:qian", "staff:mei", "li"
ACTORS = (ZHAO, WU, QIAN, MEI, LI)
LIVES_AT = {MEI: "home-li", LI: "home-li"}
"""Who of those who act lives here; the last one has no office."""
OFFICE, FIELD, SHOP = (ZHAO,), (ZHAO, WU, MEI), (ZHAO, QIAN)
MAY = {
    "report": ACTORS, "confirm": FIELD, "reject": FIELD, "duplicate": FIELD, "withdraw": ACTORS,
    "reopen": OFFICE, "opening": OFFICE, "adjust": OFFICE, "transfer": (ZHAO, LI),
    "reverse": OFFICE, "sweep": ACTORS, "price": SHOP, "receive": SHOP, "count": SHOP,
    "write_off": SHOP, "give": SHOP, "redeem": (*SHOP, LI), "hold": (*SHOP, LI), "collect": SHOP,
    "release": (*SHOP, LI), "return_": SHOP,
}

ZONE = 8 * 3600
NEVER = 1 << 50


def day_of(moment: int) -> date:
    """The community's day at a moment."""
    return datetime.fromtimestamp(moment + ZONE, tz=UTC).date()


def begin_of(day: date) -> int:
    """The midnight at which a day begins."""
    return (day - date(1970, 1, 1)).days * 86_400 - ZONE


def end_after(day: date, *, days: int = 0, months: int = 0) -> int:
    """The midnight at which the last day of a span ends."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
    return begin_of(last + timedelta(days=days + 1))


def is_same_month(one: date, other: date) -> bool:
    """Whether two days lie in one month."""
    return (one.year, one.month) == (other.year, other.month)
