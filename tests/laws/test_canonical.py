"""The canonical bytes never change: golden vectors, and a second implementation in Node."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.core.journal import (
    Draft,
    Entry,
    Opens,
    Posting,
    canonical_bytes,
    entered,
    line_of,
    posting_id,
    seq_of,
)
from lovepoints.core.merkle import leaf_hash

GOLDEN: list[tuple[dict[str, Any], int, str]] = [
    (
        {"kind": "自测", "n": [0, -1, 2**53 - 1], "t": "爱心\n\"\\\u0001𠮷", "v": 1}, 80,
        "6cb4f9301c96f4275282b04382723e3436780b289b56c420c3c521ff8227ae01",
    ),
    (
        {
            "at": "2026-03-01", "by": "s-2f", "facts": "1" * 64, "key": "app-8812",
            "kind": "award", "lots": [{"from": "2026-03-04", "id": 4097, "to": "2028-02-29"}],
            "postings": [{"amount": 20, "lot": 4097, "source": "issued",
                          "target": "passbook/r-8K", "unit": "point"}],
            "recorded_at": 1772330400000000, "role": "grid-officer", "rule": "hazard",
            "rulebook": "0" * 64, "seq": 1, "subject": "d-19", "v": 1,
        }, 471,
        "666b8f4fbf108857bbe3167e18fe400593c64101c69a04e04ae6889dc5179acf",
    ),
]
ENTRY = Entry(
    seq=7, key="k", kind="confirm", subject="d-5", at=1, day="2026-03-01", recorded_at=2, by="s-a",
    role="committee", rulebook="f" * 64, rule="hazard", details={"z": [1, True, "爱"], "a": {}},
    postings=(
        Posting("issued", "passbook/r-1", "point", 20, opens=Opens(3, 4)),
        Posting("passbook/r-1", "redeemed", "point:honour", 5, lot=4097),
    ),
)


@pytest.mark.parametrize(("value", "size", "leaf"), GOLDEN)
def test_golden_vectors(value: dict[str, Any], size: int, leaf: str) -> None:
    """These bytes and hashes are the contract with every other program, for ever."""
    body = canonical_bytes(value)

    assert (size, leaf) == (len(body), leaf_hash(body).hex())


def test_the_bytes_of_an_entry() -> None:
    """An entry's form is part of the contract as well: field by field, in sorted order."""
    expected = (
        '{"at":1,"by":"s-a","day":"2026-03-01","details":{"a":{},"z":[1,true,"爱"]},"key":"k",'
        '"kind":"confirm","postings":[{"amount":20,"opens":[3,4],"source":"issued",'
        '"target":"passbook/r-1","unit":"point"},{"amount":5,"lot":4097,"source":"passbook/r-1",'
        '"target":"redeemed","unit":"point:honour"}],"recorded_at":2,"role":"committee",'
        '"rule":"hazard","rulebook":"' + "f" * 64 + '","seq":7,"subject":"d-5","v":1}'
    )

    assert expected == ENTRY.body.decode()


def test_an_entry_comes_back_from_its_bytes() -> None:
    """What was hashed is all there is: the entry read back is the entry."""
    assert ENTRY == Entry.from_bytes(ENTRY.body)
    assert ENTRY.body == Entry.from_bytes(ENTRY.body).body
    with pytest.raises(ValueError, match="later format"):
        Entry.from_bytes(ENTRY.body.replace(b'"v":1', b'"v":2'))


values = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
    .map(lambda text: unicodedata.normalize("NFC", text)),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(values)
@settings(max_examples=60, deadline=None)
def test_canonical_bytes_are_read_back(value: Any) -> None:
    """Any JSON reader gets the same value, and writing it again gives the same bytes."""
    body = canonical_bytes(value)

    again = json.loads(body)

    assert value == again
    assert body == canonical_bytes(again)


@pytest.mark.parametrize("value", [
    0.5, None, 2**53, -(2**53), "e\u0301", "\ud800", {"é": 1}, {1: 1}, [None], {"a": {"b": 1.0}},
    b"", {1, 2}, object,
])
def test_what_has_no_canonical_form(value: object) -> None:
    """Floats, null, huge numbers, half characters, other forms of a letter: refused aloud."""
    with pytest.raises(ValueError):
        canonical_bytes(value)


def test_a_second_implementation_agrees() -> None:
    """Twenty lines of another language give the same bytes; the vectors stand without it too."""
    samples = [value for value, _, _ in GOLDEN] + [
        ENTRY.to_json(), {"b": 1, "a": [[], {}, "", "\u2028\x7f\t/<>", False]}, "𬀩·\u200b", [-0],
    ]
    ours = [[len(body), leaf_hash(body).hex()] for body in map(canonical_bytes, samples)]
    node = shutil.which("node")

    if node is None:
        theirs = [[size, leaf] for _, size, leaf in GOLDEN]
        ours = ours[:len(GOLDEN)]
    else:
        program = Path(__file__).with_name("canonical.mjs")
        done = subprocess.run([node, program], input=json.dumps(samples), capture_output=True,
                              text=True, encoding="utf-8", check=True)
        theirs = json.loads(done.stdout)

    assert ours == theirs


def test_a_draft_becomes_an_entry_at_its_place() -> None:
    """Seq, key, time and writer are added; everything else is the draft's."""
    draft = Draft(kind="award", subject="d-1", at=1, day="2026-03-01", reverses=3,
                  details={"a": 1}, postings=ENTRY.postings)

    entry = entered(draft, seq=9, key="k", recorded_at=5, by="s-a", role="committee")

    assert (9, "k", 5, "s-a", "committee", 3) == (
        entry.seq, entry.key, entry.recorded_at, entry.by, entry.role, entry.reverses)
    assert (draft.kind, draft.subject, draft.at, draft.day, draft.details, draft.postings) == (
        entry.kind, entry.subject, entry.at, entry.day, entry.details, entry.postings)
    with pytest.raises(ValueError, match="at most 4095"):
        entered(Draft(kind="award", subject="", at=1, day="", postings=ENTRY.postings * 2048),
                seq=1, key="k", recorded_at=1, by="", role="")


@given(st.integers(1, 10**9), st.integers(0, 4094))
def test_a_posting_id_names_its_place(seq: int, line: int) -> None:
    """Entry and line come back out of the id; ids of later lines and entries are larger."""
    number = posting_id(seq, line)

    assert (seq, line) == (seq_of(number), line_of(number))
    assert number < posting_id(seq + 1, 0)


@pytest.mark.parametrize(("amount", "error"), [
    (0, ValueError), (-1, ValueError), (10**12 + 1, ValueError), (True, TypeError),
    (1.0, TypeError), ("1", TypeError),
])
def test_a_posting_has_a_whole_positive_amount(amount: Any, error: type[Exception]) -> None:
    """Zero, negative, huge, bool, float and text amounts are refused at the door."""
    with pytest.raises(error):
        Posting("issued", "passbook/r-1", "point", amount)


def test_a_posting_has_two_accounts() -> None:
    """Nothing moves from an account to itself."""
    with pytest.raises(ValueError, match="two accounts"):
        Posting("shelf", "shelf", "item:rice", 1)
