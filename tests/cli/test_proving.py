"""`checkpoint`, `prove`, `close`, `prove-balance`: what an office hands out to be checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest

import lovepoints
from lovepoints.core.checkpoints import Checkpoint
from lovepoints.desks.closing import Close
from lovepoints.desks.proving import Proving
from lovepoints.words import LANGUAGES
from tests.checkers import ran
from tests.cli.conftest import damaged, run


@pytest.fixture
def line(book: Path) -> tuple[str, int, int]:
    """Whose newest line it is, its entry, and its points."""
    with lovepoints.open(book, readonly=True) as community:
        for one in community.residents:
            for found in community.passbooks[one.code].lines:
                if found.points > 0:
                    return one.code, found.seq, int(found.points)
    raise AssertionError("nobody has a line")


@pytest.fixture
def office(book: Path) -> str:
    """Who may close a period."""
    with lovepoints.open(book, readonly=True) as community:
        return next(one.code for one in community.residents if "admin" in one.roles)


def now(book: Path) -> Checkpoint:
    """The checkpoint of the book as it is."""
    with lovepoints.open(book, readonly=True) as community:
        return community.books.checkpoint()


def test_a_checkpoint_is_printed_and_kept(book: Path, tmp_path: Path) -> None:
    """On the paper stand the code and how to check it; the file has the exact text, once."""
    kept, paper = tmp_path / "kept.txt", now(book)

    told = json.loads(run("checkpoint", book, "--json").stdout)
    spoken = run("checkpoint", book, "--lang", "zh", "--file", kept, "--width", 64)
    again = run("checkpoint", book, "--file", kept)

    assert (paper.code, paper.to_text(), paper.size) == (
        told["code"], told["checkpoint"], told["entries"])
    assert paper.code in spoken.stdout and "收存人签字" in spoken.stdout
    assert paper.to_text() == kept.read_text(encoding="utf-8")
    assert (2, "") == (again.exit_code, again.stdout) and "What to do" in again.stderr
    assert 0 == run("verify", book, "--quick", "--against", kept).exit_code


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_line_is_proven_on_paper(lang: str, book: Path, line: tuple[str, int, int]) -> None:
    """A person reads what the entry did, and the code of the book in which it stands."""
    _, seq, points = line

    result = run("prove", book, seq, "--lang", lang, "--width", 72)

    assert 0 == result.exit_code
    assert f"+{points}" in result.stdout and now(book).code in result.stdout
    assert ("凭证号" if lang == "zh" else "Entry") in result.stdout
    assert "--file" in result.stdout.splitlines()[-1]


def test_a_proof_in_a_file_is_checked_by_a_stranger(
    book: Path, tmp_path: Path, line: tuple[str, int, int],
) -> None:
    """The command names the very call with which anybody checks the file; it works, and only
    for this paper."""
    _, seq, _ = line
    paper = now(book)

    result = run("prove", book, seq, "--against", paper.code, "--file", tmp_path / "proof.json")
    *_, program, path, code = result.stdout.split()
    good, other = ran("check_proof", Path(path), code), ran(
        "check_proof", Path(path), attrs.evolve(paper, size=paper.size + 1).code)

    assert (program, paper.code) == ("examples/proofs/check_proof.py", code)
    assert (0, 1) == (good.returncode, other.returncode)
    assert paper.code == good.stdout.splitlines()[1]


def test_a_proof_is_told_to_programs_and_in_a_qr(
    book: Path, tmp_path: Path, line: tuple[str, int, int],
) -> None:
    """--json has the proof that the stranger's program takes, and the text that --qr prints."""
    _, seq, _ = line
    result, qr = run("prove", book, seq, "--json"), run("prove", book, seq, "--qr")
    (tmp_path / "proof.json").write_text(result.stdout, encoding="utf-8")

    told = json.loads(result.stdout)
    assert 0 == ran("check_proof", tmp_path / "proof.json", now(book).code).returncode
    assert qr.stdout == told["text"] and qr.stdout.endswith(now(book).to_text())
    assert f"index {seq - 1}" in qr.stdout.splitlines()


def test_a_line_is_proven_since_an_older_paper(
    book: Path, tmp_path: Path, line: tuple[str, int, int],
) -> None:
    """--since shows that the book of the paper continues an older one; a QR has no room for it."""
    _, seq, _ = line
    with lovepoints.open(book, readonly=True) as community:
        older = attrs.evolve(now(book), size=9, root=community.books.root_at(9))

    result = run("prove", book, seq, "--since", older.code, "--file", tmp_path / "proof.json")
    qr = run("prove", book, seq, "--since", older.code, "--qr")

    assert older.code in result.stdout
    assert f"the book continues that of {older.code}" in ran(
        "check_proof", tmp_path / "proof.json").stdout
    assert (2, "") == (qr.exit_code, qr.stdout) and "use --file" in qr.stderr


@pytest.mark.parametrize(("change", "code", "zh"), [
    ({"root": bytes(32)}, "differs", "账本被改写过"), ({"size": 10**6}, "shorter", "缺"),
    ({"origin": "lovepoints/elsewhere"}, "other_book", "另一个账本"),
    ({"size": 3}, "newer", "之后打印的对账点"),
])
def test_a_paper_that_proves_nothing_says_why(
    change: dict[str, object], code: str, zh: str, book: Path, line: tuple[str, int, int],
) -> None:
    """Exit code 1, the reason with what to do, and nothing on stdout."""
    paper = attrs.evolve(now(book), **change)
    if code == "newer":
        with lovepoints.open(book, readonly=True) as community:
            paper = attrs.evolve(paper, root=community.books.root_at(3))

    spoken = run("prove", book, line[1], "--against", paper.code, "--lang", "zh")
    told = run("prove", book, line[1], "--against", paper.code, "--json")

    assert (1, "", 1) == (spoken.exit_code, spoken.stdout, told.exit_code)
    assert "无法证明" in spoken.stderr and zh in "".join(spoken.stderr.split())
    assert code == json.loads(told.stdout)["error"]["code"]


def test_a_damaged_book_hands_out_no_proof(book: Path, line: tuple[str, int, int]) -> None:
    """A line that was changed is named, instead of a proof that leads nowhere."""
    damaged(book, line[1])

    told = json.loads(run("prove", book, line[1], "--json").stdout)

    assert (False, "damaged", line[1]) == (told["ok"], told["error"]["code"], told["error"]["seq"])
    assert 0 == run("prove", book, line[1] - 1).exit_code


@pytest.mark.parametrize(("args", "exit_code", "sentence"), [
    (("99999999",), 1, "this book has no entry 99999999"), (("0",), 2, "SEQ takes a whole number"),
    (("4", "--against", "nonsense"), 2, "Please read it from the paper again"),
    (("4", "--since", "nonsense"), 2, "Please read it from the paper again"),
    (("4", "--file", "nowhere/proof.json"), 2, "What to do"),
])
def test_what_cannot_be_proven_says_what_to_do(
    args: tuple[str, ...], exit_code: int, sentence: str, book: Path,
) -> None:
    """No such entry, no such code, no such folder."""
    result = run("prove", book, *args)

    assert exit_code == result.exit_code
    assert sentence in result.stderr


def test_a_resident_adds_up_the_notice_herself(
    book: Path, tmp_path: Path, line: tuple[str, int, int], office: str,
) -> None:
    """A period is closed and its sums hang on the wall; her slip names the same sums and the code
    of the notice, and a stranger's program adds them up again."""
    code, *_ = line

    none, before = run("prove-balance", book, code), now(book)
    told = json.loads(run("close", book, "--by", office, "--json").stdout)
    again = run("close", book, "--by", office)
    with lovepoints.open(book, by=office) as community:
        community.residents.enrol("later")
    slip = run("prove-balance", book, code, "--file", tmp_path / "proof.json", "--lang", "zh")
    *_, path, paper = slip.stdout.split()
    checked = ran("check_balance", Path(path), told["code"])
    later = run("prove-balance", book, code, "--against", now(book).code)
    older = run("prove-balance", book, code, "--against", before.code)

    assert 1 == none.exit_code and "lovepoints close BOOK --by CODE" in none.stderr
    assert now(book).code in later.stdout and "newer than the paper" in older.stderr
    assert told["code"] == paper and str(told["passbooks"]) in slip.stdout
    assert 0 == checked.returncode and f"all {told['passbooks']} passbooks" in checked.stdout
    assert 2 == again.exit_code and "was closed before" in again.stderr
    assert 0 == run("verify", book, "--against", told["code"]).exit_code


def test_a_notice_has_the_code_that_the_close_left(
    book: Path, office: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever another program writes before the notice is printed."""
    close = Proving.close_period

    def meddled(books: Proving, *said: Any, **more: Any) -> Close:  # Any: passed on as it is
        made = close(books, *said, **more)
        with lovepoints.open(book, by=office) as other:
            other.residents.enrol("later")
        return made

    monkeypatch.setattr(Proving, "close_period", meddled)
    told = json.loads(run("close", book, "--by", office, "--json").stdout)

    assert told["seq"] == int(told["code"].split("-")[0]) < now(book).size
    assert 0 == run("verify", book, "--quick", "--against", told["code"]).exit_code


def test_a_close_is_told_in_both_languages(book: Path, office: str) -> None:
    """The notice for the wall; impossible days, other entries and other people are refused."""
    calls = [run("close", book, "--by", office, "--until", day) for day in ("spring", "2999-01-01")]
    notice = run("close", book, "--by", office, "--until", "2026-10-31", "--lang", "zh")
    other = run("prove-balance", book, "0001", "--close", "3")
    nobody = run("prove-balance", book, "nobody")

    assert [2, 2, 0, 1, 1] == [one.exit_code for one in (*calls, notice, other, nobody)]
    assert "spring is no day" in calls[0].stderr and "2999-01-01" in calls[1].stderr
    assert all(word in notice.stdout for word in ("结账公示", "2026-10-31", now(book).code))
    assert "--close" in other.stderr and "nobody" in nobody.stderr
