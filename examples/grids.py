"""A tree of areas, who is there for each, and what the map of matters may show.

A community of two grids has officers full and part time, a lane lead who was elected for a year,
and a chair that rotates by the month. A card for the door says who is there, by name where they
agreed. The map counts matters by grid, and confidential ones only where they are many enough. What
is asked for more often than it is done shows in two figures side by side.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
MARCH = date(2026, 3, 1), date(2026, 3, 31)


def main() -> None:
    """Play March and print the card, the map, and what is missing."""
    with testing.community(clock=testing.FakeClock("2026-03-02 09:00")) as community:
        community.rulebooks.adopt(RULES)
        residents, tasks = community.residents, community.tasks
        for area, parent, title in (("east", "", "东网格"), ("west", "", "西网格"),
                                    ("lane-1", "east", "一号巷"), ("lane-2", "west", "二号巷")):
            residents.area(area, parent=parent, title=title)
        residents.appoint("staff:wang", role="grid-officer", area="east", name="王芳",
                          phone="0510-1234")
        residents.appoint("rider:li", role="grid-officer-part-time", area="west")
        residents.appoint("lane:zhou", role="lane-lead", area="lane-1", until=date(2027, 2, 28))
        for month, who in ((3, "chair:sun"), (4, "chair:wu")):
            residents.appoint(who, role="chair", since=date(2026, month, 1),
                              until=date(2026, month, 28))
        residents.describe("staff:wang", show_name=True, show_phone=True)
        for number in range(6):
            residents.enrol(f"{number:04}", household=f"home-{number}",
                            area="lane-1" if number < 5 else "lane-2")
        print(papers.contact_card(residents.contacts("lane-1"), lang="zh", width=36))
        chairs = {f"{on:%m}": [one.code for one in residents.contacts("", on=on)
                               if one.role == "chair"]
                  for on in (date(2026, 3, 2), date(2026, 4, 2))}
        print(f"in the chair: {chairs}")

        tasks.define("matter", title="群众诉求", days=7)
        tasks.define("haircut", title="上门理发", days=7)
        for number in (0, 1, 2, 5):
            tasks.ask("matter", resident=f"{number:04}")
        cuts = [tasks.ask("haircut", resident=f"{number:04}").id for number in (0, 1, 3)]
        tasks.finish(cuts[0], reply="已上门", by="staff:wang")
        for area in ("east", "west"):
            seen = community.figures.bulletin(*MARCH, area=area, kind="matter", least=3)
            print(f"{area}: {seen['ST-10'].value} matters")
        wanted = community.figures.bulletin(*MARCH, kind="haircut")
        print(f"haircuts asked for: {wanted['ST-10'].value}, done: {wanted['ST-12'].value}")
        told = community.figures.bulletin(*MARCH, only=["ST-40", "ST-41", "ST-42"])
        print(papers.bulletin(told, width=40, lang="zh").split("-" * 40)[1].strip())


if __name__ == "__main__":
    main()
