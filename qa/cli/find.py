"""`releaseqa find`: every passage that matches."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.filters import Filters
from qa.cli.context import Context
from qa.cli.errors import FINE, NO_ANSWER
from qa.cli.listing import BY_WORDS, limit_option, listed_at_most, rest_lines
from qa.cli.near_issuers import unknown_issuer
from qa.cli.options import Json, option
from qa.cli.since_last import SinceLast, same_search, since_last_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.export.terminal import OutputLine
    from qa.finding.counts import FindingCounts
    from qa.finding.types import FoundPassage


def find(
    context: Context,
    *,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS",
            help='What to find: words, and "phrases" in quotation marks. Passages with -WORD or '
            '-"A PHRASE" are left out.',
        ),
    ],
    filters: Filters,
    words_only: Annotated[
        bool | None,
        option(
            "--words-only/--no-words-only",
            "--words",
            text="Find what has the words, not what is near them in meaning.",
        ),
    ] = None,
    sort: Annotated[
        Literal["date", "score"],
        option("--sort", text="Show the newest release first (date) or the best match (score)."),
    ] = "date",
    limit: Annotated[int | None, limit_option("passages")] = None,
    since_last: SinceLast = False,
    count: Annotated[bool, option("--count", text="Show only the counts.")] = False,
    cite: Annotated[bool, option("--cite", text="Show the citation of each passage.")] = False,
    json: Json = False,
    csv: Annotated[bool, option("--csv", text="Print CSV, one row per passage.")] = False,
) -> int:
    """Find every passage that matches, not only the best.

    A passage matches if it has all the words, with any ending, or is near them in meaning. Counts
    by month or year, by issuer and by speaker come first, then the passages. The exit code is 4
    if nothing matches.
    """
    from qa.finding.counts import count_findings, in_order
    from qa.finding.export import counts_to_json, csv_rows, passage_to_json
    from qa.finding.query import parse_query

    if csv and (json or count):
        raise typer.BadParameter("--csv cannot be used together with --json or --count.")
    query = parse_query(words)
    place = context.place()
    words_only = context.settings(place, words_only=words_only).words_only
    # What is not shown now will not be new the next time.
    most = listed_at_most(context, limit, as_data=json or csv or since_last)
    asked = same_search("find", filters, *words)
    with context.collection(place) as collection:
        run = since_last_run(
            context, collection, filters, asked, name="This search", wanted=since_last
        )
        findings = collection.find(query, run.filters, words_only=words_only)
        matches = [] if count else in_order(findings, sort)
        passages = collection.load(findings, matches[:most])
        unknown = None if findings.matches else unknown_issuer(context, collection, filters)
    if query.has_meaning and not (findings.by_meaning or words_only):
        context.say(BY_WORDS)
    counts = count_findings(findings)
    if csv:
        context.write_csv(csv_rows(passages))
    elif json and count:
        context.write_json(counts_to_json(counts))
    elif json:
        for passage in passages:
            context.write_json(passage_to_json(passage))
    elif findings.matches:
        context.print_lines(_lines(counts, passages, len(matches) - len(passages), cite=cite))
    run.done()
    if not findings.matches:
        context.say(_nothing(by_meaning=findings.by_meaning, filtered=bool(filters)))
        if unknown is not None:
            context.say(unknown)
        return NO_ANSWER
    return FINE


def _lines(
    counts: "FindingCounts", passages: "Sequence[FoundPassage]", more: int, *, cite: bool
) -> "Iterator[OutputLine]":
    """Yield the counts, the passages by release, and how many are not shown."""
    from itertools import groupby

    from rich.text import Text

    from qa.cli.find_output import count_lines, release_lines
    from qa.export.terminal import OutputLine

    yield from count_lines(counts)
    for _, group in groupby(passages, key=lambda passage: passage.match.release):
        yield OutputLine(Text())
        yield from release_lines(list(group), cite=cite)
    if more > 0:
        yield from rest_lines(f"{more:,} more")


def _nothing(*, by_meaning: bool, filtered: bool) -> str:
    """Say that nothing was found, and what to try."""
    meant = " or is near them in meaning" if by_meaning else ""
    tries = "fewer or other words" + (" or filters" if filtered else "")
    return f"Nothing found: no passage has all the words{meant}. Try {tries}."


COMMANDS = (
    (
        "find",
        find,
        (
            "releaseqa find wild horses --since 2021",
            "releaseqa find '\"wild horses\" -slaughter' --issuer nevada --count",
            "releaseqa find coal --speaker manchin --limit 0 --csv > coal.csv",
            "releaseqa find coal --since-last",
        ),
    ),
)
