"""A small community with something on every paper."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest

from lovepoints.community import Community
from lovepoints.desks.answers import Decision
from lovepoints.desks.shop_answers import Redemption
from lovepoints.desks.task_answers import Task
from lovepoints.testing import FakeClock, community

RULES = '''
format = 1
title = "幸福社区积分管理办法（试行）"
effective = 2026-01-01
holder = "household"

[confirm]
by = ["grid-officer"]

[[rule]]
code = "hazard"
title = "上报电动车飞线充电"
clause = "第五条（一）"
label = "参与平安建设"
confidential = true
points = { minor = 2, general = 5 }
grades = { minor = "轻微", general = "一般" }

[[rule]]
code = "volunteer"
title = "志愿服务"
clause = "第六条"
points = { per = "hour", value = 2 }

[[limit]]
code = "monthly"
title = "志愿服务每月封顶"
rules = ["volunteer"]
per = "resident"
each = "month"
most = 70
crossing = "part"

[validity]
after = "24 months"
'''


@attrs.frozen(eq=False)
class Village:
    """The community and what happened in it."""

    community: Community
    clock: FakeClock
    hazard: Decision
    capped: Decision
    waiting: Decision
    handed: Redemption
    held: Redemption
    task: Task


def village() -> Village:
    """Two households, a shelf of three things, a month."""
    clock = FakeClock("2026-03-01 09:00")
    book = community(clock=clock, name="幸福社区")
    book.rulebooks.adopt(RULES)
    book.residents.appoint("staff:wang", role="grid-officer")
    book.residents.enrol("0421", name="买买提·秀英", household="3-2-501", area="grid-07")
    book.residents.enrol("0007", name="李𠮷", household="1-1-101", area="grid-07")
    shop = book.shop
    shop.stock("rice", title="大米5kg", price=44, measure="袋", low=5)
    shop.stock("soap", title="香皂（三块装，送给爱干净的邻居）", price=5, cash=50)
    shop.stock("haircut", title="理发", stocked=False)
    shop.receive("rice", 4, donor="粮油店", best_before="2026-12-31")
    shop.receive("soap", 30, donor="超市")
    clock.set("2026-03-02 10:00")
    hazard = _done(book, "hazard", grade="general")
    _done(book, "volunteer", hours="30", resident="0007")
    capped = _done(book, "volunteer", hours="40")
    rejected = book.deeds.report("volunteer", resident="0421", quantity="1")
    waiting = book.deeds.reject(rejected.id, reason="没有参加", by="staff:wang")
    clock.set("2026-03-20 10:00")
    handed = shop.redeem({"rice": 1, "soap": 2}, holder="0421", proxy="女儿")
    held = shop.hold({"soap": 1}, holder="0007")
    shop.return_(handed.id, part={"soap": 1}, reason="破损")
    clock.set("2026-03-21 10:00")
    task = _asked(book)
    book.notices.post(days=3)
    return Village(book, clock, hazard, capped, waiting, shop[handed.id], held, task)


def _asked(book: Community) -> Task:
    book.tasks.define("errand", title="代购生活用品", days=2)
    task = book.tasks.ask("errand", resident="0007", place="1栋1单元101", channel="phone",
                          note="两袋盐\n一桶水，送到门口")
    return book.tasks.dispatch(task.id, to="0421")


def _done(
    book: Community, rule: str, *, resident: str = "0421", hours: str | None = None,
    grade: str | None = None,
) -> Decision:
    deed = book.deeds.report(rule, resident=resident, quantity=hours)
    return book.deeds.confirm(deed.id, grade=grade, by="staff:wang")


@pytest.fixture(scope="package")
def lived() -> Iterator[Village]:
    """The village once its month is over; nobody changes it."""
    made = village()
    with made.community:
        yield made
