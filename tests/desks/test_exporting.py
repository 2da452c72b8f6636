"""Everything about one person, for her to take away: complete, right, and nothing of others."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator

import pytest

from lovepoints.community import Community
from lovepoints.desks.exporting import Export
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HAZARD, HEAD, HELP, LITTER, balance, founded, paid, refusal

OWN = HEAD.replace('"household"', '"resident"')
OTHER = ("li-wife", "李嫂", "13900000002", "NOTE-OTHER", "staff:wu")


@pytest.fixture
def clock() -> FakeClock:
    """Saturday, 7 March 2026, ten in the morning."""
    return FakeClock("2026-03-07 10:00")


@pytest.fixture(params=["household", "resident"])
def town(request: pytest.FixtureRequest, clock: FakeClock) -> Iterator[Community]:
    """Two people of one household with deeds, redemptions and words of their own."""
    head = HEAD if request.param == "household" else OWN
    book = founded(head + HELP + HAZARD + LITTER, clock=clock)
    book.residents.appoint("staff:sun2", role="custodian")
    for code, name, phone in (("chen", "陈秀英", "13912345678"), ("bao", OTHER[1], OTHER[2])):
        book.residents.enrol(code, name=name, phone=phone, household="home-chen",
                             attributes={"party": True})
    book.shop.stock("soap", title="肥皂", price=5)
    book.shop.receive("soap", 9)
    for code, note in (("chen", "=NOTE-HERS"), ("bao", OTHER[3])):
        paid(book, code, 6, note=note)
        paid(book, code, 3)
        book.shop.redeem({"soap": 1}, holder=code)
        clock.move(days=20)
    book.books.adjust("chen", 3, reason="更正")
    yield book
    assert book.books.verify().is_sound


def export(book: Community, code: str = "chen", by: str = "chen", **said: str) -> Export:
    """An export, as JSON and CSV can be read back from it."""
    return book.privacy.export(code, by=by, **said)


def test_the_movements_give_her_balance(town: Community) -> None:
    """Added up again from the CSV alone they are what her passbook shows."""
    for code in ("chen", "bao"):
        lines = list(csv.DictReader(export(town, code, code).to_csv().splitlines()))

        assert balance(town, code) == sum(int(line["points"]) for line in lines)
        assert lines == sorted(lines, key=lambda line: line["day"])


def test_it_holds_all_of_hers(town: Community) -> None:
    """Words, attributes, home, deeds with notes, redemptions."""
    told = json.loads(export(town).to_json())

    assert ("陈秀英", "13912345678") == (told["person"]["name"], told["person"]["phone"])
    assert {"party"} == set(told["attributes"])
    assert "home-chen" == told["homes"][0][2]
    assert [("help", "=NOTE-HERS"), ("help", None)] == [
        (deed["rule"], deed["words"].get("note")) for deed in told["deeds"]]
    assert [balance(town, "chen")] == list(told["balances"].values())
    assert [12, 6, -5] == [one["points"] for one in told["movements"]
                           if one["what"] in ("confirm", "redeem")]


def test_it_holds_nothing_of_others(town: Community) -> None:
    """No word of the other member, no code of an officer, no movement of hers one by one."""
    found = export(town)

    assert [] == [word for word in (*OTHER, "'bao'", '"bao"')
                  for written in (found.to_json(), found.to_csv(), repr(found))
                  if word in written]
    assert [] == [word for word in ("陈秀英", "13912345678", "NOTE") if word in repr(found)]


def test_what_another_resident_wrote_about_her_is_left_out(town: Community) -> None:
    """The words of a report against her could tell who made it; an office's are hers to read."""
    told = {"bao": "看见她倒垃圾", "staff:wu": "巡查发现"}
    for by, note in told.items():
        town.deeds.report("litter", resident="chen", note=note, by=by)

    written = export(town).to_json()

    assert (False, True) == tuple(note in written for note in told.values())
    assert 4 == len(json.loads(written)["deeds"])


def test_each_export_is_logged_and_takes_a_reason(town: Community) -> None:
    """For herself none; nobody but she and the custodian takes it away."""
    export(town)
    export(town, by="staff:sun2", reason="本人申请")

    assert ["export", "export"] == [one.what for one in town.privacy.who_saw("chen", by="chen")]
    assert "reason_needed" == refusal(lambda: export(town, by="staff:sun2"))
    assert ["not_permitted"] * 4 == [
        refusal(lambda by=by: export(town, by=by, reason="好奇"))
        for by in ("staff:zhao", "staff:wu", "bao", "wang")]


def test_a_cell_is_no_formula(town: Community) -> None:
    """A rule's title that begins like a formula is quoted in the CSV."""
    found = export(town)
    odd = type(found.movements[0])(day=found.movements[0].day, what="confirm", title="=1+1",
                                   kind="point", points=1)

    written = Export(person={}, attributes={}, homes=(), deeds=(), movements=(odd,),
                     balances={}).to_csv()

    assert "'=1+1" in written


def test_a_key_gives_it_again(town: Community) -> None:
    """The same request on the same day is one look."""
    first = export(town, key="mine")

    again = export(town, key="mine")

    assert (True, first.movements) == (again.is_repeat, again.movements)
