"""What papers tell, and what they never tell."""

from __future__ import annotations

import re
from string import Formatter

import attrs
import pytest

from lovepoints import papers
from lovepoints.errors import Code, Refused
from lovepoints.papers.layout import width
from lovepoints.words import LANGUAGES
from lovepoints.words.command import HELP, SAID
from lovepoints.words.papers import ENTRIES, PAPERS
from tests.papers import golden
from tests.papers.village import Village

SENTENCES = {
    f"{name}:{code}": pair
    for name, table in (("papers", PAPERS), ("entries", ENTRIES), ("said", SAID), ("help", HELP))
    for code, pair in table.items()
}
HOSTILE = "秀\x1b@英\r\n\x07\u202e反"


def names(template: str) -> set[str]:
    """The facts that a template uses."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_both_languages_use_the_same_facts(sentence: str) -> None:
    """What one language tells, the other tells too."""
    zh, en = SENTENCES[sentence]

    assert names(zh) == names(en)
    assert not re.search("[一-鿿]", en)


@pytest.mark.parametrize("code", PAPERS)
def test_words_have_no_ambiguous_width(code: str) -> None:
    """Our own words line up on every screen and printer alike."""
    for text in PAPERS[code]:
        assert width(text) == width(text, wide=True)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("columns", [24, 32, 42, 48, 52, 64, 72])
def test_every_paper_fits(columns: int, wide: bool, lived: Village) -> None:
    """No line of any paper is wider than the paper, in either language."""
    book = lived.community
    for lang in LANGUAGES:
        told = {"width": columns, "lang": lang, "wide": wide}
        made = [
            papers.receipt(lived.handed, **told), papers.receipt(lived.held, **told),
            papers.passbook_page(book.passbooks["0421"], name="买买提·秀英", **told),
            papers.explanation(lived.capped, **told), papers.explanation(lived.hazard, **told),
            papers.shelf_list(book.shop.shelf(), **told),
            papers.who_may_fetch(book.shop.item("soap"), book.shop.who_may_fetch("soap"),
                                 names={"1-1-101": "李𠮷"}, **told),
            papers.cover_slip(book.shop.cover(), **told),
            papers.checkpoint_slip(golden.NOTED, **told),
            papers.proof_slip(golden.PROVEN, **told),
            papers.close_notice(golden.CLOSED, golden.NOTED, **told),
            papers.balance_slip(golden.COUNTED, **told),
        ]

        assert all(width(line, wide=wide) <= columns
                   for paper in made for line in paper.split("\n"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_confidential_deeds_show_their_label_only(lang: str, lived: Village) -> None:
    """Nothing that a resident is handed names a confidential rule, its clause or its grade."""
    page = papers.passbook_page(lived.community.passbooks["0421"], lang=lang)
    told = papers.explanation(lived.hazard, lang=lang)

    for paper in (page, told):
        assert "参与平安建设" in paper
        assert not re.search("飞线|第五条|一般", paper)


def test_the_office_copy_tells_everything(lived: Village) -> None:
    """The copy on file has the rule, its clause and the grade."""
    told = papers.explanation(lived.hazard, lang="zh", office=True)

    assert "上报电动车飞线充电：一般，积分 5" in told.replace("\n   ", "")


def test_a_confidential_rule_without_a_label_stays_unnamed(lived: Village) -> None:
    """Where nobody gave a coarse label, a stroke stands in its place."""
    award = lived.hazard.awards[0]
    rules = tuple(attrs.evolve(rule, label="") for rule in award.rulebook.rules)
    bare = attrs.evolve(lived.hazard, awards=(attrs.evolve(
        award, rulebook=attrs.evolve(award.rulebook, rules=rules)),))

    told = papers.explanation(bare, lang="zh")

    assert "飞线" not in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_names_are_harmless(lang: str, lived: Village) -> None:
    """A name with printer commands, line breaks and direction marks prints as letters."""
    line = attrs.evolve(lived.handed.lines[0], title=HOSTILE)
    redemption = attrs.evolve(lived.handed, lines=(line,), proxy=HOSTILE)
    page = attrs.evolve(lived.community.passbooks["0421"], code=HOSTILE)
    item = attrs.evolve(lived.community.shop.item("rice"), title=HOSTILE)
    fetchers = lived.community.shop.who_may_fetch("rice")

    made = (
        papers.receipt(redemption, lang=lang, community=HOSTILE)
        + papers.passbook_page(page, lang=lang, name=HOSTILE)
        + papers.shelf_list([item], lang=lang)
        + papers.who_may_fetch(item, fetchers, lang=lang, names={"1-1-101": HOSTILE})
    )

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", made)


def test_a_waiting_decision_says_how_many_are_missing(lived: Village) -> None:
    """A deed that more people must confirm says so instead of showing points."""
    waiting = attrs.evolve(lived.waiting, waiting_for=2)

    assert "还需 2 人核实" in papers.explanation(waiting, lang="zh")


def test_several_kinds_are_named_on_a_receipt(lived: Village) -> None:
    """Where two kinds of points paid, each has its line and the sum is theirs."""
    paid = attrs.evolve(lived.handed, amounts={"point": 40, "gift": 9})

    told = papers.receipt(paid, lang="zh", titles={"point": "积分", "gift": "赠分"})

    assert re.search("付积分 +40 分\n付赠分 +9 分\n合计 +49 分", told)


@pytest.mark.parametrize(("state", "sentence"), [
    ("released", "已取消"), ("lapsed", "已过期，预留已解除"),
])
def test_a_reservation_that_is_over_says_so(state: str, sentence: str, lived: Village) -> None:
    """A slip of a reservation that was let go does not ask anybody to come."""
    told = papers.receipt(attrs.evolve(lived.held, state=state), lang="zh")

    assert sentence in told and "前来领取" not in told


def test_an_empty_passbook_says_so(lived: Village) -> None:
    """A passbook in which nothing happened yet says so politely."""
    page = attrs.evolve(lived.community.passbooks["0421"], lines=())

    assert "还没有记录。" in papers.passbook_page(page, lang="zh")


def test_reservations_stand_on_the_page(lived: Village) -> None:
    """Points that were only set aside show as such, without a change of the balance."""
    page = papers.passbook_page(lived.community.passbooks["0007"], lang="zh", width=64)

    assert re.search(" 0 +60\n +（预留 5）$", page)


def test_nobody_on_the_list(lived: Village) -> None:
    """A list of who may fetch an item says politely that nobody can."""
    item = lived.community.shop.item("rice")

    assert "目前没有人可以领取。" in papers.who_may_fetch(item, (), lang="zh")


def test_an_empty_shelf(lived: Village) -> None:
    """A shop without items has a list that says so."""
    assert "货架上还没有物品。" in papers.shelf_list((), lang="zh")


def test_a_receipt_counts_what_was_handed_over(lived: Village) -> None:
    """Of a reservation that was fetched in part, the receipt lists the pieces handed over."""
    rice, soap = lived.handed.lines
    lines = (attrs.evolve(rice, handed=0), attrs.evolve(soap, quantity=9, handed=2, returned=0))

    told = papers.receipt(attrs.evolve(lived.handed, lines=lines), lang="en")

    assert "5 x 2" in told and "大米" not in told and "x 9" not in told


def test_the_list_leaves_out_who_may_not_fetch(lived: Village) -> None:
    """Somebody with points enough who is barred is not on the list."""
    item = lived.community.shop.item("soap")
    barred = [attrs.evolve(one, refusals=(Refused(Code.BARRED),), suffices=True)
              for one in lived.community.shop.who_may_fetch("soap")]

    assert "Nobody can fetch this at the moment." in papers.who_may_fetch(item, barred, lang="en")


def test_the_list_begins_with_most_points(lived: Village) -> None:
    """Passbooks with more points to spend stand above those with fewer."""
    item = lived.community.shop.item("soap")

    told = papers.who_may_fetch(item, lived.community.shop.who_may_fetch("soap"), lang="en",
                                names={})

    assert told.index("1-1-101") < told.index("3-2-501")


def test_a_list_for_the_wall_tells_no_points(lived: Village) -> None:
    """Without names the list gives codes in their order and nobody's points."""
    fetchers = lived.community.shop.who_may_fetch("soap")

    told = papers.who_may_fetch(lived.community.shop.item("soap"), fetchers, lang="en")

    able = sorted(one.holder for one in fetchers if one.may_fetch)
    assert able == [line for line in told.splitlines() if line in able]
    assert "To spend" not in told
