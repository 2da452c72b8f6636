"""For each code of a refusal the shortest story that meets it; each ends with the verb that is
refused. `docs/reference/errors.md` tells the same in words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import cache

from lovepoints import Code, Community, Refused
from lovepoints.core.deeds import Refusal
from lovepoints.core.passbooks.spending import Holding
from lovepoints.core.passbooks.transferring import Gift, transfer
from lovepoints.core.rows import Lot
from lovepoints.core.rulefiles.rulefile import parse
from lovepoints.core.store import Store
from lovepoints.core.values import Calendar
from lovepoints.desks.answers import Decision, Deed
from lovepoints.testing import FakeClock, community

RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
holder = "household"

[[attribute]]
code = "pledge"
of = "household"
type = "yes-no"

[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 5 }

[[rule]]
code = "hazard"
title = "上报隐患"
points = { minor = 2, major = 20 }
confirm = { by = ["grid-officer"], people = 2 }

[[rule]]
code = "festival"
title = "节日活动"
points = 3
needs = ["event"]
unique = ["event"]

[[rule]]
code = "sorting"
title = "垃圾分类"
points = 1
requires = { pledge = [true] }

[[rule]]
code = "task"
title = "分步任务"
stages = [{ code = "taken", points = 1 }, { code = "done", points = 4 }]

[[rule]]
code = "award"
title = "评议加分"
points = { from = 1, to = 9 }
"""
Story = Callable[[], object]
STORIES: dict[Code, Story] = {}
CLOCK = FakeClock()


def meets(code: Code) -> Callable[[Story], Story]:
    """The story that meets a code."""
    def remember(story: Story) -> Story:
        assert code not in STORIES, f"{code} has its story already"
        STORIES[code] = story
        return story

    return remember


@cache
def provoke(code: Code) -> Refused:
    """Play the story of a code; the refusal that it ends with."""
    CLOCK.set("2026-03-07 09:00")
    try:
        STORIES[code]()
    except Refused as refused:
        return refused
    raise AssertionError(f"nothing was refused in the story of {code}")


def raised(outcome: object) -> object:
    """What the core decided, as a desk passes it on."""
    if isinstance(outcome, Refusal):
        raise Refused(outcome.code, outcome.facts)
    return outcome


def town(terms: str = "", *, store: Store | None = None) -> Community:
    """Li's household with 100 points and Wang's with none; soap at 5, two officers, a kiosk."""
    book = community(clock=CLOCK, store=store)
    book.rulebooks.adopt(RULES + terms)
    for actor, role in (("staff:an", "grid-officer"), ("staff:bo", "grid-officer"),
                        ("kiosk:1", "kiosk")):
        book.residents.appoint(actor, role=role)
    for code, home in (("li", "li-home"), ("wang", "wang-home")):
        book.residents.enrol(code, household=home)
    book.books.opening("li", 100)
    book.shop.stock("soap", title="肥皂", price=5)
    book.shop.receive("soap", 10)
    return book


def served(book: Community, resident: str = "wang", hours: str = "2") -> tuple[Deed, Decision]:
    """A deed of some hours, reported and confirmed."""
    deed = book.deeds.report("service", resident=resident, quantity=hours)
    return deed, book.deeds.confirm(deed.id, by="staff:an")


def held(book: Community) -> str:
    """Two soaps reserved for Li; the id."""
    return book.shop.hold({"soap": 2}, holder="li").id


# before the key is looked at


@meets(Code.LIMIT_EXCEEDED)
def too_many_lots_in_one_gift() -> object:
    """A gift that only more than 4095 lots of one point each could pay."""
    rulebook = parse(RULES + '[transfer]\nto = "anyone"\n').rulebook
    lots = [Lot(id=place, account="passbook/h-1", unit="point", granted=1, free=1)
            for place in range(1, 4097)]
    holding = Holding(holder="h-1", lots={"point": lots}, now=CLOCK(), calendar=Calendar())
    return raised(transfer(rulebook, holding, Gift(kind="point", amount=4096, receiver="h-2")))


@meets(Code.LEDGER_READONLY)
def a_book_opened_for_reading() -> object:
    """The store may only be read."""
    book = town()
    book._book.store.is_writable = False
    return book.shop.redeem({"soap": 1}, holder="li")


@meets(Code.NOT_PERMITTED)
def a_kiosk_appoints() -> object:
    """A verb that the actor's roles do not cover."""
    return town().residents.appoint("staff:me", role="admin", by="kiosk:1")


def guarded() -> Community:
    """The town, in which Li has a PIN."""
    book = town()
    book.cards.set_pin("li", "2846")
    return book


def wrong(book: Community, times: int, *, minutes: int = 60) -> object:
    """So many wrong PINs of Li's in a row, each after a wait; the last answer."""
    for _ in range(times - 1):
        with suppress(Refused):
            book.cards.check_pin("2847", resident="li")
        CLOCK.move(minutes=minutes)
    return book.cards.check_pin("2847", resident="li")


@meets(Code.LOCKED)
def the_eleventh_wrong_pin() -> object:
    """After ten wrong ones nothing is looked at any more."""
    return wrong(guarded(), 11)


@meets(Code.TRY_LATER)
def the_fourth_wrong_pin_at_once() -> object:
    """After the third wrong one there is a wait."""
    return wrong(guarded(), 4, minutes=0)


@meets(Code.NOT_RECOGNISED)
def a_wrong_pin() -> object:
    """One digit beside."""
    return wrong(guarded(), 1)


@meets(Code.CARD_NOT_VALID)
def a_card_that_nobody_gave() -> object:
    """A token of another shop's card."""
    return town().cards.find("6901234567892")


# accounts and amounts


@meets(Code.ACCOUNT_CLOSED)
def a_deed_after_leaving() -> object:
    """A deed of somebody who had left."""
    book = town()
    book.residents.leave("wang")
    CLOCK.move(days=1)
    return book.deeds.report("service", resident="wang", quantity="2")


@meets(Code.AMOUNT_RANGE)
def finer_than_a_millionth() -> object:
    """A quantity above what a deed may state."""
    return town().deeds.report("service", resident="wang", quantity="9999999999")


@meets(Code.PIN_TOO_SIMPLE)
def a_birthday_for_a_pin() -> object:
    """A year is what is tried first."""
    return town().cards.set_pin("li", "1987")


# time and rule


@meets(Code.PERIOD_SEALED)
def dated_into_a_closed_month() -> object:
    """A correction that is to look as if it had been made before the close."""
    book = town()
    CLOCK.move(days=2)
    book.books.close_period()
    return book.books.adjust("li", 5, reason="补记", at=CLOCK.now.date() - timedelta(days=1))


@meets(Code.RULEBOOK_UNKNOWN)
def no_rulebook_yet() -> object:
    """A book in which nothing was adopted."""
    book = community(clock=CLOCK)
    book.residents.enrol("li")
    return book.books.opening("li", 5)


@meets(Code.RULEBOOK_RETROACTIVE)
def a_second_rulebook_for_last_month() -> object:
    """A rulebook that is to begin in the past."""
    return town().rulebooks.adopt(RULES.replace("2026-01-01", "2026-02-01"))


@meets(Code.RULE_NOT_IN_FORCE)
def a_rule_that_there_is_not() -> object:
    """A code that the rulebook of the day does not have."""
    return town().deeds.report("gardening", resident="wang")


@meets(Code.FACT_MISSING)
def a_report_without_its_event() -> object:
    """The rule needs an event."""
    return town().deeds.report("festival", resident="wang")


@meets(Code.PRECONDITION_MISSING)
def no_pledge() -> object:
    """The rule requires an attribute that the household does not have."""
    return town().deeds.report("sorting", resident="wang")


@meets(Code.REPORTED_TOO_LATE)
def after_the_last_day() -> object:
    """Late reports are refused by this rulebook."""
    book = community(clock=CLOCK)
    book.rulebooks.adopt(RULES.replace('holder = ', 'late_then = "refuse"\nholder = '))
    book.residents.enrol("wang")
    return book.deeds.report("award", resident="wang", on=date(2026, 1, 5))


@meets(Code.AMOUNT_NOT_BY_RULE)
def more_than_the_range() -> object:
    """Ten points where the rule says one to nine."""
    book = town()
    deed = book.deeds.report("award", resident="wang")
    return book.deeds.confirm(deed.id, points=10, reason="好事", by="staff:an")


@meets(Code.CHOICE_NEEDED)
def a_range_without_a_choice() -> object:
    """The confirmer must say how many."""
    book = town()
    deed = book.deeds.report("award", resident="wang")
    return book.deeds.confirm(deed.id, by="staff:an")


@meets(Code.REASON_NEEDED)
def rejected_without_a_word() -> object:
    """A rejection has a reason."""
    book = town()
    deed = book.deeds.report("award", resident="wang")
    return book.deeds.reject(deed.id, reason="", by="staff:an")


@meets(Code.REQUEST_NEEDED)
def told_on_one_s_own_request() -> object:
    """The custodian answers nobody's request but another person's."""
    book = town()
    book.residents.appoint("staff:he", role="custodian")
    book.residents.appoint("staff:he", role="committee")
    deed = book.deeds.report("service", resident="wang", quantity="2")
    own = book.privacy.request(deed.id, reason="核实", by="staff:he")
    return book.privacy.reporter(deed.id, request=own.seq, by="staff:he")


@meets(Code.GRADES_DIFFER)
def two_confirmers_disagree() -> object:
    """The second confirmer gives another grade."""
    book = town()
    deed = book.deeds.report("hazard", resident="wang", place="3栋")
    book.deeds.confirm(deed.id, grade="minor", by="staff:an")
    return book.deeds.confirm(deed.id, grade="major", by="staff:bo")


@meets(Code.CODE_TAKEN)
def _a_code_given_twice() -> None:
    """Li is enrolled under 0421, and Wang by mistake under the same."""
    book = town()
    book.residents.enrol("0421")
    book.residents.enrol("0421", name="王")


@meets(Code.STATE_NOT_FITTING)
def confirmed_twice() -> object:
    """A confirmed deed is not confirmed again."""
    book = town()
    deed, _ = served(book)
    return book.deeds.confirm(deed.id, by="staff:bo")


@meets(Code.NO_PLACE_LEFT)
def one_post_for_two() -> object:
    """One may sweep the yard, and Li does; Wang would like to as well."""
    book = town()
    book.tasks.define("yard", title="扫院子", nature="project", is_open=True)
    post = book.tasks.ask("yard")
    book.tasks.accept(post.id, resident="li")
    return book.tasks.accept(post.id, resident="wang")


@meets(Code.FUND_SHORT)
def more_than_the_fund_has() -> object:
    """A hundred yuan are in the winter fund, and two hundred are granted."""
    book = town()
    book.funds.open("winter", title="冬季慰问金", limit=100_00)
    return book.funds.grant("winter", 200_00, holder="li-home", reason="慰问")


@meets(Code.ERASURE_BLOCKED)
def erased_while_points_are_left() -> object:
    """Li's household is still enrolled, lives there and has points."""
    book = town()
    book.residents.appoint("staff:he", role="custodian")
    return book.privacy.erase("li-home", reason="本人申请", by="staff:he")


@meets(Code.DEED_ALREADY_PAID)
def the_same_stage_twice() -> object:
    """A stage is paid once."""
    book = town()
    deed = book.deeds.report("task", resident="wang")
    book.deeds.confirm(deed.id, stage="taken", by="staff:an")
    return book.deeds.confirm(deed.id, stage="taken", by="staff:bo")


@meets(Code.DUPLICATE_CHECKIN)
def signed_in_twice() -> object:
    """The same resident at the same event."""
    book = town()
    book.deeds.report("festival", resident="wang", event="元宵")
    return book.deeds.report("festival", resident="wang", event="元宵")


@meets(Code.SELF_CONFIRMATION)
def one_s_own_deed() -> object:
    """An officer confirms what she did herself."""
    book = town()
    book.residents.appoint("wang", role="grid-officer")
    deed = book.deeds.report("service", resident="wang", quantity="2")
    return book.deeds.confirm(deed.id, by="wang")


@meets(Code.ALREADY_CONFIRMED_BY_YOU)
def one_person_for_two() -> object:
    """Two people are needed, not one person twice."""
    book = town()
    deed = book.deeds.report("hazard", resident="wang", place="3栋")
    book.deeds.confirm(deed.id, grade="minor", by="staff:an")
    return book.deeds.confirm(deed.id, grade="minor", by="staff:an")


@meets(Code.BARRED)
def a_sanction_stops_redeeming() -> object:
    """A sanction of the rulebook was imposed."""
    book = town('[[sanction]]\ncode = "pause"\ntitle = "暂停兑换"\nbars = ["redeem"]\n'
                'lasts = "1 month"\n')
    book.books.sanction("li", "pause", reason="冒名领取")
    return book.shop.redeem({"soap": 1}, holder="li")


@meets(Code.TRANSFER_NOT_ALLOWED)
def a_gift_where_none_is_allowed() -> object:
    """Giving points on is off unless the rulebook allows it."""
    return town().books.transfer("li", "wang", 5)


@meets(Code.NOT_HOLDER)
def from_the_neighbours_passbook() -> object:
    """A resident spends from a passbook that is not hers."""
    return town().shop.redeem({"soap": 1}, holder="li", by="wang")


# holds


@meets(Code.HOLD_UNKNOWN)
def no_such_reservation() -> object:
    """An id that was never given."""
    return town().shop.collect("x-999")


@meets(Code.HOLD_ALREADY_COLLECTED)
def collected_twice() -> object:
    """A reservation is handed over once."""
    book = town()
    slip = held(book)
    book.shop.collect(slip)
    return book.shop.collect(slip)


@meets(Code.HOLD_ALREADY_RELEASED)
def collected_after_release() -> object:
    """It was let go."""
    book = town()
    slip = held(book)
    book.shop.release(slip)
    return book.shop.collect(slip)


@meets(Code.HOLD_ALREADY_LAPSED)
def collected_too_late() -> object:
    """The eighth day."""
    book = town()
    slip = held(book)
    CLOCK.move(days=8)
    return book.shop.collect(slip)


@meets(Code.EXCEEDS_HOLD)
def more_than_was_reserved() -> object:
    """Three of two."""
    book = town()
    return book.shop.collect(held(book), part={"soap": 3})


@meets(Code.EXCEEDS_REDEMPTION)
def more_back_than_was_taken() -> object:
    """Two of one."""
    book = town()
    slip = book.shop.redeem({"soap": 1}, holder="li")
    return book.shop.return_(slip.id, part={"soap": 2})


# lots and stock


@meets(Code.LOT_EXPIRED)
def yesterday_s_milk() -> object:
    """A delivery whose last good day is over."""
    book = town()
    book.shop.stock("milk", title="牛奶", price=3)
    return book.shop.receive("milk", 5, best_before="2026-03-06")


@meets(Code.LOT_FROZEN)
def collected_while_the_deed_is_open_again() -> object:
    """The reserved points come from a deed that is being decided anew."""
    book = town()
    deed, _ = served(book)
    slip = book.shop.hold({"soap": 2}, holder="wang")
    book.deeds.reopen(deed.id, reason="有异议")
    return book.shop.collect(slip.id)


@meets(Code.INSUFFICIENT_POINTS)
def an_empty_passbook() -> object:
    """Wang has no points yet."""
    return town().shop.redeem({"soap": 1}, holder="wang")


@meets(Code.INSUFFICIENT_STOCK)
def more_than_lies_there() -> object:
    """Eleven of ten."""
    return town().shop.redeem({"soap": 11}, holder="li")


@meets(Code.PRICE_CHANGED)
def dearer_since_the_quote() -> object:
    """The price rose between quote and redemption."""
    book = town()
    quote = book.shop.quote({"soap": 1}, holder="li")
    book.shop.price("soap", 6)
    return book.shop.redeem({"soap": 1}, holder="li", quote=quote)


@meets(Code.NO_PRICE)
def not_priced_yet() -> object:
    """An item without a price."""
    book = town()
    book.shop.stock("towel", title="毛巾")
    book.shop.receive("towel", 3)
    return book.shop.redeem({"towel": 1}, holder="li")


@meets(Code.WINDOW_CLOSED)
def not_a_redemption_day() -> object:
    """The shop opens on Wednesdays; this is a Saturday."""
    book = town('[redemption]\ndays = { weekdays = ["wednesday"] }\n')
    return book.shop.redeem({"soap": 1}, holder="li")


@meets(Code.BELOW_MINIMUM)
def too_little_at_a_time() -> object:
    """At least twenty points a visit."""
    return town("[redemption]\nminimum = 20\n").shop.redeem({"soap": 1}, holder="li")


@meets(Code.NOT_A_MULTIPLE)
def not_in_steps() -> object:
    """In steps of ten."""
    return town("[redemption]\nmultiple_of = 10\n").shop.redeem({"soap": 3}, holder="li")


@meets(Code.TOO_OFTEN)
def twice_in_a_quarter() -> object:
    """Once a quarter for each passbook."""
    book = town('[[redemption.often]]\nmost = 1\neach = "quarter"\n')
    book.shop.redeem({"soap": 1}, holder="li")
    return book.shop.redeem({"soap": 1}, holder="li")


@meets(Code.ITEM_LIMIT)
def over_the_limit_of_an_item() -> object:
    """Two soaps a month."""
    book = town()
    book.shop.stock("soap", price=5, limit={"most": 2, "each": "month"})
    return book.shop.redeem({"soap": 3}, holder="li")


@meets(Code.RESERVED_ITEM)
def kept_for_others() -> object:
    """For those in need only."""
    book = town()
    book.shop.stock("soap", price=5, for_={"pledge": True})
    return book.shop.redeem({"soap": 1}, holder="li")


# reversal


@meets(Code.REVERSAL_EXISTS)
def reversed_twice() -> object:
    """An entry is taken back once."""
    book = town()
    wrong = book.books.adjust("li", 5, reason="手误").seq
    book.books.reverse(wrong, reason="更正")
    return book.books.reverse(wrong, reason="更正")


@meets(Code.REVERSAL_OF_REVERSAL)
def a_reversal_reversed() -> object:
    """Write a new entry instead."""
    book = town()
    wrong = book.books.adjust("li", 5, reason="手误").seq
    back = book.books.reverse(wrong, reason="更正")
    return book.books.reverse(back.seq, reason="又更正")


@meets(Code.NOT_REVERSIBLE)
def a_redemption_is_returned_not_reversed() -> object:
    """Redemptions are returned, deeds are reopened."""
    book = town()
    return book.books.reverse(book.shop.redeem({"soap": 1}, holder="li").seq, reason="退")
