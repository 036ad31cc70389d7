"""Compare a collection in Milvus with the same in the embedded engine: quality and speed.

    python benchmarks/milvus_engine.py quality [--sets xquad-en time squad1.1-dev] [--limit N]
    python benchmarks/milvus_engine.py speed [--passages 100000]

Milvus is milvus-lite in a process of its own, or the cluster that MILVUS_URI names.

"quality" indexes each set of ../shared/data/eval once, publishes the same store to Milvus, asks the
same questions of both, and compares hit@1, nDCG@10 and the answers themselves.

"speed" stores passages of real press releases, each of them many times with some words replaced,
with random unit vectors, and measures how fast they are published, and how long a search takes. The
vectors cost no encoding and are as hard to search exactly as real ones.

Results are written to benchmarks/results/milvus-*.json.
"""

import argparse
import gzip
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np  # noqa: E402
import numpy.typing as npt  # noqa: E402
from milvus_server import drop, milvus_server, new_name  # noqa: E402
from quality import measure  # noqa: E402

from index.encoders.model import load_model  # noqa: E402
from index.filters import NO_FILTERS  # noqa: E402
from index.ingest.embed import record_model  # noqa: E402
from index.ingest.update import EmbeddedWriter, update_collection  # noqa: E402
from index.milvus.address import parse_address  # noqa: E402
from index.milvus.connection import Connection  # noqa: E402
from index.milvus.searcher import MilvusSearcher  # noqa: E402
from index.milvus.writer import MilvusWriter  # noqa: E402
from index.search.searcher import Searcher  # noqa: E402
from index.search.vector import pack  # noqa: E402
from index.store.writer import SourceState, StoreWriter, writing_lock  # noqa: E402
from index.text.analyzer import extract_terms  # noqa: E402
from index.types import Passage, Release  # noqa: E402
from qa.collection import Collection  # noqa: E402
from qa.evaluation.dataset import read_dataset  # noqa: E402

SEED = 7
Float32 = npt.NDArray[np.float32]
DEPTH = 100
RESULTS = ROOT / "benchmarks" / "results"
WARM, TIMED = 5, 100


def publish(folder: Path, address: str) -> tuple[float, int]:
    """Publish a store; return the seconds it took and how many passages were written."""
    started = time.perf_counter()
    with writing_lock(folder), closing(StoreWriter(folder)) as store:
        writer = MilvusWriter(parse_address(address), folder)
        with closing(writer):
            writer.publish_vectors(store, store.dimension, str(store.meta("fingerprint")))
    return time.perf_counter() - started, writer.written


def quality(server: str, options: argparse.Namespace) -> dict[str, Any]:
    """Return the measures of both engines for each set."""
    return {name: quality_of(server, options, name) for name in options.sets}


def quality_of(server: str, options: argparse.Namespace, name: str) -> dict[str, Any]:
    """Ask the questions of a set of both engines."""
    dataset = read_dataset(options.data / "eval" / name)
    questions = [question for question in dataset.questions if question.relevant]
    random.Random(SEED).shuffle(questions)
    asked = questions[: options.limit or None]
    folder, address = options.cache / name, server + new_name()
    update_collection(folder, [dataset.corpus])
    publish(folder, address)
    scores: dict[str, list[tuple[float, float]]] = {"embedded": [], "milvus": []}
    seconds: dict[str, list[float]] = {"embedded": [], "milvus": []}
    same = 0
    try:
        with Collection(folder) as own, Collection(parse_address(address)) as published:
            for question in asked:
                given = []
                for engine, collection in (("embedded", own), ("milvus", published)):
                    started = time.perf_counter()
                    answer = collection.ask(question.text, k=DEPTH)
                    seconds[engine].append(time.perf_counter() - started)
                    run: dict[str, float] = {}
                    for passage in answer.passages:
                        run[passage.release.id] = max(
                            passage.score, run.get(passage.release.id, -1e9)
                        )
                    scores[engine].append(measure(run, question.relevant))
                    exact = answer.answer.text if answer.answer else None
                    given.append((answer.answered, exact, [p.passage_id for p in answer.passages]))
                same += given[0] == given[1]
    finally:
        drop(address)
    found: dict[str, Any] = {"questions": len(asked), "of": len(questions), "same answers": same}
    for engine, values in scores.items():
        hit, gain = (statistics.fmean(part) for part in zip(*values, strict=True))
        found[engine] = {"hit@1": round(hit, 4), "nDCG@10": round(gain, 4)}
    found["times as long per question"] = round(
        statistics.median(seconds["milvus"]) / statistics.median(seconds["embedded"]), 1
    )
    print(name, found, flush=True)
    return found


def speed(server: str, options: argparse.Namespace) -> dict[str, Any]:
    """Return how fast both engines take in passages, and how long searches take."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, address = Path(scratch), server + new_name()
        fill(folder, options)
        started = time.perf_counter()
        with writing_lock(folder), closing(StoreWriter(folder)) as store:
            writer = EmbeddedWriter(folder)
            writer.publish_words(store)
            writer.publish_vectors(store, store.dimension, str(store.meta("fingerprint")))
            passages = store.count("passages")
        own = time.perf_counter() - started
        found: dict[str, Any] = {"passages": passages, "embedded passages/s": round(passages / own)}
        try:
            took, written = publish(folder, address)
            found["milvus passages/s"] = round(written / took)
            print(found, flush=True)
            place = parse_address(address)
            with closing(Searcher(folder)) as embedded, closing(Connection(place)) as connection:
                milvus = MilvusSearcher(connection)
                found |= compared(embedded, milvus, options)
        finally:
            drop(address)
    print(found)
    return found


def compared(
    embedded: Searcher, milvus: MilvusSearcher, options: argparse.Namespace
) -> dict[str, Any]:
    """Search both for the same, one after the other, and compare times and results."""
    chance = np.random.default_rng(SEED)
    vectors = unit(chance, WARM + TIMED)
    texts = [question.text for question in read_dataset(options.data / "eval/time").questions]
    words = [extract_terms(texts[number % len(texts)], "en") for number in range(WARM + TIMED)]

    def dense(engine: Searcher | MilvusSearcher, number: int) -> list[tuple[int, float]]:
        return engine.search_dense(vectors[number], 50, NO_FILTERS)

    def lexical(engine: Searcher | MilvusSearcher, number: int) -> list[tuple[int, float]]:
        return engine.search_lexical(words[number], 50, NO_FILTERS)

    return {
        "vector search": beside(embedded, milvus, dense),
        "word search": beside(embedded, milvus, lexical),
    }


def beside(
    embedded: Searcher,
    milvus: MilvusSearcher,
    search: Callable[[Any, int], list[tuple[int, float]]],
) -> dict[str, Any]:
    """Return milliseconds of one kind of search with both engines, and how many hits agree."""
    times: dict[str, list[float]] = {"embedded": [], "milvus": []}
    agree = total = 0
    for number in range(WARM + TIMED):
        hits = []
        for name, engine in (("embedded", embedded), ("milvus", milvus)):
            started = time.perf_counter()
            hits.append({key for key, _ in search(engine, number)})
            times[name].append(1000 * (time.perf_counter() - started))
        agree, total = agree + len(hits[0] & hits[1]), total + len(hits[0])
    found: dict[str, Any] = {"same hits": round(agree / max(1, total), 4)}
    for name, taken in times.items():
        timed = sorted(taken[WARM:])
        found[name] = {"p50 ms": round(timed[len(timed) // 2], 1),
                       "p95 ms": round(timed[int(0.95 * len(timed))], 1)}  # fmt: skip
    return found


def unit(chance: np.random.Generator, count: int, dimension: int = 384) -> Float32:
    """Return random unit vectors, float32 of shape (count, dimension)."""
    vectors: Float32 = chance.standard_normal((count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def fill(folder: Path, options: argparse.Namespace) -> None:
    """Make a store with many passages and random vectors."""
    chance = np.random.default_rng(SEED)
    with writing_lock(folder), closing(StoreWriter(folder)) as store:
        record_model(store, load_model(None), named=False)
        with store.transaction():
            source = store.put_source(SourceState(b"/made", "made", 0, 0, None, ""))
            for release, passages in made(options):
                store.put_release(source, release, release.release_id.encode(), passages)
            store.bump_generation()
        keys = [row[0] for row in store.rows("SELECT DISTINCT vector_key FROM passages")]
        for start in range(0, len(keys), 10_000):
            part = keys[start : start + 10_000]
            vectors = unit(chance, len(part))
            with store.transaction():
                store.put_vectors(
                    [
                        (key, pack(one[None]), pack(one[None]))
                        for key, one in zip(part, vectors, strict=True)
                    ]
                )


def made(options: argparse.Namespace) -> Iterator[tuple[Release, list[Passage]]]:
    """Yield releases of ten passages: real paragraphs with some words replaced by others."""
    chance = random.Random(SEED)
    paragraphs = [
        paragraph
        for text in real_texts(options.data / "press")
        for paragraph in text.split("\n\n")
        if 100 < len(paragraph) < 1_000
    ]
    words = " ".join(chance.sample(paragraphs, 500)).split()
    for number in range(options.passages // 10):
        parts = [reworded(chance.choice(paragraphs), words, chance) for _ in range(10)]
        passages, start = [], 0
        for ordinal, part in enumerate(parts):
            passages.append(Passage(ordinal, "body", (start, start + len(part)), ((0, len(part)),)))
            start += len(part) + 2
        title = " ".join(chance.sample(words, 8))
        yield (
            Release(f"made-{number}", title, "\n\n".join(parts), "2020-01-01", lang="en"),
            passages,
        )


def reworded(text: str, words: Sequence[str], chance: random.Random) -> str:
    """Return a text with a tenth of its words replaced."""
    parts = text.split()
    for place in chance.sample(range(len(parts)), max(1, len(parts) // 10)):
        parts[place] = chance.choice(words)
    return " ".join(parts)


def real_texts(folder: Path, most: int = 3_000) -> list[str]:
    """Return texts of real press releases."""
    found: list[str] = []
    for path in sorted(folder.rglob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                found.append(str(json.loads(line).get("text", "")))
                if len(found) >= most:
                    return found
    return found


def main() -> None:
    """Run one comparison and write its result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("quality", "speed"))
    parser.add_argument("--sets", nargs="+", default=["xquad-en", "time"])
    parser.add_argument("--limit", type=int, default=0, help="questions of a set; 0 for all")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument(
        "--cache", type=Path, default=Path.home() / ".cache/releaseqa/quality/packaged"
    )
    options = parser.parse_args()
    path = RESULTS / f"milvus-{options.what}.json"
    with milvus_server() as server:
        found = (quality if options.what == "quality" else speed)(server, options)
    before = json.loads(path.read_text()) if path.exists() and options.what == "quality" else {}
    path.write_text(json.dumps(before | found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
