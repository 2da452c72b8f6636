"""The `lovepoints` command; its verbs stand in `commands.py`."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from lovepoints.cli.commands import tree
from lovepoints.cli.spoken import Tree
from lovepoints.words import LANGUAGES, language

__all__ = ["build", "main"]


def main(args: Sequence[str] | None = None) -> None:
    """Run the command and end the program with its exit code: 0 fine; 1 a difference, a refusal
    or damage; 2 a wrong call."""
    given = sys.argv[1:] if args is None else list(args)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A screen that cannot show a character gets a question mark instead of a traceback.
            stream.reconfigure(errors="replace")
    build(language_of(given)).main(given, prog_name="lovepoints")


def build(lang: str | None = None) -> Tree:
    """All commands, with help and messages in `lang` ("zh" or "en"; left out: by locale)."""
    return tree(language(lang))


def language_of(args: Sequence[str]) -> str | None:
    """The language that the arguments ask for, read ahead because help is written in it."""
    for place, argument in enumerate(args):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else (
            args[place + 1] if argument == "--lang" and place + 1 < len(args) else "")
        if value in LANGUAGES:
            return value
    return None
