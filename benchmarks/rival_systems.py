"""The systems that rivals.py measures: how each builds its index, opens it and is asked.

    python benchmarks/rival_systems.py build NAME FOLDER MODEL SOURCE
    python benchmarks/rival_systems.py ask NAME FOLDER MODEL QUESTION
    python benchmarks/rival_systems.py serve NAME FOLDER MODEL

rivals.py runs these, each in a process of its own, so that no system pays for what another loads.
Nothing is imported here that a short script for the one system would not import. Every system
returns the texts of its five best passages. Libraries are used as their documentation shows, with
their default settings. Texts that a library does not store are in an SQLite file next to its index.
`serve` reads a question a line, as JSON, and writes the seconds it took, and the memory at the end.
"""

import json
import os
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

RESULTS = 5
TEXTS, VECTORS = "texts.jsonl", "vectors.npy"
"""The files of a source: a text a line, as JSON, and an array of float32 with a vector a row."""
Ask = Callable[[str], list[str]]


@dataclass(frozen=True)
class Rival:
    """What users could pick instead.

    Attributes:
        label: Its name in the tables.
        modules: What must be installed for it.
        build: Writes an index of a source into an empty folder.
        open: Opens that index; the second argument is the folder of the encoder.
    """

    label: str
    modules: tuple[str, ...]
    build: Callable[[Path, Path], None]
    open: Callable[[Path, Path], Ask]

    @property
    def missing(self) -> list[str]:
        """The modules that are not installed."""
        return [name for name in self.modules if find_spec(name) is None]


def _texts(source: Path) -> list[str]:
    with (source / TEXTS).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _vectors(source: Path) -> Any:  # noqa: ANN401 - an array; numpy is imported where it is used
    import numpy as np

    return np.load(source / VECTORS)


def _encoder(model: Path) -> Callable[[list[str]], Any]:
    """Return what encodes questions as every user of sentence-transformers would."""
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(str(model), device="cpu")

    def encode(questions: list[str]) -> Any:  # noqa: ANN401 - an array of float32
        return encoder.encode(questions, normalize_embeddings=True, show_progress_bar=False)

    return encode


def _write_texts(texts: Iterable[str], folder: Path) -> None:
    database = sqlite3.connect(folder / "texts.sqlite3")
    with database:
        database.execute("CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT)")
        database.executemany("INSERT INTO texts VALUES (?, ?)", enumerate(texts))
    database.close()


def _open_texts(folder: Path) -> Callable[[Iterable[int]], list[str]]:
    database = sqlite3.connect(folder / "texts.sqlite3")
    sql = "SELECT text FROM texts WHERE id = ?"
    return lambda rows: [database.execute(sql, (int(row),)).fetchone()[0] for row in rows]


def _build_faiss(source: Path, folder: Path) -> None:
    import faiss

    vectors = _vectors(source)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / "index.faiss"))
    _write_texts(_texts(source), folder)


def _open_faiss(folder: Path, model: Path) -> Ask:
    import faiss

    encode = _encoder(model)
    index = faiss.read_index(str(folder / "index.faiss"))
    texts = _open_texts(folder)
    return lambda question: texts(index.search(encode([question]), RESULTS)[1][0])


def _build_txtai(source: Path, folder: Path) -> None:
    from txtai import Embeddings

    texts, vectors = _texts(source), _vectors(source)
    rows = {text: row for row, text in enumerate(texts)}  # equal texts have equal vectors

    def stored(batch: list[str]) -> Any:  # noqa: ANN401 - an array of float32
        return vectors[[rows[text] for text in batch]]

    embeddings = Embeddings(method="external", transform=stored, hybrid=True, content=True)
    embeddings.index(texts)
    del embeddings.config["transform"]  # a function cannot be saved
    embeddings.save(str(folder / "index"))
    embeddings.close()


def _open_txtai(folder: Path, model: Path) -> Ask:
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(folder / "index"), config={"transform": _encoder(model)})
    return lambda question: [hit["text"] for hit in embeddings.search(question, RESULTS)]


def _chroma(folder: Path) -> Any:  # noqa: ANN401 - chromadb is imported where it is used
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))


def _build_chroma(source: Path, folder: Path) -> None:
    client = _chroma(folder)
    collection = client.create_collection(
        "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    texts, vectors = _texts(source), _vectors(source)
    size = client.get_max_batch_size()
    for start in range(0, len(texts), size):
        part = texts[start : start + size]
        ids = [str(row) for row in range(start, start + len(part))]
        collection.add(ids, embeddings=vectors[start : start + size], documents=part)


def _open_chroma(folder: Path, model: Path) -> Ask:
    encode = _encoder(model)
    collection = _chroma(folder).get_collection("passages", embedding_function=None)

    def ask(question: str) -> list[str]:
        found = collection.query(query_embeddings=encode([question]), n_results=RESULTS)
        texts: list[str] = found["documents"][0]
        return texts

    return ask


def _build_bm25s(source: Path, folder: Path) -> None:
    import bm25s
    import Stemmer

    texts = _texts(source)
    tokens = bm25s.tokenize(
        texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False
    )
    retriever = bm25s.BM25()
    retriever.index(tokens, show_progress=False)
    retriever.save(str(folder / "index"))
    _write_texts(texts, folder)


def _open_bm25s(folder: Path, _model: Path) -> Ask:
    import bm25s
    import Stemmer

    retriever = bm25s.BM25.load(str(folder / "index"), mmap=True)
    stemmer = Stemmer.Stemmer("english")
    texts = _open_texts(folder)

    def ask(question: str) -> list[str]:
        tokens = bm25s.tokenize(question, stopwords="en", stemmer=stemmer, show_progress=False)
        return texts(retriever.retrieve(tokens, k=RESULTS, show_progress=False).documents[0])

    return ask


RIVALS = {
    "faiss": Rival(
        "sentence-transformers + FAISS",
        ("sentence_transformers", "faiss"),
        _build_faiss,
        _open_faiss,
    ),
    "txtai": Rival("txtai, hybrid", ("txtai",), _build_txtai, _open_txtai),
    "chroma": Rival("Chroma", ("chromadb",), _build_chroma, _open_chroma),
    "bm25s": Rival("BM25 (bm25s)", ("bm25s", "Stemmer"), _build_bm25s, _open_bm25s),
}
OURS = {"releaseqa": "releaseqa", "no-reader": "releaseqa, no reader"}
LABELS = {**OURS, **{name: rival.label for name, rival in RIVALS.items()}}


def _open_ours(folder: Path, *, reader: bool) -> Ask:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from qa import open_collection

    collection = open_collection(folder)
    collection.warm(reader=reader)
    return lambda question: [
        passage.text for passage in collection.ask(question, k=RESULTS, reader=reader).passages
    ]


def resident_megabytes() -> float:
    """Return the resident memory of this process, in MB; the peak where there is no /proc."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(x for x in status.read_text("utf-8").splitlines() if x.startswith("VmRSS"))
        return int(line.split()[1]) / 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1000)


def _serve(ask: Ask) -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    for line in sys.stdin:
        started = time.perf_counter()
        ask(json.loads(line))
        seconds = time.perf_counter() - started
        print(json.dumps([seconds, resident_megabytes()]), file=answers, flush=True)


def main(command: str, name: str, *words: str) -> None:
    """Build an index, ask one question, or answer questions from stdin."""
    folder, model = Path(words[0]), Path(words[1])
    if command == "build":
        RIVALS[name].build(Path(words[2]), folder)
        return
    ask = (
        _open_ours(folder, reader=name == "releaseqa")
        if name in OURS
        else RIVALS[name].open(folder, model)
    )
    if command == "serve":
        _serve(ask)
    else:
        for text in ask(words[2]):
            print(text, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
