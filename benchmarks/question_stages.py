"""Print where the time of a question goes, in milliseconds, as JSON.

    python benchmarks/question_stages.py cold COLLECTION STARTED < questions
    python benchmarks/question_stages.py warm COLLECTION < questions

`cold` is the first question of a process. STARTED is `time.monotonic()` of the process that starts
this one, so that the start of Python counts. The steps are those of `releaseqa ask`, one after
another here, so that each can be timed; the program opens the vectors and the encoder at the same
time. `warm` is the median over all questions. Questions are one a line.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")
WARM_UP = 3


def cold(folder: str, started: float, question: str) -> dict[str, float]:
    """Take the steps of a first question and return the time of each."""
    moments = [("", started), ("start Python", time.monotonic())]

    def took(step: str) -> None:
        moments.append((step, time.monotonic()))

    import qa.answering.pipeline
    import qa.cli.ask
    import qa.export.terminal  # noqa: F401 - each is what `ask` imports
    from qa import open_collection

    took("import the program")
    with open_collection(folder) as collection:
        indexes = collection._searcher.indexes  # noqa: SLF001 - the parts are timed
        _ = indexes.lexical.passages
        took("open the store and the word index")
        _ = indexes.vectors
        took("open the vectors and compare their hash")
        indexes.encoder.encode(["warm"])
        took("load the encoder")
        collection.warm()  # only the reader is left
        took("load the reader")
        collection.ask(question)
        took("answer")
    return {step: 1000 * (moment - before) for (_, before), (step, moment) in pairwise(moments)}


def warm(folder: str, questions: Sequence[str]) -> dict[str, float]:
    """Return the median time of each part of a later question.

    The collection is opened twice, since passages that were read stay in memory.
    """
    from qa import open_collection

    encoding, searching, reading = [], [], []
    with open_collection(folder) as plain, open_collection(folder) as read:
        plain.warm(reader=False)
        read.warm()
        for question in questions:
            timing = plain.ask(question, reader=False).timing
            encoding.append(timing.encode_ms)
            searching.append(timing.total_ms - timing.encode_ms)
            reading.append(read.ask(question).timing.total_ms - timing.total_ms)
    parts = {"encode the question": encoding, "search and rank": searching, "read": reading}
    return {part: statistics.median(times[WARM_UP:]) for part, times in parts.items()}


def main(state: str, folder: str, *started: str) -> None:
    """Print the parts of a cold or a warm question."""
    questions = sys.stdin.read().splitlines()
    parts = cold(folder, float(started[0]), questions[0]) if started else warm(folder, questions)
    print(json.dumps({state: parts}))


if __name__ == "__main__":
    main(*sys.argv[1:])
