"""What a case must make sense of: names that exist, keys that fit, as many figures as deeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from lovepoints.core.deeds import Status
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.cases import EXPECTED, HOLDER, KEYS, NEEDED, Case, Expect, Row
from lovepoints.core.rulefiles.nodes import Node
from lovepoints.core.rulefiles.problems import nearest, shown
from lovepoints.core.rulefiles.reading import Reader
from lovepoints.errors import Code

_ROW_KEYS = frozenset(attrs.fields_dict(Row)) - {"quantities"}
_BY_HOLDER = ("balance", "spendable", "held", "owed", "earned", "sanctions", "stars")
_BY_KIND = ("balance", "spendable", "held", "owed")
_DEFAULT_DO: Mapping[str, str] = {"deeds": "deed", "redemptions": "redeem", "steps": ""}


def check_case(reader: Reader, case: Case, node: Node, rulebook: Rulebook) -> None:
    """Report what a case says that cannot be meant; `node` is where it stands."""
    _check_outline(reader, case, node)
    checks = _Checks(reader, case, _known(case, rulebook))
    for key, row, inner in _rows(case, node):
        _check_keys(reader, row, inner, _DEFAULT_DO[key])
        checks.row(row, inner)
    checks.expect(case.expect, node)
    readings = node.get("readings")
    for reading, inner in zip(case.readings, readings.items() if readings else (), strict=False):
        checks.expect(reading.expect, inner)
    for officer in case.officers.values():
        checks.name("officers", officer.resident, "resident", node)


def check_titles(reader: Reader, cases: Sequence[Case], nodes: Sequence[Node]) -> None:
    """Report a title that an earlier case has already."""
    seen: set[str] = set()
    for case, node in zip(cases, nodes, strict=True):
        if case.title in seen:
            reader.report("duplicate_case", node, key="title", case=case.title)
        seen.add(case.title)


def _rows(case: Case, node: Node) -> Iterator[tuple[str, Row, Node]]:
    for key in _DEFAULT_DO:
        inner = node.get(key)
        for row, each in zip(getattr(case, key), inner.items() if inner else (), strict=False):
            if each.is_table:
                yield key, row, each


def _check_outline(reader: Reader, case: Case, node: Node) -> None:
    if not case.certain and not case.readings:
        reader.report("case_without_readings", node, at="key", case=case.title)
    asks = case.expect.asks or case.readings or any(
        row.refused or row.then or row.expect for row in case.rows)
    if not asks:
        reader.report("case_expects_nothing", node, at="key", case=case.title)
    last = max((when.day for row in case.rows
                for when in (row.on, row.reported_on, row.confirmed_on) if when), default=None)
    if case.now and last and case.now.day < last:
        reader.report("case_now_early", node, key="now", case=case.title, last=last.isoformat())


def _check_keys(reader: Reader, row: Row, node: Node, default: str) -> None:
    do = str(row.do) if node.get("do") else default
    if not do:
        reader.report("missing_key", node, at="key", key_name="do", table="Row")
        return
    for key in node.table:
        name = "grades" if key == "grade" else key
        is_asked = do == "expect" and key in EXPECTED
        if name in _ROW_KEYS and name not in KEYS[do] and not is_asked:
            reader.report("key_not_here", node, key=key, at="key", key_name=key, do=do)
    for name in NEEDED.get(do, ()):
        if node.get(name) is None:
            reader.report("missing_key", node, at="key", key_name=name, table="Row")


def _known(case: Case, rulebook: Rulebook) -> Mapping[str, frozenset[str]]:
    """The names that a case may use, by what they name."""
    members = [member.name for holder in case.holders.values() for member in holder.members]
    named = [name for row in case.rows for name in (row.resident, *row.joint, row.to, row.proxy)]
    people = [*case.holders, *members] if case.holders else [*named, HOLDER]
    return {
        "resident": frozenset(people) | {""},
        "rule": frozenset(one.code for one in rulebook.rules),
        "attribute": frozenset(one.code for one in rulebook.attributes),
        "kind": frozenset(one.code for one in rulebook.kinds) | {""},
        "limit": frozenset(one.code for one in rulebook.limits) | {""},
        "sanction": frozenset(one.code for one in rulebook.sanctions),
        "star": frozenset(one.code for one in rulebook.stars) | {""},
        "rank": frozenset(one.code for one in rulebook.ranks),
        "item": frozenset(case.goods),
        "status": frozenset(Status) | {"refused"},
        "code": frozenset(Code) | {""},
    }


@attrs.frozen
class _Checks:
    reader: Reader
    case: Case
    known: Mapping[str, frozenset[str]]

    def name(self, key: str, value: str, what: str, node: Node) -> None:
        """Report a name that names nothing."""
        if value not in self.known[what]:
            near = nearest(value, (name for name in self.known[what] if name))
            self.reader.report(f"unknown_{what}", node, key=key, value=shown(value), nearest=near)

    def names(self, key: str, values: Iterable[str], what: str, node: Node) -> None:
        """Report every name that names nothing."""
        for value in values:
            self.name(key, value, what, node)

    def row(self, row: Row, node: Node) -> None:
        """Report names in a row."""
        if row.rule:
            self.name("rule", row.rule, "rule", node)
        for key in ("resident", "to", "proxy"):
            self.name(key, getattr(row, key), "resident", node)
        self.names("joint", row.joint, "resident", node)
        self.names("attributes", row.attributes, "attribute", node)
        self.names("points", row.points, "kind", node)
        self.names("goods", row.goods, "item", node)
        self.name("refused", row.refused, "code", node)
        if row.expect:
            self.expect(row.expect, node)
        if row.then:
            self.expect(row.then, node.get("then") or node)

    def expect(self, expect: Expect, node: Node) -> None:
        """Report names and counts in an expectation."""
        for key in _BY_HOLDER:
            self.names(key, getattr(expect, key) or (), "resident", node)
        for key in _BY_KIND:
            for kinds in (getattr(expect, key) or {}).values():
                self.names(key, kinds, "kind", node)
        for paid in expect.points or ():
            self.names("points", paid.kinds, "kind", node)
        for codes in (expect.sanctions or {}).values():
            self.names("sanctions", codes, "sanction", node)
        for codes in (expect.stars or {}).values():
            self.names("stars", codes, "star", node)
        self.names("stock", expect.stock or (), "item", node)
        self.names("ranking", expect.ranking or (), "rank", node)
        self.names("limited", expect.limited or (), "limit", node)
        self.names("status", expect.status or (), "status", node)
        self.names("refused", expect.refused or (), "code", node)
        self._counts(expect, node)

    def _counts(self, expect: Expect, node: Node) -> None:
        deeds = sum(row.do in ("deed", "report") for row in self.case.rows)
        for name, expected in (("points", deeds), ("status", deeds), ("limited", deeds),
                               ("refused", len(self.case.rows))):
            asked = getattr(expect, name)
            if asked is not None and len(asked) != expected:
                self.reader.report("case_count", node, key=name, key_name=name, count=len(asked),
                                   expected=expected, case=self.case.title)
