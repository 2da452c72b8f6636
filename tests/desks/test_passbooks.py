"""What a passbook shows, as of any moment: lots, ends, lines, what the calendar does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.errors import NotFound
from lovepoints.papers import passbook_page
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, YEAR, balance, founded, paid


@pytest.fixture
def book(store: Store, clock: FakeClock) -> Community:
    """Points last a year; on each kind of store."""
    return founded(HEAD + HELP + YEAR, clock=clock, store=store)


SHANGHAI = ZoneInfo("Asia/Shanghai")


# ends


@pytest.mark.parametrize("server_zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_last_day_ends_at_local_midnight(server_zone: str) -> None:
    """Valid through 31 December: usable at 23:59:59 in Shanghai, gone at midnight, whatever zone
    the computer is set to."""  # bug 16
    code = """
import time; time.tzset()
from lovepoints.papers import passbook_page
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, founded, paid
clock = FakeClock("2026-03-07 10:00")
book = founded(HEAD + HELP + '[validity]\\nat_end_of = "year"\\n', clock=clock)
paid(book, hours=5)
said = []
for moment in ("2026-12-31 23:59:59", "2027-01-01 00:00:00"):
    clock.set(moment)
    page = book.passbooks["wang"]
    said.append((page.available, str(page.next_expiry and page.next_expiry[0])))
print(said)
"""
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"TZ": server_zone, "PYTHONPATH": ".", "PATH": ""})

    assert "[(10, '2026-12-31'), (0, 'None')]" == printed.stdout.strip()


def test_expiry_takes_what_is_left_of_one_lot(book: Community, clock: FakeClock) -> None:
    """Earn, spend all, earn again, pass the first end: the second lot is whole."""  # bug 12
    paid(book, hours=5)
    book.books.adjust("wang", -10, reason="用掉")
    clock.move(days=30)
    paid(book, hours=4)

    clock.set("2027-03-10")

    assert 8 == balance(book)
    book.books.sweep()
    assert (8, 8) == (balance(book), book.passbooks["wang"].available)
    book.books.verify()


def test_sweeping_any_time_any_number_of_times_is_the_same(clock: FakeClock) -> None:
    """A sweep records what holds already: late, repeated or never, the passbook is the same."""
    pages = []  # bugs 13, 15
    for sweeps in ((), (1, 5, 5, 364, 365, 366, 367, 800), (366, 366, 366)):
        clock.set("2026-03-07 10:00")
        book = founded(HEAD + HELP + YEAR, clock=clock)
        paid(book, hours=5)
        start = clock.now
        for days in (5, 365, 366, 400):
            for sweep in [one for one in sweeps if one <= days]:
                clock.set(max(clock.now, start + timedelta(days=sweep)))
                book.books.sweep()
            clock.set(max(clock.now, start + timedelta(days=days)))
            pages.append((days, balance(book), book.passbooks["wang"].available))
            if days == 5:
                paid(book, hours=2)
        assert bool(sweeps) == sum(entry.kind == "expire" for entry in book.books.entries())

    assert pages[:4] == pages[4:8] == pages[8:]


def test_a_sweep_touches_only_what_is_over(book: Community, clock: FakeClock) -> None:
    """On its last day a lot is whole; the day after a sweep takes it, and a read sees that."""
    paid(book, hours=5)  # bug 13
    clock.set("2027-03-07 23:59:59")
    assert 0 == book.books.sweep()
    assert 10 == balance(book)

    clock.set("2027-03-08")

    assert 0 == balance(book)
    assert (1, 0) == (book.books.sweep(), book.books.sweep())
    assert 0 == balance(book)


def test_spending_takes_what_ends_soonest(clock: FakeClock) -> None:
    """Soonest end first, then never-ending, then oldest."""
    rules = HEAD + HELP + '[[rule]]\ncode = "brief"\ntitle = "短"\npoints = 5\n' + \
        'validity = { after = "1 month" }\n'
    book = founded(rules, clock=clock)
    paid(book, hours=2)
    deed = book.deeds.report("brief", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")

    book.books.adjust("wang", -3, reason="用掉")

    assert [(2, date(2026, 4, 7)), (4, None)] == [
        (share.points, share.last_day) for share in book.passbooks["wang"].lots["point"]]


# the calendar


def test_notice_days_make_points_wait(clock: FakeClock) -> None:
    """Shown at once, usable on the day after the notice; and why not more is said."""
    book = founded(HEAD + "notice_days = 3\n" + HELP, clock=clock)
    paid(book, hours=5)
    page = book.passbooks["wang"]

    assert (10, 0, 10) == (page.balance, page.available, page.pending)
    assert any("10" in line for line in page.explained("zh"))
    clock.set("2026-03-11")
    assert 10 == book.passbooks["wang"].available


def test_a_clearing_carries_over_what_it_says(clock: FakeClock) -> None:
    """Once a year half goes; points earned later are not touched, however late it is written."""
    rules = HEAD + HELP + '[[clearing]]\nkind = "point"\non = "12-31"\nat = 12:00:00\n' + \
        "carry_share = 50\n"
    pages = []
    for sweeps in (True, False):
        clock.set("2026-03-07 10:00")
        book = founded(rules, clock=clock)
        paid(book, hours=10)
        clock.set("2026-12-31 11:59")
        before = balance(book)
        clock.set("2026-12-31 12:00")
        if sweeps:
            book.books.sweep()
        after = balance(book)
        clock.set("2027-02-01")
        paid(book, hours=1)
        clock.set("2027-12-31 13:00")
        pages.append((before, after, balance(book)))

    assert [(20, 10, 6)] * 2 == pages


def test_a_grant_that_came_before_a_clearing_is_cleared_however_late_it_is_written(
    clock: FakeClock,
) -> None:  # bug 15
    """Base points of the year's first day do not escape February's clearing by sleeping."""
    rules = HEAD + """
[[kind]]
code = "point"
title = "积分"
base = { points = 10, each = "year", renew = "add" }
""" + HELP + '[[clearing]]\nkind = "point"\non = "02-01"\n'
    pages = []
    for sweeps in (True, False):
        clock.set("2026-03-07 10:00")
        book = founded(rules, clock=clock)
        clock.set("2027-01-02")
        if sweeps:
            book.books.sweep()
        clock.set("2027-03-01")
        if not sweeps:
            book.books.adjust("zhou", 1, reason="另一本")
        book.books.sweep()
        pages.append(balance(book))

    assert [0, 0] == pages


@pytest.mark.parametrize(("move", "grants"), [
    (lambda book: None, "home-li home-sun home-wang zhou"),
    (lambda book: book.residents.move("zhou", household="home-li"), "home-li home-sun home-wang"),
])
def test_who_belongs_to_a_household_on_the_day_has_no_base_points_of_her_own(
    clock: FakeClock, move: Callable[[Community], object], grants: str,
) -> None:
    """Three homes, and one who lives alone until she moves in with others."""
    book = founded(HEAD + """
[[kind]]
code = "point"
base = { points = 10, each = "year", renew = "add" }
""" + HELP, clock=clock)
    move(book)
    clock.set("2027-01-03")

    book.books.sweep()

    assert grants.split() == sorted(
        book._book.code_of(one.subject.removeprefix("passbook:"))
        for one in book.books.entries() if (one.kind, one.day) == ("grant", "2027-01-01"))


def test_base_points_are_granted_once_and_each_year(clock: FakeClock) -> None:
    """When the passbook opens, and restored as a year begins."""
    book = founded(HEAD + """
[[kind]]
code = "point"
title = "积分"
base = { points = 10, each = "year", renew = "restore" }
""" + HELP, clock=clock)
    seen = [balance(book)]
    book.books.adjust("wang", -4, reason="用掉")
    seen.append(balance(book))
    clock.set("2027-01-01")
    seen += [balance(book), balance(book)]
    book.books.sweep()
    seen.append(balance(book))

    assert [10, 6, 10, 10, 10] == seen


def test_nobody_is_granted_anything_before_the_first_day(
    clock: FakeClock,
) -> None:
    """Enrolled for next month: base points come then."""
    book = founded(HEAD + """
[[kind]]
code = "point"
title = "积分"
base = { points = 10 }
""" + HELP, clock=clock)
    book.residents.enrol("new", since=date(2026, 4, 1))

    book.books.sweep()

    assert 0 == balance(book, "new")
    clock.set("2026-04-01")
    assert 10 == balance(book, "new")


def test_a_compulsory_debit_has_its_day(clock: FakeClock) -> None:
    """What there is on the day, once a year."""
    book = founded(HEAD + HELP + """
[[debit]]
code = "fee"
title = "年费"
points = 8
on = "06-01"
short = "what-there-is"
""", clock=clock)
    paid(book, hours=3)
    clock.set("2026-05-31")
    seen = [balance(book)]
    clock.set("2026-06-01")
    seen.append(balance(book))
    paid(book, hours=3)
    seen.append(balance(book))

    assert [6, 0, 6] == seen


def test_a_star_gives_at_the_next_years_start(clock: FakeClock) -> None:
    """The level is reached in the year, the gift comes with the next one."""
    book = founded(HEAD + HELP + """
[[star]]
code = "gold"
title = "金星"
at = 10
grants = 3
""", clock=clock)
    paid(book, hours=5)

    assert ("gold",) == book.passbooks["wang"].stars
    clock.set("2027-01-01")
    assert 13 == balance(book)
    assert () == book.passbooks["wang"].stars


def test_a_star_of_a_quarter_gives_at_the_next_quarters_start(clock: FakeClock) -> None:
    """Levels of shorter periods give as each of those begins anew."""
    book = founded(HEAD + HELP + """
[[star]]
code = "busy"
title = "季度之星"
at = 10
each = "quarter"
grants = 3
""", clock=clock)
    paid(book, hours=5)
    seen = []
    for day in ("2026-03-31", "2026-04-01", "2026-07-01", "2027-01-01"):
        clock.set(day)
        seen.append(balance(book))

    assert [10, 13, 13, 13] == seen
    book.books.sweep()
    book.books.verify()


def test_stars_of_two_kinds_both_give(clock: FakeClock) -> None:
    """The star of one kind does not stand in for that of another."""
    book = founded(HEAD + """
[[kind]]
code = "point"
[[kind]]
code = "honour"
""" + HELP + """
[[star]]
code = "gold"
title = "金星"
at = 10
grants = 3
[[star]]
code = "fame"
title = "荣誉星"
kind = "honour"
at = 10
grants = 4
""", clock=clock)
    paid(book, hours=5)
    clock.set("2027-01-01")

    assert {"point": 13, "honour": 14} == book.passbooks["wang"].balances


@pytest.mark.parametrize(("on_leaving", "left"), [("keep", 10), ("lapse", 0)])
def test_what_a_leaver_loses_is_the_rulebooks_choice(
    clock: FakeClock, on_leaving: str, left: int,
) -> None:
    """Nothing before the last day is over; then all or nothing."""
    book = founded(HEAD + f'on_leaving = "{on_leaving}"\n' + HELP, clock=clock)
    paid(book, "zhou", hours=5)
    book.residents.leave("zhou")

    assert 10 == balance(book, "zhou")
    clock.move(days=1)
    assert left == balance(book, "zhou")


# as of


def test_a_passbook_of_the_past_is_what_it_said_then(book: Community, clock: FakeClock) -> None:
    """Every page can be read again later, whatever was written since."""
    seen = []
    for hours in (3, 2, 6):
        paid(book, hours=hours)
        clock.move(seconds=1)
        seen.append((clock.now, balance(book), book.passbooks["wang"].lots))
        clock.move(days=100)
    book.books.adjust("wang", -9, reason="更正")

    for moment, shown, lots in seen:
        page = book.passbooks.of("wang", as_of=moment)
        assert (shown, lots) == (page.balance, page.lots)


def test_a_passbook_of_the_future_is_what_it_will_say(book: Community, clock: FakeClock) -> None:
    """Ends that come by then are seen before they come."""
    paid(book, hours=3)
    clock.move(days=40)
    paid(book, hours=2)
    moments = [datetime(2027, 3, day, 12, tzinfo=SHANGHAI) for day in (7, 8)]
    foreseen = [book.passbooks.of("wang", as_of=moment).balance for moment in moments]

    came = []
    for moment in moments:
        clock.set(moment)
        came.append(balance(book))

    assert [10, 4] == foreseen == came


def test_a_passbook_of_the_past_is_that_of_the_household_of_then(
    book: Community, clock: FakeClock,
) -> None:
    """A move changes which passbook she uses, not which one she used."""
    paid(book, hours=3)
    clock.move(days=1)
    then = clock.now
    clock.move(days=1)
    book.residents.move("wang", household="home-li")

    assert (0, 6) == (balance(book), book.passbooks.of("wang", as_of=then).balance)
    with pytest.raises(ValueError, match="zone"):
        book.passbooks.of("wang", as_of=datetime(2026, 3, 7))  # noqa: DTZ001


# lines


def test_lines_have_a_running_balance(book: Community, clock: FakeClock) -> None:
    """Newest first: each line's balance is the one below plus its points."""
    for hours in (3, 2, 6):
        paid(book, hours=hours)
        clock.move(days=30)
    book.books.adjust("wang", -9, reason="更正")

    lines = book.passbooks["wang"].lines

    assert [(-9, 13), (12, 22), (4, 10), (6, 6)] == [(one.points, one.balance) for one in lines]
    assert ["adjust", "confirm", "confirm", "confirm"] == [one.kind for one in lines]
    assert ("助老", "第一条") == (lines[1].title, lines[1].clause)


def test_lines_show_what_is_due_before_it_is_written(book: Community, clock: FakeClock) -> None:
    """The page and its newest line agree, also on the day of an expiry."""
    paid(book, hours=3)
    clock.set("2027-04-01")

    before = [(one.kind, one.points, one.balance) for one in book.passbooks["wang"].lines]
    book.books.sweep()

    assert [("expire", -6, 0), ("confirm", 6, 6)] == before
    assert before == [(one.kind, one.points, one.balance) for one in book.passbooks["wang"].lines]


def test_a_confidential_kind_shows_its_label_only(clock: FakeClock) -> None:
    """That it earned stays countable; what for does not show."""
    book = founded(HEAD + """
[[rule]]
code = "tip"
title = "举报黑作坊"
clause = "第九条"
label = "参与公共事务"
confidential = true
points = 5
""", clock=clock)
    deed = book.deeds.report("tip", resident="wang")
    book.deeds.confirm(deed.id, by="staff:wu")

    (line,) = book.passbooks["wang"].lines

    assert ("参与公共事务", "") == (line.title, line.clause)


def test_every_member_sees_one_passbook(book: Community) -> None:
    """The household's, by any member's code or its own."""
    paid(book, "li-wife", hours=2)

    assert {"home-li"} == {book.passbooks[code].code for code in ("li", "li-wife", "home-li")}
    assert [("home-li", 4), ("home-sun", 0), ("home-wang", 0), ("zhou", 0)] == [
        (page.code, page.balance) for page in book.passbooks]
    with pytest.raises(NotFound):
        book.passbooks["staff:wu"]


def test_a_ceiling_queues_loses_or_flows_over(clock: FakeClock) -> None:
    """The most a passbook holds, and where the rest goes, is in the award's steps."""
    worth = {}
    for overflow in ("lost", "refuse", "queue", "gift"):
        clock.set("2026-03-07 10:00")
        book = founded(HEAD + f"""
[[kind]]
code = "point"
title = "积分"
ceiling = {{ points = 15, overflow = "{overflow}" }}
[[kind]]
code = "gift"
title = "转赠积分"
spendable = false
credited = false
[transfer]
to = "anyone"
kinds = ["gift"]
""" + HELP, clock=clock)
        paid(book, hours=5)
        award = paid(book, hours=5).award
        worth[overflow] = (award.points, dict(award.waiting), book.passbooks["wang"].balances)

    assert {
        "lost": (5, {}, {"point": 15, "gift": 0}),
        "refuse": (0, {}, {"point": 10, "gift": 0}),
        "queue": (5, {"point": 5}, {"point": 15, "gift": 0}),
        "gift": (5, {}, {"point": 15, "gift": 5}),
    } == worth


# what the calendar will soon do

SOON = """
[[kind]]
code = "point"
title = "积分"
[[debit]]
code = "yearly"
title = "年度公益扣减"
clause = "第十五条"
points = 4
on = "12-31"
warn = "14 days"
[[clearing]]
on = "01-10"
at = "02:00"
carry_most = 2
"""


def test_a_debit_and_a_clearing_are_told_ahead(clock: FakeClock) -> None:
    """A debit within its warning span, a clearing for thirty days, each with what it would take
    after everything before it; nothing is written."""
    book = founded(HEAD + SOON + HELP, clock=clock)
    paid(book, hours=5)
    entries = len(list(book.books.entries()))
    seen = []
    for day in ("2026-12-10", "2026-12-11", "2026-12-17", "2026-12-31", "2027-01-10 02:00"):
        clock.set(day)
        seen.append([(one.what, str(one.day), one.points)
                     for one in book.passbooks["wang"].ahead])

    debit, clear = ("debit", "2026-12-31", 4), ("clear", "2027-01-10", 4)
    assert [[], [clear], [debit, clear], [clear], []] == seen
    assert entries == len(list(book.books.entries()))


def test_what_a_debit_will_lack_is_told(clock: FakeClock) -> None:
    """Whoever has too little is told how much is missing, in both languages."""
    book = founded(HEAD + SOON + HELP, clock=clock)
    paid(book, hours=1)
    clock.set("2026-12-20")

    (debit,) = book.passbooks["wang"].ahead

    assert (0, 4, "第十五条") == (debit.points, debit.missing, debit.clause)
    assert "2026-12-31" in debit.text("zh") and "年度公益扣减" in debit.text("zh")
    assert "4" in debit.text("en") and "2026-12-31" in debit.text("en")
    for lang in ("zh", "en"):
        assert debit.text(lang)[:10] in passbook_page(book.passbooks["wang"], lang=lang)
