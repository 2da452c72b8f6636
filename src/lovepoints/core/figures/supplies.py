"""Figures of gifts: goods that were given to the shelf, money that was given to funds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lovepoints.core.figures.aid import FEN, is_partial, purse_of
from lovepoints.core.figures.facts import Facts
from lovepoints.core.figures.figure import Figure, ratio
from lovepoints.core.rows import Sealed
from lovepoints.core.rows_aid import FundRow, MoneyRow


def donations(facts: Facts) -> Figure:
    """ST-54: goods given to the shelf: deliveries, pieces, their value as noted; money given to
    funds in yuan; donors (those whose name is still kept); by drive how much of its goal came."""
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
    gifts = [] if is_partial(facts) else [
        row for row in facts.rows.find(MoneyRow)
        if row.what == "received" and not row.is_undone and row.day in facts.scope]
    for row in gifts:
        words = facts.journal.get(Sealed, row.id)
        donors |= {str(words.details.get("donor", "")) if words else ""} - {""}
    drives = {} if is_partial(facts) else {
        f"drive:{row.code}": found for row in facts.rows.find(FundRow) if row.details["goal"]
        and (found := ratio(purse_of(facts, row).received, row.details["goal"])) is not None}
    return Figure(id="ST-54", unit="lot", value=lots, parts={
        "goods": pieces, "yuan": fen * FEN, "money": sum(row.fen for row in gifts) * FEN,
        "donors": len(donors), **drives})


SUPPLIES: Mapping[str, Callable[[Facts], Figure]] = {"ST-54": donations}
