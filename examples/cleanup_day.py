"""A Friday clean-up: places, a waiting list, check-in, headcount, and one award for the group.

The building lead 王 plans a clean-up for three Fridays with two places each. 秀英, 建国 and 小梅
sign up; 秀英 cannot come, so 小梅 moves up from the waiting list, and 老赵 comes along without
having signed up. 建国 forgets to check out, which is noticed before anything is paid. 周, who wrote
nothing down and lives elsewhere, awards the whole group in one batch; the next Friday is cancelled
for rain.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import lovepoints as lp
from lovepoints import testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-02 09:00")
    with testing.community(clock=clock, name="幸福社区") as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:wang", role="building-lead")
        community.residents.appoint("staff:zhou", role="grid-officer")
        for code, name, home in (("0421", "秀英", "3-2-501"), ("0388", "建国", "3-2-302"),
                                 ("0207", "小梅", "1-1-101"), ("0150", "老赵", "2-1-201")):
            community.residents.enrol(code, name=name, household=home)
        desk = community.activities
        desk.define("clean-up", title="周五清洁日", rule="volunteer", places=2)
        fridays = desk.plan("clean-up", on=date(2026, 3, 6), until=date(2026, 3, 20), every="week",
                            start=14 * 60, end=16 * 60, place="东门", by="staff:wang")
        print("planned:", ", ".join(str(one.day) for one in fridays))

        friday = fridays[0].id
        for code in ("0421", "0388", "0207"):
            now = desk.sign_up(friday, by=code)
        print("places:", *now.signed, "| waiting:", *now.waiting)
        now = desk.withdraw(friday, by="0421")
        print("places:", *now.signed, "| waiting:", *now.waiting)

        clock.move(days=4, minutes=300)
        for code in ("0388", "0207", "0150"):
            desk.check_in(friday, resident=code, by="staff:wang")
        clock.move(minutes=120)
        for code in ("0207", "0150"):
            desk.check_out(friday, resident=code, by="staff:wang")
        try:
            desk.close(friday, headcount=30, counted=False, by="staff:wang")
        except lp.Refused as refused:
            print(f"{refused.code}: {refused.facts['missing']} of {refused.facts['who']}")
        desk.check_out(friday, resident="0388", by="staff:wang")
        now = desk.close(friday, headcount=30, counted=False, by="staff:wang")
        print(f"{now.state}: {len(now.present)} helped, about {now.headcount} reached")

        group = desk.award(friday, by="staff:zhou", key="friday-award")
        for code, award in zip(now.present, group.awards, strict=True):
            print(f"{code}: {award.points} points")
        again = desk.award(friday, by="staff:zhou", key="friday-award")
        print(f"said again: {again.is_repeat}, 建国 has {community.passbooks['0388'].balance}")

        rain = desk.cancel(fridays[1].id, reason="下雨", by="staff:wang")
        print(f"{rain.day}: {rain.state} ({rain.reason})")
        community.books.verify(rate=True)


if __name__ == "__main__":
    main()
