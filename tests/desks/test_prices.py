"""Dated prices: what was asked on a day stays written, and nothing is changed backwards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lovepoints.community import Community
from lovepoints.errors import Code, NotFound
from lovepoints.testing import FakeClock
from tests.desks.conftest import RULES
from tests.desks.looking import refused

KINDS = """
[[kind]]
code = "point"

[[kind]]
code = "gift"
decimals = 1
credited = false
"""


def test_prices_are_dated_and_history_stays(village: Community, clock: FakeClock) -> None:
    """A price to come is told; on its day it holds; the old one stays for its own days."""
    village.shop.price("soap", 8, since=date(2026, 4, 1))
    march = village.shop.item("soap").points
    clock.set("2026-04-01")

    assert (5, 8) == (march, village.shop.item("soap").points)
    late = village.shop.redeem({"soap": 1}, holder="li", at=date(2026, 3, 31))
    assert 5 == late.points


def test_a_price_that_held_is_never_changed_backwards(village: Community, clock: FakeClock) -> None:
    """Another price for a day that had one is refused; a day before the first one may get one."""
    clock.set("2026-03-20")

    no = refused(village, "price", "soap", 1, since=date(2026, 3, 10))
    village.shop.price("soap", 2, since="2026-03-01")

    assert Code.STATE_NOT_FITTING == no.code
    assert 5 == village.shop.item("soap").points
    assert 2 == village.shop.redeem({"soap": 1}, holder="li", at=date(2026, 3, 6)).points


def test_a_price_can_be_set_right_on_the_same_day(village: Community) -> None:
    """Of two prices of one day the later one holds."""
    village.shop.price("soap", 8)
    village.shop.price("soap", "6")

    assert 6 == village.shop.item("soap").points


def test_a_price_names_kinds_that_there_are(village: Community) -> None:
    """A misspelt kind is not found."""
    with pytest.raises(NotFound, match="honour"):
        village.shop.price("soap", {"honour": 5})


def test_a_price_to_come_names_kinds_to_come(village: Community, clock: FakeClock) -> None:
    """A kind of the next rulebook can be priced ahead of its first day."""
    village.rulebooks.adopt(RULES.replace("2026-01-01", "2026-04-01") + KINDS)
    with pytest.raises(NotFound):
        village.shop.price("soap", {"gift": 3})
    village.shop.price("soap", {"gift": "2.5"}, since=date(2026, 4, 1))
    clock.set("2026-04-01")

    assert {"gift": Decimal("2.5")} == village.shop.item("soap").prices
