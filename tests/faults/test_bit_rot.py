"""R16: one byte of the file is another one. It is noticed, or the book still says the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

import lovepoints as lp
from lovepoints.core import verifying
from lovepoints.core.tables import TABLES
from lovepoints.stores import sqlite
from lovepoints.stores.sqlite import SqliteStore
from tests.laws import whole_book


@attrs.frozen
class Rot:
    """How many flipped bytes were noticed at opening, by verification, or changed nothing; and
    where one changed something unseen."""

    refused: int = 0
    found: int = 0
    harmless: int = 0
    unseen: tuple[int, ...] = ()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with something in every table."""
    return whole_book.build(tmp_path_factory.mktemp("rot") / "book.db", changes=225)


def rotten(original: Path, path: Path, flips: int) -> Rot:
    """Flip so many bytes, one at a time, each in a fresh copy."""
    whole, chance, rot = original.read_bytes(), random.Random(16), Rot()
    wanted = rows(original)
    for _ in range(flips):
        place = chance.randrange(len(whole))
        copy = bytearray(whole)
        copy[place] ^= 1 << chance.randrange(8)
        path.write_bytes(copy)
        outcome = look(path, wanted)
        rot = attrs.evolve(rot, **(
            {"unseen": (*rot.unseen, place)} if outcome == "unseen" else
            {outcome: getattr(rot, outcome) + 1}))
    return rot


def look(path: Path, wanted: dict[str, list[object]]) -> str:
    """What becomes of a book with a flipped byte. Any error but ours fails the row."""
    try:
        with lp.open(path, readonly=True) as community:
            if not community.books.check().is_sound:
                return "found"
    except (lp.StoreError, lp.BookDamaged):
        return "refused"
    try:
        return "harmless" if rows(path) == wanted else "unseen"
    except lp.BookDamaged:
        return "unseen"


def rows(path: Path) -> dict[str, list[object]]:
    """Everything that a book holds, but what its verification cannot know (see R15)."""
    store = sqlite.open_(path, readonly=True)
    try:
        return {table.name: [attrs.evolve(row, **_blank(table.name)) for row in
                             store.scan(table.record) if getattr(row, "name", "") != "pepper"]
                for table in TABLES if table.name not in ("tries", "challenge")}
    finally:
        store.close()


def _blank(table: str) -> dict[str, object]:
    return {"checkpoint": {"noted_at": 0}, "key_register": {"digest": b""},
            "backup": {"noted_at": 0, "name": "", "size": 0, "root": b""}}.get(table, {})


def test_a_flipped_byte_is_noticed_or_harmless(
    original: Path, tmp_path: Path, count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """One bit of one byte anywhere in the file: never another balance, never a foreign error."""
    rot = rotten(original, tmp_path / "book.db", flips := count(pr=250, nightly=10_000,
                                                                release=50_000))

    tried("R16", flipped_bytes=flips, found=rot.found, refused=rot.refused,
          harmless=rot.harmless, unseen=len(rot.unseen))
    assert () == rot.unseen


def test_this_row_has_teeth(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tried: Callable[..., None],
) -> None:
    """A verification that believes the rows beside the journal lets changed ones pass."""
    for name in ("compare", "_check_postings"):
        monkeypatch.setattr(verifying._Audit, name, lambda *_: None)
    monkeypatch.setattr(SqliteStore, "examine", lambda _: ())

    rot = rotten(original, tmp_path / "book.db", 120)

    tried("R16", mutants_found=1)
    assert rot.unseen
