"""One-time collection codes, and phones that answer a kiosk."""

from __future__ import annotations

import random
from datetime import date

import pytest

from lovepoints.community import Community
from lovepoints.errors import Code, Conflict, Refused
from lovepoints.testing import FakeClock
from tests.desks.looking import KIOSK, available, last
from tests.desks.test_cards import refused


@pytest.fixture
def reserved(town: Community) -> Community:
    """Wang reserved two soaps and rice; it is the first redemption of the book."""
    town.shop.hold({"soap": 2, "rice": 1}, holder="wang", by=KIOSK, key="h-1")
    return town


def slip(book: Community) -> str:
    """The id of the reservation."""
    return book.shop.of("wang")[-1].id


def test_a_neighbour_collects_with_the_code(reserved: Community) -> None:
    """Without card and PIN; the entry is that of any collection and says that it was by code."""
    code = reserved.cards.collection_code(slip(reserved), by="wang")

    got = reserved.cards.collect(slip(reserved), code.code, proxy="li-aunt", by=KIOSK, key="c-1")

    assert (8, date(2026, 3, 14)) == (len(code.code), code.ends_on)
    assert ("collected", 54, 46) == (got.state, got.points, available(reserved, "wang"))
    assert "collect" == last(reserved).kind
    assert last(reserved).details["rows"]["redemption"][0]["details"]["with_code"] is True


def test_a_code_works_once(reserved: Community) -> None:
    """The same key gives the first answer again; a new call meets what was collected."""
    code = reserved.cards.collection_code(slip(reserved)).code
    reserved.cards.collect(slip(reserved), code, by=KIOSK, key="c-1")

    assert reserved.cards.collect(slip(reserved), code, by=KIOSK, key="c-1").is_repeat
    assert Code.HOLD_ALREADY_COLLECTED == refused(
        reserved.cards.collect, slip(reserved), code, by=KIOSK)
    assert Code.STATE_NOT_FITTING == refused(reserved.cards.collection_code, slip(reserved))
    with pytest.raises(Conflict):
        reserved.shop.collect(slip(reserved), by=KIOSK, key="c-1")


def test_a_code_ends_with_its_reservation(reserved: Community, clock: FakeClock) -> None:
    """When the reservation lapses there is nothing to collect, and no new code."""
    code = reserved.cards.collection_code(slip(reserved)).code
    clock.set("2026-03-15")

    assert Code.STATE_NOT_FITTING == refused(reserved.cards.collection_code, slip(reserved))
    assert Code.HOLD_ALREADY_LAPSED == refused(
        reserved.cards.collect, slip(reserved), code, by=KIOSK)
    assert Code.HOLD_UNKNOWN == refused(reserved.cards.collection_code, "x-999")


def test_a_new_code_ends_the_one_before(reserved: Community) -> None:
    """The key of the first one gives it again, but it opens nothing any more."""
    first = reserved.cards.collection_code(slip(reserved), key="n-1")
    second = reserved.cards.collection_code(slip(reserved), key="n-2")

    assert first.code == reserved.cards.collection_code(slip(reserved), key="n-1").code
    assert first.code != second.code
    assert Code.NOT_RECOGNISED == refused(
        reserved.cards.collect, slip(reserved), first.code, by=KIOSK)
    assert "collected" == reserved.cards.collect(slip(reserved), second.code, by=KIOSK).state


def test_wrong_codes_wait_and_lock(reserved: Community, clock: FakeClock) -> None:
    """Ten wrong ones lock it, so that even the right one is refused; a new code opens again."""
    code = reserved.cards.collection_code(slip(reserved)).code
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    got = []
    for _ in range(10):
        got.append(refused(reserved.cards.collect, slip(reserved), wrong, by=KIOSK))
        clock.move(hours=1)

    assert [Code.NOT_RECOGNISED] * 10 == got
    assert Code.LOCKED == refused(reserved.cards.collect, slip(reserved), code, by=KIOSK)
    assert "lock" == last(reserved).kind
    fresh = reserved.cards.collection_code(slip(reserved), by="wang").code
    assert "collected" == reserved.cards.collect(
        slip(reserved), fresh, by=KIOSK, device="kiosk:2").state


def test_a_code_tells_nothing_of_other_reservations(reserved: Community) -> None:
    """Unknown reservations, ones without a code and wrong codes are answered alike."""
    reserved.cards.collection_code(slip(reserved))
    other = reserved.shop.hold({"soap": 1}, holder="li", by=KIOSK).id
    said = set()
    for redemption in (slip(reserved), other, "x-999"):
        with pytest.raises(Refused) as no:
            reserved.cards.collect(redemption, "00000000", by=KIOSK, device=redemption)
        said.add((no.value.code, str(no.value), str(no.value.facts)))

    assert 1 == len(said)


def test_only_her_own_household_asks_for_a_code(reserved: Community) -> None:
    """A resident gets the codes of her own passbook."""
    assert Code.NOT_HOLDER == refused(
        reserved.cards.collection_code, slip(reserved), by="li-aunt")
    assert Code.NOT_PERMITTED == refused(reserved.cards.collect, slip(reserved), "1", by="wang")


def test_a_phone_is_admitted_once(town: Community) -> None:
    """The kiosk shows a number, her phone answers it, the kiosk reads the answer."""
    answer = town.cards.answer(town.cards.challenge(by=KIOSK), by="li-aunt")

    assert "li-aunt" == town.cards.admit(answer, by=KIOSK)
    assert Code.NOT_RECOGNISED == refused(town.cards.admit, answer, by=KIOSK)


def test_an_answer_is_for_one_kiosk_and_one_number(town: Community) -> None:
    """Another kiosk does not know the number; a newer number ends the older one."""
    answer = town.cards.answer(town.cards.challenge(by=KIOSK), by="wang")
    town.cards.challenge(device="kiosk:2", by=KIOSK)
    assert Code.NOT_RECOGNISED == refused(town.cards.admit, answer, device="kiosk:2", by=KIOSK)

    town.cards.challenge(by=KIOSK)

    assert Code.NOT_RECOGNISED == refused(town.cards.admit, answer, by=KIOSK)


@pytest.mark.parametrize("change", ["later", "ahead", "back", "restart", "slept"])
def test_an_answer_lives_a_minute_on_any_clock(
    town: Community, clock: FakeClock, change: str,
) -> None:
    """Time that passes ends it, and so does whatever somebody does to the clock."""
    clock.move(hours=5)
    answer = town.cards.answer(town.cards.challenge(by=KIOSK), by="wang")
    clock.move(seconds=59)
    if change == "later":
        clock.move(seconds=1)
    elif change == "ahead":
        clock.set("2027-03-07")
    elif change == "back":
        clock.set("2025-03-07")
    elif change == "restart":
        clock.restart()
    else:
        clock.move(minutes=2)
        clock.set(clock.now.replace(minute=0, second=30))

    assert Code.NOT_RECOGNISED == refused(town.cards.admit, answer, by=KIOSK)


def test_no_changed_answer_is_admitted(village: Community) -> None:
    """S13: ten thousand answers with one to three bits flipped; none is taken, and the right one
    still is."""
    answer = village.cards.answer(village.cards.challenge(by=KIOSK), by="wang")
    chance, raw = random.Random(13), answer.encode()
    admitted = 0
    from lovepoints.core.card_rows import Challenge
    from lovepoints.core.credentials.challenges import admitted as admits

    book = village._book
    shown = book.store.find(Challenge)[0]
    for _ in range(10_000):
        flipped = bytearray(raw)
        for _ in range(chance.randint(1, 3)):
            flipped[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        text = flipped.decode("latin-1")
        admitted += text != answer and admits(
            book.card_key(), text, shown, book.now(), book.uptime()) != ""

    assert 0 == admitted
    assert "wang" == village.cards.admit(f" {answer}\r", by=KIOSK)


def test_answers_are_of_residents_and_outside_of_batches(village: Community) -> None:
    """An officer answers for nobody; inside a batch an answer could be read twice."""
    number = village.cards.challenge(by=KIOSK)

    assert Code.NOT_PERMITTED == refused(village.cards.answer, number, by="staff:qian")
    with village.batch(), pytest.raises(RuntimeError, match="outside of batch"):
        village.cards.admit("1.2.3.4.5", by=KIOSK)
    with pytest.raises(TypeError, match="reads off a phone"):
        village.cards.admit(b"1.2", by=KIOSK)  # type: ignore[arg-type]
    other = village.cards.answer(number, by="wang")
    for odd in ("", ".", "1.2.3.4.5", "爱" * 9, "1." * 400, other):
        assert Code.NOT_RECOGNISED == refused(village.cards.admit, odd, device="other", by=KIOSK)
