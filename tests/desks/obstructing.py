"""What can stand against a verb, each thing alone, so that any two can stand against it at once.

An `Obstacle` says what is written into the rulebook, what happens before, and how the call
differs. Where two cannot stand together (one actor cannot be two), they say what they `take`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from typing import Any

import attrs

from lovepoints import Code, Community, Refused
from lovepoints.testing import FakeClock, community

RULES = """
format = 1
title = "积分办法"
effective = 2026-01-01
holder = "household"
{top}
[[attribute]]
code = "pledge"
of = "household"
type = "yes-no"

[[attribute]]
code = "under_14"
of = "resident"
type = "yes-no"

[[attribute]]
code = "guardian_consent"
of = "resident"
type = "yes-no"

[[rule]]
code = "service"
title = "志愿服务"
points = {{ per = "hour", value = 5 }}

[[rule]]
code = "choice"
title = "评议加分"
points = {{ from = 1, to = 9 }}
confirm = {{ by = ["grid-officer"], people = 2 }}
needs = ["event"]
unique = ["event"]
requires = {{ pledge = [true] }}

[[rule]]
code = "fine"
title = "扣分"
points = 3
deduction = {{ notice_days = 0, appeal = "居委会", floor = "zero", repair = 1 }}

[redemption]
{redemption}
[transfer]
to = "{transfer}"
{gifts}
{tables}
"""


@attrs.define
class Scene:
    """A book and the call that is to be refused."""

    clock: FakeClock
    book: Community
    call: dict[str, Any]
    notes: dict[str, Any] = attrs.field(factory=dict)

    def later(self, **span: float) -> None:
        """Time passes."""
        self.clock.move(**span)


@attrs.frozen(kw_only=True)
class Obstacle:
    """One thing that stands against a verb."""

    code: Code
    happens: Callable[[Scene], object] = lambda scene: None
    terms: dict[str, str] = attrs.field(factory=dict)
    takes: frozenset[str] = frozenset()
    turn: int = 0
    """Later ones happen after earlier ones."""


@attrs.frozen
class Verb:
    """A verb, the call that would pass, and what can stand against it."""

    name: str
    begins: Callable[[Scene], dict[str, Any]]
    obstacles: tuple[Obstacle, ...]

    def pairs(self) -> Iterator[tuple[Obstacle, Obstacle]]:
        """Any two that can stand together, the one of the lower rank first."""
        order = list(Code)
        ranked = sorted(self.obstacles, key=lambda one: order.index(one.code))
        for one, other in combinations(ranked, 2):
            if one.code != other.code and not one.takes & other.takes:
                yield one, other

    def outcome(self, *obstacles: Obstacle) -> Code | None:
        """The code with which the call is refused; None if it passes."""
        clock = FakeClock("2026-03-07 09:00")
        scene = Scene(clock, town(clock, obstacles), {})
        scene.call.update(self.begins(scene))
        for obstacle in sorted(obstacles, key=lambda one: one.turn):
            obstacle.happens(scene)
        desk, _, verb = self.name.partition(".")
        try:
            getattr(getattr(scene.book, desk), verb)(**scene.call)
        except Refused as refused:
            return refused.code
        return None


def town(clock: FakeClock, obstacles: tuple[Obstacle, ...] = ()) -> Community:
    """Li's household with 100 points and Wang's with none, a kiosk, officers, some goods."""
    terms = {"top": "", "redemption": "", "transfer": "anyone", "gifts": "", "tables": ""}
    for obstacle in obstacles:
        for name, text in obstacle.terms.items():
            terms[name] = text if name == "transfer" else f"{terms[name]}{text}\n"
    book = community(clock=clock)
    book.rulebooks.adopt(RULES.format(**terms))
    for actor, role in (("staff:an", "grid-officer"), ("staff:bo", "grid-officer"),
                        ("staff:he", "custodian"), ("kiosk:1", "kiosk")):
        book.residents.appoint(actor, role=role)
    for code, home in (("li", "li-home"), ("wang", "wang-home")):
        book.residents.enrol(code, household=home, since=date(2026, 1, 1))
        book.residents.describe(home, since=date(2026, 1, 1), pledge=True)
    book.books.opening("li", 100)
    book.shop.stock("soap", title="肥皂", price=5)
    book.shop.receive("soap", 10)
    return book
