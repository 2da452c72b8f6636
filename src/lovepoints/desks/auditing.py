"""What an auditor reads at the books' desk: sums, checkpoints, proofs. Nothing here is a verb."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import attrs

from lovepoints.core.checkpoints import Checkpoint, Kept, Misfit, compare
from lovepoints.core.findings import Verification
from lovepoints.core.journal import Entry
from lovepoints.core.merkle import (
    Hashes,
    consistency_proof,
    frontier_of,
    inclusion_proof,
    leaf_hash,
    root,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from lovepoints.core.passbooks import ends
from lovepoints.core.passbooks.dues import whose_due
from lovepoints.core.passbooks.statement import outstanding as in_passbooks
from lovepoints.core.rows import CheckpointRow, EntryRow, Frontier, Node256
from lovepoints.core.values import kind_of, point_unit
from lovepoints.desks.answers import Points, as_points
from lovepoints.desks.book import Book
from lovepoints.desks.passbooks import fold_due
from lovepoints.desks.remembering import known, remember
from lovepoints.errors import BookDamaged, Code, NotFound, Refused


@attrs.frozen(kw_only=True)
class Proof:
    """That one entry is in the book at a checkpoint: `verify_inclusion` needs nothing else.

    `body` are the entry's bytes, in which people are pseudonyms. `since` and `growth` show that
    the book of the checkpoint continues that of an older one (`verify_consistency`). `points`
    tells what the entry gave and took, by passbook (its pseudonym) and kind.
    """

    seq: int
    leaf: bytes
    path: tuple[bytes, ...]
    checkpoint: Checkpoint
    body: bytes = attrs.field(repr=False)
    points: Mapping[str, Mapping[str, Points]] = attrs.field(factory=dict)
    since: Checkpoint | None = None
    growth: tuple[bytes, ...] = ()

    @property
    def entry(self) -> Entry:
        """The entry that is proven."""
        return Entry.from_bytes(self.body)

    def to_text(self) -> str:
        """The proof as C2SP `tlog-proof` text, for paper; its extra line holds the entry's bytes.
        The older checkpoint is not in it."""
        return "".join(f"{line}\n" for line in (
            "c2sp.org/tlog-proof@v1", f"extra {_base64(self.body)}", f"index {self.seq - 1}",
            *map(_base64, self.path), "")) + self.checkpoint.to_text()

    def told(self, **more: Any) -> dict[str, Any]:  # Any: JSON values
        """The proof as plain JSON values, for `examples/proofs/check_proof.py` or another
        program of somebody else."""
        older = {"since": {"checkpoint": self.since.to_text(), "code": self.since.code,
                           "path": [one.hex() for one in self.growth]}} if self.since else {}
        return {"v": 1, "checkpoint": self.checkpoint.to_text(), "code": self.checkpoint.code,
                "seq": self.seq, "entry": self.body.decode(),
                "path": [one.hex() for one in self.path], **older, **more}


def outstanding(book: Book) -> dict[str, Points]:
    """The points of every kind that passbooks hold now, less what they owe; what the calendar
    did until now is taken into account, written or not."""
    if found := known(book, "outstanding"):
        return dict(found[0])
    with book.reading():
        now = book.now()
        day = book.calendar.day_of(now)
        rulebook = book.rulebook_on(day)
        if rulebook is None:
            raise Refused(Code.RULEBOOK_UNKNOWN, {"day": day.isoformat()})
        rows = book.overlay()
        for holder in whose_due(rows, now, book.terms(), book.calendar):
            fold_due(book, rows, holder, now)
        sums = {kind.code: as_points(in_passbooks(rows, point_unit(kind.code)), kind.decimals)
                for kind in rulebook.kinds}
        remember(book, "outstanding", sums, now,
                 ends.until(rows, now, book.terms(), book.calendar))
        return dict(sums)


def checkpoint(book: Book) -> Checkpoint:
    """Size and root of the journal; remembered, where the book may be written to."""
    with book.reading():
        found = standing(book)
    if book.store.is_writable and not book.batch_depth:
        with book.store.writing():
            book.store.put(CheckpointRow(size=found.size, root=found.root, noted_at=book.now()))
    return found


def standing(book: Book) -> Checkpoint:
    """Size and root of the journal as it stands in this transaction."""
    size = book.head()[0]
    return Checkpoint(origin=origin(book), size=size, root=_root(book, size))


def prove(
    book: Book, seq: int, against: Kept | None = None, since: Kept | None = None,
) -> Proof:
    """The proof that an entry is in the book of a checkpoint (left out: of now), and that this
    one continues an older one.

    Raises:
        NotFound: no such entry. Misfit: a checkpoint is not one of this book, is older than the
            entry, or not older than the one that should continue it.
    """
    with book.reading():
        row = book.store.get(EntryRow, seq)
        if row is None:
            raise NotFound("entry", seq)
        then = _held(book, against) if against is not None else standing(book)
        if seq > then.size:
            raise Misfit("newer", {"seq": seq, "size": then.size, "kept": then.code})
        older = _held(book, since) if since is not None else None
        if older and older.size > then.size:
            raise Misfit("later", {"size": then.size, "kept": older.code})
        return _checked(book, Proof(
            seq=seq, leaf=row.leaf, checkpoint=then, body=row.body, since=older,
            path=inclusion_proof(seq - 1, then.size, _leaves(book), _nodes(book)),
            growth=consistency_proof(older.size, then.size, _leaves(book), _nodes(book))
            if older else ()))


def _checked(book: Book, proof: Proof) -> Proof:
    """The proof with what its entry moved; a damaged book hands out none that leads nowhere."""
    then, older = proof.checkpoint, proof.since
    if not verify_inclusion(leaf_hash(proof.body), proof.seq - 1, then.size, proof.path,
                            then.root) or (older and not verify_consistency(
            older.size, then.size, proof.growth, older.root, then.root)):
        raise BookDamaged("the proof does not lead to its checkpoint", seq=proof.seq)
    return attrs.evolve(proof, points=_moved(book, proof.entry))


def decimals(book: Book) -> dict[str, int]:
    """The decimals of every kind of points that a rulebook ever named."""
    # Decimals of a kind never change after the first rulebook that has it.
    return {kind.code: kind.decimals for _, one in book.terms() for kind in one.kinds}


def _moved(book: Book, entry: Entry) -> dict[str, dict[str, Points]]:
    """What an entry gave (above zero) and took, by passbook and kind of points."""
    sums: dict[str, dict[str, int]] = {}
    for posting in entry.postings:
        for account, amount in ((posting.target, posting.amount),
                                (posting.source, -posting.amount)):
            if account.startswith("passbook/"):
                of = sums.setdefault(account.split("/")[1], {})
                of[kind_of(posting.unit)] = of.get(kind_of(posting.unit), 0) + amount
    places = decimals(book)
    return {holder: {kind: as_points(amount, places.get(kind, 0)) for kind, amount in kinds.items()
                     if amount} for holder, kinds in sums.items() if any(kinds.values())}


def _held(book: Book, kept: Kept) -> Checkpoint:
    """The whole checkpoint of what was kept outside, if the book still fits it."""
    size = book.head()[0]
    then = root_of(_leaves(book)(0, kept.size)) if kept.size <= size else None
    found = compare(kept, origin(book), size, then)
    if found.outcome != "holds" or then is None:
        raise Misfit(found.outcome, found.facts)
    return Checkpoint(origin=origin(book), size=kept.size, root=then)


def consistency(book: Book, size: int) -> tuple[bytes, ...]:
    """The proof that the book of now continues the book of `size` entries."""
    with book.reading():
        if size > book.head()[0]:
            raise NotFound("entry", size)
        return consistency_proof(size, book.head()[0], _leaves(book), _nodes(book))


def checkpoint_at(book: Book, size: int) -> Checkpoint:
    """The checkpoint that the journal's first `size` entries give."""
    return Checkpoint(origin=origin(book), size=size, root=root_at(book, size))


def root_at(book: Book, size: int) -> bytes:
    """The root that the journal's first `size` entries give."""
    with book.reading():
        if not 0 <= size <= book.head()[0]:
            raise NotFound("entry", size)
        return root_of(_leaves(book)(0, size))


def damage(found: Verification) -> str:
    """What convicts a book: the first problem inside it, or the first paper that it does not
    fit; "" if nothing does. A paper of another book says nothing."""
    if found.problems:
        return found.problems[0].what
    wrong = [one for one in found.against if one.outcome in ("differs", "shorter")]
    return wrong[0].sentence("en") if wrong else ""


def origin(book: Book) -> str:
    """What the checkpoints of this book call it."""
    return f"lovepoints/{book.title()['origin']}"


def _base64(found: bytes) -> str:
    return base64.b64encode(found).decode()


def _root(book: Book, size: int) -> bytes:
    levels = {row.level: row.hash for row in book.store.find(Frontier)}
    try:
        return root(frontier_of(levels, size))
    except KeyError as missing:
        raise BookDamaged(f"the tree lacks its node of level {missing}", seq=size) from None


def _leaves(book: Book) -> Hashes:
    def read(low: int, high: int) -> list[bytes]:
        return [row.leaf for row in book.store.find(EntryRow, low=low + 1, high=high)]

    return read


def _nodes(book: Book) -> Hashes:
    def read(low: int, high: int) -> list[bytes]:
        return [row.hash for row in book.store.find(Node256, low=low, high=high - 1)]

    return read
