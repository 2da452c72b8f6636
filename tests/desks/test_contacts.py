"""Who is there for an area, what a volunteer did, which units came: told where it was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from lovepoints import papers
from lovepoints.community import Community
from lovepoints.errors import Code, Refused
from lovepoints.testing import FakeClock, community

MARCH = date(2026, 3, 1), date(2026, 3, 31)
RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
holder = "resident"
[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 2 }
[[rule]]
code = "guard"
title = "值守"
points = { per = "minute", value = 1 }
[[rule]]
code = "clue"
title = "线索巡查"
label = "其他"
confidential = true
points = { per = "hour", value = 2 }
"""


@pytest.fixture
def book() -> Iterator[Community]:
    """A street with two grids and officers of each; two residents."""
    with community(clock=FakeClock("2026-03-30 09:00")) as found:
        found.rulebooks.adopt(RULES)
        found.residents.area("street", title="街道")
        for grid in ("east", "west"):
            found.residents.area(grid, parent="street", title=f"{grid}网格")
        for officer, role, area in (
            ("staff:east", "grid-officer", "east"), ("staff:west", "grid-officer", "west"),
            ("staff:street", "street-lead", "street"), ("staff:wu", "committee", ""),
        ):
            found.residents.appoint(officer, role=role, area=area, name=f"NAME {officer}",
                                    phone=f"PHONE {officer}")
        for code in ("li", "wang"):
            found.residents.enrol(code, household=f"{code}-home", area="east")
        yield found


def test_the_nearest_officers_come_first(book: Community) -> None:
    assert [(one.area, one.role, one.code) for one in book.residents.contacts("east")] == [
        ("east", "grid-officer", "staff:east"), ("street", "street-lead", "staff:street"),
        ("", "admin", "staff:zhao"), ("", "committee", "staff:wu")]
    book.residents.dismiss("staff:east", role="grid-officer", on=date(2026, 3, 30))
    later = book.residents.contacts("east", on=date(2026, 3, 31))
    assert "staff:east" not in {one.code for one in later}
    with pytest.raises(LookupError):
        book.residents.contacts("north")


def test_names_and_phones_stand_there_by_consent(book: Community) -> None:
    """Each for itself, and no longer once it is taken back."""
    nearest = book.residents.contacts("east")[0]
    assert (nearest.name, nearest.phone) == ("", "")
    book.residents.describe("staff:east", show_name=True)
    nearest = book.residents.contacts("east")[0]
    assert (nearest.name, nearest.phone) == ("NAME staff:east", "")
    book.residents.describe("staff:east", show_phone=True)
    card = papers.contact_card(book.residents.contacts("east"), lang="zh")
    assert "NAME staff:east" in card and "PHONE staff:east" in card
    assert "NAME staff:street" not in card and "staff:street" in card and "全社区" in card
    book.residents.describe("staff:east", show_name=False, show_phone=False)
    assert "NAME" not in papers.contact_card(book.residents.contacts("east"))


def test_no_area_lies_in_itself(book: Community) -> None:
    for code, parent in (("street", "east"), ("east", "east"), ("new", "new")):
        with pytest.raises(Refused) as refused:
            book.residents.area(code, parent=parent)
        assert refused.value.code == Code.STATE_NOT_FITTING


def _done(book: Community, rule: str, quantity: str, day: int) -> None:
    deed = book.deeds.report(rule, resident="li", quantity=quantity, on=date(2026, 3, day))
    book.deeds.confirm(deed.id, by="staff:wu")


def test_the_hours_of_a_volunteer(book: Community) -> None:
    """What was confirmed in the period, by kind; what is confidential stays out of what is shown
    around, and what was taken back out of everything."""
    for rule, quantity, day in (("service", "1.5", 2), ("service", "2", 9), ("guard", "45", 10),
                                ("clue", "8", 11), ("service", "3", 12)):
        _done(book, rule, quantity, day)
    wrong = book.deeds.of("li", by="li")[-1].id
    book.deeds.reopen(wrong, reason="查错")
    book.deeds.report("service", resident="li", quantity="9")
    record = book.figures.service_record("li", *MARCH, by="li")
    assert [(one.rule, one.times, one.minutes) for one in record.services] == [
        ("guard", 1, Decimal(45)), ("service", 2, Decimal(210))]
    assert record.minutes == 255
    page = papers.certificate(record, name="李秀英", lang="zh", community="幸福社区")
    assert "志愿服务  " in page and "2 次，3.5 小时" in page and "4.3 小时" in page
    assert record.code == book.books.checkpoint().code and record.code in page
    assert "线索" not in page


def test_only_she_and_the_field_ask_for_it(book: Community) -> None:
    book.figures.service_record("li", *MARCH, by="staff:east")
    with pytest.raises(Refused) as refused:
        book.figures.service_record("li", *MARCH, by="wang")
    assert refused.value.code == Code.NOT_PERMITTED


def test_units_that_came_and_their_members(book: Community) -> None:
    """ST-39: teams from outside, who belongs to them, who did something."""
    for unit in ("school", "bank", "choir"):
        book.residents.enrol(unit, kind="team",
                             attributes={"partner": True} if unit != "choir" else None)
    book.teams.join("school", resident="li")
    book.teams.join("bank", resident="wang")
    book.teams.join("choir", resident="wang")
    _done(book, "service", "1", 30)
    found = book.figures.bulletin(*MARCH, only=["ST-39"])["ST-39"]
    assert (found.value, dict(found.parts)) == (2, {"members": 2, "active": 1})


def test_a_list_on_paper_names_nobody_who_asked(book: Community) -> None:
    book.tasks.define("list", title="问题清单", nature="item", days=5, second=True)
    one = book.tasks.ask("list", resident="li", place="东门井盖")
    other = book.tasks.ask("list", resident="wang", note="路灯不亮")
    book.tasks.dispatch(one.id, to="staff:east")
    book.tasks.finish(other.id, resident="staff:wu", by="staff:wu")
    book.tasks.settle(other.id, by="wang")
    page = papers.task_list([book.tasks[one.id], book.tasks[other.id]], lang="zh")
    assert "东门井盖" in page and "已派单" in page and "2026-04-04 前" in page and "已销号" in page
    assert "li" not in page.replace("list", "") and "wang" not in page
