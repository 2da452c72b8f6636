"""Fifty-eight ways in which such software lost points elsewhere: each has a test that owns it.

A test names the pattern's number in a comment (`# bug 12`). `python -m tests.test_bugs` prints
the table of patterns and their tests.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from lovepoints import Refused
from lovepoints.testing import FakeClock, community

TESTS = Path(__file__).parent
RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01

[[rule]]
code = "help"
title = "助老"
points = 3
"""
PATTERNS: Mapping[int, str] = {
    1: "two redemptions read one balance", 2: "undoing writes back an old snapshot",
    3: "a retry is paid again", 4: "a double click makes two documents",
    5: "keys are kept in memory only", 6: "a key with other content is accepted",
    7: "a replayed offline queue doubles", 8: "a failed read drops an award from the queue",
    9: "two offline tills spend one balance", 10: "checked lots are not the spent ones",
    11: "a wrong sign when netting", 12: "expired credits vanish, their debits stay",
    13: "the expiry job takes valid lots", 14: "expiry looks for a label nobody writes",
    15: "a late sweep changes what can be spent", 16: "a last day read as midnight or UTC",
    17: "month ends and leap days", 18: "366 days used for a year",
    19: "giving back twice or nothing", 20: "what a returned purchase earned stays",
    21: "returned points get a new expiry", 22: "points return to other lots",
    23: "a transfer eats lots and stops", 24: "a gift gives every point one expiry",
    25: "debt is forgotten", 26: "a reversal is computed with today's rules",
    27: "a new rate revalues old points", 28: "floats", 29: "rounding makes points 0",
    30: "negative or zero quantities make points", 31: "a deduction is skipped, success reported",
    32: "basket lines are checked one by one", 33: "more sold than there is",
    34: "a reservation outlives its document", 35: "a stocktake is refused for a reservation",
    36: "-1 for unlimited is tidied to 0", 37: "a limit is read, then written",
    38: "points earned on what points paid", 39: "drafts move points",
    40: "switching states loses or repeats points", 41: "joining accounts loses points",
    42: "deleting a person takes rows along", 43: "erasure breaks the chain or leaves the name",
    44: "deleting a fact leaves its points", 45: "a stored total drifts away",
    46: "old balances came without a row", 47: "a back-dated correction falsifies a snapshot",
    48: "a snapshot is ignored later", 49: "one bad record blocks every new write",
    50: "an unknown reviewer passes", 51: "administrators are exempt from four eyes",
    52: "codes that can be guessed or reused", 53: "two cards for one person",
    54: "undo restores less", 55: "points per yuan, paid per fen",
    56: "points on voided lines", 57: "database is locked", 58: "rankings count expired points",
}
NOT_YET: Mapping[int, str] = {
    7: "there is no offline queue yet; keys make a replayed call harmless (bug 3)",
    8: "there is no offline queue yet",
    9: "there are no devices that lease points yet",
    41: "no verb joins two people yet",
    42: "no verb erases a person yet; people lie in tables of their own, see bug 43",
    52: "there are no codes to scan yet",
}
_MARK = re.compile(r"# bugs? (\d+(?:, \d+)*)")


@cache
def owners() -> dict[int, list[str]]:
    """The tests that name each pattern: the nearest test above the comment, or the file."""
    found: dict[int, list[str]] = {number: [] for number in PATTERNS}
    for path in sorted(TESTS.rglob("*.py")):
        if path != Path(__file__):
            for number, name in _marks(path):
                found.setdefault(number, []).append(f"{path.relative_to(TESTS)}::{name}")
    return found


def _marks(path: Path) -> Iterator[tuple[int, str]]:
    text = path.read_text(encoding="utf-8")
    places = [(node.lineno - len(node.decorator_list), node.end_lineno or 0, node.name)
              for node in ast.walk(ast.parse(text))
              if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    for line, content in enumerate(text.splitlines(), 1):
        if match := _MARK.search(content):
            inside = [name for first, last, name in sorted(places) if first <= line <= last]
            yield from ((int(number), inside[-1] if inside else "") for number in
                        match[1].split(", "))


@pytest.mark.parametrize("number", PATTERNS)
def test_every_pattern_has_its_test(number: int) -> None:
    """A test names it, or there is a reason why it cannot happen yet; never both."""
    assert bool(owners()[number]) != (number in NOT_YET)


def test_no_test_names_a_pattern_that_is_none() -> None:
    """Numbers go from 1 to 58."""
    assert {*PATTERNS} == {*owners()}


def test_what_nobody_collected_does_not_keep_a_delivery() -> None:
    """A delivery is taken back once the reservation of its goods has lapsed, whether or not anybody
    has met that since. Found by the random commands (R3)."""
    clock = FakeClock("2026-03-02")
    with community(clock=clock) as book:
        book.rulebooks.adopt(RULES)
        book.residents.enrol("li")
        book.books.opening("li", 10)
        book.shop.stock("rice", price=5)
        delivery = book.shop.receive("rice", 2)
        book.shop.hold({"rice": 1}, holder="li")
        with pytest.raises(Refused, match="not_reversible"):
            book.books.reverse(delivery.seq, reason="记错")

        clock.move(days=9)
        book.books.reverse(delivery.seq, reason="记错")

        assert 0 == book.shop.item("rice").on_hand
        assert () == book.books.check(rate=True).problems


def test_what_ended_of_a_gift_of_two_lots_is_counted_once() -> None:
    """A gift out of two lots that is taken back after they ended: what was spent of it is owed, and
    is not taken out of what ended. Found by the random commands (R3)."""
    clock = FakeClock("2026-03-02")
    with community(clock=clock) as book:
        book.rulebooks.adopt(RULES + '[validity]\nafter = "2 months"\n[transfer]\nto = "anyone"\n')
        for who, points in (("wang", 20), ("chen", 5)):
            book.residents.enrol(who)
            book.books.opening(who, points)
        book.residents.enrol("zhou")
        book.books.transfer("chen", "wang", 5)
        gift = book.books.transfer("wang", "zhou", 24)
        book.books.adjust("zhou", -5, reason="更正")

        clock.move(days=100)
        book.books.reverse(gift.seq, reason="记错")

        assert (0, 5) == (book.passbooks["wang"].balance, book.passbooks["zhou"].owed)
        assert () == book.books.check(rate=True).problems


def test_points_that_have_ended_pay_no_debt() -> None:
    """A late return gives points back to two lots that have ended: whatever their last days, they
    end, and the debt stays. Found by the random commands (R3)."""
    clock = FakeClock("2026-03-02")
    with community(clock=clock) as book:
        book.rulebooks.adopt(RULES + '[validity]\nafter = "2 months"\n')
        book.residents.enrol("li")
        book.books.opening("li", 4)
        book.shop.stock("soap", price=8, stocked=False)
        clock.move(days=10)
        book.books.adjust("li", 4, reason="更正")
        soap = book.shop.redeem({"soap": 1}, holder="li")
        book.books.adjust("li", -6, reason="更正")

        clock.move(days=100)
        book.shop.return_(soap.id, reason="坏的")

        assert (0, 6) == (book.passbooks["li"].available, book.passbooks["li"].owed)
        assert () == book.books.check(rate=True).problems


if __name__ == "__main__":
    for one, tests in owners().items():
        print(f"{one:2} {PATTERNS[one]}\n   " + "\n   ".join(tests or [NOT_YET[one]]))
