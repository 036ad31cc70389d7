"""Measure how long an update takes after a few of many releases changed, and what it encodes.

    python benchmarks/reindex.py [--keep FOLDER]

The 12,216 releases of us-congress are written as files and as one JSON Lines file, and indexed.
Their vectors are random, since encoding them takes half an hour and is not what is measured. Then
one paragraph in each of ten releases is changed, and `releaseqa index` runs as a new process with
the real encoder. Seconds are wall-clock time and grow if other programs use the processors (`load`
tells); processor time is the update's alone. With --keep the collections stay in FOLDER.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from index.ingest.embed import publish_vectors  # noqa: E402
from index.ingest.update import update_collection  # noqa: E402
from index.reports import Progress  # noqa: E402
from index.search.vector import pack  # noqa: E402
from index.store.reader import FINGERPRINT_META, PENDING  # noqa: E402
from index.store.rows import unpack_spans  # noqa: E402
from index.store.writer import StoreWriter  # noqa: E402

CORPUS = ROOT.parent / "shared" / "data" / "press" / "us-congress" / "corpus.jsonl.gz"
RESULT = ROOT / "benchmarks" / "results" / "reindex.json"
CHANGED = 10
RUNS = 3
HOUR_NS = 3_600_000_000_000


def records() -> list[dict[str, Any]]:
    """Return the records of the set."""
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def write(path: Path, found: list[dict[str, Any]], *, age_ns: int = HOUR_NS) -> None:
    """Write records with a file time in the past."""
    path.write_text("".join(json.dumps(record) + "\n" for record in found), encoding="utf-8")
    stamp = time.time_ns() - age_ns
    os.utime(path, ns=(stamp, stamp))


def fill(folder: Path) -> None:
    """Give every passage a random vector and publish them."""
    chance = np.random.default_rng(1)
    store = StoreWriter(folder)
    sql = f"SELECT p.vector_key, min(p.sentences) {PENDING} GROUP BY p.vector_key"
    rows = store.rows(sql)
    for start in range(0, len(rows), 5_000):
        with store.transaction():
            store.put_vectors(
                [
                    (key, pack(_unit(chance, 1)), pack(_unit(chance, len(unpack_spans(spans)))))
                    for key, spans in rows[start : start + 5_000]
                ]
            )
    publish_vectors(store, folder, store.dimension, store.meta(FINGERPRINT_META) or "")
    store.close()


def _unit(chance: np.random.Generator, count: int) -> "np.ndarray[Any, np.dtype[np.float32]]":
    vectors = chance.standard_normal((count, 384), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def make(folder: Path, source: Path) -> float:
    """Index the words of a source into a new collection and fill it; return the seconds."""
    started = time.perf_counter()
    reached = False

    def progress(step: Progress) -> None:
        nonlocal reached
        reached = step.stage == "meaning"

    update_collection(folder, [source], progress=progress, cancelled=lambda: reached)
    took = time.perf_counter() - started
    fill(folder)
    return took


def index(folder: Path, source: Path) -> dict[str, Any]:
    """Run `releaseqa index`; return its report and the time it took."""
    command = [sys.executable, "-m", "qa", "--index", str(folder), "index", str(source), "--json"]
    started = time.perf_counter()
    before = os.times()
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    took, after = time.perf_counter() - started, os.times()
    if result.returncode:
        sys.exit(result.stderr)
    busy = (after.children_user + after.children_system) - (
        before.children_user + before.children_system
    )
    return {"seconds": took, "processor": busy, **json.loads(result.stdout)}


def change(found: list[dict[str, Any]], run: int) -> list[int]:
    """Add a sentence to a paragraph of ten releases; return their ids."""
    places = [(n * 1_117 + run * 13) % len(found) for n in range(1, CHANGED + 1)]
    for place in places:
        paragraphs = found[place]["text"].split("\n")
        longest = max(
            range(len(paragraphs)), key=lambda n: (len(paragraphs[n]) < 900, len(paragraphs[n]))
        )
        paragraphs[longest] += f" Run {run} of the benchmark added this to release {place}."
        found[place]["text"] = "\n".join(paragraphs)
    return places


def measured(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of several runs."""
    return {
        "seconds": sorted(round(run["seconds"], 1) for run in runs),
        "seconds of processor time": sorted(round(run["processor"], 1) for run in runs),
        "releases updated": sorted(run["updated"] for run in runs),
        "passages encoded": sorted(run["encoded"] for run in runs),
    }


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if not CORPUS.is_file():
        sys.exit("the set us-congress (../shared) is not here")
    with tempfile.TemporaryDirectory() as scratch:
        root = options.keep or Path(scratch)
        files, lines = root / "files", root / "releases.jsonl"
        found = records()
        result: dict[str, Any] = {"releases": len(found)}
        if not files.is_dir():
            files.mkdir(parents=True)
            for record in found:
                write(files / f"{record['id']}.jsonl", [record])
            write(lines, found)
            for name, source in (("files", files), ("lines", lines)):
                result[f"first index, {name}: seconds"] = round(
                    make(root / f"of-{name}", source), 1
                )
        many, one, idle = [], [], []
        for run in range(RUNS):
            for place in change(found, run):
                name = f"{found[place]['id']}.jsonl"
                write(files / name, [found[place]], age_ns=HOUR_NS // 2 - run * 10**9)
            write(lines, found, age_ns=HOUR_NS // 2 - run * 10**9)
            many.append(index(root / "of-files", files))
            one.append(index(root / "of-lines", lines))
            idle.append(index(root / "of-files", files))
    result["ten releases of a folder of files"] = measured(many)
    result["ten releases of one file of JSON Lines"] = measured(one)
    result["nothing changed"] = measured(idle)
    result["processors"], result["load"] = os.cpu_count(), [round(n, 1) for n in os.getloadavg()]
    text = json.dumps(result, indent=1)
    print(text)
    RESULT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
