"""Every story in `examples/` runs and prints exactly what stands beside it.

`LOVEPOINTS_REWRITE=1 pytest tests/examples` writes the outputs anew; read the difference before
you commit it.
"""

from __future__ import annotations

import ast
import os
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
STORIES = sorted(EXAMPLES.glob("*.py"))


def _name(path: Path) -> str:
    return path.stem


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> (
        Callable[[Path, str], str]):
    """Run a story as a program in an empty folder and return what it printed."""
    def played(story: Path, lang: str) -> str:
        monkeypatch.setenv("LOVEPOINTS_LANG", lang)
        runpy.run_path(str(story), run_name="__main__")
        return capsys.readouterr().out

    monkeypatch.chdir(tmp_path)
    return played


@pytest.mark.parametrize("story", STORIES, ids=_name)
def test_a_story_prints_what_stands_beside_it(
    story: Path, play: Callable[[Path, str], str], tmp_path: Path,
) -> None:
    """A story's printed output is the one that is kept, in whatever language the machine speaks,
    and a story leaves nothing behind."""
    kept = story.with_suffix(".out.txt")
    if os.environ.get("LOVEPOINTS_REWRITE"):
        kept.write_text(play(story, "en"), encoding="utf-8")

    printed = [play(story, lang) for lang in ("zh", "en")]

    assert [kept.read_text(encoding="utf-8")] * 2 == printed
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("story", STORIES, ids=_name)
def test_a_story_says_who_does_what(story: Path) -> None:
    """A story begins with a docstring of some sentences and is short enough to be read."""
    text = story.read_text(encoding="utf-8")

    told = ast.get_docstring(ast.parse(text)) or ""

    assert told.count(".") >= 3
    assert text.count("\n") <= 160
    assert 'if __name__ == "__main__":' in text


def test_no_output_is_left_over() -> None:
    """Each kept output belongs to a story, and the index names every story."""
    kept = {path.name.removesuffix(".out.txt") for path in EXAMPLES.glob("*.out.txt")}
    index = (EXAMPLES / "README.md").read_text(encoding="utf-8")

    assert {story.stem for story in STORIES} == kept
    assert [] == [story.name for story in STORIES if f"({story.name})" not in index]
