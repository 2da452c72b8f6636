"""Goods are set aside for somebody who comes later, and let go when nobody comes.

老李 reserves rice and soap by phone: points and goods are set aside for seven days. His neighbour
collects the soap for him; the rest goes back to the shelf and to the passbook. A second
reservation is forgotten, and lapses on the eighth day without anybody doing anything.
"""

from __future__ import annotations

from pathlib import Path

from lovepoints import Community, papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def show(community: Community, what: str) -> None:
    """Points and goods on one line."""
    passbook, soap = community.passbooks["0118"], community.shop.item("soap")
    print(f"{what:<22} to spend {passbook.available:>2}, set aside {passbook.held:>2}; "
          f"soap: {soap.free} free, {soap.held} reserved")


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("kiosk:1", role="kiosk")
        community.residents.enrol("0118", name="老李", household="1-1-101")
        community.residents.enrol("0388", name="建国", household="3-2-302")
        community.books.opening("0118", 60)
        community.shop.stock("soap", title="肥皂", price=5)
        community.shop.stock("rice-5kg", title="大米 5 公斤", price=44)
        community.shop.receive("soap", 4)
        community.shop.receive("rice-5kg", 2)

        slip = community.shop.hold({"rice-5kg": 1, "soap": 2}, holder="0118", by="kiosk:1")
        print(papers.receipt(slip, lang="zh"))
        print()
        show(community, "reserved")
        clock.move(days=3)
        got = community.shop.collect(slip.id, part={"soap": 2}, proxy="0388", by="kiosk:1")
        show(community, "the soap collected")
        print()
        print(papers.receipt(got, lang="zh"))
        print()

        forgotten = community.shop.hold({"soap": 2}, holder="0118", by="kiosk:1")
        show(community, "reserved once more")
        clock.set(f"{forgotten.lapses_on} 23:59")
        show(community, f"{forgotten.lapses_on}, 23:59")
        clock.move(minutes=1)
        show(community, "a minute later")
        print(f"{forgotten.id}: {community.shop[forgotten.id].state}")


if __name__ == "__main__":
    main()
