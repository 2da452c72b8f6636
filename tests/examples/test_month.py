"""March of `examples/month.py`, counted again from its tables by code that knows no lovepoints.

Each figure is worked out from the rows of the tables alone; nothing is imported from the library
but the book that the story played.
"""

from __future__ import annotations

import csv
import runpy
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.examples.test_stories import EXAMPLES

FACTS = EXAMPLES / "month"
Fact = dict[str, str]


def table(name: str) -> list[Fact]:
    """The rows of a table of facts."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


RESIDENTS = {one["resident"]: one for one in table("residents")}
HOMES = {who: one["household"] for who, one in RESIDENTS.items()}
AREAS, OFFICERS, GOODS = table("areas"), table("officers"), table("goods")
AID = table("aid")
ASKED, REPORTS, MOVES, VISITS = table("asked"), table("reports"), table("moves"), table("visits")
PRICES = {one["item"]: int(one["price"]) for one in GOODS}
PATROL = sorted(who for who, one in RESIDENTS.items() if one["team"] == "patrol")
NIGHTS = [{**dict.fromkeys(ASKED[0], ""), "id": f"n{day:02}", "kind": "shift"}
          for day in range(1, 32)]
"""Two of the patrol each night, by turns in the order of their codes."""
ASKED += NIGHTS
OF = {one["id"]: [move for move in MOVES if move["id"] == one["id"]] for one in ASKED + REPORTS}
ENDS = {"reject": "rejected", "duplicate": "duplicate", "withdraw": "withdrawn",
        "refer": "referred", "confirm": "resolved"}
DAYS = {"matter": 7, "errand": 3}
LAST = "2026-03-31"


def moved(task: Fact, *verbs: str) -> list[Fact]:
    """What happened to something, of these verbs."""
    return [move for move in OF[task["id"]] if move["verb"] in verbs]


def end(one: Fact) -> str:
    """How a task or a report ended; "" while it is open."""
    if one.get("reply"):
        return "resolved"
    if moved(one, "finish") and one["kind"] != "problem":
        return "resolved"
    return next((ENDS[move["verb"]] for move in moved(one, *ENDS)), "")


def doers(task: Fact) -> list[str]:
    """Who took a task and did not give it back."""
    if task in NIGHTS:
        first = 2 * NIGHTS.index(task)
        return [PATROL[place % len(PATROL)] for place in (first, first + 1)]
    back = {move["by"] for move in moved(task, "hand_back")}
    return [move["by"] for move in moved(task, "accept") if move["by"] not in back]


def share(count: int, of: int) -> Decimal:
    """A share in percent to one decimal, half up."""
    return (Decimal(count) * 100 / of).quantize(Decimal("0.1"), ROUND_HALF_UP)


def kind(*names: str) -> list[Fact]:
    """The tasks of these kinds."""
    return [one for one in ASKED if one["kind"] in names]


def day_after(day: str, days: int) -> str:
    """A day of March so many days later, as text that can be compared; past March counts on."""
    return f"2026-03-{int(day[8:10]) + days:02}"


MATTERS = kind("matter", "errand")
HAZARDS = [one for one in REPORTS if one["rule"] == "hazard"]
RECEIVED = MATTERS + HAZARDS
SERVICES = [(task, who, int(move["minutes"])) for task in kind("errand", "post", "shift")
            for move in moved(task, "finish") for who in doers(task)]
HELPERS = {one["id"]: one["helper"] for one in AID if one["verb"] == "pair"}
CALLS = [one for one in AID if one["verb"] == "visit"]
SERVICES += [(one, HELPERS[one["of"]], int(one["minutes"])) for one in CALLS]
HELD = [one for one in table("occurrences") if not one["cancelled"]]
CAME = [(one, who) for one in HELD for who in one["attended"].split()]
SERVICES += [(one, who, int(one["minutes"])) for one, who in CAME
             if one["activity"] == "clean-up"]
"""Every confirmed service: the task, who did it, how many minutes."""
GOOD = [one for one in REPORTS if end(one) == "resolved"]
AWARDS = [(who, minutes // 30) for _, who, minutes in SERVICES] + [
    (one["resident"], 5 if one["rule"] == "hazard" else 20) for one in GOOD]
FETCHED = [one for one in VISITS if one["resident"]]
SERVED = {one["item"] for one in GOODS if one["stocked"] == "no"}
GOODS_FETCHED = [one for one in FETCHED if one["item"] not in SERVED]
UNITS = table("units")
MEMBERS = {who for one in UNITS for who in one["members"].split()}
GIVEN = [one for one in VISITS if not one["resident"]]


def kept(visit: Fact) -> int:
    """How many goods of a visit stayed with whoever came."""
    return int(visit["count"]) - int(visit["returned"])


SPENT = Counter[str]()
for _visit in FETCHED:
    SPENT[HOMES[_visit["resident"]]] += kept(_visit) * PRICES[_visit["item"]]
EARNED = Counter[str]()
for _who, _points in AWARDS:
    EARNED[HOMES[_who]] += _points


def helped(verb: str, desk: str = "aid") -> list[Fact]:
    """What was done for homes in need, of this verb; without what was taken back."""
    undone = {one["of"] for one in AID if one["verb"] == "take_back"}
    return [one for one in AID if (one["desk"], one["verb"]) == (desk, verb)
            and one["id"] not in undone]


def yuan(facts: Iterable[Fact], name: str = "fen") -> Decimal:
    """What these come to."""
    return Decimal(sum(int(one[name] or 0) for one in facts)) / 100


def aid() -> dict[str, dict[str, Any]]:
    """The figures of aid on the last of March."""
    cases = {one["id"]: one for one in helped("open")}
    for one in helped("review"):
        cases[one["of"]] = {**cases[one["of"]], "review_by": one["review_by"], "plan": one["plan"]}
    # A case and a pairing hold through their last day, and all of them ended before the 31st.
    for one in helped("close"):
        del cases[one["of"]]
    parted = {one["of"] for one in helped("part")}
    pairs = [one for one in helped("pair") if one["id"] not in parted]
    grants, gifts, spent, aside = (
        helped(verb, "funds") for verb in ("grant", "receive", "spend", "reserve"))
    limit, goal = (yuan(helped("open", "funds"), name) for name in ("limit", "goal"))
    ramp, winter = (yuan(one for one in gifts if one["of"] == fund) for fund in ("ramp", "winter"))
    used = yuan(grants) + yuan(spent)
    return {
        "ST-51": {"value": len(cases), "with_plan": sum(bool(one["plan"])
                                                        for one in cases.values()),
                  "overdue": sum(one["review_by"] < LAST for one in cases.values())},
        "ST-52": {"value": len({one["of"] for one in pairs}),
                  "people": len({one["helper"] for one in pairs})},
        "ST-53": {"value": yuan(grants), "households": len({one["holder"] for one in grants}), **{
            f"category:{name}": yuan(one for one in grants if one["category"] == name)
            for name in {one["category"] for one in grants}}},
        "ST-54": {"money": ramp + winter, "drive:ramp": share(int(ramp * 100), int(goal * 100))},
        "ST-62": {"value": limit, "received": winter, "spent": used, "reserved": yuan(aside),
                  "left": limit + winter - used - yuan(aside)},
    }


def late(one: Fact) -> bool:
    """Whether a matter's last day in time is over on the last of March."""
    return day_after(one["at"], DAYS[one["kind"]]) < LAST


def resolved_on(one: Fact) -> str:
    """The day on which a matter was resolved."""
    return one["at"][:10] if one["reply"] else moved(one, "finish")[0]["at"][:10]


def split(name: str, values: Iterable[str]) -> dict[str, int]:
    """The parts of a split."""
    return {f"{name}:{value or 'other'}": number for value, number in Counter(values).items()}


def figures() -> dict[str, dict[str, Any]]:
    """Every figure of March: its value, both counts of a rate, its parts."""
    states = Counter(map(end, RECEIVED))
    closed = states["rejected"] + states["duplicate"] + states["withdrawn"] + states["referred"]
    asked_back = states["duplicate"] + states["withdrawn"]
    replied = states["resolved"] + states["rejected"] + states["referred"]
    timed = [one for one in MATTERS if end(one) == "resolved" or (not end(one) and late(one))]
    in_time = [one for one in timed if end(one) == "resolved"
               and resolved_on(one) <= day_after(one["at"], DAYS[one["kind"]])]
    marks = [move["satisfied"] for one in MATTERS for move in moved(one, "rate")]
    problems, quarrels, posts, wishes = kind("problem"), kind("quarrel"), kind("post"), kind("wish")
    struck = [one for one in problems if moved(one, "settle")]
    ended = [one for one in quarrels if end(one)]
    claims = [who for post in posts for who in doers(post)]
    active = {HOMES[who] for _, who, _ in SERVICES} | {HOMES[one["resident"]] for one in GOOD}
    people = {who for _, who, _ in SERVICES} | {one["resident"] for one in GOOD}
    minutes = sum(minutes for *_, minutes in SERVICES)
    left = Counter(EARNED)
    left.subtract(SPENT)
    volunteers = [one for one in RESIDENTS.values() if one["volunteer"] == "yes"]
    placed = {one["area"] for one in OFFICERS if one["area"]}
    honours = [one for one in GOOD if one["rule"] == "good-person"]
    donated = [one for one in GOODS if one["origin"] == "donated"]
    reports = Counter(end(one) for one in REPORTS)
    services, money = len(SERVICES), aid()
    reached = Counter[str]()
    for one in HELD:
        reached[one["counted"]] += int(one["headcount"])
    brought = sum(bool(one["brought"]) for one in CALLS)
    return {
        "ST-01": {"value": len(EARNED), "with_balance": sum(map(bool, left.values()))},
        "ST-02": {"value": sum(EARNED.values()), "point": sum(EARNED.values())},
        "ST-03": {"value": left.total(), "point": left.total(), "available:point": left.total()},
        "ST-04": {"value": len(FETCHED), "points:point": SPENT.total(),
                  "goods": sum(map(kept, GOODS_FETCHED)), "aid_visits": len(GIVEN) + brought,
                  "aid_goods": sum(map(kept, GIVEN)) + brought, **{
                      f"item:{item}": sum(kept(one) for one in GOODS_FETCHED
                                          if one["item"] == item)
                      for item in {one["item"] for one in GOODS_FETCHED}}},
        "ST-05": {"value": share(len(active), len(RESIDENTS)), "count": len(active),
                  "of": len(set(HOMES.values()))},
        "ST-06": {"count": reports["resolved"] + services,
                  "of": reports["resolved"] + reports["rejected"] + services,
                  "value": share(reports["resolved"] + services,
                                 reports["resolved"] + reports["rejected"] + services)},
        "ST-10": {"value": len(RECEIVED), "duplicate": states["duplicate"],
                  "withdrawn": states["withdrawn"]},
        "ST-11": {"value": (letters := len({one["value"] for one in ASKED
                                            if one["label"] == "letter"})), "letter": letters},
        "ST-12": {"value": states["resolved"]},
        "ST-13": {"value": states[""]},
        "ST-14": {"value": closed, **{name: states[name] for name in (
            "rejected", "duplicate", "withdrawn", "referred")}},
        "ST-15": {"value": share(replied, len(RECEIVED) - asked_back), "count": replied,
                  "of": len(RECEIVED) - asked_back, "resolved": states["resolved"]},
        "ST-16": {"value": share(len(in_time), len(timed)), "count": len(in_time),
                  "of": len(timed)},
        "ST-17": {"value": share(marks.count("yes"), len(marks)), "count": marks.count("yes"),
                  "of": len(marks), "answers": len(marks), "matters": len(RECEIVED)},
        "ST-18": {"value": share(replied, len(RECEIVED)), "count": replied, "of": len(RECEIVED)},
        "ST-19": {"count": (low := sum(end(one) == "resolved" and not moved(one, "escalate")
                                       for one in RECEIVED)),
                  "of": states["resolved"], "value": share(low, states["resolved"])},
        "ST-20": {"value": len(RECEIVED), **split("channel", (one["channel"] for one in RECEIVED)),
                  "kind:errand": len(kind("errand")), "kind:matter": len(
                      kind("matter")) + len(HAZARDS), **split("theme", (
                          one["value"] if one.get("label") == "theme" else ""
                          for one in RECEIVED))},
        "ST-21": {"value": len([move for move in MOVES if move["verb"] == "dispatch"]),
                  "again": 0},
        "ST-22": {"value": sum(len(doers(one)) for one in ASKED)},
        "ST-23": {"value": services, "deeds": services},
        "ST-24": {"value": share(len(struck), len(problems)), "count": len(struck),
                  "of": len(problems), "overdue": len(problems) - len(struck)},
        "ST-25": {"value": len(quarrels), "resolved": len(ended),
                  "agreed": sum(one["value"] == "agreed" for one in ended),
                  "person_times": len(ended)},
        "ST-30": {"value": sum(bool(doers(one)) for one in posts)},
        "ST-31": {"value": len(claims), "people": len(set(claims))},
        "ST-32": {"value": len(volunteers), "placed": len(volunteers), "areas": len(AREAS)},
        "ST-33": {"value": len(HELD), **split("kind", (one["activity"] for one in HELD))},
        "ST-34": {"value": len(CAME), "people": len({who for _, who in CAME})},
        "ST-36": {"value": sum(reached.values()), "counted": reached["yes"],
                  "estimated": reached["no"]},
        "ST-35": {"value": len(people), **split("class", (
            RESIDENTS[who]["class"] for who in people))},
        "ST-37": {"value": minutes, "hours": (Decimal(minutes) / 60).quantize(Decimal("0.1"))},
        "ST-38": {"value": len(held := [one for one in NIGHTS if not moved(one, "reject")]),
                  "members": len(PATROL), "kept": sum(bool(moved(one, "finish")) for one in held),
                  "minutes": sum(minutes for task, _, minutes in SERVICES if task in NIGHTS),
                  "findings": sum(one["channel"] == "patrol" for one in REPORTS)},
        "ST-39": {"value": len(UNITS), "members": len(MEMBERS), "active": len(MEMBERS & people)},
        "ST-40": {"value": len(AREAS), "level:1": sum(not one["parent"] for one in AREAS),
                  "level:2": sum(bool(one["parent"]) for one in AREAS),
                  "appointments": (posted := sum(bool(one["area"]) for one in OFFICERS)),
                  "people": posted, "part_time": sum(
                      one["role"].endswith("part-time") for one in OFFICERS)},
        "ST-41": {"value": len(OFFICERS) + 1, "role:admin": 1,
                  **split("role", (one["role"] for one in OFFICERS))},
        "ST-42": {"value": share(len(placed), len(AREAS)), "count": len(placed),
                  "of": len(AREAS), "households_without": 0},
        "ST-50": {"value": len(wishes), "rounds": 0,
                  "claimed": sum(bool(moved(one, "accept")) for one in wishes),
                  "fulfilled": sum(end(one) == "resolved" for one in wishes),
                  **split("age", (one["value"] for one in wishes))},
        "ST-54": {"value": len(donated), "goods": sum(int(one["count"]) for one in donated),
                  "yuan": Decimal(sum(int(one["count"]) * int(one["fen"])
                                      for one in donated)) / 100,
                  "donors": len({one["donor"] for one in donated} | {
                      one["donor"] for one in helped("receive", "funds")}), **money.pop("ST-54")},
        "ST-55": {"value": (cuts := sum(kept(one) for one in FETCHED if one["item"] in SERVED)),
                  "for_points": cuts, "item:haircut": cuts},
        "ST-60": {"value": len(problems) - len(struck), "classes": 1,
                  "kind:problem": len(problems) - len(struck)},
        "ST-61": {"value": len(honours), "people": len({one["resident"] for one in honours}),
                  "rule:good-person": len(honours)},
        **money,
    }


@pytest.fixture(scope="module")
def book() -> Any:
    """The book of the story, on the evening of the last of March."""
    return runpy.run_path(str(EXAMPLES / "month.py"))["played"]()


def test_the_month_is_as_large_as_a_real_one() -> None:
    """What communities printed of their size stands in the tables."""
    talks = [one for one in ASKED if one["channel"] == "evening-talk"]
    letters = [one for one in ASKED if one["channel"] == "letter-box"]

    assert (5, 22) == (sum(not one["parent"] for one in AREAS),
                       sum(bool(one["parent"]) for one in AREAS))
    assert (44, 56, 393, 17) == (len(kind("post")), len(OFFICERS), len(set(HOMES.values())), sum(
        one["team"] == "patrol" for one in RESIDENTS.values()))
    assert (94, 93) == (len(talks), sum(end(one) == "resolved" for one in talks))
    assert (90, 130) == (len(helped("open")), len(helped("pair")))
    assert (161, True) == (len({one["value"] for one in letters}), all(map(end, letters)))


def test_every_figure_is_what_the_tables_say(book: Any) -> None:
    """Value, counts and every part of each figure."""
    told = book.figures.bulletin(date(2026, 3, 1), date(2026, 3, 31), least=1)

    counted = figures()

    assert set(counted) == set(told.figures)
    for name, figure in told.figures.items():
        seen = {"value": figure.value, **figure.parts}
        if figure.of is not None:
            seen |= {"count": figure.count, "of": figure.of}
        assert (name, counted[name]) == (name, seen)
