"""Forgetting somebody: what must be done first, what goes, what stays, and no byte left behind."""

from __future__ import annotations

import hmac
import random
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import lovepoints as lp
from lovepoints.community import Community
from lovepoints.core.card_rows import Pin, Token, Tries
from lovepoints.core.journal import canonical_bytes
from lovepoints.core.rows import KeyRow, Person, Sealed
from lovepoints.core.rows_privacy import Trace
from lovepoints.errors import Conflict, NotFound, Refused
from lovepoints.stores import dump, sqlite
from lovepoints.stores.connection import Connection
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import founded, refusal

PEOPLE = 60
WORDS = ("NAME{0}Q", "1380000{0:04}", "3栋{0}单元PLACE{0}Q", "NOTE{0}Q", "EVIDENCE{0}Q", "WHY{0}Q",
         "code{0}Q")
"""What can be searched for of somebody: name, phone, place, note, evidence, reason, code."""


@pytest.fixture
def clock() -> FakeClock:
    """Saturday, 7 March 2026, ten in the morning."""
    return FakeClock("2026-03-07 10:00")


@pytest.fixture(params=["rollback", "wal"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with the file of an empty store, in each journal mode."""
    sqlite.create(tmp_path / "book.db").close()
    if request.param == "wal":
        connection = sqlite3.connect(tmp_path / "book.db")
        connection.execute("PRAGMA journal_mode = wal")
        connection.close()
    return tmp_path


@pytest.fixture
def town(folder: Path, clock: FakeClock) -> Iterator[Community]:
    """Sixty people, each with a report whose words fill more than a page now and then."""
    store = sqlite.open_(folder / "book.db", durability="normal")
    book = founded(clock=clock, store=store)
    book.residents.appoint("staff:sun2", role="custodian")
    dice = random.Random(7)
    with book.batch():
        for number in dice.sample(range(PEOPLE), PEOPLE):
            told = [word.format(number) for word in WORDS]
            book.residents.enrol(told[6], name=told[0], phone=told[1], household=f"home {number}",
                                 key=f"enrol {number}")
            deed = book.deeds.report(
                "hazard", resident=told[6], place=told[2], key=f"report {number}",
                note=told[3] + "长" * dice.randrange(480), evidence=told[4] + "据" * 200)
            book.deeds.reject(deed.id, reason=told[5], by="staff:wu")
    yield book
    book.close()


@pytest.fixture
def village(clock: FakeClock) -> Iterator[Community]:
    """The same officers in memory, without the sixty people."""
    book = founded(clock=clock)
    book.residents.appoint("staff:sun2", role="custodian")
    yield book
    book.books.verify()


def left_over(folder: Path, number: int) -> list[str]:
    """The words of one person that some file of the folder holds in some encoding."""
    every = b"\0".join(path.read_bytes() for path in sorted(folder.iterdir()))
    return [word.format(number) for word in WORDS
            if any(word.format(number).encode(code) in every
                   for code in ("utf-8", "utf-16-le", "utf-16-be"))]


def gone(book: Community, code: str, clock: FakeClock) -> None:
    """Somebody leaves, and two days pass."""
    book.residents.leave(code)
    clock.move(days=2)


def erase(book: Community, code: str, **more: str) -> object:
    """The custodian erases somebody."""
    return book.privacy.erase(code, reason="本人申请", by="staff:sun2", **more)


def test_no_byte_of_any_file_holds_who_was_erased(
    town: Community, folder: Path, clock: FakeClock,
) -> None:
    """Name, phone, code, place, note, evidence and reason are in the files before, in none of
    them after; everybody else's stay, and so do sums, roots and proofs."""
    chosen = (3, 17, 41)
    before = {number: left_over(folder, number) for number in range(PEOPLE)}
    for number in chosen:
        town.residents.leave(f"code{number}Q")
    clock.move(days=2)
    size, entry = town.books.checkpoint(), town.books.prove(5).leaf

    wiped = [erase(town, f"code{number}Q").is_wiped for number in chosen]

    assert {number: len(WORDS) for number in range(PEOPLE)} == {
        number: len(words) for number, words in before.items()}
    assert [True] * 3 == wiped
    assert [[]] * 3 == [left_over(folder, number) for number in chosen]
    assert [len(WORDS)] * (PEOPLE - 3) == [
        len(left_over(folder, number)) for number in range(PEOPLE) if number not in chosen]
    assert size.root == town.books.root_at(size.size)
    assert entry == town.books.prove(5).leaf
    assert town.books.verify().is_sound


@pytest.mark.parametrize(("left_out", "modes"), [
    (("secure_delete", "VACUUM"), {"truncate", "wal"}),  # deleted rows stay in the file
    (("wal_checkpoint",), {"wal"}),  # the log still holds them
    (("VACUUM", "wal_checkpoint"), {"wal"}),
    ((), set()),
], ids=["not overwritten", "log kept", "nothing done", "as it is"])
def test_the_search_finds_what_is_only_deleted(
    town: Community, folder: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch,
    left_out: tuple[str, ...], modes: set[str],
) -> None:
    """Leave out a step of wiping, and the search that finds nothing after an erasure finds name,
    phone, place, note, evidence, reason and code again."""
    run = Connection.run
    if "secure_delete" in left_out:
        town._book.store._connection.run("PRAGMA secure_delete = 0")  # type: ignore[attr-defined]  # a file's store
    monkeypatch.setattr(Connection, "run", lambda self, sql, *said, **more: (
        [(0,)] if any(step in sql for step in left_out) else run(self, sql, *said, **more)))
    gone(town, "code17Q", clock)

    erasure = erase(town, "code17Q")

    mode = town.describe()["journal_mode"]
    assert erasure.is_wiped
    assert (len(WORDS) if mode in modes else 0) == len(left_over(folder, 17))


@pytest.mark.parametrize("folder", ["wal"], indirect=True)  # the mode that lets readers stay
def test_a_busy_file_is_wiped_later(town: Community, folder: Path, clock: FakeClock) -> None:
    """While somebody reads an old state nothing is promised; `wipe` says when it holds."""
    gone(town, "code9Q", clock)
    other = sqlite3.connect(folder / "book.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM person").fetchall()

    first = erase(town, "code9Q", key="erase 9")
    noted = town._book.store.find(Trace)
    other.close()
    again = erase(town, "code9Q", key="erase 9")

    assert (False, True) == (first.is_wiped, bool(noted))
    assert (True, True) == (again.is_repeat, again.is_wiped)
    assert ([], []) == (left_over(folder, 9), town._book.store.find(Trace))


def test_a_batch_is_wiped_after_it(town: Community, folder: Path, clock: FakeClock) -> None:
    """Inside a batch nothing can be wiped yet; `wipe` does it afterwards."""
    gone(town, "code9Q", clock)
    with town.batch():
        inside = erase(town, "code9Q")

    after = town.privacy.wipe()

    assert (False, True, []) == (inside.is_wiped, after, left_over(folder, 9))


@pytest.mark.parametrize("has_left", [True, False])
def test_a_copy_that_was_put_back_forgets_again(
    town: Community, folder: Path, tmp_path_factory: pytest.TempPathFactory, clock: FakeClock,
    has_left: bool,
) -> None:
    """The register of erasures, kept beside the backups, tells whom an older copy must forget;
    then no byte of the copy holds them either, also where they must be let go first."""
    place = tmp_path_factory.mktemp("copy")
    case = next(iter(town.deeds.of("code8Q"))).id
    for number in (3, 17):
        if has_left:
            town.residents.leave(f"code{number}Q")
    clock.move(days=2)
    noted = town.books.backup(place / "book.db")
    for number in (3, 17):
        if not has_left:
            town.residents.leave(f"code{number}Q", on=date(2026, 3, 8))
        erased = erase(town, f"code{number}Q")
    town.privacy.redact(case, reason="本人申请", by="staff:sun2")
    kept = town.privacy.erasures()
    held = [len(left_over(place, number)) for number in (3, 17, 8)]

    with lp.open(place / "book.db", by="staff:zhao", clock=clock) as copy:
        codes = {one.id: one.code for one in copy.residents}
        for one in kept:
            if one.what == "redact":
                copy.privacy.redact(one.subject, reason="恢复备份", by="staff:sun2")
                continue
            if not has_left:
                copy.residents.leave(codes[one.subject], on=date(2026, 3, 8))
            erase(copy, codes[one.subject])
        assert copy.books.check(against=[noted.checkpoint.code]).is_sound
        assert [one.subject for one in kept] == [one.subject for one in copy.privacy.erasures()]

    assert (("book.db",), ["erase", "erase", "redact"]) == (
        erased.copies, [one.what for one in kept])
    assert [len(WORDS)] * 3 == held
    assert [0, 0, 3] == [len(left_over(place, number)) for number in (3, 17, 8)]
    assert not [word for word in WORDS if any(word.format(3) in str(one) for one in kept)]


def test_the_register_gives_no_guess_away(town: Community, clock: FakeClock) -> None:
    """Whoever holds the file and guesses her phone finds it in no digest of a request."""
    def guess() -> bool:
        field = canonical_bytes({"name": "phone", "value": "13800000017"})
        mark = hmac.digest(town._book.secret(), field, "sha256")[:8]
        return any(mark in row.digest for row in town._book.store.scan(KeyRow))

    before = guess()
    gone(town, "code17Q", clock)
    erase(town, "code17Q")

    assert (True, False) == (before, guess())


def test_her_cards_and_her_pin_go_with_her(village: Community, clock: FakeClock) -> None:
    """Token, PIN, wrong tries and the reason of a lost card; the card opens nothing any more."""
    cards, store = village.cards, village._book.store
    village.residents.enrol("chen", name="陈秀英")
    card = cards.issue("chen", token="canary-0047")
    cards.issue("chen", token="canary-0048")
    cards.lose(card.id, reason="在菜市场丢的")
    cards.set_pin("chen", "7395")
    with pytest.raises(Refused):
        cards.check_pin("7396", resident="chen", device="kiosk:1")
    gone(village, "chen", clock)
    kept = [len(store.find(row)) for row in (Token, Pin, Tries)]

    erase(village, "chen")

    assert [2, 1, 1] == kept
    assert [[], [], []] == [store.find(row) for row in (Token, Pin, Tries)]
    assert "在菜市场丢的" not in str(dump(store))
    assert "card_not_valid" == refusal(lambda: cards.find("canary-0048"))


def test_a_refused_request_is_blanked_too(village: Community, clock: FakeClock) -> None:
    """A request that was refused and names her code leaves neither digest nor facts."""
    village.residents.enrol("chen", name="陈")
    with pytest.raises(Refused):
        village.residents.enrol("chen", name="另一位", key="again")
    gone(village, "chen", clock)

    erase(village, "chen")

    assert ["chen"] not in [list(row.facts.values())
                            for row in village._book.store.scan(KeyRow)]
    assert "chen" not in str(dump(village._book.store))


def test_her_keys_stay_used(village: Community, clock: FakeClock) -> None:
    """A key of hers is a conflict for ever, whatever comes with it."""
    village.residents.enrol("chen", name="陈", key="card-9")
    gone(village, "chen", clock)
    erase(village, "chen")

    for code in ("chen", "other"):
        with pytest.raises(Conflict, match="a request that was erased"):
            village.residents.enrol(code, name="陈", key="card-9")


def test_her_code_is_free_again_and_her_pseudonym_is_not(
    village: Community, clock: FakeClock,
) -> None:
    """Somebody new may have the code; she is another person to the journal."""
    first = village.residents.enrol("chen", name="陈").id
    gone(village, "chen", clock)
    told = erase(village, "chen")
    with pytest.raises(NotFound):
        village.residents["chen"]

    second = village.residents.enrol("chen", name="陈二").id

    assert first == told.pseudonym != second
    assert village._book.store.get(Person, first) is None


def test_an_erasure_is_repeated_by_its_key(village: Community, clock: FakeClock) -> None:
    """The same call again gives the first answer; with the code of somebody else it conflicts."""
    village.residents.enrol("chen", name="陈")
    gone(village, "chen", clock)
    first = erase(village, "chen", key="erase")

    again = erase(village, "chen", key="erase")
    with pytest.raises(Conflict):
        erase(village, "wang", key="erase")

    assert (True, first.seq, first.words) == (again.is_repeat, again.seq, again.words)


def test_what_must_be_done_first(village: Community, clock: FakeClock) -> None:
    """Leaving, deciding her deeds, settling her passbook, ending her roles: each is named."""
    def needed() -> list[str]:
        with pytest.raises(Refused) as no:
            erase(village, "zhou")
        assert "erasure_blocked" == no.value.code
        return sorted(no.value.facts)

    village.residents.appoint("zhou", role="patrol-captain")
    deed = village.deeds.report("help", resident="zhou", quantity=5)
    seen = [needed()]
    village.deeds.confirm(deed.id, by="staff:wu")
    seen.append(needed())
    village.books.adjust("zhou", -10, reason="更正")
    village.residents.dismiss("zhou", role="patrol-captain")
    gone(village, "zhou", clock)

    assert [["deeds", "enrolled", "roles"], ["enrolled", "points", "roles"]] == seen
    assert erase(village, "zhou").words == 2


def test_points_that_are_left_are_named(village: Community, clock: FakeClock) -> None:
    """A passbook of her own must be empty, and the sentence says how many points are in it."""
    village.books.opening("zhou", 7)
    gone(village, "zhou", clock)

    with pytest.raises(Refused) as no:
        erase(village, "zhou")

    assert {"points": "7"} == no.value.facts
    assert "7 分" in no.value.sentence("zh")
    assert "settle 7 points" in no.value.sentence("en")


def test_a_household_is_erased_when_nobody_lives_there(
    village: Community, clock: FakeClock,
) -> None:
    """Its code may be an address; it goes like a person does."""
    village.residents.leave("home-wang")
    with pytest.raises(Refused) as no:
        erase(village, "home-wang")
    gone(village, "wang", clock)

    told = erase(village, "home-wang")

    assert 1 == no.value.facts["members"]
    assert 1 == told.words
    assert "home-wang" not in str(dump(village._book.store))


def test_nobody_erases_herself_or_without_being_the_custodian(
    village: Community, clock: FakeClock,
) -> None:
    """No role goes round it, the administrator's least of all."""
    village.residents.enrol("chen", household="home-chen")
    village.residents.appoint("staff:chen", role="custodian", resident="chen")

    assert ["not_permitted", "not_permitted", "not_permitted", "self_confirmation"] == [
        refusal(lambda by=by: village.privacy.erase("chen", reason="申请", by=by))
        for by in ("staff:zhao", "staff:zheng", "chen", "staff:chen")]


def test_an_officer_s_words_about_others_stay(village: Community, clock: FakeClock) -> None:
    """What she wrote down in office is theirs; what she reported for herself is hers."""
    office = village.deeds.report("help", resident="wang", quantity=1, note="助老", by="li")
    own = village.deeds.report("help", resident="li", quantity=1, note="自己", by="li")
    for deed in (office, own):
        village.deeds.reject(deed.id, reason="重复", by="staff:wu")
    village.residents.dismiss("li", role="grid-officer")
    gone(village, "li", clock)

    erase(village, "li")

    kept = {row.subject for row in village._book.store.scan(Sealed)}
    assert office.id in kept
    assert own.id not in kept


def test_mentions_in_the_words_of_others_are_listed_and_can_be_taken_away(
    village: Community, clock: FakeClock,
) -> None:
    """A note about a neighbour that names her is found, and redacted by its subject."""
    village.residents.enrol("chen", name="陈秀英", phone="13912345678")
    deed = village.deeds.report("help", resident="wang", quantity=1, note="和陈秀英一起")
    village.deeds.reject(deed.id, reason="没有参加", by="staff:wu")
    gone(village, "chen", clock)

    told = erase(village, "chen")
    taken = village.privacy.redact(deed.id, reason="提到已删除的人", by="staff:sun2")

    assert (deed.id,) == told.mentions
    assert (2, 2) == (taken.words, taken.requests)
    assert "陈秀英" not in str(dump(village._book.store))
    assert "rejected" == village.deeds[deed.id].status
    with pytest.raises(NotFound):
        village.privacy.redact(deed.id, reason="再来", by="staff:sun2")
