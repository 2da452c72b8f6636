"""What the villagers do in a year, who writes it down, and who confirms it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from lovepoints.demo.agenda import Agenda
from lovepoints.demo.plan import MONTHS
from lovepoints.desks.answers import Deed

GATHERINGS = (
    # rule, day of the month, hour, how many, in which months (left out: all)
    ("party-day", 5, 9, 10, ()),
    ("organised-life", 5, 14, 4, (12, 3, 6, 9)),
    ("clean-up", 12, 8, 13, ()),
    ("public-work", 12, 14, 5, ()),
    ("building-project", 12, 9, 6, (4, 7, 8)),
    ("plant-trees", 12, 15, 20, (3,)),
    ("sport-join", 19, 18, 6, (3, 4, 5, 9, 10, 11)),
    ("sport-organise", 19, 17, 1, (3, 5, 9, 10)),
    ("sport-coach", 19, 16, 2, (4, 5, 9, 10)),
    ("mediation", 26, 15, 1, (12, 2, 4, 7, 8)),
    ("volunteer", 26, 14, 6, ()),
    ("village-event", 26, 10, 14, (2, 6, 9)),
    ("model-yard", 26, 11, 6, (5, 10)),
)
"""What the village does together, as its office writes it down."""
SHEET = 12
"""How many names fit on a sheet of those who came."""
KINDNESS = (("help-neighbour", 5), ("care-elders", 4))
"""What neighbours do for each other, how often a month; a group leader writes it down."""
OFFENCES = (("rubbish", 6), ("gambling", 2), ("land-taken", 1))
"""What costs points, how often a year."""


def plan(agenda: Agenda) -> None:
    """Put the deeds of the year on the agenda."""
    for first in MONTHS:
        for rule, day, hour, count, months in GATHERINGS:
            if not months or first.month in months:
                _gathering(agenda, rule, first.replace(day=day), hour, count)
        for rule, count in KINDNESS:
            for resident in agenda.some(count):
                agenda.put(_some_day(agenda, first), agenda.dice.randrange(9, 17),
                           partial(_kindness, agenda, rule, resident))
    _rarities(agenda)


def _gathering(agenda: Agenda, rule: str, day: date, hour: int, count: int) -> None:
    """Whoever came is on a sheet that the office writes down; at party days people scan a code
    themselves, and somebody scans it twice."""
    event, everybody = f"{rule} {day.isoformat()}", agenda.some(count)
    if rule == "party-day":
        for resident in everybody:
            agenda.put(day, hour, partial(_came, agenda, rule, [resident], event, resident))
        again = everybody[0]
        agenda.put(day, hour + 1, partial(_came, agenda, rule, [again], event, again))
        return
    for start in range(0, len(everybody), SHEET):
        agenda.put(day, hour, partial(_came, agenda, rule, everybody[start:start + SHEET], event,
                                      _admin(agenda)))


def _came(agenda: Agenda, rule: str, people: list[str], event: str, by: str) -> None:
    deed = agenda.attempt(lambda: agenda.community.deeds.report(
        rule, resident=people[0], joint=people[1:], event=event, by=by))
    if deed:
        agenda.put(deed.day, 20, partial(_confirm, agenda, deed))


def _kindness(agenda: Agenda, rule: str, resident: str) -> None:
    """Written down by a group leader; now and then by a second one as well."""
    deed = _noted(agenda, rule, resident)
    if deed:
        _later(agenda, partial(_decide, agenda, deed))
        if agenda.dice.randrange(100) < 6 and (second := _noted(agenda, rule, resident)):
            _later(agenda, lambda: agenda.attempt(lambda: agenda.community.deeds.duplicate(
                second.id, of=deed.id, by=_admin(agenda))))


def _noted(agenda: Agenda, rule: str, resident: str) -> Deed | None:
    return agenda.attempt(lambda: agenda.community.deeds.report(
        rule, resident=resident, by=agenda.one("group-leader"), note="组长走访时得知"))


def _decide(agenda: Agenda, deed: Deed) -> None:
    """Mostly yes; sometimes no, or taken back by the one it is about."""
    chance, deeds = agenda.dice.randrange(100), agenda.community.deeds
    if chance < 86:
        _confirm(agenda, deed)
        if chance < 4:
            _later(agenda, partial(_reconsider, agenda, deed))
    elif chance < 94:
        agenda.attempt(lambda: deeds.reject(deed.id, reason="未能核实", by=_admin(agenda)))
    elif chance < 97:
        agenda.attempt(lambda: deeds.withdraw(deed.id, reason="记错了人", by=deed.resident))


def _reconsider(agenda: Agenda, deed: Deed) -> None:
    """A confirmed deed is opened again and decided once more."""
    deeds = agenda.community.deeds
    if not agenda.attempt(lambda: deeds.reopen(deed.id, reason="邻居反映情况有出入",
                                               by=agenda.one("committee"))):
        return
    if agenda.dice.randrange(2):
        _later(agenda, partial(_confirm, agenda, deed))
    else:
        _later(agenda, lambda: agenda.attempt(lambda: deeds.reject(
            deed.id, reason="经查是他人所做", by=_admin(agenda))))


def _confirm(agenda: Agenda, deed: Deed) -> None:
    """By whoever is at the office; nobody can do it for herself, so that a second one may try."""
    deeds = agenda.community.deeds
    for admin in agenda.dice.sample(agenda.village.holding("village-admin"), 2):
        if agenda.attempt(partial(deeds.confirm, deed.id, by=admin)):
            return


def _rarities(agenda: Agenda) -> None:
    """A brave deed, awards by hand with a reason, what costs points, and an officer's own deed."""
    year = [first + timedelta(days=3) for first in MONTHS]
    agenda.put(date(2026, 7, 9), 16, partial(_by_hand, agenda, "bravery", agenda.some(1)[0], None))
    for month, points in ((2, 30), (4, 20), (6, 120), (9, 25)):
        agenda.put(year[month], 10, partial(_by_hand, agenda, "by-hand", agenda.some(1)[0], points))
    own = agenda.village.officers_own("village-admin")
    for resident in own:
        agenda.put(date(2026, 5, 12), 8, partial(
            _came, agenda, "clean-up", [resident], "clean-up 2026-05-12", _admin(agenda)))
    for rule, count in OFFENCES:
        for resident in agenda.some(count):
            agenda.put(_some_day(agenda, agenda.dice.choice(MONTHS)), 11,
                       partial(_by_hand, agenda, rule, resident, None))


def _by_hand(agenda: Agenda, rule: str, resident: str, points: int | None) -> None:
    """Written down and confirmed by the office at once, with a reason where the rule asks."""
    by, deeds = _admin(agenda), agenda.community.deeds
    reason = "汛期值守，带头转移老人" if points else ""
    deed = agenda.attempt(lambda: deeds.report(rule, resident=resident, reason=reason, by=by))
    if deed:
        agenda.attempt(lambda: deeds.confirm(deed.id, points=points, reason=reason, by=by))


def _later(agenda: Agenda, act: Callable[[], object]) -> None:
    """On the office's next day: a Monday or a Thursday."""
    day = agenda.clock.now.date() + timedelta(days=1)
    while day.weekday() not in (0, 3):
        day += timedelta(days=1)
    agenda.put(day, 17, act)


def _some_day(agenda: Agenda, first: date) -> date:
    """One of the days of a month on which the group leaders make their round: its Thursdays."""
    return first + timedelta(days=(3 - first.weekday()) % 7 + 7 * agenda.dice.randrange(4))


def _admin(agenda: Agenda) -> str:
    return agenda.one("village-admin")
