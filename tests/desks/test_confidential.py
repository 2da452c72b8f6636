"""Deeds of a confidential kind: no everyday view leads to who did or reported them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date

import attrs
import pytest

from lovepoints import papers
from lovepoints.community import Community
from lovepoints.core.rows_privacy import Access
from lovepoints.desks.forwarding import ForwardedCase
from lovepoints.testing import FakeClock
from tests.desks.books_of_ours import HEAD, HELP, founded, paid, refusal

RULES = HEAD + HELP + """
[[attribute]]
code = "agrees"
title = "同意上榜"
of = "household"
type = "yes-no"

[[rule]]
code = "tip"
title = "举报违法线索"
clause = "第九条"
label = "社区贡献"
confidential = true
points = 20

[[rank]]
code = "best"
title = "优秀居民"
each = "year"
top = 3

[[rank]]
code = "guardian"
title = "安全卫士"
each = "year"
top = 3
rules = ["tip"]
where = { agrees = true }

[[rank]]
code = "rich"
title = "存分最多"
top = 9
of = "balance"
"""
TEXT = "请检查沿街店铺的燃气使用。"
CANARIES = ("陈秀英", "13912345678", "后院有人私自改装", "3栋2单元", "chen", "home-chen")


@pytest.fixture
def clock() -> FakeClock:
    """Saturday, 7 March 2026, ten in the morning."""
    return FakeClock("2026-03-07 10:00")


@pytest.fixture
def town(clock: FakeClock) -> Iterator[Community]:
    """A custodian; Chen with a name and a phone."""
    book = founded(RULES, clock=clock)
    book.residents.appoint("staff:sun2", role="custodian")
    book.residents.enrol("chen", name=CANARIES[0], phone=CANARIES[1],
                         household="home-chen")
    yield book
    assert book.books.verify().is_sound


def tip(book: Community) -> str:
    """A confidential report that Chen makes herself; its id."""
    return book.deeds.report("tip", resident="chen", place=CANARIES[3], note=CANARIES[2],
                             by="chen").id


def forward(book: Community, deed: str, **said: str) -> ForwardedCase:
    """The custodian passes a case on."""
    return book.deeds.forward(deed, to="消防站", **{"text": TEXT, "by": "staff:sun2", **said})


def held(value: object) -> list[str]:
    """The canaries that the fields of a value, or its repr, hold."""
    told = repr(value)
    if attrs.has(type(value)):
        told += str(attrs.asdict(value))  # type: ignore[arg-type]  # has() says that it is one
    return [word for word in CANARIES if word in told]


def test_no_view_of_a_confidential_deed_names_anybody(town: Community) -> None:
    """The pile, the deed, its decision and its history name nobody; an ordinary deed's do."""
    secret, plain = tip(town), town.deeds.report("help", resident="chen", quantity=1).id
    pile = {deed.id: deed for deed in town.deeds.with_status("submitted")}

    decisions = {deed: town.deeds.confirm(deed, by="staff:wu") for deed in (secret, plain)}
    seen = [pile[secret], town.deeds[secret], decisions[secret], *town.deeds.history(secret)]

    assert [[]] * 4 == list(map(held, seen))
    assert "chen" == pile[plain].resident == decisions[plain].award.resident


@pytest.mark.parametrize("word", ["name", "phone", "guardian", "consent", "code"])
def test_no_word_of_the_map_becomes_an_attribute(town: Community, word: str) -> None:
    """Attributes stand in the journal for ever; a name or phone said as one is refused."""
    with pytest.raises(ValueError, match="attributes stand in the journal"):
        town.residents.enrol("new", attributes={word: "1391"})
    if word != "code":  # the argument of that name
        with pytest.raises(ValueError, match="attributes stand in the journal"):
            town.residents.describe("chen", **{word: "1391"})


def test_her_deeds_are_listed_to_herself_only(town: Community) -> None:
    """Whoever else asks for her deeds is not told of those of a confidential kind."""
    secret, plain = tip(town), town.deeds.report("help", resident="chen", quantity=1).id

    found = {by: {deed.id for deed in town.deeds.of("chen", by=by)}
             for by in ("chen", "li-wife", "staff:wu", "staff:zhao", None)}

    assert {secret, plain} == found.pop("chen")
    assert [{plain}] * 4 == list(found.values())


def test_a_passbook_shows_a_month_and_a_label(town: Community, clock: FakeClock) -> None:
    """Two tips of a month are one line without rule, clause, day and entry; the sums are right."""
    paid(town, "chen", hours=1)
    for _ in range(2):
        clock.move(days=3)
        town.deeds.confirm(tip(town), by="staff:wu")
    paid(town, "chen", hours=2)

    page = town.passbooks["chen"]

    coarse = [line for line in page.lines if line.is_coarse]
    assert [("社区贡献", "", date(2026, 3, 1), 0, 40)] == [
        (line.title, line.clause, line.day, line.seq, line.points) for line in coarse]
    assert [46, 42, 40] == [line.balance for line in page.lines]
    assert "举报" not in papers.passbook_page(page) + repr(page)
    assert {0} == {share.seq for shares in page.lots.values() for share in shares
                   if share.points == 20}


def test_neither_day_nor_order_of_a_month_moves_a_line() -> None:
    """Whenever in the month the tip was confirmed, the page of that month is the same."""
    pages = []
    for order in itertools.permutations((0, 1, 2)):
        book = founded(RULES, clock=FakeClock("2026-03-07 10:00"))
        book.residents.enrol("chen", household="home-chen")
        for step in order:
            if step:
                paid(book, "chen", hours=step)
            else:
                book.deeds.confirm(tip(book), by="staff:wu")
        page = book.passbooks["chen"]
        pages.append({(line.title, line.day, line.points) for line in page.lines})
        assert page.lines[-1].is_coarse

    assert 1 == len({frozenset(page) for page in pages})


def test_confidential_points_put_nobody_on_a_list(town: Community, clock: FakeClock) -> None:
    """Lists of the best go by the other kinds: forty points of tips do not outdo two hours."""
    for _ in range(2):
        town.deeds.confirm(tip(town), by="staff:wu")
    paid(town, resident="zhou", hours=2)
    clock.move(days=1)

    listed = town.passbooks.ranking("best")

    assert [("zhou", 4)] == [(line.code, line.points) for line in listed]


def test_a_confidential_explanation_tells_the_month(town: Community) -> None:
    """The paper for her pocket holds neither number, day, rule, clause nor name."""
    deed = tip(town)
    decision = town.deeds.confirm(deed, by="staff:wu")

    paper = papers.explanation(decision, lang="zh")

    assert [] == [word for word in (deed, "2026-03-07", "举报", "第九条", *CANARIES)
                  if word in paper]
    assert "社区贡献" in paper


def test_a_forwarded_case_has_no_place_for_its_reporter(town: Community) -> None:
    """The type has these fields and no others; neither value nor paper holds a canary."""
    case = forward(town, tip(town))

    names = {field.name for field in attrs.fields(ForwardedCase)}

    assert {"number", "to", "text", "day", "due_on", "key", "is_repeat"} == names
    assert [] == held(case)
    assert [] == [word for word in CANARIES for lang in ("zh", "en")
                  if word in papers.forwarding_slip(case, lang=lang)]


@pytest.mark.parametrize("text", [TEXT + word for word in CANARIES[:3] + CANARIES[4:5]])
def test_a_text_that_leads_to_her_is_sent_back(town: Community, text: str) -> None:
    """A name, phone, code or the whole note in the text is refused before anything is written."""
    deed = tip(town)
    size = town.books.checkpoint().size

    with pytest.raises(ValueError, match="write it in other words"):
        forward(town, deed, text=text)

    assert size == town.books.checkpoint().size


def test_only_the_custodian_passes_a_case_on(town: Community) -> None:
    """No other role writes the edited copy; without a text there is nothing to pass on."""
    deed = tip(town)

    assert ["not_permitted"] * 4 == [
        refusal(lambda by=by: forward(town, deed, by=by))
        for by in ("staff:zhao", "staff:zheng", "staff:wu", "chen")]
    assert "reason_needed" == refusal(lambda: forward(town, deed, text=""))


def test_passing_on_is_in_her_log_and_repeats_by_its_key(town: Community) -> None:
    """One look for her; the same key gives the same slip again."""
    deed = tip(town)
    first = forward(town, deed, key="slip")

    again = forward(town, deed, key="slip")

    assert (True, first.number, first.text) == (again.is_repeat, again.number, again.text)
    assert ["forward"] == [one.what for one in town.privacy.who_saw("chen", by="chen")]
    assert 1 == len(list(town._book.store.scan(Access)))


def test_decisions_of_a_forwarded_deed_go_on(town: Community) -> None:
    """A slip decides nothing: the deed's history leaves it out, and the deed can be confirmed."""
    deed = tip(town)
    forward(town, deed)

    decision = town.deeds.confirm(deed, by="staff:wu")

    assert (20, [decision.points]) == (
        decision.points, [one.points for one in town.deeds.history(deed) if one.award])
