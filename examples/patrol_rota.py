"""A women's patrol of four has its evenings by turns, swaps one, misses one, and is paid by plan.

The captain plans two weeks. An cannot come on the first Friday and asks Ding, who says yes. Bao is
away in the second week and gives her evening back; the book says who could help out, and Chen
does. On Sunday Chen forgets to check out and says so the next morning: what counts is the evening
as it was planned. A street lamp that they find broken is a report of its own.
"""

from __future__ import annotations

from datetime import date

from lovepoints import Community, papers, testing

RULES = """
format = 1
title = "巡逻积分办法"
effective = 2026-01-01
holder = "resident"
[[rule]]
code = "patrol"
title = "治安巡逻"
points = { per = "hour", value = 2 }
[[rule]]
code = "hazard"
title = "风险隐患"
points = 5
"""
TEAM = ("an", "bao", "chen", "ding")
MARCH = date(2026, 3, 2), date(2026, 3, 15)


def prepare(community: Community) -> None:
    """The team with its chosen lead, and two evenings a week."""
    community.rulebooks.adopt(RULES)
    community.residents.enrol("patrol", kind="team")
    for code in TEAM:
        community.residents.enrol(code, household=f"home-{code}")
        community.teams.join("patrol", resident=code)
    community.residents.appoint("staff:lin", role="grid-officer")
    community.residents.appoint("staff:wu", role="patrol-captain")
    community.tasks.define("shift", title="治安巡逻", nature="shift", rule="patrol")
    community.rotas.define("evenings", title="巾帼巡逻队排班表", team="patrol", kind="shift",
                           pattern=[(5, 1140, 1260, 2), (7, 1140, 1260, 1)])


def walk(community: Community, clock: testing.FakeClock, task: str, evening: str) -> None:
    """An evening on which everybody checks in and out."""
    shift = community.tasks[task]
    clock.set(f"{evening} 19:00")
    for who in shift.doers:
        community.tasks.check_in(task, by=who)
    clock.set(f"{evening} 21:00")
    for who in shift.doers:
        community.tasks.check_out(task, by=who)
    for deed in community.tasks.finish(task, by=shift.doers[0]).deeds:
        community.deeds.confirm(deed, by="staff:lin")


def main() -> None:
    """Play the story and print the rota and what it came to."""
    clock = testing.FakeClock("2026-03-02 09:00")
    with testing.community(clock=clock) as community:
        prepare(community)
        rotas = community.rotas
        first, sunday, second, last = (
            one.task for one in rotas.plan("evenings", *MARCH, by="staff:wu"))
        rotas.offer(first, to="ding", by="an")
        rotas.take(first, by="ding")
        away = rotas.away("evenings", date(2026, 3, 9), date(2026, 3, 15), by="bao")
        print(f"bao is away and gives back {len(away.given_back)}; "
              f"short of people: {[str(one.day) for one in rotas.gaps(*MARCH)]}; "
              f"could help out: {rotas.next_ones(last)}")
        rotas.offer(last, to="chen", by="staff:wu")
        rotas.take(last, by="chen")
        print(f"planned again: {rotas.plan('evenings', *MARCH)}")

        walk(community, clock, first, "2026-03-06")
        community.deeds.report("hazard", resident="ding", place="3栋路灯", channel="patrol")
        clock.set("2026-03-08 19:00")
        community.tasks.check_in(sunday, by="chen")
        clock.set("2026-03-09 08:00")
        community.tasks.check_out(sunday, by="chen")
        (deed,) = community.tasks.finish(sunday, by="chen").deeds
        print(f"chen: thirteen hours by the clock, "
              f"{community.deeds.confirm(deed, by='staff:lin').awards[0].points} points")
        walk(community, clock, second, "2026-03-13")

        print(papers.rota(rotas["evenings"], rotas.shifts(*MARCH), width=40, lang="zh",
                          names={"an": "安大姐", "ding": "丁大妈"}))
        print({code: community.passbooks[code].balance for code in TEAM})
        told = community.figures.bulletin(*MARCH, only=["ST-38"])
        print(papers.bulletin(told, width=40, lang="zh").split("-" * 40)[1].strip())


if __name__ == "__main__":
    main()
