"""Two communities in one program: nothing of one is ever told by the other (S37)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import lovepoints as lp
from lovepoints import papers
from lovepoints.community import Community
from lovepoints.core.figures import FIGURES

RULES = """
format = 1
title = "积分办法 {name}"
effective = 2026-01-01
[[rule]]
code = "service"
title = "志愿服务 {name}"
points = {{ per = "hour", value = 2 }}
"""
YEAR = date(2026, 1, 1), date(2026, 12, 31)
Both = tuple[Community, Community]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    """The same codes in both books, with canaries of their own in every word."""
    books = []
    for name in ("SUN", "MOON"):
        path = tmp_path / f"{name}.db"
        lp.create(path, name=f"COMMUNITY-{name}", admin="staff:zhao")
        book = lp.open(path, by="staff:zhao")
        book.rulebooks.adopt(RULES.format(name=name))
        book.residents.area("grid", title=f"GRID-{name}")
        book.residents.appoint("staff:wu", role="committee", name=f"OFFICER-{name}")
        book.residents.enrol("0421", name=f"RESIDENT-{name}", household="h1", area="grid")
        book.shop.stock("soap", title=f"SOAP-{name}", price=1)
        book.shop.receive("soap", 9, donor=f"DONOR-{name}")
        deed = book.deeds.report("service", resident="0421", quantity="3", note=f"NOTE-{name}",
                                 key="the-same-key")
        book.deeds.confirm(deed.id, by="staff:wu", key="the-same-decision")
        book.tasks.define("errand", title=f"ERRAND-{name}")
        book.tasks.ask("errand", resident="0421", note=f"TASK-{name}")
        book.notices.post()
        books.append(book)
    yield books[0], books[1]
    for book in books:
        book.close()


def _read(book: Community) -> str:
    """Whatever the book tells a reader, in one text."""
    own = book.privacy.export("0421", by="0421")
    told = [
        book.name, *book.residents, book.residents.contacts("grid"), *book.shop.shelf(),
        book.shop.deliveries(""), book.passbooks["0421"], book.deeds.of("0421"),
        book.tasks.with_state("asked"), book.notices.posted(), *book.books.entries(),
        json.dumps(book.feed.after(limit=1000), ensure_ascii=False), own.to_json(),
        *(book.figures.bulletin(*YEAR, only=[one]).plain() for one in FIGURES),
        papers.passbook_page(book.passbooks["0421"]), papers.shelf_list(book.shop.shelf()),
    ]
    return "\n".join(str(list(one) if isinstance(one, Iterator) else one) for one in told)


def test_neither_tells_anything_of_the_other(both: Both) -> None:
    """Read in turn, so that nothing kept for one could answer for the other."""
    for _ in range(2):
        for book, own, other in ((both[0], "SUN", "MOON"), (both[1], "MOON", "SUN")):
            told = _read(book)
            assert f"RESIDENT-{own}" in told and f"SOAP-{own}" in told
            assert f"-{other}" not in told and f" {other}" not in told


def test_a_key_a_code_and_a_paper_belong_to_one_book(both: Both) -> None:
    """The same key is no repeat in the other book, and a paper of one is not of the other."""
    sun, moon = both
    entries = int(moon.describe()["entries"])
    again = sun.deeds.report("service", resident="0421", quantity="3", note="NOTE-SUN",
                             key="the-same-key")
    assert again.is_repeat and int(moon.describe()["entries"]) == entries
    checkpoint = sun.books.checkpoint()
    assert not moon.books.check(against=[checkpoint]).holds
    assert sun.residents["0421"].id != moon.residents["0421"].id
    card = sun.cards.issue("0421", token="0047")
    with pytest.raises(LookupError):
        moon.cards[card.id]


def test_a_host_keeps_one_community_in_its_database(tmp_path: Path) -> None:
    """A second founding in the same database is refused, and its first book untouched."""
    host = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    lp.create(host, name="COMMUNITY-SUN", admin="staff:zhao")
    with pytest.raises(lp.StoreError) as refused:
        lp.create(host, name="COMMUNITY-MOON", admin="staff:li")
    assert refused.value.code == "exists"
    assert lp.open(host).name == "COMMUNITY-SUN"
    host.close()
