"""How much of what a speaker says in a release `said` finds, and how much of it is right.

    python benchmarks/said_speakers.py --index FOLDER [--write]

FOLDER is the index of ../shared/data/press/us-congress. For each speaker in said_speakers.jsonl, a
release with the speaker's name was drawn, and read by one reader before anything of what `said`
finds in it was seen. A statement is a paragraph of a quotation, a sentence that reports what the
person said, or a joint statement that names the person; what a letter of several people says is
nobody's. It is given by its first words. What was found in the releases of the set `tune` changed
the program; those of `report` were drawn afterwards.
"""

import argparse
import json
import time
from pathlib import Path
from statistics import median
from typing import Any

from qa import open_collection
from qa.collection import Collection
from samples import ROOT

JUDGED = Path(__file__).with_name("said_speakers.jsonl")
RESULT = ROOT / "benchmarks" / "results" / "said_speakers.json"


def main() -> None:
    """Ask for each speaker, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="save the figures")
    given = parser.parse_args()
    rows = [json.loads(line) for line in JUDGED.read_text("utf-8").splitlines()]
    figures: dict[str, Any] = {}
    with open_collection(given.index) as collection:
        for part in ("tune", "report"):
            scores = [_score(collection, row) for row in rows if row["set"] == part]
            right, found, there = (sum(score[n] for score in scores) for n in range(3))
            figures[part] = {
                "speakers": len(scores),
                "statements": there,
                "found": found,
                "right": right,
                "precision": round(right / max(1, found), 3),
                "recall": round(right / max(1, there), 3),
            }
            times = [score[3] for score in scores]
            print(f"{part}: {figures[part]}, median {median(times):.0f} ms, most {max(times):.0f}")
    if given.write:
        RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _score(collection: Collection, row: dict[str, Any]) -> tuple[int, int, int, float]:
    """Return how many statements are right, found and there, and the milliseconds when warm."""
    collection.said(row["speaker"])
    start = time.perf_counter()
    found = collection.said(row["speaker"])
    ms = 1000 * (time.perf_counter() - start)
    text = collection.document(row["release"]).text
    spans = [
        statement.span
        for fold in found.folds
        for statement in fold.statements
        if row["release"] in {found.releases[statement.release].id, *statement.also_in}
    ]
    places = [place for words in row["statements"] for place in _places(text, words)]
    right = [span for span in spans if any(span[0] <= place < span[1] for place in places)]
    hit = [place for place in places if any(start <= place < end for start, end in spans)]
    missed = len(places) - len(hit)
    if missed or len(right) < len(spans):
        print(f"  {row['speaker']}: {missed} missed, {len(spans) - len(right)} wrong")
    return len(right), len(spans), len(right) + missed, ms


def _places(text: str, words: str) -> list[int]:
    """Return where some words stand; a statement that is printed twice is two."""
    places = [place for place in range(len(text)) if text.startswith(words, place)]
    if not places:
        raise ValueError(f"{words!r} is not in the release; is it another corpus?")
    return places


if __name__ == "__main__":
    main()
