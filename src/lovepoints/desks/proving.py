"""What the books' desk reads, proves, copies and closes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from os import PathLike

import attrs

from lovepoints.core import text
from lovepoints.core.checkpoints import Checkpoint, Kept, PrintedCode, read_kept
from lovepoints.core.findings import Verification
from lovepoints.core.inspecting.scales import SCALES, Scales
from lovepoints.core.journal import Entry
from lovepoints.core.rows import EntryRow
from lovepoints.core.values import SEQ_MAX, flag, several, whole
from lovepoints.core.verifying import verify
from lovepoints.desks import auditing, backing, closing, inspecting
from lovepoints.desks.answers import Points
from lovepoints.desks.auditing import Proof
from lovepoints.desks.backing import Backup
from lovepoints.desks.book import Book
from lovepoints.desks.closing import BalanceProof, Close
from lovepoints.desks.command import check_day, check_order, perform
from lovepoints.desks.inspecting import RECHECKS, RECHECKS_MOST, Inspection
from lovepoints.errors import BookDamaged, brief


@attrs.frozen
class Proving:
    """The part of `community.books` that moves no points."""

    _book: Book

    def outstanding(self) -> dict[str, Points]:
        """The points of every kind that passbooks hold now, less what they owe."""
        return auditing.outstanding(self._book)

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The entries after a place in the journal, oldest first."""
        for row in self._book.store.scan(EntryRow, whole(after, "after", least=0, most=SEQ_MAX)):
            yield Entry.from_bytes(row.body)

    def checkpoint(self) -> Checkpoint:
        """Size and root of the journal, remembered in the book; print it where nobody can
        change it."""
        return auditing.checkpoint(self._book)

    def prove(
        self, seq: int, *, against: Kept | str | None = None, since: Kept | str | None = None,
    ) -> Proof:
        """The proof that an entry is in the book of a checkpoint (left out: of now).

        `against` and `since` are checkpoints that were kept outside: as they are, as their text,
        or as codes typed from paper. With `since` it shows too that the book of the checkpoint
        continues that of the older one.

        Raises:
            NotFound: no such entry. Misread: what was typed is no checkpoint.
            Misfit: a checkpoint is not one of this book, or the entry is newer than it.
            BookDamaged: the proof would not lead to the checkpoint.
        """
        return auditing.prove(self._book, entry_number(seq), _kept(against, "against"),
                              _kept(since, "since"))

    def consistency(self, size: int) -> tuple[bytes, ...]:
        """The proof that the book of now continues the book of `size` entries."""
        return auditing.consistency(self._book, entry_number(size, "size"))

    def root_at(self, size: int) -> bytes:
        """The root that the journal's first `size` entries give."""
        return auditing.root_at(self._book, entry_number(size, "size"))

    def close_period(
        self, until: date | None = None, *, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Close:
        """Close the period up to a day that is over (left out: yesterday).

        What the calendar owes is written, every passbook of now is counted under one root, and
        from then on nothing can be dated on or before that day.

        Raises:
            ValueError: the day is not over, or was closed before.
        """
        check_day(until, "until")
        said = {"until": until.isoformat() if until else ""}
        answer = perform(self._book, "close_period",
                         lambda command: closing.close_period(command, until), said,
                         by=by, at=at, key=key)
        return closing.closed(self._book, answer)

    def prove_balance(
        self, holder: str, *, seq: int = 0, against: Kept | str | None = None,
    ) -> BalanceProof:
        """The proof that a passbook was counted whole in the published sums of a close (left out:
        of the newest). Of others it shows sums without names.

        It speaks to the checkpoint that the close left, or to `against`, a later one.

        Raises:
            NotFound: no period was closed, or the passbook was not counted. Otherwise as `prove`.
        """
        return closing.prove_balance(
            self._book, holder, entry_number(seq), _kept(against, "against"))

    def verify(
        self, *, against: Iterable[Kept | str] = (), only_tree: bool = False,
        rate: bool = False, progress: Callable[[int], None] | None = None,
    ) -> Verification:
        """Fold the whole journal again and compare everything stored with it, and the journal
        with the checkpoints that were kept elsewhere; see `check`.

        Raises:
            BookDamaged: naming the first bad entry, or the paper that the book does not fit; the
                book is read-only from then on, until a verification passes.
        """
        found = self.check(against=against, only_tree=only_tree, rate=rate, progress=progress)
        if what := auditing.damage(found):
            self._book.damage = what
            raise BookDamaged(what, seq=found.problems[0].seq if found.problems else 0)
        self._book.damage = ""
        return found

    def check(
        self, *, against: Iterable[Kept | str] = (), only_tree: bool = False,
        rate: bool = False, progress: Callable[[int], None] | None = None,
    ) -> Verification:
        """As `verify`, but what was found is returned.

        `against` are checkpoints kept outside, old ones too: as they are, as their text, or as
        codes typed from paper. `only_tree` looks at the bytes of the entries and their tree
        alone, which is quick and enough to hold a book against a code. With `rate`, every award
        is worked out again from the facts before it, by the rulebook of its day, and so is
        whatever else moved.

        Raises:
            ValueError: `rate` with `only_tree`, which does not look at awards.
            Misread: one of `against` is neither a checkpoint nor a code.
        """
        flag(only_tree, "only_tree")
        if flag(rate, "rate") and only_tree:
            raise ValueError("rate reads the whole book; it does not go with only_tree")
        if isinstance(against, str):
            raise TypeError("against= takes several checkpoints or codes, not one text")
        kept = tuple(map(read_kept, several(against, "against")))
        with self._book.reading():
            return verify(self._book.store, against=kept, only_tree=only_tree, rate=rate,
                          progress=progress)

    def inspect(
        self, since: date, until: date, *, reason: str, count: int = RECHECKS,
        scales: Scales = SCALES, by: str | None = None, key: str | None = None,
    ) -> Inspection:
        """Where an auditor looks first: what is unusual in what officers did from `since` to
        `until`, by `scales`, and `count` confirmations drawn so that nobody can steer it.

        The inspection is written into the journal before its answer is returned.

        Raises:
            Refused: reason_needed, not_permitted.
        """
        for name, day in (("since", since), ("until", until)):
            check_day(day or 0, name)
        check_order(since.isoformat(), until.isoformat())
        if not isinstance(scales, Scales):
            raise TypeError(f"scales= takes Scales(...), not {brief(scales)}")
        reason = text.line(reason, "reason")
        count = whole(count, "count", least=0, most=RECHECKS_MOST)
        said = {"since": since, "until": until, "reason": reason, "count": count,
                "scales": scales.plain()}
        return perform(
            self._book, "inspect", lambda command: inspecting.inspecting(
                command, since, until, reason, count, scales), said, by=by, at=None, key=key,
            tell=lambda answer: inspecting.inspected(self._book, answer, scales))

    def backup(self, path: str | PathLike[str]) -> Backup:
        """Copy the book to a new file, verify the copy, and note it in the register."""
        return backing.backup(self._book, path)

    def backups(self) -> tuple[Backup, ...]:
        """The copies that were made, oldest first."""
        return backing.backups(self._book)


def _kept(given: Kept | str | None, what: str) -> Kept | None:
    if given is None or isinstance(given, Checkpoint | PrintedCode):
        return given
    if isinstance(given, str):
        return read_kept(given)
    raise TypeError(f"{what}= takes a checkpoint, its text or its code, not {brief(given)}")


def entry_number(seq: int, what: str = "seq") -> int:
    """A place in the journal, as callers say it."""
    return whole(seq, what, least=0, most=SEQ_MAX)
