"""A month of patrols meets the monthly cap.

老李 patrols on five Saturdays of March and April. The rulebook pays two points an hour, counts
whole half hours, and stops at twenty points a month for each resident. What goes over the cap is
not paid, and stays visible with its reason.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
PATROLS = (
    (date(2026, 3, 7), "4"),
    (date(2026, 3, 14), "2.75"),  # two and a half hours count
    (date(2026, 3, 21), "4"),     # seven points are left of this month's twenty
    (date(2026, 3, 28), "3"),     # and now none
    (date(2026, 4, 4), "3"),      # a new month
)


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 18:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:wang", role="grid-officer")
        community.residents.enrol("0118", name="老李", household="1-1-101")

        for day, hours in PATROLS:
            clock.set(f"{day} 18:00")
            deed = community.deeds.report("volunteer", resident="0118", quantity=hours, on=day)
            decision = community.deeds.confirm(deed.id, by="staff:wang")
            print(f"{day}  {hours:>4} h  {decision.award.points:>2} points")

        print()
        print("\n".join(decision.award.explained("zh")))
        print()
        capped = community.deeds.of("0118")[2]
        print("\n".join(community.deeds.explain(capped.id, "zh")))
        print()
        passbook = community.passbooks["0118"]
        print(papers.passbook_page(passbook, lang="zh", community=community.name, name="老李"))


if __name__ == "__main__":
    main()
