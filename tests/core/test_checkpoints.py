"""Checkpoints: the exact text, the code that a clerk types from paper, and what both convict."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lovepoints.core.checkpoints import (
    Checkpoint,
    Misread,
    PrintedCode,
    compare,
    read_kept,
)

ROOT_8 = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKPOINTS = st.builds(
    Checkpoint, origin=st.sampled_from(("lovepoints/a", "lovepoints/b")),
    size=st.integers(0, 2**53 - 1), root=st.binary(min_size=32, max_size=32))


SAMPLE = Checkpoint(origin="lovepoints/幸福", size=8, root=bytes.fromhex(ROOT_8))


def test_a_checkpoint_is_three_lines() -> None:
    """C2SP tlog-checkpoint: origin, size, root in base64, each line ended."""
    assert ("lovepoints/幸福\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
            == SAMPLE.to_text())


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32), st.booleans())
def test_a_checkpoint_comes_back(size: int, root: bytes, signed: bool) -> None:
    """Text and code are read back to the same checkpoint, with its signature lines."""
    signatures = ("— street-office Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeO",) * signed
    checkpoint = Checkpoint(origin="o", size=size, root=root, signatures=signatures)

    assert checkpoint == Checkpoint.parse(checkpoint.to_text())
    assert checkpoint.matches(checkpoint.code.lower().replace("0", "o"))


@pytest.mark.parametrize("text", [
    "", "o\n8\n", SAMPLE.to_text()[:-1], SAMPLE.to_text() + "extension\n", SAMPLE.to_text() + "\n",
    SAMPLE.to_text().replace("\n8\n", "\n08\n"), SAMPLE.to_text().replace("\n8\n", "\n-8\n"),
    SAMPLE.to_text().replace("\n8\n", "\n８\n"), SAMPLE.to_text().replace("Xcna", "Xc*a"),
    SAMPLE.to_text().replace("Qyg=", "Qyh="), SAMPLE.to_text().replace("XcnaeacG", ""),
    SAMPLE.to_text() + "\nno signature\n", SAMPLE.to_text().replace("lovepoints/幸福", ""),
    SAMPLE.to_text().replace("\n8\n", "\n99999999999999999\n"),
    SAMPLE.to_text().replace("\n8\n", "\n9999999999999999\n"),
    SAMPLE.to_text().replace("lovepoints", " lovepoints"), SAMPLE.to_text().replace("\n", "\r\n"),
])
def test_what_is_no_checkpoint(text: str) -> None:
    """Anything but the one form is refused."""
    with pytest.raises(ValueError):
        Checkpoint.parse(text)


def test_a_size_is_a_whole_number() -> None:
    """No bool, no text."""
    for size in (True, "8"):
        with pytest.raises(TypeError):
            Checkpoint(origin="o", size=size, root=bytes(32))  # type: ignore[arg-type]


@given(CHECKPOINTS)
def test_any_one_wrong_sign_and_any_swap_of_neighbours_is_noticed(checkpoint: Checkpoint) -> None:
    """Every wrong sign at every place, and every two exchanged neighbours: never another code."""
    signs = checkpoint.code.replace("-", "")
    wrong = [signs[:at] + other + signs[at + 1:] for at, sign in enumerate(signs)
             for other in SIGNS if other != sign]
    wrong += [signs[:at] + right + left + signs[at + 2:]
              for at, (left, right) in enumerate(pairwise(signs)) if left != right]

    for typed in wrong:
        with pytest.raises(Misread):
            PrintedCode.parse(typed)


@given(CHECKPOINTS, st.data())
def test_a_code_is_read_kindly(checkpoint: Checkpoint, data: st.DataObject) -> None:
    """Blanks, dashes of any kind, small letters, full width, and O, I, L for 0, 1, 1."""
    between = data.draw(st.sampled_from(("-", "", " ", "－", "–", " - ")))
    code = checkpoint.code.replace("-", between)
    if data.draw(st.booleans()):
        code = code.lower()
    code = code.translate({ord("0"): data.draw(st.sampled_from("0oO")),
                           ord("1"): data.draw(st.sampled_from("1iIlL"))})
    if data.draw(st.booleans()):
        code = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in code)

    assert checkpoint.code == str(PrintedCode.parse(f" {code}\n"))


@pytest.mark.parametrize(("typed", "code"), [
    ("", "length"), ("8", "length"), (SAMPLE.code[:-3], "length"), (SAMPLE.code * 2, "length"),
    (SAMPLE.code.replace("8-", "8-*").replace("-", "-U", 1)[:-1], "letters"),
    ("X" * 31, "shape"), (SAMPLE.code[:-1] + "X", "shape"),
    (SAMPLE.code[:-2] + f"{(int(SAMPLE.code[-2:]) + 1) % 97:02}", "check"),
    (SAMPLE.to_text().replace("8", "eight", 1), "text"), ("a\nb", "text"),
])
def test_what_cannot_be_read_says_what_to_do(typed: str, code: str) -> None:
    """Each kind of mistake has its own sentence in both languages."""
    with pytest.raises(Misread) as no:
        read_kept(typed)

    assert code == no.value.code
    assert re.search("重读|原文件", no.value.sentence("zh"))
    assert re.search("read it from the paper again|as it was", no.value.sentence("en"))


def test_what_was_kept_is_told_by_its_shape() -> None:
    """A text of several lines is a checkpoint, one line is a code; Windows' line ends are read."""
    assert SAMPLE == read_kept(SAMPLE.to_text().replace("\n", "\r\n"))
    assert SAMPLE.printed == read_kept(SAMPLE.code)


@pytest.mark.parametrize("kept", [SAMPLE, SAMPLE.printed], ids=["text", "code"])
def test_a_checkpoint_is_held_against_a_book(kept: Checkpoint | PrintedCode) -> None:
    """The book of then, a rewritten one, a shorter one, and one of another community."""
    ours, other = SAMPLE.origin, "lovepoints/elsewhere"

    outcomes = [compare(kept, ours, 9, SAMPLE.root), compare(kept, ours, 9, bytes(32)),
                compare(kept, ours, 5, None), compare(kept, other, 9, bytes(32)),
                compare(kept, ours, 9, None), compare(kept, "", 9, bytes(32))]

    assert ["holds", "differs", "shorter", "other_book", "differs", "differs"] == [
        one.outcome for one in outcomes]
    assert [0, 0, 3, 0, 0, 0] == [one.missing for one in outcomes]
    assert all(SAMPLE.code in one.sentence(lang) for one in outcomes for lang in ("zh", "en"))


def test_a_code_tells_the_book() -> None:
    """Two communities with the same root and size have different codes."""
    other = Checkpoint(origin="lovepoints/other", size=SAMPLE.size, root=SAMPLE.root)

    assert not other.matches(SAMPLE.code)
    assert SAMPLE.matches(SAMPLE.code)
