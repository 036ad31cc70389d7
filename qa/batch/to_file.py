"""Write a batch to a file, complete or not at all, so that an interrupted run can continue.

Outcomes are kept in a journal beside the file as they come. When all are there, the file is
written from the journal to a temporary file, which is then renamed. Because the file is always
made from the journal, an interrupted and resumed run ends with the same file.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock, Timeout

from qa.answer_json import dumps
from qa.atomic_file import atomic_text, remove_unfinished
from qa.batch.conversations import BatchConversations
from qa.batch.journal import Journal
from qa.batch.run import (
    Asked,
    BatchAsker,
    Tally,
    Workers,
    answer_questions,
    default_group_size,
)
from qa.errors import OutputError
from qa.export import OutcomeFormat
from qa.types import SCHEMA, AskOptions
from qa.version import program_version


def journal_path(out: Path) -> Path:
    """Return the path of the journal of a batch that is written to a file."""
    return out.with_name(f"{out.name}.partial")


def is_complete(out: Path) -> bool:
    """Whether a batch to this file has ended: the file exists, and its journal does not."""
    return out.is_file() and not journal_path(out.resolve()).exists()


def remove_lock(out: Path) -> None:
    """Remove the lock of a batch to this file that was killed when it had written it.

    The lock of one that is running stays, and so does what cannot be removed.
    """
    out = out.resolve()
    if _lock_path(out).exists():
        with suppress(OutputError), _locked(out):
            pass


def write_batch(
    asker: BatchAsker,
    questions: Iterator[Asked],
    options: AskOptions,
    out: Path,
    pieces: OutcomeFormat,
    *,
    resume: bool = False,
    group_size: int | None = None,
    workers: Workers | None = None,
    on_start: Callable[[Tally | None], None] = lambda _: None,
    on_outcome: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Ask questions and write their outcomes to a file.

    Args:
        asker: The collection.
        questions: In their order.
        options: How to ask.
        out: The file; it is replaced when all questions are answered.
        pieces: The output format.
        resume: Continue an interrupted batch that had the same options.
        group_size: As for `answer_questions`.
        workers: As for `answer_questions`.
        on_start: Called before the first question is asked, with the tally of what an earlier
            run has answered, or None if there is nothing to continue.
        on_outcome: Called with the tally after each question.

    Raises:
        OutputError: A file cannot be written; the message names it.
    """
    out = out.resolve()
    size = group_size or default_group_size(options)
    conversations = BatchConversations()
    with _locked(out):
        try:
            with Journal(journal_path(out), _fingerprint(asker, options)) as journal:
                found = journal.resume(questions, conversations.add) if resume else None
                if found is None:
                    journal.start()
                on_start(found[0] if found else None)
                tally, rest = found or (Tally(), questions)
                outcomes = answer_questions(
                    asker, rest, options,
                    group_size=size, conversations=conversations, workers=workers,
                )  # fmt: skip
                for question, outcome in outcomes:
                    journal.add(question, outcome)
                    tally = tally.plus(outcome)
                    on_outcome(tally)
                    if tally.total % size == 0:
                        journal.flush()
                _write(journal, out, pieces)
                journal.discard()
        except OSError as error:
            raise OutputError.of(error.filename or out, error) from error
    return tally


def _lock_path(out: Path) -> Path:
    return out.with_name(f".{out.name}.lock")


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Keep other batches from writing a file.

    Raises:
        OutputError: Another batch is writing it, or the folder cannot be written to.
    """
    path = _lock_path(out)
    try:
        path.touch()  # FileLock would make a missing folder
        with FileLock(path, timeout=0):
            for written in (out, journal_path(out)):
                remove_unfinished(written)
            try:
                yield
            finally:
                with suppress(OSError):  # while it is locked, so that the next batch makes its own
                    path.unlink()
    except Timeout as error:
        raise OutputError(
            f"another batch is writing {out}; wait for it to finish or choose another output."
        ) from error
    except OSError as error:
        raise OutputError.of(out, error) from error


def _write(journal: Journal, out: Path, pieces: OutcomeFormat) -> None:
    """Write the outcomes of a journal to a file, or leave no trace."""
    with atomic_text(out) as stream:
        stream.writelines(pieces(journal.outcomes()))


def _fingerprint(asker: BatchAsker, options: AskOptions) -> str:
    """Return a digest of what an outcome depends on besides its question."""
    text = dumps([SCHEMA, program_version(), asker.state, asdict(options)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
