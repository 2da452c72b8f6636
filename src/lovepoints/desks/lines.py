"""The lines of a passbook, as whoever holds it sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import islice

import attrs

from lovepoints.core.journal import Entry
from lovepoints.core.passbooks import passbook
from lovepoints.core.passbooks.statement import Change, changes
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.store import Rows
from lovepoints.core.values import item_unit, point_unit
from lovepoints.desks.answers import Points, as_points, is_hidden
from lovepoints.desks.book import Book

LINES = 50
"""How many lines a page has unless asked otherwise."""


@attrs.frozen(kw_only=True)
class Line:
    """One line of a passbook: what an entry changed, and the balance after it.

    `title` is the rule's title; `reserved` points were set aside (or let go, below zero) for a
    reservation. `is_correction`: a decision that took an earlier one back. `is_coarse`: all that
    the month's confidential kinds of one label moved, without entry and day; `day` is the month's
    first.
    """

    seq: int
    day: date
    kind: str
    title: str = ""
    clause: str = ""
    points: Points
    balance: Points
    reserved: Points = 0
    is_correction: bool = False
    is_coarse: bool = False


@attrs.frozen(kw_only=True)
class _Page:
    """The newest lines of a passbook, of the entries up to `upto`; `is_whole`: there are no more.
    """

    upto: int = 0
    lines: tuple[Line, ...] = ()
    is_whole: bool = True


def lines_of(
    book: Book, rows: Rows, rulebook: Rulebook, holder: str, count: int, *,
    is_present: bool,
) -> tuple[Line, ...]:
    """The newest lines of the first kind, newest first.

    A line never changes, so those that were told before are told again below the new ones.
    `is_present`: the rows are those of now, with what is due.
    """
    if not count:
        return ()
    main = rulebook.main_kind
    name = ("lines", holder, main.code, main.decimals)
    page: _Page = (is_present and book.store.noted(name, lasting=True)) or _Page()
    if count > len(page.lines) and not page.is_whole:
        page = _Page()
    newer = [(change.entry.seq, _line(book, change, main.decimals)) for change in islice(
        changes(rows, holder, point_unit(main.code), after=page.upto), count)]
    if len(newer) == count:
        page = _Page(is_whole=False)  # what stands between these and those is not known
    if is_present and (newer or not page.upto):
        # What the calendar owes has a line too, but no place in the journal yet.
        head = book.head()[0]
        standing = (*[line for seq, line in newer if seq <= head], *page.lines)
        book.store.note(name, _Page(
            upto=head, lines=standing[:LINES],
            is_whole=page.is_whole and len(standing) <= LINES), lasting=True)
    return coarse([*[line for _, line in newer], *page.lines][:count])


def coarse(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines (newest first) in which confidential ones are one a month and label, ahead of the
    month's others, so that neither day nor neighbours nor single amounts tell what it was.

    Balances are those that follow from this order; the last one is the passbook's.
    """
    if not any(line.is_coarse for line in lines):
        return tuple(lines)
    sums: dict[tuple[date, str], Line] = {}
    for line in (one for one in reversed(lines) if one.is_coarse):
        place = (line.day, line.title)
        before = sums[place].points if place in sums else line.points * 0
        sums[place] = attrs.evolve(line, points=before + line.points)
    plain = [line for line in reversed(lines) if not line.is_coarse]
    moved = [line for line in sums.values() if line.points]
    # By month, in the order of the book; a confidential sum ahead of what the month holds else.
    ordered: list[Line] = []
    for line in plain:
        ahead = [one for one in moved if one.day <= line.day.replace(day=1)]
        ordered += [*ahead, line]
        moved = [one for one in moved if one not in ahead]
    balance = lines[-1].balance - lines[-1].points
    told = []
    for line in (*ordered, *moved):
        balance += line.points
        told.append(attrs.evolve(line, balance=balance))
    return tuple(reversed(told))


def _line(book: Book, change: Change, decimals: int) -> Line:
    entry, hidden = change.entry, is_hidden(book, change.entry)
    day = date.fromisoformat(entry.day)
    title, clause = _title(book, entry)
    points, balance = (as_points(amount, decimals) for amount in (change.points, change.balance))
    if hidden:
        return Line(seq=0, day=day.replace(day=1), kind="confirm", title=title, points=points,
                    balance=balance, is_coarse=True)
    return Line(
        seq=entry.seq, day=day, kind=entry.kind, title=title, clause=clause, points=points,
        balance=balance, reserved=as_points(change.held, decimals),
        is_correction=entry.kind == "confirm" and any(
            posting.target == passbook.ISSUED or posting.source == passbook.DEDUCTED
            for posting in entry.postings),
    )


def _title(book: Book, entry: Entry) -> tuple[str, str]:
    """A rule's title and clause (the coarse label of a confidential kind has no clause), or the
    goods of a redemption."""
    for redemption in entry.details.get("rows", {}).get("redemption", ()):
        lines, moved = redemption["details"]["lines"], {one.unit for one in entry.postings}
        back = [line for line in lines if item_unit(line["item"]) in moved]
        return "、".join(line["title"] for line in
                        (back if entry.kind == "return" and back else lines)), ""
    if not entry.rule or not entry.rulebook:
        return "", ""
    rule = book.rulebook(entry.rulebook).rule(entry.rule)
    if rule is None:
        return "", ""
    return (rule.label, "") if rule.confidential else (rule.title, rule.clause)
