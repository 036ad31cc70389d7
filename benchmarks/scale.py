"""Compute what 1, 10 and 100 million releases take, from what a collection takes that is here.

    python benchmarks/scale.py                                  # writes the page again
    python benchmarks/scale.py --collection DIR --source FILE   # measures first

Measured of the collection in DIR, made from FILE by `releaseqa index`: the bytes of each file and
table, passages and sentences of a release, the rates of storing vectors and of comparing a hash,
and the memory of an update of FILE that finds nothing new, beside that of one release. The results
are in results/scale.json. Everything else is multiplied from there, in proportion to the number of
releases, and put into docs/explanation/scale.md. Rates are by processor time, since the clock also
counts what other programs do; `load` is noted. Rates of comparing, encoding and reading are taken
from earlier measurements, named below.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from marked_page import fill

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from index.store.reader import STORE_NAME, Store  # noqa: E402
from index.store.writer import StoreWriter  # noqa: E402

RESULT = ROOT / "benchmarks" / "results" / "scale.json"
PAGE = ROOT / "docs" / "explanation" / "scale.md"
SIZES = (1_000_000, 10_000_000, 100_000_000)

ENCODED_A_CORE = 127
"""Passages a second and core: 254 on two cores (docs/decisions/0034)."""
COMPARED_A_CORE = 43_000_000
"""Vectors a second: 81,584 in 1.9 ms (docs/decisions/0033)."""
READ_A_CORE = 192
"""Releases a second: 12,216 read and indexed by words in 63.5 s (results/reindex.json)."""

CODE = 64
"""Bytes of a product-quantized vector (Jégou, Douze and Schmid, 2011)."""
LINKS = 32
"""Neighbours of a vector in a graph: M of HNSW (Malkov and Yashunin, 2018), with 2 M in its lowest
layer, 4 bytes each. DiskANN (Subramanya et al., 2019) has a degree of 64, as many bytes."""
ROW_NUMBER = 8
BLOCK = 512


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that something takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def update_memory(folder: Path, source: Path) -> int:
    """Return the bytes of memory, at most, of an update as a process of its own."""
    script = (
        "import sys; from pathlib import Path\n"
        "from index.ingest.update import update_collection\n"
        "assert not update_collection(Path(sys.argv[1]), [sys.argv[2]]).updated\n"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, folder, source],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return int(done.stdout) * 1024


def measure(folder: Path, source: Path) -> dict[str, Any]:
    """Measure a collection."""
    with Store(folder) as store:
        counts = {name: store.count(name) for name in ("releases", "passages", "vectors")}
        dimension = store.dimension or 0
        sentences = int(store.value("SELECT sum(length(sentences)) FROM vectors")) // dimension // 2
        tables = {
            str(name).removeprefix("sqlite_autoindex_"): int(size)
            for name, size in store.rows("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")
        }
        artifacts = {
            kind: folder / "derived" / artifact.name
            for kind in ("words", "vectors")
            if (artifact := store.artifact(kind)) is not None
        }
        found: dict[str, Any] = {
            **counts,
            "sentences": sentences,
            "dimension": dimension,
            "bytes": {
                "store": (folder / STORE_NAME).stat().st_size,
                **{kind: size_of(path) for kind, path in artifacts.items()},
            },
            "bytes of tables and their indexes": dict(
                sorted(tables.items(), key=lambda each: -each[1])[:8]
            ),
            "load": round(os.getloadavg()[0], 1),
        }
    content = artifacts["vectors"].read_bytes()
    seconds = timed(lambda: hashlib.sha256(content).hexdigest())
    found["bytes hashed a second"] = round(len(content) / seconds)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        copied = Path(work) / "c"
        shutil.copytree(folder, copied)
        found["vectors stored a second"] = round(stored_a_second(copied))
        whole = update_memory(copied, source)
        one = Path(work) / "one.jsonl"
        with source.open(encoding="utf-8") as lines:
            one.write_text(next(lines), encoding="utf-8")
        update_memory(Path(work) / "one", one)
        least = update_memory(Path(work) / "one", one)
    found["bytes of memory, update of nothing new"] = {"all": whole, "one release": least}
    return found


def stored_a_second(folder: Path) -> float:
    """Return how many vectors one process stores in a second, in blocks as `index` does."""
    store = StoreWriter(folder)
    try:
        rows = store.rows("SELECT vector_key, passage, sentences FROM vectors ORDER BY id")
        with store.transaction():
            store.remove_all_vectors()

        def store_all() -> None:
            for start in range(0, len(rows), BLOCK):
                with store.transaction():
                    store.put_vectors(rows[start : start + BLOCK])

        return len(rows) / timed(store_all)
    finally:
        store.close()


def size_of(path: Path) -> int:
    """Return the bytes of a file or folder."""
    return sum(each.stat().st_size for each in [path, *path.rglob("*")] if each.is_file())


def amount(size: float) -> str:
    """Return bytes in the unit that fits."""
    for unit in ("MB", "GB", "TB"):
        size /= 1_000 if unit != "MB" else 1_000_000
        if size < 1_000:
            break
    return f"{size:,.0f} {unit}" if size >= 10 else f"{size:.1f} {unit}"


def duration(seconds: float) -> str:
    """Return a duration in the unit that fits."""
    for limit, divisor, unit in (
        (1, 0.001, "ms"), (120, 1, "s"), (7_200, 60, "min"), (172_800, 3_600, "h"),
    ):  # fmt: skip
        if seconds < limit:
            value = seconds / divisor
            return f"{value:,.0f} {unit}" if value >= 10 else f"{value:.2g} {unit}"
    return f"{seconds / 86_400:,.0f} days"


def table(head: str, rows: Iterator[tuple[str, list[str]]]) -> str:
    """Return a table with a column for each size."""
    columns = [f"{size // 1_000_000} million" for size in SIZES]
    lines = [f"| {head} | " + " | ".join(columns) + " |", "|---" + "|---:" * len(SIZES) + "|"]
    return "\n".join([*lines, *(f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows)])


def tables(found: dict[str, Any]) -> dict[str, str]:
    """Return the tables of the page."""
    each = 1 / found["releases"]
    passages, vectors = found["passages"] * each, found["vectors"] * each
    stored = {name: size * each for name, size in found["bytes"].items()}
    memory = found["bytes of memory, update of nothing new"]
    kept = (memory["all"] - memory["one release"]) * each
    codes = found["dimension"] * 2

    def row(name: str, value: Callable[[int], str]) -> tuple[str, list[str]]:
        return name, [value(size) for size in SIZES]

    def disk() -> Iterator[tuple[str, list[str]]]:
        yield row("passages", lambda n: f"{n * passages / 1e6:,.1f} million")
        yield row(
            "different texts, which are encoded", lambda n: f"{n * vectors / 1e6:,.1f} million"
        )
        yield row("store (SQLite)", lambda n: amount(n * stored["store"]))
        yield row("word index", lambda n: amount(n * stored["words"]))
        yield row("vector index, float16", lambda n: amount(n * stored["vectors"]))
        yield row("**together**", lambda n: f"**{amount(n * sum(stored.values()))}**")

    def memory_rows() -> Iterator[tuple[str, list[str]]]:
        yield row("a question: the vectors, mapped", lambda n: amount(n * stored["vectors"]))
        yield row("an update that finds nothing new, at most", lambda n: amount(n * kept))
        yield row("an update: the new vector index", lambda n: amount(n * vectors * codes))

    def times() -> Iterator[tuple[str, list[str]]]:
        digest = found["bytes hashed a second"]
        yield row("compare a question with all vectors, one core",
                  lambda n: duration(n * vectors / COMPARED_A_CORE))  # fmt: skip
        yield row("compare the hash of the vector index at the start",
                  lambda n: duration(n * stored["vectors"] / digest))  # fmt: skip

    def work() -> Iterator[tuple[str, list[str]]]:
        written = found["vectors stored a second"]
        yield row("read, and index words: one process", lambda n: duration(n / READ_A_CORE))
        yield row("encode: core hours",
                  lambda n: f"{n * vectors / ENCODED_A_CORE / 3_600:,.0f}")  # fmt: skip
        for cores in (2, 16, 64, 256):
            rate = cores * ENCODED_A_CORE
            yield row(f"encode: {cores} cores", lambda n, rate=rate: duration(n * vectors / rate))
        yield row("store the vectors: one process", lambda n: duration(n * vectors / written))
        yield row("cores that one storing process keeps busy",
                  lambda _: f"{written / ENCODED_A_CORE:,.0f}")  # fmt: skip

    def indexes() -> Iterator[tuple[str, list[str]]]:
        for name, size in (
            ("all vectors, float32 (Flat)", 2 * codes),
            ("all vectors, float16 (Flat, what this program has)", codes),
            ("lists (IVF), float16", codes + ROW_NUMBER),
            ("graph (HNSW, M = 32), float16", codes + LINKS * 2 * 4),
            (f"lists of codes (IVF-PQ, {CODE} bytes)", CODE + ROW_NUMBER),
            (f"graph on SSD (DiskANN), codes of {CODE} bytes in memory", CODE),
        ):
            yield row(name, lambda n, size=size: amount(n * vectors * size))
        yield row("the same on the SSD", lambda n: amount(n * vectors * (codes + LINKS * 2 * 4)))

    measured = "\n".join(
        f"| {name} | {value} |"
        for name, value in (
            ("releases, passages, different texts",
             f"{found['releases']:,}, {found['passages']:,}, {found['vectors']:,}"),
            ("passages, different texts of a release", f"{passages:.2f}, {vectors:.2f}"),
            ("sentences of a text", f"{found['sentences'] / found['vectors']:.2f}"),
            ("store, bytes a release", f"{stored['store']:,.0f}"),
            ("word index, bytes a release", f"{stored['words']:,.0f}"),
            ("vector index, bytes a text", f"{stored['vectors'] / vectors:,.0f}"),
            ("memory of an update that finds nothing new, bytes a release", f"{kept:,.0f}"),
            ("vectors stored a second", f"{found['vectors stored a second']:,}"),
            ("bytes hashed a second", f"{found['bytes hashed a second']:,}"),
            ("texts compared with a question a second", f"{COMPARED_A_CORE:,}"),
            ("texts encoded a second and core", f"{ENCODED_A_CORE}"),
            ("releases read a second", f"{READ_A_CORE}"),
        )
    )  # fmt: skip
    sizes = found["bytes of tables and their indexes"]
    share = "\n".join(
        f"| `{name}` | {size / found['bytes']['store']:.0%} |" for name, size in sizes.items()
    )
    return {
        "measured": f"| measured | |\n|---|---:|\n{measured}",
        "tables": f"| table or index | share of the store |\n|---|---:|\n{share}",
        "disk": table("on disk", disk()),
        "memory": table("memory", memory_rows()),
        "question": table("a question", times()),
        "work": table("making the collection", work()),
        "indexes": table("memory of the index", indexes()),
    }


def main() -> None:
    """Measure if asked to, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--collection", type=Path)
    parser.add_argument("--source", type=Path)
    given = parser.parse_args()
    if given.collection is not None:
        found = measure(given.collection, given.source)
        RESULT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    made = tables(json.loads(RESULT.read_text("utf-8")))
    PAGE.write_text(fill(PAGE.read_text("utf-8"), made), encoding="utf-8")
    for text in made.values():
        print(text, end="\n\n")


if __name__ == "__main__":
    main()
