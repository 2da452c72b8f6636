"""R15: whatever is changed behind the book's back is found; a whole rewrite, by the paper."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

import lovepoints as lp
from lovepoints.core import tracing, verifying
from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.journal import Entry
from lovepoints.errors import BookDamaged
from lovepoints.stores.sqlite import SqliteStore
from tests.faults.tampering import every, is_seen
from tests.laws import forging, whole_book

UNSEEN = {
    *(f"change key_register[{row}].digest" for row in ("applied", "refused")),
    *(f"change key_register[refused].{column}" for column in ("key", "facts", "recorded_at")),
    "delete key_register[refused]", "insert key_register[refused]",
    "swap key_register.digest", "change checkpoint.noted_at", "swap checkpoint.noted_at",
    "change trace.seq", "change trace.noted_at", "delete checkpoint", "delete sealed",
    "delete trace", "insert trace", "insert secret[book]", "insert secret[pepper]",
    "delete backup", "insert backup", "change backup.noted_at",
    "change backup.name", "change backup.size", "change backup.root",
    "delete token", "delete pin", "change secret[pepper].name", "change secret[pepper].value",
    "delete secret[pepper]",
    *(f"{how} {table}{column}" for table, columns in (
        ("tries", (".subject", ".device", ".wrong", ".at_device", ".since")),
        ("challenge", (".device", ".nonce", ".made_at", ".made_up")),
        ("feed_position", (".consumer", ".seq", ".noted_at")))
      for how in ("change", "swap", "delete", "insert")
      for column in (columns if how in ("change", "swap") else ("",))),
}
"""What stands outside the tree and cannot be told from what the book itself may do;
docs/reference/journal.md says what each of them could do. A third secret is never read."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with something in every table."""
    return whole_book.build(tmp_path_factory.mktemp("whole") / "book.db", changes=225)


@pytest.fixture(scope="module")
def papers(original: Path) -> list[Checkpoint]:
    """What could have been printed after each of its entries."""
    return forging.checkpoints(original)


FEW = 6
"""Of tables that a mutant does not touch, one change in so many is tried."""


def unseen(
    original: Path, folder: Path, rounds: int, tables: set[str] | None = None,
) -> tuple[set[str], int]:
    """Tamper with each column and row, so many times: what nobody found, and how many tries.

    With `tables` only of these each one, and few of the others.
    """
    chance, found, tries = random.Random(15), set[str](), 0
    bare = whole_book.unguarded(Path(shutil.copy(original, folder / "bare.db")))
    for place, tampering in enumerate(every()):
        is_few = tables is not None and tampering.table.name not in tables
        for _ in range(0 if is_few and place % FEW else rounds):
            path = Path(shutil.copy(bare, folder / "book.db"))
            if tampering.do(path, chance):
                tries += 1
                if not is_seen(path):
                    found.add(tampering.name)
    return found, tries


def test_each_change_of_one_thing_is_found(
    original: Path, memory_path: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """Each column changed and exchanged, a row taken away and put in, table by table."""
    found, tries = unseen(original, memory_path, count(pr=1, nightly=20, release=200))

    tried("R15", changes=tries, unseen_though_promised=len(found - UNSEEN))
    assert set() == found - UNSEEN
    assert tries >= 200


SHIFTS: dict[str, Callable[[Entry], Entry]] = {
    "role": lambda entry: attrs.evolve(entry, role=f"{entry.role}x"),
    "by": lambda entry: attrs.evolve(entry, by=f"{entry.by}x"),
    "day": lambda entry: attrs.evolve(entry, day="2026-03-06"),
    "at": lambda entry: attrs.evolve(entry, at=entry.at - 1),
    "rule": lambda entry: attrs.evolve(entry, rule=f"{entry.rule}x"),
    "detail": lambda entry: attrs.evolve(entry, details={**entry.details, "zz": 1}),
    "points": lambda entry: forging.raised(entry, 5),
    "nothing": lambda entry: attrs.evolve(entry, kind="sweep", postings=(), details={}),
}
"""What a forger wants of an entry."""


def test_a_rewritten_book_is_found_by_any_paper_from_then_on(
    original: Path, tmp_path: Path, papers: list[Checkpoint], count: Callable[..., int],
    tried: Callable[..., None],
) -> None:
    """Everything inside is recomputed, and the book verifies; each paper printed after the change
    differs, each printed before it holds."""
    chance, wanted, done, differing = random.Random(15), count(pr=40, nightly=1_000,
                                                               release=10_000), 0, 0
    while done < wanted:
        seq = chance.randint(2, len(papers))
        shift = chance.choice(list(SHIFTS.values()))
        path = tmp_path / "forged.db"
        path.unlink(missing_ok=True)
        if not _forged(original, path, seq, shift):
            continue
        with lp.open(path, readonly=True) as community:
            found = community.books.check(against=[paper.code for paper in papers])
        assert found.is_sound
        assert [one.outcome for one in found.against] == (
            ["holds"] * (seq - 1) + ["differs"] * (len(papers) - seq + 1))
        done, differing = done + 1, differing + len(papers) - seq + 1
    tried("R15", rewritten_whole=done, papers_that_differ=differing)


def _forged(original: Path, path: Path, seq: int, shift: Callable[[Entry], Entry]) -> bool:
    """Whether the forger got a book that verifies: some wishes contradict later entries."""
    changed = False

    def change(entry: Entry) -> Entry:
        nonlocal changed
        if entry.seq != seq:
            return entry
        wanted = shift(entry)
        changed = wanted != entry
        return wanted

    try:
        forging.rewrite(original, path, change)
    except (BookDamaged, ValueError, KeyError, lp.LovePointsError):
        return False
    with lp.open(path, readonly=True) as community:
        return changed and community.books.check().is_sound


def test_a_cut_book_is_found_by_any_longer_paper(
    original: Path, tmp_path: Path, papers: list[Checkpoint], count: Callable[..., int],
    tried: Callable[..., None],
) -> None:
    """Cut off so cleanly that all fits; the papers tell how many entries are missing."""
    chance = random.Random(16)
    for number in range(cuts := count(pr=10, nightly=200, release=1_000)):
        last = chance.randint(1, len(papers) - 1)
        path = forging.rewrite(original, tmp_path / f"cut-{number}.db",
                               lambda entry, last=last: entry if entry.seq <= last else None)
        with lp.open(path, readonly=True) as community:
            found = community.books.check(against=[paper.code for paper in papers])
        assert found.is_sound
        assert [0] * last + [*range(1, len(papers) - last + 1)] == [
            one.missing for one in found.against]
        assert {"holds", "shorter"} == {one.outcome for one in found.against}
    tried("R15", cut_cleanly=cuts)


def test_a_paper_of_another_book_says_nothing(
    original: Path, tmp_path: Path, papers: list[Checkpoint], tried: Callable[..., None],
) -> None:
    """Two books in which only the origin differs have codes that tell them apart."""
    def founded_elsewhere(entry: Entry) -> Entry:
        if entry.seq > 1:
            return entry
        text = json.dumps(entry.details).replace(papers[0].origin.split("/")[1], "elsewhere")
        return attrs.evolve(entry, details=json.loads(text))

    other = forging.checkpoints(
        forging.rewrite(original, tmp_path / "other.db", founded_elsewhere))

    with lp.open(original, readonly=True) as community:
        found = community.books.check(against=[paper.code for paper in other])

    tried("R15", papers_of_another_book=len(other))
    assert len(papers) == len(other)
    assert {"other_book"} == {one.outcome for one in found.against}


def _nothing(*_: object, **__: object) -> tuple[str, ...]:
    return ()


MUTANTS: dict[str, tuple[object, str, set[str]]] = {
    "postings-unread": (verifying._Audit, "_check_postings", {"posting"}),
    "balances-unread": (verifying._Audit, "_check_balances", {"balance"}),
    "lots-unread": (verifying._Audit, "_check_lots", {"lot"}),
    "register-unread": (verifying._Audit, "_check_keys", {"key_register", "secret"}),
    "words-unread": (verifying._Audit, "_check_sealed", {"sealed", "person", "token", "pin"}),
    "closes-unread": (verifying._Audit, "_check_closes", {"close_leaf"}),
    "tree-unread": (tracing, "_kept", {"frontier", "node256"}),
    "papers-unread": (tracing, "_remembered", {"checkpoint"}),
}
"""Verifications that look at less: where, and the tables in which changes then go unseen."""


@pytest.mark.parametrize("name", MUTANTS)
def test_this_row_has_teeth(
    name: str, original: Path, memory_path: Path, monkeypatch: pytest.MonkeyPatch,
    tried: Callable[..., None],
) -> None:
    """A verification that looks at less lets exactly those changes pass."""
    owner, function, tables = MUTANTS[name]
    monkeypatch.setattr(owner, function, _nothing)
    monkeypatch.setattr(SqliteStore, "examine", _nothing)

    found, _ = unseen(original, memory_path, 1, tables)

    tried("R15", mutants_found=1)
    assert tables == {_table(one) for one in found - UNSEEN}


def _table(name: str) -> str:
    return name.split(" ")[1].partition(".")[0].partition("[")[0]


def test_every_table_is_tampered_with(original: Path, tmp_path: Path) -> None:
    """A table without rows would be a table that is not tried."""
    chance = random.Random(1)
    bare = whole_book.unguarded(Path(shutil.copy(original, tmp_path / "bare.db")))

    empty = {one.table.name for one in every() if one.how == "delete"
             and not one.do(bare, chance)}

    assert {"trace"} == empty
