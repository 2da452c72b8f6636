"""A household in need: the register, a helper who visits, what is brought, what was granted.

Old Li agrees to be helped. The aid officer opens his case with a plan and pairs him with neighbour
Wang, who comes every fortnight; a visit earns her points, and once she brings rice that was kept
for this. The committee grants money out of the winter fund, as a record. A grid officer may not
read the register; who read the plan, and why, stands in a log; figures count and name nobody.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import Community, Refused, papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
MARCH = date(2026, 3, 1), date(2026, 3, 31)


def prepare(community: Community) -> None:
    """Two households, three officers, five bags of rice of which two are kept for aid."""
    community.rulebooks.adopt(RULES)
    for code, home in (("0388", "3-2-302"), ("0421", "3-2-501")):
        community.residents.enrol(code, household=home)
    for officer, role in (("staff:lin", "aid-officer"), ("staff:zhou", "grid-officer"),
                          ("staff:sun", "custodian")):
        community.residents.appoint(officer, role=role)
    community.shop.stock("rice", title="大米", price=44, aid=2)
    community.shop.receive("rice", 5, donor="周记粮行")
    community.funds.open("winter", title="冬季慰问金", limit=5000_00, people=20)


def main() -> None:
    """Play the story and print what each person sees."""
    clock = testing.FakeClock("2026-03-02 09:00")
    with testing.community(clock=clock) as community:
        prepare(community)
        aid, funds = community.aid, community.funds
        case = aid.open("3-2-302", ground="low-income", level=2, review_by=date(2026, 3, 20),
                        plan="每两周走访\n修门", by="staff:lin")
        try:
            aid.pair("3-2-302", helper="0421", every=14, by="staff:lin")
        except Refused as refused:
            print(f"without his yes: {refused.sentence('zh')}")
        pairing = aid.pair("3-2-302", helper="0421", every=14, agreed=True, rule="volunteer",
                           by="staff:lin")

        visit = aid.visit(pairing.id, minutes=60, brought={"rice": 1}, by="staff:lin")
        community.deeds.confirm(visit.deed, by="staff:zhou")
        item = community.shop.item("rice")
        print(f"{visit.day}: brought {len(visit.brought)}, next by {visit.pairing.due}; rice left "
              f"{item.free}, for points {item.for_points}")
        print(f"points of the helper: {community.passbooks['0421'].balance}")

        funds.grant("winter", 300_00, holder="3-2-302", reason="病后", category="medical")
        print(f"left in the fund: {funds['winter'].left / 100:.2f} yuan")
        (seen,) = funds.moves("winter", by="staff:zhou")
        print(f"the grid officer sees {seen.fen} fen, to {seen.holder or 'somebody'}")

        clock.set("2026-03-21 09:00")
        print(f"reviews due: {[one.id for one in aid.reviews_due(by='staff:lin')]}, "
              f"visits due: {[one.helper for one in aid.visits_due(by='staff:lin')]}")
        print(aid.words(case.id, reason="到期复核", by="staff:lin").plan.replace("\n", "; "))
        aid.review(case.id, level=3, review_by=date(2026, 6, 20), by="staff:lin")
        try:
            aid.cases(by="staff:zhou")
        except Refused as refused:
            print(f"the grid officer asks for the register: {refused.sentence('zh')}")
        print(papers.looks(community.privacy.who_saw("3-2-302", by="staff:sun"), lang="zh"))

        told = community.figures.bulletin(*MARCH, only=["ST-51", "ST-53", "ST-62"])
        print(papers.bulletin(told, width=48, lang="zh"))


if __name__ == "__main__":
    main()
