"""The changes between two rulebooks as sentences, and what the keys are called in Chinese."""

from __future__ import annotations

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


def sentence(  # one change, as its `Difference` holds it
    code: str, setting: str, noun: str, title: str, before: str, after: str, lang: str | None,
) -> str:
    """One change in words."""
    lang = language(lang)
    column = LANGUAGES.index(lang)
    parts = setting.split(".")
    facts = {
        "noun": say(TERMS, noun, {}, lang) if noun in TERMS else noun,
        "code": parts[-1 if code in ("added", "removed") else 1] if noun else "",
        "title": title, "setting": setting,
        "before": before or _NOTHING[column], "after": after or _NOTHING[column],
        "label": label(parts[2:] if noun else parts, lang),
    }
    facts["owner"] = _OWNER[column].format_map(facts) if noun else ""
    return say(SENTENCES, code, facts, lang)


def label(keys: list[str], lang: str) -> str:
    """A path of keys in words: the keys themselves in English, their names in Chinese."""
    if lang == "en":
        return ".".join(keys)
    return "·".join(LABELS.get(key, key) for key in keys)
