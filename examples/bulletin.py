"""A committee hangs out its bulletin: what came in, what became of it, and who took part.

Each figure follows its printed definition and carries its unit, and both counts where it is a rate.
Numbers of people that are too small to be told are hidden, also from who adds the others up.
The same figures as known at the end of an earlier day show what was still open then.
"""

from __future__ import annotations

from datetime import date

from lovepoints import papers, testing

RULES = """
format = 1
title = "积分管理办法"
effective = 2026-01-01

[[rule]]
code = "patrol"
title = "治安巡逻"
points = { per = "hour", value = 2 }

[[rule]]
code = "hazard"
title = "风险隐患"
points = 5
"""
MATTERS = (
    ("talk", "路灯", "2026-03-03", "已更换灯管"), ("talk", "噪音", "2026-03-03", "已劝导"),
    ("talk", "停车", "2026-03-17", ""), ("letter-box", "路灯", "2026-03-18", "已报修并修好"),
    ("letter-box", "停车", "2026-03-20", "已划线"), ("phone", "噪音", "2026-03-25", "已劝导"),
)


def main() -> None:
    """Two grids, three households, a month of matters and patrols."""
    clock = testing.FakeClock("2026-03-01 09:00")
    community = testing.community(clock=clock, name="幸福社区")
    community.rulebooks.adopt(RULES)
    for grid in ("grid-1", "grid-2"):
        community.residents.area(grid)
        community.residents.appoint(f"staff:{grid}", role="grid-officer", area=grid)
    for code, home, area in (("0421", "3-2-501", "grid-1"), ("0388", "3-2-302", "grid-1"),
                             ("0117", "7-1-101", "grid-2")):
        community.residents.enrol(code, household=home, area=area,
                                  attributes={"volunteer": code != "0117"})
    community.tasks.define("matter", title="群众诉求", days=7, of_rules=["hazard"])

    for channel, theme, day, reply in MATTERS:
        clock.set(f"{day} 19:30")
        task = community.tasks.ask("matter", resident="0117", channel=channel,
                                   labels={"theme": theme})
        if reply:
            clock.move(days=2)
            community.tasks.finish(task.id, reply=reply, by="staff:grid-2")
            community.tasks.rate(task.id, satisfied=True, by="0117")
    for resident, hours in (("0421", "2"), ("0388", "1.5"), ("0421", "2")):
        deed = community.deeds.report("patrol", resident=resident, quantity=hours)
        community.deeds.confirm(deed.id, by="staff:grid-1")
    hazard = community.deeds.report("hazard", resident="0117", note="井盖破损", channel="patrol")
    community.deeds.confirm(hazard.id, by="staff:grid-2")

    clock.set("2026-04-01 09:00")
    march = date(2026, 3, 1), date(2026, 3, 31)
    told = community.figures.bulletin(*march)
    print(papers.bulletin(told, lang="zh", width=56, community=community.name))

    print()
    for row in community.figures.bulletin(*march, only=["ST-12", "ST-16"]).rows("en"):
        print(*row, sep=";")
    earlier = community.figures.bulletin(*march, as_of=date(2026, 3, 18))
    print("as known on 18 March:", earlier["ST-10"].value, earlier["ST-13"].value)
    print("hours by grid:", community.figures.rank("ST-37", *march, homes=1))


if __name__ == "__main__":
    main()
