"""The rulebooks that a book has adopted, read from its rows while they are folded."""

from __future__ import annotations

import attrs

from lovepoints.core.passbooks.yearly import Terms
from lovepoints.core.rows import RulebookRow, Setting
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.rulefile import parse
from lovepoints.core.store import Rows
from lovepoints.core.values import Calendar


@attrs.define
class Adopted:
    """Every rulebook adopted so far; `forget` once the rows have taken another one in."""

    rows: Rows
    _rulebooks: dict[str, Rulebook] = attrs.field(factory=dict)
    _terms: Terms | None = None

    def terms(self) -> Terms:
        """The rulebooks in the order of the days from which they hold."""
        if self._terms is None:
            self._terms = tuple((row.effective, self._rulebook(row))
                                for row in self.rows.find(RulebookRow, "by_effective"))
        return self._terms

    def by_digest(self, digest: str) -> Rulebook | None:
        """The adopted rulebook with this digest."""
        return next((one for _, one in self.terms() if one.digest == digest), None)

    def forget(self) -> None:
        """Read the order anew; what was read of each rulebook stays."""
        self._terms = None

    def _rulebook(self, row: RulebookRow) -> Rulebook:
        if row.digest not in self._rulebooks:
            self._rulebooks[row.digest] = parse(row.text, name=row.title).rulebook
        return self._rulebooks[row.digest]


def calendar_of(rows: Rows) -> Calendar:
    """The calendar of the book's zone."""
    found = rows.get(Setting, "book")
    return Calendar(str(found.value["zone"])) if found else Calendar()
