"""Where several things stand against a verb, the one that `Code` names first is given."""

from __future__ import annotations

import pytest

from lovepoints import Code
from tests.desks.obstacles import VERBS
from tests.desks.obstructing import Verb

by_verb = pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)


@by_verb
def test_each_thing_alone_is_told(verb: Verb) -> None:
    """The call passes as it is, and with one obstacle it is refused for that one."""
    told = {one.code: verb.outcome(one) for one in verb.obstacles}

    assert verb.outcome() is None
    assert {code: code for code in told} == told


@by_verb
def test_of_any_two_things_the_first_is_told(verb: Verb) -> None:
    """Every pair that can stand together."""
    pairs = list(verb.pairs())

    wrong = [(str(one.code), str(other.code), found) for one, other in pairs
             if (found := verb.outcome(one, other)) != one.code]

    assert len(pairs) >= len(verb.obstacles) - 1
    assert [] == wrong


def test_nobody_learns_of_a_passbook_that_is_not_hers() -> None:
    """Whether it is barred, closed or empty is told to those only who may spend from it."""
    order = list(Code)

    assert all(order.index(Code.NOT_HOLDER) < order.index(code) for code in (
        Code.ACCOUNT_CLOSED, Code.BARRED, Code.INSUFFICIENT_POINTS, Code.LOT_FROZEN))
