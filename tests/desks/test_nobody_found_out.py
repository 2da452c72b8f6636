"""A reporter is absent from every slip, notice, figure, event and export but the custodian's view.

One book holds a confidential report, an ordinary hazard from which a repair was opened, and enough
other people that a name could hide. Everything that the book gives away is searched for canaries
of both reporters; the view of the custodian is the control that finds them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest

from lovepoints import papers
from lovepoints.community import Community
from lovepoints.core.figures import FIGURES
from lovepoints.testing import FakeClock, community

MARCH = date(2026, 3, 1), date(2026, 3, 31)
RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
holder = "household"
notice_days = 3
[[rule]]
code = "hazard"
title = "风险隐患"
points = 5
[[rule]]
code = "clue"
title = "矛盾线索"
label = "其他"
points = 9
confidential = true
[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 2 }
"""
SECRET = ("CANARY-clue", "NAME-clue", "PHONE-clue", "HOME-clue", "NOTE-clue", "PLACE-clue")
SEEN = ("CANARY-hazard", "NAME-hazard", "PHONE-hazard", "HOME-hazard", "NOTE-hazard")
Book = tuple[Community, dict[str, str]]


@pytest.fixture(scope="module")
def told() -> Iterator[Book]:
    """The book, and the ids in it."""
    clock = FakeClock("2026-03-02 09:00")
    with community(clock=clock) as book:
        yield book, _tell(book, clock)
        assert book.books.verify(rate=True).is_sound


def _tell(book: Community, clock: FakeClock) -> dict[str, str]:
    book.rulebooks.adopt(RULES)
    book.residents.area("grid")
    for officer, role in (("staff:wu", "committee"), ("staff:wang", "grid-officer"),
                          ("staff:sun", "custodian"), ("staff:shen", "auditor"),
                          ("app:board", "app")):
        book.residents.appoint(officer, role=role)
    for what in ("clue", "hazard"):
        book.residents.enrol(f"CANARY-{what}", name=f"NAME-{what}", phone=f"PHONE-{what}",
                             household=f"HOME-{what}", area="grid")
    for number in range(6):
        book.residents.enrol(f"other-{number}", household=f"home-{number}", area="grid")
        deed = book.deeds.report("service", resident=f"other-{number}", quantity="2")
        book.deeds.confirm(deed.id, by="staff:wang")
    book.tasks.define("repair", title="整改", days=3, of_rules=["hazard", "clue"], second=True)
    ids = {}
    for what in ("clue", "hazard"):
        clock.move(hours=3, minutes=17)
        deed = book.deeds.report(what, resident=f"CANARY-{what}", place=f"PLACE-{what}",
                                 note=f"NOTE-{what}", by=f"CANARY-{what}")
        ids[what] = deed.id
        book.deeds.confirm(deed.id, by="staff:wu")
        ids[f"{what} task"] = book.tasks.ask("repair", deed=deed.id, note="请现场查看", area="grid",
                                             by="staff:wang").id
        book.tasks.dispatch(ids[f"{what} task"], to="staff:wu", by="staff:wang")
        book.tasks.accept(ids[f"{what} task"], by="staff:wu")
        book.tasks.finish(ids[f"{what} task"], reply="已处理", by="staff:wu")
        book.tasks.settle(ids[f"{what} task"], by="staff:wang")
    ids["notice"] = book.notices.post().id
    book.notices.object(ids["notice"], 1, grounds="不在场", by="other-1")
    clock.move(days=4)
    book.books.close_period(date(2026, 3, 4))
    return ids


def _given_away(told: Book) -> dict[str, str]:
    """Everything that leaves the desk: papers, notices, figures of every scope, events, exports of
    other people, proofs and reports."""
    book, ids = told
    found: dict[str, object] = {}
    for lang in ("zh", "en"):
        for what in ("clue", "hazard"):
            task = book.tasks[ids[f"{what} task"]]
            found |= {f"{what} slips {lang}": papers.order_slips(task, lang=lang),
                      f"{what} list {lang}": papers.task_list([task], lang=lang)}
        found[f"notice {lang}"] = papers.public_notice(book.notices[ids["notice"]], lang=lang)
        for scope in ({}, {"area": "grid"}, {"kind": "clue"}, {"kind": "hazard"},
                      {"officer": "staff:wu"}, {"channel": "counter"}, {"clock": "decision"}):
            for least in (1, 3):
                told_ = book.figures.bulletin(*MARCH, least=least, **scope)  # type: ignore[arg-type]
                found[f"figures {scope} {least} {lang}"] = (
                    papers.bulletin(told_, lang=lang, full=True) + repr(list(told_.rows(lang))))
                found[f"figures {scope} {least} json"] = json.dumps(
                    told_.plain(), ensure_ascii=False)
    found["moves"] = [book.tasks.moves(ids[f"{what} task"]) for what in ("clue", "hazard")]
    found["events"] = json.dumps(book.feed.after(limit=10_000, by="app:board"),
                                 ensure_ascii=False)
    found["rank"] = [book.figures.rank(one, *MARCH, homes=1) for one in FIGURES]
    for number in range(6):
        own = book.privacy.export(f"other-{number}", by=f"other-{number}")
        found[f"export {number}"] = own.to_json() + own.to_csv()
    found["objections"] = book.notices.objections(ids["notice"])
    return {name: str(view) for name, view in found.items()}


def test_nobody_is_found_out(told: Book) -> None:
    """Neither by code, name, phone, household, note or pseudonym; the place of the confidential
    case stays unsaid too."""
    book, _ = told
    pseudonyms = [book.residents[f"CANARY-{what}"].id for what in ("clue", "hazard")]
    homes = [book.residents[f"HOME-{what}"].id for what in ("clue", "hazard")]
    views = _given_away(told)
    assert len(views) > 60
    for name, view in views.items():
        for canary in (*SECRET, *SEEN, *pseudonyms, *homes):
            assert canary not in view, f"{canary} in {name}"


def test_the_events_of_the_case_are_withheld(told: Book) -> None:
    """Of the confidential deed and of the repair that it opened there is a place in the order."""
    book, ids = told
    events = book.feed.after(limit=10_000, by="app:board")
    subjects = {event.get("subject") for event in events}
    assert ids["hazard"] in subjects and ids["hazard task"] in subjects
    assert not subjects & {ids["clue"], ids["clue task"]}


def test_the_custodian_finds_her_on_request(told: Book) -> None:
    """The control: the one view that may tell it does, and leaves a line in the log."""
    book, ids = told
    for what in ("clue", "hazard"):
        asked = book.privacy.request(ids[what], reason="来函查询", by="staff:shen")
        seen = book.privacy.reporter(ids[what], request=asked.seq, by="staff:sun")
        assert seen.reported_by == f"CANARY-{what}"
        words = book.privacy.words(ids[what], reason="复核", by="staff:sun").words
        assert words["note"] == f"NOTE-{what}"
        assert "reporter" in {one.what for one in book.privacy.who_saw(
            f"CANARY-{what}", by="staff:sun")}
        assert f"NAME-{what}" in book.privacy.export(
            f"CANARY-{what}", reason="本人申请", by="staff:sun").to_json()
