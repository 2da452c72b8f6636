"""Children: no award before a guardian's consent is on file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from lovepoints.community import Community
from lovepoints.errors import Refused
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, balance, founded

RULES = HEAD + HELP + """
[[attribute]]
code = "guardian_consent"
title = "监护人同意"
type = "yes-no"
"""


@pytest.fixture
def town() -> Iterator[Community]:
    """A child of Wang's home."""
    book = founded(RULES, clock=FakeClock("2026-03-07 10:00"))
    book.residents.enrol("child", household="home-wang", part="minor",
                         attributes={"under_14": True})
    yield book
    assert book.books.verify().is_sound


def helped(book: Community, **said: object) -> str:
    """An hour of the child's; the deed's id."""
    return book.deeds.report("help", resident="child", quantity=1, **said).id  # type: ignore[arg-type]


def missing(book: Community, deed: str) -> object:
    """What a confirmation lacks."""
    with pytest.raises(Refused) as no:
        book.deeds.confirm(deed, by="staff:wu")
    assert "precondition_missing" == no.value.code
    return no.value.facts["missing"]


@pytest.mark.parametrize("consent", [None, False, ""])
def test_a_child_gets_no_points_without_consent(town: Community, consent: object) -> None:
    """Not stated, stated as no, or stated as nothing: refused, and nothing is posted."""
    if consent is not None:
        town.residents.describe("child", guardian_consent=consent)  # type: ignore[arg-type]

    assert ["guardian_consent"] == missing(town, helped(town))
    assert 0 == balance(town)


def test_the_number_of_the_paper_is_consent(town: Community) -> None:
    """Once it is on file, the deed that waited is confirmed."""
    deed = helped(town)
    missing(town, deed)

    town.residents.describe("child", guardian_consent="2026-017")

    assert 2 == town.deeds.confirm(deed, by="staff:wu").points


def test_a_report_cannot_state_it(town: Community) -> None:
    """Whoever reports the deed does not speak for the guardian."""
    deed = helped(town, attributes={"guardian_consent": True})

    assert ["guardian_consent"] == missing(town, deed)


def test_consent_that_was_taken_back_holds_no_more(town: Community) -> None:
    """What counts is the day of the decision."""
    town.residents.describe("child", guardian_consent=True, since=date(2026, 3, 1))
    town.residents.describe("child", guardian_consent=False)

    assert ["guardian_consent"] == missing(town, helped(town))


def test_a_joint_deed_needs_it_too(town: Community) -> None:
    """A child among several doers is a child; an older one needs nothing."""
    deed = town.deeds.report("help", resident="wang", joint=["child"], quantity=2).id
    refused = missing(town, deed)

    town.residents.describe("child", under_14=False)

    assert ["guardian_consent"] == refused
    assert town.deeds.confirm(deed, by="staff:wu").awards
