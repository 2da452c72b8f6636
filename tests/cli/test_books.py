"""`init`, `passbook`, `verify`, `doctor` on real files."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

import lovepoints
from lovepoints.cli import doctor as doctors
from lovepoints.core.journal import Entry
from tests.cli.conftest import damaged, run
from tests.laws import forging

AGES = timedelta(days=36_500)


def active(book: Path) -> str:
    """Somebody with a line in the passbook."""
    with lovepoints.open(book, readonly=True) as community:
        return max(community.passbooks, key=lambda one: one.balance).code


def test_init_founds_a_book(tmp_path: Path) -> None:
    """init makes a book that opens, with its name, zone and first administrator."""
    path = tmp_path / "sunshine.db"

    result = run("init", path, "--name", "幸福社区", "--admin", "staff:zhao")

    assert 0 == result.exit_code
    with lovepoints.open(path, by="staff:zhao") as community:
        assert ("幸福社区", "Asia/Shanghai") == (community.name, community.describe()["zone"])
        assert ("admin",) == community.residents["staff:zhao"].roles


def test_init_never_overwrites(tmp_path: Path) -> None:
    """An existing file stays as it is."""
    path = tmp_path / "notes.db"
    path.write_text("mine")

    result = run("init", path, "--name", "幸福社区", "--admin", "staff:zhao", "--lang", "zh")

    assert (2, "mine") == (result.exit_code, path.read_text())
    assert "怎么办" in result.stderr


@pytest.mark.parametrize(("more", "sentence"), [
    (("--name", "", "--admin", "a"), "a name or code cannot be used"),
    (("--name", "a", "--admin", "a\x1bb"), "a name or code cannot be used"),
    (("--name", "a", "--admin", "a", "--zone", "Mars/Base"), "there is no time zone Mars/Base"),
    (("--name", "a", "--admin", "a", "--zone", "../etc"), "there is no time zone ../etc"),
])
def test_init_leaves_nothing_behind(
    more: tuple[str, ...], sentence: str, tmp_path: Path,
) -> None:
    """A name or zone that cannot be leaves no file behind."""
    path = tmp_path / "book.db"

    result = run("init", path, *more)

    assert (2, []) == (result.exit_code, list(tmp_path.iterdir()))
    assert sentence in result.stderr


def test_passbook_shows_a_page(book: Path) -> None:
    """passbook prints the page of a resident, with her name."""
    code = active(book)

    result = run("passbook", book, code, "--as-of", "2026-10-31", "--lang", "zh")

    assert 0 == result.exit_code
    assert "积分存折" in result.stdout and code in result.stdout
    assert "2026-10-31 23:59" in result.stdout


def test_passbook_tells_programs_the_same(book: Path) -> None:
    """With --json the page's figures and lines are one object."""
    code = active(book)

    result = run("passbook", book, code, "--as-of", "2026-10-31T18:00", "--lines", "3", "--json")

    told = json.loads(result.stdout)
    assert (True, code, 3) == (told["ok"], told["code"], len(told["lines"]))
    assert told["kinds"]["spend"]["balance"] == told["balance"]
    assert told["as_of"].startswith("2026-10-31T18:00")


def test_passbook_looks_back(book: Path) -> None:
    """--as-of shows the passbook as it stood before anything had happened."""
    result = run("passbook", book, active(book), "--as-of", "2025-11-01T08:30", "--json")

    told = json.loads(result.stdout)
    assert (0, []) == (told["balance"], told["lines"])


@pytest.mark.parametrize(("code", "more", "exit_code", "sentence"), [
    ("nobody", (), 1, "this book has no “nobody”"),
    ("0001", ("--as-of", "yesterday"), 2, "yesterday is no day or moment"),
    ("0001", ("--as-of", "2026-02-30"), 2, "2026-02-30 is no day or moment"),
    ("0001", ("--width", "8"), 2, "--width takes a whole number from 24 to 160"),
])
def test_passbook_refuses_politely(
    code: str, more: tuple[str, ...], exit_code: int, sentence: str, book: Path,
) -> None:
    """Unknown residents are a no (1), impossible days a wrong call (2)."""
    result = run("passbook", book, code, *more)

    assert (exit_code, "") == (result.exit_code, result.stdout)
    assert sentence in result.stderr


def test_a_book_without_rules_says_so(tmp_path: Path) -> None:
    """Before a rulebook is adopted there are no passbooks, and the command says why."""
    path = tmp_path / "book.db"
    run("init", path, "--name", "x", "--admin", "staff:a")
    with lovepoints.open(path, by="staff:a") as community:
        community.residents.enrol("0001")

    result = run("passbook", path, "0001")

    assert 1 == result.exit_code
    assert "no rulebook is in force" in result.stderr


@pytest.mark.parametrize("verb", ["verify", "doctor"])
def test_what_is_no_book_is_a_wrong_call(verb: str, tmp_path: Path) -> None:
    """A missing file and a file of something else are wrong calls with a way out."""
    other = tmp_path / "readme.txt"
    other.write_text("hello " * 500)

    results = [run(verb, tmp_path / "missing.db"), run(verb, other), run(verb, tmp_path)]

    assert [2, 2, 2] == [result.exit_code for result in results]
    assert all("What to do" in result.stderr for result in results)


def test_verify_finds_a_sound_book_sound(book: Path) -> None:
    """A demo's book verifies, also against the checkpoint beside it and its code."""
    with lovepoints.open(book, readonly=True) as community:
        code = community.books.checkpoint().code

    results = [run("verify", book), run("verify", book, "--against",
                                        book.with_name("checkpoint.txt")),
               run("verify", book, "--against", code.lower())]

    assert [0, 0, 0] == [result.exit_code for result in results]
    assert "The book is sound" in results[0].stdout
    assert "A checkpoint kept elsewhere shows both" in " ".join(results[0].stdout.split())
    assert all("It matches" in result.stdout for result in results[1:])


def test_verify_names_the_first_bad_entry(book: Path) -> None:
    """An entry changed behind the book's back is named, and the exit code is 1."""
    damaged(book, 57)

    text, told = run("verify", book, "--lang", "zh"), run("verify", book, "--json")

    assert (1, 1) == (text.exit_code, told.exit_code)
    assert "第一处：第 57 号凭证" in text.stdout
    assert 57 == json.loads(told.stdout)["problems"][0]["seq"]


def test_verify_rates_every_award_again(book: Path, tmp_path: Path) -> None:
    """--rate finds the one award that a forger raised in an otherwise sound book."""
    with lovepoints.open(book, readonly=True) as community:
        seq = max(entry.seq for entry in community.books.entries()
                  if entry.kind == "confirm" and entry.postings)

    forged = forging.rewrite(book, tmp_path / "forged.db", lambda entry: forging.raised(entry, 5)
                             if entry.seq == seq else entry)
    honest, told = run("verify", book, "--rate"), run("verify", forged, "--rate", "--json")
    both = run("verify", book, "--rate", "--quick")

    assert [0, 1, 2] == [honest.exit_code, told.exit_code, both.exit_code]
    assert "awards were rated again" in " ".join(honest.stdout.split())
    assert [seq] == [one["seq"] for one in json.loads(told.stdout)["problems"]]
    assert "does not go with --quick" in both.stderr


def test_verify_notices_another_past(book: Path, tmp_path: Path) -> None:
    """A paper that the book no longer continues, is too short for, or never had, differs."""
    with lovepoints.open(book, readonly=True) as community:
        now = community.books.checkpoint()
    rewritten = attrs.evolve(now, size=12)
    older = attrs.evolve(now, size=now.size + 7)
    elsewhere = attrs.evolve(now, origin="lovepoints/elsewhere")
    (tmp_path / "kept.txt").write_text(rewritten.to_text())

    results = [run("verify", book, "--quick", "--against", kept) for kept in (
        rewritten.code, tmp_path / "kept.txt", older.code, elsewhere.code)]

    said = [" ".join(result.stdout.split()) for result in results]
    assert [1, 1, 1, 1] == [result.exit_code for result in results]
    assert "the first 12 entries are not what they were" in said[0]
    assert "the first 12 entries are not what they were" in said[1]
    assert "the last 7 entries are missing" in said[2]
    assert "is of another book" in said[3]


def test_verify_takes_several_papers_and_tells_programs(book: Path) -> None:
    """An old paper that holds and one that does not: both are told, in both languages."""
    with lovepoints.open(book, readonly=True) as community:
        now = community.books.checkpoint()
        old = attrs.evolve(now, size=9, root=community.books.root_at(9))

    result = run("verify", book, "--json", "--lang", "zh", "--quick", "--against", old.code,
                 "--against", attrs.evolve(now, size=9).code)

    told = json.loads(result.stdout)
    assert (1, False, True) == (result.exit_code, told["ok"], told["is_sound"])
    assert ["holds", "differs"] == [one["outcome"] for one in told["against"]]
    assert "账本被改写过" in told["against"][1]["sentence"]


def test_a_rewritten_book_is_told_from_an_honest_one(book: Path, tmp_path: Path) -> None:
    """An administrator raised an award and recomputed everything inside: the book verifies,
    and only the paper that was printed before tells it; older papers still hold."""
    papers = forging.checkpoints(book)
    with lovepoints.open(book, readonly=True) as community:
        seq = max(entry.seq for entry in community.books.entries()
                  if any(one.source == "issued" for one in entry.postings))

    def change(entry: Entry) -> Entry:
        return forging.raised(entry, 5) if entry.seq == seq else entry

    forged = forging.rewrite(book, tmp_path / "forged.db", change)
    before, after = papers[seq - 2].code, papers[-1].code
    results = [run("verify", forged), run("verify", forged, "--against", after, "--lang", "zh"),
               run("verify", forged, "--against", before), run("verify", book, "--against", after)]

    assert [0, 1, 0, 0] == [result.exit_code for result in results]
    told = "".join(results[1].stdout.split())
    assert "账本自身前后相符，却与外面的对账点不符" in told and "账本被改写过" in told
    assert "账本完好" not in told


def test_an_older_copy_is_told_from_the_book(book: Path, tmp_path: Path) -> None:
    """A tail cut off so cleanly that all fits, or yesterday's copy put back: the paper says how
    many entries are missing."""
    papers = forging.checkpoints(book)
    older = forging.rewrite(book, tmp_path / "older.db",
                            lambda entry: entry if entry.seq <= len(papers) - 30 else None)

    result = run("verify", older, "--against", papers[-1].code, "--json")

    told = json.loads(result.stdout)
    assert (1, True) == (result.exit_code, told["is_sound"])
    assert [("shorter", 30)] == [(one["outcome"], one["missing"]) for one in told["against"]]


@pytest.mark.parametrize("kept", ["12-000G-40R4-0M30-E209-185G-R38E-5ABN-71", "nonsense"])
def test_a_misread_code_is_a_wrong_call(kept: str, book: Path) -> None:
    """A code whose check digits do not fit is to be read again, not a damaged book."""
    result = run("verify", book, "--against", kept)

    assert (2, "") == (result.exit_code, result.stdout)
    assert kept in result.stderr
    assert "Please read it from the paper again" in result.stderr


def test_backup_copies_and_shows_the_code(book: Path, tmp_path: Path) -> None:
    """The code it prints holds against the copy; an existing file stays as it is."""
    copy = tmp_path / "copy.db"

    told = json.loads(run("backup", book, copy, "--json").stdout)
    again = run("backup", book, copy)
    spoken = run("backup", book, tmp_path / "b.db", "--lang", "zh")

    assert 0 == run("verify", copy, "--against", told["code"]).exit_code
    assert (2, 0) == (again.exit_code, spoken.exit_code)
    assert "副本核对无误" in spoken.stdout and "核对码" in spoken.stdout


def test_doctor_knows_the_computer() -> None:
    """Without a book doctor tells versions, time zones and the screen's encoding."""
    told = json.loads(run("doctor", "--json").stdout)

    assert {"version", "python", "sqlite", "sqlite_utils", "zones", "encoding"} == set(
        told["facts"])


def test_doctor_finds_a_good_book_healthy(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A book as it should be needs nothing; its engine, journal and durability are told."""
    monkeypatch.setattr(doctors, "SLOW_MOST", AGES)  # on whatever day this runs

    result = run("doctor", book, "--json")

    told = json.loads(result.stdout)
    assert (0, []) == (result.exit_code, told["needs"])
    assert "FULL" == told["facts"]["synchronous"]


def test_doctor_finds_a_missing_guard(book: Path) -> None:
    """A trigger that somebody dropped is named, and the exit code is 1."""
    with closing(sqlite3.connect(book)) as raw, raw:
        raw.execute("DROP TRIGGER entry_no_update")

    result = run("doctor", book)

    assert 1 == result.exit_code
    assert "entry_no_update" in result.stdout


def test_doctor_minds_the_clock(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that shows less than the newest entry is wrong, or was."""
    monkeypatch.setattr(doctors, "SLOW_MOST", -AGES)  # on whatever day this runs

    result = run("doctor", book, "--lang", "zh")

    assert 1 == result.exit_code
    assert "比本机时钟晚" in result.stdout and "2026-10-31 12:00+08:00" in result.stdout


def test_doctor_minds_the_space(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With little space left, the book should be moved."""
    monkeypatch.setattr(doctors, "SPACE_LEAST", 2**62)

    result = run("doctor", book, "--lang", "zh")

    assert 1 == result.exit_code
    assert "剩余空间不足" in result.stdout
