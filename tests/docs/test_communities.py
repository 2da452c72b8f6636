"""The table of what communities do: every row is there, and leads to verbs, stories and tests."""

from __future__ import annotations

import re

import pytest

from lovepoints.testing import community
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "reference" / "communities.md").read_text(encoding="utf-8")
ROWS = [tuple(cell.strip() for cell in line.strip("|").split(" | "))
        for line in PAGE.splitlines() if re.match(r"\| \d", line)]
SURVEY = {*range(101, 120), *range(201, 235), *range(301, 333), *range(401, 414),
          *range(501, 521), *range(601, 617), *range(701, 718), *range(801, 806)}
"""The numbers of the survey."""


def numbers(cell: str) -> list[int]:
    """The numbers of a row: 101, 109 or 110–112."""
    found: list[int] = []
    for part in cell.strip("| ").split(", "):
        first, _, last = part.partition("–")
        found += range(int(first), int(last or first) + 1)
    return found


def test_every_row_of_the_survey_is_there_once() -> None:
    told = [number for row in ROWS for number in numbers(row[0])]
    assert len(told) == len(set(told))
    assert set(told) == SURVEY


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_leads_to_verbs_stories_and_a_test(row: tuple[str, ...]) -> None:
    """Verbs that exist, stories that are played, a test that is run; core and near have both."""
    _, near, chinese, verbs, stories, test = row
    if near == "out":
        assert (verbs, stories, test.strip("| ")) == ("—", "—", "—")
        return
    book = community()
    named = re.findall(r"`(\w+)\.(\w+)`", verbs)
    assert named and chinese
    for desk, verb in named:
        assert callable(getattr(getattr(book, desk), verb)), f"{desk}.{verb}"
    played = re.findall(r"\(\.\./\.\./(examples/\w+\.py)\)", stories)
    assert played or (near == "far" and stories == "configuration")
    for story in played:
        assert (ROOT / story).is_file(), story
        assert (ROOT / story).with_suffix(".out.txt").is_file(), story
    (path,) = re.findall(r"`([\w/]+\.py)`", test)
    assert (ROOT / "tests" / path).is_file(), path


@pytest.mark.parametrize("row", [row for row in ROWS if row[1] != "out"], ids=lambda row: row[0])
def test_the_stories_of_a_row_say_its_verbs(row: tuple[str, ...]) -> None:
    """At least one of the verbs of a row is really said in one of its stories."""
    told = "".join((ROOT / story).read_text(encoding="utf-8") for story in re.findall(
        r"\(\.\./\.\./(examples/\w+\.py)\)", row[4]))
    verbs = re.findall(r"`\w+\.(\w+)`", row[3])
    assert row[4] == "configuration" or any(f".{verb}(" in told for verb in verbs)
