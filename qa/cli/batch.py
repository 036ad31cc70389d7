"""`releaseqa batch`: a file of questions."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from index.filters import Filters
from qa.answer_json import Failure, Outcome
from qa.batch.question_file import read_questions
from qa.batch.run import Asked, Tally, answer_questions, default_group_size
from qa.batch.to_file import is_complete, journal_path, remove_lock, write_batch
from qa.cli.context import Context
from qa.cli.errors import FINE, SOME_FAILED, was_interrupted
from qa.cli.options import (
    ExactWords,
    K,
    Output,
    Reader,
    Reranker,
    Risk,
    WordsOnly,
    option,
    output_format,
    refuse_overwriting_input,
)
from qa.cli.progress import progress_bar
from qa.cli.question_files import warn_of_missing_column
from qa.cli.since_last import since_last_run
from qa.cli.streams import STDIN, open_input, open_output
from qa.errors import OutputError
from qa.export import FORMAT_BY_SUFFIX, Format, OutcomeFormat, outcome_format
from qa.export.trec import Level
from qa.presentation import counted

if TYPE_CHECKING:
    from qa.batch.workers import WorkerPool
    from qa.collection import Collection


MAX_JOBS = 64
"""An upper limit for worker processes, each of which needs memory for a collection."""
MOST_NAMED = 20
"""How many failed questions a warning names."""
_SHOWN_ID = 80


def batch(
    context: Context,
    *,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="File of questions; - for standard input.")
    ],
    filters: Filters,
    out: Output = None,
    format_: Annotated[
        Format | None,
        option(
            "--format",
            text="Output format. Default: from the extension of OUT; without one, jsonl.",
        ),
    ] = None,
    level: Annotated[
        Level | None,
        option(
            "--level",
            text="With --format trec: rank releases by their best passage, or rank passages. "
            "Default: release.",
        ),
    ] = None,
    resume: Annotated[bool, option("--resume", text="Continue an interrupted run to OUT.")] = False,
    since_last: Annotated[
        bool,
        option(
            "--since-last",
            text="Search only releases added or changed since the last run of FILE with this "
            "option. The first run searches all releases.",
        ),
    ] = False,
    jobs: Annotated[
        int | None,
        option(
            "--jobs",
            "-j",
            metavar="N",
            min=1,
            max=MAX_JOBS,
            text="Number of worker processes. Default: one per CPU core.",
        ),
    ] = None,
    timing: Annotated[
        bool,
        option(
            "--timing/--no-timing",
            text="Write the time taken by each answer (default). --no-timing writes zeros, so "
            "that two runs give identical output.",
        ),
    ] = True,
    k: K = None,
    risk: Risk = None,
    words_only: WordsOnly = None,
    exact_words: ExactWords = False,
    reader: Reader = None,
    reranker: Reranker = None,
) -> int:
    """Answer every question in a file, in order.

    FILE is plain text (one question per line, # for comments), JSONL, CSV or TSV with a header,
    or two-column TSV. The format is detected from the content. If a question
    cannot be asked, its record contains an error, and the exit code is 3.
    """
    form = output_format(out, format_, FORMAT_BY_SUFFIX, "jsonl")
    _check_usage(file, out, form=form, level=level, resume=resume, since_last=since_last)
    if resume and out is not None and is_complete(out):
        remove_lock(out)
        context.say(f"{out} is already complete; to ask its questions again, omit --resume.")
        return FINE
    warn_of_missing_column(context, file)
    place = context.place()
    settings = context.settings(place, k=k, risk=risk, words_only=words_only, reader=reader)
    options = replace(settings.ask_options(filters), exact_words=exact_words)
    total = _count(file) if context.shows_progress() else None
    with ExitStack() as stack:
        stream = stack.enter_context(open_input(file))
        collection = stack.enter_context(context.collection(place, reranker=reranker))
        asked = [str(Path(file).expanduser().resolve())]
        run = since_last_run(
            context, collection, options.filters, asked, name=file, wanted=since_last
        )
        options = replace(options, filters=run.filters)
        collection.check_filters(options.filters)
        questions = read_questions(stream, filters=filters, unique_ids=form == "trec")
        group_size = 1 if file == STDIN else None
        workers: WorkerPool | None = None
        if group_size is None and jobs != 1:
            together = default_group_size(options)
            first = list(islice(questions, together + 1))
            questions = chain(first, questions)
            if len(first) > together:
                workers = stack.enter_context(_workers(context, collection, jobs, reranker))
        done = stack.enter_context(progress_bar(context, "Asking", total))
        failures: list[Failure] = []

        def pieces(outcomes: Iterable[Outcome]) -> Iterator[str]:
            return outcome_format(form, level or "release", timing=timing)(
                _noted(outcomes, failures)
            )

        if out is None or _is_special(out):
            outcomes = answer_questions(
                collection, questions, options, group_size=group_size, workers=workers
            )
            target = stack.enter_context(open_output(out))
            tally = _write_through(target, pieces, outcomes, done, flush=group_size == 1)
        else:
            write = partial(
                write_batch, collection, questions, options, group_size=group_size, workers=workers
            )
            tally = _write_file(context, out, write, pieces, done, resume=resume)
        run.done()
    if form == "trec":
        _warn_of_failures(context, failures, tally.failed)
    if not tally.total:
        context.say(f"There are no questions in {'standard input' if file == STDIN else file}.")
    context.say(
        f"{counted(tally.total, 'question')}: {tally.answered} answered, {tally.declined} "
        f"unanswered, {tally.failed} failed."
    )
    return SOME_FAILED if tally.failed else FINE


def _check_usage(
    file: str,
    out: Path | None,
    *,
    form: Format,
    level: Level | None,
    resume: bool,
    since_last: bool,
) -> None:
    """Refuse options that cannot be used together, before anything is read."""
    if level is not None and form != "trec":
        raise typer.BadParameter("--level needs --format trec.")
    if resume and out is None:
        raise typer.BadParameter("--resume needs -o OUT, the output to continue.")
    if since_last and file == STDIN:
        raise typer.BadParameter("--since-last needs a file of questions, not standard input.")
    if out is not None and file != STDIN:
        refuse_overwriting_input(Path(file), out)


@contextmanager
def _workers(
    context: Context, collection: "Collection", jobs: int | None, reranker: Path | None
) -> "Iterator[WorkerPool | None]":
    """Yield a pool of worker processes; None if one process is enough."""
    from qa.batch.workers import WorkerPool, usable_cores

    wanted = jobs or min(usable_cores(), MAX_JOBS)
    if wanted == 1:
        yield None
        return
    collection.prepare_encoder()  # once, not in each of them
    with WorkerPool(collection.place, wanted, reranker=reranker) as workers:
        try:
            yield workers
        finally:
            for note in workers.take_notes():
                context.say(note)


def _noted(outcomes: Iterable[Outcome], failures: list[Failure]) -> Iterator[Outcome]:
    """Yield outcomes and add the first failures among them to a list."""
    for outcome in outcomes:
        if isinstance(outcome, Failure) and len(failures) < MOST_NAMED:
            failures.append(outcome)
        yield outcome


def _warn_of_failures(context: Context, failures: list[Failure], total: int) -> None:
    """Name the questions that failed, for a format that has no record of them."""
    for failure in failures:
        name = failure.id or ""
        shown = name if len(name) <= _SHOWN_ID else name[: _SHOWN_ID - 1] + "…"
        context.warn(f"question {shown}: {failure.error}")
    if total > len(failures):
        context.warn(f"… and {total - len(failures):,} more")


def _write_through(
    target: TextIO,
    pieces: OutcomeFormat,
    outcomes: Iterator[tuple[Asked, Outcome]],
    done: Callable[[int], None],
    *,
    flush: bool,
) -> Tally:
    """Write outcomes as they come to something that cannot be replaced, such as a pipe."""
    tally = Tally()

    def counted_outcomes() -> Iterator[Outcome]:
        nonlocal tally
        for _, outcome in outcomes:
            tally = tally.plus(outcome)
            done(tally.total)
            yield outcome

    for piece in pieces(counted_outcomes()):
        target.write(piece)
        if flush:
            target.flush()
    return tally


def _write_file(
    context: Context,
    out: Path,
    write: Callable[..., Tally],
    pieces: OutcomeFormat,
    done: Callable[[int], None],
    *,
    resume: bool,
) -> Tally:
    """Write a complete file, and say what an interrupted run has kept."""
    journal = journal_path(out.resolve())
    left = journal.exists()
    if left and not resume:
        context.say(
            f"Discarding {journal}, left by an interrupted run; use --resume to keep such answers."
        )

    def started(kept: Tally | None) -> None:
        if kept is not None:
            context.say(f"Continuing an interrupted run after {kept.total} questions.")
        elif resume and left:
            context.say("The options or the collection have changed; starting over.")

    try:
        return write(
            out, pieces, resume=resume, on_start=started, on_outcome=lambda tally: done(tally.total)
        )
    except (KeyboardInterrupt, ImportError) as error:
        if was_interrupted(error):
            context.say(
                f"Finished answers are in {journal}; to continue, add --resume to the same command."
            )
        raise


def _is_special(out: Path) -> bool:
    """Whether a path is something that must not be replaced, such as a pipe or /dev/null.

    Raises:
        OutputError: It is a folder.
    """
    if out.is_dir():
        raise OutputError(f"{out} is a folder; give the name of a file.")
    return out.exists() and not out.is_file()


def _count(file: str) -> int | None:
    """Return the number of questions for the progress bar, None for a pipe."""
    if not Path(file).is_file():
        return None
    with open_input(file) as stream:
        return sum(1 for _ in read_questions(stream))


COMMANDS = (
    (
        "batch",
        batch,
        (
            "releaseqa batch questions.txt > answers.jsonl",
            "releaseqa batch questions.csv -o answers.csv --since 2023",
            "releaseqa batch topics.tsv -o run.trec -k 100 --level passage",
            "releaseqa batch questions.jsonl -o report.html --resume",
            "releaseqa batch standing.txt --since-last -o today.html",
        ),
    ),
)
