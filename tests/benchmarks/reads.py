"""Reads of a book beside a raw select by key: balance, page, deeds, the best, the total."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from statistics import median

from tests.benchmarks import workload
from tests.benchmarks.report import Figure
from tests.benchmarks.stream import Stream, timed

MANY = 20
"""Reads by key in a round; lists and totals are asked for once."""
NAMES = ("balance", "page", "deeds", "top", "outstanding")
Work = Callable[[], object]


class Reads:
    """The reads of one book: microseconds of each, round after round."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._dice = stream, random.Random(workload.SEED)
        self.rounds: dict[str, list[float]] = {}

    def us(self, name: str) -> float:
        """Microseconds of a read, in the middle."""
        return median(self.rounds[name])

    def round(self) -> None:
        """Every read once more, of residents that the dice chose."""
        for count, reads in ((MANY, self._by_key()), (1, self._whole())):
            for name, each in timed(reads.items(), count).items():
                self.rounds.setdefault(name, []).append(each)

    def figures(self) -> Iterator[Figure]:
        """The reads with what they are compared to."""
        yield Figure("read_balance", self.us("balance") / self.us("key"),
                     {"ours_us": self.us("balance"), "raw_us": self.us("key")})
        yield Figure("read_page", self.us("page"), {"raw_us": self.us("raw_page")})
        yield Figure("read_deeds", self.us("deeds"), {"deeds_each": self._most()})
        for name in ("top", "outstanding"):
            yield Figure(f"read_{name}", self.us(name), {"passbooks": self._stream.people})

    def _by_key(self) -> dict[str, Work]:
        five, book = self._stream.five, self._stream.ours
        community = book.community
        whom = [self._dice.randrange(self._stream.people) for _ in range(MANY)]
        codes = [workload.code_of(one) for one in whom]
        assert [five.balance(one) for one in codes[:3]] == [book.balance(one) for one in whom[:3]]
        return {
            "key": lambda: [five.balance(one) for one in codes],
            "balance": lambda: [book.balance(one) for one in whom],
            "raw_page": lambda: [five.page(one) for one in codes],
            "page": lambda: [community.passbooks.of(one) for one in codes],
            "deeds": lambda: [community.deeds.of(one) for one in codes],
        }

    def _whole(self) -> dict[str, Work]:
        community = self._stream.ours.community
        return {"top": lambda: community.passbooks.ranking("best"),
                "outstanding": community.books.outstanding}

    def _most(self) -> int:
        return len(self._stream.ours.community.deeds.of(workload.code_of(0)))


def measured(stream: Stream, times: int) -> Iterator[Figure]:
    """The reads of one book."""
    reads = Reads(stream)
    for _ in range(times):
        reads.round()
    return reads.figures()


def flatness(small: Stream, big: Stream, times: int) -> Iterator[Figure]:
    """The reads of two books in turn: what one costs in the big book over the small one."""
    few, many = Reads(small), Reads(big)
    for _ in range(times):
        few.round()
        many.round()
    for name in NAMES:
        yield Figure(f"flat_{name}", many.us(name) / few.us(name), {
            "big_us": many.us(name), "small_us": few.us(name), "deeds": big.size})
