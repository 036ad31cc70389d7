"""`releaseqa index`: add releases to the collection, or update them."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import ClusterError, ReleaseIndexError
from index.ingest.ignore_rules import IGNORE_FILE
from index.milvus.address import MilvusAddress, writer_folder
from index.reports import Progress, Skip, UpdateReport
from qa.cli.context import Context
from qa.cli.errors import FINE, INTERRUPTED, SOME_FAILED
from qa.cli.options import Json, option
from qa.cli.progress import progress_bar, stage_bars
from qa.errors import QAError

if TYPE_CHECKING:
    from index.search.backend import EngineWriter

_MEGABYTE = 1_000_000
_MOST_NAMED = 5
"""Skipped records of a file that are named if all have the same fault."""

Wait = Annotated[
    bool,
    option(
        "--wait",
        text="Wait for another process that is writing to the collection, instead of failing.",
    ),
]


def _check_address(value: str | None) -> str | None:
    if value is None:
        return None
    from index.distributed.address import parse_address

    try:
        return parse_address(value).text
    except ClusterError as error:
        raise typer.BadParameter(str(error)) from error


def index(
    context: Context,
    *,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE", help="Files, folders (recursive), or - for JSONL on standard input."
        ),
    ],
    model: Annotated[
        str | None,
        option(
            "--model",
            metavar="M",
            text="Model for a new collection: multilingual (needs the extra of that name), or the "
            "folder or name of a sentence-transformers model. Default: the packaged model, for "
            "English.",
        ),
    ] = None,
    prune: Annotated[
        bool,
        option("--prune", text="Remove releases whose source file no longer exists or is ignored."),
    ] = False,
    dry_run: Annotated[
        bool, option("--dry-run", text="Show what would change, without changing anything.")
    ] = False,
    follow: Annotated[
        bool, option("--follow", text="Follow symbolic links that lead out of SOURCE.")
    ] = False,
    ignore: Annotated[
        bool,
        option(
            "--ignore/--no-ignore", text="Leave out what .releaseqaignore files name (default)."
        ),
    ] = True,
    wait: Wait = False,
    max_mb: Annotated[
        int | None,
        option(
            "--max-mb",
            metavar="N",
            min=1,
            text="Skip files larger than N megabytes. Default: 64.",
        ),
    ] = None,
    ray: Annotated[
        str | None,
        option(
            "--ray",
            metavar="ADDRESS",
            callback=_check_address,
            text="Encode passages on the machines of a Ray cluster: HOST:PORT, ray://HOST:PORT, "
            "auto for the one that runs here, local for a new one on this machine. Needs the "
            "extra ray. The cluster gets the text of your releases.",
        ),
    ] = None,
    json: Json = False,
) -> int:
    """Add releases to the collection, or update them.

    Only new and changed files are read and encoded. A file that cannot be read is skipped and
    reported, and the exit code is 3. If the file was found in a folder, later runs only count it,
    as long as it stays the same. What a file .releaseqaignore in a folder names, in the syntax of
    .gitignore, is left out.

    Afterwards a few example questions are chosen for the chat, if the collection has grown or
    changed.

    To stop, press Ctrl+C. Finished work is kept; run the same command again to continue.
    """
    from index.ingest.parse import MAX_BYTES
    from index.ingest.update import update_collection

    address = context.address()
    folder = context.folder_for_writing() if address is None else writer_folder(address)
    settings = context.settings(address or folder, max_mb=max_mb)
    with (
        stage_bars(context) as progress,
        stop_on_interrupt(context) as cancelled,
        _engine(address, folder, progress, cancelled, dry_run=dry_run) as engine,
    ):
        report = update_collection(
            folder,
            sources,
            model=model,
            default_model=settings.model,
            prune=prune,
            dry_run=dry_run,
            follow=follow,
            ignore=ignore,
            wait=wait,
            stdin=sys.stdin.buffer,
            cluster=ray,
            progress=progress,
            cancelled=cancelled,
            engine=engine,
            max_bytes=settings.max_mb * _MEGABYTE if settings.max_mb else MAX_BYTES,
        )
    code = print_report(context, report, json=json)
    if report.added and not (dry_run or json):
        _note_languages(context, folder)
    if not (dry_run or report.interrupted or address):
        _renew_examples(context, folder)
    return code


@contextmanager
def _engine(
    address: MilvusAddress | None,
    folder: Path,
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    *,
    dry_run: bool,
) -> "Iterator[EngineWriter | None]":
    """Yield what publishes to an address; None for the collection's own folder."""
    if address is None or dry_run:
        yield None
        return
    from index.milvus.writer import MilvusWriter

    writer = MilvusWriter(address, folder, progress, cancelled)
    try:
        yield writer
    finally:
        writer.close()


def _note_languages(context: Context, folder: Path) -> None:
    """Suggest another model if many releases are in languages that this one does not know."""
    from index.store.reader import Store
    from index.store.stats import collection_status
    from qa.cli.languages import REMEDY, foreign_languages

    with Store(folder) as store:
        if (found := foreign_languages(collection_status(store))) is not None:
            context.say(f"{found}; {REMEDY}")


def _renew_examples(context: Context, folder: Path) -> None:
    """Choose example questions for the chat. Ctrl+C leaves those that are there."""
    from qa.renew_examples import renew_examples

    sys.stdout.flush()
    with (
        progress_bar(context, "Trying example questions", None, unit=""),
        stop_on_interrupt(context) as stopped,
        suppress(ReleaseIndexError, QAError),  # they are never needed
    ):
        renew_examples(folder, stopped)


@contextmanager
def stop_on_interrupt(context: Context) -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl+C into a request to stop; the second one interrupts as usual.

    Yields:
        A function that returns whether a stop was requested.
    """
    from index.ingest.interruptible import StopRequest

    request = StopRequest()

    def stop(_signal: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        context.warn("Stopping; press Ctrl+C again to stop at once.")
        request.make()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield request
    finally:
        signal.signal(signal.SIGINT, before)


def print_report(context: Context, report: UpdateReport, *, json: bool) -> int:
    """Print a report and return the exit code."""
    print_skips(context, report)
    # All notes are shown: an unchanged file is not read again, so they do not come up again.
    for note in report.notes:
        context.say(f"note on {note.item}: {note.reason}")
    if json:
        context.write_json(asdict(report))
    else:
        for line in _summary(report):
            context.write(line + "\n")
    if report.interrupted:
        context.warn("Interrupted: finished work is kept; run the same command again to continue.")
        return INTERRUPTED
    return SOME_FAILED if report.newly_skipped else FINE


def print_skips(context: Context, report: UpdateReport) -> None:
    """Name what was skipped for the first time, and count what was skipped as before.

    If a file has many records with the same fault, only the first few are named: a JSONL file of
    another kind would otherwise fill the screen.
    """
    for (file, fault), alike in groupby(report.newly_skipped, _file_and_fault):
        skips = list(alike)
        named = skips if context.verbose or len(skips) <= _MOST_NAMED + 1 else skips[:_MOST_NAMED]
        for skip in named:
            context.warn(f"skipped {skip.item}: {skip.reason}")
        if more := len(skips) - len(named):
            context.warn(f"skipped {file}: {more:,} more records: {fault}; -v names them")
    known = report.skipped_before
    if not known:
        return
    if context.verbose:
        for skip in known:
            context.say(f"skipped as before {skip.item}: {skip.reason}")
    else:
        context.say(
            f"{len(known):,} skipped as before; -v names {'it' if len(known) == 1 else 'them'}"
        )


def _file_and_fault(skip: Skip) -> tuple[str, str]:
    """Return the file that a skipped record is in, or the skipped file, and what is wrong."""
    return skip.item.rpartition(": ")[0] or skip.item, skip.reason


def _summary(report: UpdateReport) -> Iterator[str]:
    """Yield the lines of a report."""
    yield (
        f"{'would be: ' if report.dry_run else ''}{report.added} added, {report.updated} updated, "
        f"{report.unchanged} unchanged, {report.removed} removed, {len(report.skipped)} skipped"
        + (f" ({len(report.skipped_before)} as before)" if report.skipped_before else "")
    )
    if report.ignored:
        yield f"{report.ignored:,} left out by {IGNORE_FILE} (a folder counts once)"
    if report.vanished:
        yield f"{report.vanished} no longer in their sources; use --prune to remove them"
    if report.dry_run:
        return
    yield f"{report.passages} passages, {report.encoded} encoded now"
    if report.to_encode:
        yield f"{report.to_encode} not yet encoded, found by words only; run `index` again"


COMMANDS = (
    (
        "index",
        index,
        (
            "releaseqa index press-releases/",
            "releaseqa index news/ archive.jsonl --prune",
            "zcat corpus.jsonl.gz | releaseqa index -",
            "releaseqa index archive.jsonl --ray ray://head.example.org:10001",
        ),
    ),
)
