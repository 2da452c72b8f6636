"""Looking at personal data: with a reason, in a role, and never without an entry."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest

from lovepoints.community import Community
from lovepoints.core.privacy import DATA_MAP, SEALED, about, check_words
from lovepoints.core.tables import TABLES
from lovepoints.desks import looking
from lovepoints.errors import Conflict, Refused
from lovepoints.stores import dump
from lovepoints.testing import FakeClock, community
from lovepoints.words.privacy import KEPT, LOOKS, PURPOSES, VIEWS
from tests import test_doors
from tests.desks.books_of_ours import HEAD, HELP, founded, refusal

SECRET = HEAD + HELP + """
[[rule]]
code = "tip"
title = "举报违法线索"
clause = "第九条"
label = "社区贡献"
confidential = true
points = 20
"""
SHOWS_NAMES = frozenset({
    "residents.enrol", "residents.describe", "residents.move", "residents.leave",
    "residents.__getitem__", "residents.members", "residents.__iter__", "privacy.look",
    "privacy.export",
})
"""The views in which a name may stand; `docs/privacy.md` lists them."""
SHOWS_PHONES = frozenset({"privacy.look", "privacy.export"})
"""The views in which a phone may stand."""
DESKS = ("residents", "rulebooks", "deeds", "passbooks", "cards", "shop", "books", "privacy")
SHOWS_WORDS = frozenset({"aid.words", "privacy.words", "privacy.export"})
"""The views in which what was written about a deed may stand."""


@pytest.fixture
def clock() -> FakeClock:
    """Saturday, 7 March 2026, ten in the morning."""
    return FakeClock("2026-03-07 10:00")


@pytest.fixture
def town(clock: FakeClock) -> Iterator[Community]:
    """A custodian, an auditor, and a tip of Wang's."""
    book = founded(SECRET, clock=clock)
    book.residents.appoint("staff:sun2", role="custodian")
    book.residents.appoint("staff:au", role="auditor")
    book.residents.enrol("chen", name="陈秀英", phone="13912345678")
    yield book
    book.books.verify()


def tip(book: Community) -> str:
    """A confidential report of Wang's; its id."""
    return book.deeds.report("tip", resident="wang", place="3栋", note="后院有人私自改装").id


def look(book: Community, code: str = "chen", by: str = "staff:sun2", **said: str) -> Any:
    """A look with a reason."""
    return book.privacy.look(code, by=by, **{"reason": "通知领奖", **said})


def told(value: object) -> str:
    """All that a result holds, also what its repr leaves out."""
    if isinstance(value, Iterator | list | tuple | set | frozenset):
        return " ".join(map(told, value))
    if attrs.has(type(value)):
        return " ".join(told(getattr(value, field.name)) for field in attrs.fields(type(value))
                        if not field.name.startswith("_"))
    return str(value)


def test_a_look_needs_a_reason_and_the_custodian(town: Community) -> None:
    """No other role looks at others, the administrator's least of all; she herself may."""
    answers = [refusal(lambda by=by: look(town, by=by)) for by in
               ("staff:zhao", "staff:zheng", "staff:wu", "wang")]

    assert ["not_permitted"] * 4 == answers
    assert "reason_needed" == refusal(lambda: look(town, reason=""))
    assert "13912345678" == look(town).phone
    assert "13912345678" == town.privacy.look("chen", by="chen").phone


def test_each_look_is_one_entry_before_it_returns(town: Community) -> None:
    """The log grows by one line a look, with day, role and reason; a refused look leaves none."""
    size = town.books.checkpoint().size
    with pytest.raises(Refused):
        look(town, by="staff:wu")

    first = look(town)
    seen = town.privacy.who_saw("chen", by="staff:au")

    assert (size + 1, size + 1) == (first.seq, town.books.checkpoint().size)
    assert [("look", "staff:sun2", "custodian", "通知领奖")] == [
        (one.what, one.by, one.role, one.reason) for one in seen]


def test_a_look_that_cannot_be_logged_shows_nothing(town: Community) -> None:
    """Where the book may not be written to, nobody looks."""
    town._book.store.is_writable = False

    answer = refusal(lambda: look(town))

    town._book.store.is_writable = True
    assert "ledger_readonly" == answer


def test_a_key_is_good_for_its_day(town: Community, clock: FakeClock) -> None:
    """A lost answer is given again that day; tomorrow it is another look."""
    look(town, key="look")
    again = look(town, key="look")
    clock.move(days=1)

    with pytest.raises(Conflict) as no:
        look(town, key="look")

    assert (True, "day") == (again.is_repeat, no.value.field)


def test_the_log_is_hers_the_custodian_s_and_the_auditor_s(town: Community) -> None:
    """Nobody else learns who looked at whom."""
    look(town)

    assert ["not_permitted"] * 3 == [
        refusal(lambda by=by: town.privacy.who_saw("chen", by=by))
        for by in ("staff:zhao", "staff:wu", "wang")]
    assert {1} == {len(town.privacy.who_saw("chen", by=by))
                   for by in ("chen", "staff:sun2", "staff:au")}


def test_words_of_a_confidential_deed_are_the_custodian_s(town: Community) -> None:
    """An officer reads what was written about an ordinary deed, of a confidential one not."""
    plain = town.deeds.report("help", resident="wang", quantity=1, note="陪诊").id
    secret = tip(town)

    assert "陪诊" == town.privacy.words(plain, reason="核实", by="staff:wu").words["note"]
    assert "not_permitted" == refusal(
        lambda: town.privacy.words(secret, reason="核实", by="staff:wu"))
    assert "not_permitted" == refusal(lambda: town.privacy.words(secret, by="li-wife"))
    assert {"3栋"} == {town.privacy.words(secret, reason="转办", by=by).words["place"]
                      for by in ("staff:sun2", "wang")}


def test_reasons_of_decisions_are_read_with_the_words(town: Community) -> None:
    """Whoever reads the words of a deed reads why it was decided so."""
    plain = town.deeds.report("help", resident="wang", quantity=1, note="陪诊").id
    decision = town.deeds.reject(plain, reason="没有陪诊记录", by="staff:wu")

    found = town.privacy.words(plain, by="wang")

    assert {decision.seq: "没有陪诊记录"} == found.reasons


def test_who_is_behind_a_deed_takes_two_people(town: Community) -> None:
    """The custodian answers another person's request, once; each step is an entry."""
    secret = tip(town)
    asked = town.privacy.request(secret, reason="公安机关来函", by="staff:zheng")

    found = town.privacy.reporter(secret, request=asked.seq, by="staff:sun2")

    assert ("wang", "staff:zhao") == (found.resident, found.reported_by)
    assert "request_needed" == refusal(
        lambda: town.privacy.reporter(secret, request=asked.seq, by="staff:sun2"))
    assert [("reporter", "公安机关来函")] == [
        (one.what, one.reason) for one in town.privacy.who_saw("wang", by="wang")]


@pytest.mark.parametrize("why", ["other", "own", "late"])
def test_a_request_that_does_not_fit_is_not_answered(
    town: Community, clock: FakeClock, why: str,
) -> None:
    """About another deed, one's own by any of one's codes, or older than thirty days."""
    town.residents.appoint("staff:sun2", role="custodian", resident="sun")
    secret, other = tip(town), tip(town)
    asked = town.privacy.request(other if why == "other" else secret, reason="来函",
                                 by="staff:sun" if why == "own" else "staff:zheng")
    clock.move(days=31 if why == "late" else 1)

    with pytest.raises(Refused) as no:
        town.privacy.reporter(secret, request=asked.seq, by="staff:sun2")

    assert ("request_needed", why) == (no.value.code, no.value.facts["why"])


def test_a_look_stands_in_no_traceback_and_no_repr(town: Community) -> None:
    """What somebody was shown is left out where programs print values."""
    secret = tip(town)
    asked = town.privacy.request(secret, reason="来函", by="staff:zheng")
    shown = (look(town), town.privacy.words(secret, reason="转办", by="staff:sun2"),
             town.privacy.reporter(secret, request=asked.seq, by="staff:sun2"),
             *town.privacy.who_saw("wang", by="wang"))

    printed = " ".join(map(repr, shown))

    assert not [word for word in ("陈秀英", "13912345678", "改装", "3栋", "'wang'", "来函")
                if word in printed]


def test_the_map_covers_every_personal_column_and_key() -> None:
    """A column of a personal table, or a key of its words, without purpose and retention does not
    pass; what it is for, how long and who sees it is said in both languages."""
    mapped = {table: {one.name for one in DATA_MAP if one.table == table}
              for table in ("person", "sealed", "token", "pin")}
    columns = {table.name: set(table.columns) for table in TABLES if table.nature == "personal"}

    assert all(columns[table] <= mapped[table] for table in ("person", "token", "pin"))
    assert {"subject", "key", "details"} == columns["sealed"]
    assert set(mapped) == set(columns), "a new personal table belongs into the data map"
    assert all(one.kept.count > 0 and one.purpose in PURPOSES and one.view in VIEWS
               and one.counted_from in KEPT for one in DATA_MAP)


@pytest.mark.parametrize("subject", ["r-k3m2p9q4", "d-7", "d-7#9", "x-3", "g-4", "e-5"])
def test_what_has_no_purpose_is_not_taken_in(subject: str) -> None:
    """A number of an identity card has no purpose in the map, of whatever it would be a word."""
    with pytest.raises(ValueError, match="no purpose for 'id_card'"):
        check_words(subject, {"id_card": "110101190001011234"})

    check_words(subject, dict.fromkeys(SEALED[about(subject)], "x"))


def test_enrol_takes_a_closed_list_of_fields(town: Community) -> None:
    """There is no field for an identity card, and none can be made by naming it."""
    with pytest.raises(TypeError):
        town.residents.enrol("new", id_card="110101190001011234")  # type: ignore[call-arg]


def test_no_view_but_the_declared_ones_shows_a_name_a_phone_or_a_note() -> None:
    """Every verb and reading of every desk is tried on a book of canaries; what comes back holds
    a name only in the declared views, a phone only in a look, a note only in `words`; all of them
    in her export."""
    found = {verb: told(call()) for verb, call in _calls()}

    assert {verb for verb, text in found.items() if "NAME " in text} <= SHOWS_NAMES
    assert {verb for verb, text in found.items() if "PHONE " in text} == SHOWS_PHONES
    assert {verb for verb, text in found.items() if "NOTE " in text} == SHOWS_WORDS


def test_no_verb_is_left_out_of_that() -> None:
    """The verbs that are tried are all verbs that there are, but the one that copies the file: a
    copy holds what the file holds, and the register names it to whoever erases."""
    tried = {verb for verb, _ in _calls()}
    book = community()
    every = {f"{desk}.{name}" for desk in DESKS for name, _ in inspect.getmembers(
        type(getattr(book, desk)), inspect.isfunction) if not name.startswith("_")}

    assert {"books.backup"} == every - tried


def test_the_looks_have_words() -> None:
    """What somebody looked at is said in both languages."""
    assert {"look", "words", "reporter"} <= set(LOOKS)
    assert looking.REQUEST_DAYS == 30


def test_no_personal_word_is_in_the_journal_or_in_derived_rows() -> None:
    """Of a book of canaries neither entries nor rows, nor the register of requests, hold one."""
    book, _, _ = test_doors.told_book()

    rows = str(dump(book._book.store, ("journal", "derived", "book")))

    assert not [word for word in ("NAME ", "PHONE ", "NOTE ", "li-mother", "li-home", "值班")
                if word in rows]


def _calls() -> Iterator[tuple[str, Callable[[], object]]]:
    """Each verb, said rightly, on a book of its own."""
    for verb, said in {**test_doors.VERBS, **test_doors.TRIES}.items():
        desk, name = verb.split(".")

        def call(desk: str = desk, name: str = name, said: dict[str, Any] = said) -> object:
            book, names, _ = test_doors.told_book()
            filled = {key: names.get(value, value) if isinstance(value, str) else value
                      for key, value in said.items()}
            method = getattr(getattr(book, desk), name)
            try:
                return method(*filled.values()) if name == "__getitem__" else method(**filled)
            except (LookupError, Refused) as error:
                return error

        yield verb, call
    for verb in ("books.backups", "books.check", "books.checkpoint", "books.outstanding",
                 "books.verify", "privacy.erasures", "shop.cover", "shop.shelf"):
        def read(verb: str = verb) -> object:
            book, _, _ = test_doors.told_book()
            return getattr(getattr(book, verb.split(".")[0]), verb.split(".")[1])()

        yield verb, read
    for desk in ("residents", "rulebooks", "passbooks"):
        def walk(desk: str = desk) -> object:
            book, _, _ = test_doors.told_book()
            return iter(list(getattr(book, desk)))

        yield f"{desk}.__iter__", walk
