"""Money for a purpose: no record makes less than nothing of a fund, and each can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.community import Community
from lovepoints.core.work.funds import shares
from lovepoints.desks.fund_answers import Money
from lovepoints.errors import Code, Refused
from lovepoints.testing import FakeClock, community


def founded() -> Community:
    """Two households, a committee member who lives in one of them, an aid officer."""
    book = community(clock=FakeClock("2026-03-02 09:00"))
    for code, home in (("li", "li-home"), ("wang", "wang-home")):
        book.residents.enrol(code, household=home)
    book.residents.appoint("staff:li", role="committee", resident="li")
    book.residents.appoint("staff:aid", role="aid-officer")
    book.residents.appoint("staff:field", role="grid-officer")
    return book


@pytest.fixture
def book() -> Iterator[Community]:
    with founded() as found:
        found.funds.open("winter", title="冬季慰问金", limit=1000_00, people=20)
        yield found
        assert found.books.verify().is_sound


def no(call: Callable[[], object]) -> Refused:
    """The refusal of a call."""
    with pytest.raises(Refused) as refused:
        call()
    return refused.value


def test_a_budget_is_spent_and_never_more(book: Community) -> None:
    desk = book.funds
    desk.grant("winter", 300_00, holder="wang-home", reason="慰问", category="festival")
    desk.spend("winter", 150_00, reason="买米", category="goods")
    found = desk["winter"]
    assert (found.granted, found.spent, found.left) == (300_00, 150_00, 550_00)
    refused = no(lambda: desk.spend("winter", 550_01, reason="买油"))
    assert (refused.code, refused.facts["needed"], refused.facts["present"]) == (
        Code.FUND_SHORT, 550_01, 550_00)
    assert "550.01 元" in refused.sentence("zh")


def test_a_gift_is_noted_with_its_donor_outside_the_journal(book: Community) -> None:
    book.funds.receive("winter", 88_00, donor="DONOR 粮油店", receipt="RECEIPT 7", note="NOTE 谢谢")
    assert [(one.donor, one.receipt, one.note) for one in book.funds.moves("winter")] == [
        ("DONOR 粮油店", "RECEIPT 7", "NOTE 谢谢")]
    assert book.funds["winter"].left == 1088_00
    assert "DONOR" not in "".join(map(repr, book.books.entries()))


def test_money_set_aside_is_taken_from_and_let_go(book: Community) -> None:
    desk = book.funds
    aside = desk.reserve("winter", 600_00, reason="春节走访").id
    assert no(lambda: desk.spend("winter", 400_01, reason="急用")).code == Code.FUND_SHORT
    granted = desk.grant("winter", 250_00, holder="wang-home", reason="慰问", source=aside)
    assert no(lambda: desk.grant("winter", 350_01, holder="wang-home", reason="慰问",
                                 source=aside)).code == Code.FUND_SHORT
    assert (desk["winter"].reserved, desk["winter"].left) == (350_00, 400_00)

    desk.take_back(aside, reason="走访完了")
    assert (desk["winter"].reserved, desk["winter"].left) == (0, 750_00)
    assert no(lambda: desk.take_back(aside, reason="再来")).code == Code.STATE_NOT_FITTING
    desk.take_back(granted.id, reason="没有领")
    assert desk["winter"].granted == 0


def test_a_gift_that_was_used_stays(book: Community) -> None:
    gift = book.funds.receive("winter", 100_00).id
    book.funds.spend("winter", 1050_00, reason="买被子")
    assert no(lambda: book.funds.take_back(gift, reason="退款")).code == Code.FUND_SHORT
    assert no(lambda: book.funds.open("winter", title="冬季慰问金", limit=949_99)
              ).code == Code.FUND_SHORT
    assert book.funds.open("winter", title="冬季慰问金", limit=950_00).left == 0


def test_nobody_grants_to_her_own_household(book: Community) -> None:
    for holder in ("li", "li-home"):
        assert no(lambda holder=holder: book.funds.grant(  # type: ignore[misc]
            "winter", 1, holder=holder, reason="慰问", by="staff:li")).code == (
            Code.SELF_CONFIRMATION)
    granted = book.funds.grant("winter", 1, holder="li-home", reason="慰问").id
    assert no(lambda: book.funds.take_back(granted, reason="x", by="staff:li")).code == (
        Code.SELF_CONFIRMATION)


def test_whom_a_grant_went_to_is_for_readers_of_aid(book: Community) -> None:
    book.funds.grant("winter", 300_00, holder="wang-home", reason="REASON 病后", category="urgent")

    def seen(by: str) -> Money:
        (found,) = book.funds.moves("winter", by=by)
        return found

    assert (seen("staff:aid").holder, seen("staff:aid").reason) == ("wang-home", "REASON 病后")
    for other in ("staff:field", "wang"):
        assert (seen(other).holder, seen(other).reason, seen(other).fen) == ("", "", 300_00)


def test_her_export_tells_what_her_household_was_granted(book: Community) -> None:
    book.funds.grant("winter", 300_00, holder="wang-home", reason="REASON 病后")
    hers = book.privacy.export("wang", by="wang")
    assert [(one.what, one.fen, one.words) for one in hers.aid] == [
        ("granted", 300_00, {"reason": "REASON 病后"})]
    assert book.privacy.export("li", by="li").aid == ()


def test_a_closed_fund_takes_nothing_more(book: Community) -> None:
    desk = book.funds
    aside = desk.reserve("winter", 1, reason="x").id
    assert no(lambda: desk.close("winter")).code == Code.STATE_NOT_FITTING
    desk.take_back(aside, reason="x")
    assert desk.close("winter").until == date(2026, 3, 2)
    for say in (lambda: desk.receive("winter", 1), lambda: desk.close("winter"),
                lambda: desk.spend("winter", 1, reason="x"), lambda: desk.open("winter", title="x"),
                lambda: desk.take_back(aside, reason="x")):
        assert no(say).code == Code.STATE_NOT_FITTING  # type: ignore[arg-type]


def test_what_a_drive_did_not_use_goes_back_to_the_fen(book: Community) -> None:
    desk = book.funds
    desk.open("ramp", title="坡道众筹", goal=5000_00)
    for fen in (100_00, 100_00, 100_00):
        desk.receive("ramp", fen)
    desk.spend("ramp", 200_00, reason="设计")
    closed = desk.close("ramp", give_back=True)
    back = [one.fen for one in desk.moves("ramp") if one.what == "returned"]
    assert (sorted(back), closed.left, closed.returned) == ([33_33, 33_33, 33_34], 0, 100_00)


@given(total=st.integers(0, 10**14), parts=st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.integers(1, 10**12), min_size=1, max_size=9))
def test_shares_add_up_and_are_fair(total: int, parts: dict[str, int]) -> None:
    """They add up to the total, and none is a whole fen away from its exact share."""
    found = shares(total, parts)
    assert sum(found.values()) == total
    assert all(abs(found[name] * sum(parts.values()) - total * part) < sum(parts.values())
               for name, part in parts.items())


STEPS = st.lists(st.tuples(
    st.sampled_from(["receive", "reserve", "spend", "grant", "take_back", "limit"]),
    st.integers(1, 60), st.integers(0, 9)), max_size=25)


@settings(max_examples=60)
@given(steps=STEPS)
def test_any_walk_keeps_the_sums(steps: list[tuple[str, int, int]]) -> None:
    """After any walk what is left is what a plain count of the accepted records says, and never
    below zero; so is what is set aside."""
    with founded() as book:
        desk = book.funds
        desk.open("fund", title="款项", limit=50)
        limit, live = 50, {}  # id: [what, fen, source]
        for verb, fen, pick in steps:
            ids = sorted(live)
            asides = [one for one in ids if live[one][0] == "reserve"]
            source = asides[pick % len(asides)] if asides and pick % 2 else ""
            try:
                if verb == "limit":
                    desk.open("fund", title="款项", limit=fen)
                    limit = fen
                elif verb == "take_back" and ids:
                    one = ids[pick % len(ids)]
                    desk.take_back(one, reason="x")
                    used = sum(row[1] for row in live.values() if row[2] == one)
                    live[one][1] = used
                    if not used:
                        del live[one]
                elif verb == "receive":
                    live[desk.receive("fund", fen).id] = [verb, fen, ""]
                elif verb == "reserve":
                    live[desk.reserve("fund", fen, reason="x").id] = [verb, fen, ""]
                elif verb == "spend":
                    live[desk.spend("fund", fen, reason="x", source=source).id] = [
                        verb, fen, source]
                elif verb == "grant":
                    live[desk.grant("fund", fen, holder="wang", reason="x", source=source).id] = [
                        verb, fen, source]
            except Refused:
                pass
            gifts = sum(row[1] for row in live.values() if row[0] == "receive")
            out = sum(row[1] for row in live.values() if row[0] in ("spend", "grant"))
            aside = sum(row[1] - sum(other[1] for other in live.values() if other[2] == name)
                        for name, row in live.items() if row[0] == "reserve")
            found = desk["fund"]
            assert (found.left, found.reserved) == (limit + gifts - out - aside, aside)
            assert found.left >= 0 <= found.reserved
