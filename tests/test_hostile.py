"""Input that was made to hurt, at every door of every desk: huge, deep, wide, endless, disguised.

The doors are found by introspection: a new verb fails here until `tests/test_doors.py` can say it.
"""

from __future__ import annotations

import inspect
import json
import sys
import time
import tracemalloc
import unicodedata
from collections import UserString, deque
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import count, repeat
from pathlib import Path
from typing import Any, TypeVar

import attrs
import pytest

from lovepoints.community import Community
from lovepoints.errors import BRIEF_MAX, LovepointsError
from lovepoints.stores import sqlite
from lovepoints.testing import community
from tests import test_doors as doors
from tests.test_doors import FILES, NEVER_RIGHT, TRIES, VERBS

T = TypeVar("T")
HUGE = 10**7
SENTENCE_MAX = 4_000
"""No error says more, whatever it was told."""
SECONDS = 2
"""A generous bound: the values below take a door some hundredths of a second."""
BYTES = 4 * 2**20
"""The most memory that a door needs to refuse ten million characters or a million things."""


class Index:
    """A whole number as numpy has them: no int, but can be made one."""

    def __index__(self) -> int:
        return 3

    __int__ = __index__


class Loud:
    """A value that cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no")

    __str__ = __repr__


def nested(kind: type, depth: int) -> Any:  # Any: a list in a list in a list ...
    """Lists or mappings, one in another, so deep."""
    found = kind()
    for _ in range(depth):
        found = {"a": found} if kind is dict else kind([found])
    return found


HURTFUL: dict[str, Any] = {  # Any: whatever a caller might say
    "ten million letters": "长" * HUGE, "ten million of ASCII": "a" * HUGE,
    "five million lines": "a\n" * (HUGE // 2), "ten million bytes": b"a" * HUGE,
    "one letter under a flood of marks": "e" + "\u0301" * 100_000,
    "marks that fit": "e" + "\u0323" * 60, "half a pair": "王\udc00", "NUL": "王\0",
    **{f"U+{ord(mark):04X}": f"王{mark}秀英" for mark in "\u200b\u202a\u202b\u202c\u202d\u202e"
       "\u2066\u2067\u2068\u2069\x1b\x07\x9b"},
    "a number of 5,000 digits": 10**5_000, "its negative": -10**5_000,
    "a Decimal of 100,000 digits": Decimal("1" * 100_000), "a tiny one": Decimal("1e-999999"),
    "2**53": 2**53, "-2**63": -2**63, "like numpy's": Index(), "text that is none": UserString("x"),
    "lists 100,000 deep": nested(list, 100_000), "mappings 100,000 deep": nested(dict, 100_000),
    "queues 100,000 deep": nested(deque, 100_000), "tuples 10,000 deep": nested(tuple, 10_000),
    "a million numbers": range(1_000_000), "a list of them": list(range(1_000_000)),
    "a million codes": ["li-home"] * 1_000_000,
    "a mapping of a million": {f"c{n}": 1 for n in range(1_000_000)},
    "a set of a million": frozenset(map(str, range(1_000_000))),
    "something that cannot be shown": Loud(), "a long name of nothing": {"长" * HUGE: -1},
    "a deep value": {"rice": nested(list, 100_000)}, "itself": (loop := []).append(loop) or loop,
}
LARGE = ("ten million letters", "a list of them", "a mapping of a million")
ENDLESS = (lambda: count(1), lambda: repeat("li-home"), lambda: repeat(("rice", 1)))
COMMON = ("by", "at", "key")
"""Arguments that one place reads for every verb: they meet a fifth of the values at each."""
DIGESTED = ("key", "token", "device")
"""Arguments whose text is kept as a keyed digest only."""
KEPT = (
    "古丽·𠮷 =1+1", "e\u0301 结合", "'; DROP TABLE entry; --", '=HYPERLINK("http://x","y")',
    "../../etc/passwd", "C:\\con\\..\\x", "{rule.code} %s {0}",
)
"""Text that looks like a command to something else; to a book it is text."""


def _verbs() -> Iterator[str]:
    """Every public verb of every desk that takes anything."""
    with community() as book:
        for field in attrs.fields(Community)[1:]:  # all but the open book itself
            desk = type(getattr(book, field.name))
            for name, verb in inspect.getmembers(desk, inspect.isfunction):
                is_public = name == "__getitem__" or not name.startswith("_")
                if is_public and len(inspect.signature(verb).parameters) > 1:
                    yield f"{field.name}.{name}"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Community, dict[str, Any]]]:
    """A book in a file in which every verb has something to do; it is sound after all of this."""
    store = sqlite.create(tmp_path_factory.mktemp("hostile") / "book.db", durability="normal")
    book, names, _ = doors.told_book(store)
    yield book, names
    book.books.verify()
    book.close()


@pytest.fixture(scope="module")
def contents(told: tuple[Community, dict[str, Any]]) -> dict[str, Any]:
    """All that is in the book; nothing here changes it for good."""
    return doors._contents(told[0])


def _said(names: dict[str, Any], verb: str) -> dict[str, Any]:
    return {name: names.get(value, value) if isinstance(value, str) else value
            for name, value in VERBS[verb].items()}


def _some(values: Iterable[T], verb: str, parameter: str) -> list[T]:
    """All values; of a common argument every fifth, from verb to verb others."""
    first = list(VERBS).index(verb) % 5
    return list(values)[first::5] if parameter in COMMON else list(values)


def _told_name(verb: str, parameter: str) -> str:
    return "party" if (verb, parameter) == ("residents.describe", "attributes") else parameter


def test_every_verb_of_every_desk_stands_at_these_doors() -> None:
    """Whoever adds a verb says it in VERBS or TRIES; copies of the book are tried below."""
    covered = {*VERBS, *TRIES, "books.backup", "books.verify"}

    assert set() == set(_verbs()) - covered


@pytest.mark.parametrize(("verb", "parameter"), list(doors._doors()))
def test_what_was_made_to_hurt_is_refused_shortly(
    told: tuple[Community, dict[str, Any]], contents: dict[str, Any], verb: str, parameter: str,
) -> None:
    """Whatever stands in an argument: an error of ours of bounded length, or a sound entry; in
    bounded time and memory, and nothing stays of it."""
    book, names = told
    said, name = _said(names, verb), _told_name(verb, parameter)
    wrong: list[str] = []
    begun = time.process_time()

    for what, value in _some(HURTFUL.items(), verb, parameter):
        error = doors._tried(book, verb, {**said, name: value})
        wrong += [f"{what}: {fault}" for fault in _faults(verb, parameter, value, error)]

    spent = time.process_time() - begun
    assert wrong == [], "\n".join(wrong)
    assert contents == doors._contents(book)
    assert spent < SECONDS


def _faults(verb: str, parameter: str, value: Any, error: BaseException | None) -> Iterator[str]:
    """What is wrong with how a door met a value."""
    if error is None:
        if any(value is one for one in (*NEVER_RIGHT, HURTFUL["like numpy's"])):
            yield "accepted"
        return
    if not doors._is_polite(verb, parameter, error):
        yield f"{type(error).__name__}: {error!s:.80}"
        return
    says = "".join((str(error), *getattr(error, "__notes__", ())))
    if (verb, parameter) != FILES and "Exceeds the limit" in says:
        yield says
    if len(says) > SENTENCE_MAX:
        yield f"{len(says)} characters: {says:.80}"
    if not all(letter.isprintable() or letter == "\n" for letter in says):
        yield f"raw: {says!r:.80}"


def test_nothing_is_copied_to_be_refused(told: tuple[Community, dict[str, Any]]) -> None:
    """No door needs memory that grows with what it refuses."""
    book, names = told
    greedy: list[str] = []
    tracemalloc.start()

    for verb, parameter in doors._doors():
        call = _said(names, verb)
        for what in LARGE:
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            doors._tried(book, verb, {**call, _told_name(verb, parameter): HURTFUL[what]})
            if (peak := tracemalloc.get_traced_memory()[1] - before) > BYTES:
                greedy.append(f"{verb}({parameter}=) of {what}: {peak:,} bytes")

    tracemalloc.stop()
    assert greedy == [], "\n".join(greedy)


@pytest.mark.parametrize(("verb", "parameter"), list(doors._doors()))
def test_a_stream_that_never_ends_is_ended(
    told: tuple[Community, dict[str, Any]], verb: str, parameter: str,
) -> None:
    """No door reads on and on where several things may be named."""
    book, names = told
    said, name = _said(names, verb), _told_name(verb, parameter)

    for endless in ENDLESS:
        error = doors._tried(book, verb, {**said, name: endless()})

        assert error is not None and doors._is_polite(verb, parameter, error)


@pytest.mark.parametrize(("verb", "parameter"), list(doors._doors()))
def test_text_that_is_taken_is_kept_exactly(
    told: tuple[Community, dict[str, Any]], verb: str, parameter: str,
) -> None:
    """What looks like SQL, a formula, a path or a format is text: refused, or kept letter by
    letter."""
    book, names = told
    said, name = _said(names, verb), _told_name(verb, parameter)
    before = book.describe()["entries"]

    for value in _some(KEPT, verb, parameter):
        with pytest.raises(doors.Undo), book.batch():
            error = doors._outcome(book, verb, {**said, name: value})
            is_written = book.describe()["entries"] != before
            if error is None and is_written and parameter not in DIGESTED:
                assert unicodedata.normalize("NFC", value) in set(_texts(doors._contents(book)))
            raise doors.Undo


def _texts(value: Any) -> Iterator[str]:
    """Every text in what a book holds, also those in its columns of JSON."""
    if isinstance(value, str):
        yield value
        if value[:1] in ("{", "["):
            yield from _texts(_read_json(value))
    elif isinstance(value, dict):
        yield from _texts([*value, *value.values()])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _read_json(value: str) -> Any:  # Any: what JSON may hold
    try:
        return json.loads(value)
    except ValueError:
        return None


def test_a_copy_goes_to_a_new_file_or_nowhere(
    told: tuple[Community, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A path that is none, is taken, leads nowhere or through a link: an error of ours, and what
    lay there is as it was. A strange name is a name."""
    monkeypatch.chdir(tmp_path)
    book, _ = told
    taken, target = tmp_path / "taken", tmp_path / "target"
    taken.write_text("mine")
    (tmp_path / "link").symlink_to(target)

    strange = [value for value in HURTFUL.values() if isinstance(value, str) and len(value) < 99]
    nowhere = [value for value in HURTFUL.values() if value not in strange]
    for path in (*nowhere, "a\0b", "\ud800", tmp_path, taken, tmp_path / "link" / "x",
                 tmp_path / "no" / "x", tmp_path / ("长" * 200), "/dev/null", "/proc/x", "", 3):
        with pytest.raises((LovepointsError, TypeError, ValueError)) as caught:
            book.books.backup(path)
        assert not isinstance(caught.value, UnicodeError)
        assert len(str(caught.value)) < SENTENCE_MAX

    for path in (one for one in strange if one.isprintable()):
        book.books.backup(path)
        (tmp_path / path).unlink()
    assert "mine" == taken.read_text()
    assert {"taken", "link"} == {one.name for one in tmp_path.iterdir()}


def test_papers_to_verify_against_are_read_or_refused(
    told: tuple[Community, dict[str, Any]],
) -> None:
    """`verify` takes what was kept outside; whatever else it is told, the book stays writable."""
    book, _ = told

    for value in HURTFUL.values():
        for against in (value, [value]):
            with pytest.raises((TypeError, ValueError)) as caught:
                book.books.verify(against=against)
            assert not isinstance(caught.value, UnicodeError)
            assert len(str(caught.value)) < SENTENCE_MAX
    assert book.books.verify().entries


def test_an_error_repeats_little() -> None:
    """The words of an error are short whatever they quote."""
    from lovepoints.errors import brief

    for value in HURTFUL.values():
        assert len(brief(value)) <= 2 * BRIEF_MAX
        assert brief(value).isprintable()
    assert sys.getrecursionlimit() < 100_000  # or the deep ones would prove nothing
