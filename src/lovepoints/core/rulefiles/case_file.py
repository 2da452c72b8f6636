"""Reading the `[[case]]` tables of a rulebook file, with every problem where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core.points import quantities_of
from lovepoints.core.rulebook import Rule, Rulebook
from lovepoints.core.rulefiles import cases
from lovepoints.core.rulefiles.case_checks import check_case, check_titles
from lovepoints.core.rulefiles.cases import EXPECTED, Case, Row, When
from lovepoints.core.rulefiles.fields import Field, fields_of, plain_type
from lovepoints.core.rulefiles.nodes import Node, plain_of
from lovepoints.core.rulefiles.places import Path
from lovepoints.core.rulefiles.reading import BAD, Reader
from lovepoints.core.values import AMOUNT_MAX

TIMES_MAX = 1000
"""The most often that one row can be repeated."""
_HIDDEN: Mapping[type, tuple[str, ...]] = {
    Case: ("expect", "line", "lines", "rows"), cases.Reading: ("expect", "line"),
    Row: ("quantities", "expect"), cases.Paid: (),
}
_BY_KIND = ("balance", "spendable", "held", "owed")
_PERIOD = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_REFERENCES = ("deed", "of", "hold")


def read_cases(reader: Reader, nodes: Sequence[Node], rulebook: Rulebook) -> tuple[Case, ...]:
    """The cases in `nodes`, read for this rulebook; problems are added to the reader's.

    Always as many cases as nodes, whatever they say: whoever gets problems does not play them.
    """
    inner = CaseReader(
        reader.file, reader.places, problems=reader.problems, nodes=reader.nodes, bad=reader.bad,
        kinds=frozenset(kind.code for kind in rulebook.kinds),
        quantities=quantity_names(rulebook),
    )
    found = []
    for index, node in enumerate(nodes):
        case = inner.model(Case, node, ("cases", index))
        found.append(_located(inner, case, node))
        check_case(inner, found[-1], node, rulebook)
    check_titles(inner, found, nodes)
    return tuple(found)


def quantity_names(rulebook: Rulebook) -> frozenset[str]:
    """The names of all quantities that some rule of the rulebook asks for."""
    return frozenset(name for rule in rulebook.rules for name in _quantities_of_rule(rule))


def _quantities_of_rule(rule: Rule) -> frozenset[str]:
    forms = [rule.points, *rule.also.values(), *(variant.points for variant in rule.variants),
             *(stage.points for stage in rule.stages)]
    return frozenset().union(*(quantities_of(form) for form in forms if form))


@attrs.define
class CaseReader(Reader):
    """A reader that also knows the short forms of cases, moments, and sums below zero."""

    kinds: frozenset[str] = frozenset()
    quantities: frozenset[str] = frozenset()

    def model(self, cls: type, node: Node, path: Path) -> Any:
        """The value of a class of `cases`, after its short forms were spelled out."""
        for key in _HIDDEN.get(cls, ()):
            if inner := node.get(key):
                self.report("unknown_key", inner, at="key", key_name=key, nearest="",
                            table=cls.__name__)
        return Reader.model(self, cls, self._spelled_out(cls, node), path)

    def value(self, annotation: Any, node: Node, path: Path, field: Field) -> Any:
        """The value of an annotation; `When` and free settings are read here."""
        inner = plain_type(annotation)
        if inner is When:
            return self._when(node, path, field)
        if inner is Any:
            return plain_of(node)
        if field.owner in ("Expect", "Paid") or field.name == "points":
            # `parts` of a rule is a small number; in a case it is what each stage paid.
            field = attrs.evolve(field, least=Decimal(-AMOUNT_MAX), most=Decimal(AMOUNT_MAX))
        elif field.name == "times":
            field = attrs.evolve(field, least=Decimal(1), most=Decimal(TIMES_MAX))
        return Reader.value(self, annotation, node, path, field)

    def _when(self, node: Node, path: Path, field: Field) -> Any:
        if isinstance(node.value, datetime) and node.value.tzinfo is None:
            moment = node.value
            day = Reader.value(self, date, Node(moment.date(), node.path), path, field)
            return day if day is BAD else When(day=day, at=moment.time())
        day = Reader.value(self, date, node, path, field)
        return day if day is BAD else When(day=day)

    def _spelled_out(self, cls: type, node: Node) -> Node:
        if cls is cases.Member and isinstance(node.value, str):
            return Node({"name": node}, node.path)
        if cls is cases.Paid:
            return _paid(node)
        if not isinstance(node.value, dict):
            return node
        match cls:
            case cases.Expect:
                return self._expectation(node)
            case cases.Case:
                return _folded(_changed(node, "redemptions", _redeeming), EXPECTED)
            case cases.Reading:
                return _folded(node, EXPECTED)
            case cases.Row:
                return self._row(node)
            case cases.Holder:
                return _changed(node, "opening", _plain_amount)
            case cases.Goods:
                return _changed(node, "price", _plain_amount)
            case _:
                return node

    def _row(self, node: Node) -> Node:
        if node.text("do") == "expect":
            return _folded(node, tuple(key for key in EXPECTED if key != "refused"))
        table: dict[str, Node] = {}
        counted: dict[str, Node] = {}
        for key, inner in node.table.items():
            name = key if key in self.quantities else key.removesuffix("s")
            # "points" and the other keys of a row always mean what they mean in every row.
            if name in self.quantities and key not in _ROW_KEYS:
                counted[name] = Node(inner.value, inner.path)
            elif key == "grade":
                table["grades"] = inner
            elif key in _REFERENCES and isinstance(inner.value, int):
                table[key] = Node(str(inner.value), inner.path)
            else:
                table[key] = inner
        if counted:
            table["quantities"] = Node(counted, next(iter(counted.values())).path)
        return _changed(Node(table, node.path), "points", _plain_amount)

    def _expectation(self, node: Node) -> Node:
        table = dict(node.table)
        for key in _BY_KIND:
            if inner := table.get(key):
                table[key] = self._by_holder(inner)
        if inner := table.get("earned"):
            table["earned"] = _by_period(inner)
        for key in ("sanctions", "stars"):
            if (inner := table.get(key)) and not inner.is_table:
                table[key] = Node({"": inner}, inner.path)
        return Node(table, node.path)

    def _by_holder(self, node: Node) -> Node:
        """20, or { spend = 20 }, or { A = 20 }, or { A = { spend = 20 } }."""
        if not isinstance(node.value, dict):
            return Node({"": Node({"": node}, node.path)}, node.path)
        if node.value and all(key in self.kinds for key in node.value):
            return Node({"": node}, node.path)
        return Node({holder: _plain_amount(inner) for holder, inner in node.value.items()},
                    node.path)


_ROW_KEYS = frozenset(field.key for field in fields_of(Row)) - {"quantities"}


def _folded(node: Node, keys: Iterable[str]) -> Node:
    """The node with these keys moved into a table of their own, `expect`."""
    table = dict(node.table)
    table.pop("expect", None)
    said = {key: table.pop(key) for key in keys if key in table}
    if said:
        table["expect"] = Node(said, node.path)
    return Node(table, node.path)


def _changed(node: Node, key: str, change: Any) -> Node:
    inner = node.get(key)
    return Node({**node.table, key: change(inner)}, node.path) if inner else node


def _redeeming(node: Node) -> Node:
    """Rows of `redemptions` redeem, unless they say otherwise."""
    rows = [Node({"do": Node("redeem", row.path), **row.table}, row.path) if row.is_table else row
            for row in node.items()]
    return Node(rows, node.path)


def _plain_amount(node: Node) -> Node:
    """5 is { "" = 5 }: points of the first kind."""
    return node if node.is_table else Node({"": node}, node.path)


def _paid(node: Node) -> Node:
    if node.is_table:
        return Node({"kinds": node}, node.path)
    return Node({"parts": node if node.is_array else Node([node], node.path)}, node.path)


def _by_period(node: Node) -> Node:
    """60, or { "2025" = 13 }, or { A = 60 }, or { A = { "2025" = 13 } }."""
    if not isinstance(node.value, dict):
        return Node({"": Node({"": node}, node.path)}, node.path)
    if node.value and all(_PERIOD.fullmatch(key) for key in node.value):
        return Node({"": node}, node.path)
    return Node({holder: _plain_amount(inner) for holder, inner in node.value.items()}, node.path)


def _located(reader: CaseReader, case: Case, node: Node) -> Case:
    """The case with the lines of itself, its rows and its readings."""
    def line(path: Path) -> int:
        return reader.places.value(path).line

    def lines(key: str) -> list[int]:
        inner = node.get(key)
        return [line(each.path) for each in inner.items()] if inner else []

    readings = tuple(
        attrs.evolve(reading, line=at)
        for reading, at in zip(case.readings, lines("readings"), strict=False)
    )
    return attrs.evolve(
        case, line=reader.places.key(node.path).line, readings=readings,
        lines=tuple(lines("deeds") + lines("redemptions") + lines("steps")),
    )
