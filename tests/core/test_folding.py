"""The second pair of eyes: what it reads out of bytes, and what it does not fold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lovepoints.core.folding import Fold, read
from lovepoints.core.journal import canonical_bytes
from lovepoints.core.values import AMOUNT_MAX
from lovepoints.errors import BookDamaged

ME = "passbook/r-1"


def body(seq: int = 1, *postings: dict[str, Any], **more: Any) -> dict[str, Any]:  # Any: JSON
    """A plausible entry."""
    return {"v": 1, "seq": seq, "key": f"lp:{seq}", "kind": "adjust", "subject": "s", "at": 5,
            "day": "2026-03-07", "recorded_at": seq, "by": "staff-1", "role": "committee",
            **({"postings": [*postings]} if postings else {}), **more}


def row(out: dict[str, Any], raw: bytes | None = None) -> tuple[Any, ...]:
    """Its row of the journal; `raw` stands in for the canonical bytes."""
    return (out["seq"], out["key"], out["kind"], out["subject"], out["day"], out["recorded_at"],
            out.get("reverses", 0), canonical_bytes(out) if raw is None else raw, b"")


def posting(source: str, target: str, amount: int = 5, **more: Any) -> dict[str, Any]:
    """One posting of points."""
    return {"source": source, "target": target, "unit": "point", "amount": amount, **more}


OPENED = posting("issued", ME, 10, opens=[0, 99])
LOT = (1 << 12) + 1


@pytest.mark.parametrize("more", [
    {}, {"rule": "help"}, {"reverses": 3}, {"details": {"n": [0, -1, 2**53 - 1, -(2**53 - 1)]}},
    {"details": {"名": "e"}} | {"details": {"word": "爱心\n\"\\\u0001𠮷 null"}},
    {"details": {"n": 90071992547409, "word": "00000000000000000000"}},
])
def test_what_is_written_canonically_is_read(more: dict[str, Any]) -> None:
    """With any optional part, any whole number that fits, any composed text."""
    out = body(**more)

    assert (out, []) == read(row(out))


@pytest.mark.parametrize("raw", [
    json.dumps(body()).encode(),  # with spaces
    json.dumps(dict(reversed(body().items())), separators=(",", ":")).encode(),
    *(canonical_bytes(body(rule="help", subject="s")).replace(old, new) for old, new in (
        (b'"rule":"help"', b'"rule":""'), (b'"subject":"s"', b'"subject":null'),
        (b'"subject":"s"', b'"subject":"e\xcc\x81"'), (b'"subject":"s"', b'"subject":"\\u4e2d"'),
        (b'"at":5', b'"at":9007199254740992'), (b'"at":5', b'"at":-9007199254740992'),
        (b'"at":5', b'"at":90071992547409920'), (b'"at":5', b'"at":[null]'),
        (b'"at":5', b'"at":{"\xc3\xa9":1}'), (b'"at":5', b'"at":[{"a":[9007199254740992]}]'))),
    canonical_bytes(body(details={}, rule="help")),
    canonical_bytes(body(reverses=0, details={"a": 1})),
])
def test_other_bytes_are_not_canonical(raw: bytes) -> None:
    """They may mean the same; the tree is over the only bytes that do."""
    out = json.loads(raw)

    assert ["not_canonical"] == [one.code for one in read(row(out, raw))[1]]


@pytest.mark.parametrize("raw", [
    b"", b"[]", b"{", b"\xff", b'{"v":1}', b"[" * 100_000,
    canonical_bytes(body()).replace(b'"v":1', b'"v":2'),
    canonical_bytes(body()).replace(b'"at":5', b'"at":1.5'),
    canonical_bytes(body()).replace(b'"at":5', b'"at":NaN'),
    canonical_bytes({**body(), "extra": 1}),
])
def test_what_is_no_entry_is_not_read(raw: bytes) -> None:
    """Another format, a number with a fraction, anything missing or more."""
    out, found = read(row(body(), raw))

    assert (None, ["not_readable"]) == (out, [one.code for one in found])


@pytest.mark.parametrize("at", range(7))
def test_a_column_that_says_otherwise_is_named(at: int) -> None:
    """What stands beside the bytes must be what they say."""
    honest = row(body(reverses=3))
    other = honest[at] + (1 if isinstance(honest[at], int) else "x")

    _, found = read((*honest[:at], other, *honest[at + 1:]))

    names = ("seq", "key", "kind", "subject", "day", "recorded_at", "reverses")
    assert [("column", names[at])] == [(one.code, one.facts["column"]) for one in found]


@pytest.mark.parametrize("amount", [1, AMOUNT_MAX])
def test_whole_amounts_up_to_the_largest_are_folded(amount: int) -> None:
    """And one side loses what the other one gets."""
    fold = Fold()
    fold.take(body(1, posting("issued", ME, amount, opens=[0, 99])))

    assert {("issued", "point"): [-amount, 1, LOT], (ME, "point"): [amount, 1, LOT]} == (
        fold.balances)


@pytest.mark.parametrize("odd", [
    posting("issued", ME, 0), posting("issued", ME, -1), posting("issued", ME, AMOUNT_MAX + 1),
    posting("issued", ME, True), posting("issued", "issued"), posting("issued", ME, more=1),
    posting("issued", ME, lot=0), {**posting("issued", ME), "opens": None},
])
def test_what_is_no_posting_is_not_folded(odd: dict[str, Any]) -> None:
    """Nothing, less than nothing, too much, to itself, or with parts that it does not have."""
    with pytest.raises(ValueError, match="not a posting"):
        Fold().take(body(1, odd))


@pytest.mark.parametrize("odd", [
    posting(ME, "redeemed", 11, lot=LOT), posting("supplier", "issued", 61),
    posting(ME, "redeemed", 1, lot=LOT + 1), {**posting(ME, "redeemed", 1, lot=LOT), "unit": "x"},
    posting(f"{ME}/held", "redeemed", 1, lot=LOT), posting("redeemed", ME, 1, lot=LOT),
])
def test_what_lots_and_accounts_do_not_give_is_not_folded(odd: dict[str, Any]) -> None:
    """More than there is, to the wrong side of zero, of no lot, of another unit."""
    fold = Fold()
    fold.take(body(1, OPENED))

    with pytest.raises(BookDamaged) as damaged:
        fold.take(body(2, posting("issued", "redeemed", 50), odd))

    assert 2 == damaged.value.seq


def test_a_lot_gives_and_takes() -> None:
    """Set aside, let go, spent: free and held are two sides of one lot; empty, it closes."""
    fold, seen = Fold(), []
    fold.take(body(1, OPENED))
    for seq, source, target, amount in (
            (2, ME, f"{ME}/held", 4), (3, f"{ME}/held", ME, 1), (4, f"{ME}/held", "redeemed", 3),
            (5, ME, "redeemed", 7), (6, "redeemed", ME, 2)):
        fold.take(body(seq, posting(source, target, amount, lot=LOT)))
        seen.append(tuple(fold.lots[LOT][place] for place in (4, 5, 9)))

    assert [(6, 4, 1), (7, 3, 1), (7, 0, 1), (0, 0, 0), (2, 0, 1)] == seen


@pytest.mark.parametrize(("sums", "passbooks"), [({"point": [1, 0]}, 0), ({}, 1)])
def test_a_close_says_what_the_passbooks_hold(sums: dict[str, list[int]], passbooks: int) -> None:
    """Neither more nor fewer points or passbooks than there are."""
    details = {"until": "2026-02-28", "sums": sums, "passbooks": passbooks, "leaves": 0, "root": ""}

    with pytest.raises(BookDamaged, match="the sums of the close"):
        Fold().take(body(1, kind="close_period", day="2026-03-05", details=details))


@pytest.mark.parametrize(("day", "until", "is_folded"), [
    ("2026-04-03", "2026-03-31", True), ("2026-04-03", "2026-04-03", False),
    ("2026-04-03", "2026-02-28", False), ("2026-04-03", "2026-03-01", True),
])
def test_a_period_is_closed_when_it_is_over(day: str, until: str, is_folded: bool) -> None:
    """After the one before it, and before today; nothing later is dated into it."""
    fold, nothing = Fold(), {"sums": {}, "passbooks": 0, "leaves": 0, "root": ""}
    fold.take(body(1, kind="close_period", day="2026-03-05",
                   details={"until": "2026-02-28", **nothing}))
    close = body(2, kind="close_period", day=day,
                 details={"until": until, **nothing})
    if is_folded:
        fold.take(close)
        assert until == fold.closed
        fold.take(body(3, day="2026-04-01"))
        with pytest.raises(BookDamaged, match="is closed"):
            fold.take(body(4, day=until))
    else:
        with pytest.raises(BookDamaged, match="it closes a period"):
            fold.take(close)
