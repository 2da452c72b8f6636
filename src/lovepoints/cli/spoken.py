"""click commands whose help and usage errors are in the chosen language."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any

import click

from lovepoints.cli.failing import FINE, INTERRUPTED, MISUSED, WRONG, guarded
from lovepoints.cli.voice import Outcome, Voice, help_text

_HELP_NAMES = {"help_option_names": ["--help", "-h"]}


class _Spoken(click.Command):
    """Headings and the usage line in the tree's language."""

    lang = "en"

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=help_text("usage", self.lang))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the options mean."""
        records = [record for param in self.get_params(ctx)
                   if isinstance(param, click.Option)
                   and (record := param.get_help_record(ctx)) is not None]
        with formatter.section(help_text("options", self.lang)):
            formatter.write_dl(records)
        if isinstance(self, Tree):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, described in the tree's language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = help_text("option_help", self.lang)
        return option


class NoCommand(click.UsageError):
    """A command that there is not."""

    def __init__(self, name: str, known: Sequence[str], ctx: click.Context) -> None:
        self.name, self.known = name, list(known)
        super().__init__(name, ctx)


class Leaf(_Spoken):
    """One command of the tree."""


class Tree(_Spoken, click.Group):
    """All commands. Ends the program with the exit code of what was run."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands in the order in which one meets them."""
        rows = [(name, command.help or "") for name, command in self.commands.items()]
        with formatter.section(help_text("commands", self.lang)):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands as they were added."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str],
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named first."""
        if args[0] not in self.commands:
            raise NoCommand(args[0], self.list_commands(ctx), ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None,  # type: ignore[override]  # one way to end instead of click's overloads
             **_: Any) -> None:
        """Run the command that the arguments name, say what went wrong, and exit."""
        sys.exit(self.run(sys.argv[1:] if args is None else list(args), prog_name or "lovepoints"))

    def run(self, args: list[str], name: str = "lovepoints") -> int:
        """The exit code of the command that the arguments name."""
        voice = Voice(lang=self.lang, is_json="--json" in args)
        try:
            code = super().main(args, prog_name=name, standalone_mode=False)
            return code if isinstance(code, int) else FINE
        except click.UsageError as error:
            return _misused(voice, error, name)
        except (click.Abort, KeyboardInterrupt):
            print(voice.said("interrupted"), file=sys.stderr)
            return INTERRUPTED
        except BrokenPipeError:
            # Whoever read our output has seen enough; nothing is left to be said to them.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return WRONG


def command(
    tree: Tree, name: str, params: Sequence[click.Parameter], act: Callable[..., Outcome],
) -> None:
    """Add a command: `act(voice, **arguments)` says what it came to."""
    def callback(lang: str | None, is_json: bool, **arguments: Any) -> None:
        voice = Voice(lang=lang or tree.lang, is_json=is_json)
        code = guarded(voice, lambda: voice.deliver(act(voice, **arguments)))
        click.get_current_context().exit(code)

    leaf = Leaf(
        name=name, params=[*params, *_common(tree.lang)], callback=callback,
        help=help_text(name, tree.lang), epilog=help_text("codes", tree.lang),
        options_metavar=help_text("options_here", tree.lang), context_settings=_HELP_NAMES)
    leaf.lang = tree.lang
    tree.add_command(leaf)


def group(lang: str, version: str) -> Tree:
    """An empty tree."""
    def show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
        if wanted and not ctx.resilient_parsing:
            print(f"lovepoints {version}")
            ctx.exit(FINE)

    def alone(**_: Any) -> None:
        ctx = click.get_current_context()
        if ctx.invoked_subcommand is None:
            print(ctx.get_help())
            ctx.exit(MISUSED)

    tree = Tree(
        name="lovepoints", callback=alone, invoke_without_command=True,
        help=help_text("lovepoints", lang), epilog=help_text("codes", lang),
        options_metavar=help_text("options_here", lang),
        subcommand_metavar=help_text("command_here", lang), context_settings=_HELP_NAMES,
        params=[
            click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False,
                         callback=show_version, help=help_text("option_version", lang)),
            click.Option(["--lang"], type=click.Choice(["zh", "en"]), expose_value=False,
                         help=help_text("option_lang", lang)),
        ])
    tree.lang = lang
    return tree


def _common(lang: str) -> list[click.Parameter]:
    """The options that every command has."""
    return [
        click.Option(["--lang"], type=click.Choice(["zh", "en"]),
                     help=help_text("option_lang", lang)),
        click.Option(["--json", "is_json"], is_flag=True, help=help_text("option_json", lang)),
    ]


def _misused(voice: Voice, error: click.UsageError, name: str) -> int:
    """Say what is wrong with a call, and where its help is."""
    path = error.ctx.command_path if error.ctx else name
    what = _what(voice, error)
    return voice.complain(voice.said("wrong_call", what=what),
                          voice.said("see_help", command=path), {"code": "wrong_call"}, MISUSED)


def _what(voice: Voice, error: click.UsageError) -> str:
    """A usage error of click in the voice's language; an unknown one in click's own words."""
    if isinstance(error, click.NoSuchOption):
        told = voice.said("no_such_option", name=error.option_name)
        near = (error.possibilities or [""])[0]
        return voice.said("did_you_mean", what=told, near=near) if near else told
    if isinstance(error, click.MissingParameter):
        code = "missing_argument" if isinstance(error.param, click.Argument) else "missing_option"
        return voice.said(code, name=_name(error))
    if isinstance(error, click.BadParameter):
        return voice.said("bad_value", name=_name(error), what=_wanted(voice, error))
    if isinstance(error, NoCommand):
        told = voice.said("no_such_command", name=error.name)
        likely = get_close_matches(error.name, error.known, n=1)
        return voice.said("did_you_mean", what=told, near=likely[0]) if likely else told
    return error.message


def _wanted(voice: Voice, error: click.BadParameter) -> str:
    """What a value should have been."""
    kind = error.param.type if error.param else None
    if isinstance(kind, click.IntRange):
        return voice.said("range", least=kind.min, most=kind.max)
    if isinstance(kind, click.Choice):
        return voice.said("choice", known=list(kind.choices))
    return voice.said("whole") if kind is click.INT else error.message


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return ""
    if isinstance(error.param, click.Option):
        return error.param.opts[-1 if len(error.param.opts) == 1 else 0]
    return (error.param.human_readable_name or "").upper()
