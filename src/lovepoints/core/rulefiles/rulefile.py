"""Text to `Rulebook`: every problem of a file at once, each where its author wrote it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core.rulebook import FORMAT, Rulebook
from lovepoints.core.rulefiles.canonical import digest
from lovepoints.core.rulefiles.checks import check, with_grades
from lovepoints.core.rulefiles.fields import ALIASES, fields_of, is_model, item_type
from lovepoints.core.rulefiles.nodes import Node, node_of
from lovepoints.core.rulefiles.overrides import apply
from lovepoints.core.rulefiles.places import Path, Place, Places, locate, plain
from lovepoints.core.rulefiles.problems import Problem, Severity, code_point, is_hostile, problem_at
from lovepoints.core.rulefiles.reading import Reader, located
from lovepoints.core.rulefiles.settings import left_to_default
from lovepoints.core.rulefiles.shortforms import merged
from lovepoints.core.terms import Attribute
from lovepoints.errors import RulebookError

FILE_MAX = 1_000_000
"""The most characters of a rulebook file."""
DEPTH_MAX = 40
"""The deepest nesting of keys and positions."""
REREAD_MAX = 2_000_000
"""The most characters that are read again in search of further days that do not exist."""
_PIECE = r"(?:[\w-]++|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+')"
_DEEP_KEY = re.compile(rf"(?<![\w-]){_PIECE}(?:[ \t]*+\.[ \t]*+{_PIECE}){{{DEPTH_MAX}}}", re.ASCII)
_ODD = re.compile(r"[^ -~\n\t\u2e80-\u3163\u3165-\ud7ff]")
_BARE_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_STAND_IN = "2000-01-01"
_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")


@attrs.frozen(kw_only=True)
class RawCase:
    """One `[[case]]` as it stands in the file, unread: plain TOML values, `Decimal` for floats.

    `path` is its path in the file, such as `("case", 2)`.
    """

    table: Mapping[str, Any]  # Any: plain TOML values
    path: Path
    line: int

    @property
    def node(self) -> Node:
        """The case as a tree whose nodes know where they stand."""
        return node_of(self.table, self.path)


@attrs.frozen(kw_only=True)
class RuleFile:
    """A rulebook with the text it was read from.

    `nodes` maps the path of every attribute that the file states to what states it; what is not
    in it was left to its default.
    """

    name: str
    text: str = attrs.field(repr=False)
    rulebook: Rulebook
    cases: tuple[RawCase, ...] = ()
    places: Places = attrs.field(repr=False, eq=False)
    nodes: Mapping[Path, Node] = attrs.field(repr=False, eq=False)

    def states(self, path: Path) -> bool:
        """Whether the file itself says the attribute at `path`."""
        return path in self.nodes

    @property
    def defaults_used(self) -> tuple[str, ...]:
        """The open settings that the file leaves to their defaults, as paths: "counts_on"."""
        return tuple(left.setting for left in left_to_default(self.rulebook, self.nodes))

    def finding(
        self, path: Path, code: str, severity: Severity, **facts: Any,  # Any: JSON values
    ) -> Problem:
        """A problem at the attribute `path` of the rulebook, such as `("rules", 3, "points")`."""
        return located(self.name, self.places, self._node(path), code, facts, severity=severity)

    def problem(self, path: Path, code: str, *, at: str = "value", **facts: Any) -> Problem:
        """A problem at a path of the file itself, such as `("case", 2, "deeds", 0)`."""
        return located(self.name, self.places, Node("", path), code, facts, at=at)

    def reader(self) -> Reader:
        """A fresh reader of the same text, for classes outside of the rulebook (its cases)."""
        return Reader(file=self.name, places=self.places, nodes=dict(self.nodes))

    def _node(self, path: Path) -> Node:
        while path not in self.nodes:
            path = path[:-1]
        return self.nodes[path]


def parse(
    text: str, name: str = "rules.toml", settings: Mapping[str, Any] | None = None,
) -> RuleFile:
    """Read a rulebook file; `name` is shown in problems.

    `settings` override what the file says, before anything is checked: `{"holder": "resident",
    "limit.daily.crossing": "none"}`. The parts of a path are keys; a table in an array is found
    by its code, or by its position from 1 if it has none. `"default"` leaves a key out.

    Raises:
        RulebookError: with every problem of the file in `.problems`.

    >>> file = parse('''
    ... title = "Rules"
    ... effective = 2026-01-01
    ... [[rule]]
    ... code = "patrol"
    ... title = "Patrol"
    ... points = { per = "hour", value = 2 }
    ... ''')
    >>> file.rulebook.rule("patrol").points.value
    Decimal('2')
    """
    if not isinstance(text, str):
        raise TypeError(f"a rulebook is read from text, not from {type(text).__name__}")
    reader = Reader(file=name, places=Places(""))
    raw = _loaded(plain(text), reader)
    _check_letters(reader)
    _check_format(raw, reader)
    cases = tuple(_cases(raw.pop("case", []), reader))
    root = _prepared(node_of(raw), reader)
    apply(root, settings or {}, reader)
    reader.attributes = _attributes(root)
    rulebook = _read(root, reader)
    _raise_if_any(reader.problems)
    return RuleFile(
        name=name, text=reader.places.text, rulebook=rulebook, cases=cases, places=reader.places,
        nodes=reader.nodes,
    )


def _read(root: Node, reader: Reader) -> Rulebook:
    rulebook: Rulebook = reader.model(Rulebook, root, ())
    rules = tuple(with_grades(rule) for rule in rulebook.rules)
    rulebook = attrs.evolve(rulebook, rules=rules)
    for path, code, facts in check(rulebook):
        if not reader.is_bad(path) and not _may_be_known(code, reader):
            reader.report(code, reader.node_at(path), **facts)
    if reader.problems:
        return rulebook
    return attrs.evolve(rulebook, digest=digest(rulebook))


def _may_be_known(code: str, reader: Reader) -> bool:
    """Whether a name is unknown only because the code that it names could not be read."""
    nouns = code.removeprefix("unknown_") + "s"
    return any(path[:1] == (nouns,) and path[-1] == "code" for path in reader.bad)


def _raise_if_any(problems: list[Problem]) -> None:
    if problems:
        raise RulebookError(sorted(problems, key=lambda each: (each.line, each.column)))


# --- the text

def _loaded(text: str, reader: Reader) -> dict[str, Any]:
    """The raw tables and, in the reader, their places."""
    if len(text) > FILE_MAX:
        facts = {"length": len(text), "most": FILE_MAX}
        raise RulebookError([Problem(file=reader.file, code="file_too_large", facts=facts)])
    reader.places = Places(text)
    try:
        if _DEEP_KEY.search(text):  # tomllib takes memory by the square of a key's depth
            raise RecursionError
        raw = _tables(text, reader)
        reader.places = locate(text)
    except RecursionError:
        raise RulebookError([Problem(file=reader.file, code="too_deep")]) from None
    deepest = max(reader.places.paths, key=len, default=())
    if len(deepest) > DEPTH_MAX:
        reader.report("too_deep", Node("", deepest))
        _raise_if_any(reader.problems)
    return raw


def _tables(text: str, reader: Reader) -> dict[str, Any]:
    """What tomllib reads. Days that do not exist are noted and replaced, so that it goes on."""
    whole, begun = reader.places, len(reader.problems)
    while True:
        try:
            return tomllib.loads(text, parse_float=Decimal)
        except ValueError as error:
            place, what = _where(error, whole)
        day = _bare_day(text, place, whole)
        is_day = bool(day) and day != _STAND_IN  # replaced before, it is not the day that is wrong
        code, facts = ("no_such_day", {"value": day}) if is_day else (
            _syntax_code(what), {"what": what})
        reader.problems.append(problem_at(reader.file, whole, place, code, facts))
        if not is_day or (len(reader.problems) - begun) * len(text) > REREAD_MAX:
            _raise_if_any(reader.problems)
        offset = whole.offset(place)
        text = text[:offset] + _STAND_IN + text[offset + len(_STAND_IN):]


def _where(error: ValueError, whole: Places) -> tuple[Place, str]:
    """The place that a TOML error names: of the last character if it says the end."""
    match = _AT.search(str(error))
    what = str(error)[: match.start()] if match else str(error).split(" (at end")[0]
    return (Place(int(match[1]), int(match[2])) if match else whole.at(len(whole.text))), what


def _bare_day(text: str, place: Place, whole: Places) -> str:
    match = _BARE_DAY.match(text, whole.offset(place))
    return match[0] if match else ""


def _syntax_code(what: str) -> str:
    doubled = what.startswith(("Cannot overwrite", "Cannot declare", "Duplicate inline"))
    return "duplicate_key" if doubled else "syntax"


def _check_letters(reader: Reader) -> None:
    for match in _ODD.finditer(reader.places.text):
        if is_hostile(match[0]):
            place = reader.places.at(match.start())
            reader.problems.append(problem_at(reader.file, reader.places, place, "hostile_text",
                                              {"character": code_point(match[0])}))


def _check_format(raw: dict[str, Any], reader: Reader) -> None:
    said = raw.get("format", FORMAT)
    if isinstance(said, int) and said > FORMAT:
        reader.report("newer_format", Node(said, ("format",)), value=str(said), known=FORMAT)
        _raise_if_any(reader.problems)


# --- the raw tables

def _cases(raw: object, reader: Reader) -> Iterator[RawCase]:
    if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
        reader.report("wrong_type", Node(raw, ("case",)), expected="array", got="table")
        return
    for index, table in enumerate(raw):
        path = ("case", index)
        yield RawCase(table=table, path=path, line=reader.places.key(path).line)


def _prepared(root: Node, reader: Reader) -> Node:
    """The top table with second names replaced, a code for every limit, a kind for the rest."""

    def order(path: Path) -> tuple[int, int]:
        place = reader.places.key(path)
        return place.line, place.column

    root = merged(root, ALIASES["Rulebook"], order)
    limits = root.get("limit")
    for number, limit in enumerate(limits.items() if limits else (), 1):
        if limit.is_table and not limit.get("code"):
            limit.table["code"] = Node(f"cap-{number}", limit.path)
    _name_the_kind(root)
    return root


def _name_the_kind(root: Node) -> None:
    """Where no kind is called "point", a left-out kind is the first one."""
    kinds = root.get("kind")
    codes = [node.text("code") or "point" for node in (kinds.items() if kinds else ())]
    if not codes or "point" in codes:
        return
    for field in fields_of(Rulebook):
        item = item_type(field.type)
        said = root.get(field.key)
        if said and is_model(item) and _defaults_to_point(item):
            for node in said.items():
                node.table.setdefault("kind", Node(codes[0], node.path))


def _defaults_to_point(cls: type) -> bool:
    return any(field.name == "kind" and field.default == "point" for field in fields_of(cls))


def _attributes(root: Node) -> dict[str, Attribute]:
    """The declared attributes, read ahead of the conditions that use them."""
    said = root.get("attribute")
    trial = Reader(file="", places=Places(""))
    nodes = [node for node in (said.items() if said else ()) if node.is_table]
    found = [trial.model(Attribute, node, ("attributes", i)) for i, node in enumerate(nodes)]
    return {attribute.code: attribute for attribute in found if attribute.code}
