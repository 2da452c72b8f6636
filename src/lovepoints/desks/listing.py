"""What public lists may go by: nothing confidential, and nothing that was written today."""

from __future__ import annotations

from collections.abc import Iterator

from lovepoints.core.journal import Entry, seq_of
from lovepoints.core.passbooks.passbook import EXPIRED
from lovepoints.core.passbooks.statement import changes
from lovepoints.core.rows import Credit, EntryRow
from lovepoints.core.store import Rows
from lovepoints.core.values import SEQ_MAX
from lovepoints.desks.answers import confidential, is_hidden
from lovepoints.desks.book import Book


def before_today(book: Book) -> int:
    """The last entry that was written before today began; 0 if there is none.

    A public list goes by it, so that looking again and again does not tell who was just paid.
    """
    midnight = book.calendar.start_of(book.calendar.day_of(book.now()))
    low, high = 0, book.head()[0]

    def is_before(seq: int) -> bool:
        row = book.store.get(EntryRow, seq)
        return row is not None and row.recorded_at < midnight

    known = book.eve[1]
    if book.eve[0] == midnight and known <= high and (known == 0 or is_before(known)) and (
            known == high or not is_before(known + 1)):
        return known
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_before(middle) else (low, middle - 1)
    book.eve = (midnight, low)
    return low


def credits(book: Book, until: int = SEQ_MAX) -> Iterator[Credit]:
    """Every credit as it stood after entry `until`."""
    later = {row.subject for row in book.store.scan(EntryRow, until)}
    for row in book.store.scan(Credit):
        earlier = _earlier(book, row, until) if row.deed in later else row
        if earlier is not None:
            yield earlier


def balance(
    book: Book, rows: Rows, holder: str, unit: str, until: int = SEQ_MAX,
) -> int:
    """What a passbook showed after entry `until`, as if nothing confidential had ever been paid:
    what was spent counts as spent from the other points."""
    hides = bool(confidential(book))
    for change in changes(rows, holder, unit):
        if change.entry.seq <= until:
            shown = change.balance
            break
    else:
        return 0
    if not hides:
        return shown
    return shown - sum(
        change.points if is_hidden(book, change.entry) else -_lapsed(book, change.entry, unit)
        for change in changes(rows, holder, unit) if change.entry.seq <= until)


def _lapsed(book: Book, entry: Entry, unit: str) -> int:
    """How many confidential points ran out with an entry."""
    return sum(
        posting.amount for posting in entry.postings
        if posting.target == EXPIRED and posting.unit == unit
        and is_hidden(book, book.entry(seq_of(posting.lot))))


def _earlier(book: Book, row: Credit, until: int) -> Credit | None:
    """A credit as the decisions up to entry `until` left it; None if there was none yet."""
    found: dict[str, object] = {}
    for entry in book.entries_about(row.deed):
        for one in entry.details.get("rows", {}).get("credit", ()) if entry.seq <= until else ():
            if all(one.get(name, "") == getattr(row, name)
                   for name in ("deed", "stage", "doer", "unit")):
                found = {"seq": entry.seq, **found, **one}
    return Credit(**found) if "rule" in found else None  # type: ignore[arg-type]  # its columns
