"""An inspection finds every planted fraud, leaves honest officers alone, and names no reporter."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import attrs
import pytest

from lovepoints import papers
from lovepoints.community import Community
from lovepoints.core.inspecting.drawing import drawn
from lovepoints.core.inspecting.leads import Lead
from lovepoints.core.inspecting.scales import Scales
from lovepoints.desks.inspecting import Inspection
from lovepoints.testing import FakeClock
from tests.desks.a_year_of_work import FIRST, FRAUDS, LAST, Year, year
from tests.desks.books_of_ours import HEAD, HELP, founded, paid, refusal

SPRING = (date(2026, 1, 1), date(2026, 3, 31))
TIPS = HEAD + HELP + """
[[rule]]
code = "tip"
title = "举报"
label = "社区贡献"
confidential = true
points = 5
"""


@pytest.fixture(scope="module")
def played() -> Year:
    """A year of fifteen officers, ten of whom cheat, each in a way of his own."""
    return year()


@pytest.fixture(scope="module")
def found(played: Year) -> Inspection:
    """What an auditor is told about it."""
    return played.book.books.inspect(FIRST, LAST, reason="年度审计", by="staff:audit", key="year")


@pytest.fixture
def book() -> Community:
    """A small book with an auditor."""
    made = founded(TIPS, clock=FakeClock("2026-03-07 10:00"))
    made.residents.appoint("staff:gu", role="auditor")
    return made


def test_every_planted_fraud_is_found_and_no_honest_officer(found: Inspection) -> None:
    """Ten frauds among 480 honest confirmations: these ten leads and no others."""
    expected = {(kind, f"staff:{kind}") for kind in FRAUDS}

    assert expected == {(one.kind, one.officer) for one in found.leads}
    assert len(FRAUDS) == len(found.leads)


@pytest.mark.parametrize("seed", [1, 8])
def test_an_honest_year_does_not_drown_the_auditor(seed: int) -> None:
    """Fifteen officers who cheat nobody: at most one lead, and that one by what one home needed.
    """
    honest = year(seed=seed, frauds=())

    found = honest.book.books.inspect(FIRST, LAST, reason="年度审计", by="staff:audit")

    assert found.confirmations > 400
    assert {1: [], 8: ["pair"]}[seed] == [one.kind for one in found.leads]


def test_a_lead_names_the_entries_of_the_fraud(played: Year, found: Inspection) -> None:
    """Each entry of a lead is an act of that officer, or of the one who is named with him."""
    for lead in found.leads:
        actors = {played.book._book.code_of(played.book._book.entry(seq).by) for seq in lead.seqs}
        assert actors <= {lead.officer, lead.other}, lead


def test_a_lead_says_look_and_never_guilty(found: Inspection) -> None:
    """Each sentence sends to look, in both languages; no fact is missing in it."""
    for lang, look in (("en", "Look at these."), ("zh", "请看一看。")):
        told = [one["sentence"] for one in found.plain(lang)["leads"]]
        assert [] == [one for one in told if not one.endswith(look) or "—" in one]
        assert [] == [one for one in told for word in ("fraud", "guilt", "cheat", "作弊", "舞弊")
                      if word in one]


def test_a_report_is_json_csv_and_paper(found: Inspection) -> None:
    """All three hold the same leads and rechecks; the scales are printed."""
    told = json.loads(found.to_json("en"))
    rows = list(csv.DictReader(io.StringIO(found.to_csv("en"))))
    paper = papers.inspection_report(found, lang="en")

    kinds = [one.kind for one in found.leads]
    assert kinds == [one["kind"] for one in told["leads"]]
    assert kinds == [one["kind"] for one in rows if one["kind"] != "recheck"]
    assert 20 == len(told["rechecks"]) == sum(one["kind"] == "recheck" for one in rows)
    assert len(kinds) == paper.count("* ")
    assert [] == [name for name in told["scales"] if name not in paper.replace("\n", " ")]


def test_what_is_drawn_can_be_drawn_again_by_anybody(played: Year, found: Inspection) -> None:
    """The root after the inspection's own entry gives the list; no root before it does."""
    books = played.book.books
    confirmed = [entry.seq for entry in books.entries() if entry.kind == "confirm"]

    root = books.root_at(found.seq)

    assert tuple(one.seq for one in found.rechecks) == drawn(root, confirmed, 20)
    assert found.root == root != books.root_at(found.seq - 1)


def test_the_same_key_gives_the_same_report(played: Year, found: Inspection) -> None:
    """An inspection that is asked for again is the first one, and draws no other list."""
    again = played.book.books.inspect(FIRST, LAST, reason="年度审计", by="staff:audit", key="year")

    assert again.is_repeat
    assert found == attrs.evolve(again, is_repeat=False)


def test_only_an_auditor_inspects_and_leaves_an_entry(book: Community) -> None:
    """Nobody else may; without a reason nobody may; the entry says who, which days, and why."""
    assert ["not_permitted"] * 3 == [
        refusal(lambda by=by: book.books.inspect(*SPRING, reason="看看", by=by))
        for by in ("staff:zhao", "staff:wu", "wang")]
    assert "reason_needed" == refusal(lambda: book.books.inspect(
        date(2026, 1, 1), date(2026, 3, 1), reason="", by="staff:gu"))

    found = book.books.inspect(date(2026, 1, 1), date(2026, 3, 1), reason="抽查", by="staff:gu")

    entry = book._book.entry(found.seq)
    assert ("inspect", "auditor", "2026-01-01") == (entry.kind, entry.role,
                                                    entry.details["since"])
    assert f"e-{found.seq}" in entry.details["sealed"]
    assert book.books.verify().is_sound


def test_the_same_key_gives_the_same_report_after_a_move(book: Community) -> None:
    """Who moves in with an officer after the inspection does not come into it."""
    book.residents.appoint("staff:wu2", role="grid-officer", resident="li")
    for _ in range(3):
        deed = book.deeds.report("help", resident="wang", quantity=1)
        book.deeds.confirm(deed.id, by="staff:wu2")

    def inspect(key: str) -> Inspection:
        return book.books.inspect(date(2026, 1, 1), date(2026, 3, 7), reason="抽查",
                                  by="staff:gu", key=key)

    first = inspect("a")
    book._book.clock.move(days=3)
    book.residents.move("wang", household="home-li")

    assert (first.leads, ()) == (inspect("a").leads, first.leads)
    assert ["relative"] == [one.kind for one in inspect("b").leads]


@pytest.mark.parametrize(("said", "error"), [
    ({"until": date(2027, 1, 1)}, ValueError), ({"until": date(2025, 1, 1)}, ValueError),
    ({"count": -1}, ValueError), ({"scales": {"pair_least": 3}}, TypeError),
])
def test_what_cannot_be_asked(book: Community, said: dict[str, object], error: type) -> None:
    """Days to come, days the wrong way round, no scales: a wrong call, and nothing is written."""
    size = book._book.head()[0]

    with pytest.raises(error):
        book.books.inspect(**{"since": date(2026, 1, 1), "until": date(2026, 3, 7),  # type: ignore[arg-type]  # wrong on purpose
                              "reason": "x", "by": "staff:gu", **said})

    assert size == book._book.head()[0]


@pytest.mark.parametrize("field", [
    {"pair_least": 1.5}, {"pair_share": (1, 0)}, {"pair_share": (1,)}, {"night_least": -1},
    {"night_least": True},
])
def test_scales_are_whole_numbers(field: dict[str, object]) -> None:
    """Halves, empty shares and negative bounds are no scales."""
    with pytest.raises((TypeError, ValueError)):
        Scales(**field)  # type: ignore[arg-type]  # wrong on purpose


def test_few_acts_are_never_a_lead(book: Community) -> None:
    """Eleven confirmations of one home by one officer are too few to say anything."""
    for _ in range(11):
        paid(book, "wang")

    found = book.books.inspect(date(2026, 1, 1), date(2026, 3, 7), reason="抽查", by="staff:gu")

    assert (11, ()) == (found.confirmations, found.leads)


def test_narrower_scales_find_more(book: Community) -> None:
    """An auditor may look with other scales; the entry tells which were changed."""
    for _ in range(4):
        paid(book, "wang")

    found = book.books.inspect(date(2026, 1, 1), date(2026, 3, 7), reason="抽查", by="staff:gu",
                               scales=Scales(pair_least=4))

    assert [("pair", "staff:wu", "home-wang")] == [
        (one.kind, one.officer, one.other) for one in found.leads]
    assert {"pair_least": 4} == book._book.entry(found.seq).details["scales"]


def test_an_auditor_is_not_told_who_reported_confidentially() -> None:
    """Whoever of two residents reported: the report is the same, letter by letter, and holds no
    code of either; the entries that it names are those that heap up."""
    told = []
    for reporter in ("wang", "zhou"):
        book = founded(TIPS, clock=(clock := FakeClock("2026-03-07 10:00")))
        book.residents.appoint("staff:gu", role="auditor")
        for number in range(16):
            clock.move(hours=1)
            who = reporter if number < 13 else "sun"
            book.deeds.confirm(book.deeds.report("tip", resident=who, by=who).id, by="staff:wu")
        found = book.books.inspect(date(2026, 1, 1), date(2026, 3, 8), reason="抽查",
                                   by="staff:gu", count=0)
        told.append((found.to_csv("zh"), papers.inspection_report(
            attrs.evolve(found, root=b""), lang="zh"), found.leads))

    assert told[0] == told[1]
    assert [("hidden_pair", "", 13)] == [(one.kind, one.other, len(one.seqs))
                                         for one in told[0][2]]
    assert [] == [word for word in ("wang", "zhou", "home-") if word in str(told[0])]


def test_everybody_who_confirmed_together_is_looked_at(book: Community) -> None:
    """Where two confirm, both are officers of the act."""
    book.rulebooks.adopt(TIPS.replace("effective = 2026-01-01", """effective = 2026-03-07
confirm = { by = ["grid-officer", "committee"], people = 2 }"""))
    for _ in range(4):
        deed = book.deeds.report("help", resident="wang", quantity=1)
        book.deeds.confirm(deed.id, by="staff:wu")
        book.deeds.confirm(deed.id, by="staff:zheng")

    found = book.books.inspect(date(2026, 3, 7), date(2026, 3, 7), reason="抽查", by="staff:gu",
                               scales=Scales(pair_least=4))

    assert (4, 2) == (found.confirmations, found.officers)
    assert ["staff:wu", "staff:zheng"] == [one.officer for one in found.leads]


def test_one_person_by_two_codes_is_one_officer(book: Community) -> None:
    """Who acts as a resident with an office and by an office of her own is looked at as one."""
    book.residents.appoint("staff:li", role="grid-officer", resident="li")
    for by in ("li", "staff:li") * 2:
        deed = book.deeds.report("help", resident="wang", quantity=1)
        book.deeds.confirm(deed.id, by=by)

    found = book.books.inspect(date(2026, 3, 7), date(2026, 3, 7), reason="抽查", by="staff:gu",
                               scales=Scales(pair_least=4))

    assert (1, 1) == (found.officers, len(found.leads))


def test_who_was_erased_is_named_by_her_pseudonym(book: Community) -> None:
    """What she was given is looked at all the same, and leads nobody to her."""
    book.residents.appoint("staff:sun2", role="custodian")
    book.residents.enrol("chen", name="陈秀英", since=date(2026, 1, 1))
    for _ in range(4):
        paid(book, "chen")
    book.books.adjust("chen", -book.passbooks["chen"].balance, reason="领完")
    pseudonym = book.residents["chen"].id
    book.residents.leave("chen", on=date(2026, 3, 5))
    book.privacy.erase("chen", reason="本人申请", by="staff:sun2")

    found = book.books.inspect(date(2026, 1, 1), date(2026, 3, 7), reason="抽查", by="staff:gu",
                               scales=Scales(pair_least=4))

    assert [("pair", pseudonym)] == [(one.kind, one.other) for one in found.leads]


def test_points_are_said_as_people_count_them() -> None:
    """Where points have decimals, the figure is in smallest parts and the sentence is not."""
    lead = Lead(kind="new_account", officer="staff:wu", other="chen",
                figures={"count": 3, "points": 375, "usual": 20, "days": 90})
    found = Inspection(since=FIRST, until=LAST, confirmations=3, officers=1, leads=(lead,),
                       rechecks=(), scales=Scales(), root=b"", seq=9, decimals=1)

    assert "37.5" in found.why(lead, "en") and "get 2 in 90 days" in found.why(lead, "en")
    assert 375 == found.plain()["leads"][0]["figures"]["points"]
