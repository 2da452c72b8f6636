"""Stories of households over time: two become one, one becomes two, somebody enrolled twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from lovepoints.community import Community
from lovepoints.errors import Code, Refused
from lovepoints.testing import FakeClock, community

RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
holder = "household"

[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 2 }

[[limit]]
code = "year"
per = "household"
each = "year"
most = 100

[validity]
after = "12 months"
"""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock("2026-03-02 09:00")


@pytest.fixture
def book(clock: FakeClock) -> Iterator[Community]:
    """Two households of two, two committee members of whom one lives in the first."""
    with community(clock=clock) as found:
        found.rulebooks.adopt(RULES)
        for code, home in (("li", "li-home"), ("li-son", "li-home"), ("wang", "wang-home"),
                           ("wang-girl", "wang-home"), ("zhao", "zhao-home")):
            found.residents.enrol(code, name=f"NAME {code}", household=home,
                                  since=date(2026, 1, 1))
        found.residents.appoint("staff:wu", role="committee")
        found.residents.appoint("staff:li", role="committee", resident="li")
        found.shop.stock("soap", title="肥皂", price=4)
        found.shop.receive("soap", 99)
        yield found
        assert found.books.verify(rate=True).is_sound


def done(book: Community, who: str, hours: str, **said: object) -> str:
    """A confirmed deed."""
    deed = book.deeds.report("service", resident=who, quantity=hours, **said)  # type: ignore[arg-type]
    book.deeds.confirm(deed.id, by="staff:wu")
    return deed.id


def no(call: Callable[[], object]) -> Code:
    """The code of a refusal."""
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def test_two_become_one_with_every_last_day(book: Community, clock: FakeClock) -> None:
    done(book, "li", "10")
    clock.move(days=20)
    done(book, "wang", "5")
    before = {(lot.last_day, lot.points) for code in ("li-home", "wang-home")
              for lot in book.passbooks[code].lots["point"]}
    joined = book.households.merge("li-home", into="wang-home", reason="结婚")
    own = book.passbooks["wang-home"]

    assert (joined.members, joined.other) == (("li", "li-son"), "wang-home")
    assert own.balance == 30
    assert {(lot.last_day, lot.points) for lot in own.lots["point"]} == before
    assert {one.code for one in book.residents.members("wang-home")} == {
        "li", "li-son", "wang", "wang-girl"}
    assert book.passbooks["li-home"].balance == 30  # the old code answers
    assert book.passbooks["li-son"].balance == 30


def test_a_late_deed_of_the_old_household_lands_right(book: Community, clock: FakeClock) -> None:
    waiting = book.deeds.report("service", resident="li", quantity="3", on=date(2026, 3, 1)).id
    book.households.merge("li-home", into="wang-home", reason="结婚")
    clock.move(days=9)
    book.deeds.confirm(waiting, by="staff:wu")
    late = book.deeds.report("service", resident="li", quantity="1", on=date(2026, 2, 20)).id
    book.deeds.confirm(late, by="staff:wu")
    assert book.passbooks["wang"].balance == 8


def test_what_is_reserved_follows_once_it_is_free(book: Community, clock: FakeClock) -> None:
    done(book, "li", "10")
    kept, let_go = (book.shop.hold({"soap": 2}, holder="li").id for _ in range(2))
    book.households.merge("li-home", into="wang-home", reason="结婚")
    assert book.passbooks["wang-home"].balance == 4
    assert book.shop.collect(kept).points == 8
    book.shop.release(let_go)
    assert book.passbooks["wang-home"].balance == 12
    clock.move(days=40)
    assert book.passbooks["wang-home"].balance == 12


def test_a_merged_passbook_does_not_lapse_as_a_leaver_s(clock: FakeClock) -> None:
    """Where points of those who leave lapse, those of a merged household go on, late ones too."""
    with community(clock=clock) as book:
        book.rulebooks.adopt(RULES.replace('holder = "household"',
                                           'holder = "household"\non_leaving = "lapse"'))
        book.residents.appoint("staff:wu", role="committee")
        for code, home in (("li", "li-home"), ("wang", "wang-home")):
            book.residents.enrol(code, household=home, since=date(2026, 1, 1))
        waiting = book.deeds.report("service", resident="li", quantity="3").id
        book.households.merge("li-home", into="wang-home", reason="结婚")
        clock.move(days=5)
        book.deeds.confirm(waiting, by="staff:wu")
        assert book.passbooks["wang"].balance == 6


def test_a_debt_goes_along_and_is_paid(book: Community) -> None:
    deed = done(book, "li", "10")
    book.shop.redeem({"soap": 5}, holder="li")
    book.deeds.reopen(deed, reason="查错")
    book.deeds.reject(deed, reason="没有", by="staff:wu")
    assert book.passbooks["li-home"].balance == -20
    done(book, "wang", "15")
    book.households.merge("li-home", into="wang-home", reason="结婚")
    assert book.passbooks["wang-home"].balance == 10


def test_merging_lifts_no_cap(book: Community) -> None:
    """Both had 80 of the hundred that a household may earn in a year: together they get no more
    this year, and no less than they had."""
    for who in ("li", "wang"):
        done(book, who, "40")
    book.households.merge("li-home", into="wang-home", reason="结婚")
    assert book.passbooks["wang-home"].balance == 160
    done(book, "wang", "40")
    assert book.passbooks["wang-home"].balance == 160


def test_splitting_doubles_no_cap(book: Community) -> None:
    """What the old household had before counts for the new one as well."""
    done(book, "li", "40")
    book.households.split("li-home", into="son-home", members=["li-son"], points=30,
                          by="staff:wu")
    assert (book.passbooks["li-home"].balance, book.passbooks["son-home"].balance) == (50, 30)
    done(book, "li-son", "40")
    done(book, "li", "40")
    assert (book.passbooks["li-home"].balance, book.passbooks["son-home"].balance) == (70, 50)


def test_a_split_takes_the_points_that_end_soonest(book: Community, clock: FakeClock) -> None:
    done(book, "li", "5")
    first = book.passbooks["li-home"].lots["point"][0].last_day
    clock.move(days=30)
    done(book, "li", "5")
    book.households.split("li-home", into="son-home", members=["li-son"], points=10, by="staff:wu")
    assert [
        lot.last_day for lot in book.passbooks["son-home"].lots["point"]] == [first]


@pytest.mark.parametrize(("said", "code"), [
    ({"into": "wang-home", "members": ["li-son"]}, Code.CODE_TAKEN),
    ({"into": "new", "members": ["li", "li-son"]}, Code.STATE_NOT_FITTING),
    ({"into": "new", "members": ["wang"]}, Code.STATE_NOT_FITTING),
    ({"into": "new", "members": []}, Code.STATE_NOT_FITTING),
    ({"into": "new", "members": ["li-son"], "points": 21}, Code.INSUFFICIENT_POINTS),
])
def test_what_cannot_be_split(book: Community, said: dict[str, object], code: Code) -> None:
    done(book, "li", "10")
    entries = book.describe()["entries"]
    assert no(lambda: book.households.split("li-home", by="staff:wu", **said)) == code  # type: ignore[arg-type]
    assert book.describe()["entries"] == entries
    with pytest.raises(LookupError):
        book.residents["new"]


def test_nobody_changes_her_own_household(book: Community) -> None:
    for say in (
        lambda: book.households.merge("li-home", into="wang-home", reason="x", by="staff:li"),
        lambda: book.households.merge("wang-home", into="li-home", reason="x", by="staff:li"),
        lambda: book.households.split("li-home", into="n", members=["li-son"], by="staff:li"),
        lambda: book.households.unite("li-son", into="zhao", reason="x", by="staff:li"),
        lambda: book.households.died("li-son", by="staff:li"),
    ):
        assert no(say) == Code.SELF_CONFIRMATION


def test_nobody_merges_her_way_out_of_a_bar_or_a_deduction(clock: FakeClock) -> None:
    rules = RULES + """
[[rule]]
code = "litter"
title = "乱扔垃圾"
points = 5
deduction = { notice_days = 3, appeal = "居委会", floor = "debt" }
[[sanction]]
code = "pause"
title = "暂停兑换"
bars = ["redeem"]
lasts = "1 month"
"""
    with community(clock=clock) as town:
        town.rulebooks.adopt(rules)
        town.residents.appoint("staff:wu", role="committee")
        for code in ("li", "wang", "zhao"):
            town.residents.enrol(code, household=f"{code}-home", since=date(2026, 1, 1))
        town.books.sanction("li-home", "pause", reason="违规")
        deed = town.deeds.report("litter", resident="wang")
        town.deeds.confirm(deed.id, by="staff:wu")
        for home in ("li-home", "wang-home"):
            assert no(lambda home=home: town.households.merge(  # type: ignore[misc]
                home, into="zhao-home", reason="并户")) == Code.STATE_NOT_FITTING
        clock.move(days=40)
        for home in ("li-home", "wang-home"):
            town.books.sweep()
            town.households.merge(home, into="zhao-home", reason="并户")
        assert town.passbooks["zhao"].balance == -5


def test_merged_is_merged_once(book: Community) -> None:
    book.households.merge("li-home", into="wang-home", reason="结婚")
    for say in (
        lambda: book.households.merge("li-home", into="wang-home", reason="again"),
        lambda: book.households.merge("li-home", into="li-home", reason="again"),
    ):
        assert no(say) == Code.STATE_NOT_FITTING
    assert book.households.merge("wang-home", into="zhao-home", reason="搬到一起").other == (
        "zhao-home")
    done(book, "li-son", "2")
    assert book.passbooks["li-home"].balance == 4
    assert book.residents["li-home"].code == "zhao-home"


def test_somebody_enrolled_twice_goes_on_as_one(book: Community, clock: FakeClock) -> None:
    """Cards, codes and late deeds name one person; her own office still cannot confirm her."""
    book.residents.enrol("li-again", name="NAME 李", household="zhao-home")
    card = book.cards.issue("li-again", token="0047-9").id
    done(book, "li-again", "3")
    waiting = book.deeds.report("service", resident="li-again", quantity="1").id
    clock.move(days=1)
    book.households.unite("li-again", into="li", reason="重复登记", by="staff:wu")

    assert book.residents["li-again"].code == "li"
    assert book.cards[card].resident == "li"
    assert no(lambda: book.deeds.confirm(waiting, by="staff:li")) == Code.SELF_CONFIRMATION
    book.deeds.confirm(waiting, by="staff:wu")
    clock.move(days=1)
    done(book, "li-again", "2")
    assert book.passbooks["li-home"].balance == 4
    assert book.passbooks["zhao-home"].balance == 8
    assert {one.id for one in book.deeds.of("li")} >= {waiting}


def test_united_records_have_one_cap_and_are_one_person(book: Community) -> None:
    """What either had counts for what she may still earn, and figures count her once."""
    with community(clock=FakeClock("2026-03-02 09:00")) as town:
        town.rulebooks.adopt(RULES.replace('per = "household"', 'per = "resident"').replace(
            'holder = "household"', 'holder = "resident"'))
        town.residents.appoint("staff:wu", role="committee")
        for code in ("li", "li-2"):
            town.residents.enrol(code, since=date(2026, 1, 1))
            done(town, code, "40")
        town.households.unite("li-2", into="li", reason="重复登记", by="staff:wu")
        assert town.passbooks["li"].balance == 160
        done(town, "li-2", "40")
        assert town.passbooks["li-2"].balance == 160
        told = town.figures.bulletin(date(2026, 3, 1), date(2026, 3, 31), only=["ST-01", "ST-35"],
                                     least=1)
        assert (told["ST-01"].value, told["ST-35"].value) == (1, 1)
        assert town.books.verify(rate=True).is_sound


def test_who_still_holds_a_place_is_not_united(book: Community) -> None:
    book.residents.enrol("patrol", kind="team")
    book.teams.join("patrol", resident="zhao")
    assert no(lambda: book.households.unite("zhao", into="wang", reason="x")) == (
        Code.STATE_NOT_FITTING)


def test_a_death_leaves_the_passbook_to_the_household(book: Community, clock: FakeClock) -> None:
    done(book, "li", "10")
    card = book.cards.issue("li", token="0047-1")
    clock.move(days=2)
    book.households.died("li", on=date(2026, 3, 3), by="staff:wu")
    assert [one.code for one in book.residents.members("li-home")] == ["li-son"]
    assert book.passbooks["li-son"].balance == 20
    assert book.cards[card.id].stopped_on == date(2026, 3, 3)
    assert no(lambda: book.households.died("li", by="staff:wu")) == Code.ACCOUNT_CLOSED
    assert no(lambda: book.deeds.report("service", resident="li", quantity="1")) == (
        Code.ACCOUNT_CLOSED)


def test_the_heirs_get_the_points_of_who_lived_alone(book: Community, clock: FakeClock) -> None:
    done(book, "zhao", "10")
    book.households.died("zhao", by="staff:wu")
    clock.move(days=3)
    book.households.merge("zhao-home", into="wang-home", reason="继承")
    assert book.passbooks["wang"].balance == 20


def test_erasing_forgets_the_other_record_too(book: Community) -> None:
    book.residents.appoint("staff:sun", role="custodian")
    book.residents.enrol("zhao-again", name="NAME 赵二", phone="PHONE 2", household="zhao-home")
    book.households.unite("zhao-again", into="zhao", reason="重复登记", by="staff:wu")
    book.residents.leave("zhao", on=date(2026, 3, 2))
    clock = book._book.clock
    assert isinstance(clock, FakeClock)
    clock.move(days=2)
    book.privacy.erase("zhao", reason="申请", by="staff:sun")
    for code in ("zhao", "zhao-again"):
        with pytest.raises(LookupError):
            book.residents[code]


def test_saying_it_twice_is_once(book: Community) -> None:
    done(book, "li", "10")
    first, again = (book.households.split("li-home", into="son-home", members=["li-son"],
                                          points=5, by="staff:wu", key="split-1")
                    for _ in range(2))
    assert (first.seq, again.is_repeat) == (again.seq, True)
    assert book.passbooks["son-home"].balance == 5
