"""A batch into a file: complete or not there, and an interrupted run can go on.

Outcomes are kept in a journal beside the file as they come. When all are there, they are
written in the file's format to a temporary file, which is then renamed. Because the file is
always made from the journal, a run that was interrupted ends with the same file.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from qa.answer import SCHEMA
from qa.batch import AT_ONCE, Asked, Asker, BatchOptions, Tally, answer_questions
from qa.errors import OutputError
from qa.journal import Journal
from qa.serialise import dumps
from qa.version import program_version
from qa.writers import Writer


def journal_path(out: Path) -> Path:
    """Return where the journal of a batch into a file stands."""
    return out.with_name(f"{out.name}.partial")


def write_batch(
    asker: Asker,
    questions: Iterator[Asked],
    options: BatchOptions,
    out: Path,
    writer: Callable[[TextIO], Writer],
    *,
    resume: bool = False,
    at_once: int = AT_ONCE,
    on_start: Callable[[Tally | None], None] = lambda _: None,
    on_outcome: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Ask questions and write what becomes of them to a file.

    Args:
        asker: The collection.
        questions: In their order.
        options: How to ask.
        out: The file, replaced when all is done.
        writer: Makes the writer of the format.
        resume: Go on where an interrupted batch of the same options stopped.
        at_once: Questions that are asked together.
        on_start: Called before the first question is asked, with what is taken from an earlier
            run, or None when nothing could be.
        on_outcome: Called with the tally after each question.

    Raises:
        OutputError: A file cannot be written; the message names it.
    """
    out = out.resolve()
    journal = Journal(journal_path(out), _fingerprint(asker, options))
    try:
        found = journal.resume(questions) if resume else None
        if found is None:
            journal.start()
        on_start(found[0] if found else None)
        tally, rest = found or (Tally(), questions)
        for question, outcome in answer_questions(asker, rest, options, at_once=at_once):
            journal.add(question, outcome)
            tally = tally.plus(outcome)
            on_outcome(tally)
            if tally.total % at_once == 0:
                journal.flush()
        _write(journal, out, writer)
        journal.discard()
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{error.filename or out} cannot be written: {reason}.") from error
    finally:
        journal.close()
    return tally


def _write(journal: Journal, out: Path, writer: Callable[[TextIO], Writer]) -> None:
    """Write the outcomes of a journal as a whole file, or leave no trace."""
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("x", encoding="utf-8", errors="replace", newline="") as stream:
            target = writer(stream)
            for outcome in journal.outcomes():
                target.write(outcome)
            target.finish()
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(out)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _fingerprint(asker: Asker, options: BatchOptions) -> str:
    """Return what an outcome depends on besides its question, in a few letters."""
    text = dumps([SCHEMA, program_version(), asker.state, asdict(options)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
