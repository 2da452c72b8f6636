"""A kiosk hands out soap, loses the answer, and asks again with the same key.

A kiosk reads 秀英's card, quotes her basket, and redeems it. The cable is pulled before the
answer arrives, so the kiosk repeats the call with its key: the first answer comes back, nothing
is paid twice, and the receipt is printed once. A basket that she cannot pay is refused with a
sentence for the screen.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import lovepoints as lp
from lovepoints import papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def main() -> None:
    """Play the story on a file, as a kiosk would."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sunshine.db"
        lp.create(path, name="幸福社区", admin="staff:zhao", clock=clock, random=testing.seeded(1))
        with lp.open(path, by="staff:zhao", clock=clock, random=testing.seeded(2)) as community:
            prepare(community)
        clock.move(days=7)
        with lp.open(path, by="kiosk:1", clock=clock, random=testing.seeded(3)) as community:
            serve(community)


def prepare(community: lp.Community) -> None:
    """The office: rules, a kiosk, a resident with forty points, goods on the shelf."""
    community.rulebooks.adopt(RULES)
    community.residents.appoint("kiosk:1", role="kiosk")
    community.residents.enrol("0421", name="秀英", household="3-2-501")
    community.books.opening("0421", 40)  # brought over from the paper passbook
    community.shop.stock("soap", title="肥皂", price=5)
    community.shop.stock("rice-5kg", title="大米 5 公斤", price=44)
    community.shop.receive("soap", 20, donor="社区商户")
    community.shop.receive("rice-5kg", 3, donor="周记粮行", best_before="2026-12-31")


def serve(community: lp.Community) -> None:
    """The kiosk: quote, redeem, redeem again with the same key, be refused politely."""
    basket = {"soap": 3}
    quote = community.shop.quote(basket, holder="0421")
    print(f"quote: {quote.points} of {quote.available} points")

    lost = community.shop.redeem(basket, holder="0421", quote=quote, key="k1-0007")
    print(f"written as entry {lost.seq}; the answer is lost on its way")

    answer = community.shop.redeem(basket, holder="0421", quote=quote, key="k1-0007")
    print(f"asked again: entry {answer.seq}, a repeat: {answer.is_repeat}")
    balance = community.passbooks["0421"].available
    print(papers.receipt(answer, lang="zh", community=community.name, balance=balance))

    try:
        community.shop.redeem({"soap": 4}, holder="0421", key="k1-0007")
    except lp.Conflict as conflict:
        print(f"the same key for another basket: {conflict.field} differs")
    try:
        community.shop.redeem({"rice-5kg": 1}, holder="0421", key="k1-0008")
    except lp.Refused as refused:
        print(refused.sentence("zh"))


if __name__ == "__main__":
    main()
