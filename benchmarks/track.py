"""Measure `track` on twenty judged questions over three collections of real press releases.

    python benchmarks/track.py --cache /tmp/press [--write]
    python benchmarks/track.py --speed COLLECTION

track.jsonl has the questions, and for each the passages whose values were judged. The questions
were written before the program ran on them, and one reader judged every value it showed, once, on
its sentence and release: it is right if it answers the question as it stands, for the place or the
people that the release is about. A change is wrong if one of its two values is, or if they are
values of different things. Rules and thresholds were chosen on sixty other questions. What was not
judged is counted apart.

Two of the collections are drawn by ../shared/data/press-questions/draw.py, the third is all of
us-congress; they are indexed here, which takes minutes, and for the third an hour. --cache keeps
them.

--speed asks a collection the questions with `ask` and with `track`, one after the other, the first
time with passages that are not in memory yet and then again, and prints the medians and how many
times as long `track` takes.
"""

import argparse
import gzip
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import fmean, median
from typing import Any

from index.ingest.update import update_collection
from qa import open_collection
from qa.collection import Collection
from samples import ROOT

JUDGED = Path(__file__).with_name("track.jsonl")
RESULT = ROOT / "benchmarks" / "results" / "track.json"
ALL = "us-congress-all"
REPEATS = 3


def main() -> None:
    """Track each question, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, help="where the collections are, or will be")
    parser.add_argument("--speed", type=Path, help="a collection to time")
    parser.add_argument("--write", action="store_true", help="save the figures")
    given = parser.parse_args()
    cases = [json.loads(line) for line in JUDGED.read_text("utf-8").splitlines()]
    if given.speed is not None:
        _time(given.speed, [case["question"] for case in cases])
        return
    if given.cache is None or not (given.data / "press").is_dir():
        sys.exit("name a folder with --cache, and the folder of the press releases with --data")
    with ExitStack() as stack:
        open_ = {
            name: stack.enter_context(open_collection(folder))
            for name, folder in _collections(given.data, given.cache, cases).items()
        }
        figures = _summary([_count(open_[case["collection"]], case) for case in cases])
    print(json.dumps(figures, indent=1))
    if given.write:
        RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _collections(data: Path, cache: Path, cases: Sequence[dict[str, Any]]) -> dict[str, Path]:
    """Return the folders of the collections, which are made where they are missing."""
    folders = {name: cache / name for name in sorted({case["collection"] for case in cases})}
    missing = {name: folder for name, folder in folders.items() if not folder.is_dir()}
    drawn = cache / "drawn"
    if missing.keys() - {ALL}:
        draw = data / "press-questions" / "draw.py"
        subprocess.run([sys.executable, str(draw), str(drawn)], check=True)
    for name, folder in missing.items():
        source = drawn / f"{name}.jsonl"
        if name == ALL:
            source = cache / f"{name}.jsonl"
            packed = data / "press" / "us-congress" / "corpus.jsonl.gz"
            source.write_bytes(gzip.decompress(packed.read_bytes()))
        update_collection(folder, [str(source)])
    return folders


def _count(collection: Collection, case: dict[str, Any]) -> Counter[str]:
    """Count the values of a question, and the changes, that are right and wrong."""
    right, wrong = set(case["right"]), set(case["wrong"])
    counts: Counter[str] = Counter()
    for row in collection.track(case["question"]).rows:
        for answer in row.answers:
            place = answer.passage_id
            judged = "right" if place in right else "wrong" if place in wrong else "not judged"
            counts[f"values {judged}"] += 1
        if row.changed_from is not None:
            broken = {row.first.passage_id, row.changed_from.passage_id} - right
            wrong_change = broken or row.first.passage_id in case["wrong_changes"]
            counts["changes wrong" if wrong_change else "changes right"] += 1
    print(f"{case['question']}  {dict(counts)}")
    return counts


def _summary(counts: Sequence[Counter[str]]) -> dict[str, Any]:
    total = sum(counts, Counter[str]())
    answered = [count for count in counts if count["values right"] + count["values wrong"]]
    return {
        "questions": len(counts),
        "with values": len(answered),
        **dict(sorted(total.items())),
        "precision of values": round(_share(total, "values"), 3),
        "mean of questions": round(fmean(_share(count, "values") for count in answered), 3),
        "precision of changes": round(_share(total, "changes"), 3),
    }


def _share(counts: Counter[str], things: str) -> float:
    right, wrong = counts[f"{things} right"], counts[f"{things} wrong"]
    return right / max(1, right + wrong)


def _time(folder: Path, questions: Sequence[str]) -> None:
    """Print how long `ask` and `track` take, everything loaded."""
    with open_collection(folder) as collection:
        collection.warm()
        times: dict[str, list[tuple[float, float]]] = {}
        for question in questions:
            for name, run in (("ask", collection.ask), ("track", collection.track)):
                times.setdefault(f"{name}, first", []).append(_seconds(run, question))
                again = min(_seconds(run, question) for _ in range(REPEATS))
                times.setdefault(f"{name}, again", []).append(again)
    for turn in ("first", "again"):
        for number, unit in enumerate(("s", "s of processor")):
            ask, track = ([of[number] for of in times[f"{n}, {turn}"]] for n in ("ask", "track"))
            print(
                f"{turn}: ask {median(ask):.2f} {unit}, track {median(track):.2f} {unit} "
                f"({median(track) / median(ask):.1f} times), slowest {max(track):.2f} {unit}"
            )


def _seconds(run: Callable[[str], object], question: str) -> tuple[float, float]:
    """Return the seconds that a run took, and of processor."""
    wall, processor = time.perf_counter(), time.process_time()
    run(question)
    return time.perf_counter() - wall, time.process_time() - processor


if __name__ == "__main__":
    main()
