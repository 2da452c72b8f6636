"""Verification: fold the whole journal again and hold everything stored against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from lovepoints.core.journal import Entry, posting_id, sealed_digest
from lovepoints.core.merkle import frontier_of, leaf_hash, root
from lovepoints.core.overlay import Overlay
from lovepoints.core.projecting import refold
from lovepoints.core.rows import (
    Balance,
    CheckpointRow,
    EntryRow,
    Frontier,
    KeyRow,
    Lot,
    Person,
    PostingRow,
    Sealed,
)
from lovepoints.core.store import Rows
from lovepoints.core.tables import TABLES
from lovepoints.errors import BookDamaged
from lovepoints.words import say
from lovepoints.words.verifying import FINDINGS

PROBLEMS_MAX = 100
"""So many problems are listed; a book with more is as damaged as it gets."""


@attrs.frozen
class Problem:
    """One thing that does not hold. `seq` is the entry it was met at (0: none in particular);
    code and facts are the contract, the sentence may improve."""

    seq: int
    code: str
    facts: Mapping[str, int | str] = attrs.field(factory=dict)

    @property
    def what(self) -> str:
        """The finding as a sentence in English, as errors carry it."""
        return self.sentence("en")

    def sentence(self, lang: str | None = None) -> str:
        """The finding as a sentence in `lang`."""
        return say(FINDINGS, self.code, self.facts, lang)


@attrs.frozen(kw_only=True)
class Verification:
    """What a verification found. `problems` is empty for a sound book, else the first bad entry
    comes first."""

    entries: int
    root: bytes
    problems: tuple[Problem, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify(
    rows: Rows, *, progress: Callable[[int], None] | None = None,
) -> Verification:
    """Read every entry, check it, fold it, and compare all stored rows with the result.

    Found: a changed, missing, added or reordered entry; a leaf or tree that does not fit; a
    balance, lot or any other derived row that the entries do not give; a limit of an account
    broken after any entry; a remembered checkpoint that the journal no longer matches.
    Not found without a checkpoint kept elsewhere: a journal rewritten whole, with all its hashes.
    """
    fold = _Fold(rows, Overlay())
    for row in rows.scan(EntryRow):
        if not fold.take(row):
            break
        if progress and fold.size % 256 == 0:
            progress(fold.size)
    fold.compare()
    problems = sorted(fold.problems, key=lambda one: one.seq or fold.size + 1)
    return Verification(entries=fold.size, root=fold.root(), problems=tuple(problems))


@attrs.define
class _Fold:
    """The journal folded so far, onto an empty book."""

    stored: Rows
    rows: Overlay
    said: dict[str, int] = attrs.field(factory=dict)
    """Keys of entries that callers made, with their places; each must be in the register."""
    seals: dict[str, str] = attrs.field(factory=dict)
    """The newest digest of what is kept outside the journal, by subject."""
    size: int = 0
    recorded_at: int = 0
    problems: list[Problem] = attrs.field(factory=list)

    def take(self, row: EntryRow) -> bool:
        """Check and fold one entry; False where nothing after it can be trusted."""
        found = list(self._faults(row))
        self.problems += found
        if found or len(self.problems) >= PROBLEMS_MAX:
            return False
        try:
            entry = Entry.from_bytes(row.body)
            refold(entry, row.leaf, self.rows)
        except (BookDamaged, KeyError, TypeError, ValueError) as error:
            self.problems.append(Problem(row.seq, "not_foldable", {"why": str(error)}))
            return False
        self.size, self.recorded_at = row.seq, row.recorded_at
        self.seals.update(entry.details.get("sealed", {}))
        if not row.key.startswith("lp:"):
            self.said[row.key] = row.seq
        self._check_checkpoint()
        self._check_postings(row.seq)
        return True

    def root(self) -> bytes:
        """The root over the entries folded so far."""
        levels = {row.level: row.hash for row in self.rows.find(Frontier)}
        return root(frontier_of(levels, self.size))

    def _faults(self, row: EntryRow) -> Iterator[Problem]:
        if row.seq != self.size + 1:
            yield Problem(self.size + 1, "entry_missing", {"next": row.seq})
            return
        if row.leaf != leaf_hash(row.body):
            yield Problem(row.seq, "leaf")
            return
        try:
            entry = Entry.from_bytes(row.body)
            if entry.body != row.body:
                yield Problem(row.seq, "not_canonical")
        except (ValueError, TypeError, KeyError) as error:
            yield Problem(row.seq, "not_readable", {"why": str(error)})
            return
        for name in ("seq", "key", "kind", "subject", "day", "recorded_at", "reverses"):
            if getattr(entry, name) != getattr(row, name):
                yield Problem(row.seq, "column", {"column": name})
        if row.recorded_at <= self.recorded_at:
            yield Problem(row.seq, "recorded_before")

    def _check_checkpoint(self) -> None:
        remembered = self.stored.get(CheckpointRow, self.size)
        if remembered and remembered.root != self.root():
            self.problems.append(Problem(self.size, "checkpoint"))

    def _check_postings(self, seq: int) -> None:
        """Compare the entry's postings at once and let go of them, so that memory stays flat."""
        low, high = posting_id(seq, 0), posting_id(seq + 1, 0) - 1
        folded = self.rows.forget(PostingRow)
        if self.stored.find(PostingRow, low=low, high=high) != folded:
            self.problems.append(Problem(seq, "postings"))

    def compare(self) -> None:
        """Every derived row against its refolded one, and the sums that must hold."""
        if self.problems:
            return
        self._check_tail()
        for table in TABLES:
            if table.nature == "derived":
                self._compare(table.record, table.name, table.key)
        self._check_sums()
        self._check_keys()
        self._check_sealed()

    def _compare(self, record: type[Any], name: str, key: tuple[str, ...]) -> None:
        expected = {tuple(getattr(row, column) for column in key): row
                    for row in self.rows.find(record)}
        for row in self.stored.find(record):
            place = tuple(getattr(row, column) for column in key)
            folded = expected.pop(place, None)
            if folded is None:
                self._note("row_unmade", table=name, row=_named(place))
            elif folded != row:
                self._note("row_differs", table=name, row=_named(place))
        for place in expected:
            self._note("row_missing", table=name, row=_named(place))

    def _check_tail(self) -> None:
        """Nothing may be there that belongs to an entry after the last one."""
        if self.stored.find(PostingRow, low=posting_id(self.size + 1, 0), limit=1):
            self._note("postings_behind")
        for row in self.stored.find(CheckpointRow, low=self.size + 1):
            self._note("journal_cut", self.size + 1, size=row.size)

    def _check_sums(self) -> None:
        totals: dict[str, int] = {}
        lots: dict[tuple[str, str], int] = {}
        for balance in self.rows.find(Balance):
            totals[balance.unit] = totals.get(balance.unit, 0) + balance.amount
        for lot in self.rows.find(Lot):
            for account, amount in ((lot.account, lot.free), (lot.account + "/held", lot.held)):
                place = (account, lot.unit)
                lots[place] = lots.get(place, 0) + amount
        for unit, total in totals.items():
            if total:
                self._note("sum", unit=unit, total=total)
        for (account, unit), amount in lots.items():
            row = self.rows.get(Balance, account, unit)
            if (row.amount if row else 0) != amount:
                self._note("lots", account=account, unit=unit)

    def _check_keys(self) -> None:
        for row in self.stored.scan(KeyRow):
            entry = self.stored.get(EntryRow, row.seq) if row.seq else None
            if bool(row.code) == bool(row.seq) or (row.seq and (
                    entry is None or entry.key != row.key)):
                self._note("key_differs", row.seq)
            self.said.pop(row.key, None)
        for seq in sorted(self.said.values()):
            self._note("key_missing", seq)

    def _check_sealed(self) -> None:
        """What people wrote is what was sealed, and every name leads to its own pseudonym.

        A subject without a row was erased, which proves nothing and disturbs nothing.
        """
        for row in self.stored.scan(Sealed):
            if self.seals.get(row.subject) != sealed_digest(row.key, row.details):
                self._note("sealed", subject=row.subject)
        for person in self.stored.scan(Person):
            sealed = self.stored.get(Sealed, person.id)
            if sealed and sealed.details.get("code") != person.code:
                self._note("code", party=person.id)

    def _note(self, code: str, seq: int = 0, /, **facts: int | str) -> None:
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(Problem(seq, code, facts))


def _named(place: tuple[int | str, ...]) -> str:
    return " ".join(map(str, place))
