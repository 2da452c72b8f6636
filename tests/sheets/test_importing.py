"""A sheet brought into the book: once, twice, mended, stopped, rehearsed; and who may say it."""

from __future__ import annotations

import tempfile
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints import sheets
from lovepoints.errors import NotFound
from lovepoints.sheets.importing import PROBLEMS_MAX, TRIES
from lovepoints.stores import dump
from tests.sheets.village import FIRST, TITLES, balances, patrols, sheet, village


def codes(found: sheets.Imported) -> list[tuple[int, str, str]]:
    """Where the problems of a sheet are, and which."""
    return [(one.line, one.column, one.code) for one in found.problems]


def test_a_row_is_what_would_be_typed_at_the_desk(tmp_path: Path) -> None:
    """The same deeds, typed and brought in, give the same passbooks; the cap of a month holds."""
    typed, brought = village(), village()
    rows = patrols(40)
    for row in rows:
        _, resident, day, hours, _, place, _, by = row.split(",")
        deed = typed.deeds.report("volunteer", resident=resident, quantity=hours, place=place,
                                  on=date.fromisoformat(day), by="staff:li")
        typed.deeds.confirm(deed.id, by=by)

    found = sheets.bring_in(brought, sheet(tmp_path, rows), by="staff:li", rows=7)

    assert balances(typed) == balances(brought) == dict.fromkeys(("0421", "0422", "0423"), 20)
    assert (40, 40, 0, 0, {"point": 60}) == (
        found.rows, found.confirmed, found.repeated, found.refused, found.points)
    assert found.is_whole and brought.books.check().is_sound


def test_the_same_sheet_twice_pays_nothing_twice(tmp_path: Path) -> None:
    """Also under another name, delimiter, encoding, order of rows and of columns, in Chinese."""
    book = village()
    rows = patrols(6)
    sheets.bring_in(book, sheet(tmp_path, rows), by="staff:li")
    before = book.books.checkpoint()
    turned = ["\t".join(reversed(row.split(","))) for row in reversed(rows)]
    titles = "核实人\t备注\t地点\t等次\t数量\t日期\t居民\t事项"

    again = sheets.bring_in(book, sheet(tmp_path, rows, name="copy.csv"), by="staff:li")
    other = sheets.bring_in(book, sheet(tmp_path, turned, titles=titles, encoding="gb18030"),
                            by="staff:li")

    assert (6, 6) == (again.repeated, other.repeated)
    assert {} == again.points == other.points
    assert before == book.books.checkpoint()


def test_bad_rows_are_set_aside_and_the_others_go_on(tmp_path: Path) -> None:
    """Each with its line and its column, all in one run."""  # bug 49
    book = village()
    rows = [
        "志愿服务,0421,2026年3月7日,2,,东门,,staff:wang",
        "voluntear,0421,2026-03-08,2,,,,staff:wang",
        "volunteer,0499,2026-03-08,2,,,,staff:wang",
        "volunteer,0421,2026-02-30,２,,,,staff:wang",
        "volunteer,0421,2026-03-09,2,,,,staff:nobody",
        "volunteer,0421,2026-03-10,2,,a\u200bb,,staff:wang",
        "volunteer,0421,,2,,,,staff:wang",
        'volunteer,"0421"x,2026-03-11,2,,,,staff:wang',
        "volunteer,0421,2026-03-12,2,,,,staff:wang,extra",
        "volunteer,0421,2026-04-12,2,,,,staff:wang",
        "volunteer,0421,1999-04-12,2,,,,staff:wang",
        "hazard,0421,2026-03-13,,,北门,,staff:wang",
        "volunteer,0421,2026-03-14,2,,,,staff:wang",
        '"volunteer",0422,2026/3/14,2,,,"一\n二",',
    ]

    found = sheets.bring_in(book, sheet(tmp_path, rows), by="staff:li")

    assert [
        (3, "rule", "unknown_rule"), (4, "resident", "unknown_resident"), (5, "day", "bad_day"),
        (5, "quantity", "bad_number"), (6, "confirmed by", "unknown_confirmer"),
        (7, "place", "bad_text"), (8, "day", "needed"), (9, "", "bad_quotes"),
        (10, "", "cell_without_title"), (11, "", "not_taken"), (12, "", "rule_not_in_force"),
        (13, "", "fact_missing"),
    ] == codes(found)
    assert (14, 2, 1, 11, 8) == (
        found.rows, found.confirmed, found.waiting, found.refused, found.points["point"])
    assert ("0499",) == found.unknown
    for problem in found.problems:
        for lang in ("zh", "en"):
            assert problem.text(lang).startswith(f"deeds.csv:{problem.line}: ")
            assert "—" not in problem.text(lang) and "\u200b" not in problem.text(lang)


def test_a_mended_sheet_pays_only_what_was_mended(tmp_path: Path) -> None:
    """A refusal burns its key; the mended row, or the same row in a mended book, goes through."""
    book = village()
    rows = ["hazard,0421,2026-03-13,,,北门,,staff:wang",
            "volunteer,0424,2026-03-07,2,,,,staff:wang",
            "volunteer,0421,2026-03-07,2,,,,staff:li", *patrols(3)]
    first = sheets.bring_in(book, sheet(tmp_path, rows), by="staff:li")

    book.residents.enrol("0424", household="home-0424", since=FIRST)
    rows[0] = "hazard,0421,2026-03-13,,general,北门,,staff:wang"
    rows[2] = "volunteer,0421,2026-03-07,2,,,,staff:wang"
    second = sheets.bring_in(book, sheet(tmp_path, rows), by="staff:li")

    assert [(2, "", "fact_missing"), (3, "resident", "unknown_resident"),
            (4, "", "not_permitted")] == codes(first)
    assert (3, 3, 13) == (second.confirmed, second.repeated, second.points["point"])
    assert second.is_whole


def test_a_burnt_row_may_be_tried_again_some_times(tmp_path: Path) -> None:
    """What was refused by an earlier state of the book is not refused for ever."""
    book = village()
    rows = ["volunteer,0421,2026-02-01,2,,,,staff:wang"]  # too late without a reason
    for _ in range(TRIES + 1):
        found = sheets.bring_in(book, sheet(tmp_path, rows), by="staff:li")
        assert [(2, "", "reason_needed")] == codes(found)

    assert TRIES == sum(
        "reason_needed" in row for row in dump(book._book.store)["key_register"])


def test_a_changed_note_is_no_second_deed(tmp_path: Path) -> None:
    """A row that says the same deed with other words is set aside, not paid again."""
    book = village()
    row = "volunteer,0421,2026-03-07,2,,东门,早班,staff:wang"
    sheets.bring_in(book, sheet(tmp_path, [row]), by="staff:li")

    found = sheets.bring_in(book, sheet(tmp_path, [row.replace("早", "晚")]), by="staff:li")

    assert [(2, "", "written_otherwise")] == codes(found)
    assert "note" in found.problems[0].text("en")
    assert 4 == book.passbooks["0421"].balance


def test_equal_rows_are_one_deed_unless_they_have_keys(tmp_path: Path) -> None:
    """A row typed twice is told and written once; with keys of its own it is two deeds."""
    book = village()
    row = "volunteer,0421,2026-03-07,2,,东门,,staff:wang"

    once = sheets.bring_in(book, sheet(tmp_path, [row, row]), by="staff:li")
    keyed = sheets.bring_in(book, sheet(tmp_path, [f"{row},A1", f"{row},A2", f"{row},A2"],
                                        titles=f"{TITLES},登记号"), by="staff:li")

    assert [(3, "", "same_row")] == codes(once)
    assert (1, 1) == (once.confirmed, once.repeated)
    assert (2, 1) == (keyed.confirmed, keyed.repeated)
    assert 12 == book.passbooks["0421"].balance


def test_a_bulk_door_is_no_way_round_a_second_pair_of_eyes(tmp_path: Path) -> None:
    """Nobody confirms a deed of her own or one that she may not, whoever brings the sheet in; the
    row stays reported and another officer decides it."""
    book = village()
    book.residents.appoint("staff:wu", role="grid-officer", resident="0421")
    rows = ["volunteer,0421,2026-03-07,2,,,,staff:wu", "volunteer,0422,2026-03-07,2,,,,staff:li",
            "volunteer,0423,2026-03-07,2,,,,0423"]

    found = sheets.bring_in(book, sheet(tmp_path, rows), by="staff:li")

    assert [(2, "", "self_confirmation"), (3, "", "not_permitted"), (4, "", "not_permitted")] == [
        *codes(found)]
    assert {"0421": 0, "0422": 0, "0423": 0} == balances(book)
    assert 3 == len(list(book.deeds.with_status("submitted")))
    with pytest.raises(NotFound):
        sheets.bring_in(book, sheet(tmp_path, patrols(1)), by="staff:nobody")


def test_a_rehearsal_writes_nothing_and_tells_the_same(tmp_path: Path) -> None:
    """What it says is what then happens, limits across batches included."""
    book, path = village(), sheet(tmp_path, [*patrols(40), "volunteer,0499,2026-03-08,2,,,,"])
    before = dump(book._book.store)

    said = sheets.bring_in(book, path, by="staff:li", rehearse=True, rows=7)
    after = dump(book._book.store)
    done = sheets.bring_in(book, path, by="staff:li", rows=7)

    assert before == after
    assert said.is_rehearsal and not done.is_rehearsal
    assert (said.points, said.confirmed, codes(said)) == (done.points, done.confirmed, codes(done))


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_wherever_it_stops_the_rest_follows(data: st.DataObject) -> None:
    """Any beginnings of a sheet, brought in one after the other, come to the whole sheet."""
    rows = [*patrols(9), "hazard,0422,2026-03-13,,general,北门,,staff:wang",
            "volunteer,0421,2026-03-03,4,,第3组,,staff:wang"]
    stops = data.draw(st.lists(st.integers(0, len(rows)), max_size=3))
    one, many = village(), village()

    with tempfile.TemporaryDirectory() as folder:
        sheets.bring_in(one, sheet(Path(folder), rows), by="staff:li")
        for stop in (*stops, len(rows)):
            shuffled = data.draw(st.permutations(rows[:stop]))
            sheets.bring_in(many, sheet(Path(folder), shuffled), by="staff:li",
                            rows=data.draw(st.integers(1, 5)))

    assert balances(one) == balances(many)


def test_problems_are_told_up_to_a_bound(tmp_path: Path) -> None:
    """A sheet of nothing but mistakes tells the first hundred, and how many there are."""
    found = sheets.bring_in(village(), sheet(tmp_path, ["volunteer,0421,x,2,,,,"] * 250),
                            by="staff:li")

    assert (PROBLEMS_MAX, 250, {"bad_day": 250}) == (
        len(found.problems), found.refused, found.reasons)


def test_memory_does_not_grow_with_the_sheet(tmp_path: Path) -> None:
    """Ten times the rows take the same memory."""
    def peak(count: int) -> int:
        rows = (f"volunteer,{n},x,2,,,{'长' * 50}," for n in range(count))
        path = sheet(tmp_path, rows, name=f"{count}.csv")
        book = village()
        tracemalloc.start()
        sheets.bring_in(book, path, by="staff:li")
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(100)
    small, large = peak(500), peak(5_000)

    assert large < small * 1.1 + 50_000
