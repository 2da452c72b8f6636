"""The workload "award stream": deeds, the rulebook that rates them, and what they must come to.

60 % of the deeds are hazard and dispute reports of three grades, 40 % volunteer hours; there is a
resident for a hundred deeds, and a redemption for five. The points of each deed are worked out
here, by a few lines that know nothing of the library: every contender must come to the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

FAMILIES = (
    ("hazard", "上报隐患", 18, (20, 24, 200)),
    ("dispute", "化解纠纷", 18, (20, 24, 200)),
    ("patrol", "义务巡逻", 12, (8, 12, 110)),
    ("service", "志愿服务", 12, (8, 12, 110)),
)
"""Code, title, how many rules, and the most points a resident gets of them a day, month, year."""
GRADES = {"minor": 2, "general": 5, "major": 20}
GOODS = {"soap": 3, "towel": 8, "rice": 15}
EACH = ("day", "month", "year")
FIRST_DAY = date(2026, 1, 1)
DAYS = 365
SEED = 20260101


class Deed(NamedTuple):
    """One deed: its place in the stream, who did what when, and the points it must give."""

    number: int
    resident: int
    rule: str
    day: date
    grade: str
    half_hours: int
    points: int


class Redemption(NamedTuple):
    """One piece of goods fetched by a resident who can pay it."""

    number: int
    resident: int
    item: str
    price: int


def rules() -> tuple[tuple[str, str], ...]:
    """Every rule: its code and its family."""
    return tuple((f"{code}-{number}", code) for code, _, count, _ in FAMILIES
                 for number in range(1, count + 1))


def rulebook() -> str:
    """The rulebook as TOML: 60 rules, each under a daily, a monthly and a yearly cap."""
    grades = ", ".join(f"{name} = {points}" for name, points in GRADES.items())
    titles = 'minor = "轻微", general = "一般", major = "重大"'
    lines = ['format = 1', 'title = "积分管理办法"', "effective = 2026-01-01",
             'holder = "resident"', 'late = "400 days"', 'notice_days = 0',
             "", "[validity]", 'after = "24 months"', "", "[[rank]]", 'code = "best"',
             'title = "前二十名"', "top = 20"]
    for code, title, count, caps in FAMILIES:
        graded = code in ("hazard", "dispute")
        worth = f"{{ {grades} }}" if graded else (
            '{ per = "hour", value = 2, step = 0.5, round = "down" }')
        for number in range(1, count + 1):
            lines += ["", "[[rule]]", f'code = "{code}-{number}"', f'title = "{title} {number}"',
                      f"points = {worth}", *([f"grades = {{ {titles} }}"] if graded else ())]
        members = ", ".join(f'"{code}-{number}"' for number in range(1, count + 1))
        for each, most in zip(EACH, caps, strict=True):
            lines += ["", "[[cap]]", f'code = "{code}-{each}"', f"rules = [{members}]",
                      'per = "resident"', f'each = "{each}"', f"points = {most}"]
    return "\n".join(lines) + "\n"


def residents(size: int) -> int:
    """How many residents do `size` deeds."""
    return max(1, size // 100)


def code_of(resident: int) -> str:
    """The code of a resident."""
    return f"r{resident:06}"


def deeds(size: int) -> Iterator[Deed]:
    """The stream of `size` deeds, one at a time, in the order of their days.

    A deed that its caps would leave nothing of is drawn again, so that each contender has points
    to post for every one; part of a deed is cut often enough.
    """
    dice, people, caps = random.Random(SEED), residents(size), _Caps()
    by_family: dict[str, list[str]] = {}
    for code, family in rules():
        by_family.setdefault(family, []).append(code)
    for number in range(1, size + 1):
        day = FIRST_DAY + timedelta(days=(number - 1) * DAYS // size)
        points = draws = 0
        while not points:
            draws += 1
            assert draws < 1000, "the caps leave nothing: the stream would never end"
            resident = dice.randrange(people)
            family = dice.choices(("hazard", "dispute", "patrol", "service"), (3, 3, 2, 2))[0]
            rule = dice.choice(by_family[family])
            grade, half_hours = "", 0
            if family in ("hazard", "dispute"):
                grade = dice.choices(tuple(GRADES), (6, 3, 1))[0]
                worth = GRADES[grade]
            else:
                half_hours = dice.randint(1, 8)
                worth = half_hours
            points = caps.take(resident, family, day, worth)
        yield Deed(number, resident, rule, day, grade, half_hours, points)


def worth(deed: Deed) -> int:
    """What a deed is worth before its caps."""
    return GRADES[deed.grade] if deed.grade else deed.half_hours


class _Caps:
    """What is used of each cap, by resident and family; a new period begins at nothing."""

    def __init__(self) -> None:
        self._most = {code: caps for code, _, _, caps in FAMILIES}
        self._used: dict[tuple[int, str], tuple[tuple[date, int], ...]] = {}

    def take(self, resident: int, family: str, day: date, worth: int) -> int:
        """The points that are left of `worth`; they are used then."""
        periods = (day, day.replace(day=1), day.replace(month=1, day=1))
        before = self._used.get((resident, family), ((day, 0),) * 3)
        spent = [used if period == begun else 0
                 for period, (begun, used) in zip(periods, before, strict=True)]
        points = min(worth, *(most - used for most, used in
                              zip(self._most[family], spent, strict=True)))
        self._used[resident, family] = tuple(
            (period, used + points) for period, used in zip(periods, spent, strict=True))
        return points


class Shoppers:
    """Who fetches what: somebody who has earned enough by then, drawn with a die of its own."""

    def __init__(self, people: int) -> None:
        self.balances = [0] * people
        self.handed_out = dict.fromkeys(GOODS, 0)
        self._dice = random.Random(SEED + 1)
        self.count = 0

    def earn(self, done: list[Deed]) -> None:
        """The deeds were paid."""
        for deed in done:
            self.balances[deed.resident] += deed.points

    def fetch(self, count: int) -> list[Redemption]:
        """The next redemptions; they are paid then."""
        found = []
        while len(found) < count:
            resident, item = self._dice.randrange(len(self.balances)), self._dice.choice(
                tuple(GOODS))
            if self.balances[resident] >= GOODS[item]:
                self.count += 1
                self.balances[resident] -= GOODS[item]
                self.handed_out[item] += 1
                found.append(Redemption(self.count, resident, item, GOODS[item]))
        return found
