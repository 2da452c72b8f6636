"""Cards: given, read, lost, replaced; what they open, and what they never tell."""

from __future__ import annotations

import pytest

from lovepoints.community import Community
from lovepoints.core.card_rows import CardRow, Token
from lovepoints.errors import Code, NotFound, Refused
from lovepoints.testing import FakeClock
from tests.desks.conftest import Found
from tests.desks.looking import KIOSK

TOKEN = "0004711223"
OTHER = "0009988776"


def refused(call: object, *args: object, **named: object) -> Code:
    """The code with which a verb refuses."""
    with pytest.raises(Refused) as no:
        call(*args, **named)  # type: ignore[operator]  # any verb
    return no.value.code


def test_a_card_leads_to_a_passbook(town: Community) -> None:
    """The token names the member, and the passbook that she uses."""
    card = town.cards.issue("li-aunt", token=TOKEN, kind="paper")

    found = town.cards.find(TOKEN)

    assert (card.id, "li-aunt", "li", True) == (found.id, found.resident, found.holder,
                                                found.is_valid)
    town.shop.redeem({"soap": 1}, holder=found.resident, by=KIOSK)
    assert 95 == town.passbooks["li"].balance


@pytest.mark.parametrize("read", ["０００４７１１２２３", "0004711223\r\n", " 0004 711223 "])
def test_readers_may_type_it_differently(village: Community, read: str) -> None:
    """Full-width digits, spaces and the final Enter make no other card."""
    card = village.cards.issue("wang", token=TOKEN)

    assert card.id == village.cards.find(read).id
    assert Code.CODE_TAKEN == refused(village.cards.issue, "li-aunt", token=read)


def test_a_person_may_have_several_cards(village: Community) -> None:
    """Each works by itself; there is an end to it."""
    cards = [village.cards.issue("wang", token=f"card-{place}") for place in range(9)]

    assert [one.id for one in cards] == [one.id for one in village.cards.of("wang")]
    assert Code.AMOUNT_RANGE == refused(village.cards.issue, "wang", token="card-9")
    village.cards.lose(cards[0].id)
    assert village.cards.issue("wang", token="card-9").is_valid


def test_a_lost_card_stops_at_once_and_for_ever(town: Community, clock: FakeClock) -> None:
    """Points, passbook and other cards stay as they are; found again it opens nothing, and its
    token is given to nobody."""
    lost = town.cards.issue("wang", token=TOKEN)
    kept = town.cards.issue("wang", token=OTHER)

    stopped = town.cards.lose(lost.id, reason="在菜市场丢的", by=KIOSK)

    assert not stopped.is_valid
    assert stopped.stopped_on == clock.now.date()
    assert Code.CARD_NOT_VALID == refused(town.cards.find, TOKEN)
    assert Code.CODE_TAKEN == refused(town.cards.issue, "wang", token=TOKEN)
    assert Code.STATE_NOT_FITTING == refused(town.cards.lose, lost.id)
    assert (kept.id, 100) == (town.cards.find(OTHER).id, town.passbooks["wang"].balance)


def test_a_replacement_stops_the_old_card_in_the_same_entry(town: Community) -> None:
    """Of one card comes one new card; the journal shows which followed which."""
    old = town.cards.issue("wang", token=TOKEN, kind="phone")
    seq = len(list(town.books.entries()))

    new = town.cards.replace(old.id, token=OTHER, reason="磨损")

    assert (old.id, "phone", True) == (new.follows, new.kind, town.cards.find(OTHER).is_valid)
    assert Code.CARD_NOT_VALID == refused(town.cards.find, TOKEN)
    assert ["replace"] == [entry.kind for entry in town.books.entries()][seq:]
    assert Code.STATE_NOT_FITTING == refused(town.cards.replace, old.id, token="0001")


def test_a_lost_card_is_replaced_later(village: Community) -> None:
    """Stopped on the telephone today, replaced at the desk another day."""
    old = village.cards.issue("wang", token=TOKEN)
    village.cards.lose(old.id)

    new = village.cards.replace(old.id, token=OTHER)

    assert [False, True] == [one.is_valid for one in village.cards.of("wang")]
    assert new == village.cards.replace(old.id, token=OTHER, key=new.key) or new.key
    assert old.id == village.cards[new.id].follows


def test_a_call_with_a_key_happens_once(village: Community) -> None:
    """The same key gives the first card again, of another token a conflict."""
    first = village.cards.issue("wang", token=TOKEN, key="k-1")

    again = village.cards.issue("wang", token=TOKEN, key="k-1")

    assert (first.id, True, 1) == (again.id, again.is_repeat, len(village.cards.of("wang")))


def test_unknown_and_stopped_cards_are_answered_alike(village: Community) -> None:
    """The refusal tells nothing: no fact, one sentence."""
    village.cards.lose(village.cards.issue("wang", token=TOKEN).id)
    said = set()
    for token in (TOKEN, OTHER, "", "1", "x" * 9999, "\x00\x00\x00\x00\x00", "\ud800" * 5):
        with pytest.raises(Refused) as no:
            village.cards.find(token)
        said.add((no.value.code, str(no.value), tuple(no.value.facts)))

    assert 1 == len(said)


def test_who_has_left_gets_no_card(village: Community, clock: FakeClock) -> None:
    """Neither a first one nor another one."""
    card = village.cards.issue("wang", token=TOKEN)
    village.residents.leave("wang")
    clock.move(days=1)

    assert Code.ACCOUNT_CLOSED == refused(village.cards.issue, "wang", token=OTHER)
    assert Code.ACCOUNT_CLOSED == refused(village.cards.replace, card.id, token=OTHER)


@pytest.mark.parametrize("role", ["admin", "committee", "grid-officer", "shopkeeper"])
def test_nobody_issues_for_her_own_household(village: Community, role: str) -> None:
    """Not for herself, her household or a member of it, whatever her role; stopping is free."""
    village.residents.appoint("staff:li", role=role, resident="li-aunt")
    theirs = village.cards.issue("li-child", token=TOKEN)

    for whose in ("li-aunt", "li-mother", "li"):
        assert Code.SELF_CONFIRMATION == refused(
            village.cards.issue, whose, token=OTHER, by="staff:li")
    assert Code.SELF_CONFIRMATION == refused(
        village.cards.replace, theirs.id, token=OTHER, by="staff:li")
    assert not village.cards.lose(theirs.id, by="staff:li").is_valid
    assert village.cards.issue("wang", token=OTHER, by="staff:li").is_valid


def test_residents_stop_their_own_cards_only(village: Community) -> None:
    """And those of their household."""
    card = village.cards.issue("li-child", token=TOKEN)

    assert Code.NOT_HOLDER == refused(village.cards.lose, card.id, by="wang")
    assert not village.cards.lose(card.id, by="li-mother").is_valid
    assert Code.NOT_PERMITTED == refused(village.cards.issue, "wang", token=OTHER, by="wang")


def test_a_card_that_is_not_there_is_not_found(village: Community) -> None:
    """A wrong id of a card is the caller's mistake."""
    with pytest.raises(NotFound):
        village.cards.lose("c-0000000000")
    with pytest.raises(ValueError, match="kind is one of"):
        village.cards.issue("wang", token=TOKEN, kind="chip")
    with pytest.raises(ValueError, match="visible characters"):
        village.cards.issue("wang", token="abc")


def test_verification_finds_a_card_that_was_pointed_elsewhere(found: Found) -> None:
    """A token moved to another person's card by hand is not what was sealed."""
    book = found()
    wang = book.cards.issue("wang", token=TOKEN)
    li = book.cards.issue("li-aunt", token=OTHER)
    store = book._book.store
    mine = next(row for row in store.find(Token) if row.card == wang.id)
    theirs = next(row for row in store.find(Token) if row.card == li.id)

    with store.writing():
        store.drop(Token, mine.digest)
        store.drop(Token, theirs.digest)
        store.put(Token(digest=mine.digest, card=li.id, party=theirs.party, key=theirs.key))
    damaged = book.books.check()
    with store.writing():
        store.drop(Token, mine.digest)
        store.put(mine)
        store.put(theirs)

    assert [("sealed", li.id)] == [(one.code, one.facts["subject"]) for one in damaged.problems]
    row = store.get(CardRow, li.id)
    assert row is not None
    assert row.party == theirs.party
