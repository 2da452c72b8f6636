"""A grandson gives points to his grandmother, inside the circle of one household.

The rulebook keeps a passbook for each resident and lets people of one household give each other up
to thirty points a year. Given points keep their own last day. Strangers cannot be given anything,
and the thirty-first point waits for the next year.
"""

from __future__ import annotations

from lovepoints import Community, Refused, papers, testing

RULES = """
format = 1
title = "家庭成员积分互赠办法"
effective = 2026-01-01
holder = "resident"

[[rule]]
code = "volunteer"
title = "志愿服务"
clause = "第六条"
points = { per = "hour", value = 5 }

[validity]
after = "12 months"

[transfer]
to = "household"
most = 30
each = "year"
"""


def give(community: Community, to: str, points: int) -> None:
    """A gift by the grandson himself, or the polite no."""
    try:
        community.books.transfer("0712", to, points, by="0712")
        print(f"{points} points to {to}")
    except Refused as refused:
        print(f"{points} points to {to}: {refused.sentence('zh')}")


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:wang", role="grid-officer")
        community.residents.enrol("0711", name="奶奶", household="4-1-202")
        community.residents.enrol("0712", name="小军", household="4-1-202")
        community.residents.enrol("0421", name="秀英", household="3-2-501")
        deed = community.deeds.report("volunteer", resident="0712", quantity="8")
        community.deeds.confirm(deed.id, by="staff:wang")

        clock.move(days=30)
        give(community, "0711", 25)
        give(community, "0421", 5)
        give(community, "0711", 6)
        print()
        for code, name in (("0712", "小军"), ("0711", "奶奶")):
            page = papers.passbook_page(community.passbooks[code], lang="zh", name=name)
            print(page, end="\n\n")
        sent = community.passbooks["0712"].lines[0].seq
        community.books.reverse(sent, reason="小军点错了人数")
        balances = [community.passbooks[code].balance for code in ("0712", "0711")]
        print(f"taken back in the open: {balances}")


if __name__ == "__main__":
    main()
