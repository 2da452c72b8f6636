"""Figures of gifts: money is noted elsewhere; goods that were given to the shelf."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from lovepoints.core.figures.facts import Facts
from lovepoints.core.figures.figure import Figure
from lovepoints.core.rows import Sealed

_FEN = Decimal("0.01")


def donations(facts: Facts) -> Figure:
    """ST-54: goods given to the shelf: deliveries, pieces, their value as noted, donors (those
    whose name is still kept)."""
    lots = pieces = fen = 0
    donors = set[str]()
    for entry in facts.entries("receive"):
        words = facts.journal.get(Sealed, entry.subject)
        donor = str(words.details.get("donor", "")) if words else ""
        if not donor and entry.details.get("origin") != "donated":
            continue
        quantity = sum(one.amount for one in entry.postings)
        lots, pieces = lots + 1, pieces + quantity
        fen += quantity * int(entry.details.get("unit_value") or 0)
        donors |= {donor} - {""}
    return Figure(id="ST-54", unit="lot", value=lots, parts={
        "goods": pieces, "yuan": fen * _FEN, "donors": len(donors)})


SUPPLIES: Mapping[str, Callable[[Facts], Figure]] = {"ST-54": donations}
