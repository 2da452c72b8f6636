"""The close of a period: what is due is written, every balance counted, the past sealed."""

from __future__ import annotations

from datetime import date, timedelta

import attrs

from lovepoints.core.closing import (
    close_path,
    close_root,
    closed_until,
    counted,
    leaf_bytes,
    totals,
)
from lovepoints.core.journal import Draft
from lovepoints.core.rows import Balance, CloseLeaf, Party, Setting
from lovepoints.core.values import kind_of, point_unit
from lovepoints.desks.answers import Points, as_points
from lovepoints.desks.auditing import Proof, prove
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command
from lovepoints.desks.passbooks import holder_for
from lovepoints.errors import NotFound


@attrs.frozen(kw_only=True)
class Close:
    """A closed period: nothing is dated on or before `until` any more. `points` of every kind
    are what all passbooks together showed, `leaves` how many balances were counted, `root` what
    each proof leads to. Publish them with a checkpoint of then or later."""

    seq: int
    until: date
    points: dict[str, Points]
    leaves: int
    root: bytes
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class BalanceProof:
    """That one balance was counted in a close, for whoever has the published root or any later
    checkpoint. `leaf` shows holder (as pseudonym), unit, balance and salt; `path` no other's."""

    leaf: str
    place: int
    leaves: int
    path: tuple[bytes, ...]
    close: Proof

    def to_text(self) -> str:
        """The proof as JSON, for a program of somebody else."""
        return self.close.to_text({"leaf": self.leaf, "place": self.place, "leaves": self.leaves,
                                   "path": [one.hex() for one in self.path]})


def closing(command: Command, until: date | None) -> Draft:
    """Settle everybody, count every balance, and say what was counted.

    Raises:
        ValueError: `until` is not over yet, or was closed before.
    """
    book = command.book
    last = until or command.day - timedelta(days=1)
    if last >= command.day:
        raise ValueError(f"until={last} is not over; a period is closed after its last day")
    if last.isoformat() <= (before := closed_until(book.store)):
        raise ValueError(f"until={last} was closed already, up to {before}")
    for party in book.store.find(Party):
        command.settle(party.id)
    found, seq = counted(book.store.scan(Balance)), command.next_seq
    rows = [CloseLeaf(seq=seq, holder=holder, unit=unit, balance=amount, salt=book.random(16))
            for (holder, unit), amount in sorted(found.items())]
    for row in rows:
        book.store.put(row)
    return Draft(
        kind="close_period", subject="book", at=command.at, day=command.day.isoformat(), details={
            "until": last.isoformat(), "root": close_root(rows).hex(), "leaves": len(rows),
            "totals": totals(found),
            "rows": {"setting": [{"name": "closed",
                                  "value": {"until": last.isoformat(), "seq": seq}}]}})


def closed(book: Book, answer: Answer) -> Close:
    """The noun of a close."""
    told = answer.entry.details
    rulebook = book.rulebook_on(date.fromisoformat(answer.entry.day))
    return Close(
        seq=answer.entry.seq, until=date.fromisoformat(told["until"]), leaves=told["leaves"],
        root=bytes.fromhex(told["root"]), key=answer.key, is_repeat=answer.is_repeat,
        points={kind_of(unit): as_points(total, rulebook.kind(kind_of(unit)).decimals
                                         if rulebook else 0)
                for unit, total in told["totals"].items()})


def prove_balance(book: Book, code: str, kind: str, seq: int) -> BalanceProof:
    """The proof that a balance was counted in the newest close, or in that of entry `seq`."""
    with book.reading():
        newest = book.store.get(Setting, "closed")
        if not seq and newest is None:
            raise NotFound("close", "this book has not closed a period yet")
        seq = seq or (int(newest.value["seq"]) if newest else 0)
        holder = holder_for(book, book.person(code, "resident", "household", "team"))
        rulebook = book.rulebook_on(book.calendar.day_of(book.now()))
        unit = point_unit(kind or (rulebook.main_kind.code if rulebook else "point"))
        row = book.store.get(CloseLeaf, seq, holder, unit)
        if row is None:
            raise NotFound("balance counted in that close", code)
        rows = book.store.find(CloseLeaf, "", seq)
        place, path = close_path(rows, row)
        return BalanceProof(leaf=leaf_bytes(row).decode(), place=place, leaves=len(rows),
                            path=path, close=prove(book, seq))
