"""Standing questions: what new releases answer is added to a file, once.

A folder of reports holds `answers.jsonl`, which only grows, and `state.json`: up to which point of
the collection the questions were asked, and how long the answers file was then. A round writes its
answers first and the state after them; when it is cut off in between, the next one takes away what
stands beyond the known length and asks again. So no answer is lost and none stands twice.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index.store.checkpoints import Checkpoint
from qa.answer_json import dumps, outcome_to_json
from qa.atomic_file import atomic_text
from qa.batch.checkpoint import checkpoint_from_json, checkpoint_to_json
from qa.batch.question_file import read_questions
from qa.batch.run import BatchOptions, Tally, answer_questions
from qa.collection import Collection
from qa.errors import OutputError, QuestionFileError
from qa.filter_syntax import merge_filters
from qa.types import Answer

ANSWERS = "answers.jsonl"
STATE = "state.json"
_LOCK = ".lock"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class WatchRound:
    """What one round found.

    Attributes:
        releases: How many came in.
        tally: How the questions ended; nothing when no release came in.
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
    def alone(self) -> Iterator[None]:
        """Make the folder and hold the right to report to it.

        Raises:
            OutputError: Another watch has it, or it cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / _LOCK, timeout=0)
            with lock:
                yield
        except Timeout as error:
            raise OutputError(
                f"another watch is writing to {self.folder}; stop it or choose another folder."
            ) from error

    def round(self, collection: Collection, questions: Path, options: BatchOptions) -> WatchRound:
        """Ask questions of what came in since the last round, and add what is answered.

        The first round asks of everything there is.

        Raises:
            QuestionFileError: The questions cannot be read.
            OutputError: The answers cannot be written.
        """
        now = collection.point()
        last, length = self._state()
        since = collection.came_after(last) if last is not None else None
        filters, came = since or (options.filters, len(collection.releases()))
        if since and not came:
            return WatchRound(0, Tally(), ())
        if since and last is not None:
            now = replace(now, release=max(now.release, last.release))
        asked = replace(options, filters=merge_filters(options.filters, filters))
        tally, added = Tally(), []
        try:
            with self._opened(length) as stream, questions.open("rb") as file:
                for _, outcome in answer_questions(
                    collection, read_questions(file, filters=options.filters), asked
                ):
                    tally = tally.plus(outcome)
                    if isinstance(outcome, Answer) and outcome.answered:
                        added.append(outcome)
                        stream.write(dumps(outcome_to_json(outcome)).encode() + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
                length = stream.tell()
            self._remember(now, length)
        except OSError as error:
            name = Path(error.filename or self.folder)
            reason = error.strerror or str(error)
            if name == questions:
                raise QuestionFileError(f"{questions} cannot be read: {reason}.") from error
            raise OutputError(f"{name} cannot be written: {reason}.") from error
        return WatchRound(came, tally, tuple(added))

    @contextmanager
    def _opened(self, length: int | None) -> "Iterator[Any]":
        """Open the answers to add some, without what an interrupted round left."""
        with self.answers.open("ab") as stream:
            if length is not None and stream.tell() > length:
                stream.truncate(length)
                stream.seek(length)
            yield stream

    def _state(self) -> tuple[Checkpoint | None, int | None]:
        """Return up to where the questions were asked, and how long the answers were then.

        Raises:
            OutputError: The state is there and cannot be read: answers would stand twice.
        """
        path = self.folder / STATE
        if not os.path.lexists(path):
            return None, 0 if not self.answers.exists() else self._unknown(path)
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            found: Any = json.loads(path.read_bytes())
            length = found["bytes"]
            if found["version"] == _VERSION and type(length) is int and length >= 0:
                return checkpoint_from_json(found["point"]), length
        return None, self._unknown(path)

    def _unknown(self, path: Path) -> int:
        raise OutputError(
            f"{path} is missing or damaged; to start over, move it and {self.answers} away."
        )

    def _remember(self, point: Checkpoint, length: int) -> None:
        found = {"version": _VERSION, "point": checkpoint_to_json(point), "bytes": length}
        with atomic_text(self.folder / STATE) as stream:
            stream.write(dumps(found, indent=1) + "\n")
