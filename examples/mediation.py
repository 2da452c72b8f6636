"""Two neighbours quarrel; a retired teacher mediates twice, and they agree.

What was said between them stays with the mediators: the kind of task is confidential, so that
nobody at the desk is shown who quarrelled, where, or about what. The mediator's two evenings are
checked in and out and earn her points; the two neighbours are not scored. The figures count the
case and that it ended with an agreement.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
MARCH = date(2026, 3, 1), date(2026, 3, 31)


def main() -> None:
    """Play the story and print what is seen of it."""
    clock = testing.FakeClock("2026-03-09 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:wang", role="grid-officer")
        for code in ("0118", "0388", "0421"):
            community.residents.enrol(code, household=f"home-{code}")
        tasks = community.tasks
        tasks.define("quarrel", title="矛盾调解", nature="mediation", rule="volunteer",
                     is_confidential=True)

        case = tasks.ask("quarrel", resident="0388", place="3栋楼道", note="楼上夜里太吵")
        tasks.dispatch(case.id, to="0118", by="staff:wang")
        tasks.accept(case.id, by="0118")
        for evening in ("2026-03-10", "2026-03-13"):
            clock.set(f"{evening} 19:00")
            tasks.check_in(case.id, by="0118")
            clock.set(f"{evening} 20:30")
            tasks.check_out(case.id, by="0118")
        done = tasks.finish(case.id, reply="双方和解，九点后安静", labels={"outcome": "agreed"},
                            by="0118")
        community.deeds.confirm(done.deeds[0], by="staff:wang")

        seen = community.tasks[case.id]
        print(f"at the desk: {seen.title}, {seen.state}; asker {seen.asker!r}, place "
              f"{seen.place!r}, note {seen.note!r}")
        for code in ("0118", "0388", "0421"):
            print(f"points of {code}: {community.passbooks[code].balance}")
        told = community.figures.bulletin(*MARCH, only=["ST-25"], least=1)
        print(papers.bulletin(told, width=40, lang="zh").split("-" * 40)[1].strip())


if __name__ == "__main__":
    main()
