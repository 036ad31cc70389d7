"""`releaseqa diff`: what changed between two outputs of `batch`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from qa.batch.diff import MOVED, Comparison
from qa.cli.context import Context
from qa.cli.errors import FINE
from qa.cli.options import Json, Output, refuse_overwriting_input
from qa.errors import ComparisonError, OutputError

DIFFERENT = 1
TROUBLE = 2


def diff(
    context: Context,
    *,
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The earlier output (JSONL).")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later output (JSONL).")],
    confidence: Annotated[
        float,
        typer.Option(
            "--confidence",
            metavar="D",
            min=0.0,
            max=1.0,
            help="Report a change in confidence greater than D. 1 ignores all changes.",
        ),
    ] = MOVED,
    json: Json = False,
    format_: Annotated[
        Literal["text", "json", "html"],
        typer.Option("--format", help="Output format."),
    ] = "text",
    out: Output = None,
) -> int:
    """Compare two outputs of `batch --format jsonl`.

    Reports each question whose answer changed, appeared or disappeared, whose confidence
    changed, or that is in only one of the files. Timing is ignored. The exit code is 0 if nothing
    differs, 1 if something differs, and 2 if a file cannot be compared.
    """
    from qa.batch.diff import compare, read_verdicts
    from qa.batch.diff_report import summary

    if json and format_ == "html":
        raise typer.BadParameter("--json and --format html cannot be used together.")
    for path in (old, new):
        if out is not None:
            refuse_overwriting_input(path, out)
    try:
        found = compare(read_verdicts(old), list(read_verdicts(new)), moved=confidence)
    except ComparisonError as error:
        context.warn(f"releaseqa: {error}")
        return TROUBLE
    _write(context, found, "json" if json else format_, out, (str(old), str(new)))
    context.say(summary(found))
    return DIFFERENT if found else FINE


def _write(
    context: Context,
    found: Comparison,
    form: str,
    out: Path | None,
    names: tuple[str, str],
) -> None:
    from qa.answer_json import dumps
    from qa.atomic_file import whole_file
    from qa.batch.diff_report import change_lines, comparison_page, comparison_to_json

    if form == "html":
        pieces = comparison_page(found, *names)
    elif form == "json":
        pieces = iter([dumps(comparison_to_json(found)) + "\n"])
    else:
        pieces = (f"{line}\n" for line in change_lines(found))
    if out is None:
        for piece in pieces:
            context.write(piece)
        return
    if out.exists() and not out.is_file():
        raise OutputError(f"{out} is not a regular file; choose another output.")
    try:
        with whole_file(out.resolve()) as stream:
            stream.writelines(pieces)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}.") from error


COMMANDS = (
    (
        "diff",
        diff,
        (
            "releaseqa diff monday.jsonl tuesday.jsonl",
            "releaseqa diff old.jsonl new.jsonl --format html -o changes.html",
            "releaseqa diff old.jsonl new.jsonl --json --confidence 0.1",
        ),
    ),
)
