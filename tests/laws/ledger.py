"""A second pair of eyes: the invariants of a book, worked out from its entries without the code
that the book itself uses for them. Every function is an assertion that names what does not hold.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from lovepoints.core.journal import Entry
from lovepoints.core.merkle import leaf_hash as _their_leaf_hash
from lovepoints.core.projecting import refold
from lovepoints.core.rows import (
    Balance,
    Credit,
    DeedRow,
    EntryRow,
    Frontier,
    Lot,
    PostingRow,
    RedemptionRow,
)
from lovepoints.core.store import Store
from lovepoints.stores import dump
from lovepoints.stores.memory import MemoryStore

Body = dict[str, Any]
DRAWING = ("redeem", "hold", "transfer", "settle", "adjust", "debit")
"""Kinds of entry that draw on lots in the one order (I13)."""


def check(store: Store) -> None:
    """Everything below but the rebuilding, for one store."""
    bodies = [json.loads(row.body) for row in store.scan(EntryRow)]
    journal(store, bodies)
    balances(store, bodies)
    lots(store, bodies)
    holds(store)
    reversals(bodies)
    redemptions(store, bodies)
    deeds(store, bodies)
    tree(store)


def journal(store: Store, bodies: list[Body]) -> None:
    """I6, I7: dense, later and later, every key once."""
    rows = list(store.scan(EntryRow))
    assert [*range(1, len(rows) + 1)] == [body["seq"] for body in bodies]
    times = [body["recorded_at"] for body in bodies]
    assert sorted(set(times)) == times
    keys = [body["key"] for body in bodies]
    assert len(set(keys)) == len(keys)
    assert all(body["at"] <= body["recorded_at"] for body in bodies)


def balances(store: Store, bodies: list[Body]) -> None:
    """I1-I5: posting by posting, with the running figures that are stored beside them."""  # bug 45
    now: Counter[tuple[str, str]] = Counter()
    versions: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], int] = {}
    for body in bodies:
        for line, posting in enumerate(body.get("postings", ())):
            number = body["seq"] * 4096 + line + 1
            row = store.get(PostingRow, number)
            assert row is not None, number
            assert posting["amount"] > 0
            assert posting["source"] != posting["target"]
            for account, sign, after, before in (
                (posting["source"], -1, row.source_after, row.source_prev),
                (posting["target"], 1, row.target_after, row.target_prev),
            ):
                place = (account, posting["unit"])
                now[place] += sign * posting["amount"]
                versions[place] += 1
                below = account in ("issued", "supplier") or account.endswith("/owed")
                assert now[place] <= 0 if below else now[place] >= 0, (body, account)
                assert (now[place], last.get(place, 0)) == (after, before), (body, account)
                last[place] = number
    for unit in {unit for _, unit in now}:
        assert 0 == sum(amount for (_, one), amount in now.items() if one == unit)
    stored = {(row.account, row.unit): (row.amount, row.version, row.last)
              for row in store.scan(Balance)}
    assert {place: (now[place], versions[place], last[place]) for place in now} == stored


def lots(store: Store, bodies: list[Body]) -> None:
    """I12, I13: what every lot has left, and that nobody drew on a later lot first."""  # bug 11
    free: Counter[int] = Counter()
    held: Counter[int] = Counter()
    granted: dict[int, tuple[str, str, int, int, int]] = {}
    frozen: set[int] = set()
    for body in bodies:
        drawn: dict[tuple[str, str], set[int]] = defaultdict(set)
        for line, posting in enumerate(body.get("postings", ())):
            number, lot = body["seq"] * 4096 + line + 1, posting.get("lot", 0)
            if lot:
                base, unit = granted[lot][0], granted[lot][1]
                assert unit == posting["unit"]
                free[lot] -= posting["amount"] * (posting["source"] == base)
                held[lot] -= posting["amount"] * (posting["source"] == f"{base}/held")
                if "opens" not in posting:
                    free[lot] += posting["amount"] * (posting["target"] == base)
                    held[lot] += posting["amount"] * (posting["target"] == f"{base}/held")
                if posting["source"] == base:
                    drawn[base, unit].add(lot)
                assert 0 <= free[lot] and 0 <= held[lot], (body, lot)
                assert free[lot] + held[lot] <= granted[lot][2], (body, lot)
            if "opens" in posting:
                available, ends = posting["opens"]
                granted[number] = (posting["target"], posting["unit"], posting["amount"],
                                   available, ends)
                free[number] = posting["amount"]
        if body["kind"] in DRAWING:
            moment = body["at"] if body["by"] == "lp" else body["recorded_at"]
            _in_order(drawn, granted, free, frozen, moment, body)
        for change in body.get("details", {}).get("rows", {}).get("lot", ()):
            (frozen.add if change["frozen"] else frozen.discard)(change["id"])
    stored = {row.id: (row.account, row.unit, row.granted, row.available_at, row.ends_at,
                       row.free, row.held) for row in store.scan(Lot)}
    assert {lot: (*granted[lot], free[lot], held[lot]) for lot in granted} == stored
    _lots_are_balances(store)


def _in_order(
    drawn: dict[tuple[str, str], set[int]], granted: dict[int, tuple[str, str, int, int, int]],
    free: Counter[int], frozen: set[int], moment: int, body: Body,
) -> None:
    for (account, unit), used in drawn.items():
        live = [(ends, lot) for lot, (base, one, _, available, ends) in granted.items()
                if (base, one) == (account, unit) and lot not in frozen
                and available <= moment < ends]
        if body["kind"] == "adjust" or not live:
            continue  # a correction may also draw on what still waits for its day
        newest = max((granted[lot][4], lot) for lot in used)
        skipped = [lot for ends, lot in live if (ends, lot) < newest and free[lot]]
        assert [] == skipped, (body, skipped)


def _lots_are_balances(store: Store) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for lot in store.scan(Lot):
        found[lot.account, lot.unit] += lot.free
        found[f"{lot.account}/held", lot.unit] += lot.held
    stored = {(row.account, row.unit): row.amount for row in store.scan(Balance)
              if row.account.startswith(("passbook/", "shelf")) and "/owed" not in row.account}
    assert +found == +Counter(stored)


def holds(store: Store) -> None:
    """I11: what is reserved in open reservations is what lies in the held accounts."""
    expected: Counter[tuple[str, str]] = Counter()
    for row in store.scan(RedemptionRow):
        if row.state != "held":
            continue
        for unit, _, amount in row.details["points"]:
            expected[f"passbook/{row.holder}/held", unit] += amount
        for line in row.details["lines"]:
            for _, amount in line["lots"]:
                expected["shelf/held", f"item:{line['item']}"] += amount
    stored = {(row.account, row.unit): row.amount for row in store.scan(Balance)
              if row.account.endswith("/held")}
    assert +expected == +Counter(stored)


def reversals(bodies: list[Body]) -> None:
    """I15: each entry taken back once, no reversal taken back, all of it returned."""
    taken = [body for body in bodies if body.get("reverses")]
    assert len({body["reverses"] for body in taken}) == len(taken)
    for body in taken:
        first = bodies[body["reverses"] - 1]
        assert not first.get("reverses")
        left: Counter[tuple[str, str]] = Counter()
        for posting in (*first.get("postings", ()), *body.get("postings", ())):
            # Whether a holder has a point, owes it or let it lapse is one question here.
            left[_party(posting["source"]), posting["unit"]] -= posting["amount"]
            left[_party(posting["target"]), posting["unit"]] += posting["amount"]
        expired = {unit: -left.pop(("expired", unit), 0)
                   for unit in {one for _, one in [*left]}}
        for unit, amount in expired.items():
            assert amount == sum(n for (_, one), n in left.items() if one == unit)
            if not amount:
                assert not any(n for (_, one), n in left.items() if one == unit), body


def _party(account: str) -> str:
    return "/".join(account.split("/")[:2]) if account.startswith("passbook/") else account


def redemptions(store: Store, bodies: list[Body]) -> None:
    """I16: points and goods in one entry, and the points are price times pieces."""
    rows = {row.id: row for row in store.scan(RedemptionRow)}
    for body in bodies:
        if body["kind"] not in ("redeem", "hold"):
            continue
        row = rows[body["subject"]]
        price: Counter[str] = Counter()
        goods: Counter[str] = Counter()
        for line in row.details["lines"]:
            for unit, amount in line["unit_price"].items():
                price[unit or "point"] += amount * line["quantity"]
            if line["lots"]:
                goods[f"item:{line['item']}"] += line["quantity"]
        moved: Counter[str] = Counter()
        for posting in body["postings"]:
            moved[posting["unit"]] += posting["amount"]
        assert price + goods == moved, body


def deeds(store: Store, bodies: list[Body]) -> None:
    """I17 and bug 40: what a deed moved is what its present decisions are worth, and no more."""
    moved: Counter[tuple[str, str]] = Counter()
    for body in bodies:
        if not body["subject"].startswith("d-"):
            continue
        for posting in body.get("postings", ()):
            for account, sign in ((posting["source"], -1), (posting["target"], 1)):
                if account == "issued":
                    moved[body["subject"], posting["unit"]] -= sign * posting["amount"]
    worth: Counter[tuple[str, str]] = Counter()
    for credit in store.scan(Credit):
        worth[credit.deed, credit.unit] += max(0, credit.points)
    assert {place: n for place, n in worth.items() if n} == {
        place: n for place, n in moved.items() if n}
    for deed in store.scan(DeedRow):
        live = [one["stage"] for one in deed.details.get("decisions", ())
                if not one.get("taken_back") and "+" not in one["stage"]]
        assert len(set(live)) == len(live), deed
        if deed.status in ("withdrawn", "duplicate"):
            assert [] == live, deed


def capped(credits: Iterable[Credit], rules: tuple[str, ...], unit: str, most: int) -> None:
    """I17: a monthly cap per resident on some rules, by counting day."""
    used: Counter[tuple[str, str]] = Counter()
    for credit in credits:
        if credit.rule in rules and credit.unit == unit:
            used[credit.doer, credit.day[:7]] += credit.points
    assert all(amount <= most for amount in used.values()), used


def tree(store: Store) -> None:
    """I18: the stored frontier gives the root of RFC 6962 over all leaves."""
    rows = list(store.scan(EntryRow))
    assert [hashlib.sha256(b"\0" + row.body).digest() for row in rows] == [
        row.leaf for row in rows]
    levels = {row.level: row.hash for row in store.scan(Frontier)}
    parts = [levels[level] for level in range(40) if len(rows) >> level & 1]
    folded = parts[0] if parts else hashlib.sha256().digest()
    for part in parts[1:]:
        folded = hashlib.sha256(b"\1" + part + folded).digest()
    assert _root([row.leaf for row in rows]) == folded


def _root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def rebuilt(store: Store) -> None:
    """I3, I19: the entries alone give every derived row."""
    empty = MemoryStore()
    with empty.writing():
        for row in store.scan(EntryRow):
            refold(Entry.from_bytes(row.body), _their_leaf_hash(row.body), empty)
    expected = dump(store, ["derived"])
    assert expected == dump(empty, ["derived"])
