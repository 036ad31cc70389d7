"""`releaseqa trace`: which sentences of an article come from which release."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

import typer

from index.errors import SourceError
from index.filters import Filters
from qa.cli.context import Context
from qa.cli.errors import FINE, NO_ANSWER
from qa.cli.listing import BY_WORDS
from qa.cli.options import Json, Output, WordsOnly, option, output_format, refuse_overwriting_input
from qa.cli.streams import STDIN, open_input, open_output

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.ingest.article import Article
    from qa.quotes import QuoteMatch
    from qa.tracing.types import Trace

_MEGABYTE = 1_000_000
_MOST_MB = 16
"""Megabytes of the largest article that is read by default."""
_PASTED = "article.txt"

Form = Literal["text", "json", "html"]
_BY_SUFFIX: dict[str, Form] = {".txt": "text", ".json": "json", ".html": "html", ".htm": "html"}


def trace(
    context: Context,
    *,
    article: Annotated[
        str,
        typer.Argument(
            metavar="ARTICLE",
            help="The article: a file of any format that releases are read from, or - for text on "
            "standard input.",
        ),
    ],
    filters: Filters,
    words_only: WordsOnly = None,
    left_out: Annotated[
        bool,
        option("--left-out", text="Show everything that the article left out of the releases."),
    ] = False,
    cite: Annotated[bool, option("--cite", text="Show the citation of each sentence.")] = False,
    max_mb: Annotated[
        int,
        option(
            "--max-mb",
            metavar="N",
            min=1,
            text=f"Refuse an article larger than N megabytes. Default: {_MOST_MB}.",
        ),
    ] = _MOST_MB,
    json: Json = False,
    format_: Annotated[
        Form | None,
        option(
            "--format",
            text="Output format. Default: by the extension of OUT (.txt, .json, .html), else text.",
        ),
    ] = None,
    out: Output = None,
) -> int:
    """Show which sentences of an article come from which release.

    Each sentence is verbatim, close (the same words, edited), rephrased (the same in other words)
    or the article's own. Numbers and names that differ from the release are pointed out. Then
    follow the quotations that releases have as well, and what the article left out.

    The article is only read; it is not added to the collection. The exit code is 4 if no
    sentence comes from a release.
    """
    from qa.quotes import matching_quotes
    from qa.trace_export import summary

    if json and format_ not in {None, "json"}:
        raise typer.BadParameter(f"--json and --format {format_} cannot be used together.")
    if out is not None and article != STDIN:
        refuse_overwriting_input(Path(article), out)
    form = "json" if json else output_format(out, format_, _BY_SUFFIX, "text")
    folder = context.folder()
    words_only = context.settings(folder, words_only=words_only).words_only
    document = _read(article, max_mb * _MEGABYTE)
    with context.collection(folder) as collection:
        found = collection.trace(document, filters, words_only=words_only)
        quotes = matching_quotes(collection, found)
    if not (found.by_meaning or words_only):
        context.say(BY_WORDS)
    if form == "text" and out is None:
        from qa.cli.trace_output import trace_lines

        context.print_lines(trace_lines(found, quotes, everything=left_out, cite=cite))
    else:
        with open_output(out) as stream:
            stream.writelines(_pieces(found, quotes, form, everything=left_out, cite=cite))
        if out is not None:
            context.say(f"{summary(found)}.")
    return FINE if found.traced else NO_ANSWER


def _read(article: str, max_bytes: int) -> "Article":
    """Read the article.

    Raises:
        SourceError: When it cannot be read; the message names it.
    """
    from index.ingest.article import read_article
    from index.readers.base import read_limited

    name = "standard input" if article == STDIN else article
    try:
        with open_input(article) as stream:
            if article != STDIN:
                return read_article(stream, Path(article).name, max_bytes)
            pasted: BinaryIO = io.BytesIO(read_limited(stream, max_bytes))
            return read_article(pasted, _PASTED, max_bytes)
    except SourceError as error:
        raise SourceError(f"{name}: {error}") from error


def _pieces(
    found: "Trace", quotes: "Sequence[QuoteMatch]", form: Form, *, everything: bool, cite: bool
) -> "Iterator[str]":
    """Yield an output that is written as it is, piece by piece."""
    from qa.answer_json import dumps
    from qa.cli.trace_output import trace_lines
    from qa.trace_export import trace_page, trace_to_json

    if form == "json":
        yield dumps(trace_to_json(found, quotes)) + "\n"
    elif form == "html":
        yield from trace_page(found, quotes)
    else:
        for line in trace_lines(found, quotes, everything=everything, cite=cite):
            yield " " * line.indent * bool(line.text) + line.text.plain + "\n"


COMMANDS = (
    (
        "trace",
        trace,
        (
            "releaseqa trace article.html",
            "pbpaste | releaseqa trace - --since 2024 --left-out",
            "releaseqa trace article.pdf -o traced.html",
        ),
    ),
)
