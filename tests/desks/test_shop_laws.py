"""Laws of the shop: what may be spent, what stands aside, and what comes back."""

from __future__ import annotations

from datetime import timedelta

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lovepoints.community import Community
from lovepoints.errors import Code, Refused
from lovepoints.testing import FakeClock, community
from tests.desks.conftest import RULES, peopled

MODEST = settings(max_examples=25, deadline=None,
                  suppress_health_check=[HealthCheck.too_slow])
HOMES = ("li", "wang-home")
PRICES = {"rice": 7, "soap": 3}


def shop(clock: FakeClock, stock: int = 12, points: int = 60) -> Community:
    """Two households and two items, of each the same."""
    book = peopled(community(clock=clock), RULES)
    for home in HOMES:
        book.books.opening(home, points)
    for item, price in PRICES.items():
        book.shop.stock(item, price=price)
        book.shop.receive(item, stock)
    return book


@MODEST
@given(lots=st.lists(st.tuples(st.integers(1, 30), st.integers(0, 200)), min_size=1, max_size=6),
       later=st.integers(0, 400), held=st.integers(0, 40), asked=st.integers(1, 150))
def test_a_sum_is_allowed_exactly_when_lots_pay_it(  # bug 10
    lots: list[tuple[int, int]], later: int, held: int, asked: int,
) -> None:
    """Whatever lots begin, end and are set aside: what is said to be spendable is, and no more."""
    clock = FakeClock("2026-03-07 10:00")
    book = peopled(community(clock=clock), RULES)
    book.shop.stock("ticket", title="票", price=1, stocked=False)
    for points, wait in sorted(lots, key=lambda lot: lot[1]):
        clock.set(FakeClock("2026-03-07 10:00").now + timedelta(days=wait))
        book.books.adjust("li", points, reason="补记")
    clock.move(days=later)
    can = book.passbooks["li"].available
    if 0 < held <= can:
        book.shop.hold({"ticket": held}, holder="li")
        can -= held

    try:
        redemption = book.shop.redeem({"ticket": asked}, holder="li")
    except Refused as no:
        assert Code.INSUFFICIENT_POINTS == no.code
        assert asked > can
    else:
        assert asked <= can
        assert asked == -redemption.moved["point"]
    book.books.verify()


@MODEST
@given(pieces=st.integers(1, 8), parts=st.lists(st.integers(1, 4), max_size=6))
def test_parts_give_back_what_the_whole_does(pieces: int, parts: list[int]) -> None:  # bug 19
    """Returned piece by piece or at once: points and goods end where they were, and never above."""
    clock = FakeClock("2026-03-07 10:00")
    book = shop(clock)
    before = book.passbooks["li"].lots, book.shop.deliveries()
    redemption = book.shop.redeem({"rice": pieces, "soap": 1}, holder="li")
    left = pieces

    for part in parts:
        try:
            book.shop.return_(redemption.id, part={"rice": part})
            left -= part
        except Refused as no:
            assert Code.EXCEEDS_REDEMPTION == no.code
            assert part > left
    book.shop.return_(redemption.id)

    assert before == (book.passbooks["li"].lots, book.shop.deliveries())  # bug 54
    book.books.verify()


@attrs.define
class Model:
    """What should be so: who has which pieces, reserved until when, or handed over."""

    book: Community
    clock: FakeClock
    stock: dict[str, int]
    held: dict[str, tuple[str, str, int, int]] = attrs.field(factory=dict)
    given: dict[str, tuple[str, str, int]] = attrs.field(factory=dict)

    def alive(self) -> dict[str, tuple[str, str, int, int]]:
        """The reservations that have not lapsed."""
        return {id_: one for id_, one in self.held.items() if self.clock() < one[3]}

    def points_held(self, home: str) -> int:
        """What is set aside of a passbook."""
        return sum(PRICES[item] * n for who, item, n, _ in self.alive().values() if who == home)

    def balance(self, home: str) -> int:
        """What a passbook shows."""
        return 60 - sum(PRICES[item] * n for who, item, n in self.given.values() if who == home)

    def reserved(self, item: str) -> int:
        """How many pieces are set aside."""
        return sum(n for _, what, n, _ in self.alive().values() if what == item)

    def free(self, item: str) -> int:
        """How many pieces can be handed out."""
        out = sum(n for _, what, n in self.given.values() if what == item)
        return self.stock[item] - out - self.reserved(item)

    def can(self, home: str, item: str, n: int) -> bool:
        """Whether so many pieces can be fetched or reserved."""
        return n <= self.free(item) and n * PRICES[item] <= (
            self.balance(home) - self.points_held(home))

    def check(self) -> None:
        """The book says the same."""
        for home in HOMES:
            passbook = self.book.passbooks[home]
            assert (self.balance(home), self.points_held(home)) == (passbook.balance, passbook.held)
        for item in PRICES:
            here = self.book.shop.item(item)
            assert (self.free(item), self.reserved(item)) == (here.free, here.held)


STEP = st.tuples(
    st.sampled_from(["redeem", "hold", "hold", "collect", "release", "return_", "count", "wait"]),
    st.sampled_from(HOMES), st.sampled_from(sorted(PRICES)), st.integers(1, 6), st.integers(0, 9))


@MODEST
@given(steps=st.lists(STEP, max_size=14))
def test_what_is_aside_and_what_is_free_add_up(  # bug 34
    steps: list[tuple[str, str, str, int, int]],
) -> None:
    """Under any sequence of reserving, fetching, letting go, lapsing, returning and counting, goods
    on hand are never fewer than the reserved ones, and everything is free as soon as it may be."""
    clock = FakeClock("2026-03-07 10:00")
    model = Model(shop(clock), clock, dict.fromkeys(PRICES, 12))

    for step in steps:
        play(model, *step)
        model.check()

    model.book.books.verify()


def play(model: Model, verb: str, home: str, item: str, n: int, place: int) -> None:
    """Do one step in the book and in the model, which says beforehand whether it is possible."""
    desk = model.book.shop
    expected = {"redeem": model.can(home, item, n), "hold": model.can(home, item, n)}.get(verb)
    if verb == "wait":
        model.clock.move(days=n)
    elif verb == "count":
        found = model.free(item) + model.reserved(item) + n - 3
        if found >= model.reserved(item):
            desk.count(item, found)
            model.stock[item] += n - 3
    elif verb in ("redeem", "hold"):
        try:
            done = getattr(desk, verb)({item: n}, holder=home)
        except Refused:
            assert not expected
            return
        assert expected
        if verb == "redeem":
            model.given[done.id] = (home, item, n)
        else:
            ends = FakeClock(done.lapses_on + timedelta(days=1))()
            model.held[done.id] = (home, item, n, ends)
    else:
        resolve(model, verb, n, place)


def resolve(model: Model, verb: str, n: int, place: int) -> None:
    """Collect a part, release, or return a part of one of what there is."""
    known = sorted(model.given if verb == "return_" else model.held)
    if not known:
        return
    id_ = known[place % len(known)]
    who, item, pieces = (model.given.get(id_) or model.held[id_])[:3]
    said = {} if verb == "release" else {"part": {item: n}}
    possible = n <= pieces if verb == "return_" else (
        id_ in model.alive() and (verb == "release" or n <= pieces))
    try:
        getattr(model.book.shop, verb)(id_, **said)
    except Refused:
        assert not possible
        return
    assert possible
    if verb == "return_":
        model.given[id_] = (who, item, pieces - n)
        return
    del model.held[id_]
    if verb == "collect":
        model.given[id_] = (who, item, n)
