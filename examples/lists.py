"""A hall is booked, an umbrella is lent, and the lists say who has what and until when.

The community keeps lists: resources that can be used, problems to be struck off. The hall has a
place for one group at a time: an afternoon is planned and booked, and the second group waits. An
umbrella is lent for three days and does not come back in time. A problem is struck off by somebody
else than who saw to it, and opened again when the pipe leaks once more.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import Refused, papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
MARCH = date(2026, 3, 1), date(2026, 3, 31)


def main() -> None:
    """Play the story and print the lists."""
    clock = testing.FakeClock("2026-03-02 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        for officer in ("staff:wang", "staff:li"):
            community.residents.appoint(officer, role="grid-officer")
        for code in ("0118", "0388", "0421"):
            community.residents.enrol(code, household=f"home-{code}")
        tasks, halls = community.tasks, community.activities

        halls.define("hall", title="议事厅", places=1)
        afternoon = halls.plan("hall", on=date(2026, 3, 6), start=840, end=960)[0].id
        halls.sign_up(afternoon, by="0118")
        waiting = halls.sign_up(afternoon, by="0388")
        print(f"the hall on the sixth: {waiting.signed}, waiting: {waiting.waiting}")
        print(f"given back, it is: {halls.withdraw(afternoon, by='0118').signed}")

        tasks.define("loan", title="借用登记", nature="item", days=3, is_open=True)
        umbrella = tasks.ask("loan", resident="0421", note="雨伞2号", by="staff:wang").id
        tasks.accept(umbrella, resident="staff:wang", by="staff:wang")
        tasks.define("problem", title="问题清单", nature="item", days=10, second=True)
        pipe = tasks.ask("problem", place="2栋水管", note="漏水").id
        tasks.dispatch(pipe, to="staff:li", by="staff:wang")
        tasks.accept(pipe, by="staff:li")
        clock.move(days=4)
        tasks.finish(pipe, evidence="photo-1", by="staff:li")
        try:
            tasks.settle(pipe, by="staff:li")
        except Refused as refused:
            print(f"struck off by oneself: {refused.sentence('zh')}")
        tasks.settle(pipe, by="staff:wang")
        tasks.reopen(pipe, reason="又漏了", by="staff:wang")
        print(papers.task_list([tasks[umbrella], tasks[pipe]], title="清单", lang="zh", width=44))
        print(f"overdue: {[(one.note, str(one.due_on)) for one in tasks.overdue()]}")
        told = community.figures.bulletin(*MARCH, only=["ST-24", "ST-60"])
        print(f"struck off {told['ST-24'].count} of {told['ST-24'].of}, "
              f"live lines {told['ST-60'].value}")


if __name__ == "__main__":
    main()
