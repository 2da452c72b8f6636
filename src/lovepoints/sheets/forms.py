"""A form: the columns of a table, their titles, and how each cell is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.values import CODE_MAX
from lovepoints.sheets.problems import Problem, shown
from lovepoints.sheets.reading import Row, Unreadable

Reader = tuple[Callable[[str], Any], str]  # Any: each column its own type
"""How a cell is read, and the code of what is wrong where it cannot be ("": the text says it)."""
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?"
                  r"(?:[ T]0?0:00(?::00)?)?", re.ASCII)


@attrs.frozen(kw_only=True)
class Form:
    """`titles` by which each column is known ("": read by nobody), those that are `needed`, and
    `readers` of their cells."""

    titles: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    readers: Mapping[str, Reader]
    _columns: Mapping[str, str] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_columns", {
            _plain(title): column for column, titles in self.titles.items()
            for title in (column, *titles) if title})

    def column_of(self, title: str) -> str | None:
        """The column that a title names; None if nobody knows it."""
        return self._columns.get(_plain(title))

    def columns_of(self, name: str, titles: tuple[str, ...]) -> tuple[str | None, ...]:
        """The column of each title; None below an empty one.

        Raises:
            Unreadable: an unknown title, one that stands twice, a column that is missing.
        """
        columns: list[str | None] = []
        for title in titles:
            column = self.column_of(title) if title.strip() else None
            if title.strip() and column is None:
                raise Unreadable(Problem(
                    file=name, column=shown(title), code="unknown_title",
                    facts={"known": [one for one in self.titles if one]}))
            if column and column in columns:
                raise Unreadable(Problem(file=name, column=shown(title), code="title_twice"))
            columns.append(column)
        for column in self.needed:
            if column not in columns:
                raise Unreadable(Problem(file=name, column=column, code="title_missing",
                                         facts={"titles": [column, *self.titles[column]]}))
        return tuple(columns)

    def said_of(
        self, name: str, titles: tuple[str, ...], columns: tuple[str | None, ...], row: Row,
    ) -> dict[str, Any] | list[Problem]:
        """What a row says by column, or everything that is wrong with its cells."""
        said: dict[str, Any] = {}
        problems = []
        for place, typed in enumerate(row.cells):
            title = titles[place] if place < len(titles) else ""
            column = columns[place] if place < len(columns) else None
            written = text.uncell(typed).strip()
            if not written or column == "":
                continue
            code, facts = ("cell_without_title", {}) if column is None else self._read(
                said, column, written)
            if code:
                problems.append(Problem(file=name, line=row.line, column=shown(title), code=code,
                                        facts=facts))
        problems += [Problem(file=name, line=row.line, code="needed",
                             column=shown(titles[columns.index(column)]))
                     for column in self.needed if column not in said and not problems]
        return problems or said

    def _read(
        self, said: dict[str, Any], column: str, written: str,
    ) -> tuple[str, dict[str, Any]]:
        """Read one cell into `said`; the code and the facts of what is wrong with it, or ""."""
        read, wrong = self.readers[column]
        try:
            said[column] = read(written)
        except ValueError as error:
            facts = {"value": shown(written)}
            return (wrong, facts) if wrong else ("bad_text", {**facts, "what": str(error)})
        return "", {}


def day_of(written: str) -> date:
    """A day as people write it in spreadsheets; a ValueError for anything else."""
    match = _DAY.fullmatch(written)
    if not match:
        raise ValueError("not a day")
    return date(int(match[1]), int(next(filter(None, match.groups()[1:5]))), int(match[6]))


def _plain(title: str) -> str:
    return text.same(title).replace("_", "") if len(title) <= CODE_MAX else ""
