"""The rulebook reference tells every key, truly, and every example in it runs."""

from __future__ import annotations

import doctest
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from lovepoints.core.rulefiles.fields import (
    MONTH_DAY,
    Field,
    all_models,
    choices_of,
    fields_of,
    is_model,
    plain_type,
)
from lovepoints.core.rulefiles.lint import SEVERITIES, lint
from lovepoints.core.rulefiles.places import Path as KeyPath
from lovepoints.core.rulefiles.rulefile import RuleFile, parse
from lovepoints.core.rulefiles.scalars import written
from lovepoints.core.rulefiles.settings import QUESTIONS
from lovepoints.core.rulefiles.walking import found_at
from lovepoints.words.lint import FINDING_REMEDIES, FINDINGS
from lovepoints.words.rulefile import PROBLEMS, REMEDIES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rulebook.md"
TEXT = PAGE.read_text(encoding="utf-8")
HEAD, *FRAGMENTS = re.findall(r"^```toml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| ([^|]+) \| (.+) \|$", re.MULTILINE)


def sections() -> dict[str, str]:
    """The text of every section by its heading."""
    parts = re.split(r"^###? (.+)$", TEXT, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def completed(fragment: str) -> str:
    """The fragment in the rulebook that the page states; what it says itself, it says instead."""
    said = tomllib.loads(fragment)
    top, *tables = re.split(r"^(?=\[\[)", HEAD, flags=re.MULTILINE)
    lines = [line for line in top.splitlines() if line.split(" ")[0] not in said]
    rest = []
    for table in tables:
        ((noun, (raw,)),) = tomllib.loads(table).items()
        if raw["code"] not in {each.get("code") for each in said.get(noun, ())}:
            rest.append(table)
    return "\n".join(lines) + "\n" + fragment + "\n" + "".join(rest)


def stated(file: RuleFile, fragment: str) -> set[tuple[str, str]]:
    """Class and key of everything that the lines of the fragment itself say."""
    first = file.text[: file.text.index(fragment)].count("\n") + 1
    last = first + fragment.count("\n")
    return {
        (type(found_at(file.rulebook, path[:-1])).__name__, str(path[-1]))
        for path, node in file.nodes.items()
        if path and isinstance(path[-1], str) and not node.setting
        and first <= file.places.key(node.path).line <= last and _is_attribute(file, path)
    }


def _is_attribute(file: RuleFile, path: KeyPath) -> bool:
    return is_model(type(found_at(file.rulebook, path[:-1])))


@pytest.mark.parametrize("fragment", [HEAD, *FRAGMENTS], ids=lambda text: text.split("\n")[0])
def test_every_example_runs(fragment: str) -> None:
    """Each TOML block of the page is a rulebook, or becomes one in the stated frame."""
    text = fragment if fragment is HEAD else completed(fragment)

    file = parse(text)

    assert [] == [str(each) for each in lint(file) if each.severity == "error"]


def test_every_key_has_an_example() -> None:
    """Every attribute of every class of the model is said by some example of the page."""
    shown: set[tuple[str, str]] = set()
    for fragment in FRAGMENTS:
        shown |= stated(parse(completed(fragment)), fragment)

    keys = {(cls.__name__, field.name) for cls in all_models() for field in fields_of(cls)}

    assert set() == keys - shown


@pytest.mark.parametrize("cls", all_models(), ids=lambda cls: cls.__name__)
def test_every_key_is_in_the_table_of_its_class(cls: type[Any]) -> None:
    """The table of a class lists its keys in order, each with its choices and its true default."""
    rows = {key: (value, left_out) for key, value, left_out, _ in
            ROW.findall(sections()[cls.__name__])}

    assert [field.key for field in fields_of(cls)] == list(rows)
    for field in fields_of(cls):
        value, left_out = rows[field.key]
        assert default_of(field) == left_out.strip(), field.key
        for choice in choices_of(plain_type(field.type)):
            assert not choice or f'"{choice}"' in value, field.key


def default_of(field: Field) -> str:
    """What the page says of a key that is left out."""
    value = field.default
    if field.is_required:
        return "**required**"
    if value is None or value in ((), {}, ""):
        return "—"
    first = value[0] if isinstance(value, tuple) else value
    if is_model(type(first)):
        return "its defaults"
    if isinstance(value, tuple) and plain_type(field.type) != MONTH_DAY:
        return f"`{json.dumps(value)}`"
    plain = written(value, field)
    if isinstance(plain, bool | int) or type(value).__name__ == "Decimal":
        return f"`{str(plain).lower()}`"
    return f'`"{plain}"`'


def test_every_open_question_is_listed() -> None:
    """The thirty open questions are numbered as the linter numbers them, with keys that exist."""
    section = sections()["Settings that real texts leave open"]
    rows = dict(re.findall(r"^\| (\d+) \| (.+) \|$", section, re.MULTILINE))

    assert [str(number) for number in range(1, 31)] == list(rows)
    for name, number in QUESTIONS.items():
        key = name.split(".")[1]
        assert key in rows[str(number)], name


def test_the_python_examples_run() -> None:
    """What the page shows of the library is what the library does."""
    result = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")

    assert 0 < result.attempted
    assert 0 == result.failed


def test_every_code_is_in_the_catalogue() -> None:
    """The catalogue says each problem and each finding as the program says it."""
    text = (PAGE.parent / "problems.md").read_text(encoding="utf-8")
    problems = {code: (en, REMEDIES[code][1]) for code, (_, en) in PROBLEMS.items()}
    findings = {code: (en, FINDING_REMEDIES[code][1]) for code, (_, en) in FINDINGS.items()}
    rows = {row.split("`")[1]: row for row in text.splitlines() if row.startswith("| `")}

    assert problems.keys() | findings.keys() == rows.keys()
    for code, sentences in (problems | findings).items():
        assert all(sentence in rows[code] for sentence in sentences), code
    for code in findings:
        assert f"| {SEVERITIES.get(code, 'warning')} |" in rows[code], code
