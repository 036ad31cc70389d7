"""`releaseqa track`: answers to the same question over time."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.filters import Filters
from qa.cli.context import Context
from qa.cli.errors import FINE, NO_ANSWER
from qa.cli.listing import BY_WORDS, limit_option, listed_at_most, rest_lines
from qa.cli.near_issuers import unknown_issuer
from qa.cli.options import Json, WordsOnly, option
from qa.tracking.types import RELEASES, TrackOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.export.terminal import OutputLine
    from qa.tracking.types import Tracked


def track(
    context: Context,
    *,
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="The question, in plain language.")
    ],
    filters: Filters,
    by: Annotated[
        Literal["release", "month"],
        option("--by", text="Ask each release, or show the surest answer of each month."),
    ] = "release",
    releases: Annotated[
        int,
        option(
            "--releases",
            metavar="N",
            min=1,
            text=f"Read the N releases that match best. Default: {RELEASES}.",
        ),
    ] = RELEASES,
    words_only: WordsOnly = None,
    limit: Annotated[int | None, limit_option("values, the latest")] = None,
    json: Json = False,
    csv: Annotated[bool, option("--csv", text="Print CSV, one row per answer.")] = False,
) -> int:
    """Show what releases answer to the same question, by date, and what changed.

    Answers that agree are shown once, with the dates of the first and the last. An arrow stands
    between two values only if the same issuer states both, in the same unit and much the same
    words. Answers of releases without a date come last. The exit code is 4 if nothing is found.
    """
    from qa.tracking.export import csv_rows, row_to_json

    if json and csv:
        raise typer.BadParameter("--json and --csv cannot be used together.")
    folder = context.folder()
    words_only = context.settings(folder, words_only=words_only).words_only
    most = listed_at_most(context, limit, as_data=json or csv)
    options = TrackOptions(filters, words_only, releases, by_month=by == "month")
    with context.collection(folder) as collection:
        found = collection.track(question, options)
        is_found = found.rows or found.undated
        unknown = None if is_found else unknown_issuer(context, collection, filters)
    if not (found.by_meaning or words_only):
        context.say(BY_WORDS)
    rows = (*found.rows, *found.undated)
    shown = rows if most is None else rows[-most:]
    if csv:
        context.write_csv(csv_rows(shown, found.releases))
    elif json:
        for row in shown:
            context.write_json(row_to_json(found.question, row, found.releases))
    elif rows:
        context.print_lines(_lines(found, len(rows) - len(shown)))
    if found.read < found.found:
        context.say(
            f"Read {found.read:,} of {found.found:,} releases that match; --releases reads more."
        )
    if not rows:
        tries = "other words" + (" or fewer filters" if filters else "")
        context.say(f"Nothing found: no release clearly answers the question. Try {tries}.")
        if unknown is not None:
            context.say(unknown)
        return NO_ANSWER
    return FINE


def _lines(found: "Tracked", hidden: int) -> "Iterator[OutputLine]":
    """Yield the head, the values from the first that is shown, and how many are not."""
    from qa.cli.track_output import head_lines, row_lines, undated_lines

    yield from head_lines(found)
    for row in found.rows[hidden:]:
        yield from row_lines(row, found.releases)
    undated = found.undated[max(0, hidden - len(found.rows)) :]
    if undated:
        yield from undated_lines()
        for row in undated:
            yield from row_lines(row, found.releases)
    if hidden:
        yield from rest_lines(f"{hidden:,} before")


COMMANDS = (
    (
        "track",
        track,
        (
            "releaseqa track 'What is the minimum wage?' --issuer yukon",
            "releaseqa track 'How many people are in hospital?' --by month --since 2020",
            "releaseqa track 'What is the unemployment rate?' --releases 200 --csv > rate.csv",
        ),
    ),
)
