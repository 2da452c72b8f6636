"""One rulebook file checked: its problems, the linter's findings, and every case played."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from lovepoints.checking import defaults
from lovepoints.checking.game import Game
from lovepoints.checking.looking import differing
from lovepoints.checking.playing import play
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.case_file import read_cases
from lovepoints.core.rulefiles.cases import Case, Expect, Reading
from lovepoints.core.rulefiles.lint import lint
from lovepoints.core.rulefiles.problems import Finding, Problem, Severity
from lovepoints.core.rulefiles.rulefile import RuleFile, parse
from lovepoints.core.rulefiles.writing import dump
from lovepoints.errors import Refused, RulebookError
from lovepoints.words import language, say
from lovepoints.words.checking import DIFFERENCES, REPORT


@attrs.frozen(kw_only=True)
class Difference:
    """One way in which a case did not come out as it says.

    `code` and `facts` (always with `expected` and `actual`) are the contract. `line` is that of
    the row, the reading or the case whose expectation failed.
    """

    file: str
    line: int
    excerpt: str
    case: str
    reading: str = ""
    code: str
    facts: Mapping[str, Any]  # Any: text, whole numbers and lists of text

    @property
    def where(self) -> str:
        """`rules.toml:12`."""
        return f"{self.file}:{self.line}"

    def sentence(self, lang: str | None = None) -> str:
        """What differs, in `lang` ("zh" or "en"; left out: the program's language)."""
        lang = language(lang)
        return say(DIFFERENCES, self.code,
                   {name: _said(value, lang) for name, value in self.facts.items()}, lang)

    def text(self, lang: str | None = None) -> str:
        """Place, case, sentence and the line of the file: three lines."""
        name = "reading" if self.reading else "case"
        title = say(REPORT, name, {"case": self.case, "reading": self.reading}, lang)
        return f"{self.where}: {title}\n    {self.excerpt.strip()}\n  {self.sentence(lang)}"

    def __str__(self) -> str:
        return self.text()


@attrs.frozen(kw_only=True)
class CaseResult:
    """One case under one reading ("" for the rulebook as it stands)."""

    case: str
    reading: str = ""
    line: int = 0
    differences: tuple[Difference, ...] = ()

    @property
    def is_right(self) -> bool:
        """Everything came out as the case says."""
        return not self.differences


@attrs.frozen(kw_only=True)
class Report:
    """What `check` found in one file. `rulebook` is None if it cannot be read at all."""

    name: str
    rulebook: Rulebook | None = None
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    results: tuple[CaseResult, ...] = ()

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every difference of every case."""
        return tuple(one for result in self.results for one in result.differences)

    @property
    def is_right(self) -> bool:
        """No problem, no finding that is an error, and every case as it says."""
        errors = [one for one in self.findings if one.severity == "error"]
        return not (self.problems or errors or self.differences)

    def lines(
        self, lang: str | None = None, *, notes: bool = True, places: bool = False,
    ) -> Iterator[str]:
        """The report as paragraphs: problems, findings (`notes` too), differences, the count.

        Settings left to their defaults stand in one list, a line each; with `places` each is
        shown like every other finding, where it could be written.
        """
        levels: tuple[Severity, ...] = ("error", "warning", "note")
        shown = levels if notes else levels[:2]
        for problem in self.problems:
            yield problem.text(lang)
        for finding in self.findings:
            if finding.severity in shown and (places or finding.code != defaults.CODE):
                yield finding.text(lang)
        for difference in self.differences:
            yield difference.text(lang)
        if notes and not places:
            yield from defaults.settings_left(self.name, self.findings, lang)
        if self.rulebook:
            yield say(REPORT, "title", {"name": self.name, "title": self.rulebook.title,
                                        "effective": self.rulebook.effective}, lang)
            yield say(REPORT, "counts", {
                "cases": len({result.case for result in self.results}),
                "checks": len(self.results), "differences": len(self.differences)}, lang)

    def to_json(self, lang: str | None = None) -> dict[str, Any]:
        """The report as plain values, for programs."""
        return {
            "file": self.name, "is_right": self.is_right,
            "digest": self.rulebook.digest if self.rulebook else "",
            "problems": [_located(one, lang) for one in self.problems],
            "findings": [_located(one, lang) for one in self.findings],
            "cases": [{"case": one.case, "reading": one.reading, "line": one.line,
                       "is_right": one.is_right,
                       "differences": [{"line": each.line, "code": each.code,
                                        "facts": dict(each.facts),
                                        "sentence": each.sentence(lang)}
                                       for each in one.differences]}
                      for one in self.results],
        }


def check(
    source: str | Path, *, name: str = "", progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Check a rulebook: a file's path, or its text (anything with a line break in it).

    Never raises for what the file says: problems are in the report. `progress` is told how many
    of how many runs are done.

    Raises:
        OSError: the file cannot be read. UnicodeDecodeError: it is not UTF-8.
    """
    text, name = read(source, name)
    try:
        file = parse(text, name=name)
    except RulebookError as error:
        return Report(name=name, problems=error.problems)
    cases, problems = cases_of(file)
    runs, strange = runs_of(file, () if problems else cases)
    results = []
    for number, run in enumerate(() if strange else runs):
        results.append(checked(file, run))
        if progress:
            progress(number + 1, len(runs))
    return Report(name=name, rulebook=file.rulebook, problems=problems + strange,
                  findings=lint(file), results=tuple(results))


def read(source: str | Path, name: str = "") -> tuple[str, str]:
    """The text of a rulebook and the name to show for it."""
    if isinstance(source, str) and "\n" in source:
        return source, name or "rules.toml"
    path = Path(source)
    return path.read_text(encoding="utf-8-sig"), name or path.name


def cases_of(file: RuleFile) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """The cases of a file, and the problems in them (then the cases are not to be played)."""
    reader = file.reader()
    cases = read_cases(reader, [raw.node for raw in file.cases], file.rulebook)
    return cases, tuple(sorted(reader.problems, key=lambda one: (one.line, one.column)))


@attrs.frozen
class Run:
    """A case under one reading, with the rulebook that the reading's settings make."""

    case: Case
    reading: Reading
    rulebook: Rulebook


def runs_of(file: RuleFile, cases: Iterable[Case]) -> tuple[tuple[Run, ...], tuple[Problem, ...]]:
    """Every run of every case: as the rulebook stands (where that is certain), and each reading.

    Settings that lead nowhere are problems, located at their reading.
    """
    runs: list[Run] = []
    problems: list[Problem] = []
    # Settings are laid over the bare rules: the cases of a file need not be read again.
    bare = dump(file.rulebook)
    for case in cases:
        if case.certain:
            plain = Reading(title="", expect=case.expect, line=case.line)
            runs.append(Run(case, plain, file.rulebook))
        for reading in case.readings:
            try:
                rulebook = (parse(bare, file.name, reading.settings).rulebook
                            if reading.settings else file.rulebook)
            except RulebookError as error:
                problems += (attrs.evolve(one, line=reading.line) for one in error.problems)
            else:
                runs.append(Run(case, reading, rulebook))
    return tuple(runs), tuple(problems)


def checked(file: RuleFile, run: Run) -> CaseResult:
    """Play one run and compare."""
    case, reading = run.case, run.reading
    found: list[tuple[int, str, Mapping[str, Any]]] = []

    def look(game: Game, expect: Expect, line: int) -> None:
        found.extend((line, code, facts) for code, facts in differing(game, expect))

    try:
        game = play(case, run.rulebook, look, then=not reading.title)
        found += _refusals(game, reading.expect)
        found += ((reading.line, code, facts) for code, facts in differing(game, reading.expect))
    except (ValueError, TypeError, LookupError, Refused) as error:
        # What the case is about cannot even be set up: a name no code can have, an unknown zone.
        found.append((case.line, "not_played", {"what": str(error), "expected": "",
                                                "actual": ""}))
    return CaseResult(
        case=case.title, reading=reading.title, line=reading.line,
        differences=tuple(
            Difference(file=file.name, line=line, excerpt=file.places.line(line),
                       case=case.title, reading=reading.title, code=code, facts=facts)
            for line, code, facts in found))


def _refusals(game: Game, expect: Expect) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """Rows that were refused or accepted otherwise than they say."""
    for one in game.rows:
        wanted = one.row.refused
        if expect.refused is not None:
            wanted = expect.refused[one.number] if one.number < len(expect.refused) else ""
        if one.problem:
            yield one.line, "not_played", {"what": one.problem, "expected": wanted, "actual": ""}
        elif wanted != one.refused:
            yield one.line, "refused", {"expected": wanted, "actual": one.refused}


def _located(problem: Problem, lang: str | None) -> dict[str, Any]:
    return {"line": problem.line, "column": problem.column, "code": problem.code,
            "severity": problem.severity, "facts": dict(problem.facts),
            "sentence": problem.sentence(lang), "remedy": problem.remedy(lang)}


def _said(value: Any, lang: str) -> str:
    """A fact as a sentence shows it: nothing is "none", lists are joined."""
    if isinstance(value, list | tuple):
        value = ("、" if lang == "zh" else ", ").join(str(one) for one in value)
    return str(value) if value != "" else say(REPORT, "none", {}, lang)
