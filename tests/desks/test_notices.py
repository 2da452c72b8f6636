"""Stories and laws of public lists, objections and appeals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints import papers
from lovepoints.community import Community
from lovepoints.core.work.notices import masked
from lovepoints.errors import Code, NotFound, Refused
from lovepoints.testing import FakeClock, community

RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
holder = "resident"
notice_days = 3
objection = "line"

[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 2 }

[[rule]]
code = "clue"
title = "提供线索"
points = 20
confidential = true

[[rule]]
code = "litter"
title = "乱扔垃圾"
points = 2
deduction = { appeal = "居委会", notice_days = 0 }
"""
PEOPLE = (("li", "li-home", "李梅"), ("lin", "li-home", "李宁"), ("wang", "wang-home", "王小强"),
          ("zhao", "zhao-home", "赵老师"), ("sun", "sun-home", "孙"))


@pytest.fixture
def clock() -> FakeClock:
    """Saturday morning."""
    return FakeClock("2026-03-07 09:00")


def founded(clock: FakeClock, rules: str = RULES) -> Community:
    """A recorder, a confirmer, three of the committee (one is 李宁), five neighbours."""
    book = community(clock=clock)
    book.rulebooks.adopt(rules)
    for code, home, name in PEOPLE:
        book.residents.enrol(code, household=home, name=name)
    for actor, role, resident in (
            ("staff:desk", "collector", ""), ("staff:a", "grid-officer", ""),
            ("staff:b", "committee", ""),
            ("staff:c", "committee", ""), ("staff:lin", "committee", "lin")):
        book.residents.appoint(actor, role=role, resident=resident)
    return book


@pytest.fixture
def town(clock: FakeClock) -> Community:
    """A new town."""
    return founded(clock)


def done(book: Community, who: str, rule: str = "service", hours: str = "2") -> str:
    """A deed, confirmed; its id."""
    deed = book.deeds.report(rule, resident=who, quantity=hours if rule == "service" else None,
                             by="staff:desk").id
    book.deeds.confirm(deed, by="staff:a")
    return deed


def no(book: Community, verb: str, *said: Any, **more: Any) -> Refused:
    """The polite no that a verb of the notices' desk meets."""
    with pytest.raises(Refused) as refused:
        getattr(book.notices, verb)(*said, **more)
    return refused.value


@pytest.mark.parametrize(("name", "shown"), [
    ("王小明", "王*明"), ("李梅", "李*"), ("孙", "孙*"), ("", "*"), ("买买提·秀英", "买*英"),
    ("𠮷田一郎", "𠮷*郎"),
])
def test_a_name_is_masked(name: str, shown: str) -> None:
    """What stands on the wall is the first letter and, of a long name, the last."""
    assert masked(name) == shown


def test_a_list_has_what_was_awarded_since_the_last_one(town: Community) -> None:
    """Each award stands on one list; an empty one is not posted."""
    assert no(town, "post").code == Code.STATE_NOT_FITTING
    done(town, "li")
    first = town.notices.post()
    done(town, "wang")
    second = town.notices.post()

    assert [line.name for line in first.lines] == ["李*"]
    assert [line.name for line in second.lines] == ["王*强"]
    assert no(town, "post").code == Code.STATE_NOT_FITTING


def test_confidential_kinds_and_deductions_are_not_for_the_wall(town: Community) -> None:
    """No byte of the paper or of the noun tells that somebody gave a clue or lost points."""
    done(town, "li")
    done(town, "wang", "clue")
    done(town, "zhao", "litter")

    listed = town.notices.post()

    assert [line.label for line in listed.lines] == ["志愿服务"]
    shown = repr(listed) + papers.public_notice(listed, lang="zh")
    for canary in ("线索", "垃圾", "王", "赵", "wang", "zhao", "li'", "李梅"):
        assert canary not in shown


def test_an_objection_comes_in_time_to_a_line_that_is_there(
    town: Community, clock: FakeClock,
) -> None:
    """The last day counts; the day after is too late; a reason is needed."""
    done(town, "li")
    listed = town.notices.post(days=5)

    assert no(town, "object", listed.id, 1, grounds="", by="wang").code == Code.REASON_NEEDED
    with pytest.raises(NotFound):
        town.notices.object(listed.id, 2, grounds="没来", by="wang")
    clock.set("2026-03-12 23:59")
    town.notices.object(listed.id, 1, grounds="没来", by="wang")
    clock.set("2026-03-13 00:01")
    late = no(town, "object", listed.id, 1, grounds="没来", by="zhao")
    assert (late.code, late.facts["until"]) == (Code.STATE_NOT_FITTING, "2026-03-12")


def test_who_may_decide(town: Community) -> None:
    """Neither who raised it, nor who confirmed the deed or wrote it down, nor its household,
    whichever the code."""
    done(town, "li")
    listed = town.notices.post()
    doubt = town.notices.object(listed.id, 1, grounds="没来", by="staff:b").id
    for actor in ("staff:a", "staff:desk"):
        town.residents.appoint(actor, role="committee")

    said = {"upheld": False, "reason": "有记录"}
    assert no(town, "decide", doubt, by="staff:b", **said).facts["who"] == "objector"
    assert no(town, "decide", doubt, by="staff:a", **said).facts["who"] == "confirmer"
    assert no(town, "decide", doubt, by="staff:desk", **said).facts["who"] == "recorder"
    assert no(town, "decide", doubt, by="staff:lin", **said).facts["who"] == "household"
    assert no(town, "decide", doubt, by="staff:c", upheld=True, reason="").code \
        == Code.REASON_NEEDED
    assert town.notices.decide(doubt, by="staff:c", **said).state == "dismissed"
    assert no(town, "decide", doubt, by="staff:c", **said).code == Code.STATE_NOT_FITTING


def test_who_may_appeal_and_how_often(town: Community) -> None:
    """A resident appeals for herself only, and once; somebody else decides."""
    deed = done(town, "li")
    listed = town.notices.post()
    doubt = town.notices.object(listed.id, 1, grounds="没来", by="wang").id
    assert no(town, "appeal", doubt, reason="不对", by="li").code == Code.STATE_NOT_FITTING
    town.notices.decide(doubt, upheld=True, reason="无记录", by="staff:b")

    assert no(town, "appeal", doubt, reason="不对", by="zhao").code == Code.NOT_PERMITTED
    town.notices.appeal(doubt, reason="有照片", by="lin")
    assert no(town, "decide", doubt, upheld=True, reason="无记录",
              by="staff:b").facts["who"] == "decider"
    final = town.notices.decide(doubt, upheld=True, reason="照片不清", by="staff:c")
    assert (final.state, final.is_final, town.deeds[deed].status) == ("upheld", True, "rejected")
    assert no(town, "appeal", doubt, reason="还是不对", by="li").code == Code.STATE_NOT_FITTING


def test_an_objection_stops_its_line_or_the_list(clock: FakeClock) -> None:
    """As the rulebook says; the last one decided frees what all of them held."""
    for scope, frozen in (("line", {"li": 0, "wang": 4}), ("all", {"li": 4, "wang": 4})):
        book = founded(FakeClock("2026-03-07 09:00"),
                       RULES.replace('objection = "line"', f'objection = "{scope}"'))
        for who in ("li", "wang"):
            done(book, who)
        listed = book.notices.post()
        first, second = (book.notices.object(listed.id, 2, grounds="没来", by=who).id
                         for who in ("zhao", "sun"))
        assert {who: book.passbooks[who].frozen for who in frozen} == frozen

        book.notices.decide(first, upheld=False, reason="有记录", by="staff:b")
        assert {who: book.passbooks[who].frozen for who in frozen} == frozen
        book.notices.decide(second, upheld=False, reason="有记录", by="staff:b")
        assert {book.passbooks[who].frozen for who in frozen} == {0}


def test_a_list_ends_when_all_is_decided(town: Community, clock: FakeClock) -> None:
    """Not before its last day is over, nor while an objection waits; then with what stands, and a
    code that the book can be held against."""
    for who in ("li", "wang"):
        done(town, who)
    listed = town.notices.post(days=1)
    doubt = town.notices.object(listed.id, 2, grounds="没来", by="li").id
    assert no(town, "close", listed.id).code == Code.STATE_NOT_FITTING
    clock.move(days=2)
    assert no(town, "close", listed.id).facts["waiting"] == 1
    town.notices.decide(doubt, upheld=True, reason="无记录", by="staff:b")

    ended = town.notices.close(listed.id)

    assert (ended.people, ended.points, ended.upheld) == (1, {"point": 4}, 1)
    assert town.books.check(against=[ended.code]).against[0].outcome == "holds"
    assert no(town, "close", listed.id).code == Code.STATE_NOT_FITTING


def test_a_repeated_key_answers_the_same(town: Community) -> None:
    """An objection that was decided meanwhile is still answered as it was raised."""
    done(town, "li")
    listed = town.notices.post(key="list-1")
    doubt = town.notices.object(listed.id, 1, grounds="没来", by="wang", key="web-1")
    town.notices.decide(doubt.id, upheld=True, reason="无记录", by="staff:b")

    again = town.notices.object(listed.id, 1, grounds="没来", by="wang", key="web-1")

    assert (again.id, again.state, again.is_repeat) == (doubt.id, "open", True)
    assert town.notices.post(key="list-1").is_repeat


STEPS = st.lists(st.tuples(
    st.sampled_from(["done", "post", "object", "uphold", "dismiss", "appeal", "reopen", "confirm",
                     "reject", "spend"]),
    st.integers(0, 3), st.sampled_from(["li", "wang", "zhao", "staff:b", "staff:c"])), max_size=25)


def _step(book: Community, what: str, which: int, who: str) -> None:
    lists = book.notices.posted()
    raised = [one for listed in lists for one in book.notices.objections(listed.id)]
    deeds = [deed.id for code in ("li", "wang", "zhao") for deed in book.deeds.of(code)]
    if what == "done":
        done(book, ("li", "wang", "zhao")[which % 3])
    elif what == "post":
        book.notices.post()
    elif what == "object" and lists:
        listed = lists[which % len(lists)]
        book.notices.object(listed.id, which % len(listed.lines) + 1, grounds="没来", by=who)
    elif what in ("uphold", "dismiss") and raised:
        book.notices.decide(raised[which % len(raised)].id, upheld=what == "uphold",
                            reason="查过", by=who)
    elif what == "appeal" and raised:
        book.notices.appeal(raised[which % len(raised)].id, reason="不服", by=who)
    elif what in ("reopen", "confirm", "reject") and deeds:
        more = {} if what == "confirm" else {"reason": "再看"}
        getattr(book.deeds, what)(deeds[which % len(deeds)], by="staff:a", **more)
    elif what == "spend":
        book.shop.redeem({"soap": 1}, holder=("li", "wang", "zhao")[which % 3])


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_a_pending_objection_holds_its_points(steps: list[tuple[str, int, str]]) -> None:
    """Whatever happens in whatever order: of a line under objection nothing can be spent, an
    upheld one is worth nothing, no line changes its number, and the book folds again."""
    book = founded(FakeClock("2026-03-07 09:00"), RULES.replace("notice_days = 3", ""))
    book.shop.stock("soap", title="肥皂", price=3)
    book.shop.receive("soap", 99)
    seen: dict[tuple[str, int], str] = {}
    for step in [("done", 0, "li"), ("done", 1, "li"), ("post", 0, "li"), *steps]:
        try:
            _step(book, *step)
        except Refused:
            continue

        for listed in book.notices.posted():
            for line in listed.lines:
                assert seen.setdefault((listed.id, line.number), line.deed) == line.deed
            for one in book.notices.objections(listed.id):
                line = listed.lines[one.line - 1]
                deed = book.deeds[line.deed]
                assert line.is_objected or one.state not in ("open", "appealed")
                if one.state in ("open", "appealed") and line.is_standing:
                    assert _spendable(book, line.deed) == 0
                if one.state == "upheld" and not any(
                        move.deed.status == "reopened" for move in
                        book.deeds.history(line.deed)[-1:]):
                    assert not line.is_standing or deed.status == "confirmed"
    book.books.verify(rate=True)


def _spendable(book: Community, deed: str) -> int:
    """What is free and not frozen in the lots that the deed's standing decisions opened."""
    from lovepoints.core.passbooks.awarding import live_decisions
    from lovepoints.core.rows import DeedRow, Lot

    row = book._book.store.get(DeedRow, deed)
    assert row is not None
    seqs = {seq for decision in live_decisions(row) for seq in decision["seqs"]}
    return sum(lot.free for lot in book._book.store.scan(Lot)
               if lot.id >> 12 in seqs and not lot.frozen)
