"""What a run prints: every row with its target, as one JSON object or as a table."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.targets import BY_NAME, ROWS

Json = dict[str, Any]
BEGIN, END = "<!-- measured -->\n", "<!-- measured until here -->\n"
"""The lines of a page that the tables stand between."""


class Figure(NamedTuple):
    """One measured row; `raw` is what the value was worked out from."""

    name: str
    value: float
    raw: Mapping[str, Any] = {}


class Missing(NamedTuple):
    """A row that should have been measured and could not be."""

    name: str
    reason: str


def report(
    size: int, found: Iterable[Figure | Missing], totals: Mapping[str, int], seconds: float,
    **more: Any,
) -> Json:
    """The one object that a run prints; each row of `targets` is in it once."""
    by_name = {one.name: one for one in found}
    assert BY_NAME.keys() >= by_name.keys(), f"no such rows: {by_name.keys() - BY_NAME.keys()}"
    measured = [_measured(one) for row in ROWS
                if isinstance(one := by_name.get(row.name), Figure)]
    reasons = {row.name: one.reason if isinstance(one, Missing) else f"needs {row.needs}"
               for row in ROWS if not isinstance(one := by_name.get(row.name), Figure)}
    return {
        "size": size, "seconds": round(seconds, 1), "machine": machine(), "totals": dict(totals),
        "figures": measured, "missed": [one["name"] for one in measured if one["met"] is False],
        "not_measured": reasons, **more,
    }


def _measured(one: Figure) -> Json:
    row = BY_NAME[one.name]
    return {
        "name": row.name, "what": row.what, "value": _rounded(one.value), "unit": row.unit,
        "target": row.target, "sense": "at most" if row.at_most else "at least",
        "met": row.is_met(one.value), "raw": {name: _rounded(it) for name, it in one.raw.items()},
    }


def machine() -> Json:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(), "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}", "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def markdown(told: Json) -> str:
    """The same as text and tables."""
    facts = ", ".join(f"{name} {value}" for name, value in told["machine"].items())
    missed = ", ".join(f"`{name}`" for name in told["missed"]) or "none"
    lines = [f"{told['size']:,} deeds, {told['seconds']:.0f} s; {facts}.", "",
             "| row | what | measured | target | | from |", "|---|---|---|---|---|---|",
             *(_line(one) for one in told["figures"]), "", f"Missed: {missed}."]
    if told["not_measured"]:
        lines += ["", "| not measured | what | target | why |", "|---|---|---|---|"]
        for name, reason in told["not_measured"].items():
            row = BY_NAME[name]
            lines.append(f"| `{name}` | {row.what} | {_bound(row.target, row.at_most)} "
                         f"| {reason} |")
    return "\n".join(lines)


def put_into(page: Path, told: Json) -> None:
    """Put the tables of a run where a page has those of an earlier one."""
    before, found, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"{page}: lines {BEGIN.strip()} and {END.strip()} were expected")
    page.write_text(f"{before}{BEGIN}\n{markdown(told)}\n\n{END}{after}", encoding="utf-8")


def _line(one: Json) -> str:
    verdict = {None: "", True: "met", False: "**missed**"}[one["met"]]
    raw = ", ".join(f"{name} {_shown(it)}" for name, it in one["raw"].items())
    return (f"| `{one['name']}` | {one['what']} | {_shown(one['value'])} {one['unit']} "
            f"| {_bound(one['target'], one['sense'] == 'at most')} | {verdict} | {raw} |")


def _bound(target: float | None, at_most: bool) -> str:
    return "" if target is None else f"{'<=' if at_most else '>='} {_shown(target)}"


def _rounded(value: Any) -> Any:
    """A float to four significant places; everything else as it is."""
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _shown(value: Any) -> str:
    """A number as people read it."""
    if not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next((line.partition(":")[2].strip() for line in lines
                         if line.startswith("model name")), platform.machine())
    except OSError:
        return platform.machine()
