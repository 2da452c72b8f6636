"""Who may spend, when and how often, and in which kinds of points."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lovepoints.community import Community
from lovepoints.errors import Code, Refused
from lovepoints.testing import FakeClock
from tests.desks.conftest import RULES, Found, stocked
from tests.desks.looking import contents, refused

# who may


def test_a_resident_acts_for_her_own_passbook_only(village: Community) -> None:
    """A neighbour without an office cannot spend, reserve or let go for somebody else."""
    held = village.shop.hold({"soap": 1}, holder="li")

    told = []
    for verb in (lambda: village.shop.redeem({"soap": 1}, holder="li", by="wang"),
                 lambda: village.shop.hold({"soap": 1}, holder="li-mother", by="wang"),
                 lambda: village.shop.release(held.id, by="wang")):
        with pytest.raises(Refused) as no:
            verb()
        told.append(no.value.code)

    assert [Code.NOT_HOLDER] * 3 == told
    assert "released" == village.shop.release(held.id, by="li-aunt").state
    assert "li-aunt" == village.shop.redeem({"soap": 1}, holder="li", by="li-aunt").resident


@pytest.mark.parametrize(("spenders", "may"), [
    ("head", {"li-mother"}), ("adults", {"li-mother", "li-aunt"}),
    ("members", {"li-mother", "li-aunt", "li-child"}),
])
def test_the_rulebook_says_who_spends_for_a_household(
    found: Found, spenders: str, may: set[str],
) -> None:
    """By herself or through the shopkeeper, it is the part in the household that counts."""
    book = stocked(found(f'\n[redemption]\nspenders = "{spenders}"\n'))

    able = set()
    for who in ("li-mother", "li-aunt", "li-child"):
        for by in (who, "staff:qian"):
            try:
                book.shop.redeem({"soap": 1}, holder=who, by=by)
                able.add(who)
            except Refused as no:
                assert Code.NOT_HOLDER == no.code
                assert who not in able

    assert may == able


def test_a_passbook_of_ones_own_is_always_ones_own(found: Found) -> None:
    """Where residents hold passbooks, a child spends hers whatever her part at home."""
    book = found('\n[redemption]\nspenders = "head"\n',
                 rules=RULES.replace('"household"', '"resident"'))
    book.books.opening("li-child", 10)
    book.shop.stock("haircut", title="理发", price=10, stocked=False)

    redemption = book.shop.redeem({"haircut": 1}, holder="li-child", by="li-child")

    assert ("li-child", 10) == (redemption.holder, redemption.points)


@pytest.mark.parametrize(("proxy", "able"), [
    ("none", [False, False, False]), ("named", [True, True, False]), ("anyone", [True, True, True]),
])
def test_the_rulebook_says_whether_somebody_else_may_fetch(
    found: Found, proxy: str, able: list[bool],
) -> None:
    """A named proxy fetches for somebody who may spend; a bearer fetches for anybody."""
    book = stocked(found(f'\n[redemption]\nproxy = "{proxy}"\n'))

    told = []
    for holder, name in (("li-mother", "wang"), ("li-mother", "老李"), ("li-child", "老李")):
        try:
            told.append(name == book.shop.redeem({"soap": 1}, holder=holder, proxy=name).proxy)
        except Refused as no:
            assert Code.NOT_HOLDER == no.code
            told.append(False)

    assert able == told


def test_a_bearer_comes_to_the_counter(found: Found) -> None:
    """Where anyone may fetch, a child still cannot do it alone from her telephone."""
    book = stocked(found('\n[redemption]\nproxy = "anyone"\n'))

    assert Code.NOT_HOLDER == refused(
        book, "redeem", {"soap": 1}, holder="li-child", by="li-child").code
    assert 5 == book.shop.redeem({"soap": 1}, holder="li-child", by="staff:qian").points


def test_a_quote_says_who_may_not_fetch(found: Found) -> None:
    """A minor, and a proxy where none are allowed, are told before they queue."""
    book = stocked(found('\n[redemption]\nproxy = "none"\n'))

    child = book.shop.quote({"soap": 1}, holder="li-child")
    proxy = book.shop.quote({"soap": 1}, holder="li-mother", proxy="老李")

    assert [[Code.NOT_HOLDER]] * 2 == [[one.code for one in quote.refusals]
                                       for quote in (child, proxy)]


def test_a_proxys_name_stays_outside_the_journal(town: Community) -> None:
    """Names are kept, but not in the bytes that are hashed."""
    held = town.shop.hold({"soap": 1}, holder="li")
    redemption = town.shop.redeem({"soap": 1}, holder="li", proxy="李建国")
    collected = town.shop.collect(held.id, proxy="王小明")

    assert ("李建国", "王小明") == (redemption.proxy, collected.proxy)
    assert "王小明" == town.shop[held.id].proxy
    assert not [one for one in town.books.entries()
                if any(name in one.body.decode() for name in ("李建国", "王小明", "周记粮行"))]


def test_a_team_that_may_only_give_fetches_nothing(found: Found) -> None:
    """`holders` names the kinds of passbook that may be spent from."""
    book = stocked(found('\n[redemption]\nholders = ["household", "resident"]\n'))
    book.residents.enrol("dance-club", kind="team")
    book.books.opening("dance-club", 50)

    with pytest.raises(Refused) as no:
        book.shop.redeem({"soap": 1}, holder="dance-club")

    assert Code.NOT_HOLDER == no.value.code


def test_a_shopkeeper_may_but_an_auditor_may_not(village: Community) -> None:
    """Handing out needs a role; a role without it writes nothing, not even a used key."""
    village.residents.appoint("staff:audit", role="auditor")
    before = contents(village)

    with pytest.raises(Refused) as no:
        village.shop.redeem({"soap": 1}, holder="li", by="staff:audit", key="k")

    assert Code.NOT_PERMITTED == no.value.code
    assert before == contents(village)
    assert not village.shop.redeem({"soap": 1}, holder="li", by="staff:qian", key="k").is_repeat


@pytest.mark.parametrize(("on_leaving", "code"), [
    ("keep", ""), ("lapse", Code.ACCOUNT_CLOSED),
])
def test_who_has_left_spends_what_the_rulebook_lets_her_keep(
    found: Found, clock: FakeClock, on_leaving: str, code: str,
) -> None:
    """A closed passbook is used up where points are kept, and closed where they lapse."""
    book = stocked(found(rules=f'on_leaving = "{on_leaving}"\n' + RULES))
    book.residents.leave("wang-home")
    told = book.shop.redeem({"soap": 1}, holder="wang-home").state
    clock.move(days=1)

    try:
        book.shop.redeem({"soap": 1}, holder="wang-home")
        refused = ""
    except Refused as no:
        refused = no.code

    assert ("collected", code) == (told, refused)


# when, how often, for whom


def test_a_switched_window_is_opened_and_closed_by_staff(found: Found, clock: FakeClock) -> None:
    """Closed at first; a pile written down later meets the window of its own moment."""
    book = stocked(found("\n[redemption]\ndays = { switched = true }\n"))
    told = []
    for switch in ("", "open_window", "close_window"):
        if switch:
            clock.move(hours=1)
            getattr(book.shop, switch)(by="staff:qian")
        told.append(book.shop.quote({"soap": 1}, holder="li").is_payable)

    late = book.shop.redeem({"soap": 1}, holder="li", at=clock.now.replace(hour=11, minute=30))
    with pytest.raises(Refused) as no:
        book.shop.redeem({"soap": 1}, holder="li", at=clock.now.replace(hour=10, minute=30))

    assert [False, True, False] == told
    assert (5, Code.WINDOW_CLOSED) == (late.points, no.value.code)


def test_opening_days_name_the_next_one(found: Found, clock: FakeClock) -> None:
    """On a Monday the shop says that Saturday is the next day."""
    book = stocked(found('\n[redemption]\ndays = { weekdays = ["saturday"] }\n'))
    clock.set("2026-03-09 10:00")

    with pytest.raises(Refused) as no:
        book.shop.redeem({"soap": 1}, holder="li")
    late = book.shop.redeem({"soap": 1}, holder="li", at=date(2026, 3, 7))

    assert (Code.WINDOW_CLOSED, "2026-03-14") == (no.value.code, no.value.facts["next_on"])
    assert date(2026, 3, 7) == late.day


def test_the_day_it_happened_decides_the_price(town: Community, clock: FakeClock) -> None:
    """A paper slip of Saturday is written down on Monday at Saturday's price."""
    clock.set("2026-03-09 10:00")
    town.shop.price("soap", 8)

    late = town.shop.redeem({"soap": 1}, holder="li", at=date(2026, 3, 7))
    today = town.shop.redeem({"soap": 1}, holder="li")

    assert (5, 8) == (late.points, today.points)


def test_limits_are_per_passbook_and_period(village: Community, clock: FakeClock) -> None:
    """Two bags a month for each household; what came back gives its room back."""
    village.shop.stock("rice", price=10, limit={"most": 2, "each": "month"})
    first = village.shop.redeem({"rice": 2}, holder="li-mother")
    with pytest.raises(Refused) as no:
        village.shop.redeem({"rice": 1}, holder="li-aunt")
    village.shop.return_(first.id, part={"rice": 1})
    village.shop.redeem({"rice": 1}, holder="li-aunt")
    village.shop.redeem({"rice": 1}, holder="wang")
    clock.set("2026-04-01")

    april = village.shop.redeem({"rice": 1}, holder="li")

    assert (Code.ITEM_LIMIT, 2, "2026-04-01") == (
        no.value.code, no.value.facts["used"], no.value.facts["next_on"])
    assert 10 == april.points


def test_each_limit_looks_back_over_its_own_period(found: Found, clock: FakeClock) -> None:
    """Once a day in the rulebook does not make two a year on an item forget January."""
    book = stocked(found('\n[redemption]\noften = [{ most = 1, each = "day" }]\n'))
    book.shop.stock("soap", price=5, limit=2)
    book.shop.redeem({"soap": 2}, holder="li")
    clock.set("2026-11-01 09:00")

    no = refused(book, "redeem", {"soap": 1}, holder="li")

    assert (Code.ITEM_LIMIT, "2027-01-01") == (no.code, no.facts["next_on"])


def test_redemptions_count_by_the_rulebooks_own_year(found: Found, clock: FakeClock) -> None:
    """Where the year begins in April, so does the period of a limit."""
    book = stocked(found("\n[redemption]\noften = [{ most = 1, each = \"year\" }]\n",
                         rules="year_start = \"04-01\"\n" + RULES))
    book.shop.redeem({"soap": 1}, holder="li")
    with pytest.raises(Refused) as no:
        book.shop.redeem({"soap": 1}, holder="li")
    clock.set("2026-04-01 09:00")

    again = book.shop.redeem({"soap": 1}, holder="li")

    assert (Code.TOO_OFTEN, "2026-04-01") == (no.value.code, no.value.facts["next_on"])
    assert 5 == again.points


def test_a_resident_who_moves_takes_her_count_along(found: Found, clock: FakeClock) -> None:
    """A limit per resident also sees what she fetched from her former household's passbook."""
    book = stocked(found('\n[redemption]\noften = [{ most = 1, per = "resident" }]\n'))
    book.shop.redeem({"soap": 1}, holder="li-aunt")
    clock.move(days=1)
    book.residents.move("li-aunt", household="wang-home")

    with pytest.raises(Refused) as no:
        book.shop.redeem({"soap": 1}, holder="li-aunt")

    assert Code.TOO_OFTEN == no.value.code
    assert "wang" == book.shop.redeem({"soap": 1}, holder="wang").resident


def test_what_she_fetched_while_she_lived_alone_counts_too(
    found: Found, clock: FakeClock,
) -> None:
    """A passbook of her own before she joined a household is looked at as well."""
    book = stocked(found('\n[redemption]\noften = [{ most = 1, per = "resident" }]\n'))
    book.residents.enrol("zhou")
    book.books.opening("zhou", 20)
    book.shop.redeem({"soap": 1}, holder="zhou")
    clock.move(days=1)
    book.residents.move("zhou", household="li")

    with pytest.raises(Refused) as no:
        book.shop.redeem({"soap": 1}, holder="zhou")

    assert Code.TOO_OFTEN == no.value.code


def test_some_goods_are_kept_for_those_who_need_them(village: Community) -> None:
    """The household's attribute or the visitor's own decides, as it stands on that day."""
    village.shop.stock("quilt", title="棉被", price=20, for_={"hard_up": True, "trade": ["rider"]})
    village.shop.receive("quilt", 2)
    village.residents.describe("wang-home", hard_up=True)
    with pytest.raises(Refused) as no:
        village.shop.redeem({"quilt": 1}, holder="wang")
    village.residents.describe("wang", trade="rider")

    fetched = village.shop.redeem({"quilt": 1}, holder="wang")

    assert (Code.RESERVED_ITEM, 20) == (no.value.code, fetched.points)


def test_the_day_it_happened_decides_for_whom(village: Community, clock: FakeClock) -> None:
    """Who is hard up since today could not fetch the quilt on Saturday."""
    village.shop.stock("quilt", title="棉被", price=20, for_={"hard_up": True})
    village.shop.receive("quilt", 2)
    clock.set("2026-03-09 10:00")
    village.residents.describe("li", hard_up=True)

    with pytest.raises(Refused) as no:
        village.shop.redeem({"quilt": 1}, holder="li", at=date(2026, 3, 7))

    assert Code.RESERVED_ITEM == no.value.code
    assert 20 == village.shop.redeem({"quilt": 1}, holder="li").points


# kinds of points
KINDS = """
format = 1
title = "志愿者积分办法"
effective = 2026-01-01
holder = "resident"

[[kind]]
code = "points"
title = "积分"
decimals = 1

[[kind]]
code = "gift"
title = "礼积分"
decimals = 1

[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 1 }
"""


def test_prices_may_name_kinds_and_have_decimals(found: Found) -> None:
    """A mixed price takes each kind from its own lots, exactly."""
    book = found(rules=KINDS)
    book.books.opening("wang", "20.5")
    book.books.opening("wang", 9, kind="gift")
    book.shop.stock("ticket", title="演出票", price={"points": "2.5", "gift": 3}, cash=600,
                    stocked=False)

    redemption = book.shop.redeem({"ticket": 2}, holder="wang")

    assert {"points": Decimal("5.0"), "gift": Decimal("6.0")} == redemption.amounts
    assert (Decimal("11.0"), 1200) == (redemption.lines[0].total, redemption.cash)
    assert {"points": Decimal("15.5"), "gift": Decimal("3.0")} == book.passbooks["wang"].balances
