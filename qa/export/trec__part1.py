"""TREC run files: `qid Q0 docid rank score releaseqa`, what evaluation programs read.

Those programs sort by score and break ties by document id, whatever the ranks say. So that they
see the ranking that was given, each score is written below the one before it, if only by the
last digit. Fields are parted by blanks; an id that holds white space is percent-encoded, and so
is a percent sign that would read like an encoding, so that decoding gives the ids back.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, TextIO
from urllib.parse import quote

from qa.answer import Answer, RankedPassage
from qa.outcomes import Failure, Outcome

Level = Literal["release", "passage"]
TAG = "releaseqa"

_STEP = 1e-6
_UNFIT = re.compile(
    "[\\s\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
    "|%(?=[0-9A-Fa-f]{2})"
)


class RunFileWriter:
    """Writes the passages of each answer as lines of a run."""

    def __init__(self, stream: TextIO, level: Level = "release") -> None:
        self._stream = stream
        self._level = level

    def write(self, outcome: Outcome) -> None:
        """Write the ranking of one answer; a failure has none."""
        if isinstance(outcome, Failure):
            return
        self._stream.writelines(run_lines(outcome.id or "", ranking(outcome, self._level)))

    def finish(self) -> None:
        """Do nothing: lines need no end."""


def run_lines(question: str, ranked: Iterable[tuple[str, float]]) -> Iterator[str]:
    """Yield the lines of a question: ids and scores, best first, scores falling."""
    for rank, (identifier, score) in enumerate(ranked, start=1):
        yield f"{field(question)} Q0 {field(identifier)} {rank} {score:.6f} {TAG}\n"


def ranking(answer: Answer, level: Level) -> Iterator[tuple[str, float]]:
    """Yield ids and scores in the order of the answer, each score below the one before.

    At release level each release comes once, at the place and with the score of its best
    passage; releases that carry the same passage, which is shown once, follow it.
    """
    seen: set[str] = set()
    before = float("inf")
    for passage in answer.passages:
        carriers = passage.also_in if level == "release" else ()
        for identifier in (_identifier(passage, level), *carriers):
            if identifier not in seen:
                seen.add(identifier)
                before = min(round(passage.score, 6), before - _STEP)
                yield identifier, before


def field(identifier: str) -> str:
    """Return an id as one field of a run file: never empty, without white space."""
    return _UNFIT.sub(lambda found: quote(found[0], errors="surrogatepass"), identifier) or "-"


def _identifier(passage: RankedPassage, level: Level) -> str:
    return passage.release.id if level == "release" else passage.passage_id
