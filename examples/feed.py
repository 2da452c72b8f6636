"""A board in the hall is kept by the feed: it dies once, goes on, and nothing is lost or doubled.

The board shows how many points were given for what, and what was fetched; it may know of nobody.
It reads the events that it has not acknowledged, adds them up, and acknowledges. Once it dies
before it could: the same events come again, and it knows them by their ids. A confidential report
is a place in the order and nothing more.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

import attrs

from lovepoints import Community, testing

RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 2 }
[[rule]]
code = "clue"
title = "线索"
label = "其他"
confidential = true
points = 9
"""


@attrs.define
class Board:
    """What hangs in the hall: points by rule, pieces by item, and which events it has seen."""

    points: Counter[str] = attrs.field(factory=Counter)
    goods: Counter[str] = attrs.field(factory=Counter)
    seen: set[str] = attrs.field(factory=set)
    withheld: int = 0

    def take(self, community: Community, *, dies: bool = False) -> None:
        """Handle what is new; `dies` before it can say so."""
        for event in community.feed.next("hall-board", by="app:board"):
            if event["id"] in self.seen:
                continue
            self.seen.add(event["id"])
            data = event.get("data", {})
            self.withheld += event["type"] == "lovepoints.withheld"
            if event["type"] == "lovepoints.confirm":
                self.points[data["rule"]] += int(Decimal(data["points"]["point"]))
            if event["type"] == "lovepoints.redeem":
                self.goods.update({item: -pieces for item, pieces in data["goods"].items()})
        if not dies:
            last = max(map(int, self.seen))
            print(community.feed.acknowledge("hall-board", last, by="app:board"))


def main() -> None:
    """Play a morning and print what the board shows."""
    with testing.community(clock=testing.FakeClock("2026-03-07 09:00")) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("app:board", role="app")
        community.residents.appoint("staff:wu", role="committee")
        for code, home in (("0421", "3-2-501"), ("0388", "3-2-302")):
            community.residents.enrol(code, name="秀英", household=home)
        community.shop.stock("soap", title="肥皂", price=4)
        community.shop.receive("soap", 9)
        board = Board()
        board.take(community)

        for rule, hours in (("service", "3"), ("service", "2"), ("clue", None)):
            deed = community.deeds.report(rule, resident="0421", quantity=hours)
            community.deeds.confirm(deed.id, by="staff:wu")
        community.shop.redeem({"soap": 2}, holder="0421")
        print(json.dumps(community.feed.next("hall-board", by="app:board")[-1]["data"]))
        board.take(community, dies=True)
        print(f"died; waiting: {community.feed.consumers()[0].waiting}")
        board.take(community)
        print(dict(board.points), dict(board.goods), f"{board.withheld} withheld")


if __name__ == "__main__":
    main()
