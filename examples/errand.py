"""A resident asks for an errand, and a neighbour runs it: ask, dispatch, accept, finish, rate.

秀英 is ill and phones the community for her medicine. The building lead 王 sends the order to
建国, a volunteer, with a three-part slip. He checks in, fetches the medicine and checks out; 秀英
says that it is done and that she is satisfied, and 王 confirms his hour and a half. A second order
is declined, taken by nobody, and turns up on the list of what is overdue.
"""

from __future__ import annotations

from pathlib import Path

import lovepoints as lp
from lovepoints import papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with testing.community(clock=clock, name="幸福社区") as community:
        community.rulebooks.adopt(RULES)
        community.residents.area("grid-07", title="第七网格")
        community.residents.appoint("staff:wang", role="building-lead", area="grid-07")
        community.residents.appoint("staff:zhou", role="grid-officer")
        community.residents.enrol("0421", name="秀英", household="3-2-501", area="grid-07")
        community.residents.enrol("0388", name="建国", household="3-2-302", area="grid-07")
        tasks = community.tasks
        tasks.define("errand", title="跑腿代办", days=2, rule="volunteer", second=True)

        order = tasks.ask("errand", resident="0421", channel="phone", place="3栋2单元501",
                          note="到社区医院取药", by="staff:wang", key="phone-17")
        order = tasks.dispatch(order.id, to="0388", by="staff:wang")
        print(papers.order_slips(order, lang="zh", community=community.name))
        print()

        tasks.accept(order.id, by="0388")
        tasks.check_in(order.id, by="0388")
        clock.move(minutes=90)
        try:
            tasks.finish(order.id, reply="药已送到", by="0388")
        except lp.Refused as refused:  # he is still checked in
            print(f"{refused.code}: {refused.facts['missing']}")
        tasks.check_out(order.id, by="0388")
        order = tasks.finish(order.id, reply="药已送到", by="0388")
        print(f"{order.id}: {order.state}, {', '.join(order.deeds)} reported")
        tasks.settle(order.id, by="0421")
        order = tasks.rate(order.id, satisfied=True, by="0421")
        earned = community.deeds.confirm(order.deeds[0], by="staff:zhou")
        print(f"{order.id}: {order.state}, satisfied: {order.satisfied}, {earned.points} points")

        second = tasks.ask("errand", resident="0421", note="换灯泡", by="staff:wang")
        tasks.dispatch(second.id, to="0388", by="staff:wang")
        tasks.decline(second.id, reason="这周不在家", by="0388")
        clock.move(days=3)
        for late in tasks.overdue():
            print(f"overdue since {late.due_on}: {late.id} {late.note} ({late.state})")


if __name__ == "__main__":
    main()
