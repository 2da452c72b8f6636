"""From the engine's errors to ours: what a caller can tell apart and act upon."""

from __future__ import annotations

from typing import Final

from lovepoints.errors import BookDamaged, StoreError

_CHECK, _TRIGGER = 275, 1811  # extended codes of SQLITE_CONSTRAINT
_CONSTRAINT, _CORRUPT = 19, 11

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


def ours(error: Exception) -> StoreError | BookDamaged | ValueError:
    """The error to raise for one that the engine raised.

    A broken CHECK or a malformed file is `BookDamaged`; a row that may not be (a taken unique
    value, a changed journal row) is a ValueError; all else is a `StoreError` with its code.
    """
    extended = int(getattr(error, "sqlite_errorcode", 0) or 0)
    primary = extended & 0xFF
    if primary == _CONSTRAINT:
        if extended == _CHECK:
            return BookDamaged(f"a row breaks a check of the book: {error}")
        if extended == _TRIGGER:
            return ValueError(str(error))
        return ValueError(f"another row has the same key or unique value: {error}")
    if primary == _CORRUPT:
        return BookDamaged(f"the file is damaged: {error}")
    code, what = _CODES.get(primary, ("storage_error", "the store could not do it"))
    return StoreError(code, f"{what} ({error})")
