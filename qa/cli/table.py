"""`releaseqa table`: the answers of each release to the same questions, as a table."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from index.filters import Filters
from qa.atomic_file import output_bytes
from qa.batch.fact_table import MAX_QUESTIONS, columns
from qa.batch.fact_table_writer import (
    ParquetWriter,
    SheetWriter,
    TableFormat,
    TableLinesWriter,
    TableWriter,
    arrow,
    table_format_by_suffix,
)
from qa.batch.question_file import read_questions
from qa.batch.run import Asked
from qa.cli.context import Context
from qa.cli.errors import FINE, SOME_FAILED
from qa.cli.options import Output, Reader, Risk, WordsOnly, flag, refuse_overwriting_input
from qa.cli.progress import progress_bar
from qa.cli.streams import STDIN, open_input, open_output
from qa.types import AskOptions


def table(
    context: Context,
    *,
    filters: Filters,
    questions: Annotated[
        str,
        typer.Option(
            "--questions",
            metavar="FILE",
            help="File of questions, one per column; - for standard input.",
        ),
    ],
    out: Output = None,
    format_: Annotated[
        TableFormat | None,
        typer.Option(
            "--format",
            help="Output format. Default: from the extension of OUT, otherwise csv.",
            show_default=False,
        ),
    ] = None,
    bare: Annotated[
        bool, flag("--bare", text="Write only the answers, without citations and confidences.")
    ] = False,
    risk: Risk = None,
    words_only: WordsOnly = None,
    reader: Reader = None,
) -> int:
    """Make a table of facts: one row per release, one column per question.

    Each cell contains the words of the release that answer the question, followed by their
    citation and confidence. It is empty if the release does not answer the question. A column is
    named after the id of its question, or after the question if it has no id.
    """
    from qa.batch.fact_table import rows

    form = format_ or (table_format_by_suffix(out.suffix) if out else None) or "csv"
    if form == "parquet":
        if out is None:
            raise typer.BadParameter("Parquet is a binary format; write it to a file with -o.")
        arrow()
    if out is not None and questions != STDIN:
        refuse_overwriting_input(Path(questions), out)
    folder = context.folder()
    settings = context.settings(folder, risk=risk, words_only=words_only, reader=reader)
    wanted = columns(_read(questions, filters))
    for column in wanted:
        if column.error is not None:
            context.warn(f"{column.name}: {column.error}; the column is left empty.")
    if any(c.question and (c.question.history or c.question.conversation) for c in wanted):
        context.say("Some questions are part of a conversation; `table` asks each one on its own.")
    with ExitStack() as stack:
        collection = stack.enter_context(context.collection(folder))
        asker = collection.per_release(AskOptions(risk=settings.risk, reader=settings.reader))
        releases = asker.releases(filters)
        done = stack.enter_context(progress_bar(context, "Asking", len(releases), unit="releases"))
        writer = stack.enter_context(
            _writer(form, out, [column.name for column in wanted], sources=not bare)
        )
        answered = 0
        for row in rows(
            asker, releases, wanted, filters, words_only=settings.words_only, done=done
        ):
            writer.write(row)
            answered += sum(cell is not None for cell in row.cells)
    cells = len(releases) * len(wanted)
    context.say(f"{len(releases):,} releases: {answered:,} of {cells:,} cells have an answer.")
    return SOME_FAILED if any(column.error for column in wanted) else FINE


def _read(file: str, filters: Filters) -> list[Asked]:
    """Return the questions of a file, at most one more than are allowed."""
    with open_input(file) as stream:
        return list(islice(read_questions(stream, filters=filters), MAX_QUESTIONS + 1))


@contextmanager
def _writer(
    form: TableFormat, out: Path | None, names: Sequence[str], *, sources: bool
) -> Iterator[TableWriter]:
    """Yield a writer to a file or to standard output, and finish it on exit."""
    with ExitStack() as stack:
        writer: TableWriter
        if form == "parquet" and out is not None:
            writer = ParquetWriter(stack.enter_context(output_bytes(out)), names, sources=sources)
        else:
            stream = stack.enter_context(open_output(out))
            if form == "jsonl":
                writer = TableLinesWriter(stream, names, sources=sources)
            else:
                delimiter = "\t" if form == "tsv" else ","
                writer = SheetWriter(stream, names, delimiter=delimiter, sources=sources)
        yield writer
        writer.finish()


COMMANDS = (
    (
        "table",
        table,
        (
            "releaseqa table --questions facts.txt -o facts.csv",
            "releaseqa table --questions facts.jsonl --since 2023 --issuer yukon -o facts.parquet",
            "releaseqa table --questions facts.txt --bare --format tsv | column -t -s $'\\t'",
        ),
    ),
)
