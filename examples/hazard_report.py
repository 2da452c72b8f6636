"""A hazard is reported twice and confirmed once in full.

秀英 reports an electric bicycle that is charged in the stairwell, through the community's app.
建国 reports the same one a day later. The grid officer 王 looks and confirms both: the first
report is worth five points, the later one is thanked with one. A third report is of the
officer's own household, so somebody else has to confirm it.
"""

from __future__ import annotations

from pathlib import Path

import lovepoints as lp
from lovepoints import papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 09:00")
    # This book lives in memory; a real one is opened by lp.open("sunshine.db", by="staff:zhao").
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.enrol("0421", name="秀英", household="3-2-501", area="grid-07")
        community.residents.enrol("0388", name="建国", household="3-2-302", area="grid-07")
        community.residents.enrol("0507", name="王芳", household="5-1-201", area="grid-07")
        community.residents.appoint(
            "staff:wang", role="grid-officer", area="grid-07", resident="0507")

        seen = community.deeds.report(
            "hazard", resident="0421", place="3栋2单元楼道", note="电动车飞线充电",
            by="0421", key="app-8812")  # a key of the app: repeating the call is safe
        print(f"{seen.id}: {seen.status}")

        clock.move(days=1)
        later = community.deeds.report("hazard", resident="0388", place="3栋2单元楼道", by="0388")
        clock.move(hours=2)
        first = community.deeds.confirm(seen.id, grade="general", by="staff:wang")
        print(papers.explanation(first, lang="zh", community=community.name))
        print()
        second = community.deeds.confirm(later.id, grade="general", by="staff:wang")
        print(papers.explanation(second, lang="zh", community=community.name))
        print()

        own = community.deeds.report("hazard", resident="0507", place="5栋车库", by="0507")
        try:
            community.deeds.confirm(own.id, grade="minor", by="staff:wang")
        except lp.Refused as refused:
            print(f"{refused.code}: {refused.sentence('zh')}")
        waiting = [deed.id for deed in community.deeds.with_status("submitted")]
        print(f"still on the pile: {', '.join(waiting)}")


if __name__ == "__main__":
    main()
