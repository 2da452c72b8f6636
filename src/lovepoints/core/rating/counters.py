"""Counters: what limits have used, kept while deeds are rated, so that credits are added up once.

A counter is a memory of a sum over credits, never a fact: forgotten, it is added up again.

*Which limits.* Those of a calendar period (`each`), per resident, household, holder, area or
community. The others (`within`, `same`, per deed, in times or quantity over rules with stages,
over deductions) are not counted: `used` answers None and rating adds the credits up as ever.

*How a book keeps them.* One `Counters` a rulebook, beside the open book. Give it to `rate` as
`uses` for the only doer of a deed that was never credited before: it learns on the way what it does
not know. Once the credits of an award are written, `add` them, whichever rulebook rated them.

*When they no longer hold.* `forget()` whenever credits may have changed in another way: a
transaction was rolled back, another connection wrote (in SQLite `pragma data_version` moved), a
decision was taken back or a waiting award was paid. After that they are learned anew.

*How large they grow.* A period that ended longer ago than `kept` before the newest day of a credit
is dropped whole, so that daily counters do not pile up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TypeAlias

import attrs

from lovepoints.core.deeds import Facts
from lovepoints.core.rows import Credit
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.terms import Limit
from lovepoints.core.values import Calendar, Each, Period, point_unit

Who: TypeAlias = "str | tuple[str] | None"
"""Whom a counter is about: an id; (holder,) for somebody without a household; None: nobody."""
Whos: TypeAlias = tuple[Who, Who, Who, Who, Who]
"""Whom a deed counts for, in the order of `PER`."""
Table: TypeAlias = dict[Who, int]
"""What is used of one counted limit in one period, by whom it is about."""
Frame: TypeAlias = tuple[Table, ...]
"""The tables of the periods that hold one day, by the number of the counted limit."""

PER = ("resident", "holder", "household", "area", "community")
_HOUSEHOLD = PER.index("household")
KEPT = timedelta(days=31)
"""How long a period is remembered once it is over, where nothing else is said."""
_TIDIED = timedelta(days=7)
"""Periods that are over are looked for once in so many days."""


@attrs.frozen
class Counted:
    """A limit that is counted, in one unit ("" for times and quantity): where its sums stand."""

    number: int
    limit: Limit
    unit: str
    per: int

    def measure(self, credit: Credit) -> int:
        """What a credit uses of the limit; deductions use nothing of what limits earning."""
        if self.limit.of == "points":
            return credit.points if credit.unit == self.unit and credit.points > 0 else 0
        if credit.points < 0:
            return 0
        return credit.times if self.limit.of == "times" else credit.quantity


class Counters:
    """What the limits of one rulebook have used, by period and by whom.

    `is_complete`: it has seen every credit there is, so what it does not know is zero. Such
    counters answer only for days that are not older than `kept` before the newest.
    """

    def __init__(
        self, rulebook: Rulebook, calendar: Calendar, *, is_complete: bool = False,
        kept: timedelta = KEPT,
    ) -> None:
        self.rulebook = rulebook
        self.calendar = calendar
        self.is_complete = is_complete
        self._kept = kept
        self.counted = counted_limits(rulebook)
        """How each limit that can be counted is counted, by its code and unit."""
        self._general: list[Counted] = []
        self._by_rule: dict[str, list[Counted]] = defaultdict(list)
        for one in self.counted.values():
            if one.limit.rules or one.limit.groups:
                for code in rulebook.rules_under(one.limit):
                    self._by_rule[code].append(one)
            else:
                self._general.append(one)
        self.frames: dict[date, Frame] = {}
        """The tables of each day that was asked for, until the day is dropped."""
        self._numbers: dict[Each, list[int]] = defaultdict(list)
        for one in self.counted.values():
            self._numbers[one.limit.each or "ever"].append(one.number)
        self._tables: dict[tuple[Each, date], tuple[Period, Frame]] = {}
        self._last: dict[Each, tuple[Period, Frame]] = {}
        self._newest = self._tidied = date.min

    def forget(self) -> None:
        """Forget all: credits have changed in a way that was not told."""
        self.frames.clear()
        self._tables.clear()
        self._last.clear()
        self._newest = self._tidied = date.min

    @property
    def oldest(self) -> date:
        """The first day that complete counters still answer for."""
        return self._newest - self._kept if self._newest > date.min + self._kept else date.min

    def frame(self, day: date) -> Frame:
        """The tables of the periods that hold a day."""
        return self.frames.get(day) or self._framed(day)

    def reach(self, day: date) -> None:
        """Deeds have come to this day: drop the periods that are over long enough."""
        if day > self._newest:
            self._newest = day
            if (oldest := self.oldest) - self._tidied >= _TIDIED:
                self._drop(oldest)
                self._tidied = oldest

    def used(self, limit: Limit, unit: str, facts: Facts) -> int | None:
        """What is used of a limit for this deed; None if it is not counted or not known."""
        counted = self.counted.get((limit.code, unit))
        if counted is None or facts.doers > 1:
            return None
        found = self.frame(facts.counts_on)[counted.number].get(whos_of(facts)[counted.per])
        return 0 if found is None and self.is_complete else found

    def learn(self, limit: Limit, unit: str, facts: Facts, used: int) -> None:
        """Remember what adding up the credits has given."""
        counted = self.counted.get((limit.code, unit))
        if counted is not None and facts.doers == 1:
            self.frame(facts.counts_on)[counted.number][whos_of(facts)[counted.per]] = used

    def add(self, credits: Iterable[Credit]) -> None:
        """Count credits that were just written. What was never asked for is left to be learned."""
        for credit in credits:
            day = date.fromisoformat(credit.day)
            self.reach(day)
            frame = self.frame(day)
            whos = _whos(credit.doer, credit.holder, credit.household, credit.area)
            for counted in (*self._by_rule.get(credit.rule, ()), *self._general):
                self.count(counted, frame, whos, counted.measure(credit))

    def count(self, counted: Counted, frame: Frame, whos: Whos, amount: int) -> None:
        """Add to what is known of a limit's use; what is not known is left to be learned."""
        table, people = frame[counted.number], [whos[counted.per]]
        if counted.per == _HOUSEHOLD and isinstance(people[0], str):
            people.append((str(whos[1]),))
        for who in people:
            if amount and who is not None and (self.is_complete or who in table):
                table[who] = table.get(who, 0) + amount

    def _framed(self, day: date) -> Frame:
        frame: list[Table] = [{}] * len(self.counted)
        for each, numbers in self._numbers.items():
            for number, table in zip(numbers, self._tables_of(each, day), strict=True):
                frame[number] = table
        self.frames[day] = found = tuple(frame)
        return found

    def _tables_of(self, each: Each, day: date) -> Frame:
        """The tables of the period that holds a day, one for each limit that is counted in it."""
        if (last := self._last.get(each)) and day in last[0]:
            return last[1]
        period = self.calendar.period(day, each)
        found = self._tables.get((each, period.first))
        if found is None:
            found = self._tables[each, period.first] = (
                period, tuple({} for _ in self._numbers[each]))
        self._last[each] = found
        return found[1]

    def _drop(self, oldest: date) -> None:
        self._last.clear()
        for key in [key for key, (period, _) in self._tables.items() if period.last < oldest]:
            del self._tables[key]
        for day in [day for day in self.frames if day < oldest]:
            del self.frames[day]


def whos_of(facts: Facts) -> Whos:
    """Whom a deed counts for."""
    return _whos(facts.doer, facts.holder, facts.household, facts.area)


def _whos(doer: str, holder: str, household: str, area: str) -> Whos:
    # Somebody without a household stands alone, with all that the own passbook was credited.
    return (doer, holder, household or (holder,), area or None, "")


def counted_limits(rulebook: Rulebook) -> dict[tuple[str, str], Counted]:
    """How each limit that can be counted is counted, by its code and unit."""
    found: dict[tuple[str, str], Counted] = {}
    units = [point_unit(kind.code) for kind in rulebook.kinds]
    for limit in rulebook.limits:
        if not _is_counted(rulebook, limit):
            continue
        for unit in units if limit.of == "points" else [""]:
            found[limit.code, unit] = Counted(len(found), limit, unit, PER.index(limit.per))
    return found


def _is_counted(rulebook: Rulebook, limit: Limit) -> bool:
    if limit.within is not None or limit.same or limit.per == "deed":
        return False
    rules = [rule for rule in rulebook.rules if rule.code in rulebook.rules_under(limit)]
    if any(rule.deduction for rule in rules):
        return False
    # A deed counts as done once, however many of its stages are paid.
    return limit.of == "points" or not any(rule.stages for rule in rules)
