"""A card is lost; the passbook is not, and whoever finds the card gets nothing.

秀英 has a card with a PIN and 60 points. She loses the card at the market and rings up: it stops
at once. The finder shows it at the kiosk, then tries PINs under her number until it is locked, over
a restart and with the clock set back. At the desk she gets a new card, and an officer opens
her PIN again. Then she is ill, and a neighbour fetches a reservation for her with a one-time code.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lovepoints import Community, Refused, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
OLD, NEW, PIN = "0004711223", "0009988776", "7395"
"""What the reader reads off the two cards, and what only she knows."""


def attempt(what: str, call: Callable[[], object]) -> None:
    """Say what somebody tries, and what the screen answers."""
    try:
        print(f"{what:<34} {call()}")
    except Refused as refused:
        print(f"{what:<34} {refused.code}: {refused.sentence('zh')}")


def founded(clock: testing.FakeClock) -> Community:
    """A shop with soap, a kiosk, an officer, and 秀英 with her 60 points."""
    community = testing.community(clock=clock)
    community.rulebooks.adopt(RULES)
    community.residents.appoint("kiosk:1", role="kiosk")
    community.residents.appoint("staff:sun", role="grid-officer")
    community.residents.enrol("0421", name="秀英", household="3-2-501")
    community.books.opening("0421", 60)
    community.shop.stock("soap", title="肥皂", price=5)
    community.shop.receive("soap", 9)
    return community


def guess(community: Community, clock: testing.FakeClock) -> None:
    """The finder tries PINs; whatever she does to the machine, ten are looked at."""
    def check(pin: str) -> str:
        return community.cards.check_pin(pin, resident="0421", by="kiosk:1")

    for place in range(3):
        attempt(f"PIN {place}", lambda pin=f"12{place}4": check(pin))
    clock.set("2025-03-07")
    attempt("the clock a year back", lambda: check("1334"))
    clock.restart()
    looked = 3
    for place in range(1000):
        clock.move(hours=1)
        try:
            check(f"{place:04d}")
        except Refused as refused:
            looked += refused.code == "not_recognised"
    print(f"{'a thousand more, one an hour':<34} {looked} PINs were looked at in all")
    attempt("even the right one", lambda: check(PIN))
    clock.set("2026-04-20 09:00")


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with founded(clock) as community:
        cards = community.cards
        old = cards.issue("0421", token=OLD, by="staff:sun")
        cards.set_pin("0421", PIN, by="staff:sun")
        attempt("her card at the kiosk", lambda: cards.find(OLD).resident)
        attempt("her PIN", lambda: cards.check_pin(PIN, token=OLD, by="kiosk:1"))

        print("\nShe rings up: the card is lost.")
        cards.lose(old.id, reason="在菜市场丢的", by="0421")
        attempt("the finder shows it", lambda: cards.find(OLD))
        guess(community, clock)

        print("\nAt the desk, with another officer.")
        new = cards.replace(old.id, token=NEW, by="staff:sun")
        cards.unlock("0421", reason="本人到场", by="staff:sun")
        print(f"{'the new card follows the old one':<34} {new.follows == old.id}")
        attempt("her PIN with the new card", lambda: cards.check_pin(PIN, token=NEW, by="kiosk:1"))
        print(f"{'her points':<34} {community.passbooks['0421'].balance}")

        print("\nA neighbour fetches for her.")
        slip = community.shop.hold({"soap": 2}, holder="0421", by="kiosk:1")
        code = cards.collection_code(slip.id, by="0421").code
        wrong = f"{(int(code) + 1) % 10**8:08d}"
        attempt("a wrong code", lambda: cards.collect(slip.id, wrong, by="kiosk:1").state)
        attempt("the right one", lambda: cards.collect(slip.id, code, by="kiosk:1").state)
        attempt("the same once more", lambda: cards.collect(slip.id, code, by="kiosk:1").state)
        print([entry.kind for entry in community.books.entries()][9:])


if __name__ == "__main__":
    main()
