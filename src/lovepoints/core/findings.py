"""What a verification finds: problems with codes and facts, and the verdict over all of them."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from lovepoints.core.checkpoints import Comparison
from lovepoints.words import say
from lovepoints.words.verifying import FINDINGS

PROBLEMS_MAX = 100
"""So many problems are listed; a book with more is as damaged as it gets."""


@attrs.frozen
class Problem:
    """One thing that does not hold. `seq` is the entry it was met at (0: none in particular);
    code and facts are the contract, the sentence may improve."""

    seq: int
    code: str
    facts: Mapping[str, int | str] = attrs.field(factory=dict)

    @property
    def what(self) -> str:
        """The finding as a sentence in English, as errors carry it."""
        return self.sentence("en")

    def sentence(self, lang: str | None = None) -> str:
        """The finding as a sentence in `lang`."""
        return say(FINDINGS, self.code, self.facts, lang)


@attrs.frozen(kw_only=True)
class Verification:
    """What a verification found. `problems` is empty for a book that agrees with itself, else
    the first bad entry comes first; `against` is what each checkpoint from outside says, `rated`
    how many awards were rated again, if that was asked for."""

    entries: int
    root: bytes
    problems: tuple[Problem, ...] = ()
    against: tuple[Comparison, ...] = ()
    rated: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether the book agrees with itself. Only `holds` says that it is the book of then."""
        return not self.problems

    @property
    def holds(self) -> bool:
        """Whether nothing was found, neither inside nor by any checkpoint from outside."""
        return self.is_sound and all(one.outcome == "holds" for one in self.against)
