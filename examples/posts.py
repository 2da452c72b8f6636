"""Posts are defined and claimed; a volunteer's year becomes a certificate.

The committee opens three posts for helpers at the school gate. Whoever wants claims one, one gives
hers back, a fourth finds none left. Each stands her morning and is confirmed; at the end 秀英 takes
home a certificate of her hours, with the code by which anybody can check it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import Refused, papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
YEAR = date(2026, 1, 1), date(2026, 12, 31)


def main() -> None:
    """Play the story and print the claims and the certificate."""
    clock = testing.FakeClock("2026-03-02 07:00")
    with testing.community(clock=clock, name="幸福社区") as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:wang", role="grid-officer")
        for code in ("0118", "0202", "0388", "0421"):
            community.residents.enrol(code, household=f"home-{code}",
                                      attributes={"volunteer": True})
        tasks = community.tasks
        tasks.define("post", title="护学岗", nature="project", places=3, is_open=True,
                     rule="volunteer")

        post = tasks.ask("post", place="学校东门", labels={"time": "早"}).id
        for code in ("0118", "0202", "0388"):
            tasks.accept(post, by=code)
        try:
            tasks.accept(post, by="0421")
        except Refused as refused:
            print(refused.sentence("zh"))
        tasks.hand_back(post, reason="要上班", by="0202")
        print(f"on the post: {tasks.accept(post, by='0421').doers}")
        clock.set("2026-03-02 09:00")
        for deed in tasks.finish(post, quantity="1.5", by="0421").deeds:
            community.deeds.confirm(deed, by="staff:wang")
        clock.set("2026-03-20 18:00")
        deed = community.deeds.report("volunteer", resident="0421", quantity="2")
        community.deeds.confirm(deed.id, by="staff:wang")

        told = community.figures.bulletin(*YEAR, only=["ST-30", "ST-31", "ST-32"], least=1)
        print({number: one.value for number, one in told.figures.items()})
        record = community.figures.service_record("0421", *YEAR, by="0421")
        print(papers.certificate(record, name="秀英", lang="zh", community=community.name,
                                 width=44))


if __name__ == "__main__":
    main()
