"""Moving in: the tables with which a community begins, brought into a book.

Areas, residents, officers and the balances of old paper passbooks, in this order. What a row is
about makes its key, so that all of it can be brought in again: what is there already is met as a
repeat, and what is there otherwise is a located problem and never written a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from typing import Any

import attrs

from lovepoints.community import Community
from lovepoints.core import text
from lovepoints.core.rulefiles.problems import visible
from lovepoints.core.values import decimal, whole
from lovepoints.desks.answers import Points, Posted
from lovepoints.errors import Conflict, NotFound, Refused
from lovepoints.sheets.forms import Form, day_of
from lovepoints.sheets.importing import (
    BATCH_MOST,
    BATCH_ROWS,
    PROBLEMS_MAX,
    SAID_MAX,
    digest,
    unburnt,
)
from lovepoints.sheets.problems import Problem, shown
from lovepoints.sheets.reading import Row, Unreadable, opened

Path = str | PathLike[str]
Said = dict[str, Any]  # Any: each column its own type
Progress = Callable[[str, int, int], object]
Say = Callable[[Community, Said, str | None, str], object]
_PARTS = {"户主": "head", "成员": "member", "未成年": "minor", "未成年人": "minor"}
_LIKE = str.maketrans("oOlI", "0011")
"""Letters that are read as digits on paper."""


def _part(written: str) -> str:
    part = _PARTS.get(written, written)
    if part not in ("head", "member", "minor"):
        raise ValueError("head, member or minor (户主、成员、未成年)")
    return part


def _yes(written: str) -> bool:
    answers = {"yes": True, "是": True, "no": False, "否": False}
    if written.casefold() not in answers:
        raise ValueError("yes or no (是、否)")
    return answers[written.casefold()]


@attrs.frozen(kw_only=True)
class Table:
    """One of the tables: its form, the columns that make a row what it is, and the verb it says."""

    form: Form
    identity: tuple[str, ...]
    say: Say


def _area(community: Community, said: Said, by: str | None, key: str) -> object:
    before = community.describe()["entries"]
    community.residents.area(said["area"], title=said.get("title", ""),
                             parent=said.get("parent", ""), by=by, key=key)
    return community.describe()["entries"] != before


def _resident(community: Community, said: Said, by: str | None, key: str) -> object:
    attributes: Said = {name: said[name] for name in ("volunteer", "class") if name in said}
    named = {name: said[name] for name in ("name", "household", "area", "part", "phone", "since")
             if name in said}
    return community.residents.enrol(said["resident"], attributes=attributes or None, by=by,
                                     key=key, **named)


def _officer(community: Community, said: Said, by: str | None, key: str) -> object:
    named = {name: said[name] for name in ("area", "resident", "name", "since", "until")
             if name in said}
    return community.residents.appoint(said["officer"], role=said["role"], by=by, key=key,
                                       **named)


def _balance(community: Community, said: Said, by: str | None, key: str) -> Posted:
    return community.books.opening(said["holder"], said["points"], kind=said.get("kind", ""),
                                   by=by, key=key)


_CODE, _LINE, _DAY = (text.code, ""), (text.line, ""), (day_of, "bad_day")
_UNREAD = ("序号", "no", "no.", "备注", "note")
TABLES: Mapping[str, Table] = {
    "areas": Table(
        form=Form(
            titles={"area": ("网格", "网格代码", "区域", "code"), "parent": ("上级", "上级网格"),
                    "title": ("名称", "网格名称"), "": _UNREAD},
            needed=("area",), readers={"area": _CODE, "parent": _CODE, "title": _LINE}),
        identity=("area",), say=_area),
    "residents": Table(
        form=Form(
            titles={"resident": ("居民", "居民编号", "居民代码", "code"), "name": ("姓名",),
                    "household": ("户", "户号", "家庭"), "area": ("网格", "网格代码"),
                    "part": ("户内身份", "与户主关系"), "phone": ("电话", "手机", "联系电话"),
                    "since": ("入住日期", "登记日期"), "volunteer": ("志愿者",),
                    "class": ("人员类别",), "": _UNREAD},
            needed=("resident",),
            readers={**dict.fromkeys(("resident", "household", "area", "class"), _CODE),
                     "name": _LINE, "phone": _LINE, "part": (_part, ""), "since": _DAY,
                     "volunteer": (_yes, "")}),
        identity=("resident",), say=_resident),
    "officers": Table(
        form=Form(
            titles={"officer": ("工作人员", "工号", "账号", "code"), "role": ("岗位",),
                    "area": ("网格", "网格代码"), "resident": ("居民", "居民编号"),
                    "name": ("姓名",), "since": ("起", "任职日期"), "until": ("止", "离任日期"),
                    "": _UNREAD},
            needed=("officer", "role"),
            readers={**dict.fromkeys(("officer", "role", "area", "resident"), _CODE),
                     "name": _LINE, "since": _DAY, "until": _DAY}),
        identity=("officer", "role", "area"), say=_officer),
    "balances": Table(
        form=Form(
            titles={"holder": ("户", "户号", "居民", "居民编号"),
                    "points": ("余额", "积分", "结余"), "kind": ("积分种类", "种类"),
                    "": (*_UNREAD, "姓名", "name", "存折号", "old passbook")},
            needed=("holder", "points"),
            readers={"holder": _CODE, "kind": _CODE, "points": (decimal, "bad_number")}),
        identity=("holder", "kind"), say=_balance),
}
"""The tables in the order in which they are brought in."""


@attrs.frozen(kw_only=True)
class MovedTable:
    """What became of a table's rows: `new` were written, `repeated` ones were there before,
    `refused` ones are told by `problems`, the first hundred. `stopped`: why it was not read on."""

    table: str
    name: str
    rows: int = 0
    new: int = 0
    repeated: int = 0
    refused: int = 0
    problems: tuple[Problem, ...] = ()
    stopped: Problem | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every row is in the book."""
        return not self.refused and self.stopped is None


@attrs.frozen(kw_only=True)
class MovedIn:
    """What became of the tables. `points` were opened, by kind; `alike` are rows that may be one
    person or code twice, which are written all the same. `is_written` is False of a rehearsal, and
    where something was wrong. `code` is that of the book's checkpoint afterwards."""

    tables: tuple[MovedTable, ...]
    points: Mapping[str, Points]
    alike: tuple[Problem, ...] = ()
    is_written: bool = False
    code: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether every row of every table is, or would be, in the book."""
        return all(one.is_whole for one in self.tables)


def move_in(
    community: Community, *, areas: Path | None = None, residents: Path | None = None,
    officers: Path | None = None, balances: Path | None = None, by: str | None = None,
    rehearse: bool = False, partly: bool = False, rows: int = BATCH_ROWS,
    progress: Progress | None = None,
) -> MovedIn:
    """Bring in the tables with which a community begins, `rows` of them in each transaction.

    All tables are tried first, and nothing is written where a row cannot be taken, unless
    `partly`: then the other rows are. `rehearse` only tries. `progress` is called with the table,
    the bytes read and the size of its file. After a kill the same call goes on where it stopped.
    """
    whole(rows, "rows", most=BATCH_MOST)
    given = {name: path for name, path in (
        ("areas", areas), ("residents", residents), ("officers", officers),
        ("balances", balances)) if path is not None}
    if not given:
        raise ValueError("name at least one table: areas, residents, officers or balances")
    told = progress or (lambda *_: None)
    tried = _tried(community, given, by, told)
    if rehearse or not (tried.is_whole or partly):
        return tried.moved(is_written=False)
    written = _Move(community=community, by=by)
    for name, path in given.items():
        written.bring(name, path, rows, told)
    return written.moved(is_written=True)


def _tried(
    community: Community, given: Mapping[str, Path], by: str | None, progress: Progress,
) -> _Move:
    """What would become of the tables; the book is as it was afterwards."""
    move = _Move(community=community, by=by)
    try:
        with community.batch():
            for name, path in given.items():
                move.bring(name, path, BATCH_MOST, progress)
            raise _Rehearsed
    except _Rehearsed:
        return move


class _Rehearsed(Exception):
    """Takes back what a rehearsal wrote."""


@attrs.define(kw_only=True)
class _Move:
    """The tables while they are read; of bounded size however long they are, but for the names."""

    community: Community
    by: str | None
    tables: list[MovedTable] = attrs.field(factory=list)
    points: dict[str, Points] = attrs.field(factory=dict)
    alike: list[Problem] = attrs.field(factory=list)
    _seen: dict[tuple[str, str], str] = attrs.field(factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether every row so far could be taken."""
        return all(one.is_whole for one in self.tables)

    def moved(self, *, is_written: bool) -> MovedIn:
        """The counts as they are told."""
        code = self.community.books.checkpoint().code if is_written else ""
        return MovedIn(tables=tuple(self.tables), points=self.points, alike=tuple(self.alike),
                       is_written=is_written, code=code)

    def bring(self, table: str, path: Path, rows: int, progress: Progress) -> None:
        """Bring one table in."""
        form = TABLES[table].form
        counts, problems = dict.fromkeys(("rows", "new", "repeated", "refused"), 0), []
        stopped, name = None, ""
        if table == "residents":
            self._remember()
        try:
            with opened(path, lambda title: bool(form.column_of(title))) as sheet:
                name = sheet.name
                columns = form.columns_of(name, sheet.titles)
                titles = {column: shown(title) for column, title in zip(
                    columns, sheet.titles, strict=True) if column}
                readings, going = sheet.rows(), True
                while going:
                    with self.community.batch():
                        going = False
                        for count, reading in enumerate(readings, 1):
                            counts["rows"] += 1
                            found = self._row(table, name, sheet.titles, columns, titles, reading)
                            counts[found if isinstance(found, str) else "refused"] += 1
                            problems += [] if isinstance(found, str) else found
                            del problems[PROBLEMS_MAX:]
                            if count == rows:
                                going = True
                                break
                    progress(table, sheet.read, sheet.size)
        except Unreadable as error:
            name, stopped = error.problem.file, error.problem
        self.tables.append(MovedTable(table=table, name=name, problems=tuple(problems),
                                      stopped=stopped, **counts))

    def _row(
        self, table: str, name: str, titles: tuple[str, ...], columns: tuple[str | None, ...],
        named: Mapping[str, str], reading: Row | Problem,
    ) -> str | list[Problem]:
        """Bring one row in: "new" or "repeated", or what is wrong with it."""
        if isinstance(reading, Problem):
            return [reading]
        said = TABLES[table].form.said_of(name, titles, columns, reading)
        if isinstance(said, list):
            return said

        def problem(code: str, column: str = "", **facts: object) -> Problem:
            return Problem(file=name, line=reading.line, column=named.get(column, ""), code=code,
                           facts=facts)

        if table == "residents":
            self.alike += [problem(code, column, other=other)
                           for code, column, other in self._twins(said)][:PROBLEMS_MAX]
        found = self._say(table, said, named, problem)
        if isinstance(found, Problem):
            return [found]
        if table == "balances" and isinstance(found, Posted) and not found.is_repeat:
            kind = said.get("kind", "")
            self.points[kind] = self.points.get(kind, 0) + said["points"]
        return "repeated" if found is False or getattr(found, "is_repeat", False) else "new"

    def _say(
        self, table: str, said: Said, named: Mapping[str, str],
        problem: Callable[..., Problem],
    ) -> object:
        """Say the row's verb, or what is wrong with the row."""
        one = TABLES[table]
        key = f"in-{table}-{digest({name: said.get(name, '') for name in one.identity})}"
        try:
            return unburnt(key, lambda key: one.say(self.community, said, self.by, key))
        except Refused as no:
            return problem(str(no.code), one.identity[0], **no.facts)
        except Conflict as error:
            return problem("there_otherwise", error.field,
                           field=named.get(error.field, error.field))
        except NotFound as error:
            return problem("unknown_code", "", value=shown(str(error.name)))
        except (TypeError, ValueError) as error:
            return problem("not_taken", "", what=visible(str(error))[:SAID_MAX])

    def _remember(self) -> None:
        """The names and codes that the book has, to tell what looks like one of them."""
        for one in self.community.residents:
            if one.kind == "resident":
                self._note(one.code, one.name, one.household)

    def _note(self, code: str, name: str, household: str) -> None:
        self._seen.setdefault(("code", _skeleton(code)), code)
        if name:
            self._seen.setdefault((f"name {household}", _skeleton(name)), code)

    def _twins(self, said: Said) -> Iterator[tuple[str, str, str]]:
        """Other codes that this row's code or name could be taken for."""
        code, name, household = (
            str(said.get(one, "")) for one in ("resident", "name", "household"))
        like = self._seen.get(("code", _skeleton(code)), code)
        twin = self._seen.get((f"name {household}", _skeleton(name)), code) if name else code
        if like != code:
            yield "code_alike", "resident", shown(like)
        if twin not in (code, like):
            yield "name_alike", "name", shown(twin)
        self._note(code, name, household)


def _skeleton(written: str) -> str:
    """A text without what the eye does not tell apart: width, case, spaces, O and 0, l, I and 1."""
    return text.same(written.translate(_LIKE)).translate(_LIKE)
