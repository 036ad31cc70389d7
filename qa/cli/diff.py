"""`releaseqa diff`: what changed between two outputs of `batch`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from qa.batch.diff import MOVED, Comparison
from qa.cli.context import Context
from qa.cli.errors import FINE
from qa.cli.options import Json, Output, keep_apart
from qa.errors import ComparisonError, OutputError

DIFFERENT = 1
TROUBLE = 2


def diff(
    session: Context,
    *,
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The earlier output, JSONL.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later output, JSONL.")],
    confidence: Annotated[
        float,
        typer.Option(
            "--confidence",
            metavar="D",
            min=0.0,
            max=1.0,
            help="A confidence that moved by more than this counts; with 1 none does.",
        ),
    ] = MOVED,
    json: Json = False,
    format_: Annotated[
        Literal["text", "json", "html"],
        typer.Option("--format", help="Form of the output."),
    ] = "text",
    out: Output = None,
) -> int:
    """Compare two outputs of `batch --format jsonl`.

    Says which questions changed their answer, gained or lost one, or moved in confidence, and
    which stand in one of them alone. Times are no difference. Exit 0 when nothing differs, 1
    when something does, 2 when a file cannot be compared.
    """
    from qa.batch.diff import compare, read_verdicts
    from qa.batch.diff_report import summary

    if json and format_ == "html":
        raise typer.BadParameter("--json and --format html ask for two forms; name one.")
    for path in (old, new):
        if out is not None:
            keep_apart(path, out)
    try:
        found = compare(read_verdicts(old), list(read_verdicts(new)), moved=confidence)
    except ComparisonError as error:
        session.warn(f"releaseqa: {error}")
        return TROUBLE
    _write(session, found, "json" if json else format_, out, (str(old), str(new)))
    session.say(summary(found))
    return DIFFERENT if found else FINE


def _write(
    session: Context,
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
            session.write(piece)
        return
    if out.exists() and not out.is_file():
        raise OutputError(f"{out} is no file that can be replaced; name another.")
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
