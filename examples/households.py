"""A family over three years: a wedding, a household merged, a death, and somebody enrolled twice.

The son of the Lis marries and founds a household with part of the points. The old Wangs move in
with their daughter, and their passbook comes along with every last day; a deed that was done
before, and confirmed late, finds its way. When old Li dies his card stops and the passbook stays
with his wife. A clerk had enrolled her twice: both records become one, and both codes answer.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import Community, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def show(community: Community, *codes: str) -> None:
    """Who lives where, and what is in the passbook."""
    for code in codes:
        own = community.passbooks[code]
        members = ", ".join(one.code for one in community.residents.members(own.code))
        print(f"  {code}: {own.balance} points in the passbook of {own.code} ({members})")


def prepare(community: Community) -> None:
    """Three households with points of different days."""
    community.rulebooks.adopt(RULES)
    community.residents.appoint("staff:zhou", role="grid-officer")
    for code, home in (("li", "3-2-501"), ("li-wife", "3-2-501"), ("li-son", "3-2-501"),
                       ("wang", "1-1-101"), ("wang-wife", "1-1-101"), ("daughter", "2-3-301")):
        community.residents.enrol(code, household=home, since=date(2026, 1, 1))


def served(community: Community, who: str, hours: str) -> str:
    """A deed that waits for its confirmation."""
    return community.deeds.report("volunteer", resident=who, quantity=hours).id


def main() -> None:
    """Play the three years and print where the points are."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with testing.community(clock=clock) as community:
        prepare(community)
        for who, hours in (("li", "5"), ("wang", "3"), ("daughter", "2")):
            community.deeds.confirm(served(community, who, hours), by="staff:zhou")
        late = served(community, "wang-wife", "1")

        print("the son marries and takes four points along")
        community.households.split("3-2-501", into="4-1-201", members=["li-son"], points=4)
        show(community, "3-2-501", "4-1-201")

        print("the old Wangs move in with their daughter")
        community.households.merge("1-1-101", into="2-3-301", reason="与女儿同住")
        show(community, "2-3-301", "1-1-101")
        clock.move(days=10)
        community.deeds.confirm(late, by="staff:zhou")
        print("a deed of before is confirmed ten days later")
        show(community, "1-1-101")

        print("old Li dies")
        card = community.cards.issue("li", token="0047-1")
        community.households.died("li", by="staff:zhou")
        print(f"  his card works: {community.cards[card.id].is_valid}")
        show(community, "li-wife")

        print("his wife had been enrolled twice")
        community.residents.enrol("li-wife-2", household="3-2-501")
        community.deeds.confirm(served(community, "li-wife-2", "1"), by="staff:zhou")
        community.households.unite("li-wife-2", into="li-wife", reason="重复登记")
        clock.move(days=1)
        print(f"  li-wife-2 is {community.residents['li-wife-2'].code}, with "
              f"{len(community.deeds.of('li-wife'))} deed")
        show(community, "li-wife-2")
        print(f"verified: {community.books.verify(rate=True).is_sound}")


if __name__ == "__main__":
    main()
