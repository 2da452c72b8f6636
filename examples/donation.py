"""A donated bag of rice is followed from its donor to the households that fetched it.

周记粮行 donates ten bags of rice, a bookshop two more that end sooner. Residents fetch some for
points, a household in need gets one without, one bag is spoiled and written off, one is brought
back. Each line of a redemption names the deliveries that its pieces came from, and each delivery
says where it is by now: this is what the donor's letter of thanks is written from.
"""

from __future__ import annotations

from pathlib import Path

from lovepoints import Community, papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def prepare(community: Community) -> None:
    """Three households with points; two deliveries of rice, with the donors' receipts."""
    community.rulebooks.adopt(RULES)
    community.residents.appoint("staff:qian", role="shopkeeper")
    for code, household in (("0421", "3-2-501"), ("0118", "1-1-101"), ("0388", "3-2-302")):
        community.residents.enrol(code, household=household)
        community.books.opening(code, 100)
    community.shop.stock("rice-5kg", title="大米 5 公斤", price=44, measure="袋", low=3)
    community.shop.receive("rice-5kg", 10, donor="周记粮行", receipt="捐-2026-014",
                           best_before="2026-12-31", unit_value=3200, by="staff:qian")
    community.shop.receive("rice-5kg", 2, donor="文苑书店", receipt="捐-2026-015",
                           best_before="2026-09-30", unit_value=3000, by="staff:qian")


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with testing.community(clock=clock) as community:
        prepare(community)
        clock.move(days=1)
        fetched = community.shop.redeem({"rice-5kg": 2}, holder="0421", by="staff:qian")
        other = community.shop.redeem({"rice-5kg": 1}, holder="0118", by="staff:qian")
        community.shop.give("rice-5kg", 1, holder="0388", reason="独居老人，暂时困难",
                            by="staff:qian")
        community.shop.write_off("rice-5kg", 1, reason="袋子破损", by="staff:qian")
        clock.move(days=1)
        community.shop.return_(other.id, reason="家里已有", by="staff:qian")

        for line in (*fetched.lines, *other.lines):
            print(f"{line.quantity} x {line.title} from {', '.join(line.deliveries)}")
        print()
        for delivery in community.shop.deliveries("rice-5kg"):
            print(f"{delivery.id} {delivery.donor}（{delivery.receipt}）: {delivery.quantity} in, "
                  f"{delivery.given} handed out, {delivery.lost} lost, {delivery.free} here, "
                  f"{delivery.given * delivery.unit_value // 100} yuan reached people")
        counted = community.shop.count("rice-5kg", 8, by="staff:qian")
        print(f"counted {counted.quantity}: a difference of {counted.change}")
        print()
        print(papers.shelf_list(community.shop.shelf(), lang="zh", community=community.name))
        print()
        print(papers.cover_slip(community.shop.cover(), lang="zh"))


if __name__ == "__main__":
    main()
