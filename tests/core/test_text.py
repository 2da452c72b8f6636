"""What people may type: every name that exists, and nothing that cannot be seen."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lovepoints.core import text


@pytest.mark.parametrize("name", [
    "欧阳秀英", "古丽·买买提", "𠮷田", "\U000323b0", "José", "O'Neil", "李 四", "3栋（北）", "👵",
])
def test_names_of_people_and_places_pass(name: str) -> None:
    """Rare characters, also those newer than the tables of this Python, dots and signs."""
    assert name == text.line(name)


@pytest.mark.parametrize("letter", [
    "\u200b", "\u200d", "\u200e", "\u202e", "\u2066", "\ufeff", "\u00ad", "\x00", "\x1b", "\t",
    "\r", "\n", "\u2028", "\u2029", "\u3164", "\u2800", "\u115f", "\ue000", "\ud800", "\ufdd0",
])
def test_what_nobody_sees_is_refused_with_its_place(letter: str) -> None:
    """Two names that look alike must be alike."""
    with pytest.raises(ValueError, match=f"U\\+{ord(letter):04X}.* place 2"):
        text.line(f"王{letter}五")


def test_composed_and_decomposed_letters_are_one() -> None:
    """NFC, and outer spaces gone."""
    assert "é" == text.line(" e\u0301 ")


def test_notes_have_lines() -> None:
    """Those of Windows too; other controls are refused also there."""
    assert "一\n二" == text.line("一\r\n二", breaks=True)
    with pytest.raises(ValueError, match="U\\+000D"):
        text.line("一\r二", breaks=True)


@pytest.mark.parametrize(("value", "error"), [
    (None, TypeError), (5, TypeError), (b"x", TypeError), ("x" * 501, ValueError)])
def test_lines_have_a_type_and_a_length(value: object, error: type) -> None:
    """At most 500 characters unless said otherwise."""
    with pytest.raises(error):
        text.line(value)


def test_codes_are_not_empty() -> None:
    """Up to 64 characters, at least one that can be seen."""
    assert "x" * 64 == text.code("x" * 64)
    for wrong in ("", "  ", "x" * 65):
        with pytest.raises(ValueError, match="code"):
            text.code(wrong)


@given(st.text(max_size=40))
def test_what_passes_can_be_hashed(typed: str) -> None:
    """Whatever is let in is in NFC and survives UTF-8; letting it in again changes nothing."""
    try:
        line = text.line(typed)
    except ValueError:
        return

    assert unicodedata.is_normalized("NFC", line)
    assert line == line.encode().decode() == text.line(line)


@given(st.text(alphabet="３3栋 Ａａ", max_size=8))
def test_sameness_ignores_width_case_and_spaces(place: str) -> None:
    """One place is one place however it is typed, and sameness is stable."""
    assert text.same(place) == text.same(unicodedata.normalize("NFKC", place).upper() + " ")
    assert text.same(place) == text.same(text.same(place))


LEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BLANKS = ("", " ", "\xa0", "　 ")


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("lead", LEADS)
def test_no_cell_begins_a_formula(lead: str, blank: str) -> None:
    """Also after blanks, and in a later line of the cell; a spreadsheet reads it back as text."""
    formula = f"{blank}{lead}cmd|' /C calc'!A0"

    for typed in (formula, f"李四\n{formula}", f"李四\r{formula}"):
        written = text.cell(typed)

        for one in written.splitlines():
            assert one.lstrip()[:1] not in set(LEADS)
        assert typed == text.uncell(written)


def test_numbers_and_names_stay_as_they_are() -> None:
    """A negative number is a number; only text is guarded, and no other type is a cell."""
    assert ["-5", "1.50", "0", "", "O'Neil", "古丽·买买提", "3-2-501"] == [
        text.cell(value)
        for value in (-5, Decimal("1.50"), 0, "", "O'Neil", "古丽·买买提", "3-2-501")]
    for wrong in (True, 1.5, None, b"="):
        with pytest.raises(TypeError):
            text.cell(wrong)


@given(st.text(alphabet="='+- a\n\r\t　", max_size=12))
def test_a_cell_is_read_back_as_it_was(typed: str) -> None:
    """Whatever was written, also with quotes of its own."""
    assert typed == text.uncell(text.cell(typed))
