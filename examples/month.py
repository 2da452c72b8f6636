"""A community of five grids tells the book its March, and hangs out the figures.

The facts stand in the tables of `month/`: 27 areas, 56 officers, 393 households; 493 tasks, among
them 94 matters of four evening talks, 161 letters, 44 posts and a patrol's nights; every move of
them, 43 reports, some 140 visits to the shop; 90 homes in need, two funds, clean-ups and lectures.
What is printed the book has counted; the tests count it again, by code of their own.
"""

from __future__ import annotations

import csv
import tomllib
from datetime import date
from pathlib import Path

import attrs

from lovepoints import papers, testing
from lovepoints.community import Community

FACTS = Path(__file__).with_name("month")
MARCH = date(2026, 3, 1), date(2026, 3, 31)
TABLES = ("asked", "reports", "moves", "visits", "aid", "occurrences")
READ = {"review_by": date.fromisoformat, "agreed": bool, "brought": lambda item: {item: 1},
        **dict.fromkeys(("level", "every", "minutes", "limit", "goal", "fen"), int)}
Fact = dict[str, str]


def table(name: str) -> list[Fact]:
    """The rows of one table of facts."""
    return list(csv.DictReader((FACTS / f"{name}.csv").read_text("utf-8").splitlines()))


def settle(community: Community) -> None:
    """Areas, officers, residents, kinds of work and goods, as they are on the first of March."""
    community.rulebooks.adopt(FACTS / "rulebook.toml")
    for one in table("areas"):
        community.residents.area(one["area"], parent=one["parent"], title=one["title"])
    for one in table("officers"):
        community.residents.appoint(one["officer"], role=one["role"], area=one["area"])
    community.residents.enrol("patrol", kind="team")
    for one in table("residents"):
        community.residents.enrol(
            one["resident"], household=one["household"], area=one["area"],
            attributes={"volunteer": one["volunteer"] == "yes", "class": one["class"]})
        if one["team"]:
            community.teams.join(one["team"], resident=one["resident"])
    for kind, said in tomllib.loads((FACTS / "kinds.toml").read_text("utf-8")).items():
        community.tasks.define(kind, **said)
    for one in table("goods"):
        community.shop.stock(one["item"], title=one["title"], price=int(one["price"]),
                             aid=int(one["aid"]), stocked=one["stocked"] == "yes")
        if count := int(one["count"]):
            community.shop.receive(one["item"], count, unit_value=int(one["fen"]),
                                   donor=one["donor"], origin=one["origin"])
    for unit in table("units"):
        community.residents.enrol(unit["unit"], kind="team", attributes={"partner": True})
        for code in unit["members"].split():
            community.teams.join(unit["unit"], resident=code)
    community.activities.define("clean-up", title="周五大扫除", rule="service")
    community.activities.define("lecture", title="科普讲座")
    community.rotas.define("nights", title="夜间巡逻", team="patrol", kind="shift",
                           pattern=[(weekday, 1200, 1320, 2) for weekday in range(1, 8)])


@attrs.frozen
class Month:
    """Tells the facts of each table to the book; `ids` are what the book calls things."""

    community: Community
    ids: dict[str, str] = attrs.field(factory=dict)

    def asked(self, one: Fact) -> None:
        """A task is asked for, some with the answer on the spot."""
        self.ids[one["id"]] = self.community.tasks.ask(
            one["kind"], resident=one["resident"], area=one["area"], channel=one["channel"],
            labels={one["label"]: one["value"]} if one["label"] else {},
            reply=one["reply"], by=one["by"] or None).id

    def reports(self, one: Fact) -> None:
        """A hazard or a good person is reported."""
        self.ids[one["id"]] = self.community.deeds.report(
            one["rule"], resident=one["resident"], channel=one["channel"]).id

    def moves(self, one: Fact) -> None:
        """A task or a deed moves; what a task earned the committee confirms at once."""
        said: dict[str, object] = {
            "to": one["to"], "reply": one["reply"], "reason": one["reason"],
            "of": self.ids.get(one["of"]),
            "satisfied": {"yes": True, "no": False}.get(one["satisfied"]),
            "quantity": one["minutes"] and {"hour": f"{int(one['minutes']) / 60:g}"}}
        verb = getattr(getattr(self.community, one["desk"]), one["verb"])
        moved = verb(self.ids[one["id"]], by=one["by"],
                     **{name: value for name, value in said.items() if value not in ("", None)})
        for deed in moved.deeds if one["verb"] == "finish" else ():
            self.community.deeds.confirm(deed, by="staff:committee-4")

    def visits(self, one: Fact) -> None:
        """Somebody fetches goods for points; without a name they are given to a home in need."""
        shop, count = self.community.shop, int(one["count"])
        if not one["resident"]:
            shop.give(one["item"], count, reason="慰问")
        else:
            fetched = shop.redeem({one["item"]: count}, holder=one["resident"])
            if back := int(one["returned"]):
                shop.return_(fetched.id, part={one["item"]: back}, reason="破损")

    def aid(self, one: Fact) -> None:
        """A home in need, a visit, a fund, a grant: the columns are the verb's arguments."""
        said = {name: READ.get(name, str)(value) for name, value in one.items()
                if value and name not in ("at", "desk", "verb", "id", "of")}
        verb = getattr(getattr(self.community, one["desk"]), one["verb"])
        made = verb(self.ids.get(one["of"], one["of"]), **said)
        if one["verb"] == "visit":
            self.community.deeds.confirm(made.deed, by="staff:committee-4")
        elif one["id"]:
            self.ids[one["id"]] = made.id

    def occurrences(self, one: Fact) -> None:
        """A clean-up or a lecture is held, or rained off; the committee awards the whole group."""
        desk = self.community.activities
        held, = desk.plan(one["activity"], on=date.fromisoformat(one["at"][:10]), area=one["area"])
        if one["cancelled"]:
            desk.cancel(held.id, reason=one["cancelled"])
            return
        desk.attend(held.id, one["attended"].split(), minutes=int(one["minutes"]))
        closed = desk.close(held.id, headcount=int(one["headcount"]),
                            counted=one["counted"] == "yes")
        if closed.deeds:
            desk.award(held.id, by="staff:committee-4")


def played() -> Community:
    """The community on the evening of the last of March."""
    clock = testing.FakeClock("2026-03-01 07:00")
    community = testing.community(clock=clock, name="幸福社区")
    settle(community)
    nights = community.rotas.plan("nights", *MARCH)
    month = Month(community, {f"n{one.day:%d}": one.task for one in nights})
    diary = [(one["at"], place, name, one) for place, name in enumerate(TABLES)
             for one in table(name)]
    for at, _, name, one in sorted(diary, key=lambda fact: fact[:2]):
        clock.set(at)
        getattr(month, name)(one)
    clock.set("2026-03-31 22:00")
    return community


def main() -> None:
    """Print all figures of March, then what one hears of the talks and of the letters."""
    figures = played().figures
    print(papers.bulletin(figures.bulletin(*MARCH), width=64, full=True, lang="zh"))
    for channel in ("evening-talk", "letter-box"):
        told = figures.bulletin(*MARCH, channel=channel)
        print(f"{channel}: {told['ST-10'].value} received, {told['ST-12'].value} resolved, "
              f"{told['ST-13'].value} in progress, {told['ST-17'].value} % satisfied")


if __name__ == "__main__":
    main()
