"""Columns: what a text takes, where a line breaks, what never reaches a printer."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lovepoints.papers.layout import Sheet, clean, cut, width, wrap

TEXTS = st.text(st.one_of(
    st.sampled_from("大米油盐，。（）「」、· -abcXYZ0123456789𠮷é"), st.characters()), max_size=80)


@pytest.mark.parametrize(("text", "columns"), [
    ("", 0), ("rice", 4), ("大米", 4), ("大米5kg", 7), ("（袋）", 6), ("𠮷", 2), ("e\u0301", 1),
    ("·", 1),
])
def test_width_counts_columns(text: str, columns: int) -> None:
    """A Chinese character takes two columns, rare ones too; a combining mark takes none."""
    assert columns == width(text)


def test_ambiguous_characters_are_wide_on_printers() -> None:
    """The middle dot of a name takes one column on a screen and two on a Chinese printer."""
    assert (11, 12) == (width("买买提·秀英"), width("买买提·秀英", wide=True))


@given(TEXTS, st.integers(4, 40), st.booleans())
def test_no_line_is_too_wide(text: str, columns: int, wide: bool) -> None:
    """However a text looks, no line of it takes more columns than there are."""
    lines = wrap(clean(text), columns, wide=wide)

    assert all(width(line, wide=wide) <= columns for line in lines)


@given(TEXTS, st.integers(4, 40))
def test_wrapping_loses_nothing(text: str, columns: int) -> None:
    """All that can be seen of a text is still there once it is wrapped, in its order."""
    lines = wrap(clean(text), columns)

    assert "".join(clean(text).split()) == "".join("".join(lines).split())


@given(TEXTS)
def test_clean_text_obeys_nobody(text: str) -> None:
    """No control, direction or invisible character is left for a printer or terminal."""
    found = {unicodedata.category(letter) for letter in clean(text)}

    assert found.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def test_escape_sequences_do_not_reach_paper() -> None:
    """A name with ESC, a line break and a direction mark prints as harmless letters."""
    assert "秀[2J英 @abc" == clean("秀\x1b[2J英\n\x1b@a\u202eb\u200bc")


def test_closing_marks_never_begin_a_line() -> None:
    """A comma stays with the word before it, an opening bracket with the word after it."""
    assert ["大米，", "（油）"] == wrap("大米，（油）", 6)


def test_long_codes_break_after_a_hyphen() -> None:
    """A code that is longer than a line goes on after one of its groups, not inside it."""
    assert ["000G-40R4-", "0M30-E209-", "185G"] == wrap("000G-40R4-0M30-E209-185G", 12)


def test_days_are_not_torn() -> None:
    """A day that fits on a line of its own is never broken at its hyphens."""
    assert ["请在", "2026-03-27", "前来。"] == wrap("请在 2026-03-27 前来。", 12)


@pytest.mark.parametrize(("text", "columns", "kept"), [
    ("大米", 4, "大米"), ("大米5kg", 6, "大米.."), ("大米油", 5, "大.."),
])
def test_cut_ends_with_dots(text: str, columns: int, kept: str) -> None:
    """What does not fit ends with two dots and is never wider than asked."""
    assert kept == cut(text, columns)


@given(TEXTS, TEXTS, st.integers(24, 60))
def test_pairs_keep_both_sides(left: str, right: str, columns: int) -> None:
    """Two texts of one line both come out, and no line is too wide."""
    sheet = Sheet(columns, "zh")

    sheet.pair(left, right)

    printed = "".join(sheet.done().split())
    assert all(width(line) <= columns for line in sheet.lines)
    assert sorted("".join(clean(left + right).split())) == sorted(printed)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4), st.integers(32, 60))
def test_tables_stay_inside_their_columns(
    rows: list[tuple[str, str, str]], columns: int,
) -> None:
    """Cells of any text never push a table over its width."""
    sheet = Sheet(columns, "en")

    sheet.table(rows, (8, 0, -7))

    assert all(width(line) <= columns for line in sheet.lines)


@pytest.mark.parametrize("columns", [23, 161, 0, -32])
def test_impossible_widths_are_refused(columns: int) -> None:
    """A paper narrower than 24 or wider than 160 columns is a wrong call."""
    with pytest.raises(ValueError, match="24 to 160"):
        Sheet(columns, "zh")


@pytest.mark.parametrize("columns", [32.0, "32", True])
def test_width_is_a_whole_number(columns: object) -> None:
    """A width that is not a whole number is a wrong call."""
    with pytest.raises(TypeError, match="whole number"):
        Sheet(columns, "zh")  # type: ignore[arg-type]


def test_unknown_languages_are_refused() -> None:
    """A paper speaks Chinese or English."""
    with pytest.raises(ValueError, match="zh"):
        Sheet(32, "de")
