"""The short forms of the rulebook file, rewritten into the attributes of the model.

A short form moves nodes about and never invents where they were written, so that a problem
inside of one is still located at what the author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from lovepoints.core import points
from lovepoints.core.rulefiles.fields import ALIASES, keys_of
from lovepoints.core.rulefiles.nodes import Node
from lovepoints.core.rulefiles.places import Path
from lovepoints.core.rulefiles.problems import nearest
from lovepoints.core.rulefiles.units import wrong_unit

EXCLUSIVE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Limit": (("most", "points", "times", "quantity"), ("each", "within")),
    "Often": (("most", "points", "times"),),
    "Validity": (("after", "at_end_of", "by_size"),),
    "Days": (("weekdays", "month_days", "dates", "between", "switched"),),
    "Sanction": (("lasts", "lasts_periods"),),
    "Rule": (("points", "stages"),),
}
"""Keys of which a table may hold one only, by class."""
_MEASURES = ("points", "times", "quantity")
_FORMS: tuple[tuple[str, type], ...] = (
    ("per", points.PerUnit), ("bands", points.Bands), ("tiers", points.Tiers),
    ("at_least", points.Thresholds), ("values", points.Graded), ("from", points.Ranged),
    ("to", points.Ranged),
)
_ROUND = re.compile(r"(half-)?(.+?)-(down|half-up|up)")
_SINGLE: Mapping[str, str] = {"Grant": "points", "Ceiling": "points", "Fixed": "value",
                              "Confirm": "by"}


def rewritten(cls: type, node: Node) -> Node:
    """The node with the short forms of one class spelled out."""
    name = cls.__name__
    node = merged(node, ALIASES.get(name, {}), lambda path: path) if node.is_table else node
    if not node.is_table and name in _SINGLE:
        return node.with_table({_SINGLE[name]: node})
    rewrite = _REWRITES.get(name)
    return rewrite(node) if rewrite and node.is_table else node


def short_keys(cls: type) -> tuple[str, ...]:
    """The keys that only a short form of the class has."""
    return _SHORT_KEYS.get(cls.__name__, ())


def _limit(node: Node) -> Node:
    """`points = 20` in a limit is `of = "points"` and `most = 20`."""
    table = dict(node.table)
    for measure in _MEASURES:
        if said := table.pop(measure, None):
            table.setdefault("of", Node(measure, said.path, said.setting))
            table.setdefault("most", said)
    return node.with_table(table)


def _per_unit(node: Node) -> Node:
    """`round = "half-hour-down"` is `step = "0.5"` and `round = "down"`; "hour-up" is step 1."""
    said, per = node.get("round"), node.text("per")
    match = _ROUND.fullmatch(node.text("round"))
    if not said or not match or match[2] not in (per, wrong_unit(per)):
        return node
    table = {**node.table, "round": Node(match[3], said.path, said.setting)}
    step = Decimal("0.5") if match[1] else Decimal(1)
    table.setdefault("step", Node(step, said.path, said.setting))
    return node.with_table(table)


def _days(node: Node) -> Node:
    """`hours = "09:00-11:30"` is `hours = ["09:00", "11:30"]`."""
    said = node.get("hours")
    if not said or not isinstance(said.value, str) or said.value.count("-") != 1:
        return node
    ends: list[Any] = [Node(end.strip(), said.path, said.setting) for end in said.value.split("-")]
    return node.with_table({**node.table, "hours": Node(ends, said.path, said.setting)})


_REWRITES: Mapping[str, Callable[[Node], Node]] = {
    "Limit": _limit, "Often": _limit, "PerUnit": _per_unit, "Days": _days,
}
_SHORT_KEYS: Mapping[str, tuple[str, ...]] = {"Limit": _MEASURES, "Often": ("points", "times")}


def form_of(node: Node, grades: frozenset[str]) -> tuple[type, Node]:
    """Which form of points a value has, and the value in the long form of that class.

    A plain value is fixed. A table is graded when all its keys are grades of the rule, or when
    it has no key of any other form.
    """
    if not isinstance(node.value, dict):
        return points.Fixed, node
    keys = set(node.value)
    if not (grades and keys <= grades):
        if keys == {"value"}:
            return points.Fixed, node
        for marker, form in _FORMS:
            if marker in keys:
                return form, node
        if misspelt := _misspelt(keys):
            return misspelt, node
    return points.Graded, node.with_table({"values": node})


def _misspelt(keys: set[str]) -> type | None:
    """The form that was meant by keys of which some belong to a form, but not the telling one."""
    markers = dict(_FORMS)
    meant = [markers[near] for key in keys if (near := nearest(key, markers))]
    fitting = [form for _, form in _FORMS if keys & keys_of(form).keys()]
    return next((form for form in meant if form in fitting), fitting[0] if fitting else None)


def merged(node: Node, aliases: Mapping[str, str], order: Callable[[Path], Any]) -> Node:
    """The table with second names replaced; arrays under both names become one, in file order."""
    table: dict[str, Node] = {}
    for key, inner in node.table.items():
        name = aliases.get(key, key)
        known = table.get(name)
        if known and known.is_array and inner.is_array:
            inner = Node(sorted(known.items() + inner.items(), key=lambda each: order(each.path)),
                         known.path, known.setting)
        elif known and name != key:
            name = key  # both names of one table: it stays, and the reader reports the clash
        table[name] = inner
    return node.with_table(table)
