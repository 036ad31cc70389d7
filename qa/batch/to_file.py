"""A batch into a file: complete or not there, and an interrupted run can go on.

Outcomes are kept in a journal beside the file as they come. When all are there, they are
written in the file's format to a temporary file, which is then renamed. Because the file is
always made from the journal, a run that was interrupted ends with the same file.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from qa.answer_json import dumps
from qa.atomic_file import atomic_text
from qa.batch.conversations import BatchConversations
from qa.batch.journal import Journal
from qa.batch.run import Asked, AskFunction, BatchOptions, Tally, answer_questions, together
from qa.errors import OutputError
from qa.export import OutcomeFormat
from qa.types import SCHEMA
from qa.version import program_version

if TYPE_CHECKING:
    from qa.batch.workers import WorkerPool


def journal_path(out: Path) -> Path:
    """Return where the journal of a batch into a file stands."""
    return out.with_name(f"{out.name}.partial")


def is_complete(out: Path) -> bool:
    """Whether a batch into a file has ended: the file is there, and no journal beside it."""
    return out.is_file() and not journal_path(out.resolve()).exists()


def write_batch(
    asker: AskFunction,
    questions: Iterator[Asked],
    options: BatchOptions,
    out: Path,
    pieces: OutcomeFormat,
    *,
    resume: bool = False,
    at_once: int | None = None,
    crew: "WorkerPool | None" = None,
    on_start: Callable[[Tally | None], None] = lambda _: None,
    on_outcome: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Ask questions and write what becomes of them to a file.

    Args:
        asker: The collection.
        questions: In their order.
        options: How to ask.
        out: The file, replaced when all is done.
        pieces: Writes the format.
        resume: Go on where an interrupted batch of the same options stopped.
        at_once: As for `answer_questions`.
        crew: As for `answer_questions`.
        on_start: Called before the first question is asked, with what is taken from an earlier
            run, or None when nothing could be.
        on_outcome: Called with the tally after each question.

    Raises:
        OutputError: A file cannot be written; the message names it.
    """
    out = out.resolve()
    with _alone(out):
        return _write_alone(
            asker, questions, options, out, pieces,
            resume=resume, at_once=at_once, crew=crew, on_start=on_start, on_outcome=on_outcome,
        )  # fmt: skip


def _write_alone(
    asker: AskFunction,
    questions: Iterator[Asked],
    options: BatchOptions,
    out: Path,
    pieces: OutcomeFormat,
    *,
    resume: bool,
    at_once: int | None,
    crew: "WorkerPool | None",
    on_start: Callable[[Tally | None], None],
    on_outcome: Callable[[Tally], None],
) -> Tally:
    journal = Journal(journal_path(out), _fingerprint(asker, options))
    try:
        conversations = BatchConversations()
        found = journal.resume(questions, conversations.add) if resume else None
        if found is None:
            journal.start()
        on_start(found[0] if found else None)
        tally, rest = found or (Tally(), questions)
        every = at_once or together(options)
        outcomes = answer_questions(
            asker, rest, options, at_once=every, conversations=conversations, crew=crew
        )
        for question, outcome in outcomes:
            journal.add(question, outcome)
            tally = tally.plus(outcome)
            on_outcome(tally)
            if tally.total % every == 0:
                journal.flush()
        _write(journal, out, pieces)
        journal.discard()
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{error.filename or out} cannot be written: {reason}.") from error
    finally:
        journal.close()
    return tally


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the right to write a file by a batch.

    Raises:
        OutputError: Another batch has it, or the folder cannot be written to.
    """
    path = out.with_name(f".{out.name}.lock")
    try:
        path.touch()  # the lock itself would make a missing folder
        with FileLock(path, timeout=0):
            try:
                yield
            finally:
                with suppress(OSError):  # while it is still held: who comes next makes a new one
                    path.unlink()
    except Timeout as error:
        raise OutputError(
            f"another batch is writing {out}; wait for it to finish or choose another output."
        ) from error
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}.") from error


def _write(journal: Journal, out: Path, pieces: OutcomeFormat) -> None:
    """Write the outcomes of a journal as a whole file, or leave no trace."""
    with atomic_text(out) as stream:
        stream.writelines(pieces(journal.outcomes()))


def _fingerprint(asker: AskFunction, options: BatchOptions) -> str:
    """Return what an outcome depends on besides its question, in a few letters."""
    text = dumps([SCHEMA, program_version(), asker.state, asdict(options)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
