"""What a run prints: every figure with its target, as JSON or as a table."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class Figure:
    """One measured value. `raw` holds what it was worked out from; `note` says why there is no
    value, if there is none."""

    name: str
    what: str
    value: float | None
    unit: str
    target: float | None = None
    at_most: bool = True
    raw: Mapping[str, Any] = attrs.field(factory=dict)
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target was seen met; None without a target. Not measured is not met."""
        if self.target is None:
            return None
        if self.value is None:
            return False
        return self.value <= self.target if self.at_most else self.value >= self.target

    def to_json(self) -> dict[str, Any]:
        """The figure as plain JSON."""
        return {
            "name": self.name, "what": self.what, "value": rounded(self.value),
            "unit": self.unit, "target": self.target,
            "sense": "at most" if self.at_most else "at least", "met": self.met,
            "raw": {name: rounded(one) for name, one in self.raw.items()}, "note": self.note,
        }

    def row(self) -> str:
        """The figure as a line of a Markdown table."""
        bound = "" if self.target is None else (
            f"{'<=' if self.at_most else '>='} {shown(self.target)}")
        verdict = {None: "", True: "met", False: "**missed**"}[self.met]
        value = "not measured" if self.value is None else f"{shown(self.value)} {self.unit}"
        raw = ", ".join(f"{name} {shown(one) if isinstance(one, int | float) else one}"
                        for name, one in self.raw.items())
        detail = "; ".join(part for part in (raw, self.note) if part)
        return f"| {self.what} | {value} | {bound} | {verdict} | {detail} |"


def rounded(value: Any) -> Any:
    """A float to four significant places; everything else as it is."""
    return float(f"{value:.4g}") if isinstance(value, float) else value


def shown(value: float) -> str:
    """A number as people read it."""
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(), "implementation": sys.implementation.name,
        "sqlite": sqlite3.sqlite_version, "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(), "cores": os.cpu_count(),
        "load": [round(one, 2) for one in os.getloadavg()] if hasattr(os, "getloadavg") else [],
    }


def report(
    size: int, figures: Iterable[Figure], totals: Mapping[str, Any],
    peers: Iterable[Mapping[str, Any]] = (), seconds: float = 0.0, **facts: Any,
) -> dict[str, Any]:
    """The one object that a run prints."""
    listed = list(figures)
    return {
        "size": size, "seconds": round(seconds, 1), "machine": machine() | facts,
        "totals": dict(totals), "figures": [one.to_json() for one in listed],
        "peers": list(peers), "missed": [one.name for one in listed if one.met is False],
        "not_measured": [one.name for one in listed if one.value is None],
    }


def markdown(found: Mapping[str, Any], figures: Iterable[Figure]) -> str:
    """The same as tables."""
    facts = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    lines = [
        f"{found['size']:,} deeds, {found['seconds']:.0f} s; {facts}.", "",
        "| what | measured | target | | from |", "|---|---|---|---|---|",
        *(one.row() for one in figures),
    ]
    if found["peers"]:
        lines += ["", "| peer | version | task | measured | why not |", "|---|---|---|---|---|"]
        lines += [f"| {one['name']} | {one['version']} | {one['task']} "
                  f"| {_peer(one)} | {one['reason']} |" for one in found["peers"]]
    missed = ", ".join(found["missed"]) or "none"
    return "\n".join([*lines, "", f"Missed: {missed}."])


def _peer(one: Mapping[str, Any]) -> str:
    return "" if one["us"] is None else f"{shown(one['us'])} us"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next((line.partition(":")[2].strip() for line in lines
                         if line.startswith("model name")), platform.machine())
    except OSError:
        return platform.machine()
