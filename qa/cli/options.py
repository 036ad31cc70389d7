"""Options that commands share, and the decorator that makes a function a command.

The function's first parameter is the `Context`, which comes from the global options. A parameter
of type `Filters` comes from the filter options. The return value is the exit code. Errors end the
command with one line on standard error.
"""

import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from index.filters import FILTERS, Filters
from qa.cli.context import Context
from qa.cli.errors import run_guarded
from qa.errors import SessionError, SettingsError
from qa.filter_syntax import FILTER_NAMES, parse_filters
from qa.settings import MAX_K
from qa.types import check_risk

Form = TypeVar("Form", bound=str)

_GLOBAL = "Global options"
_FILTERS = "Filters"


def option(*names: str, text: str, panel: str | None = None, **more: Any) -> Any:  # noqa: ANN401 - as typer.Option
    """Return an option whose help text mentions its default, if it is worth mentioning.

    Args:
        *names: `--name`, `-n` or, for a flag with an opposite, `--name/--no-name`.
        text: The help text.
        panel: The panel of the help that shows the option; None for the main one.
        **more: Other arguments of `typer.Option`.
    """
    return typer.Option(*names, help=text, show_default=False, rich_help_panel=panel, **more)


Index = Annotated[
    str | None,
    option(
        "--index",
        metavar="DIR",
        text="Folder of the collection, or milvus://HOST:PORT/NAME. Default: $RELEASEQA_INDEX, or "
        "the nearest .releaseqa in this folder or a parent folder.",
        panel=_GLOBAL,
    ),
]
Quiet = Annotated[bool, option("--quiet", "-q", text="Hide progress and notes.", panel=_GLOBAL)]
Verbose = Annotated[
    bool,
    option(
        "--verbose", "-v", text="Show more notes, and a traceback for each error.", panel=_GLOBAL
    ),
]
NoColor = Annotated[
    bool, option("--no-color", text="Disable colours, as NO_COLOR does.", panel=_GLOBAL)
]

Json = Annotated[bool, option("--json", text="Print JSON.")]
WordsOnly = Annotated[
    bool | None,
    option(
        "--words-only/--no-words-only",
        text="Search by words only, not by meaning. Starts faster but finds less.",
    ),
]
ExactWords = Annotated[
    bool,
    option(
        "--exact-words",
        text="Search for each word as typed, even if it occurs nowhere and a similar one does.",
    ),
]
Reader = Annotated[
    bool | None,
    option(
        "--reader/--no-reader",
        text="Find the exact answer in the best passages (default). --no-reader is faster but "
        "finds less.",
    ),
]


def _check_risk(value: float | None) -> float | None:
    try:
        return None if value is None else check_risk(value, "the risk")
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error


def _check_folder(value: Path | None) -> Path | None:
    if value is not None and not value.is_dir():
        problem = "is not a folder" if value.exists() else "does not exist"
        raise typer.BadParameter(f"{value} {problem}; give the folder of a cross-encoder.")
    return value


Reranker = Annotated[
    Path | None,
    option(
        "--reranker",
        metavar="DIR",
        callback=_check_folder,
        text="Rank the best passages with the cross-encoder in DIR instead of the reader. Loads "
        "torch, which takes several seconds.",
    ),
]


def _check_session(value: str | None) -> str | None:
    if value is None:
        return None
    from qa.sessions.types import checked_name

    try:
        return checked_name(value)
    except SessionError as error:
        raise typer.BadParameter(str(error)) from error


def _output(value: Path | None) -> Path | None:
    return None if value is not None and str(value) == "-" else value


Output = Annotated[
    Path | None,
    option(
        "-o",
        "--output",
        metavar="OUT",
        callback=_output,
        text="Write to OUT instead of standard output. OUT is replaced only when complete.",
    ),
]
K = Annotated[
    int | None,
    option(
        "-k",
        metavar="N",
        min=1,
        max=MAX_K,
        text="Number of passages per question. Default: 5.",
    ),
]
Risk = Annotated[
    float | None,
    option(
        "--risk",
        metavar="R",
        callback=_check_risk,
        text="Maximum error rate among answers, between 0 and 1. At a lower rate, more "
        "questions are declined.",
    ),
]
SessionName = Annotated[
    str | None,
    option(
        "--session",
        metavar="NAME",
        callback=_check_session,
        text="Continue the saved conversation NAME, or start it.",
    ),
]


_OPTION_OF = {spec.name: spec.option for spec in FILTERS}
_FILTER_OPTIONS = {
    spec.name: Annotated[
        str | None,
        option(
            spec.option,
            metavar=spec.metavar,
            text=spec.help,
            panel=_FILTERS,
        ),
    ]
    for spec in FILTERS
}
_GLOBAL_OPTIONS: dict[str, tuple[object, object]] = {
    "index": (Index, None),
    "quiet": (Quiet, False),
    "verbose": (Verbose, False),
    "no_color": (NoColor, False),
}


def command(function: Callable[..., int | None]) -> Callable[..., None]:
    """Make a function a command of the application.

    Args:
        function: Takes a `Context`, then parameters that Typer reads from their annotations, and
            optionally a `Filters`. Returns the exit code; None means 0.
    """
    parameters = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    filtered = [found.name for found in parameters if found.annotation is Filters]
    own = [found for found in parameters if found.name not in filtered]

    def run(ctx: typer.Context, **values: Any) -> None:  # noqa: ANN401 - Typer's values
        context = _given_context(ctx, {name: values.pop(name) for name in _GLOBAL_OPTIONS})
        if filtered:
            given = {name: values.pop(name) for name in FILTER_NAMES}
            values |= dict.fromkeys(filtered, _filters(given))
        code = run_guarded(context, lambda: function(context, **values))
        if code:
            raise typer.Exit(code)

    filters = {name: (hint, None) for name, hint in _FILTER_OPTIONS.items()} if filtered else {}
    shared = [_parameter(name, *option) for name, option in (filters | _GLOBAL_OPTIONS).items()]
    ctx = _parameter("ctx", typer.Context, inspect.Parameter.empty)
    _describe(run, function, [ctx, *own, *shared])
    return run


def output_format(
    out: Path | None, given: Form | None, by_suffix: Mapping[str, Form], default: Form
) -> Form:
    """Return the format of an output: the one given, or the one that OUT's extension names.

    Args:
        out: The output; None for standard output.
        given: The format of `--format`, or None.
        by_suffix: The formats, by the extensions that name them.
        default: The format of an output without an extension.

    Raises:
        typer.BadParameter: The extension names no format, so what would be written is not what
            the name of the file says.
    """
    if given is not None:
        return given
    if out is None or not out.suffix or (out.exists() and not out.is_file()):
        return default
    form = by_suffix.get(out.suffix.lower())
    if form is None:
        known = ", ".join(by_suffix)
        raise typer.BadParameter(
            f"no format has the extension {out.suffix}; use one of {known}, or name the format "
            "with --format."
        )
    return form


def refuse_overwriting_input(read: Path, out: Path) -> None:
    """Refuse an output that would overwrite the input.

    Raises:
        typer.BadParameter: Both are the same file, even under different names.
    """
    try:
        same = read.is_file() and read.samefile(out)
    except OSError:  # one of them does not exist
        return
    if same:
        raise typer.BadParameter(f"{out} is also an input; choose another output.")


def examples(lines: Sequence[str], *, title: str = "Examples:") -> str:
    """Return example command lines, one per line, for the end of a help text."""
    return "\n".join((title, *(f"  {line}".replace("[", r"\[") for line in lines)))


def words_last(arguments: Sequence[str], with_value: Collection[str]) -> list[str]:
    """Return arguments with those of the form `-WORD` behind `--`, where they are no options.

    Args:
        arguments: As given; after `--` they stay as they are.
        with_value: The options whose value is the next argument.
    """
    before: list[str] = []
    words: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            words.extend(rest)
        elif re.match(r"-[^-\s].", argument):
            words.append(argument)
        else:
            before.append(argument)
            if argument in with_value:
                before.extend(islice(rest, 1))
    return [*before, "--", *words] if words else before


def unwrap_paragraphs(text: str) -> str:
    """Join the lines of each paragraph, so that the terminal wraps them."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)


def _given_context(ctx: typer.Context, given: dict[str, Any]) -> Context:
    """Combine the global options given before and after the command's name; the latter win."""
    before = ctx.obj if isinstance(ctx.obj, Context) else Context()
    return replace(before, **{name: value for name, value in given.items() if value})


def _filters(given: dict[str, str | None]) -> Filters:
    """Read the filters; an error names its option."""
    for name, text in given.items():
        _parse_filters({name: text}, hint=_OPTION_OF[name])
    return _parse_filters(given)


def _parse_filters(given: dict[str, str | None], hint: str | None = None) -> Filters:
    try:
        return parse_filters(given)
    except SettingsError as error:
        raise typer.BadParameter(str(error), param_hint=hint) from error


def _parameter(name: str, hint: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _describe(
    run: Callable[..., None], function: Callable[..., Any], parameters: list[inspect.Parameter]
) -> None:
    """Give a wrapper the name, the help text and the parameters that Typer reads."""
    run.__name__, run.__doc__ = function.__name__, unwrap_paragraphs(function.__doc__ or "")
    keyword = [found.replace(kind=inspect.Parameter.KEYWORD_ONLY) for found in parameters]
    run.__signature__ = inspect.Signature(keyword)  # type: ignore[attr-defined]
    run.__annotations__ = {found.name: found.annotation for found in keyword}
