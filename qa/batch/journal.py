"""What an interrupted batch leaves behind, so that it can continue.

The first line holds a fingerprint of the options and the collection. Each line after it holds
one outcome with a digest of its question. To continue, lines are used from the first on as long
as their questions are unchanged. What follows, and a last line that is incomplete, is cut off and
asked again.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from qa.answer_json import Outcome, dumps, outcome_from_json, outcome_to_json
from qa.atomic_file import atomic_bytes
from qa.batch.run import Asked, Tally
from qa.errors import OutputError

_VERSION = 1
_HEADER_KEY = "releaseqa_batch"


class Journal:
    """The journal of one batch; a context manager that closes it and keeps the file."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._path = path
        self._header = dumps({_HEADER_KEY: _VERSION, "fingerprint": fingerprint}).encode() + b"\n"
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        """Return the journal itself; `start` or `resume` opens it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def start(self) -> None:
        """Begin an empty journal in place of an earlier one.

        Raises:
            OutputError: There is a file of that name that is not a journal.
        """
        self._refuse_foreign()
        with atomic_bytes(self._path) as stream:  # part of it would not be taken for a journal
            stream.write(self._header)
        self._file = self._path.open("ab")

    def resume(
        self,
        questions: Iterator[Asked],
        on_kept: Callable[[Asked, Outcome], None] = lambda *_: None,
    ) -> tuple[Tally, Iterator[Asked]] | None:
        """Continue the journal of an earlier run.

        Args:
            questions: The questions of the batch, from the first on.
            on_kept: Called with each question that is answered already, and its outcome.

        Returns:
            The tally of what is answered already, and the questions that are left; None if there
            is no journal of the same batch. In that case no question was read.

        Raises:
            OutputError: There is a file of that name that is not a journal.
        """
        self._refuse_foreign()
        if not self._path.exists():
            return None
        with self._path.open("rb") as file:
            if file.readline() != self._header:
                return None
            tally, end, rest = _matching(file, questions, on_kept)
        os.truncate(self._path, end)
        self._file = self._path.open("ab")
        return tally, rest

    def add(self, question: Asked, outcome: Outcome) -> None:
        """Write the outcome of a question."""
        entry = {"question": _digest(question), "outcome": outcome_to_json(outcome)}
        self._open().write(dumps(entry).encode() + b"\n")

    def flush(self) -> None:
        """Hand what was added to the system, so that it outlives this process."""
        self._open().flush()

    def outcomes(self) -> Iterator[Outcome]:
        """Yield all outcomes, from the first on."""
        self.flush()
        with self._path.open("rb") as file:
            file.readline()
            for line in file:
                yield outcome_from_json(json.loads(line)["outcome"])

    def close(self) -> None:
        """Close the file; its content is kept."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def discard(self) -> None:
        """Close and remove the file."""
        self.close()
        self._path.unlink(missing_ok=True)

    def _open(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("the journal is not open")
        return self._file

    def _refuse_foreign(self) -> None:
        """Raise if the path is taken by something that is not a journal."""
        if not os.path.lexists(self._path):
            return
        if self._path.is_file():
            with self._path.open("rb") as file:
                if file.readline(len(self._header) + 1).startswith(f'{{"{_HEADER_KEY}"'.encode()):
                    return
        raise OutputError(
            f"{self._path} exists but is not a journal of releaseqa; move it and try again."
        )


def _matching(
    file: BinaryIO, questions: Iterator[Asked], on_kept: Callable[[Asked, Outcome], None]
) -> tuple[Tally, int, Iterator[Asked]]:
    """Return the tally and the end of the lines that match, and the questions after them."""
    tally, end = Tally(), file.tell()
    while line := file.readline():
        entry = _entry(line)
        if entry is None:
            break
        question = next(questions, None)
        if question is None:
            break
        if entry[0] != _digest(question):
            return tally, end, chain([question], questions)
        on_kept(question, entry[1])
        tally, end = tally.plus(entry[1]), file.tell()
    return tally, end, questions


def _entry(line: bytes) -> tuple[str, Outcome] | None:
    """Return a line's digest and outcome; None if the line is incomplete."""
    if not line.endswith(b"\n"):
        return None
    try:
        found: Any = json.loads(line)
        return found["question"], outcome_from_json(found["outcome"])
    except (ValueError, TypeError, KeyError):
        return None


def _digest(question: Asked) -> str:
    text = dumps([type(question).__name__, asdict(question)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
