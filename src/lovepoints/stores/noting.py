"""What readers worked out of the rows, kept for as long as it holds: the same in each store."""

from __future__ import annotations

from typing import Any, Final

NOTES_MAX: Final = 500
"""So many notes are kept of each sort; of more the oldest goes."""


class Notes:
    """The notes of one store: those that hold until a row changes, and those that hold for good."""

    def __init__(self) -> None:
        self._present: dict[object, Any] = {}  # Any: each reader's own
        self._lasting: dict[object, Any] = {}  # Any: each reader's own

    def get(self, name: object, *, lasting: bool) -> Any:  # Any: what was put
        """What was noted under this name, or None."""
        return (self._lasting if lasting else self._present).get(name)

    def put(self, name: object, worked_out: object, *, lasting: bool) -> None:
        """Keep something under a name."""
        notes = self._lasting if lasting else self._present
        if len(notes) >= NOTES_MAX and name not in notes:
            del notes[next(iter(notes))]
        notes[name] = worked_out

    def forget(self) -> None:
        """A row changed, or may have."""
        self._present = {}
