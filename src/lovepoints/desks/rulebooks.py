"""The rulebooks' desk: adopting rulebooks and finding the one in force."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.rows import RulebookRow
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.canonical import digest
from lovepoints.core.rulefiles.rulefile import FILE_MAX, parse
from lovepoints.core.rulefiles.writing import dump
from lovepoints.core.text import line
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command, check_day, perform
from lovepoints.desks.rehearsals import Rehearsal, rehearsed
from lovepoints.errors import Code, NotFound

PATH_MAX = 4096
"""No path is longer; a longer text is a rulebook's own."""


@attrs.frozen
class Rulebooks:
    """`community.rulebooks`"""

    _book: Book

    def adopt(
        self, source: str | Path | Rulebook, *, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Rulebook:
        """Adopt a rulebook (a file's path, its text, or what `parse` made of one) from its own
        `effective` day on.

        A rulebook is never edited in force; a later one supersedes it. The first may be
        effective in the past; every other one only from the day of adoption on.

        Raises:
            RulebookError: every problem of the file at once.
            Refused: rulebook_retroactive.
        """
        text, rulebook = read(source)

        def decide(command: Command) -> Draft | Refusal:
            first = not self._book.store.find(RulebookRow, limit=1)
            if not first and rulebook.effective < command.today:
                return Refusal(Code.RULEBOOK_RETROACTIVE, {
                    "effective": rulebook.effective.isoformat(),
                    "earliest": command.today.isoformat(),
                })
            effective = rulebook.effective.isoformat()
            return Draft(
                kind="adopt", subject=f"rulebook:{rulebook.digest[:12]}", at=command.at,
                day=effective, rulebook=rulebook.digest,
                details={"rows": {"rulebook": [{
                    "digest": rulebook.digest, "effective": effective, "title": rulebook.title,
                    "text": text,
                }]}},
            )

        answer = perform(self._book, "adopt", decide, {"rulebook": rulebook.digest}, by=by, at=at,
                         key=key)
        self._book.remember(rulebook)
        return self._book.rulebook(answer.entry.rulebook)

    def in_force(self, day: date | None = None) -> Rulebook:
        """The rulebook in force on a day (left out: today); NotFound before the first one."""
        check_day(day, "day")
        day = day or self._book.calendar.day_of(self._book.now())
        found = self._book.rulebook_on(day)
        if found is None:
            raise NotFound("rulebook in force on", day.isoformat())
        return found

    def rehearse(
        self, source: str | Path | Rulebook, since: date, until: date, *, pledged: int = 0,
        by: str | None = None, progress: Callable[[int], None] | None = None,
    ) -> Rehearsal:
        """What the decisions of these days would have come to under another rulebook, as if it
        had always been in force. Writes nothing; a book opened for reading will do.

        `pledged` is money in fen that will buy goods. `progress` hears the entries read so far.

        Raises:
            RulebookError: every problem of the file at once.
            Refused: not_permitted, rulebook_unknown.
            ValueError: days the wrong way round, or to come.
        """
        return rehearsed(self._book, read(source)[1], since, until, pledged=pledged, by=by,
                         progress=progress)

    def __getitem__(self, digest: str) -> Rulebook:
        """The adopted rulebook with this digest."""
        return self._book.rulebook(line(digest, "digest"))

    def __iter__(self) -> Iterator[Rulebook]:
        """Every adopted rulebook, by its effective day."""
        for row in self._book.store.find(RulebookRow, "by_effective"):
            yield self._book.rulebook(row.digest)


def read(source: str | Path | Rulebook) -> tuple[str, Rulebook]:
    """The text and the meaning of a rulebook file, or of a text with line breaks handed in."""
    if isinstance(source, Rulebook):
        if source.digest != digest(source):
            raise ValueError("this rulebook was changed after it was read; parse its text anew")
        return dump(source), source
    if isinstance(source, str) and any(
            "\ud800" <= letter <= "\udfff" for letter in source[:FILE_MAX]):
        raise ValueError("a rulebook's text or path holds half of a surrogate pair")
    if isinstance(source, str) and ("\n" in source or len(source) > PATH_MAX):
        text, name = source, "rules.toml"
    else:
        path = Path(source)
        name = path.name
        try:
            with path.open(encoding="utf-8-sig") as file:
                text = file.read(FILE_MAX + 1)
        except UnicodeDecodeError as error:
            raise ValueError(f"{name} is not UTF-8 text; save it as UTF-8") from error
    text = unicodedata.normalize("NFC", text)
    return text, parse(text, name=name).rulebook
