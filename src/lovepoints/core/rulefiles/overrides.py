"""Overrides: `{"limit.daily.crossing": "none"}` laid over a raw rulebook before it is read.

They serve the readings of a case: the same rulebook under another reading of an open clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lovepoints.core.points import Fixed, Graded
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.fields import (
    ALIASES,
    Field,
    fields_of,
    is_model,
    item_type,
    keys_of,
    plain_type,
    union_of,
    value_type,
)
from lovepoints.core.rulefiles.nodes import Node, node_of
from lovepoints.core.rulefiles.problems import nearest, shown
from lovepoints.core.rulefiles.reading import Reader
from lovepoints.core.rulefiles.scalars import Wrong
from lovepoints.core.rulefiles.shortforms import EXCLUSIVE, form_of, rewritten, short_keys

LEFT_OUT = "default"
"""The value that leaves a key out, so that its default holds."""


def apply(root: Node, settings: Mapping[str, Any], reader: Reader) -> None:
    """Lay every override over the tree; a path that leads nowhere is a problem."""
    for dotted, value in settings.items():
        new = None if value == LEFT_OUT else node_of(value, (), dotted)
        try:
            _set(root, Rulebook, dotted.split("."), new, dotted)
        except Wrong as wrong:
            reader.report(wrong.code, Node(value, (), dotted), setting=shown(dotted), **wrong.facts)


def _set(node: Node, cls: type, names: list[str], new: Node | None, dotted: str) -> None:
    """Set what the first name leads to, in a table that stands for a class."""
    name, *rest = names
    aliases = ALIASES.get(cls.__name__, {})
    for alias in aliases.keys() & node.table.keys():
        node.table.setdefault(aliases[alias], node.table.pop(alias))
    key = aliases.get(name, name)
    field = _field(cls, key)
    if field is None and key not in short_keys(cls):
        known = [*keys_of(cls), *short_keys(cls)]
        raise Wrong("setting_unknown", part=shown(name), nearest=nearest(name, known))
    key = field.key if field else key
    if key == "most":
        # `times = 1` in the file says what is counted too; another number changes only how much.
        key = next((short for short in short_keys(cls) if short in node.table), key)
    if not rest:
        for other in _replaced(cls, key):
            node.table.pop(other, None)
        _put(node, key, new)
    elif field is None:
        raise Wrong("setting_unknown", part=shown(rest[0]), nearest="")
    else:
        inner = node.get(key) or Node({}, node.path, dotted)
        _set_inside(inner, field.type, rest, new, dotted)
        node.table[key] = inner


def _replaced(cls: type, key: str) -> Iterator[str]:
    """The keys that cannot stay beside a new one."""
    for group in EXCLUSIVE.get(cls.__name__, ()):
        yield from group if key in group else ()
    if key in short_keys(cls):
        yield "of"


def _field(cls: type, name: str) -> Field | None:
    """The field of a key; the attribute's own name ("limits") leads there too."""
    fields = keys_of(cls)
    return fields.get(name) or next((f for f in fields_of(cls) if f.name == name), None)


def _set_inside(
    node: Node, annotation: Any, names: list[str], new: Node | None, dotted: str,
) -> None:
    """Set what the names lead to inside a value of an annotated type."""
    annotation = plain_type(annotation)
    if Fixed in union_of(annotation):
        annotation, long_form = form_of(node, frozenset())
        if annotation is Graded and long_form is not node:
            return _in_mapping(node, union_of(annotation)[0], names, new, dotted)
    if item := item_type(annotation):
        return _in_array(node, item, names, new, dotted)
    if inner := value_type(annotation):
        return _in_mapping(node, inner, names, new, dotted)
    if not is_model(annotation):
        raise Wrong("setting_unknown", part=shown(names[0]), nearest="")
    if not node.is_table:
        node.value = rewritten(annotation, node).value
    if not node.is_table:
        raise Wrong("setting_unknown", part=shown(names[0]), nearest="")
    return _set(node, annotation, names, new, dotted)


def _in_array(node: Node, item: Any, names: list[str], new: Node | None, dotted: str) -> None:
    name, *rest = names
    # A single table stands for an array of one; it becomes one here.
    nodes = node.items() if node.is_array else [Node(node.value, node.path, node.setting)]
    fields = fields_of(item) if is_model(item) else ()
    code = next((each.default for each in fields if each.name == "code"), "")
    usual = code if isinstance(code, str) else ""
    found = {each.text("code") or usual or str(position): position - 1
             for position, each in enumerate(nodes, 1)}
    if name not in found:
        raise Wrong("setting_unknown", part=shown(name), nearest=nearest(name, found))
    node.value = nodes
    if rest:
        _set_inside(nodes[found[name]], item, rest, new, dotted)
    elif new is None:
        del nodes[found[name]]
    else:
        nodes[found[name]] = new


def _in_mapping(node: Node, inner: Any, names: list[str], new: Node | None, dotted: str) -> None:
    name, *rest = names
    if not node.is_table:
        raise Wrong("setting_unknown", part=shown(name), nearest="")
    if not rest:
        _put(node, name, new)
    elif found := node.get(name):
        _set_inside(found, inner, rest, new, dotted)
    else:
        raise Wrong("setting_unknown", part=shown(name), nearest=nearest(name, node.table))


def _put(node: Node, key: str, new: Node | None) -> None:
    if new is None:
        node.table.pop(key, None)
    else:
        node.table[key] = new
