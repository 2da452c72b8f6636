"""A report is passed on, and nobody who acts on it learns whom it came from.

秀英 reports that a workshop keeps gas bottles in a stairwell. The kind is confidential. The
custodian reads her words with a reason, which leaves an entry, and writes a slip in words of her
own for the fire station. The officer who confirms the deed sees no name; the passbook says
社区贡献. Later the police ask who reported it: the committee writes the request down, the
custodian answers it once, and 秀英 can read in the log who was told and why.
"""

from __future__ import annotations

from datetime import date

import lovepoints as lp
from lovepoints import papers, testing

RULES = """
format = 1
title = "幸福社区积分管理办法"
effective = 2026-01-01
holder = "household"

[[rule]]
code = "tip"
title = "举报安全隐患"
clause = "第九条"
label = "社区贡献"
confidential = true
points = 20
"""


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:sun", role="custodian")
        community.residents.appoint("staff:wang", role="grid-officer")
        community.residents.appoint("staff:zheng", role="committee")
        community.residents.enrol("0421", name="秀英", phone="13800000001", household="3-2-501")

        deed = community.deeds.report("tip", resident="0421", place="3栋2单元", by="0421",
                                      note="楼下修理铺在楼道里放煤气罐，我家就在楼上")
        words = community.privacy.words(deed.id, reason="转办消防站", by="staff:sun")
        print(f"the custodian reads: {words.words['note']}")
        try:
            community.privacy.words(deed.id, reason="好奇", by="staff:wang")
        except lp.Refused as refused:
            print(f"the officer may not: {refused.code}")
        print()

        case = community.deeds.forward(
            deed.id, to="消防站", text="请检查3栋一带沿街店铺的燃气使用和堆放。",
            due_on=date(2026, 3, 14), by="staff:sun")
        print(papers.forwarding_slip(case, lang="zh", community="幸福社区"))
        print()

        clock.move(days=5)
        decision = community.deeds.confirm(deed.id, by="staff:wang")
        print(f"the officer confirms: {decision.deed.rule}, {decision.points} points")
        print(papers.passbook_page(community.passbooks["0421"], lang="zh", width=52))
        print()

        request = community.privacy.request(deed.id, reason="公安机关来函核实", by="staff:zheng")
        told = community.privacy.reporter(deed.id, request=request.seq, by="staff:sun")
        print(f"the custodian answers request {told.request}: {told.resident}")
        print(papers.looks(community.privacy.who_saw("0421", by="0421"), lang="zh", width=52,
                           code="0421"))


if __name__ == "__main__":
    main()
