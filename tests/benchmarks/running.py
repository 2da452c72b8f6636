"""One run: raw five and the public API take turns over the same stream, and the rest is timed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import lovepoints as lp
from tests.benchmarks import ours, raw, workload
from tests.benchmarks.report import Figure

SINGLES = 50
"""So many of each piece are done one a commit, at each durability; the rest in bulk."""
PIECE = 1000
Times = dict[str, dict[str, list[float]]]


def run(size: int) -> tuple[list[Figure], dict[str, Any], float]:
    """All figures, the totals that were asserted, and how long it took."""
    begun = perf_counter()
    stream = list(workload.deeds(size))
    with tempfile.TemporaryDirectory() as place:
        figures, totals = _stream(Path(place), stream)
    figures += [_rules(stream), *_start()]
    return figures, totals, perf_counter() - begun


def _stream(place: Path, stream: Sequence[workload.Deed]) -> tuple[list[Figure], dict[str, Any]]:
    people = workload.residents(len(stream))
    clock = ours.Clock(workload.FIRST_DAY)
    ours.found(place / "book", clock, people)
    book = ours.Ours(place / "book", clock)
    mode = book.community.describe()["journal_mode"]
    five = raw.RawFive(place / "raw", mode, "FULL", [workload.code_of(n) for n in range(people)])
    shoppers, times = workload.Shoppers(people), Times()
    for at in range(0, len(stream), PIECE):
        _piece(book, five, stream[at:at + PIECE], shoppers, times)
    expected = {"outstanding": sum(shoppers.balances)}
    assert book.totals() == five.totals() == expected, "the contenders do not agree"
    figures = [_ratio(times, name, what, mode, target) for name, what, target in (
        ("single_full", "award, one a commit, FULL", 1.15),
        ("single_normal", "award, one a commit, NORMAL", 1.2),
        ("bulk", "award, bulk", 1.8 if len(stream) < 10**6 else 1.2))]
    figures += [_redemption(times), *_verify(book)]
    book.close()
    five.close()
    return figures, {**expected, "awards": len(stream), "redemptions": len(stream) // 5}


def _piece(
    book: ours.Ours, five: raw.RawFive, piece: Sequence[workload.Deed],
    shoppers: workload.Shoppers, times: Times,
) -> None:
    book.report(piece)
    rest = piece
    for name in ("single_full", "single_normal"):
        level = name.removeprefix("single_")
        book.sync(level)
        five.sync(level)
        first, done, rest = rest[:1], rest[1:SINGLES], rest[SINGLES:]
        five.awards(first)  # a program that has just begun is another figure
        book.awards(first)
        _turns(times, name, len(done), five=lambda d=done: five.awards(d),
               ours=lambda d=done: book.awards(d))
    book.sync("full")
    five.sync("full")
    _turns(times, "bulk", len(rest), five=lambda: five.bulk(rest), ours=lambda: book.bulk(rest))
    shoppers.earn(list(piece))
    wanted = shoppers.fetch(len(piece) // 5)
    few, many = wanted[:SINGLES], wanted[SINGLES:]
    _turns(times, "redemption", len(few), five=lambda: five.redemptions(few),
           ours=lambda: book.redemptions(few))
    five.redeem_bulk(many)
    book.redeem_bulk(many)


def _turns(times: Times, name: str, count: int, **contenders: Callable[[], None]) -> None:
    for who, work in contenders.items():
        begun = perf_counter()
        work()
        times.setdefault(name, {}).setdefault(who, []).append(
            (perf_counter() - begun) / count * 1e6)


def _ratio(times: Times, name: str, what: str, mode: str, target: float) -> Figure:
    own, five = median(times[name]["ours"]), median(times[name]["five"])
    return Figure(name=name, what=what, value=own / five, unit="x raw five", target=target,
                  raw={"ours_us": own, "raw_us": five, "journal_mode": mode})


def _redemption(times: Times) -> Figure:
    own, award = median(times["redemption"]["ours"]), median(times["single_full"]["ours"])
    return Figure(name="redemption", what="redemption, FULL", value=own / award, unit="x an award",
                  target=1.3, raw={"redemption_us": own, "award_us": award})


def _verify(book: ours.Ours) -> list[Figure]:
    figures = []
    for name, what, only_tree, target in (("verify_tree", "verify, tree alone", True, 250_000),
                                          ("verify_whole", "verify, whole", False, 100_000)):
        begun = perf_counter()
        book.community.books.verify(only_tree=only_tree)
        seconds = perf_counter() - begun
        entries = int(book.community.describe()["entries"])
        figures.append(Figure(name=name, what=what, value=entries / seconds, unit="entries/s",
                              target=target, at_most=False, raw={"entries": entries}))
    return figures


def _rules(stream: Sequence[workload.Deed]) -> Figure:
    said = [(one.rule, workload.code_of(one.resident), one.day, one.grade or None,
             f"{one.half_hours / 2}" if one.half_hours else None) for one in stream]
    rater, came_to = lp.Rater(workload.rulebook()), 0
    begun = perf_counter()
    for rule, resident, on, grade, quantity in said:
        came_to += rater.rate(rule, resident=resident, on=on, grade=grade,
                              quantity=quantity).points
    each = (perf_counter() - begun) / len(stream) * 1e6
    assert came_to == sum(one.points for one in stream), "the rater does not agree"
    return Figure(name="rules", what="rules alone, 60 with caps", value=each, unit="us a deed",
                  target=3.0)


def _start() -> list[Figure]:
    bare = [_fresh("pass") for _ in range(5)]
    own = [_fresh("import lovepoints") for _ in range(5)]
    used = [_fresh("import lovepoints as lp; lp.create, lp.open") for _ in range(5)]
    over = [[median(one[at] for one in some) - median(one[at] for one in bare) for at in (0, 1)]
            for some in (own, used)]
    return [
        Figure(name="start_ms", what="import, over bare Python", value=over[0][0], unit="ms",
               target=45),
        Figure(name="start_mb", what="memory of the import", value=over[0][1], unit="MB",
               target=16),
        Figure(name="start_used_ms", what="import, `open` and `create` looked up",
               value=over[1][0], unit="ms"),
        Figure(name="start_used_mb", what="memory of that", value=over[1][1], unit="MB"),
    ]


def _fresh(code: str) -> tuple[float, float]:
    """Milliseconds of a fresh Python that runs this, and the most megabytes it held.

    `VmHWM` begins anew with the program; `ru_maxrss` would hold the size of its parent.
    """
    told = f"{code}\nprint(open('/proc/self/status').read())"
    begun = perf_counter()
    lines = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True,
                           text=True).stdout
    spent = (perf_counter() - begun) * 1000
    peak = next(line.split()[1] for line in lines.splitlines() if line.startswith("VmHWM"))
    return spent, int(peak) / 1024
