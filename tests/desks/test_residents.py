"""Who lives where, who holds which office, since when and until when."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.errors import Code, NotFound
from lovepoints.stores import dump
from lovepoints.testing import FakeClock, community
from tests.desks.books_of_ours import balance, founded, paid, refusal

FIRST = Path(__file__).parents[2] / "examples" / "rulebooks" / "first.toml"


@pytest.fixture
def book(store: Store, clock: FakeClock) -> Community:
    """Home Li, home Wang, and officers; on each kind of store."""
    return founded(clock=clock, store=store)


@pytest.fixture
def village(clock: FakeClock) -> Community:
    """The same in memory only."""
    return founded(clock=clock)


def test_enrolling_makes_a_household_and_its_head(book: Community) -> None:
    """The first of a household is its head, later ones are members; an area is added."""
    first = book.residents.enrol("a", name="阿大", household="8-1", area="grid-8")
    second = book.residents.enrol("b", household="8-1")
    child = book.residents.enrol("c", household="8-1", part="minor")

    assert ("8-1", "grid-8", "阿大") == (first.household, first.area, first.name)
    assert ["head", "member", "minor"] == [one.part for one in (first, second, child)]
    assert ["a", "b", "c"] == sorted(one.code for one in book.residents.members("8-1"))
    book.books.verify()


def test_one_code_is_one_person(book: Community) -> None:
    """Whoever comes twice is found, and nothing of the second try stays."""  # bug 53
    before = dump(book._book.store, ["journal", "derived", "personal"])

    codes = [refusal(lambda code=code: book.residents.enrol(
                 code, household="new", area="new"))
             for code in ("wang", "home-li", "staff:wu")]

    assert [Code.CODE_TAKEN] * 3 == codes
    assert before == dump(book._book.store, ["journal", "derived", "personal"])


def test_names_and_phones_stay_out_of_the_journal(village: Community) -> None:
    """The journal knows pseudonyms; what people are called lies in its own table."""  # bug 43
    village.residents.enrol("0421", name="欧阳秀英", phone="13900000000", household="3-2-501")
    deed = village.deeds.report("help", resident="0421", quantity=1, place="3栋2单元",
                                note="陪张大爷看病", event="义诊")
    village.deeds.confirm(deed.id, by="staff:wu", reason="有照片")

    written = b"".join(row[7] for row in dump(village._book.store)["entry"]).decode()

    for secret in ("欧阳秀英", "13900000000", "0421", "3-2-501", "3栋", "张大爷", "义诊", "有照片",
                   "staff:wu"):
        assert secret not in written


def test_a_move_is_dated(book: Community, clock: FakeClock) -> None:
    """Until the day before in the old household, from the day on in the new one."""
    clock.move(days=10)
    moved = book.residents.move("wang", household="home-li", area="grid-2",
                                since=date(2026, 3, 15))

    assert ("home-li", "grid-2", "member") == (moved.household, moved.area, moved.part)
    on = {day: [one.code for one in book.residents.members("home-wang", on=date(2026, 3, day))]
          for day in (14, 15)}
    assert {14: ["wang"], 15: []} == on
    assert Code.STATE_NOT_FITTING == refusal(
        lambda: book.residents.move("wang", household="home-wang", since=date(2026, 3, 10)))
    book.books.verify()


def test_moving_to_another_area_changes_no_part(village: Community) -> None:
    """A member who only gets another grid officer does not become head of the household."""
    moved = village.residents.move("li-wife", area="grid-9")

    assert ("home-li", "member", "grid-9") == (moved.household, moved.part, moved.area)


def test_a_second_move_on_one_day_replaces_the_first(village: Community, clock: FakeClock) -> None:
    """The last word of the day holds."""
    clock.move(days=1)
    village.residents.move("wang", household="home-li")

    village.residents.move("wang", household="home-sun")

    assert "home-sun" == village.residents["wang"].household
    assert [] == [one.code for one in village.residents.members("home-li") if one.code == "wang"]


def test_who_left_does_not_move(village: Community, clock: FakeClock) -> None:
    """Leaving ends membership; there is no moving afterwards."""
    village.residents.leave("wang")
    clock.move(days=1)

    assert "" == village.residents["wang"].household
    assert Code.ACCOUNT_CLOSED == refusal(
        lambda: village.residents.move("wang", household="home-li"))


def test_attributes_are_dated(book: Community, clock: FakeClock) -> None:
    """The newest that has begun counts; a day may be written later, or for the future."""
    book.residents.describe("wang", volunteer=True, since=date(2026, 3, 1))
    book.residents.describe("wang", volunteer=False, since=date(2026, 4, 1))
    book.residents.describe("home-wang", low_income=True)

    assert {"volunteer": True} == book.residents["wang"].attributes
    assert {"low_income": True} == book.residents["home-wang"].attributes
    clock.set("2026-04-01")
    assert {"volunteer": False} == book.residents["wang"].attributes
    with pytest.raises(TypeError):
        book.residents.describe("wang", height=1.75)
    with pytest.raises(ValueError, match="attribute"):
        book.residents.describe("wang")


def test_offices_are_dated(book: Community, clock: FakeClock) -> None:
    """Before the first and after the last day an officer is none."""
    book.residents.appoint("staff:new", role="grid-officer", since=date(2026, 3, 9),
                           until=date(2026, 3, 10))
    said = []
    for day in (8, 9, 10, 11):
        clock.set(date(2026, 3, day))
        deed = book.deeds.report("help", resident="wang", quantity=1)
        try:
            said.append(str(book.deeds.confirm(deed.id, by="staff:new").award.points))
        except Exception as no:  # noqa: BLE001  # whatever it is, it is compared
            said.append(getattr(no, "code", repr(no)))

    assert ["not_permitted", "2", "2", "not_permitted"] == said


def test_a_dismissed_officer_acts_no_more(village: Community, clock: FakeClock) -> None:
    """The day of dismissal is the last one."""
    village.residents.dismiss("staff:wu", role="grid-officer")
    paid(village)
    clock.move(days=1)
    deed = village.deeds.report("help", resident="wang", quantity=1)

    assert Code.NOT_PERMITTED == refusal(lambda: village.deeds.confirm(deed.id, by="staff:wu"))
    with pytest.raises(NotFound):
        village.residents.dismiss("staff:wu", role="grid-officer")
    assert () == village.residents["staff:wu"].roles


def test_the_last_administrator_stays(village: Community) -> None:
    """Somebody must be able to appoint; with a second one the first may go."""
    assert Code.STATE_NOT_FITTING == refusal(
        lambda: village.residents.dismiss("staff:zhao", role="admin"))

    village.residents.appoint("staff:qi", role="admin")

    assert "staff:zhao" == village.residents.dismiss("staff:zhao", role="admin").code


def test_who_may_appoint(village: Community) -> None:
    """Deny by default: an officer appoints nobody, a resident enrols nobody."""
    assert Code.NOT_PERMITTED == refusal(
        lambda: village.residents.appoint("staff:x", role="committee", by="staff:wu"))
    assert Code.NOT_PERMITTED == refusal(lambda: village.residents.enrol("x", by="wang"))
    with pytest.raises(NotFound):
        village.residents.appoint("home-li", role="committee")


@pytest.mark.parametrize(("verb", "said", "error"), [
    ("enrol", {"code": ""}, ValueError), ("enrol", {"code": 5}, TypeError),
    ("enrol", {"code": "x" * 65}, ValueError), ("enrol", {"code": "a\u200db"}, ValueError),
    ("enrol", {"code": "x", "name": "\u3164"}, ValueError),
    ("enrol", {"code": "x", "name": "a\u2028b"}, ValueError),
    ("enrol", {"code": "x", "name": "\ud800"}, ValueError),
    ("enrol", {"code": "x", "phone": "\ud800"}, ValueError),
    ("enrol", {"code": "x", "kind": "company"}, ValueError),
    ("enrol", {"code": "x", "part": "boss"}, ValueError),
    ("enrol", {"code": "x", "since": "2026-01-01"}, TypeError),
    ("enrol", {"code": "x", "since": datetime(2026, 1, 1)}, TypeError),  # noqa: DTZ001
    ("move", {"code": "wang", "part": "boss"}, ValueError),
    ("move", {"code": "nobody", "household": "home-li"}, NotFound),
    ("move", {"code": "wang", "household": "staff:wu"}, NotFound),
    ("leave", {"code": "wang", "on": 5}, TypeError),
    ("appoint", {"actor": "x", "role": ""}, ValueError),
    ("appoint", {"actor": "x", "role": "self"}, ValueError),
    ("appoint", {"actor": "x", "role": "ledger"}, ValueError),
    ("appoint", {"actor": "x", "role": "committee", "resident": "nobody"}, NotFound),
    ("area", {"code": " "}, ValueError),
])
def test_bad_input_is_an_error_and_leaves_nothing(
    book: Community, verb: str, said: dict[str, object], error: type,
) -> None:
    """Checked at the door, completely; nothing is written."""
    before = dump(book._book.store)

    with pytest.raises(error):
        getattr(book.residents, verb)(**said, key="k")

    assert before == dump(book._book.store)


def test_a_code_is_found_however_it_is_composed(village: Community) -> None:
    """Letters typed with combining marks are the same letters."""
    village.residents.enrol("café")

    assert "café" == village.residents["cafe\u0301"].code
    paid(village, "cafe\u0301", key="k")
    assert 10 == balance(village, "café")


def test_everybody_is_listed(village: Community) -> None:
    """Residents, households, staff; NotFound for others."""
    codes = [one.code for one in village.residents]

    assert ["li", "li-wife", "sun", "wang", "zhou"] == codes[:5]
    assert {"home-li", "staff:zhao"} <= {*codes}
    with pytest.raises(NotFound):
        village.residents["nobody"]


def test_last_days_do_not_lie_before_first_ones() -> None:
    """A term, a stay or a lasting state that ends before it begins is a slip, and the only
    administrator's term is not cut short by appointing her again."""
    with community(clock=FakeClock("2026-03-01")) as book:
        book.residents.enrol("li", since=date(2026, 2, 1))
        tries = [
            lambda: book.residents.leave("li", on=date(2026, 1, 31)),
            lambda: book.residents.appoint("staff:wu", role="committee",
                                           until=date(2026, 2, 28)),
            lambda: book.residents.appoint("staff:zhao", role="admin", since=date(2026, 3, 1),
                                           until=date(2026, 3, 1)),
        ]

        for slip in tries:
            with pytest.raises(ValueError, match="the last day"):
                slip()

        assert ("admin",) == book.residents["staff:zhao"].roles


def test_a_new_term_does_not_forget_who_the_officer_is() -> None:
    """An officer appointed again without her own record still cannot confirm her own deed."""
    clock = FakeClock("2026-03-01")
    with community(clock=clock) as book:
        book.rulebooks.adopt(FIRST)
        book.residents.enrol("0507")
        book.residents.appoint("staff:wu", role="grid-officer", resident="0507")
        clock.move(days=1)
        book.residents.dismiss("staff:wu", role="grid-officer")
        clock.move(days=1)
        book.residents.appoint("staff:wu", role="grid-officer")
        deed = book.deeds.report("hazard", resident="0507", place="3栋")

        code = refusal(lambda: book.deeds.confirm(deed.id, grade="minor", by="staff:wu"))

    assert Code.SELF_CONFIRMATION == code
