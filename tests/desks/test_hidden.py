"""PINs, tokens and codes are found nowhere: not in the book's files, not in what fails."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from lovepoints.community import Community
from lovepoints.errors import LovepointsError
from lovepoints.stores import sqlite
from lovepoints.testing import FakeClock, community
from tests.desks.conftest import RULES, peopled, stocked
from tests.desks.looking import KIOSK

TOKEN, SECOND = "canary-000471", "canary-880026"
PIN, NEXT, WRONG = "58208317", "70419926", "39518402"
OURS = str(Path(__file__).resolve().parents[2] / "src")


def shown(call: Callable[[], object]) -> str:
    """Everything that a failing call leaves: message, notes, repr, and the traceback with the
    local variables of our frames."""
    try:
        call()
    except (LovepointsError, TypeError, ValueError, RuntimeError) as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        lines = [f"{name}={value}" for frame in told.stack if frame.filename.startswith(OURS)
                 for name, value in (frame.locals or {}).items()]
        return "\n".join((str(error), repr(error), repr(error.__dict__), repr(error.args), *lines,
                          *told.format_exception_only()))
    raise AssertionError("this was to fail")


def failures(book: Community) -> list[Callable[[], object]]:
    """Each way in which a verb that is told a secret can fail."""
    cards = book.cards
    return [
        lambda: cards.issue("wang", token=TOKEN),
        lambda: cards.issue("nobody", token=SECOND),
        lambda: cards.issue("wang", token=TOKEN + "\x00"),
        lambda: cards.issue("wang", token=SECOND, by=KIOSK),
        lambda: cards.issue("", token=SECOND),
        lambda: cards.replace("c-none", token=SECOND),
        lambda: cards.find(SECOND),
        lambda: cards.set_pin("nobody", PIN),
        lambda: cards.set_pin("wang", PIN + "x"),
        lambda: cards.set_pin("wang", PIN, by="nobody"),
        lambda: cards.check_pin(WRONG, resident="wang", by=KIOSK),
        lambda: cards.check_pin(WRONG, token=SECOND, by=KIOSK),
        lambda: cards.check_pin(WRONG, token=TOKEN, resident="wang", by=KIOSK),
        lambda: cards.check_pin(WRONG, resident="wang\x00", by=KIOSK),
        lambda: cards.check_pin(WRONG + "\ud800", token=TOKEN, by=KIOSK),
        lambda: cards.check_pin(PIN, token=TOKEN, by="li-aunt"),
        lambda: cards.change_pin("wang", WRONG, NEXT, by=KIOSK),
        lambda: cards.change_pin("wang", PIN, NEXT + "x", by=KIOSK),
        lambda: cards.collect("x-1", WRONG, by=KIOSK),
        lambda: cards.collect("", WRONG, by=KIOSK),
    ]


@pytest.fixture
def book(tmp_path: Path, clock: FakeClock) -> Community:
    """A book in a file, with a card, a PIN and a code."""
    made = stocked(peopled(community(clock=clock, store=sqlite.create(tmp_path / "b.db")), RULES))
    made.cards.issue("wang", token=TOKEN, key="k-1")
    made.cards.set_pin("wang", PIN, key="k-2")
    return made


def test_no_failure_shows_a_secret(
    book: Community, clock: FakeClock, caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither in words nor in a traceback with local variables, nor in a log."""
    caplog.set_level(logging.DEBUG)
    places = failures(book)

    for place, call in enumerate(places):
        clock.move(hours=1)
        told = shown(call) + caplog.text
        found = [one for one in (TOKEN, SECOND, PIN, NEXT, WRONG) if one in told]
        assert [] == found, place


def test_no_byte_of_the_files_holds_a_secret(book: Community, tmp_path: Path) -> None:
    """After issuing, losing, replacing, setting, changing, guessing, reserving and collecting,
    the files and the journal hold neither tokens nor PINs nor codes."""
    cards = book.cards
    cards.check_pin(PIN, token=TOKEN, by=KIOSK)
    for call in failures(book):
        shown(call)
    cards.unlock("wang", reason="本人到场")
    cards.unlock(device=KIOSK, reason="本人到场")
    cards.change_pin("wang", PIN, NEXT, by=KIOSK, device="kiosk:2")
    cards.replace(cards.of("wang")[0].id, token=SECOND, reason="丢失")
    held = book.shop.hold({"soap": 1}, holder="wang")
    code = cards.collection_code(held.id)
    cards.collect(held.id, code.code, by=KIOSK, device="kiosk:3")

    reprs = repr((cards.of("wang"), cards.pin("wang"), code, book, book._book, cards))
    journal = repr([entry.to_json() for entry in book.books.entries()])
    rows = repr([list(book._book.store.find(table.record)) for table in _tables()])
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (TOKEN, SECOND, PIN, NEXT, WRONG, code.code):
        assert secret not in reprs + journal + rows
        assert secret.encode() not in files
    book.books.verify()


def test_the_canaries_would_be_found(book: Community, tmp_path: Path) -> None:
    """What a reason says does stand in the file, so the search finds what is there."""
    book.cards.lose(book.cards.of("wang")[0].id, reason=WRONG)

    assert WRONG.encode() in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def _tables() -> list[object]:
    from lovepoints.core.tables import TABLES

    return list(TABLES)
