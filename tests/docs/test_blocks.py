"""Nothing stands in the docs that does not run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, Runner, blocks_of, name_of

KNOWN = {"", "python", "output", "sh", "toml", "json", "text"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_of_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The blocks of a page run one after the other, and print what the page says they print."""
    lang = "zh" if page.stem == "zh" else "en"
    monkeypatch.setenv("LOVEPOINTS_LANG", lang)
    monkeypatch.chdir(tmp_path)
    os.symlink(ROOT / "examples", tmp_path / "examples")
    runner = Runner(page, lang)

    for block in blocks_of(page):
        runner.run(block)

    assert set() == {block.language for block in blocks_of(page)} - KNOWN


def test_the_readme_opens_with_the_two_commands_that_do_all() -> None:
    """The first block of the README is two lines: one for the demo, one for the tests, and the
    second one is what CI runs."""
    first = next(iter(blocks_of(ROOT / "README.md")))
    command = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    demo, tests = first.text.splitlines()

    assert "sh" == first.language
    assert demo.endswith("lovepoints demo")
    assert tests.endswith("python -m pytest")
    assert "grep -m 1 'python -m pytest$' README.md" in command
