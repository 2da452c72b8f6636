"""The changes between two rulebooks as sentences, and what the keys are called in Chinese."""

from __future__ import annotations

from typing import Protocol

from lovepoints.words import LANGUAGES, Table, language, say
from lovepoints.words.labels import LABELS
from lovepoints.words.rulefile import TERMS

SENTENCES: Table = {
    "added": ("新增{noun}{code}（{title}）：{after}", "{noun} {code} ({title}) is new: {after}"),
    "removed": ("取消{noun}{code}（{title}）", "{noun} {code} ({title}) is gone; it was {before}"),
    "moved": ("{setting} 的顺序由 {before} 改为 {after}",
              "the order of {setting} was {before}, now {after}"),
    "changed": ("{owner}{label}由 {before} 改为 {after}", "{owner}{label} {before} -> {after}"),
}
_OWNER = ("{noun}{code}（{title}）：", "{noun} {code} ({title}): ")
_NOTHING = ("无", "nothing")


class Change(Protocol):
    """What a sentence is made of: a `lovepoints.core.differences.Difference`."""

    @property
    def code(self) -> str: ...
    @property
    def setting(self) -> str: ...
    @property
    def noun(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...


def sentence(change: Change, lang: str | None = None) -> str:
    """One change in words."""
    lang = language(lang)
    column = LANGUAGES.index(lang)
    noun = say(TERMS, change.noun, {}, lang) if change.noun in TERMS else change.noun
    parts = change.setting.split(".")
    code = parts[-1 if change.code in ("added", "removed") else 1] if change.noun else ""
    facts = {
        "noun": noun, "code": code, "title": change.title, "setting": change.setting,
        "before": change.before or _NOTHING[column], "after": change.after or _NOTHING[column],
        "label": label(parts[2:] if change.noun else parts, lang),
    }
    facts["owner"] = _OWNER[column].format_map(facts) if change.noun else ""
    return say(SENTENCES, change.code, facts, lang)


def label(keys: list[str], lang: str) -> str:
    """A path of keys in words: the keys themselves in English, their names in Chinese."""
    if lang == "en":
        return ".".join(keys)
    return "".join(LABELS.get(key, key) for key in keys)
