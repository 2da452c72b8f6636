"""An evening hearing, a letter box and a lawyer's notes: three ways in, one count of matters.

A team of five sits in the yard one evening and writes down what people say. Each matter has the
channel `evening-talk`, a kind and a theme; one is answered on the spot, one is passed up, one is
still open at the end. Letters have numbers of their own, for one letter may hold two matters. Who
was in the team stands with the occurrence of the talk; nobody who spoke is in any figure.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
MARCH = date(2026, 3, 1), date(2026, 3, 31)
SAID = (("楼道灯不亮", "路灯", "当晚换好"), ("夜里施工太吵", "噪音", ""),
        ("停车位不够", "停车", ""))


def main() -> None:
    """Play the week and print one bulletin for each way in."""
    clock = testing.FakeClock("2026-03-06 18:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(RULES)
        community.residents.area("street")
        community.residents.area("grid", parent="street")
        community.residents.appoint("staff:wang", role="grid-officer", area="grid")
        community.residents.appoint("staff:sun", role="grid-officer", area="street")
        team = ("0118", "0202", "0388", "0421", "0455")
        for code in team:
            community.residents.enrol(code, household=f"home-{code}", area="grid")
        tasks, talks = community.tasks, community.activities
        tasks.define("matter", title="群众诉求", days=7)
        tasks.define("advice", title="政策咨询", days=3)

        talks.define("talk", title="板凳夜谈")
        talk = talks.plan("talk", on=date(2026, 3, 6), area="grid", place="2号院")[0].id
        talks.attend(talk, team, minutes=90, by="staff:wang")
        matters = [tasks.ask("matter", resident=who, note=note, channel="evening-talk", area="grid",
                             labels={"theme": theme}, reply=reply, by="staff:wang").id
                   for who, (note, theme, reply) in zip(team, SAID, strict=False)]
        talks.close(talk, headcount=34, by="staff:wang")
        tasks.escalate(matters[1], reason="要请城管一起", by="staff:wang")
        clock.move(days=3)
        tasks.finish(matters[1], reply="十点后停工", by="staff:sun")
        tasks.rate(matters[1], satisfied=True, by="0202")

        for note, letter in (("几点开门", "L-001"), ("办居住证", "L-001"), ("谢谢王干部", "L-002")):
            tasks.ask("advice", channel="letter-box", note=note, labels={"letter": letter},
                      reply="已答复", by="staff:wang")
        tasks.ask("advice", channel="lawyer-notes", note="租房合同", reply="可以解除",
                  by="staff:sun")

        for channel in ("evening-talk", "letter-box", "lawyer-notes"):
            told = community.figures.bulletin(*MARCH, channel=channel, least=1)
            print(f"{channel}: letters {told['ST-11'].value}, received {told['ST-10'].value}, "
                  f"resolved {told['ST-12'].value}, in progress {told['ST-13'].value}, "
                  f"satisfied {told['ST-17'].value}")
        told = community.figures.bulletin(
            *MARCH, only=["ST-10", "ST-19", "ST-20", "ST-33", "ST-36"])
        print(papers.bulletin(told, width=48, lang="zh"))


if __name__ == "__main__":
    main()
