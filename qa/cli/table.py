"""`releaseqa table`: the answers of each release to the same questions, as a table."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from index.filters import Filters
from qa.atomic_file import output_bytes
from qa.batch.fact_table import MAX_QUESTIONS, FactColumn, FactRow, columns
from qa.batch.fact_table_writer import (
    TABLE_FORMAT_BY_SUFFIX,
    TableFormat,
    import_pyarrow,
    table_text,
    write_parquet,
)
from qa.batch.question_file import read_questions
from qa.batch.run import Asked
from qa.cli.context import Context
from qa.cli.errors import FINE, SOME_FAILED
from qa.cli.options import (
    Output,
    Reader,
    Risk,
    WordsOnly,
    option,
    output_format,
    refuse_overwriting_input,
)
from qa.cli.progress import progress_bar
from qa.cli.question_files import warn_of_missing_column
from qa.cli.since_last import SinceLast, same_search, since_last_run
from qa.cli.streams import STDIN, open_input, open_output


def table(
    context: Context,
    *,
    filters: Filters,
    questions: Annotated[
        str,
        option(
            "--questions",
            metavar="FILE",
            text="File of questions, one per column; - for standard input.",
        ),
    ],
    out: Output = None,
    format_: Annotated[
        TableFormat | None,
        option(
            "--format",
            text="Output format. Default: from the extension of OUT; without one, csv.",
        ),
    ] = None,
    since_last: SinceLast = False,
    bare: Annotated[
        bool, option("--bare", text="Write only the answers, without citations or confidences.")
    ] = False,
    risk: Risk = None,
    words_only: WordsOnly = None,
    reader: Reader = None,
) -> int:
    """Make a table of facts: one row per release, one column per question.

    Each cell contains the words of the release that answer the question, and is empty if the
    release does not answer it. Two more columns per question contain the citation and the
    confidence. A column is named after the id of its question, or after the question if it has no
    id.
    """
    from qa.batch.fact_table import rows

    if since_last and questions == STDIN:
        raise typer.BadParameter("--since-last needs a file of questions, not standard input.")
    form = output_format(out, format_, TABLE_FORMAT_BY_SUFFIX, "csv")
    if form == "parquet":
        if out is None:
            raise typer.BadParameter("Parquet is a binary format; write it to a file with -o.")
        import_pyarrow()
    if out is not None and questions != STDIN:
        refuse_overwriting_input(Path(questions), out)
    warn_of_missing_column(context, questions)
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
        asked = same_search("table", filters, str(Path(questions).expanduser().resolve()))
        run = since_last_run(
            context, collection, filters, asked, name="This table", wanted=since_last
        )
        filters = run.filters
        asker = collection.per_release(settings.ask_options())
        releases = asker.releases(filters)
        done = stack.enter_context(progress_bar(context, "Asking", len(releases), unit="releases"))
        found = rows(asker, releases, wanted, filters, words_only=settings.words_only, done=done)
        answered = 0

        def counted_rows() -> Iterator[FactRow]:
            nonlocal answered
            for row in found:
                answered += sum(cell is not None for cell in row.cells)
                yield row

        _write(form, out, counted_rows(), wanted, sources=not bare)
        run.done()
    cells = len(releases) * len(wanted)
    context.say(f"{len(releases):,} releases: {answered:,} of {cells:,} cells have an answer.")
    return SOME_FAILED if any(column.error for column in wanted) else FINE


def _read(file: str, filters: Filters) -> list[Asked]:
    """Return the questions of a file, at most one more than are allowed."""
    with open_input(file) as stream:
        return list(islice(read_questions(stream, filters=filters), MAX_QUESTIONS + 1))


def _write(
    form: TableFormat,
    out: Path | None,
    rows: Iterator[FactRow],
    wanted: Sequence[FactColumn],
    *,
    sources: bool,
) -> None:
    """Write a table to a file or standard output."""
    names = [column.name for column in wanted]
    money = {column.name for column in wanted if column.is_money}
    if form == "parquet" and out is not None:
        with output_bytes(out) as file:
            write_parquet(file, rows, names, sources=sources, money=money)
        return
    with open_output(out) as stream:
        stream.writelines(table_text(form, rows, names, sources=sources, money=money))


COMMANDS = (
    (
        "table",
        table,
        (
            "releaseqa table --questions facts.txt -o facts.csv",
            "releaseqa table --questions facts.jsonl --since 2023 --issuer yukon -o facts.parquet",
            "releaseqa table --questions facts.txt --since-last -o new.csv",
            "releaseqa table --questions facts.txt --bare --format tsv | column -t -s $'\\t'",
        ),
    ),
)
