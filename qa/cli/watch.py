"""`releaseqa watch`: standing questions, asked of new releases as they arrive."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.filters import Filters
from qa.cli.context import Context
from qa.cli.errors import FINE, SOME_FAILED
from qa.cli.index import print_skips, stop_on_interrupt
from qa.cli.options import ExactWords, K, Reader, Risk, WordsOnly, option
from qa.cli.progress import stage_bars
from qa.display import clean_line
from qa.errors import QuestionFileError

if TYPE_CHECKING:
    from index.reports import UpdateReport
    from qa.batch.watch import WatchRound
    from qa.collection import Collection
    from qa.types import Answer


def watch(
    context: Context,
    *,
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER", help="Folders of releases (recursive), or files such as feeds."
        ),
    ],
    questions: Annotated[
        Path,
        option(
            "--questions",
            metavar="FILE",
            text="File of standing questions, read again in each round.",
        ),
    ],
    out: Annotated[
        Path,
        option(
            "-o",
            "--output",
            metavar="DIR",
            text="Folder for answers.jsonl and the state needed to continue.",
        ),
    ],
    filters: Filters,
    once: Annotated[
        bool, option("--once", text="Run one round and exit, for example from cron.")
    ] = False,
    k: K = None,
    risk: Risk = None,
    words_only: WordsOnly = None,
    exact_words: ExactWords = False,
    reader: Reader = None,
) -> int:
    """Watch folders and feeds, and answer standing questions from new releases.

    Each round indexes new and changed files, then asks every question about the releases added
    or changed since the previous round. The first round covers all releases. Answers are appended
    to DIR/answers.jsonl; questions without an answer are left out.

    To stop, press Ctrl+C. Run the same command again to continue.
    """
    from qa.batch.file_watcher import changes
    from qa.batch.watch import Reports

    _check(folders, questions, out)
    folder = context.folder_for_writing()
    settings = context.settings(folder, k=k, risk=risk, words_only=words_only, reader=reader)
    options = replace(settings.ask_options(filters), exact_words=exact_words)
    reports = Reports(out)
    code = FINE
    with ExitStack() as stack:
        stack.enter_context(reports.locked())
        collection: Collection | None = None
        for _ in [None] if once else changes(folders, [folder]):
            report = _update(context, folder, folders, model=settings.model)
            if collection is None:
                collection = stack.enter_context(context.collection(folder))
            collection.refresh()
            found = reports.round(collection, questions, options)
            _show(context, found, reports.answers)
            code = SOME_FAILED if report.newly_skipped or found.tally.failed else FINE
    return code


def _check(folders: list[Path], questions: Path, out: Path) -> None:
    """Refuse folders and files that cannot be used, before anything is done."""
    for folder in folders:
        if not folder.exists():
            raise typer.BadParameter(f"no such file or folder: {folder}.")
        if folder.is_dir() and out.resolve().is_relative_to(folder.resolve()):
            raise typer.BadParameter(
                f"the output folder {out} is inside {folder} and would be indexed; choose another."
            )
    if not questions.is_file():
        raise QuestionFileError(f"{questions} cannot be read: no such file.")


def _update(
    context: Context, folder: Path, sources: list[Path], *, model: str | None
) -> "UpdateReport":
    """Index what changed. Ctrl+C finishes the file in hand and ends the watch."""
    from index.ingest.update import update_collection

    with stage_bars(context) as progress, stop_on_interrupt(context) as cancelled:
        report = update_collection(
            folder, sources, default_model=model, wait=True, progress=progress, cancelled=cancelled
        )
    print_skips(context, report)
    if report.interrupted:
        raise KeyboardInterrupt
    return report


def _show(context: Context, found: "WatchRound", answers: Path) -> None:
    """Print the answers of a round to standard output, the counts to standard error."""
    for answer in found.added:
        context.write("".join(f"{line}\n" for line in _lines(answer)))
    sys.stdout.flush()
    if found.releases:
        context.say(
            f"{found.releases} new {'release' if found.releases == 1 else 'releases'}: "
            f"{len(found.added)} of {found.tally.total} questions answered, added to {answers}."
        )


def _lines(answer: "Answer") -> Iterator[str]:
    number = f"{answer.id}: " if answer.id else ""
    yield clean_line(f"{number}{answer.question}")
    said = answer.answer or answer.evidence
    yield clean_line(f"   “{said.text if said else answer.passages[0].text}”")
    yield clean_line(f"   {answer.passages[0].citation}")


COMMANDS = (
    (
        "watch",
        watch,
        (
            "releaseqa watch press-releases/ --questions standing.txt -o reports/",
            "releaseqa watch feed.xml news/ --questions standing.jsonl -o reports/ --once",
        ),
    ),
)
