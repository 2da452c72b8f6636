"""Every row that a run answers for: what is measured, its target, and what it takes to measure it.

A run that does not measure a row lists it as not measured, with the reason.
"""

from __future__ import annotations

from typing import NamedTuple

EVER, USUAL, BIG, HUGE, PEERS = (
    "", "--size 10k or more", "--size 100k or more", "--size 1m", "--peers")
SMALL = "a --size below 1m"


class Row(NamedTuple):
    """One row: `needs` is the flag without which it is not measured."""

    name: str
    what: str
    unit: str
    target: float | None = None
    at_most: bool = True
    needs: str = EVER

    def is_met(self, value: float) -> bool | None:
        """Whether this value is good enough; None without a target."""
        if self.target is None:
            return None
        return value <= self.target if self.at_most else value >= self.target


def _verbs(suffix: str, mode: str, own: str) -> tuple[Row, ...]:
    """The awards of the stream, beside raw five and beside their own statements."""
    return tuple(row for name, what, target in (
        ("single_full", f"award, one a commit, FULL, {mode}", 1.15),
        ("single_normal", f"award, one a commit, NORMAL, {mode}", 1.2),
    ) for row in (
        Row(f"{name}{suffix}", what, "x raw five", target),
        Row(f"{name}{suffix}_sqlite", "its statements alone", "x raw five", needs=own),
        Row(f"{name}{suffix}_python", "the library over its statements", "x own rows", needs=own),
    ))


ROWS = (
    *_verbs("", "the library's journal", USUAL),
    *_verbs("_wal", "WAL", EVER),
    Row("syncs", "syncs of an award, FULL, rollback journal", "x raw five", 1),
    Row("syncs_wal", "syncs of an award, FULL, WAL", "syncs", 1),
    Row("bulk", "award, 1,000 a commit", "x raw five", 1.8, needs=SMALL),
    Row("bulk_1m", "award, 1,000 a commit, of a million", "x raw five", 1.2, needs=HUGE),
    Row("bulk_sqlite", "its statements alone", "x raw five", needs=USUAL),
    Row("bulk_python", "the library over its statements", "x own rows", needs=USUAL),
    Row("flat_single", "award, FULL, over a book of 10k", "x", 1.3, needs=BIG),
    Row("flat_bulk", "award, 1,000 a commit, over a book of 10k", "x", 2.5, needs=BIG),
    Row("redemption", "redemption, FULL", "x an award", 1.3),
    Row("rules", "rules alone, 60 with caps", "us a deed", 3),
    Row("rules_fastest", "the fastest rule engine, over ours", "x", 3, at_most=False, needs=PEERS),
    *(Row(f"rules_{name}", f"{title}, without caps, over ours", "x", target, at_most=False,
          needs=PEERS)
      for name, title, target in (
          ("business_rules", "business-rules", 40), ("rule_engine", "rule-engine", 40),
          ("json_logic", "json-logic", 40), ("zen_engine", "zen-engine", None),
          ("cel", "common-expression-language", None))),
    *(Row(f"ledger_{name}", f"{title}, {level}, over ours", "x", target, at_most=False,
          needs=PEERS)
      for name, title, level, target in (
          ("eventsourcing", "eventsourcing, cached", "FULL", 4),
          ("hordak", "django-hordak", "FULL", 8),
          ("django_ledger", "django-ledger", "NORMAL", 100),
          ("python_accounting", "python-accounting", "NORMAL", 100),
          ("beancount", "beancount, a file of a hundred", "checked only", None))),
    Row("read_balance", "balance of a passbook", "x a raw key select", 2),
    Row("read_page", "passbook page of 50 lines", "us", 250),
    Row("read_deeds", "the deeds of a resident", "us"),
    Row("read_top", "the best twenty", "us", 1000),
    Row("read_outstanding", "all points outstanding", "us", 10),
    *(Row(f"flat_{name}", f"{what}, over a book of 10k", "x", 1.3, needs=BIG)
      for name, what in (("balance", "balance"), ("page", "page"), ("deeds", "deeds"),
                         ("top", "the best twenty"), ("outstanding", "outstanding"))),
    Row("verify_tree", "verify, tree alone", "entries/s", 250_000, at_most=False),
    Row("verify_whole", "verify, whole", "entries/s", 100_000, at_most=False),
    Row("memory_verify", "memory of the whole audit", "MB more"),
    Row("memory_import", "memory of an import from a generator", "MB more", 60),
    Row("file", "size of the file", "x raw five"),
    Row("start_ms", "import, over bare Python", "ms", 45),
    Row("start_mb", "memory of the import", "MB", 16),
    Row("start_modules", "of sqlite_utils and click, loaded by the import", "modules", 0),
    Row("start_used_ms", "import, `open` and `create` looked up", "ms"),
    Row("start_used_mb", "memory of that", "MB"),
)
BY_NAME = {row.name: row for row in ROWS}
