"""A small community with a shop, on a clock that can be set; each story ends with a sound book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lovepoints.community import Community
from lovepoints.core.store import Store
from lovepoints.stores import sqlite
from lovepoints.stores.memory import MemoryStore
from lovepoints.testing import FakeClock, community

RULES = """
format = 1
title = "幸福社区积分管理办法"
effective = 2026-01-01
holder = "household"

[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 1 }

[validity]
after = "12 months"
"""
Found = Callable[..., Community]


@pytest.fixture
def clock() -> FakeClock:
    """Saturday, 7 March 2026, ten in the morning."""
    return FakeClock("2026-03-07 10:00")


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each kind of store in turn."""
    kept: Store = MemoryStore() if request.param == "memory" else sqlite.create(tmp_path / "b.db")
    yield kept
    kept.close()


@pytest.fixture
def found(clock: FakeClock) -> Iterator[Found]:
    """Found a community under RULES and further terms; its book is verified at the end."""
    made: list[Community] = []

    def one(terms: str = "", *, store: Store | None = None, rules: str = RULES) -> Community:
        made.append(peopled(community(clock=clock, store=store), rules + terms))
        return made[-1]

    yield one
    for each in made:
        each.books.verify()


@pytest.fixture
def town(store: Store, found: Found) -> Community:
    """Two households of 100 points each, rice and soap on the shelf, on each kind of store."""
    return stocked(found(store=store))


@pytest.fixture
def village(found: Found) -> Community:
    """The same in memory only."""
    return stocked(found())


def peopled(book: Community, rules: str) -> Community:
    """A rulebook, a shopkeeper, a kiosk, and two households: Li with mother, aunt and child, and
    Wang alone."""
    book.rulebooks.adopt(rules)
    book.residents.appoint("staff:qian", role="shopkeeper")
    book.residents.appoint("kiosk:1", role="kiosk")
    for code, home, part in (("li-mother", "li", "head"), ("li-aunt", "li", "member"),
                             ("li-child", "li", "minor"), ("wang", "wang-home", "head")):
        book.residents.enrol(code, household=home, part=part)
    return book


def stocked(book: Community) -> Community:
    """100 points for each household; five bags of rice at 44 and ten soaps at 5."""
    for home in ("li", "wang-home"):
        book.books.opening(home, 100)
    book.shop.stock("rice", title="大米 5 公斤", price=44, measure="袋", low=2)
    book.shop.stock("soap", title="肥皂", price=5)
    book.shop.receive("rice", 5, donor="周记粮行", best_before="2026-12-31")
    book.shop.receive("soap", 10)
    return book
