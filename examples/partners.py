"""Units from outside report for duty, take an open problem, and a barber is paid by the month.

A bank and a school register with their members (双报到). The bank promises to see to the benches, a
line on a list that the community strikes off. Members earn points like anybody. The barber next
door takes vouchers of the love supermarket: a service without a shelf, and at the end of the month
the figures say how many cuts the community owes him for.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
MARCH = date(2026, 3, 1), date(2026, 3, 31)
FEN_A_CUT = 15_00


def main() -> None:
    """Play the story and print the units, the list and the settlement."""
    clock = testing.FakeClock("2026-03-02 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:wang", role="grid-officer")
        for unit in ("bank", "school"):
            community.residents.enrol(unit, kind="team", attributes={"partner": True})
        for code, unit in (("0118", "bank"), ("0202", "bank"), ("0421", "school")):
            community.residents.enrol(code, household=f"home-{code}")
            community.teams.join(unit, resident=code)
        tasks = community.tasks
        tasks.define("pledge", title="共建承诺清单", nature="item", days=20, second=True,
                     is_open=True)

        pledge = tasks.ask("pledge", place="小广场", note="修好四条长椅").id
        tasks.accept(pledge, resident="bank", by="staff:wang")
        tasks.finish(pledge, resident="bank", evidence="photo-1", by="staff:wang")
        tasks.settle(pledge, by="staff:zhao")
        print(papers.task_list([tasks[pledge]], lang="zh", width=40))
        for code, hours in (("0118", "3"), ("0421", "4")):
            deed = community.deeds.report("volunteer", resident=code, quantity=hours)
            community.deeds.confirm(deed.id, by="staff:wang")

        shop = community.shop
        shop.stock("haircut", title="理发券", kind="service", price=3, stocked=False)
        for code in ("0118", "0421"):
            shop.redeem({"haircut": 2}, holder=code)
        told = community.figures.bulletin(*MARCH, only=["ST-39", "ST-55"], least=1)
        units, cuts = told["ST-39"], told["ST-55"].value
        print(f"{units.value} units, {units.parts['members']} members, "
              f"{units.parts['active']} active")
        print(f"haircuts in March: {cuts}, to be paid: {cuts * FEN_A_CUT / 100:.2f} yuan")


if __name__ == "__main__":
    main()
