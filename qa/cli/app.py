"""The application: the list of commands, and the entry point.

A command's module is imported when that command is used, and heavy modules when it runs, so that
every command starts fast.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.exceptions import TyperException

from qa.cli.context import Context
from qa.cli.options import (
    Index,
    NoColor,
    Quiet,
    Verbose,
    command,
    examples,
    unwrap_paragraphs,
    words_last,
)
from qa.cli.streams import apply_no_color, prepare_streams
from qa.cli.usage import usage_errors

_TEXT = """Answer questions from a folder of press releases.

Every answer is a passage copied word for word from a release, with the sentences that answer
the question highlighted and a citation that you can check. If the releases do not contain an
answer, the program says so. Everything runs on this computer; nothing is sent over the network."""

_FIRST_STEPS = (
    "releaseqa index FOLDER",
    'releaseqa ask "When did Joly visit Korea?"',
    "releaseqa chat",
)


class Command(TyperCommand):
    """A command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as in click
        """Parse the arguments; an error knows its command, whose usage is then shown."""
        try:
            return super().parse_args(ctx, args)
        except TyperException as error:
            if getattr(error, "ctx", None) is None:
                error.ctx = ctx  # type: ignore[attr-defined]
            raise

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ANN401 - as in click
        """Return the pieces of the usage line, a required argument without its braces."""
        return [
            piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)
        ]

    def get_params(self, ctx: Any) -> Any:  # noqa: ANN401 - as in click
        """Return the parameters, displayed without their types."""
        return _untyped(super().get_params(ctx))


class FindCommand(Command):
    """A command whose arguments may begin with a minus sign: words to leave out."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as in click
        """Take `-WORD` for a word, unless it is an option; single letters are options."""
        values = {
            name
            for param in self.get_params(ctx)
            if not isinstance(param, TyperArgument) and not param.is_flag and not param.count
            for name in param.opts
        }
        return super().parse_args(ctx, words_last(args, values))


class CommandGroup(TyperGroup):
    """A group of commands. What goes wrong before one of them runs is handled here."""

    def get_params(self, ctx: Any) -> Any:  # noqa: ANN401 - as in click
        """Return the parameters, displayed without their types."""
        return _untyped(super().get_params(ctx))

    def make_context(self, *values: Any, **named: Any) -> Any:  # noqa: ANN401 - as in click
        """Parse the command line, which may print help."""
        with usage_errors():
            return super().make_context(*values, **named)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as in click
        """Run a command, which may print help."""
        with usage_errors():
            return super().invoke(ctx)


def _untyped(params: list[Any]) -> list[Any]:
    """Hide the types of arguments and flags, such as `<list[str]>`, in the help."""
    for param in params:
        if isinstance(param, TyperArgument) or param.is_flag:
            param.display_type_rich = lambda **_: ""
    return params


COMMANDS = {  # in the order of the help
    "index": "index",
    "ask": "ask",
    "find": "find",
    "said": "said",
    "figures": "figures",
    "names": "names",
    "track": "track",
    "trace": "trace",
    "quotes": "quotes",
    "batch": "batch",
    "watch": "watch",
    "diff": "diff",
    "table": "table",
    "chat": "chat",
    "serve": "serve",
    "eval": "evaluate",
    "judge": "judge",
    "show": "releases",
    "list": "releases",
    "changes": "changes",
    "remove": "releases",
    "cite": "releases",
    "mcp": "mcp",
    "status": "status",
    "verify": "verify",
    "backup": "backup",
    "restore": "backup",
    "bundle": "backup",
    "doctor": "doctor",
    "sessions": "sessions",
}
"""The commands, and the module of `qa.cli` that each is in."""

_QUERIES = {"find", "said", "figures"}
"""Commands whose words may begin with a minus sign."""

_SUBCOMMANDS = {"sessions"}
"""Modules whose commands are a group of their own."""


class _Commands(Mapping[str, Any]):
    """The commands by name, each made when it is first looked up."""

    def __init__(self) -> None:
        """Start with none of them made."""
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typer's commands
        if name not in self._made:
            self._made[name] = _made(name, import_module(f"qa.cli.{COMMANDS[name]}"))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


def _made(name: str, module: Any) -> Any:  # noqa: ANN401 - a module of commands, and typer's command
    """Return a command of a module, or the group of all of its commands."""
    made = typer.Typer(name=name, add_completion=False, rich_markup_mode=_MARKUP)
    if COMMANDS[name] in _SUBCOMMANDS:
        lines = [line for _, _, examples_of in module.COMMANDS for line in examples_of[:1]]
        made.callback(
            cls=CommandGroup, help=unwrap_paragraphs(module.HELP), epilog=examples(lines),
            no_args_is_help=True,
        )(lambda: None)  # fmt: skip
    for own, function, lines in module.COMMANDS:
        if own == name or COMMANDS[name] in _SUBCOMMANDS:
            cls = FindCommand if name in _QUERIES else Command
            made.command(own, cls=cls, epilog=examples(lines))(command(function))
    return typer.main.get_command(made)


class Program(CommandGroup):
    """The group of all commands."""

    def __init__(self, **named: Any) -> None:  # noqa: ANN401 - as in typer
        """Take the commands from `COMMANDS`."""
        super().__init__(**named)
        self.commands = _Commands()  # type: ignore[assignment]

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - as in click
        """Return the names of the commands, without making the commands."""
        return list(COMMANDS)


_MARKUP: Literal["rich"] = "rich"

app = typer.Typer(
    name="releaseqa",
    cls=Program,
    help=unwrap_paragraphs(_TEXT),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=_MARKUP,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from qa.version import program_version

        typer.echo(f"releaseqa {program_version()}")
        raise typer.Exit


@app.callback(epilog=examples(_FIRST_STEPS, title="First steps:"))
def main(
    ctx: typer.Context,
    *,
    index: Index = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
    version: Annotated[  # noqa: ARG001 - used by its callback
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Keep the global options given before the command's name."""
    ctx.obj = Context(index=index, quiet=quiet, verbose=verbose, no_color=no_color)


def run() -> None:
    """Run the command line and exit (the entry point of the console script)."""
    prepare_streams()
    apply_no_color(sys.argv[1:], os.environ)
    app(prog_name="releaseqa")
