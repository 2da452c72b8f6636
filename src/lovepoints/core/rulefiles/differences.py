"""What a new rulebook says otherwise than an old one: the text of the rules, not their effect.

What changes for whom is found by playing cases under both; that is the business of `checking`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import attrs

from lovepoints.core import points
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.fields import Field, fields_of, is_model
from lovepoints.core.rulefiles.places import Path
from lovepoints.core.rulefiles.scalars import written
from lovepoints.core.rulefiles.walking import dotted
from lovepoints.core.rulefiles.writing import inline


@attrs.frozen(kw_only=True)
class Difference:
    """One change. `setting` is its path as `parse(settings=...)` takes it: "rule.patrol.points".

    `code`: "added" or "removed" for a table with a code (`noun` says what it is, `title` its
    title), "moved" when only the order of such tables changed, "changed" for a single setting
    from `before` to `after` (as written in a file; "" for nothing).
    """

    code: Literal["added", "removed", "moved", "changed"]
    setting: str
    noun: str = ""
    title: str = ""
    before: str = ""
    after: str = ""

    def sentence(self, lang: str | None = None) -> str:
        """The change as a sentence in `lang` ("zh" or "en"; left out: the program's language)."""
        from lovepoints.words.differences import sentence

        return sentence(self.code, self.setting, self.noun, self.title, self.before, self.after,
                        lang)

    def __str__(self) -> str:
        return self.sentence()


def differences(new: Rulebook, old: Rulebook) -> tuple[Difference, ...]:
    """Every change from `old` to `new`, in the order of a rulebook file; none if they are equal.

    >>> from lovepoints.core.rulefiles.rulefile import parse
    >>> old = 'title="x"\\neffective=2026-01-01\\nrule=[{code="a", title="b", points=5}]'
    >>> new = old.replace("points=5", "points=8")
    >>> for each in differences(parse(new).rulebook, parse(old).rulebook):
    ...     print(each.sentence("en"))
    rule a (b): points 5 -> 8
    """
    return tuple(_of_models(_Pair(new, old), new, old, (), (), ("", "")))


@attrs.frozen
class _Pair:
    """Both rulebooks, for the paths of what changed."""

    new: Rulebook
    old: Rulebook


def _of_models(
    pair: _Pair, new: Any, old: Any, at: Path, was_at: Path, owner: tuple[str, str],
) -> Iterator[Difference]:
    """The changes between two values of one class."""
    for field in fields_of(type(new)):
        after, before = getattr(new, field.name), getattr(old, field.name)
        if after == before:
            continue
        here, there = (*at, field.name), (*was_at, field.name)
        if _is_coded(after) or _is_coded(before):
            yield from _of_tables(pair, after, before, here, there, owner)
        elif _can_be_walked(after, before):
            yield from _of_models(pair, after, before, here, there, owner)
        else:
            yield Difference(
                code="changed", setting=dotted(pair.new, here), noun=owner[0], title=owner[1],
                before=_said(before, field), after=_said(after, field),
            )


def _of_tables(
    pair: _Pair, new: tuple[Any, ...], old: tuple[Any, ...], at: Path, was_at: Path,
    owner: tuple[str, str],
) -> Iterator[Difference]:
    """The changes between two arrays of tables that have codes."""
    now = {each.code: i for i, each in enumerate(new)}
    then = {each.code: i for i, each in enumerate(old)}
    for code, i in then.items():
        if code not in now:
            yield _whole("removed", pair.old, old[i], (*was_at, i))
    for code, i in now.items():
        if code not in then:
            yield _whole("added", pair.new, new[i], (*at, i))
        else:
            each = new[i]
            # A stage is told as a part of its rule.
            owns = (type(each).__name__.lower(), each.title or code) if len(at) == 1 else owner
            yield from _of_models(pair, each, old[then[code]], (*at, i), (*was_at, then[code]),
                                  owns)
    if [code for code in then if code in now] != [code for code in now if code in then]:
        yield Difference(code="moved", setting=dotted(pair.new, at),
                         before=", ".join(then), after=", ".join(now))


def _whole(
    code: Literal["added", "removed"], rulebook: Rulebook, value: Any, path: Path,
) -> Difference:
    said = inline(value, without=("code", "title"))
    return Difference(
        code=code, setting=dotted(rulebook, path), noun=type(value).__name__.lower(),
        title=value.title, before=said if code == "removed" else "",
        after=said if code == "added" else "",
    )


def _is_coded(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and hasattr(value[0], "code")


def _can_be_walked(after: Any, before: Any) -> bool:
    """Whether both are values of one class with several settings, so that each is told alone."""
    if type(after) is not type(before) or not is_model(type(after)):
        return False
    return not isinstance(after, points.Fixed | points.Graded)


def _said(value: Any, field: Field) -> str:
    if value is None or value in ((), {}, ""):
        return ""
    if isinstance(value, str):
        return value
    if is_model(type(value)) or isinstance(value, tuple | Mapping):
        return inline(value, field)
    plain = written(value, field)
    return str(plain).lower() if isinstance(plain, bool) else str(plain)
