"""Ask questions about real press releases, in a collection of about fifteen hundred.

    python benchmarks/press_questions.py --cache /tmp/press-questions [--of held-out] [--list]
        [--write]

The questions come from `press_set`, the figures from benchmarks/samples.py. The held-out questions
were used for no choice and no fit. Of the written questions in training/questions, those the reader
was not trained on are asked, over the releases they are about; some of them are in the fits. With
--write, the figures go into results/press_questions.json and the plot of
docs/explanation/quality.md.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from press_set import HELD_OUT, QUESTIONS, WRITTEN, write_fitting_set, write_press_set
from quality_page import plot_confidence

from index.ingest.update import update_collection
from samples import ROOT, Outcome, outcomes, report

RESULT = ROOT / "benchmarks" / "results" / "press_questions.json"
EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 1.01)
"""Bins of confidence, each with some twenty questions or more."""
FILES = {
    "chosen-by": QUESTIONS,
    "held-out": HELD_OUT,
    "written": WRITTEN / "press-written.jsonl",
    "hard": WRITTEN / "press-hard.jsonl",
}


def main() -> None:
    """Index the releases asked about and others, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--of", choices=tuple(FILES), default="chosen-by", help="which questions")
    parser.add_argument("--list", action="store_true", help="print each question that misses")
    parser.add_argument("--write", action="store_true", help="save the figures and draw the plot")
    given = parser.parse_args()
    if not (given.data / "press").is_dir():
        sys.exit(f"no press releases in {given.data / 'press'}; name the folder with --data")
    left = FILES[given.of].parent == WRITTEN  # for fitting
    write = write_fitting_set if left else write_press_set
    folder = write(given.data, given.cache, FILES[given.of])
    lines = (folder / "questions.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    collection = given.cache / folder.name
    update_collection(collection, [str(folder / "corpus.jsonl")])
    found = outcomes(collection, asked)
    report(found, misses=given.list)
    if given.write:
        bins = by_confidence(found)
        RESULT.write_text(json.dumps({given.of: bins}, indent=1) + "\n", encoding="utf-8")
        plot_confidence(bins)


def by_confidence(found: Sequence[Outcome]) -> list[dict[str, float]]:
    """Return bins of confidence: questions, mean confidence, share of right first passages."""
    bins = []
    for low, high in pairwise(EDGES):
        inside = [o for o in found if low <= o.confidence < high]
        if inside:
            bins.append(
                {
                    "from": low,
                    "to": min(high, 1.0),
                    "questions": len(inside),
                    "confidence": round(sum(o.confidence for o in inside) / len(inside), 3),
                    "right": round(sum(o.passage for o in inside) / len(inside), 3),
                }
            )
    return bins


if __name__ == "__main__":
    main()
