"""Bytes of a CSV file -> located rows: encoding, delimiter and titles found, sizes bounded.

The file is read in a stream, twice: once to learn its encoding, once for its rows.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

import attrs

from lovepoints.core.rulefiles.problems import visible
from lovepoints.sheets.problems import Problem

BYTES_MAX = 256 * 2**20
"""No sheet is larger; a year of 200,000 deeds has about 20 MB."""
ROWS_MAX = 1_000_000
"""No sheet has more rows."""
LINE_MAX = 20_000
"""No line has more characters."""
RECORD_MAX = 100
"""No row runs over more lines of the file: a quote that is never closed is noticed here."""
COLUMNS_MAX = 64
"""No sheet has more columns."""
TITLES_WITHIN = 10
"""The titles stand within so many rows; above them a sheet may carry a heading."""
DELIMITERS = (",", ";", "\t")
_CHUNK = 2**16
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .xls files begin."""


class Unreadable(Exception):
    """The sheet cannot be read on; `problem` says why. Stays inside this package."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


@attrs.frozen(kw_only=True)
class Row:
    """One row below the titles: its first line in the file, its cells by column."""

    line: int
    cells: tuple[str, ...]


@attrs.define(kw_only=True)
class Sheet:
    """An open sheet. `read` counts the bytes that were read so far, of `size`."""

    name: str
    size: int
    titles: tuple[str, ...] = ()
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    _binary: BinaryIO
    _text: io.TextIOWrapper | None = None
    _records: Iterator[Row | Problem] = attrs.field(init=False, factory=lambda: iter(()))

    @property
    def read(self) -> int:
        """How many bytes were read so far."""
        return self._binary.tell()

    def begin(self, known: Callable[[str], bool]) -> None:
        """Find the titles: the first row in which `known` knows at least two of them.

        Raises:
            Unreadable: no such row.
        """
        self._text = io.TextIOWrapper(self._binary, encoding=self.encoding, newline="")
        self._records = _records(self.name, _lines(self.name, self._text), self)
        for _ in range(TITLES_WITHIN):
            row = next(self._records, None)
            if isinstance(row, Row) and sum(map(known, row.cells)) >= 2:
                self.titles = row.cells
                return
        raise Unreadable(Problem(file=self.name, code="no_titles"))

    def rows(self) -> Iterator[Row | Problem]:
        """Every row below the titles that is not blank, or what is wrong with it."""
        for count, row in enumerate(self._records):
            if count >= ROWS_MAX:
                raise Unreadable(Problem(file=self.name, code="too_many_rows",
                                         facts={"most": ROWS_MAX}))
            yield row


@contextmanager
def opened(path: str | PathLike[str], known: Callable[[str], bool]) -> Iterator[Sheet]:
    """The sheet in a file, standing below its titles; its file is closed at the end.

    Raises:
        Unreadable: not a file, too large, a workbook, not text, without titles.
    """
    place = Path(path)
    name = visible(place.name)
    binary = _file(place, name)
    try:
        size = os.fstat(binary.fileno()).st_size
        if size > BYTES_MAX:
            raise Unreadable(Problem(file=name, code="too_large",
                                     facts={"most": BYTES_MAX // 2**20}))
        sheet = Sheet(name=name, size=size, binary=binary, encoding=_encoding(binary, name))
        binary.seek(0)
        sheet.delimiter = _delimiter(binary, sheet.encoding, known)
        binary.seek(0)
        sheet.begin(known)
        yield sheet
    finally:
        binary.close()


def _file(place: Path, name: str) -> BinaryIO:
    """The file for reading; only a true one, so that no pipe or device holds us up."""
    try:
        if not stat.S_ISREG(place.stat().st_mode):
            raise Unreadable(Problem(file=name, code="no_file"))
        return place.open("rb")
    except (OSError, ValueError) as error:  # ValueError: NUL in a path
        raise Unreadable(Problem(file=name, code="no_file")) from error


def _encoding(binary: BinaryIO, name: str) -> str:
    """UTF-8 if the whole file is that, else GB18030, in which Chinese Excel writes CSV."""
    head = binary.read(4)
    if head.startswith(_WORKBOOKS):
        raise Unreadable(Problem(file=name, code="workbook"))
    for encoding in ("utf-8-sig", "gb18030"):
        binary.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while chunk := binary.read(_CHUNK):
                if b"\0" in chunk:
                    raise Unreadable(Problem(file=name, code="not_text"))
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unreadable(Problem(file=name, code="not_text"))


def _delimiter(binary: BinaryIO, encoding: str, known: Callable[[str], bool]) -> str:
    """The delimiter by which the first rows show the most titles."""
    decoder = codecs.getincrementaldecoder(encoding)()
    head = decoder.decode(binary.read(_CHUNK)).splitlines()[:TITLES_WITHIN]
    counts = {delimiter: max((sum(known(one.strip('" ')) for one in line.split(delimiter))
                              for line in head), default=0) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: counts[delimiter])


def _lines(name: str, text: io.TextIOWrapper) -> Iterator[str]:
    """The lines of the file, each of bounded length."""
    number = 0
    while True:
        number += 1
        try:
            line = text.readline(LINE_MAX + 1)
        except UnicodeDecodeError as error:  # somebody writes in the file while we read it
            raise Unreadable(Problem(file=name, line=number, code="not_text")) from error
        if not line:
            return
        if len(line) > LINE_MAX:
            raise Unreadable(Problem(file=name, line=number, code="line_too_long",
                                     facts={"most": LINE_MAX}))
        yield line


def _records(name: str, lines: Iterator[str], sheet: Sheet) -> Iterator[Row | Problem]:
    """Rows with the line on which each begins; a badly quoted one is a problem of its own."""
    taken = begun = 0

    def counted() -> Iterator[str]:
        nonlocal taken
        for line in lines:
            taken += 1
            if taken - begun > RECORD_MAX:
                raise Unreadable(Problem(file=name, line=begun + 1, code="quote_open"))
            yield line

    reader = csv.reader(counted(), delimiter=sheet.delimiter, strict=True)
    while True:
        begun = taken
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Problem(file=name, line=begun + 1, code="bad_quotes")
            continue
        if len(cells) > COLUMNS_MAX:
            yield Problem(file=name, line=begun + 1, code="too_many_cells",
                          facts={"most": COLUMNS_MAX})
        elif any(cell.strip() for cell in cells):
            yield Row(line=begun + 1, cells=tuple(cells))
