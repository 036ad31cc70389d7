"""`releaseqa said`: what one person said, by date."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.filters import Filters
from qa.cli.context import Context
from qa.cli.errors import FINE, NO_ANSWER
from qa.cli.listing import BY_WORDS, limit_option, listed_at_most, rest_lines
from qa.cli.near_issuers import unknown_issuer
from qa.cli.options import Json, WordsOnly, option
from qa.near_names import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.collection import Collection
    from qa.export.terminal import OutputLine
    from qa.statements.people import Person
    from qa.statements.types import AlsoSaid, Fold, Statements

_ABOUT = "about"


def said(
    context: Context,
    *,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="SPEAKER [about TOPIC]",
            help="Who said it: a name, or a title such as 'the Deputy Prime Minister'. After "
            "'about', words and \"phrases\" as in find.",
        ),
    ],
    filters: Filters,
    words_only: WordsOnly = None,
    sort: Annotated[
        Literal["date", "score"],
        option("--sort", text="Show the first statement first (date) or the best match (score)."),
    ] = "date",
    limit: Annotated[int | None, limit_option("statements")] = None,
    cite: Annotated[bool, option("--cite", text="Show the citation of each statement.")] = False,
    json: Json = False,
    csv: Annotated[bool, option("--csv", text="Print CSV, one row per statement.")] = False,
) -> int:
    """Show everything that one person said, by date.

    A person is found under all names that can only be theirs. Statements that are nearly the same
    are shown once, with their dates and the change of wording between the first and the last. The
    exit code is 4 if nothing is found.
    """
    from qa.finding.query import parse_query
    from qa.statements.export import csv_rows, fold_to_json

    speaker, topic = _parse(words)
    if json and csv:
        raise typer.BadParameter("--json and --csv cannot be used together.")
    if filters.speaker:
        raise typer.BadParameter("--speaker cannot be used here: name the speaker first.")
    if sort == "score" and not topic:
        raise typer.BadParameter("--sort score needs a topic: releaseqa said SPEAKER about TOPIC.")
    query = parse_query(topic) if topic else None
    folder = context.folder()
    words_only = context.settings(folder, words_only=words_only).words_only
    most = listed_at_most(context, limit, as_data=json or csv)
    with context.collection(folder) as collection:
        found = collection.said(speaker, query, filters, words_only=words_only)
        folds = sorted(found.folds, key=_best_first) if sort == "score" else list(found.folds)
        shown = [(fold, collection.also_said(found, fold)) for fold in folds[:most]]
        if not folds:
            _say_nothing(context, collection, found.person, speaker, topic, filters)
    if query is not None and query.has_meaning and not (found.by_meaning or words_only):
        context.say(BY_WORDS)
    if csv:
        context.write_csv(csv_rows(found.person, shown, found.releases))
    elif json:
        for fold, others in shown:
            context.write_json(fold_to_json(found.person, fold, found.releases, others))
    elif folds:
        context.print_lines(_lines(found, shown, len(folds) - len(shown), cite=cite))
    return FINE if folds else NO_ANSWER


def _say_nothing(
    context: Context,
    collection: "Collection",
    person: "Person",
    speaker: str,
    topic: list[str],
    filters: Filters,
) -> None:
    """Say that a person said nothing, or who else may be meant, or that the issuer is unknown."""
    about = " on this topic" if topic else ""
    tries = " Try fewer or other words or filters." if topic or filters else ""
    if not person.times:
        suggestion = did_you_mean(collection.near_speakers(speaker))
        about, tries = "", f" {suggestion[:1].upper()}{suggestion[1:]}" if suggestion else ""
    context.say(f"Nothing found: no statement of {person.name}{about}.{tries}")
    if (unknown := unknown_issuer(context, collection, filters)) is not None:
        context.say(unknown)


def _parse(words: list[str]) -> tuple[str, list[str]]:
    """Return the speaker and the words of the topic."""
    place = words.index(_ABOUT) if _ABOUT in words else len(words)
    speaker, topic = " ".join(words[:place]), words[place + 1 :]
    if not speaker.strip():
        raise typer.BadParameter("name a speaker, such as: releaseqa said Joly about Korea")
    if place < len(words) and not topic:
        raise typer.BadParameter(
            "name a topic after 'about', such as: releaseqa said Joly about Korea"
        )
    return speaker, topic


def _best_first(fold: "Fold") -> tuple[bool, float]:
    """Return what sorts folds by their best statement; words rank before meaning."""
    return min((s.by != "words", -(s.score or 0.0)) for s in fold.statements)


def _lines(
    found: "Statements",
    shown: "Sequence[tuple[Fold, Sequence[AlsoSaid]]]",
    more: int,
    *,
    cite: bool,
) -> "Iterator[OutputLine]":
    """Yield the head, the statements, and how many are not shown."""
    from rich.text import Text

    from qa.cli.said_output import fold_lines, head_lines
    from qa.export.terminal import OutputLine

    yield from head_lines(found)
    for fold, others in shown:
        yield OutputLine(Text())
        yield from fold_lines(fold, found.releases, others, cite=cite)
    if more > 0:
        yield from rest_lines(f"{more:,} more")


COMMANDS = (
    (
        "said",
        said,
        (
            "releaseqa said Mélanie Joly",
            "releaseqa said 'the Deputy Prime Minister' about coal --since 2012",
            "releaseqa said Manchin about coal --csv > coal.csv",
        ),
    ),
)
