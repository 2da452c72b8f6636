"""The committee asks what a new rulebook would have done before it adopts it.

An hour of voluntary service shall be worth three points instead of two, and the cap of a month 24
instead of 20. The deeds of March are rated again under the new text: who would have got more, how
often the cap was reached, what it would have cost, and how long shelf and pledged money would last.
The same is asked of dearer soap, and what would be missing if everybody came next Saturday.
Nothing is written, and nobody who reported in confidence is named.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import Community, papers, testing

FIRST = Path(__file__).with_name("rulebooks") / "first.toml"
SECOND = (
    FIRST.read_text(encoding="utf-8")
    .replace("（试行）", "（征求意见稿）")
    .replace("effective   = 2026-01-01", "effective   = 2026-05-01")
    .replace('per = "hour", value = 2', 'per = "hour", value = 3')
    .replace("points   = 20", "points   = 24")
    .replace("points = [16, 4]", "points = [24, 0]")
)
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def lived(community: Community) -> None:
    """A shelf, three households, and what they did in March."""
    community.residents.appoint("staff:wang", role="grid-officer")
    community.shop.stock("rice-5kg", title="大米 5 公斤", price=44)
    community.shop.receive("rice-5kg", 2, donor="周记粮行")
    community.shop.stock("soap", title="肥皂", price=5)
    community.shop.receive("soap", 20, donor="社区商户")
    for code, home, hours in (("0118", "1-1-101", "12"), ("0421", "3-2-501", "5"),
                              ("0007", "2-1-302", "2")):
        community.residents.enrol(code, household=home)
        deed = community.deeds.report("volunteer", resident=code, quantity=hours)
        community.deeds.confirm(deed.id, by="staff:wang")
    community.shop.redeem({"soap": 3}, holder="0118")


def main() -> None:
    """Play the story and print what the committee reads."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(FIRST)
        lived(community)
        clock.set("2026-03-31 18:00")

        same = community.rulebooks.rehearse(FIRST, *MARCH)
        print(f"under its own rulebook: {same.changed} of {same.decisions} otherwise")

        found = community.rulebooks.rehearse(SECOND, *MARCH, pledged=20_000)
        print(papers.rehearsal_slip(found, lang="zh", community=community.name))

        dearer = community.shop.rehearse({"soap": 8}, *MARCH)
        print(papers.price_rehearsal_slip(dearer, lang="zh", community=community.name))

        saturday = community.shop.cover(date(2026, 4, 4))
        print(papers.cover_slip(saturday, lang="zh", community=community.name))


if __name__ == "__main__":
    main()
