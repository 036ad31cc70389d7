"""Measure speed, each figure next to a comparison in the same run.

    python benchmarks/speed.py [--collection FOLDER]

Start-up is compared with an empty Python, a cold question with importing sentence-transformers, a
warm question with a bare vector search, the lexical search with SQLite's FTS5, and bulk encoding
with sentence-transformers as it is. Without a collection the samples are indexed.
"""

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from index.filters import NO_FILTERS  # noqa: E402
from index.ingest.update import update_collection  # noqa: E402
from qa import open_collection  # noqa: E402

QUESTIONS = (
    "When did the minister visit Korea?",
    "Who announced the funding, and how much?",
    "What is the new minimum wage?",
    "How many patients can the hospital take?",
    "Which senator spoke about the airport?",
)
RUNS = 7


def seconds(work: Callable[[], Any]) -> float:
    """Return the median seconds of a few runs after a warm-up."""
    work()
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def process(*words: str) -> Callable[[], Any]:
    """Return a function that runs Python as a new process."""
    command = [sys.executable, *words]
    return lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=False)


def row(name: str, ours: float, other: float, what: str) -> None:
    """Print one comparison."""
    print(
        f"{name:22} {ours * 1000:9.1f} ms   {what:34} {other * 1000:9.1f} ms   {ours / other:6.2f}"
    )


def start_up(folder: Path) -> None:
    """Compare processes."""
    bare = seconds(process("-c", "pass"))
    row("--help", seconds(process("-m", "qa", "--help")), bare, "python -c pass")
    ours = seconds(process("-m", "qa", "--index", str(folder), "status"))
    row("status", ours, bare, "python -c pass")
    heavy = seconds(process("-c", "import sentence_transformers"))
    ours = seconds(process("-m", "qa", "--index", str(folder), "ask", QUESTIONS[0]))
    row("ask, cold", ours, heavy, "import sentence_transformers")


def questions(folder: Path) -> None:
    """Compare searches in one process."""
    with open_collection(folder) as collection:
        collection.warm()
        searcher = collection._searcher  # noqa: SLF001 - the parts are compared
        vectors = [searcher.indexes.encoder.encode([q])[0] for q in QUESTIONS]
        bare = seconds(lambda: [searcher.search_dense(v, 50, NO_FILTERS) for v in vectors]) / len(
            vectors
        )
        ours = seconds(lambda: [collection.ask(q) for q in QUESTIONS]) / len(QUESTIONS)
        row("ask, warm", ours, bare, "vector search alone")
        fts = sqlite3.connect(":memory:")
        fts.execute("CREATE VIRTUAL TABLE words USING fts5 (body, tokenize = 'porter')")
        sql = (
            "SELECT substr(r.text, p.start + 1, p.stop - p.start) FROM passages p "
            "JOIN releases r ON r.id = p.release"
        )
        fts.executemany("INSERT INTO words VALUES (?)", searcher.store.iterate(sql))
        asked = [" OR ".join(q.strip("?").replace(",", "").split()) for q in QUESTIONS]
        find = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT 50"
        theirs = seconds(lambda: [fts.execute(find, (q,)).fetchall() for q in asked]) / len(asked)
        words = [q.lower().strip("?").split() for q in QUESTIONS]
        ours = seconds(lambda: [searcher.indexes.lexical.search(w, 50) for w in words]) / len(words)
        row("word search", ours, theirs, "SQLite FTS5")


def encoding(folder: Path) -> None:
    """Compare bulk encoding on at most 200 passages of the collection."""
    from index.encoders.model import load_model
    from index.encoders.sbert import BulkEncoder
    from index.search.searcher import Searcher

    searcher = Searcher(folder)
    keys = [r[0] for r in searcher.store.rows("SELECT id FROM passages ORDER BY id LIMIT 200")]
    passages = [(p.text, p.passage.sentences) for p in searcher.store.passages(keys).values()]
    texts = [text for text, _ in passages]
    encoder = BulkEncoder(load_model())
    ours, theirs = [], []
    for _ in range(3):  # in turn, so that a slow moment of the machine meets both
        started = time.perf_counter()
        encoder.encode(passages)
        middle = time.perf_counter()
        encoder.torch_model.encode(texts, batch_size=32, show_progress_bar=False)
        ours.append(middle - started)
        theirs.append(time.perf_counter() - middle)
    row("encode 200 passages", min(ours), min(theirs), "sentence-transformers, batch 32")
    searcher.close()


def main() -> None:
    """Print every comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--collection", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.collection or Path(scratch) / ".releaseqa"
        if options.collection is None:
            update_collection(folder, [ROOT / "samples" / "releases"])
        start_up(folder)
        questions(folder)
        encoding(folder)


if __name__ == "__main__":
    main()
