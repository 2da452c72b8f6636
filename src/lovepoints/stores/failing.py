"""From the engine's errors to ours: what a caller can tell apart and act upon."""

from __future__ import annotations

from typing import Final

from lovepoints.errors import BookDamaged, StoreError

_CORRUPT, _CONSTRAINT = 11, 19
_CODES: Final[dict[int, tuple[str, str]]] = {
    3: ("read_only", "the file may not be written"),
    5: ("busy", "another program is writing to this book"),
    6: ("busy", "another statement of this program holds the table"),
    8: ("read_only", "the file or its folder may not be written"),
    10: ("storage_error", "the disk reported an error"),
    13: ("storage_full", "the disk is full; nothing of this was written"),
    14: ("storage_error", "the file, or a file beside it, cannot be opened"),
    23: ("read_only", "the engine was told not to allow this"),
    26: ("not_a_book", "this file is not a database"),
}
_BY_TEXT: Final[dict[str, int]] = {
    "is locked": 5, "readonly": 8, "disk I/O error": 10, "malformed": _CORRUPT, "is full": 13,
    "unable to open": 14, "not a database": 26,
}


def ours(error: Exception) -> StoreError | BookDamaged | ValueError:
    """The error to raise for one that the engine raised.

    A broken CHECK or a malformed file is `BookDamaged`; a row that may not be (a taken unique
    value, a changed journal row) is a ValueError; all else is a `StoreError` with its code.
    """
    primary = _primary(error)
    if primary == _CORRUPT:
        return BookDamaged(f"the file is damaged: {error}")
    if primary == _CONSTRAINT:
        if str(error).startswith("CHECK constraint"):
            return BookDamaged(f"a row breaks a check of the book: {error}")
        if "constraint failed" in str(error):
            return ValueError(f"another row has the same key or unique value: {error}")
        return ValueError(str(error))  # a guard of the journal, in its own words
    if "Could not decode to UTF-8" in str(error):
        return BookDamaged(f"a text of the file is not UTF-8: {error}")
    if "on a closed " in str(error):
        return StoreError("closed", "the book was closed; open it again")
    code, what = _CODES.get(primary, ("storage_error", "the store could not do it"))
    return StoreError(code, f"{what} ({error})")


def _primary(error: Exception) -> int:
    """SQLite's primary result code. Stand-ins for sqlite3 may lack extended codes, or all."""
    if code := getattr(error, "sqlite_errorcode", 0):
        return int(code) & 0xFF
    if type(error).__name__ == "IntegrityError":
        return _CONSTRAINT
    return next((code for text, code in _BY_TEXT.items() if text in str(error)), 0)
