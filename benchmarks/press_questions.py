"""Answers to questions on real press releases, in a collection of some fifteen hundred.

    python benchmarks/press_questions.py --cache /tmp/press-questions [--held-out] [--list]

The questions are those of `press_set`; the figures, those of benchmarks/samples.py. Nothing was
chosen or fitted by the ones held out.
"""

import argparse
import json
import sys
from pathlib import Path

from press_set import HELD_OUT, QUESTIONS, write_press_set

from index.update import update_collection
from samples import ROOT, outcomes, report


def main() -> None:
    """Index what is asked about and others, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--held-out", action="store_true", help="ask the ones held out")
    parser.add_argument("--list", action="store_true", help="print each question that misses")
    given = parser.parse_args()
    if not (given.data / "press").is_dir():
        sys.exit(f"no press releases in {given.data / 'press'}; name the folder with --data")
    marked = HELD_OUT if given.held_out else QUESTIONS
    folder = write_press_set(given.data, given.cache, marked)
    lines = (folder / "questions.jsonl").read_text("utf-8").splitlines()
    collection = given.cache / folder.name
    update_collection(collection, [str(folder / "corpus.jsonl")])
    report(outcomes(collection, [json.loads(line) for line in lines]), misses=given.list)


if __name__ == "__main__":
    main()
