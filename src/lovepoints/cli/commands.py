"""The tree of commands: their arguments, and who carries them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lovepoints import __version__
from lovepoints.cli import books, doctor, rulebooks, year
from lovepoints.cli.spoken import Tree, command, group
from lovepoints.cli.voice import help_text
from lovepoints.demo.plan import FOLDER, HOUSEHOLDS, HOUSEHOLDS_MOST, SEED
from lovepoints.papers.layout import COLUMNS_LEAST, COLUMNS_MOST
from lovepoints.words import say
from lovepoints.words.command import HELP

_FILE = click.Path(path_type=Path, dir_okay=True)


def tree(lang: str) -> Tree:
    """All commands in one language."""
    made = group(lang, __version__)

    def option(name: str, text: str, **more: Any) -> click.Option:  # Any: click's own arguments
        told = help_text(text, lang)
        if more.pop("show", False):
            told = say(HELP, "default", {"what": told, "default": more["default"]}, lang)
        return click.Option([name], help=told, **more)

    command(made, "demo", [
        option("--seed", "option_seed", type=int, default=SEED,
               show=True, metavar="N"),
        option("--folder", "option_folder", type=_FILE, default=Path(FOLDER), show=True,
               metavar="FOLDER"),
        option("--households", "option_households", type=click.IntRange(3, HOUSEHOLDS_MOST),
               default=HOUSEHOLDS, show=True, metavar="N"),
        option("--keep/--fresh", "option_keep", default=False),
    ], year.demo)
    command(made, "init", [
        click.Argument(["book"], type=_FILE, metavar="FILE"),
        option("--name", "option_name", required=True, metavar="NAME"),
        option("--admin", "option_admin", required=True, metavar="CODE"),
        option("--zone", "option_zone", default="Asia/Shanghai", show=True,
               metavar="ZONE"),
    ], books.init)
    command(made, "check", [
        click.Argument(["files"], type=_FILE, nargs=-1, required=True, metavar="FILE..."),
        option("--against", "option_against", type=_FILE, metavar="FILE"),
        option("--brief", "option_brief", is_flag=True),
    ], rulebooks.check)
    command(made, "passbook", [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        click.Argument(["code"], metavar="CODE"),
        option("--as-of", "option_as_of", metavar="DAY"),
        option("--lines", "option_lines", type=click.IntRange(1, 1000), default=20,
               show=True, metavar="N"),
        option("--width", "option_width", metavar="N",
               type=click.IntRange(COLUMNS_LEAST, COLUMNS_MOST)),
    ], books.passbook)
    command(made, "verify", [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        option("--checkpoint", "option_checkpoint", metavar="FILE|CODE"),
    ], books.verify)
    command(made, "doctor", [
        click.Argument(["book"], type=_FILE, required=False, metavar="[BOOK]"),
    ], doctor.doctor)
    return made
