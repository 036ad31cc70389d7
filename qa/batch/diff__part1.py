"""The JSON lines a batch wrote, read again: by `diff`, which needs of each only its verdict."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from qa.comparison import Verdict, verdict_of
from qa.errors import ComparisonError
from qa.outcomes import outcome_from_json

MAX_LINE = 64_000_000
"""Bytes of one outcome; a longer line is none."""


def read_verdicts(path: Path) -> Iterator[Verdict]:
    """Yield what matters of each outcome of a batch, in its order, holding one at a time.

    Raises:
        ComparisonError: The file cannot be read, or holds something else; the message names the
            line.
    """
    number = 0
    try:
        with path.open("rb") as stream:
            while line := stream.readline(MAX_LINE):
                number += 1
                if line.strip():
                    yield _verdict(path, number, line)
    except OSError as error:
        raise ComparisonError(f"{path} cannot be read: {error.strerror or error}.") from error


def _verdict(path: Path, number: int, line: bytes) -> Verdict:
    # What is written in a form but does not keep to it, such as a number for a title, shows
    # itself in any of these ways.
    with suppress(ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return _checked(verdict_of(outcome_from_json(json.loads(line))))
    raise ComparisonError(
        f"{path}, line {number}, is no outcome of a batch; write one with: releaseqa batch FILE "
        "--format jsonl"
    )


def _checked(verdict: Verdict) -> Verdict:
    """Return a verdict whose values are of the kinds they should be.

    Raises:
        ValueError: They are not.
    """
    texts = (
        verdict.id, verdict.words, verdict.evidence, verdict.passage, verdict.passage_id,
        verdict.release_id, verdict.title, verdict.date, verdict.citation, verdict.reason,
    )  # fmt: skip
    if not isinstance(verdict.question, str) or not all(isinstance(t, str | None) for t in texts):
        raise ValueError("something that should be a text is none")
    return verdict
