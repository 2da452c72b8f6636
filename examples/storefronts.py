"""Shops keep their frontage, neighbours guard a crossing, a choir sorts batteries by the gram.

A shop has an account of its own and is looked at each week by two officers who grade it. Guarding a
crossing counts by the minute, up to an hour a day; batteries count by the kilogram, exactly, seven
small bags as much as one large one. Places may be ranked; people are not.
"""

from __future__ import annotations

from datetime import date

from lovepoints import testing

RULES = """
format = 1
title = "绿色生活积分办法"
effective = 2026-01-01
holder = "household"
[confirm]
by = ["grid-officer"]
[[kind]]
code = "point"
title = "积分"
decimals = 2
[[rule]]
code = "frontage"
title = "门前三包"
points = { good = 3, fair = 1, poor = 0 }
grades = { good = "好", fair = "一般", poor = "差" }
[[rule]]
code = "crossing"
title = "文明劝导"
points = { per = "minute", value = "0.05" }
[[rule]]
code = "battery"
title = "废电池回收"
points = { per = "kilogram", value = "0.25" }
[[cap]]
code = "crossing-day"
rules = ["crossing"]
per = "resident"
each = "day"
points = 3
"""


def main() -> None:
    """Play two weeks and print the passbooks and a rank of places."""
    clock = testing.FakeClock("2026-03-02 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        for lane in ("east-lane", "west-lane"):
            community.residents.area(lane)
        community.residents.appoint("staff:wang", role="grid-officer")
        for shop in ("noodle-shop", "barber"):
            community.residents.enrol(shop, kind="team")
        community.residents.enrol("0421", household="3-2-501", area="east-lane")
        community.residents.enrol("0388", household="3-2-302", area="west-lane")

        def done(rule: str, who: str, quantity: str = "", grade: str = "") -> None:
            deed = community.deeds.report(rule, resident=who, quantity=quantity or None)
            community.deeds.confirm(deed.id, grade=grade or None, by="staff:wang")

        for week in (("good", "fair"), ("good", "poor")):
            for shop, grade in zip(("noodle-shop", "barber"), week, strict=True):
                done("frontage", shop, grade=grade)
            done("crossing", "0421", "45")
            done("crossing", "0421", "30")
            clock.move(days=7)
        for _ in range(7):
            done("battery", "0388", "1")
        done("battery", "0388", "0.4")
        for code in ("noodle-shop", "barber", "0421", "0388"):
            print(f"{code}: {community.passbooks[code].balance} points")
        march = date(2026, 3, 1), date(2026, 3, 31)
        print(community.figures.rank("ST-02", *march, homes=1))


if __name__ == "__main__":
    main()
