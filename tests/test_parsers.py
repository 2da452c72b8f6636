"""Whatever reads text from outside, fed with its own true texts torn and mended by a seeded hand.

Rulebooks and sheets slip in `tests/rulebooks/test_rulefile.py` and `tests/sheets/test_reading.py`;
here they meet files that were built to cost. `LOVEPOINTS_FUZZ=5000` tries more of each.
"""

from __future__ import annotations

import os
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.core import text
from lovepoints.core.checkpoints import Checkpoint, Misread, PrintedCode, read_kept
from lovepoints.core.credentials import tokens
from lovepoints.core.journal import Entry
from lovepoints.core.rulefiles.rulefile import FILE_MAX, parse
from lovepoints.core.values import Span, decimal
from lovepoints.errors import BookDamaged, RulebookError
from lovepoints.sheets.columns import DEEDS
from lovepoints.sheets.moving import TABLES as MOVING
from lovepoints.testing import community
from tests.test_doors import RULES

EXAMPLES = int(os.environ.get("LOVEPOINTS_FUZZ", "60"))
SECONDS = 2
BYTES = 64 * 2**20


@attrs.frozen
class Parser:
    """`read` takes text; the only errors it may answer with are `says`; `seeds` are true texts."""

    read: Callable[[str], Any]
    says: tuple[type[Exception], ...]
    seeds: tuple[str, ...]


def _checkpoint() -> Checkpoint:
    with community() as book:
        return book.books.checkpoint()


def _entries() -> tuple[str, ...]:
    with community() as book:
        book.rulebooks.adopt(RULES)
        book.residents.enrol("li", household="li-home")
        book.books.opening("li-home", 5)
        return tuple(entry.body.decode() for entry in book.books.entries())


KEPT = _checkpoint()
SIGNED = KEPT.to_text() + "\n\u2014 witness AAAAAAAA\n"
PARSERS = {
    "a code from paper": Parser(PrintedCode.parse, (Misread,), (KEPT.code,)),
    "a checkpoint": Parser(Checkpoint.parse, (ValueError,), (KEPT.to_text(), SIGNED)),
    "what was kept": Parser(read_kept, (Misread,), (KEPT.code, KEPT.to_text(), SIGNED)),
    "a line of the journal": Parser(
        lambda body: Entry.from_bytes(body.encode("utf-8", "surrogatepass")),
        (BookDamaged, ValueError), _entries()),
    "a span": Parser(Span.parse, (ValueError,), ("24 months", "30 days", "1 year")),
    "a number": Parser(decimal, (ValueError,), ("2", "-1.5", "999999999999.000001")),
    "a code": Parser(text.code, (ValueError,), ("li-home", "古丽·𠮷", "staff:zhao")),
    "a note": Parser(lambda said: text.line(said, "note", breaks=True), (ValueError,),
                     ("两\n行", "e\u0301")),
    "a cell": Parser(text.uncell, (), ("'=1+1", "''x", "-5")),
    "a card": Parser(tokens.read, (), ("0004711223", " ００４Ａ7\r\n")),
    **{f"a cell of {column}": Parser(read, (ValueError,), seeds) for (column, (read, _)), seeds in (
        (one, ("2026-03-07", "2026年3月7日", "2026/3/8", "1,5", "20", "是", "NO", "a、b"))
        for one in (*DEEDS.readers.items(), *(
            reader for table in MOVING.values() for reader in table.form.readers.items())))},
}
JUNK = st.text(max_size=6) | st.sampled_from([
    "\0", "\n", "\r", '"', "\\", "{", "[[", "}", "-", "1e9", "٣", "１", "9" * 5_000, "[" * 5_000,
    '{"a":' * 5_000, "\u202e", "\u200b", "\udc00", "e" + "\u0301" * 99, "NaN", "null", "1e999999",
])


@pytest.mark.parametrize("name", PARSERS)
def test_a_torn_text_is_read_or_refused(name: str) -> None:
    """Whatever it was torn into: an answer, or one of the errors that it names; at once."""
    parser = PARSERS[name]

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from(parser.seeds), st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 9), JUNK), max_size=4))
    def hold(torn: str, tears: list[tuple[int, int, str]]) -> None:
        for place, cut, put in tears:
            at = place % (len(torn) + 1)
            torn = torn[:at] + put + torn[at + cut:]
        begun = time.process_time()
        try:
            parser.read(torn)
        except parser.says as error:
            assert not isinstance(error, UnicodeError)
        assert time.process_time() - begun < SECONDS

    hold()


@pytest.mark.parametrize("name", [name for name in PARSERS if not name.startswith("a cell of")])
def test_a_true_text_is_read(name: str) -> None:
    """Or the torn ones would prove little."""
    for seed in PARSERS[name].seeds:
        assert PARSERS[name].read(seed) is not None


DEAR = {
    "days that do not exist": lambda n: "".join(f"a{at} = 2020-02-30\n" for at in range(n // 20)),
    "a key as deep as it is long": lambda n: "a" + ".a" * (n // 2) + " = 1\n",
    "a deep key in quotes": lambda n: r'"\""' + r'."\""' * (n // 5) + " = 1\n",
    "a deep key in a table": lambda n: "a = {b" + " . 'b'" * (n // 6) + " = 1}\n",
    "a deep heading": lambda n: "[a" + ".a" * (n // 2) + "]\n",
    "lists in lists": lambda n: "a = " + "[" * n,
    "tables in tables": lambda n: "a = " + "{a=" * (n // 3),
    "very many tables": lambda n: "[[rule]]\n" * (n // 9),
    "very many keys": lambda n: "".join(f"k{at} = 1\n" for at in range(n // 12)),
    "a very long number": lambda n: "a = " + "9" * n,
    "marks that nobody sees": lambda n: "\u202e" * n,
    "a text that does not end": lambda n: 'a = """' + "\\" * n,
    "one word": lambda n: "a" * n,
}
"""Rulebook files whose reading would grow by the square of their length, or nearly so."""


@pytest.mark.parametrize("dear", DEAR.values(), ids=DEAR)
def test_no_rulebook_costs_more_than_its_length(dear: Callable[[int], str]) -> None:
    """Problems in bounded time and memory, whatever the file was built of."""
    file = dear(20_000)
    tracemalloc.start()
    begun = time.process_time()

    with pytest.raises(RulebookError) as caught:
        parse(file)

    spent, peak = time.process_time() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.problems
    assert spent < SECONDS
    assert peak < BYTES


def test_a_rulebook_has_a_size() -> None:
    """Beyond it nothing is read at all."""
    with pytest.raises(RulebookError) as caught:
        parse("#" * (FILE_MAX + 1))

    assert ["file_too_large"] == [problem.code for problem in caught.value.problems]


def test_the_depth_of_a_key_is_told() -> None:
    """As other depth is."""
    with pytest.raises(RulebookError) as caught:
        parse("a" + ".a" * 50 + " = 1\n")

    assert ["too_deep"] == [problem.code for problem in caught.value.problems]
