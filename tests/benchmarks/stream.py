"""The award stream: raw five, bare own rows and the public API take turns over the same deeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from tests.benchmarks import ours, raw, rows, workload
from tests.benchmarks.report import Figure

SINGLES = 50
"""So many of each piece are done one a commit, at each durability; the rest in one commit."""
PIECE = 1000 + 2 * SINGLES
WHOLE_PIECES = 3
"""The pieces that `run` leaves for `piece`, so that two books can take turns at the end."""
Round = dict[str, float]
"""One commit: microseconds for one of what was done in it, by contender."""


class Stream:
    """One run over `size` deeds, in one journal mode: the library's own if none is named."""

    def __init__(
        self, place: Path, size: int, mode: str = "", piece: int = PIECE, own: bool = True,
    ) -> None:
        place.mkdir()
        self.size, self.piece_size, self.rounds = size, piece, dict[str, list[Round]]()
        self.people = workload.residents(size)
        self.deeds, self.done = workload.deeds(size), 0
        self.clock = ours.Clock(workload.FIRST_DAY)
        ours.found(place / "founded", self.clock, self.people)
        self.paths = {"ours": ours.copy(place / "founded", place / "ours", mode),
                      "five": place / "five"}
        self.ours = ours.Ours(self.paths["ours"], self.clock)
        self.mode = str(self.ours.community.describe()["journal_mode"])
        self.own = rows.OwnRows(
            ours.copy(place / "founded", place / "own", mode),
            ours.copy(place / "founded", place / "recorded", mode), self.clock) if own else None
        self.five = raw.RawFive(self.paths["five"], self.mode, "FULL",
                                [workload.code_of(number) for number in range(self.people)])
        self.shoppers = workload.Shoppers(self.people)

    def run(self, leave: int = 0) -> None:
        """All pieces but the last `leave`; the first is the short one."""
        while self.done < self.size - leave * self.piece_size:
            self.piece()

    def piece(self) -> None:
        """The next piece: reported, confirmed one by one and in one commit, spent."""
        piece = list(islice(self.deeds, self._next()))
        self.ours.report(piece)
        if self.own:
            self.own.replay(self.own.record("report", piece))
        rest = piece
        for level in ("full", "normal"):
            self._sync(level)
            first, some, rest = rest[:1], rest[1:SINGLES], rest[SINGLES:]
            self._turn("", "awards", first)  # a program that has just begun is another figure
            self._turn(f"single_{level}", "awards", some)
        self._sync("full")
        # What a commit costs would be shared by too few in a short piece.
        self._turn("bulk" if len(rest) >= 500 else "", "bulk", rest)
        self.done += len(piece)
        self.shoppers.earn(piece)
        wanted = self.shoppers.fetch(self.done // 5 - self.shoppers.count)
        self._turn("redemption", "redemptions", wanted[:SINGLES])
        self._turn("", "redeem_bulk", wanted[SINGLES:])

    def totals(self) -> dict[str, int]:
        """What it came to, after every contender was asked."""
        expected = {"outstanding": sum(self.shoppers.balances)}
        assert self.ours.totals() == self.five.totals() == expected, "contenders do not agree"
        if self.own:
            held = rows.balances(self.ours.community._book.store._connection.raw)
            assert self.own.balances() == held, "the own rows said again are not the library's"
        return {**expected, "awards": self.done, "redemptions": self.shoppers.count}

    def close(self) -> None:
        """Let go of all files."""
        for one in (self.ours, self.five, self.own):
            if one:
                one.close()

    def singles(self, suffix: str = "") -> Iterator[Figure]:
        """Awards one a commit, at both durabilities."""
        for name in ("single_full", "single_normal"):
            yield from self._against(name, f"{name}{suffix}", f"{name}{suffix}")

    def bulk(self) -> Iterator[Figure]:
        """Awards by the thousand."""
        return self._against("bulk", "bulk" if self.size < 10**6 else "bulk_1m", "bulk")

    def redemption(self) -> Figure:
        """A redemption against an award of the same pieces."""
        own, award = self.us("redemption"), self.us("single_full")
        return Figure("redemption", own / award,
                      {"ours_us": own, "award_us": award, "raw_us": self.us("redemption", "five")})

    def file(self) -> Figure:
        """What an award and its share of redemptions leave on the disk."""
        own, five = (self.paths[who].stat().st_size for who in ("ours", "five"))
        return Figure("file", own / five, {"ours_bytes_a_deed": own / self.done,
                                           "raw_bytes_a_deed": five / self.done})

    def us(self, done: str, who: str = "ours", last: int = 0) -> float:
        """Microseconds for one, in the middle of all rounds or of the last ones."""
        return median(one[who] for one in self.rounds[done][-last:])

    def _against(self, done: str, name: str, more: str) -> Iterator[Figure]:
        facts = {"rounds": len(self.rounds[done]), "journal_mode": self.mode}
        own = ((f"{more}_sqlite", "own", "five"), (f"{more}_python", "ours", "own"))
        for called, who, over in ((name, "ours", "five"), *(own if self.own else ())):
            cost, other = self.us(done, who), self.us(done, over)
            yield Figure(called, cost / other, {f"{who}_us": cost, f"{over}_us": other, **facts})

    def _next(self) -> int:
        return (self.done == 0 and self.size % self.piece_size) or self.piece_size

    def _sync(self, level: str) -> None:
        for one in (self.ours, self.five, self.own):
            if one:
                one.sync(level)

    def _turn(self, name: str, verb: str, what: Sequence[Any]) -> None:
        """Each contender does the same: commit by commit, another one first each time."""
        rounds = self.rounds.setdefault(name, [])
        commits = [what] if verb in ("bulk", "redeem_bulk") else [[one] for one in what]
        recorded = self.own.record(verb, what) if self.own and what else []
        assert not recorded or len(recorded) == len(commits), "other commits than were asked for"
        for at, some in enumerate(commits if what else ()):
            contenders: list[tuple[str, Callable[[], None]]] = [
                ("five", partial(getattr(self.five, verb), some)),
                ("ours", partial(getattr(self.ours, verb), some))]
            if self.own:
                contenders.insert(1, ("own", partial(self.own.replay, [recorded[at]])))
            first = len(rounds) % len(contenders)
            rounds.append(timed(contenders[first:] + contenders[:first], len(some)))


def flatness(small: Stream, big: Stream) -> Iterator[Figure]:
    """The last pieces of two books in turn: what an award costs in the one over the other."""
    for _ in range(WHOLE_PIECES):
        small.piece()
        big.piece()
    for name, done in (("flat_single", "single_full"), ("flat_bulk", "bulk")):
        last = WHOLE_PIECES * (SINGLES - 1 if name == "flat_single" else 1)
        costs = {who: (big.us(done, who, last), small.us(done, who, last))
                 for who in ("ours", "five", "own")}
        growth = {who: after / before for who, (after, before) in costs.items()}
        yield Figure(name, growth["ours"], {
            "big_us": costs["ours"][0], "small_us": costs["ours"][1],
            "raw_five_growth": growth["five"], "own_rows_growth": growth["own"],
            "deeds": big.size})


def timed(contenders: Iterable[tuple[str, Callable[[], object]]], count: int) -> Round:
    """Microseconds for one of `count`, by contender."""
    found = {}
    for who, work in contenders:
        begun = perf_counter()
        work()
        found[who] = (perf_counter() - begun) / count * 1e6
    return found
