"""Laws of households over time: whatever joins, splits, leaves or dies, no unit is lost or made."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.community import Community
from lovepoints.core.lineage import survivor
from lovepoints.core.rows import Balance, Credit
from lovepoints.errors import Refused
from lovepoints.testing import FakeClock, community

RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
holder = "household"

[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 2 }

[[limit]]
code = "month"
per = "household"
each = "month"
most = 60

[validity]
after = "60 days"
"""
PEOPLE = ("an", "bao", "chen", "ding", "er")
HOMES = ("h1", "h2", "h3")
STEPS = st.lists(st.tuples(
    st.sampled_from(["earn", "earn", "spend", "hold", "release", "collect", "reopen", "reject",
                     "merge", "split", "move", "unite", "died", "night", "late"]),
    st.integers(0, 9), st.integers(0, 9)), max_size=25)


def _town() -> tuple[Community, FakeClock]:
    clock = FakeClock("2026-03-02 09:00")
    book = community(clock=clock)
    book.rulebooks.adopt(RULES)
    book.residents.appoint("staff:wu", role="committee")
    for place, code in enumerate(PEOPLE):
        book.residents.enrol(code, household=HOMES[place % 3], since=date(2026, 1, 1))
    book.shop.stock("soap", price=3)
    book.shop.receive("soap", 999)
    return book, clock


def _held(book: Community) -> list[str]:
    return [one.id for one in book.shop.with_state("held")]


def _step(book: Community, clock: FakeClock, step: tuple[str, int, int], new: str) -> None:
    verb, one, two = step
    who, home, other = PEOPLE[one % 5], HOMES[one % 3], HOMES[two % 3]
    deeds = [deed.id for code in PEOPLE for deed in book.deeds.of(code)]
    if verb in ("earn", "late"):
        day = date(2026, 2, 27) if verb == "late" else None
        deed = book.deeds.report("service", resident=who, quantity=str(1 + two), on=day)
        book.deeds.confirm(deed.id, by="staff:wu")
    elif verb == "spend":
        book.shop.redeem({"soap": 1 + two}, holder=who)
    elif verb == "hold":
        book.shop.hold({"soap": 1 + two % 3}, holder=who)
    elif verb in ("release", "collect") and (held := _held(book)):
        getattr(book.shop, verb)(held[one % len(held)])
    elif verb == "reopen" and deeds:
        book.deeds.reopen(deeds[one % len(deeds)], reason="查")
    elif verb == "reject" and deeds:
        book.deeds.reject(deeds[one % len(deeds)], reason="查", by="staff:wu")
    elif verb == "merge":
        book.households.merge(home, into=other, reason="并户")
    elif verb == "split":
        book.households.split(home, into=new, members=[who], points=two or None)
    elif verb == "move":
        book.residents.move(who, household=other)
    elif verb == "unite":
        book.households.unite(who, into=PEOPLE[two % 5], reason="重复")
    elif verb == "died":
        book.households.died(who)
    elif verb == "night":
        clock.move(days=1 + one)


def _sums(book: Community) -> dict[str, int]:
    """What every account has of points, by its kind: passbooks free, held and owed as one."""
    found: dict[str, int] = {}
    for row in book._book.store.find(Balance):
        if row.unit == "point":
            name = "passbooks" if row.account.startswith("passbook/") else row.account
            found[name] = found.get(name, 0) + row.amount
    return found


@settings(max_examples=120, deadline=None)
@given(STEPS)
def test_no_unit_is_lost_or_made(steps: list[tuple[str, int, int]]) -> None:
    """A merge, split, union or death changes no sum of points; a refused step changes nothing;
    and the whole book verifies, every award rated again."""
    book, clock = _town()
    with book:
        for number, step in enumerate(steps):
            book.books.sweep()
            before = _sums(book)
            try:
                _step(book, clock, step, f"new-{number}")
            except Refused:
                assert _sums(book) == before
                continue
            if step[0] in ("merge", "split", "unite", "died", "move"):
                assert _sums(book) == before
            assert sum(_sums(book).values()) == 0
        assert book.books.verify(rate=True).is_sound


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_nothing_stays_behind_in_a_merged_passbook(steps: list[tuple[str, int, int]]) -> None:
    """Once all is settled, who was merged has nothing free and owes nothing; the old code shows
    the passbook that goes on."""
    book, clock = _town()
    with book:
        for number, step in enumerate(steps):
            try:
                _step(book, clock, step, f"new-{number}")
            except Refused:
                continue
        book.books.sweep()
        store = book._book.store
        frozen = any(deed.status == "reopened" for code in PEOPLE for deed in book.deeds.of(code))
        for row in store.find(Balance):
            holder = row.account.removeprefix("passbook/").partition("/")[0]
            if row.account.startswith("passbook/") and survivor(store, holder) != holder:
                assert not row.amount or row.account.endswith("/held") or frozen
        codes = [book.passbooks[home].code for home in HOMES]
        assert all(book.passbooks[code].code == code for code in codes)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["earn", "earn", "merge"]), st.integers(0, 9),
                          st.integers(0, 9)), max_size=20))
def test_merging_lifts_no_cap(steps: list[tuple[str, int, int]]) -> None:
    """An award never takes what one household and all merged into it had in the month above the
    cap, whatever they had before they were one."""
    book, clock = _town()
    with book:
        for number, step in enumerate(steps):
            had = _by_survivor(book)
            try:
                _step(book, clock, step, f"new-{number}")
            except Refused:
                continue
            if step[0] == "earn":
                for home, points in _by_survivor(book).items():
                    grown = points - had.get(home, 0)
                    assert not grown or points <= 60


def _by_survivor(book: Community) -> dict[str, int]:
    store, found = book._book.store, dict[str, int]()
    for credit in store.find(Credit):
        home = survivor(store, credit.household)
        found[home] = found.get(home, 0) + credit.points
    return found
