"""Pages of Markdown as a test sees them: fenced blocks in order, run in one namespace a page.

- `python`: run; a block that begins with `>>>` is a session whose answers are compared.
- `output`: what the block before it printed; `...` stands for anything.
- `sh`: each `lovepoints ...` line is run, each `python examples/...` line too; the word CODE in
  it is the code of a checkpoint that the page printed last.
- `toml` and `json`: must be read without a complaint.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import re
import runpy
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs

from lovepoints.cli import build

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "examples" / "README.md", *sorted(ROOT.glob("docs/**/*.md")))
SETUP = ("python3 -m venv ", "pip install ")
"""How lines of the shell begin that set a machine up; `.ci/run` carries them out."""
_CODE = re.compile(r"^ *([0-9]+(?:-[0-9A-Z]{4}){7}-[0-9]{2})$", re.MULTILINE)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@attrs.frozen
class Block:
    """A fenced block: its language ("" for none), its text, and the line of its first line."""

    language: str
    text: str
    line: int


def name_of(page: Path) -> str:
    """A page as its path from the root."""
    return page.relative_to(ROOT).as_posix()


def blocks_of(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        yield Block(match[1], match[2], text.count("\n", 0, match.start(2)) + 1)


@attrs.define
class Runner:
    """Runs the blocks of one page in the current folder."""

    page: Path
    lang: str
    printed: str = ""
    code: str = "CODE"
    namespace: dict[str, Any] = attrs.field(factory=lambda: {"__name__": "__main__"})

    def run(self, block: Block) -> None:
        """Run one block; an AssertionError or the block's own error names its line."""
        run: dict[str, Callable[[Block], None]] = {
            "python": self._python, "sh": self._shell, "output": self._output,
            "toml": lambda one: _read(tomllib.loads, one),
            "json": lambda one: _read(json.loads, one),
        }
        if block.language in run:
            run[block.language](block)

    def _python(self, block: Block) -> None:
        if block.text.startswith(">>>"):
            self._session(block)
            return
        # Blank lines ahead, so that a traceback names the line of the page.
        code = compile("\n" * (block.line - 1) + block.text, str(self.page), "exec")
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(code, self.namespace)
        self.printed = out.getvalue()

    def _session(self, block: Block) -> None:
        test = doctest.DocTestParser().get_doctest(
            block.text, self.namespace, name_of(self.page), str(self.page), block.line - 1)
        report = io.StringIO()
        doctest.DocTestRunner(verbose=False, optionflags=_FLAGS).run(
            test, out=report.write, clear_globs=False)
        self.namespace.update(test.globs)
        assert "" == report.getvalue(), report.getvalue()

    def _output(self, block: Block) -> None:
        same = doctest.OutputChecker().check_output(block.text, self.printed, _FLAGS)
        assert same or block.text == self.printed, (
            f"{name_of(self.page)}:{block.line} printed\n{self.printed}")

    def _shell(self, block: Block) -> None:
        self.printed = ""
        for number, line in enumerate(block.text.splitlines(), start=block.line):
            words = [self.code if word == "CODE" else word
                     for word in shlex.split(line, comments=True)]
            if words[:1] == ["lovepoints"]:
                self.printed += self._command(words[1:], f"{name_of(self.page)}:{number}")
            elif words[:1] == ["python"] and words[1].startswith("examples/"):
                self.printed += self._program(words[1:])
            else:
                assert not words or line.startswith(SETUP), f"{name_of(self.page)}:{number}"
            self.code = [self.code, *_CODE.findall(self.printed)][-1]

    def _program(self, words: list[str]) -> str:
        before = sys.argv, sys.path
        sys.argv, sys.path = words, [str(Path(words[0]).parent), *sys.path]
        try:
            with contextlib.redirect_stdout(io.StringIO()) as out:
                runpy.run_path(words[0], run_name="__main__")
        finally:
            sys.argv, sys.path = before
        return out.getvalue()

    def _command(self, words: list[str], where: str) -> str:
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")  # a screen that shows all letters
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = build(self.lang).run(words)
        out.seek(0)
        printed = out.read()
        assert 0 == code, f"{where}: exit code {code}: {printed}"
        return printed


def _read(reader: Callable[[str], object], block: Block) -> None:
    try:
        reader(block.text)
    except ValueError as error:
        raise AssertionError(f"line {block.line}: {error}") from error
