"""Who may report, confirm, reject and withdraw a deed; never oneself, nor one's household."""

from __future__ import annotations

from functools import partial

import pytest

from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.errors import Code, NotFound, Refused
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import (
    HAZARD,
    HEAD,
    HELP,
    founded,
    paid,
    refusal,
)


@pytest.fixture
def village(clock: FakeClock) -> Community:
    """The plain rulebook, in memory."""
    return founded(clock=clock)


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


def test_a_deed_that_no_rulebook_rates_says_so(clock: FakeClock) -> None:
    """Nobody lacks an office where the rule itself is gone on the day that counts."""
    head = HEAD + 'counts_on = "confirm_day"\n'
    book = founded(head + HELP + HAZARD, clock=clock)
    deed = book.deeds.report("hazard", resident="wang")
    book.rulebooks.adopt((head + HELP).replace("2026-01-01", "2026-04-01"))
    clock.set("2026-04-02")

    code = refusal(lambda: book.deeds.confirm(deed.id, grade="minor", by="staff:zheng"))

    assert Code.RULE_NOT_IN_FORCE == code
