"""The life of a deed: its states, what taking a decision back does, its stages."""

from __future__ import annotations

import pytest

from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.errors import Code, NotFound
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import (
    HEAD,
    HELP,
    YEAR,
    balance,
    founded,
    paid,
    refusal,
)


@pytest.fixture
def book(store: Store, clock: FakeClock) -> Community:
    """The plain rulebook, on each kind of store."""
    return founded(clock=clock, store=store)


@pytest.fixture
def village(clock: FakeClock) -> Community:
    """The same in memory only."""
    return founded(clock=clock)


# the states


def test_the_whole_life_of_a_deed(book: Community) -> None:
    """Reported, confirmed, reopened, rejected, reopened, confirmed with another grade: the
    passbook always shows the present decision."""  # bugs 39, 40
    deed = book.deeds.report("hazard", resident="wang", place="3栋")
    seen = [("submitted", balance(book))]
    for act in (
        lambda: book.deeds.confirm(deed.id, grade="general", by="staff:wu"),
        lambda: book.deeds.reopen(deed.id, reason="有异议"),
        lambda: book.deeds.reject(deed.id, reason="没有这回事", by="staff:zheng"),
        lambda: book.deeds.reopen(deed.id, reason="找到照片"),
        lambda: book.deeds.confirm(deed.id, grade="major", by="staff:wu"),
    ):
        act()
        seen.append((book.deeds[deed.id].status, balance(book)))

    assert [("submitted", 0), ("confirmed", 5), ("reopened", 5), ("rejected", 0),
            ("reopened", 0), ("confirmed", 20)] == seen
    assert [5, None, None, None, 20] == [
        one.award and one.award.points for one in book.deeds.history(deed.id)]
    book.books.verify()


def test_what_was_taken_back_stays_taken_back(book: Community) -> None:
    """A decision that replaced another is undone without bringing the other back."""
    deed = book.deeds.report("hazard", resident="wang", place="3栋")
    seen = []
    for act in (
        lambda: book.deeds.confirm(deed.id, grade="general", by="staff:wu"),
        lambda: book.deeds.reopen(deed.id, reason="等次有异议"),
        lambda: book.deeds.confirm(deed.id, grade="major", by="staff:wu"),
        lambda: book.deeds.reopen(deed.id, reason="仍有异议"),
        lambda: book.deeds.confirm(deed.id, grade="minor", by="staff:wu"),
        lambda: book.deeds.reopen(deed.id, reason="有人说没有"),
        lambda: book.deeds.reject(deed.id, reason="没有这回事", by="staff:zheng"),
    ):
        act()
        seen.append(balance(book))

    assert [5, 5, 20, 20, 2, 2, 0] == seen
    book.books.verify()


def test_a_repaired_deduction_can_still_be_rejected(clock: FakeClock) -> None:
    """The repair replaced the deduction; rejected, neither of them stands."""
    book = founded(HEAD + HELP + """
[[rule]]
code = "litter"
title = "乱扔垃圾"
points = 8
deduction = { notice_days = 0, appeal = "居委会", floor = "debt", repair = 2 }
""", clock=clock)
    paid(book, hours=5)
    deed = book.deeds.report("litter", resident="wang")
    seen = []
    for act in (
        lambda: book.deeds.confirm(deed.id, by="staff:wu"),
        lambda: book.deeds.repair(deed.id, by="staff:wu"),
        lambda: book.deeds.reopen(deed.id, reason="申诉"),
        lambda: book.deeds.reject(deed.id, reason="不是她", by="staff:wu"),
    ):
        act()
        seen.append(balance(book))

    assert [2, 8, 8, 10] == seen
    book.books.verify()


def test_a_stage_that_the_report_paid_is_not_paid_again(clock: FakeClock) -> None:
    """Nobody confirms a stage that is paid already, however the deed stands."""
    book = founded(HEAD + """
[[rule]]
code = "snapshot"
title = "随手拍"
stages = [{ code = "accepted", points = 1, automatic = true }, { code = "verified", points = 5 }]
""", clock=clock)
    deed = book.deeds.report("snapshot", resident="wang")

    code = refusal(lambda: book.deeds.confirm(deed.id, stage="accepted", by="staff:wu"))

    assert ("deed_already_paid", 1) == (code, balance(book))
    book.deeds.confirm(deed.id, by="staff:wu")
    assert 6 == balance(book)


def test_a_report_is_worth_nothing_by_itself(book: Community) -> None:
    """Only confirmed facts post points."""  # bug 39
    book.deeds.report("help", resident="wang", quantity=3)

    assert 0 == balance(book)
    assert not any(entry.postings for entry in book.books.entries())


@pytest.mark.parametrize("how", ["withdraw", "reject", "duplicate"])
def test_what_was_closed_before_it_was_confirmed_never_posts(
    village: Community, how: str,
) -> None:  # bug 56
    """A deed withdrawn, rejected or marked a duplicate cannot be confirmed any more."""
    first = village.deeds.report("help", resident="wang", quantity=3)
    deed = village.deeds.report("help", resident="wang", quantity=3)
    {"withdraw": lambda: village.deeds.withdraw(deed.id),
     "reject": lambda: village.deeds.reject(deed.id, reason="不实", by="staff:wu"),
     "duplicate": lambda: village.deeds.duplicate(deed.id, of=first.id, by="staff:wu")}[how]()

    code = refusal(lambda: village.deeds.confirm(deed.id, by="staff:wu"))

    assert Code.STATE_NOT_FITTING == code
    assert 0 == balance(village)


def test_there_is_no_second_payment(village: Community) -> None:
    """A confirmed deed is not confirmed again, by anybody."""  # bug 3
    decision = paid(village)

    code = refusal(lambda: village.deeds.confirm(decision.deed.id, by="staff:zheng"))

    assert Code.STATE_NOT_FITTING == code
    assert 10 == balance(village)


def test_a_duplicate_names_the_first(village: Community) -> None:
    """A deed is a duplicate of another deed that exists, never of itself."""
    deed = village.deeds.report("help", resident="wang", quantity=3)

    with pytest.raises(NotFound):
        village.deeds.duplicate(deed.id, of="d-999", by="staff:wu")
    code = refusal(lambda: village.deeds.duplicate(deed.id, of=deed.id, by="staff:wu"))

    assert Code.STATE_NOT_FITTING == code


@pytest.mark.parametrize("verb", ["reject", "reopen"])
def test_reasons_are_needed(village: Community, verb: str) -> None:
    """Nobody's points go without a word why."""
    decision = paid(village)
    if verb == "reject":
        village.deeds.reopen(decision.deed.id, reason="再看")

    code = refusal(lambda: getattr(village.deeds, verb)(
        decision.deed.id, reason=" ", by="staff:zheng"))

    assert Code.REASON_NEEDED == code


def test_nothing_is_ever_deleted(village: Community) -> None:  # bug 44
    """No desk has a verb that removes; taking a deed back adds an entry that returns its points."""
    decision = paid(village)
    before = list(village.books.entries())
    village.deeds.reopen(decision.deed.id, reason="误")
    village.deeds.reject(decision.deed.id, reason="误", by="staff:zheng")

    desks = (village.deeds, village.books, village.residents, village.rulebooks, village.shop)
    assert not [name for desk in desks for name in dir(desk)
                if name.startswith(("delete", "remove", "erase", "update", "edit"))]
    entries = list(village.books.entries())
    assert before == entries[:len(before)]
    assert 0 == balance(village)


# taking back


def test_taking_back_what_was_spent_leaves_a_debt_that_later_credits_pay(
    book: Community,
) -> None:  # bugs 20, 25
    """Award, spend, overturn: the balance shows below zero until the next award has paid it."""
    award = paid(book, hours=10)
    book.shop.stock("rice", price=15, title="大米")
    book.shop.receive("rice", 3)
    book.shop.redeem({"rice": 1}, holder="wang", by="staff:zheng")
    book.deeds.reopen(award.deed.id, reason="查实有误")
    book.deeds.reject(award.deed.id, reason="没有做", by="staff:wu")

    page = book.passbooks["wang"]
    assert (-15, 0, 15) == (page.balance, page.available, page.owed)
    paid(book, hours=10)
    page = book.passbooks["wang"]
    assert (5, 5, 0) == (page.balance, page.available, page.owed)
    assert "settle" in [line.kind for line in page.lines] or page.lines[0].points == 20
    book.books.verify()


def test_a_decision_is_taken_back_exactly_whatever_the_rule_says_now(
    village: Community, clock: FakeClock,
) -> None:  # bug 26
    """Change the rule between award and reversal: what is taken back is what was posted."""
    award = paid(village, hours=5)
    village.rulebooks.adopt((HEAD + HELP + YEAR).replace("2026-01-01", "2026-03-08")
                            .replace("value = 2", "value = 9"))
    clock.move(days=3)

    village.deeds.reopen(award.deed.id, reason="误")
    village.deeds.reject(award.deed.id, reason="误", by="staff:wu")

    assert (0, 0) == (balance(village), village.passbooks["wang"].owed)


def test_an_overturned_award_may_be_a_shortfall(clock: FakeClock) -> None:
    """`overturned = "shortfall"`: what is there is taken, the rest only recorded."""
    book = founded(HEAD + 'overturned = "shortfall"\n' + HELP, clock=clock)
    award = paid(book, hours=5)
    book.books.adjust("wang", -4, reason="更正")
    book.deeds.reopen(award.deed.id, reason="误")

    book.deeds.reject(award.deed.id, reason="误", by="staff:wu")

    assert (0, 0) == (balance(book), book.passbooks["wang"].owed)
    assert [{"unit": "point", "points": 4}] == list(book.books.entries())[-1].details["shortfalls"]


def test_an_overturned_award_may_be_refused(clock: FakeClock) -> None:
    """`overturned = "refuse"`: what is spent is not taken back."""
    book = founded(HEAD + 'overturned = "refuse"\n' + HELP, clock=clock)
    award = paid(book, hours=5)
    book.books.adjust("wang", -4, reason="更正")
    book.deeds.reopen(award.deed.id, reason="误")

    code = refusal(lambda: book.deeds.reject(award.deed.id, reason="误", by="staff:wu"))

    assert Code.NOT_REVERSIBLE == code
    assert 6 == balance(book)


def test_points_under_objection_cannot_be_spent(village: Community) -> None:
    """Reopening freezes exactly what the deed posted; the decision thaws what stays."""
    first, second = paid(village, hours=5), paid(village, hours=4)
    village.deeds.reopen(first.deed.id, reason="有异议")
    frozen = village.passbooks["wang"]

    village.deeds.confirm(first.deed.id, by="staff:zheng")

    assert (18, 8, 10) == (frozen.balance, frozen.available, frozen.frozen)
    page = village.passbooks["wang"]
    assert (18, 18, 0) == (page.balance, page.available, page.frozen)
    assert "confirmed" == village.deeds[second.deed.id].status


# stages


STAGED = HEAD + """
[[rule]]
code = "tip"
title = "线索"
stages = [
  { code = "taken", points = 1, automatic = true },
  { code = "checked", points = 4 },
  { code = "solved", points = 10, kept_when_rejected = false, kept_when_false = true },
]
"""


@pytest.fixture
def staged(clock: FakeClock, store: Store) -> Community:
    """A rule that pays on the way."""
    return founded(STAGED, clock=clock, store=store)


def test_stages_are_paid_one_by_one(staged: Community) -> None:
    """The report itself, then each confirmation its stage; each once."""
    deed = staged.deeds.report("tip", resident="wang")
    seen = [balance(staged)]
    for _ in range(2):
        staged.deeds.confirm(deed.id, by="staff:wu")
        seen.append(balance(staged))

    assert [1, 5, 15] == seen
    assert Code.STATE_NOT_FITTING == refusal(
        lambda: staged.deeds.reject(deed.id, reason="晚了", by="staff:wu"))
    assert Code.DEED_ALREADY_PAID == refusal(
        lambda: staged.deeds.confirm(deed.id, stage="checked", by="staff:wu"))


def test_a_deed_is_counted_once_whatever_its_stages(clock: FakeClock) -> None:
    """One tip a month may be all that is paid; its later stages are the same tip."""
    book = founded(STAGED + """
[[limit]]
code = "once"
title = "每月一条"
rules = ["tip"]
per = "resident"
each = "month"
of = "times"
most = 1
""", clock=clock)
    first, second = (book.deeds.report("tip", resident="wang").id for _ in range(2))

    for deed in (first, first, second):
        book.deeds.confirm(deed, by="staff:wu")

    assert 15 == balance(book)
    book.books.verify(rate=True)


@pytest.mark.parametrize(("false", "kept"), [(False, 5), (True, 0)])
def test_what_an_honest_report_keeps(staged: Community, false: bool, kept: int) -> None:
    """Rejected at a later stage it keeps the earlier ones; a false report gives them back."""
    deed = staged.deeds.report("tip", resident="wang")
    staged.deeds.confirm(deed.id, by="staff:wu")

    staged.deeds.reject(deed.id, reason="未解决", false=false, by="staff:wu")

    assert kept == balance(staged)


def test_a_stage_that_is_not_kept_goes_with_the_rejection(staged: Community) -> None:
    """`kept_when_rejected = false` gives back, `kept_when_false = true` keeps."""
    kept = []
    for false in (False, True):
        deed = staged.deeds.report("tip", resident="wang")
        for _ in range(2):
            staged.deeds.confirm(deed.id, by="staff:wu")
        before = balance(staged)
        staged.deeds.reopen(deed.id, reason="查")
        staged.deeds.reject(deed.id, reason="查", false=false, by="staff:wu")
        kept.append(balance(staged) - before)

    assert [-10, -5] == kept


def test_a_stage_decided_again_leaves_the_earlier_ones_and_opens_the_later(
    staged: Community,
) -> None:
    """Reopening after the second stage: it is paid anew, the first stays and thaws, and the third
    can still come."""
    deed = staged.deeds.report("tip", resident="wang")
    staged.deeds.confirm(deed.id, by="staff:wu")
    staged.deeds.reopen(deed.id, reason="再看")

    staged.deeds.confirm(deed.id, stage="checked", by="staff:zheng")

    page = staged.passbooks["wang"]
    assert (5, 5, 0) == (page.balance, page.available, page.frozen)
    staged.deeds.confirm(deed.id, by="staff:wu")
    assert 15 == balance(staged)
    staged.books.verify()


def test_a_withdrawn_deed_keeps_no_stage(staged: Community) -> None:
    """Own withdrawal costs nothing and leaves nothing."""
    deed = staged.deeds.report("tip", resident="wang")

    staged.deeds.withdraw(deed.id)

    assert 0 == balance(staged)


def test_joint_doers_of_an_automatic_stage_are_all_paid(staged: Community) -> None:
    """Each doer's passbook gets the stage that the report itself pays."""
    staged.deeds.report("tip", resident="wang", joint=["zhou"])

    assert (1, 1) == (balance(staged, "wang"), balance(staged, "zhou"))
