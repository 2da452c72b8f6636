"""Rating again (I10): whoever owns file and program can make a book that agrees with itself, but
not one whose awards its rulebook gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from lovepoints.core.journal import Entry
from lovepoints.core.rows import EntryRow
from lovepoints.core.verifying import Verification, verify
from lovepoints.stores import sqlite
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HAZARD, HEAD, HELP, LITTER, deducting, founded, paid
from tests.laws import forging

RULES = HEAD + HELP + HAZARD + LITTER + LITTER.replace("litter", "noise").replace(
    "notice_days = 0", "notice_days = 2")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A book with awards, a correction, deductions at once and after notice, a later rulebook."""
    clock = FakeClock("2026-03-07 10:00")
    book = founded(RULES, clock=clock, store=sqlite.create(tmp_path / "book.db"))
    first = paid(book, hours=12)
    book.deeds.reopen(first.deed.id, reason="看")
    book.deeds.confirm(first.deed.id, by="staff:wu", reason="属实")
    for code in ("litter", "noise"):
        book.deeds.confirm(book.deeds.report(code, resident="wang").id, by="staff:wu")
    hazard = book.deeds.report("hazard", resident="zhou").id
    book.deeds.confirm(hazard, grade="major", by="staff:wu")
    clock.set("2026-03-20 10:00")
    book.books.sweep()
    book.rulebooks.adopt(
        RULES.replace("2026-01-01", "2026-03-25").replace("value = 2", "value = 3"))
    clock.set("2026-03-26 10:00")
    paid(book, hours=4)
    book.close()
    return tmp_path / "book.db"


def rated(path: Path) -> Verification:
    """What verifying with rating finds."""
    store = sqlite.open_(path, readonly=True)
    try:
        return verify(store, rate=True)
    finally:
        store.close()


def test_an_honest_book_is_rated_again_whole(path: Path) -> None:
    """Every award comes out as it was written."""
    found = rated(path)

    assert (True, 6) == (found.is_sound, found.rated)


def test_a_repair_is_rated_again(tmp_path: Path) -> None:
    """What stays taken after it is what the rule leaves, and nothing else."""
    book = founded(deducting(extra=", repair = 2"), clock=FakeClock("2026-03-07 10:00"),
                   store=sqlite.create(tmp_path / "book.db"))
    paid(book, hours=10)
    litter = book.deeds.report("litter", resident="wang").id
    book.deeds.confirm(litter, by="staff:wu")
    book.deeds.repair(litter, by="staff:zheng")
    seq = book._book.head()[0]
    book.close()

    honest = rated(tmp_path / "book.db")
    forged = rated(forging.rewrite(
        tmp_path / "book.db", tmp_path / "forged.db", lambda entry: (
            entry if entry.seq != seq else attrs.evolve(entry, details={**entry.details, "awards": [
                {**award, "parts": [[unit, points + 1] for unit, points in award["parts"]]}
                for award in entry.details["awards"]]}))))

    assert (True, 3) == (honest.is_sound, honest.rated)
    assert [(seq, "award")] == [(one.seq, one.code) for one in forged.problems]


def _moved(entry: Entry, more: int) -> Entry:
    return attrs.evolve(entry, postings=tuple(
        attrs.evolve(one, amount=one.amount + more) for one in entry.postings))


def _told(entry: Entry, more: int) -> Entry:
    """More in what is written of the award as well as in what moved."""
    awards = [{**award, "parts": [[unit, points + more] for unit, points in award["parts"]]}
              for award in entry.details["awards"]]
    return attrs.evolve(_moved(entry, more), details={**entry.details, "awards": awards})


def _graded(entry: Entry, grade: str) -> Entry:
    return attrs.evolve(entry, details={**entry.details, "verdict": {"grades": [grade]}})


def _returned_less(entry: Entry) -> Entry:
    first, *others = entry.postings
    return attrs.evolve(entry, postings=(attrs.evolve(first, amount=first.amount - 1), *others))


FORGED: dict[str, tuple[str, Callable[[Entry], Entry], str]] = {
    "more was credited than awarded": ("hazard", lambda one: forging.raised(one, 5),
                                       "award_posted"),
    "more was awarded": ("hazard", lambda one: _told(one, 5), "award"),
    "another grade was said": ("hazard", lambda one: _graded(one, "minor"), "award"),
    "an unknown rulebook": ("hazard", lambda one: attrs.evolve(one, rulebook="0" * 64),
                            "rulebook_unknown"),
    "the rulebook of another day": ("help", lambda one: one, "rulebook_other"),
    "less was deducted at once": ("litter", lambda one: _moved(one, -1), "deduction"),
    "less was deducted after its notice": ("noise", lambda one: _moved(one, -1), "deduction"),
    "less was taken back": ("correction", _returned_less, "taken_back"),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_a_rulebook_does_not_give_is_named(what: str, path: Path, tmp_path: Path) -> None:
    """The one entry that was forged, and what is wrong with it; without rating nothing shows."""
    case, change, code = FORGED[what]
    seq, digests = _place(path, case)

    def forge(entry: Entry) -> Entry:
        if entry.seq != seq:
            return entry
        return change(attrs.evolve(entry, rulebook=digests[0]) if case == "help" else entry)

    forged = forging.rewrite(path, tmp_path / "forged.db", forge)
    store = sqlite.open_(forged, readonly=True)
    plain = verify(store)
    store.close()

    assert () == plain.problems
    first, *later = [(one.seq, one.code) for one in rated(forged).problems]
    assert (seq, code) == first
    assert all(one > seq for one, _ in later)  # what the calendar makes of it comes out otherwise


def _place(path: Path, case: str) -> tuple[int, list[str]]:
    """Where the entry of a case stands, and the digests of the rulebooks, oldest first."""
    store = sqlite.open_(path, readonly=True)
    entries = [Entry.from_bytes(row.body) for row in store.scan(EntryRow)]
    store.close()
    wanted: dict[str, list[Entry]] = {
        "correction": [one for one in entries if one.kind == "confirm" and any(
            before.kind == "reopen" and before.subject == one.subject
            for before in entries[:one.seq])],
        "noise": [one for one in entries if one.kind == "deduct"]}
    found = wanted.get(case) or [one for one in entries
                                 if one.kind == "confirm" and one.rule == case]
    return found[-1].seq, [one.details["rows"]["rulebook"][0]["digest"] for one in entries
                           if one.kind == "adopt"]

