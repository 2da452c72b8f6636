"""The places of keys and values agree with what tomllib reads."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lovepoints.core.rulefiles.places import Path, Place, locate, plain


def paths_of(value: Any, path: Path = ()) -> set[Path]:
    """Every path of a TOML document as tomllib reads it."""
    found = {path} if path else set()
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= paths_of(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found |= paths_of(inner, (*path, index))
    return found


def leaves_of(value: Any, path: Path = ()) -> dict[Path, Any]:
    """Every value that holds no others."""
    inner = value.items() if isinstance(value, dict) else (
        enumerate(value) if isinstance(value, list) else None)
    if inner is None:
        return {path: value}
    return {at: leaf for key, each in inner for at, leaf in leaves_of(each, (*path, key)).items()}


SPACE = st.sampled_from(["", " ", "\t", "  "])
BREAK = st.sampled_from(["", " ", "\n", " # a ] comment, \"quoted\n", "\n\n\t"])
KEYS = st.sampled_from(["a", "b", "rule", "x-1", '"a.b"', "'c d'", '"\\u0041"',
                        '"引号 \\" ="', "9"])
TEXTS = st.sampled_from([
    '"plain"', '"a # no comment"', '"\\"]\\\\"', "'lit\\'", '""', "''", '"""', "'''"])
BLOCKS = st.sampled_from([
    '"""one\ntwo = 3\n[x]"""', "'''a\n'b' ''c'''", '"""\\\n  joined"""', '"""q""\\""""""',
    "'''x'''''", '""""two" quotes"""'])
SCALARS = st.one_of(
    st.integers(-99, 99).map(str), TEXTS.filter(lambda text: len(text) != 3), BLOCKS,
    st.sampled_from(["true", "1.5e3", "inf", "2026-01-01", "2026-01-01 10:00:00Z", "07:30:00"]))


@st.composite
def dotted(draw: st.DrawFn) -> str:
    """A key, perhaps of several parts, with space around the points."""
    parts = draw(st.lists(KEYS, min_size=1, max_size=3))
    point = draw(SPACE) + "." + draw(SPACE)
    return point.join(parts)


def arrays(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Arrays over lines, with comments and a last comma."""
    return st.builds(
        lambda values, gap, last: "[" + gap + ("," + gap).join(values)
        + ("," if last and values else "") + gap + "]",
        st.lists(inner, max_size=3), BREAK, st.booleans())


def tables(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Inline tables."""
    pair = st.builds(lambda key, gap, value: f"{key}{gap}={gap}{value}", dotted(), SPACE, inner)
    return st.builds(lambda pairs, gap: "{" + gap + f",{gap}".join(pairs) + gap + "}",
                     st.lists(pair, max_size=3), SPACE)


VALUES = st.recursive(SCALARS, lambda inner: st.one_of(arrays(inner), tables(inner)), max_leaves=6)
LINES = st.one_of(
    st.builds(lambda key, gap, value, end: f"{key}{gap}={gap}{value}{end}", dotted(), SPACE, VALUES,
              st.sampled_from(["", " # end", "\t"])),
    dotted().map(lambda key: f"[{key}]"), dotted().map(lambda key: f" [[ {key} ]] # new"),
    st.sampled_from(["", "# [comment] = 1", "   "]))


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_the_places_have_the_structure_that_tomllib_reads(lines: list[str], end: str) -> None:
    """Whatever TOML is written, exactly its paths have places."""
    text = end.join(lines)
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)

    places = locate(text)

    assert paths_of(read) == set(places.paths)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=8))
def test_every_value_begins_where_its_place_says(lines: list[str]) -> None:
    """Read from its place on, each value is itself again."""
    text = "\n".join(lines)
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)

    places = locate(text)

    for path, leaf in leaves_of(read).items():
        if path and not isinstance(leaf, dict | list):
            rest = text[places.offset(places.value(path)):]
            assert leaf == first_value(rest) or leaf != leaf, (path, rest)


def first_value(rest: str) -> Any:
    """The value at the beginning of a text that goes on behind it."""
    for length in range(1, len(rest) + 1):
        if rest[length:length + 1] in ("", ",", "]", "}", "\n", "#", " ", "\t"):
            try:
                found = tomllib.loads(f"v = {rest[:length]}")["v"]
            except tomllib.TOMLDecodeError:
                continue
            # A quote or a time may go on behind what can be read already.
            if not rest[length:].startswith(('"', "'", " 10:00")):
                return found
    raise AssertionError(rest)


def test_a_missing_path_has_the_place_of_what_is_around_it() -> None:
    """A key that is not there is told at its table; the file as a whole begins at its beginning."""
    places = locate('x = 1\n[[rule]]\ncode = "a"\n')

    assert Place(2, 3) == places.key(("rule", 0, "title")) == places.value(("rule", 0, "title"))
    assert Place(1, 1) == places.key(("nothing",))
    assert ("rule", 0, "code") in places
    assert ("rule", 1) not in places


@pytest.mark.parametrize(("number", "line"), [(0, ""), (1, "a = 1"), (2, "b = 2"), (3, "")])
def test_a_line_is_shown_without_its_end(number: int, line: str) -> None:
    """Lines count from 1; the last may be without an end."""
    assert line == locate("a = 1\nb = 2\n").line(number)
    assert "b = 2" == locate("a = 1\nb = 2").line(2)


def test_plain_text_has_one_kind_of_line_end() -> None:
    """A byte order mark and Windows line ends are no part of a text."""
    assert "a\nb\n" == plain("\ufeffa\r\nb\n")
