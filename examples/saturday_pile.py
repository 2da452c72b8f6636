"""A Saturday's pile of paper forms goes in as one transaction.

Twelve forms lie on the desk after a clean-up. The clerk types them in one batch: all become
durable together, and one that is refused (somebody signed twice for the same event) undoes only
itself. The batch is typed again after a power cut, with the same keys: nothing is written twice.
"""

from __future__ import annotations

from datetime import date

from lovepoints import Community, Refused, testing

RULES = """
format = 1
title = "大扫除积分办法"
effective = 2026-01-01
holder = "household"

[[rule]]
code = "clean-up"
title = "周末大扫除"
clause = "第四条"
points = 3
needs = ["event"]
unique = ["event"]
"""
FORMS = [f"{number:04}" for number in range(101, 112)] + ["0103"]
DAY = date(2026, 3, 7)


def type_in(community: Community) -> None:
    """All forms of the day; the number on the form is the key."""
    refused, repeated = [], 0
    with community.batch():
        for number, code in enumerate(FORMS, start=1):
            try:
                deed = community.deeds.report(
                    "clean-up", resident=code, on=DAY, event="2026-03-07 大扫除",
                    by="staff:sun", key=f"form-0307-{number:02}")
                decision = community.deeds.confirm(
                    deed.id, by="staff:wang", key=f"form-0307-{number:02}-ok")
                repeated += decision.is_repeat
            except Refused as no:
                refused.append(f"form {number}, {code}: {no.sentence('zh')}")
    print(f"{len(FORMS)} forms, {len(refused)} refused, {repeated} written before")
    print("\n".join(refused))


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-09 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:sun", role="collector")
        community.residents.appoint("staff:wang", role="grid-officer")
        for code in FORMS[:-1]:
            community.residents.enrol(code, household=f"户-{code}")
        type_in(community)
        size = community.describe()["entries"]
        clock.move(hours=1)
        type_in(community)
        print(f"entries before and after: {size}, {community.describe()['entries']}")
        print(f"points outstanding: {community.books.outstanding()['point']}")
        print(f"sound: {community.books.check().is_sound}")


if __name__ == "__main__":
    main()
