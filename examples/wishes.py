"""Small wishes are collected, hung out without names, claimed, and fulfilled in rounds.

An old man wishes for a reading lamp and a child for a picture book. What hangs in the hall says
what is wished for and not by whom. A neighbour claims the lamp and brings her own; the book comes
from the shelf as a gift. A wish that was thought better of is withdrawn.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import papers, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
MARCH = date(2026, 3, 1), date(2026, 3, 31)


def main() -> None:
    """Play the story and print the wall and the figures."""
    with testing.community(clock=testing.FakeClock("2026-03-02 09:00")) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:qian", role="shopkeeper")
        for code in ("0118", "0388", "0421"):
            community.residents.enrol(code, household=f"home-{code}")
        community.shop.stock("picture-book", title="绘本", price=5)
        community.shop.receive("picture-book", 2, donor="文苑书店")
        tasks = community.tasks
        tasks.define("wish", title="微心愿", nature="wish", is_open=True)

        lamp, book, radio = (
            tasks.ask("wish", resident=who, note=what,
                      labels={"round": "2026-1", "age": age}).id
            for who, what, age in (("0118", "一盏台灯", "elder"), ("0388", "一本绘本", "youth"),
                                   ("0118", "一台收音机", "elder")))
        print(papers.task_list(map(tasks.__getitem__, (lamp, book, radio)), lang="zh", width=40))
        tasks.accept(lamp, by="0421")
        tasks.finish(lamp, served=1, by="0421")
        tasks.accept(book, resident="staff:qian", by="staff:zhao")
        community.shop.give("picture-book", 1, holder="0388", reason="微心愿", by="staff:qian")
        tasks.finish(book, served=1, by="staff:qian")
        tasks.withdraw(radio, by="0118")

        told = community.figures.bulletin(*MARCH, only=["ST-50"], least=1)
        print(papers.bulletin(told, width=40, lang="zh").split("-" * 40)[1].strip())
        print(f"rated: {tasks.rate(lamp, satisfied=True, by='0118').satisfied}")


if __name__ == "__main__":
    main()
