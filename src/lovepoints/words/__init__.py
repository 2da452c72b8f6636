"""Every sentence that a person reads, in Chinese and English, as data.

One module a subject: `refusals`, `rulefile`, `steps`, `command`, `papers`. Each holds dicts of
code -> (zh, en) templates; `say` fills one in. Codes and facts are the contract, not the words.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

LANGUAGES = ("zh", "en")
Table = Mapping[str, tuple[str, str]]


def language(lang: str | None = None) -> str:
    """`lang` if given, else by LOVEPOINTS_LANG, LC_ALL, LC_MESSAGES, LANG; English otherwise."""
    if lang is not None:
        if lang not in LANGUAGES:
            raise ValueError(f'lang must be "zh" or "en", not {lang!r}')
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
    template = table[code][LANGUAGES.index(language(lang))]
    return template.format_map(_Facts(facts))


def refusal(code: str, facts: Mapping[str, Any], lang: str | None = None) -> str:
    """The sentence of a refusal."""
    from lovepoints.words.refusals import REFUSALS

    return say(REFUSALS, code, facts, lang)
