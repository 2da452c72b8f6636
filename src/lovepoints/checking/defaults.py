"""The settings that a rulebook left to their defaults, one aligned line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lovepoints.core.rulefiles.problems import Finding, columns
from lovepoints.words import say
from lovepoints.words.checking import REPORT
from lovepoints.words.rulefile import left_open

CODE = "left_to_default"
"""The finding that a setting was left open."""
_MOST = 44
"""Names longer than this do not push the meanings of all others to the right."""


def settings_left(
    name: str, findings: Sequence[Finding], lang: str | None = None,
) -> Iterator[str]:
    """A heading with the remedy, then a line for each setting: its default, and what it means."""
    left = [left_open(one.facts, lang) for one in findings if one.code == CODE]
    if not left:
        return
    yield say(REPORT, "defaults", {"name": name, "count": len(left)}, lang)
    wide = max((size for said, _ in left if (size := columns(said)) <= _MOST), default=_MOST)
    for said, meaning in left:
        yield f"  {said}{' ' * max(0, wide - columns(said))}  {meaning}"
