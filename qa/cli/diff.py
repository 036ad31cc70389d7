"""`releaseqa diff`: compare two outputs of `batch`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer

from qa.batch.diff import MOVED, Comparison
from qa.cli.context import Context
from qa.cli.errors import FINE
from qa.cli.options import Json, Output, option, refuse_overwriting_input
from qa.cli.streams import open_output
from qa.errors import ComparisonError

DIFFERENT = 1
TROUBLE = 2


def diff(
    context: Context,
    *,
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The earlier output (JSONL).")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later output (JSONL).")],
    confidence: Annotated[
        float,
        option(
            "--confidence",
            metavar="D",
            min=0.0,
            max=1.0,
            text=f"Report changes in confidence greater than D; 1 reports none. Default: {MOVED}.",
        ),
    ] = MOVED,
    json: Json = False,
    format_: Annotated[
        Literal["text", "json", "html"],
        option("--format", text="Output format. Default: text."),
    ] = "text",
    out: Output = None,
) -> int:
    """Compare two outputs of `batch --format jsonl`.

    Reports each question whose answer changed, appeared or disappeared, whose confidence
    changed, or that is in only one of the files. Timing is ignored. The exit code is 0 if nothing
    differs, 1 if something differs, and 2 if a file cannot be compared.
    """
    from qa.batch.diff import compare, read_outcomes
    from qa.batch.diff_report import summary

    if json and format_ == "html":
        raise typer.BadParameter("--json and --format html cannot be used together.")
    for path in (old, new):
        if out is not None:
            refuse_overwriting_input(path, out)
    try:
        found = compare(read_outcomes(old), list(read_outcomes(new)), moved=confidence)
    except ComparisonError as error:
        context.warn(f"releaseqa: {error}")
        return TROUBLE
    pieces = _formatted(found, "json" if json else format_, str(old), str(new))
    with open_output(out) as stream:
        stream.writelines(pieces)
    context.say(summary(found))
    return DIFFERENT if found else FINE


def _formatted(found: Comparison, form: str, old: str, new: str) -> Iterable[str]:
    from qa.answer_json import dumps
    from qa.batch.diff_report import change_lines, comparison_page, comparison_to_json

    if form == "html":
        return comparison_page(found, old, new)
    if form == "json":
        return [dumps(comparison_to_json(found)) + "\n"]
    return (f"{line}\n" for line in change_lines(found))


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
