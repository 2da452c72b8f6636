"""What figures, their units and their parts are called."""

from __future__ import annotations

from typing import Protocol

from lovepoints.words import Table, language, say

TITLES: Table = {
    "ST-01": ("获得积分户数", "Households awarded points"),
    "ST-02": ("累计积分", "Points awarded"),
    "ST-03": ("结余积分", "Points outstanding"),
    "ST-04": ("兑换", "Visits to the shop"),
    "ST-05": ("参与率", "Households taking part"),
    "ST-06": ("核实率", "Reports confirmed"),
    "ST-10": ("接到事项", "Matters received"),
    "ST-11": ("来信、手记", "Letters and notes"),
    "ST-12": ("已解决", "Resolved"),
    "ST-13": ("正在办理", "In progress"),
    "ST-14": ("其他办结", "Closed otherwise"),
    "ST-15": ("办结率", "Completion rate"),
    "ST-16": ("按时办结率", "Resolved in time"),
    "ST-17": ("满意度", "Satisfaction"),
    "ST-18": ("回音率", "Matters answered"),
    "ST-19": ("不出网格率", "Settled locally"),
    "ST-20": ("来源与类别", "Matters by source and kind"),
    "ST-21": ("派单", "Orders sent"),
    "ST-22": ("接单", "Orders accepted"),
    "ST-23": ("为民服务", "Services done"),
    "ST-24": ("销号率", "Lines struck off"),
    "ST-25": ("调解", "Quarrels mediated"),
    "ST-30": ("认领项目", "Posts and projects claimed"),
    "ST-31": ("认领人次", "Claims"),
    "ST-32": ("志愿者", "Volunteers"),
    "ST-33": ("活动场次", "Occurrences held"),
    "ST-34": ("参加人次", "Attendances"),
    "ST-35": ("参与人数", "Participants"),
    "ST-36": ("服务覆盖", "People reached"),
    "ST-37": ("服务时长", "Time confirmed"),
    "ST-38": ("巡逻班次", "Shifts planned"),
    "ST-39": ("报到单位", "Partner units"),
    "ST-40": ("网格与网格员", "Areas and their officers"),
    "ST-41": ("任职人数", "Office holders"),
    "ST-42": ("覆盖率", "Areas with an officer"),
    "ST-50": ("微心愿", "Wishes collected"),
    "ST-51": ("救助台账户数", "Households in need"),
    "ST-52": ("结对户数", "Households paired"),
    "ST-53": ("慰问金、补贴", "Grants recorded"),
    "ST-54": ("捐赠", "Donations"),
    "ST-55": ("服务品使用", "Service goods used"),
    "ST-60": ("清单条目", "Live lines of lists"),
    "ST-61": ("荣誉", "Honours"),
    "ST-62": ("预算", "Budget"),
}
UNITS: Table = {
    "household": ("户", "households"), "point": ("分", "points"),
    "person_time": ("人次", "person-times"), "person": ("人", "people"),
    "percent": ("%", "%"), "matter": ("件", "matters"), "letter": ("封", "letters"),
    "order": ("份", "orders"), "project": ("个", "posts"), "minute": ("分钟", "minutes"),
    "area": ("个", "areas"), "wish": ("个", "wishes"), "lot": ("批", "lots"),
    "use": ("次", "uses"), "occurrence": ("场", "occurrences"),
    "shift": ("班", "shifts"), "unit": ("家", "units"),
    "yuan": ("元", "yuan"), "entry": ("条", "lines"),
    "time": ("次", "times"),
}
PARTS: Table = {
    "with_balance": ("其中有余额（户）", "with points left"),
    "point": ("积分", "points"), "deducted": ("扣减", "deducted"),
    "opening": ("期初", "opening balances"),
    "adjusted": ("更正", "corrections"), "available": ("可用", "available"),
    "pending": ("公示中", "not yet available"), "held": ("预留", "reserved"),
    "frozen": ("冻结", "frozen"), "owed": ("待抵扣", "owed"), "points": ("用分", "points spent"),
    "goods": ("物品（件）", "goods"),
    "aid_visits": ("救助发放（次）", "given as aid (times)"),
    "aid_goods": ("救助物品（件）", "goods given as aid"), "item": ("物品", "item"),
    "duplicate": ("重复", "duplicates"), "withdrawn": ("撤回", "withdrawn"),
    "rejected": ("不予办理", "rejected"), "referred": ("转办", "referred"),
    "resolved": ("已解决", "resolved"), "answers": ("评价数", "answers"),
    "matters": ("事项数", "matters"), "channel": ("来源", "channel"), "kind": ("类别", "kind"),
    "again": ("重派", "sent again"), "deeds": ("事项", "deeds"), "overdue": ("逾期", "overdue"),
    "agreed": ("达成协议", "agreed"), "person_times": ("人次", "person-times"),
    "people": ("人数", "people"), "rounds": ("轮次", "rounds"), "claimed": ("已认领", "claimed"),
    "fulfilled": ("已实现", "fulfilled"), "age": ("年龄段", "age group"),
    "classes": ("类数", "classes"), "rule": ("事项", "rule"), "placed": ("已入网格", "placed"),
    "areas": ("网格数", "areas"), "class": ("人员类别", "class"), "hours": ("小时", "hours"),
    "level": ("层级", "level"), "appointments": ("任职（人次）", "appointments"),
    "part_time": ("兼职", "part-time"), "role": ("岗位", "role"),
    "households_without": ("未入网格户数", "households in no area"),
    "yuan": ("金额（元）", "yuan"), "donors": ("捐赠人", "donors"),
    "for_points": ("用积分", "for points"), "free": ("免费", "free of points"),
    "counted": ("清点", "counted"), "estimated": ("估计", "estimated"),
    "members": ("成员（人）", "members"), "active": ("参与（人）", "active"),
    "kept": ("已完成", "kept"), "minutes": ("时长（分钟）", "minutes"),
    "findings": ("发现问题（件）", "findings"),
    "with_plan": ("有帮扶计划", "with a plan"), "category": ("类别", "category"),
    "households": ("户数", "households"), "money": ("捐款（元）", "money (yuan)"),
    "drive": ("众筹完成（%）", "of the drive's goal (%)"), "received": ("收到捐款", "received"),
    "spent": ("已用", "spent"), "reserved": ("预留", "set aside"), "left": ("结余", "left"),
    "head": ("人均", "a head"),
    "letter": ("来信", "letters"), "note": ("手记", "notes"), "other": ("其他", "other"),
}
_NUMBERS: Table = {"hidden": ("少，不公布", "few, not told"), "none": ("—", "—"),
                   "of": ("{value}%（{of} 中的 {count}）", "{value}% ({count} of {of})")}


class Said(Protocol):
    """What is said of a figure."""

    @property
    def value(self) -> object:
        """The number."""

    @property
    def count(self) -> int | None:
        """What was counted."""

    @property
    def of(self) -> int | None:
        """Of how many."""

    @property
    def hidden(self) -> tuple[str, ...]:
        """What is not told."""


def title(id_: str, lang: str | None = None) -> str:
    """What a figure is called."""
    return say(TITLES, id_, {}, lang)


def unit(name: str, lang: str | None = None) -> str:
    """What its unit is called."""
    return say(UNITS, name, {}, lang)


def said_number(figure: Said, lang: str | None = None) -> str:
    """The number with both counts of a rate; what was hidden, or that there is none."""
    if "" in figure.hidden:
        return say(_NUMBERS, "hidden", {}, lang)
    if figure.of:
        return say(_NUMBERS, "of", {"value": figure.value, "count": figure.count,
                                   "of": figure.of}, lang)
    return say(_NUMBERS, "none", {}, lang) if figure.value is None else str(figure.value)


def said_part(name: str, lang: str | None = None) -> str:
    """What a part is called: "channel:phone" is the channel called phone."""
    head, mark, rest = name.partition(":")
    known = say(PARTS, head, {}, lang) if head in PARTS else head
    last = say(PARTS, rest, {}, lang) if rest in ("other", "point") else rest
    return f"{known}{'：' if language(lang) == 'zh' else ': '}{last}" if mark else known
