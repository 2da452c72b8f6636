"""The sentences of refusals: complete, in both languages, polite at their edges."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from lovepoints.errors import Code, Refused
from lovepoints.words import LANGUAGES, say
from lovepoints.words.refusals import REFUSALS, WHY_NOT_MORE

TABLES = {**REFUSALS, **{f"why:{code}": pair for code, pair in WHY_NOT_MORE.items()}}


def names(template: str) -> set[str]:
    """The facts that a template uses."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_code_has_a_sentence():
    """There is one sentence for each code, and none for a code that does not exist."""
    assert {str(code) for code in Code} == set(REFUSALS)


@pytest.mark.parametrize("code", TABLES)
def test_both_languages_use_the_same_facts(code):
    """What one language tells, the other tells too."""
    zh, en = TABLES[code]

    assert names(zh) == names(en)
    assert re.search("[一-鿿]", zh) and not re.search("[一-鿿]", en)


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_stand_without_facts(code, lang):
    """A refusal that knows nothing more is still a whole sentence without code words."""
    bare = say({code: REFUSALS[code]}, code, dict.fromkeys(NEEDED.get(code, ()), "3"), lang)

    assert bare.strip() and "—" not in bare and "{" not in bare and "⟦" not in bare
    assert bare[-1] in ".。"
    assert "_" not in bare


NEEDED = {
    "below_minimum": ("needed",), "not_a_multiple": ("multiple",), "item_limit": ("most",),
    "amount_not_by_rule": ("given",),
}
"""The facts without which a sentence would say nothing; the core always gives them."""


def test_unknown_parts_are_left_out():
    """A part in hollow brackets is said only when all of its facts are known."""
    known = Refused(Code.INSUFFICIENT_POINTS, {"needed": 44, "present": 30, "missing": 14})

    told = known.sentence("en")

    assert "Not enough points yet: 44 needed, 30 can be used, 14 missing." == told


def test_the_next_chance_is_told():
    """A closed window names the next open day."""
    closed = Refused(Code.WINDOW_CLOSED, {"next_on": "2026-03-31"})

    told = closed.sentence("zh")

    assert "今天不是兑换时间，下次开放：2026-03-31。" == told


def test_lists_are_read_out():
    """A list of things is told by their titles, in the manner of the language."""
    facts = {"items": [{"item": "G01", "title": "大米"}, {"item": "G02", "title": "食盐"}]}

    zh, en = (Refused(Code.RESERVED_ITEM, facts).sentence(lang) for lang in LANGUAGES)

    assert zh.startswith("大米、食盐是专门")
    assert en.startswith("大米, 食盐: This is kept")


def test_unknown_language_is_refused():
    """A language that is not spoken here is a ValueError."""
    with pytest.raises(ValueError, match="zh"):
        Refused(Code.BARRED).sentence("fr")


def test_language_follows_the_environment(monkeypatch):
    """Without a stated language the program's own is used."""
    monkeypatch.setenv("LOVEPOINTS_LANG", "zh_CN.UTF-8")

    told = str(Refused(Code.REASON_NEEDED))

    assert "reason_needed: 请写明理由后再办理。" == told
