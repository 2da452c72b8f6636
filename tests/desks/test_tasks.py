"""Stories of tasks: what each verb does, and what it politely refuses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lovepoints import papers
from lovepoints.community import Community
from lovepoints.errors import Code, NotFound, Refused
from lovepoints.testing import FakeClock, community

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
code = "hazard"
title = "上报隐患"
points = 5
confidential = true
label = "社区贡献"
"""


@pytest.fixture
def clock() -> FakeClock:
    """Saturday morning."""
    return FakeClock("2026-03-07 09:00")


@pytest.fixture
def town(clock: FakeClock) -> Community:
    """A street with two grids, officers, a retired teacher and two neighbours."""
    book = community(clock=clock)
    book.rulebooks.adopt(RULES)
    for area, parent in (("street", ""), ("east", "street"), ("west", "street")):
        book.residents.area(area, parent=parent)
    book.residents.enrol("li", name="李梅", household="li-home", area="east")
    book.residents.enrol("wang", name="王强", household="wang-home", area="west")
    book.residents.enrol("zhao", name="赵老师", household="zhao-home", area="east")
    for officer, role, area, resident in (
            ("staff:east", "grid-officer", "east", ""), ("staff:west", "grid-officer", "west", ""),
            ("staff:all", "committee", "", ""), ("staff:zhao", "building-lead", "east", "zhao")):
        book.residents.appoint(officer, role=role, area=area, resident=resident)
    book.tasks.define("errand", title="跑腿", days=3, rule="service")
    book.tasks.define("post", title="护学岗", nature="project", is_open=True, places=2,
                      rule="service")
    book.tasks.define("item", title="整改", nature="item", second=True, proof=True)
    book.tasks.define("clue", title="线索", is_confidential=True, of_rules=["hazard"])
    return book


def no(book: Community, verb: str, *said: Any, **more: Any) -> Code:
    """The code of the polite no that a verb of the tasks' desk meets."""
    with pytest.raises(Refused) as refused:
        getattr(book.tasks, verb)(*said, **more)
    return refused.value.code


def test_a_task_lies_in_the_area_of_who_asks(town: Community) -> None:
    """The asker's area, unless another is named; an area that nobody drew is not found."""
    assert town.tasks.ask("errand", resident="li").area == "east"
    assert town.tasks.ask("errand", resident="li", area="west").area == "west"
    with pytest.raises(NotFound):
        town.tasks.ask("errand", resident="li", area="nowhere")


def test_an_officer_moves_the_tasks_of_her_area(town: Community) -> None:
    """East is not west's business; the committee's area is the whole community."""
    task = town.tasks.ask("errand", resident="li").id

    assert no(town, "dispatch", task, to="wang", by="staff:west") == Code.NOT_PERMITTED
    assert town.tasks.dispatch(task, to="wang", by="staff:east").state == "dispatched"
    assert town.tasks.dispatch(task, to="zhao", by="staff:all").offered == ("wang", "zhao")


def test_a_resident_asks_for_herself_only(town: Community) -> None:
    """Who has no office asks in her own name; left out, it is hers."""
    assert town.tasks.ask("errand", by="li").asker == "li"
    assert no(town, "ask", "errand", resident="li", by="wang") == Code.NOT_PERMITTED


def test_an_order_is_taken_by_whom_it_was_sent_to(town: Community) -> None:
    """Only an open kind is free for all; declined by the last one, the task waits again."""
    task = town.tasks.ask("errand", resident="li").id
    town.tasks.dispatch(task, to="wang", by="staff:east")

    assert no(town, "accept", task, by="zhao") == Code.STATE_NOT_FITTING
    assert town.tasks.decline(task, by="wang", reason="没空").state == "asked"
    assert [move.reason for move in town.tasks.moves(task)][-1] == "没空"


def test_a_post_has_so_many_places(town: Community) -> None:
    """Two claim it, a third finds it full, and gets the place that one hands back."""
    post = town.tasks.ask("post").id
    town.tasks.accept(post, by="li")
    town.tasks.accept(post, resident="wang")

    assert no(town, "accept", post, by="zhao") == Code.NO_PLACE_LEFT
    town.tasks.hand_back(post, by="li")
    assert town.tasks.accept(post, by="zhao").doers == ("wang", "zhao")


def test_everybody_who_did_it_is_paid_by_her_own_time(town: Community, clock: FakeClock) -> None:
    """Minutes are counted from check-in to check-out, for each by herself."""
    post = town.tasks.ask("post").id
    for who in ("li", "wang"):
        town.tasks.accept(post, by=who)
        town.tasks.check_in(post, by=who)
    clock.move(minutes=60)
    town.tasks.check_out(post, by="li")
    clock.move(minutes=30)
    town.tasks.check_out(post, by="wang")

    deeds = town.tasks.finish(post, by="wang").deeds

    assert [town.deeds.confirm(deed, by="staff:all").points for deed in deeds] == [2, 3]


def test_a_forgotten_check_out_is_told_later(town: Community, clock: FakeClock) -> None:
    """A task does not end while somebody is checked in; the office writes down when she left."""
    post = town.tasks.ask("post").id
    town.tasks.accept(post, by="li")
    town.tasks.check_in(post, by="li")
    clock.move(hours=10)

    with pytest.raises(Refused) as refused:
        town.tasks.finish(post, by="li")
    assert refused.value.facts["missing"] == ["check_out"]
    assert no(town, "check_in", post, by="li") == Code.STATE_NOT_FITTING
    town.tasks.check_out(post, resident="li", by="staff:all",
                         at=datetime(2026, 3, 7, 10, tzinfo=ZoneInfo("Asia/Shanghai")))
    deed = town.tasks.finish(post, by="li").deeds[0]
    assert town.deeds.confirm(deed, by="staff:all").points == 2


def test_an_officer_on_duty_earns_nothing(town: Community) -> None:
    """Who has no record as a resident does it on duty; who has one, as the resident she is."""
    task = town.tasks.ask("errand", resident="li").id
    assert town.tasks.finish(task, reply="好了", quantity="1", by="staff:east").deeds == ()

    other = town.tasks.ask("errand", resident="li").id
    deed = town.tasks.finish(other, reply="好了", quantity="1", by="staff:zhao").deeds[0]
    assert town.deeds[deed].resident == "zhao"


def test_nobody_serves_her_own_household(town: Community) -> None:
    """Neither the asker nor her household takes what she asked for, by whatever code."""
    town.residents.enrol("uncle", household="zhao-home", area="east")
    task = town.tasks.ask("errand", resident="zhao").id

    assert no(town, "finish", task, reply="好", by="staff:zhao") == Code.SELF_CONFIRMATION
    town.tasks.dispatch(task, to="zhao", by="staff:east")
    assert no(town, "accept", task, by="zhao") == Code.SELF_CONFIRMATION
    town.tasks.dispatch(task, to="uncle", by="staff:east")
    assert no(town, "accept", task, by="uncle") == Code.SELF_CONFIRMATION


def test_a_matter_is_answered(town: Community) -> None:
    """No end without a reply; with one, it can be settled the moment it is asked."""
    task = town.tasks.ask("errand", resident="li").id

    assert no(town, "finish", task, by="staff:east") == Code.FACT_MISSING
    done = town.tasks.ask("errand", resident="li", reply="当场办好", by="staff:east")
    assert (done.state, done.reply) == ("resolved", "当场办好")


def test_an_item_is_struck_off_by_a_second_person(town: Community) -> None:
    """Proof from the first, a look from another; nobody strikes off her own."""
    item = town.tasks.ask("item", area="east").id

    assert no(town, "finish", item, by="staff:east") == Code.FACT_MISSING
    town.tasks.finish(item, evidence="photo", by="staff:east")
    assert no(town, "settle", item, by="staff:east") == Code.SELF_CONFIRMATION
    assert town.tasks.settle(item, by="staff:all").state == "resolved"


def test_only_the_asker_or_an_officer_rates_and_once(town: Community) -> None:
    """One rating a task, never by who did it."""
    task = town.tasks.ask("errand", resident="li").id
    town.tasks.finish(task, reply="好了", quantity="1", resident="wang", by="staff:east")

    assert no(town, "rate", task, satisfied=True, by="wang") == Code.NOT_PERMITTED
    assert town.tasks.rate(task, satisfied=False, by="li").satisfied is False
    assert no(town, "rate", task, satisfied=True, by="li") == Code.STATE_NOT_FITTING


def test_what_ends_otherwise_says_why(town: Community) -> None:
    """A reason for a no; whom it was passed to; of which one it is a duplicate."""
    first, second, third = (town.tasks.ask("errand", resident="li").id for _ in range(3))

    assert no(town, "reject", first, reason="", by="staff:east") == Code.REASON_NEEDED
    assert town.tasks.reject(first, reason="不属社区", by="staff:east").state == "rejected"
    assert town.tasks.refer(second, to="供电所", reason="归电力", by="staff:east").passed_to \
        == "供电所"
    assert town.tasks.duplicate(third, of=second, by="staff:east").of == second
    assert no(town, "withdraw", third, by="li") == Code.STATE_NOT_FITTING


def test_what_is_overdue_rises(town: Community, clock: FakeClock) -> None:
    """A reminder the day before, overdue the day after, up to the street with a new limit, and no
    higher than the whole community."""
    task = town.tasks.ask("errand", resident="li").id
    clock.set("2026-03-09 09:00")
    assert [one.id for one in town.tasks.reminders()] == [task]
    assert [one.id for one in town.tasks.reminders(area="west")] == []
    clock.set("2026-03-11 09:00")
    assert [one.id for one in town.tasks.overdue(area="street")] == [task]

    risen = town.tasks.escalate(task, by="staff:east")

    assert (risen.area, risen.level, risen.due_on) == ("street", 1, date(2026, 3, 14))
    assert town.tasks.overdue() == ()
    highest = town.tasks.escalate(task, by="staff:all")
    assert (highest.area, highest.level) == ("", 2)
    assert no(town, "escalate", task, by="staff:all") == Code.STATE_NOT_FITTING


def test_a_confidential_matter_names_nobody(town: Community) -> None:
    """No view, move or slip of a confidential kind tells who asked, where, or what."""
    task = town.tasks.ask("clue", resident="li", place="PLACE", note="NOTE", by="li")
    town.tasks.dispatch(task.id, to="staff:all", by="staff:east")

    views = (task, town.tasks[task.id], *town.tasks.with_state("dispatched"),
             *town.tasks.moves(task.id), *town.tasks.of("li"))
    shown = repr(views) + papers.order_slips(town.tasks[task.id], lang="zh")

    for canary in ("'li'", "PLACE", "NOTE", town.residents["li"].id):
        assert canary not in shown


def test_a_repair_does_not_lead_to_the_reporter(town: Community) -> None:
    """A task out of a deed has no asker, not even in its entry."""
    deed = town.deeds.report("hazard", resident="li", note="楼道堆物很多", by="li").id
    repair = town.tasks.ask("errand", deed=deed, note="请清理", by="staff:east")

    assert (repair.asker, repair.area) == ("", "east")
    assert [one.id for one in town.tasks.from_deed(deed)] == [repair.id]
    with pytest.raises(ValueError, match="the note"):
        town.tasks.ask("errand", deed=deed, note="楼道堆物很多", by="staff:east")
    entry = list(town.books.entries())[-1]
    assert town.residents["li"].id not in entry.body.decode()


def test_labels_are_short_public_words(town: Community) -> None:
    """Those of the end join those of the asking; none tells who reported the deed behind."""
    task = town.tasks.ask("errand", resident="li", labels={"theme": "路灯", "letter": "L-1"})
    ended = town.tasks.finish(task.id, reply="好了", labels={"letter": "L-2", "outcome": "agreed"},
                              by="staff:east")
    deed = town.deeds.report("hazard", resident="li", note="楼道堆物很多", by="li").id

    assert ended.labels == {"theme": "路灯", "letter": "L-2", "outcome": "agreed"}
    with pytest.raises(ValueError, match="a name"):
        town.tasks.ask("errand", deed=deed, labels={"who": "李梅"}, by="staff:east")
    for odd in ("theme", {"": "x"}, {"x": ""}, {"x": "y\nz"}, {f"x{n}": "y" for n in range(17)}):
        with pytest.raises((TypeError, ValueError)):
            town.tasks.ask("errand", labels=odd)  # type: ignore[arg-type]  # what is refused


def test_a_repeated_key_answers_the_same(town: Community) -> None:
    """The first answer again, though the task has gone on since."""
    first = town.tasks.ask("errand", resident="li", key="app-1")
    town.tasks.finish(first.id, reply="好了", by="staff:east")

    again = town.tasks.ask("errand", resident="li", key="app-1")

    assert (again.id, again.state, again.is_repeat) == (first.id, "asked", True)


def test_the_slips_hang_together_by_one_number(town: Community) -> None:
    """Three slips, three times the number, and the asker on the doer's slip only."""
    task = town.tasks.ask("errand", resident="li", note="买米")

    parts = papers.order_slips(task, lang="zh").split("\n. ")

    assert [task.id in part for part in parts] == [True, True, True]
    assert ["li" in part.replace(task.id, "") for part in parts] == [False, False, True]


SERVED = """
format = 1
title = "积分办法"
effective = 2026-01-01
holder = "resident"
[[rule]]
code = "errand"
title = "跑腿"
points = { per = "hour", value = 2 }
[rule.confirm]
by = ["served"]
"""


def test_the_person_served_confirms_the_hours() -> None:
    """Where the rule says so nobody else can: no officer, not the doer; and it pays once."""
    with community(clock=FakeClock("2026-03-07 09:00")) as book:
        book.rulebooks.adopt(SERVED)
        book.residents.appoint("staff:wang", role="grid-officer")
        book.residents.appoint("staff:wu", role="committee")
        for code in ("asker", "doer"):
            book.residents.enrol(code, household=f"{code}-home")
        book.tasks.define("errand", title="代办", rule="errand", second=True)
        task = book.tasks.ask("errand", resident="asker").id
        book.tasks.dispatch(task, to="doer", by="staff:wang")
        book.tasks.accept(task, by="doer")
        (deed,) = book.tasks.finish(task, reply="好", quantity="2", by="doer").deeds
        for other in ("staff:wang", "staff:wu", "staff:zhao", "doer"):
            with pytest.raises(Refused) as refused:
                book.deeds.confirm(deed, by=other)
            assert refused.value.code == Code.NOT_PERMITTED
        assert book.passbooks["doer"].balance == 0

        book.tasks.settle(task, by="asker")
        assert book.deeds[deed].status == "confirmed"
        assert book.passbooks["doer"].balance == 4
        book.tasks.reopen(task, reason="又坏了", by="asker")
        assert book.passbooks["doer"].available == 0
        book.tasks.finish(task, reply="好了", quantity="2", by="doer")
        book.tasks.settle(task, by="asker")
        assert (book.passbooks["doer"].balance, book.passbooks["doer"].available) == (4, 4)
        assert book.books.verify(rate=True).is_sound


def test_an_officer_s_word_does_not_stand_for_the_person_served() -> None:
    """Struck off by an officer the work is done, and the hours still wait for who was served."""
    with community(clock=FakeClock("2026-03-07 09:00")) as book:
        book.rulebooks.adopt(SERVED)
        book.residents.appoint("staff:wang", role="grid-officer")
        for code in ("asker", "doer"):
            book.residents.enrol(code, household=f"{code}-home")
        book.tasks.define("errand", title="代办", rule="errand", second=True, is_open=True)
        task = book.tasks.ask("errand", resident="asker").id
        book.tasks.accept(task, by="doer")
        (deed,) = book.tasks.finish(task, reply="好", quantity="2", by="doer").deeds
        book.tasks.settle(task, by="staff:wang")
        assert book.deeds[deed].status == "submitted"
        with pytest.raises(ValueError, match="served"):
            book.residents.appoint("staff:li", role="served")
