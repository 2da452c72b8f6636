"""Each error of the engine becomes the one that a caller can act upon."""

from __future__ import annotations

import sqlite3

import pytest

from lovepoints.errors import BookDamaged, StoreError
from lovepoints.stores.failing import ours


def error(kind: type[sqlite3.Error], text: str, code: int = 0) -> sqlite3.Error:
    made = kind(text)
    if code:
        made.sqlite_errorcode = code
    return made


@pytest.mark.parametrize(("text", "code", "expected"), [
    ("database is locked", 5, "busy"), ("database is locked", 517, "busy"),
    ("database table is locked", 6, "busy"), ("access permission denied", 3, "read_only"),
    ("attempt to write a readonly database", 8, "read_only"),
    ("attempt to write a readonly database", 776, "read_only"),
    ("disk I/O error", 10, "storage_error"), ("disk I/O error", 1546, "storage_error"),
    ("database or disk is full", 13, "storage_full"),
    ("unable to open database file", 14, "storage_error"),
    ("file is not a database", 26, "not_a_book"), ("no such table: entry", 1, "storage_error"),
    ("not authorized", 23, "read_only"),
])
def test_codes_and_texts_agree(text: str, code: int, expected: str) -> None:
    """With extended codes, primary ones, or none at all, the answer is the same."""
    with_code = ours(error(sqlite3.OperationalError, text, code))
    with_text = ours(error(sqlite3.OperationalError, text))

    assert isinstance(with_code, StoreError) and expected == with_code.code
    assert isinstance(with_text, StoreError)
    assert with_text.code == expected or text in ("access permission denied", "not authorized")
    assert text in str(with_code)


@pytest.mark.parametrize("code", [11, 267, 0])
def test_a_malformed_file_is_damage(code: int) -> None:
    """Whatever part of the file is malformed."""
    found = ours(error(sqlite3.DatabaseError, "database disk image is malformed", code))

    assert isinstance(found, BookDamaged)


@pytest.mark.parametrize("codes", [(275, 2067, 1811), (19, 19, 19), (0, 0, 0)])
def test_constraints_are_told_apart(codes: tuple[int, int, int]) -> None:
    """A check is damage; a taken value and a guard are wrong calls."""
    check, unique, guard = (
        ours(error(sqlite3.IntegrityError, text, code)) for text, code in zip((
            "CHECK constraint failed: limit", "UNIQUE constraint failed: person.code",
            "entry: rows of the journal are never changed",
        ), codes, strict=True)
    )

    assert isinstance(check, BookDamaged)
    assert isinstance(unique, ValueError) and "same key or unique value" in str(unique)
    assert isinstance(guard, ValueError) and "never changed" in str(guard)


def test_text_that_is_not_utf_8_is_damage() -> None:
    """A flipped bit in a text makes bytes that no text has; the engine's words tell it."""
    found = ours(error(sqlite3.OperationalError, "Could not decode to UTF-8 column 'key'", 0))

    assert isinstance(found, BookDamaged)
