"""A book with something in every table, to be tampered with."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from lovepoints.errors import Refused
from lovepoints.stores import sqlite
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, LITTER, YEAR, founded, paid

RULES = HEAD + HELP + LITTER.replace("notice_days = 0", "notice_days = 3") + YEAR + """
[transfer]
to = "anyone"
[[sanction]]
code = "pause"
title = "暂停"
bars = ["redeem"]
"""


def build(path: Path, changes: int = 256) -> Path:
    """Make the book; `changes` entries are plain ones, so that the tree has some height."""
    clock = FakeClock("2026-03-07 10:00")
    book = founded(RULES, clock=clock, store=sqlite.create(path))
    book.residents.area("grid-1")
    for hours in (3, 5):
        paid(book, hours=hours)
    book.books.checkpoint()
    book.books.transfer("wang", "zhou", 4)
    book.deeds.confirm(book.deeds.report("litter", resident="zhou").id, by="staff:wu")
    book.books.sanction("wang", "pause", reason="按办法")
    book.books.opening("li", 20)
    book.shop.stock("rice", price=5)
    book.shop.receive("rice", 9)
    book.shop.redeem({"rice": 1}, holder="li")
    held = book.shop.hold({"rice": 1}, holder="li")
    lost = book.cards.issue("wang", token="0047-1")
    book.cards.issue("zhou", token="0047-2")
    book.cards.replace(lost.id, token="0047-3", reason="丢了")
    for who, pin in (("wang", "7395"), ("zhou", "8264")):
        book.cards.set_pin(who, pin)
        with suppress(Refused):
            book.cards.check_pin("1379", resident=who, device=f"kiosk:{who}")
    book.cards.collection_code(held.id)
    book.cards.challenge(device="kiosk:1")
    book.cards.challenge(device="kiosk:2")
    with suppress(Refused):
        book.shop.redeem({"rice": 7}, holder="li", key="refused")
    book.notices.object(book.notices.post().id, 1, grounds="不在场")
    book.tasks.define("errand", title="跑腿")
    book.tasks.dispatch(book.tasks.ask("errand", resident="li", note="买米").id, to="wang")
    book.activities.define("clean-up", title="清洁日")
    book.activities.plan("clean-up", on=date(2026, 3, 14))
    book.residents.enrol("patrol", kind="team")
    book.teams.join("patrol", resident="wang")
    book.rotas.define("nights", team="patrol", kind="errand", pattern=[(1, 1200, 1320, 1)])
    book.rotas.plan("nights", date(2026, 3, 9), date(2026, 3, 9))
    book.aid.open("li", ground="low-income", level=1, review_by=date(2026, 6, 1))
    book.aid.pair("li", helper="wang", agreed=True)
    book.funds.open("winter", title="慰问金", limit=100)
    book.funds.grant("winter", 50, holder="li", reason="慰问")
    book.feed.acknowledge("board", 3)
    for _ in range(changes):
        book.residents.describe("wang", age=60)
    book.residents.appoint("staff:bao", role="custodian")
    book.privacy.look("wang", reason="核对", by="staff:bao")
    book.books.sweep()
    clock.set("2026-03-08 09:00")
    book.books.close_period()
    book.books.backup(path.with_name(f"{path.stem}-copy.db"))
    book.close()
    return path


def unguarded(path: Path) -> Path:
    """The file with its triggers taken off, as whoever tampers with it would begin."""
    with closing(sqlite3.connect(path)) as file, file:
        for (name,) in file.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {name}")
    return path
