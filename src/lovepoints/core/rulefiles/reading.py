"""Reading raw TOML values into the frozen classes of the model, collecting every problem.

The reader follows the schema of `rulefields.py` and knows no single key. It never stops at a
problem: a stand-in takes the place of what cannot be read, and its path is marked as bad, so
that later checks keep silent about it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core.points import Fixed, Points
from lovepoints.core.rulefiles.fields import (
    ALIASES,
    Field,
    choices_of,
    fields_of,
    is_model,
    item_type,
    keys_of,
    plain_type,
    union_of,
    value_type,
)
from lovepoints.core.rulefiles.nodes import Node
from lovepoints.core.rulefiles.places import Path, Places
from lovepoints.core.rulefiles.problems import Problem, Severity, nearest, problem_at, shown
from lovepoints.core.rulefiles.scalars import (
    FILLERS,
    READERS,
    Wrong,
    choice,
    clean,
    type_name,
    weekday,
)
from lovepoints.core.rulefiles.shortforms import EXCLUSIVE, form_of, rewritten, short_keys
from lovepoints.core.terms import Attribute, Range
from lovepoints.core.values import CODE_MAX

ARRAY_MAX = 2000
"""The most values of one array or table."""
PROBLEMS_MAX = 500
"""After so many problems the rest is not reported: the file is something else."""
BAD = object()
"""What could not be read."""
_UNION = frozenset(union_of(Points))
_CONDITION_TYPES: Mapping[str, Any] = {
    "text": str, "whole": int, "yes-no": bool, "day": date, "choice": str,
}


@attrs.define
class Reader:
    """One reading of one file.

    `nodes` maps the path of every attribute that the file states (attribute names and positions,
    such as `("rules", 3, "points", "per")`) to the node that states it. `bad` holds the paths
    of what could not be read.
    """

    file: str
    places: Places
    is_canonical: bool = False
    problems: list[Problem] = attrs.field(factory=list)
    nodes: dict[Path, Node] = attrs.field(factory=dict)
    bad: set[Path] = attrs.field(factory=set)
    attributes: dict[str, Attribute] = attrs.field(factory=dict)
    _grades: frozenset[str] = frozenset()

    # --- problems

    def report(
        self, code: str, node: Node, *, at: str = "value", severity: Severity = "error",
        key: str = "", **facts: Any,
    ) -> None:
        """Note a problem at the value (or the key) of a node, or of one of its keys."""
        if len(self.problems) >= PROBLEMS_MAX:
            return
        node = node.get(key) or node if key else node
        problem = located(self.file, self.places, node, code, facts, at=at, severity=severity)
        if problem not in self.problems and not self._is_known_hostile(problem):
            self.problems.append(problem)

    def _is_known_hostile(self, problem: Problem) -> bool:
        # The text was searched before it was read; only escapes are new here.
        return problem.code == "hostile_text" and any(
            each.code == problem.code and each.line == problem.line for each in self.problems
        )

    def node_at(self, path: Path) -> Node:
        """The node that states the attribute at `path`, or the nearest thing around it."""
        while path and path not in self.nodes:
            path = path[:-1]
        return self.nodes[path]

    def is_bad(self, path: Path) -> bool:
        """Whether something at, above or below `path` could not be read."""
        return any(path[: len(each)] == each or each[: len(path)] == path for each in self.bad)

    def _fail(self, wrong: Wrong, node: Node, path: Path) -> object:
        self.bad.add(path)
        self.report(wrong.code, node, **wrong.facts)
        return BAD

    # --- classes

    def model(self, cls: type, node: Node, path: Path) -> Any:
        """The value of a class; always one, whatever the file says."""
        self.nodes.setdefault(path, node)
        table = rewritten(cls, node)
        if not isinstance(table.value, dict):
            self._fail(Wrong("wrong_type", expected="table", got=type_name(node.value)), node, path)
            return filler(cls)
        outer = self._grades
        if grades := table.get("grades"):
            self._grades = frozenset(grades.table)
        meant = self._strange_keys(cls, node)
        self._clashes(cls, node)
        values = {
            field.name: self._field(field, table, (*path, field.name), meant)
            for field in fields_of(cls)
        }
        self._grades = outer
        return cls(**values)

    def _strange_keys(self, cls: type, node: Node) -> frozenset[str]:
        """Report keys that the class does not have; return the keys that were meant."""
        if not isinstance(node.value, dict):
            return frozenset()
        known = {**keys_of(cls), **dict.fromkeys(short_keys(cls))}
        meant = set()
        for key, inner in node.value.items():
            if key in known:
                continue
            near = nearest(key, (name for name in known if name not in node.value))
            meant.add(near)
            self.report("unknown_key", inner, at="key", key_name=shown(key), nearest=near,
                        table=cls.__name__)
        return frozenset(meant)

    def _clashes(self, cls: type, node: Node) -> None:
        aliases = tuple(ALIASES.get(cls.__name__, {}).items())
        for group in (*EXCLUSIVE.get(cls.__name__, ()), *aliases):
            said = [key for key in group if (inner := node.get(key)) and inner.value]
            if len(said) > 1:
                self.report("two_forms", node, key=said[1], at="key", keys=list(said))

    def _field(self, field: Field, table: Node, path: Path, meant: frozenset[str]) -> Any:
        node = table.get(field.key)
        found: Any = BAD
        if node:
            self.nodes[path] = node
            found = self.value(field.type, node, path, field)
        elif field.key in meant:
            self.bad.add(path)
        elif field.is_required:
            self.bad.add(path)
            code = "deduction_unstated" if field.owner == "Deduction" else "missing_key"
            self.report(code, table, at="key", key_name=field.key, table=field.owner)
        if found is not BAD:
            return found
        return filler(field.type) if field.is_required else field.default

    # --- values

    def value(self, annotation: Any, node: Node, path: Path, field: Field) -> Any:
        """The value of any annotation, or BAD after reporting why not."""
        annotation = plain_type(annotation)
        if frozenset(union_of(annotation)) >= _UNION:
            form, long_form = form_of(node, self._grades)
            return self.model(form, long_form, path)
        if is_model(annotation):
            return self.model(annotation, node, path)
        if item := item_type(annotation):
            return self._array(item, node, path, field)
        if inner := value_type(annotation):
            return self._mapping(inner, node, path, field)
        try:
            return self._single(annotation, node, path, field)
        except Wrong as wrong:
            return self._fail(wrong, node, path)

    def _single(self, annotation: Any, node: Node, path: Path, field: Field) -> Any:
        if field.reads == "weekday":
            return weekday(node.value, field)
        if choices := choices_of(annotation):
            return choice(node.value, choices)
        if annotation in READERS:
            return READERS[annotation](node.value, field)
        if len(members := union_of(annotation)) > 1:
            return _first_fitting(members, node.value, field)
        return self._pair(annotation, node, path, field)

    def _pair(self, annotation: Any, node: Node, path: Path, field: Field) -> tuple[Any, ...]:
        members = annotation.__args__
        if not isinstance(node.value, list) or len(node.value) != len(members):
            raise Wrong("wrong_type", expected="pair", got=type_name(node.value))
        parts = zip(members, node.value, strict=True)
        return tuple(self._single(member, each, path, field) for member, each in parts)

    def _array(self, item: Any, node: Node, path: Path, field: Field) -> Any:
        nodes = node.items()
        if node.is_table and not is_model(item):
            return self._fail(Wrong("wrong_type", expected="array", got="table"), node, path)
        if len(nodes) > ARRAY_MAX:
            return self._fail(Wrong("too_many", most=ARRAY_MAX, count=len(nodes)), node, path)
        found = []
        for index, each in enumerate(nodes):
            self.nodes[(*path, index)] = each
            found.append(self.value(item, each, (*path, index), field))
        return tuple(value for value in found if value is not BAD)

    def _mapping(self, inner: Any, node: Node, path: Path, field: Field) -> Any:
        table = self._table(node)
        if table is None:
            return self._fail(Wrong("wrong_type", expected="table", got=type_name(node.value)),
                              node, path)
        if len(table) > ARRAY_MAX:
            return self._fail(Wrong("too_many", most=ARRAY_MAX, count=len(table)), node, path)
        found = {}
        for key, each in table.items():
            self.nodes[(*path, key)] = each
            try:
                clean(key, CODE_MAX)
            except Wrong as wrong:
                self._fail(wrong, each, path)
                continue
            read = self._condition if field.names == "attribute" else self.value
            found[unicodedata.normalize("NFC", key)] = read(inner, each, (*path, key), field)
        return {key: value for key, value in found.items() if value is not BAD}

    def _table(self, node: Node) -> dict[str, Node] | None:
        """The free keys of a table; the canonical form writes them as an array of pairs."""
        if self.is_canonical and isinstance(node.value, list):
            pairs = [pair.items() for pair in node.items()]
            return {str(key.value): value for key, value in pairs}
        return node.value if isinstance(node.value, dict) else None

    def _condition(self, inner: Any, node: Node, path: Path, field: Field) -> Any:
        """One condition of `where`: a range, or values of the declared type of the attribute."""
        if node.is_table:
            return self.model(Range, node, path)
        attribute = self.attributes.get(str(path[-1]))
        if attribute is None:
            # An attribute that is not declared is reported by its name; its values may be any.
            return self._array(str | int | bool | date, node, path, field)
        kind = _CONDITION_TYPES[attribute.type]
        found = self._array(kind, node, path, attrs.evolve(field, names=""))
        for index, value in enumerate(() if found is BAD else found):
            if attribute.values and value not in attribute.values:
                self._fail(Wrong("bad_choice", value=shown(value), choices=list(attribute.values),
                                 nearest=nearest(str(value), attribute.values)),
                           self.node_at((*path, index)), (*path, index))
        return found


def located(
    file: str, places: Places, node: Node, code: str, facts: Mapping[str, Any], *,
    at: str = "value", severity: Severity = "error",
) -> Problem:
    """The problem at the value (or the key) of a node; an override is its own excerpt."""
    if node.setting:
        return Problem(file=file, excerpt=f"{node.setting} = {shown(node.value)}", code=code,
                       facts=facts, severity=severity)
    if not node.path:
        return Problem(file=file, line=1, code=code, facts=facts, severity=severity)
    look_up = places.key if at == "key" else places.value
    return problem_at(file, places, look_up(node.path), code, facts, severity)


def _first_fitting(members: tuple[Any, ...], value: object, field: Field) -> Any:
    """The value read as the first member that fits; else the most telling problem is raised."""
    wrongs = []
    for member in members:
        try:
            return READERS[member](value, field)
        except Wrong as wrong:
            wrongs.append(wrong)
    raise next((wrong for wrong in wrongs if wrong.code not in ("wrong_type", "bad_number")),
               wrongs[0])


def filler(annotation: Any) -> Any:
    """A stand-in of an annotated type, for what could not be read."""
    annotation = plain_type(annotation)
    if frozenset(union_of(annotation)) >= _UNION:
        return Fixed(value=Decimal(1))
    if is_model(annotation):
        return annotation(**{
            field.name: filler(field.type) if field.is_required else field.default
            for field in fields_of(annotation)
        })
    if choices := choices_of(annotation):
        return choices[0]
    if annotation in FILLERS:
        return FILLERS[annotation]
    return {} if value_type(annotation) else ()
