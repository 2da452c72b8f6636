"""Somebody moves to another household: what was earned stays where it was earned.

小梅 lives with her parents and marries into 老周's household on 1 April. The household of the
deed's own day earns, also when the report comes later; points that the old household has stay
with it. The household that she left cannot be spent from by her any more.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import Community, Refused, papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def patrol(community: Community, on: date) -> None:
    """小梅 patrolled two hours on a day; reported and confirmed now."""
    deed = community.deeds.report("volunteer", resident="0219", quantity="2", on=on)
    decision = community.deeds.confirm(deed.id, by="staff:wang")
    print(f"{on}: {decision.award.points} points for {decision.award.holder}")


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-20 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:wang", role="grid-officer")
        community.residents.enrol("0218", name="小梅的母亲", household="2-1-301")
        community.residents.enrol("0219", name="小梅", household="2-1-301")
        community.residents.enrol("0640", name="老周", household="6-2-102")
        community.shop.stock("soap", title="肥皂", price=4)
        community.shop.receive("soap", 10)
        patrol(community, date(2026, 3, 20))

        clock.set("2026-04-01 10:00")
        community.residents.move("0219", household="6-2-102")
        clock.set("2026-04-03 10:00")
        patrol(community, date(2026, 4, 2))
        patrol(community, date(2026, 3, 28))  # a day on which she lived with her parents

        for household in ("2-1-301", "6-2-102"):
            members = [one.name for one in community.residents.members(household)]
            balance = community.passbooks[household].balance
            print(f"{household}: {balance} points; {'、'.join(members)}")
        print(f"小梅 uses the passbook of {community.passbooks['0219'].code}")

        community.shop.redeem({"soap": 1}, holder="0219", by="0219")
        try:
            community.shop.redeem({"soap": 1}, holder="2-1-301", by="0219")
        except Refused as refused:
            print(f"{refused.code}: {refused.sentence('zh')}")
        print()
        print(papers.passbook_page(community.passbooks["0219"], lang="zh"))


if __name__ == "__main__":
    main()
