"""Measure whether refreshing an open collection again and again takes more and more memory.

    python benchmarks/refresh_memory.py [--refreshes N]

A collection of 2,000 small releases is made, with random vectors, since encoding them is not what
is measured. Another process then changes one release at a time, as `releaseqa index` does, while
this one refreshes the collection and asks a question after each change. The resident memory is
printed every ten refreshes. The benchmark fails when it grows by more than 5 % after a warm-up,
which fills the caches.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from index.ingest.embed import publish_vectors  # noqa: E402
from index.ingest.update import update_collection  # noqa: E402
from index.search.vector import pack  # noqa: E402
from index.store.reader import FINGERPRINT_META, PENDING  # noqa: E402
from index.store.rows import unpack_spans  # noqa: E402
from index.store.writer import StoreWriter  # noqa: E402
from qa import open_collection  # noqa: E402

RELEASES = 2_000
REFRESHES = 200
WARM_UP = 50
EVERY = 10
MAX_GROWTH = 0.05

PLACES = ("Halifax", "Gander", "Truro", "Moncton", "Regina", "Whitehorse", "Yellowknife", "Iqaluit")
THINGS = ("bridge", "hospital", "ferry terminal", "library", "fire hall", "school", "rink", "road")


def record(number: int, version: int = 0) -> dict[str, str]:
    """Return a small release; another version has another amount."""
    chance = random.Random(number)
    place, thing = chance.choice(PLACES), chance.choice(THINGS)
    amount = chance.randrange(2, 900) + version
    months, years = 3 + number % 20, 2 + number % 40
    text = (
        f"{place} gets {amount} thousand dollars for its {thing} number {number}, it was said on "
        f"Monday. The work begins in {2021 + number % 9} and takes {months} months.\n\n“The people "
        f"of {place} have asked for this {thing} for {years} years,” said Mayor Ada Byrne."
    )
    return {"id": f"r{number}", "title": f"New {thing} for {place} ({number})", "text": text}


def write(path: Path, number: int, version: int = 0) -> Path:
    """Write a release as a source of its own."""
    path.write_text(json.dumps(record(number, version)) + "\n", encoding="utf-8")
    return path


def build(folder: Path, sources: Path) -> None:
    """Index all releases and give their passages random vectors."""
    stages: list[str] = []
    update_collection(
        folder, [sources], progress=lambda progress: stages.append(progress.stage),
        cancelled=lambda: "meaning" in stages[-1:],
    )  # fmt: skip
    chance = np.random.default_rng(1)
    with closing(StoreWriter(folder)) as store:
        dimension = store.dimension
        sql = f"SELECT p.vector_key, p.sentences {PENDING} GROUP BY p.vector_key"
        rows = []
        for key, sentences in store.rows(sql):
            vectors = chance.normal(size=(1 + len(unpack_spans(sentences)), dimension))
            unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
            rows.append((key, pack(unit[:1]), pack(unit[1:])))
        with store.transaction():
            store.put_vectors(rows)
        publish_vectors(store, folder, dimension, store.meta(FINGERPRINT_META) or "")


def change(folder: Path, path: Path, number: int, version: int) -> int:
    """Change one release in its source and in the collection; return how many were updated."""
    return update_collection(folder, [write(path, number, version)]).updated


def resident_bytes() -> int:
    """Return the resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> int:
    """Run the benchmark; return 1 when memory grew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refreshes", type=int, default=REFRESHES)
    refreshes = parser.parse_args().refreshes
    readings: dict[int, int] = {}
    with (
        tempfile.TemporaryDirectory() as name,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as updater,
    ):
        folder, sources = Path(name) / "collection", Path(name) / "sources"
        sources.mkdir()
        for number in range(RELEASES):
            write(sources / f"r{number}.jsonl", number)
        updater.submit(build, folder, sources).result()
        with open_collection(folder) as collection:
            for turn in range(1, refreshes + 1):
                number = turn * 7 % RELEASES
                path = sources / f"r{number}.jsonl"
                if updater.submit(change, folder, path, number, turn).result() != 1:
                    raise SystemExit("the change did not arrive in the collection")
                if not collection.refresh():
                    raise SystemExit("the refresh did not see the change")
                fields = record(number, turn)
                collection.ask(f"How much does {fields['title'].partition(' for ')[2]} get?")
                if turn % EVERY == 0:
                    readings[turn] = resident_bytes()
                    print(f"{turn:>4} refreshes  {readings[turn] / 1e6:7.1f} MB", flush=True)
    base = readings[min(turn for turn in readings if turn >= min(WARM_UP, refreshes))]
    growth = max(value for turn, value in readings.items() if turn >= WARM_UP) / base - 1
    print(f"growth after {WARM_UP} refreshes: {growth:+.1%} (at most {MAX_GROWTH:.0%})")
    return int(growth > MAX_GROWTH)


if __name__ == "__main__":
    raise SystemExit(main())
