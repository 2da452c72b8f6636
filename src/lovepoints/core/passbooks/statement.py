"""The lines of a passbook: what each entry changed in what it shows, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import attrs

from lovepoints.core.journal import Entry, posting_id, seq_of
from lovepoints.core.passbooks.passbook import OUTSIDE, held, owed, passbook
from lovepoints.core.rows import Balance, EntryRow, PostingRow
from lovepoints.core.store import Rows


@attrs.frozen(kw_only=True)
class Change:
    """What one entry changed: `points` more or less shown of `unit`, `balance` shown after it;
    `held` more or less set aside."""

    entry: Entry
    unit: str
    points: int
    balance: int
    held: int = 0


def changes(rows: Rows, holder: str, unit: str, after: int = 0) -> Iterator[Change]:
    """The changes of one unit of a passbook by entries after `after`, newest first, read as they
    are needed.

    A walk along three linked lists (free, held, owed): no index, no scan.
    """
    accounts = (passbook(holder), held(passbook(holder)), owed(holder))
    balances = {account: rows.get(Balance, account, unit) for account in accounts}
    shown = sum(balance.amount for balance in balances.values() if balance)
    heads = {account: balance.last for account, balance in balances.items() if balance}
    first = posting_id(after + 1, 0)
    for seq, group in groupby(_walk(rows, heads, first), key=lambda pair: seq_of(pair[0].id)):
        points = reserved = 0
        for row, account in group:
            amount = row.amount if row.target == account else -row.amount
            points += amount
            reserved += amount if account == accounts[1] else 0
        found = rows.get(EntryRow, seq)
        if found is not None and (points or reserved):
            yield Change(entry=Entry.from_bytes(found.body), unit=unit, points=points,
                         balance=shown, held=reserved)
        shown -= points


def outstanding(rows: Rows, unit: str) -> int:
    """What all passbooks together show of a unit of points: what was issued and is nowhere else,
    since every unit sums to nothing (I2)."""
    found = (rows.get(Balance, account, unit) for account in OUTSIDE)
    return -sum(balance.amount for balance in found if balance)


def is_below(
    rows: Rows, holder: str, unit: str, *, below: int, restored_at: int, shown: int,
) -> bool:
    """Whether a threshold holds: the balance fell below it and has not come back since."""
    if shown < below or shown >= restored_at:
        return shown < below
    for change in changes(rows, holder, unit):
        if change.balance < below or change.balance >= restored_at:
            return change.balance < below
    return False


def _walk(
    rows: Rows, heads: dict[str, int], first: int,
) -> Iterator[tuple[PostingRow, str]]:
    """The postings of several accounts back to the `first`, newest first, each as often as an
    account is in it."""
    while max(heads.values(), default=0) >= first:
        account = max(heads, key=lambda name: heads[name])
        row = rows.get(PostingRow, heads[account])
        assert row is not None, "a balance names its last posting"
        yield row, account
        heads[account] = row.source_prev if row.source == account else row.target_prev
