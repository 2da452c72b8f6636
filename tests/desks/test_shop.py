"""At the counter: points for goods in one entry, keys, quotes."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest

from lovepoints.community import Community, create
from lovepoints.community import open as open_
from lovepoints.errors import Code, Conflict, Refused
from lovepoints.stores import dump
from lovepoints.stores.memory import MemoryStore
from lovepoints.testing import FakeClock, community, seeded
from tests.desks.conftest import RULES, Found, peopled, stocked
from tests.desks.looking import KIOSK, available, contents, free, last

# at the counter


def test_redeeming_moves_points_and_goods_in_one_entry(town: Community) -> None:
    """Paid but no rice, and rice but not paid, cannot be written down."""
    redemption = town.shop.redeem({"rice": 1, "soap": 2}, holder="li-mother", by=KIOSK)

    entry = last(town)
    assert (54, "collected") == (redemption.points, redemption.state)
    assert redemption.seq == entry.seq
    moved = {(one.target, one.unit): one.amount for one in entry.postings}
    assert {("redeemed", "point"): 54, ("given", "item:rice"): 1,
            ("given", "item:soap"): 2} == moved
    assert (46, 4, 8) == (available(town, "li"), free(town, "rice"), free(town, "soap"))


def test_what_was_handed_over_can_be_proved(town: Community) -> None:
    """A redemption names the entry that a checkpoint covers."""
    redemption = town.shop.redeem({"soap": 1}, holder="li")

    proof = town.books.prove(redemption.seq)

    assert redemption.seq == proof.seq


def test_lines_say_what_a_receipt_needs(village: Community) -> None:
    """Title, pieces, price and sum stand in the answer."""
    redemption = village.shop.redeem({"soap": 3}, holder="wang")

    (line,) = redemption.lines
    assert ("soap", "肥皂", 3, 5, 15) == (
        line.item, line.title, line.quantity, line.unit_price, line.total)
    assert ("wang-home", "wang", date(2026, 3, 7)) == (
        redemption.holder, redemption.resident, redemption.day)
    assert ({"point": 15}, {"point": -15}) == (redemption.amounts, redemption.moved)


def test_two_cannot_spend_one_balance(town: Community) -> None:  # bug 1
    """Of two members who each want what the passbook has once, the second is refused."""
    town.shop.redeem({"rice": 2}, holder="li-mother", by=KIOSK)

    with pytest.raises(Refused) as no:
        town.shop.redeem({"rice": 2}, holder="li-aunt", by=KIOSK)

    assert Code.INSUFFICIENT_POINTS == no.value.code
    assert (88, 12, 76) == tuple(no.value.facts[one] for one in ("needed", "present", "missing"))


@pytest.mark.parametrize(("item", "stock", "code"), [
    ("rice", 5, Code.INSUFFICIENT_POINTS),  # bug 1
    ("soap", 1, Code.INSUFFICIENT_STOCK),  # bug 33
])
def test_in_parallel_exactly_one_succeeds(
    clock: FakeClock, item: str, stock: int, code: Code,
) -> None:
    """Eight tills at once, one balance or one last piece: one hand-over, seven refusals."""
    book = stocked(peopled(community(clock=clock), RULES))
    book.shop.count(item, stock)
    told: list[str] = []

    def fetch() -> None:
        try:
            book.shop.redeem({item: 2 if item == "rice" else 1}, holder="li", by=KIOSK)
            told.append("")
        except Refused as no:
            told.append(no.code)

    tills = [threading.Thread(target=fetch) for _ in range(8)]
    for till in tills:
        till.start()
    for till in tills:
        till.join()

    assert ["", *[code] * 7] == sorted(told)
    book.books.verify()


def test_items_named_twice_are_one_line(town: Community) -> None:  # bug 32
    """Two lines of one item are checked together: never more than there is."""
    town.shop.count("soap", 3)

    with pytest.raises(Refused) as no:
        town.shop.redeem([("soap", 2), ("soap", 2)], holder="li")

    assert (Code.INSUFFICIENT_STOCK, 4, 3) == (
        no.value.code, no.value.facts["needed"], no.value.facts["present"])


def test_a_refused_basket_leaves_no_half_document(town: Community) -> None:  # bug 33
    """If the last line cannot be had, nothing of the basket is written."""
    town.shop.stock("oil", title="食用油", price=10)
    before = contents(town)

    with pytest.raises(Refused):
        town.shop.redeem({"rice": 1, "soap": 1, "oil": 1}, holder="li")

    assert before == contents(town)


def test_a_fault_after_any_step_leaves_a_neighbours_award(clock: FakeClock) -> None:  # bug 2
    """Whatever write fails, the redemption is undone whole, and what others got stays."""
    store = _Failing()
    book = stocked(peopled(community(clock=clock, store=store), RULES))
    book.books.adjust("wang-home", 7, reason="补记")
    before = contents(book)
    steps = 0
    while True:
        store.left = steps
        try:
            book.shop.redeem({"rice": 1}, holder="li", key="k")
            break
        except OSError:
            store.left = -1
            assert before == contents(book)
            steps += 1

    assert steps > 5
    assert (56, 107) == (available(book, "li"), available(book, "wang"))
    book.books.verify()


def test_what_the_calendar_gave_is_there_to_spend(found: Found) -> None:
    """Base points of a passbook can be spent before anybody wrote them down."""
    book = found(rules=RULES + '\n[[kind]]\ncode = "point"\nbase = { points = 10 }\n')
    book.shop.stock("haircut", title="理发", price=10, stocked=False)

    redemption = book.shop.redeem({"haircut": 1}, holder="li")

    assert (10, 0) == (redemption.points, available(book, "li"))


def test_what_is_spent_earns_nothing(village: Community) -> None:  # bug 38
    """A redemption posts to no passbook and counts in no limit, tier or ranking."""
    earned = dump(village._book.store, ["derived"])["credit"]

    village.shop.redeem({"rice": 1}, holder="li")

    assert earned == dump(village._book.store, ["derived"])["credit"]
    assert not [one for one in last(village).postings if one.target.startswith("passbook/")]


# keys


def test_a_repeated_key_gives_the_first_answer(town: Community) -> None:  # bug 3, bug 4
    """A double click makes one entry and two equal receipts."""
    first = town.shop.redeem({"rice": 1}, holder="li-mother", by=KIOSK, key="k1-0007")
    town.shop.price("rice", 60)
    entries = len(list(town.books.entries()))

    again = town.shop.redeem({"rice": 1}, holder="li-mother", by=KIOSK, key="k1-0007")

    assert again.is_repeat and not first.is_repeat
    assert (first.id, first.lines, first.points, first.moved) == (
        again.id, again.lines, again.points, again.moved)
    assert entries == len(list(town.books.entries()))


@pytest.mark.parametrize(("change", "field"), [
    ({"holder": "wang"}, "holder"), ({"proxy": "老李"}, "proxy"),
    ({"wanted": {"rice": 2}}, "basket"), ({"wanted": {"soap": 1}, "proxy": "老李"}, "basket"),
])
def test_a_key_with_other_content_is_a_conflict(
    village: Community, change: dict[str, object], field: str,
) -> None:  # bug 6
    """The first field that differs is named, and nothing is written."""
    said: dict[str, object] = {"wanted": {"rice": 1}, "holder": "li", "key": "k"}
    village.shop.redeem(**said)  # type: ignore[arg-type]
    before = contents(village)

    with pytest.raises(Conflict) as conflict:
        village.shop.redeem(**{**said, **change})  # type: ignore[arg-type]

    assert field == conflict.value.field
    assert before == contents(village)


def test_a_refusal_burns_its_key(town: Community) -> None:
    """The same key is refused again even once it would work; a new key works."""
    with pytest.raises(Refused):
        town.shop.redeem({"rice": 3}, holder="li", key="k")
    town.books.adjust("li", 50, reason="补记")

    with pytest.raises(Refused) as again:
        town.shop.redeem({"rice": 3}, holder="li", key="k")

    assert (Code.INSUFFICIENT_POINTS, True) == (again.value.code, again.value.is_repeat)
    assert 132 == town.shop.redeem({"rice": 3}, holder="li", key="k2").points


def test_keys_are_known_after_a_restart_and_a_year(
    clock: FakeClock, tmp_path: Path,
) -> None:  # bug 5
    """A key is in the book, not in the program's memory."""
    path, random = tmp_path / "b.db", seeded()
    create(path, name="幸福社区", admin="staff:zhao", clock=clock, random=random)
    with open_(path, by="staff:zhao", clock=clock, random=random) as book:
        stocked(peopled(book, RULES))
        first = book.shop.redeem({"rice": 1}, holder="li", key="k")

    clock.move(days=400)
    with open_(path, by="staff:zhao", clock=clock, random=random) as book:
        again = book.shop.redeem({"rice": 1}, holder="li", key="k")
        book.books.verify()

    assert (first.id, True) == (again.id, again.is_repeat)


# quotes


def test_a_quote_writes_nothing(town: Community, clock: FakeClock) -> None:  # bug 39
    """A preview moves no point and sets nothing aside, even with something due."""
    town.shop.hold({"rice": 1}, holder="li")
    clock.move(days=10)
    before = contents(town)

    quote = town.shop.quote({"rice": 1, "soap": 1}, holder="li")

    assert before == contents(town)
    assert quote.is_payable
    assert (49, {"point": 49}, 100) == (quote.points, quote.amounts, quote.available)


def test_a_quote_sees_what_is_due_to_several(found: Found, clock: FakeClock) -> None:
    """A neighbour's lapse and one's own base points, neither written down, are both there."""
    book = stocked(found(rules=RULES + '\n[[kind]]\ncode = "point"\nbase = { points = 30 }\n'))
    for home in ("chen", "guo"):
        book.residents.enrol(home)
        book.shop.hold({"soap": 5}, holder=home)
    clock.move(days=8)
    book.residents.enrol("sun")

    quote = book.shop.quote({"soap": 6}, holder="sun")

    assert (True, 30, 30) == (quote.is_payable, quote.points, quote.available)


def test_a_quote_sees_everything_that_is_due_to_one(found: Found) -> None:
    """Base points of two kinds, neither written down, pay a price in both."""
    book = found(rules=RULES + "".join(
        f'\n[[kind]]\ncode = "{code}"\nbase = {{ points = 10 }}\n' for code in ("red", "blue")))
    book.shop.stock("fan", title="电扇", price={"red": 10, "blue": 10}, stocked=False)

    quote = book.shop.quote({"fan": 1}, holder="li")

    assert {"red": 10, "blue": 10} == quote.amounts


def test_a_quote_names_all_that_stands_against_it(village: Community) -> None:
    """Everything is said at once while picking, not one thing after the other at the end."""
    village.shop.stock("quilt", title="棉被", price=20, for_={"hard_up": True})

    quote = village.shop.quote({"rice": 6, "quilt": 1}, holder="li")

    assert [Code.INSUFFICIENT_POINTS, Code.INSUFFICIENT_STOCK, Code.RESERVED_ITEM] == [
        one.code for one in quote.refusals]
    assert ["大米 5 公斤", "棉被"] == [line.title for line in quote.lines]
    assert all("—" not in told for told in quote.explained("zh"))


def test_a_quote_of_something_without_a_price_says_so(village: Community) -> None:
    """An item that has no price yet is shown with what it lacks."""
    village.shop.stock("kettle", title="热水壶")

    quote = village.shop.quote({"kettle": 1}, holder="li")

    assert [Code.NO_PRICE, Code.INSUFFICIENT_STOCK] == [one.code for one in quote.refusals]
    assert 0 == quote.points


def test_a_changed_price_is_said_before_it_is_paid(village: Community) -> None:
    """Who hands in a quote pays what the quote says, or is told."""
    quote = village.shop.quote({"rice": 1}, holder="li")
    village.shop.price("rice", 50)

    with pytest.raises(Refused) as no:
        village.shop.redeem({"rice": 1}, holder="li", quote=quote)

    assert Code.PRICE_CHANGED == no.value.code


# fakes


class _Failing(MemoryStore):
    """A store whose write number `left` fails; below zero none does."""

    left = -1

    def put(self, row: object) -> None:
        if self.left == 0:
            raise OSError("no space left on device")
        self.left -= 1
        super().put(row)
