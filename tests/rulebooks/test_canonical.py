"""The canonical form, the digest, and writing a rulebook out again."""

from __future__ import annotations

import json
import string
import tomllib
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.core.journal import canonical_bytes
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.canonical import canonical, digest, from_canonical
from lovepoints.core.rulefiles.fields import (
    MONTH_DAY,
    all_models,
    choices_of,
    fields_of,
    is_model,
    item_type,
    members_of,
    plain_type,
    union_of,
    value_type,
)
from lovepoints.core.rulefiles.nodes import node_of
from lovepoints.core.rulefiles.places import Places
from lovepoints.core.rulefiles.reading import Reader
from lovepoints.core.rulefiles.rulefile import parse
from lovepoints.core.rulefiles.shortforms import EXCLUSIVE
from lovepoints.core.rulefiles.writing import dump
from lovepoints.core.terms import Range
from lovepoints.core.values import Span
from lovepoints.errors import RulebookError

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "examples" / "rulebooks").glob("*.toml"),
                *(ROOT / "tests" / "rulebooks").glob("*.toml")])
LONG = """\
title = "Rules"
effective = 2026-01-01
holder = "household"
[[kind]]
code = "point"
base = { points = 100 }
[[rule]]
code = "a"
title = "A"
points = { value = 5 }
first = { same = ["place"], within = "30 days", later = 0 }
[[rule]]
code = "b"
title = "B"
points = { per = "hour", value = 2.0, step = "0.50", round = "down" }
grades = {}
[[limit]]
code = "cap-1"
rules = ["b"]
of = "points"
most = 20
per = "resident"
each = "month"
"""
SHORT = """\
# the same in short forms, in another order, with comments
effective = "2026-01-01"
title = "Rules"   # a title
cap = [{ each = "month", per = "resident", rules = "b", points = "20" }]
kind = [{ base = 100 }]
[[rule]]
title = "A"
points = "5"
code = "a"
first_reporter_only = {}
[[rule]]
points = { round = "half-hour-down", value = 2, per = "hour" }
title = "B"
code = "b"
[[case]]
title = "not a part of the rulebook"
"""


def test_one_meaning_has_one_digest() -> None:
    """Short forms, order of keys, comments, cases and spelled-out defaults change no digest."""
    long, short = parse(LONG).rulebook, parse(SHORT).rulebook

    assert canonical(long) == canonical(short)
    assert long.digest == short.digest == digest(long)
    assert long == short


def test_the_digest_never_changes() -> None:
    """The digest of a rulebook of today names it for ever (format 1)."""
    text = 'title = "t"\neffective = 2026-01-01\n[[rule]]\ncode = "a"\ntitle = "A"\npoints = 5\n'
    book = parse(text).rulebook

    form = canonical(book)

    assert {"code": "a", "title": "A", "points": {"value": "5"}}.items() <= form["rule"][0].items()
    assert ("2026-01-01", "30 days", "monday", "01-01") == (
        form["effective"], form["late"], form["week_start"], form["year_start"])
    assert 64 == len(book.digest)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_real_rulebooks_survive_canonical_form_and_writing(path: Path) -> None:
    """A real rulebook is equal to itself read from its canonical form or from its own dump."""
    book = parse(path.read_text(encoding="utf-8")).rulebook

    restored = from_canonical(json.loads(canonical_bytes(canonical(book))))
    written = parse(dump(book)).rulebook
    full = parse(dump(book, defaults=True)).rulebook

    assert (book, book, book) == (restored, written, full)
    assert {book.digest} == {restored.digest, written.digest, full.digest}


def test_a_damaged_canonical_form_is_refused() -> None:
    """What this program did not write is not taken for a rulebook."""
    with pytest.raises(RulebookError) as caught:
        from_canonical({"title": 5, "effective": "2026-01-01", "rule": [], "new": True})

    assert ["wrong_type", "unknown_key"] == sorted(
        [problem.code for problem in caught.value.problems], reverse=True)


# --- any rulebook at all: values drawn from the schema itself

TEXT = st.text(string.ascii_letters + "爱心超市 \"\\'#=[]{}", max_size=8).map(str.strip)
CODE = st.text(string.ascii_lowercase + "-_1", min_size=1, max_size=6).map(lambda code: f"c{code}")
SINGLE: Mapping[Any, st.SearchStrategy[Any]] = {
    str: TEXT, bool: st.booleans(), date: st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    time: st.times().map(lambda at: at.replace(microsecond=0)),
    Span: st.builds(Span, st.integers(0, 90), st.sampled_from(["day", "week", "month", "year"])),
    MONTH_DAY: st.dates(date(2001, 1, 1), date(2001, 12, 31)).map(lambda d: (d.month, d.day)),
}


def numbers(field: Any) -> st.SearchStrategy[Decimal]:
    """Numbers within the bounds of a field, with up to six digits after the point."""
    least, most = int(field.least.to_integral_value("ROUND_CEILING")), int(field.most)
    fine = st.decimals(least, min(most, least + 1000), places=2)
    return st.one_of(st.integers(least, most).map(Decimal), fine)


def values_of(annotation: Any, field: Any) -> st.SearchStrategy[Any]:
    """Any value of an annotated type."""
    plain = plain_type(annotation)
    if plain != annotation:
        return st.none() | values_of(plain, field)
    if field.reads == "weekday" and annotation is int:
        return st.integers(0, 6)
    if field.names == "attribute" and value_type(annotation):
        condition = st.one_of(
            st.builds(Range, from_=st.none() | numbers(field), to=st.none() | SINGLE[date]),
            st.lists(st.one_of(TEXT, st.booleans(), st.integers(0, 9)), max_size=2).map(tuple))
        return st.dictionaries(CODE, condition, max_size=2)
    if len(members := union_of(annotation)) > 1:
        return st.one_of(*(values_of(member, field) for member in members))
    if is_model(annotation):
        return st.deferred(lambda: models(annotation))
    if choices := choices_of(annotation):
        return st.sampled_from(choices)
    if item := item_type(annotation):
        return st.lists(values_of(item, field), max_size=2).map(tuple)
    if inner := value_type(annotation):
        return st.dictionaries(TEXT.filter(bool), values_of(inner, field), max_size=2)
    if annotation is Decimal:
        return numbers(field)
    if annotation is int:
        return st.integers(int(field.least), int(min(field.most, 10**9)))
    if annotation is str and field.names == "code":
        return CODE
    if annotation in SINGLE:
        return SINGLE[annotation].filter(bool) if annotation is str else SINGLE[annotation]
    return st.tuples(*(values_of(member, field) for member in members_of(annotation, 2)))


@st.composite
def models(draw: st.DrawFn, cls: type[Any]) -> Any:
    """Any value of a class of the model, most of it left to the defaults."""
    said = {}
    for field in fields_of(cls):
        if field.is_required or draw(st.integers(0, 3)) == 0:
            said[field.name] = draw(values_of(field.type, field))
    for group in EXCLUSIVE.get(cls.__name__, ()):
        chosen = [name for name in group if said.get(name)]
        for name in chosen[1:]:
            del said[name]
    return cls(**said)


def read_back(raw: Mapping[str, Any]) -> Rulebook:
    """A rulebook out of raw tables, without the checks of its meaning."""
    reader = Reader(file="", places=Places(""))
    found: Rulebook = reader.model(Rulebook, node_of(raw), ())
    assert [] == reader.problems
    return found


@settings(max_examples=50, deadline=None)
@given(models(Rulebook))
def test_any_rulebook_survives_its_canonical_form(book: Rulebook) -> None:
    """Every attribute of every class, whatever it holds, comes back from the canonical form."""
    book = attrs.evolve(book, attributes=())
    form = json.loads(canonical_bytes(canonical(book)))

    assert book == from_canonical(form)


@settings(max_examples=50, deadline=None)
@given(models(Rulebook), st.booleans())
def test_any_rulebook_survives_being_written(book: Rulebook, defaults: bool) -> None:
    """Every attribute of every class, whatever it holds, comes back from the written text."""
    book = attrs.evolve(book, attributes=())

    text = dump(book, defaults=defaults)

    assert book == read_back(tomllib.loads(text, parse_float=Decimal))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FILES), st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_no_digest(path: Path, random: Any) -> None:
    """A file whose keys stand in another order is the same rulebook."""
    text = path.read_text(encoding="utf-8")
    raw = tomllib.loads(text, parse_float=Decimal)
    raw.pop("case", None)

    shuffled = parse(inline_toml(raw, random)).rulebook

    assert parse(text).rulebook.digest == shuffled.digest


def inline_toml(value: Any, random: Any, depth: int = 0) -> str:
    """A TOML text of raw tables with the keys of every table shuffled."""
    match value:
        case dict():
            keys = sorted(value)
            random.shuffle(keys)
            pairs = [f"{json.dumps(key, ensure_ascii=False)} = "
                     f"{inline_toml(value[key], random, depth + 1)}" for key in keys]
            return "{" + ", ".join(pairs) + "}" if depth else "\n".join(pairs)
        case list():
            return "[" + ", ".join(inline_toml(each, random, depth + 1) for each in value) + "]"
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_any_change_of_meaning_changes_the_digest(path: Path, data: st.DataObject) -> None:
    """One leaf of the canonical form is another: the rulebook is another, or is refused."""
    book = parse(path.read_text(encoding="utf-8")).rulebook
    form = json.loads(canonical_bytes(canonical(book)))
    leaves = list(leaves_of(form))
    at = data.draw(st.sampled_from(leaves))
    table = form
    for part in at[:-1]:
        table = table[part]
    table[at[-1]] = changed(table[at[-1]])

    try:
        other = from_canonical(form)
    except RulebookError:
        return

    assert book.digest != other.digest
    assert book != other


def changed(leaf: Any) -> Any:
    """Another value in the place of a leaf."""
    match leaf:
        case bool():
            return not leaf
        case int():
            return leaf + 1
        case str() if leaf.isdecimal():
            return str(int(leaf) + 1)
        case _:
            return leaf + "x"


def leaves_of(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """The paths of all values that hold no others."""
    inner = value.items() if isinstance(value, dict) else (
        enumerate(value) if isinstance(value, list) else None)
    if inner is None:
        yield path
    else:
        for key, each in inner:
            yield from leaves_of(each, (*path, key))


def test_the_schema_reaches_every_class_of_the_model() -> None:
    """No class of points, terms or rulebook is out of the reader's reach."""
    from lovepoints.core import points, rulebook, terms

    classes = {each for module in (points, terms, rulebook) for each in vars(module).values()
               if isinstance(each, type) and is_model(each) and each.__module__ == module.__name__}

    assert set() == classes - set(all_models())
