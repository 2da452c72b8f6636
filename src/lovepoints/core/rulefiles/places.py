"""Where things stand in a TOML text: the line and column of every key and value.

`tomllib` reads TOML but forgets where. This scanner walks a text that `tomllib` has accepted and
notes the place of every path, such as `("rule", 3, "points", "per")`; it checks nothing itself.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import TypeAlias

import attrs

Path: TypeAlias = "tuple[str | int, ...]"
"""Keys and positions from the top of the file down to one value."""

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_INDENT = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_TEXT = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'", re.DOTALL
)
_BARE_VALUE = re.compile(r"[^,\]}#\n]*")


@attrs.frozen
class Place:
    """A line and a column, both counted from 1; the column counts characters."""

    line: int
    column: int


@attrs.frozen
class Places:
    """The places of all keys and values of one text."""

    text: str
    _keys: dict[Path, int] = attrs.field(factory=dict, repr=False)
    _values: dict[Path, int] = attrs.field(factory=dict, repr=False)
    _lines: list[int] = attrs.field(init=False, repr=False)

    @_lines.default
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def __contains__(self, path: Path) -> bool:
        return path in self._keys

    @property
    def paths(self) -> frozenset[Path]:
        """Every path that has a place of its own."""
        return frozenset(self._keys)

    def key(self, path: Path) -> Place:
        """Where the key of `path` stands, or that of the nearest table around it."""
        return self.at(_nearest(self._keys, path))

    def value(self, path: Path) -> Place:
        """Where the value of `path` begins, or that of the nearest table around it."""
        return self.at(_nearest(self._values, path))

    def at(self, offset: int) -> Place:
        """The place of a character, counted from 0."""
        line = bisect_right(self._lines, offset)
        return Place(line, offset - self._lines[line - 1] + 1)

    def offset(self, place: Place) -> int:
        """The character at a place, counted from 0."""
        return self._lines[place.line - 1] + place.column - 1

    def line(self, number: int) -> str:
        """The text of one line, without its end; line 0 is empty."""
        if number < 1:
            return ""
        start = self._lines[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]


def _nearest(offsets: dict[Path, int], path: Path) -> int:
    while path and path not in offsets:
        path = path[:-1]
    return offsets.get(path, 0)


def plain(text: str) -> str:
    """The text as TOML counts it: line ends as one newline, without a leading byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def locate(text: str) -> Places:
    """The places of a text that `tomllib` has accepted; what another text gives is undefined.

    >>> places = locate('title = "x"\\n[[rule]]\\npoints = { per = "hour" }')
    >>> places.value(("rule", 0, "points", "per"))
    Place(line=3, column=18)
    """
    scanner = _Scanner(plain(text))
    scanner.document()
    return Places(scanner.text, scanner.keys, scanner.values)


@attrs.define
class _Scanner:
    text: str
    position: int = 0
    keys: dict[Path, int] = attrs.field(factory=dict)
    values: dict[Path, int] = attrs.field(factory=dict)
    arrays: dict[Path, int] = attrs.field(factory=dict)
    """The last position in every array of tables."""

    def document(self) -> None:
        """Note the places of the whole text."""
        table: Path = ()
        self._skip(_BLANK)
        while self.position < len(self.text):
            if self.text[self.position] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> Path:
        doubled = self.text.startswith("[[", self.position)
        self.position += 2 if doubled else 1
        names = self._key()
        path: Path = ()
        for depth, (name, offset) in enumerate(names, 1):
            path = (*path, name)
            self._note(path, offset)
            if doubled and depth == len(names):
                self.arrays[path] = self.arrays.get(path, -1) + 1
            if path in self.arrays:
                path = (*path, self.arrays[path])
                self._note(path, offset)
        self.position += 2 if doubled else 1
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for name, offset in self._key():
            path = (*path, name)
            self._note(path, offset)
        self.position += 1  # the equals sign
        self._skip(_INDENT)
        self.values[path] = self.position
        self._value(path)

    def _key(self) -> list[tuple[str, int]]:
        names = []
        while True:
            self._skip(_INDENT)
            offset = self.position
            names.append((self._name(), offset))
            self._skip(_INDENT)
            if self.text[self.position] != ".":
                return names
            self.position += 1

    def _name(self) -> str:
        if self.text[self.position] not in "\"'":
            return self._skip(_BARE_KEY)
        token = self._skip(_TEXT)
        return str(tomllib.loads(f"name = {token}")["name"])

    def _value(self, path: Path) -> None:
        match self.text[self.position]:
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case '"' | "'":
                self._skip(_TEXT)
            case _:
                self._skip(_BARE_VALUE)

    def _array(self, path: Path) -> None:
        self.position += 1
        index = 0
        while self._next() != "]":
            inner = (*path, index)
            self._note(inner, self.position)
            self._value(inner)
            index += 1
            if self._next() == ",":
                self.position += 1
        self.position += 1

    def _inline_table(self, path: Path) -> None:
        self.position += 1
        while self._next() != "}":
            self._pair(path)
            if self._next() == ",":
                self.position += 1
        self.position += 1

    def _next(self) -> str:
        self._skip(_BLANK)
        return self.text[self.position]

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.position)
        assert match, "tomllib has accepted this text"
        self.position = match.end()
        return match[0]

    def _note(self, path: Path, offset: int) -> None:
        self.keys.setdefault(path, offset)
        self.values.setdefault(path, offset)
