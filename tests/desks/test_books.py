"""The books' desk: opening balances, corrections, gifts, reversals, sanctions, proofs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

from lovepoints.community import Community
from lovepoints.core.merkle import verify_consistency, verify_inclusion
from lovepoints.core.rows import Balance, Frontier
from lovepoints.core.store import Store
from lovepoints.errors import BookDamaged, Code, NotFound, Refused
from lovepoints.stores import dump
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, YEAR, balance, founded, paid, refusal

GIFTS = """
[transfer]
to = "anyone"
most = 30
each = "month"
"""


@pytest.fixture
def book(store: Store, clock: FakeClock) -> Community:
    """Gifts allowed, points last a year; on each kind of store."""
    return founded(HEAD + HELP + YEAR + GIFTS, clock=clock, store=store)


@pytest.fixture
def village(clock: FakeClock) -> Community:
    """The same in memory only."""
    return founded(HEAD + HELP + YEAR + GIFTS, clock=clock)


# opening balances


def test_an_opening_balance_is_an_entry_like_any_other(book: Community) -> None:
    """What came from the old book was issued, has a last day, and is reconciled at once; a second
    import with the same keys adds nothing."""  # bug 46
    for _ in range(2):
        for code, points in (("wang", 30), ("zhou", 12)):
            book.books.opening(code, points, key=f"import-{code}")

    assert (30, 12) == (balance(book, "wang"), balance(book, "zhou"))
    assert {"point": 42} == book.books.outstanding()
    assert 2 == sum(entry.kind == "opening" for entry in book.books.entries())
    book.books.verify()


def test_an_opening_balance_comes_first(village: Community) -> None:
    """Once a passbook has moved there is no opening it."""
    paid(village)

    assert Code.STATE_NOT_FITTING == refusal(lambda: village.books.opening("wang", 30))


def test_nobody_writes_into_the_own_passbook(clock: FakeClock) -> None:
    """Neither an opening balance, nor a correction, a reversal, or an end of a sanction."""
    book = founded(HEAD.replace("household", "resident") + HELP + GIFTS + """
[[sanction]]
code = "pause"
title = "暂停"
bars = ["redeem"]
""", clock=clock)
    book.residents.enrol("sun-mother", household="home-sun")
    cut = book.books.adjust("sun", -5, reason="更正")
    mothers = book.books.adjust("sun-mother", -5, reason="更正")
    book.books.sanction("sun", "pause", reason="按办法")
    by = "staff:sun"

    codes = {refusal(act) for act in (
        lambda: book.books.opening("sun", 5, by=by),
        lambda: book.books.adjust("sun", 5, reason="更正", by=by),
        lambda: book.books.adjust("sun-mother", 5, reason="更正", by=by),
        lambda: book.books.reverse(cut.seq, reason="误", by=by),
        lambda: book.books.reverse(mothers.seq, reason="误", by=by),
        lambda: book.books.lift("sun", "pause", reason="满", by=by),
    )}

    assert {Code.SELF_CONFIRMATION} == codes


# corrections


def test_corrections_go_both_ways(book: Community) -> None:
    """Up opens a lot, down takes what is there and owes the rest."""
    up = book.books.adjust("wang", 10, reason="漏记")
    down = book.books.adjust("wang", -14, reason="多记")

    assert ({"point": 10}, {"point": -14}) == (up.points, down.points)
    page = book.passbooks["wang"]
    assert (-4, 4) == (page.balance, page.owed)
    assert Code.REASON_NEEDED == refusal(lambda: book.books.adjust("wang", 1, reason=""))


@pytest.mark.parametrize(("points", "error"), [
    (1.5, TypeError), (True, TypeError), (float("nan"), TypeError), ("NaN", ValueError),
    ("1.5", ValueError), (0, ValueError), (10**13, ValueError), ("1e3", ValueError),
    ("1_000", ValueError), ("", ValueError), (Decimal("0.5"), ValueError), (None, TypeError),
])
def test_odd_amounts_are_errors(village: Community, points: object, error: type) -> None:
    """Amounts are whole, exact, bounded; and nothing is rounded in silence."""  # bugs 28, 30
    before = dump(village._book.store)

    with pytest.raises(error):
        village.books.adjust("wang", points, reason="更正", key="k")

    assert before == dump(village._book.store)


def test_negative_openings_and_gifts_are_errors(village: Community) -> None:
    """The verb fixes the direction, never a sign."""  # bug 30
    for verb in (lambda: village.books.opening("wang", -5),
                 lambda: village.books.transfer("wang", "zhou", -5)):
        with pytest.raises(ValueError, match="negative"):
            verb()


def test_kinds_with_decimals_take_decimals(clock: FakeClock) -> None:
    """Half points where the kind has them; nothing finer."""
    book = founded(HEAD + '[[kind]]\ncode = "point"\ndecimals = 1\n' + HELP, clock=clock)

    assert {"point": Decimal("2.5")} == book.books.adjust("wang", "2.5", reason="更正").points
    with pytest.raises(ValueError, match="steps"):
        book.books.adjust("wang", "2.55", reason="更正")
    with pytest.raises(NotFound):
        book.books.adjust("wang", 1, kind="honour", reason="更正")


# gifts


def test_a_gift_keeps_the_last_day_of_each_of_its_lots(
    book: Community, clock: FakeClock,
) -> None:  # bugs 23, 24
    """Two lots, given together, end in the new passbook as they would have in the old one."""
    paid(book, hours=3)
    clock.move(days=10)
    paid(book, hours=3)

    book.books.transfer("wang", "zhou", 8)

    assert [(6, date(2027, 3, 7)), (2, date(2027, 3, 17))] == [
        (share.points, share.last_day) for share in book.passbooks["zhou"].lots["point"]]
    assert 4 == balance(book)


def test_a_refused_gift_leaves_the_book_as_it_was(village: Community) -> None:
    """Not one lot is eaten before the shortage is found."""  # bug 23
    paid(village, hours=3)
    paid(village, hours=3)
    before = dump(village._book.store, ["journal", "derived", "personal"])

    codes = [refusal(lambda: village.books.transfer("wang", "zhou", 13)),
             refusal(lambda: village.books.transfer("wang", "wang", 3))]

    assert [Code.INSUFFICIENT_POINTS, Code.TRANSFER_NOT_ALLOWED] == codes
    assert before == dump(village._book.store, ["journal", "derived", "personal"])


def test_gifts_have_a_limit_each_period(village: Community, clock: FakeClock) -> None:
    """Thirty a month; a reversed gift gives its room back."""
    paid(village, hours=50)
    gift = village.books.transfer("wang", "zhou", 25)

    assert Code.TOO_OFTEN == refusal(lambda: village.books.transfer("wang", "zhou", 6))
    village.books.reverse(gift.seq, reason="误")
    village.books.transfer("wang", "zhou", 30)
    clock.set("2026-04-01")
    village.books.transfer("wang", "zhou", 30)
    assert 60 == balance(village, "zhou")


def test_one_gives_only_what_is_ones_own(village: Community) -> None:
    """A resident gives from her passbook, nobody else's."""
    paid(village, hours=5)

    assert Code.NOT_HOLDER == refusal(
        lambda: village.books.transfer("wang", "zhou", 1, by="zhou"))
    assert {"point": -1} == village.books.transfer("wang", "zhou", 1, by="wang").points


def test_gifts_must_be_allowed(clock: FakeClock) -> None:
    """Without a word in the rulebook points stay where they were earned."""
    book = founded(HEAD + HELP, clock=clock)
    paid(book)

    assert Code.TRANSFER_NOT_ALLOWED == refusal(lambda: book.books.transfer("wang", "zhou", 1))


# reversals


def test_a_reversal_undoes_everything(book: Community) -> None:
    """A correction and its reversal leave every lot as it was, also beside an equal twin."""
    paid(book, hours=3)
    paid(book, hours=3)  # bug 54
    before = book.passbooks["wang"]
    taken = book.books.adjust("wang", -8, reason="误")

    book.books.reverse(taken.seq, reason="没有多记")

    after = book.passbooks["wang"]
    assert (before.lots, before.balances) == (after.lots, after.balances)
    book.books.verify()


def test_reversing_a_gift_gives_back_points_and_dates(book: Community) -> None:
    """What the receiver still has returns; what she spent she owes."""
    paid(book, hours=5)
    gift = book.books.transfer("wang", "zhou", 10)
    book.books.adjust("zhou", -4, reason="用掉")

    book.books.reverse(gift.seq, reason="给错人")

    assert (10, -4) == (balance(book), balance(book, "zhou"))
    assert {date(2027, 3, 7)} == {one.last_day for one in book.passbooks["wang"].lots["point"]}
    book.books.verify()


def test_an_entry_is_reversed_once_and_a_reversal_never(village: Community) -> None:
    """Undoing twice, or undoing the undoing, is refused; post anew."""  # bug 19
    entry = village.books.adjust("wang", 5, reason="漏记")
    back = village.books.reverse(entry.seq, reason="误")

    assert Code.REVERSAL_EXISTS == refusal(
        lambda: village.books.reverse(entry.seq, reason="误"))
    assert Code.REVERSAL_OF_REVERSAL == refusal(
        lambda: village.books.reverse(back.seq, reason="误"))
    assert 0 == balance(village)


def test_deeds_are_reopened_and_not_reversed(village: Community) -> None:
    """Only entries of the books and of goods are; the journal has no entry 999."""
    decision = paid(village)

    assert Code.NOT_REVERSIBLE == refusal(
        lambda: village.books.reverse(decision.seq, reason="误"))
    with pytest.raises(NotFound):
        village.books.reverse(999, reason="误")


def test_a_reversal_after_the_end_returns_nothing_usable(
    village: Community, clock: FakeClock,
) -> None:
    """Points return to lots that are over, and expire again at once."""
    paid(village, hours=3)
    cut = village.books.adjust("wang", -4, reason="误")
    clock.set("2027-03-09")

    village.books.reverse(cut.seq, reason="没有多记")

    assert (0, 0) == (balance(village), village.passbooks["wang"].available)
    assert {"point": 0} == village.books.outstanding()


def test_an_expired_opening_can_still_be_reversed(village: Community, clock: FakeClock) -> None:
    """What was never used comes out of the expired, and nobody owes it."""
    opening = village.books.opening("wang", 9)
    clock.set("2027-04-01")
    village.books.sweep()

    village.books.reverse(opening.seq, reason="导入错误")

    assert (0, 0) == (balance(village), village.passbooks["wang"].owed)


def test_whatever_brings_points_gives_them_a_last_day(
    village: Community, clock: FakeClock,
) -> None:  # bug 14
    """Each kind of entry that credits a passbook opens a lot, and every lot ends by itself."""
    paid(village, hours=2)
    village.books.opening("zhou", 3)
    village.books.adjust("li", 4, reason="漏记")
    village.books.transfer("li", "sun", 2)
    credited = {entry.kind for entry in village.books.entries()
                if any(one.target.startswith("passbook/") for one in entry.postings)}

    assert {"confirm", "opening", "adjust", "transfer"} == credited
    clock.set("2027-03-08")
    assert {"point": 0} == village.books.outstanding()
    assert 4 == village.books.sweep()


# debts


def test_debts_meet_points_on_the_day_these_can_be_used(
    clock: FakeClock,
) -> None:  # bugs 15, 25
    """A lot that waits for its notice pays a debt on its first day, whether or not a sweep runs
    then; it does not expire beside the debt."""
    rules = HEAD + "notice_days = 5\n" + HELP + '[validity]\nafter = "1 month"\n'
    pages = []
    for sweeps in (True, False):
        clock.set("2026-03-07 10:00")
        book = founded(rules, clock=clock)
        paid(book, hours=4)
        book.books.adjust("zhou", -6, reason="多记")
        first = paid(book, "zhou", hours=4)
        for _ in range(60):
            clock.move(days=1)
            if sweeps:
                book.books.sweep()
        page = book.passbooks["zhou"]
        pages.append((page.balance, page.owed))
        assert first.award.points == 8
        assert {"point": 0} == book.books.outstanding()

    assert [(0, 0)] * 2 == pages


# sanctions


def test_a_sanction_is_named_by_the_rulebook(clock: FakeClock) -> None:
    """Imposed with a reason, it bars; lifted, its last day is today."""
    book = founded(HEAD + HELP + """
[[sanction]]
code = "pause"
title = "暂停"
bars = ["redeem", "transfer"]
lasts_periods = 1
[transfer]
to = "anyone"
""", clock=clock)
    paid(book)

    with pytest.raises(NotFound):
        book.books.sanction("wang", "prison", reason="按办法")
    assert Code.REASON_NEEDED == refusal(lambda: book.books.sanction("wang", "pause", reason=""))
    book.books.sanction("wang", "pause", reason="按办法")
    assert Code.BARRED == refusal(lambda: book.books.transfer("wang", "zhou", 1))
    book.books.lift("wang", "pause", reason="已整改")
    clock.move(days=1)
    book.books.transfer("wang", "zhou", 1)
    with pytest.raises(NotFound):
        book.books.lift("wang", "pause", reason="已整改")


def test_a_threshold_bars_until_it_is_restored(clock: FakeClock) -> None:
    """Below five it holds, and also at seven, until ten is reached again."""
    book = founded(HEAD + HELP + """
[[sanction]]
code = "low"
title = "积分过低"
bars = ["redeem"]
below = 5
restored_at = 10
""", clock=clock)
    seen = []
    for change in (12, -8, 3, 3, -1):
        book.books.adjust("wang", change, reason="更正")
        seen.append((balance(book), book.passbooks["wang"].sanctions))

    assert [(12, ()), (4, ("low",)), (7, ("low",)), (10, ()), (9, ())] == seen


# the whole book


def test_outstanding_is_issued_less_what_left(book: Community, clock: FakeClock) -> None:
    """Issued, less redeemed, expired and taken."""
    paid(book, hours=10)
    paid(book, "zhou", hours=10)
    book.books.adjust("wang", -3, reason="更正")
    clock.set("2027-03-08")

    assert {"point": 0} == book.books.outstanding()
    book.books.sweep()
    rows = {row[0]: row[2] for row in dump(book._book.store)["balance"]}
    assert {"issued": -40, "expired": 37, "deducted": 3} == {
        account: rows[account] for account in ("issued", "expired", "deducted")}


def test_what_was_paid_of_a_debt_goes_back_to_the_lots_that_paid(village: Community) -> None:
    """With their dates, not as something new; and once, however many debts are struck out."""
    village.books.adjust("wang", -20, reason="更正")
    first = village.books.adjust("wang", -5, reason="更正")
    for hours in (2, 3):
        paid(village, hours=hours)
    last = village.books.adjust("wang", -1, reason="更正")
    debt = next(one.seq for one in village.books.entries() if one.kind == "adjust")

    village.books.reverse(debt, reason="记错")

    page = village.passbooks["wang"]
    assert (4, 0) == (page.balance, page.owed)
    for seq in (first.seq, last.seq):
        village.books.reverse(seq, reason="记错")
    page = village.passbooks["wang"]
    assert {date(2027, 3, 7)} == {lot.last_day for lot in page.lots["point"]}
    assert [4, 6] == [lot.points for lot in page.lots["point"]]
    village.books.verify(rate=True)


def test_entries_are_proved_against_a_checkpoint(book: Community) -> None:
    """Inclusion of every entry, and consistency of every earlier size."""
    for hours in range(1, 6):
        paid(book, hours=hours)
    now = book.books.checkpoint()

    for seq in range(1, now.size + 1):
        proof = book.books.prove(seq)
        assert verify_inclusion(proof.leaf, seq - 1, now.size, proof.path, now.root)
        assert verify_consistency(seq, now.size, book.books.consistency(seq),
                                  book.books.root_at(seq), now.root)
    with pytest.raises(NotFound):
        book.books.prove(now.size + 1)


def test_a_checkpoint_stands_for_what_was_written_first(
    village: Community, clock: FakeClock,
) -> None:
    """A late entry about an earlier day changes no earlier checkpoint."""  # bugs 47, 48
    paid(village)
    first = village.books.checkpoint()
    clock.move(days=30)

    paid(village, on=date(2026, 3, 1), reason="补报")

    assert first.root == village.books.root_at(first.size)
    now = village.books.checkpoint()
    assert verify_consistency(first.size, now.size, village.books.consistency(first.size),
                              first.root, now.root)


def test_a_tree_that_lacks_a_node_gives_no_checkpoint(book: Community) -> None:
    """What is printed outside must stand for all entries, or not be printed."""
    store, (size, _) = book._book.store, book._book.head()
    level = max(level for level in range(size.bit_length()) if size >> level & 1)
    with store.writing():
        store.drop(Frontier, level)

    for ask in (book.books.checkpoint, lambda: book.books.prove(1)):
        with pytest.raises(BookDamaged, match=f"its node of level {level}"):
            ask()


def test_a_damaged_book_is_read_only_until_it_is_sound(clock: FakeClock) -> None:
    """Verification that fails closes the book for writing; the next that passes opens it."""
    book = founded(clock=clock)
    paid(book)
    store = book._book.store
    row = store.find(Balance, reverse=True, limit=1)[0]
    with store.writing():
        store.put(attrs.evolve(row, version=row.version + 1))

    with pytest.raises(BookDamaged):
        book.books.verify()
    assert Code.LEDGER_READONLY == refusal(lambda: paid(book))
    assert book.books.check().problems
    with store.writing():
        store.put(row)
    book.books.verify()
    assert 5 * 2 == paid(book).award.points


def test_a_book_before_its_first_rulebook(clock: FakeClock) -> None:
    """Nothing can be worth anything yet, and that is said."""
    book = founded("", clock=clock)

    assert Code.RULEBOOK_UNKNOWN == refusal(lambda: book.books.opening("wang", 5))
    assert Code.RULE_NOT_IN_FORCE == refusal(
        lambda: book.deeds.report("help", resident="wang", quantity=1))
    with pytest.raises(NotFound):
        book.passbooks["wang"]
    with pytest.raises(NotFound):
        book.rulebooks.in_force()
    with pytest.raises(Refused):
        book.books.outstanding()
