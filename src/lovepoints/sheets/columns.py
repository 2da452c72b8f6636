"""The columns of a sheet of deeds; the cells of a row -> what is said at the deeds' desk."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import attrs

from lovepoints.core import text
from lovepoints.core.values import decimal
from lovepoints.sheets.forms import Form, day_of
from lovepoints.sheets.problems import Problem
from lovepoints.sheets.reading import Row


@attrs.frozen(kw_only=True)
class Said:
    """What a row says: a deed, and who confirmed it ("" while nobody did)."""

    line: int
    rule: str
    resident: str
    day: date
    quantity: Decimal | None = None
    grade: str = ""
    points: Decimal | None = None
    reason: str = ""
    place: str = ""
    event: str = ""
    matter: str = ""
    evidence: str = ""
    note: str = ""
    confirmed_by: str = ""
    reported_on: date | None = None
    confirmed_on: date | None = None
    key: str = ""


def said_of(
    name: str, titles: tuple[str, ...], columns: tuple[str | None, ...], row: Row,
) -> Said | list[Problem]:
    """What a row says, or everything that is wrong with its cells."""
    said = DEEDS.said_of(name, titles, columns, row)
    return said if isinstance(said, list) else Said(line=row.line, **said)


def _key(written: str) -> str:
    key = text.code(written, "key")
    if key.startswith("lp:"):
        raise ValueError('a key never begins with "lp:"')
    return key


DEEDS = Form(
    titles={
        "rule": ("事项", "积分事项", "事项代码"),
        "resident": ("居民", "居民编号", "居民代码"),
        "day": ("日期", "发生日期", "date"),
        "quantity": ("数量", "时长"),
        "grade": ("等次", "等级"),
        "points": ("分值", "积分"),
        "reason": ("理由",),
        "place": ("地点",),
        "event": ("活动",),
        "matter": ("同一件事", "事由"),
        "evidence": ("凭据",),
        "note": ("备注", "说明"),
        "confirmed_by": ("核实人", "核实人编号"),
        "reported_on": ("上报日期",),
        "confirmed_on": ("核实日期",),
        "key": ("登记号", "流水号"),
        "": ("序号", "姓名", "no", "no.", "name"),
    },
    needed=("rule", "resident", "day"),
    readers={
        **dict.fromkeys(("rule", "resident", "grade", "confirmed_by"), (text.code, "")),
        **dict.fromkeys(("day", "reported_on", "confirmed_on"), (day_of, "bad_day")),
        **dict.fromkeys(("quantity", "points"), (decimal, "bad_number")),
        **dict.fromkeys(("reason", "place", "event", "matter", "evidence"), (text.line, "")),
        "note": (partial(text.line, breaks=True), ""), "key": (_key, ""),
    })
"""The columns of a deed.

>>> DEEDS.column_of("Confirmed by"), DEEDS.column_of("核实人"), DEEDS.column_of("No.")
('confirmed_by', 'confirmed_by', '')
>>> DEEDS.column_of("colour")
"""
