"""A year ends: what expires is announced and expires by itself; the rest is cleared.

Points for patrols are good through the last day of their year. Points for reported hazards do
not expire, but on 10 January at two in the night all but ten points of older years are cleared.
In December the office lists who should come before the year ends. Nobody has to run anything at
midnight: reads know what the calendar did, and `sweep` only writes it down.
"""

from __future__ import annotations

from datetime import date, datetime

from lovepoints import Community, papers, testing

RULES = """
format = 1
title = "积分有效期与年度清零办法"
effective = 2026-01-01
holder = "household"

[[rule]]
code = "volunteer"
title = "志愿服务"
clause = "第六条"
points = { per = "hour", value = 2 }
validity = { at_end_of = "year" }

[[rule]]
code = "hazard"
title = "上报风险隐患"
clause = "第五条"
points = 9

[[clearing]]
kind = "point"
on = "01-10"
at = "02:00"
earned_before = true
carry_most = 10
"""


def earn(community: Community, resident: str, rule: str, hours: str | None = None) -> None:
    """A deed of today, reported and confirmed."""
    deed = community.deeds.report(rule, resident=resident, quantity=hours)
    community.deeds.confirm(deed.id, by="staff:wang")


def show(community: Community, what: str) -> None:
    """The balances of all passbooks."""
    balances = ", ".join(f"{one.code}: {one.balance:>2}" for one in community.passbooks)
    print(f"{what:<38} {balances}")


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-08-15 18:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:wang", role="grid-officer")
        community.residents.enrol("0118", name="老李", household="1-1-101")
        community.residents.enrol("0421", name="秀英", household="3-2-501")
        earn(community, "0118", "volunteer", "6")
        earn(community, "0118", "hazard")
        clock.set("2026-11-07 18:00")
        earn(community, "0118", "hazard")
        earn(community, "0421", "volunteer", "4")

        clock.set("2026-12-01 09:00")
        print("Before the year ends, please come:")
        for passbook in community.passbooks:
            if passbook.next_expiry and passbook.next_expiry[0] <= date(2026, 12, 31):
                day, points = passbook.next_expiry
                print(f"  {passbook.code}: {points} points are good through {day}")
        later = datetime(2027, 1, 11, tzinfo=clock.now.tzinfo)
        expected = community.passbooks.of("0118", as_of=later)
        print(f"  1-1-101 on 11 January, if nobody comes: {expected.balance}")
        print()

        clock.set("2026-12-31 23:59")
        show(community, "31 December, a minute before midnight")
        clock.move(minutes=1)
        show(community, "1 January, midnight")
        clock.set("2027-01-10 01:59")
        show(community, "10 January, 01:59")
        clock.move(minutes=1)
        show(community, "10 January, 02:00")

        print(f"Entries that the sweep wrote: {community.books.sweep()}")
        print()
        print(papers.passbook_page(community.passbooks["0118"], lang="zh", name="老李"))


if __name__ == "__main__":
    main()
