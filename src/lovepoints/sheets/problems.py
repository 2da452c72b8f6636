"""What is wrong with a row of a sheet, where it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from lovepoints.core.rulefiles.problems import visible
from lovepoints.errors import Code
from lovepoints.words import refusal
from lovepoints.words.sheets import describe

SHOWN_MAX = 40
"""The most characters of a cell that are repeated in a sentence."""


@attrs.frozen(kw_only=True)
class Problem:
    """One located problem. `code` and `facts` are the contract; sentences may improve.

    `line` counts from 1; 0 means the sheet as a whole. `column` is the title above the cell, ""
    for the whole row. `code` is one of a sheet's own, or the code of a refusal of the book.
    """

    file: str
    line: int = 0
    column: str = ""
    code: str
    facts: Mapping[str, Any] = attrs.field(factory=dict)  # Any: text, whole numbers, lists

    @property
    def where(self) -> str:
        """`deeds.csv:12: quantity`, or as much of it as there is."""
        return ": ".join(filter(None, (f"{self.file}:{self.line}" if self.line else self.file,
                                       self.column)))

    def sentence(self, lang: str | None = None) -> str:
        """What is wrong, in `lang` ("zh" or "en"; left out: the program's language)."""
        if self.code in list(Code):
            return visible(refusal(self.code, self.facts, lang))
        return describe(self.code, self.facts, lang)[0]

    def remedy(self, lang: str | None = None) -> str:
        """What to do about it; "" where the sentence says so itself."""
        return "" if self.code in list(Code) else describe(self.code, self.facts, lang)[1]

    def text(self, lang: str | None = None) -> str:
        """Place, sentence and remedy in one line."""
        joint = "；" if lang == "zh" else "; "
        said = joint.join(filter(None, (self.sentence(lang), self.remedy(lang))))
        return f"{self.where}: {said}"

    def __str__(self) -> str:
        return self.text()


def shown(value: str) -> str:
    """A cell as a sentence may repeat it: short, and with nothing invisible in it."""
    seen = visible(value[: SHOWN_MAX + 1])
    return seen if len(value) <= SHOWN_MAX else seen[: SHOWN_MAX - 1] + "…"
