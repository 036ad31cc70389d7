"""Standing questions: what new releases answer is added to a file, once.

A report folder holds `answers.jsonl`, which only grows, and `state.json`: the checkpoint of the
last round and how long `answers.jsonl` was then. A round writes its answers before the state. If
it is interrupted in between, the next round cuts off what is beyond the known length and asks
again, so that no answer is lost and none is written twice. The first round begins with a state
before all releases, so that answers are never there without one.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from index.store.syncing import make_folder, sync_folder
from qa.answer_json import dumps, outcome_to_json
from qa.atomic_file import remove_unfinished
from qa.batch.checkpoint import (
    SavedCheckpoint,
    new_releases,
    read_checkpoint,
    write_checkpoint,
)
from qa.batch.question_file import read_questions
from qa.batch.release_answers import QuestionAnswers, answers_by_release, answers_together
from qa.batch.run import Tally
from qa.collection import Collection
from qa.errors import OutputError, QuestionFileError
from qa.types import Answer, AskOptions

ANSWERS = "answers.jsonl"
STATE = "state.json"
_LOCK = ".lock"
_LENGTH = "bytes"


@dataclass(frozen=True, slots=True)
class WatchRound:
    """What one round found.

    Attributes:
        releases: The number of new releases.
        tally: How the questions ended; zeros if no release was new.
        added: Answers that were added.
    """

    releases: int
    tally: Tally
    added: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Reports:
    """The folder that a watch reports to."""

    folder: Path

    @property
    def answers(self) -> Path:
        """The file that grows."""
        return self.folder / ANSWERS

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the folder and keep other watches from reporting to it.

        Raises:
            OutputError: Another watch reports to it, or it cannot be made.
        """
        try:
            make_folder(self.folder)
            with FileLock(self.folder / _LOCK, timeout=0):
                remove_unfinished(self.folder / STATE)
                yield
        except Timeout as error:
            raise OutputError(
                f"another watch is writing to {self.folder}; stop it or choose another folder."
            ) from error
        except OSError as error:
            raise OutputError.of(self.folder, error) from error

    def round(self, collection: Collection, questions: Path, options: AskOptions) -> WatchRound:
        """Ask each release since the last round the questions, and add its answers.

        The first round answers each question once, from all releases.

        Raises:
            QuestionFileError: The questions cannot be read.
            OutputError: The answers cannot be written, or the state is damaged.
        """
        saved = self._state()
        new = new_releases(collection, saved.checkpoint if saved else None, options.filters)
        if new.count == 0:
            return WatchRound(0, Tally(), ())
        # In the first round all releases are new, and each question is answered from the best. A
        # first round that was cut off has left a checkpoint before all releases.
        is_first = saved is None or saved.checkpoint.release == 0 or new.count is None
        answers = answers_together if is_first else answers_by_release
        count = len(collection.releases()) if new.count is None else new.count
        asked = replace(options, filters=new.filters)
        tally, added = Tally(), []
        try:
            if saved is None:
                saved = SavedCheckpoint(replace(new.checkpoint, release=0), {_LENGTH: 0})
                write_checkpoint(self.folder / STATE, saved)
            with self._opened(saved) as stream, questions.open("rb") as file:
                records = read_questions(file, filters=options.filters)
                for found in answers(collection, records, asked):
                    tally = _with(tally, found)
                    for answer in found.answers:
                        added.append(answer)
                        stream.write(dumps(outcome_to_json(answer)).encode() + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
                length = stream.tell()
            sync_folder(self.folder)  # the answers before the state that counts on them
            saved = SavedCheckpoint(new.checkpoint, {_LENGTH: length})
            write_checkpoint(self.folder / STATE, saved)
        except OSError as error:
            name = Path(error.filename or self.folder)
            if name == questions:
                reason = error.strerror or error
                raise QuestionFileError(f"{questions} cannot be read: {reason}.") from error
            raise OutputError.of(name, error) from error
        return WatchRound(count, tally, tuple(added))

    @contextmanager
    def _opened(self, saved: SavedCheckpoint) -> "Iterator[BinaryIO]":
        """Open the answers for appending, without what an interrupted round wrote."""
        length = saved.values[_LENGTH]
        with self.answers.open("ab") as stream:
            if stream.tell() > length:
                stream.truncate(length)
                stream.seek(length)
            yield stream

    def _state(self) -> SavedCheckpoint | None:
        """Return the state after the last round; None before the first.

        Raises:
            OutputError: The state is damaged or missing, so that answers could be written twice.
        """
        path = self.folder / STATE
        if not os.path.lexists(path) and not self.answers.exists():
            return None
        with suppress(OSError, ValueError):
            saved = read_checkpoint(path)
            length = saved.values.get(_LENGTH)
            if type(length) is int and length >= 0:
                return saved
        raise OutputError(
            f"{path} is missing or damaged; to start over, move it and {self.answers} away."
        )


def _with(tally: Tally, found: QuestionAnswers) -> Tally:
    """Return the tally with one more question."""
    if found.failure is not None:
        return tally.plus(found.failure)
    if not found.answers:
        return replace(tally, declined=tally.declined + 1)
    return tally.plus(found.answers[0])
