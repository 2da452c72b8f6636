"""Figures: each by its definition, of any day, whole or split, without pointing at anybody."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints import papers
from lovepoints.community import Community
from lovepoints.core.figures import FIGURES
from lovepoints.desks.figures import Bulletin
from lovepoints.errors import NotFound, Refused
from lovepoints.testing import FakeClock, community
from lovepoints.words import LANGUAGES
from lovepoints.words.figures import PARTS, TITLES, UNITS

MONTH = date(2026, 3, 1), date(2026, 3, 31)
RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
several_rules = "sum"

[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 2 }

[[rule]]
code = "hazard"
title = "隐患"
points = 5

[[rule]]
code = "clue"
title = "线索"
points = 9
confidential = true

[[rule]]
code = "good"
title = "好人"
points = 20

[[group]]
code = "honour"
rules = ["good"]
take = "sum"
"""


def founded(clock: FakeClock) -> Community:
    """A street with two grids; three households; every sort of task."""
    book = community(clock=clock)
    book.rulebooks.adopt(RULES)
    for area, parent in (("street", ""), ("east", "street"), ("west", "street")):
        book.residents.area(area, parent=parent)
    for code, home, area in (("li", "li-home", "east"), ("wang", "wang-home", "west"),
                             ("zhao", "zhao-home", "east"), ("lin", "li-home", "east")):
        book.residents.enrol(code, household=home, area=area, attributes={"volunteer": True}
                             if code in ("li", "wang") else None)
    for officer, role, area in (("staff:a", "grid-officer", "east"),
                                ("staff:b", "grid-officer-part-time", "west"),
                                ("staff:c", "committee", "")):
        book.residents.appoint(officer, role=role, area=area)
    tasks = book.tasks
    tasks.define("matter", title="诉求", days=3, of_rules=["hazard", "clue"])
    tasks.define("errand", title="跑腿", days=3, rule="service")
    tasks.define("post", title="设岗", nature="project", places=9, is_open=True)
    tasks.define("list", title="问题清单", nature="item", days=5, second=True)
    tasks.define("quarrel", title="调解", nature="mediation")
    tasks.define("wish", title="微心愿", nature="wish", is_open=True)
    return book


@pytest.fixture
def clock() -> FakeClock:
    """The first Sunday of a month."""
    return FakeClock("2026-03-01 09:00")


@pytest.fixture
def town(clock: FakeClock) -> Community:
    """A new town."""
    return founded(clock)


def told(book: Community, *ids: str, **scope: Any) -> Bulletin:
    """A bulletin of the month."""
    return book.figures.bulletin(*MONTH, only=ids, **scope)


def done(book: Community, rule: str, who: str, hours: str | None = None) -> str:
    """A deed that was confirmed."""
    deed = book.deeds.report(rule, resident=who, quantity=hours).id
    book.deeds.confirm(deed, by="staff:c")
    return deed


def test_points(town: Community) -> None:
    """ST-01 to 06: who has any, how many were given, what is left, what was fetched."""
    town.books.opening("zhao-home", 7)
    done(town, "service", "li", "10")
    done(town, "service", "lin", "1.5")
    taken_back = done(town, "hazard", "wang")
    town.deeds.reopen(taken_back, reason="查错了")
    town.deeds.reject(taken_back, reason="没有", by="staff:c")
    town.shop.stock("rice", title="米", price=4)
    town.shop.receive("rice", 9, donor="粮油店", unit_value=250)
    fetched = town.shop.redeem({"rice": 3}, holder="li")
    town.shop.return_(fetched.id, part={"rice": 1}, reason="破")
    town.shop.give("rice", 2, reason="慰问")

    found = told(town)

    assert (found["ST-01"].value, found["ST-01"].parts["with_balance"]) == (1, 2)
    assert found["ST-02"].parts == {"point": 23, "opening:point": 7}
    assert found["ST-03"].value == 23 + 7 - 8
    assert found["ST-03"].parts["available:point"] == 22
    assert (found["ST-04"].value, dict(found["ST-04"].parts)) == (1, {
        "points:point": 8, "goods": 2, "aid_visits": 1, "aid_goods": 2, "item:rice": 2})
    assert (found["ST-05"].count, found["ST-05"].of) == (1, 3)
    assert (found["ST-06"].count, found["ST-06"].of) == (2, 3)
    assert dict(found["ST-54"].parts) == {"goods": 9, "yuan": Decimal("22.50"),
                                          "money": 0, "donors": 1}


def test_matters_of_every_origin_are_one_count(town: Community, clock: FakeClock) -> None:
    """ST-10 to 20: asked at the counter, said in the evening, put into the box, reported as a
    hazard; a hazard that opened a repair is one matter."""
    tasks = town.tasks
    ask = [tasks.ask("matter", resident="li", channel=channel, labels=labels).id
           for channel, labels in (("talk", {"theme": "灯"}), ("talk", {"theme": "噪音"}),
                                   ("box", {"letter": "L-1"}), ("box", {"letter": "L-1"}),
                                   ("phone", {}), ("phone", {}))]
    done(town, "hazard", "wang")
    tasks.ask("matter", deed=town.deeds.report("hazard", resident="wang").id)
    tasks.finish(ask[0], reply="修好了", by="staff:a")
    tasks.rate(ask[0], satisfied=True, by="li")
    tasks.escalate(ask[1], reason="要钱", by="staff:a")
    clock.move(days=9)
    tasks.finish(ask[1], reply="改了", by="staff:c")
    tasks.reject(ask[2], reason="不归我们", by="staff:a")
    tasks.duplicate(ask[3], of=ask[2], by="staff:a")
    tasks.withdraw(ask[4], by="li")

    found = told(town)

    assert {id_: found[id_].value for id_ in ("ST-10", "ST-11", "ST-12", "ST-13", "ST-14")} == {
        "ST-10": 8, "ST-11": 1, "ST-12": 3, "ST-13": 2, "ST-14": 3}
    assert (found["ST-15"].count, found["ST-15"].of, found["ST-15"].parts["resolved"]) == (4, 6, 3)
    assert (found["ST-16"].count, found["ST-16"].of) == (1, 4)
    assert (found["ST-17"].value, found["ST-17"].hidden) == (None, ("",))
    assert (told(town, "ST-17", least=1)["ST-17"].count, found["ST-18"].count) == (1, 4)
    assert (found["ST-19"].count, found["ST-19"].of) == (2, 3)
    assert dict(found["ST-20"].parts) == {
        "channel:box": 2, "channel:other": 2, "channel:phone": 2, "channel:talk": 2,
        "kind:matter": 8, "theme:other": 6, "theme:噪音": 1, "theme:灯": 1}
    assert told(town, "ST-10", channel="talk")["ST-10"].value == 2
    assert told(town, "ST-10", labels={"theme": "灯"})["ST-10"].value == 1
    assert told(town, "ST-10", area="west")["ST-10"].value == 2
    assert told(town, "ST-10", area="street")["ST-10"].value == 8


def test_work(town: Community, clock: FakeClock) -> None:
    """ST-21 to 31, 35, 37, 50, 60, 61: orders, services, posts, lists, quarrels, wishes."""
    tasks = town.tasks
    errand = tasks.ask("errand", resident="zhao").id
    tasks.dispatch(errand, to="wang", by="staff:a")
    tasks.dispatch(errand, to="wang", by="staff:a")
    tasks.accept(errand, by="wang")
    town.deeds.confirm(tasks.finish(errand, reply="好", quantity="1.25", by="wang").deeds[0],
                       by="staff:c")
    post = tasks.ask("post").id
    for who in ("li", "wang", "zhao"):
        tasks.accept(post, by=who)
    tasks.hand_back(post, by="zhao")
    lines = [tasks.ask("list").id for _ in range(3)]
    tasks.finish(lines[0], by="staff:c")
    tasks.settle(lines[0])
    quarrel = tasks.ask("quarrel").id
    tasks.finish(quarrel, reply="和好", labels={"outcome": "agreed"}, by="staff:c")
    wish = tasks.ask("wish", labels={"round": "2026-1", "age": "youth"}).id
    tasks.accept(wish, by="li")
    done(town, "good", "li")
    clock.move(days=8)

    found = told(town, least=1)

    assert (found["ST-21"].value, found["ST-21"].parts["again"]) == (1, 1)
    assert found["ST-22"].value == 4
    assert (found["ST-23"].value, found["ST-37"].value) == (1, 75)
    assert found["ST-37"].parts["hours"] == Decimal("1.3")
    assert (found["ST-24"].count, found["ST-24"].of, found["ST-24"].parts["overdue"]) == (1, 3, 2)
    assert dict(found["ST-25"].parts) == {"resolved": 1, "agreed": 1, "person_times": 1}
    assert (found["ST-30"].value, found["ST-31"].value) == (1, 2)
    assert (found["ST-35"].value, found["ST-61"].value) == (2, 1)
    assert dict(found["ST-50"].parts) == {
        "rounds": 1, "claimed": 1, "fulfilled": 0, "age:youth": 1}
    assert dict(found["ST-60"].parts) == {"classes": 1, "kind:list": 2}


def test_aid_and_money(town: Community, clock: FakeClock) -> None:
    """ST-51 to 54, 62: on the day, by category, without what points at one household."""
    later = date(2026, 3, 20)
    for home, plan in (("li-home", "送餐"), ("wang-home", ""), ("zhao-home", "修门")):
        town.aid.open(home, ground="low-income", level=1, review_by=later, plan=plan)
    town.aid.pair("li-home", helper="wang", agreed=True)
    town.aid.pair("li-home", helper="zhao", agreed=True)
    town.funds.open("winter", title="慰问金", limit=1000_00, people=3)
    town.funds.open("ramp", title="坡道", goal=300_00)
    town.funds.receive("ramp", 100_00, donor="粮油店")
    for home in ("li", "wang", "zhao"):
        gone = town.funds.grant("winter", 100_00, holder=f"{home}-home", reason="春节",
                                category="festival")
    town.funds.take_back(gone.id, reason="记错")
    town.funds.grant("winter", 200_50, holder="zhao-home", reason="病", category="urgent")
    town.funds.reserve("winter", 50_00, reason="五月")
    whole, coarse = told(town, least=1), told(town)
    clock.set("2026-03-21 09:00")

    assert (whole["ST-51"].value, dict(whole["ST-51"].parts)) == (3, {
        "with_plan": 2, "overdue": 0})
    assert told(town)["ST-51"].parts["overdue"] == 3
    assert (whole["ST-52"].value, whole["ST-52"].parts["people"]) == (1, 2)
    assert (whole["ST-53"].value, dict(whole["ST-53"].parts)) == (Decimal("400.50"), {
        "households": 3, "category:festival": 200, "category:urgent": Decimal("200.50")})
    assert (coarse["ST-52"].hidden, coarse["ST-53"].hidden) == (
        ("",), ("category:festival", "category:urgent"))
    assert dict(whole["ST-54"].parts) == {
        "goods": 0, "yuan": 0, "money": 100, "donors": 1, "drive:ramp": Decimal("33.3")}
    assert (whole["ST-62"].value, dict(whole["ST-62"].parts)) == (1000, {
        "received": 0, "spent": Decimal("400.50"), "reserved": 50, "left": Decimal("549.50"),
        "head:winter": Decimal("333.33")})
    assert told(town, area="east", least=1)["ST-51"].value == 2


def test_people_and_places(town: Community, clock: FakeClock) -> None:
    """ST-32, 40 to 42: on the day, with who left and who was dismissed gone."""
    clock.move(days=1)
    town.residents.leave("wang", on=date(2026, 3, 1))
    town.residents.enrol("new", household="new-home")

    found = told(town)

    assert (found["ST-32"].value, found["ST-32"].parts["placed"]) == (1, 1)
    assert dict(found["ST-40"].parts) == {
        "level:1": 1, "level:2": 2, "appointments": 2, "people": 2, "part_time": 1}
    assert found["ST-41"].parts["role:committee"] == 1
    assert (found["ST-42"].count, found["ST-42"].of) == (2, 3)
    assert found["ST-42"].parts["households_without"] >= 1


def test_places_are_ranked_and_small_ones_left_out(town: Community) -> None:
    """ST-64: never people; an area of few households has no place."""
    done(town, "service", "li", "1")
    done(town, "service", "wang", "2")

    assert town.figures.rank("ST-02", *MONTH, within="street", homes=1) == (
        (1, "west", 4), (2, "east", 2))
    assert town.figures.rank("ST-02", *MONTH, within="street", homes=2) == ((1, "east", 2),)
    assert town.figures.rank("ST-02", *MONTH, within="street") == ()


def test_few_confidential_matters_are_not_told(town: Community) -> None:
    """One clue among the matters of a kind hides in a split; alone it is not told at all."""
    for _ in range(2):
        town.deeds.report("clue", resident="li", channel="box")
    alone = told(town, kind="clue")
    for _ in range(3):
        town.tasks.ask("matter", resident="li", channel="phone")
    among = told(town)

    assert {alone[id_].hidden for id_ in ("ST-10", "ST-12", "ST-13", "ST-20")} == {("",)}
    assert (among["ST-10"].value, among["ST-20"].parts.get("channel:box")) == (5, None)
    shown = papers.bulletin(alone, lang="zh") + repr(alone) + str(alone.plain())
    for canary in (town.residents["li"].id, "'li'", "box", "线索"):
        assert canary not in shown


def test_a_scope_is_checked(town: Community) -> None:
    """What is not there is said, not counted as nothing."""
    for said in ({"area": "north"}, {"officer": "staff:x"}, {"only": ["ST-99"]}):
        with pytest.raises(NotFound):
            town.figures.bulletin(*MONTH, **said)  # type: ignore[arg-type]  # what is refused
    for wrong in ({"clock": "moon"}, {"as_of": date(2027, 1, 1)}, {"least": 0}):
        with pytest.raises(ValueError, match=r"as_of|clock|least"):
            town.figures.bulletin(*MONTH, **wrong)  # type: ignore[arg-type]  # what is refused
    with pytest.raises(ValueError, match="comes after"):
        town.figures.bulletin(*reversed(MONTH))


def test_by_officer_and_by_the_day_of_the_decision(town: Community, clock: FakeClock) -> None:
    """What one officer confirmed; a deed of March that was confirmed in April."""
    done(town, "service", "li", "1")
    late = town.deeds.report("service", resident="wang", quantity="3").id
    clock.set("2026-04-02 09:00")
    town.deeds.confirm(late, by="staff:c")
    april = date(2026, 4, 1), date(2026, 4, 30)

    assert told(town, "ST-02", officer="staff:c")["ST-02"].value == 8
    assert told(town, "ST-02", officer="staff:a")["ST-02"].value == 0
    assert told(town, "ST-02", clock="decision")["ST-02"].value == 2
    assert town.figures.bulletin(*april, clock="decision")["ST-02"].value == 6


def test_every_figure_has_words(town: Community) -> None:
    """Names, units and parts, in both languages; rows and papers of each."""
    done(town, "service", "li", "1")
    found = told(town)

    assert TITLES.keys() == FIGURES.keys()
    assert {one.unit for one in found.figures.values()} <= UNITS.keys()
    assert {name.split(":")[0] for one in found.figures.values() for name in one.parts} <= {
        *PARTS, "theme"}
    for lang in LANGUAGES:
        assert len({row[0] for row in found.rows(lang)}) == len(FIGURES)
        assert "ST-02" in papers.bulletin(found, lang=lang, width=32, full=True)


STEPS = st.lists(st.tuples(
    st.sampled_from(["report", "confirm", "reject", "reopen", "ask", "finish", "refuse", "again",
                     "spend", "night"]), st.integers(0, 9)), max_size=25)


def _step(book: Community, clock: FakeClock, what: str, which: int) -> None:
    deeds = [deed.id for who in ("li", "wang") for deed in book.deeds.of(who)]
    tasks = [one.id for one in book.tasks.of("li")]
    if what == "report":
        book.deeds.report(("hazard", "service")[which % 2], resident=("li", "wang")[which % 2],
                          quantity=None if which % 2 == 0 else "1")
    elif what in ("confirm", "reject", "reopen") and deeds:
        more = {} if what == "confirm" else {"reason": "查过"}
        getattr(book.deeds, what)(deeds[which % len(deeds)], by="staff:c", **more)
    elif what == "ask":
        book.tasks.ask("matter", resident="li", channel=("phone", "box")[which % 2])
    elif what == "finish" and tasks:
        book.tasks.finish(tasks[which % len(tasks)], reply="好", by="staff:c")
    elif what == "refuse" and tasks:
        book.tasks.reject(tasks[which % len(tasks)], reason="不行", by="staff:c")
    elif what == "again" and tasks:
        book.tasks.reopen(tasks[which % len(tasks)], reason="没好", by="staff:c")
    elif what == "spend":
        book.shop.redeem({"soap": 1}, holder="li")
    elif what == "night":
        clock.move(days=1)


@given(STEPS)
@settings(max_examples=30, deadline=None)
def test_any_walk_adds_up_and_the_past_stays_told(steps: list[tuple[str, int]]) -> None:
    """Received is resolved, in progress and closed otherwise, after every step; and what was told
    on an evening is told again of that day ever after."""
    clock = FakeClock("2026-03-01 09:00")
    book = founded(clock)
    book.shop.stock("soap", title="肥皂", price=1)
    book.shop.receive("soap", 99)
    evenings: dict[date, Bulletin] = {}
    for what, which in steps:
        try:
            _step(book, clock, what, which)
        except Refused:
            continue
        now = told(book)
        assert now["ST-10"].value == sum(
            int(now[id_].value or 0) for id_ in ("ST-12", "ST-13", "ST-14"))
        evenings[clock.now.date()] = now
    clock.move(days=1)

    for evening, then in evenings.items():
        again = told(book, as_of=evening)
        assert again.figures == then.figures
        assert again.code == then.code or evening + timedelta(days=1) == clock.now.date()


def test_a_rank_is_asked_for_plainly(town: Community) -> None:
    """A figure, an area and a size that there are; else it says what is wrong."""
    for who in ("ST-99", "moon"):
        with pytest.raises(NotFound, match=who):
            town.figures.rank(who, *MONTH)
    with pytest.raises(NotFound, match="moon"):
        town.figures.rank("ST-10", *MONTH, within="moon")
    with pytest.raises(ValueError, match="homes"):
        town.figures.rank("ST-10", *MONTH, homes=0)
