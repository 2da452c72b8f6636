"""Delivery riders report what they see on the street; staff on duty and the police earn nothing.

Riders live elsewhere: each has an account without a household, and a rule of their own. Newcomers
without local registration are enrolled like everybody. A grid officer's own rounds are her work
and earn no points. The police station is a partner: it may confirm one kind of report, and has no
say in any other.
"""

from __future__ import annotations

from lovepoints import Refused, testing

RULES = """
format = 1
title = "骑手积分办法"
effective = 2026-01-01
holder = "household"
[confirm]
by = ["grid-officer"]
[[attribute]]
code = "class"
title = "人员类别"
type = "choice"
values = ["resident", "newcomer", "rider", "staff"]
of = "resident"
[[rule]]
code = "street-report"
title = "骑手上报"
points = 3
requires = { class = "rider" }
[[rule]]
code = "hazard"
title = "风险隐患"
points = 5
requires = { class = ["resident", "newcomer", "rider"] }
[[rule]]
code = "clue"
title = "治安线索"
label = "其他"
points = 9
confidential = true
[rule.confirm]
by = ["partner"]
"""


def main() -> None:
    """Play the story and print who earns what."""
    with testing.community(clock=testing.FakeClock("2026-03-07 09:00")) as community:
        community.rulebooks.adopt(RULES)
        for code, kind, home in (("rider-7", "rider", ""), ("0421", "newcomer", "3-2-501"),
                                 ("wang", "staff", "2-1-101")):
            community.residents.enrol(code, household=home, attributes={"class": kind})
        community.residents.appoint("staff:wang", role="grid-officer", resident="wang")
        community.residents.appoint("staff:li", role="grid-officer")
        community.residents.appoint("police:chen", role="partner")

        for who, rule in (("rider-7", "street-report"), ("0421", "hazard"), ("wang", "hazard"),
                          ("0421", "street-report")):
            try:
                deed = community.deeds.report(rule, resident=who)
                points = community.deeds.confirm(deed.id, by="staff:li").awards[0].points
                print(f"{who} {rule}: {points} points")
            except Refused as refused:
                print(f"{who} {rule}: {refused.sentence('zh')}")
        clue = community.deeds.report("clue", resident="rider-7", by="rider-7")
        for officer in ("staff:li", "police:chen"):
            try:
                community.deeds.confirm(clue.id, by=officer)
                print(f"{officer} confirms the clue")
            except Refused as refused:
                print(f"{officer}: {refused.sentence('zh')}")
        hazard = community.deeds.report("hazard", resident="rider-7")
        try:
            community.deeds.confirm(hazard.id, by="police:chen")
        except Refused as refused:
            print(f"police:chen on a hazard: {refused.sentence('zh')}")
        for code in ("rider-7", "0421", "wang"):
            print(f"points of {code}: {community.passbooks[code].balance}")


if __name__ == "__main__":
    main()
