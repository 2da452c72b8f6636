"""The life of a deed: who may decide it, what it is worth, and how a decision is undone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.errors import Code, NotFound, Refused
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HAZARD, HEAD, HELP, YEAR, balance, founded, paid, refusal


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


# who


def test_a_recorder_stays_the_recorder_by_any_code(village: Community) -> None:
    """One person with two offices and a record of her own writes down or confirms, not both."""
    village.residents.appoint("staff:sun-too", role="committee", resident="sun")
    village.residents.appoint("sun", role="grid-officer")
    codes = ("staff:sun", "staff:sun-too", "sun")
    for recorder in codes:
        deed = village.deeds.report("help", resident="wang", quantity=1, by=recorder)
        for code in codes:
            assert "self_confirmation" == refusal(partial(village.deeds.confirm, deed.id, by=code))


def test_moving_out_on_the_day_of_the_deed_opens_no_door(
    village: Community, clock: FakeClock,
) -> None:
    """Whoever lived with the doer when the day began does not confirm the deed."""
    clock.move(days=1)
    deed = village.deeds.report("help", resident="li-wife", quantity=1)
    village.residents.move("li", household="home-new")

    assert "self_confirmation" == refusal(lambda: village.deeds.confirm(deed.id, by="li"))


def test_nobody_holds_up_a_deduction_against_herself(village: Community) -> None:
    """Her appeal is written down by somebody else; the one who recorded it may do that."""
    village.residents.appoint("staff:wang", role="committee", resident="wang")
    deed = village.deeds.report("litter", resident="wang", by="staff:zheng")
    village.deeds.confirm(deed.id, by="staff:wu")

    assert "self_confirmation" == refusal(
        lambda: village.deeds.reopen(deed.id, reason="x", by="staff:wang"))
    assert "reopened" == village.deeds.reopen(deed.id, reason="申诉", by="staff:zheng").deed.status


def test_nobody_confirms_their_own_deed(village: Community) -> None:
    """An officer who is a resident confirms neither as one nor as the other."""
    deed = village.deeds.report("help", resident="sun", quantity=1)
    own = village.deeds.report("help", resident="li", quantity=1)

    codes = {refusal(lambda: village.deeds.confirm(deed.id, by="staff:sun")),
             refusal(lambda: village.deeds.confirm(own.id, by="li"))}

    assert {Code.SELF_CONFIRMATION} == codes


def test_nobody_confirms_a_deed_of_their_household(village: Community) -> None:
    """Li is a grid officer, but not for what his wife did."""
    deed = village.deeds.report("help", resident="li-wife", quantity=1)

    with pytest.raises(Refused) as no:
        village.deeds.confirm(deed.id, by="li")

    assert (Code.SELF_CONFIRMATION, {"who": "household"}) == (no.value.code, no.value.facts)


@pytest.mark.parametrize("mover", ["li-wife", "li"])
def test_the_household_of_the_deeds_day_counts_too(
    village: Community, clock: FakeClock, mover: str,
) -> None:
    """Moving apart after the deed, whoever moves, does not make a spouse a stranger."""
    deed = village.deeds.report("help", resident="li-wife", quantity=1)
    clock.move(days=1)
    village.residents.move(mover, household="home-new")

    code = refusal(lambda: village.deeds.confirm(deed.id, by="li"))

    assert Code.SELF_CONFIRMATION == code


def test_the_household_of_today_counts_too(village: Community, clock: FakeClock) -> None:
    """Who lives together now does not confirm what was done before."""
    deed = village.deeds.report("help", resident="wang", quantity=1)
    clock.move(days=1)
    village.residents.move("wang", household="home-li")

    code = refusal(lambda: village.deeds.confirm(deed.id, by="li"))

    assert Code.SELF_CONFIRMATION == code


def test_the_recorder_does_not_confirm(village: Community) -> None:
    """Whoever wrote a report down is not its second pair of eyes, under either of her codes."""
    deed = village.deeds.report("help", resident="wang", quantity=1, by="staff:wu")
    as_resident = village.deeds.report("help", resident="sun", joint=["wang"], by="sun",
                                       quantity=1)

    codes = {refusal(lambda: village.deeds.confirm(deed.id, by="staff:wu")),
             refusal(lambda: village.deeds.confirm(as_resident.id, by="staff:sun"))}

    assert {Code.SELF_CONFIRMATION} == codes


def test_a_rule_may_let_the_recorder_confirm(clock: FakeClock) -> None:
    """Where the rulebook says so openly."""
    book = founded(HEAD + "[confirm]\nby = ['grid-officer']\nrecorder = true\n" + HELP,
                   clock=clock)
    deed = book.deeds.report("help", resident="wang", quantity=1, by="staff:wu")

    assert 2 == book.deeds.confirm(deed.id, by="staff:wu").award.points


def test_administrators_have_no_exemption(village: Community) -> None:
    """The administrator confirms in no role of that name, and never the own deed."""  # bug 51
    deed = village.deeds.report("help", resident="sun", quantity=1, by="staff:wu")
    village.residents.appoint("staff:sun", role="admin", resident="sun")

    codes = [refusal(lambda: village.deeds.confirm(deed.id)),
             refusal(lambda: village.deeds.confirm(deed.id, by="staff:sun"))]

    assert [Code.NOT_PERMITTED, Code.SELF_CONFIRMATION] == codes


@pytest.mark.parametrize(("by", "error"), [("", ValueError), (" ", ValueError), (7, TypeError),
                                           ("staff:nobody", NotFound), ("home-li", NotFound)])
def test_an_actor_must_be_somebody(village: Community, by: object, error: type) -> None:
    """An empty or unknown actor never passes for somebody else, and leaves nothing."""  # bug 50
    deed = village.deeds.report("help", resident="wang", quantity=1)
    size = village.books.checkpoint().size

    with pytest.raises(error):
        village.deeds.confirm(deed.id, by=by, key="k")

    assert size == village.books.checkpoint().size
    assert 2 == village.deeds.confirm(deed.id, by="staff:wu", key="k").award.points


def test_the_confirmer_is_in_the_entry_that_pays(village: Community) -> None:
    """An approval and its record are one entry of one transaction."""  # bug 50
    decision = paid(village)

    entry = village._book.entry(decision.seq)

    assert village.residents["staff:wu"].id == entry.by
    (deed,) = entry.details["rows"]["deed"]
    assert ("grid-officer", [entry.by]) == (entry.role, deed["details"]["confirmed_by"])
    assert entry.postings


def test_roles_come_from_the_rule(clock: FakeClock) -> None:
    """Only the roles that the rule names confirm, whatever else somebody may do."""
    book = founded(HEAD + HELP + 'confirm = { by = ["committee"] }\n', clock=clock)
    deed = book.deeds.report("help", resident="wang", quantity=1)

    code = refusal(lambda: book.deeds.confirm(deed.id, by="staff:wu"))

    assert Code.NOT_PERMITTED == code
    assert 2 == book.deeds.confirm(deed.id, by="staff:zheng").award.points


TWO = HEAD + HELP + 'confirm = { people = 2 }\n' + HAZARD + """
confirm = { people = 1, above = 10, people_above = 2 }
"""


def test_two_people_confirm(clock: FakeClock, store: Store) -> None:
    """The first waits, the same person does not count twice, the second one pays."""
    book = founded(TWO, clock=clock, store=store)
    deed = book.deeds.report("help", resident="wang", quantity=4)

    first = book.deeds.confirm(deed.id, by="staff:wu")
    again = refusal(lambda: book.deeds.confirm(deed.id, by="staff:wu"))
    second = book.deeds.confirm(deed.id, by="staff:zheng")

    assert (1, None) == (first.waiting_for, first.award)
    assert Code.ALREADY_CONFIRMED_BY_YOU == again
    assert (0, 8) == (second.waiting_for, second.award.points)
    book.books.verify()


def test_one_person_with_two_codes_is_one_person(clock: FakeClock) -> None:
    """An officer who is appointed under her own code too does not confirm twice."""
    book = founded(TWO, clock=clock)
    book.residents.appoint("sun", role="committee")
    deed = book.deeds.report("help", resident="wang", quantity=4)
    book.deeds.confirm(deed.id, by="staff:sun")

    code = refusal(lambda: book.deeds.confirm(deed.id, by="sun"))

    assert Code.ALREADY_CONFIRMED_BY_YOU == code


def test_more_people_above_a_number_of_points(clock: FakeClock) -> None:
    """A small award needs one person, a large one two, who say the same grade."""
    book = founded(TWO, clock=clock)
    small = book.deeds.report("hazard", resident="wang")
    large = book.deeds.report("hazard", resident="wang")

    assert 5 == book.deeds.confirm(small.id, grade="general", by="staff:wu").award.points
    assert 1 == book.deeds.confirm(large.id, grade="major", by="staff:wu").waiting_for
    code = refusal(lambda: book.deeds.confirm(large.id, grade="minor", by="staff:zheng"))
    assert Code.GRADES_DIFFER == code
    assert 20 == book.deeds.confirm(large.id, grade="major", by="staff:zheng").award.points


def test_who_may_withdraw(village: Community) -> None:
    """The doer and the reporter take a report back; a neighbour does not."""
    village.residents.enrol("zhao-yi")
    deed = village.deeds.report("help", resident="zhou", quantity=1, by="zhou")

    assert Code.NOT_PERMITTED == refusal(lambda: village.deeds.withdraw(deed.id, by="zhao-yi"))
    assert "withdrawn" == village.deeds.withdraw(deed.id, by="zhou").deed.status


def test_nobody_withdraws_a_deduction_that_stands_against_them(village: Community) -> None:
    """Neither as a resident nor as an officer; whoever reported it may."""
    on_zhou = village.deeds.report("litter", resident="zhou", by="staff:wu")
    on_sun = village.deeds.report("litter", resident="sun", by="staff:wu")

    codes = [refusal(lambda: village.deeds.withdraw(on_zhou.id, by="zhou")),
             refusal(lambda: village.deeds.withdraw(on_sun.id, by="staff:sun"))]

    assert [Code.SELF_CONFIRMATION] * 2 == codes
    assert "withdrawn" == village.deeds.withdraw(on_zhou.id, by="staff:wu").deed.status


def test_a_resident_reports_for_her_household_only(village: Community) -> None:
    """Without an office nobody reports for strangers."""
    assert "li-wife" == village.deeds.report(
        "help", resident="li", quantity=1, by="li-wife").reported_by
    code = refusal(lambda: village.deeds.report("help", resident="wang", quantity=1, by="zhou"))
    assert Code.NOT_PERMITTED == code


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


# joint doers, limits, queues


def test_joint_doers_share_exactly(clock: FakeClock) -> None:
    """Weights split the points so that the parts make the whole."""  # bug 29
    book = founded(HEAD + """
[[rule]]
code = "both"
title = "合办"
points = 7
weights = [60, 20, 20]
""", clock=clock)
    deed = book.deeds.report("both", resident="wang", joint=["zhou", "li"])

    decision = book.deeds.confirm(deed.id, by="staff:wu")

    assert 7 == sum(award.points for award in decision.awards)
    assert ["wang", "zhou", "li"] == [award.resident for award in decision.awards]


def test_joint_doers_of_one_household_share_its_cap(clock: FakeClock) -> None:
    """A cap of the household is one cap for both, also within one deed."""  # bug 37
    book = founded(HEAD + HELP + """
[[limit]]
code = "cap"
title = "每户每月封顶"
rules = ["help"]
per = "household"
each = "month"
most = 10
""", clock=clock)
    deed = book.deeds.report("help", resident="li-wife", joint=["li"], quantity=4)

    decision = book.deeds.confirm(deed.id, by="staff:wu")

    assert [8, 2] == [award.points for award in decision.awards]
    assert 10 == balance(book, "li")


QUEUE = HEAD + HELP + """
[[limit]]
code = "budget"
title = "每月总额"
rules = ["help"]
per = "community"
each = "month"
most = 10
crossing = "queue"
"""


def test_what_waits_is_paid_when_there_is_room(clock: FakeClock, store: Store) -> None:
    """First come, first paid; what does not fit yet keeps its place."""
    book = founded(QUEUE, clock=clock, store=store)
    waits = [paid(book, who, hours=6).award.waiting for who in ("wang", "zhou", "li")]
    clock.set("2026-04-01 09:00")
    april = book.deeds.pay_waiting()
    clock.set("2026-05-01 09:00")
    may = book.deeds.pay_waiting()
    clock.set("2026-06-01 09:00")

    assert [{"point": 2}, {"point": 12}, {"point": 12}] == waits
    assert [("wang", 2), ("zhou", 8)] == [(one.resident, one.points) for one in april]
    assert [("zhou", 4), ("li", 6)] == [(one.resident, one.points) for one in may]
    assert [("li", 6)] == [(one.resident, one.points) for one in book.deeds.pay_waiting()]
    assert () == book.deeds.pay_waiting()
    assert [12, 12, 12] == [balance(book, who) for who in ("wang", "zhou", "li")]
    book.books.verify()


def test_taking_back_one_deed_leaves_what_others_were_paid_late(clock: FakeClock) -> None:
    """A late payment belongs to its deed alone, and goes with it."""
    book = founded(QUEUE, clock=clock)
    first, second = paid(book, "wang", hours=6), paid(book, "zhou", hours=2)
    clock.set("2026-04-01 09:00")
    book.deeds.pay_waiting()

    book.deeds.reopen(first.deed.id, reason="误")
    book.deeds.reject(first.deed.id, reason="误", by="staff:zheng")

    assert (0, 4) == (balance(book, "wang"), balance(book, "zhou"))
    assert "confirmed" == book.deeds[second.deed.id].status


def test_a_deed_decided_again_gives_back_what_was_paid_late(clock: FakeClock) -> None:
    """Reopened and confirmed again: no more than the deed is worth."""
    book = founded(QUEUE, clock=clock)
    first = paid(book, "wang", hours=6)
    clock.set("2026-04-01 09:00")
    book.deeds.pay_waiting()

    book.deeds.reopen(first.deed.id, reason="再看")
    again = book.deeds.confirm(first.deed.id, by="staff:zheng")

    assert (10, {"point": 2}) == (again.award.points, again.award.waiting)
    assert 10 == balance(book)
    book.deeds.pay_waiting()
    assert 12 == balance(book)


def test_what_waits_for_a_deed_that_was_rejected_is_never_paid(clock: FakeClock) -> None:
    """Taking the decision back takes back its place in the queue."""
    book = founded(QUEUE, clock=clock)
    first = paid(book, "wang", hours=6)
    book.deeds.reopen(first.deed.id, reason="误")
    book.deeds.reject(first.deed.id, reason="误", by="staff:zheng")
    clock.set("2026-04-01 09:00")

    assert () == book.deeds.pay_waiting()
    assert 0 == balance(book)


# deductions


def deducting(floor: str = "debt", notice: int = 0, extra: str = "") -> str:
    """A rulebook with one deduction of 8."""
    return HEAD + HELP + f"""
[[rule]]
code = "litter"
title = "乱扔垃圾"
clause = "第三条"
points = 8
deduction = {{ notice_days = {notice}, appeal = "居委会", floor = "{floor}"{extra} }}
"""


@pytest.mark.parametrize(("floor", "shown", "owed"), [("zero", 0, 0), ("debt", -2, 2)])
def test_a_deduction_beyond_the_balance(
    clock: FakeClock, floor: str, shown: int, owed: int,
) -> None:  # bug 31
    """Zero takes what there is and records the rest; debt owes the rest in the open."""
    book = founded(deducting(floor), clock=clock)
    paid(book, hours=3)
    deed = book.deeds.report("litter", resident="wang")

    decision = book.deeds.confirm(deed.id, by="staff:wu")

    page = book.passbooks["wang"]
    assert (-8, shown, owed) == (decision.award.points, page.balance, page.owed)
    missing = list(book.books.entries())[-1].details.get("shortfalls", [])
    assert ([{"unit": "point", "points": 2}] if floor == "zero" else []) == missing


def test_a_deduction_that_refuses_is_all_or_nothing(clock: FakeClock) -> None:
    """Never skipped with a report of success."""  # bug 31
    book = founded(deducting("refuse"), clock=clock)
    paid(book, hours=3)
    deed = book.deeds.report("litter", resident="wang")

    code = refusal(lambda: book.deeds.confirm(deed.id, by="staff:wu"))

    assert (Code.INSUFFICIENT_POINTS, 6) == (code, balance(book))
    assert "submitted" == book.deeds[deed.id].status


def test_a_deduction_waits_for_its_notice(clock: FakeClock, store: Store) -> None:
    """Decided on the 7th with two days of notice, it is taken as the 10th begins."""
    book = founded(deducting(notice=2), clock=clock, store=store)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")

    decision = book.deeds.confirm(deed.id, by="staff:wu")

    assert date(2026, 3, 10) == decision.award.effective_on
    clock.set("2026-03-09 23:59:59")
    assert 20 == balance(book)
    clock.set("2026-03-10")
    assert 12 == balance(book)
    assert 1 == book.books.sweep()
    assert 12 == balance(book)
    book.books.verify()


def test_a_deduction_called_off_during_its_notice_never_comes(clock: FakeClock) -> None:
    """While it is looked at again nothing is taken; rejected, nothing is."""
    book = founded(deducting(notice=2), clock=clock)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")
    book.deeds.reopen(deed.id, reason="申诉")
    clock.move(days=10)

    during = balance(book)
    book.deeds.reject(deed.id, reason="不是他", by="staff:zheng")
    clock.move(days=10)

    assert (20, 20) == (during, balance(book))


def test_a_deduction_taken_back_returns_to_the_lots_it_came_from(clock: FakeClock) -> None:
    """Points and last days are as they were."""  # bugs 21, 54
    book = founded(deducting(notice=2) + YEAR, clock=clock)
    paid(book, hours=3)
    clock.move(days=5)
    paid(book, hours=3)
    deed = book.deeds.report("litter", resident="wang")
    before = book.passbooks["wang"].lots
    book.deeds.confirm(deed.id, by="staff:wu")
    clock.move(days=4)
    book.books.sweep()
    assert 4 == balance(book)

    book.deeds.reopen(deed.id, reason="申诉")
    book.deeds.reject(deed.id, reason="不是他", by="staff:zheng")

    assert before == book.passbooks["wang"].lots


def test_the_terms_of_a_due_deduction_are_those_it_was_decided_by(clock: FakeClock) -> None:
    """A rulebook adopted meanwhile, also one of the same day without the rule, changes nothing."""
    book = founded(deducting(notice=2), clock=clock)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")
    book.rulebooks.adopt((HEAD + HELP).replace("2026-01-01", "2026-03-07"))
    clock.move(days=5)

    assert 12 == balance(book)


def test_a_repeated_deduction_is_doubled(clock: FakeClock) -> None:
    """Again within the year: twice as much."""
    book = founded(deducting(extra=', repeat = { factor = 2, within = "1 year" }'), clock=clock)
    taken = []
    for _ in range(2):
        deed = book.deeds.report("litter", resident="wang")
        taken.append(book.deeds.confirm(deed.id, by="staff:wu").award.points)

    assert [-8, -16] == taken


def test_a_repair_leaves_only_what_the_rule_says(clock: FakeClock) -> None:
    """The damage is repaired: 2 of 8 stay taken; once."""
    book = founded(deducting(extra=", repair = 2"), clock=clock)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")

    book.deeds.repair(deed.id, by="staff:zheng")

    assert 18 == balance(book)
    assert Code.STATE_NOT_FITTING == refusal(
        lambda: book.deeds.repair(deed.id, by="staff:zheng"))
    book.books.verify()


def test_the_head_bears_a_deduction_where_the_rule_says_so(clock: FakeClock) -> None:
    """With passbooks of residents, what the wife did is taken from the head of the household."""
    rules = deducting(extra=', borne_by = "head"').replace('"household"', '"resident"', 1)
    book = founded(rules, clock=clock)
    paid(book, "li", hours=10)
    deed = book.deeds.report("litter", resident="li-wife")

    book.deeds.confirm(deed.id, by="staff:wu")

    assert (12, 0) == (balance(book, "li"), balance(book, "li-wife"))


SANCTION = """
[[sanction]]
code = "pause"
title = "暂停兑换"
bars = ["redeem"]
lasts = "10 days"
"""


def test_a_sanction_comes_with_the_deduction_and_goes_with_it(clock: FakeClock) -> None:
    """Barred for ten days; called off, the bar is gone at once."""
    book = founded(deducting(extra=', sanction = "pause"') + SANCTION, clock=clock)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")

    page = book.passbooks["wang"]
    assert (("pause",), 12, 0) == (page.sanctions, page.balance, page.available)
    book.deeds.reopen(deed.id, reason="申诉")
    book.deeds.reject(deed.id, reason="不是他", by="staff:zheng")
    page = book.passbooks["wang"]
    assert ((), 20, 20) == (page.sanctions, page.balance, page.available)


def test_a_sanction_ends_by_itself(clock: FakeClock) -> None:
    """Ten days, the first one not counted: barred through the 17th."""
    book = founded(deducting(extra=', sanction = "pause"') + SANCTION, clock=clock)
    paid(book, hours=10)
    deed = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")

    clock.set("2026-03-17 23:59")
    assert ("pause",) == book.passbooks["wang"].sanctions
    clock.set("2026-03-18")
    assert () == book.passbooks["wang"].sanctions


# facts


def test_points_go_by_the_household_of_the_deeds_day(book: Community, clock: FakeClock) -> None:
    """Earning by the deed's day, spending by today's: who moved spends from the new passbook."""
    clock.move(days=2)
    book.residents.move("wang", household="home-li")
    paid(book, "wang", hours=5, on=date(2026, 3, 7))

    assert (10, 0) == (balance(book, "home-wang"), balance(book, "wang"))
    paid(book, "wang", hours=1)
    assert (10, 2) == (balance(book, "home-wang"), balance(book, "wang"))


def test_dated_attributes_count_as_of_the_deeds_day(clock: FakeClock) -> None:
    """What somebody is today says nothing about what she did before."""
    book = founded(HEAD + """
[[attribute]]
code = "age"
of = "resident"
type = "whole"
[[rule]]
code = "walk"
title = "健走"
points = 1
variants = [{ where = { age = { from = 60 } }, points = 3 }]
""", clock=clock)
    book.residents.describe("wang", age=59)
    clock.move(days=5)
    book.residents.describe("wang", age=60)

    worth = [paid(book, hours="1", rule="walk", on=on).award.points
             for on in (date(2026, 3, 8), date(2026, 3, 12))]

    assert [1, 3] == worth


def test_the_rulebook_of_the_deeds_day_rates_it_for_ever(book: Community, clock: FakeClock) -> None:
    """A change in mid-year: late confirmations pay the rate of their day."""  # bug 27
    before = book.deeds.report("help", resident="wang", quantity=1)
    book.rulebooks.adopt((HEAD + HELP + YEAR).replace("2026-01-01", "2026-04-01")
                         .replace("value = 2", "value = 7"))
    clock.set("2026-04-02 10:00")
    after = book.deeds.report("help", resident="wang", quantity=1)

    worth = [book.deeds.confirm(deed.id, by="staff:wu").award.points for deed in (before, after)]

    assert [2, 7] == worth


@pytest.mark.parametrize(("counts_on", "worth"), [
    ("deed_day", 2), ("report_day", 7), ("confirm_day", 9)])
def test_the_rulebook_says_which_day_picks_it(
    clock: FakeClock, counts_on: str, worth: int,
) -> None:
    """Done in March, reported in April, confirmed in May, at three rates."""
    head = HEAD + f'counts_on = "{counts_on}"\nlate = "90 days"\n'
    book = founded(head + HELP, clock=clock)
    for month, value in (("2026-04-01", 7), ("2026-05-01", 9)):
        book.rulebooks.adopt((head + HELP).replace("2026-01-01", month)
                             .replace("value = 2", f"value = {value}"))
    clock.set("2026-04-10")
    deed = book.deeds.report("help", resident="wang", quantity=1, on=date(2026, 3, 31))
    clock.set("2026-05-10")

    assert worth == book.deeds.confirm(deed.id, by="staff:wu").award.points


def test_the_same_report_twice(clock: FakeClock) -> None:
    """`unique`: also while the first one still waits, for each of joint doers, and again once the
    first one was withdrawn; other events are other deeds."""
    book = founded(HEAD + HELP + 'needs = ["event"]\nunique = ["event"]\n', clock=clock)
    first = book.deeds.report("help", resident="wang", quantity=1, event="义诊")

    again = refusal(lambda: book.deeds.report("help", resident="wang", quantity=2, event="义诊"))
    joint = refusal(lambda: book.deeds.report("help", resident="zhou", joint=["wang"],
                                              quantity=2, event="义诊"))
    book.deeds.report("help", resident="wang", quantity=2, event="讲座")
    book.deeds.withdraw(first.id)

    assert [Code.DUPLICATE_CHECKIN] * 2 == [again, joint]
    assert "submitted" == book.deeds.report(
        "help", resident="wang", quantity=1, event="义 诊").status


def test_a_missing_fact_is_not_a_repetition(clock: FakeClock) -> None:
    """Two reports without an event lack the event; they are not one and the same."""
    book = founded(HEAD + HELP + 'needs = ["event"]\nunique = ["event"]\n', clock=clock)

    codes = [refusal(lambda: book.deeds.report("help", resident="wang", quantity=1))
             for _ in range(2)]

    assert [Code.FACT_MISSING] * 2 == codes


def test_who_left_does_nothing_afterwards(village: Community, clock: FakeClock) -> None:
    """A deed after the last day is refused; one of the last day is not."""
    village.residents.leave("zhou")
    clock.move(days=2)

    code = refusal(lambda: village.deeds.report("help", resident="zhou", quantity=1))

    assert Code.ACCOUNT_CLOSED == code
    assert "zhou" == village.deeds.report(
        "help", resident="zhou", quantity=1, on=date(2026, 3, 7)).resident


@pytest.mark.parametrize(("said", "error"), [
    ({"quantity": 1.5}, TypeError), ({"quantity": True}, TypeError),
    ({"quantity": 0}, ValueError), ({"quantity": -2}, ValueError),
    ({"quantity": "1e5"}, ValueError), ({"quantity": "NaN"}, ValueError),
    ({"quantity": Decimal("Infinity")}, ValueError), ({"quantity": "１２"}, ValueError),
    ({"quantity": "9" * 30}, ValueError), ({"quantity": {"km": 1}}, ValueError),
    ({"on": "2026-03-01"}, TypeError), ({"on": date(2026, 3, 8)}, ValueError),
    ({"end_day": 5}, TypeError), ({"joint": "zhou"}, TypeError),
    ({"joint": ["wang"]}, ValueError), ({"joint": ["nobody"]}, NotFound),
    ({"resident": "nobody"}, NotFound), ({"resident": ""}, ValueError),
    ({"note": "x" * 100_000}, ValueError), ({"place": "3栋\u200b"}, ValueError),
    ({"place": "\u202e3栋"}, ValueError), ({"note": "\ud800"}, ValueError),
    ({"attributes": {"colour": "red"}}, ValueError), ({"at": 5}, TypeError),
    ({"key": ""}, ValueError), ({"key": "lp:1"}, ValueError), ({"key": 5}, TypeError),
    ({"key": "\ud800"}, ValueError), ({"key": "x" * 200}, ValueError),
])
def test_bad_input_is_an_error_and_leaves_nothing(
    book: Community, said: dict[str, object], error: type,
) -> None:  # bugs 28, 30
    """What was expected is said at the door; nothing is written, the key stays free."""
    size = book.books.checkpoint().size

    with pytest.raises(error):
        book.deeds.report("help", **{"resident": "wang", "quantity": 1, "key": "k", **said})

    assert size == book.books.checkpoint().size
    assert not book.deeds.report("help", resident="wang", quantity=1, key="k").is_repeat


def test_odd_names_are_at_home(village: Community) -> None:
    """Rare characters, a middle dot and Windows line breaks pass."""
    village.residents.enrol("𠮷田·买买提", name="\U000323b0·古丽")
    deed = village.deeds.report("help", resident="𠮷田·买买提", quantity=1,
                                place="３栋 ２单元", note="第一行\r\n第二行")

    assert "𠮷田·买买提" == deed.resident


def test_places_are_the_same_whatever_their_width(clock: FakeClock) -> None:
    """A second report of one place is noticed across spaces and full-width digits."""
    book = founded(HEAD + HAZARD + 'first = { same = ["place"], within = "30 days", later = 1 }\n',
                   clock=clock)
    worth = []
    for who, place in (("wang", "3栋2单元"), ("zhou", "３栋 2单元")):
        deed = book.deeds.report("hazard", resident=who, place=place)
        worth.append(book.deeds.confirm(deed.id, grade="general", by="staff:wu").award.points)

    assert [5, 1] == worth


def test_a_capped_deed_stays_visible_with_its_reason(clock: FakeClock) -> None:
    """A cap that leaves nothing makes an award of zero that explains itself, not a refusal."""
    book = founded(HEAD + HELP + """
[[limit]]
code = "cap"
title = "每月封顶"
rules = ["help"]
per = "resident"
each = "month"
most = 10
""", clock=clock)
    paid(book, hours=5)

    decision = paid(book, hours=5)

    assert ("confirmed", 0) == (decision.deed.status, decision.award.points)
    assert any("每月封顶" in step for step in decision.award.explained("zh"))
    assert decision.award.explained("zh") == book.deeds.explain(decision.deed.id, "zh")


def test_the_pile_on_the_desk(village: Community) -> None:
    """Deeds can be listed by state and by doer."""
    deed = village.deeds.report("help", resident="wang", quantity=1)
    paid(village)

    assert [deed.id] == [one.id for one in village.deeds.with_status("submitted")]
    assert 2 == len(village.deeds.of("wang"))
    with pytest.raises(NotFound):
        village.deeds["d-1"]


def test_the_days_of_two_clocks(village: Community, clock: FakeClock) -> None:
    """`at` says when it happened, the ledger's clock when it was written; a future or naive
    moment is refused."""  # bug 47
    deed = village.deeds.report("help", resident="wang", quantity=1, at=date(2026, 3, 1))
    entry = list(village.books.entries())[-1]

    assert (date(2026, 3, 1), "2026-03-01") == (deed.day, entry.day)
    assert entry.at < entry.recorded_at
    for at in (clock.now + timedelta(days=1), clock.now.replace(tzinfo=None), date(2026, 3, 8)):
        with pytest.raises(ValueError, match=r"zone|future"):
            village.deeds.report("help", resident="wang", quantity=1, at=at)


def test_history_and_reasons_take_in_what_came_due_later(clock: FakeClock) -> None:
    """A deduction after its notice and a late payment decide nothing; what was paid late has its
    reasons too."""
    book = founded(deducting(notice=2) + QUEUE.removeprefix(HEAD + HELP), clock=clock)
    waiting = paid(book, hours=6)
    taken = book.deeds.report("litter", resident="wang")
    book.deeds.confirm(taken.id, by="staff:wu")
    clock.set("2026-04-01 09:00")
    book.deeds.pay_waiting()

    assert [1, 1] == [len(book.deeds.history(deed)) for deed in (waiting.deed.id, taken.id)]
    reasons = book.deeds.explain(waiting.deed.id, "zh")
    assert len(reasons) > len(waiting.award.explained("zh"))
    assert book.deeds.explain(taken.id, "zh")
    book.deeds.reopen(waiting.deed.id, reason="误")
    book.deeds.reject(waiting.deed.id, reason="误", by="staff:zheng")
    assert () == book.deeds.explain(waiting.deed.id, "zh")


def test_what_is_paid_late_pays_a_debt_first(clock: FakeClock) -> None:
    """Like every other credit, at once and in the same transaction."""
    book = founded(QUEUE, clock=clock)
    paid(book, "wang", hours=6)
    book.books.adjust("wang", -11, reason="多记")
    clock.set("2026-04-01 09:00")

    book.deeds.pay_waiting()

    assert {"settle"} <= {entry.kind for entry in book.books.entries()}
    assert (1, 0) == (balance(book), book.passbooks["wang"].owed)
