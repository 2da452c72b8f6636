"""The feed: gapless, in order, at least once, shaped as CloudEvents; nobody is named in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.community import Community
from lovepoints.community import open as open_
from lovepoints.core.feed import TELLS, WITHHELD, undecided
from lovepoints.core.policy import STRICT
from lovepoints.core.rows import Party, Person
from lovepoints.errors import Code, Refused
from lovepoints.testing import FakeClock, community
from tests.laws import whole_book
from tests.test_doors import told_book

NO_ENTRY = {"read_aid", "service_record", "read_feed",
            "check_pin", "challenge", "answer", "admit", "window"}
"""Lines of the policy that write no entry of that kind."""
BY_RULE = {"confirm", "reject", "duplicate", "words", "award_occurrence"}
"""Verbs of which the rulebook says who may say them."""
LEDGER = {"found", "lapse", "deduct", "close", "settle", "expire", "clear", "debit", "grant",
          "open_window", "carry", "close_window", "pay_waiting", "lock", "close_notice"}
"""Entries of the calendar and of founding."""
RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 2 }
[[rule]]
code = "clue"
title = "线索"
label = "其他"
points = 9
confidential = true
"""


@pytest.fixture(scope="module")
def town() -> Iterator[tuple[Community, list[dict[str, Any]]]]:
    """A book in which each verb has something to do, and its feed."""
    book, _, _ = told_book()
    yield book, list(book.feed.after(limit=10_000))


def _small() -> Community:
    book = community(clock=FakeClock("2026-03-07 09:00"))
    book.rulebooks.adopt(RULES)
    book.residents.appoint("staff:wu", role="committee")
    book.residents.enrol("CODE-li", name="NAME-li", household="HOME-li", phone="PHONE-li")
    return book


def test_every_kind_of_entry_was_decided_on(
    town: tuple[Community, list[dict[str, Any]]], tmp_path: Path,
) -> None:
    """A new verb fails here until somebody says what of it leaves the book."""
    with open_(whole_book.build(tmp_path / "book.db", 1), by="staff:zhao") as book:
        seen = {entry.kind for entry in (*book.books.entries(), *town[0].books.entries())}
    kinds = (set(STRICT) - NO_ENTRY) | BY_RULE | LEDGER | seen

    assert undecided(kinds) == set()
    assert set(TELLS) | WITHHELD == kinds


def test_events_have_the_shape_of_cloudevents(
    town: tuple[Community, list[dict[str, Any]]],
) -> None:
    """Attributes of CloudEvents 1.0 by its own words, checked without the library."""
    book, events = town
    assert [event["id"] for event in events] == [
        str(entry.seq) for entry in book.books.entries()]
    assert len({(event["source"], event["id"]) for event in events}) == len(events)
    for event in json.loads(json.dumps(events)):
        assert event["specversion"] == "1.0"
        assert urlsplit(event["source"]).scheme == "urn"
        assert re.fullmatch(r"lovepoints\.[a-z_]+", event["type"])
        assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) for name in event)
        assert set(event) <= {"specversion", "id", "source", "type", "sequence", "time",
                              "subject", "datacontenttype", "data"}
        assert all(isinstance(event[name], str) and event[name] for name in event
                   if name != "data")
        if "time" in event:
            datetime.fromisoformat(event["time"])
            assert event["datacontenttype"] == "application/json"
    assert [event["sequence"] for event in events] == sorted(
        event["sequence"] for event in events)


def test_no_event_names_anybody(town: tuple[Community, list[dict[str, Any]]]) -> None:
    """Neither pseudonym nor code of any person, household or officer, no name, phone or note."""
    book, events = town
    shown = json.dumps(events, ensure_ascii=False)
    store = book._book.store
    names = {row.id for row in store.find(Party)} | {
        row.code for row in store.find(Person)} - {"patrol"}
    assert len(names) > 10
    for name in (*names, "NAME", "PHONE", "NOTE"):
        assert name not in shown


def test_a_confidential_report_is_a_place_in_the_order() -> None:
    with _small() as book:
        before = book.feed.after(limit=1000)[-1]["sequence"]
        deed = book.deeds.report("clue", resident="CODE-li", note="NOTE-li", by="CODE-li")
        book.deeds.confirm(deed.id, by="staff:wu")
        told = book.feed.after(int(before))
        assert {event["type"] for event in told} == {"lovepoints.withheld"}
        assert all(set(event) == {"specversion", "id", "source", "type", "sequence"}
                   for event in told)
        assert deed.id not in json.dumps(told)


def test_what_is_told_of_an_award_and_a_visit_to_the_shop() -> None:
    """Rule, points, goods; not whose."""
    with _small() as book:
        deed = book.deeds.report("service", resident="CODE-li", quantity="3")
        book.deeds.confirm(deed.id, by="staff:wu")
        book.shop.stock("soap", title="肥皂", price=4)
        book.shop.receive("soap", 5)
        start = int(book.feed.after(limit=1000)[-1]["id"])
        book.shop.redeem({"soap": 1}, holder="CODE-li")
        (award,) = [one for one in book.feed.after(limit=1000)
                    if one["type"] == "lovepoints.confirm"]
        (fetched,) = book.feed.after(start)
        assert (award["subject"], award["data"]) == (
            deed.id, {"rule": "service", "status": "confirmed", "points": {"point": "6"}})
        assert fetched["data"] == {
            "points": {"point": "-4"}, "goods": {"soap": -1}, "state": "collected"}


@pytest.mark.parametrize("who", ["CODE-li", "staff:grid"])
def test_the_feed_is_for_programs_and_offices(who: str) -> None:
    with _small() as book:
        book.residents.appoint("staff:grid", role="grid-officer")
        book.residents.appoint("app:board", role="app")
        assert book.feed.after(by="app:board")
        for read in (lambda: book.feed.after(by=who), lambda: book.feed.next("board", by=who),
                     lambda: book.feed.acknowledge("board", 1, by=who)):
            with pytest.raises(Refused) as refused:
                read()
            assert refused.value.code == Code.NOT_PERMITTED


def test_a_position_never_goes_back_nor_ahead_of_the_book() -> None:
    with _small() as book:
        assert book.feed.acknowledge("board", 3).sequence == 3
        assert book.feed.acknowledge("board", 1).sequence == 3
        assert book.feed.next("board", limit=1)[0]["id"] == "4"
        with pytest.raises(ValueError, match="beyond the newest"):
            book.feed.acknowledge("board", 10_000)
        assert [(one.consumer, one.sequence) for one in book.feed.consumers()] == [("board", 3)]
        entries = book.describe()["entries"]
        book.feed.acknowledge("board", 4)
        assert book.describe()["entries"] == entries


STEPS = st.lists(st.tuples(st.sampled_from(["write", "next", "acknowledge", "die"]),
                           st.sampled_from(["board", "app"]), st.integers(1, 7)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_every_consumer_hears_everything_in_order(steps: list[tuple[str, str, int]]) -> None:
    """Whatever is written, read, acknowledged or forgotten in between: no gap, no event out of
    order, and none twice but those that were not acknowledged."""
    with _small() as book:
        handled: dict[str, list[int]] = {"board": [], "app": []}
        done = {"board": 0, "app": 0}
        for step, who, number in steps:
            if step == "write":
                book.residents.describe("CODE-li", age=number)
            elif step == "next":
                heard = [int(one["id"]) for one in book.feed.next(who, limit=number)]
                assert heard == list(range(done[who] + 1, done[who] + 1 + len(heard)))
                handled[who] = heard
            elif step == "acknowledge" and handled[who]:
                done[who] = book.feed.acknowledge(who, handled[who][-1]).sequence
                handled[who] = []
            elif step == "die":
                handled[who] = []
        for who, seq in done.items():
            rest = [int(one["id"]) for one in book.feed.next(who, limit=10_000)]
            assert rest == list(range(seq + 1, int(book.describe()["entries"]) + 1))
