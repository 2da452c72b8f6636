"""The people of the demo: made-up names, households, who is how active, who holds an office."""

from __future__ import annotations

from random import Random

import attrs

from lovepoints.demo.plan import OFFICES, scaled

_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董程曹袁邓许傅沈曾彭吕苏"
_GIVEN = (
    "秀英", "桂兰", "玉珍", "建国", "志强", "春梅", "海燕", "晓东", "丽华", "永福", "长根", "凤仙",
    "国庆", "立新", "文秀", "家旺", "水生", "金花", "少军", "雪梅", "俊杰", "红霞", "德明", "美玲",
    "根宝", "爱华", "守信", "月娥", "光辉", "小满", "云鹏", "素芬", "学文", "冬至", "来娣", "成林",
    "兰芝", "保田", "翠莲", "正义", "思远", "佳怡", "子涵", "浩然", "雨桐", "明轩", "静文", "一鸣",
)


@attrs.frozen
class Villager:
    """A resident: code, name, household, group (the area)."""

    code: str
    name: str
    household: str
    area: str


@attrs.frozen
class Officer:
    """Somebody with an office; `resident` is the code of her own record ("": lives elsewhere)."""

    code: str
    role: str
    area: str
    resident: str


@attrs.frozen
class Village:
    """Everybody. `active` are the residents' codes, the most active first."""

    villagers: tuple[Villager, ...]
    officers: tuple[Officer, ...]
    active: tuple[str, ...]

    def holding(self, role: str) -> tuple[str, ...]:
        """The codes of those who hold an office."""
        return tuple(officer.code for officer in self.officers if officer.role == role)

    def officers_own(self, role: str) -> tuple[str, ...]:
        """The resident records of those who hold an office and live here."""
        return tuple(officer.resident for officer in self.officers
                     if officer.role == role and officer.resident)

    def some(self, dice: Random, count: int) -> list[str]:
        """So many different residents; the active ones come more often."""
        places: dict[int, None] = {}
        most = len(self.active)
        while len(places) < min(count, most):
            # The cube of a share between 0 and 1 favours the front: a tenth of them do a half.
            places[dice.randrange(1000) ** 3 * most // 1000**3] = None
        return [self.active[place] for place in places]


def village(dice: Random, households: int) -> Village:
    """Everybody, made up: one or two grown-ups in each household, 33 households a group."""
    villagers: list[Villager] = []
    for number in range(households):
        group = f"{number // 33 + 1}组"
        family = dice.choice(_FAMILY)
        for place in range(dice.choice((1, 1, 1, 1, 2))):
            name = (family if place != 1 else dice.choice(_FAMILY)) + dice.choice(_GIVEN)
            villagers.append(Villager(f"{len(villagers) + 1:04}", name,
                                      f"{group}-{number % 33 + 1:02}", group))
    active = [villager.code for villager in villagers]
    dice.shuffle(active)
    return Village(tuple(villagers), tuple(_officers(dice, villagers, households)), tuple(active))


def _officers(dice: Random, villagers: list[Villager], households: int) -> list[Officer]:
    officers = []
    for role, count in OFFICES.items():
        if role == "group-leader":
            for leader in dice.sample(villagers, min(scaled(count, households), len(villagers))):
                officers.append(Officer(f"leader:{leader.code}", role, leader.area, leader.code))
            continue
        for number in range(count):
            own = dice.choice(villagers).code if role == "village-admin" and number < 2 else ""
            officers.append(Officer(f"{role}:{number + 1}", role, "", own))
    return officers
