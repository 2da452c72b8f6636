"""PINs: set, changed, tried, locked, opened again; nothing tells whether a person is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import lovepoints
from lovepoints import testing
from lovepoints.community import Community, opened
from lovepoints.core.card_rows import Pin, Tries
from lovepoints.core.store import Store
from lovepoints.errors import Code, Refused
from lovepoints.stores import sqlite
from lovepoints.testing import CHEAP, FakeClock
from tests.desks.looking import KIOSK
from tests.desks.test_cards import TOKEN, refused

PIN, WRONG = "2846", "2847"
Try = Callable[[str], str]


@pytest.fixture
def guarded(town: Community) -> Community:
    """Wang has a card and a PIN."""
    town.cards.issue("wang", token=TOKEN)
    town.cards.set_pin("wang", PIN)
    return town


def answer(book: Community, pin: str = WRONG, device: str = "", **who: str) -> str:
    """What a try at a PIN gives: whose it is, or why not."""
    try:
        return book.cards.check_pin(pin, device=device, by=KIOSK, **(who or {"resident": "wang"}))
    except Refused as no:
        return str(no.code)


def patient(book: Community, clock: FakeClock, times: int, **who: str) -> list[str]:
    """So many wrong tries by somebody who always waits an hour."""
    found = []
    for _ in range(times):
        found.append(answer(book, **who))
        clock.move(hours=1)
    return found


def test_the_right_pin_says_who_it_is(guarded: Community) -> None:
    """By code or by card, with plain or full-width digits."""
    assert "wang" == answer(guarded, PIN)
    assert "wang" == answer(guarded, "２８４６", token=TOKEN)


def test_waits_grow_and_the_tenth_wrong_pin_locks(guarded: Community, clock: FakeClock) -> None:
    """Two are free; from the third on one waits, until nothing is let through any more."""
    assert [Code.NOT_RECOGNISED] * 3 == [answer(guarded) for _ in range(3)]
    with pytest.raises(Refused) as no:
        guarded.cards.check_pin(PIN, resident="wang", by=KIOSK)
    assert (Code.TRY_LATER, {"seconds": 30}) == (no.value.code, no.value.facts)
    clock.move(seconds=29)
    assert Code.TRY_LATER == answer(guarded, PIN)
    clock.move(seconds=1)

    last = patient(guarded, clock, 8)

    assert [Code.NOT_RECOGNISED] * 7 + [Code.LOCKED] == last
    assert Code.LOCKED == answer(guarded, PIN)
    assert (10, clock.now.date()) == (guarded.cards.pin("wang").wrong,
                                      guarded.cards.pin("wang").locked_on)


def test_a_right_pin_makes_her_wrong_ones_good(guarded: Community) -> None:
    """Who mistypes twice and then gets it right begins from nothing."""
    for _ in range(20):
        assert [Code.NOT_RECOGNISED, Code.NOT_RECOGNISED, "wang"] == [
            answer(guarded, pin) for pin in (WRONG, WRONG, PIN)]

    assert [] == guarded._book.store.find(Tries)


def test_a_wrong_pin_is_no_entry_and_a_lock_is_one(guarded: Community, clock: FakeClock) -> None:
    """The journal tells that it was locked, opened and set: not every wrong key."""
    size = len(list(guarded.books.entries()))

    patient(guarded, clock, 30)
    guarded.cards.unlock("wang", reason="本人到场")
    answer(guarded, PIN)
    guarded.cards.set_pin("wang", "739150")

    assert ["lock", "unlock", "set_pin"] == [
        entry.kind for entry in guarded.books.entries()][size:]


def test_setting_the_clock_ends_no_wait(guarded: Community, clock: FakeClock) -> None:
    """A year ahead, a year back: the wait is as long as it was; restarting begins it again."""
    for _ in range(3):
        answer(guarded)
    clock.move(seconds=20)

    for moment in ("2027-03-07", "2025-03-07", "2026-03-07 10:00"):
        clock.set(moment)
        assert Code.TRY_LATER == answer(guarded, PIN)
    clock.restart()
    clock.move(seconds=10)
    assert Code.TRY_LATER == answer(guarded, PIN)
    clock.move(seconds=30)
    assert "wang" == answer(guarded, PIN)


def test_ten_thousand_guesses_reach_ten(tmp_path: Path) -> None:
    """S11: every PIN there is, over restarts of program and machine, a clock set back by a year,
    five devices: at most ten are looked at, and the right one comes too late."""
    clock = FakeClock("2026-03-07 10:00")
    path = tmp_path / "book.db"
    with testing.community(clock=clock, store=sqlite.create(path)) as book:
        book.residents.appoint(KIOSK, role="kiosk")
        book.residents.enrol("wang")
        book.cards.set_pin("wang", "9071")
    looked, guess, store = 0, 0, sqlite.open_(path)
    while guess < 10_000:
        if guess % 500 == 0:
            store.close()
            store = sqlite.open_(path)
            clock.restart()
            clock.set("2025-03-07" if guess % 1000 else "2026-03-08")
        book = opened(store, by=KIOSK, clock=clock, uptime=clock.uptime, pin_cost=CHEAP)
        got = answer(book, f"{guess:04d}", device=f"kiosk:{guess % 5}")
        looked += got in (Code.NOT_RECOGNISED, "wang")
        assert "wang" != got
        clock.move(hours=1)
        guess += 1
    store.close()

    assert 10 == looked


def test_one_device_tries_many_persons(village: Community, clock: FakeClock) -> None:
    """Who tries a PIN or two on each of many cards is stopped at the device, and only there."""
    for place in range(40):
        village.residents.enrol(f"n{place}")
    village.cards.set_pin("wang", PIN)

    got = [answer(village, resident=f"n{place}") for place in range(12)]
    clock.move(hours=1)
    for place in range(12, 40):
        answer(village, resident=f"n{place}")
        clock.move(hours=1)

    assert [Code.NOT_RECOGNISED] * 10 + [Code.TRY_LATER] * 2 == got
    assert Code.LOCKED == answer(village, PIN)
    assert "wang" == answer(village, PIN, device="kiosk:2")
    village.cards.unlock(device=KIOSK, reason="已查明")
    assert "wang" == answer(village, PIN)


def test_an_unlocked_person_opens_no_device(guarded: Community, clock: FakeClock) -> None:
    """Thirty wrong PINs shut a kiosk until it is opened, though one person's are forgotten."""
    for name in ("a", "b"):
        patient(guarded, clock, 10, token=TOKEN[:-1] + name)
    patient(guarded, clock, 10)

    guarded.cards.unlock("wang", reason="本人到场")

    assert Code.LOCKED == answer(guarded, PIN)
    assert "wang" == answer(guarded, PIN, device="kiosk:2")
    guarded.cards.unlock(device=KIOSK, reason="已查明")
    assert "wang" == answer(guarded, PIN)


def test_an_unlocked_device_forgives_no_person(guarded: Community, clock: FakeClock) -> None:
    """Opening a device does not open a person's PIN, nor give her ten tries more."""
    patient(guarded, clock, 9)
    guarded.cards.unlock(device=KIOSK, reason="已查明")

    assert [Code.NOT_RECOGNISED, Code.LOCKED] == patient(guarded, clock, 2)


def test_mistyped_numbers_do_not_lock_a_kiosk(guarded: Community, clock: FakeClock) -> None:
    """Each right PIN lets one number that nobody has be forgotten."""
    for place in range(60):
        assert Code.NOT_RECOGNISED == answer(guarded, PIN, resident=f"09{place}")
        assert "wang" == answer(guarded, PIN)


@pytest.mark.parametrize("who", [
    {"resident": "nobody"}, {"token": "0000000000"}, {"resident": "li-aunt"},
    {"resident": "staff:qian"}, {"token": "?"},
])
def test_nobody_can_tell_who_is_there(
    guarded: Community, clock: FakeClock, who: dict[str, str],
) -> None:
    """Somebody who is not there, has no PIN or no passbook meets the same as Wang, try by try."""
    def told(**whom: str) -> tuple[object, ...]:
        with pytest.raises(Refused) as no:
            guarded.cards.check_pin(WRONG, device=str(whom), by=KIOSK, **whom)
        return no.value.code, str(no.value), str(no.value.facts), getattr(
            no.value, "__notes__", None)

    for step in range(40):
        assert told(resident="wang") == told(**who)
        clock.move(seconds=(step % 4) * 200)

    assert Code.LOCKED == answer(guarded, **who)


def test_weak_pins_are_refused(village: Community) -> None:
    """Repeats, runs, birthdays, her own numbers: with a sentence that helps."""
    village.residents.enrol("0739", phone="139 4827 6051")

    for pin, why in (("0000", "repeats"), ("1212", "repeats"), ("123123", "repeats"),
                     ("1234", "run"), ("8765", "run"), ("2468", "run"), ("9012", "run"),
                     ("1987", "date"), ("2013", "date"), ("0517", "date"), ("870517", "date"),
                     ("19870517", "date"), ("198705", "date"), ("2580", "common"),
                     ("0739", "own"), ("6051", "own")):
        with pytest.raises(Refused) as no:
            village.cards.set_pin("0739", pin)
        assert (pin, Code.PIN_TOO_SIMPLE, why) == (pin, no.value.code, no.value.facts["why"])

    assert village.cards.set_pin("0739", "7395").set_on
    for odd in ("739", "7395a", "", "7395-1", "7" * 13):
        with pytest.raises(ValueError, match="4 to 12 digits"):
            village.cards.set_pin("0739", odd)


def test_a_resident_changes_her_pin_with_the_old_one(guarded: Community) -> None:
    """At the kiosk or on her phone, and nobody else's; a wrong old one counts as a wrong try."""
    change = guarded.cards.change_pin
    assert Code.NOT_RECOGNISED == refused(change, "wang", WRONG, "7395", by=KIOSK)
    assert Code.NOT_HOLDER == refused(change, "wang", PIN, "7395", by="li-aunt")
    assert Code.NOT_HOLDER == refused(change, "nobody", PIN, "7395", by="li-aunt")
    assert 1 == guarded.cards.pin("wang").wrong

    change("wang", PIN, "7395", by="wang", key="c-1")

    assert ("wang", Code.NOT_RECOGNISED) == (answer(guarded, "7395"), answer(guarded, PIN))
    assert change("wang", PIN, "7395", by="wang", key="c-1").is_repeat
    assert 1 == guarded.cards.pin("wang").wrong


def test_a_key_is_no_way_to_ask_for_a_pin(guarded: Community) -> None:
    """Who repeats a key gets the first answer whatever PIN is said, and learns nothing by it."""
    first = guarded.cards.set_pin("wang", "7395", key="s-1")
    again = guarded.cards.set_pin("wang", "8406", key="s-1")

    assert (False, True) == (first.is_repeat, again.is_repeat)
    assert "wang" == answer(guarded, "7395")


@pytest.mark.parametrize("role", ["admin", "committee", "grid-officer"])
def test_nobody_resets_or_unlocks_for_her_own_household(guarded: Community, role: str) -> None:
    """No role goes round a second pair of eyes, not that of the administrator either."""
    guarded.residents.appoint("staff:li", role=role, resident="li-aunt")

    for whose in ("li-aunt", "li-mother", "li"):
        assert Code.SELF_CONFIRMATION == refused(
            guarded.cards.set_pin, whose, "7395", by="staff:li")
        assert Code.SELF_CONFIRMATION == refused(
            guarded.cards.unlock, whose, reason="忘了", by="staff:li")
    assert Code.REASON_NEEDED == refused(guarded.cards.unlock, "wang", reason="", by="staff:li")
    assert Code.NOT_PERMITTED == refused(guarded.cards.unlock, "wang", reason="我", by=KIOSK)
    assert guarded.cards.set_pin("wang", "7395", by="staff:li").set_on


def test_a_wrong_try_outlives_what_is_undone(guarded: Community) -> None:
    """Inside a batch, which could be undone, no PIN is tried at all."""
    with pytest.raises(RuntimeError, match="outside of batch"), guarded.batch():
        guarded.cards.check_pin(WRONG, resident="wang", by=KIOSK)

    assert 0 == guarded.cards.pin("wang").wrong
    answer(guarded)
    with pytest.raises(ZeroDivisionError), guarded.batch():
        guarded.residents.enrol("zhou")
        1 / 0
    assert 1 == guarded.cards.pin("wang").wrong


def test_a_hosts_transaction_cannot_take_a_try_back(tmp_path: Path) -> None:
    """In a program's own database a PIN is tried between transactions, not inside one."""
    import sqlite3

    host = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    lovepoints.create(host, name="幸福社区", admin="staff:zhao")
    book = lovepoints.open(host, by="staff:zhao", pin_cost=CHEAP)
    book.residents.enrol("wang")
    book.cards.set_pin("wang", PIN)

    host.execute("BEGIN IMMEDIATE")
    with pytest.raises(RuntimeError, match="a host's transaction"):
        book.cards.check_pin(WRONG, resident="wang")
    host.execute("ROLLBACK")
    with pytest.raises(Refused):
        book.cards.check_pin(WRONG, resident="wang")

    assert 1 == book.cards.pin("wang").wrong
    host.close()


def test_a_try_counts_although_the_program_is_killed_while_it_looks(
    guarded: Community, clock: FakeClock, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The count is written before the PIN is looked at: nothing makes a guess free."""
    import hashlib

    def killed(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(hashlib, "scrypt", killed)
        for _ in range(9):
            with pytest.raises(KeyboardInterrupt):
                guarded.cards.check_pin(PIN, resident="wang", by=KIOSK)
            clock.move(hours=1)

    assert 9 == guarded.cards.pin("wang").wrong
    assert "wang" == answer(guarded, PIN)


def test_a_look_costs_the_same_for_everybody(
    guarded: Community, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same work for a right PIN, a wrong one, nobody's, and one set when it cost less."""
    import hashlib

    work: list[int] = []
    real = hashlib.scrypt

    def counting(*args: object, n: int, **named: object) -> bytes:
        work.append(n)
        return real(*args, n=n, **named)  # type: ignore[call-overload, no-any-return]

    guarded._book.pin_cost = 4 * CHEAP
    monkeypatch.setattr(hashlib, "scrypt", counting)

    for pin, who in ((PIN, "wang"), (WRONG, "wang"), (PIN, "nobody"), (PIN, "li-aunt")):
        work.clear()
        answer(guarded, pin, resident=who)
        assert 4 * CHEAP == sum(work), (pin, who)


def test_the_cost_of_a_pin_stands_beside_it(store: Store, clock: FakeClock) -> None:
    """It can be raised for PINs set from now on, while those of before still work."""
    testing.community(clock=clock, store=store).residents.enrol("wang")

    def at(cost: int) -> Community:
        return opened(store, by="staff:zhao", clock=clock, uptime=clock.uptime, pin_cost=cost)

    at(16).cards.set_pin("wang", PIN)
    assert "wang" == at(64).cards.check_pin(PIN, resident="wang")
    at(64).cards.change_pin("wang", PIN, "7395")
    assert [64] == [row.cost for row in store.find(Pin)]
    assert "wang" == at(16).cards.check_pin("7395", resident="wang")
    for odd in (0, 3, 2**21, True, "16"):
        with pytest.raises((TypeError, ValueError), match="pin_cost"):
            at(odd)  # type: ignore[arg-type]


def test_a_stolen_book_without_its_pepper_opens_nothing(store: Store, clock: FakeClock) -> None:
    """Cards and PINs made with a pepper are known with that pepper only, and nothing is counted
    against people when a program forgets it."""
    testing.community(clock=clock, store=store).residents.enrol("wang")

    def with_(pepper: bytes) -> Community:
        return opened(store, by="staff:zhao", clock=clock, uptime=clock.uptime, pin_cost=CHEAP,
                      pepper=pepper)

    with_(b"of the host").cards.issue("wang", token=TOKEN)
    with_(b"of the host").cards.set_pin("wang", PIN)

    for pepper in (b"", b"another"):
        with pytest.raises(ValueError, match="another pepper"):
            with_(pepper).cards.check_pin(PIN, token=TOKEN)
        with pytest.raises(ValueError, match="another pepper"):
            with_(pepper).cards.find(TOKEN)
    assert "wang" == with_(b"of the host").cards.check_pin(PIN, token=TOKEN)
    with pytest.raises(TypeError, match="pepper= is bytes"):
        with_("text")  # type: ignore[arg-type]


def test_say_who_it_is_in_one_way(guarded: Community) -> None:
    """Neither, or both, is a wrong call."""
    for who in ({}, {"resident": "wang", "token": TOKEN}):
        with pytest.raises(TypeError, match="by resident= or by token="):
            guarded.cards.check_pin(PIN, by=KIOSK, **who)
    for what in ({}, {"resident": "wang", "device": KIOSK}):
        with pytest.raises(TypeError, match="what to unlock"):
            guarded.cards.unlock(reason="x", **what)
