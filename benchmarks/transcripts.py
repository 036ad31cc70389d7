"""Measure whether a journalist's question comes first as the answer of a question on a transcript.

    python benchmarks/transcripts.py [--others RELEASES]

tests/data/transcript_questions.jsonl has 50 questions on transcripts among the press releases of
../shared/data/press, many in the words of the journalists. They are asked over the transcripts they
are about and other releases of the same sets, drawn at random, once as the program ranks and once
without the penalty of question turns.
"""

import argparse
import gzip
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.ingest.update import update_collection  # noqa: E402
from qa import open_collection  # noqa: E402
from qa.ranking import penalties  # noqa: E402

PRESS = ROOT.parent / "shared" / "data" / "press"
QUESTIONS = ROOT / "tests" / "data" / "transcript_questions.jsonl"
RESULT = ROOT / "benchmarks" / "results" / "transcripts.json"
OTHERS = 20
SEED = 5


def read_questions() -> list[dict[str, str]]:
    """Return the questions: release, question, and words of the turn that answers."""
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def records(wanted: set[str], others: int) -> Iterator[dict[str, Any]]:
    """Yield the releases that the questions are about, and others of the same sets."""
    chance = random.Random(SEED)
    for name in sorted({release.partition("/")[0] for release in wanted}):
        with gzip.open(PRESS / name / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
            found = [json.loads(line) for line in lines]
        drawn = {record["id"] for record in chance.sample(found, others)}
        for record in found:
            release = f"{name}/{record['id']}"
            if release in wanted or record["id"] in drawn:
                yield {**record, "id": release}


def measure(folder: Path, questions: list[dict[str, str]]) -> dict[str, int]:
    """Ask the questions; count question turns in first place, and right first passages."""
    counts = {"questions": len(questions), "question turn first": 0, "right first": 0}
    with open_collection(folder) as collection:
        for question in questions:
            first = collection.ask(question["question"], k=1).passages[0]
            counts["question turn first"] += first.kind == "question"
            right = question["answer"] in first.text.replace("’", "'")
            counts["right first"] += right and first.release.id == question["release"]
    return counts


def main() -> None:
    """Print and store the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--others", type=int, default=OTHERS)
    options = parser.parse_args()
    questions = read_questions()
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary, "press.jsonl")
        wanted = {question["release"] for question in questions}
        source.write_text("\n".join(map(json.dumps, records(wanted, options.others))))
        folder = Path(temporary, "collection")
        update_collection(folder, [source])
        found = {"as ranked": measure(folder, questions)}
        penalties.QUESTION_PENALTY = 0.0
        found["without the penalty"] = measure(folder, questions)
    print(json.dumps(found, indent=1))
    RESULT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
