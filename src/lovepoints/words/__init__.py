"""Every sentence that a person reads, in Chinese and English, as data.

One module a subject: `refusals`, `rulefile`, `steps`, `command`, `papers`. Each holds dicts of
code -> (zh, en) templates; `say` fills one in. Codes and facts are the contract, not the words.
A part of a template between ⟦ and ⟧ is left out when one of its facts is not known.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from string import Formatter
from typing import Any

from lovepoints.errors import brief

LANGUAGES = ("zh", "en")
Table = Mapping[str, tuple[str, str]]
_OPTIONAL = re.compile("⟦([^⟧]*)⟧")


def language(lang: str | None = None) -> str:
    """`lang` if given, else by LOVEPOINTS_LANG, LC_ALL, LC_MESSAGES, LANG; English otherwise."""
    if lang is not None:
        if lang not in LANGUAGES:
            raise ValueError(f'lang must be "zh" or "en", not {brief(lang)}')
        return lang
    for name in ("LOVEPOINTS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


class _Facts(dict[str, Any]):  # Any: facts of many types
    def __missing__(self, name: str) -> str:
        return "—"


def say(table: Table, code: str, facts: Mapping[str, Any], lang: str | None = None) -> str:
    """The sentence of `code` in `table`, filled with `facts`; a missing fact reads "—"."""
    spoken = language(lang)
    shown = {name: _listed(fact, spoken) for name, fact in facts.items()}
    template = _OPTIONAL.sub(lambda part: _if_known(part[1], shown),
                             table[code][LANGUAGES.index(spoken)])
    return template.format_map(_Facts(shown))


def _if_known(part: str, facts: Mapping[str, Any]) -> str:
    names = [name for _, name, _, _ in Formatter().parse(part) if name]
    return part if all(facts.get(name, "") != "" for name in names) else ""


def _listed(fact: Any, spoken: str) -> Any:  # Any: lists become text, the rest stays
    """A list as people write it; of things with a title the titles."""
    if not isinstance(fact, list | tuple):
        return fact
    words = (str(one["title"] if isinstance(one, Mapping) and "title" in one else one)
             for one in fact)
    return ("、" if spoken == "zh" else ", ").join(words)


def refusal(code: str, facts: Mapping[str, Any], lang: str | None = None) -> str:
    """The sentence of a refusal."""
    from lovepoints.words.refusals import FACTS, REFUSALS

    missing = facts.get("missing")
    if isinstance(missing, list | tuple):
        named = [say(FACTS, one, {}, lang) if one in FACTS else one for one in missing]
        facts = {**facts, "missing": named}
    return say(REFUSALS, code, facts, lang)
