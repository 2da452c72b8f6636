"""Aid leaves the same shelf as rewards, and costs no points.

The committee keeps blankets for households that are registered as in need. Whoever is not cannot
fetch one, whatever points there are. In winter a blanket is handed out as aid: the shelf goes
down, no passbook moves, the reason stays with the office. Nobody hands aid to their own household.
"""

from __future__ import annotations

from pathlib import Path

from lovepoints import Refused, papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-01-15 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.enrol("0388", name="建国", household="3-2-302")
        community.residents.describe("3-2-302", in_need=True)
        community.residents.enrol("0421", name="秀英", household="3-2-501")
        community.residents.appoint("staff:qian", role="shopkeeper", resident="0421")
        for code in ("0388", "0421"):
            community.books.opening(code, 30)
        community.shop.stock("blanket", title="棉被", price=20, for_={"in_need": True})
        community.shop.receive("blanket", 3, donor="市慈善会", origin="relief")

        fetchers = community.shop.who_may_fetch("blanket")
        print(papers.who_may_fetch(community.shop.item("blanket"), fetchers, lang="zh"))
        print()
        try:
            community.shop.redeem({"blanket": 1}, holder="0421")
        except Refused as refused:
            print(f"for points: {refused.sentence('zh')}")

        aid = community.shop.give("blanket", 2, holder="0388", reason="寒潮救助", by="staff:qian")
        print(f"{aid.kind} {aid.id}: {aid.quantity} blankets to {aid.holder}")
        try:
            community.shop.give("blanket", 1, holder="0421", reason="自用", by="staff:qian")
        except Refused as refused:
            print(f"to oneself: {refused.sentence('zh')}")

        print(f"left on the shelf: {community.shop.item('blanket').free}")
        print(f"points of 3-2-302: {community.passbooks['3-2-302'].balance}")
        print(f"points outstanding: {community.books.outstanding()}")


if __name__ == "__main__":
    main()
