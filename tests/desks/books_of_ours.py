"""A community to tell stories in: two homes, officers of every kind, a rulebook to add terms to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.desks.answers import Decision
from lovepoints.errors import Refused
from lovepoints.testing import FakeClock, community

HEAD = """
format = 1
title = "幸福社区积分管理办法"
effective = 2026-01-01
holder = "household"
"""
HELP = """
[[rule]]
code = "help"
title = "助老"
clause = "第一条"
points = { per = "hour", value = 2 }
"""
HAZARD = """
[[rule]]
code = "hazard"
title = "上报隐患"
clause = "第二条"
points = { minor = 2, general = 5, major = 20 }
grades = { minor = "轻微", general = "一般", major = "重大" }
"""
LITTER = """
[[rule]]
code = "litter"
title = "乱扔垃圾"
clause = "第三条"
points = 8
deduction = { notice_days = 0, appeal = "居委会", floor = "debt" }
"""
YEAR = """
[validity]
after = "12 months"
"""

QUEUE = HEAD + HELP + """
[[limit]]
code = "budget"
title = "每月总额"
rules = ["help"]
per = "community"
each = "month"
most = 10
crossing = "queue"
"""


def founded(
    rules: str = HEAD + HELP + HAZARD + LITTER + YEAR, *, clock: FakeClock,
    store: Store | None = None,
) -> Community:
    """Home Li: `li` (head, also a grid officer) and `li-wife`; home Wang: `wang`; `zhou` lives
    alone. Officers: wu (grid officer), zheng (committee), sun (committee, and resident `sun`)."""
    book = community(clock=clock, store=store)
    if rules:
        book.rulebooks.adopt(rules)
    for code, home in (("li", "home-li"), ("li-wife", "home-li"), ("wang", "home-wang"),
                       ("zhou", ""), ("sun", "home-sun")):
        book.residents.enrol(code, household=home)
    book.residents.appoint("staff:wu", role="grid-officer")
    book.residents.appoint("staff:zheng", role="committee")
    book.residents.appoint("staff:sun", role="committee", resident="sun")
    book.residents.appoint("li", role="grid-officer")
    return book


def paid(
    book: Community, resident: str = "wang", hours: int | str = 5, rule: str = "help",
    **said: Any,
) -> Decision:
    """A deed, reported by zhao and confirmed by wu."""
    deed = book.deeds.report(rule, resident=resident, quantity=hours, **said)
    return book.deeds.confirm(deed.id, by="staff:wu")


def balance(book: Community, code: str = "wang") -> object:
    """What the passbook shows."""
    return book.passbooks[code].balance


def refusal(verb: Callable[[], object]) -> str:
    """The code with which a verb is refused."""
    with pytest.raises(Refused) as no:
        verb()
    return str(no.value.code)


def deducting(floor: str = "debt", notice: int = 0, extra: str = "") -> str:
    """A rulebook with one deduction of 8."""
    return HEAD + HELP + f"""
[[rule]]
code = "litter"
title = "乱扔垃圾"
clause = "第三条"
points = 8
deduction = {{ notice_days = {notice}, appeal = "居委会", floor = "{floor}"{extra} }}
"""
