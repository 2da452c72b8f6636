"""A public list hangs for five days; two lines are challenged, one decision is appealed against.

The committee posts what was awarded in the week. A neighbour doubts that 建国 was at the patrol;
the committee's 何 finds no record and upholds it. 建国 appeals with a photo, and 白, who did not
decide before, agrees with him: his deed is confirmed anew. A doubt about 秀英 is dismissed. When
the days are over the list is closed with the code of the book, and nothing confidential was on it.
"""

from __future__ import annotations

import lovepoints as lp
from lovepoints import papers, testing

RULES = """
format = 1
title = "幸福社区积分管理办法"
effective = 2026-01-01
holder = "household"
notice_days = 5

[[rule]]
code = "patrol"
title = "治安巡逻"
points = { per = "hour", value = 2 }

[[rule]]
code = "clue"
title = "提供线索"
points = 20
confidential = true
label = "社区贡献"
"""


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with testing.community(clock=clock, name="幸福社区") as community:
        community.rulebooks.adopt(RULES)
        for actor, role in (("staff:wang", "grid-officer"), ("staff:he", "committee"),
                            ("staff:bai", "committee")):
            community.residents.appoint(actor, role=role)
        deeds = {}
        for code, name, rule in (("0421", "王秀英", "patrol"), ("0388", "李建国", "patrol"),
                                 ("0507", "赵敏", "patrol"), ("0600", "周舟", "clue")):
            community.residents.enrol(code, name=name, household=f"home-{code}")
            hours = "2" if rule == "patrol" else None
            deeds[code] = community.deeds.report(rule, resident=code, quantity=hours).id
            community.deeds.confirm(deeds[code], by="staff:wang")

        notices = community.notices
        listed = notices.post(days=5, by="staff:he")
        print(papers.public_notice(listed, width=48, lang="zh", community=community.name))
        print()

        doubt = notices.object(listed.id, 2, grounds="那天没看到他", by="0507")
        other = notices.object(listed.id, 1, grounds="只来了一小时", by="0388")
        print(f"frozen: {community.passbooks['0388'].frozen}")
        notices.decide(doubt.id, upheld=True, reason="没有签到记录", by="staff:he")
        notices.decide(other.id, upheld=False, reason="签到记录两小时", by="staff:he")
        notices.appeal(doubt.id, reason="有现场照片", by="0388")
        try:
            notices.decide(doubt.id, upheld=False, reason="照片属实", by="staff:he")
        except lp.Refused as refused:
            print(f"{refused.code}: {refused.facts['who']}")
        notices.decide(doubt.id, upheld=False, reason="照片属实", by="staff:bai")
        community.deeds.confirm(deeds["0388"], by="staff:wang")
        print(f"confirmed anew: {community.passbooks['0388'].balance} points")

        clock.move(days=6)
        closed = notices.close(listed.id, by="staff:he")
        print(papers.public_notice(closed, width=48, lang="zh", community=community.name))
        print(f"next list: {[line.name for line in notices.post(by='staff:he').lines]}")


if __name__ == "__main__":
    main()
