"""The tree of commands: their arguments, and who carries them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lovepoints import __version__
from lovepoints.cli import (
    auditing,
    books,
    doctor,
    feeding,
    importing,
    moving,
    proving,
    rulebooks,
    year,
)
from lovepoints.cli.spoken import Tree, command, group
from lovepoints.cli.voice import help_text
from lovepoints.core.values import SEQ_MAX
from lovepoints.demo.plan import FOLDER, HOUSEHOLDS, HOUSEHOLDS_MOST, SEED
from lovepoints.desks.feed import LIMIT_MAX
from lovepoints.desks.inspecting import RECHECKS, RECHECKS_MOST
from lovepoints.papers.layout import COLUMNS_LEAST, COLUMNS_MOST
from lovepoints.sheets.importing import BATCH_MOST, BATCH_ROWS
from lovepoints.sheets.moving import TABLES
from lovepoints.words import say
from lovepoints.words.command import HELP

LINES_MOST = 1000
"""The most lines of a passbook that one page shows."""
_FILE = click.Path(path_type=Path, readable=False)  # who opens it says what is wrong, in words


def tree(lang: str) -> Tree:
    """All commands in one language."""
    made = group(lang, __version__)
    command(made, "demo", _demo(lang), year.demo)
    command(made, "init", _init(lang), books.init)
    command(made, "check", _check(lang), rulebooks.check)
    command(made, "import", _import(lang), importing.bring_in)
    command(made, "move-in", _move_in(lang), moving.move_in)
    command(made, "passbook", _passbook(lang), books.passbook)
    command(made, "verify", [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        click.Option(["--against"], multiple=True, metavar="CODE|FILE",
                     help=help_text("option_kept", lang)),
        click.Option(["--quick"], is_flag=True, help=help_text("option_quick", lang)),
        click.Option(["--rate"], is_flag=True, help=help_text("option_rate", lang)),
    ], books.verify)
    command(made, "inspect", _inspect(lang), auditing.inspect)
    command(made, "checkpoint", _checkpoint(lang), proving.checkpoint)
    command(made, "close", _close(lang), proving.close)
    command(made, "prove", _prove(lang), proving.prove)
    command(made, "prove-balance", _prove_balance(lang), proving.prove_balance)
    command(made, "feed", _feed(lang), feeding.feed)
    command(made, "backup", [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        click.Argument(["file"], type=_FILE, metavar="FILE"),
    ], books.backup)
    command(made, "doctor", [
        click.Argument(["book"], required=False, type=_FILE, metavar="[BOOK]"),
    ], doctor.doctor)
    return made


def _demo(lang: str) -> list[click.Parameter]:
    return [
        _option(lang, "seed", type=int, default=SEED, metavar="N"),
        _option(lang, "folder", type=_FILE, default=Path(FOLDER), metavar="FOLDER"),
        _option(lang, "households", type=click.IntRange(3, HOUSEHOLDS_MOST), default=HOUSEHOLDS,
                metavar="N"),
        click.Option(["--keep/--fresh"], default=False, help=help_text("option_keep", lang)),
    ]


def _init(lang: str) -> list[click.Parameter]:
    return [
        click.Argument(["book"], type=_FILE, metavar="FILE"),
        _option(lang, "name", required=True, metavar="NAME"),
        _option(lang, "admin", required=True, metavar="CODE"),
        _option(lang, "zone", default="Asia/Shanghai", metavar="ZONE"),
    ]


def _check(lang: str) -> list[click.Parameter]:
    return [
        click.Argument(["files"], type=_FILE, nargs=-1, required=True, metavar="FILE..."),
        _option(lang, "against", type=_FILE, metavar="FILE"),
        _option(lang, "brief", is_flag=True),
        _option(lang, "places", is_flag=True),
    ]


def _import(lang: str) -> list[click.Parameter]:
    return [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        click.Argument(["sheet"], type=_FILE, metavar="DEEDS.CSV"),
        _option(lang, "by", required=True, metavar="CODE"),
        _option(lang, "dry-run", is_flag=True),
        _option(lang, "batch", type=click.IntRange(1, BATCH_MOST), default=BATCH_ROWS, metavar="N"),
    ]


def _move_in(lang: str) -> list[click.Parameter]:
    return [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        _option(lang, "by", required=True, metavar="CODE"),
        *(click.Option([f"--{name}"], type=_FILE, metavar="CSV",
                       help=help_text(f"option_{name}", lang)) for name in TABLES),
        _option(lang, "dry-run", is_flag=True),
        click.Option(["--partly"], is_flag=True, help=help_text("option_partly", lang)),
        _option(lang, "batch", type=click.IntRange(1, BATCH_MOST), default=BATCH_ROWS, metavar="N"),
    ]


def _passbook(lang: str) -> list[click.Parameter]:
    return [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        click.Argument(["code"], metavar="CODE"),
        _option(lang, "as-of", metavar="DAY"),
        _option(lang, "lines", type=click.IntRange(1, LINES_MOST), default=20, metavar="N"),
        click.Option(["--entries"], is_flag=True, help=help_text("option_entries", lang)),
        _width(lang),
    ]


def _inspect(lang: str) -> list[click.Parameter]:
    return [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        click.Option(["--by"], required=True, metavar="CODE",
                     help=help_text("option_auditor", lang)),
        _option(lang, "since", required=True, metavar="DAY"),
        _option(lang, "until", required=True, metavar="DAY"),
        _option(lang, "reason", required=True, metavar="TEXT"),
        _option(lang, "count", type=click.IntRange(0, RECHECKS_MOST), default=RECHECKS,
                metavar="N"),
        click.Option(["--csv", "is_csv"], is_flag=True, help=help_text("option_csv", lang)),
    ]


def _checkpoint(lang: str) -> list[click.Parameter]:
    return [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        _option(lang, "file", type=_FILE, metavar="FILE"),
        _width(lang),
    ]


def _close(lang: str) -> list[click.Parameter]:
    return [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        click.Option(["--by"], required=True, metavar="CODE", help=help_text("option_who", lang)),
        click.Option(["--until"], metavar="DAY", help=help_text("option_last", lang)),
        _width(lang),
    ]


def _prove(lang: str) -> list[click.Parameter]:
    return [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        click.Argument(["seq"], type=click.IntRange(1, SEQ_MAX), metavar="SEQ"),
        click.Option(["--against"], metavar="CODE|FILE", help=help_text("option_paper", lang)),
        click.Option(["--since"], metavar="CODE|FILE", help=help_text("option_older", lang)),
        _option(lang, "file", type=_FILE, metavar="FILE"),
        click.Option(["--qr"], is_flag=True, help=help_text("option_qr", lang)),
        _width(lang),
    ]


def _prove_balance(lang: str) -> list[click.Parameter]:
    return [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        click.Argument(["code"], metavar="CODE"),
        click.Option(["--close", "seq"], type=click.IntRange(1, SEQ_MAX), metavar="SEQ",
                     help=help_text("option_close", lang)),
        click.Option(["--against"], metavar="CODE|FILE", help=help_text("option_later", lang)),
        _option(lang, "file", type=_FILE, metavar="FILE"),
        _width(lang),
    ]


def _feed(lang: str) -> list[click.Parameter]:
    return [
        click.Argument(["book"], type=_FILE, metavar="BOOK"),
        click.Option(["--by"], required=True, metavar="CODE",
                     help=help_text("option_reader", lang)),
        click.Option(["--after"], type=click.IntRange(0, SEQ_MAX), metavar="SEQ",
                     help=help_text("option_after", lang)),
        _option(lang, "consumer", metavar="NAME"),
        click.Option(["--acknowledge"], type=click.IntRange(0, SEQ_MAX), metavar="SEQ",
                     help=help_text("option_acknowledge", lang)),
        _option(lang, "limit", type=click.IntRange(1, LIMIT_MAX), default=100, metavar="N"),
    ]


def _width(lang: str) -> click.Option:
    return _option(lang, "width", type=click.IntRange(COLUMNS_LEAST, COLUMNS_MOST), metavar="N")


def _option(lang: str, name: str, **more: Any) -> click.Option:  # Any: click's own arguments
    """An option with its help, which tells the default."""
    told = help_text(f"option_{name.replace('-', '_')}", lang)
    if "default" in more:
        told = say(HELP, "default", {"what": told, "default": more["default"]}, lang)
    return click.Option([f"--{name}"], help=told, **more)
