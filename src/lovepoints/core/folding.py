"""The journal folded again, fast: plain tuples and dicts instead of records.

`projecting.py` is the one writer of derived rows; this is its second pair of eyes, written for a
whole journal at once. What the one wrote is held against what the other folds at every
verification. Rows are kept as the bytes of their columns, so that a long journal is folded in
little memory.
"""

from __future__ import annotations

import json
import marshal
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from lovepoints.core.closing import PARTS, Counted, count, fingerprint, total
from lovepoints.core.findings import Problem
from lovepoints.core.projecting import CHANGEABLE, limit_broken
from lovepoints.core.tables import Table
from lovepoints.core.values import AMOUNT_MAX
from lovepoints.errors import BookDamaged, brief

Columns = tuple[Any, ...]  # Any: int, str and bytes, each column its own
Body = dict[str, Any]  # Any: the canonical JSON of an entry

_NEEDED = frozenset(
    {"v", "seq", "key", "kind", "subject", "at", "day", "recorded_at", "by", "role"})
_OPTIONAL = ("rulebook", "rule", "reverses", "details", "postings")
_COLUMNS = ("seq", "key", "kind", "subject", "day", "recorded_at")
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_DIGITS = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
_LONG = b"0" * 17
_MISSING = object()
_INTEGER_MAX = 2**53 - 1


def _no_float(text: str) -> None:
    raise ValueError(f"{text} is no whole number")


_DECODE = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float).decode


def read(row: Columns) -> tuple[Body | None, list[Problem]]:
    """The entry of a row of the journal, and what is wrong with its bytes and its columns."""
    seq, body = row[0], row[7]
    try:
        text = body.decode()
        out = _DECODE(text)
        if not isinstance(out, dict) or out.keys() - _NEEDED - {*_OPTIONAL} or \
                not out.keys() >= _NEEDED or out["v"] != 1:
            raise ValueError("not an entry of a format that this program knows")
        is_canonical = _ENCODE(out) == text and _is_plain(body, text, out) and all(
            out[name] for name in _OPTIONAL if name in out)
    except (ValueError, TypeError, RecursionError) as error:
        return None, [Problem(seq, "not_readable", {"why": str(error)})]
    found = [] if is_canonical else [Problem(seq, "not_canonical")]
    said = (*(out[name] for name in _COLUMNS), out.get("reverses", 0))
    if said != row[:7]:
        found += [Problem(seq, "column", {"column": name})
                  for name, value, stored in zip((*_COLUMNS, "reverses"), said, row[:7],
                                                 strict=True) if value != stored]
    return out, found


def _is_plain(body: bytes, text: str, out: Body) -> bool:
    """Whether the rest holds that makes a text canonical: no null, no number that is too large,
    ASCII keys, NFC. Most bytes show at a glance that nothing of the kind is in them."""
    if body.isascii() and b"null" not in body and _LONG not in body.translate(_DIGITS) and \
            not (b":9" in body or b"[9" in body or b",9" in body or b"-9" in body):
        return True
    return _has_plain_parts(out) and unicodedata.is_normalized("NFC", text)


def _has_plain_parts(value: Any) -> bool:  # Any: JSON values
    for inner in value.values() if type(value) is dict else value:
        kind = type(inner)
        if kind is int:
            if not -_INTEGER_MAX <= inner <= _INTEGER_MAX:
                return False
        elif inner is None or ((kind is dict or kind is list) and not _has_plain_parts(inner)):
            return False
    return type(value) is list or all(map(str.isascii, value))


class Rows:
    """The rows of one table that entries name, as the bytes of their columns."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._at = {name: at for at, name in enumerate(table.columns)}
        self._key = tuple(self._at[name] for name in table.key)
        self._defaults = [_default(table, name) for name in table.columns]
        self._details = frozenset(at for name, at in self._at.items()
                                  if _kind(table, name) == "Details")
        self._seq = self._at.get("seq", -1)
        self._is_keyed_by_seq = "seq" in table.key
        self._rows: dict[Any, bytes] = {}  # Any: one key column, or a tuple of them

    def change(self, change: Mapping[str, Any], seq: int) -> None:  # Any: JSON values
        """Make the row, or change the columns that are named."""
        key = self._key_of(change, seq)
        if (kept := self._rows.get(key)) is None:
            row = list(self._defaults)
            if self._seq >= 0:
                row[self._seq] = seq
        else:
            row = list(marshal.loads(kept))
        for name, value in change.items():
            at = self._at[name]
            if at in self._details:
                if type(value) is not dict:
                    raise TypeError(f"{name} takes an object, not {brief(value)}")
                value = _ENCODE(value)
            row[at] = value
        if kept is None and _MISSING in row:
            raise ValueError(f"a row of {self.table.name} is made without all its columns")
        self._rows[key] = marshal.dumps(tuple(row), 2)

    def take(self, row: Columns) -> str:
        """Hold a stored row against the folded one, and let go of that: "" or what is wrong."""
        key = row[self._key[0]] if len(self._key) == 1 else tuple(row[at] for at in self._key)
        kept = self._rows.pop(key, None)
        if kept is None:
            return "row_unmade"
        return "" if marshal.loads(kept) == row else "row_differs"

    def name(self, row: Columns) -> str:
        """The key of a row, as problems name it."""
        return " ".join(str(row[at]) for at in self._key)

    def left(self) -> Iterator[str]:
        """The names of the rows that no stored one was held against."""
        for kept in self._rows.values():
            yield self.name(marshal.loads(kept))

    def _key_of(self, change: Mapping[str, Any], seq: int) -> Any:  # Any: see _rows
        if self._is_keyed_by_seq and "seq" not in change:
            change = {**change, "seq": seq}
        names = self.table.key
        return change[names[0]] if len(names) == 1 else tuple(change[name] for name in names)


class Fold:
    """Balances, lots and rows as the entries so far give them."""

    def __init__(self) -> None:
        self.size = 0
        self.recorded_at = 0
        self.balances: dict[tuple[str, str], list[int]] = {}
        """By account and unit: amount, how many postings, the last one."""
        self.lots: dict[int, list[Any]] = {}  # Any: the columns of a lot
        self.rows = {name: Rows(table) for name, table in CHANGEABLE.items() if name != "lot"}
        self.seals: dict[str, str] = {}
        self.keys: dict[str, tuple[int, int]] = {}
        """By the keys of callers: the entry, and when it was recorded."""
        self.postings: list[Columns] = []
        """The stored form of the postings since this list was last emptied."""
        self.closes: dict[int, tuple[str, int, bytes]] = {}
        """By the entry of a close: its root, how many leaves, and the fingerprint of what it had
        to count."""
        self.closed = ""
        """The last closed day; nothing later is dated on or before it."""
        self._names: dict[str, str] = {}

    def take(self, out: Body) -> None:
        """Fold one entry.

        Raises:
            BookDamaged, ValueError, TypeError, KeyError: it contradicts what came before it.
        """
        seq: int = out["seq"]
        for number, posting in enumerate(out.get("postings", ()), (seq << 12) + 1):
            self._post(number, posting)
        if details := out.get("details"):
            changes = details.get("rows", {})
            for name in sorted(changes):
                rows = self.rows.get(name)
                for change in changes[name]:
                    if rows is None:
                        self._change_lot(name, change)
                    else:
                        rows.change(change, seq)
            self.seals.update(details.get("sealed", {}))
        if out["day"] <= self.closed:
            raise BookDamaged(f"it is dated {out['day']}, up to {self.closed} is closed", seq=seq)
        if out["kind"] == "close_period":
            self._close(seq, out["day"], out["details"])
        if not out["key"].startswith("lp:"):
            self.keys[out["key"]] = (seq, out["recorded_at"])
        self.size, self.recorded_at = seq, out["recorded_at"]

    def _close(self, seq: int, day: str, details: Mapping[str, Any]) -> None:  # Any: JSON values
        if not self.closed < details["until"] < day:
            raise BookDamaged("it closes a period that is not over, or was closed", seq=seq)
        self.closed = details["until"]
        found: Counted = {}
        for (account, unit), row in self.balances.items():
            count(found, account, unit, row[0])
        if (details["sums"], details["passbooks"]) != (total(found.values()), len(found)):
            raise BookDamaged("the sums of the close are not those of the passbooks", seq=seq)
        self.closes[seq] = (details["root"], len(found) * PARTS, fingerprint(found))

    def _post(self, number: int, posting: Mapping[str, Any]) -> None:  # Any: JSON values
        names = self._names
        source = names.setdefault(posting["source"], posting["source"])
        target = names.setdefault(posting["target"], posting["target"])
        unit = names.setdefault(posting["unit"], posting["unit"])
        amount, lot, opens = posting["amount"], posting.get("lot", 0), posting.get("opens")
        if type(amount) is not int or not 0 < amount <= AMOUNT_MAX or source == target or \
                len(posting) != 4 + (lot != 0) + (opens is not None):
            raise ValueError(f"not a posting: {posting}")
        given, given_before = self._moved(source, unit, -amount, number)
        taken, taken_before = self._moved(target, unit, amount, number)
        self.postings.append((number, source, target, unit, amount, lot,
                              given, given_before, taken, taken_before))
        if lot:
            self._move_lot(number, source, target, unit, amount, lot, opens is not None)
        if opens is not None:
            available_at, ends_at = opens
            self.lots[number] = [number, target, unit, amount, amount, 0, available_at, ends_at,
                                 0, 1]

    def _moved(self, account: str, unit: str, amount: int, number: int) -> tuple[int, int]:
        row = self.balances.get((account, unit))
        if row is None:
            row = self.balances[account, unit] = [0, 0, 0]
        after, before = row[0] + amount, row[2]
        if limit_broken(account, after):
            raise BookDamaged(f"{account} would stand at {after} {unit}", seq=number >> 12)
        row[0], row[1], row[2] = after, row[1] + 1, number
        return after, before

    def _move_lot(
        self, number: int, source: str, target: str, unit: str, amount: int, lot: int,
        opens: bool,
    ) -> None:
        row = self.lots.get(lot)
        if row is None or row[2] != unit:
            raise BookDamaged(f"lot {lot} is not one of {unit}", seq=number >> 12)
        _, base, _, granted, free, held, *_ = row
        if source == base:
            free -= amount
        elif source == base + "/held":
            held -= amount
        if not opens:
            if target == base:
                free += amount
            elif target == base + "/held":
                held += amount
        if free < 0 or held < 0 or free + held > granted:
            raise BookDamaged(f"lot {lot} would have {free} free and {held} held of {granted}",
                              seq=number >> 12)
        row[4], row[5], row[9] = free, held, int(free + held > 0)

    def _change_lot(self, name: str, change: Mapping[str, Any]) -> None:  # Any: JSON values
        table = CHANGEABLE[name]
        row = self.lots[change["id"]]
        for column, value in change.items():
            row[table.columns.index(column)] = value


def _kind(table: Table, name: str) -> str:
    return str(getattr(attrs.fields(table.record), name).type)


def _default(table: Table, name: str) -> Any:  # Any: a column's own type
    default = getattr(attrs.fields(table.record), name).default
    if default is attrs.NOTHING:
        return _MISSING
    return "{}" if _kind(table, name) == "Details" else default
