"""What a new rulebook changes: its settings, and for whom its cases come out otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from lovepoints.checking.game import Game
from lovepoints.checking.looking import standing
from lovepoints.checking.playing import play
from lovepoints.checking.reporting import cases_of, read
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.cases import Case, Expect
from lovepoints.core.rulefiles.differences import Difference as Change
from lovepoints.core.rulefiles.differences import differences
from lovepoints.core.rulefiles.rulefile import RuleFile, parse
from lovepoints.core.rulefiles.writing import dump
from lovepoints.errors import RulebookError
from lovepoints.words import language, say
from lovepoints.words.checking import CHANGES


@attrs.frozen(kw_only=True)
class CaseChange:
    """A case of either file that comes out otherwise under the new rulebook.

    `what`: "deed 2", "balance of A (积分)", "row 3" ...; `before` and `after` as people read them.
    """

    case: str
    what: str
    number: int = 0
    before: str
    after: str

    def sentence(self, lang: str | None = None) -> str:
        """The change as a sentence in `lang`."""
        lang = language(lang)
        what = say(CHANGES, f"what_{self.what}", {"number": self.number}, lang)
        return say(CHANGES, "case", {"case": self.case, "what": what, "before": self.before,
                                     "after": self.after}, lang)


@attrs.frozen(kw_only=True)
class Comparison:
    """What `compare` found: changed settings, and cases that come out otherwise."""

    changes: tuple[Change, ...]
    cases: tuple[CaseChange, ...]

    def lines(self, lang: str | None = None) -> Iterator[str]:
        """The comparison as sentences; one that says so if nothing changes."""
        for change in self.changes:
            yield change.sentence(lang)
        for case in self.cases:
            yield case.sentence(lang)
        if not self.changes and not self.cases:
            yield say(CHANGES, "same", {}, lang)

    def to_json(self, lang: str | None = None) -> dict[str, Any]:
        """The comparison as plain values, for programs."""
        return {
            "changes": [{**attrs.asdict(one), "sentence": one.sentence(lang)}
                        for one in self.changes],
            "cases": [{**attrs.asdict(one), "sentence": one.sentence(lang)}
                      for one in self.cases],
        }


def compare(new: str | Path, old: str | Path) -> Comparison:
    """What changes from the rulebook `old` to `new` (paths or texts): the settings, and what the
    cases of both files get under either, as if each were in force since the earlier effective
    day of the two. Readings are not played.

    Raises:
        RulebookError: one of the files has problems; all of them are in it.
    """
    newer, older = _parsed(new), _parsed(old)
    cases: dict[str, Case] = {}
    for file in (newer, older):
        for case in _playable(file):
            cases.setdefault(case.title, case)
    since = min(newer.rulebook.effective, older.rulebook.effective)
    new_then, old_then = _in_force_since(newer, since), _in_force_since(older, since)
    return Comparison(
        changes=differences(newer.rulebook, older.rulebook),
        cases=tuple(change for case in cases.values()
                    for change in _changed(case, new_then, old_then)),
    )


def _parsed(source: str | Path) -> RuleFile:
    text, name = read(source)
    return parse(text, name=name)


def _in_force_since(file: RuleFile, day: date) -> Rulebook:
    """The rulebook, in force from a day on: a case of March must not be refused by the July one
    for its date alone, or nobody sees what changed."""
    if file.rulebook.effective == day:
        return file.rulebook
    return parse(dump(file.rulebook), file.name, {"effective": day}).rulebook


def _playable(file: RuleFile) -> tuple[Case, ...]:
    cases, problems = cases_of(file)
    if problems:
        raise RulebookError(problems)
    return cases


def _changed(case: Case, new: Rulebook, old: Rulebook) -> Iterator[CaseChange]:
    """The rows and balances of a case that differ between two rulebooks."""
    # A case may speak of rules that only one of the two has; the other then refuses its rows.
    after, before = _played(case, new), _played(case, old)
    numbers = range(max(len(after), len(before)))
    for number in numbers:
        what, was = before[number]
        now = after[number][1]
        if was != now:
            yield CaseChange(case=case.title, what=what, number=number + 1, before=was, after=now)


def _played(case: Case, rulebook: Rulebook) -> list[tuple[str, str]]:
    """What came of each row of a case, as text: its points, or its refusal."""
    game = play(case, rulebook, _nothing)
    return [_outcome(game, number) for number in range(len(game.rows))]


def _outcome(game: Game, number: int) -> tuple[str, str]:
    one = game.rows[number]
    what = "deed" if one.row.do in ("deed", "report") else "row"
    if one.is_over:
        return what, one.refused or one.problem
    if what == "row":
        return what, "ok"
    stood = standing(game, one)
    amounts = {kind: amount for kind, amount in stood.kinds.items() if amount}
    return what, ", ".join(f"{_plain(amount)} {game.rulebook.kind(kind).title}"
                           for kind, amount in amounts.items()) or "0"


def _nothing(game: Game, expect: Expect, line: int) -> None:
    pass


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize() + 0:f}"
