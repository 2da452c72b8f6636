"""Every paper, letter by letter, in both languages."""

from __future__ import annotations

import pytest

from lovepoints.words import LANGUAGES
from tests.papers.golden import GOLDEN, PAPERS
from tests.papers.village import Village


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAPERS)
def test_paper_is_as_kept(name: str, lang: str, lived: Village) -> None:
    """A paper of the village is exactly the one that somebody looked at and kept."""
    kept = (GOLDEN / f"{name}.{lang}.txt").read_text(encoding="utf-8")

    paper = PAPERS[name](lived, lang)

    assert kept == paper + "\n"


def test_every_kept_paper_is_compared() -> None:
    """No golden file is left over from a paper that is no longer printed."""
    expected = {f"{name}.{lang}.txt" for name in PAPERS for lang in LANGUAGES}

    assert expected == {path.name for path in GOLDEN.iterdir()}
