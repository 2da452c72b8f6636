"""Every refusal can be met, says in both languages what to do, and stands in the catalogue."""

from __future__ import annotations

import re

import pytest

import lovepoints
from lovepoints import Code, LovepointsError
from lovepoints.words import refusal
from tests.docs.pages import ROOT
from tests.docs.provoking import STORIES, provoke

PAGE = ROOT / "docs" / "reference" / "errors.md"


def _sections() -> dict[str, str]:
    """The text of each code's section, in the order of the page."""
    parts = re.split(r"^### `(\w+)`\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {code: text.split("\n## ")[0]
            for code, text in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("code", list(Code))
def test_a_code_has_a_story_that_meets_it(code: Code) -> None:
    """The story of a code ends with that refusal, whose sentences are whole in both languages."""
    refused = provoke(code)

    assert code == refused.code
    assert "—" not in refused.sentence("zh") + refused.sentence("en")


@pytest.mark.parametrize("code", list(Code))
def test_a_code_stands_in_the_catalogue(code: Code) -> None:
    """Its section says when it comes, its facts, what to do, and the sentence in both languages."""
    section = _sections()[code]

    parts = [line.partition(":")[0] for line in section.strip().splitlines()]

    assert ["- *When*", "- *Facts*", "- *What to do*"] == parts[:3]
    assert f"> {refusal(code, {}, 'zh')}\n" in section
    assert f"> {refusal(code, {}, 'en')}" in section


@pytest.mark.parametrize("code", sorted(STORIES))
def test_the_catalogue_names_the_facts_that_come(code: Code) -> None:
    """Each fact of a refusal that is met is named in its section."""
    line = re.search(r"^- \*Facts\*: (.*)$", _sections()[code], re.MULTILINE)

    unnamed = [name for name in provoke(code).facts if line and f"`{name}`" not in line[1]]

    assert [] == unnamed


def test_a_dearer_item_is_said_to_be_dearer() -> None:
    """The price of the quote is the old one, today's the new one."""
    refused = provoke(Code.PRICE_CHANGED)

    assert (6, 5) == (refused.facts["needed"], refused.facts["present"])
    assert "it was 5, now it is 6" in refused.sentence("en")
    assert "原来 5，现在 6" in refused.sentence("zh")


def test_the_catalogue_keeps_the_order_of_the_codes() -> None:
    """The order of the page is the precedence: the first that applies is given."""
    assert [str(code) for code in Code] == list(_sections())


def test_every_class_of_error_is_told() -> None:
    """The page names each class of the error tree."""
    text = PAGE.read_text(encoding="utf-8")

    classes = [name for name in lovepoints.__all__
               if isinstance(getattr(lovepoints, name), type)
               and issubclass(getattr(lovepoints, name), LovepointsError)]

    assert [] == [name for name in classes if f"`{name}`" not in text]
