"""Titles -> columns of a deed; the cells of a row -> what is said at the deeds' desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.values import CODE_MAX, decimal
from lovepoints.sheets.problems import Problem, shown
from lovepoints.sheets.reading import Row, Unreadable

TITLES: Mapping[str, tuple[str, ...]] = {
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
}
"""The columns and the titles by which each is known; "" is read by nobody."""
NEEDED = ("rule", "resident", "day")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?"
                  r"(?:[ T]0?0:00(?::00)?)?", re.ASCII)


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


def column_of(title: str) -> str | None:
    """The column that a title names; None if nobody knows it.

    >>> column_of("Confirmed by"), column_of("核实人"), column_of("No."), column_of("colour")
    ('confirmed_by', 'confirmed_by', '', None)
    """
    return _COLUMNS.get(_plain(title))


def columns_of(name: str, titles: tuple[str, ...]) -> tuple[str | None, ...]:
    """The column of each title; None below an empty one.

    Raises:
        Unreadable: an unknown title, one that stands twice, a column that is missing.
    """
    columns: list[str | None] = []
    for title in titles:
        column = column_of(title) if title.strip() else None
        if title.strip() and column is None:
            raise Unreadable(Problem(file=name, column=shown(title), code="unknown_title",
                                     facts={"known": [*TITLES][:-1]}))
        if column and column in columns:
            raise Unreadable(Problem(file=name, column=shown(title), code="title_twice"))
        columns.append(column)
    for column in NEEDED:
        if column not in columns:
            raise Unreadable(Problem(file=name, column=column, code="title_missing",
                                     facts={"titles": [column, *TITLES[column]]}))
    return tuple(columns)


def said_of(
    name: str, titles: tuple[str, ...], columns: tuple[str | None, ...], row: Row,
) -> Said | list[Problem]:
    """What a row says, or everything that is wrong with its cells."""
    said: dict[str, Any] = {"line": row.line}
    problems = []
    for place, typed in enumerate(row.cells):
        title = titles[place] if place < len(titles) else ""
        column = columns[place] if place < len(columns) else None
        written = text.uncell(typed).strip()
        if not written or column == "":
            continue
        code, facts = ("cell_without_title", {}) if column is None else _read(
            said, column, written)
        if code:
            problems.append(Problem(file=name, line=row.line, column=shown(title), code=code,
                                    facts=facts))
    problems += [Problem(file=name, line=row.line, column=shown(titles[columns.index(column)]),
                         code="needed") for column in NEEDED
                 if column not in said and not problems]
    return problems or Said(**said)


def _read(said: dict[str, Any], column: str, written: str) -> tuple[str, dict[str, Any]]:
    """Read one cell into `said`; the code and the facts of what is wrong with it, or ""."""
    read, wrong = _READERS[column]
    try:
        said[column] = read(written)
    except ValueError as error:
        facts = {"value": shown(written)}
        return (wrong, facts) if wrong else ("bad_text", {**facts, "what": str(error)})
    return "", {}


def _day(written: str) -> date:
    match = _DAY.fullmatch(written)
    if not match:
        raise ValueError("not a day")
    return date(int(match[1]), int(next(filter(None, match.groups()[1:5]))), int(match[6]))


def _key(written: str) -> str:
    key = text.code(written, "key")
    if key.startswith("lp:"):
        raise ValueError('a key never begins with "lp:"')
    return key


def _plain(title: str) -> str:
    return text.same(title).replace("_", "") if len(title) <= CODE_MAX else ""


_COLUMNS = {_plain(title): column for column, titles in TITLES.items()
            for title in (column, *titles) if title}
_READERS: Mapping[str, tuple[Callable[[str], Any], str]] = {  # Any: each column its own type
    **dict.fromkeys(("rule", "resident", "grade", "confirmed_by"), (text.code, "")),
    **dict.fromkeys(("day", "reported_on", "confirmed_on"), (_day, "bad_day")),
    **dict.fromkeys(("quantity", "points"), (decimal, "bad_number")),
    **dict.fromkeys(("reason", "place", "event", "matter", "evidence"), (text.line, "")),
    "note": (partial(text.line, breaks=True), ""), "key": (_key, ""),
}
