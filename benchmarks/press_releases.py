"""Measure scale and everyday use on real releases: indexing, asking, headlines, citations.

    python benchmarks/press_releases.py --collection /tmp/us-congress

Indexes the us-congress releases of ../shared/data (12,216) into the given folder, which takes from
twenty minutes to over an hour on two cores, and measures on it. If the folder already holds them,
it only measures. The figures are printed and saved in results/.
"""

import argparse
import gzip
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from index.ingest.update import update_collection  # noqa: E402
from qa import open_collection  # noqa: E402
from qa.collection import Collection  # noqa: E402

SEED = 5
HEADLINES = 200
ANSWERS = 300


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that `work` took, and its result."""
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def headlines(corpus: Path) -> list[tuple[str, str]]:
    """Draw releases with a headline of some length: ids and headlines."""
    with gzip.open(corpus, "rt", encoding="utf-8") as stream:
        records = [json.loads(line) for line in stream]
    known = [(r["id"], r["title"]) for r in records if len(r["title"]) >= 30]
    return random.Random(SEED).sample(known, HEADLINES)


def headline_share(collection: Collection, drawn: list[tuple[str, str]]) -> tuple[float, list[str]]:
    """Return the share of headlines that find their own release first, and the misses."""
    misses = []
    for release_id, headline in drawn:
        top = collection.ask(headline[:2000], k=1).passages[0]
        if release_id not in {top.release.id, *top.also_in}:
            misses.append(f"{release_id}: {headline[:70]} -> {top.release.id}")
    return 1 - len(misses) / len(drawn), misses


def promises(collection: Collection, drawn: list[tuple[str, str]]) -> dict[str, int]:
    """Count broken promises over the passages of `ANSWERS` questions."""
    chance = random.Random(SEED)
    broken = {"text": 0, "highlights": 0, "citations refused": 0, "changed citations accepted": 0}
    asked = [headline for _, headline in drawn]
    asked += [f"What did {h.split()[0].title()} say about {h.split()[-1]}?" for h in asked[:100]]
    for question in asked[:ANSWERS]:
        for passage in collection.ask(question[:2000], k=5).passages:
            text = collection.document(passage.release.id).text
            broken["text"] += text[slice(*passage.span)] != passage.text
            broken["highlights"] += any(
                not 0 <= h.span[0] < h.span[1] <= len(passage.text) for h in passage.highlights
            )
            broken["citations refused"] += not collection.check(passage.citation).ok
            place = chance.randrange(len(passage.citation))
            letter = "x" if passage.citation[place] != "x" else "y"
            changed = passage.citation[:place] + letter + passage.citation[place + 1 :]
            broken["changed citations accepted"] += collection.check(changed).ok
    return broken


def cold(folder: Path, question: str) -> float:
    """Return the median seconds of `releaseqa ask` as a new process."""
    command = [sys.executable, "-m", "qa", "--index", str(folder), "ask", question, "--json"]
    runs = [
        timed(lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=False))[0]
        for _ in range(6)
    ]
    return statistics.median(runs[1:])


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--collection", type=Path, required=True)
    options = parser.parse_args()
    corpus = options.data / "press" / "us-congress" / "corpus.jsonl.gz"
    if not corpus.is_file():
        sys.exit(f"no releases at {corpus}; name their folder with --data")
    found: dict[str, Any] = {}
    seconds, report = timed(lambda: update_collection(options.collection, [corpus]))
    if report.encoded:
        found["index seconds"] = round(seconds)
        found["index peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    again, report = timed(lambda: update_collection(options.collection, [corpus]))
    found["again seconds"] = round(again, 2)
    found["unchanged"], found["to encode"] = report.unchanged, report.to_encode
    found["passages"] = report.passages
    drawn = headlines(corpus)
    with open_collection(options.collection) as collection:
        collection.warm()
        found["headlines first"], misses = headline_share(collection, drawn)
        times = [collection.ask(h[:2000]).timing for _, h in drawn[:100]]
        found["warm ms p50"] = round(statistics.median(t.total_ms for t in times), 1)
        found["promises broken"] = promises(collection, drawn)
    found["cold seconds"] = round(cold(options.collection, drawn[0][1]), 2)
    for line in misses[:10]:
        print("missed", line)
    for name, value in found.items():
        print(f"{name:18} {value}")
    results = ROOT / "benchmarks" / "results" / "press_releases.json"
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
