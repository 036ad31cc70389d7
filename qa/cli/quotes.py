"""`releaseqa quotes`: show who said what."""

import csv as tables
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from index.filters import Filters
from qa.cli.context import Context
from qa.cli.errors import FINE
from qa.cli.options import Json, WordsOnly, option
from qa.display import clean, clean_line
from qa.settings import MAX_K

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.export.terminal import OutputLine
    from qa.quotes import Quote

COLUMNS = (
    *("speaker", "role", "date", "quote", "title", "issuer"),
    *("release_id", "passage_id", "source", "url", "citation", "score"),
)
_SHOWN = 20
_WIDE = 72
"""Terminal width from which speakers have a column of their own."""
_WHO = 26
"""Columns for who said it, and when."""


def quotes(
    context: Context,
    *,
    filters: Filters,
    about: Annotated[
        str | None,
        option(
            "--about",
            metavar="QUESTION",
            text="Rank quotations by how well they answer QUESTION. Default: newest first.",
        ),
    ] = None,
    k: Annotated[
        int,
        option(
            "-k",
            metavar="N",
            min=1,
            max=MAX_K,
            text=f"Maximum number of quotations. Default: {_SHOWN}.",
        ),
    ] = _SHOWN,
    words_only: WordsOnly = None,
    json: Json = False,
    csv: Annotated[bool, option("--csv", text="Print CSV, one row per quotation.")] = False,
) -> int:
    """Show who said what, and when.

    Each quotation is shown with its speaker, the date of the release and a citation that
    `releaseqa cite` can check. If the release does not say who is speaking, no name is given.
    """
    from qa.quotes import quote_to_json
    from qa.quotes import quotes as find_quotes

    if json and csv:
        raise typer.BadParameter("--json and --csv cannot be used together.")
    if filters.kinds not in {(), ("quote",)}:
        raise typer.BadParameter("--kind cannot be used here: every quotation is of kind quote.")
    folder = context.folder()
    words_only = context.settings(folder, words_only=words_only).words_only
    with context.collection(folder) as collection:
        found = find_quotes(collection, k=k, filters=filters, about=about, words_only=words_only)
    if json:
        for quote in found:
            context.write_json(quote_to_json(quote))
    elif csv:
        _write_csv(found)
    elif context.out().is_terminal and context.out().width >= _WIDE:
        _print_columns(context, found)
    else:
        context.print_lines(_lines(found))
    if not found:
        context.say("No quotation matches the filters.")
    return FINE


def _print_columns(context: Context, found: "Sequence[Quote]") -> None:
    """Print quotations with the speaker, the role and the date in a column at the left.

    The citation has the whole width, so that it can be copied without what stands beside it.
    """
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from qa.export.terminal import HEADLINE, INDENT, QUIET

    console = context.out()
    for number, quote in enumerate(found):
        if number:
            console.print()
        who = Text(clean_line(quote.speaker or "Speaker not named"), style=HEADLINE)
        for fact in (quote.role, quote.release.date or "undated"):
            if fact:
                who.append(f"\n{clean_line(fact)}", style=f"not bold {QUIET}")
        said = Text(clean(quote.text).strip())
        said.append(f"\n{clean_line(quote.release.title) or 'Untitled'}", style=QUIET)
        row = Table.grid(padding=(0, 2, 0, 0), expand=True)
        row.add_column(width=_WHO, overflow="fold")
        row.add_column(ratio=1, overflow="fold")
        row.add_row(who, said)
        console.print(row)
        console.print(
            Padding(Text(clean_line(quote.citation), style=QUIET), (0, 0, 0, INDENT)),
            highlight=False,
        )


def _lines(found: "Sequence[Quote]") -> "Iterator[OutputLine]":
    from rich.text import Text

    from qa.export.terminal import HEADLINE, INDENT, QUIET, OutputLine, text_lines

    for number, quote in enumerate(found):
        if number:
            yield OutputLine(Text())
        name = Text(clean_line(quote.speaker or "Speaker not named"), style=HEADLINE)
        facts = [quote.role, quote.release.date or "undated", quote.release.title]
        about = "".join(f" · {clean_line(fact)}" for fact in facts if fact)
        yield OutputLine(Text.assemble(name, (about, QUIET)))
        yield from text_lines(Text(clean(quote.text)))
        yield OutputLine(Text(clean_line(quote.citation), style=QUIET), INDENT)


def _write_csv(found: "Sequence[Quote]") -> None:
    from qa.export.csv import neutralise

    rows = tables.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    rows.writeheader()
    for quote in found:
        cells = {
            "speaker": quote.speaker,
            "role": quote.role,
            "date": quote.release.date,
            "quote": quote.text,
            "title": quote.release.title,
            "issuer": quote.release.issuer,
            "release_id": quote.release.id,
            "passage_id": quote.passage_id,
            "source": quote.release.source,
            "url": quote.release.url,
            "citation": quote.citation,
            "score": None if quote.score is None else f"{quote.score:.6f}",
        }
        rows.writerow({name: neutralise(cell or "") for name, cell in cells.items()})


COMMANDS = (
    (
        "quotes",
        quotes,
        (
            "releaseqa quotes --speaker joly --since 2023",
            'releaseqa quotes --about "the cost of the bridge" -k 5',
            "releaseqa quotes --csv > quotes.csv",
        ),
    ),
)
