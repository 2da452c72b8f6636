"""Keys: a call repeated is answered again, and never carried out again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

import lovepoints as lp
from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.errors import Code, Conflict, NotFound, Refused
from lovepoints.stores import dump, sqlite
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HAZARD, HEAD, HELP, LITTER, balance, founded, refusal

RULES = HEAD + HELP + HAZARD + LITTER.replace('"debt"', '"debt", repair = 1') + """
[transfer]
to = "anyone"
[redemption.days]
switched = true
[[sanction]]
code = "pause"
title = "暂停"
bars = ["earn"]
"""
Verb = Callable[[Community, str], Any]  # Any: the answers of all verbs


@pytest.fixture
def book(store: Store, clock: FakeClock) -> Community:
    """A book in which every verb has something to do."""
    return furnished(founded(RULES, clock=clock, store=store))


def furnished(book: Community) -> Community:
    """Deeds d-open, d-done (confirmed), goods, a held and a collected basket."""
    book.shop.open_window()
    book.residents.appoint("staff:sun2", role="custodian")
    book.residents.appoint("staff:gu", role="auditor")
    book.books.opening("wang", 50)
    book.shop.stock("rice", price=5)
    book.shop.receive("rice", 20)
    return book


def _deed(book: Community, rule: str = "help", status: str = "submitted") -> str:
    """The first deed of a rule in a state; reported (and confirmed) the first time it is asked."""
    made = [deed.id for deed in book.deeds.of("wang") if deed.rule == rule]
    if not made:
        made = [book.deeds.report(rule, resident="wang", quantity=2).id]
        if status == "confirmed":
            book.deeds.confirm(made[0], by="staff:wu")
    return made[0]


def _held(book: Community) -> str:
    """The one reservation."""
    made = book.shop.of("wang")
    return made[0].id if made else book.shop.hold({"rice": 2}, holder="wang").id


def _seq(book: Community, kind: str) -> int:
    return next(entry.seq for entry in book.books.entries() if entry.kind == kind)


VERBS: dict[str, Verb] = {
    "enrol": lambda book, key: book.residents.enrol("new", household="home-new", key=key),
    "describe": lambda book, key: book.residents.describe("wang", age=60, key=key),
    "move": lambda book, key: book.residents.move("wang", household="home-li", key=key),
    "leave": lambda book, key: book.residents.leave("zhou", key=key),
    "appoint": lambda book, key: book.residents.appoint("staff:x", role="committee", key=key),
    "dismiss": lambda book, key: book.residents.dismiss("staff:wu", role="grid-officer", key=key),
    "area": lambda book, key: book.residents.area("grid-1", title="一网格", key=key),
    "adopt": lambda book, key: book.rulebooks.adopt(
        RULES.replace("2026-01-01", "2026-04-01"), key=key),
    "report": lambda book, key: book.deeds.report("help", resident="wang", quantity="1.50", key=key,
                                                  on=date(2026, 3, 1), joint=["zhou"]),
    "confirm": lambda book, key: book.deeds.confirm(_deed(book), by="staff:wu", key=key),
    "reject": lambda book, key: book.deeds.reject(_deed(book), reason="不实", by="staff:wu",
                                                  key=key),
    "duplicate": lambda book, key: book.deeds.duplicate(
        _deed(book), of=_deed(book, "hazard"), by="staff:wu", key=key),
    "withdraw": lambda book, key: book.deeds.withdraw(_deed(book), key=key),
    "reopen": lambda book, key: book.deeds.reopen(_deed(book, "help", "confirmed"), reason="看",
                                                  key=key),
    "repair": lambda book, key: book.deeds.repair(_deed(book, "litter", "confirmed"),
                                                  by="staff:wu", key=key),
    "pay_waiting": lambda book, key: book.deeds.pay_waiting(key=key),
    "forward": lambda book, key: book.deeds.forward(
        _deed(book), to="物业", text="请检查楼道", by="staff:sun2", key=key),
    "opening": lambda book, key: book.books.opening("zhou", 5, key=key),
    "adjust": lambda book, key: book.books.adjust("wang", -5, reason="更正", key=key),
    "transfer": lambda book, key: book.books.transfer("wang", "zhou", 5, key=key),
    "reverse": lambda book, key: book.books.reverse(_seq(book, "opening"), reason="误", key=key),
    "sanction": lambda book, key: book.books.sanction("wang", "pause", reason="按办法", key=key),
    "sweep": lambda book, key: book.books.sweep(key=key),
    "inspect": lambda book, key: book.books.inspect(
        date(2026, 1, 1), date(2026, 3, 1), reason="抽查", by="staff:gu", key=key),
    "close_period": lambda book, key: book.books.close_period(date(2026, 3, 1), key=key),
    "stock": lambda book, key: book.shop.stock("soap", price=2, key=key),
    "price": lambda book, key: book.shop.price("rice", 6, key=key),
    "receive": lambda book, key: book.shop.receive("rice", 5, donor="周记", key=key),
    "give": lambda book, key: book.shop.give("rice", 1, reason="急用", key=key),
    "count": lambda book, key: book.shop.count("rice", 18, key=key),
    "write_off": lambda book, key: book.shop.write_off("rice", 1, reason="破损", key=key),
    "close_window": lambda book, key: book.shop.close_window(key=key),
    "redeem": lambda book, key: book.shop.redeem({"rice": 2}, holder="wang", key=key),
    "hold": lambda book, key: book.shop.hold({"rice": 2}, holder="wang", key=key),
    "collect": lambda book, key: book.shop.collect(_held(book), key=key),
    "release": lambda book, key: book.shop.release(_held(book), key=key),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_repeated_call_is_answered_again(book: Community, verb: str) -> None:
    """Same key, same content: an equal answer, marked as a repeat, and nothing is written; also
    a month later, also by another program."""  # bugs 3, 4, 5
    first = VERBS[verb](book, "the-key")
    before = dump(book._book.store)

    again = VERBS[verb](book, "the-key")

    assert before == dump(book._book.store)
    assert _unmarked(first) == _unmarked(again)
    if hasattr(first, "is_repeat"):
        assert (False, True, "the-key") == (first.is_repeat, again.is_repeat, again.key)
    book.books.verify()


def _unmarked(answer: Any) -> Any:
    if hasattr(answer, "deed"):
        answer = attrs.evolve(answer, deed=attrs.evolve(answer.deed, is_repeat=False))
    return attrs.evolve(answer, is_repeat=False) if hasattr(answer, "is_repeat") else answer


def test_every_verb_is_here(book: Community) -> None:
    """Every verb that takes a key is repeated above (`open_window` and `return_` elsewhere)."""
    import inspect

    verbs = {name for desk in ("residents", "rulebooks", "deeds", "books", "shop")
             for name, verb in inspect.getmembers(type(getattr(book, desk)), inspect.isfunction)
             if "key" in inspect.signature(verb).parameters and not name.startswith("_")}

    assert set() == verbs - {*VERBS} - {"open_window", "return_", "lift"}


def test_a_key_survives_reopening_the_file(tmp_path: Path, clock: FakeClock) -> None:
    """Kept in the book and not in a program's memory; still known after a year."""  # bug 5
    path = tmp_path / "book.db"
    book = founded(RULES, clock=clock, store=sqlite.create(path))
    first = book.books.opening("wang", 30, key="import-1")
    book.close()
    clock.move(days=400)

    with lp.open(path, by="staff:zhao", clock=clock) as later:
        again = later.books.opening("wang", 30, key="import-1")
        with pytest.raises(Conflict):
            later.books.opening("wang", 31, key="import-1")

    assert (first.seq, True) == (again.seq, again.is_repeat)


@pytest.mark.parametrize(("said", "field"), [
    ({"rule": "hazard"}, "rule"), ({"resident": "zhou"}, "resident"),
    ({"on": date(2026, 3, 1)}, "on"), ({"quantity": "2"}, "quantity"), ({"place": "x"}, "place"),
    ({"event": "x"}, "event"), ({"matter": "x"}, "matter"), ({"evidence": "x"}, "evidence"),
    ({"note": "x"}, "note"), ({"joint": ["zhou"]}, "joint"),
    ({"end_day": date(2026, 3, 1)}, "end_day"), ({"reason": "x"}, "reason"),
    ({"channel": "x"}, "channel"), ({"note": "x", "place": "y"}, "place"),
])
def test_another_content_is_a_conflict(
    book: Community, said: dict[str, Any], field: str,
) -> None:  # bug 6
    """The first field that differs, in the order of the arguments, is named."""
    content = {"rule": "help", "resident": "wang", "quantity": "1.5", "key": "k"}
    book.deeds.report(**content)
    before = dump(book._book.store)

    with pytest.raises(Conflict) as found:
        book.deeds.report(**{**content, **said})

    assert field == found.value.field
    assert before == dump(book._book.store)


def test_a_key_is_for_one_verb(book: Community) -> None:
    """The same words to another verb are another request."""
    book.books.adjust("wang", 5, reason="更正", key="k")

    with pytest.raises(Conflict) as found:
        book.books.opening("wang", 5, key="k")

    assert "verb" == found.value.field


def test_the_same_number_in_other_words_is_the_same(book: Community) -> None:
    """1.5 and 1.50 hours, a day left out both times: no conflict."""
    first = book.deeds.report("help", resident="wang", quantity="1.5", key="k")

    assert first.id == book.deeds.report("help", resident="wang", quantity="1.50", key="k").id


def test_a_refusal_burns_its_key(book: Community, clock: FakeClock) -> None:
    """The same request later is refused again, although it could be granted now; a new key is."""
    def gift(key: str) -> Any:
        return book.books.transfer("wang", "zhou", 60, key=key)

    first = refusal(lambda: gift("k"))
    book.books.adjust("wang", 100, reason="补记")
    with pytest.raises(Refused) as no:
        gift("k")

    assert Code.INSUFFICIENT_POINTS == first == no.value.code
    assert (True, "k", 50) == (no.value.is_repeat, no.value.key, no.value.facts["present"])
    with pytest.raises(Conflict):
        book.books.transfer("wang", "zhou", 61, key="k")
    assert not gift("k2").is_repeat
    book.books.verify()


@pytest.mark.parametrize(("call", "error"), [
    (lambda book, key: book.books.adjust("nobody", 5, reason="x", key=key), NotFound),
    (lambda book, key: book.books.adjust("wang", 1.5, reason="x", key=key), TypeError),
    (lambda book, key: book.books.adjust("wang", 5, reason="x", by="staff:wu", key=key), Refused),
    (lambda book, key: book.books.adjust("wang", 5, reason="x", by="nobody", key=key), NotFound),
])
def test_what_was_never_asked_properly_leaves_its_key_free(
    book: Community, call: Verb, error: type,
) -> None:
    """A wrong call, an unknown name, a verb of another office: nothing is recorded."""
    before = dump(book._book.store)

    with pytest.raises(error):
        call(book, "k")

    assert before == dump(book._book.store)
    assert not book.books.adjust("wang", 5, reason="x", key="k").is_repeat


@pytest.mark.parametrize(("key", "fits"), [
    ("", False), ("k", True), ("k" * 128, True), ("k" * 129, False), ("lp:k", False),
    ("\ud7ff", True), ("\ud800", False), ("\udfff", False), ("\ue000", True),
])
def test_what_a_key_may_look_like(book: Community, key: str, fits: bool) -> None:
    """1 to 128 characters, none of them half of a pair, and never one of the book's own."""
    if fits:
        assert key == book.books.adjust("wang", 5, reason="x", key=key).key
    else:
        with pytest.raises(ValueError, match="key"):
            book.books.adjust("wang", 5, reason="x", key=key)


def test_without_a_key_one_is_made_and_given_back(book: Community) -> None:
    """It can be used to ask again."""
    first = book.books.adjust("wang", 5, reason="x")

    again = book.books.adjust("wang", 5, reason="x", key=first.key)

    assert (first.seq, True) == (again.seq, again.is_repeat)
    assert 55 == balance(book)


def test_keys_are_not_kept_in_the_open(book: Community) -> None:
    """A key may name a person; the file holds a keyed digest of it."""
    book.books.adjust("wang", 5, reason="x", key="app-欧阳-138")

    assert "欧阳" not in str(dump(book._book.store))


def test_a_set_is_the_same_in_every_program(book: Community) -> None:
    """What has no order is written in one order; the same words stay the same request."""
    for values in ({"年满六十", "独居", "低保"}, {"低保", "年满六十", "独居"}):
        book.shop.stock("oil", price=5, for_={"group": values}, key="k")

    row = book.shop.item("oil")

    assert (*sorted(("年满六十", "独居", "低保"), key=str.encode),) == row.for_["group"]
