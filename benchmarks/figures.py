"""Measure `figures` on twenty releases that were read and judged before it ran on them.

    python benchmarks/figures.py [--write] [--speed COLLECTION]

figures.jsonl has each amount of money, percentage and target date of the releases, with its value,
its currency, and words that name who and what it is for, as a reader found them. A figure that is
found is right if its value and its currency are, and whatever it shows of who and what. A judged
figure is found if its value and currency are right and, where the reader saw who or what, one of
them is shown. A dollar sign that stays a sign counts as right.

--speed asks a collection for figures and prints how long that takes, in seconds of CPU time.
"""

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from index.filters import Filters
from index.ingest.update import update_collection
from qa import open_collection
from qa.collection import Collection
from qa.figures.types import FoundFigure
from qa.finding.figures import FigureFilter
from qa.finding.query import parse_query
from samples import ROOT

JUDGED = Path(__file__).with_name("figures.jsonl")
RESULT = ROOT / "benchmarks" / "results" / "figures.json"
SPEEDS: dict[str, Callable[[Collection], object]] = {
    "coal, largest first": lambda c: c.figures(
        parse_query(["coal"]), words_only=True, sort="amount"
    ),
    "health care, largest first": lambda c: c.figures(
        parse_query(["health", "care"]), words_only=True, sort="amount", limit=10
    ),
    "funding, newest first": lambda c: c.figures(
        parse_query(["funding"]), words_only=True, limit=10
    ),
    "all money, newest first": lambda c: c.figures(wanted=FigureFilter(("money",)), limit=10),
    "all money, largest first": lambda c: c.figures(
        wanted=FigureFilter(("money",)), sort="amount", limit=10
    ),
    "all figures, newest first": lambda c: c.figures(limit=10),
    "all figures, largest first": lambda c: c.figures(sort="amount", limit=10),
}


def main() -> None:
    """Index the releases, find their figures, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--speed", type=Path, help="a collection to time")
    parser.add_argument("--write", action="store_true", help="save the figures")
    given = parser.parse_args()
    if given.speed is not None:
        _time(given.speed)
        return
    if not (given.data / "press").is_dir():
        sys.exit(f"no press releases in {given.data}; name the folder with --data")
    judged = [json.loads(line) for line in JUDGED.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "releases.jsonl"
        source.write_text("".join(_records(given.data, judged)), encoding="utf-8")
        update_collection(Path(folder) / "index", [source])
        with open_collection(Path(folder) / "index") as collection:
            figures = _score(collection, judged)
    print(json.dumps(figures, indent=1))
    if given.write:
        RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _records(data: Path, judged: Sequence[dict[str, Any]]) -> list[str]:
    """Return the judged releases as lines of JSON."""
    found = []
    for name in sorted({case["collection"] for case in judged}):
        wanted = {case["release"] for case in judged if case["collection"] == name}
        with gzip.open(data / "press" / name / "corpus.jsonl.gz", "rt") as stream:
            found += [line for line in stream if json.loads(line)["id"] in wanted]
    return found


def _score(collection: Collection, judged: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Match what is found with what was judged, release by release."""
    of_release: dict[str, list[FoundFigure]] = {}
    for found in collection.figures(filters=Filters()).figures:
        of_release.setdefault(found.release.id, []).append(found)
    counts: Counter[str] = Counter()
    for release in dict.fromkeys(case["release"] for case in judged):
        rest = of_release.get(release, [])
        counts["found"] += len(rest)
        for case in (case for case in judged if case["release"] == release):
            counts["judged"] += 1
            same = [found for found in rest if _same_value(found, case)]
            if not same:
                print(f"missed {release}: {case['figure']}")
                continue
            best = max(same, key=lambda found: (_is_right(found, case), _has_subject(found, case)))
            rest.remove(best)
            counts["amounts right"] += 1
            counts["currencies named"] += (best.figure.currency or "$") != "$"
            counts["right"] += _is_right(best, case)
            counts["judged and found"] += _has_subject(best, case)
            if not (_is_right(best, case) and _has_subject(best, case)):
                print(f"{release}: {best.text!r} {best.subject} {case['who']} {case['what']}")
        for found in rest:
            print(f"not judged {release}: {found.text!r} in {found.sentence[:100]!r}")
    return {
        "releases": len({case["release"] for case in judged}),
        **counts,
        "precision": round(counts["right"] / counts["found"], 3),
        "recall": round(counts["judged and found"] / counts["judged"], 3),
        "precision of amounts": round(counts["amounts right"] / counts["found"], 3),
        "recall of amounts": round(counts["amounts right"] / counts["judged"], 3),
    }


def _same_value(found: FoundFigure, case: dict[str, Any]) -> bool:
    figure = found.figure
    value = figure.date if figure.unit == "date" else figure.value
    return value == case["value"] and figure.currency in {case["currency"], "$"} - (
        {"$"} if case["currency"] is None else set()
    )


def _is_right(found: FoundFigure, case: dict[str, Any]) -> bool:
    """Whether nothing that is shown of who and what is wrong."""
    return all(
        words is None or _names(words, case[part])
        for part, words in (("who", found.subject.who), ("what", found.subject.what))
    )


def _has_subject(found: FoundFigure, case: dict[str, Any]) -> bool:
    """Whether who or what is shown, where the reader saw any."""
    if not (case["who"] or case["what"]):
        return True
    return _names(found.subject.who or "", case["who"]) or _names(
        found.subject.what or "", case["what"]
    )


def _names(words: str, judged: Sequence[str]) -> bool:
    return any(name.casefold() in words.casefold() for name in judged)


def _time(folder: Path) -> None:
    """Print the CPU time of some questions, everything loaded."""
    with open_collection(folder) as collection:
        for name, ask in SPEEDS.items():
            times = []
            for _ in range(3):
                start = time.process_time()
                ask(collection)
                times.append(time.process_time() - start)
            print(f"{name:30} {min(times):.2f} s")


if __name__ == "__main__":
    main()
