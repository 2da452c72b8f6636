"""A mistake is corrected in the open, after the points were spent.

A report of 秀英 was graded as major by mistake: twenty points. She has fetched soap for fifteen
of them when the committee looks again. The deed is reopened (the five points that are left are
frozen), and decided once more as minor: exactly the twenty points are taken back, two are given,
and what she spent meanwhile is a debt that everybody can see. Her next patrol pays it off.
"""

from __future__ import annotations

from pathlib import Path

from lovepoints import Community, papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def show(community: Community, what: str) -> None:
    """One line of figures."""
    passbook = community.passbooks["0421"]
    print(f"{what:<28} balance {passbook.balance:>4}   to spend {passbook.available:>3}   "
          f"frozen {passbook.frozen:>3}   owed {passbook.owed:>3}")


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:wang", role="grid-officer")
        community.residents.enrol("0421", name="秀英", household="3-2-501")
        community.shop.stock("soap", title="肥皂", price=5)
        community.shop.receive("soap", 20)

        deed = community.deeds.report("hazard", resident="0421", place="3栋2单元楼道")
        community.deeds.confirm(deed.id, grade="major", by="staff:wang")
        show(community, "confirmed as major")
        clock.move(days=1)
        community.shop.redeem({"soap": 3}, holder="0421")
        show(community, "three soaps fetched")

        clock.move(days=2)
        community.deeds.reopen(deed.id, reason="现场照片显示隐患轻微，等次有误")
        show(community, "reopened")
        again = community.deeds.confirm(deed.id, grade="minor", reason="等次更正", by="staff:wang")
        show(community, "confirmed as minor")
        print()
        print(papers.explanation(again, lang="zh"))
        print()

        clock.move(days=4)
        patrol = community.deeds.report("volunteer", resident="0421", quantity="8")
        community.deeds.confirm(patrol.id, by="staff:wang")
        show(community, "eight hours of patrol")
        print()
        print(papers.passbook_page(community.passbooks["0421"], lang="zh", name="秀英"))
        print()
        for decision in community.deeds.history(deed.id):
            points = decision.award.points if decision.award else "-"
            print(f"entry {decision.seq:>2}: {decision.deed.status:<9} {points}")


if __name__ == "__main__":
    main()
