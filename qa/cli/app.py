"""The application: the list of commands, and the entry point.

Commands import heavy modules when they run, so that `--help` and `status` start fast.
"""

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.exceptions import TyperException

from qa.cli import (
    ask,
    backup,
    batch,
    chat,
    diff,
    doctor,
    evaluate,
    figures,
    find,
    index,
    judge,
    mcp,
    quotes,
    releases,
    serve,
    sessions,
    status,
    table,
    verify,
    watch,
)
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
from qa.version import program_version

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


app = typer.Typer(
    name="releaseqa",
    cls=CommandGroup,
    help=unwrap_paragraphs(_TEXT),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
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


_MODULES = (  # in the order of the help
    *(index, ask, find, figures, quotes, batch, watch, diff, table, chat, serve),
    *(evaluate, judge, releases, mcp, status, verify, backup, doctor),
)
for _module in _MODULES:
    for _name, _function, _lines in _module.COMMANDS:
        _class = FindCommand if _module in {find, figures} else Command
        app.command(_name, cls=_class, epilog=examples(_lines))(command(_function))

_sessions = typer.Typer(
    cls=CommandGroup,
    help=unwrap_paragraphs(sessions.HELP),
    epilog=examples([line for _, _, lines in sessions.COMMANDS for line in lines[:1]]),
    no_args_is_help=True,
)
for _name, _function, _lines in sessions.COMMANDS:
    _sessions.command(_name, cls=Command, epilog=examples(_lines))(command(_function))
app.add_typer(_sessions, name="sessions")


def run() -> None:
    """Run the command line and exit (the entry point of the console script)."""
    prepare_streams()
    apply_no_color(sys.argv[1:], os.environ)
    app(prog_name="releaseqa")
