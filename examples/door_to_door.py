"""Building leads knock on the doors that are theirs, and what is asked for there is written down.

A round of visits is a task for each household, given to the lead of the building. The visit has no
room for what was talked about; a request that comes up is a task of its own with the channel
`visit`. A collector writes down what an old man tells her as his report, and may not confirm it.
The list says which doors are still to be knocked on.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import Refused, papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
MARCH = date(2026, 3, 1), date(2026, 3, 31)


def main() -> None:
    """Play the story and print the list and what came of it."""
    clock = testing.FakeClock("2026-03-02 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.area("b3", title="3号楼")
        community.residents.appoint("lead:b3", role="building-lead", area="b3")
        community.residents.appoint("staff:sun", role="collector")
        community.residents.appoint("staff:wang", role="grid-officer")
        for code, home in (("0118", "3-1-101"), ("0388", "3-2-302"), ("0421", "3-2-501")):
            community.residents.enrol(code, household=home, area="b3")
        tasks = community.tasks
        tasks.define("visit", title="敲门行动", nature="visit", days=14)
        tasks.define("request", title="群众诉求", days=7)

        round_ = [tasks.ask("visit", resident=home, labels={"round": "2026-1"}).id
                  for home in ("3-1-101", "3-2-302", "3-2-501")]
        for visit in round_:
            tasks.dispatch(visit, to="lead:b3", by="staff:wang")
            tasks.accept(visit, by="lead:b3")
        clock.move(days=3)
        for visit in round_[:2]:
            tasks.finish(visit, by="lead:b3")
        asked = tasks.ask("request", resident="0388", note="楼道灯坏了", channel="visit",
                          by="lead:b3")
        print(f"{asked.id} came up at a door: {asked.note}, by {asked.due_on}")

        told = community.deeds.report("hazard", resident="0118", place="3栋1单元", by="staff:sun")
        try:
            community.deeds.confirm(told.id, grade="minor", by="staff:sun")
        except Refused as refused:
            print(f"the collector: {refused.sentence('zh')}")
        community.deeds.confirm(told.id, grade="minor", by="staff:wang")

        clock.move(days=12)
        print(papers.task_list(map(tasks.__getitem__, round_), lang="zh", width=48))
        print(f"overdue: {[one.id for one in tasks.overdue()]}")
        found = community.figures.bulletin(*MARCH, channel="visit", only=["ST-10", "ST-13"])
        print({number: one.value for number, one in found.figures.items()})


if __name__ == "__main__":
    main()
