"""The raw tree of a rulebook file: plain TOML values, each with the path it was written at."""

from __future__ import annotations

from typing import Any, TypeAlias

import attrs

from lovepoints.core.rulefiles.places import Path

Inner: TypeAlias = "dict[str, Node] | list[Node] | Any"  # Any: a plain TOML value


@attrs.define
class Node:
    """A value of the file. `path` is where it was written, also after short forms moved it.

    `setting` is the override it came from ("" for what stands in the file).
    """

    value: Inner
    path: Path
    setting: str = ""

    @property
    def is_table(self) -> bool:
        """Whether it holds keys."""
        return isinstance(self.value, dict)

    @property
    def is_array(self) -> bool:
        """Whether it holds values in order."""
        return isinstance(self.value, list)

    @property
    def table(self) -> dict[str, Node]:
        """Its keys; none if it is not a table."""
        return self.value if isinstance(self.value, dict) else {}

    def get(self, key: str) -> Node | None:
        """The value of a key, or None (also for what is not a table)."""
        return self.table.get(key)

    def with_table(self, table: dict[str, Node]) -> Node:
        """The same place with other keys."""
        return Node(table, self.path, self.setting)

    def text(self, key: str) -> str:
        """The text of a key, "" if there is none."""
        node = self.get(key)
        return node.value if node and isinstance(node.value, str) else ""

    def items(self) -> list[Node]:
        """The values of an array; a single value stands for an array of one."""
        return self.value if isinstance(self.value, list) else [self]


def node_of(raw: object, path: Path = (), setting: str = "") -> Node:
    """The tree of a plain TOML value."""
    if isinstance(raw, dict):
        return Node({key: node_of(value, (*path, key), setting) for key, value in raw.items()},
                    path, setting)
    if isinstance(raw, list | tuple):
        return Node([node_of(value, (*path, i), setting) for i, value in enumerate(raw)], path,
                    setting)
    return Node(raw, path, setting)


def plain_of(node: Node) -> Any:  # Any: a plain TOML value
    """The plain TOML value of a tree."""
    if isinstance(node.value, dict):
        return {key: plain_of(value) for key, value in node.value.items()}
    if isinstance(node.value, list):
        return [plain_of(value) for value in node.value]
    return node.value
