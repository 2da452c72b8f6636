"""The close of a period: what is due is written, every passbook counted, the past sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import attrs

from lovepoints.core import closing
from lovepoints.core.checkpoints import Kept
from lovepoints.core.journal import Draft
from lovepoints.core.rows import Balance, CloseLeaf, Party, Setting
from lovepoints.core.values import kind_of
from lovepoints.desks.answers import Points, as_points
from lovepoints.desks.auditing import Proof, checkpoint_at, decimals, prove
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command
from lovepoints.desks.passbooks import holder_for
from lovepoints.errors import BookDamaged, NotFound


@attrs.frozen(kw_only=True)
class Close:
    """A closed period: nothing is dated on or before `until` any more.

    All `passbooks` together had `points` of every kind (free or set aside) and owed `owed`;
    `root` is what each proof leads to. Publish them with a checkpoint of then or later.
    """

    seq: int
    until: date
    passbooks: int
    points: dict[str, Points]
    owed: dict[str, Points]
    root: bytes
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class PartProof:
    """That one part of a passbook stands at `place` of a close; `path` are the nodes beside the
    way to the root, each with the sums of what lies below it."""

    leaf: str
    place: int
    path: tuple[closing.Node, ...]


@attrs.frozen(kw_only=True)
class BalanceProof:
    """That a passbook was counted in a close, whole and in the published sums, for whoever has
    them or any later checkpoint. `holder` is the passbook's pseudonym."""

    holder: str
    points: dict[str, Points]
    owed: dict[str, Points]
    close: Close
    parts: tuple[PartProof, ...]
    entry: Proof

    def told(self) -> dict[str, Any]:  # Any: JSON values
        """The proof as plain JSON values, for `examples/proofs/check_balance.py` or another
        program of somebody else."""
        return self.entry.told(balance=[
            {"leaf": part.leaf, "place": part.place, "path": [one.to_json() for one in part.path]}
            for part in self.parts])


def close_period(command: Command, until: date | None) -> Draft:
    """Settle everybody, count every passbook, and say what was counted.

    Raises:
        ValueError: `until` is not over yet, or was closed before.
    """
    book = command.book
    last = until or command.day - timedelta(days=1)
    if last >= command.day:
        raise ValueError(f"until={last} is not over; a period is closed after its last day")
    if last.isoformat() <= (before := closing.closed_until(book.store)):
        raise ValueError(f"until={last} was closed already, up to {before}")
    for party in book.store.find(Party):
        command.settle(party.id)
    found, seq = closing.counted(book.store.scan(Balance)), command.next_seq
    leaves = closing.cut(seq, found, book.random)
    for leaf in leaves:
        book.store.put(leaf)
    return Draft(
        kind="close_period", subject="book", at=command.at, day=command.day.isoformat(), details={
            "until": last.isoformat(), "root": closing.close_root(leaves).hex(),
            "passbooks": len(found), "leaves": len(leaves), "sums": closing.total(found.values()),
            "rows": {"setting": [{"name": "closed",
                                  "value": {"until": last.isoformat(), "seq": seq}}]}})


def closed(book: Book, answer: Answer) -> Close:
    """The noun of a close."""
    told = answer.entry.details
    return Close(
        seq=answer.entry.seq, until=date.fromisoformat(told["until"]),
        passbooks=told["passbooks"], root=bytes.fromhex(told["root"]), key=answer.key,
        is_repeat=answer.is_repeat,
        points=_points(book, told["sums"], 0), owed=_points(book, told["sums"], 1))


def prove_balance(book: Book, code: str, seq: int, against: Kept | None) -> BalanceProof:
    """The proof that a passbook was counted in the newest close, or in that of entry `seq`;
    against the checkpoint that the close left, or a later one."""
    with book.reading():
        newest = book.store.get(Setting, "closed")
        if newest is None:
            raise NotFound("close", "this book has not closed a period yet")
        seq = seq or int(newest.value["seq"])
        holder = holder_for(book, book.person(code, "resident", "household", "team"))
        rows = book.store.find(CloseLeaf, "", seq)
        own = [row for row in rows if row.holder == holder]
        if not own:
            raise NotFound("passbook counted in that close", code)
        close = closed(book, Answer(entry=book.entry(seq), key=""))
        if not closing.is_close(rows, close.root):
            raise BookDamaged("what this close counted is not there any more", seq=seq)
        sums = closing.total(row.sums for row in own)
        return BalanceProof(
            holder=holder, points=_points(book, sums, 0), owed=_points(book, sums, 1),
            close=close, entry=prove(book, seq, against or checkpoint_at(book, seq)),
            parts=tuple(_part(rows, row) for row in own))


def _part(rows: Sequence[CloseLeaf], row: CloseLeaf) -> PartProof:
    place, path = closing.close_path(rows, row)
    return PartProof(leaf=closing.leaf_bytes(row).decode(), place=place, path=path)


def _points(book: Book, sums: Mapping[str, Sequence[int]], side: int) -> dict[str, Points]:
    """One side of sums as people write them, by kind."""
    places = decimals(book)
    return {kind_of(unit): as_points(pair[side], places[kind_of(unit)])
            for unit, pair in sums.items() if pair[side]}
