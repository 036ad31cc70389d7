"""Measure `find` on twenty judged topics over three collections of real press releases.

    python benchmarks/find_topics.py --cache /tmp/press [--sweep] [--write]

find_topics.jsonl has the topics, as words that a user would type, and for each the passages that
were judged. The pool of a topic: passages with its words, the nearest 35 by the cosine of the
passage and by that of its best sentence, a sample of what a list of synonyms matches, and a sample
of the releases with the words in their headline. Each distinct text was read once, in random order,
without scores and without what had proposed it. It is relevant if it mentions the topic, or speaks
of it in other words, as its headline makes clear. The thresholds were chosen on the topics `tune`
and on nothing else; what is found and was not judged counts as wrong.

The collections are drawn by ../shared/data/press-questions/draw.py and indexed here, which takes
some minutes each; --cache keeps them.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import fmean, median
from typing import Any, NamedTuple

from index.ingest.update import update_collection
from qa import open_collection
from qa.collection import Collection
from qa.finding import search
from qa.finding.query import parse_query
from samples import ROOT

TOPICS = Path(__file__).with_name("find_topics.jsonl")
RESULT = ROOT / "benchmarks" / "results" / "find_topics.json"
REPEATS = 5
SWEEP = (0.36, 0.40, 0.42, 0.44, 0.46, 0.50, 0.55)


class Score(NamedTuple):
    """What was found of one topic."""

    topic: str
    relevant: int
    right: int
    wrong: int
    ms: float

    @property
    def precision(self) -> float:
        """The share of what was found that is relevant."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of what is relevant that was found."""
        return self.right / max(1, self.relevant)


def main() -> None:
    """Index the collections, search for each topic, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--sweep", action="store_true", help="try thresholds on the tuned topics")
    parser.add_argument("--write", action="store_true", help="save the figures")
    given = parser.parse_args()
    if not (given.data / "press-questions").is_dir():
        sys.exit(f"no press releases in {given.data}; name the folder with --data")
    topics = [json.loads(line) for line in TOPICS.read_text("utf-8").splitlines()]
    with ExitStack() as stack:
        open_ = {
            name: stack.enter_context(open_collection(folder))
            for name, folder in _collections(given.data, given.cache, topics).items()
        }
        if given.sweep:
            for least in SWEEP:
                search.LEAST_COSINE = least  # type: ignore[misc, unused-ignore]
                tuned = [t for t in topics if t["set"] == "tune"]
                _print(f"cosine {least}", [_score(open_[t["collection"]], t) for t in tuned])
            return
        figures: dict[str, Any] = {}
        for words_only in (True, False):
            for part in ("tune", "report"):
                scores = [
                    _score(open_[topic["collection"]], topic, words_only=words_only)
                    for topic in topics
                    if topic["set"] == part
                ]
                name = f"{part}, {'words' if words_only else 'words and meaning'}"
                figures[name] = _print(name, scores, each=not words_only)
    if given.write:
        RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _collections(data: Path, cache: Path, topics: Sequence[dict[str, Any]]) -> dict[str, Path]:
    """Return the folders of the collections, which are made where they are missing."""
    folders = {name: cache / name for name in sorted({topic["collection"] for topic in topics})}
    if not all(folder.is_dir() for folder in folders.values()):
        drawn = cache / "drawn"
        draw = data / "press-questions" / "draw.py"
        subprocess.run([sys.executable, str(draw), str(drawn)], check=True)
        for name, folder in folders.items():
            update_collection(folder, [str(drawn / f"{name}.jsonl")])
    return folders


def _score(collection: Collection, topic: dict[str, Any], *, words_only: bool = False) -> Score:
    """Search for a topic and compare the distinct texts with the judged ones."""
    relevant = {_text(collection, passage) for passage in topic["relevant"]}
    query, times = parse_query(topic["query"].split()), []
    for _ in range(REPEATS):
        start = time.perf_counter()
        findings = collection.find(query, words_only=words_only)
        times.append(1000 * (time.perf_counter() - start))
    found = {passage.text for passage in collection.load(findings, findings.matches)}
    right = len(found & relevant)
    return Score(topic["query"], len(relevant), right, len(found) - right, median(times))


def _text(collection: Collection, passage_id: str) -> str:
    release, _, ordinal = passage_id.rpartition("#")
    document = collection.document(release)
    return document.text[slice(*document.passages[int(ordinal)].span)]


def _print(name: str, scores: Sequence[Score], *, each: bool = False) -> dict[str, float]:
    figures = {
        "precision": round(fmean(score.precision for score in scores), 3),
        "recall": round(fmean(score.recall for score in scores), 3),
        "right": sum(score.right for score in scores),
        "found": sum(score.right + score.wrong for score in scores),
        "relevant": sum(score.relevant for score in scores),
    }
    ms = median(score.ms for score in scores)  # differs from run to run, so it is not saved
    print(f"{name}: {', '.join(f'{key} {value}' for key, value in figures.items())}, {ms:.1f} ms")
    for score in scores if each else ():
        print(
            f"  {score.topic:22} relevant {score.relevant:3} found {score.right + score.wrong:3} "
            f"precision {score.precision:.2f} recall {score.recall:.2f} {score.ms:5.1f} ms"
        )
    return figures


if __name__ == "__main__":
    main()
