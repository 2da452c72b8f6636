"""What a sheet may be as a file: encodings, delimiters, titles, sizes; and everything else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints import sheets
from lovepoints.community import Community
from lovepoints.core import text
from lovepoints.sheets import reading
from lovepoints.sheets.columns import DEEDS, said_of
from lovepoints.sheets.reading import Row
from lovepoints.words.sheets import PROBLEMS, REMEDIES
from tests.sheets.village import patrols, sheet, village


@pytest.fixture(scope="module")
def book() -> Iterator[Community]:
    """A book that no test here changes: everything is rehearsed."""
    with village() as community:
        yield community


def tried(book: Community, path: Path) -> sheets.Imported:
    return sheets.bring_in(book, path, by="staff:li", rehearse=True)


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "deeds.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_sheet_is_read_as_offices_write_it(
    book: Community, tmp_path: Path, encoding: str, delimiter: str, end: str,
) -> None:
    """Below a heading, with blank rows, in each encoding, delimiter and kind of line end."""
    rows = [["幸福社区2026年登记表"], ["序号", "事项", "居民", "日期", "数量", "核实人"], [],
            ["1", "志愿服务", "0421", "2026/3/7", "2", "staff:wang"], ["", "", "", "", "", ""],
            ["2", "volunteer", "0422", '"2026年3月8日"', "1.5", "staff:wang"]]
    content = end.join(delimiter.join(row) for row in rows)

    found = tried(book, written(tmp_path, content.encode(encoding)))

    assert (2, 2, ()) == (found.rows, found.confirmed, found.problems)


@pytest.mark.parametrize(("content", "code"), [
    (b"", "no_titles"), (b"\n" * 50, "no_titles"), (b"a,b,c\n1,2,3\n", "no_titles"),
    (b"PK\x03\x04" + b"\0" * 100, "workbook"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
    ("rule,resident,day\n".encode("utf-16"), "not_text"), (b"rule,resident,day\n\0", "not_text"),
    (b"rule,resident,day\n\xff\xfe\xff", "not_text"), (b"rule,resident\n", "title_missing"),
    (b"rule,resident,day,colour\n", "unknown_title"),
    ("rule,resident,day,日期\n".encode(), "title_twice"),
    (b"rule,resident,day\n" + b"x" * 30_000, "line_too_long"),
    (b'rule,resident,day\n"' + b"x\n" * 500, "quote_open"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_no_sheet_is_told_so(
    book: Community, tmp_path: Path, content: bytes, code: str,
) -> None:
    """One sentence that says what it is and what to do; nothing is read on."""
    found = tried(book, written(tmp_path, content))

    assert found.stopped is not None and not found.is_whole
    assert (code, 0, 0) == (found.stopped.code, found.confirmed, found.waiting)
    assert all(found.stopped.text(lang).isprintable() for lang in ("zh", "en"))


def test_only_a_file_is_opened(book: Community, tmp_path: Path) -> None:
    """A pipe that never ends, a device, a folder and a name that cannot be are no files."""
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path, tmp_path / "no.csv",
                 Path("a\0b"), tmp_path / ("长" * 200), tmp_path / "\ud800"):
        found = tried(book, path)
        assert found.stopped is not None and found.stopped.code == "no_file"


@pytest.mark.parametrize("limit", ["BYTES_MAX", "ROWS_MAX"])
def test_a_sheet_has_a_size(
    book: Community, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str,
) -> None:
    """Larger ones are to be split; the rows before the bound are read."""
    monkeypatch.setattr(reading, limit, 5)

    found = tried(book, sheet(tmp_path, patrols(9)))

    assert found.stopped is not None and found.stopped.code.startswith("too_")
    assert found.rows == (5 if limit == "ROWS_MAX" else 0)


def test_wide_rows_and_formulas(book: Community, tmp_path: Path) -> None:
    """A row of a million cells is refused; what `cell` guarded is read without its guard."""
    rows = ["," * 5000, "volunteer,0421,2026-03-07,2,," + text.cell("=东门") + ",,staff:wang"]

    found = tried(book, sheet(tmp_path, rows))

    assert [(2, "too_many_cells")] == [(one.line, one.code) for one in found.problems]
    assert 1 == found.confirmed
    row = Row(line=1, cells=("volunteer", "0421", "2026-03-07", "'=东门"))
    columns = DEEDS.columns_of("x", ("rule", "resident", "day", "place"))
    said = said_of("x", ("rule", "resident", "day", "place"), columns, row)
    assert not isinstance(said, list) and said.place == "=东门"


@pytest.mark.parametrize(("typed", "meant"), [
    ("2026-03-07", date(2026, 3, 7)), ("2026/3/7", date(2026, 3, 7)),
    ("2026.3.7", date(2026, 3, 7)), ("2026年3月7日", date(2026, 3, 7)),
    ("2026-03-07 00:00:00", date(2026, 3, 7)), ("2026-03-07T00:00", date(2026, 3, 7)),
    ("3/7/2026", None), ("07-03-2026", None), ("2026-3/7", None), ("46088", None),
    ("2026-02-30", None), ("２０２６-03-07", None), ("2026-03-07 18:00", None),
    ("0000-01-01", None),
])
def test_days_are_read_where_they_are_clear(typed: str, meant: date | None) -> None:
    """Year, month, day in that order; a serial number or another order is not guessed at."""
    titles = ("rule", "resident", "day")
    said = said_of("x", titles, DEEDS.columns_of("x", titles), Row(line=2, cells=("r", "c", typed)))

    assert meant == (None if isinstance(said, list) else said.day)


@pytest.mark.parametrize(("typed", "meant"), [
    ("2", Decimal(2)), ("1.5", Decimal("1.5")), ("1e3", None), ("２", None), ("NaN", None),
    ("1,5", None), ("1_000", None), ("2" * 5000, None), ("+2", None), ("0x10", None),
])
def test_numbers_are_plain(typed: str, meant: Decimal | None) -> None:
    """Digits and a point; nothing is guessed."""
    titles = ("rule", "resident", "day", "quantity")
    row = Row(line=2, cells=("r", "c", "2026-03-07", typed))
    said = said_of("x", titles, DEEDS.columns_of("x", titles), row)

    assert meant == (None if isinstance(said, list) else said.quantity)


def test_every_column_has_titles_in_both_languages() -> None:
    """No title leads to two columns, and width, case and blanks of a title do not matter."""
    titles = [title for column, known in DEEDS.titles.items()
              for title in (column, *known) if title]

    assert len(titles) == len({text.same(title) for title in titles})
    for column, known in DEEDS.titles.items():
        assert {column} == {DEEDS.column_of(f" {title} ".upper()) for title in known}
    assert set(DEEDS.needed) < set(DEEDS.titles)
    assert PROBLEMS.keys() == REMEDIES.keys()


SAMPLE = ("事项,居民,日期,数量,等次,地点,备注,核实人\r\n"
          '志愿服务,0421,2026-03-07,2,,东门,"早\n班",staff:wang\r\n'
          "hazard,0422,2026/3/8,,general,北门,,staff:wang\r\n").encode()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject,
) -> None:
    """Whatever a sheet is mutated into, the answer is a count of rows and located problems."""
    content = bytearray(SAMPLE if data.draw(st.booleans()) else SAMPLE.decode().encode("gb18030"))
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(content)))
        content[at:at + data.draw(st.integers(0, 4))] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b'"', b",", b"\r", b"\n", b"\0", b"\xef\xbb"]))
    path = tmp_path_factory.mktemp("fuzz") / "deeds.csv"
    path.write_bytes(content)

    with village() as book:
        found = sheets.bring_in(book, path, by="staff:li")

        assert found.rows == (found.confirmed + found.waiting + found.repeated + found.refused)
        assert all(one.text("zh") and one.text("en") for one in found.problems)
        assert book.books.check().is_sound
