"""One case on its way: its book in memory, its clock, its people, and the rows played so far."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from lovepoints.community import Community
from lovepoints.core.rulebook import Confirm, Rule, Rulebook
from lovepoints.core.rulefiles.cases import HOLDER, Case, Holder, Row, When
from lovepoints.core.store import Store
from lovepoints.core.values import Calendar
from lovepoints.desks.answers import Deed
from lovepoints.testing import FakeClock

ADMIN, KEEPER = "case:admin", "case:keeper"
"""The people who keep the book and the shop of a case."""
SPARE = 2
"""How many officers a role has beyond those that a rule asks for."""


@attrs.define
class Played:
    """A row and what came of it: the refusal it met, or why it could not be played at all.

    `deeds` are those it reported, `limited` the limit that cut the last award.
    """

    row: Row
    number: int
    line: int
    refused: str = ""
    problem: str = ""
    deeds: list[str] = attrs.field(factory=list)
    redemption: str = ""
    limited: str = ""

    @property
    def is_over(self) -> bool:
        """Nothing more of this row can be played."""
        return bool(self.refused or self.problem)


@attrs.define
class Game:
    """A case under a rulebook.

    `roles` says how many officers of each role there are; they are appointed when first needed.
    `homes` maps the people of the case to their households.
    """

    case: Case
    rulebook: Rulebook
    store: Store
    clock: FakeClock
    community: Community
    rows: list[Played]
    homes: dict[str, str] = attrs.field(factory=dict)
    roles: dict[str, int] = attrs.field(init=False)
    reports: dict[str, Deed] = attrs.field(factory=dict, init=False)
    """What was answered to each report, by the deed's id: later views of a confidential kind name
    nobody."""
    _appointed: set[str] = attrs.field(factory=set, init=False)

    @roles.default
    def _count_roles(self) -> dict[str, int]:
        return roles_of(self.rulebook)

    @property
    def calendar(self) -> Calendar:
        """The case's local calendar."""
        return self.community.calendar

    @property
    def holders(self) -> dict[str, Holder]:
        """The holders of the case, with those that rows only name."""
        if self.case.holders:
            return dict(self.case.holders)
        named = [name for row in self.case.rows
                 for name in (row.resident, *row.joint, row.to, row.proxy) if name]
        return {name: Holder() for name in dict.fromkeys(named or [HOLDER])}

    @property
    def deed_rows(self) -> list[Played]:
        """The rows that report a deed, in the order written."""
        return [one for one in self.rows if one.row.do in ("deed", "report")]

    def code(self, name: str = "") -> str:
        """The code of a resident or team of the case; "" is the first one, a household its head."""
        holders = self.holders
        name = name or next(iter(holders))
        if name in holders and holders[name].members:
            return holders[name].members[0].name
        return name

    def passbook(self, name: str = "") -> str:
        """The code whose passbook a name means: a holder's household, or the resident's own."""
        name = name or next(iter(self.holders))
        code = self.code(name)
        is_home = name in self.holders and self.rulebook.holder == "household"
        return self.homes.get(code) or code if is_home else code

    def name(self, code: str) -> str:
        """The name in the case of a resident, household or team, the other way round."""
        lone = {home: name for name, home in self.homes.items() if home == home_of(name)}
        return lone.get(code, code)

    def actor(self, name: str) -> str:
        """The actor that a row means by a role ("collector"), a person of the case, or a code."""
        if name in self.case.officers:
            return self.case.officers[name].resident or name
        role, _, number = name.partition(":")
        return self.officer(role, int(number or 1)) if role in self.roles else self.code(name)

    def officer(self, role: str, number: int = 1) -> str:
        """The code of an officer from elsewhere in this role, appointed now if need be."""
        code = f"{role}:{number}"
        if code not in self._appointed:
            self.community.residents.appoint(code, role=role)
            self._appointed.add(code)
        return code

    def confirmers(self, rule: Rule, reported_by: str) -> Iterator[str]:
        """People who may decide a deed of the rule: everybody in its roles but the reporter."""
        confirm: Confirm = rule.confirm or self.rulebook.confirm
        for role in confirm.by:
            for number in range(1, self.roles.get(role, 0) + 1):
                if f"{role}:{number}" != reported_by:
                    yield self.officer(role, number)

    def rule(self, code: str) -> Rule:
        """The rule of a row; LookupError if this rulebook has none (an older one may not)."""
        found = self.rulebook.rule(code)
        if found is None:
            raise LookupError(f"the rulebook has no rule {code!r}")
        return found

    def deed(self, name: str) -> str:
        """The deed that a row refers to, by name or by number from 1; LookupError if none."""
        found = _named(self.deed_rows, name)
        if not found.deeds:
            raise LookupError(f"the row {name!r} has no deed")
        return found.deeds[0]

    def redemption(self, name: str) -> str:
        """The redemption or reservation that a row refers to, by name or by number from 1."""
        found = _named([one for one in self.rows if one.row.do in ("redeem", "hold")], name)
        if not found.redemption:
            raise LookupError(f"the row {name!r} has no redemption")
        return found.redemption

    def instant(self, when: When) -> int:
        """The moment that a row names."""
        return self.calendar.instant(when.day, when.clock)

    def move_to(self, instant: int) -> None:
        """Put the clock to a moment; it never goes back."""
        self.clock.set(self.calendar.local(max(instant, self.clock())))


def roles_of(rulebook: Rulebook) -> dict[str, int]:
    """How many officers of each role a case needs: some more than must confirm."""
    counts = {"committee": 1 + SPARE}
    for confirm in (rulebook.confirm, *(rule.confirm for rule in rulebook.rules if rule.confirm)):
        for role in confirm.by:
            needed = max(confirm.people, confirm.people_above) + SPARE
            counts[role] = max(counts.get(role, 0), needed)
    for rule in rulebook.rules:
        for role in rule.report_by:
            counts.setdefault(role, 1)
    counts.pop("self", None)
    return counts


def home_of(name: str) -> str:
    """The code of the household of a resident who stands for a whole one."""
    return f"{name} 户"


def _named(rows: list[Played], name: str) -> Played:
    for one in rows:
        if one.row.name == name:
            return one
    if name.isdigit() and 0 < int(name) <= len(rows):
        return rows[int(name) - 1]
    raise LookupError(f"no earlier row is called {name!r}")
